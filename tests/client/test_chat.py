"""The stream of a chat as the client reads it, whole, cut and hostile."""

import asyncio
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.client.loopback import Loopback, serving, sse

from puls.client import (
    AsyncPulsClient,
    ChatEvent,
    ConnectionLostError,
    InvalidRequestError,
    PulsClient,
    PulsClientError,
    TurnFailedError,
)
from puls.client.chatting import ChatReader

CONVERSATION = "0198c9a0-0000-7000-8000-000000000001"
TURN = [
    sse("wish", turn_id="t", conversation_id=CONVERSATION, wish={"topic": "jazz"}),
    sse("events", events=[{"uid": "1"}]),
    sse("token", text="Samedi, "),
    b": still there\n\n",
    sse("token", text="du jazz\u2028manouche à Lyon."),
    sse("notice", code="words_only", fr="Par mots.", en="By words."),
    sse("done", conversation_id=CONVERSATION, writer="composer"),
]
NAMES = ["wish", "events", "token", "token", "notice", "done"]


async def heard(puls: AsyncPulsClient, text: str = "jazz", **options: Any) -> list[ChatEvent]:
    return [event async for event in puls.chat(text, **options)]


async def test_a_turn_is_read_event_by_event() -> None:
    """Tokens joined are the answer; the request id is there for who wants to ask again."""
    async with serving(Loopback(TURN)) as server, AsyncPulsClient(server.url) as puls:
        events = await heard(puls, conversation_id=CONVERSATION, language="fr")
    assert [event.name for event in events] == NAMES
    assert "".join(event.text for event in events) == "Samedi, du jazz\u2028manouche à Lyon."
    (body,) = server.bodies
    assert (body["text"], body["conversation_id"], body["language"]) == ("jazz", CONVERSATION, "fr")
    assert body["request_id"]
    assert "accept: text/event-stream" in server.heads[0].lower()


async def test_the_synchronous_twin_reads_the_same_turn() -> None:
    """A script streams too."""

    def work(url: str) -> list[str]:
        with PulsClient(url) as puls:
            return [event.name for event in puls.chat("jazz")]

    async with serving(Loopback(TURN)) as server:
        assert await asyncio.to_thread(work, server.url) == NAMES


@pytest.mark.parametrize("cut", [True, False])
async def test_a_lost_connection_tells_how_to_get_the_turn(cut: bool) -> None:
    """The server keeps the turn: the same request id asks for it, and the text so far is not lost."""
    lost = Loopback(TURN[:3], cut=cut)
    async with serving(lost) as server, AsyncPulsClient(server.url) as puls:
        with pytest.raises(ConnectionLostError, match="same request_id") as failure:
            await heard(puls)
        again = failure.value.request_id
        server.pieces, server.cut = TURN, False
        events = await heard(puls, request_id=again)
    assert failure.value.text == "Samedi, "
    assert failure.value.conversation_id == CONVERSATION
    assert [body["request_id"] for body in server.bodies] == [again, again]
    assert events[-1].name == "done"


async def test_the_synchronous_twin_tells_a_lost_connection_too() -> None:
    """The two must not drift apart."""

    def work(url: str) -> str:
        with PulsClient(url) as puls, pytest.raises(ConnectionLostError) as failure:
            list(puls.chat("jazz"))
        return failure.value.text

    async with serving(Loopback(TURN[:3], cut=True)) as server:
        assert await asyncio.to_thread(work, server.url) == "Samedi, "


async def test_a_stream_that_falls_silent_is_given_up() -> None:
    """Half an answer and then nothing for ever is the worst of all."""
    silent = Loopback(TURN[:3], hangs=True)
    async with (
        serving(silent) as server,
        AsyncPulsClient(server.url, chat_silence_seconds=0.2) as puls,
    ):
        with pytest.raises(ConnectionLostError, match="too long"):
            await heard(puls)


async def test_failures_of_a_chat_are_typed() -> None:
    """A refusal before the stream, and a failure inside of it."""
    refused = Loopback(
        [b'{"code": "invalid_input", "detail": "Say something.", "status": 422}'],
        status="422 Unprocessable Content",
        content_type="application/problem+json",
    )
    async with serving(refused) as server, AsyncPulsClient(server.url) as puls:
        with pytest.raises(InvalidRequestError, match="Say something"):
            await heard(puls, text="")
    inside = [*TURN[:2], sse("error", code="database_unavailable", fr="Plus tard.", en="Later.")]
    async with serving(Loopback(inside)) as server, AsyncPulsClient(server.url) as puls:
        with pytest.raises(TurnFailedError, match="Later") as failure:
            await heard(puls)
    assert (failure.value.code, failure.value.fr) == ("database_unavailable", "Plus tard.")
    async with (
        serving(Loopback([b"data: <html>\n\n"])) as server,
        AsyncPulsClient(server.url) as puls,
    ):
        with pytest.raises(PulsClientError, match="no JSON"):
            await heard(puls)


async def test_leaving_the_loop_closes_the_connection() -> None:
    """Nobody holds a socket for an answer that is not read."""
    async with serving(Loopback(TURN, hangs=True)) as server, AsyncPulsClient(server.url) as puls:
        stream = puls.chat("jazz")
        async for event in stream:
            if event.name == "events":
                break
        await stream.aclose()  # type: ignore[attr-defined] # an async generator


@given(st.lists(st.integers(1, 400), max_size=30), st.sampled_from([b"\n", b"\r\n", b"\r"]))
def test_the_cuts_of_the_network_change_nothing(cuts: list[int], line_end: bytes) -> None:
    """Packets end anywhere, even inside a letter or between the two halves of a line end."""
    stream = b"".join(TURN).replace(b"\n", line_end)
    reader, events, at = ChatReader("r"), [], 0
    for length in [*cuts, len(stream) + 1]:
        events += list(reader.feed(stream[at : at + length]))
        at += length
    events += list(reader.feed(b"\n"))
    assert [event.name for event in events] == NAMES
    assert "".join(event.text for event in events) == "Samedi, du jazz\u2028manouche à Lyon."
    assert reader.is_done
