"""All that is held of a visitor, as a whole: exported, erased, and deleted by itself when it is old."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from puls.database import Database, Queries

_FOLLOWED_AFTER_THE_LAST_DATE = timedelta(days=30)
_QUERIES = Queries.beside("puls.conversation.keeping")


@dataclass(frozen=True, slots=True, kw_only=True)
class Swept:
    """How many rows a sweep deleted."""

    turns: int
    conversations: int
    preferences: int
    followed: int
    shares: int
    visitors: int


class PersonalData:
    """What the law and the visitor may ask of everything that is kept of them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def export(self, visitor_id: UUID) -> dict[str, Any]:
        """All that is held, as one document that JSON knows."""
        async with self._database.transaction(visitor_id=visitor_id) as connection:
            row = await (await connection.execute(_QUERIES["held"])).fetchone()
        assert row is not None
        held: dict[str, Any] = json.loads(row["held"])
        return held

    async def erase(self, visitor_id: UUID) -> bool:
        """Delete the visitor and, by the tables' own rules, everything of theirs; False when nothing was held."""
        async with self._database.transaction(visitor_id=visitor_id) as connection:
            cursor = await connection.execute(_QUERIES["erase"], {"visitor_id": visitor_id})
            return cursor.rowcount > 0

    async def sweep(self, *, now: datetime, keep: timedelta) -> Swept:
        """Delete what is old, as a role that cannot read a message.

        Turns and shares older than `keep`, conversations left without any, preferences that expired, followed events that are over
        for 30 days, and visitors of whom nothing else is left.
        """
        before = now - keep
        counts: dict[str, int] = {}
        async with self._database.transaction(is_keeping=True) as connection:
            for what in ("turns", "conversations", "preferences", "followed", "shares", "visitors"):
                values = {
                    "before": before,
                    "now": now,
                    "over_before": now - _FOLLOWED_AFTER_THE_LAST_DATE,
                }
                cursor = await connection.execute(_QUERIES[f"sweep_{what}"], values)
                counts[what] = cursor.rowcount
        return Swept(**counts)
