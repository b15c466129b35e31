"""Plans that a visitor can follow with a watch in hand."""

import time
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from puls.catalogue.event import Category, Status
from puls.outings.plan import Plan
from puls.outings.planning import plans_of
from puls.outings.slots import Slot
from puls.retrieval.ranking import FoundEvent
from tests.outings.oracle import (
    NOW,
    SATURDAY,
    VENUES,
    a_slot,
    best_by_force,
    found,
    value_of,
    with_unknown_hours,
    wrong_with,
)

pytestmark = pytest.mark.alone

AFTERNOON, THEN = a_slot(12, 18), a_slot(12, is_same_day=True)
EXPO = found("expo", 10, 9, category=Category.EXHIBITION)


def uids(plan: Plan) -> list[str]:
    return [step.found.event.uid for step in plan.steps]


def at(moment: datetime) -> str:
    return f"{moment.astimezone(SATURDAY.tzinfo):%H:%M}"


def test_an_exhibition_then_a_concert() -> None:
    """The plan of the issue: come to the exhibition when it suits the concert, with the way told."""
    concert = found("concert", 20.5, price=12, venue=VENUES[1])
    (plan,) = plans_of([AFTERNOON, THEN], [[EXPO], [concert]], now=NOW, budget=15)
    assert uids(plan) == ["expo", "concert"]
    assert plan.price_per_person == 12
    expo, evening = plan.steps
    assert [at(expo.arrives_at), at(expo.leaves_at)] == ["16:15", "17:30"]
    assert [at(evening.arrives_at), at(evening.leaves_at)] == ["20:30", "22:30"]
    assert (evening.km_from_previous, evening.minutes_from_previous) == (1.09, 19)
    assert expo.km_from_previous is None
    assert not wrong_with(plan, [AFTERNOON, THEN], 15)


def test_the_budget_is_for_the_whole_outing() -> None:
    """Two events under the budget may be too dear together."""
    dear, cheap = found("dear", 14, price=10, score=3), found("cheap", 14, price=2)
    concert = found("concert", 20, price=10)
    plans = plans_of([AFTERNOON, THEN], [[dear, cheap], [concert]], now=NOW, budget=15)
    assert [uids(plan) for plan in plans] == [["cheap", "concert"]]


def test_an_unknown_price_stays_unknown() -> None:
    """« 12 € » would be a promise that nobody made."""
    concert = found("concert", 20, price=None)
    paid = found("paid", 14, price=12)
    (plan,) = plans_of([AFTERNOON, THEN], [[paid], [concert]], now=NOW, budget=15)
    assert plan.price_per_person is None


def test_a_known_price_is_preferred_when_there_is_a_budget() -> None:
    """Who names a budget would rather know."""
    known, unknown = found("known", 20, price=9, score=0.8), found("unknown", 20, price=None)
    for budget, first in ((15, "known"), (None, "unknown")):
        plans = plans_of([AFTERNOON, THEN], [[EXPO], [known, unknown]], now=NOW, budget=budget)
        assert uids(plans[0]) == ["expo", first]


def test_of_two_as_good_the_nearer_is_taken() -> None:
    """An hour on a tram is an hour less of the outing."""
    far, near = found("far", 20, venue=VENUES[3], score=1.1), found("near", 20, venue=VENUES[1])
    plans = plans_of([AFTERNOON, THEN], [[EXPO], [far, near]], now=NOW)
    assert [uids(plan)[1] for plan in plans] == ["near", "far"]


def test_what_cannot_be_reached_in_time_is_not_proposed() -> None:
    """A concert that starts while one is still on the tram is no plan."""
    film = found("film", 14, 3.5)  # until 17:30
    far, near = found("far", 17.75, venue=VENUES[3], score=5), found("near", 17.75)
    plans = plans_of([AFTERNOON, THEN], [[film], [far, near]], now=NOW)
    assert [uids(plan) for plan in plans] == [["film", "near"]]


def test_cancelled_full_postponed_past_and_hourless_events_are_never_in_a_plan() -> None:
    """A visitor trusts us with their evening."""
    bad = [
        *(
            found(status.name, 14, status=status)
            for status in (Status.CANCELLED, Status.FULL, Status.POSTPONED)
        ),
        found("past", 14, day=-1),
        found("somewhere in December", 0, 240, is_possible=True),
        with_unknown_hours(found("some time", 14)),
    ]
    assert plans_of([AFTERNOON], [bad], now=NOW) == ()


def test_one_series_is_not_seen_twice() -> None:
    """The same show in the afternoon and in the evening is half an outing."""
    matinee, evening = found("a", 14, series="same"), found("b", 20, series="same")
    plans = plans_of([AFTERNOON, THEN], [[matinee], [evening]], now=NOW)
    assert {len(plan.steps) for plan in plans} == {1}


def test_parts_of_one_day_are_on_one_day() -> None:
    """« Une expo puis un concert ce week-end » is not an exhibition on Saturday and a concert on Sunday."""
    weekend = [a_slot(12, 18, days=(0, 1)), a_slot(12, days=(0, 1), is_same_day=True)]
    saturday, sunday = found("s", 14), found("d", 14, day=1, score=0.2)
    concert = found("concert", 20, day=1)
    plans = plans_of(weekend, [[saturday, sunday], [concert]], now=NOW)
    assert [uids(plan) for plan in plans] == [["d", "concert"]]


def test_what_fits_is_planned_when_not_everything_does() -> None:
    """Half an outing, and told so, is better than an empty page."""
    (plan,) = plans_of([AFTERNOON, THEN], [[EXPO], []], now=NOW)
    assert [(step.slot, step.found.event.uid) for step in plan.steps] == [(0, "expo")]


def test_further_plans_are_really_different() -> None:
    """Three plans with the same evening and another museum each are one plan."""
    afternoons = [found(f"a{n}", 13, score=5 - n) for n in range(4)]
    evenings = [found(f"e{n}", 20, score=5 - n) for n in range(4)]
    plans = plans_of([AFTERNOON, THEN], [afternoons, evenings], now=NOW)
    assert len(plans) == 3
    for plan in plans:
        assert all(len({*uids(plan)} & {*uids(other)}) <= 1 for other in plans if other != plan)


PRICES = st.sampled_from([None, 0.0, 5.0, 12.0])
EVENTS = st.builds(
    found,
    st.uuids().map(str),
    st.integers(36, 90).map(lambda quarters: quarters / 4),
    st.sampled_from([1.0, 2.0, 3.5, 8.0]),
    day=st.integers(-1, 1),
    price=PRICES,
    score=st.integers(-20, 20).map(lambda tenths: tenths / 10),
    category=st.sampled_from([Category.CONCERT, Category.EXHIBITION, Category.MARKET]),
    venue=st.sampled_from([*VENUES, None]),
    status=st.sampled_from([Status.SCHEDULED, Status.SCHEDULED, Status.FULL]),
    series=st.sampled_from(["x", None, None, None]),
)
SLOTS = st.builds(
    a_slot,
    st.sampled_from([0, 9, 12, 18]),
    st.sampled_from([20, 24, 26]),
    days=st.sampled_from([(0,), (1,), (0, 1)]),
    is_same_day=st.booleans(),
)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.tuples(SLOTS, st.lists(EVENTS, min_size=1, max_size=4)), min_size=2, max_size=3),
    st.sampled_from([None, 5.0, 12.0, 17.0]),
)
def test_the_first_plan_is_the_best_that_exists(
    outing: list[tuple[Slot, list[FoundEvent]]], budget: float | None
) -> None:
    """Every combination is tried by an oracle without shortcuts; both must find the same worth."""
    slots, candidates = [slot for slot, _ in outing], [events for _, events in outing]
    plans = plans_of(slots, candidates, now=NOW, budget=budget)
    best = best_by_force(slots, candidates, budget)
    assert bool(plans) == (best is not None)
    for plan in plans:
        assert not wrong_with(plan, slots, budget)
        assert len(plan.steps) == len(plans[0].steps)
    if best is not None:
        assert len(plans[0].steps) == best[0]
        assert abs(value_of(plans[0], candidates, budget) - best[1]) < 1e-6


def test_a_hopeless_outing_is_given_up_soon() -> None:
    """A turn has a quarter of a second; a search without end would cost it."""
    slots = [a_slot(days=range(7), is_same_day=at > 0) for at in range(4)]
    candidates = [
        [found(f"{slot}-{n}-{day}", 9 + n / 2, 3, day=day) for n in range(12) for day in range(7)]
        for slot in range(4)
    ]
    began = time.perf_counter()
    plans = plans_of(slots, candidates, now=NOW, budget=0)
    assert plans
    plans_of(slots, candidates, now=NOW + timedelta(days=2), budget=0)
    assert time.perf_counter() - began < 2.0
