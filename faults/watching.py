"""Ten faults on a real Puls, one question a minute: which signal moved, after how long the built-in judge alerts, and when it ends.

`python -m faults.watching [NAME …]` prints docs/monitoring/faults.md's table. Everything is real but the minutes: PostgreSQL, the application
over HTTP in this process, a model and a search engine on loopback, a webhook that is told. The watch's clock moves on by a minute after
each question, so that a window of fifteen minutes passes in seconds.
"""

import asyncio
import contextlib
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import psycopg

from faults.serving import free_port
from puls.api.app import create_app
from puls.bootstrap import Puls, mirror_source, open_puls
from puls.bootstrap.watching import watch_of
from puls.database import start_embedded
from puls.ingestion.embedding import table_of
from puls.ingestion.sample.source import SampleSource
from puls.monitoring import SCHEDULE_OVERDUE, configure_logging
from puls.settings import Settings

ROOT = Path(__file__).parents[1]
TOWNS = (
    "Lyon",
    "Paris",
    "Nantes",
    "Lille",
    "Nice",
    "Rennes",
    "Toulouse",
    "Bordeaux",
    "Metz",
    "Dijon",
)
WHAT = ("concert", "expo", "théâtre", "atelier", "spectacle", "visite", "marché")
HEALTHY_MINUTES = 5
MOST_MINUTES = 70
BREAKER_SECONDS = 31


class Told:
    """A webhook that keeps what it is told."""

    def __init__(self) -> None:
        self.notices: list[dict[str, Any]] = []
        told = self

        class Hook(BaseHTTPRequestHandler):
            def log_message(self, *_: object) -> None:
                pass

            def do_POST(self) -> None:
                told.notices.append(
                    json.loads(self.rfile.read(int(self.headers["content-length"])))
                )
                self.send_response(200)
                self.end_headers()

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Hook)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"

    def has(self, alert: str, state: str) -> bool:
        return any(one["alert"] == alert and one["state"] == state for one in self.notices)


@dataclass
class Stand:
    """What a fault is tried on."""

    puls: Puls
    http: httpx.AsyncClient
    tick: Callable[[datetime], Awaitable[object]]
    told: Told
    mode: Path
    disk: Path
    url: str
    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    asked: int = 0

    async def minute(self, *, web: str = "off") -> None:
        """One question and one look of the judge."""
        number = self.asked
        self.asked += 1
        day = (
            "ce week-end",
            "samedi",
            "dimanche",
            "demain",
            "vendredi soir",
            "lundi",
            "cette semaine",
        )
        text = f"{WHAT[number % 7]} à {TOWNS[number % 10]} {day[(number // 7) % 7]}"
        with contextlib.suppress(httpx.HTTPError):
            await self.http.post("/v1/chat", json={"text": text, "web": web}, timeout=60)
        self.now += timedelta(minutes=1)
        await self.tick(self.now)


Fault = Callable[[Stand], contextlib.AbstractAsyncContextManager[str]]


def mode(name: str, signal: str) -> Fault:
    @contextlib.asynccontextmanager
    async def fault(stand: Stand) -> AsyncIterator[str]:
        stand.mode.write_text(name)
        yield signal
        stand.mode.write_text("ok")

    return fault


@contextlib.asynccontextmanager
async def database_slow(stand: Stand) -> AsyncIterator[str]:
    """Another session holds the table of turns, again and again for a second and a half."""
    is_over = threading.Event()

    def hold() -> None:
        with psycopg.connect(stand.url, autocommit=True) as connection:
            while not is_over.is_set():
                with connection.transaction():
                    connection.execute("LOCK TABLE turn IN ACCESS EXCLUSIVE MODE")
                    time.sleep(1.6)
                time.sleep(0.05)

    holding = threading.Thread(target=hold)
    holding.start()
    try:
        yield "puls_database_transaction_seconds"
    finally:
        is_over.set()
        await asyncio.to_thread(holding.join)


@contextlib.asynccontextmanager
async def sync_failing(stand: Stand) -> AsyncIterator[str]:
    """The mirror does not answer: three runs end with that."""
    for _ in range(3):
        with contextlib.suppress(Exception):
            async with mirror_source(stand.puls, where="Rhône", full=True) as source:
                await stand.puls.ingestion.run(source, now=stand.now)
    yield "puls_source_failures_in_a_row"
    with psycopg.connect(stand.url, autocommit=True) as connection:
        connection.execute(
            "UPDATE ingest_run SET failure = NULL WHERE id = (SELECT max(id) FROM ingest_run WHERE source <> 'sample')"
        )


@contextlib.asynccontextmanager
async def schedule_dead(_: Stand) -> AsyncIterator[str]:
    """The gauge that the worker sets, set here: this part has no worker."""
    SCHEDULE_OVERDUE.labels("canary").set(2.5)
    yield "puls_schedule_overdue_periods"
    SCHEDULE_OVERDUE.labels("canary").set(0.2)


@contextlib.asynccontextmanager
async def index_stale(stand: Stand) -> AsyncIterator[str]:
    """A fifth of the vectors is gone."""
    versions = await stand.puls.index.versions()
    live = next(one for one in versions if one.state == "live")
    with psycopg.connect(stand.url, autocommit=True) as connection:
        connection.execute(
            f"DELETE FROM {table_of(live.id)} WHERE ctid IN (SELECT ctid FROM {table_of(live.id)} LIMIT {live.embedded // 5})"
        )
    yield "puls_index_events"
    await stand.puls.index.build(now=lambda: datetime.now(UTC))


@contextlib.asynccontextmanager
async def budget_gone(stand: Stand) -> AsyncIterator[str]:
    """A call for all of the day's euros, on each of the days that the watch's clock may reach."""
    with psycopg.connect(stand.url, autocommit=True) as connection:
        connection.execute(
            "INSERT INTO model_call (at, purpose, model, outcome, attempt, tokens_in, tokens_cached, tokens_out, is_estimated,"
            " cost_eur, total_ms) VALUES (%s, 'fault', 'x:y', 'answered', 1, 1, 0, 1, false, 6, 1)",
            [stand.now],
        )
    yield "puls_budget_used_ratio"
    with psycopg.connect(stand.url, autocommit=True) as connection:
        connection.execute("DELETE FROM model_call WHERE purpose = 'fault'")


@contextlib.asynccontextmanager
async def disk_full(stand: Stand) -> AsyncIterator[str]:
    filler = stand.disk / "filler"
    free = os.statvfs(stand.disk)
    filler.write_bytes(b"x" * int(free.f_bavail * free.f_frsize * 0.95))
    yield "puls_disk_free_ratio"
    filler.unlink()


@contextlib.asynccontextmanager
async def web_hanging(_: Stand) -> AsyncIterator[str]:
    """The search engine on loopback never answers; see `stand`."""
    yield "puls_web_looks_total"


@contextlib.asynccontextmanager
async def database_away(stand: Stand) -> AsyncIterator[str]:
    """Every connection is refused from now on."""
    with psycopg.connect(stand.url, autocommit=True) as connection:
        name = connection.info.dbname
    with psycopg.connect(
        psycopg.conninfo.make_conninfo(stand.url, dbname="template1"), autocommit=True
    ) as other:
        other.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
        other.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name]
        )
        yield "puls_database_up"
        other.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')


FAULTS: dict[str, tuple[Fault, str, str, str]] = {
    "model down": (
        mode("down", "gen_ai_client_operation_duration_seconds{error_type}"),
        "ModelFailing",
        "model",
        "off",
    ),
    "model slow": (
        mode("slow", "gen_ai_client_operation_time_to_first_chunk_seconds"),
        "ModelSlow",
        "model",
        "off",
    ),
    "model lying": (
        mode("lying", "puls_sentences_total{outcome=dropped}"),
        "GroundingLow",
        "grounding",
        "off",
    ),
    "database slow": (database_slow, "DatabaseSlow", "database", "off"),
    "sync failing": (sync_failing, "SyncFailing", "sync", "off"),
    "schedule dead": (schedule_dead, "ScheduleDead", "schedule", "off"),
    "web provider hanging": (web_hanging, "WebHanging", "web", "thorough"),
    "index stale": (index_stale, "IndexStale", "index", "off"),
    "budget gone": (budget_gone, "BudgetGone", "budget", "off"),
    "disk nearly full": (disk_full, "DiskNearlyFull", "disk", "off"),
    "database away": (database_away, "DatabaseAway", "database", "off"),
}


async def tried(name: str, stand: Stand) -> str:
    fault, alert, runbook, web = FAULTS[name]
    stand.now += timedelta(days=4)  # nothing of the fault before is in any window
    stand.told.notices.clear()
    if stand.asked:
        await asyncio.sleep(BREAKER_SECONDS)  # the breaker's rest is counted in real seconds
    for _ in range(HEALTHY_MINUTES):
        await stand.minute()
    before = [f"{one['alert']}" for one in stand.told.notices if one["state"] == "firing"]
    began, fired, resolved = stand.now, "not within 70 min", "–"
    async with fault(stand) as signal:
        while stand.now - began < timedelta(minutes=MOST_MINUTES) and not stand.told.has(
            alert, "firing"
        ):
            await stand.minute(web=web)
        if stand.told.has(alert, "firing"):
            fired = f"{(stand.now - began).seconds // 60} min"
        others = sorted(
            {one["alert"] for one in stand.told.notices if one["state"] == "firing"} - {alert}
        )
    if "not" not in fired:
        ended = stand.now
        while stand.now - ended < timedelta(minutes=MOST_MINUTES) and not stand.told.has(
            alert, "resolved"
        ):
            await stand.minute()
        resolved = (
            f"{(stand.now - ended).seconds // 60} min"
            if stand.told.has(alert, "resolved")
            else "not within 70 min"
        )
    extra = f" ({', '.join(others)} too)" if others else ""
    false = f"; **before the fault**: {', '.join(before)}" if before else ""
    return f"| {name} | `{signal}` | {alert}{extra}{false} | {fired} | {resolved} | [{runbook}](../runbooks/{runbook}.md) |"


@contextlib.contextmanager
def a_small_disk(folder: Path) -> Iterator[Path]:
    """Eight mebibytes of memory as a disk of its own; needs root."""
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", folder], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", folder], check=False)


class Hanging(BaseHTTPRequestHandler):
    """A search engine that takes a question and says nothing."""

    def do_GET(self) -> None:
        time.sleep(30)


async def main(wanted: list[str]) -> None:  # a stand is put up from many parts
    configure_logging(level="critical", format_="json")
    with contextlib.ExitStack() as stack:
        folder = Path(
            stack.enter_context(tempfile.TemporaryDirectory(prefix="puls-watching-", dir="/tmp"))
        )
        folder.chmod(0o755)  # noqa: ASYNC240 # before anything runs
        disk = stack.enter_context(a_small_disk(folder / "disk"))
        told, port, state = Told(), free_port(), folder / "mode"
        hanging = ThreadingHTTPServer(("127.0.0.1", 0), Hanging)
        hanging.daemon_threads = True
        threading.Thread(target=hanging.serve_forever, daemon=True).start()
        state.write_text("ok")
        model = stack.enter_context(
            subprocess.Popen(  # noqa: ASYNC220 # before anything runs
                [sys.executable, str(ROOT / "faults" / "odd_model.py"), str(port), str(state)]
            )
        )
        stack.callback(model.kill)
        url = start_embedded(folder / "home")
        settings = Settings(
            _env_file=None, home=disk, database_url=url, models=f"openai:odd@http://127.0.0.1:{port}/v1",
            alerts_webhook=told.url, daily_budget_eur=5.0, explore_url=f"http://127.0.0.1:{free_port()}/x",
            web_search=f"searxng@http://127.0.0.1:{hanging.server_address[1]}", log_level="CRITICAL", alerts=False,
            chat_per_minute=10**6, chat_per_minute_per_address=10**6, web_seconds=1.0,
        )  # fmt: skip
        app = create_app(lambda: open_puls(settings, is_serving=True), allowed_hosts=("puls.test",))
        async with app.router.lifespan_context(app), httpx.AsyncClient() as out:
            puls: Puls = app.state.puls
            now = datetime.now(UTC)
            await puls.ingestion.run(SampleSource(today=now.date()), now=now, allow_removing=None)
            await puls.catalogue.count_words()
            await puls.index.build(now=lambda: datetime.now(UTC))
            watch = watch_of(
                settings, puls.database, puls.index, out, clock=lambda: datetime.now(UTC)
            )
            transport = httpx.ASGITransport(app=app)
            async with httpx.AsyncClient(transport=transport, base_url="http://puls.test") as http:
                stand = Stand(puls, http, lambda at: watch.tick(now=at), told, state, disk, url)
                print(
                    "| fault | signal that moved | alert | fired after | ended after | runbook |\n|---|---|---|---|---|---|",
                    flush=True,
                )
                for name in wanted or FAULTS:
                    print(await tried(name, stand), flush=True)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
