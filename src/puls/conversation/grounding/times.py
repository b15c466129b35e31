"""Whether what is said of a day or an hour is true of a time: « vendredi », « ce soir », « 20 h 30 ». Pure. Enter at `fits`."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from puls.conversation.grounding.claims import Claim, Kind

_EVENING, _AFTERNOON, _NOON_ENDS = 17, 12, 14
_SATURDAY = 5
TIMES = frozenset(
    {
        Kind.DATE, Kind.DAY_OF_MONTH, Kind.WEEKDAY, Kind.RELATIVE_DAY, Kind.HOUR, Kind.PART_OF_DAY, Kind.MONTH,
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Time:
    """One time of an event by its own clocks; `has_hours` is False when only days are known."""

    start: datetime
    end: datetime
    is_range: bool
    has_hours: bool

    @property
    def last(self) -> date:
        return (self.end - timedelta(microseconds=1)).date()


def fits(claim: Claim, time: Time, now: datetime) -> bool:  # noqa: PLR0911 # one return a kind
    """Whether what is claimed of a day or an hour is true of that time."""
    match claim.kind:
        case Kind.DATE:
            assert isinstance(claim.value, tuple)
            day, month, year = claim.value
            return any(
                (each.day, each.month) == (day, month) and year in {None, each.year}
                for each in _days(time)
            )
        case Kind.DAY_OF_MONTH:
            return any(each.day == claim.value for each in _days(time))
        case Kind.MONTH:
            return any(each.month == claim.value for each in _days(time))
        case Kind.WEEKDAY:
            return any(each.weekday() == claim.value for each in _days(time))
        case Kind.RELATIVE_DAY:
            return _is_relative(str(claim.value), time, now)
        case Kind.HOUR:
            return time.has_hours and claim.value in {
                (time.start.hour, time.start.minute),
                (time.end.hour, time.end.minute),
            }
        case _:
            return time.has_hours and _is_part_of_day(str(claim.value), time)


def _days(time: Time) -> tuple[date, ...]:
    """The days a text may name: the one of a time, both ends of a range."""
    return (time.start.date(), time.last) if time.is_range else (time.start.date(),)


def _is_relative(words: str, time: Time, now: datetime) -> bool:  # noqa: PLR0911 # one return a reading
    if words == "past":
        return time.end <= now
    if words == "now":
        return time.start <= now < time.end
    here = now.astimezone(time.start.tzinfo)
    first, last = _span(words, here.date())
    if time.is_range:
        is_day = first == last
        if is_day and words != "today":
            return first in {time.start.date(), time.last}
        return time.start.date() <= last and first <= time.last
    is_that_day = first <= time.start.date() <= last
    if words == "this weekend" and time.start.date() == first - timedelta(days=1):
        return time.start.hour >= _EVENING and time.end > now  # Friday evening opens it
    hours = {"tonight": "evening", "this morning": "morning", "this afternoon": "afternoon"}
    if words in hours:
        return is_that_day and time.has_hours and _is_part_of_day(hours[words], time)
    return is_that_day


def _span(words: str, today: date) -> tuple[date, date]:
    """The days that the words mean, both included."""
    monday = today - timedelta(days=today.weekday())
    saturday, sunday = monday + timedelta(days=_SATURDAY), monday + timedelta(days=6)
    next_month = (today.replace(day=1) + timedelta(days=32)).replace(day=1)
    spans = {
        "tomorrow": (today + timedelta(days=1),) * 2,
        "after tomorrow": (today + timedelta(days=2),) * 2,
        "this weekend": (max(saturday, today) if today <= sunday else saturday, sunday),
        "next weekend": (saturday + timedelta(days=7), sunday + timedelta(days=7)),
        "this week": (today, sunday),
        "next week": (monday + timedelta(days=7), sunday + timedelta(days=7)),
        "this month": (today, next_month - timedelta(days=1)),
        "next month": (
            next_month,
            (next_month + timedelta(days=32)).replace(day=1) - timedelta(days=1),
        ),
    }
    if words.startswith("+"):
        days = min(int(words[1:]), 3650)
        return (today + timedelta(days=days),) * 2
    return spans.get(words, (today, today))


def _is_part_of_day(part: str, time: Time) -> bool:
    start, minutes = time.start.hour, (time.end - time.start).total_seconds() / 60
    end = start + time.start.minute / 60 + minutes / 60
    match part:
        case "morning":
            return start < _AFTERNOON
        case "noon":
            return start <= _NOON_ENDS and end > _AFTERNOON
        case "afternoon":
            return start < _EVENING + 1 and end > _AFTERNOON + 1
        case _:
            return start >= _EVENING or end > _EVENING + 2
