"""An event of the catalogue as a check amends it. Pure.

Only what is surely seen corrects: a field of the source itself, or « annulé » beside title and date. Enter at `amended`.
"""

from dataclasses import replace
from datetime import UTC, timedelta

from puls.catalogue.event import Attendance, Event, Occurrence, Status, Venue
from puls.geo.names import fold
from puls.web_search.values import Check, Outcome, WebTime

_STATUS = {
    Outcome.CANCELLED: Status.CANCELLED,
    Outcome.POSTPONED: Status.POSTPONED,
    Outcome.FULL: Status.FULL,
}
_OFF = frozenset({Outcome.CANCELLED, Outcome.POSTPONED, Outcome.GONE})
_USUAL_LENGTH = timedelta(hours=2)  # of a performance whose end is not told


def is_off(check: Check | None) -> bool:
    """Whether it surely does not take place as announced: it is no longer proposed."""
    return check is not None and check.is_strong and check.outcome in _OFF


def amended(event: Event, check: Check | None) -> Event:
    """The event as it was seen; as it is without a sure finding."""
    if check is None or not check.is_strong:
        return event
    if check.outcome in _STATUS:
        return replace(event, status=_STATUS[check.outcome])
    if check.outcome is not Outcome.CHANGED:
        return event
    changed = {each.what for each in check.changes}
    if changed & {"date", "hour"} and check.times:
        event = replace(
            event,
            occurrences=tuple(sorted(map(occurrence_of, check.times))),
            status=Status.RESCHEDULED,
        )
    if "venue" in changed:
        event = replace(event, venue=_venue(event.venue, check))
    if "attendance" in changed:
        event = replace(event, attendance=Attendance.ONLINE, status=Status.MOVED_ONLINE)
    return event


def _venue(before: Venue | None, check: Check) -> Venue | None:
    """Where it takes place now, as far as it was told: what is not known of the new place is not that of the old one."""
    told = next(each.now for each in check.changes if each.what == "venue")
    name, comma, city = told.rpartition(", ")
    if before is None or not told:
        return before
    if not comma:
        name, city = told, before.city or ""
    if fold(city) != fold(before.city or ""):
        return Venue(key=before.key, name=name, city=city, country_code=before.country_code)
    return replace(before, name=name, address=None, district=None, coordinates=None)


def occurrence_of(one: WebTime) -> Occurrence:
    """A performance as the catalogue writes it; one whose end is not told, or comes before its start, takes two hours."""
    begins = one.starts_at.astimezone(UTC)
    length = _USUAL_LENGTH if one.has_time else timedelta(days=1)
    ends = one.ends_at.astimezone(UTC) if one.ends_at else begins
    return Occurrence(
        starts_at=begins,
        ends_at=ends if ends > begins else begins + length,
        is_day_known_only=not one.has_time,
    )
