"""Facts seen on the web that differ from the catalogue's, each as a `Change` or None. Pure.

Names and prices are compared generously: spelling, a room of the house, another tariff are no change.
"""

from datetime import datetime
from typing import Final

from rapidfuzz import fuzz

from puls.catalogue.event import Attendance, Event, Occurrence, PriceKind
from puls.geo.names import fold
from puls.web_search.proofs.seen import Seen
from puls.web_search.times import is_same, moved, timezone_of
from puls.web_search.values import Change, WebStatus

_ANOTHER_NAME: Final = 75.0  # of 100: « Le Temple » and « Temple de Crest » have 100, « Théâtre municipal » and « Salle des fêtes » 50
_DEPARTMENT: Final = 2  # digits of a postcode


def time_change(
    event: Event, seen: Seen, shown: Occurrence | None, *, now: datetime
) -> Change | None:
    """Where the performance went, as OpenAgenda's own times tell; None while nothing says that it moved."""
    if shown is None or not seen.times:
        return None
    zone = timezone_of(event)
    if any(is_same(shown, one, zone, as_written=False) for one in seen.times):
        return None
    if seen.are_all_times:
        return moved(shown, seen.times, zone, now=now)
    # Of the next performance alone: one that should come before it is no more.
    is_before = seen.is_next_first and now < shown.starts_at < seen.times[0].starts_at
    is_after = len(seen.times) > 1 and shown.starts_at > seen.times[-1].starts_at
    return moved(shown, seen.times, zone, now=now) if is_before or is_after else None


def attendance_change(event: Event, seen: Seen) -> Change | None:
    """On site, online or both; « déplacé en ligne » says it without the field."""
    there = seen.attendance
    if seen.status is WebStatus.MOVED_ONLINE and there in {None, Attendance.ONSITE}:
        there = Attendance.ONLINE
    if there is None or there is event.attendance:
        return None
    if not seen.is_of_source and seen.status is not WebStatus.MOVED_ONLINE:
        return None  # pages of theatres that sell online call themselves « mixed »
    return Change(what="attendance", before=event.attendance.name.lower(), now=there.name.lower())


def place_change(event: Event, seen: Seen) -> Change | None:
    """Another town, or by OpenAgenda's own fields another venue."""
    ours = event.venue
    if ours is None or (ours.name is None and ours.city is None):
        return None
    is_other_town = _is_other_town(ours.city, ours.postcode, seen)
    is_other_name = _is_other_name(ours.name, seen.venue)
    if seen.is_of_source:
        is_other = is_other_name or (is_other_town and ours.name is None)
    else:
        is_other = is_other_town and is_other_name
    if not is_other:
        return None
    before = ", ".join(part for part in (ours.name, ours.city) if part)
    there = ", ".join(part for part in (seen.venue, seen.city) if part)
    return Change(what="venue", before=before, now=there)


def price_change(event: Event, seen: Seen) -> Change | None:
    """Free and no more, or the other way round, or two ranges of euros that do not touch."""
    ours, theirs = event.price, seen.price
    if theirs is None or ours.kind is PriceKind.UNKNOWN:
        return None
    if ours.kind is PriceKind.FREE:
        is_paid = not theirs.is_free and (theirs.lowest or 0) > 0
        return _price("0", _euros(theirs.lowest, theirs.highest)) if is_paid else None
    if theirs.is_free:
        return _price(_euros(ours.lowest, ours.highest), "0")
    if ours.lowest is None or theirs.lowest is None:
        return None
    our_top, their_top = ours.highest or ours.lowest, theirs.highest or theirs.lowest
    if theirs.lowest <= our_top and ours.lowest <= their_top:
        return None
    return _price(_euros(ours.lowest, ours.highest), _euros(theirs.lowest, theirs.highest))


def _price(before: str, now: str) -> Change:
    return Change(what="price", before=before, now=now)


def _euros(lowest: float | None, highest: float | None) -> str:
    """« 12 » or « 12–20 »; figures alone, the sentence adds the currency."""
    values = [f"{one:g}" for one in (lowest, highest) if one is not None]
    return "–".join(dict.fromkeys(values))


def _is_other_name(ours: str | None, theirs: str | None) -> bool:
    if not ours or not theirs:
        return False
    return fuzz.token_set_ratio(fold(ours), fold(theirs)) < _ANOTHER_NAME


def _is_other_town(city: str | None, postcode: str | None, seen: Seen) -> bool:
    if city and seen.city and fuzz.partial_ratio(fold(city), fold(seen.city)) < _ANOTHER_NAME:
        return not (postcode and seen.postcode and postcode == seen.postcode)
    if postcode and seen.postcode and not (city and seen.city):
        return postcode[:_DEPARTMENT] != seen.postcode[:_DEPARTMENT]
    return False
