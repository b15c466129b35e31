"""Whether another search may be sent, and its row in the ledger.

The row is begun before the request, under limits that all replicas share, and completed behind the answer: a ledger that
fails is logged and counted, and then only what costs nothing is asked.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from puls import monitoring
from puls.costs.searches import Begun, Held, Refused, SearchLimits
from puls.web_search.providers.provider import ProviderError, ProviderFault
from puls.web_search.providers.terms import Terms

_PATIENCE_SECONDS = 0.5  # a search waits this long for the ledger, and at most half of its time
_LAST_ROWS_SECONDS = 5.0  # the end of the process waits this long for rows
_LEAST_FOR_A_REQUEST_SECONDS = 0.1  # after a wait for the pace

# The provider did no work that it could charge for (Brave: only successful requests are billed).
UNCHARGED = frozenset(
    {
        ProviderFault.UNREACHABLE,
        ProviderFault.RATE_LIMITED,
        ProviderFault.QUOTA,
        ProviderFault.DENIED,
        ProviderFault.FORMAT_OFF,
        ProviderFault.REJECTED,
        ProviderFault.SERVER,
        ProviderFault.NOT_INSTALLED,
        ProviderFault.BUSY,
    }
)


class Ledger(Protocol):
    """Where searches are begun and completed; one for all replicas."""

    async def begin(
        self, provider: str, *, purpose: str, limits: SearchLimits, now: datetime
    ) -> Begun | Refused: ...

    async def complete(
        self, begun: Begun, *, outcome: str, cost_eur: float, seconds: float, results: int
    ) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchBudget:
    """Limits per calendar day in `timezone`; None is no limit.

    `daily_eur` is the budget of models and searches together; `daily_calls` counts requests to all providers.
    """

    daily_eur: float | None = None
    daily_calls: int | None = None
    timezone: str = "Europe/Paris"


@dataclass(frozen=True, slots=True, kw_only=True)
class Permit:
    """A request that may be sent; `begun` None while the ledger does not answer."""

    provider: str
    purpose: str
    cost_eur: float
    begun: Begun | None


class SearchAccounts:
    """The permits of this process, and the rows on their way to the ledger."""

    def __init__(
        self, *, ledger: Ledger, budget: SearchBudget, clock: Callable[[], datetime]
    ) -> None:
        self._ledger = ledger
        self._budget = budget
        self._clock = clock
        self._writing: set[asyncio.Task[None]] = set()

    async def permit(self, provider: str, terms: Terms, *, purpose: str, until: float) -> Permit:
        """A permit for one request, waiting for the provider's pace while there is time (`until`: of the loop's clock).

        Raises:
            ProviderError: a limit keeps it back, or what was spent cannot be read and it costs something.
        """
        loop = asyncio.get_running_loop()
        while True:
            now = self._clock()
            limits = self._limits(terms, now)
            patience = min(_PATIENCE_SECONDS, (until - loop.time()) / 2)
            try:
                async with asyncio.timeout(patience):
                    answer = await self._ledger.begin(
                        provider, purpose=purpose, limits=limits, now=now
                    )
            except Exception as error:  # noqa: BLE001 # an edge: whatever the ledger's trouble is, the answer goes on
                return _without_ledger(provider, limits.cost_eur, purpose=purpose, error=error)
            if isinstance(answer, Begun):
                return Permit(
                    provider=provider, purpose=purpose, cost_eur=limits.cost_eur, begun=answer
                )
            wait = answer.wait_seconds
            has_time = loop.time() + wait + _LEAST_FOR_A_REQUEST_SECONDS < until
            if answer.why is not Held.PACE or not has_time:
                raise _held(provider, answer.why)
            await asyncio.sleep(wait)

    def complete(self, permit: Permit, *, outcome: str, seconds: float, results: int) -> float:
        """Complete the row behind the answer; what the request is taken to have cost, in euros."""
        cost_eur = 0.0 if outcome in UNCHARGED else permit.cost_eur
        if permit.begun is not None:
            writing = self._write(
                permit.begun, outcome=outcome, cost_eur=cost_eur, seconds=seconds, results=results
            )
            task = asyncio.create_task(writing)
            self._writing.add(task)
            task.add_done_callback(self._writing.discard)
        return cost_eur

    async def close(self) -> None:
        """Wait some seconds for the rows that are being written."""
        if self._writing:
            await asyncio.wait(set(self._writing), timeout=_LAST_ROWS_SECONDS)

    def _limits(self, terms: Terms, now: datetime) -> SearchLimits:
        here = now.astimezone(ZoneInfo(self._budget.timezone))
        return SearchLimits(
            day=here.replace(hour=0, minute=0, second=0, microsecond=0),
            cost_eur=terms.cost_eur(on=here.date()),
            daily_eur=self._budget.daily_eur,
            daily_calls=terms.daily_calls,
            daily_calls_of_all=self._budget.daily_calls,
            requests=terms.requests,
            seconds=terms.seconds,
        )

    async def _write(
        self, begun: Begun, *, outcome: str, cost_eur: float, seconds: float, results: int
    ) -> None:
        try:
            await self._ledger.complete(
                begun, outcome=outcome, cost_eur=cost_eur, seconds=seconds, results=results
            )
        except Exception as error:  # noqa: BLE001 # an edge: the row stays as it was begun, with its highest cost
            monitoring.WEB_SEARCH_ROWS_LOST.inc()
            monitoring.log.warning("web_search.row_lost", error=type(error).__name__)


def _without_ledger(provider: str, cost_eur: float, *, purpose: str, error: Exception) -> Permit:
    monitoring.log.warning(
        "web_search.budget_unread", provider=provider, error=type(error).__name__
    )
    if cost_eur > 0:
        why = f"What was spent today cannot be read, and {provider} costs something."
        raise ProviderError(ProviderFault.BUDGET_UNKNOWN, why) from error
    monitoring.WEB_SEARCH_ROWS_LOST.inc()
    return Permit(provider=provider, purpose=purpose, cost_eur=0.0, begun=None)


def _held(provider: str, why: Held) -> ProviderError:
    match why:
        case Held.BUDGET:
            sentence = f"The day's budget leaves nothing for {provider}."
            return ProviderError(ProviderFault.BUDGET, sentence)
        case Held.DAILY_LIMIT:
            sentence = f"As many searches as {provider} or all providers may have today were made."
            return ProviderError(ProviderFault.DAILY_LIMIT, sentence)
        case Held.PACE:
            sentence = f"The pace of {provider} leaves no place within the time there is."
            return ProviderError(ProviderFault.PACE, sentence)
