"""What model calls cost, and whether another one may be made.

Every call leaves a row in a ledger, written behind the answer: a ledger that fails is logged and counted, and never
breaks or slows an answer. Budgets are read through the same ledger, so that replicas share them. `permitted` is pure.
"""

import asyncio
import math
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

from puls import monitoring
from puls.llm.chat import ModelUsage
from puls.llm.prices import Price

_FRESH_SECONDS = (
    3.0  # how long figures of the day are believed; what this process adds is counted at once
)
_PATIENCE_SECONDS = 1.0  # an answer waits this long for them
_VISITORS_REMEMBERED = 10_000
_CHEAPER_FROM = 0.8  # of the day's budget: a cheaper model of the chain makes the rest last longer


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelCall:
    """One request to a provider, as the ledger keeps it.

    `outcome` is "answered", "left", the name of a `Fault`, or "cached" for an answer told again, of which no provider knows.
    """

    at: datetime
    purpose: str
    visitor_id: UUID | None
    outcome: str
    attempt: int
    usage: ModelUsage
    first_token_seconds: float | None
    total_seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """What was used today: euros by everybody, and calls by one visitor that a provider worked on."""

    cost_eur: float = 0.0
    visitor_calls: int = 0


class Ledger(Protocol):
    """Where calls are kept; one for all replicas."""

    async def record(self, call: ModelCall) -> None: ...

    async def cost_since(self, since: datetime) -> float: ...

    async def calls_since(self, since: datetime, visitor_id: UUID) -> int: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Budgets:
    """Limits per calendar day in `timezone`; None is no limit."""

    daily_eur: float | None = None
    visitor_daily_calls: int | None = None
    timezone: str = "Europe/Paris"


class Unavailable(StrEnum):
    """Why no model answers."""

    NO_MODEL = "no_model"
    DAILY_BUDGET = "daily_budget"
    VISITOR_QUOTA = "visitor_quota"
    BUDGET_UNKNOWN = "budget_unknown"
    ALL_FAILED = "all_failed"


def permitted(
    prices: Sequence[Price | None], spent: Spent | None, budgets: Budgets
) -> tuple[list[int], Unavailable | None]:
    """Which models of the chain may be called, and what keeps the others back.

    Up to 80 % of the day's budget, all. Then those cheaper than the first one, if there are any. From 100 %, only those
    that cost nothing. A visitor at the quota gets the cheaper ones, and none at twice the quota. A model whose price is
    not known is never taken for cheap. When what was spent cannot be read, only what costs nothing is called.
    """
    everything = list(range(len(prices)))
    free = [i for i, price in enumerate(prices) if price is not None and price.rank == 0]
    cheaper = _cheaper_than_first(prices)
    if spent is None:
        return free, Unavailable.BUDGET_UNKNOWN
    quota, budget = budgets.visitor_daily_calls, budgets.daily_eur
    if quota is not None and spent.visitor_calls >= 2 * quota:
        return [], Unavailable.VISITOR_QUOTA
    if budget is not None and spent.cost_eur >= budget:
        return free, Unavailable.DAILY_BUDGET
    if quota is not None and spent.visitor_calls >= quota:
        return cheaper, Unavailable.VISITOR_QUOTA
    if budget is not None and spent.cost_eur >= _CHEAPER_FROM * budget and cheaper:
        return cheaper, Unavailable.DAILY_BUDGET
    return everything, None


def _cheaper_than_first(prices: Sequence[Price | None]) -> list[int]:
    first = prices[0] if prices else None
    most = math.inf if first is None else first.rank
    return [i for i, price in enumerate(prices) if price is not None and price.rank < most]


@dataclass(slots=True)
class _Figure:
    """A sum of one day: as the ledger had it a moment ago, what was added here since, and what the ledger lost.

    A lost row counts twice for the seconds until the next reading; a budget may err on that side.
    """

    day: datetime | None = None
    read_at: float = -math.inf
    read: float = 0.0
    added: float = 0.0
    added_when_read: float = 0.0
    lost: float = 0.0

    @property
    def value(self) -> float:
        return self.read + self.added - self.added_when_read + self.lost

    def take(self, value: float, *, day: datetime, added_when_read: float) -> None:
        """A fresh reading; what was added while it was read stays on top."""
        if day != self.day:
            self.lost = 0.0
        self.day, self.read, self.added_when_read = day, value, added_when_read


class Accounts:
    """The day's figures as this process knows them, and the rows on their way to the ledger."""

    def __init__(self, *, ledger: Ledger, budgets: Budgets, clock: Callable[[], datetime]) -> None:
        self._ledger = ledger
        self._budgets = budgets
        self._clock = clock
        self._cost = _Figure()
        self._calls: dict[UUID, _Figure] = {}
        self._writing: set[asyncio.Task[None]] = set()

    async def permitted(
        self, prices: Sequence[Price | None], visitor_id: UUID | None
    ) -> tuple[list[int], Unavailable | None]:
        """As the function `permitted`, for today."""
        cost: float | None = 0.0
        calls: float | None = 0.0
        if self._budgets.daily_eur is not None:
            cost = await self._today(self._cost, self._ledger.cost_since)
        if self._budgets.visitor_daily_calls is not None and visitor_id is not None:
            calls = await self._today(
                self._figure_of(visitor_id),
                lambda day: self._ledger.calls_since(day, visitor_id),
            )
        known = cost is not None and calls is not None
        spent = Spent(cost_eur=cost or 0.0, visitor_calls=int(calls or 0)) if known else None
        return permitted(prices, spent, self._budgets)

    def record(self, call: ModelCall) -> None:
        """Count a call now and write its row behind the answer."""
        self._cost.added += call.usage.cost_eur or 0.0
        if call.usage.tokens_in and call.visitor_id in self._calls:
            self._calls[call.visitor_id].added += 1
        task = asyncio.create_task(self._write(call))
        self._writing.add(task)
        task.add_done_callback(self._writing.discard)

    async def close(self) -> None:
        """Wait for the rows that are being written."""
        if self._writing:
            await asyncio.wait(set(self._writing))

    async def _write(self, call: ModelCall) -> None:
        try:
            await self._ledger.record(call)
        except Exception as error:  # noqa: BLE001 # an edge: whatever the ledger's trouble is, the answer goes on
            self._cost.lost += call.usage.cost_eur or 0.0
            monitoring.USAGE_ROWS_LOST.inc()
            monitoring.log.warning(
                "usage.row_lost",
                model=call.usage.model,
                cost_eur=call.usage.cost_eur,
                error=type(error).__name__,
            )

    async def _today(
        self, figure: _Figure, read: Callable[[datetime], Awaitable[float]]
    ) -> float | None:
        """The figure of today, read again when it is old; None when it could not be read yet today."""
        day = self._clock().astimezone(ZoneInfo(self._budgets.timezone))
        day = day.replace(hour=0, minute=0, second=0, microsecond=0)
        now = asyncio.get_running_loop().time()
        if figure.day != day or now > figure.read_at + _FRESH_SECONDS:
            figure.read_at, added = (
                now,
                figure.added,
            )  # one reads anew, the others go on with what is known
            try:
                async with asyncio.timeout(_PATIENCE_SECONDS):
                    value = await read(day)
            except Exception as error:  # noqa: BLE001 # an edge: without the ledger older figures decide
                monitoring.log.warning("usage.budget_unread", error=type(error).__name__)
            else:
                figure.take(value, day=day, added_when_read=added)
        return figure.value if figure.day == day else None

    def _figure_of(self, visitor_id: UUID) -> _Figure:
        if len(self._calls) >= _VISITORS_REMEMBERED:
            self._calls.clear()
        return self._calls.setdefault(visitor_id, _Figure())
