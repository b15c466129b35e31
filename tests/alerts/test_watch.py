"""From a fault to somebody's mailbox: real PostgreSQL, a real SMTP server and real webhooks on loopback."""

import json
import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from puls.alerts import AlertStore, IndexFigures, Readings, Telling, Watch
from puls.alerts.channels import Channel, NotSentError
from puls.alerts.channels.email import Email, MailServer
from puls.alerts.channels.webhooks import Chat, Webhook
from puls.alerts.notices import AlertNotice
from puls.database import Database
from puls.monitoring import DATABASE_UP, TurnFigures, observe_turn

NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)
NOTICE = AlertNotice(
    alert="DatabaseSlow", severity="page", state="firing", fr="La base de données est lente.",
    says="The database is slow.", value=0.25, limit=0.1, since=NOON,
    runbook_url="https://example.org/runbooks/database.md", where="puls.example",
)  # fmt: skip


class Mailbox:
    def __init__(self, answer: str = "250 OK") -> None:
        self.mails: list[Envelope] = []
        self._answer = answer

    async def handle_DATA(self, _: SMTP, __: Session, envelope: Envelope) -> str:  # noqa: N802 # the library's name
        self.mails.append(envelope)
        return self._answer


class Hook:
    """A loopback address that keeps what is posted to it."""

    def __init__(self) -> None:
        self.posted: list[tuple[str, dict[str, Any]]] = []
        self.status = 200
        hook = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *_: object) -> None:
                pass

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["content-length"])))
                hook.posted.append((self.path, body))
                self.send_response(hook.status)
                self.end_headers()

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"


@pytest.fixture
def hook() -> Iterator[Hook]:
    hook = Hook()
    thread = threading.Thread(target=hook.server.serve_forever, daemon=True)
    thread.start()
    yield hook
    hook.server.shutdown()
    hook.server.server_close()
    thread.join()


@pytest.fixture
def unused_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


async def test_an_alert_comes_by_mail_in_french_with_its_runbook(unused_port: int) -> None:
    """Who is woken must know what to do."""
    mailbox = Mailbox()
    controller = Controller(mailbox, hostname="127.0.0.1", port=unused_port)
    controller.start()
    try:
        server = MailServer.at(f"smtp://127.0.0.1:{unused_port}")
        await Email(server, sender="puls@example.org", to=["a@example.org"]).send(NOTICE)
    finally:
        controller.stop()
    (mail,) = mailbox.mails
    text = (mail.content or b"").decode() if isinstance(mail.content, bytes) else mail.content or ""
    assert mail.rcpt_tos == ["a@example.org"]
    assert "Auto-Submitted: auto-generated" in text
    assert "https://example.org/runbooks/database.md" in text
    assert "0,25" in text


async def test_a_mail_server_that_is_away_is_a_sentence(unused_port: int) -> None:
    server = MailServer.at(f"smtp://127.0.0.1:{unused_port}")
    with pytest.raises(NotSentError, match=r"127\.0\.0\.1 did not take"):
        await Email(server, sender="puls@example.org", to=["a@example.org"]).send(NOTICE)


def test_a_mail_servers_password_is_shown_nowhere() -> None:
    server = MailServer.at("smtp+starttls://mail.example.org", user="u", password="hunter22")
    assert (server.port, server.security) == (587, "starttls")
    assert "hunter22" not in repr(server)


async def test_webhook_and_chat_are_posted_as_their_readers_take_them(hook: Hook) -> None:
    """JSON for programs; text with attachments is what Mattermost and Slack both show."""
    async with httpx.AsyncClient() as http:
        await Webhook(http, f"{hook.url}/json").send(NOTICE)
        await Chat(http, f"{hook.url}/chat").send(replace(NOTICE, state="resolved"))
        hook.status = 500
        with pytest.raises(NotSentError, match="500"):
            await Webhook(http, hook.url).send(NOTICE)
    (_, as_json), (_, chat), _ = hook.posted
    assert as_json["alert"] == "DatabaseSlow"
    assert as_json["since"] == "2026-11-30T12:00:00+00:00"
    assert chat["text"] == "[Puls] Résolu : DatabaseSlow"
    assert chat["attachments"][0]["title_link"].endswith("/database.md")


def watch_over(database: Database, channels: list[Channel], home: Path) -> Watch:
    async def no_index() -> IndexFigures | None:
        return None

    readings = Readings(
        database, index=no_index, home=home, daily_budget_eur=None, timezone="Europe/Paris"
    )
    telling = Telling(channels=channels, runbooks="https://example.org/runbooks", where="test")
    return Watch(readings=readings, store=AlertStore(database), telling=telling, clock=lambda: NOON)


async def minutes_of_failures(
    watch: Watch, first: int, number: int, *, outcome: str = "failed"
) -> None:
    for minute in range(first, first + number):
        observe_turn(TurnFigures(outcome=outcome, failure="went_wrong"))  # type: ignore[arg-type]
        await watch.tick(now=NOON + timedelta(minutes=minute))


def told(hook: Hook, alert: str) -> list[str]:
    return [body["state"] for _, body in hook.posted if body["alert"] == alert]


@pytest.mark.database
async def test_an_outage_is_told_once_by_one_of_two_replicas_and_so_is_its_end(
    database: Database, hook: Hook, tmp_path: Path
) -> None:
    """Deduplicated across replicas, with a message when it is over."""
    async with httpx.AsyncClient() as http:
        channels: list[Channel] = [Webhook(http, hook.url)]
        first = watch_over(database, channels, tmp_path)
        second = watch_over(database, channels, tmp_path)
        await minutes_of_failures(first, 0, 5)
        for minute in range(5, 8):
            await second.tick(now=NOON + timedelta(minutes=minute))
        assert told(hook, "AnswersLow") == ["firing"]
        await minutes_of_failures(first, 30, 2, outcome="answered")
        await second.tick(now=NOON + timedelta(minutes=32))
    assert told(hook, "AnswersLow") == ["firing", "resolved"]


@pytest.mark.database
async def test_a_notice_that_nobody_took_is_tried_again_and_not_for_ever(
    database: Database, hook: Hook, tmp_path: Path
) -> None:
    """Ten tries: a wrong address does not fill a log for a month."""
    hook.status = 503
    async with httpx.AsyncClient() as http:
        watch = watch_over(database, [Webhook(http, hook.url)], tmp_path)
        await minutes_of_failures(watch, 0, 4)
        tries = len(told(hook, "AnswersLow"))
        await minutes_of_failures(watch, 4, 12)
    assert 1 <= tries <= 2
    assert len(told(hook, "AnswersLow")) == 10


@pytest.mark.database
async def test_a_database_that_is_away_is_told_without_it(
    database_url: str, hook: Hook, tmp_path: Path
) -> None:
    """The state of that alert lives in the process."""
    async with (
        httpx.AsyncClient() as http,
        Database.open(database_url, pool_size=2) as database,
    ):
        watch = watch_over(database, [Webhook(http, hook.url)], tmp_path)
        await watch.tick(now=NOON)
        assert DATABASE_UP._value.get() == 1
        await database._pool.close()
        for minute in range(1, 4):
            await watch.tick(now=NOON + timedelta(minutes=minute))
    assert told(hook, "DatabaseAway") == ["firing"]


@pytest.mark.database
async def test_events_of_a_minute_are_counted_once_and_old_minutes_forgotten(
    database: Database,
) -> None:
    """Sums are what two replicas added, and the table does not grow for ever."""
    store = AlertStore(database)
    await store.add({"answers.bad": 2, "answers.total": 0}, now=NOON)
    await store.add({"answers.bad": 3}, now=NOON)
    assert await store.sums([5, 60], now=NOON) == {
        ("answers.bad", 5): 5,
        ("answers.bad", 60): 5,
    }
    assert await store.sums([5], now=NOON + timedelta(minutes=6)) == {}
    assert await store.forget_old(now=NOON + timedelta(days=5)) == 1
