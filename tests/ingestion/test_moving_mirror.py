"""K2: incremental reading never passes over a change, whatever moves under it.

`pytest tests/ingestion/test_moving_mirror.py --mirror-seeds 500` reads five times as many mirrors (`make faults-ingest`).
"""

import contextlib
import json
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import parse_qsl

import httpx
import pytest
from tests.ingestion.moving_mirror import MovingMirror
from tests.ingestion.servers import Asked, serving

from puls.catalogue import runs
from puls.catalogue.store import Catalogue
from puls.database import Database
from puls.errors import SourceUnavailableError
from puls.geo.gazetteer import Gazetteer
from puls.ingestion.http_source import PoliteHttp
from puls.ingestion.openagenda import ExploreChanges, ExploreClient, ExploreExport, changes
from puls.ingestion.sync import Ingestion

SEEDS_THROUGH_EVERYTHING = 12
_PAGE = 4


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "mirror_seed" in metafunc.fixturenames:
        metafunc.parametrize("mirror_seed", range(metafunc.config.getoption("mirror_seeds")))


@pytest.fixture(autouse=True)
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hundred records a page would hide what happens between two."""
    for module in ("changes", "explore"):
        monkeypatch.setattr(f"puls.ingestion.openagenda.{module}.PAGE_RECORDS", _PAGE)
    monkeypatch.setattr(changes, "FOLLOWED_RECORDS", 20)


def client_of(mirror: MovingMirror) -> ExploreClient:
    """The mirror without a socket between."""

    def answer(request: httpx.Request) -> httpx.Response:
        asked = Asked(request.url.path, parse_qsl(request.url.query.decode()), {})
        reply = mirror(asked)
        body = reply.body if isinstance(reply.body, str) else json.dumps(reply.body)
        return httpx.Response(reply.status, stream=httpx.ByteStream(body.encode()))

    http = httpx.AsyncClient(transport=httpx.MockTransport(answer))
    polite = PoliteHttp(http, source_name="OpenDataSoft")
    return ExploreClient(polite, base_url="http://mirror.test/dataset")


async def read(
    source: Any, cursor: str | None, held: dict[str, str], stop_after: int
) -> str | None:
    """What a run does to a catalogue, as a dictionary; it may be killed after so many batches."""
    try:
        async for batch in source.batches(cursor=cursor):
            held |= {record["uid"]: record["title_fr"] for record in batch.records}
            cursor = batch.cursor or cursor
            stop_after -= 1
            if stop_after == 0:
                break
    except SourceUnavailableError as error:
        assert "do not stop changing" in str(error)  # noqa: PT017 - said, and tried again by the next run
    return cursor


async def test_the_run_after_a_restless_one_holds_the_truth(mirror_seed: int) -> None:
    """First all, then changes while everything moves and runs are killed; then quiet, and nothing may be missing."""
    mirror = MovingMirror(mirror_seed)
    client = client_of(mirror)
    held: dict[str, str] = {}
    cursor = await read(ExploreExport(client, clock=mirror.clock), None, held, -1)
    for _ in range(mirror.chance.randrange(1, 4)):
        stop_after = mirror.chance.choice((-1, -1, 1, 2, 5))
        cursor = await read(ExploreChanges(client, clock=mirror.clock), cursor, held, stop_after)
    mirror.restless = False
    await read(ExploreChanges(client, clock=mirror.clock), cursor, held, -1)
    assert held == mirror.truth


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(timeout=5) as client:
        yield client


@pytest.mark.database
@pytest.mark.parametrize("seed", range(SEEDS_THROUGH_EVERYTHING))
async def test_through_http_and_postgresql_too(
    http: httpx.AsyncClient,
    database: Database,
    catalogue: Catalogue,
    gazetteer: Gazetteer,
    seed: int,
) -> None:
    """The whole way, removals by a last full run included."""
    ingestion = Ingestion(database=database, catalogue=catalogue, gazetteer=gazetteer, workers=0)
    mirror = MovingMirror(10_000 + seed)
    async with serving(mirror) as server:
        client = ExploreClient.over(http, base_url=server.url)
        await ingestion.run(ExploreExport(client, clock=mirror.clock), now=mirror.now)
        for restless in (True, True, False):
            mirror.restless = restless
            with contextlib.suppress(SourceUnavailableError):
                await ingestion.run(ExploreChanges(client, clock=mirror.clock), now=mirror.now)
        assert await titles(database) == mirror.truth
        for uid in mirror.chance.sample(sorted(mirror.records), len(mirror.records) // 2):
            del mirror.records[uid]
        await ingestion.run(ExploreExport(client, clock=mirror.clock), now=mirror.now)
    assert await titles(database) == mirror.truth


async def titles(database: Database) -> dict[str, str]:
    rows = await database.fetch_all(b"SELECT uid, title FROM event WHERE removed_at IS NULL")
    return {row["uid"]: row["title"] for row in rows}


@pytest.mark.database
async def test_another_mirror_is_read_from_its_beginning(database: Database) -> None:
    """A cursor of one portal says nothing of what another changed before it."""
    async with database.transaction() as connection:
        run = await runs.start(
            connection, "openagenda", origin="a", is_full=True, now=MovingMirror(0).now
        )
        run.cursor = "2026-11-01T00:00:00+00:00"
        await runs.update(connection, run)
        assert await runs.last_cursor(connection, "openagenda", "a") == run.cursor
        assert await runs.last_cursor(connection, "openagenda", "b") is None
