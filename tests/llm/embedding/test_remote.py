"""Mistral's and OpenAI's embeddings over real sockets: how they answer, and how they fail."""

import time
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime

import httpx
import numpy as np
import pytest
from numpy.typing import NDArray
from pydantic import SecretStr
from tests.llm.embedding import servers
from tests.llm.embedding.servers import EmbeddingServer, refuses, serving, takes_at_most, vector_of

from puls.costs.ledger import UsageLedger
from puls.database import Database
from puls.errors import EmbeddingUnavailableError
from puls.llm.accounts import Accounts, Budgets
from puls.llm.breaker import BreakerLimits
from puls.llm.embedding.calls import Caller, EmbeddingLimits
from puls.llm.embedding.remote import HttpEmbeddings, RemoteEmbedder
from puls.llm.embedding.spec import EngineSpec, Kind
from puls.llm.prices import Prices

pytestmark = pytest.mark.database

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
QUICK = EmbeddingLimits(
    question_seconds=0.5,
    request_seconds=1.0,
    retries=2,
    backoff_seconds=0.01,
    longest_pause_seconds=2.0,
    breaker=BreakerLimits(failures=2, window_seconds=30, pause_seconds=30),
)
Open = Callable[..., RemoteEmbedder]


@pytest.fixture
async def accounts(database: Database) -> AsyncIterator[Accounts]:
    accounts = Accounts(
        ledger=UsageLedger(database), budgets=Budgets(daily_eur=0.001), clock=lambda: NOW
    )
    yield accounts
    await accounts.close()


@pytest.fixture
async def open_on(accounts: Accounts) -> AsyncIterator[Open]:
    async with httpx.AsyncClient() as http:

        def opened(
            server: EmbeddingServer,
            *,
            kind: Kind = "openai",
            model: str = "bge-m3",
            dimensions: int | None = None,
            is_free: bool = True,
        ) -> RemoteEmbedder:
            spec = EngineSpec(kind=kind, model=model, base_url=server.url, dimensions=dimensions)
            caller = Caller(
                spec.name,
                HttpEmbeddings(http, spec, key=SecretStr("a-key")),
                priced_as=spec.priced_as,
                accounts=accounts,
                prices=Prices.load(free=[spec.priced_as] if is_free else []),
                clock=lambda: NOW,
                limits=QUICK,
            )
            return RemoteEmbedder(spec, caller)

        yield opened


async def rows(database: Database) -> list[dict[str, object]]:
    return await database.fetch_all(
        b"SELECT purpose, model, outcome, attempt, tokens_in, is_estimated, cost_eur::float AS cost, visitor_id"
        b" FROM model_call ORDER BY id"
    )


def unit_of(text: str, dimensions: int = 16) -> NDArray[np.float64]:
    vector = np.array(vector_of(text, dimensions))
    unit: NDArray[np.float64] = vector / np.linalg.norm(vector)
    return unit


@pytest.mark.parametrize("kind", ["openai", "mistral"])
async def test_every_text_gets_its_own_unit_vector(open_on: Open, kind: Kind) -> None:
    """Cosines are computed as products of unit vectors, and 70 texts take three requests."""
    texts = [f"Concert numéro {number}" for number in range(70)]
    async with serving(servers.answers, servers.in_another_order, servers.answers) as server:
        embedder = open_on(server, kind=kind)
        vectors = await embedder.embed_passages(texts)
    assert np.allclose(vectors, [unit_of(text) for text in texts], atol=1e-6)
    assert embedder.dimensions == 16
    assert sorted(len(asked.body["input"]) for asked in server.asked) == [6, 32, 32]
    assert {asked.path for asked in server.asked} == {"/v1/embeddings"}
    assert {asked.headers["authorization"] for asked in server.asked} == {"Bearer a-key"}


async def test_what_a_model_wants_before_a_text_is_sent(open_on: Open) -> None:
    """And the dimensions that an operator asked for."""
    async with serving() as server:
        embedder = open_on(server, model="multilingual-e5-base", dimensions=8)
        await embedder.embed_passages(["Jazz", ""])
        assert (await embedder.embed_query("jazz")).shape == (8,)
    assert [asked.body["input"] for asked in server.asked] == [
        ["passage: Jazz", "passage: "],
        ["query: jazz"],
    ]
    assert {asked.body["dimensions"] for asked in server.asked} == {8}


async def test_each_request_leaves_a_row_with_its_cost(
    open_on: Open, accounts: Accounts, database: Database
) -> None:
    """An operator sees what the index costs, beside what answers cost; nobody's words and nobody's name are in it."""
    async with serving() as server:
        embedder = open_on(server, kind="mistral", model="mistral-embed", is_free=False)
        embedder.dimensions = 16
        await embedder.embed_passages(["un deux trois", "quatre"])
        await embedder.embed_query("cinq")
    await accounts.close()
    passages, question = await rows(database)
    assert passages == {
        "purpose": "embed_passages", "model": "mistral:mistral-embed", "outcome": "answered", "attempt": 1,
        "tokens_in": 4, "is_estimated": False, "cost": pytest.approx(4 * 0.09 / 1e6), "visitor_id": None,
    }  # fmt: skip
    assert (question["purpose"], question["tokens_in"]) == ("embed_question", 1)


async def test_a_provider_that_does_not_count_is_counted_for(
    open_on: Open, accounts: Accounts, database: Database
) -> None:
    """Upwards: a budget errs on that side."""
    async with serving(servers.without_counting) as server:
        await open_on(server).embed_query("neuf ca.")
    await accounts.close()
    (row,) = await rows(database)
    assert (row["tokens_in"], row["is_estimated"]) == (3, True)


@pytest.mark.parametrize(
    "scenario",
    [
        refuses(500), refuses(503), servers.cut_short, servers.cut_off, servers.one_too_few, servers.not_numbers,
        servers.all_zero, servers.says_nothing,
    ],
)  # fmt: skip
async def test_what_may_pass_is_tried_again(
    open_on: Open, scenario: servers.Scenario, accounts: Accounts, database: Database
) -> None:
    """An index of hours must not end with one bad minute of the provider's."""
    async with serving(scenario, servers.answers) as server:
        vectors = await open_on(server).embed_passages(["Jazz"])
    assert np.allclose(vectors, [unit_of("Jazz")], atol=1e-6)
    await accounts.close()
    outcomes = [row["outcome"] for row in await rows(database)]
    assert len(outcomes) == 2
    assert outcomes[0] != "answered"
    assert outcomes[1] == "answered"


async def test_a_provider_gets_the_pause_that_it_asks_for(open_on: Open) -> None:
    """And all requests keep it, not only the one that was told."""
    async with serving(refuses(429, Retry_After="1"), servers.answers) as server:
        began = time.monotonic()
        await open_on(server).embed_passages(["Jazz"])
        assert time.monotonic() - began >= 1.0
    assert len(server.asked) == 2


async def test_a_limit_of_the_provider_is_waited_for(open_on: Open) -> None:
    """More often than a failure is forgiven: seen with 4 requests at once and a limit of some a second."""
    later = [refuses(429, Retry_After="0.05")] * 6
    async with serving(*later, servers.answers) as server:
        await open_on(server).embed_passages(["Jazz"])
    assert len(server.asked) == 7


async def test_what_an_index_is_measured_by_has_the_patience_of_a_build(open_on: Open) -> None:
    """A visitor's two seconds and one try would leave an index of hours without its statistics."""
    async with serving(refuses(500), servers.answers) as server:
        vectors = await open_on(server, model="multilingual-e5-base").embed_topics(["jazz", "bal"])
    assert np.allclose(vectors, [unit_of("query: jazz"), unit_of("query: bal")], atol=1e-6)


async def test_a_pause_beyond_patience_ends_the_build(open_on: Open) -> None:
    """A day's quota: better told now than waited for."""
    async with serving(refuses(429, Retry_After="3600")) as server:
        with pytest.raises(EmbeddingUnavailableError, match="limit is reached; what was embedded"):
            await open_on(server).embed_passages(["Jazz"])
    assert len(server.asked) == 1


@pytest.mark.parametrize("status", [401, 403, 404])
async def test_a_wrong_key_is_not_tried_again(open_on: Open, status: int) -> None:
    """It will not become right, and some providers lock who insists; the key and their words stay out of the sentence."""
    async with serving(refuses(status)) as server:
        with pytest.raises(EmbeddingUnavailableError, match="check its key") as caught:
            await open_on(server).embed_passages(["Jazz"])
    assert len(server.asked) == 1
    assert "a-key" not in str(caught.value)
    assert "secret" not in str(caught.value)


async def test_too_many_texts_are_sent_in_smaller_requests(open_on: Open) -> None:
    """TEI takes 32 unless told otherwise; some servers take 8."""
    texts = [f"Concert {number}" for number in range(20)]
    async with serving(takes_at_most(8)) as server:
        vectors = await open_on(server).embed_passages(texts)
    assert np.allclose(vectors, [unit_of(text) for text in texts], atol=1e-6)


async def test_a_single_text_that_is_refused_is_told(open_on: Open) -> None:
    """Halves of one text there are none."""
    async with serving(takes_at_most(0, status=413)) as server:
        with pytest.raises(EmbeddingUnavailableError, match="refuses a text"):
            await open_on(server).embed_passages(["a", "b"])


async def test_vectors_of_another_length_are_never_kept(open_on: Open) -> None:
    """A model was exchanged behind its name: mixed vectors would be noise for ever."""
    async with serving(servers.answers, servers.of_another_length) as server:
        embedder = open_on(server)
        await embedder.embed_passages(["a"])
        with pytest.raises(EmbeddingUnavailableError, match="8 dimensions, not of 16"):
            await embedder.embed_passages(["b"])


async def test_a_reply_without_end_is_left(open_on: Open) -> None:
    """A reply is held in memory."""
    async with serving(servers.never_ends) as server:
        with pytest.raises(EmbeddingUnavailableError):
            await open_on(server).embed_query("jazz")


async def test_a_question_waits_for_seconds_and_then_for_nothing(open_on: Open) -> None:
    """Words answer meanwhile: after two failures the provider is left alone for a while."""
    async with serving(servers.says_nothing) as server:
        embedder = open_on(server)
        for _ in range(2):
            with pytest.raises(EmbeddingUnavailableError, match="too_long"):
                await embedder.embed_query("jazz")
        began = time.monotonic()
        with pytest.raises(EmbeddingUnavailableError, match="circuit_open"):
            await embedder.embed_query("jazz")
        assert time.monotonic() - began < 0.2
    assert len(server.asked) == 2


async def test_nothing_is_bought_beyond_the_budget(open_on: Open, accounts: Accounts) -> None:
    """The day's euros are for all models together."""
    async with serving() as server:
        embedder = open_on(server, kind="mistral", model="mistral-embed", is_free=False)
        embedder.dimensions = 16
        await embedder.embed_passages(["mot " * 12_000])  # 12,000 tokens: 0.00108 euros of 0.001
        await accounts.close()
        with pytest.raises(EmbeddingUnavailableError, match="daily_budget"):
            await embedder.embed_passages(["encore"])
    assert len(server.asked) == 1


async def test_nobody_there_is_told_in_a_sentence(open_on: Open) -> None:
    """A server that was stopped."""
    async with serving() as server:
        embedder = open_on(server)
    with pytest.raises(EmbeddingUnavailableError, match="unreachable"):
        await embedder.embed_query("jazz")
