"""The calendar: arithmetic of days, public holidays, celebrations and school holidays of France. Pure.

Which days have a name stands in `france.toml`. School holidays are those of metropolitan France, from the Saturday
classes end to the morning they start again (left out); other years, Corsica and overseas give None: callers say so.
"""

import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, Literal

from dateutil.easter import easter

Zone = Literal["A", "B", "C"]
Days = tuple[date, date]
"""From the first day to the day after the last."""

MONDAY, FRIDAY, SATURDAY, SUNDAY = 0, 4, 5, 6
FIRST_YEAR, LAST_YEAR = 1900, 2200  # beyond, dates are said to be too far
_MUSEUM_DAY = (5, 18)


@dataclass(frozen=True, slots=True, kw_only=True)
class Celebration:
    """A day that has a name. `is_theme`: the name alone says what is sought; `is_day_off`: alone it is a date; `main_day`: which of several days it is."""

    names: tuple[tuple[str, ...], ...]
    of_year: Callable[[int], Days]
    is_theme: bool
    is_day_off: bool
    main_day: int
    not_before: frozenset[str]


def span_of(first: date, days: int = 1) -> Days:
    return first, first + timedelta(days=days)


def real_date(year: int, month: int, day: int) -> date | None:
    """The date if it exists and lies between the years that are understood."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def month_span(year: int, month: int) -> Days:
    return date(year, month, 1), date(year + month // 12, month % 12 + 1, 1)


def add_months(day: date, months: int) -> date:
    """The same day of another month, the last one of it when it is shorter."""
    year, month = divmod(day.month - 1 + months, 12)
    last = (month_span(day.year + year, month + 1)[1] - timedelta(days=1)).day
    return date(day.year + year, month + 1, min(day.day, last))


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def weekend_of(day: date) -> Days:
    """Saturday and Sunday to come; on a Sunday, those that are running."""
    saturday = day + timedelta(days=(SATURDAY - day.weekday()) % 7)
    if day.weekday() == SUNDAY:
        saturday = day - timedelta(days=1)
    return span_of(saturday, 2)


def shifted(days: Days, by: int) -> Days:
    return days[0] + timedelta(days=by), days[1] + timedelta(days=by)


def each_day(days: Days, most: int = 400) -> Iterator[date]:
    for ahead in range(min((days[1] - days[0]).days, most)):
        yield days[0] + timedelta(days=ahead)


def nth_weekday(year: int, month: int, weekday: int, nth: int) -> date | None:
    """The nth weekday of a month (1 = first); -1 is the last."""
    first, following = month_span(year, month)
    if nth < 0:
        last = following - timedelta(days=1)
        return last - timedelta(days=(last.weekday() - weekday) % 7)
    day = first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))
    return day if day < following else None


def bridge(holiday: date) -> Days:
    """The « pont » around a public holiday: the days off up to the week-end, the week-end included."""
    weekday = holiday.weekday()
    if weekday in (MONDAY, MONDAY + 1):
        return holiday - timedelta(days=weekday + 2), holiday + timedelta(days=1)
    if weekday <= FRIDAY:
        return holiday, holiday + timedelta(days=SUNDAY - weekday + 1)
    return span_of(holiday - timedelta(days=weekday - SATURDAY), 2)


@cache
def _data() -> Mapping[str, Any]:
    text = files("puls.understanding.when").joinpath("france.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def celebrations() -> tuple[Celebration, ...]:
    """Every celebration, in the order of `france.toml`."""
    return tuple(
        Celebration(
            names=tuple(tuple(name.split()) for name in entry["is"].split(" | ")),
            of_year=_rule(entry["on"]),
            is_theme=entry.get("theme", False),
            is_day_off=entry.get("off", False),
            main_day=entry.get("main", 0),
            not_before=frozenset(entry.get("not_before", "").split()),
        )
        for entry in _data()["celebrations"]
    )


@cache
def celebrations_called() -> Mapping[str, Sequence[tuple[Celebration, tuple[str, ...]]]]:
    """Celebrations with their names, by the first word of each name."""
    called: dict[str, list[tuple[Celebration, tuple[str, ...]]]] = {}
    for celebration in celebrations():
        for name in celebration.names:
            called.setdefault(name[0], []).append((celebration, name))
    return called


def _rule(rule: str) -> Callable[[int], Days]:
    kind, *numbers = rule.split()
    match kind, numbers:
        case "fixed", [day, length]:
            month, of_month = (int(part) for part in day.split("-"))
            return lambda year: span_of(date(year, month, of_month), int(length))
        case "easter", [offset, length]:
            return lambda year: span_of(easter(year) + timedelta(days=int(offset)), int(length))
        case "nth", [month_of, weekday, nth, length]:
            return lambda year: span_of(
                nth_weekday(year, int(month_of), int(weekday) - 1, int(nth)) or date(year, 1, 1),
                int(length),
            )
        case "bridge", [day]:
            month, of_month = (int(part) for part in day.split("-"))
            return lambda year: bridge(date(year, month, of_month))
        case "museum_night", []:
            return _museum_night
        case "mothers_day", []:
            return _mothers_day
        case _:
            raise ValueError(f"france.toml: {rule!r} is no rule")


def _museum_night(year: int) -> Days:
    announced = _data()["museum_night"].get(str(year))
    if announced is not None:
        return span_of(date(year, 5, announced))
    reference = date(year, *_MUSEUM_DAY)
    return span_of(reference + timedelta(days=(SATURDAY - reference.weekday() + 3) % 7 - 3))


def _mothers_day(year: int) -> Days:
    """The last Sunday of May, or the first of June when that is Whit Sunday (loi du 24 mai 1950)."""
    day = nth_weekday(year, 5, SUNDAY, -1)
    assert day is not None  # every month has a last Sunday
    return span_of(day + timedelta(days=7 * (day == easter(year) + timedelta(days=49))))


KNOWN_SCHOOL_YEARS: str = _data()["school"]["known"]
SCHOOL_HOLIDAYS = ("toussaint", "noel", "hiver", "printemps", "ete")


def zone_of(department_code: str) -> Zone | None:
    """The school zone of a département; None for Corsica and overseas, which have their own calendars."""
    zones: Sequence[Zone] = ("A", "B", "C")
    return next(
        (zone for zone in zones if department_code in _data()["school_zones"][zone].split()), None
    )


def school_holidays(name: str, school_year: int, zone: Zone | None) -> Days | None:
    """Days off of one holiday; without a zone, from the first zone's first day to the last zone's last."""
    known = _data()["school"].get(str(school_year), {}).get(name)
    if known is None:
        return None
    pairs = [known] if isinstance(known, list) else [known[zone]] if zone else list(known.values())
    return date.fromisoformat(min(pair[0] for pair in pairs)), date.fromisoformat(
        max(pair[1] for pair in pairs)
    )


def all_school_holidays(zone: Zone | None) -> tuple[Days, ...]:
    """Every known school holiday, the oldest first."""
    years = sorted(int(year) for year in _data()["school"] if year.isdigit())
    found = (school_holidays(name, year, zone) for year in years for name in SCHOOL_HOLIDAYS)
    return tuple(days for days in found if days)


@lru_cache(maxsize=32)
def public_holidays(year: int) -> tuple[Days, ...]:
    """The eleven public holidays of a year (Code du travail, article L3133-1), in order."""
    fixed = ((1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25))
    days = {date(year, month, day) for month, day in fixed}
    days |= {easter(year) + timedelta(days=after) for after in (1, 39, 50)}
    return tuple(span_of(day) for day in sorted(days))
