"""The usage ledger in PostgreSQL: one row per request to a model, shared by all replicas.

Writes rows and sums them; decides nothing (`puls.llm.accounts` does). Holds nobody's words.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.errors import ForeignKeyViolation

from puls.database import Database, Queries
from puls.llm.accounts import ModelCall

_QUERIES = Queries.beside("puls.costs")


class UsageLedger:
    """What `puls.llm.gateway` calls its `Ledger`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def record(self, call: ModelCall) -> None:
        """Keep a call; that of a visitor who was erased meanwhile as nobody's.

        Raises:
            DatabaseUnavailableError: PostgreSQL does not answer; the row is lost.
        """
        try:
            await self._insert(_row(call))
        except ForeignKeyViolation:
            await self._insert(_row(call) | {"visitor_id": None})

    async def cost_since(self, since: datetime) -> float:
        """Everybody's euros since a moment, for models as far as prices are known, and for web searches.

        Raises:
            DatabaseUnavailableError: PostgreSQL does not answer.
        """
        return float(await self._figure("cost_since", since=since))

    async def calls_since(self, since: datetime, visitor_id: UUID) -> int:
        """One visitor's calls since a moment that a provider worked on.

        Raises:
            DatabaseUnavailableError: PostgreSQL does not answer.
        """
        return int(await self._figure("calls_since", since=since, visitor_id=visitor_id))

    async def by_model(self, *, since: datetime, until: datetime) -> list[Mapping[str, Any]]:
        """What each model did for each purpose: calls, answered, tokens, euros and median times in milliseconds."""
        async with self._database.transaction() as connection:
            cursor = await connection.execute(
                _QUERIES["usage_by_model"], {"since": since, "until": until}
            )
            return list(await cursor.fetchall())

    async def _insert(self, row: Mapping[str, Any]) -> None:
        async with self._database.transaction() as connection:
            await connection.execute(_QUERIES["record_call"], row)

    async def _figure(self, query: str, **values: Any) -> float:
        async with self._database.transaction() as connection:
            cursor = await connection.execute(_QUERIES[query], values)
            row = await cursor.fetchone()
        assert row is not None
        figure: float = row["figure"]
        return figure


def _row(call: ModelCall) -> dict[str, Any]:
    first = call.first_token_seconds
    return {
        "at": call.at,
        "purpose": call.purpose,
        "model": call.usage.model,
        "visitor_id": call.visitor_id,
        "outcome": call.outcome,
        "attempt": call.attempt,
        "tokens_in": call.usage.tokens_in,
        "tokens_cached": call.usage.tokens_cached,
        "tokens_out": call.usage.tokens_out,
        "is_estimated": call.usage.is_estimated,
        "cost_eur": call.usage.cost_eur,
        "first_token_ms": None if first is None else round(first * 1000),
        "total_ms": round(call.total_seconds * 1000),
    }
