"""A crowd that comes at once: so many are answered as can be, the others are told at once, and nobody takes places by dawdling."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
from tests.listening import listening
from tests.serving import an_event, app_over, puls_over, save

from puls.conversation.pacing import Pacing
from puls.database import Database
from puls.errors import OverloadedError
from puls.geo.gazetteer import Gazetteer


def test_a_crowd_that_stands_in_no_queue_yet_is_counted() -> None:
    """Five hundred at once found the queue empty, each of them, and all waited."""
    pacing = Pacing(at_once=4, patience_seconds=1.0)
    pacing.check(on_their_way=20)
    with pytest.raises(OverloadedError) as refused:
        pacing.check(on_their_way=30)
    assert refused.value.retry_after_seconds >= 1


@asynccontextmanager
async def half_a_body(base: str) -> AsyncIterator[None]:
    """A client that stops in the middle of its message."""
    host, port = base.removeprefix("http://").split(":")
    _, wire = await asyncio.open_connection(host, int(port))
    wire.write(
        b"POST /v1/chat HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        b"Content-Length: 1000\r\n\r\n{"
    )
    await wire.drain()
    yield
    wire.close()


@pytest.mark.database
async def test_who_sends_slowly_takes_nobodys_place(
    database: Database, gazetteer: Gazetteer
) -> None:
    """Sixty half messages would otherwise keep everybody else away for ten seconds."""
    await save(database, [an_event()])
    async with (
        listening(app_over(puls_over(database, gazetteer))) as base,
        httpx.AsyncClient(base_url=base, timeout=20) as client,
    ):
        dawdling = [half_a_body(base) for _ in range(60)]
        for one in dawdling:
            await one.__aenter__()
        await asyncio.sleep(0.3)
        answer = await client.post("/v1/chat", json={"text": "concert samedi à Lyon"})
        for one in dawdling:
            await one.__aexit__(None, None, None)
    assert answer.status_code == 200
    assert "event: done" in answer.text


@pytest.mark.database
async def test_a_crowd_is_answered_or_refused_with_a_time_to_come_back(
    database: Database, gazetteer: Gazetteer
) -> None:
    """And afterwards all is as before."""
    await save(database, [an_event()])
    async with (
        listening(app_over(puls_over(database, gazetteer))) as base,
        httpx.AsyncClient(
            base_url=base, timeout=30, limits=httpx.Limits(max_connections=200)
        ) as client,
    ):
        answers = await asyncio.gather(
            *(client.post("/v1/chat", json={"text": "concert samedi à Lyon"}) for _ in range(150))
        )
        refused = [one for one in answers if one.status_code == 503]
        answered = [one for one in answers if one.status_code == 200]
        assert len(refused) + len(answered) == 150
        assert len(answered) >= 8
        assert all("event: done" in one.text for one in answered)
        assert all(
            one.json()["code"] == "overloaded" and int(one.headers["retry-after"]) >= 1
            for one in refused
        )
        await asyncio.sleep(0.5)
        assert (await client.post("/v1/chat", json={"text": "jazz"})).status_code == 200
