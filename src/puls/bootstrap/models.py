"""The chain of chat models that settings name, with its limits, budgets and prices."""

import contextlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime

from pydantic import SecretStr

from puls.bootstrap.trials import OpenGateway
from puls.costs.ledger import UsageLedger
from puls.database import Database
from puls.llm.accounts import Budgets
from puls.llm.attempts import CallLimits
from puls.llm.chain import Provider, read_chain
from puls.llm.gateway import Gateway
from puls.llm.prices import Prices
from puls.llm.providers import chat_models
from puls.llm.thoughts import Habit
from puls.settings import Settings


def gateways_of(settings: Settings, database: Database) -> OpenGateway:
    """How other chains of models are opened than the usual one, under the same limits and budgets."""
    return lambda models: gateway_of(settings.model_copy(update={"models": models}), database)


@contextlib.asynccontextmanager
async def gateway_of(settings: Settings, database: Database) -> AsyncIterator[Gateway]:
    """The chain of models that `PULS_MODELS` names; an empty one leaves all writing to the composer.

    Raises:
        InvalidInputError: the chain cannot be read or lacks a key.
    """
    specs = read_chain(settings.models, has_mistral_key=settings.mistral_api_key is not None)
    keys: dict[Provider, SecretStr | None] = {
        "mistral": settings.mistral_api_key,
        "openai": settings.openai_api_key,
    }
    free = [spec.name for spec in specs if spec.is_local]
    async with (
        chat_models(specs, keys=keys) as models,
        Gateway(
            models,
            ledger=UsageLedger(database),
            prices=Prices.load(free=free, extra=settings.model_prices),
            clock=lambda: datetime.now(UTC),
            limits=CallLimits(
                first_token_seconds=settings.model_first_token_seconds,
                between_tokens_seconds=settings.model_between_tokens_seconds,
                total_seconds=settings.model_total_seconds,
                retries=settings.model_retries,
                concurrent_calls=settings.model_concurrency,
            ),
            budgets=Budgets(
                daily_eur=settings.daily_budget_eur,
                visitor_daily_calls=settings.visitor_daily_calls,
                timezone=settings.timezone,
            ),
            # A provider's own address gives thoughts apart; what runs behind another is to be heard out first.
            habits={spec.name: Habit.STRAIGHT for spec in specs if spec.base_url is None},
        ) as gateway,
    ):
        yield gateway
