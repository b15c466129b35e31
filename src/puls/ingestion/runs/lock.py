"""One run of a source at a time, across processes: two could remove what the other has just added.

A session's advisory lock of PostgreSQL: it goes when the process goes, whatever ends it. Enter at `only_run_of`.
"""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from typing import Final

import psycopg

from puls.database import Connection, Database
from puls.errors import DatabaseUnavailableError, SourceBusyError

_KIND: Final = 0x70756C74  # "pult": any constant will do, as long as it never changes
_LOCK: Final = b"SELECT pg_try_advisory_lock(%s, hashtext(%s)) AS is_ours"
_BETWEEN_TRIES_SECONDS: Final = 0.2


class RunLock:
    """The lock of one source while its run lasts."""

    def __init__(self, database: Database, source: str) -> None:
        self._database = database
        self._source = source
        self._connection: Connection | None = None
        self._stack = contextlib.AsyncExitStack()

    async def take(self) -> bool:
        """Whether it is ours; also after PostgreSQL went away and came back."""
        try:
            if self._connection is None:
                self._connection = await self._stack.enter_async_context(
                    self._database.outside_transaction()
                )
            return await self._is_ours(self._connection)
        except psycopg.OperationalError as error:
            await self.close()
            raise DatabaseUnavailableError(
                f"PostgreSQL does not answer: {str(error).strip()}"
            ) from error

    async def take_again(self) -> bool:
        """Whether nobody else has it. A lock that a restart took away is taken anew."""
        try:
            return await self.take()
        except DatabaseUnavailableError:
            return await self.take()

    async def close(self) -> None:
        with contextlib.suppress(psycopg.Error):
            await self._stack.aclose()
        self._stack = contextlib.AsyncExitStack()
        self._connection = None

    async def _is_ours(self, connection: Connection) -> bool:
        row = await (await connection.execute(_LOCK, [_KIND, self._source])).fetchone()
        return row is not None and bool(row["is_ours"])


@contextlib.asynccontextmanager
async def only_run_of(
    database: Database, source: str, *, patience_seconds: float
) -> AsyncIterator[RunLock]:
    """Hold the source's lock during the block.

    Raises:
        SourceBusyError: another run held it all the time.
    """
    lock = RunLock(database, source)
    deadline = time.monotonic() + patience_seconds
    try:
        while not await lock.take():
            if time.monotonic() > deadline:
                raise SourceBusyError(
                    f"Another run of {source} is under way; nothing was read. Try again when it has ended."
                )
            await asyncio.sleep(_BETWEEN_TRIES_SECONDS)
        yield lock
    finally:
        await lock.close()
