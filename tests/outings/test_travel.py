"""Estimates of ways and stays, cautious enough to be kept."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from puls.catalogue.event import Category, Interval, Occurrence, Venue
from puls.outings.travel import leg_between, minutes_for, visit_of
from tests.outings.oracle import VENUES

NOON = datetime(2026, 11, 28, 12, tzinfo=ZoneInfo("Europe/Paris"))
AFTERNOON = Interval(NOON, NOON + timedelta(hours=6))
KM = st.floats(0, 900, allow_nan=False)


def test_a_short_way_is_walked_and_a_long_one_is_ridden() -> None:
    """1 km is a quarter of an hour's stroll; 5 km across town takes a tram and the wait for it."""
    assert minutes_for(1.0) == 18
    assert minutes_for(5.0) == 42
    assert minutes_for(60.0) == 136


@given(KM, KM)
def test_further_never_takes_less(one: float, other: float) -> None:
    """Else a plan would prefer the farther venue."""
    near, far = sorted((one, other))
    assert minutes_for(near) <= minutes_for(far)


def test_a_venue_without_position_is_somewhere_in_its_town() -> None:
    """Half an hour within one commune; between two nobody can tell, and then there is no plan."""
    hidden = Venue(key="hidden", commune_code="69123")
    elsewhere = Venue(key="elsewhere", commune_code="38185")
    leg = leg_between(VENUES[0], hidden)
    assert leg is not None
    assert (leg.km, leg.minutes) == (None, 30)
    assert leg_between(VENUES[0], elsewhere) is None
    assert leg_between(None, VENUES[0]) is None
    assert leg_between(elsewhere, elsewhere) is not None


def test_an_exhibition_is_visited_while_it_is_open() -> None:
    """Opening hours are not a duration: one stays for an hour and a quarter, not for nine hours."""
    open_all_day = Occurrence(
        starts_at=NOON - timedelta(hours=2), ends_at=NOON + timedelta(hours=7)
    )
    visit = visit_of(open_all_day, Category.EXHIBITION, AFTERNOON, now=NOON - timedelta(days=1))
    assert visit is not None
    assert visit.from_(None) == (NOON, NOON + timedelta(minutes=75))
    assert visit.from_(NOON + timedelta(minutes=20)) == (
        NOON + timedelta(minutes=30), NOON + timedelta(minutes=105),
    )  # fmt: skip
    assert visit.from_(NOON + timedelta(hours=5)) is None


def test_a_show_is_seen_from_its_start() -> None:
    """Who arrives late does not get in, and what starts before the part belongs to another part."""
    show = Occurrence(starts_at=NOON + timedelta(hours=2), ends_at=NOON + timedelta(hours=4))
    visit = visit_of(show, Category.THEATRE, AFTERNOON, now=NOON)
    assert visit is not None
    assert visit.from_(NOON + timedelta(hours=2)) == (show.starts_at, show.ends_at)
    assert visit.from_(NOON + timedelta(hours=2, minutes=1)) is None
    assert visit_of(show, Category.THEATRE, Interval(NOON + timedelta(hours=3), AFTERNOON.end), now=NOON) is None  # fmt: skip
    assert visit_of(show, Category.THEATRE, AFTERNOON, now=NOON + timedelta(hours=3)) is None
