"""A conversation goes on after a restart and on another replica, and ends when its time is over."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from tests.conversation.conftest import outcome, request, said
from tests.serving import NOW

from puls.conversation.keeping.memory import WINDOW, Conversations
from puls.conversation.keeping.personal_data import PersonalData
from puls.database import Database
from puls.errors import InvalidInputError, NotFoundError
from puls.geo.gazetteer import Gazetteer
from puls.identity.visitor import Visitor
from puls.understanding.question import understand
from puls.understanding.wish import Wish


async def test_a_follow_up_finds_what_another_replica_stored(
    conversations: Conversations, database_url: str, ada: Visitor, gazetteer: Gazetteer
) -> None:
    """« et gratuit ? » and « la 2e » mean the same wherever the next request lands."""
    first = understand("concert de jazz à Lyon samedi", now=NOW, gazetteer=gazetteer)
    what = replace(outcome(shown=("7", "8")), carried=first.carried)
    conversation_id, _ = await said(conversations, ada, what=what)
    async with Database.open(database_url, pool_size=1) as replica:
        recalled = await Conversations(replica).recall(ada.id, conversation_id)
    assert recalled.shown_last == ("7", "8")
    now = understand("et gratuit ?", now=NOW, gazetteer=gazetteer, previous=recalled.understood())
    live = understand("et gratuit ?", now=NOW, gazetteer=gazetteer, previous=first)
    assert now.wish == live.wish
    assert now.turn is live.turn


async def test_the_same_request_twice_is_one_turn(
    conversations: Conversations, ada: Visitor
) -> None:
    """A client that retries after a dropped connection sees its answer, not a second one."""
    asked = request()
    begun = [await conversations.begin(ada, asked, now=NOW) for _ in range(2)]
    assert [each.is_new for each in begun] == [True, False]
    assert begun[0].turn == begun[1].turn
    assert len(await conversations.all(ada.id)) == 1


async def test_concurrent_duplicates_are_one_turn_that_all_can_wait_for(
    conversations: Conversations, ada: Visitor
) -> None:
    """A double click reaches two replicas at the same moment."""
    asked = request()
    begun = await asyncio.gather(*(conversations.begin(ada, asked, now=NOW) for _ in range(8)))
    assert sum(each.is_new for each in begun) == 1
    assert len({each.turn.id for each in begun}) == 1
    turn_id = begun[0].turn.id
    waiting = asyncio.create_task(conversations.ended(ada.id, turn_id, patience_seconds=10))
    await asyncio.sleep(0.05)
    await conversations.finish(ada.id, turn_id, outcome(answer="Voilà."), now=NOW)
    assert (await waiting).answer == "Voilà."
    assert (await conversations.conversation(ada.id, begun[0].turn.conversation_id))[0].turns == 1


async def test_two_visitors_may_choose_the_same_request_id(
    conversations: Conversations, ada: Visitor, bob: Visitor
) -> None:
    """An id made by a client is no key to another's turn."""
    asked = request()
    of_ada = await conversations.begin(ada, asked, now=NOW)
    of_bob = await conversations.begin(bob, asked, now=NOW)
    assert of_bob.is_new
    assert of_ada.turn.id != of_bob.turn.id
    assert of_ada.turn.conversation_id != of_bob.turn.conversation_id


async def test_a_turn_that_failed_is_begun_again_under_its_id(
    conversations: Conversations, ada: Visitor
) -> None:
    """Nothing is stored twice."""
    asked = request()
    turn_id = (await conversations.begin(ada, asked, now=NOW)).turn.id
    assert await conversations.fail(ada.id, turn_id, failure="database_unavailable", now=NOW)
    again = await conversations.begin(ada, asked, now=NOW)
    assert (again.is_new, again.turn.id, again.turn.state) == (True, turn_id, "begun")
    assert await conversations.finish(ada.id, turn_id, outcome(), now=NOW)
    assert not await conversations.finish(ada.id, turn_id, outcome(answer="deux"), now=NOW)
    assert not await conversations.fail(ada.id, turn_id, failure="late", now=NOW)
    assert (await conversations.turn(ada.id, turn_id)).answer == "Voici."


async def test_what_lies_before_the_window_is_its_wish_and_its_events(
    conversations: Conversations, ada: Visitor
) -> None:
    """A long conversation costs no more than a short one."""
    conversation_id, _ = await said(conversations, ada, what=outcome("théâtre", ("t1", "t2")))
    for number in range(WINDOW + 1):
        await said(
            conversations, ada, "et ?", conversation_id, what=outcome("jazz", (f"j{number}",))
        )
    recalled = await conversations.recall(ada.id, conversation_id)
    assert len(recalled.turns) == WINDOW
    assert recalled.earlier is not None
    assert (recalled.earlier.turns, recalled.earlier.wish) == (2, Wish(topic="jazz"))
    assert recalled.earlier.shown == ("j0", "t1", "t2")
    words = recalled.earlier.words("fr", timezone="Europe/Paris")
    assert "jazz" in words
    assert "t1" in words


async def test_a_wish_that_cannot_be_read_leaves_the_conversation_alive(
    conversations: Conversations, database: Database, ada: Visitor
) -> None:
    """A newer release wrote it, then was rolled back."""
    conversation_id, turn_id = await said(conversations, ada)
    async with database.transaction(visitor_id=ada.id) as connection:
        await connection.execute("UPDATE turn SET wish = '{\"version\": 99}'")
    recalled = await conversations.recall(ada.id, conversation_id)
    assert recalled.carried is None
    assert recalled.shown_last == ("1", "2")
    assert (await conversations.turn(ada.id, turn_id)).answer == "Voici."


async def test_any_text_can_be_kept(conversations: Conversations, ada: Visitor) -> None:
    """People paste anything; NUL and lone surrogates are what PostgreSQL cannot hold."""
    begun = await conversations.begin(ada, request("a\0b \ud800 🎷 ' OR 1=1; --"), now=NOW)
    assert begun.turn.text == "ab ? 🎷 ' OR 1=1; --"


async def test_conversations_are_listed_renamed_and_deleted(
    conversations: Conversations, ada: Visitor
) -> None:
    """They belong to their visitor."""
    first, _ = await said(conversations, ada, "expo photo " * 30, days_ago=2)
    second, _ = await said(conversations, ada, days_ago=1)
    await said(conversations, ada, "et demain ?", first)
    assert [each.id for each in await conversations.all(ada.id)] == [first, second]
    assert len((await conversations.all(ada.id))[0].title) <= 80
    await conversations.rename(ada.id, first, "Mes expos")
    stored, turns = await conversations.conversation(ada.id, first)
    assert (stored.title, stored.turns, len(turns)) == ("Mes expos", 2, 2)
    await conversations.delete(ada.id, first)
    with pytest.raises(NotFoundError):
        await conversations.conversation(ada.id, first)
    with pytest.raises(NotFoundError):
        await conversations.begin(ada, request(conversation_id=first), now=NOW)


async def test_a_turn_erased_while_it_ran_stays_erased(
    conversations: Conversations, personal_data: PersonalData, ada: Visitor
) -> None:
    """« Erase everything » is not undone by an answer that comes a second later."""
    begun = await conversations.begin(ada, request(), now=NOW)
    await personal_data.erase(ada.id)
    assert not await conversations.finish(ada.id, begun.turn.id, outcome(), now=NOW)
    assert (await personal_data.export(ada.id))["conversations"] == []


async def test_a_thumb_is_kept_once_and_only_for_what_was_shown(
    conversations: Conversations, personal_data: PersonalData, ada: Visitor
) -> None:
    """The last thumb counts."""
    _, turn_id = await said(conversations, ada)
    await conversations.rate(ada.id, turn_id, thumb="up", now=NOW)
    await conversations.rate(ada.id, turn_id, thumb="down", reason="trop loin", now=NOW)
    await conversations.rate(ada.id, turn_id, thumb="up", uid="2", category="concert", now=NOW)
    with pytest.raises(InvalidInputError):
        await conversations.rate(ada.id, turn_id, thumb="up", uid="unseen", now=NOW)
    with pytest.raises(NotFoundError):
        await conversations.rate(ada.id, uuid4(), thumb="up", now=NOW)
    held = (await personal_data.export(ada.id))["conversations"][0]["turns"][0]["feedback"]
    assert [(each["uid"], each["thumb"], each["reason"]) for each in held] == [
        (None, "down", "trop loin"),
        ("2", "up", None),
    ]


async def test_the_sweep_deletes_what_is_past_its_time_and_nothing_else(
    conversations: Conversations, personal_data: PersonalData, ada: Visitor, bob: Visitor
) -> None:
    """Thirty days, then it is gone: also the first turns of a conversation that goes on."""
    old, _ = await said(conversations, ada, days_ago=40)
    going_on, _ = await said(conversations, bob, days_ago=40)
    _, young = await said(conversations, bob, "et demain ?", going_on, days_ago=1)
    swept = await personal_data.sweep(now=NOW, keep=timedelta(days=30))
    assert (swept.turns, swept.conversations, swept.visitors) == (2, 1, 1)
    with pytest.raises(NotFoundError):
        await conversations.conversation(ada.id, old)
    _, turns = await conversations.conversation(bob.id, going_on)
    assert [turn.id for turn in turns] == [young]
