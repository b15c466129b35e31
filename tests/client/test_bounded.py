"""An address given to the client may lead to anything; an answer is read within limits all the same."""

import asyncio
import gzip
import itertools
import tracemalloc

import pytest
from tests.client.loopback import Loopback, serving

from puls.client import (
    AsyncPulsClient,
    InvalidRequestError,
    NotFoundError,
    PulsClient,
    PulsClientError,
    UnreadableAnswerError,
    bounded,
)

BOMB = gzip.compress(b" " * 100_000_000, 9)


async def both(url: str) -> list[type[Exception]]:
    """What a search ends with, awaited and waited for."""
    ends: list[type[Exception]] = []
    async with AsyncPulsClient(url) as puls:
        with pytest.raises(Exception, match=r".") as failed:
            await puls.search("jazz")
        ends.append(failed.type)

    def work() -> None:
        with PulsClient(url) as puls, pytest.raises(Exception, match=r".") as failed:
            puls.search("jazz")
        ends.append(failed.type)

    await asyncio.to_thread(work)
    return ends


@pytest.mark.parametrize(
    ("pieces", "headers", "end"),
    [
        ([BOMB], ["Content-Encoding: gzip"], UnreadableAnswerError),
        ([BOMB[:1_000]], ["Content-Encoding: gzip"], UnreadableAnswerError),
        ([b"x" * 99], ["Content-Encoding: gzip"], UnreadableAnswerError),
        ([gzip.compress(BOMB)], ["Content-Encoding: gzip, gzip"], UnreadableAnswerError),
        ([b"x"], ["Content-Encoding: br"], UnreadableAnswerError),
        ([b"[" * 1_000_000], [], InvalidRequestError),
    ],
    ids=["a bomb", "cut", "damaged", "two layers", "another kind", "depth"],
)
async def test_an_answer_that_grows_is_stopped_in_little_memory(
    pieces: list[bytes], headers: list[str], end: type[Exception]
) -> None:
    """Unpacked it would be a hundred megabytes."""
    answering = Loopback(pieces, content_type="application/json", headers=headers)
    async with serving(answering) as server:
        tracemalloc.start()
        try:
            assert await both(server.url) == [end, end]
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert peak < 24 * 2**20


async def test_a_packed_answer_is_unpacked() -> None:
    """Puls itself packs what is worth it."""
    body = gzip.compress(b'{"detail": "none today", "code": "x"}')
    answering = Loopback(
        [body], "404 Not Found", "application/json", headers=["Content-Encoding: gzip"]
    )
    async with serving(answering) as server, AsyncPulsClient(server.url) as puls:
        with pytest.raises(NotFoundError, match="none today"):
            await puls.event("1")


async def test_an_answer_that_drips_has_an_end() -> None:
    moments = itertools.count(0.0, 50.0)
    reading = bounded.Reading({}, seconds=120, clock=lambda: next(moments))
    reading.feed(b"a")
    reading.feed(b"b")
    with pytest.raises(UnreadableAnswerError, match="longer than 120 s"):
        reading.feed(b"c")


@pytest.mark.parametrize(
    ("pieces", "headers", "why"),
    [
        ([b"event: x\ndata: {}\n\n" * 50_000] * 12, [], "longer than"),
        ([b"data: " + b"a" * 600_000] * 3, [], "a line that no stream"),
        ([BOMB], ["Content-Encoding: gzip"], "packed"),
    ],
    ids=["events", "a line", "a bomb"],
)
async def test_a_chat_without_end_is_stopped(
    pieces: list[bytes], headers: list[str], why: str
) -> None:
    async with (
        serving(Loopback(pieces, headers=headers)) as server,
        AsyncPulsClient(server.url) as puls,
    ):
        with pytest.raises(PulsClientError, match=why):
            async for _ in puls.chat("jazz"):
                pass
