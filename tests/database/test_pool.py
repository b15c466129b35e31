"""A database that is away, locked or slow keeps nobody waiting who need not wait."""

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from puls.database import Database, EmbeddedServer, StatementLimits, migrate, without_hurry
from puls.errors import DatabaseBusyError, DatabaseUnavailableError, SchemaTooNewError

pytestmark = [pytest.mark.database, pytest.mark.alone]

QUICK = StatementLimits(lock_seconds=0.3, statement_seconds=1.0, idle_seconds=1.0)


@pytest.fixture
async def limited(database_url: str) -> AsyncIterator[Database]:
    async with Database.open(database_url, pool_size=6, limits=QUICK) as database:
        yield database


async def test_after_the_first_failure_the_others_are_told_at_once(tmp_path: Path) -> None:
    """F14: every request waited 15 seconds, and was then told something else."""
    server = EmbeddedServer(tmp_path)
    url = server.start()
    async with Database.open(url, pool_size=4) as database:
        assert await database.fetch_one(b"SELECT 1 AS one") == {"one": 1}
        await asyncio.to_thread(server.release)
        began = time.monotonic()
        with pytest.raises(DatabaseUnavailableError, match="does not answer"):
            await database.fetch_one(b"SELECT 1")
        first = time.monotonic() - began
        for _ in range(20):
            began = time.monotonic()
            with pytest.raises(DatabaseUnavailableError):
                await database.fetch_one(b"SELECT 1")
            assert time.monotonic() - began < 0.2
        assert first < 7
        await asyncio.to_thread(server.start)
        began = time.monotonic()
        while True:
            try:
                await database.fetch_one(b"SELECT 1")
                break
            except DatabaseUnavailableError:
                assert time.monotonic() - began < 5
                await asyncio.sleep(0.1)
    server.release()


async def test_a_lock_is_not_waited_for_long(limited: Database, database_url: str) -> None:
    """« Busy » is said, and it is no outage: others go on."""
    with psycopg.connect(database_url) as holder:
        holder.execute("LOCK TABLE turn IN ACCESS EXCLUSIVE MODE")
        began = time.monotonic()
        with pytest.raises(DatabaseBusyError):
            await limited.fetch_all(b"SELECT count(*) FROM turn")
        assert time.monotonic() - began < 1
        assert await limited.fetch_one(b"SELECT 1 AS one") == {"one": 1}
        holder.rollback()


async def test_a_statement_does_not_run_for_ever(limited: Database) -> None:
    with pytest.raises(DatabaseBusyError):
        await limited.fetch_all(b"SELECT pg_sleep(30)")


async def test_a_transaction_that_does_nothing_is_ended(limited: Database) -> None:
    """Whoever holds a connection and forgets it must not hold its locks."""

    async def forgets() -> None:
        async with limited.transaction() as connection:
            await connection.execute("SELECT 1")
            await asyncio.sleep(2)
            await connection.execute("SELECT 1")

    with pytest.raises(DatabaseUnavailableError):
        await forgets()


async def test_background_work_takes_its_time(limited: Database) -> None:
    """An index over a million events is no request."""
    with without_hurry():
        await limited.fetch_all(b"SELECT pg_sleep(1.5)")
    with pytest.raises(DatabaseBusyError):
        await limited.fetch_all(b"SELECT pg_sleep(1.5)")


async def test_a_program_without_limits_has_none(database: Database) -> None:
    await database.fetch_all(b"SELECT pg_sleep(0.1)")
    row = await database.fetch_one(b"SELECT current_setting('statement_timeout') AS limit")
    assert row == {"limit": "0"}


async def test_searches_have_connections_of_their_own(database_url: str) -> None:
    """F15: twelve chats behind a locked table held all connections, and an unrelated search waited 13 seconds."""
    async with Database.open(database_url, pool_size=6) as database:
        release = asyncio.Event()

        async def chat() -> None:
            async with database.transaction(visitor_id=uuid4()):
                await release.wait()

        chats = [asyncio.create_task(chat()) for _ in range(12)]
        await asyncio.sleep(0.5)
        began = time.monotonic()
        for _ in range(5):
            await database.fetch_one(b"SELECT 1")
        assert time.monotonic() - began < 1
        release.set()
        await asyncio.gather(*chats)


async def test_all_connections_lent_is_no_outage(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("puls.database.pool._PATIENCE_SECONDS", 0.5)
    async with Database.open(database_url, pool_size=2) as database:
        release = asyncio.Event()

        async def hold() -> None:
            async with database.transaction():
                await release.wait()

        holding = [asyncio.create_task(hold()) for _ in range(2)]
        await asyncio.sleep(0.2)
        with pytest.raises(DatabaseBusyError):
            await database.fetch_one(b"SELECT 1")
        release.set()
        await asyncio.gather(*holding)
        assert await database.fetch_one(b"SELECT 1 AS one") == {"one": 1}


@pytest.mark.parametrize("name", ["0099_future.sql", "0005_other.sql"])
async def test_a_newer_schema_is_refused(database_url: str, name: str) -> None:
    """F12: an older program started, said it was ready, and every chat was a 500."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("INSERT INTO schema_migration (name) VALUES (%s)", [name])
    with pytest.raises(SchemaTooNewError, match=name.removesuffix(".sql")):
        await migrate(database_url)


async def test_a_server_that_takes_no_writes_is_a_sentence(database_url: str) -> None:
    """A replica, or a disk that the operator closed."""
    read_only = psycopg.conninfo.make_conninfo(
        database_url, options="-c default_transaction_read_only=on"
    )
    with pytest.raises(DatabaseUnavailableError, match="takes no writes"):
        await migrate(read_only)


async def test_a_server_that_is_recovering_is_waited_for() -> None:
    """After a crash PostgreSQL refuses for a moment, and says why: a start in that moment is no failure."""
    said = [b"the database system is starting up", b"the database system is in recovery mode"]
    asked = 0

    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal asked
        length = int.from_bytes(await reader.readexactly(4), "big")
        await reader.readexactly(length - 4)
        words = said[asked] if asked < len(said) else b"no such luck"
        asked += 1
        fields = b"SFATAL\0VFATAL\0C57P03\0M" + words + b"\0\0"
        writer.write(b"E" + (len(fields) + 4).to_bytes(4, "big") + fields)
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(refuse, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(DatabaseUnavailableError, match="no such luck"):
            await migrate(f"postgresql://127.0.0.1:{port}/any?sslmode=disable&gssencmode=disable")
    assert asked == len(said) + 1
