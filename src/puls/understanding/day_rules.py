"""What a rule about days is, and the arithmetic that rules share. Pure.

A rule is a pattern over folded words and a reading to spans of whole days.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from puls.understanding.calendars import Days, Zone
from puls.understanding.notices import Notice

_WEEKS_OF_A_HABIT = 8  # « le mercredi », « un mardi soir »: the next two months
FRIDAY, SATURDAY, SUNDAY = 4, 5, 6
DECEMBER = 12


@dataclass(frozen=True, slots=True)
class Today:
    """The day of asking, and what else the meaning of a date hangs on. `hour` is 0 to 23."""

    date: date
    hour: int = 12
    asks_past: bool = False
    zone: Zone | None = None


@dataclass(frozen=True, slots=True)
class Meaning:
    """What an expression means. `hours` count from midnight of each day, and may pass 24.

    `is_kept`: the words stay in the theme. `is_past`: days that are over were clearly meant.
    `is_habit`: some days of each week (« les mercredis »), which a range beside them bounds.
    `weekdays` and `excludes` say what « sauf » before the words leaves out, when it is more than `days`.
    """

    days: tuple[Days, ...]
    hours: tuple[float, float] | None = None
    is_kept: bool = False
    notice: Notice | None = None
    is_past: bool = False
    is_habit: bool = False
    weekdays: tuple[int, ...] = ()
    excludes: tuple[Days, ...] = ()


Reading = Callable[[re.Match[str], Today], Meaning | None]


class Rules(list["Rule"]):
    """The rules of one module, in the order in which they are tried."""

    def on(self, pattern: str, *, needs: Iterable[str] = ("",)) -> Callable[[Reading], Reading]:
        """Register the reading of whole words that match.

        `needs` spares the search where none of these strings stands in the text.
        """
        compiled = re.compile(rf"(?<!\S)(?:{pattern})(?!\S)")

        def register(reading: Reading) -> Reading:
            self.append(Rule(compiled, reading, tuple(needs)))
            return reading

        return register


@dataclass(frozen=True, slots=True)
class Rule:
    pattern: re.Pattern[str]
    reading: Reading
    needs: tuple[str, ...]

    def may_match(self, words: str) -> bool:
        return any(needed in words for needed in self.needs)


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


@lru_cache(maxsize=64)
def habit_days(weekdays: tuple[int, ...], today: date) -> tuple[Days, ...]:
    """Each coming day of those weekdays, for the next weeks."""
    every = (today + timedelta(days=ahead) for ahead in range(7 * _WEEKS_OF_A_HABIT))
    return tuple((day, day + timedelta(days=1)) for day in every if day.weekday() in weekdays)


def word_before(match: re.Match[str]) -> str:
    """The word right before a match, "" at the beginning."""
    before = match.string[max(0, match.start() - 16) : match.start()].split()
    return before[-1] if before else ""


def weekend_habit(today: date) -> tuple[Days, ...]:
    first = this_weekend(today)
    return tuple(shifted(first, 7 * week) for week in range(_WEEKS_OF_A_HABIT))
