"""An outing of several events: words to parts, one search for each part, feasible plans, and what could not be fitted.

Reads the catalogue and never writes. Enter at `plan_outing` with words, at `plan_understood` when they are
understood already, or at `plan_slots` with parts.
"""

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from puls.catalogue.event import Occurrence
from puls.database import Database, Queries
from puls.outings.notices import notices_about
from puls.outings.parts import is_bare_kind
from puls.outings.plan import Plan
from puls.outings.planning import plans_of
from puls.outings.slots import Slot, slots_of
from puls.retrieval.asking import Answer, Asking, Question
from puls.retrieval.ranking import FoundEvent
from puls.retrieval.search import EventSearch, Found
from puls.understanding.notices import Notice
from puls.understanding.question import Understood

_QUERIES = Queries.beside("puls.outings")
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


async def plan_outing(asking: Asking, question: Question, *, most_plans: int = 3) -> Outing:
    """Plans for a message such as « samedi : une expo l'après-midi puis un concert, à Lyon, moins de 30 € à deux ».

    Raises:
        InvalidInputError: a value given beside the words names nothing, or contradicts another one.
    """
    understood = await asking.understand(question)
    return await plan_understood(asking, question, understood, most_plans=most_plans)


async def plan_understood(
    asking: Asking, question: Question, understood: Understood, *, most_plans: int = 3
) -> Outing:
    """Plans for a message whose place, price and people are in `understood`."""
    slots = slots_of(
        question.text,
        understood,
        now=question.now,
        gazetteer=asking.gazetteer,
        timezone=question.timezone,
        venues=await asking.beyond.venues() if asking.beyond else None,
    )
    return await plan_slots(asking, question, understood, slots, most_plans=most_plans)


async def plan_slots(
    asking: Asking,
    question: Question,
    understood: Understood,
    slots: tuple[Slot, ...],
    *,
    most_plans: int = 3,
) -> Outing:
    """Plans of these parts."""
    now, timezone = question.now, question.timezone
    found = await asyncio.gather(*(_find(asking.search, slot, now=now) for slot in slots))
    candidates = await _at_their_hours(asking.database, slots, [each.events for each in found])
    budget = understood.wish.max_price
    plans = plans_of(slots, candidates, now=now, timezone=timezone, budget=budget, most=most_plans)
    steps = {step.found.event.uid: step.found for plan in plans for step in plan.steps}
    said = (*understood.notices, *(notice for each in found for notice in each.notices))
    about = notices_about(
        question.text, slots, [each.events for each in found], candidates, plans,
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
    if slot.uid is not None:
        chosen = await search.events([slot.uid], slot.wish, now=now)
        return Found(events=chosen, fitting=len(chosen))
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
