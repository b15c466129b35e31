"""Connections, and transactions on them: with limits, with some kept aside, and refused at once while PostgreSQL is away.

Nothing here knows what an event is. Enter at `Database.open`.
"""

import asyncio
import contextlib
import select
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Any, Literal, Self
from uuid import UUID

import psycopg
from opentelemetry.trace import SpanKind
from psycopg import AsyncConnection, sql
from psycopg.rows import DictRow, dict_row
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from puls.database.hurry import has_time
from puls.database.migrating import first_line, migrate
from puls.database.outage import PROBE_PAUSE_SECONDS, Outage, is_alive
from puls.database.reads import Reads
from puls.errors import DatabaseBusyError, DatabaseUnavailableError
from puls.monitoring import DATABASE_ERRORS, DATABASE_SECONDS, Attribute, a_span

Connection = AsyncConnection[DictRow]

_ACT_AS = b"SELECT set_config('role', %s, true), set_config('puls.visitor_id', %s, true)"
_LIMIT = (
    b"SELECT set_config('lock_timeout', %s, false), set_config('statement_timeout', %s, false), "
    b"set_config('idle_in_transaction_session_timeout', %s, false)"
)
_WITHOUT_HURRY = (
    b"SELECT set_config('lock_timeout', '0', true), set_config('statement_timeout', '0', true), "
    b"set_config('idle_in_transaction_session_timeout', '0', true)"
)
_OPENING_SECONDS = 15.0
_PATIENCE_SECONDS = 4.0  # for a connection: a restart of PostgreSQL takes two
_RECONNECTING_SECONDS = (
    0.5  # then a connection that cannot be made is given up, and `_keep_trying` asks anew
)
_UNACKNOWLEDGED_MILLISECONDS = 15_000  # a network that swallows everything is noticed after that
_SHARE_KEPT_ASIDE = 3  # of three connections one is kept for searches
_TOO_LONG = (
    psycopg.errors.LockNotAvailable,
    psycopg.errors.QueryCanceled,
    psycopg.errors.IdleInTransactionSessionTimeout,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementLimits:
    """How long a statement of a request may wait for a lock, run, and leave its transaction idle.

    Together shorter than what a request has: a person hears « busy » rather than nothing.
    """

    lock_seconds: float = 2.0
    statement_seconds: float = 10.0
    idle_seconds: float = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Connections:
    """Connections of a pool that are lent and at rest, and how many requests wait for one."""

    in_use: int
    free: int
    waiting: int


@contextlib.contextmanager
def _observed(named: str, *, is_replica: bool) -> Iterator[None]:
    """Time a transaction, the wait for its connection included, and count why one could not be.

    A replica's failures are no errors of the database: the primary answers instead, and `Reads` counts that.
    """
    began = time.perf_counter()
    try:
        with a_span("puls.database", {Attribute.DATABASE: "postgresql"}, kind=SpanKind.CLIENT):
            yield
    except DatabaseUnavailableError as error:
        if not is_replica:
            DATABASE_ERRORS.labels("busy" if isinstance(error, DatabaseBusyError) else "away").inc()
        raise
    finally:
        DATABASE_SECONDS.labels(named).observe(time.perf_counter() - began)


class Database:
    """A pool of connections to a migrated database."""

    def __init__(
        self,
        url: str,
        *,
        pool_size: int,
        limits: StatementLimits | None = None,
        is_replica: bool = False,
    ) -> None:
        self._url = url
        self._is_replica = is_replica
        self.reads = Reads(self)
        self._limits = limits
        self._outage = Outage(url)
        self._personal_places = asyncio.Semaphore(pool_size - pool_size // _SHARE_KEPT_ASIDE)
        self._pool: AsyncConnectionPool[Connection] = AsyncConnectionPool(
            url,
            min_size=1,
            max_size=pool_size,
            open=False,
            timeout=_PATIENCE_SECONDS,
            reconnect_timeout=_RECONNECTING_SECONDS,
            check=self._still_connected,
            configure=self._configure,
            kwargs={
                "row_factory": dict_row,
                "autocommit": False,
                "connect_timeout": 5,
                "tcp_user_timeout": _UNACKNOWLEDGED_MILLISECONDS,
            },
            connection_class=AsyncConnection[DictRow],
        )

    @classmethod
    @contextlib.asynccontextmanager
    async def open(
        cls, url: str, *, pool_size: int = 8, limits: StatementLimits | None = None
    ) -> AsyncIterator[Self]:
        """Check the server, migrate it and serve connections until the block ends.

        Without `limits` a statement takes as long as it takes: for a program that does one thing.

        Raises:
            DatabaseUnavailableError: the server is absent, too old or lacks pgvector.
        """
        await migrate(url)
        database = cls(url, pool_size=pool_size, limits=limits)
        async with database._lending():
            try:
                await database._pool.wait(_OPENING_SECONDS)
            except PoolTimeout as error:
                raise await database._why_no_connection() from error
            yield database

    @classmethod
    @contextlib.asynccontextmanager
    async def open_replica(
        cls, url: str, *, pool_size: int = 8, limits: StatementLimits | None = None
    ) -> AsyncIterator[Self]:
        """Connections to a server that takes no writes; it need not be there yet, and nothing is migrated."""
        database = cls(url, pool_size=pool_size, limits=limits, is_replica=True)
        async with database._lending():
            yield database

    @contextlib.asynccontextmanager
    async def _lending(self) -> AsyncIterator[None]:
        trying = asyncio.create_task(self._keep_trying())
        try:
            await self._pool.open(wait=False)
            yield
        finally:
            trying.cancel()
            await asyncio.gather(trying, return_exceptions=True)
            await self._outage.close()
            await self._pool.close()

    async def _keep_trying(self) -> None:
        """While somebody waits and connections are lacking, try for one twice a second.

        The pool alone pauses longer and longer, and would let a visitor wait for a server that is back.
        """
        while True:
            await asyncio.sleep(PROBE_PAUSE_SECONDS)
            if self._pool.get_stats().get("requests_waiting") and not self._pool.closed:
                await self._pool.check()

    @contextlib.asynccontextmanager
    async def transaction(
        self,
        *,
        visitor_id: UUID | None = None,
        is_keeping: bool = False,
        of_all: Literal["figures", "reviewer"] | None = None,
    ) -> AsyncIterator[Connection]:
        """One connection, one transaction: committed at the end, rolled back by any exception.

        With `visitor_id` it runs as `puls_visitor` and PostgreSQL shows that visitor's rows alone, whatever is asked;
        with `is_keeping` as `puls_keeper`, which sees dates and deletes what is old. `of_all` is for operators: as
        `puls_figures`, which counts over everybody's rows and reads no word, or as `puls_reviewer`, which reads the turns
        with a thumb down. Without any of them it reaches no row of any visitor (a superuser, such as the embedded
        server's, excepted).

        A third of the connections is never lent to those roles: whatever holds up conversations, the catalogue answers.

        Raises:
            DatabaseBusyError: a lock or a connection was not free in time, or a statement took too long.
            DatabaseUnavailableError: PostgreSQL is away.
        """
        role = _role(visitor_id, is_keeping=is_keeping, of_all=of_all)
        named = "replica" if self._is_replica else role or "catalogue"
        with _observed(named, is_replica=self._is_replica):
            async with self._transaction(role, visitor_id) as connection:
                yield connection

    @contextlib.asynccontextmanager
    async def _transaction(
        self, role: str | None, visitor_id: UUID | None
    ) -> AsyncIterator[Connection]:
        self._outage.check()
        try:
            async with (
                contextlib.nullcontext() if role is None else self._personal_place(),
                self._pool.connection() as connection,
            ):
                if has_time() and self._limits is not None:
                    await connection.execute(_WITHOUT_HURRY)
                if role is not None:  # SET LOCAL, in one round trip: both end with the transaction
                    await connection.execute(_ACT_AS, [role, str(visitor_id or "")])
                try:
                    yield connection
                except psycopg.errors.ReadOnlySqlTransaction:
                    if not self._is_replica:  # a primary that became a replica: ask for the other
                        await connection.close()
                    raise
            self._outage.is_over()
        except PoolTimeout as error:
            raise await self._why_no_connection() from error
        except _TOO_LONG as error:
            raise DatabaseBusyError(
                f"The database is busy ({first_line(error)}); try again in a moment."
            ) from error
        except psycopg.errors.ReadOnlySqlTransaction as error:
            raise DatabaseUnavailableError(
                "This PostgreSQL takes no writes now (a replica, or made read-only)."
            ) from error
        except psycopg.OperationalError as error:
            if is_alive(error):  # no disk left, a deadlock…
                raise DatabaseUnavailableError(
                    f"PostgreSQL cannot do this now: {first_line(error)}"
                ) from error
            self._outage.suspect()
            raise DatabaseUnavailableError(
                f"PostgreSQL does not answer: {first_line(error)}"
            ) from error

    def connections(self) -> "Connections":
        """The pool at this moment."""
        stats = self._pool.get_stats()
        held, free = stats.get("pool_size", 0), stats.get("pool_available", 0)
        return Connections(in_use=held - free, free=free, waiting=stats.get("requests_waiting", 0))

    @contextlib.asynccontextmanager
    async def _personal_place(self) -> AsyncIterator[None]:
        """One of the connections that searches leave to all else."""
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                await self._personal_places.acquire()
        except TimeoutError:
            raise PoolTimeout from None
        try:
            yield
        finally:
            self._personal_places.release()

    async def _why_no_connection(self) -> DatabaseUnavailableError:
        """Whether all connections are lent, or PostgreSQL is away and the pool tries in vain."""
        if (why := await self._outage.probe()) is not None:
            return DatabaseUnavailableError(why)
        return DatabaseBusyError(
            f"No database connection became free in {_PATIENCE_SECONDS:.0f} s; try again in a moment."
        )

    async def _still_connected(self, connection: Connection) -> None:
        """Nothing for a connection at rest; one on which the server said something is tried before it is lent.

        A server that stops says so on every connection. Without this, each one in the pool would fail a visitor after a
        restart; asking each time would cost every transaction a round trip. When one is broken the others are looked at
        as well: the pool would make whoever waits pause longer after each.
        """
        if not _has_news(connection.fileno()):
            return
        try:
            await AsyncConnectionPool.check_connection(connection)
        except psycopg.Error:
            await self._pool.check()
            raise

    async def _configure(self, connection: Connection) -> None:
        if self._limits is None:
            return
        limits = (
            self._limits.lock_seconds,
            self._limits.statement_seconds,
            self._limits.idle_seconds,
        )
        await connection.execute(_LIMIT, [f"{int(seconds * 1000)}ms" for seconds in limits])
        await connection.commit()

    @contextlib.asynccontextmanager
    async def outside_transaction(self) -> AsyncIterator[Connection]:
        """A connection of its own in autocommit, for VACUUM and CREATE INDEX CONCURRENTLY."""
        async with await AsyncConnection.connect(
            self._url, autocommit=True, row_factory=dict_row
        ) as connection:
            yield connection

    @property
    def url(self) -> str:
        """Where PostgreSQL is, secrets included: for who keeps connections of its own, never for a log."""
        return self._url

    async def fetch_all(self, query: bytes | sql.Composed, **values: Any) -> list[DictRow]:
        async with self.transaction() as connection:
            return await (await connection.execute(query, values)).fetchall()

    async def fetch_one(self, query: bytes | sql.Composed, **values: Any) -> DictRow | None:
        async with self.transaction() as connection:
            return await (await connection.execute(query, values)).fetchone()


def _role(visitor_id: UUID | None, *, is_keeping: bool, of_all: str | None) -> str | None:
    """Whom a transaction acts as: one of them at most."""
    roles = [
        role
        for role, is_meant in (
            ("puls_visitor", visitor_id is not None),
            ("puls_keeper", is_keeping),
            (f"puls_{of_all}", of_all is not None),
        )
        if is_meant
    ]
    assert len(roles) <= 1
    return roles[0] if roles else None


def _has_news(descriptor: int) -> bool:
    if not hasattr(select, "poll"):  # Windows
        return True
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    return bool(poll.poll(0))


async def wait_until_ready(database: Database, *, patience_seconds: float) -> bool:
    """Whether the database answers a trivial query within the time given."""
    try:
        async with asyncio.timeout(patience_seconds):
            return await database.fetch_one(b"SELECT 1 AS ok") is not None
    except (TimeoutError, DatabaseUnavailableError):
        return False
