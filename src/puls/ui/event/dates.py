"""The dates of an event by month, seen from now, each with the calendar entry of that day alone. Pure. Enter at `dates`."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from urllib.parse import quote, urlencode
from zoneinfo import ZoneInfo

from puls import phrasing
from puls.catalogue.event import Event, Occurrence
from puls.phrasing import Language
from puls.ui.texts import texts

_LONG = timedelta(hours=25)
_SHOWN = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class DateView:
    """One date: the day, its hours or what is not known of them, and where its calendar entry is (None: it is over)."""

    day: str
    hours: str | None
    calendar: str | None


@dataclass(frozen=True, slots=True)
class Month:
    name: str
    dates: tuple[DateView, ...]


@dataclass(frozen=True, slots=True)
class Dates:
    """`next` first, the rest folded away; `coming` counts what is still to come."""

    next: tuple[Month, ...]
    later: tuple[Month, ...]
    past: tuple[Month, ...]
    coming: int


def dates(event: Event, *, now: datetime, language: Language) -> Dates:
    """All dates, those to come soonest first."""
    coming = event.coming(now)
    past = [one for one in event.occurrences if one.ends_at <= now]

    def months(some: Iterable[Occurrence]) -> tuple[Month, ...]:
        return tuple(_months(some, event, now=now, language=language))

    return Dates(months(coming[:_SHOWN]), months(coming[_SHOWN:]), months(past), len(coming))


def chosen(event: Event, day: date | None, *, now: datetime) -> Occurrence | None:
    """The occurrence the page speaks of: of that day when there is one to come, else the next; None when all is over."""
    coming = event.coming(now)
    zone = ZoneInfo(event.timezone)
    on_day = (
        one
        for one in coming
        if day is not None
        and one.starts_at.astimezone(zone).date() <= day
        and (one.ends_at - timedelta(microseconds=1)).astimezone(zone).date() >= day
    )
    sure = (one for one in coming if not one.is_possible)
    return next(on_day, None) or next(sure, None) or next(iter(coming), None)


def calendar_address(uid: str, occurrence: Occurrence | None, language: Language) -> str:
    """Where the iCalendar file of one date is; of all dates without one."""
    pairs: dict[str, str] = {"lang": language}
    if occurrence is not None:
        pairs["occurrence"] = f"{occurrence.starts_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    return f"/v1/events/{quote(uid, safe='')}/calendar.ics?{urlencode(pairs)}"


def _months(
    occurrences: Sequence[Occurrence] | Iterable[Occurrence],
    event: Event,
    *,
    now: datetime,
    language: Language,
) -> Iterable[Month]:
    zone = ZoneInfo(event.timezone)

    def month_of(one: Occurrence) -> tuple[int, int]:
        start = one.starts_at.astimezone(zone)
        return start.year, start.month

    for _, same_month in groupby(occurrences, key=month_of):
        ones = list(same_month)
        first = ones[0].starts_at.astimezone(zone).date()
        yield Month(
            phrasing.sentence(phrasing.month_name(first, language)),
            tuple(_date(one, event, now=now, language=language) for one in ones),
        )


def _date(one: Occurrence, event: Event, *, now: datetime, language: Language) -> DateView:
    words, zone = texts(language), ZoneInfo(event.timezone)
    calendar = calendar_address(event.uid, one, language) if one.ends_at > now else None
    if one.is_possible or one.ends_at - one.starts_at > _LONG:
        when = phrasing.moment(one, event.timezone, now=now, language=language)
        told = words["dates_to_check"] if one.is_possible else None
        return DateView(day=phrasing.sentence(when), hours=told, calendar=calendar)
    day = phrasing.sentence(phrasing.weekday_name(one.starts_at.astimezone(zone).date(), language))
    hours = phrasing.opening_hours(one, event.timezone, language) or words["hours_unknown"]
    return DateView(day=day, hours=hours, calendar=calendar)
