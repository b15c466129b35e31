"""The scripted conversation of examples/ten-turns.md, over the sample catalogue at a frozen moment."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from puls.bootstrap import Puls
from puls.conversation.turn import (
    EventsFound,
    Failed,
    Finished,
    TextWritten,
    TurnEvent,
    TurnRequest,
    WishRead,
)
from puls.identity.visitor import Visitor
from puls.retrieval.ranking import FoundEvent
from puls.understanding.question import Understood

NOW = datetime(2026, 11, 20, 17, 30, tzinfo=ZoneInfo("Europe/Paris"))  # a Friday
VISITOR = Visitor(id=UUID("c0000000-0000-4000-8000-000000000010"))
MESSAGES = (
    "Bonjour, je cherche un concert ce week-end à Lyon",
    "plutôt moins de 15 €",
    "et à Grenoble ?",
    "la première, c'est où exactement et combien ?",
    "compare les deux premiers",
    "samedi : une expo l'après-midi puis un concert le soir, à Lyon, moins de 60 € à deux",
    "j'habite Nantes et j'ai deux enfants de 4 et 7 ans",
    "en fait j'habite Rennes maintenant",
    "quelle est la capitale du Pérou ?",
    "réserve-moi deux places pour le premier",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One turn as the visitor saw it."""

    text: str
    understood: Understood
    events: tuple[FoundEvent, ...]
    found: EventsFound
    answer: str
    end: Finished


async def conversation(puls: Puls) -> AsyncIterator[Told]:
    """The ten turns, one after the other, with the visitor's consent to be remembered."""
    await puls.people.preferences.agree(VISITOR, "preferences", now=NOW)
    conversation_id: UUID | None = None
    for text in MESSAGES:
        request = TurnRequest(text=text, request_id=uuid4(), conversation_id=conversation_id)
        told = _told(text, [event async for event in puls.assistant.converse(VISITOR, request)])
        conversation_id = told.end.conversation_id
        yield told


def _told(text: str, events: list[TurnEvent]) -> Told:
    read = next(event for event in events if isinstance(event, WishRead))
    found = next(event for event in events if isinstance(event, EventsFound))
    end = events[-1]
    assert isinstance(end, Finished), end if isinstance(end, Failed) else None
    return Told(
        text=text,
        understood=read.understood,
        events=found.events,
        found=found,
        answer="".join(event.text for event in events if isinstance(event, TextWritten)),
        end=end,
    )
