"""What is known of PostgreSQL being away: found out by one, told to all. Enter at `Outage`."""

import asyncio
import time

import psycopg
from psycopg import AsyncConnection

from puls.database.migrating import first_line
from puls.errors import DatabaseUnavailableError
from puls.monitoring import log

_PROBE_SECONDS = 2
PROBE_PAUSE_SECONDS = 0.5


class Outage:
    """What is known of PostgreSQL being away: the first who finds out waits, the others are told at once.

    While it is away a connection is tried twice a second; the first that succeeds ends the outage.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._why: str | None = None
        self._trying: asyncio.Task[None] | None = None

    def check(self) -> None:
        """Raises DatabaseUnavailableError while PostgreSQL is known to be away."""
        if self._why is not None:
            raise DatabaseUnavailableError(self._why)

    def suspect(self) -> None:
        """A connection broke: find out why, without keeping anybody waiting."""
        if self._trying is None or self._trying.done():
            self._trying = asyncio.create_task(self._try_until_back())

    def is_over(self) -> None:
        """Somebody was served: whatever was thought, it is there."""
        self._why = None

    async def probe(self) -> str | None:
        """Why PostgreSQL gives no connection, which begins an outage; None when it does."""
        why = await self._why_not()
        if why is not None and self._why is None:
            self._why = why
            self.suspect()
        return why

    async def close(self) -> None:
        if self._trying is not None:
            self._trying.cancel()
            await asyncio.gather(self._trying, return_exceptions=True)

    async def _try_until_back(self) -> None:
        began = time.monotonic()
        while (why := await self._why_not()) is not None:
            if self._why is None:
                began = time.monotonic()
                log.error("database.away", why=why)
            self._why = why
            await asyncio.sleep(PROBE_PAUSE_SECONDS)
        if self._why is not None:
            log.warning("database.back", seconds=round(time.monotonic() - began, 1))
        self._why = None

    async def _why_not(self) -> str | None:
        try:
            async with await AsyncConnection.connect(self._url, connect_timeout=_PROBE_SECONDS):
                return None
        except psycopg.Error as error:
            return f"PostgreSQL does not answer: {first_line(error)}"


def is_alive(error: psycopg.OperationalError) -> bool:
    """Whether a server said it that goes on: neither a lost connection (08) nor a farewell (57P)."""
    return error.sqlstate is not None and not error.sqlstate.startswith(("08", "57P"))
