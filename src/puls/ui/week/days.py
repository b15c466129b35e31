"""Events sorted into the seven days of a week. Pure. Enter at `week_of` and `sorted_into`."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from puls import phrasing
from puls.catalogue.event import Event, Interval, Occurrence
from puls.phrasing import Language

DAYS = 7
_ALL_WEEK = 5  # days: what is on so often is told once, above
_A_NIGHT_ENDS = timedelta(hours=6)  # what ends by then belongs to the evening before
_LONG = timedelta(hours=25)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An event on a day."""

    uid: str
    title: str
    category: str
    hours: str
    place: str | None
    price: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    date: date
    name: str
    is_today: bool
    is_past: bool
    entries: Sequence[Entry]


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """`all_week`: what is on most days."""

    days: Sequence[Day]
    all_week: Sequence[Entry]


def week_of(day: date) -> date:
    """Its Monday."""
    return day - timedelta(days=day.weekday())


def interval_of(monday: date, zone: ZoneInfo, *, now: datetime) -> Interval | None:
    """The week from now on; None when it is over."""
    start = datetime.combine(monday, time(), zone)
    end = datetime.combine(monday + timedelta(days=DAYS), time(), zone)
    return Interval(max(start, now), end) if end > now else None


def sorted_into(
    monday: date, events: Iterable[Event], *, now: datetime, timezone: str, language: Language
) -> Week:
    """Each event on the days it is on, soonest first. `timezone`: in which days begin."""
    zone = ZoneInfo(timezone)
    today = now.astimezone(zone).date()
    dates = [monday + timedelta(days=day) for day in range(DAYS)]
    by_day: dict[date, list[tuple[datetime, Entry]]] = {day: [] for day in dates}
    all_week: list[tuple[datetime, Entry]] = []
    for event in events:
        on = {day: one for day in dates if (one := _on(event, day, zone, now=now)) is not None}
        entries = {
            day: (one.starts_at, _entry(event, one, language=language)) for day, one in on.items()
        }
        if len(on) >= _ALL_WEEK:
            all_week.append(next(iter(entries.values())))
        else:
            for day, entry in entries.items():
                by_day[day].append(entry)
    return Week(
        days=[
            Day(
                date=day,
                name=f"{phrasing.short_weekday(day, language)} {day.day} {phrasing.short_month(day, language)}",
                is_today=day == today,
                is_past=day < today,
                entries=[entry for _, entry in sorted(by_day[day], key=lambda each: each[0])],
            )
            for day in dates
        ],
        all_week=[entry for _, entry in sorted(all_week, key=lambda each: each[0])],
    )


def _on(event: Event, day: date, zone: ZoneInfo, *, now: datetime) -> Occurrence | None:
    """The first time of that day that is not over."""
    for one in event.coming(now):
        start, end = one.starts_at.astimezone(zone), one.ends_at.astimezone(zone)
        last = end - (timedelta(microseconds=1) if end - start > _LONG else _A_NIGHT_ENDS)
        if start.date() <= day <= max(start.date(), last.date()):
            return one
    return None


def _entry(event: Event, one: Occurrence, *, language: Language) -> Entry:
    venue = event.venue
    return Entry(
        uid=event.uid,
        title=event.title,
        category=event.category,
        hours=""
        if phrasing.is_range(one)
        else phrasing.opening_hours(one, event.timezone, language) or "",
        place=(venue.name or venue.city) if venue else None,
        price=phrasing.price_words(event.price, language),
    )
