"""Itineraries through events: feasible in time and distance, within the budget, the best first. Pure.

A plan takes one event for each part of an outing, in order, never two of one series; it is better when its events
answer their part better and lie closer together. The search looks through every combination until it is done or
`MOST_TRIED` are tried. When no plan holds every part, plans that leave out as few as possible are given. What a plan
costs is never guessed: with a price unknown its sum is None. Enter at `plans_of`.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from puls.catalogue.event import Attendance, Status
from puls.outings.plan import Plan, PlanStep
from puls.outings.slots import Slot
from puls.outings.travel import MARGIN_MINUTES, Leg, Visit, leg_between, visit_of
from puls.retrieval.ranking import FoundEvent

MOST_CANDIDATES = 12  # events for each part and day
MOST_TRIED = 20_000
_MOST_SHOWINGS = 3  # of one event on one day
_MINUTE_WEIGHT = (
    0.01  # a quarter of an hour on the way weighs as much as 0.15 standard deviations of score
)
_UNKNOWN_PRICE_WEIGHT = (
    0.5  # who names a budget would rather know; the search itself takes off 0.25
)
_CHOSEN_WEIGHT = 10.0  # a part that the visitor chose by name is left out last
_CENT = 0.005  # euros; prices are floats
_TAKES_PLACE = (Status.SCHEDULED, Status.RESCHEDULED)


@dataclass(frozen=True, slots=True)
class Stop:
    """An event as an answer to one part of an outing; `value` is 0 for the best of its part and less for others."""

    slot: int
    day: date
    found: FoundEvent
    visit: Visit
    value: float

    @property
    def keys(self) -> frozenset[str]:
        """What no other stop of the plan may share."""
        event = self.found.event
        return frozenset({event.uid, event.duplicate_key, event.series_key})

    @property
    def price(self) -> float | None:
        return self.found.event.price.lowest


@dataclass(frozen=True, slots=True)
class _Placed:
    stop: Stop
    arrives: datetime
    leaves: datetime
    leg: Leg | None  # None: the first of its day


@dataclass(frozen=True, slots=True)
class _Chain:
    """The first stops of a plan."""

    placed: tuple[_Placed, ...] = ()
    keys: frozenset[str] = frozenset()
    cost: float = 0.0  # euros per person, of the prices that are known
    value: float = 0.0
    day: date | None = None  # that the next part must share
    skipped: int = 0


def plans_of(
    slots: Sequence[Slot],
    candidates_by_slot: Sequence[Sequence[FoundEvent]],
    *,
    now: datetime,
    timezone: str = "Europe/Paris",
    budget: float | None = None,
    most: int = 3,
) -> tuple[Plan, ...]:
    """At most `most` plans, the best first; each further one shares at most half of its events with those before.

    The same event may stand several times among the candidates of a part, with another occurrence each time; those
    without hours are never taken. `budget`: euros per person for the whole outing.
    """
    stops = [
        stops_for(at, slot, candidates, now=now, zone=ZoneInfo(timezone))
        for at, (slot, candidates) in enumerate(zip(slots, candidates_by_slot, strict=True))
    ]
    for skips in range(len(slots)):
        search = _Search(slots, stops, budget=budget, skips=skips)
        plans: list[_Chain] = []
        while len(plans) < most and (best := search.best(unlike=plans)) is not None:
            plans.append(best)
        if plans:
            return tuple(_plan(chain) for chain in plans)
    return ()


def stops_for(
    at: int, slot: Slot, candidates: Iterable[FoundEvent], *, now: datetime, zone: ZoneInfo
) -> list[Stop]:
    """The ways to fill a part, best first: a few showings of a few events for each day."""
    best_first = sorted(candidates, key=lambda one: -one.score)
    top = best_first[0].score if best_first else 0.0
    kept: list[Stop] = []
    showings: Counter[tuple[date, str]] = Counter()
    events: Counter[date] = Counter()
    for found in best_first:
        if not _takes_place(found, slot):
            continue
        for day, visit in _visits(found, slot, now=now, zone=zone):
            key = day, found.event.uid
            if not showings[key] and events[day] >= MOST_CANDIDATES:
                continue
            if showings[key] >= _MOST_SHOWINGS:
                continue
            events[day] += not showings[key]
            showings[key] += 1
            kept.append(Stop(at, day, found, visit, found.score - top))
    return kept


def _takes_place(found: FoundEvent, slot: Slot) -> bool:
    event = found.event
    is_reachable = event.attendance is not Attendance.ONLINE or slot.wish.online is True
    return event.status in _TAKES_PLACE and is_reachable


def _visits(
    found: FoundEvent, slot: Slot, *, now: datetime, zone: ZoneInfo
) -> Iterator[tuple[date, Visit]]:
    for window in slot.wish.when:
        visit = visit_of(found.occurrence, found.event.category, window, now=now)
        if visit is not None:
            yield window.start.astimezone(zone).date(), visit


@dataclass(slots=True)
class _Search:
    """Depth first with a bound: no stop is worth more than 0, so a chain never gains by going on."""

    slots: Sequence[Slot]
    stops: Sequence[Sequence[Stop]]
    budget: float | None
    skips: int
    _best: _Chain | None = None
    _tried: int = 0
    _legs: dict[tuple[str, str], Leg | None] = field(default_factory=dict)

    def best(self, *, unlike: Sequence[_Chain]) -> _Chain | None:
        """The best chain that shares at most half of its events with each of the others; None when there is none."""
        self._best, self._tried = None, 0
        others = [frozenset(one.stop.found.event.uid for one in chain.placed) for chain in unlike]
        self._extend(_Chain(), 0, others)
        return self._best

    def _extend(self, chain: _Chain, at: int, others: Sequence[frozenset[str]]) -> None:
        if self._best is not None and chain.value <= self._best.value:
            return
        if at == len(self.slots):
            self._best = chain
            return
        if not self.slots[at].is_same_day:
            chain = replace(chain, day=None)
        for stop in self.stops[at]:
            if self._best is not None and chain.value + stop.value <= self._best.value:
                break  # the stops that follow are worth less
            self._tried += 1
            if self._tried > MOST_TRIED:
                return
            longer = self._with(chain, stop)
            if longer is not None and not self._is_like(longer, others):
                self._extend(longer, at + 1, others)
        if chain.skipped < self.skips:
            value = chain.value - _CHOSEN_WEIGHT * self.slots[at].is_chosen
            self._extend(replace(chain, skipped=chain.skipped + 1, value=value), at + 1, others)

    def _with(self, chain: _Chain, stop: Stop) -> _Chain | None:
        """The chain and one more stop; None when that is not feasible."""
        if (chain.day is not None and stop.day != chain.day) or stop.keys & chain.keys:
            return None
        cost = chain.cost + (stop.price or 0.0)
        if self.budget is not None and cost > self.budget + _CENT:
            return None
        leg, ready = None, None
        if chain.placed:
            last = chain.placed[-1]
            ready = last.leaves
            if last.stop.day == stop.day:
                leg = self._leg(last.stop, stop)
                if leg is None:
                    return None
                ready = last.leaves + _on_the_way(leg)
        times = stop.visit.from_(ready)
        if times is None:
            return None
        return _Chain(
            placed=(*chain.placed, _Placed(stop, *times, leg)),
            keys=chain.keys | stop.keys,
            cost=cost,
            value=chain.value + stop.value - self._drawback(stop, leg),
            day=stop.day,
            skipped=chain.skipped,
        )

    def _drawback(self, stop: Stop, leg: Leg | None) -> float:
        is_unsure = self.budget is not None and stop.price is None
        return _MINUTE_WEIGHT * (leg.minutes if leg else 0) + _UNKNOWN_PRICE_WEIGHT * is_unsure

    def _is_like(self, chain: _Chain, others: Sequence[frozenset[str]]) -> bool:
        uids = {one.stop.found.event.uid for one in chain.placed}
        half = (len(self.slots) - self.skips) // 2
        return any(len(uids & other) > half for other in others)

    def _leg(self, here: Stop, there: Stop) -> Leg | None:
        key = here.found.event.uid, there.found.event.uid
        if key not in self._legs:
            self._legs[key] = leg_between(here.found.event.venue, there.found.event.venue)
        return self._legs[key]


def _on_the_way(leg: Leg) -> timedelta:
    return timedelta(minutes=leg.minutes + MARGIN_MINUTES)


def _plan(chain: _Chain) -> Plan:
    prices = [one.stop.price for one in chain.placed]
    is_known = all(price is not None for price in prices)
    return Plan(
        steps=tuple(
            PlanStep(
                found=one.stop.found,
                arrives_at=one.arrives,
                leaves_at=one.leaves,
                km_from_previous=one.leg.km if one.leg else None,
                minutes_from_previous=one.leg.minutes if one.leg else None,
                slot=one.stop.slot,
            )
            for one in _unhurried(chain.placed)
        ),
        price_per_person=round(chain.cost, 2) if is_known else None,
    )


def _unhurried(placed: Sequence[_Placed]) -> list[_Placed]:
    """The same stops; where one may come any time, shortly before the next rather than hours earlier."""
    settled = list(placed)
    for at in range(len(settled) - 2, -1, -1):
        one, following = settled[at], settled[at + 1]
        if following.leg is None:
            continue
        deadline = following.arrives - _on_the_way(following.leg)
        arrives = one.stop.visit.until(deadline, one.arrives)
        settled[at] = replace(one, arrives=arrives, leaves=arrives + (one.leaves - one.arrives))
    return settled
