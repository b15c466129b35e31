"""The days of a calendar's rule of repetition (RFC 5545), looked at one by one within a few years. Pure.

Libraries look for the next fitting day until the year 9999: « every 31 February » takes them seconds. A rule finer than a
day, or with a part that is not known here, gives its first day alone. Enter at `days_of`.
"""

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from typing import Final, Self

_LONGEST_DAYS: Final = 5 * 366
_MOST_DAYS: Final = 800  # OpenAgenda's own limit of timings
_WEEKDAYS: Final = {"MO": 0, "TU": 1, "WE": 2, "TH": 3, "FR": 4, "SA": 5, "SU": 6}
_KNOWN: Final = frozenset(
    {"FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "BYMONTHDAY", "BYMONTH", "WKST"}
)
_MONTHS: Final = 12


def days_of(rule: str, first: date) -> list[date]:
    """The days of the rule from its first on, oldest first."""
    understood = _Rule.of(rule, first)
    if understood is None:
        return [first]
    return list(islice(understood.days(), understood.count)) or [first]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rule:
    first: date
    last: date
    frequency: str
    interval: int
    count: int
    weekdays: frozenset[tuple[int, int]]  # (which in the month or 0, day of the week)
    month_days: frozenset[int]
    months: frozenset[int]

    @classmethod
    def of(cls, rule: str, first: date) -> Self | None:
        """The rule as a value; None when it is not understood."""
        parts = dict(part.upper().split("=", 1) for part in rule.split(";") if "=" in part)
        frequency = parts.get("FREQ", "")
        if not parts.keys() <= _KNOWN or frequency not in {"DAILY", "WEEKLY", "MONTHLY", "YEARLY"}:
            return None
        try:
            until = parts.get("UNTIL")
            last = first + timedelta(days=_LONGEST_DAYS)
            return cls(
                first=first,
                last=min(last, date.fromisoformat(until[:8])) if until else last,
                frequency=frequency,
                interval=max(1, int(parts.get("INTERVAL", "1")[:6])),
                count=min(_MOST_DAYS, int(parts.get("COUNT", str(_MOST_DAYS))[:6])),
                weekdays=frozenset(_weekday(day) for day in _list(parts.get("BYDAY"))),
                month_days=frozenset(int(day[:3]) for day in _list(parts.get("BYMONTHDAY"))),
                months=frozenset(int(month[:2]) for month in _list(parts.get("BYMONTH"))),
            )
        except (ValueError, KeyError, OverflowError):
            return None

    def days(self) -> Iterator[date]:
        day = self.first
        while day <= self.last:
            if self._is_in_turn(day) and self._fits(day):
                yield day
            if day == date.max:
                return
            day += timedelta(days=1)

    def _is_in_turn(self, day: date) -> bool:
        """Whether the day's period is one that the interval does not skip."""
        match self.frequency:
            case "DAILY":
                apart = (day - self.first).days
            case "WEEKLY":
                monday = self.first - timedelta(days=self.first.weekday())
                apart = (day - monday).days // 7
            case "MONTHLY":
                apart = (day.year - self.first.year) * _MONTHS + day.month - self.first.month
            case _:
                apart = day.year - self.first.year
        return apart % self.interval == 0

    def _fits(self, day: date) -> bool:
        if self.months and day.month not in self.months:
            return False
        length = calendar.monthrange(day.year, day.month)[1]
        if self.month_days and not self.month_days & {day.day, day.day - length - 1}:
            return False
        if self.weekdays:
            nth, nth_last = (day.day - 1) // 7 + 1, -((length - day.day) // 7 + 1)
            return any((which, day.weekday()) in self.weekdays for which in (0, nth, nth_last))
        return self._falls_like_the_first(day)

    def _falls_like_the_first(self, day: date) -> bool:
        """Without days of the week, a period repeats where the first day stands in it."""
        match self.frequency:
            case "WEEKLY":
                return day.weekday() == self.first.weekday()
            case "MONTHLY":
                return bool(self.month_days) or day.day == self.first.day
            case "YEARLY":
                is_month = bool(self.months) or day.month == self.first.month
                return is_month and (bool(self.month_days) or day.day == self.first.day)
            case _:
                return True


def _list(text: str | None) -> list[str]:
    return [part.strip() for part in text.split(",")[:64] if part.strip()] if text else []


def _weekday(text: str) -> tuple[int, int]:
    """« 2MO » is the second Monday, « -1FR » the last Friday, « TU » every Tuesday."""
    return int(text[:-2] or 0), _WEEKDAYS[text[-2:]]
