"""Small made-up outings: events of a Saturday and a Sunday in Lyon, for tests of plans."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise, product
from zoneinfo import ZoneInfo

from puls.catalogue.event import (
    Attribution,
    Category,
    Event,
    Interval,
    Occurrence,
    Price,
    PriceKind,
    Status,
    Venue,
)
from puls.geo.distance import Coordinates
from puls.outings.plan import Plan, PlanStep
from puls.outings.slots import Slot
from puls.outings.travel import MARGIN_MINUTES, leg_between, visit_of
from puls.retrieval.ranking import FoundEvent
from puls.understanding.wish import Wish

PARIS = ZoneInfo("Europe/Paris")
SATURDAY = datetime(2026, 11, 28, tzinfo=PARIS)
NOW = SATURDAY - timedelta(hours=14)
VENUES = tuple(
    Venue(key=name, name=name, city="Lyon", commune_code="69123", coordinates=Coordinates(*at))
    for name, at in {
        "Terreaux": (45.7675, 4.8336),
        "Bellecour": (45.7578, 4.8320),
        "Gerland": (45.7272, 4.8310),
        "Meyzieu": (45.7667, 5.0030),
    }.items()
)


def found(  # an event in one line
    uid: str,
    hour: float,
    hours: float = 2,
    *,
    day: int = 0,
    price: float | None = 0,
    score: float = 1.0,
    category: Category = Category.CONCERT,
    venue: Venue | None = VENUES[0],
    status: Status = Status.SCHEDULED,
    series: str | None = None,
    **flags: bool,
) -> FoundEvent:
    starts = SATURDAY + timedelta(days=day, hours=hour)
    kind = PriceKind.UNKNOWN if price is None else PriceKind.PAID if price else PriceKind.FREE
    event = Event(
        uid=uid,
        title=uid,
        category=category,
        status=status,
        price=Price(kind=kind, lowest=price, highest=price),
        venue=venue,
        attribution=Attribution(source="test", licence="none"),
        duplicate_key=f"d-{uid}",
        series_key=series or f"s-{uid}",
    )
    occurrence = Occurrence(starts_at=starts, ends_at=starts + timedelta(hours=hours), **flags)
    return FoundEvent(event=event, occurrence=occurrence, distance_km=None, score=score)


def a_slot(
    first: float = 0, last: float = 26, *, days: Sequence[int] = (0,), is_same_day: bool = False
) -> Slot:
    windows = tuple(
        Interval(
            SATURDAY + timedelta(days=day, hours=first), SATURDAY + timedelta(days=day, hours=last)
        )
        for day in days
    )
    return Slot(wish=Wish(when=windows), is_same_day=is_same_day)


def wrong_with(plan: Plan, slots: Sequence[Slot], budget: float | None) -> list[str]:
    """Everything that would strand a visitor, checked from the records alone."""
    wrong = [each for step in plan.steps for each in _wrong_with_step(step, slots[step.slot])]
    wrong += [each for pair in pairwise(plan.steps) for each in _wrong_between(*pair)]
    if len({step.found.event.series_key for step in plan.steps}) < len(plan.steps):
        wrong.append("one series twice")
    prices = [step.found.event.price.lowest for step in plan.steps]
    known = sum(price for price in prices if price is not None)
    if budget is not None and known > budget + 0.005:
        wrong.append("too dear")
    if (plan.price_per_person is None) != (None in prices):
        wrong.append("a price was guessed")
    return wrong


def _wrong_with_step(step: PlanStep, slot: Slot) -> Iterator[str]:
    one = step.found.occurrence
    if not one.starts_at <= step.arrives_at < step.leaves_at <= one.ends_at:
        yield "closed then"
    if not any(each.start <= step.arrives_at < each.end for each in slot.wish.when):
        yield "outside its part"
    if one.is_possible or one.is_day_known_only:
        yield "hours are not known"
    if step.found.event.status not in (Status.SCHEDULED, Status.RESCHEDULED):
        yield "does not take place"
    if step.arrives_at < NOW:
        yield "is over"


def _wrong_between(here: PlanStep, there: PlanStep) -> Iterator[str]:
    gap = (there.arrives_at - here.leaves_at).total_seconds() / 60
    if here.slot >= there.slot or gap < 0:
        yield "out of order"
    if there.minutes_from_previous is not None:
        leg = leg_between(here.found.event.venue, there.found.event.venue)
        assert leg is not None
        if gap < leg.minutes + MARGIN_MINUTES:
            yield "no time to get there"


def best_by_force(
    slots: Sequence[Slot], candidates: Sequence[Sequence[FoundEvent]], budget: float | None
) -> tuple[int, float] | None:
    """How many parts the best plan fills and what it is worth: every combination tried, no bound, no cleverness."""
    options = [
        [None, *_placeable(slot, each)] for slot, each in zip(slots, candidates, strict=True)
    ]
    worth = [
        (sum(one is not None for one in chosen), value)
        for chosen in product(*options)
        if (value := _value(slots, candidates, chosen, budget)) is not None
    ]
    best = max(worth, default=(0, 0.0))
    return best if best[0] else None


Choice = tuple[FoundEvent, Interval]


def _placeable(slot: Slot, candidates: Sequence[FoundEvent]) -> Iterator[Choice]:
    for one in candidates:
        if one.event.status in (Status.SCHEDULED, Status.RESCHEDULED):
            for window in slot.wish.when:
                if visit_of(one.occurrence, one.event.category, window, now=NOW) is not None:
                    yield one, window


def _value(  # the rules one after the other, as the docstring of `plan` gives them
    slots: Sequence[Slot],
    candidates: Sequence[Sequence[FoundEvent]],
    chosen: Sequence[Choice | None],
    budget: float | None,
) -> float | None:
    value, cost, ready, day = 0.0, 0.0, None, None
    previous: Choice | None = None
    series: set[str] = set()
    for slot, among, one in zip(slots, candidates, chosen, strict=True):
        if not slot.is_same_day:
            day = None
        if one is None:
            continue
        event, window = one[0].event, one[1]
        if day is not None and window.start.date() != day:
            return None
        if event.series_key in series:
            return None
        cost += event.price.lowest or 0
        leg = None
        if previous is not None and previous[1].start.date() == window.start.date():
            leg = leg_between(previous[0].event.venue, event.venue)
            if leg is None:
                return None
            assert ready is not None
            ready += timedelta(minutes=leg.minutes + MARGIN_MINUTES)
        visit = visit_of(one[0].occurrence, event.category, window, now=NOW)
        assert visit is not None
        times = visit.from_(ready)
        if times is None:
            return None
        value += _worth(one[0], among, leg.minutes if leg else None, budget)
        ready, day, previous = times[1], window.start.date(), one
        series.add(event.series_key)
    return None if budget is not None and cost > budget + 0.005 else value


def value_of(plan: Plan, candidates: Sequence[Sequence[FoundEvent]], budget: float | None) -> float:
    return sum(
        _worth(step.found, candidates[step.slot], step.minutes_from_previous, budget)
        for step in plan.steps
    )


def _worth(
    one: FoundEvent, among: Sequence[FoundEvent], minutes: int | None, budget: float | None
) -> float:
    """Less than the best of its part, less the way, less half a deviation for an unknown price under a budget."""
    unsure = 0.5 if budget is not None and one.event.price.lowest is None else 0.0
    return one.score - max(each.score for each in among) - 0.01 * (minutes or 0) - unsure


def with_unknown_hours(one: FoundEvent) -> FoundEvent:
    return replace(one, occurrence=replace(one.occurrence, is_day_known_only=True))
