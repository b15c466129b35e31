"""The conditions of a wish as SQL, each a named fragment of filters.sql with its values.

An event fits when nothing that it states speaks against the wish. Of those that fit, the sure ones also state what was
asked; the others (free entry unknown, access unknown, one of several children too young) are shown after them, marked.
Pure: makes statements, asks nobody. Enter at `Filters.of`.
"""

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any, Self

from psycopg import sql

from puls.catalogue.event import FINDABLE_STATUSES, Attendance, Interval
from puls.catalogue.rows import accessibility_bits
from puls.database import Queries
from puls.geo.distance import bounding_box
from puls.retrieval.left_out import reasons_asked_for
from puls.understanding.wish import Where, Wish

_QUERIES = Queries.beside("puls.retrieval", "filters.sql")
_THE_END = datetime(9999, 1, 1, tzinfo=UTC)
_PLACES = ("in_areas", "in_circle")


@dataclass(frozen=True, slots=True)
class Filters:
    """The conditions of one wish.

    `possible`: nothing speaks against it. `sure`: it also states what was asked; None when nothing can be unsure.
    `matching` selects (event_id, is_sure) of the events that fit, those that fit for sure first, each up to
    `%(exact_limit)s` + 1.
    """

    possible: sql.Composed
    sure: sql.Composed | None
    matching: sql.Composed

    @classmethod
    def of(cls, wish: Wish) -> Self:
        asked = _asked(wish)
        possible = _joined([_condition(name, wish) for name in sorted(asked - set(_PLACES))])
        places = [_condition(name, wish) for name in _PLACES if name in asked]
        if places:
            possible += sql.SQL("\n AND (({}))").format(sql.SQL(") OR (").join(places))
        stated = [_QUERIES.fill(f"{name}_for_sure") for name in sorted(_may_be_unsure(wish))]
        sure = _joined(stated) if stated else None
        return cls(possible, sure, _matching(asked, wish, possible, sure))

    @property
    def strict(self) -> sql.Composed:
        """Both: what a search through very many events asks of each."""
        return self.possible if self.sure is None else _joined([self.possible, self.sure])


def filter_values(wish: Wish, *, now: datetime) -> dict[str, Any]:
    """What the fragments of `Filters.of(wish)` are given."""
    intervals = wish.when or (Interval(now, _THE_END),)
    where, left_out = wish.where, _left_out(wish.where)
    values: dict[str, Any] = {
        "now": now,
        "starts": [interval.start for interval in intervals],
        "ends": [interval.end for interval in intervals],
        "open_from": [_open_from(interval) for interval in intervals],
        "since": min(interval.start for interval in intervals),
        "until": max(interval.end for interval in intervals),
        **_codes([where] if where else []),
        **{f"not_{name}": codes for name, codes in _codes(left_out).items()},
        **_circles_left_out(left_out),
        "max_price": wish.max_price,
        "ages": list(wish.ages),
        "youngest": min(wish.ages, default=None),
        "oldest": max(wish.ages, default=None),
        "accessibility_bits": accessibility_bits(wish.accessibility),
        "attendances": _attendances(wish),
        "categories": list(wish.categories),
        "excluded_categories": list(wish.excluded_categories),
        "statuses": [int(status) for status in wish.statuses or sorted(FINDABLE_STATUSES)],
        "excluded_words": list(wish.excluded_words),
        "asked_for_by_name": list(reasons_asked_for(wish.topic)),
    }
    if where is not None and where.near is not None:
        box = bounding_box(where.near.center, where.near.radius_km)
        values |= {
            "south": box.south,
            "west": box.west,
            "north": box.north,
            "east": box.east,
            "lat": where.near.center.lat,
            "lon": where.near.center.lon,
            "radius_km": where.near.radius_km,
        }
    return values


_EVENING, _LATE = time(17), time(22)
_WELL_INTO_IT = time(19, 30)
_LONGEST_EVENING = timedelta(hours=14)
_WORTH_GOING = timedelta(minutes=45)


def _open_from(interval: Interval) -> datetime:
    """How long what has begun must stay open: a museum that closes at 18:30 is nothing for the evening.

    An evening begins after 17:00, lasts past 22:00 and is over by morning; anything else must only be open at all.
    """
    start, zone = interval.start, interval.start.tzinfo
    late = datetime.combine(start.date(), _LATE, tzinfo=zone)
    is_evening = (
        start.time() >= _EVENING
        and interval.end >= late
        and interval.end - start <= _LONGEST_EVENING
    )
    if not is_evening:
        return start
    return max(start + _WORTH_GOING, datetime.combine(start.date(), _WELL_INTO_IT, tzinfo=zone))


def _asked(wish: Wish) -> set[str]:
    left_out = _left_out(wish.where)
    is_by_name = bool(reasons_asked_for(wish.topic))
    asked: Mapping[str, bool] = {
        "during": bool(wish.when),
        "from_now": not wish.when,
        "in_areas": wish.where is not None and _names_areas(wish.where),
        "in_circle": wish.where is not None and wish.where.near is not None,
        "not_in_areas": any(_names_areas(where) for where in left_out),
        "not_in_circles": any(where.near is not None for where in left_out),
        "free": wish.free is True,
        "at_most": wish.max_price is not None,
        "for_ages": bool(wish.ages),
        "accessible": bool(wish.accessibility),
        "by_attendance": wish.online is not None,
        "of_categories": bool(wish.categories),
        "not_of_categories": bool(wish.excluded_categories),
        "by_status": True,
        "cultural": not wish.includes_non_cultural and not is_by_name,
        "cultural_or_asked_for": not wish.includes_non_cultural and is_by_name,
        "without_words": bool(wish.excluded_words),
    }
    return {name for name, is_asked in asked.items() if is_asked}


def _may_be_unsure(wish: Wish) -> set[str]:
    """The conditions that an event can meet without stating it."""
    unsure: Mapping[str, bool] = {
        "free": wish.free is True,
        "for_ages": len(set(wish.ages)) > 1,
        "accessible": bool(wish.accessibility),
    }
    return {name for name, may_be in unsure.items() if may_be}


def _matching(
    asked: set[str], wish: Wish, possible: sql.Composed, sure: sql.Composed | None
) -> sql.Composed:
    if sure is not None:
        return _QUERIES.fill("matching_with_doubts", filters=possible, sure=sure)
    if asked == {"during", "by_status", "cultural"} and not wish.statuses:
        return _QUERIES.fill("matching_by_time_alone", open_events=_open_events("findable"))
    return _QUERIES.fill("matching", filters=possible)


def _condition(name: str, wish: Wish) -> sql.Composed:
    if name == "during":
        return _QUERIES.fill(name, open_events=_open_events("any"))
    if name == "for_ages" and len(set(wish.ages)) == 1:
        return _QUERIES.fill("for_ages_for_sure")
    return _QUERIES.fill(name)


def _open_events(which: str) -> sql.Composed:
    return _QUERIES.fill("open_events", which=_QUERIES.fill(which))


def _joined(conditions: Sequence[sql.Composable]) -> sql.Composed:
    return sql.SQL("\n AND ").join(conditions)


def _names_areas(where: Where) -> bool:
    return bool(
        where.commune_codes or where.postcodes or where.department_codes or where.region_codes
    )


def _left_out(where: Where | None) -> tuple[Where, ...]:
    return where.excluded if where is not None else ()


def _codes(places: Sequence[Where]) -> dict[str, list[str]]:
    """The codes of all these places together, by kind."""

    def together(codes: Iterable[Iterable[str]]) -> list[str]:
        return list(itertools.chain.from_iterable(codes))

    return {
        "commune_codes": together(where.commune_codes for where in places),
        "postcodes": together(where.postcodes for where in places),
        "department_codes": together(where.department_codes for where in places),
        "region_codes": together(where.region_codes for where in places),
    }


def _circles_left_out(places: Sequence[Where]) -> dict[str, list[float]]:
    circles = [where.near for where in places if where.near is not None]
    return {
        "not_lats": [circle.center.lat for circle in circles],
        "not_lons": [circle.center.lon for circle in circles],
        "not_radii_km": [circle.radius_km for circle in circles],
    }


def _attendances(wish: Wish) -> list[int]:
    modes: Iterable[Attendance]
    if wish.online is None:
        modes = ()
    elif wish.online:
        modes = (Attendance.ONLINE, Attendance.MIXED)
    else:
        modes = (Attendance.ONSITE, Attendance.MIXED)
    return [int(mode) for mode in modes]
