"""The Python client on a served Puls: search and event, typed, and failures as sentences."""

import asyncio
from collections.abc import AsyncIterator
from datetime import date, datetime

import pytest
from tests.client.loopback import Loopback, serving
from tests.listening import listening
from tests.serving import SATURDAY_EVENING, an_event, app_over, puls_over, save

from puls.client import (
    AsyncPulsClient,
    InvalidRequestError,
    NotFoundError,
    PulsClient,
    ServerFailedError,
    TooManyRequestsError,
    TurnFailedError,
    UnreachableError,
)
from puls.database import Database
from puls.geo.gazetteer import Gazetteer

pytestmark = pytest.mark.alone


@pytest.fixture
async def url(database: Database, gazetteer: Gazetteer) -> AsyncIterator[str]:
    await save(database, [an_event(), an_event("old", age_min=18)])
    async with listening(app_over(puls_over(database, gazetteer))) as base_url:
        yield base_url


async def test_a_program_searches_and_reads_an_event(url: str) -> None:
    """Every field has its type: moments are moments, prices numbers, absent facts None."""
    async with AsyncPulsClient(url) as puls:
        found = await puls.search("jazz à Lyon", starts=date(2026, 11, 28), ages=[4, 7], limit=5)
        event = await puls.event(found.events[0].uid)
        assert await puls.event(1) == event  # as a program may have kept it
    (concert,) = found.events
    assert concert.occurrence.start == SATURDAY_EVENING
    assert (concert.price.kind, concert.price.lowest) == ("paid", 8)
    assert concert.venue is not None
    assert concert.venue.city == "Lyon"
    assert concert.ages.min is None
    assert found.wish["where"]["label"] == "Lyon"
    assert [one.start for one in event.occurrences] == [SATURDAY_EVENING]
    assert event.attribution.licence == "Licence Ouverte 2.0"


async def test_the_synchronous_twin_gives_the_same(url: str) -> None:
    """A script has no event loop."""

    def work() -> list[str]:
        with PulsClient(url) as puls:
            soonest = puls.search(
                order="soonest", now=datetime.fromisoformat("2026-11-27T18:00+01:00")
            )
            return [event.uid for event in soonest.events] + [puls.event("1").title]

    assert await asyncio.to_thread(work) == ["1", "old", "Concert de jazz manouche"]


async def test_failures_are_typed_and_keep_what_the_server_said(url: str) -> None:
    """A program decides by type and code, a person reads the sentence, support asks for the request id."""
    async with AsyncPulsClient(url) as puls:
        with pytest.raises(NotFoundError, match=r"No event has the uid 'a b\?'") as missing:
            await puls.event("a b?")
        with pytest.raises(InvalidRequestError) as invalid:
            await puls.search("jazz", limit=5_000)
    assert (missing.value.status, missing.value.code) == (404, "not_found")
    assert missing.value.request_id
    assert list(invalid.value.fields) == ["query.limit"]


async def test_what_stands_before_the_server_may_fail_too() -> None:
    """A proxy's page is no problem+json; a limit says how long to wait."""
    page = Loopback(
        [b"<html>Bad gateway</html>"], status="502 Bad Gateway", content_type="text/html"
    )
    async with serving(page) as proxy, AsyncPulsClient(proxy.url) as puls:
        with pytest.raises(ServerFailedError, match="502"):
            await puls.search("jazz")
    limit = Loopback(
        [b'{"code": "too_many_requests", "detail": "Wait a little.", "status": 429}'],
        status="429 Too Many Requests",
        content_type="application/problem+json",
        headers=["Retry-After: 7"],
    )
    async with serving(limit) as limited, AsyncPulsClient(limited.url, api_key="puls_k") as puls:
        with pytest.raises(TooManyRequestsError, match="Wait a little") as limited_error:
            await puls.search("jazz")
    assert limited_error.value.retry_after_seconds == 7
    assert "authorization: bearer puls_k" in limited.heads[0].lower()


async def test_a_server_that_is_not_there_is_told_and_one_that_restarts_is_waited_for() -> None:
    """A deployment takes a second; nobody wants to write that loop again."""
    late = Loopback([b'{"wish": {}, "events": [], "fitting": 0}'], content_type="application/json")
    async with serving(late):
        pass  # its port is free again
    async with AsyncPulsClient(late.url, connect_retries=0) as puls:
        with pytest.raises(UnreachableError, match=r"No answer from http://127\.0\.0\.1"):
            await puls.search("jazz")

    async def start_late() -> None:
        await asyncio.sleep(0.3)
        await late.start()

    async with AsyncPulsClient(late.url, connect_retries=4) as puls:
        starting = asyncio.create_task(start_late())
        assert (await puls.search("jazz")).events == ()
        await starting
    await late.stop()


async def test_a_silent_server_is_given_up() -> None:
    """Every wait has a limit."""
    hanging = Loopback([b"{"], content_type="application/json", hangs=True)
    async with serving(hanging) as server, AsyncPulsClient(server.url, timeout_seconds=0.2) as puls:
        with pytest.raises(UnreachableError, match="too long"):
            await puls.search("jazz")


async def test_a_conversation_goes_on_from_turn_to_turn(url: str) -> None:
    """The client keeps the visitor, the program the conversation: « et dimanche ? » is a follow-up."""
    async with AsyncPulsClient(url) as puls:
        first = [event async for event in puls.chat("concert samedi à Lyon", ages=[20])]
        conversation = first[-1].data["conversation_id"]
        second = [event async for event in puls.chat("et dimanche ?", conversation_id=conversation)]
        await puls.stop(second[-1].data["turn_id"])
        with pytest.raises(TurnFailedError) as failure:
            [event async for event in puls.chat("concert", place="Nullepart-les-Oies")]
        with pytest.raises(InvalidRequestError):
            [event async for event in puls.chat("")]
    assert [event.name for event in first][:2] == ["wish", "events"]
    assert first[-1].name == "done"
    assert "jazz" in "".join(event.text for event in first)
    assert second[0].data["kind"] == "refinement"
    assert failure.value.code == "invalid_input"
