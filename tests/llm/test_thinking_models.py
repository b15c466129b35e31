"""Models that think, through the real client classes: visitors hear answers, and time limits still hold."""

import asyncio
from typing import Literal

import pytest
from tests.llm.accounting import ANSWER
from tests.llm.conftest import PROMPT, OpenGateway, hear
from tests.llm.servers import WORDS, Scenario, Wire, answers, serving

from puls.llm.chat import Fault, ModelUsage
from puls.llm.gateway import ModelUnavailableError
from puls.llm.thoughts import Habit

pytestmark = pytest.mark.database

THOUGHT = ("Je dois choisir", " parmi les fiches,", " la première sans doute.")


def saying(*pieces: str) -> Scenario:
    async def scenario(wire: Wire) -> None:
        await wire.head()
        for piece in pieces:
            await wire.word(piece)
        await wire.finish()
        await wire.end()

    return scenario


@pytest.mark.parametrize("dialect", ["openai", "mistral"])
@pytest.mark.parametrize(
    "before",
    [
        ("<think>", *THOUGHT, "</think>\n\n"),
        ("<th", "ink>\n", *THOUGHT, "\n</thi", "nk>\n"),
        (*THOUGHT, "</think>"),
        ("[THINK]", *THOUGHT, "[/THINK]"),
        (
            "<|channel|>",
            "analysis",
            "<|message|>",
            *THOUGHT,
            "<|end|><|start|>assistant<|channel|>",
            "final<|message|>",
        ),
    ],
)
async def test_thoughts_in_the_text_are_not_told(
    open_gateway: OpenGateway, dialect: Literal["openai", "mistral"], before: tuple[str, ...]
) -> None:
    """Twice, since the second answer is heard by what the first one taught."""
    async with (
        serving(dialect, saying(*before, *WORDS)) as server,
        open_gateway(server, habit=Habit.UNKNOWN) as gateway,
    ):
        heard = [await hear(gateway) for _ in range(2)]
    assert [one.text for one in heard] == [ANSWER] * 2


async def test_thoughts_beside_the_text_are_not_told(open_gateway: OpenGateway) -> None:
    """`reasoning_content` and its relatives."""

    async def beside(wire: Wire) -> None:
        await wire.head()
        for name in ("reasoning_content", "reasoning", "thinking"):
            for piece in THOUGHT:
                await wire.event(wire._chunk({name: piece}))
        for word in WORDS:
            await wire.word(word)
        await wire.finish()
        await wire.end()

    async with serving("openai", beside) as server, open_gateway(server) as gateway:
        assert (await hear(gateway)).text == ANSWER


@pytest.mark.parametrize("pieces", [("<think>", *THOUGHT), (*THOUGHT, "</think>")])
async def test_a_model_that_only_thinks_has_not_answered(
    open_gateway: OpenGateway, pieces: tuple[str, ...]
) -> None:
    """The writer answers instead."""
    async with (
        serving("openai", saying(*pieces)) as server,
        open_gateway(server, habit=Habit.UNKNOWN) as gateway,
    ):
        heard = await hear(gateway)
    assert heard.text == ""
    assert isinstance(heard.error, ModelUnavailableError)
    assert set(heard.error.faults.values()) == {Fault.EMPTY}


async def test_a_marked_thought_does_not_stop_the_clock(open_gateway: OpenGateway) -> None:
    """A visitor waits for a word, not for a thought."""

    async def thinks_for_long(wire: Wire) -> None:
        await wire.head()
        await wire.word("<think>")
        while True:
            await wire.word("Hmm. ")
            await asyncio.sleep(0.1)

    async with serving("openai", thinks_for_long) as server, open_gateway(server) as gateway:
        heard = await hear(gateway)
    assert isinstance(heard.error, ModelUnavailableError)
    assert set(heard.error.faults.values()) == {Fault.SILENT}


async def test_a_model_that_is_heard_out_keeps_nobody_waiting_the_next_time(
    open_gateway: OpenGateway,
) -> None:
    """The first answer of an unknown model comes whole; from then on it streams."""
    async with (
        serving("openai", answers) as server,
        open_gateway(server, habit=Habit.UNKNOWN) as gateway,
    ):
        pieces = [
            [
                piece
                async for piece in gateway.stream(PROMPT, purpose="answer")
                if not isinstance(piece, ModelUsage)
            ]
            for _ in range(2)
        ]
    assert ["".join(each) for each in pieces] == [ANSWER] * 2
    assert (len(pieces[0]), len(pieces[1]) > 1) == (1, True)
