"""What else a visitor may like beside an event: at the same venue, and of the same spirit. Reads; a failure leaves it out."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from puls.bootstrap import Puls
from puls.catalogue.event import Event
from puls.catalogue.venues import events_at, known_venue
from puls.errors import DatabaseUnavailableError, NotFoundError
from puls.monitoring import log
from puls.phrasing import Language
from puls.retrieval.neighbours import similar_to
from puls.retrieval.ranking import FoundEvent
from puls.ui.cards import Card, card
from puls.understanding.wish import Wish

_SHOWN = 4
_PATIENCE_SECONDS = 2.0  # the event itself is what was asked for


@dataclass(frozen=True, slots=True, kw_only=True)
class MiniView:
    """An event as one line of a list, with a picture."""

    card: Card
    picture: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """`at_venue` and `similar` hold no event twice; `venue_key` names the venue's page, `on_there` counts the others there."""

    at_venue: Sequence[MiniView] = ()
    similar: Sequence[MiniView] = ()
    venue_key: str | None = None
    on_there: int = 0


async def around(event: Event, *, puls: Puls, now: datetime, language: Language) -> Around:
    """What is near; nothing when PostgreSQL is busy, since the page stands without."""
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            return await _around(event, puls=puls, now=now, language=language)
    except (TimeoutError, DatabaseUnavailableError) as failure:
        log.warning("event_page.around_left_out", why=type(failure).__name__)
        return Around()


async def _around(event: Event, *, puls: Puls, now: datetime, language: Language) -> Around:
    venue_key: str | None = None
    there: tuple[FoundEvent, ...] = ()
    count = 0
    if event.venue is not None and event.venue.name:
        try:
            venue = await known_venue(puls.database, event.venue.key)
        except NotFoundError:
            pass
        else:
            venue_key = venue.main_key
            uids, count = await events_at(
                puls.database, venue.keys, now=now, limit=_SHOWN, beside=event.uid
            )
            there = await puls.search.events(uids, Wish(), now=now)
    alike = await similar_to(
        event, search=puls.search, database=puls.database, now=now, limit=2 * _SHOWN
    )
    shown = {one.event.uid for one in there}
    return Around(
        at_venue=minis(there, now=now, language=language),
        similar=minis(
            [one for one in alike if one.event.uid not in shown][:_SHOWN],
            now=now,
            language=language,
        ),
        venue_key=venue_key,
        on_there=count,
    )


def minis(found: Sequence[FoundEvent], *, now: datetime, language: Language) -> list[MiniView]:
    """Each with its own picture, else its poster."""
    views = []
    for one in found:
        view = card(one, now=now, language=language)
        views.append(MiniView(card=view, picture=view.image_url or view.poster_url))
    return views
