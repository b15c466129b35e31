"""One provider of the cascade: its places, its circuit breaker, its rest, its one retry, and the row of each request.

Enter at `Link.answer`.
"""

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Final

from puls import monitoring
from puls.llm.breaker import BreakerLimits, CircuitBreaker
from puls.web_search.providers.accounts import Permit, SearchAccounts
from puls.web_search.providers.provider import (
    LASTING,
    ProviderError,
    ProviderFault,
    SearchProvider,
)
from puls.web_search.providers.remembered import Question
from puls.web_search.providers.terms import Terms
from puls.web_search.values import Hit

# A request that fails like this may go through a moment later.
_RETRIED: Final = frozenset({ProviderFault.RATE_LIMITED, ProviderFault.SERVER})
# The provider's fault: enough of these in a row and it is left alone.
_COUNTED: Final = frozenset(
    {
        ProviderFault.UNREACHABLE,
        ProviderFault.TIME,
        ProviderFault.RATE_LIMITED,
        ProviderFault.SERVER,
        ProviderFault.GARBAGE,
        ProviderFault.TOO_LONG,
        ProviderFault.ENGINES,
    }
)
_FAIR_SECONDS: Final = 0.7  # who had less and did not answer is not blamed
_BACKOFF_SECONDS: Final = (0.05, 0.2)
_REST_SECONDS: Final = 300.0  # after what stays until somebody does something
_LONGEST_REST_SECONDS: Final = 3600.0  # whatever a provider asks for: plans are changed
_LEAST_FOR_A_RETRY_SECONDS: Final = 0.15
_RANDOM: Final = random.SystemRandom()


@dataclass(slots=True)
class _Trial:
    """One try; `seconds`: what the provider itself was given, after waits for a place and the pace."""

    seconds: float = 0.0


class Link:
    """A provider with all that surrounds a request to it."""

    def __init__(
        self,
        provider: SearchProvider,
        *,
        terms: Terms,
        accounts: SearchAccounts,
        breaker: BreakerLimits | None = None,
    ) -> None:
        self.name = provider.name
        self.terms = terms
        self._provider = provider
        self._accounts = accounts
        self._breaker = CircuitBreaker(breaker or BreakerLimits())
        self._places = asyncio.Semaphore(terms.concurrent_calls)
        self._resting: tuple[float, ProviderError] | None = None

    @property
    def is_left_alone(self) -> bool:
        """Whether its circuit is open."""
        return self._breaker.is_open

    def may_answer(self, *, now: float) -> bool:
        """Whether asking it makes sense at a moment of the loop's clock; it may still refuse."""
        return self._rest_at(now) is None and not self._breaker.is_open

    async def answer(self, question: Question, *, purpose: str, until: float) -> tuple[Hit, ...]:
        """Its results, asked once or, after a 429 or 5xx and while there is time, twice.

        Raises:
            ProviderError: no results by `until` (a moment of the loop's clock).
        """
        loop = asyncio.get_running_loop()
        for is_last in (False, True):
            self._check_open(loop.time())
            try:
                trial = _Trial()
                async with self._watched(trial), self._place(until):
                    return await self._attempt(question, trial, purpose=purpose, until=until)
            except ProviderError as error:
                pause = _pause(error)
                has_time = loop.time() + pause + _LEAST_FOR_A_RETRY_SECONDS < until
                if is_last or not has_time or error.fault not in _RETRIED or self._breaker.is_open:
                    self._rest_after(error, now=loop.time())
                    monitoring.WEB_SEARCHES.labels(self.name, error.fault.value).inc()
                    raise
                await asyncio.sleep(pause)
        raise AssertionError("the last attempt returns or raises")

    def _check_open(self, now: float) -> None:
        if (rest := self._rest_at(now)) is not None:
            monitoring.WEB_SEARCHES.labels(self.name, rest.fault.value).inc()
            raise rest
        if not self._breaker.allows(now=now):
            monitoring.WEB_SEARCHES.labels(self.name, ProviderFault.CIRCUIT_OPEN.value).inc()
            why = f"{self.name} failed too often a moment ago and is left alone for some seconds."
            raise ProviderError(ProviderFault.CIRCUIT_OPEN, why)

    def _rest_at(self, now: float) -> ProviderError | None:
        """Why it is left alone, if it is."""
        if self._resting is None:
            return None
        until, error = self._resting
        if now >= until:
            self._resting = None
            return None
        return ProviderError(error.fault, str(error), retry_after_seconds=until - now)

    def _rest_after(self, error: ProviderError, *, now: float) -> None:
        seconds = error.retry_after_seconds
        if seconds is None and error.fault in LASTING:
            seconds = _REST_SECONDS
        if seconds:
            self._resting = now + min(seconds, _LONGEST_REST_SECONDS), error

    @contextlib.asynccontextmanager
    async def _watched(self, trial: "_Trial") -> AsyncIterator[None]:
        """Tell the circuit breaker how a request went."""
        try:
            yield
        except ProviderError as error:
            is_unfair = error.fault is ProviderFault.TIME and trial.seconds < _FAIR_SECONDS
            says_when = error.retry_after_seconds is not None  # then it rests for as long
            if error.fault in _COUNTED and not is_unfair and not says_when:
                self._breaker.failed(now=asyncio.get_running_loop().time())
            else:
                self._breaker.released()
            raise
        except BaseException:
            self._breaker.released()
            raise
        else:
            self._breaker.succeeded()
        finally:
            monitoring.WEB_SEARCH_CIRCUIT_OPEN.labels(self.name).set(self._breaker.is_open)

    @contextlib.asynccontextmanager
    async def _place(self, until: float) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout_at(until):
                await self._places.acquire()
        except TimeoutError:
            why = f"As many requests to {self.name} as allowed are under way."
            raise ProviderError(ProviderFault.BUSY, why) from None
        try:
            yield
        finally:
            self._places.release()

    async def _attempt(
        self, question: Question, trial: "_Trial", *, purpose: str, until: float
    ) -> tuple[Hit, ...]:
        """One request, whatever becomes of it in the ledger."""
        loop = asyncio.get_running_loop()
        permit = await self._accounts.permit(self.name, self.terms, purpose=purpose, until=until)
        began, outcome, results = loop.time(), "left", 0
        trial.seconds = until - began
        try:
            with monitoring.span("web_search.request", provider=self.name):
                hits = await self._hits(question, until=until)
            outcome, results = "answered" if hits else "empty", len(hits)
            monitoring.WEB_SEARCHES.labels(self.name, outcome).inc()
        except ProviderError as error:
            outcome = error.fault.value
            raise
        finally:
            self._complete(permit, outcome=outcome, seconds=loop.time() - began, results=results)
        return hits

    async def _hits(self, question: Question, *, until: float) -> tuple[Hit, ...]:
        try:
            async with asyncio.timeout_at(until):
                return await self._provider.search(
                    question.words,
                    language=question.language,
                    place=question.place,
                    limit=question.limit,
                    within=until - asyncio.get_running_loop().time(),
                    freshness=question.freshness,
                )
        except TimeoutError as error:
            why = f"{self.name} did not answer in time."
            raise ProviderError(ProviderFault.TIME, why) from error

    def _complete(self, permit: Permit, *, outcome: str, seconds: float, results: int) -> None:
        cost_eur = self._accounts.complete(
            permit, outcome=outcome, seconds=seconds, results=results
        )
        monitoring.WEB_SEARCH_SECONDS.labels(self.name, outcome).observe(seconds)
        monitoring.WEB_SEARCH_COST.labels(self.name, permit.purpose).inc(cost_eur)


def _pause(error: ProviderError) -> float:
    """How long to wait before asking again."""
    return _RANDOM.uniform(*_BACKOFF_SECONDS) + (error.retry_after_seconds or 0.0)
