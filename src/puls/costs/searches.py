"""The ledger of web searches in PostgreSQL: one row per request, and the limits that all replicas share.

A request is begun here before it is sent: budget, daily counts and pace are looked at and the row is written in one
transaction under a lock, so that a hundred at once cannot pass a limit together. Holds no words of anybody.
Enter at `SearchLedger.begin`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from puls.database import Database, Queries

_QUERIES = Queries.beside("puls.costs", "searches.sql")
_LOCK: Final = 0x73656172  # "sear" in ASCII; any constant that no other lock here uses


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchLimits:
    """What a request is held against.

    `day`: when today began (aware). `daily_eur`: everybody's euros today, models included, None no limit. `daily_calls`:
    today's requests to this provider, `daily_calls_of_all` to all of them, None no limit. `requests` may begin within
    `seconds`.
    """

    day: datetime
    cost_eur: float
    daily_eur: float | None
    daily_calls: int
    daily_calls_of_all: int | None
    requests: int
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchFigures:
    """What the tables hold: today's euros and requests, and when the request began that the pace counts from."""

    cost_eur: float = 0.0
    calls: int = 0
    calls_of_all: int = 0
    pace_from: datetime | None = None


class Held(StrEnum):
    """Why a request may not begin."""

    BUDGET = "budget"
    DAILY_LIMIT = "daily_limit"
    PACE = "pace"


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """The row of a request that may be sent."""

    row: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """No request: nothing was written. `wait_seconds`: after which the pace allows one."""

    why: Held
    wait_seconds: float = 0.0


def refusal(limits: SearchLimits, figures: SearchFigures, *, now: datetime) -> Refused | None:
    """What keeps a request back, if anything. What costs nothing is never kept back by the budget. Pure."""
    too_dear = (
        limits.daily_eur is not None
        and limits.cost_eur > 0
        and figures.cost_eur + limits.cost_eur > limits.daily_eur
    )
    if too_dear:
        return Refused(why=Held.BUDGET)
    of_all = limits.daily_calls_of_all
    if figures.calls >= limits.daily_calls or (
        of_all is not None and figures.calls_of_all >= of_all
    ):
        return Refused(why=Held.DAILY_LIMIT)
    if figures.pace_from is not None:
        free_at = figures.pace_from + timedelta(seconds=limits.seconds)
        if free_at > now:
            # A row ahead of `now` was written by a clock that runs ahead of this one.
            wait = min((free_at - now).total_seconds(), limits.seconds)
            return Refused(why=Held.PACE, wait_seconds=wait)
    return None


class SearchLedger:
    """Begins and completes requests; sums them for operators."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def begin(
        self, provider: str, *, purpose: str, limits: SearchLimits, now: datetime
    ) -> Begun | Refused:
        """Write the row of a request that may be sent, or say what keeps it back.

        Raises:
            DatabaseUnavailableError: PostgreSQL does not answer; nothing is known.
        """
        async with self._database.transaction() as connection:
            await connection.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
            cursor = await connection.execute(
                _QUERIES["search_figures"],
                {
                    "provider": provider,
                    "day": limits.day,
                    "pace_after": now - timedelta(seconds=limits.seconds),
                    "pace_offset": limits.requests - 1,
                },
            )
            row = await cursor.fetchone()
            assert row is not None
            if (held := refusal(limits, SearchFigures(**row), now=now)) is not None:
                return held
            cursor = await connection.execute(
                _QUERIES["begin_search"],
                {"at": now, "provider": provider, "purpose": purpose, "cost_eur": limits.cost_eur},
            )
            begun = await cursor.fetchone()
            assert begun is not None
            return Begun(row=begun["id"])

    async def complete(
        self, begun: Begun, *, outcome: str, cost_eur: float, seconds: float, results: int
    ) -> None:
        """Say what a request came to.

        Raises:
            DatabaseUnavailableError: PostgreSQL does not answer; the row stays as it was begun, with its highest cost.
        """
        async with self._database.transaction() as connection:
            await connection.execute(
                _QUERIES["complete_search"],
                {
                    "id": begun.row,
                    "outcome": outcome,
                    "cost_eur": cost_eur,
                    "ms": round(seconds * 1000),
                    "results": results,
                },
            )

    async def by_provider(self, *, since: datetime, until: datetime) -> list[Mapping[str, Any]]:
        """What each provider did for each purpose: calls, answered, results, euros and the median time in milliseconds."""
        async with self._database.transaction() as connection:
            cursor = await connection.execute(
                _QUERIES["searches_by_provider"], {"since": since, "until": until}
            )
            return list(await cursor.fetchall())
