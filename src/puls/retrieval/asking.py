"""A visitor's question answered: words and values understood, events found, notices gathered.

The one use case behind the page, the API and the command line. Enter at `ask`.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from puls.database import Database
from puls.errors import InvalidInputError
from puls.geo.gazetteer import Gazetteer
from puls.retrieval.beyond_gazetteer import BeyondGazetteer
from puls.retrieval.relaxing import CountedRelaxation, count_relaxations
from puls.retrieval.search import EventSearch, Found
from puls.retrieval.theme import Match
from puls.understanding.given import Given, place_named, understand_given
from puls.understanding.notices import Notice
from puls.understanding.question import Understood
from puls.understanding.relaxations import relaxations_of
from puls.understanding.turns import Turn

_NOTHING_FOUND = Found(events=(), fitting=0)
_ABOUT_PULS = Notice(
    code="greeting",
    fr="Bonjour ! Dites ce qui vous ferait envie, où et quand : « concert ce week-end à Lyon ».",
    en="Hello! Say what you feel like, where and when: “jazz concert this weekend in Lyon”.",
)
_INSTEAD_OF_EVENTS: Mapping[Turn, Notice] = {
    Turn.GREETING: _ABOUT_PULS,
    Turn.THANKS: Notice(
        code="thanks",
        fr="Avec plaisir. Une autre envie de sortie ?",
        en="You are welcome. Anything else you feel like doing?",
    ),
    Turn.OUT_OF_SCOPE: Notice(
        code="out_of_scope",
        fr="Puls ne connaît que les sorties culturelles en France : concerts, expos, spectacles…",
        en="Puls only knows cultural events in France: concerts, exhibitions, shows…",
    ),
    Turn.CANNOT: Notice(
        code="cannot",
        fr="Puls ne réserve ni ne paie : cela se fait sur la page de l’organisateur.",
        en="Puls cannot book, pay or cancel: that is done on the organiser's own page.",
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What was understood, what was found, and the notices of both, in the order to say them.

    `relaxations`: what to try instead, counted; only when nothing was found on theme.
    """

    understood: Understood
    found: Found
    notices: tuple[Notice, ...]
    relaxations: tuple[CountedRelaxation, ...] = ()


async def understand_asked(
    text: str,
    given: Given,
    *,
    gazetteer: Gazetteer,
    now: datetime,
    timezone: str,
    without: Collection[str] = (),
    near_position: bool = False,
    beyond: BeyondGazetteer | None = None,
    previous: Understood | None = None,
) -> Understood:
    """What a question means, under the values given; see `understand_given`.

    `beyond` adds venues and addresses to the places that the gazetteer knows. `previous` is what a follow-up changes.

    Raises:
        InvalidInputError: a value names nothing, or contradicts another one.
    """
    return understand_given(
        text,
        given,
        now=now,
        gazetteer=gazetteer,
        timezone=timezone,
        without=without,
        near_position=near_position,
        venues=await beyond.venues() if beyond else None,
        addresses=await beyond.addresses(text, _unknown_place(given, gazetteer), given.position)
        if beyond
        else None,
        previous=previous,
    )


def sentence_instead(turn: Turn) -> Notice | None:
    """What is said when a message asks for no event (thanks, the weather, a booking)."""
    return _INSTEAD_OF_EVENTS.get(turn)


async def find_events(
    understood: Understood,
    *,
    search: EventSearch,
    database: Database,
    gazetteer: Gazetteer,
    now: datetime,
    timezone: str,
    limit: int | None = None,
    usual_limit: int = 10,
) -> Answer:
    """The best events for what was understood; when none is on theme, what to try instead.

    At most `limit`; when it is None, as many as the words ask for (« trois idées »), else `usual_limit`.
    """
    most = limit or understood.wish.number_wanted or usual_limit
    found = await search.find(understood.wish, now=now, limit=most)
    relaxations: tuple[CountedRelaxation, ...] = ()
    if found.match is Match.NOTHING:
        offers = relaxations_of(understood.wish, now, gazetteer, timezone=timezone)
        relaxations = await count_relaxations(database, search, offers, now=now)
    return Answer(
        understood=understood,
        found=found,
        notices=(*understood.notices, *found.notices),
        relaxations=relaxations,
    )


async def ask(
    text: str,
    given: Given,
    *,
    search: EventSearch,
    database: Database,
    gazetteer: Gazetteer,
    now: datetime,
    timezone: str,
    limit: int | None = None,
    usual_limit: int = 10,
    without: Collection[str] = (),
    near_position: bool = False,
    beyond: BeyondGazetteer | None = None,
) -> Answer:
    """The best events for a question that stands alone; see `understand_asked` and `find_events`.

    A message that asks for no event gets a sentence instead.

    Raises:
        InvalidInputError: a value names nothing, or contradicts another one.
    """
    understood = await understand_asked(
        text,
        given,
        gazetteer=gazetteer,
        now=now,
        timezone=timezone,
        without=without,
        near_position=near_position,
        beyond=beyond,
    )
    instead = sentence_instead(understood.turn)
    has_values = given != Given(position=given.position, order=given.order)
    if instead is not None and text.strip() and not has_values:
        notices = (*understood.notices, instead)
        return Answer(understood=understood, found=_NOTHING_FOUND, notices=notices)
    return await find_events(
        understood,
        search=search,
        database=database,
        gazetteer=gazetteer,
        now=now,
        timezone=timezone,
        limit=limit,
        usual_limit=usual_limit,
    )


def _unknown_place(given: Given, gazetteer: Gazetteer) -> str | None:
    """The place given as a value, when the gazetteer does not know it."""
    if given.place is None:
        return None
    try:
        place_named(given.place, gazetteer)
    except InvalidInputError:
        return given.place
    return None
