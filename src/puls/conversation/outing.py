"""An outing of several events: words to parts, one search for each part, feasible plans, and what could not be fitted.

Reads the catalogue and never writes. Enter at `plan_outing` with words, or at `plan_understood` when they are
understood already.
"""

import asyncio
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from puls.catalogue.event import Occurrence
from puls.conversation.outing_notices import notices_about
from puls.conversation.plan import plans_of
from puls.conversation.turn import Plan
from puls.database import Database, Queries
from puls.geo.gazetteer import Gazetteer
from puls.retrieval.asking import Answer, understand_asked
from puls.retrieval.beyond_gazetteer import BeyondGazetteer
from puls.retrieval.ranking import FoundEvent
from puls.retrieval.search import EventSearch, Found
from puls.understanding.given import Given
from puls.understanding.notices import Notice
from puls.understanding.outing_words import is_bare_kind
from puls.understanding.question import Understood
from puls.understanding.slots import Slot, slots_of
from puls.understanding.venue_names import VenueNames

_QUERIES = Queries.beside("puls.conversation", "plan_queries.sql")
_ASKED_FOR = (
    24  # events for each part: more than a plan looks at, since some have no hours or are sold out
)
_ASKED_FOR_PER_DAY = 8  # when several days are possible
_MOST_ASKED_FOR = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Outing:
    """What was understood, the parts, the plans best first, and the notices in the order to say them.

    `found`: the events of the plans, each once, in the order of the plans.
    """

    understood: Understood
    slots: tuple[Slot, ...]
    plans: tuple[Plan, ...]
    found: Found
    notices: tuple[Notice, ...] = ()

    @property
    def answer(self) -> Answer:
        """The same as an answer to a question: its events are those that may be spoken of."""
        return Answer(understood=self.understood, found=self.found, notices=self.notices)


async def plan_outing(
    text: str,
    given: Given,
    *,
    search: EventSearch,
    database: Database,
    gazetteer: Gazetteer,
    now: datetime,
    timezone: str,
    most_plans: int = 3,
    without: Collection[str] = (),
    beyond: BeyondGazetteer | None = None,
) -> Outing:
    """Plans for a message such as « samedi : une expo l'après-midi puis un concert, à Lyon, moins de 30 € à deux ».

    `given` holds values chosen beside the words; see `understand_given`.

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
        near_position=True,
        beyond=beyond,
    )
    return await plan_understood(
        text,
        understood,
        search=search,
        database=database,
        gazetteer=gazetteer,
        now=now,
        timezone=timezone,
        most_plans=most_plans,
        venues=await beyond.venues() if beyond else None,
    )


async def plan_understood(
    text: str,
    understood: Understood,
    *,
    search: EventSearch,
    database: Database,
    gazetteer: Gazetteer,
    now: datetime,
    timezone: str,
    most_plans: int = 3,
    venues: VenueNames | None = None,
) -> Outing:
    """Plans for a message whose place, price and people are in `understood`."""
    slots = slots_of(
        text, understood, now=now, gazetteer=gazetteer, timezone=timezone, venues=venues
    )
    found = await asyncio.gather(*(_find(search, slot, now=now) for slot in slots))
    candidates = await _at_their_hours(database, slots, [each.events for each in found])
    budget = understood.wish.max_price
    plans = plans_of(slots, candidates, now=now, timezone=timezone, budget=budget, most=most_plans)
    steps = {step.found.event.uid: step.found for plan in plans for step in plan.steps}
    said = (*understood.notices, *(notice for each in found for notice in each.notices))
    about = notices_about(
        text, slots, [each.events for each in found], candidates, plans,
        budget=budget, now=now, timezone=timezone,
    )  # fmt: skip
    return Outing(
        understood=understood,
        slots=slots,
        plans=plans,
        found=Found(
            events=tuple(steps.values()), fitting=max((one.fitting for one in found), default=0)
        ),
        notices=tuple(dict.fromkeys((*said, *about))),
    )


async def _find(search: EventSearch, slot: Slot, *, now: datetime) -> Found:
    """The events for one part: of the kind that it names, since « une expo » is no film about one; else the nearest."""
    limit = _limit(slot)
    if slot.kinds and not slot.wish.categories:
        topic = "" if is_bare_kind(slot.wish.topic) else slot.wish.topic
        of_kind = replace(slot.wish, topic=topic, categories=slot.kinds)
        found = await search.find(of_kind, now=now, limit=limit)
        if found.events:
            return found
    return await search.find(slot.wish, now=now, limit=limit)


def _limit(slot: Slot) -> int:
    return min(_MOST_ASKED_FOR, max(_ASKED_FOR, _ASKED_FOR_PER_DAY * len(slot.wish.when)))


async def _at_their_hours(
    database: Database, slots: Sequence[Slot], found: Sequence[Sequence[FoundEvent]]
) -> list[list[FoundEvent]]:
    """Each event once for every occurrence in the windows of its part; those without hours are left out."""
    windows = [window for slot in slots for window in slot.wish.when]
    uids = {one.event.uid for events in found for one in events}
    if not windows or not uids:
        return [[] for _ in slots]
    rows = await database.fetch_all(
        _QUERIES["occurrences_during"],
        uids=sorted(uids),
        since=min(window.start for window in windows),
        until=max(window.end for window in windows),
    )
    occurrences: Mapping[str, list[Occurrence]] = defaultdict(list)
    for row in rows:
        occurrences[row["uid"]].append(
            Occurrence(starts_at=row["starts_at"], ends_at=row["ends_at"])
        )
    return [
        [
            replace(one, occurrence=occurrence)
            for one in events
            for occurrence in occurrences[one.event.uid]
        ]
        for events in found
    ]
