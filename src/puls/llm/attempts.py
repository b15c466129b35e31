"""One provider of the chain: its places, its circuit breaker, its retries and the limits of each request.

Decides when a request has failed and what that is called. Enter at `Link.answer`.
"""

import asyncio
import contextlib
import random
import unicodedata
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from puls import monitoring
from puls.llm.accounts import Accounts, ModelCall
from puls.llm.breaker import BreakerLimits, CircuitBreaker
from puls.llm.chat import ChatModel, Fault, ModelFaultError, ModelUsage, Prompt
from puls.llm.prices import Prices
from puls.llm.thoughts import Habit, ThoughtAloudError, Voice

# A request that fails like this before a word came may go through a moment later.
_RETRIED = frozenset(
    {Fault.UNREACHABLE, Fault.RATE_LIMITED, Fault.SERVER_ERROR, Fault.CLOSED_EARLY}
)
# Not the provider's fault, or only this request's: it tells nothing about the next one.
_NO_VERDICT = frozenset({Fault.BUSY, Fault.REJECTED})
# The provider did no work that it could charge for.
_UNCHARGED = frozenset(
    {Fault.UNREACHABLE, Fault.RATE_LIMITED, Fault.SERVER_ERROR, Fault.DENIED, Fault.REJECTED}
    | {Fault.ERROR_BODY}
)
_CHARACTERS_PER_TOKEN = 3  # French text has about four; an estimate should not be too low
_TOKENS_AROUND = 10  # what a provider's template puts around each message
_MOST_CHARACTERS_PER_TOKEN = 16  # far more than any tokeniser gives: the provider ignores the limit
_RANDOM = random.SystemRandom()


@dataclass(frozen=True, slots=True, kw_only=True)
class CallLimits:
    """Limits of one answer. `first_token_seconds` covers all that a provider gets: queue, retries and pauses.

    `total_seconds` runs from the question to the last token, over all providers; `retries` are per provider.
    """

    first_token_seconds: float = 4.0
    between_tokens_seconds: float = 5.0
    total_seconds: float = 20.0
    retries: int = 2
    backoff_seconds: float = 0.25
    longest_pause_seconds: float = 2.0
    concurrent_calls: int = 16
    queue_seconds: float = 1.0
    breaker: BreakerLimits = field(default_factory=BreakerLimits)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked of the chain, until when, and where the pieces of the answer go."""

    prompt: Prompt
    purpose: str
    visitor_id: UUID | None
    ends_by: float
    deliver: Callable[[str | ModelUsage], None]


@dataclass(slots=True)
class _Progress:
    """What came of one request so far."""

    began: float
    voice: Voice
    head: str = ""
    characters: int = 0
    first_at: float | None = None
    usage: ModelUsage | None = None

    def take(self, piece: str) -> str:
        """The text to pass on: no thoughts, and no blanks before a word comes.

        Raises:
            ModelFaultError: no text that anybody could read, or a thought that was taken for the answer.
        """
        if not piece.isprintable() and any(_is_garbage(character) for character in piece):
            raise ModelFaultError(Fault.GARBAGE, "control characters")
        self.characters += len(piece)
        try:
            return self._passed(self.voice.feed(piece))
        except ThoughtAloudError:
            raise ModelFaultError(Fault.GARBAGE, "a thought told as an answer") from None

    @property
    def is_heard(self) -> bool:
        """Whether it speaks to the visitor, even if what it says is still held."""
        return self.first_at is not None or self.voice.has_words

    def rest(self) -> str:
        """What is still to be passed on when the stream has ended."""
        return self._passed(self.voice.end())

    def _passed(self, text: str) -> str:
        if self.first_at is not None:
            return text
        self.head += text
        if not self.head.strip():
            return ""
        self.first_at = asyncio.get_running_loop().time()
        return self.head.lstrip()


class Link:
    """One model of the chain."""

    def __init__(
        self,
        model: ChatModel,
        *,
        limits: CallLimits,
        prices: Prices,
        accounts: Accounts,
        clock: Callable[[], datetime],
        habit: Habit = Habit.UNKNOWN,
    ) -> None:
        self.name = model.name
        self._model = model
        self._limits = limits
        self._prices = prices
        self._accounts = accounts
        self._clock = clock
        self._breaker = CircuitBreaker(limits.breaker)
        self._places = asyncio.Semaphore(limits.concurrent_calls)
        self._habit = habit

    @property
    def is_left_alone(self) -> bool:
        """Whether its circuit is open."""
        return self._breaker.is_open

    async def answer(self, question: Question) -> None:
        """Deliver the whole answer, retrying what may be retried until a word was passed on.

        Raises:
            ModelFaultError: no answer, or only its beginning was delivered.
        """
        loop = asyncio.get_running_loop()
        first_by = min(loop.time() + self._limits.first_token_seconds, question.ends_by)
        for attempt in range(1, self._limits.retries + 2):
            if not self._breaker.allows(now=loop.time()):
                raise self._refused(Fault.CIRCUIT_OPEN)
            progress = _Progress(began=loop.time(), voice=Voice(self._habit))
            try:
                async with self._watched(), self._place():
                    await self._attempt(question, progress, attempt=attempt, first_by=first_by)
            except ModelFaultError as fault:
                pause = self._pause(fault, attempt)
                is_hopeless = pause is None or loop.time() + pause >= first_by
                if is_hopeless or progress.first_at is not None or self._breaker.is_open:
                    raise
                await asyncio.sleep(pause or 0)
            else:
                return

    def _pause(self, fault: ModelFaultError, attempt: int) -> float | None:
        """How long to wait before the next attempt; None when there should be none."""
        if fault.fault not in _RETRIED or attempt > self._limits.retries:
            return None
        jitter = _RANDOM.uniform(0, self._limits.backoff_seconds * 2 ** (attempt - 1))
        pause = jitter + (fault.retry_after_seconds or 0.0)
        return pause if pause <= self._limits.longest_pause_seconds else None

    @contextlib.asynccontextmanager
    async def _watched(self) -> AsyncIterator[None]:
        """Tell the circuit breaker how a request went."""
        try:
            yield
        except ModelFaultError as fault:
            if fault.fault in _NO_VERDICT:
                self._breaker.released()
            else:
                self._breaker.failed(now=asyncio.get_running_loop().time())
            raise
        except BaseException:
            self._breaker.released()
            raise
        else:
            self._breaker.succeeded()
        finally:
            monitoring.MODEL_CIRCUIT_OPEN.labels(model=self.name).set(self._breaker.is_open)

    @contextlib.asynccontextmanager
    async def _place(self) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout(self._limits.queue_seconds):
                await self._places.acquire()
        except TimeoutError:
            raise self._refused(Fault.BUSY) from None
        try:
            yield
        finally:
            self._places.release()

    def _refused(self, fault: Fault) -> ModelFaultError:
        monitoring.MODEL_CALLS_REFUSED.labels(model=self.name, reason=fault.value).inc()
        return ModelFaultError(fault)

    async def _attempt(
        self, question: Question, progress: _Progress, *, attempt: int, first_by: float
    ) -> None:
        """One request, whatever becomes of it recorded."""
        outcome = "left"
        with monitoring.model_span(self.name) as span:
            try:
                await self._request(question, progress, first_by=first_by)
                outcome = "answered"
            except ModelFaultError as fault:
                outcome = fault.fault.value
                raise
            finally:
                call = self._call(question, progress, outcome=outcome, attempt=attempt)
                self._accounts.record(call)
                if progress.first_at is not None:
                    question.deliver(call.usage)
                monitoring.observe_model_call(
                    span,
                    model=self.name,
                    purpose=call.purpose,
                    outcome=outcome,
                    tokens_in=call.usage.tokens_in,
                    tokens_cached=call.usage.tokens_cached,
                    tokens_out=call.usage.tokens_out,
                    cost_eur=call.usage.cost_eur,
                    first_token_seconds=call.first_token_seconds,
                    total_seconds=call.total_seconds,
                )

    async def _request(self, question: Question, progress: _Progress, *, first_by: float) -> None:
        loop = asyncio.get_running_loop()
        most = question.prompt.max_tokens * _MOST_CHARACTERS_PER_TOKEN
        try:
            async with asyncio.timeout_at(first_by) as limit:
                async for piece in self._model.stream(question.prompt):
                    if isinstance(piece, ModelUsage):
                        progress.usage = piece
                    else:
                        if text := progress.take(piece):
                            question.deliver(text)
                        if progress.is_heard:
                            silent_until = loop.time() + self._limits.between_tokens_seconds
                            limit.reschedule(min(silent_until, question.ends_by))
                    if progress.characters > most:
                        raise ModelFaultError(Fault.TOO_LONG, "more text than was asked for")
        except TimeoutError:
            raise ModelFaultError(_silence(progress, question, now=loop.time())) from None
        self._habit = progress.voice.next_habit
        if text := progress.rest():
            question.deliver(text)
        if progress.first_at is None:
            raise ModelFaultError(Fault.EMPTY)

    def _call(
        self, question: Question, progress: _Progress, *, outcome: str, attempt: int
    ) -> ModelCall:
        now = self._clock()
        usage = progress.usage or self._estimate(question.prompt, progress, outcome)
        price = self._prices.of(self.name, on=now.date())
        return ModelCall(
            at=now,
            purpose=question.purpose,
            visitor_id=question.visitor_id,
            outcome=outcome,
            attempt=attempt,
            usage=ModelUsage(
                model=self.name,
                tokens_in=usage.tokens_in,
                tokens_cached=usage.tokens_cached,
                tokens_out=usage.tokens_out,
                cost_eur=price.of(usage) if price else None,
                is_estimated=usage.is_estimated,
            ),
            first_token_seconds=progress.first_at and progress.first_at - progress.began,
            total_seconds=asyncio.get_running_loop().time() - progress.began,
        )

    def _estimate(self, prompt: Prompt, progress: _Progress, outcome: str) -> ModelUsage:
        """A provider bills a prompt that it read and words that it wrote, even when nobody waited for the count."""
        if outcome in _UNCHARGED and not progress.characters:
            return ModelUsage(model=self.name)
        return ModelUsage(
            model=self.name,
            tokens_in=-(-prompt.characters // _CHARACTERS_PER_TOKEN)
            + _TOKENS_AROUND * (1 + len(prompt.messages)),
            tokens_out=-(-progress.characters // _CHARACTERS_PER_TOKEN),
            is_estimated=True,
        )


def _silence(progress: _Progress, question: Question, *, now: float) -> Fault:
    if progress.first_at is None:
        return Fault.SILENT
    return Fault.TOO_LONG if now >= question.ends_by else Fault.STALLED


def _is_garbage(character: str) -> bool:
    """Control characters and lone surrogates: no text, and some cannot be stored or sent."""
    return unicodedata.category(character) in {"Cc", "Cs"} and character not in "\n\r\t"
