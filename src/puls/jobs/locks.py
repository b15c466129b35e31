"""One run of a job at a time, across processes and whatever the queue believes: a session's advisory lock of PostgreSQL.

It goes when the process goes, or when PostgreSQL does; whoever held it then hears of it. Enter at `held`.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Final

import psycopg

from puls.database import Connection, Database
from puls.errors import DatabaseUnavailableError

SPACE: Final = 0x70756C6B  # "pulk": any constant will do, as long as it never changes
_TAKE: Final = b"SELECT pg_try_advisory_lock(%s, hashtext(%s)) AS is_ours"
_SIGN_OF_LIFE_SECONDS: Final = 10.0
_PATIENCE_SECONDS: Final = 5.0


class JobLock:
    """The lock of one job, held on a connection of its own."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def lost(self) -> None:
        """Return when the lock is no longer ours, because PostgreSQL or the line to it went away; otherwise never."""
        with contextlib.suppress(psycopg.Error, TimeoutError):
            while True:
                async for _ in self._connection.notifies(timeout=_SIGN_OF_LIFE_SECONDS):
                    pass  # nobody notifies this connection; it only hears when it breaks
                async with asyncio.timeout(_PATIENCE_SECONDS):
                    await self._connection.execute("SELECT 1")


@contextlib.asynccontextmanager
async def held(database: Database, job: str) -> AsyncIterator[JobLock | None]:
    """Hold the job's lock during the block; None when another process has it.

    Raises:
        DatabaseUnavailableError: PostgreSQL is away.
    """
    async with contextlib.AsyncExitStack() as stack:
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                connection = await stack.enter_async_context(database.outside_transaction())
                row = await (await connection.execute(_TAKE, [SPACE, job])).fetchone()
        except (psycopg.OperationalError, TimeoutError) as error:
            raise DatabaseUnavailableError(
                "PostgreSQL went away before the job began; it is tried again."
            ) from error
        yield JobLock(connection) if row is not None and row["is_ours"] else None
