"""Reads go to a replica while it keeps up, and nobody is told less when it does not."""

import asyncio
import signal
import time
from collections.abc import AsyncIterator, Iterator
from typing import Any

import psycopg
import pytest
from tests.replication import Pair, a_pair

from puls.database import Database, following, without_hurry
from puls.database.replica import Lag, Replica
from puls.errors import DatabaseUnavailableError

pytestmark = [pytest.mark.database, pytest.mark.alone]
_WHERE = b"SELECT pg_is_in_recovery() AS is_replica"


@pytest.fixture(scope="module")
def pair() -> Iterator[Pair]:
    with a_pair() as both:
        yield both


@pytest.fixture
async def primary(pair: Pair) -> AsyncIterator[Database]:
    async with Database.open(pair.primary.url, pool_size=4) as database:
        yield database


@pytest.fixture
async def replica(pair: Pair, primary: Database) -> AsyncIterator[Replica]:
    async with following(pair.replica.url, primary=primary, lag_seconds=3, pool_size=4) as replica:
        await _until(lambda: replica.why_not is None)
        yield replica


async def _until(holds: Any, *, seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.1)


async def _is_from_replica(database: Database) -> bool:
    row = await database.reads.fetch_one(_WHERE)
    assert row is not None
    return bool(row["is_replica"])


def test_an_idle_primary_makes_no_lag_and_a_lost_one_shows_it() -> None:
    """The time of the last replayed transaction, which is often used, grows all night on a quiet site."""
    lag = Lag()
    for second in range(100):
        lag.heard(10, at=second)
    assert lag.behind(10, at=100) == 0
    lag.heard(20, at=101)
    lag.heard(30, at=105)
    assert lag.behind(10, at=110) == 9
    assert lag.behind(20, at=110) == 5
    assert lag.behind(30, at=110) == 0


def test_a_promoted_replica_that_had_not_all_begins_anew() -> None:
    """Positions of the one that is gone would be waited for, for ever."""
    lag = Lag()
    lag.heard(50, at=1)
    lag.heard(40, at=2)
    assert lag.behind(40, at=9) == 0


async def test_reads_go_to_the_replica_and_writes_to_the_primary(
    primary: Database, replica: Replica
) -> None:
    assert await _is_from_replica(primary)
    assert await primary.fetch_one(_WHERE) == {"is_replica": False}
    assert replica.why_not is None


async def test_background_work_reads_what_was_written_last(
    primary: Database, replica: Replica
) -> None:
    """A job that notes how far it has read would pass over what the replica lacks."""
    del replica
    with without_hurry():
        assert not await _is_from_replica(primary)


async def test_beyond_its_bound_of_lag_it_is_left_and_later_read_again(
    pair: Pair, primary: Database, replica: Replica
) -> None:
    """A visitor must not be sent to what was called off a while ago."""
    pair.replica.tell("SELECT pg_wal_replay_pause()")
    async with primary.transaction() as connection:
        await connection.execute(b"CREATE TABLE IF NOT EXISTS late (one int)")
    began = time.monotonic()
    await _until(lambda: replica.why_not == "lagging")
    assert time.monotonic() - began > 1.5
    assert not await _is_from_replica(primary)
    pair.replica.tell("SELECT pg_wal_replay_resume()")
    await _until(lambda: replica.why_not is None)
    assert await _is_from_replica(primary)


async def test_a_table_that_it_lacks_yet_is_read_at_the_primary(
    pair: Pair, primary: Database, replica: Replica
) -> None:
    """An index version that goes live exists on the primary first."""
    pair.replica.tell("SELECT pg_wal_replay_pause()")
    try:
        async with primary.transaction() as connection:
            await connection.execute(b"CREATE TABLE fresh AS SELECT 7 AS one")
        assert replica.why_not is None
        assert await primary.reads.fetch_all(b"SELECT one FROM fresh") == [{"one": 7}]
    finally:
        pair.replica.tell("SELECT pg_wal_replay_resume()")
        async with primary.transaction() as connection:
            await connection.execute(b"DROP TABLE fresh")


async def test_what_is_not_whole_there_is_asked_of_the_primary(
    primary: Database, replica: Replica
) -> None:
    """An event that came in a second ago is not « unknown »."""
    del replica

    async def read(connection: Any) -> bool:
        row = await (await connection.execute(_WHERE)).fetchone()
        return bool(row["is_replica"])

    assert await primary.reads.run(read)
    assert not await primary.reads.run(read, is_whole=lambda is_replica: not is_replica)


async def test_a_replica_that_stops_answering_costs_one_wait(
    pair: Pair, primary: Database, replica: Replica
) -> None:
    """Half-open: the connection stands, nothing comes. A stopped machine looks like that."""
    pair.replica.signal(signal.SIGSTOP)
    try:
        began = time.monotonic()
        assert not await _is_from_replica(primary)
        assert time.monotonic() - began < 8
        await _until(lambda: replica.why_not == "away")
        began = time.monotonic()
        assert not await _is_from_replica(primary)
        assert time.monotonic() - began < 1
    finally:
        pair.replica.signal(signal.SIGCONT)
    await _until(lambda: replica.why_not is None)


async def test_a_replica_that_is_killed_fails_no_read(
    pair: Pair, primary: Database, replica: Replica
) -> None:
    assert await _is_from_replica(primary)
    pair.replica.kill()
    for _ in range(20):
        assert not await _is_from_replica(primary)
    await _until(lambda: replica.why_not == "away")
    pair.replica.start()
    await _until(lambda: replica.why_not is None)
    assert await _is_from_replica(primary)


async def test_another_cluster_is_never_read(
    pair: Pair, database_url: str, primary: Database
) -> None:
    """A wrong address would answer with somebody else's events."""
    del pair
    async with following(database_url, primary=primary, lag_seconds=60) as replica:
        await replica.look()
        assert replica.why_not == "another"
        assert not await _is_from_replica(primary)


async def test_one_that_is_not_there_at_the_start_is_waited_for_by_nobody(
    primary: Database,
) -> None:
    began = time.monotonic()
    async with following("host=/nowhere dbname=x", primary=primary, lag_seconds=5) as replica:
        assert time.monotonic() - began < 5
        assert replica.why_not == "away"
        assert not await _is_from_replica(primary)


async def test_a_write_to_a_server_that_became_a_replica_is_an_outage_not_a_bug(pair: Pair) -> None:
    async with Database.open_replica(pair.replica.url) as database:
        with pytest.raises(DatabaseUnavailableError, match="takes no writes"):
            async with database.transaction() as connection:
                await connection.execute(b"CREATE TABLE none (one int)")


async def test_after_a_fail_over_the_other_takes_the_writes() -> None:
    """The last test: nothing of a pair is as it was."""
    with a_pair() as pair:
        async with (
            Database.open(pair.url, pool_size=4) as database,
            following(pair.replica.url, primary=database, lag_seconds=5) as replica,
        ):
            await _until(lambda: replica.why_not is None)
            pair.primary.kill()
            assert await _is_from_replica(database)  # the catalogue is there all the while
            await asyncio.to_thread(pair.replica.promote)
            deadline = time.monotonic() + 20
            while True:
                try:
                    async with database.transaction() as connection:
                        await connection.execute(b"CREATE TABLE after (one int)")
                    break
                except DatabaseUnavailableError:
                    assert time.monotonic() < deadline
                    await asyncio.sleep(0.2)
            await _until(lambda: replica.why_not == "promoted")
            assert not await _is_from_replica(database)
            with pytest.raises(psycopg.errors.UndefinedTable):
                await database.reads.fetch_all(b"SELECT * FROM none")
