"""Which process answers a turn, and whether it still does: what lets another take over, or stop it.

A lease lasts some seconds and is prolonged while turns run. A process that is killed cannot prolong: whoever retries is
answered by another as soon as the lease is over. Enter at `TurnLeases`.
"""

import time
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID, uuid4

from puls.database import Database, Queries
from puls.errors import DatabaseUnavailableError
from puls.monitoring import log

BEAT_SECONDS = 1.0  # also how long a « stop » asked of another process takes
_LASTS = timedelta(
    seconds=8
)  # longer than a restart of PostgreSQL, shorter than a visitor's patience
_FRESH_SECONDS = 2.0
_QUERIES = Queries.beside("puls.conversation.keeping", "lease_queries.sql")


@dataclass(slots=True)
class TurnLeases:
    """The lease of this process."""

    database: Database
    process_id: UUID = field(default_factory=uuid4)
    _prolonged_at: float | None = None

    async def hold(self) -> None:
        """Make sure that the lease runs, before a turn is begun under it."""
        now = time.monotonic()
        if self._prolonged_at is None or now > self._prolonged_at + _FRESH_SECONDS:
            await self.prolong()

    async def prolong(self) -> Collection[UUID]:
        """Stay alive; the turns of this process that somebody asked another one to stop."""
        began = time.monotonic()
        values = {"process_id": self.process_id, "lasts": _LASTS}
        rows = await self.database.fetch_all(_QUERIES["stay_alive"], **values)
        self._prolonged_at = began
        return {row["turn_id"] for row in rows}

    async def ask_to_stop(self, visitor_id: UUID, turn_id: UUID) -> bool:
        """Tell the process that answers this turn of this visitor to stop. False: none does any more."""
        async with self.database.transaction(visitor_id=visitor_id) as connection:
            row = await (
                await connection.execute(_QUERIES["whose_turn"], {"turn_id": turn_id})
            ).fetchone()
        if row is None or not row["is_alive"]:
            return False
        values = {"turn_id": turn_id, "process_id": row["process_id"]}
        async with self.database.transaction() as connection:
            await connection.execute(_QUERIES["ask_to_stop"], values)
        return True

    async def end(self) -> None:
        """Say goodbye: what this process left unfinished may be taken over at once."""
        if self._prolonged_at is None:
            return
        try:
            async with self.database.transaction() as connection:
                await connection.execute(_QUERIES["end"], {"process_id": self.process_id})
        except DatabaseUnavailableError as error:
            log.debug("turns.lease_left", why=str(error))

    async def forget_gone(self) -> int:
        """Drop what processes that were killed left here."""
        async with self.database.transaction() as connection:
            return (await connection.execute(_QUERIES["forget_gone"])).rowcount
