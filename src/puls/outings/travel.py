"""How long it takes from one venue to the next, and how long a visit lasts. Pure estimates, stated as such.

No map is asked: the straight line times a usual detour, on foot when it is short, else by public transport or car.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from puls.catalogue.event import Category, Interval, Occurrence, Venue
from puls.geo.distance import great_circle_km

WALKABLE_KM = 1.5
MARGIN_MINUTES = 10  # to leave one room, and find the next
_DETOUR = 1.3  # streets over the straight line, as in French towns
_WALKING_KMH = 4.5
_WAITING_MINUTES = 20  # to the stop, the wait, the way from the stop; or parking
_CITY_KMH, _ROAD_KMH = 18.0, 50.0
_CITY_KM = 8.0  # beyond, the road is faster
_SOMEWHERE_IN_TOWN_MINUTES = 30  # same commune, position unknown

_DROP_IN_OVER_HOURS = 5.0  # a longer opening is a time to come by, not a duration
_SHORT_HOURS = 2.0  # an exhibition that is open no longer has a guide or an opening speech: one comes at the start
_STAY_MINUTES = {
    Category.EXHIBITION: 75,
    Category.MARKET: 60,
    Category.FESTIVAL: 150,
}
_USUAL_STAY_MINUTES = 90
_QUARTER = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Leg:
    """A way between two venues: kilometres as the crow flies (None: not known) and minutes door to door."""

    km: float | None
    minutes: int


def leg_between(here: Venue | None, there: Venue | None) -> Leg | None:
    """The way from one venue to the next; None when nobody can tell."""
    if here is None or there is None:
        return None
    if here.key == there.key:
        return Leg(0.0, 0)
    if here.coordinates is None or there.coordinates is None:
        is_same_town = here.commune_code is not None and here.commune_code == there.commune_code
        return Leg(None, _SOMEWHERE_IN_TOWN_MINUTES) if is_same_town else None
    km = great_circle_km(here.coordinates, there.coordinates)
    return Leg(round(km, 2), minutes_for(km))


def minutes_for(km: float) -> int:
    """Minutes for a distance as the crow flies; never less for more kilometres."""
    way = km * _DETOUR
    if km < WALKABLE_KM:
        return ceil(way / _WALKING_KMH * 60)
    in_town = min(km, _CITY_KM) * _DETOUR
    riding = in_town / _CITY_KMH + (way - in_town) / _ROAD_KMH
    return ceil(_WAITING_MINUTES + riding * 60)


@dataclass(frozen=True, slots=True)
class Visit:
    """When an event can be attended: at its own start, or by coming between `opens` and `closes` for `stay`."""

    opens: datetime
    closes: datetime
    stay: timedelta
    is_drop_in: bool

    def from_(self, ready: datetime | None) -> tuple[datetime, datetime] | None:
        """The earliest stay for who is there at `ready`; None when it is too late."""
        if not self.is_drop_in:
            is_late = ready is not None and ready > self.opens
            return None if is_late else (self.opens, self.closes)
        arrives = _next_quarter(self.opens if ready is None else max(ready, self.opens))
        return (arrives, arrives + self.stay) if arrives + self.stay <= self.closes else None

    def until(self, deadline: datetime, arrives: datetime) -> datetime:
        """The latest arrival not before `arrives` that leaves by `deadline`, with half an hour to spare at closing."""
        if not self.is_drop_in:
            return arrives
        latest = min(deadline, self.closes - 2 * _QUARTER) - self.stay
        return max(arrives, latest - (latest - arrives) % _QUARTER)


def visit_of(
    occurrence: Occurrence, category: Category, window: Interval, *, now: datetime
) -> Visit | None:
    """How an occurrence can be attended during a window; None when it cannot, or when its hours are not known."""
    if occurrence.is_possible or occurrence.is_day_known_only:
        return None
    starts, ends = occurrence.starts_at, occurrence.ends_at
    hours = (ends - starts).total_seconds() / 3600
    is_drop_in = hours > _DROP_IN_OVER_HOURS or (
        category in (Category.EXHIBITION, Category.MARKET) and hours > _SHORT_HOURS
    )
    if not is_drop_in:
        fits = window.start <= starts < window.end and starts >= now
        return Visit(starts, ends, ends - starts, is_drop_in=False) if fits else None
    opens, closes = max(starts, window.start, now), min(ends, window.end)
    stay = timedelta(minutes=_STAY_MINUTES.get(category, _USUAL_STAY_MINUTES))
    visit = Visit(opens, closes, stay, is_drop_in=True)
    return visit if visit.from_(None) is not None else None


def _next_quarter(moment: datetime) -> datetime:
    since = timedelta(minutes=moment.minute, seconds=moment.second, microseconds=moment.microsecond)
    return moment + (-since) % _QUARTER
