"""What the client tells of the web: typed, from a served Puls."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from tests.listening import listening
from tests.on_the_web import AGENDA, JAZZ_PAGE, Seen, a_check, a_web_event, the_web_of
from tests.serving import NOW, SATURDAY_EVENING, an_event, app_over, puls_over, save

from puls.client import AsyncPulsClient, ChatEvent, NotFoundError, PulsClient, ServerFailedError
from puls.database import Database
from puls.geo.gazetteer import Gazetteer
from puls.web_search.values import Change, Outcome

pytestmark = pytest.mark.database
QUESTION = "regarde sur internet s'il y a un concert de swing samedi à Lyon"


@pytest.fixture
async def url(database: Database, gazetteer: Gazetteer) -> AsyncIterator[str]:
    await save(database, [an_event("jazz"), an_event("swing", title="Concert de swing")])
    check = replace(
        a_check("jazz", Outcome.CHANGED),
        changes=(Change(what="price", before="8", now="10"),),
    )
    seen = Seen(checks={"jazz": check}, pages={JAZZ_PAGE: [a_web_event()]})
    web = the_web_of(seen, database, gazetteer)
    async with listening(app_over(puls_over(database, gazetteer, web=web))) as base_url:
        yield base_url


async def test_a_program_verifies_an_event(url: str) -> None:
    """Moments are moments, and the two clients agree."""
    async with AsyncPulsClient(url) as puls:
        told = await puls.verification("jazz", within=1)
        with pytest.raises(NotFoundError):
            await puls.verification("nope")

    def work() -> object:
        with PulsClient(url) as puls:
            return puls.verification("jazz")

    assert await asyncio.to_thread(work) == told
    assert (told.outcome, told.url, told.is_strong) == ("changed", AGENDA, True)
    assert told.checked_at == NOW
    assert [(each.what, each.before, each.now) for each in told.changes] == [("price", "8", "10")]


async def test_a_chat_tells_typed_steps_and_findings(url: str) -> None:
    """A program shows what is going on, and whose page says what."""
    async with AsyncPulsClient(url) as puls:
        events = [event async for event in puls.chat(QUESTION, web="quick")]
        off = [event async for event in puls.chat(QUESTION, web="off")]
    steps = [event.web_step for event in events if event.web_step]
    assert steps[0].doing == "checking" or steps[0].doing == "searching"
    assert {"reading", "checked"} <= {step.doing for step in steps}
    (seen,) = [event.web for event in events if event.web]
    assert seen.why[0] == "asked"
    assert (seen.events[0].host, seen.events[0].times[0].starts_at) == (
        "jazz.example", SATURDAY_EVENING,
    )  # fmt: skip
    assert {check.uid for check in seen.checks} == {"jazz", "swing"}
    assert {event.uid for event in seen.corrected} == {"jazz", "swing"}
    assert not any(event.web or event.web_step for event in off)
    assert ChatEvent("token", {"text": "x"}).web is None


async def test_a_web_that_is_off_has_a_code(database: Database, gazetteer: Gazetteer) -> None:
    await save(database, [an_event("jazz")])
    async with (
        listening(app_over(puls_over(database, gazetteer))) as url,
        AsyncPulsClient(url) as puls,
    ):
        with pytest.raises(ServerFailedError, match="switched off") as off:
            await puls.verification("jazz")
    assert off.value.code == "web_off"
