"""When an event is open, from what a record says of its dates.

Pure. The record's `timings` are the truth when there are any. Without them the first and last dates
give occurrences, some only possible; the human `daterange_fr` is read when nothing else is there. A
date that cannot be is dropped.
"""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from operator import attrgetter
from typing import Any, Final
from zoneinfo import ZoneInfo

from puls.catalogue.event import Occurrence
from puls.ingestion.mapping.records import decoded, text_of
from puls.ingestion.mapping.text import folded

# Public analyses of the mirror keep years in [2010, 2030] and count about 2,300 absurd ones (1900,
# 23, 2503, 2032): reference.md section 1a, "Volume facts". One year is added because 2027 already
# has events.
FIRST_YEAR: Final = 2010
LAST_YEAR: Final = 2031
MAX_OCCURRENCES: Final = 800  # OpenAgenda's own limit on timings per event (REST v2 documentation)
# Median length of the real records that have exactly one timing (0.8 of them between 1 h and 4 h).
DEFAULT_DURATION: Final = timedelta(hours=2)
LONGEST_NIGHT: Final = timedelta(hours=12)  # 20:00 to 04:00 is one evening; more is a range
LONGEST_TIMING: Final = timedelta(hours=24)  # OpenAgenda refuses longer timings

_BY_TIME: Final = attrgetter("starts_at", "ends_at")
_HOURS: Final = 24
_MINUTES: Final = 60
_DAY: Final = timedelta(days=1)
_NEARLY_MIDNIGHT: Final = time(23, 55)
# A whole day written in UTC then read with a local offset: "00:00:00+02:00" to "01:59:59+02:00".
_SHIFTED_DAY_ENDS: Final = frozenset({time(0, 59, 59), time(1, 59, 59)})

_MONTHS: Final = {
    "janvier": 1,
    "fevrier": 2,
    "mars": 3,
    "avril": 4,
    "mai": 5,
    "juin": 6,
    "juillet": 7,
    "aout": 8,
    "septembre": 9,
    "octobre": 10,
    "novembre": 11,
    "decembre": 12,
}
_WEEKDAYS: Final = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_RANGE_DAY: Final = re.compile(
    rf"(?:({'|'.join(_WEEKDAYS)}) )?\b(\d{{1,2}})(?:er)?\b(?! ?h)(?: ({'|'.join(_MONTHS)}))?(?: "
    rf"(\d{{4}}))?"
)
_FRENCH_MOMENT: Final = re.compile(
    r"(\d{1,2})/(\d{1,2})/(\d{4})(?:(?: |, | à )(\d{1,2})[:h](\d{2})(?::(\d{2}))?)?"
)
# « begin->end », as OpenAgenda's spreadsheets write the timings.
_ISO: Final = r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})?"
_PAIR: Final = re.compile(rf"({_ISO})\s*(?:->|→|/|-|–|—|à)\s*({_ISO})")
_RANGE_HOUR: Final = re.compile(r"\b(\d{1,2})h(\d{2})?")


def moment_of(value: Any, zone: tzinfo) -> datetime | None:
    """An aware UTC datetime within the years Puls believes.

    Text without offset is local time in `zone`.
    """
    if isinstance(value, datetime):
        parsed = value
    elif isinstance(value, str) and value:
        try:
            parsed = datetime.fromisoformat(value.strip())
        except ValueError:
            french = _french_moment(value.strip())
            if french is None:
                return None
            parsed = french
    else:
        return None
    if not FIRST_YEAR <= parsed.year <= LAST_YEAR:
        return None
    if parsed.tzinfo is None:
        parsed = parsed.replace(tzinfo=zone)
    return parsed.astimezone(UTC)


def _french_moment(text: str) -> datetime | None:
    """« 12/12/2026 20:00 », as a French spreadsheet rewrites a date."""
    written = _FRENCH_MOMENT.fullmatch(text)
    if written is None:
        return None
    day, month, year, hour, minute, second = (int(part or 0) for part in written.groups())
    try:
        return datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 - the caller knows the zone
    except ValueError:
        return None


def occurrences_of(record: Mapping[str, Any], zone: ZoneInfo) -> tuple[Occurrence, ...]:
    """All known occurrences, sorted, at most `MAX_OCCURRENCES` (the latest are kept.

    The past serves nobody).

    Empty when the record gives no believable date.
    """
    found = _from_timings(decoded(record.get("timings")), zone)
    if not found:
        found = _from_bounds(record, zone)
    if not found:
        found = _from_words(record, zone)
    return tuple(sorted(found, key=_BY_TIME)[-MAX_OCCURRENCES:])


def _from_timings(timings: Any, zone: ZoneInfo) -> set[Occurrence]:
    if isinstance(timings, str):
        timings = [{"begin": begin, "end": end} for begin, end in _PAIR.findall(timings)]
    if isinstance(timings, dict):
        timings = [timings]
    if not isinstance(timings, list):
        return set()
    return {
        occurrence
        for timing in timings
        if isinstance(timing, dict)
        and (begin := moment_of(timing.get("begin", timing.get("start")), zone)) is not None
        and (occurrence := _span(begin, moment_of(timing.get("end"), zone), zone)) is not None
    }


def _from_bounds(record: Mapping[str, Any], zone: ZoneInfo) -> set[Occurrence]:
    """First and last dates: certain where an hour is given, possible in between."""
    first_begin = moment_of(record.get("firstdate_begin"), zone)
    first_end = _end_of(record.get("firstdate_end"), zone)
    last_begin = moment_of(record.get("lastdate_begin"), zone)
    last_end = _end_of(record.get("lastdate_end"), zone)
    if first_begin is None and first_end is not None:
        first_begin, first_end = _ending_at(first_end, zone)
    if last_begin is None and last_end is not None and first_begin is None:
        last_begin, last_end = _ending_at(last_end, zone)
    if first_begin is None:
        return _one(last_begin, last_end, zone)
    if last_begin is None:
        if last_end is None:
            return _one(first_begin, first_end, zone)
        return _one(first_begin, last_end, zone)
    if last_begin <= first_begin:
        return _one(first_begin, first_end or last_end, zone)
    return _first_between_last(
        _span(first_begin, first_end, zone), _span(last_begin, last_end, zone), zone
    )


def _end_of(value: Any, zone: ZoneInfo) -> datetime | None:
    """An end given as a bare day includes that day."""
    end = moment_of(value, zone)
    is_bare_day = isinstance(value, str) and len(value.strip()) == len("2025-09-21")
    return end + _DAY - timedelta(seconds=1) if end is not None and is_bare_day else end


def _first_between_last(first: Occurrence, last: Occurrence, zone: ZoneInfo) -> set[Occurrence]:
    if first.is_day_known_only and last.is_day_known_only:  # no hour anywhere: one range of days
        return {
            Occurrence(
                starts_at=first.starts_at,
                ends_at=last.ends_at,
                is_possible=True,
                is_day_known_only=True,
            )
        }
    days_apart = (
        last.starts_at.astimezone(zone).date() - first.starts_at.astimezone(zone).date()
    ).days
    if days_apart <= 1 or first.ends_at >= last.starts_at:
        return {first, last}
    between = Occurrence(starts_at=first.ends_at, ends_at=last.starts_at, is_possible=True)
    return {first, between, last}


def _one(begin: datetime | None, end: datetime | None, zone: ZoneInfo) -> set[Occurrence]:
    return set() if begin is None else {_span(begin, end, zone)}


def _ending_at(end: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Only the end is known: it lasted the usual time, or is a day when the end is midnight."""
    local = end.astimezone(zone)
    if local.time() == time(0) or local.time() >= _NEARLY_MIDNIGHT:
        return _local_midnight(local.date(), zone), end
    return end - DEFAULT_DURATION, end


def _span(begin: datetime, end: datetime | None, zone: ZoneInfo) -> Occurrence:
    local_begin = begin.astimezone(zone)
    local_end = end.astimezone(zone) if end is not None and end > begin else None
    if local_begin.time() == time(0) and _is_whole_days(local_end):
        last_day = _last_day(local_begin, local_end)
        return Occurrence(
            starts_at=begin,
            ends_at=_local_midnight(last_day + _DAY, zone),
            is_possible=last_day > local_begin.date(),
            is_day_known_only=True,
        )
    if end is None or local_end is None:
        return Occurrence(starts_at=begin, ends_at=begin + DEFAULT_DURATION)
    lasts = end - begin
    is_range = lasts > LONGEST_TIMING or (
        lasts > LONGEST_NIGHT
        and local_end.date() != local_begin.date()
        and local_end.time() != time(0)
    )
    return Occurrence(starts_at=begin, ends_at=end, is_possible=is_range)


def _is_whole_days(end: datetime | None) -> bool:
    if end is None or end.time() == time(0) or end.time() >= _NEARLY_MIDNIGHT:
        return True
    return end.time() in _SHIFTED_DAY_ENDS


def _last_day(begin: datetime, end: datetime | None) -> date:
    if end is None:
        return begin.date()
    if end.time() == time(0) and end.date() - begin.date() == _DAY:
        return (
            begin.date()
        )  # 00:00 to 00:00 is one day; over several days the last midnight names the last day
    return end.date()


def _local_midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(0), tzinfo=zone).astimezone(UTC)


def _from_words(record: Mapping[str, Any], zone: ZoneInfo) -> set[Occurrence]:
    """`daterange_fr`: « Samedi 17 mai, 19h00 », « 19 et 20 septembre ».

    « Du 3 au 8 décembre 2025 ».
    """
    words = text_of(record, "daterange_fr")
    if words is None:
        return set()
    sentence = folded(words)
    updated = moment_of(record.get("updatedat"), zone)
    days = _days_in(sentence, near=updated.astimezone(zone).date() if updated else None)
    if not days:
        return set()
    hours = [
        time(int(h), int(m or 0))
        for h, m in _RANGE_HOUR.findall(sentence)
        if int(h) < _HOURS and int(m or 0) < _MINUTES
    ]
    if len(days) == 1 or " et " in sentence.split(",")[0]:
        starts = [
            datetime.combine(day, hour, tzinfo=zone).astimezone(UTC)
            for day in days
            for hour in hours or [time(0)]
        ]
        return {_span(start, None, zone) for start in starts}
    begin, end = _local_midnight(days[0], zone), _local_midnight(days[-1] + _DAY, zone)
    if begin >= end:
        return set()
    return {Occurrence(starts_at=begin, ends_at=end, is_possible=True, is_day_known_only=True)}


def _days_in(sentence: str, *, near: date | None) -> list[date]:
    """The days named, in order; empty when the year can only be guessed."""
    named = [
        (weekday, int(day), _MONTHS.get(month), int(year) if year else None)
        for weekday, day, month, year in _RANGE_DAY.findall(sentence)
    ]
    month = year = None
    days: list[date] = []
    for weekday, day, own_month, own_year in reversed(named):
        month, year = own_month or month, own_year or year
        if month is None:
            continue
        inferred = year or _year_of(weekday, day, month, near)
        if inferred is None or not FIRST_YEAR <= inferred <= LAST_YEAR:
            return []
        try:
            days.append(date(inferred, month, day))
        except ValueError:
            return []
    return sorted(days)


def _year_of(weekday: str, day: int, month: int, near: date | None) -> int | None:
    """The year in which that day fits.

    Next after the record's update, checked by the week-day when it is named.
    """
    if near is None:
        return None
    for year in (near.year, near.year + 1):
        try:
            candidate = date(year, month, day)
        except ValueError:
            continue
        if candidate >= near - timedelta(days=31) and (
            not weekday or _WEEKDAYS[candidate.weekday()] == weekday
        ):
            return year
    return None
