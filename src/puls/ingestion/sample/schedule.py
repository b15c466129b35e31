"""When a sample event happens, told relative to the day the catalogue is made for.

Pure. A schedule is one or more parts joined by ` ; `, in the editor's short vocabulary:

    today 20:30+1h30              tonight, for an hour and a half
    +12d 19:00-22:00              in twelve days
    sat 21:00+2h                  the coming Saturday, today included; `sat2` is a week later
    fri-sun 10:00-18:00           the week-end under way or coming, kept whole
    wed,sat 14:00+1h -3w..+9w     every Wednesday and Saturday between two dates
    mon-sun 10:00-18:00 -20d..+45d
    open -30d..+60d               known by its first and last days only, no hours published

Several hours on one day are joined by a comma: `sat 15:00+45m,17:00+45m`. Enter at `schedule_of`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_NAMED_DAYS = {"today": 0, "tomorrow": 1}
_PART = re.compile(
    r"(?P<days>\S+)(?: (?P<hours>\d\S*))?(?: (?P<first>[+-]\d+[dw])\.\.(?P<last>[+-]\d+[dw]))?"
)
_HOURS = re.compile(r"(\d\d):(\d\d)(?:-(\d\d):(\d\d)|\+(?:(\d+)h)?(?:(\d+)m?)?)")
_OPEN_DAY = (time(0), timedelta(hours=23, minutes=59))


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """One opening, in the local time of the venue."""

    begin: datetime
    end: datetime

    def overlaps(self, other: "Timing") -> bool:
        return self.begin < other.end and other.begin < self.end


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """All the openings of an event in order.

    `has_hours` is False when only the first and last days are known.
    """

    timings: tuple[Timing, ...]
    has_hours: bool = True


def schedule_of(words: str, *, today: date, zone: ZoneInfo) -> Schedule:
    """Turn the editor's words into dated openings; other words raise ValueError.

    An opening that would overlap one of an earlier part is left out, so that
    `today 20:30+1h ; fri 20:30+1h` is one performance on a Friday.
    """
    timings: list[Timing] = []
    has_hours = True
    for words_of_part in words.split(" ; "):
        part = _PART.fullmatch(words_of_part.strip())
        if part is None:
            raise ValueError(f"not a schedule: {words_of_part!r}")
        if part["days"] == "open":
            has_hours = False
            days = [_moved(today, part["first"]), _moved(today, part["last"])]
            hours = [_OPEN_DAY]
        else:
            days = list(_days(part["days"], part["first"], part["last"], today=today))
            hours = list(_hours(part["hours"]))
        told = [_timing(day, begin, lasting, zone) for day in days for begin, lasting in hours]
        timings += [timing for timing in told if not any(map(timing.overlaps, timings))]
    if not timings:
        raise ValueError(f"a schedule without any day: {words!r}")
    in_order = sorted(timings, key=lambda timing: timing.begin)
    return Schedule(timings=tuple(in_order), has_hours=has_hours)


def _days(words: str, first: str | None, last: str | None, *, today: date) -> Iterator[date]:
    if words in _NAMED_DAYS:
        yield today + timedelta(days=_NAMED_DAYS[words])
    elif words[0] in "+-":
        yield _moved(today, words)
    elif first is not None and last is not None:
        wanted = set(_weekdays(words))
        day, end = _moved(today, first), _moved(today, last)
        while day <= end:
            if day.weekday() in wanted:
                yield day
            day += timedelta(days=1)
    else:
        weeks = int(words[-1]) - 1 if words[-1].isdigit() else 0
        weekdays = _weekdays(words.rstrip("0123456789"))
        # The last day decides which week: a Saturday-Sunday event read on a Sunday is under way.
        until = today + timedelta(days=(weekdays[-1] - today.weekday()) % 7, weeks=weeks)
        yield from (until - timedelta(days=weekdays[-1] - weekday) for weekday in weekdays)


def _weekdays(words: str) -> list[int]:
    weekdays: list[int] = []
    for run in words.split(","):
        start, _, stop = run.partition("-")
        first, last = _WEEKDAYS.index(start), _WEEKDAYS.index(stop or start)
        weekdays += [
            weekday % 7 for weekday in range(first, last + 1 if last >= first else last + 8)
        ]
    return sorted(weekdays)


def _hours(words: str | None) -> Iterator[tuple[time, timedelta]]:
    for slot in (words or "").split(","):
        match = _HOURS.fullmatch(slot)
        if match is None:
            raise ValueError(f"not hours: {slot!r}")
        hour, minute, until_hour, until_minute, hours, minutes = (
            int(group or 0) for group in match.groups()
        )
        lasting = timedelta(hours=hours, minutes=minutes)
        if match[3] is not None:
            lasting = timedelta(hours=until_hour - hour, minutes=until_minute - minute) % timedelta(
                days=1
            )
        yield time(hour, minute), lasting


def _timing(day: date, begin: time, lasting: timedelta, zone: ZoneInfo) -> Timing:
    # Wall-clock arithmetic, then through UTC: an hour that the clock change skips becomes real.
    starts = datetime.combine(day, begin)
    local = [
        moment.replace(tzinfo=zone).astimezone(UTC).astimezone(zone)
        for moment in (starts, starts + lasting)
    ]
    return Timing(begin=local[0], end=local[1])


def _moved(today: date, words: str) -> date:
    unit = {"d": 1, "w": 7}[words[-1]]
    return today + timedelta(days=int(words[:-1]) * unit)
