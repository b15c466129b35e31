"""A turn is answered by one process; when that one is gone, another does it within seconds, and only once."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID, uuid4

import pytest
from tests.conversation.conftest import outcome, request
from tests.conversation.test_assistant import ANNA, Hanging, an_assistant, text_of
from tests.serving import NOW, an_event, save

from puls.conversation.assistant import Assistant
from puls.conversation.keeping import leases
from puls.conversation.keeping.memory import Conversations
from puls.conversation.turn import EventsFound, Failed, Finished, Said, TurnEvent, TurnRequest
from puls.database import Database
from puls.identity.visitor import Visitor

pytestmark = [pytest.mark.database, pytest.mark.alone]


async def killed(conversations: Conversations, database: Database) -> None:
    """What is left of a process that could not say goodbye, when its lease is over."""
    async with database.transaction() as connection:
        await connection.execute(
            "UPDATE turn_process SET alive_until = clock_timestamp() - interval '1 second' WHERE id = %s",
            [conversations.leases.process_id],
        )


async def test_a_turn_of_a_process_that_is_gone_is_begun_by_another(
    database: Database, ada: Visitor
) -> None:
    """Two minutes of « try again » after a crash are two minutes too many."""
    first, second = Conversations(database), Conversations(database)
    asked = request()
    begun = await first.begin(ada, asked, now=NOW)
    assert not (await second.begin(ada, asked, now=NOW)).is_new
    await killed(first, database)
    again = await second.begin(ada, asked, now=NOW)
    assert (again.is_new, again.turn.id) == (True, begun.turn.id)


async def test_who_was_thought_gone_keeps_nothing_of_a_turn_that_was_taken_over(
    database: Database, ada: Visitor
) -> None:
    """A process that stood still for a while wakes up: the answer that is kept is the one that was told last."""
    slow, quick = Conversations(database), Conversations(database)
    asked = request()
    turn_id = (await slow.begin(ada, asked, now=NOW)).turn.id
    await killed(slow, database)
    await quick.begin(ada, asked, now=NOW)
    assert not await slow.finish(ada.id, turn_id, outcome(answer="trop tard"), now=NOW)
    assert not await slow.fail(ada.id, turn_id, failure="too_slow", now=NOW)
    assert await quick.finish(ada.id, turn_id, outcome(answer="Voici."), now=NOW)
    assert (await quick.turn(ada.id, turn_id)).answer == "Voici."


async def test_a_lease_lives_by_the_databases_clock(database: Database, ada: Visitor) -> None:
    """A replica whose clock is an hour ahead takes nobody's turn."""
    first, second = Conversations(database), Conversations(database)
    asked = request()
    await first.begin(ada, asked, now=NOW)
    assert not (await second.begin(ada, asked, now=NOW.replace(year=2036))).is_new


async def test_a_turn_that_this_process_lost_sight_of_is_begun_again(
    database: Database, ada: Visitor
) -> None:
    """Its end could not be stored while PostgreSQL was away; the process lives, and would hold it for ever."""
    conversations = Conversations(database)
    asked = request()
    turn_id = (await conversations.begin(ada, asked, now=NOW)).turn.id
    assert not (await conversations.begin(ada, asked, now=NOW, running=(turn_id,))).is_new
    assert (await conversations.begin(ada, asked, now=NOW, running=())).is_new


@pytest.fixture
async def concert(database: Database) -> Database:
    await save(database, [an_event("jazz")])
    return database


async def heard(assistant: Assistant, asked: TurnRequest) -> list[TurnEvent]:
    return [event async for event in assistant.converse(ANNA, asked)]


@asynccontextmanager
async def answering(assistant: Assistant, asked: TurnRequest) -> AsyncIterator[list[TurnEvent]]:
    """A turn under way whose events are shown."""
    events: list[TurnEvent] = []
    are_shown = asyncio.Event()

    async def listen() -> None:
        async for event in assistant.converse(ANNA, asked):
            events.append(event)
            if isinstance(event, EventsFound):
                are_shown.set()

    listening = asyncio.create_task(listen())
    await are_shown.wait()
    yield events
    await assistant.close()
    await listening


def failures(events: list[TurnEvent]) -> list[Failed]:
    return [event for event in events if isinstance(event, Failed)]


def said() -> TurnRequest:
    return TurnRequest(text="concert samedi à Lyon", request_id=uuid4())


async def test_a_retry_after_a_kill_is_answered_within_seconds(
    concert: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same request, sent to the process that took the dead one's place: told that it waits, then answered."""
    dead, asked = Conversations(concert), said()
    await dead.begin(ANNA, asked, now=NOW)
    monkeypatch.setattr(leases, "BEAT_SECONDS", 0.1)
    began = time.monotonic()
    events = await heard(an_assistant(concert), asked)
    assert time.monotonic() - began < 15
    assert isinstance(events[0], Said)
    assert events[0].notice.code == "under_way"
    assert isinstance(events[-1], Finished)
    assert "jazz manouche" in text_of(events)


async def test_a_turn_that_is_answered_elsewhere_is_waited_for(concert: Database) -> None:
    """The other replica is alive and slow: its answer is told here, and no second one is made."""
    elsewhere, asked = Conversations(concert), said()
    begun = await elsewhere.begin(ANNA, asked, now=NOW)

    async def end_later() -> None:
        await asyncio.sleep(1.5)
        await elsewhere.leases.prolong()
        await elsewhere.finish(ANNA.id, begun.turn.id, outcome(answer="Ailleurs."), now=NOW)

    ending = asyncio.create_task(end_later())
    events = await heard(an_assistant(concert), asked)
    await ending
    assert text_of(events) == "Ailleurs."


async def test_stop_reaches_a_turn_on_another_replica(concert: Database) -> None:
    """Whichever replica the button's request lands on."""
    here, there, asked = an_assistant(concert, Hanging()), an_assistant(concert), said()
    async with answering(here, asked) as events:
        turn_id = turn_of(events)
        await there.stop(uuid4(), turn_id)  # somebody else's wish
        await asyncio.sleep(1.5)
        assert failures(events) == []
        await there.stop(ANNA.id, turn_id)
        for _ in range(30):
            if failures(events):
                break
            await asyncio.sleep(0.1)
    (end,) = failures(events)
    assert end.notice.code == "stopped"
    stored = await Conversations(concert).turn(ANNA.id, turn_id)
    assert (stored.state, stored.failure) == ("failed", "stopped")


async def test_stop_closes_a_turn_that_nobody_answers(concert: Database) -> None:
    """Its process was killed: the conversation shows it stopped, not endless."""
    dead = Conversations(concert)
    turn_id = (await dead.begin(ANNA, said(), now=NOW)).turn.id
    await killed(dead, concert)
    await an_assistant(concert).stop(ANNA.id, turn_id)
    assert (await dead.turn(ANNA.id, turn_id)).failure == "stopped"


async def test_what_killed_processes_left_is_forgotten(database: Database, ada: Visitor) -> None:
    """The tables do not grow with every restart."""
    conversations = Conversations(database)
    await conversations.begin(ada, request(), now=NOW)
    assert await conversations.leases.forget_gone() == 0
    async with database.transaction() as connection:
        await connection.execute("UPDATE turn_process SET alive_until = now() - interval '2 days'")
    assert await conversations.leases.forget_gone() == 1


def turn_of(events: list[TurnEvent]) -> UUID:
    read = events[0]
    assert not isinstance(read, EventsFound)
    turn_id = getattr(read, "turn_id", None)
    assert isinstance(turn_id, UUID)
    return turn_id
