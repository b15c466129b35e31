"""What a visitor gives as values (a form, an address, a flag) beside the words. Pure.

A value that is given replaces what the words say about the same thing; a field named in `without`
is dropped, whoever asked for it. Enter at `understand_given`.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from puls.catalogue.event import Accessibility, Category, Interval
from puls.errors import InvalidInputError
from puls.geo.distance import Coordinates
from puls.geo.gazetteer import Gazetteer
from puls.understanding.question import Understood, understand
from puls.understanding.turns import WITHOUT_WISH, Standing
from puls.understanding.where.reach import around_visitor, center_of, lacks_position, seen_from
from puls.understanding.where.reading import NO_POSITION, where_named
from puls.understanding.where.venues import VenueNames
from puls.understanding.wish import Near, Order, Where, Wish

EARLIEST_YEAR, LATEST_YEAR = 1900, 2200  # half-open: far years overflow time zones
_NEAR_YOU_KM = 15.0  # a visitor who shares a position and names no place looks about this far
_THE_END = datetime(LATEST_YEAR, 1, 2, tzinfo=UTC)
_NO_WISH = Wish()
_DROPPABLE = {field.name for field in fields(Wish)} - {"position"}

Moment = date | datetime
"""A day, or an aware moment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What is asked for as values; None or empty leaves it to the words.

    A day alone means the whole of it: `starts=28 November, ends=29 November` holds both days.
    `radius_km` is around the place, else around the position, else around the place in the words. `where` is an area as it
    is, for what no name says (a piece of the map). `usual_place` counts only when neither words nor values speak of a place.
    """

    starts: Moment | None = None
    ends: Moment | None = None
    place: str | None = None
    radius_km: float | None = None
    where: Where | None = None
    usual_place: str | None = None
    position: Coordinates | None = None
    free: bool | None = None
    max_price: float | None = None
    ages: tuple[int, ...] = ()
    accessibility: frozenset[Accessibility] = frozenset()
    online: bool | None = None
    categories: tuple[Category, ...] = ()
    order: Order | None = None


def understand_given(
    text: str,
    given: Given,
    *,
    now: datetime,
    gazetteer: Gazetteer,
    timezone: str,
    without: Collection[str] = (),
    near_position: bool = False,
    venues: VenueNames | None = None,
    addresses: Mapping[str, Where] | None = None,
    previous: Understood | None = None,
    standing: Standing | None = None,
    meaning: Sequence[float] | None = None,
) -> Understood:
    """The words understood, under what is given; `previous`, `standing` and `meaning` as for `understand`.

    `near_position`: when no place is named at all, look around the position.

    Raises:
        InvalidInputError: a value names nothing, or contradicts another one.
    """
    understood = understand(
        _printable(text),
        now=now,
        gazetteer=gazetteer,
        position=given.position,
        timezone=timezone,
        venues=venues,
        addresses=addresses,
        previous=previous,
        standing=standing,
        meaning=meaning,
    )
    wish = understood.wish
    located = (addresses or {}).get(given.place or "")
    replaced = dict(
        _replaced(given, wish, now=now, gazetteer=gazetteer, timezone=timezone, located=located)
    )
    is_placeless = wish.where is None and "where" not in replaced
    if near_position and is_placeless and given.position is not None:
        replaced["where"] = around_visitor(given.position, _NEAR_YOU_KM)
    elif is_placeless and given.usual_place and _leaves_place_open(understood):
        replaced["where"] = place_named(given.usual_place, gazetteer)
    for name in _DROPPABLE.intersection(without):
        replaced[name] = getattr(_NO_WISH, name)
    carried = understood.carried or wish
    keeps_circle = lacks_position(carried) and "where" not in replaced
    if keeps_circle:  # « près de moi » waits for a position
        replaced["where"] = carried.where
    whole = seen_from(replace(wish, **replaced), given.position)
    is_told = understood.wish.where is not None
    wish = whole if is_told or not lacks_position(whole) else replace(whole, where=None)
    notices = understood.notices
    if lacks_position(whole):
        notices = tuple(dict.fromkeys((*notices, NO_POSITION)))
    elif "where" in without:
        notices = tuple(notice for notice in notices if notice != NO_POSITION)
    return replace(
        understood,
        wish=wish,
        notices=notices,
        carried=understood.carried if understood.act in WITHOUT_WISH else whole,
        trail=understood.trail
        if understood.act in WITHOUT_WISH
        else (*understood.trail[:-1], whole),
    )


def _leaves_place_open(understood: Understood) -> bool:
    """Whether an event is wished for, and « n'importe où » or « en ligne » is not said either."""
    says_where = any(span.kind == "where" for span in understood.matched)
    return not (understood.act in WITHOUT_WISH or understood.wish.online or says_where)


def with_given(
    wish: Wish,
    given: Given,
    *,
    now: datetime,
    gazetteer: Gazetteer,
    timezone: str,
    without: Collection[str] = (),
) -> Wish:
    """A wish changed by hand: values replace, fields named in `without` are blank.

    Raises:
        InvalidInputError: a value names nothing, or contradicts another one.
    """
    blank = {name: getattr(_NO_WISH, name) for name in _DROPPABLE.intersection(without)}
    cleared = replace(wish, **blank)
    return replace(
        cleared,
        **dict(_replaced(given, cleared, now=now, gazetteer=gazetteer, timezone=timezone)),
    )


def blank_fields(wish: Wish) -> frozenset[str]:
    """The fields in which the wish asks for nothing."""
    return frozenset(name for name in _DROPPABLE if getattr(wish, name) == getattr(_NO_WISH, name))


def place_named(name: str, gazetteer: Gazetteer) -> Where:
    """The area that a name, a postcode or a number means.

    Raises:
        InvalidInputError: no place of France is called so.
    """
    for phrase in (f"à {name}", f"en {name}", name):
        where = where_named(_printable(phrase), gazetteer)
        if where is not None:
            return where
    raise InvalidInputError(
        f"No place in France is called {name!r}. "
        "Give a commune, a postcode, a département or a région."
    )


def _replaced(
    given: Given,
    wish: Wish,
    *,
    now: datetime,
    gazetteer: Gazetteer,
    timezone: str,
    located: Where | None = None,
) -> Iterator[tuple[str, Any]]:
    """The fields of the wish that are given, with their values."""
    if given.starts is not None or given.ends is not None:
        yield "when", (_interval(given.starts, given.ends, now=now, timezone=timezone),)
    where = _where(given, wish.where, gazetteer, located)
    if where is not None:
        yield "where", where
    for name in ("free", "max_price", "online", "order"):
        value = getattr(given, name)
        if value is not None:
            yield name, value
    for name in ("ages", "accessibility", "categories"):
        values = getattr(given, name)
        if values:
            yield name, values
    if given.position is not None:
        yield "position", given.position


def _interval(
    starts: Moment | None, ends: Moment | None, *, now: datetime, timezone: str
) -> Interval:
    zone = ZoneInfo(timezone)
    start = now if starts is None else _first_instant(starts, zone)
    end = _THE_END if ends is None else _first_instant(_day_after(ends), zone)
    if start >= end:
        raise InvalidInputError(
            "The end lies before the start: `from` comes before `to`, and `to` alone after now."
        )
    return Interval(start, end)


def _first_instant(moment: Moment, zone: ZoneInfo) -> datetime:
    if isinstance(moment, datetime):
        return moment
    return datetime.combine(moment, time(), tzinfo=zone)


def _day_after(moment: Moment) -> Moment:
    return moment if isinstance(moment, datetime) else moment + timedelta(days=1)


def _where(
    given: Given, from_words: Where | None, gazetteer: Gazetteer, located: Where | None
) -> Where | None:
    """The area that `place` and `radius_km` ask for; None when neither is given.

    `located`: the place, when it is an address that a geocoder knows.
    """
    if given.where is not None:
        return given.where
    place = located
    if place is None and given.place is not None:
        place = place_named(given.place, gazetteer)
    if given.radius_km is None:
        return place
    around = place or from_words
    is_around_visitor = around is not None and around.around_visitor_km is not None
    if place is None and (given.position is not None or is_around_visitor):
        return around_visitor(given.position, given.radius_km)
    center = None if around is None else center_of(around, gazetteer)
    if around is None or center is None:
        raise InvalidInputError(
            "A radius needs a point to start from: give a town as the place, or a position."
        )
    label = around.label.split(" (")[0]
    return Where(
        label=f"{label} ({given.radius_km:g} km)",
        near=Near(center=center, radius_km=given.radius_km),
    )


def _printable(text: str) -> str:
    """The words without control characters and lone surrogates, which no database takes."""
    printable = "".join(letter if letter.isprintable() else " " for letter in text)
    return " ".join(printable.split())
