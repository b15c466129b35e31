"""Whether a performance seen on the web is the one in the catalogue, and where it went if not. Pure.

Instants are compared, with a tolerance. A page may also mean what it writes by the clocks of the place and add a wrong
offset (+02:00 all winter, +00:00 for Paris; reference §9b): as written, such a time is the same.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from puls.catalogue.event import Event, Occurrence
from puls.web_search.values import Change, Run, WebTime

TOLERANCE: Final = timedelta(minutes=5)
_A_DAY: Final = timedelta(hours=25)  # the longest single performance, clock change included
_PARIS: Final = "Europe/Paris"


def timezone_of(event: Event) -> ZoneInfo:
    """The zone in which the venue's clocks run; Paris for a name that this machine does not know."""
    try:
        return ZoneInfo(event.timezone)
    except (KeyError, ValueError, OSError):
        return ZoneInfo(_PARIS)


def meant(event: Event, shown: Occurrence | None, *, now: datetime) -> Occurrence | None:
    """The performance a check is about: the one that was shown, else the next to come."""
    return shown or next(iter(event.coming(now)), None)


def is_span(occurrence: Occurrence) -> bool:
    """Whether it is a range of days rather than one performance."""
    return occurrence.is_possible or occurrence.ends_at - occurrence.starts_at > _A_DAY


def is_same(occurrence: Occurrence, time: WebTime, zone: ZoneInfo, *, as_written: bool) -> bool:
    """Whether both are one performance; `as_written`: an offset of the page's may be wrong."""
    if is_span(occurrence):
        return any(
            _first_day(occurrence, zone) <= day <= last_day(occurrence, zone)
            for day in _days(time, zone, as_written=as_written)
        )
    if occurrence.is_day_known_only or not time.has_time:
        return _first_day(occurrence, zone) in _days(time, zone, as_written=as_written)
    if abs(time.starts_at - occurrence.starts_at) <= TOLERANCE:
        return True
    here = occurrence.starts_at.astimezone(zone).replace(tzinfo=None)
    return as_written and abs(time.starts_at.replace(tzinfo=None) - here) <= TOLERANCE


def is_within(occurrence: Occurrence, run: Run, zone: ZoneInfo) -> bool:
    """Whether it takes place during a run."""
    return (
        run.first_day <= last_day(occurrence, zone) and _first_day(occurrence, zone) <= run.last_day
    )


def moved(
    occurrence: Occurrence, times: Sequence[WebTime], zone: ZoneInfo, *, now: datetime
) -> Change:
    """Where a performance that is not among `times` went: the same day at another hour, else the nearest day to come."""
    day = _first_day(occurrence, zone)
    same_day = [one for one in times if one.has_time and _day(one, zone) == day]
    if same_day and not is_span(occurrence) and not occurrence.is_day_known_only:
        there = _nearest(same_day, occurrence)
        return Change(what="hour", before=written(occurrence, zone), now=said(there, zone))
    coming = [one for one in times if (one.ends_at or one.starts_at) > now]
    there = _nearest(coming or times, occurrence)
    return Change(what="date", before=written(occurrence, zone), now=said(there, zone))


def written(occurrence: Occurrence, zone: ZoneInfo) -> str:
    """ISO 8601 by the venue's clocks; the day alone where the hour is not known."""
    here = occurrence.starts_at.astimezone(zone)
    is_day = occurrence.is_day_known_only or is_span(occurrence)
    return here.date().isoformat() if is_day else here.isoformat(timespec="minutes")


def said(time: WebTime, zone: ZoneInfo) -> str:
    """The same for a time seen on the web."""
    here = time.starts_at.astimezone(zone)
    return here.isoformat(timespec="minutes") if time.has_time else here.date().isoformat()


def last_day(occurrence: Occurrence, zone: ZoneInfo) -> date:
    """Its last day; one that ends at midnight ends the day before."""
    end = occurrence.ends_at.astimezone(zone)
    return max((end - timedelta(seconds=1)).date(), _first_day(occurrence, zone))


def _first_day(occurrence: Occurrence, zone: ZoneInfo) -> date:
    return occurrence.starts_at.astimezone(zone).date()


def _day(time: WebTime, zone: ZoneInfo) -> date:
    return time.starts_at.astimezone(zone).date() if time.has_time else time.starts_at.date()


def _days(time: WebTime, zone: ZoneInfo, *, as_written: bool) -> set[date]:
    return {_day(time, zone)} | ({time.starts_at.date()} if as_written else set())


def _nearest(times: Sequence[WebTime], occurrence: Occurrence) -> WebTime:
    return min(times, key=lambda one: (abs(one.starts_at - occurrence.starts_at), one.starts_at))
