"""What is on in a town without a word typed: tonight, this weekend, free, for families, new; each counted.

A small town is looked at with what lies around it, and says so. What was found for a town is kept, so that a morning's rush
asks the database once a minute. Enter at `Shelves.of`.
"""

import asyncio
import math
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from puls.bootstrap import Puls
from puls.catalogue.event import Interval
from puls.catalogue.store import Standing
from puls.errors import PulsError
from puls.geo.gazetteer import Commune
from puls.monitoring import log
from puls.retrieval.asking import Question
from puls.retrieval.latest import latest_uids
from puls.retrieval.ranking import FoundEvent
from puls.retrieval.relaxing import count_wishes
from puls.retrieval.theme import Match
from puls.ui.seeking.address import Search
from puls.ui.seeking.quick import question_of
from puls.understanding.when.calendar import weekend_of
from puls.understanding.where.place import commune_where
from puls.understanding.wish import Near, Where, Wish

ShelfName = Literal["tonight", "weekend", "free", "families", "new"]
SHOWN = 6
_LOOKED_AT = 40  # events a shelf is chosen from
_ENOUGH = 12  # events of a week that make a town's own shelves
_AROUND_KM = (15.0, 30.0, 60.0)
_WEEK = timedelta(days=7)
_LIVES_SECONDS, _STALE_SECONDS = 60.0, 600.0
_TOWNS_KEPT = 200
_MOST_OF_A_KIND = 2
_AN_OUTING = timedelta(hours=6)  # what is open longer is come to when one likes


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """Some of the events of one search. `count`: how many it finds in all; None where nobody counted."""

    name: ShelfName
    search: Search
    events: tuple[FoundEvent, ...]
    count: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """All shelves of a town. `radius_km`: how far around it they look, None: within it; `standing`: of the whole catalogue."""

    town: Commune | None
    radius_km: float | None
    shelves: tuple[Shelf, ...]
    standing: Standing


class Shelves:
    """The shelves of every town, made when asked for."""

    def __init__(self, puls: Puls, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._puls = puls
        self._clock = clock
        self._known: OrderedDict[str, tuple[float, Home]] = OrderedDict()
        self._making: dict[str, asyncio.Task[Home]] = {}

    async def of(self, town: Commune | None, *, now: datetime) -> Home:
        """What is on there: of this minute, else of the last ten while it is looked for anew, so that few ever wait."""
        key = town.code if town else ""
        known = self._known.get(key)
        age = math.inf if known is None else self._clock() - known[0]
        if known is not None and age < _LIVES_SECONDS:
            return known[1]
        making = self._making.get(key)
        if making is None:
            making = self._making[key] = asyncio.create_task(self._make(key, town, now=now))
            making.add_done_callback(lambda _: self._making.pop(key, None))
        if known is not None and age < _STALE_SECONDS:
            return known[1]
        return await asyncio.shield(making)

    async def _make(self, key: str, town: Commune | None, *, now: datetime) -> Home:
        try:
            home = await self._made(town, now=now)
        except PulsError as failure:
            log.warning("shelves.not_made", why=type(failure).__name__)
            raise
        self._known[key] = self._clock(), home
        self._known.move_to_end(key)
        while len(self._known) > _TOWNS_KEPT:
            self._known.popitem(last=False)
        return home

    async def _made(self, town: Commune | None, *, now: datetime) -> Home:
        puls = self._puls
        radius_km = None if town is None else await self._radius(town, now=now)
        today = now.astimezone(ZoneInfo(puls.settings.timezone)).date()
        asked = list(_searches(town, radius_km, today))
        shelves = await asyncio.gather(*(self._shelf(name, one, now=now) for name, one in asked))
        counts = await count_wishes(
            puls.database, puls.search, [wish for _, wish in shelves], now=now
        )
        return Home(
            town=town,
            radius_km=radius_km,
            shelves=tuple(
                replace(shelf, count=counted.events)
                for (shelf, _), counted in zip(shelves, counts, strict=True)
                if shelf.events
            ),
            standing=await puls.catalogue.standing(now=now),
        )

    async def _radius(self, town: Commune, *, now: datetime) -> float | None:
        """How far around the town there is enough to do this week; None: within it."""
        week = Wish(when=(Interval(now, now + _WEEK),))
        places: list[Where] = [
            commune_where(town),
            *(
                Where(label=town.name, near=Near(center=town.coordinates, radius_km=km))
                for km in _AROUND_KM
            ),
        ]
        wishes = [replace(week, where=where) for where in places]
        counts = await count_wishes(self._puls.database, self._puls.search, wishes, now=now)
        for radius_km, counted in zip((None, *_AROUND_KM), counts, strict=True):
            if counted.events >= _ENOUGH:
                return radius_km
        return _AROUND_KM[-1]

    async def _shelf(self, name: ShelfName, search: Search, *, now: datetime) -> tuple[Shelf, Wish]:
        puls = self._puls
        question: Question = question_of(search, now=now, timezone=puls.settings.timezone)
        wish = (await puls.asking.understand(question)).wish
        if name == "new":
            uids = await latest_uids(puls.database, wish, now=now, limit=_LOOKED_AT)
            found = await puls.search.events(uids, wish, now=now)
        else:
            found = (await puls.search.find(wish, now=now, limit=_LOOKED_AT)).events
        fitting = [one for one in found if one.match is not Match.NOTHING]
        shown = tuple(varied(fitting, SHOWN, now=now))
        return Shelf(name=name, search=search, events=shown, count=None), wish


def _searches(
    town: Commune | None, radius_km: float | None, today: date
) -> Iterator[tuple[ShelfName, Search]]:
    place = None if town is None else f"{town.name} ({town.department_code})"
    here = Search(place=place, radius_km=radius_km)
    saturday, monday = weekend_of(today)
    week = here.changed(starts=today, ends=today + _WEEK - timedelta(days=1))
    yield "tonight", here.changed(starts=today, ends=today, part="soir")
    yield (
        "weekend",
        here.changed(starts=max(today, saturday), ends=monday - timedelta(days=1)),
    )
    yield "free", week.changed(is_free=True)
    yield "families", week.changed(is_for_families=True)
    yield "new", here


def varied(events: Sequence[FoundEvent], most: int, *, now: datetime) -> list[FoundEvent]:
    """Events of several kinds and places, else in their order: what still begins comes before what runs all day."""
    ordered = sorted(events, key=lambda one: _runs_on(one, now))
    kinds: dict[str, int] = {}
    venues: set[str] = set()
    first: list[FoundEvent] = []
    for one in ordered:
        kind = one.event.category
        venue = one.event.venue.key if one.event.venue else one.event.uid
        if kinds.get(kind, 0) < _MOST_OF_A_KIND and venue not in venues:
            kinds[kind] = kinds.get(kind, 0) + 1
            venues.add(venue)
            first.append(one)
    chosen = {one.event.uid for one in first}
    rest = [one for one in ordered if one.event.uid not in chosen]
    return [*first, *rest][:most]


def _runs_on(found: FoundEvent, now: datetime) -> bool:
    occurrence = found.occurrence
    lasts = occurrence.ends_at - occurrence.starts_at
    return occurrence.is_possible or occurrence.starts_at <= now or lasts > _AN_OUTING
