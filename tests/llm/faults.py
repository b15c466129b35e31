"""The ways in which a provider fails, each as a real one does."""

import asyncio

from tests.llm.servers import Scenario, Wire


async def hangs_before_the_first_token(wire: Wire) -> None:
    await wire.head()
    await asyncio.sleep(60)


async def hangs_before_the_head(_: Wire) -> None:
    await asyncio.sleep(60)


async def hangs_in_the_middle(wire: Wire) -> None:
    await wire.head()
    await wire.words(("Ce soir", " à Lyon"))
    await asyncio.sleep(60)


async def streams_garbage(wire: Wire) -> None:
    await wire.head()
    await wire.raw(b"data: {\x93\xfa\x00 no json at all\n\n")
    await wire.end()


async def streams_garbage_in_the_middle(wire: Wire) -> None:
    await wire.head()
    await wire.words(("Ce soir",))
    await wire.event('{"choices": [{"delta"')
    await wire.end()


async def streams_another_shape(wire: Wire) -> None:
    await wire.head()
    await wire.event({"choices": [{"text": "the old completions API"}]})
    await wire.end()


async def streams_control_characters(wire: Wire) -> None:
    await wire.head()
    await wire.words(("\x00\x01\x02",))
    await wire.finish()
    await wire.end()


async def closes_before_the_first_token(wire: Wire) -> None:
    await wire.head()


async def closes_in_the_middle(wire: Wire) -> None:
    await wire.head()
    await wire.words(("Ce soir",))


async def ends_without_its_end(wire: Wire) -> None:
    """A proxy that closes the body properly: only the missing finish_reason tells."""
    await wire.head()
    await wire.words(("Ce soir",))
    await wire.end()


async def answers_an_error_with_200(wire: Wire) -> None:
    await wire.whole(200, {"error": {"message": "model is loading", "type": "server_error"}})


async def streams_an_error_with_200(wire: Wire) -> None:
    await wire.head()
    if wire.dialect == "openai":
        await wire.event({"error": {"message": "overloaded", "type": "server_error"}})
    else:
        await wire.event({"object": "error", "message": "overloaded", "type": "server_error"})
    await wire.end()


async def answers_nothing(wire: Wire) -> None:
    await wire.head()
    await wire.words(("", " ", "\n"))
    await wire.finish()
    await wire.end()


async def never_stops(wire: Wire) -> None:
    await wire.head()
    await wire.words(["blabla " * 50] * 1000)


def refuses(status: int, **headers: str) -> Scenario:
    async def scenario(wire: Wire) -> None:
        await wire.whole(status, {"message": "no", "error": {"message": "no"}}, **headers)

    scenario.__name__ = f"refuses_{status}"
    return scenario


def slow(*, seconds_between_words: float, words: int) -> Scenario:
    async def scenario(wire: Wire) -> None:
        await wire.head()
        await wire.words([" mot"] * words, pause_seconds=seconds_between_words)
        await wire.finish()
        await wire.end()

    return scenario
