"""A gateway with the real client classes, the real ledger, and providers on loopback."""

import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol
from uuid import UUID

import pytest
from tests.llm.servers import ModelServer

from puls.costs.ledger import UsageLedger
from puls.database import Database
from puls.llm.accounts import Budgets, Ledger
from puls.llm.attempts import CallLimits
from puls.llm.breaker import BreakerLimits
from puls.llm.chain import read_chain
from puls.llm.chat import Message, ModelUsage, Prompt
from puls.llm.gateway import Gateway, ModelInterruptedError, ModelUnavailableError
from puls.llm.prices import Prices
from puls.llm.providers import chat_models
from puls.llm.thoughts import Habit

NOW = datetime(2026, 11, 27, 17, 0, tzinfo=UTC)
PROMPT = Prompt(
    system="Tu aides à choisir une sortie.",
    messages=(Message("user", "Un concert de jazz ce soir à Lyon ?"),),
    cache_key="answer-fr-1",
)
LIMITS = CallLimits(
    first_token_seconds=1.0,
    between_tokens_seconds=0.5,
    total_seconds=6.0,
    backoff_seconds=0.02,
    longest_pause_seconds=0.4,
    queue_seconds=0.2,
    breaker=BreakerLimits(failures=100),
)


@dataclass
class Heard:
    """What a caller got."""

    text: str
    usage: ModelUsage | None
    error: ModelUnavailableError | ModelInterruptedError | None


async def hear(gateway: Gateway, *, visitor_id: UUID | None = None) -> Heard:
    """Read an answer to its end, good or bad."""
    heard = Heard("", None, None)
    try:
        async with contextlib.aclosing(
            gateway.stream(PROMPT, purpose="answer", visitor_id=visitor_id)
        ) as pieces:
            async for piece in pieces:
                if isinstance(piece, ModelUsage):
                    heard.usage = piece
                else:
                    heard.text += piece
    except (ModelUnavailableError, ModelInterruptedError) as error:
        heard.error = error
    return heard


class OpenGateway(Protocol):
    def __call__(
        self,
        *servers: ModelServer,
        limits: CallLimits = LIMITS,
        budgets: Budgets | None = None,
        ledger: Ledger | None = None,
        prices: Prices | None = None,
        clock: Callable[[], datetime] = lambda: NOW,
        habit: Habit = Habit.STRAIGHT,
    ) -> AbstractAsyncContextManager[Gateway]: ...


@pytest.fixture
def ledger(database: Database) -> UsageLedger:
    return UsageLedger(database)


@pytest.fixture
def open_gateway(ledger: UsageLedger) -> OpenGateway:
    """A chain over the servers given, the preferred one first; the models are called `m1`, `m2`…"""
    own = ledger

    @contextlib.asynccontextmanager
    async def opened(
        *servers: ModelServer,
        limits: CallLimits = LIMITS,
        budgets: Budgets | None = None,
        ledger: Ledger | None = None,
        prices: Prices | None = None,
        clock: Callable[[], datetime] = lambda: NOW,
        habit: Habit = Habit.STRAIGHT,
    ) -> AsyncIterator[Gateway]:
        line = ", ".join(
            f"{server.dialect}:m{place}@{server.url}" for place, server in enumerate(servers, 1)
        )
        async with (
            chat_models(read_chain(line), keys={}) as models,
            Gateway(
                models,
                ledger=ledger or own,
                prices=prices or Prices.load(),
                clock=clock,
                limits=limits,
                budgets=budgets,
                habits={model.name: habit for model in models},
            ) as gateway,
        ):
            yield gateway

    return opened


async def rows(database: Database) -> list[dict[str, Any]]:
    """The ledger, oldest first."""
    async with database.transaction() as connection:
        cursor = await connection.execute(b"SELECT * FROM model_call ORDER BY id")
        return list(await cursor.fetchall())
