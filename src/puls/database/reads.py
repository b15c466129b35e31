"""Reads of the catalogue that need not see a write of this very moment: from a replica when one keeps up, else from the primary.

Without a replica all is the primary's, and so is background work: a job that notes how far it has read must not have read
something older. What a replica cannot answer – it is away, behind, or lacks a table that was made a
moment ago – the primary answers; nobody is told less for it. Enter at `Database.reads`.
"""

from collections.abc import Awaitable, Callable, Coroutine
from contextlib import AbstractAsyncContextManager
from typing import Any, Literal, Protocol, TypeVar

import psycopg
from psycopg import AsyncConnection, sql
from psycopg.rows import DictRow

from puls.database.hurry import has_time
from puls.database.patience import Patience
from puls.errors import DatabaseBusyError, DatabaseUnavailableError
from puls.monitoring import DATABASE_READS

Connection = AsyncConnection[DictRow]
Found = TypeVar("Found")
Why = Literal["lagging", "away", "promoted", "another"]

_PATIENCE_SECONDS = 3.0  # for a replica that has stopped saying anything


class Lends(Protocol):
    """Who lends connections, each for one transaction."""

    def transaction(self) -> AbstractAsyncContextManager[Connection]: ...


class Follows(Lends, Protocol):
    """A replica: `why_not` None while it may be read."""

    @property
    def why_not(self) -> Why | None: ...

    def suspect(self) -> None:
        """It said nothing: nobody else should wait for it before it was looked at again."""


class Reads:
    """Where the catalogue is read."""

    def __init__(self, primary: Lends) -> None:
        self._primary = primary
        self._replica: Follows | None = None
        self._patience = Patience(seconds=_PATIENCE_SECONDS)

    def prefer(self, replica: Follows | None) -> None:
        """Read there from now on whenever it may be read; None: from the primary alone."""
        self._replica = replica

    async def run(
        self,
        work: Callable[[Connection], Coroutine[Any, Any, Found]],
        *,
        is_whole: Callable[[Found], bool] = lambda _: True,
    ) -> Found:
        """What `work` reads in one transaction. It writes nothing, for it may run twice.

        `is_whole` False of what a replica answered: something may be too new for it, and the primary is asked.

        Raises:
            DatabaseUnavailableError: neither server answers.
        """
        replica = self._replica
        if replica is None or has_time():
            return await _transacted(self._primary, work)
        why: str | None = replica.why_not
        if why is None:
            try:
                found = await self._patience.wait_for(_transacted(replica, work))
            except (DatabaseUnavailableError, psycopg.Error, TimeoutError) as error:
                if _is_too_much(error):
                    raise
                if isinstance(error, TimeoutError):
                    replica.suspect()
                why = "failed"
            else:
                if is_whole(found):
                    DATABASE_READS.labels("replica", "").inc()
                    return found
                why = "incomplete"
        found = await _transacted(self._primary, work)
        DATABASE_READS.labels("primary", why).inc()
        return found

    async def fetch_all(self, query: bytes | sql.Composed, **values: Any) -> list[DictRow]:
        async def read(connection: Connection) -> list[DictRow]:
            return await (await connection.execute(query, values)).fetchall()

        return await self.run(read)

    async def fetch_one(self, query: bytes | sql.Composed, **values: Any) -> DictRow | None:
        async def read(connection: Connection) -> DictRow | None:
            return await (await connection.execute(query, values)).fetchone()

        return await self.run(read)


async def _transacted(server: Lends, work: Callable[[Connection], Awaitable[Found]]) -> Found:
    async with server.transaction() as connection:
        return await work(connection)


def _is_too_much(error: BaseException) -> bool:
    """Whether the replica had too much to do, which the primary is spared; a lock of its replay is none of that."""
    return isinstance(error, DatabaseBusyError) and not isinstance(
        error.__cause__, psycopg.errors.LockNotAvailable
    )
