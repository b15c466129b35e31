"""One request to a provider of embeddings at a time: budget before, ledger row after, retries where they may help.

A question has seconds and a breaker; passages have patience: they wait as long as the provider asks, within bounds.
Enter at `Caller.call`.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from opentelemetry import trace

from puls import monitoring
from puls.errors import EmbeddingUnavailableError
from puls.llm.accounts import Accounts, ModelCall
from puls.llm.breaker import BreakerLimits, CircuitBreaker
from puls.llm.chat import Fault, ModelFaultError, ModelUsage
from puls.llm.embedding.wire import Embedded, estimated_tokens
from puls.llm.prices import Prices
from puls.monitoring.names import EMBEDDINGS

_WORTH_ANOTHER_TRY = {
    Fault.RATE_LIMITED, Fault.SERVER_ERROR, Fault.UNREACHABLE, Fault.CLOSED_EARLY, Fault.TOO_LONG, Fault.GARBAGE,
}  # fmt: skip
Purpose = Literal["embed_question", "embed_passages"]
Ask = Callable[[Sequence[str]], Awaitable[Embedded]]


@dataclass(frozen=True, slots=True, kw_only=True)
class EmbeddingLimits:
    """How long is waited. `question_seconds` covers all that a question gets, `request_seconds` one request of passages."""

    question_seconds: float = 2.0
    request_seconds: float = 60.0
    retries: int = 5
    backoff_seconds: float = 0.5
    longest_pause_seconds: float = 60.0
    patience_seconds: float = 600.0  # with a provider that keeps saying « later »
    at_once: int = 4  # requests of passages
    breaker: BreakerLimits = field(default_factory=BreakerLimits)


class Caller:
    """The calls to one model. Use one per process and model."""

    def __init__(
        self,
        name: str,
        ask: Ask,
        *,
        ask_passages: Ask | None = None,
        priced_as: str | None = None,
        accounts: Accounts,
        prices: Prices,
        clock: Callable[[], datetime],
        limits: EmbeddingLimits,
    ) -> None:
        """`ask`: one request; `ask_passages`: where passages are asked for otherwise; `priced_as`: the model in the price table."""
        self._name = name
        self._ask = ask
        self._ask_passages = ask_passages or ask
        self._priced_as = priced_as or name
        self._accounts = accounts
        self._prices = prices
        self._clock = clock
        self._limits = limits
        self._breaker = CircuitBreaker(limits.breaker)
        self._places = asyncio.Semaphore(limits.at_once)
        self._not_before = (
            0.0  # by the monotonic clock: a provider that asked for a pause gets it from all
        )

    async def question(self, texts: Sequence[str]) -> Embedded:
        """One try within seconds, refused at once while the provider keeps failing.

        Raises:
            EmbeddingUnavailableError: no vector; words decide alone.
        """
        await self._check_budget()
        if not self._breaker.allows(now=time.monotonic()):
            raise self._unavailable(ModelFaultError(Fault.CIRCUIT_OPEN))
        try:
            embedded = await self._told(self._ask, texts, "embed_question", 1)
        except ModelFaultError as fault:
            self._breaker.failed(now=time.monotonic())
            raise self._unavailable(fault) from fault
        except BaseException:
            self._breaker.released()
            raise
        self._breaker.succeeded()
        return embedded

    async def passages(self, texts: Sequence[str], *, are_questions: bool = False) -> Embedded:
        """As many tries as are allowed, with the pauses that the provider asks for: a limit of its own is waited for.

        `are_questions`: as questions are asked for, by who has time.

        Raises:
            ModelFaultError: the request itself is refused; a smaller one may be taken.
            EmbeddingUnavailableError: no vectors.
        """
        ask = self._ask if are_questions else self._ask_passages
        patient_until = time.monotonic() + self._limits.patience_seconds
        attempt, failures = 0, 0
        async with self._places:
            while True:
                await self._check_budget()
                await self._pause()
                attempt += 1
                try:
                    return await self._told(ask, texts, "embed_passages", attempt)
                except ModelFaultError as fault:
                    if fault.fault is Fault.REJECTED:
                        raise
                    failures += fault.fault is not Fault.RATE_LIMITED
                    if (
                        fault.fault not in _WORTH_ANOTHER_TRY
                        or failures > self._limits.retries
                        or time.monotonic() > patient_until
                    ):
                        raise self._unavailable(fault) from fault
                    self._put_off(fault, attempt)

    async def _told(
        self, ask: Ask, texts: Sequence[str], purpose: Purpose, attempt: int
    ) -> Embedded:
        """One request with its row in the ledger."""
        is_question = purpose == "embed_question"
        seconds = self._limits.question_seconds if is_question else self._limits.request_seconds
        began, outcome = time.monotonic(), "left"
        embedded: Embedded | None = None
        with monitoring.model_span(self._name, EMBEDDINGS) as span:
            try:
                async with asyncio.timeout(seconds):
                    embedded = await ask(texts)
                outcome = "answered"
            except TimeoutError as error:
                outcome = Fault.TOO_LONG
                raise ModelFaultError(Fault.TOO_LONG, f"{seconds:g} s") from error
            except ModelFaultError as fault:
                outcome = fault.fault
                raise
            finally:
                call = self._call(purpose, outcome, attempt, self._usage(texts, embedded), began)
                self._accounts.record(call)
                _observe(span, call)
        return embedded

    def _call(
        self, purpose: Purpose, outcome: str, attempt: int, usage: ModelUsage, began: float, /
    ) -> ModelCall:
        return ModelCall(
            at=self._clock(),
            purpose=purpose,
            visitor_id=None,
            outcome=outcome,
            attempt=attempt,
            usage=usage,
            first_token_seconds=None,
            total_seconds=time.monotonic() - began,
        )

    def _usage(self, texts: Sequence[str], embedded: Embedded | None) -> ModelUsage:
        """What was not answered is taken to cost nothing, as providers have it."""
        counted = 0 if embedded is None else embedded.tokens
        usage = ModelUsage(
            model=self._name,
            tokens_in=estimated_tokens(texts) if counted is None else counted,
            is_estimated=counted is None,
        )
        price = self._prices.of(self._priced_as, on=self._clock().date())
        return usage if price is None else replace(usage, cost_eur=price.of(usage))

    async def _check_budget(self) -> None:
        price = self._prices.of(self._priced_as, on=self._clock().date())
        allowed, reason = await self._accounts.permitted([price], None)
        if not allowed:
            raise EmbeddingUnavailableError(
                f"{self._name} is not asked: {reason} (PULS_DAILY_BUDGET_EUR)."
            )

    def _put_off(self, fault: ModelFaultError, attempt: int) -> None:
        wait = fault.retry_after_seconds
        if wait is None:
            wait = min(
                self._limits.backoff_seconds * 2 ** min(attempt - 1, 10),
                self._limits.longest_pause_seconds,
            )
        if wait > self._limits.longest_pause_seconds:
            raise self._unavailable(fault) from fault
        self._not_before = max(self._not_before, time.monotonic() + wait)

    async def _pause(self) -> None:
        while (wait := self._not_before - time.monotonic()) > 0:  # noqa: ASYNC110 # a moment, and it may be put off again
            await asyncio.sleep(wait)

    def _unavailable(self, fault: ModelFaultError) -> EmbeddingUnavailableError:
        return EmbeddingUnavailableError(
            f"{self._name} gives no vectors ({fault}); {_ADVICE.get(fault.fault, 'try again later')}."
        )


def _observe(span: trace.Span, call: ModelCall) -> None:
    usage = call.usage
    monitoring.observe_model_call(
        span,
        model=usage.model,
        purpose=call.purpose,
        outcome=call.outcome,
        tokens_in=usage.tokens_in,
        tokens_cached=0,
        tokens_out=0,
        cost_eur=usage.cost_eur,
        first_token_seconds=None,
        total_seconds=call.total_seconds,
        operation=EMBEDDINGS,
    )


_ADVICE = {
    Fault.DENIED: "check its key, its name and its address",
    Fault.REJECTED: "it refuses what is sent: check its name and its dimensions",
    Fault.RATE_LIMITED: "its limit is reached; what was embedded is kept, go on later",
}
