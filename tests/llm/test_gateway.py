"""The gateway when providers behave: what is counted, what is held back, and what it never lets break an answer."""

import asyncio
from dataclasses import replace
from uuid import uuid4

import pytest
from structlog.testing import capture_logs
from tests.llm import faults
from tests.llm.accounting import ANSWER, DEAR, DEAR_COST, meet, prices, reason
from tests.llm.conftest import LIMITS, NOW, OpenGateway, hear, rows
from tests.llm.servers import (
    TOKENS_CACHED,
    TOKENS_IN,
    TOKENS_OUT,
    WORDS,
    Wire,
    answers,
    serving,
)

from puls.database import Database
from puls.llm.breaker import BreakerLimits
from puls.llm.chat import Fault, ModelUsage
from puls.llm.gateway import ModelUnavailableError
from puls.monitoring import REGISTRY

pytestmark = [pytest.mark.database, pytest.mark.alone]


@pytest.mark.parametrize("dialect", ["openai", "mistral"])
async def test_an_answer_is_counted_and_priced(
    open_gateway: OpenGateway, database: Database, dialect: str
) -> None:
    """Tokens in, cached and out as the provider counts them, through both client classes."""
    visitor = uuid4()
    await meet(database, visitor)
    table = prices(openai_m1=DEAR, mistral_m1=DEAR)
    async with (
        serving("openai" if dialect == "openai" else "mistral") as server,
        open_gateway(server, prices=table) as gateway,
    ):
        heard = await hear(gateway, visitor_id=visitor)
    assert heard.text == ANSWER
    assert heard.usage == ModelUsage(
        model=f"{dialect}:m1",
        tokens_in=TOKENS_IN,
        tokens_cached=TOKENS_CACHED,
        tokens_out=TOKENS_OUT,
        cost_eur=DEAR_COST,
    )
    (row,) = await rows(database)
    assert {name: row[name] for name in ("at", "purpose", "model", "visitor_id", "outcome")} == {
        "at": NOW, "purpose": "answer", "model": f"{dialect}:m1", "visitor_id": visitor,
        "outcome": "answered",
    }  # fmt: skip
    assert (row["tokens_in"], row["tokens_cached"], row["tokens_out"]) == (1200, 1000, 40)
    assert float(row["cost_eur"]) == pytest.approx(DEAR_COST)
    assert 0 <= row["first_token_ms"] <= row["total_ms"] < 5000


async def test_a_provider_that_does_not_count_is_counted_for(open_gateway: OpenGateway) -> None:
    """An estimate that is too high keeps the budget; none would not."""

    async def uncounted(wire: Wire) -> None:
        await wire.head()
        await wire.words()
        await wire.finish(counts=False)
        await wire.end()

    async with serving("openai", uncounted) as server, open_gateway(server) as gateway:
        heard = await hear(gateway)
    assert heard.usage is not None
    assert heard.usage.is_estimated
    assert heard.usage.tokens_out == -(-len(ANSWER) // 3)
    assert heard.usage.tokens_in > 15
    assert heard.usage.cost_eur is None


async def test_without_a_model_the_composer_is_told_so(open_gateway: OpenGateway) -> None:
    """The default of a newcomer."""
    async with open_gateway() as gateway:
        assert gateway.models == ()
        assert reason((await hear(gateway)).error) == "no_model"


# Circuit breaker and places


async def test_a_provider_that_keeps_failing_is_left_alone_then_probed(
    open_gateway: OpenGateway,
) -> None:
    """The visitor after the fifth failure does not wait for the sixth."""
    limits = replace(
        LIMITS, retries=0, breaker=BreakerLimits(failures=2, window_seconds=30, pause_seconds=0.4)
    )
    down = faults.refuses(503)
    async with (
        serving("openai", down, down, answers) as server,
        open_gateway(server, limits=limits) as gateway,
    ):
        outcomes = []
        for _ in range(3):
            error = (await hear(gateway)).error
            assert isinstance(error, ModelUnavailableError)
            outcomes.append(error.faults["openai:m1"])
        assert outcomes == [Fault.SERVER_ERROR, Fault.SERVER_ERROR, Fault.CIRCUIT_OPEN]
        assert len(server.asked) == 2
        assert REGISTRY.get_sample_value("puls_model_circuit_open", {"model": "openai:m1"}) == 1
        await asyncio.sleep(0.45)
        assert (await hear(gateway)).text == ANSWER
        assert REGISTRY.get_sample_value("puls_model_circuit_open", {"model": "openai:m1"}) == 0


async def test_a_request_that_is_wrong_in_itself_does_not_open_the_circuit(
    open_gateway: OpenGateway,
) -> None:
    """One visitor's odd question must not cost the others their model."""
    limits = replace(LIMITS, breaker=BreakerLimits(failures=1))
    async with (
        serving("openai", faults.refuses(422), answers) as server,
        open_gateway(server, limits=limits) as gateway,
    ):
        assert (await hear(gateway)).error is not None
        assert (await hear(gateway)).text == ANSWER


async def test_no_more_calls_at_once_than_places_and_the_others_do_not_wait_long(
    open_gateway: OpenGateway,
) -> None:
    """A hundred visitors must not open a hundred connections, nor queue for a minute."""
    limits = replace(LIMITS, concurrent_calls=2, queue_seconds=0.1)
    slow = faults.slow(seconds_between_words=0.15, words=4)
    async with (
        serving("openai", slow) as server,
        serving("mistral") as other,
        open_gateway(server, other, limits=limits) as gateway,
    ):
        heard = await asyncio.gather(*(hear(gateway) for _ in range(4)))
    assert sorted(one.usage.model for one in heard if one.usage) == [
        "mistral:m2", "mistral:m2", "openai:m1", "openai:m1",
    ]  # fmt: skip
    assert len(server.asked) == 2


# What operators see


async def test_a_call_leaves_figures_and_nobodys_words(open_gateway: OpenGateway) -> None:
    """By OpenTelemetry's names, so that ready dashboards fit."""
    labels = {
        "gen_ai_operation_name": "chat",
        "gen_ai_provider_name": "mistral_ai",
        "gen_ai_request_model": "m1",
    }

    def figures() -> list[float]:
        samples = [
            ("gen_ai_client_operation_duration_seconds_count", labels | {"error_type": ""}),
            ("gen_ai_client_operation_duration_seconds_count", labels | {"error_type": "empty"}),
            ("gen_ai_client_operation_time_to_first_chunk_seconds_count", labels),
            ("gen_ai_client_token_usage_sum", labels | {"gen_ai_token_type": "output"}),
            ("puls_model_cost_eur_total", {"model": "mistral:m1", "purpose": "answer"}),
            ("puls_model_unavailable_total", {"reason": "all_failed"}),
        ]
        return [REGISTRY.get_sample_value(name, of) or 0.0 for name, of in samples]

    before = figures()
    with capture_logs() as lines:
        async with (
            serving("mistral", answers, faults.answers_nothing) as server,
            open_gateway(server, prices=prices(mistral_m1=DEAR)) as gateway,
        ):
            await hear(gateway)
            await hear(gateway)
    gained = [after - start for after, start in zip(figures(), before, strict=True)]
    assert gained == [1, 1, 1, 80, pytest.approx(2 * DEAR_COST), 1]
    assert [(line["event"], line["fault"]) for line in lines] == [("model.failed", "empty")]
    assert "jazz" not in str(lines)


async def test_fifty_answers_at_once_are_all_whole_and_all_in_the_ledger(
    open_gateway: OpenGateway, database: Database
) -> None:
    """No piece of one visitor's answer reaches another."""
    limits = replace(
        LIMITS, first_token_seconds=20, total_seconds=30, concurrent_calls=50, queue_seconds=10
    )

    async def echo(wire: Wire) -> None:
        await wire.head()
        await wire.words([wire.asked.headers["authorization"], " ", *WORDS], pause_seconds=0.01)
        await wire.finish()
        await wire.end()

    async with (
        serving("mistral", echo) as server,
        open_gateway(server, limits=limits) as gateway,
    ):
        heard = await asyncio.gather(*(hear(gateway) for _ in range(50)))
    assert {one.text for one in heard} == {f"Bearer none {ANSWER}"}
    assert [row["outcome"] for row in await rows(database)] == ["answered"] * 50
