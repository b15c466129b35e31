"""What replicas know together of the web: kept in PostgreSQL, for a day at most, and done without when it is away."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Literal
from uuid import UUID

import pytest
from tests.outside.world import World

from puls.database import Connection, Database
from puls.errors import DatabaseUnavailableError
from puls.outside.manners import (
    HostPace,
    LeftAlone,
    Pace,
    PaceInMemory,
    PagesInMemory,
    PageStore,
    RobotsRead,
)
from puls.outside.page import FetchFailure, Page
from puls.web_search.keeping import StoredPace, StoredPages

pytestmark = pytest.mark.database

NOW = datetime(2026, 11, 30, 13, 0, tzinfo=UTC)
PAGE = Page(
    url="https://b.example/",
    asked_url="https://a.example/",
    content_type="text/html",
    text="é" * 10,
    fetched_at=NOW,
)
CALM = HostPace(burst=3, per_second=1.0)


@pytest.fixture(params=["postgresql", "memory"])
def store(request: pytest.FixtureRequest, database: Database) -> PageStore:
    return StoredPages(database) if request.param == "postgresql" else PagesInMemory()


@pytest.fixture(params=["postgresql", "memory"])
async def pace(request: pytest.FixtureRequest, database: Database) -> Pace:
    if request.param == "postgresql":
        return StoredPace(database)
    return PaceInMemory(asyncio.get_running_loop().time)


async def test_a_page_comes_back_as_it_was_read_while_it_is_fresh(store: PageStore) -> None:
    await store.keep_page(PAGE, accept="page")
    since = NOW - timedelta(minutes=10)
    assert await store.page(PAGE.asked_url, accept="page", read_since=since) == replace(
        PAGE, is_cached=True
    )
    assert (
        await store.page(PAGE.asked_url, accept="page", read_since=NOW + timedelta(seconds=1))
        is None
    )
    assert await store.page(PAGE.asked_url, accept="json", read_since=since) is None
    assert await store.page(PAGE.url, accept="page", read_since=since) is None


async def test_an_older_reading_does_not_replace_a_newer_one(database: Database) -> None:
    """Two replicas read at once and end in either order."""
    store = StoredPages(database)
    await store.keep_page(PAGE, accept="page")
    await store.keep_page(
        replace(PAGE, text="old", fetched_at=NOW - timedelta(hours=1)), accept="page"
    )
    kept = await store.page(PAGE.asked_url, accept="page", read_since=NOW - timedelta(hours=2))
    assert kept is not None
    assert kept.text == PAGE.text


async def test_robots_are_known_until_their_time(store: PageStore) -> None:
    closed = RobotsRead(text="", until=NOW + timedelta(minutes=10), failure=FetchFailure.ROBOTS)
    await store.keep_robots("https://a.example", closed)
    assert await store.robots("https://a.example", now=NOW) == closed
    assert await store.robots("https://a.example", now=NOW + timedelta(minutes=10)) is None
    assert await store.robots("http://a.example", now=NOW) is None


async def test_a_rest_is_never_shortened(store: PageStore) -> None:
    day = LeftAlone(until=NOW + timedelta(days=1), failure=FetchFailure.CHALLENGE, why="challenge")
    minute = LeftAlone(until=NOW + timedelta(minutes=1), failure=FetchFailure.TOO_MANY, why="429")
    await store.leave_alone("a.example", day)
    await store.leave_alone("a.example", minute)
    assert await store.left_alone("a.example", now=NOW) == day
    assert await store.left_alone("a.example", now=NOW + timedelta(days=1)) is None


async def test_a_burst_passes_then_one_a_second(pace: Pace) -> None:
    waits = [await pace.take("a.example", pace=CALM, within=10) for _ in range(6)]
    assert waits[:3] == [0, 0, 0]
    assert waits[3:] == pytest.approx([1, 2, 3], abs=0.5)
    assert await pace.take("b.example", pace=CALM, within=10) == 0


async def test_what_would_wait_too_long_is_not_counted(pace: Pace) -> None:
    slow = HostPace(burst=1, per_second=0.1)
    assert await pace.take("a.example", pace=slow, within=1) == 0
    for _ in range(3):
        assert await pace.take("a.example", pace=slow, within=1) == pytest.approx(10, abs=0.5)
    assert await pace.take("a.example", pace=slow, within=11) == pytest.approx(10, abs=0.5)
    assert await pace.take("a.example", pace=slow, within=1) == pytest.approx(20, abs=0.5)


async def test_replicas_share_one_pace(database: Database) -> None:
    """Twenty at once from two processes get three at once and the rest one after the other."""
    replicas = StoredPace(database), StoredPace(database)
    waits = await asyncio.gather(
        *(replicas[n % 2].take("a.example", pace=CALM, within=100) for n in range(20))
    )
    assert sorted(waits) == pytest.approx([0, 0, *range(18)], abs=0.6)


async def test_a_clock_that_went_wrong_stops_no_host_for_ever(database: Database) -> None:
    async with database.transaction() as connection:
        await connection.execute(
            "INSERT INTO web_pace VALUES ('a.example', now() + interval '3 years')"
        )
    assert await StoredPace(database).take("a.example", pace=CALM, within=1) == 0


async def test_what_is_old_and_what_is_too_much_is_forgotten(database: Database) -> None:
    """Other people's texts: a day at most, and so many bytes."""
    store = StoredPages(database, most_bytes=2_500)
    for n in range(5):
        page = replace(
            PAGE,
            asked_url=f"https://a.example/{n}",
            text="a" * 1_000,
            fetched_at=NOW + timedelta(seconds=n),
        )
        await store.keep_page(page, accept="page")
    await store.keep_page(replace(PAGE, fetched_at=NOW - timedelta(hours=25)), accept="page")
    await store.keep_robots("https://a.example", RobotsRead(text="", until=NOW))
    await store.leave_alone(
        "b.example", LeftAlone(until=NOW, failure=FetchFailure.TOO_MANY, why="")
    )
    forgotten = await store.forget_old(now=NOW + timedelta(minutes=1))
    assert (forgotten.pages, forgotten.robots, forgotten.hosts) == (4, 1, 1)
    kept = [
        await store.page(f"https://a.example/{n}", accept="page", read_since=NOW) for n in range(5)
    ]
    assert [page is not None for page in kept] == [False, False, False, True, True]


async def test_the_limit_holds_between_sweeps(database: Database) -> None:
    store = StoredPages(database, most_bytes=10_000)
    for n in range(130):
        page = replace(
            PAGE,
            asked_url=f"https://a.example/{n}",
            text="a" * 1_000,
            fetched_at=NOW + timedelta(seconds=n),
        )
        await store.keep_page(page, accept="page")
    async with database.transaction() as connection:
        row = await (await connection.execute("SELECT sum(size) AS bytes FROM web_page")).fetchone()
    assert row is not None
    assert row["bytes"] <= 12_000


async def test_a_long_page_is_not_kept(store: PageStore) -> None:
    long = replace(PAGE, text="a" * (5 * 2**20))
    await store.keep_page(long, accept="page")
    assert await store.page(PAGE.asked_url, accept="page", read_since=NOW) is None


class Away(Database):
    """PostgreSQL as the pool tells of it while it is down."""

    @contextlib.asynccontextmanager
    async def transaction(
        self,
        *,
        visitor_id: UUID | None = None,
        is_keeping: bool = False,
        of_all: Literal["figures", "reviewer"] | None = None,
    ) -> AsyncIterator[Connection]:
        del visitor_id, is_keeping, of_all
        for never in self._connections:
            yield never
        raise DatabaseUnavailableError("PostgreSQL does not answer.")

    _connections: tuple[Connection, ...] = ()


async def test_without_postgresql_pages_are_read_all_the_same() -> None:
    """Looking on the web never fails for a cache, and a challenge is remembered."""
    away = Away("", pool_size=1)
    async with World() as world:
        await world.serve("a.example", {"/": "<html>a"})
        store = StoredPages(away)
        rest = LeftAlone(
            until=world.now + timedelta(days=1), failure=FetchFailure.CHALLENGE, why=""
        )
        await store.leave_alone("b.example", rest)
        async with world.fetcher(store=store, pace=StoredPace(away)) as fetcher:
            for _ in range(2):
                assert (await fetcher.page("https://a.example/", within=3)).text == "<html>a"
        assert world.paths("a.example") == ["/robots.txt", "/"]
        assert await store.left_alone("b.example", now=world.now) == rest


async def test_two_replicas_read_a_page_and_its_robots_once(database: Database) -> None:
    """Replicas are polite together, or not at all."""
    are_cached = []
    async with World() as world:
        await world.serve("a.example", {"/": "<html>a"})
        for _ in range(2):
            store, pace = StoredPages(database), StoredPace(database)
            async with world.fetcher(store=store, pace=pace) as fetcher:
                are_cached.append((await fetcher.page("https://a.example/", within=3)).is_cached)
        assert world.paths("a.example") == ["/robots.txt", "/"]
    assert are_cached == [False, True]
