"""Visitors who erased everything: their tokens open nothing any more, on any replica, within seconds.

The marks are known to the process, so that a request costs no question; only what came since is asked for, now and then.
A mark is a keyed hash of the id and names nobody. Enter at `ErasedVisitors.hold`.
"""

import asyncio
import hmac
import time
from datetime import datetime
from uuid import UUID

from puls.database import Database, Queries
from puls.errors import DatabaseUnavailableError
from puls.identity.visitor import LONGEST_KNOWN

_FRESH_SECONDS = 2.0  # how late another replica's erasure may be known here
_OVERLAP = 1_000  # rows read again: one with a lower number may appear after one with a higher
_QUERIES = Queries.beside("puls.identity")


class ErasedVisitors:
    """Whose tokens are worth nothing, though signed and young."""

    def __init__(self, database: Database, *, secret: bytes) -> None:
        self._database = database
        self._key = hmac.digest(secret, b"puls erased visitor", "sha256")
        self._marks: set[bytes] = set()
        self._newest = 0
        self._read_at: float | None = None
        self._first_reading = asyncio.Lock()

    async def hold(self, visitor_id: UUID) -> bool:
        """Whether this visitor erased everything. While PostgreSQL is away, as far as is known."""
        now = time.monotonic()
        if self._read_at is None:
            async with self._first_reading:
                await self._read_once(now)
        elif now > self._read_at + _FRESH_SECONDS:
            self._read_at = now  # one reads anew, the others go on with what is known
            await self._read_new()
        return self._mark(visitor_id) in self._marks

    async def add(self, visitor_id: UUID, *, now: datetime) -> None:
        """From now on nobody is this visitor."""
        mark = self._mark(visitor_id)
        async with self._database.transaction() as connection:
            await connection.execute(_QUERIES["add_erased"], {"mark": mark, "now": now})
        self._marks.add(mark)

    async def forget_old(self, *, now: datetime) -> int:
        """Drop the marks of visitors whose last token is past its end; how many there were."""
        async with self._database.transaction() as connection:
            cursor = await connection.execute(
                _QUERIES["forget_erased"], {"before": now - LONGEST_KNOWN}
            )
            return cursor.rowcount

    async def _read_once(self, now: float) -> None:
        if self._read_at is None and await self._read_new():
            self._read_at = now

    async def _read_new(self) -> bool:
        try:
            rows = await self._database.fetch_all(
                _QUERIES["erased_since"], after=self._newest - _OVERLAP
            )
        except DatabaseUnavailableError:
            return False
        self._marks.update(bytes(row["mark"]) for row in rows)
        self._newest = max((row["ordinal"] for row in rows), default=self._newest)
        return True

    def _mark(self, visitor_id: UUID) -> bytes:
        return hmac.digest(self._key, visitor_id.bytes, "sha256")
