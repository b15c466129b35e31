"""The one door to chat models: a chain of providers with limits, retries, circuit breakers, budgets and a ledger.

Gives pieces of text as they come, or says why there are none; the caller then lets the composer write. It never mixes
two models in one answer: after the first word was passed on, a failure is an interruption. Enter at `Gateway.stream`.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from datetime import datetime
from typing import Self
from uuid import UUID

from puls import monitoring
from puls.errors import PulsError
from puls.llm.accounts import Accounts, Budgets, Ledger, Unavailable
from puls.llm.attempts import CallLimits, Link, Question
from puls.llm.chat import ChatModel, Fault, ModelFaultError, ModelUsage, Prompt
from puls.llm.prices import Prices
from puls.llm.thoughts import Habit


class ModelUnavailableError(PulsError):
    """No model answers; nothing was passed on, so the composer can write the whole answer."""

    code, status = "model_unavailable", 503

    def __init__(self, reason: Unavailable, faults: Mapping[str, Fault]) -> None:
        tried = ", ".join(f"{name} ({fault})" for name, fault in faults.items())
        super().__init__(f"No model answers: {reason}{f'; tried {tried}' if tried else ''}.")
        self.reason = reason
        self.faults = dict(faults)


class ModelInterruptedError(PulsError):
    """A model stopped in the middle of its answer; what was passed on stands, the composer can finish it."""

    code, status = "model_interrupted", 502

    def __init__(self, model: str, fault: Fault) -> None:
        super().__init__(f"{model} stopped in the middle of its answer: {fault}.")
        self.model = model
        self.fault = fault


class Gateway:
    """The chain of models of this process. Use it as a context, so that the last rows reach the ledger."""

    def __init__(
        self,
        models: Sequence[ChatModel],
        *,
        ledger: Ledger,
        prices: Prices,
        clock: Callable[[], datetime],
        limits: CallLimits | None = None,
        budgets: Budgets | None = None,
        habits: Mapping[str, Habit] | None = None,
    ) -> None:
        """`habits`: how a model, by its name, is known to speak before it was heard."""
        self._limits = limits or CallLimits()
        self._prices = prices
        self._clock = clock
        self._accounts = Accounts(ledger=ledger, budgets=budgets or Budgets(), clock=clock)
        self._links = [
            Link(
                model,
                limits=self._limits,
                prices=prices,
                accounts=self._accounts,
                clock=clock,
                habit=(habits or {}).get(model.name, Habit.UNKNOWN),
            )
            for model in models
        ]

    @property
    def models(self) -> tuple[str, ...]:
        """`provider:model` of the chain, the preferred first; empty when the composer writes everything."""
        return tuple(link.name for link in self._links)

    @property
    def circuits(self) -> dict[str, bool]:
        """Of each model of the chain, whether it is left alone for a while because it failed too often."""
        return {link.name: link.is_left_alone for link in self._links}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._accounts.close()

    async def stream(
        self, prompt: Prompt, *, purpose: str, visitor_id: UUID | None = None
    ) -> AsyncGenerator[str | ModelUsage, None]:
        """Text in pieces, then one `ModelUsage`; that of an interrupted answer comes before the error.

        A caller that reads slowly keeps no provider waiting. To leave early, close the generator (`aclosing`) or cancel
        the task: the connection to the provider is closed at once and the call is still in the ledger.

        Raises:
            ModelUnavailableError: no model may be called or none answered; nothing was given yet.
            ModelInterruptedError: the model failed after its first words.
        """
        pieces = _Pieces()
        question = Question(
            prompt=prompt,
            purpose=purpose,
            visitor_id=visitor_id,
            ends_by=asyncio.get_running_loop().time() + self._limits.total_seconds,
            deliver=pieces.put,
        )
        asking = asyncio.create_task(self._ask(question, pieces))
        asking.add_done_callback(pieces.end)
        try:
            while (piece := await pieces.get()) is not None:
                yield piece
            await asking
        finally:
            asking.cancel()
            await asyncio.wait([asking])

    async def _ask(self, question: Question, pieces: "_Pieces") -> None:
        """Go down the chain until one model answers."""
        today = self._clock().date()
        prices = [self._prices.of(link.name, on=today) for link in self._links]
        allowed, reason = await self._accounts.permitted(prices, question.visitor_id)
        faults: dict[str, Fault] = {}
        for link in (self._links[index] for index in allowed):
            if asyncio.get_running_loop().time() >= question.ends_by:
                break
            try:
                await link.answer(question)
            except ModelFaultError as error:
                faults[link.name] = error.fault
                _log_fault(question, link.name, error, is_midway=pieces.have_begun)
                if pieces.have_begun:
                    raise ModelInterruptedError(link.name, error.fault) from error
            else:
                return
        raise self._unavailable(faults, reason)

    def _unavailable(
        self, faults: Mapping[str, Fault], reason: Unavailable | None
    ) -> ModelUnavailableError:
        if not self._links:
            reason = Unavailable.NO_MODEL
        elif faults or reason is None:
            reason = Unavailable.ALL_FAILED
        monitoring.MODEL_UNAVAILABLE.labels(reason=reason.value).inc()
        return ModelUnavailableError(reason, faults)


class _Pieces:
    """What a model has said and the caller has not yet read. `Link` bounds how much that can be."""

    def __init__(self) -> None:
        self._queue: asyncio.Queue[str | ModelUsage | None] = asyncio.Queue()
        self.have_begun = False

    def put(self, piece: str | ModelUsage) -> None:
        self.have_begun = True
        self._queue.put_nowait(piece)

    def end(self, _: object) -> None:
        self._queue.put_nowait(None)

    async def get(self) -> str | ModelUsage | None:
        return await self._queue.get()


def _log_fault(question: Question, model: str, error: ModelFaultError, *, is_midway: bool) -> None:
    """The provider's own words stay out: they may repeat the prompt."""
    monitoring.log.warning(
        "model.failed",
        model=model,
        purpose=question.purpose,
        fault=error.fault.value,
        is_midway=is_midway,
        retry_after_seconds=error.retry_after_seconds,
    )
