"""When: the words of a message that speak of time, as half-open intervals in the visitor's zone.

Pure.

Days (`days`) and hours (`hours`) are found apart, then joined: « samedi ou dimanche soir », « du 3
au 8 à partir de 20h ». Enter at `read_when`. Intervals come in order, apart from one another and
never empty; those that are over are dropped unless the past was asked for.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from puls.catalogue.event import Interval
from puls.understanding.calendars import Days, Zone
from puls.understanding.day_hours import WITHOUT_DAY, attached_hours
from puls.understanding.day_ranges import settled_days
from puls.understanding.day_rules import Today
from puls.understanding.days import NamedDays, days_named
from puls.understanding.exclusions import Excluded, claim_exclusions, kept
from puls.understanding.hours import Hours
from puls.understanding.moments import claim_moments
from puls.understanding.notices import Notice
from puls.understanding.words import Message

_NO_MATTER = re.compile(
    r"(?<!\S)(?:peu importe|n importe|qu importe|whatever|any|no matter|egal)(?: pour)?(?: la| le|"
    r" les| l| quelle| quel| the)? (?:dates?|jours?|quand|when|moment|periode|day|time)(?!\S)"
    r"|(?<!\S)(?:n importe quand|peu importe quand|anytime|any time|toutes? dates?|"
    r"sans date precise|a n importe quelle date)(?!\S)"
)
_WHY_NOT = re.compile(r"(?<!\S)(?:pourquoi pas|why not)(?!\S)")
_PAST = re.compile(
    r"(?<!\S)(?:ont ete|a ete|avait|avaient|etait|etaient|ont eu lieu|a eu lieu|s est passe|"
    r"se sont passes|passes?|passee?s|precedents?|took place|happened|were there|was there)(?!\S)"
)
_SOON = re.compile(
    r"(?<!\S)(?:(?:tres )?prochainement|bientot|soon|a venir|upcoming|dans les temps qui viennent|"
    r"proximamente|demnachst|futurs?)(?!\S)"
)
_MOST_INTERVALS = 31  # a longer list is given as one span, its hours dropped
_DEFAULT_WEEKS = 8

Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class When:
    """Intervals asked for; `is_free` when the visitor says that the date does not matter."""

    intervals: tuple[Interval, ...] = ()
    notices: tuple[Notice, ...] = ()
    is_free: bool = False


def read_exclusions(
    message: Message, *, now: datetime, timezone: str, zone: Zone | None = None
) -> tuple[Excluded, ...]:
    """Read and claim the times to leave out; before any other « sauf » is read."""
    return claim_exclusions(message, _today(message, now.astimezone(ZoneInfo(timezone)), zone))


def read_when(
    message: Message,
    *,
    now: datetime,
    timezone: str,
    zone: Zone | None = None,
    excluded: tuple[Excluded, ...] = (),
) -> When:
    """Read and claim the words about time; `excluded` comes from `read_exclusions`."""
    local = now.astimezone(ZoneInfo(timezone))
    for match in message.find(_WHY_NOT):
        message.claim(match, "asking")
    if not excluded and (free := message.find(_NO_MATTER)):
        message.claim(free[0], "when")
        return When(is_free=True)
    today = _today(message, local, zone)
    moments = claim_moments(message, today)
    days = settled_days(message, days_named(message, today), today)
    for match in message.find(_SOON):
        message.claim(match, "when")
    hours = attached_hours(message, days)
    spans = [*moments, *_spans(days, hours, today)]
    if not spans and not days and excluded:
        spans = [_whole((today.date, today.date + timedelta(weeks=_DEFAULT_WEEKS)))]
    is_past = today.asks_past or bool(moments) or any(each.meaning.is_past for each in days)
    intervals = tuple(
        interval
        for start, end in kept(_merged(spans), excluded)
        if (interval := _interval(start, end, local, is_past=is_past)) is not None
    )
    return When(intervals, tuple(each.meaning.notice for each in days if each.meaning.notice))


def _today(message: Message, local: datetime, zone: Zone | None) -> Today:
    asks_past = bool(_PAST.search(message.folded))
    return Today(local.date(), hour=local.hour, asks_past=asks_past, zone=zone)


def _spans(days: list[NamedDays], hours: dict[int, tuple[Hours, ...]], today: Today) -> list[Span]:
    """Local spans without a zone, day by day where hours ask for it."""
    spans: list[Span] = []
    for index, each in enumerate(days):
        own = each.meaning.hours
        for meant in hours.get(index) or ((own,) if own else (None,)):
            for span in each.meaning.days:
                spans += _with_hours(span, meant)
    if not days:
        usual = today.date, today.date + timedelta(days=_MOST_INTERVALS)
        for meant in hours.get(WITHOUT_DAY, ()):
            spans += _with_hours(usual, meant)
    return spans


def _with_hours(days: Days, hours: Hours | None) -> list[Span]:
    length = (days[1] - days[0]).days
    if hours is None or length > _MOST_INTERVALS:
        return [_whole(days)]
    every = (_midnight(days[0] + timedelta(days=ahead)) for ahead in range(length))
    return [(day + timedelta(hours=hours[0]), day + timedelta(hours=hours[1])) for day in every]


def _whole(days: Days) -> Span:
    return _midnight(days[0]), _midnight(days[1])


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time())  # local until `_interval` names the zone


def _merged(spans: list[Span]) -> list[Span]:
    """Overlapping or touching spans become one."""
    merged: list[Span] = []
    for start, end in sorted(set(spans)):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _interval(start: datetime, end: datetime, now: datetime, *, is_past: bool) -> Interval | None:
    """Aware, and from now on when it is running; None when it is over.

    Compared as instants: on the night of a clock change local times do not follow each other.
    """
    first, last = start.replace(tzinfo=now.tzinfo), end.replace(tzinfo=now.tzinfo)
    is_over = last.astimezone(UTC) <= now.astimezone(UTC)
    if is_over and not is_past:
        return None
    if not is_over and first.astimezone(UTC) < now.astimezone(UTC):
        first = now
    return Interval(first, last) if first.astimezone(UTC) < last.astimezone(UTC) else None
