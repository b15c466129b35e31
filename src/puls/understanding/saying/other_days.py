"""Other times than the ones asked for, nearest first: any hour, the day after, the weekend, the week.

Pure. Enter at `other_times`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from puls.catalogue.event import Interval
from puls.understanding.when.calendar import weekend_of

TimeChange = Literal["hours", "day", "weekend", "week", "month", "date"]

_WEEKDAYS = (
    ("lundi", "Monday"),
    ("mardi", "Tuesday"),
    ("mercredi", "Wednesday"),
    ("jeudi", "Thursday"),
    ("vendredi", "Friday"),
    ("samedi", "Saturday"),
    ("dimanche", "Sunday"),
)
_MONTHS = (
    ("janvier", "January"),
    ("février", "February"),
    ("mars", "March"),
    ("avril", "April"),
    ("mai", "May"),
    ("juin", "June"),
    ("juillet", "July"),
    ("août", "August"),
    ("septembre", "September"),
    ("octobre", "October"),
    ("novembre", "November"),
    ("décembre", "December"),
)
_A_WEEK, _A_MONTH = 7, 30  # days
_SHORT = 4  # days; what is longer is a stay, not an evening out


@dataclass(frozen=True, slots=True)
class OtherTime:
    """Intervals to try instead; empty means any date to come."""

    change: TimeChange
    intervals: tuple[Interval, ...]
    fr: str
    en: str


def other_times(
    intervals: tuple[Interval, ...], now: datetime, timezone: str
) -> Iterator[OtherTime]:
    """What to try instead of these intervals, the nearest to what was asked first."""
    if not intervals:
        return
    zone = ZoneInfo(timezone)
    today = now.astimezone(zone).date()
    first = max(today, min(each.start for each in intervals).astimezone(zone).date())
    last = (max(each.end for each in intervals) - timedelta(minutes=1)).astimezone(zone).date()
    if last < today:
        yield OtherTime("date", (), "à venir", "still to come")
        return
    days = (last - first).days + 1

    def spanning(start: date, length: int) -> tuple[Interval, ...]:
        return (_whole_days(start, length, now, zone),)

    whole = _any_hour(intervals, now, zone)
    if whole != intervals and days <= _SHORT:
        fr, en = _name(first, today) if days == 1 else ("ces jours-là", "on those days")
        yield OtherTime("hours", whole, f"{fr} à toute heure", f"{en} at any hour")
    if days <= _SHORT:
        fr, en = _name(last + timedelta(days=1), today)
        yield OtherTime("day", spanning(last + timedelta(days=1), 1), fr, en)
    saturday = weekend_of(last)[0]
    if saturday <= last:
        saturday += timedelta(days=7)
    if days <= _SHORT:
        fr, en = _weekend(saturday, today)
        yield OtherTime("weekend", spanning(saturday, 2), fr, en)
    if days < _A_WEEK:
        fr, en = _within(_A_WEEK, first, today)
        yield OtherTime("week", spanning(first, _A_WEEK), fr, en)
    elif days < _A_MONTH:
        fr, en = _within(_A_MONTH, first, today)
        yield OtherTime("month", spanning(first, _A_MONTH), fr, en)
    else:
        yield OtherTime("date", (), "à n’importe quelle date", "on any date")


def _any_hour(
    intervals: tuple[Interval, ...], now: datetime, zone: ZoneInfo
) -> tuple[Interval, ...]:
    """The same days from midnight to midnight, what is over left out."""
    days: set[date] = set()
    for each in intervals:
        day = max(each.start, now).astimezone(zone).date()
        last = (each.end - timedelta(minutes=1)).astimezone(zone).date()
        while day <= last and len(days) <= _A_MONTH:
            days.add(day)
            day += timedelta(days=1)
    spans: list[tuple[date, int]] = []
    for day in sorted(days):
        if spans and spans[-1][0] + timedelta(days=spans[-1][1]) == day:
            spans[-1] = (spans[-1][0], spans[-1][1] + 1)
        else:
            spans.append((day, 1))
    return tuple(_whole_days(start, length, now, zone) for start, length in spans)


def _whole_days(start: date, length: int, now: datetime, zone: ZoneInfo) -> Interval:
    first = datetime.combine(start, time(), zone)
    last = datetime.combine(start + timedelta(days=length), time(), zone)
    return Interval(max(first, now.astimezone(zone)), last)


def _name(day: date, today: date) -> tuple[str, str]:
    """« demain », « samedi », « samedi 5 décembre »."""
    ahead = (day - today).days
    fr, en = _WEEKDAYS[day.weekday()]
    if ahead == 0:
        return "aujourd’hui", "today"
    if ahead == 1:
        return "demain", "tomorrow"
    if ahead < _A_WEEK:
        return fr, en
    number, month = _number(day), _MONTHS[day.month - 1]
    return f"{fr} {number} {month[0]}", f"{en} {day.day} {month[1]}"


def _number(day: date) -> str:
    return "1er" if day.day == 1 else str(day.day)


def _weekend(saturday: date, today: date) -> tuple[str, str]:
    if (saturday - today).days < _A_WEEK:
        return "ce week-end", "this weekend"
    fr, en = _MONTHS[saturday.month - 1]
    return (
        f"le week-end du {_number(saturday)} {fr}",
        f"the weekend of {saturday.day} {en}",
    )


def _within(days: int, first: date, today: date) -> tuple[str, str]:
    span_fr = f"les {days} jours"
    span_en = f"{days} days"
    if first == today:
        return f"dans {span_fr}", f"within {span_en}"
    fr, en = _name(first, today)
    return f"dans {span_fr} dès {fr}", f"within {span_en} from {en}"
