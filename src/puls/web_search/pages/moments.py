"""When an event is, from fields that were filled by machines, themes and people. Pure. Enter at `times_of`.

What was seen in French pages (reference §9b) and is held to here:
- midnight and noon are what software writes when it knows no hour: believed only where the page's own words say so, or
  where an end makes a performance of them; a date alone is a day, not midnight;
- an end at or before the start, at 00:00 or at 23:59 is no end;
- a start and an end on other days are a run (`Run`), whose first day moves as time goes by: never one performance, unless it
  is one night. A start with an hour is then one performance known by itself;
- a fixed +02:00 all winter, or `Z` on hours that are local: the clock on the wall is meant, where the words agree.
"""

import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from puls.web_search.pages.days import hours_at, lowered, spans_in
from puls.web_search.values import Run, WebTime

MOST_TIMES: Final = 200
_ISO: Final = re.compile(
    r"\s*(\d{4})-?(\d{2})-?(\d{2})(?!\d)(?:(?:[Tt]|\s+)\s*(\d{1,2})(?:[:hH.]?(\d{2}))?(?::?(\d{2})(?:[.,]\d+)?)?"
    r"\s*(Z|z|UTC|[+-]\d{2}:?\d{2}(?!:?\d*T))?)?"
)
_ISO_ONE_DIGIT: Final = re.compile(
    r"\s*(\d{4})-(\d{1,2})-(\d{1,2})(?:[T\s]+(\d{1,2})[:hH](\d{2}))?"
)
_MIDNIGHT: Final = time(0, 0)
_NOON: Final = time(12, 0)
_NO_ENDS: Final = frozenset({_MIDNIGHT, time(23, 59)})
_ONE_NIGHT: Final = timedelta(hours=14)  # a party from 21:00 to 9:00; two half days are a run
_MORNING: Final = time(10, 0)
_SHOW: Final = timedelta(hours=12)
_YEAR_LONG: Final = timedelta(days=300)
_FIRST_YEAR, _LAST_YEAR = 1990, 2100
_SECONDS_FROM, _MILLISECONDS_FROM = (
    600_000_000,
    600_000_000_000,
)  # 1989; epoch numbers of page state


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """What the words around a field tell of its moments.

    `hours` that are written there, the day `near` which days without a year are, whether a range is spelt out (« du … au … »,
    « jusqu'au »), and the zone of the clock. `trusts_hours`: the format has a field for « all day », so noon is noon.
    """

    zone: ZoneInfo
    near: date
    hours: frozenset[time] = frozenset()
    says_range: bool = False
    trusts_hours: bool = False
    keeps_offsets: bool = False  # the event is in another country than the zone
    is_wall_said: bool = (
        False  # the words name the written hours oftener than what `Z` makes of them
    )


@dataclass(frozen=True, slots=True)
class _Moment:
    """A day, with its hour when one was written; `at` is aware, in the zone of the telling."""

    day: date
    at: datetime | None = None
    was_utc: bool = False


def times_of(starts: Any, ends: Any, telling: Telling) -> tuple[tuple[WebTime, ...], Run | None]:
    """Performances and run of the values of two fields, each one value or a list."""
    telling = replace(telling, is_wall_said=_is_wall_said((starts, ends), telling))
    first, spans = _moments(starts, telling)
    last, more = _moments(ends, telling)
    if not first:
        if spans:
            return (), Run(first_day=spans[0][0], last_day=spans[0][1])
        return (), None
    if len(first) == 1 and spans and not last:
        return _one(first[0], _Moment(spans[0][1]), telling)
    if len(first) == 1:
        end = last[-1] if last else (_Moment(more[0][1]) if more else None)
        return _one(first[0], end, telling)
    paired = last if len(last) == len(first) else [None] * len(first)
    times = {
        one.starts_at: one
        for start, end in zip(first, paired, strict=True)
        for one in _one(start, end, telling)[0] or (_performance(start, None, telling),)
    }
    return tuple(times[at] for at in sorted(times))[:MOST_TIMES], None


def moment_of(value: Any, telling: Telling) -> datetime | None:
    """One moment with an hour, aware: for `previousStartDate`. A day alone is its midnight."""
    moments, _ = _moments(value, telling)
    return _performance(moments[0], None, telling).starts_at if moments else None


def _one(
    start: _Moment, end: _Moment | None, telling: Telling
) -> tuple[tuple[WebTime, ...], Run | None]:
    if end is None or end.day < start.day or _is_one_night(start, end):
        return (_performance(start, end, telling),), None
    if end.day == start.day:
        return (_performance(start, end, telling),), None
    known = _performance(start, None, telling)
    if (
        known.has_time
        and not telling.says_range
        and end.day - start.day >= _YEAR_LONG
        and not telling.trusts_hours
    ):
        return (known,), None  # a one-off published until the end of the season
    last_day = end.day
    if end.at is not None and end.at.time() <= time(6, 0) and end.at.time() != _MIDNIGHT:
        last_day -= timedelta(days=1)
    if end.at is not None and end.at.time() == _MIDNIGHT and end.was_utc:
        last_day -= timedelta(days=1)
    if last_day <= start.day:
        return (known,), None
    run = Run(first_day=start.day, last_day=last_day)
    return ((known,) if known.has_time else ()), run


def _is_one_night(start: _Moment, end: _Moment) -> bool:
    if start.at is None or end.at is None:
        return False
    lasts = end.at - start.at
    return (
        timedelta(0) < lasts <= _ONE_NIGHT
        and end.at.time() <= _MORNING
        and end.day == start.day + timedelta(days=1)
    )


def _performance(start: _Moment, end: _Moment | None, telling: Telling) -> WebTime:
    midnight = datetime.combine(start.day, _MIDNIGHT, telling.zone)
    if start.at is None:
        return WebTime(starts_at=midnight, has_time=False)
    ends_at = end.at if end is not None else None
    if ends_at is not None and (ends_at <= start.at or ends_at.time() in _NO_ENDS):
        ends_at = None
    if (
        ends_at is not None
        and ends_at.date() != start.day
        and not _is_one_night(start, end or start)
    ):
        ends_at = None
    if _is_placeholder(start.at, ends_at, telling):
        return WebTime(starts_at=midnight, has_time=False)
    return WebTime(starts_at=start.at, ends_at=ends_at)


def _is_placeholder(at: datetime, ends_at: datetime | None, telling: Telling) -> bool:
    clock = at.time().replace(tzinfo=None)
    if clock not in {_MIDNIGHT, _NOON} or clock in telling.hours:
        return False
    if telling.trusts_hours and clock == _NOON:
        return False
    is_performance = (
        ends_at is not None
        and timedelta(0) < ends_at - at < _SHOW
        and ends_at.time() not in {_MIDNIGHT, _NOON}
    )
    return not is_performance


def _moments(value: Any, telling: Telling) -> tuple[list[_Moment], list[tuple[date, date]]]:
    """The moments that a field names, and ranges where it spells them out."""
    moments: list[_Moment] = []
    spans: list[tuple[date, date]] = []
    waiting = [value]
    while waiting and len(moments) < MOST_TIMES:
        one = waiting.pop(0)
        if isinstance(one, list):
            waiting[:0] = one[:MOST_TIMES]
        elif isinstance(one, dict):
            waiting.insert(0, one.get("@value", one.get("date", one.get("local", one.get("utc")))))
        elif isinstance(one, int | float) and not isinstance(one, bool):
            moments.extend(_of_epoch(one, telling))
        elif isinstance(one, str) and one.strip():
            _read_text(one[:2_000], telling, moments, spans)
    return moments, spans


def _read_text(
    text: str, telling: Telling, moments: list[_Moment], spans: list[tuple[date, date]]
) -> None:
    found = _ISO.match(text) or _ISO_ONE_DIGIT.match(text)
    if found is None:
        _read_words(text, telling, moments, spans)
        return
    moment = _of_iso(found, telling)
    if moment is not None:
        moments.append(moment)
    rest = text[found.end() :].lstrip(" ,;/")
    if rest != text[found.end() :] and (_ISO.match(rest) or _ISO_ONE_DIGIT.match(rest)):
        _read_text(rest, telling, moments, spans)  # « 2026-10-09, 2026-10-10 » and ISO intervals


def _of_iso(found: re.Match[str], telling: Telling) -> _Moment | None:
    year, month, day, hour, minute, *more = found.groups()
    try:
        at_day = date(int(year), int(month), int(day))
    except ValueError:
        return None
    if not _FIRST_YEAR <= at_day.year <= _LAST_YEAR:
        return None
    if hour is None:
        return _Moment(at_day)
    if int(hour) == 24:
        return _Moment(
            at_day + timedelta(days=1),
            datetime.combine(at_day, _MIDNIGHT, telling.zone) + timedelta(days=1),
        )
    try:
        clock = time(int(hour), int(minute or 0))
    except ValueError:
        return _Moment(at_day)
    offset = more[1] if len(more) > 1 else None
    return _on_the_wall(datetime.combine(at_day, clock), offset, telling)


def _on_the_wall(wall: datetime, offset: str | None, telling: Telling) -> _Moment:
    """The moment by the clock of the place, whatever offset a machine wrote behind it."""
    local = wall.replace(tzinfo=telling.zone)
    if offset is None:
        return _Moment(wall.date(), local)
    away = _offset_of(offset)
    if away is None or away == local.utcoffset():
        return _Moment(wall.date(), local)
    meant = (wall - away).replace(tzinfo=UTC).astimezone(telling.zone)
    is_fixed = abs(away - (local.utcoffset() or timedelta(0))) == timedelta(
        hours=1
    ) and away != timedelta(0)
    says_meant = meant.time() in telling.hours
    if not telling.keeps_offsets and (telling.is_wall_said or (is_fixed and not says_meant)):
        return _Moment(wall.date(), local)
    if wall.time() == _MIDNIGHT and not says_meant and not telling.trusts_hours:
        return _Moment(wall.date(), local)  # midnight of nowhere: a day
    return _Moment(meant.date(), meant, was_utc=away == timedelta(0))


def _is_wall_said(values: Any, telling: Telling) -> bool:
    """Whether the page's words name the hours as they are written oftener than what their offsets make of them."""
    if not telling.hours:
        return False
    written = replace(telling, hours=frozenset(), keeps_offsets=True)
    said = meant = 0
    for text in _texts(values):
        found = _ISO.match(text)
        moment = _of_iso(found, written) if found and found[7] else None
        if found is None or moment is None or moment.at is None:
            continue
        said += time(int(found[4]) % 24, int(found[5] or 0)) in telling.hours
        meant += moment.at.time() in telling.hours
    return said > meant


def _texts(value: Any) -> list[str]:
    if isinstance(value, list | tuple):
        return [text for one in value[:20] for text in _texts(one)]
    return [value[:100]] if isinstance(value, str) else []


def _offset_of(text: str) -> timedelta | None:
    if text.upper() in {"Z", "UTC"}:
        return timedelta(0)
    digits = text[1:].replace(":", "")
    away = timedelta(hours=int(digits[:2]), minutes=int(digits[2:4]))
    if away > timedelta(hours=15):
        return None
    return -away if text[0] == "-" else away


def _read_words(
    text: str, telling: Telling, moments: list[_Moment], spans: list[tuple[date, date]]
) -> None:
    low = lowered(text)
    days = spans_in(text, near=telling.near)
    for index, span in enumerate(days):
        if span.is_range:
            spans.append((span.first, span.last))
            continue
        until = days[index + 1].start if index + 1 < len(days) else len(low)
        hour = next((clock for clock, _, _ in hours_at(low[span.end : until])), None)
        at = None if hour is None else datetime.combine(span.first, hour, telling.zone)
        moments.append(_Moment(span.first, at))


def _of_epoch(number: float, telling: Telling) -> list[_Moment]:
    if number >= _MILLISECONDS_FROM:
        number /= 1000
    if not _SECONDS_FROM <= number < 4_102_444_800:  # 2100
        return []
    at = datetime.fromtimestamp(number, tz=telling.zone).replace(second=0, microsecond=0)
    return [_Moment(at.date(), at, was_utc=True)]
