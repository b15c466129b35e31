"""What a wish means, said once more and plainly: a loop over all events, with no database and no index."""

from collections.abc import Callable, Iterable
from datetime import datetime

from puls.catalogue.event import Attendance, Event, Interval, Occurrence, PriceKind, Status
from puls.geo.distance import great_circle_km
from puls.understanding.wish import Where, Wish

Stem = Callable[[str], str]
_FINDABLE = {Status.SCHEDULED, Status.RESCHEDULED, Status.MOVED_ONLINE, Status.FULL}


def fitting_uids(
    events: Iterable[Event], wish: Wish, *, now: datetime, words: dict[str, set[str]]
) -> set[str]:
    """Sure or not: what nothing that is stated speaks against. `words` gives, for each excluded word, the uids of the events whose text holds it."""
    return {event.uid for event in events if _fits(event, wish, now, words)}


def _fits(event: Event, wish: Wish, now: datetime, words: dict[str, set[str]]) -> bool:
    return (
        event.status in (set(wish.statuses) or _FINDABLE)
        and (wish.includes_non_cultural or event.is_cultural)
        and _is_somewhere(event, wish.where)
        and not (wish.free and event.price.kind is PriceKind.PAID)
        and (
            wish.max_price is None
            or event.price.lowest is None
            or event.price.lowest <= wish.max_price
        )
        and (not wish.ages or any(_welcomes(event, age) for age in wish.ages))
        and not wish.accessibility & event.not_accessible
        and _is_held(event, wish.online)
        and (not wish.categories or event.category in wish.categories)
        and event.category not in wish.excluded_categories
        and not any(event.uid in words[word] for word in wish.excluded_words)
        and _is_open(event, wish, now)
    )


def _is_open(event: Event, wish: Wish, now: datetime) -> bool:
    if not wish.when:
        return any(occurrence.ends_at > now for occurrence in event.occurrences)
    return any(
        occurrence.starts_at < interval.end
        and interval.start < occurrence.ends_at
        and not _closes_as_the_evening_begins(occurrence, interval)
        for occurrence in event.occurrences
        for interval in wish.when
    )


def _closes_as_the_evening_begins(occurrence: Occurrence, evening: Interval) -> bool:
    """Open since the day, and closed by 19:30 or within three quarters of an hour."""
    start, minutes = evening.start, (evening.end - evening.start).total_seconds() / 60
    of_day = start.hour * 60 + start.minute + start.second / 60
    if of_day < 17 * 60 or of_day + minutes < 22 * 60 or minutes > 14 * 60:
        return False
    has_begun = (start - occurrence.starts_at).total_seconds() > 3600
    left = (occurrence.ends_at - start).total_seconds() / 60
    return has_begun and (left <= 45 or of_day + left <= 19 * 60 + 30)


def is_sure(event: Event, wish: Wish) -> bool:
    """Whether an event that fits also states what was asked."""
    return (
        (not wish.free or event.price.kind is PriceKind.FREE)
        and wish.accessibility <= event.accessibility
        and all(_welcomes(event, age) for age in wish.ages)
    )


def _is_somewhere(event: Event, where: Where | None) -> bool:
    if where is None:
        return True
    if any(_is_within(event, left_out) for left_out in where.excluded):
        return False
    names_nothing = not (
        where.commune_codes
        or where.postcodes
        or where.department_codes
        or where.region_codes
        or where.near
    )
    return (names_nothing and bool(where.excluded)) or _is_within(event, where)


def _is_within(event: Event, where: Where) -> bool:
    venue = event.venue
    if venue is None:
        return False
    if (
        venue.commune_code in where.commune_codes
        or venue.postcode in where.postcodes
        or venue.department_code in where.department_codes
        or venue.region_code in where.region_codes
    ):
        return True
    return (
        where.near is not None
        and venue.coordinates is not None
        and great_circle_km(where.near.center, venue.coordinates) <= where.near.radius_km
    )


def _welcomes(event: Event, age: int) -> bool:
    return (event.age_min is None or event.age_min <= age) and (
        event.age_max is None or age <= event.age_max
    )


def _is_held(event: Event, online: bool | None) -> bool:
    if online is None:
        return True
    wanted = {Attendance.MIXED, Attendance.ONLINE if online else Attendance.ONSITE}
    return event.attendance in wanted
