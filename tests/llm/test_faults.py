"""Providers fail in every way they can: the visitor gets the next model, or the caller learns at once that none answers.

Real client classes, real sockets, real ledger.
"""

import asyncio
import socket
import time
from dataclasses import dataclass, replace

import pytest
from tests.llm import faults
from tests.llm.conftest import LIMITS, PROMPT, OpenGateway, hear, rows
from tests.llm.servers import WORDS, Dialect, ModelServer, Scenario, answers, serving

from puls.database import Database
from puls.llm.chat import Fault
from puls.llm.gateway import ModelInterruptedError, ModelUnavailableError

pytestmark = [pytest.mark.database, pytest.mark.alone]


@dataclass(frozen=True)
class Case:
    """A way to fail, what it is called, and how many requests it takes to give up."""

    scenario: Scenario
    fault: Fault
    requests: int = 1

    def __str__(self) -> str:
        return self.scenario.__name__


both_clients = pytest.mark.parametrize("dialect", ["openai", "mistral"])

BEFORE_A_WORD = [
    Case(faults.hangs_before_the_head, Fault.SILENT),
    Case(faults.hangs_before_the_first_token, Fault.SILENT),
    Case(faults.streams_garbage, Fault.GARBAGE),
    Case(faults.streams_another_shape, Fault.GARBAGE),
    Case(faults.streams_control_characters, Fault.GARBAGE),
    Case(faults.closes_before_the_first_token, Fault.CLOSED_EARLY, requests=3),
    Case(faults.answers_an_error_with_200, Fault.ERROR_BODY),
    Case(faults.streams_an_error_with_200, Fault.ERROR_BODY),
    Case(faults.answers_nothing, Fault.EMPTY),
    Case(faults.refuses(429), Fault.RATE_LIMITED, requests=3),
    Case(faults.refuses(500), Fault.SERVER_ERROR, requests=3),
    Case(faults.refuses(503), Fault.SERVER_ERROR, requests=3),
    Case(faults.refuses(401), Fault.DENIED),
    Case(faults.refuses(404), Fault.DENIED),
    Case(faults.refuses(422), Fault.REJECTED),
]


@both_clients
@pytest.mark.parametrize("case", BEFORE_A_WORD, ids=str)
async def test_a_provider_that_fails_before_a_word_is_followed_by_the_next_one(
    open_gateway: OpenGateway,
    database: Database,
    dialect: Dialect,
    case: Case,
) -> None:
    """The visitor does not see that it happened; the ledger does."""
    async with serving(dialect, case.scenario) as bad, serving("openai") as good:
        async with open_gateway(bad, good) as gateway:
            began = time.monotonic()
            heard = await hear(gateway)
            seconds = time.monotonic() - began
        assert heard.text == "".join(WORDS)
        assert heard.usage is not None
        assert heard.usage.model == "openai:m2"
        assert len(bad.asked) == case.requests
        assert seconds < LIMITS.first_token_seconds + 2
    kept = await rows(database)
    assert [row["outcome"] for row in kept] == [case.fault.value] * case.requests + ["answered"]
    assert [row["attempt"] for row in kept] == [*range(1, case.requests + 1), 1]


@both_clients
@pytest.mark.parametrize("case", BEFORE_A_WORD, ids=str)
async def test_without_a_next_one_the_caller_learns_the_fault_and_that_nothing_was_said(
    open_gateway: OpenGateway, dialect: Dialect, case: Case
) -> None:
    """So that the composer writes the whole answer."""
    async with serving(dialect, case.scenario) as bad, open_gateway(bad) as gateway:
        heard = await hear(gateway)
    assert heard.text == ""
    assert isinstance(heard.error, ModelUnavailableError)
    assert (heard.error.reason, heard.error.faults) == ("all_failed", {f"{dialect}:m1": case.fault})


@both_clients
async def test_a_provider_that_refuses_the_connection_is_tried_again_then_left(
    open_gateway: OpenGateway, database: Database, dialect: Dialect
) -> None:
    """A restart of theirs takes a moment, an outage does not end by insisting."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound without listening: connections are refused
        dead = ModelServer(dialect, [], url=f"http://127.0.0.1:{taken.getsockname()[1]}/v1")
        async with serving("openai") as good, open_gateway(dead, good) as gateway:
            heard = await hear(gateway)
    assert heard.text == "".join(WORDS)
    kept = await rows(database)
    assert [row["outcome"] for row in kept] == ["unreachable"] * 3 + ["answered"]
    assert [row["tokens_in"] for row in kept][:3] == [0, 0, 0]


IN_THE_MIDDLE = [
    Case(faults.hangs_in_the_middle, Fault.STALLED),
    Case(faults.streams_garbage_in_the_middle, Fault.GARBAGE),
    Case(faults.closes_in_the_middle, Fault.CLOSED_EARLY),
    Case(faults.ends_without_its_end, Fault.CLOSED_EARLY),
    Case(faults.never_stops, Fault.TOO_LONG),
]


@both_clients
@pytest.mark.parametrize("case", IN_THE_MIDDLE, ids=str)
async def test_a_provider_that_fails_in_the_middle_interrupts_and_is_not_mixed_with_another(
    open_gateway: OpenGateway,
    database: Database,
    dialect: Dialect,
    case: Case,
) -> None:
    """Two models in one answer would contradict each other; the composer finishes from the records."""
    async with serving(dialect, case.scenario) as bad, serving("openai") as good:
        async with open_gateway(bad, good) as gateway:
            heard = await hear(gateway)
        assert heard.text.startswith(("Ce soir", "blabla"))
        assert isinstance(heard.error, ModelInterruptedError)
        assert heard.error.fault == case.fault
        assert heard.usage is not None
        assert (len(bad.asked), good.asked) == (1, [])
    (row,) = await rows(database)
    assert row["outcome"] == case.fault.value
    assert row["first_token_ms"] is not None
    assert row["is_estimated"]
    assert row["tokens_in"] > 0
    assert row["tokens_out"] > 0


@both_clients
async def test_slow_tokens_are_cut_at_the_total_limit(
    open_gateway: OpenGateway, dialect: Dialect
) -> None:
    """Each word comes in time, the answer does not."""
    limits = replace(LIMITS, total_seconds=1.5)
    scenario = faults.slow(seconds_between_words=0.2, words=100)
    async with serving(dialect, scenario) as server, open_gateway(server, limits=limits) as gateway:
        began = time.monotonic()
        heard = await hear(gateway)
    assert isinstance(heard.error, ModelInterruptedError)
    assert heard.error.fault == Fault.TOO_LONG
    assert 1.4 < time.monotonic() - began < 2.5


@both_clients
async def test_a_whole_chain_of_silent_providers_ends_within_the_sum_of_their_limits(
    open_gateway: OpenGateway, dialect: Dialect
) -> None:
    """The composer must still be in time."""
    limits = replace(LIMITS, first_token_seconds=0.5)
    hang = faults.hangs_before_the_first_token
    async with (
        serving(dialect, hang) as one,
        serving("openai", hang) as two,
        open_gateway(one, two, limits=limits) as gateway,
    ):
        began = time.monotonic()
        heard = await hear(gateway)
    assert isinstance(heard.error, ModelUnavailableError)
    assert time.monotonic() - began < 1.6


@both_clients
async def test_a_second_attempt_that_answers_is_the_answer(
    open_gateway: OpenGateway, database: Database, dialect: Dialect
) -> None:
    """Most 503 last a moment."""
    async with serving(dialect, faults.refuses(503), answers) as server:
        async with open_gateway(server) as gateway:
            heard = await hear(gateway)
        assert heard.text == "".join(WORDS)
    assert [row["outcome"] for row in await rows(database)] == ["server_error", "answered"]


@both_clients
async def test_a_short_retry_after_is_waited_for(
    open_gateway: OpenGateway, dialect: Dialect
) -> None:
    """Sooner would be refused again."""
    busy = faults.refuses(429, Retry_After="0.3")
    async with serving(dialect, busy, answers) as server, open_gateway(server) as gateway:
        heard = await hear(gateway)
        first, second = (asked.at for asked in server.asked)
    assert heard.text == "".join(WORDS)
    assert second - first >= 0.3


@both_clients
@pytest.mark.parametrize("retry_after", ["30", "Sun, 22 Nov 2026 20:01:00 GMT", "soon"])
async def test_a_long_retry_after_sends_the_visitor_to_the_next_model_at_once(
    open_gateway: OpenGateway, dialect: Dialect, retry_after: str
) -> None:
    """Nobody waits half a minute for a sentence."""
    busy = faults.refuses(429, Retry_After=retry_after)
    async with serving(dialect, busy) as bad, serving("openai") as good:
        async with open_gateway(bad, good) as gateway:
            heard = await hear(gateway)
        assert len(bad.asked) == 1
    assert heard.text == "".join(WORDS)


@both_clients
async def test_a_visitor_who_leaves_closes_the_stream_and_stays_in_the_ledger(
    open_gateway: OpenGateway, database: Database, dialect: Dialect
) -> None:
    """Tokens nobody reads are paid for; those already written are accounted for."""
    scenario = faults.slow(seconds_between_words=0.1, words=200)
    async with serving(dialect, scenario) as server:
        async with open_gateway(server) as gateway:
            pieces = gateway.stream(PROMPT, purpose="answer")
            assert await anext(pieces)
            closed = time.monotonic()
            await pieces.aclose()
        await asyncio.sleep(0.1)
        assert len(server.left_at) == 1
        assert server.left_at[0] - closed < 0.3
    (row,) = await rows(database)
    assert (row["outcome"], row["is_estimated"]) == ("left", True)
    assert row["tokens_in"] > 0


@both_clients
async def test_a_cancelled_request_closes_the_stream_before_the_first_word_too(
    open_gateway: OpenGateway, database: Database, dialect: Dialect
) -> None:
    """Visitors leave most often while nothing happens."""
    async with serving(dialect, faults.hangs_before_the_first_token) as server:
        async with open_gateway(server) as gateway:
            hearing = asyncio.create_task(hear(gateway))
            while not server.asked:  # noqa: ASYNC110 # nobody tells
                await asyncio.sleep(0.01)
            hearing.cancel()
            await asyncio.wait([hearing])
            assert hearing.cancelled()
        await asyncio.sleep(0.1)
        assert len(server.left_at) == 1
    (row,) = await rows(database)
    assert (row["outcome"], row["first_token_ms"]) == ("left", None)


async def test_a_caller_that_reads_slowly_keeps_no_provider_waiting(
    open_gateway: OpenGateway, database: Database
) -> None:
    """A phone in a tunnel must not hold a place that another visitor waits for."""
    limits = replace(LIMITS, concurrent_calls=1)
    async with serving("openai") as server, open_gateway(server, limits=limits) as gateway:
        pieces = gateway.stream(PROMPT, purpose="answer")
        assert await anext(pieces) == WORDS[0]
        await asyncio.sleep(LIMITS.between_tokens_seconds + 0.2)
        assert (await hear(gateway)).text == "".join(WORDS)
        rest = [piece async for piece in pieces]
    assert "".join(piece for piece in rest if isinstance(piece, str)) == "".join(WORDS[1:])
    assert [row["outcome"] for row in await rows(database)] == ["answered", "answered"]
