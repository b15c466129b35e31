"""What a rule about days is, and the arithmetic that rules share. Pure.

A rule is a pattern over folded words and a reading to spans of whole days.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from puls.understanding.calendars import Days, Zone

_WEEKS_OF_A_HABIT = 8  # « le mercredi », « un mardi soir »: the next two months
FRIDAY, SATURDAY, SUNDAY = 4, 5, 6
DECEMBER = 12


@dataclass(frozen=True, slots=True)
class Today:
    """The day of asking, and what else the meaning of a date hangs on."""

    date: date
    asks_past: bool = False
    zone: Zone | None = None


@dataclass(frozen=True, slots=True)
class Meaning:
    """What an expression means. `hours` count from midnight of each day, and may pass 24.

    `is_kept`: the words stay in the theme. `is_past`: days that are over were clearly meant.
    `is_habit`: some days of each week (« les mercredis »), which a range beside them bounds.
    """

    days: tuple[Days, ...]
    hours: tuple[float, float] | None = None
    is_kept: bool = False
    notice: str | None = None
    is_past: bool = False
    is_habit: bool = False


Reading = Callable[[re.Match[str], Today], Meaning | None]


class Rules(list["Rule"]):
    """The rules of one module, in the order in which they are tried."""

    def on(self, pattern: str) -> Callable[[Reading], Reading]:
        """Register the reading of whole words that match."""
        compiled = re.compile(rf"(?<!\S)(?:{pattern})(?!\S)")

        def register(reading: Reading) -> Reading:
            self.append(Rule(compiled, reading))
            return reading

        return register


@dataclass(frozen=True, slots=True)
class Rule:
    pattern: re.Pattern[str]
    reading: Reading


def span_of(first: date, days: int = 1) -> tuple[Days, ...]:
    return ((first, first + timedelta(days=days)),)


def real_date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def coming_date(
    month: int, day: int, year: str | None, today: Today, weekday: int | None = None
) -> date | None:
    """The date meant by a day and month: this year's unless it is over.

    The year in which the weekday is right.
    """
    if year:
        return real_date(int(year), month, day)
    years = (today.date.year, today.date.year + 1, today.date.year - 1)
    dates = [found for each in years if (found := real_date(each, month, day))]
    ahead = [
        each for each in dates if (each <= today.date if today.asks_past else each >= today.date)
    ]
    if weekday is not None:
        matching = [each for each in ahead if each.weekday() == weekday]
        ahead = matching or ahead
    best = sorted(ahead, reverse=today.asks_past) or dates
    return best[0] if best else None


def month_span(year: int, month: int) -> Days:
    return date(year, month, 1), date(year + month // DECEMBER, month % DECEMBER + 1, 1)


def year_of_month(month: int, year: str | None, today: Today) -> int:
    if year:
        return int(year)
    if today.asks_past:
        return today.date.year - (month > today.date.month)
    return today.date.year + (month < today.date.month)


def this_weekend(today: date) -> Days:
    """Saturday and Sunday; on a Sunday, the one that is running."""
    saturday = today + timedelta(days=(SATURDAY - today.weekday()) % 7)
    if today.weekday() == SUNDAY:
        saturday = today - timedelta(days=1)
    return saturday, saturday + timedelta(days=2)


def shifted(days: Days, by: int) -> Days:
    return days[0] + timedelta(days=by), days[1] + timedelta(days=by)


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def add_months(day: date, months: int) -> date:
    year, month = divmod(day.month - 1 + months, DECEMBER)
    last = (month_span(day.year + year, month + 1)[1] - timedelta(days=1)).day
    return date(day.year + year, month + 1, min(day.day, last))


def habit_days(weekdays: tuple[int, ...], today: date) -> tuple[Days, ...]:
    """Each coming day of those weekdays, for the next weeks."""
    every = (today + timedelta(days=ahead) for ahead in range(7 * _WEEKS_OF_A_HABIT))
    return tuple((day, day + timedelta(days=1)) for day in every if day.weekday() in weekdays)


def weekend_habit(today: date) -> tuple[Days, ...]:
    first = this_weekend(today)
    return tuple(shifted(first, 7 * week) for week in range(_WEEKS_OF_A_HABIT))
