"""Sends letters over SMTP. Enter at `Post`."""

import smtplib
from datetime import datetime
from email.message import EmailMessage
from typing import Final

from puls.alerts.channels.email import MailServer, deliver
from puls.errors import PulsError
from puls.monitoring import log
from puls.phrasing import Language
from puls.returning.letters import Address, Letters
from puls.returning.tokens import Confirmation
from puls.returning.writing import Envelope, confirmation_letter

_REFUSED: Final = 500  # SMTP replies from here on are for good


class LetterNotSentError(PulsError):
    """The mail server did not take a letter; nothing was sent, and it is tried again later."""

    code, status = "letter_not_sent", 503


class MailboxRefusedError(PulsError):
    """The mail server says that this mailbox takes nothing; others are not concerned."""

    code, status = "mailbox_refused", 422


class Post:
    """The way out for letters. `base`: where Puls is found, without a slash at its end."""

    def __init__(self, server: MailServer, *, sender: str, base: str, letters: Letters) -> None:
        self._server = server
        self._sender = sender
        self._letters = letters
        self.base = base

    def envelope(
        self, to: str, language: Language, *, now: datetime, stop: str | None = None
    ) -> Envelope:
        """An envelope to one mailbox."""
        return Envelope(
            sender=self._sender, to=to, base=self.base, language=language, now=now, stop=stop
        )

    def envelope_to(self, address: Address, *, stop: str, now: datetime) -> Envelope:
        """An envelope to somebody who agreed."""
        return self.envelope(address.address, address.language, now=now, stop=stop)

    async def ask(self, one: Confirmation, *, now: datetime) -> None:
        """Ask a mailbox's owner whether they want letters.

        Raises:
            AskedTooOftenError: the mailbox was asked often today.
            LetterNotSentError: the server is away.
            MailboxRefusedError: the server says there is no such mailbox.
        """
        await self._letters.begin_asking(one.address, now=now)
        envelope = self.envelope(one.address, one.language, now=now)
        await self.send(confirmation_letter(envelope, self._letters.tokens.confirming(one)))

    async def send(self, message: EmailMessage) -> None:
        """Hand one letter over. Neither its words nor its address are logged.

        Raises:
            LetterNotSentError: the server is away, or took nothing for now.
            MailboxRefusedError: it refuses this mailbox for good.
        """
        try:
            await deliver(message, self._server)
        except smtplib.SMTPRecipientsRefused as error:
            code = next((code for code, _ in error.recipients.values()), 0)
            log.warning("letters.refused", smtp=code)
            if code >= _REFUSED:
                raise MailboxRefusedError(
                    "The mail server refuses this address; check how it is written."
                ) from None
            raise LetterNotSentError(_LATER) from None
        except (OSError, smtplib.SMTPException) as error:
            log.warning("letters.not_sent", why=type(error).__name__)
            raise LetterNotSentError(_LATER) from None


_LATER: Final = "The mail server did not take the letter; try again in a few minutes."
