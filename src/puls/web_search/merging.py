"""Whether an event seen on the web is one of the catalogue: by title, place and time together. Pure.

The errors weigh differently: a pair missed shows an event twice, a false pair tells a visitor that the wrong evening is
cancelled. So what is unknown never joins two events whose title is a common one, and a difference that is stated (another
town, another evening, another number in the title) keeps them apart. Enter at `same_event`, `likeness` and `merged`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from puls.catalogue.event import Event
from puls.geo.distance import Coordinates, great_circle_km
from puls.geo.names import fold, fold_place
from puls.web_search.pages.extraction import completed
from puls.web_search.title_likeness import TitleLikeness, title_likeness
from puls.web_search.values import WebEvent

_SAME_HOUR: Final = timedelta(minutes=60)  # doors and beginning, « 20 h » and « 20 h 30 »
_SAME_SPOT_KM: Final = 0.15
_NEAR_KM: Final = 3.0
_GENERIC_PLACES: Final = frozenset(
    """theatre salle musee museum cinema eglise chapelle temple cathedrale basilique collegiale mediatheque bibliotheque centre culturel
    culturelle espace maison palais opera halle gymnase stade parc jardin chateau place cafe bar club auditorium studio hotel
    galerie complexe polyvalente fetes fete municipal municipale communal communale scene nationale national grande grand
    petite petit domaine ferme quartier ville conservatoire college lycee ecole universite""".split()
)
_SMALL: Final = frozenset("le la les l de du des d un une et a au aux en the of s".split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """Whether two are the same event, and what decided, in words of a log."""

    is_same: bool
    why: str
    score: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """`known`: events of the catalogue with what a page says of each; `new`: what is only on the web, each once."""

    known: tuple[tuple[Event, WebEvent], ...]
    new: tuple[WebEvent, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Card:
    """What is compared, of either kind of event. Moments are aware; days and spans are local."""

    title: str
    venue: str | None
    address: str | None
    postcode: str | None
    city: str | None
    coordinates: Coordinates | None
    moments: tuple[datetime, ...]
    days: frozenset[date]
    spans: tuple[tuple[date, date], ...]


def same_event(event: Event, seen: WebEvent) -> bool:
    """Whether `seen` is that event of the catalogue."""
    return likeness(event, seen).is_same


def likeness(event: Event, seen: WebEvent) -> Likeness:
    """The same with the reason and a score from 0 to 1, to choose among several."""
    return _likeness(_of_catalogue(event), _of_web(seen, ZoneInfo(event.timezone)))


def merged(catalogue: Sequence[Event], seen: Sequence[WebEvent]) -> Merged:
    """Web events told once each, those of the catalogue beside theirs.

    Of several catalogue events that fit, the likeliest; several pages of one catalogue event are several pairs.
    """
    known: list[tuple[Event, WebEvent]] = []
    new: list[WebEvent] = []
    for one in seen:
        scored = [(event, likeness(event, one)) for event in catalogue]
        same = [(like.score, event) for event, like in scored if like.is_same]
        if same:
            known.append((max(same, key=lambda pair: pair[0])[1], one))
            continue
        at = next((at for at, other in enumerate(new) if same_on_the_web(other, one)), None)
        if at is None:
            new.append(one)
        else:
            new[at] = completed(new[at], one)
    return Merged(known=tuple(known), new=tuple(new))


def same_on_the_web(first: WebEvent, second: WebEvent, *, timezone: str = "Europe/Paris") -> bool:
    """Whether two pages tell the same event."""
    zone = ZoneInfo(timezone)
    return _likeness(_of_web(first, zone), _of_web(second, zone)).is_same


def _of_catalogue(event: Event) -> _Card:
    zone = ZoneInfo(event.timezone)
    venue = event.venue
    local = [
        (one, one.starts_at.astimezone(zone), one.ends_at.astimezone(zone))
        for one in event.occurrences
    ]
    return _Card(
        title=event.title,
        venue=venue.name if venue else None,
        address=venue.address if venue else None,
        postcode=venue.postcode if venue else None,
        city=venue.city if venue else None,
        coordinates=venue.coordinates if venue and not venue.is_approximate else None,
        moments=tuple(
            start for one, start, _ in local if not one.is_day_known_only and not one.is_possible
        ),
        days=frozenset(start.date() for one, start, _ in local if not one.is_possible),
        spans=tuple(
            (start.date(), (end - timedelta(seconds=1)).date())
            for one, start, end in local
            if one.is_possible
        ),
    )


def _of_web(seen: WebEvent, zone: ZoneInfo) -> _Card:
    times = [(one.starts_at.astimezone(zone), one.has_time) for one in seen.times]
    if seen.previous_start is not None:
        times.append((seen.previous_start.astimezone(zone), True))
    return _Card(
        title=seen.title,
        venue=seen.venue,
        address=seen.address,
        postcode=seen.postcode,
        city=seen.city,
        coordinates=seen.coordinates,
        moments=tuple(start for start, has_time in times if has_time),
        days=frozenset(start.date() for start, _ in times),
        spans=((seen.run.first_day, seen.run.last_day),) if seen.run else (),
    )


def _likeness(first: _Card, second: _Card) -> Likeness:
    title = title_likeness(first.title, second.title)
    if title is TitleLikeness.DIFFERENT:
        return Likeness(is_same=False, why="another title")
    town, place = _same_town(first, second), _same_place(first, second)
    when = _when(first, second)
    if why := _difference(title, when, town=town, place=place):
        return Likeness(is_same=False, why=why)
    score = title.value * 0.5 + (0.3 if place else 0.1) + (0.2 if when == "hour" else 0.1)
    return Likeness(is_same=True, why=f"title {title.name.lower()}, {when}", score=score)


def _difference(
    title: TitleLikeness, when: str, *, town: bool | None, place: bool | None
) -> str | None:
    """What keeps two of like titles apart, or None."""
    is_equal = title in {TitleLikeness.EQUAL, TitleLikeness.EQUAL_BUT_COMMON}
    is_common = title in {TitleLikeness.EQUAL_BUT_COMMON, TitleLikeness.HELD_BUT_COMMON}
    reasons = {
        "another town": town is False,
        "another place": place is False,
        "another day": when == "other",
        "no day, and too little else": when == "unknown"
        and not (place and title is TitleLikeness.EQUAL),
        "another hour, and the title is not the same": when == "day" and not is_equal,
        "only the main part of the title is the same": title is TitleLikeness.SHARES_MAIN
        and not (place and when == "hour"),
        "a common title, and the place is not known": place is None and is_common,
        "neither town nor place is known": place is None and town is None and when != "hour",
    }
    return next((why for why, holds in reasons.items() if holds), None)


def _when(first: _Card, second: _Card) -> str:
    """`hour`: about the same moment; `day`: the same day at another hour; `run`; `other`; `unknown`."""
    if not (first.days or first.spans) or not (second.days or second.spans):
        return "unknown"
    if any(abs(a - b) <= _SAME_HOUR for a in first.moments for b in second.moments):
        return "hour"
    timeless = (
        first.days - {at.date() for at in first.moments},
        second.days - {at.date() for at in second.moments},
    )
    common = first.days & second.days
    if common & (timeless[0] | timeless[1]):
        return "hour"
    spans = [(span, other) for span, other in ((one, second) for one in first.spans)]
    spans += [(span, first) for span in second.spans]
    for (begin, end), other in spans:
        if any(begin <= day <= end for day in other.days):
            return "run"
        if any(begin <= last and first_day <= end for first_day, last in other.spans):
            return "run"
    return "day" if common else "other"


def _same_town(first: _Card, second: _Card) -> bool | None:
    if first.city is None or second.city is None:
        is_told = bool(first.postcode and second.postcode)
        return (
            False if is_told and (first.postcode or "")[:2] != (second.postcode or "")[:2] else None
        )
    one, other = _town(first.city), _town(second.city)
    if one == other or one.startswith(f"{other} ") or other.startswith(f"{one} "):
        return True
    return _are_near(first, second, _NEAR_KM)


def _are_near(first: _Card, second: _Card, km: float) -> bool:
    if first.coordinates is None or second.coordinates is None:
        return False
    return great_circle_km(first.coordinates, second.coordinates) <= km


def _town(city: str) -> str:
    return re.sub(r" ?\d+ ?(?:e|er|eme|ieme|arrondissement)*\b.*$", "", fold_place(city)).strip()


def _same_place(first: _Card, second: _Card) -> bool | None:
    """Whether the venues are one; None where either is not told."""
    if _are_near(first, second, _SAME_SPOT_KM):
        return True
    if first.venue is None or second.venue is None:
        if first.address and second.address and fold(first.address) == fold(second.address):
            return True
        return None
    towns = frozenset(f"{_town(first.city or '')} {_town(second.city or '')}".split())
    one, other = _venue_words(first.venue, towns), _venue_words(second.venue, towns)
    if first.address and second.address and _street(first.address) == _street(second.address):
        return True
    own, others = one - _GENERIC_PLACES, other - _GENERIC_PLACES
    if own and others:
        return _holds(own, others) or _holds(others, own)
    return _holds(one, other) or _holds(other, one)


def _street(address: str) -> str:
    return fold(address.partition(",")[0])


def _venue_words(venue: str, towns: frozenset[str]) -> frozenset[str]:
    words = frozenset(fold_place(venue).split()) - _SMALL
    return (words - towns) or words


def _holds(few: frozenset[str], many: frozenset[str]) -> bool:
    return all(any(_is_word(one, other) for other in many) for one in few)


def _is_word(one: str, other: str) -> bool:
    """The same but for a plural, or an abbreviation of four letters and more: « Expo », « Expositions »."""
    short, long = sorted((one.rstrip("sx"), other.rstrip("sx")), key=len)
    return short == long or (
        len(short) >= 4  # noqa: PLR2004 - letters
        and long.startswith(short)
        and len(long) > len(short) + 2
    )
