"""Notices by e-mail, over SMTP as `PULS_ALERTS_SMTP` names it. Enter at `Email`."""

import asyncio
import smtplib
import ssl
from collections.abc import Sequence
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from typing import Literal, Self
from urllib.parse import urlsplit

from puls.alerts.channels import SECONDS, NotSentError
from puls.alerts.notices import AlertNotice

_PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}


@dataclass(frozen=True, slots=True, kw_only=True)
class MailServer:
    """A server that takes mail; `security`: in the clear (this machine only), or by TLS from the start or after STARTTLS."""

    host: str
    port: int
    security: Literal["none", "starttls", "tls"]
    user: str = ""
    password: str = field(default="", repr=False)

    @classmethod
    def at(cls, url: str, *, user: str = "", password: str = "") -> Self:
        """The server that `smtp://…`, `smtp+starttls://…` or `smtps://…` names."""
        parts = urlsplit(url)
        security: Literal["none", "starttls", "tls"] = "none"
        if parts.scheme == "smtps":
            security = "tls"
        elif parts.scheme == "smtp+starttls":
            security = "starttls"
        return cls(
            host=parts.hostname or "localhost",
            port=parts.port or _PORTS[parts.scheme],
            security=security,
            user=user,
            password=password,
        )


class Email:
    """Notices as plain text to a few people."""

    name = "email"

    def __init__(self, server: MailServer, *, sender: str, to: Sequence[str]) -> None:
        self._server = server
        self._sender = sender
        self._to = tuple(to)

    async def send(self, notice: AlertNotice) -> None:
        """Raises NotSentError when the server did not take it for everybody."""
        try:
            await deliver(self._message(notice), self._server)
        except (OSError, smtplib.SMTPException) as error:  # TimeoutError is an OSError
            raise NotSentError(
                f"The mail server {self._server.host} did not take the notice ({type(error).__name__})."
            ) from error

    def _message(self, notice: AlertNotice) -> EmailMessage:
        message = EmailMessage()
        message["Subject"] = notice.subject
        message["From"] = self._sender
        message["To"] = ", ".join(self._to)
        message["Date"] = format_datetime(notice.since)
        message["Message-ID"] = make_msgid(domain=self._sender.rpartition("@")[2])
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(notice.text)
        return message


async def deliver(message: EmailMessage, server: MailServer) -> None:
    """Hand one message to the server, in twenty seconds or not at all.

    Raises:
        OSError: the server is away or too slow.
        smtplib.SMTPException: it did not take the message for everybody.
    """
    async with asyncio.timeout(2 * SECONDS):
        await asyncio.to_thread(_deliver, message, server)


def _deliver(message: EmailMessage, server: MailServer) -> None:
    tls = ssl.create_default_context()
    connection: smtplib.SMTP = (
        smtplib.SMTP_SSL(server.host, server.port, timeout=SECONDS, context=tls)
        if server.security == "tls"
        else smtplib.SMTP(server.host, server.port, timeout=SECONDS)
    )
    with connection:
        if server.security == "starttls":
            connection.starttls(context=tls)
        if server.user:
            connection.login(server.user, server.password)
        if refused := connection.send_message(message):
            raise smtplib.SMTPRecipientsRefused(refused)
