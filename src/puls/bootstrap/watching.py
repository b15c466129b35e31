"""The watch over a Puls as its settings have it. Enter at `watch_of` and `notice_channels`."""

import socket
from collections.abc import Callable
from datetime import datetime

import httpx

from puls.alerts import AlertStore, IndexFigures, Readings, Telling, Watch
from puls.alerts.channels import Channel
from puls.alerts.channels.email import Email, MailServer
from puls.alerts.channels.webhooks import Chat, Webhook
from puls.database import Database
from puls.ingestion.embedding import EmbeddingIndex
from puls.jobs.gauges import observe
from puls.settings import Settings


def notice_channels(settings: Settings, http: httpx.AsyncClient) -> list[Channel]:
    """The ways out that are set; none by default."""
    channels: list[Channel] = []
    if settings.alerts_smtp and settings.alerts_email_to:
        server = mail_server_of(settings)
        channels.append(
            Email(server, sender=settings.alerts_email_from, to=settings.alerts_email_to)
        )
    if settings.alerts_webhook:
        channels.append(Webhook(http, settings.alerts_webhook))
    if settings.alerts_chat:
        channels.append(Chat(http, settings.alerts_chat))
    return channels


def mail_server_of(settings: Settings) -> MailServer:
    """The server that `PULS_ALERTS_SMTP` names, which must be set."""
    password = settings.alerts_smtp_password
    return MailServer.at(
        settings.alerts_smtp,
        user=settings.alerts_smtp_user,
        password=password.get_secret_value() if password else "",
    )


def watch_of(
    settings: Settings,
    database: Database,
    index: EmbeddingIndex,
    http: httpx.AsyncClient,
    *,
    clock: Callable[[], datetime],
) -> Watch:
    """What judges the built-in alerts each minute and tells them."""
    return Watch(
        readings=readings_of(settings, database, index),
        store=AlertStore(database),
        telling=Telling(
            channels=notice_channels(settings, http),
            runbooks=settings.alerts_runbooks.rstrip("/"),
            where=settings.public_url or socket.gethostname(),
        ),
        clock=clock,
    )


def readings_of(settings: Settings, database: Database, index: EmbeddingIndex) -> Readings:
    """The gauges that are read when somebody looks."""

    async def live() -> IndexFigures | None:
        versions = await index.versions()
        version = next((one for one in versions if one.state == "live"), None)
        if version is None:
            return None
        return IndexFigures(events=version.events, embedded=version.embedded)

    async def queue(now: datetime) -> None:
        await observe(database, now=now)

    return Readings(
        database,
        index=live,
        queue=queue,
        home=settings.home,
        daily_budget_eur=settings.daily_budget_eur,
        timezone=settings.timezone,
    )
