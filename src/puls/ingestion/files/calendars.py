"""Calendars (`.ics`): what OpenAgenda and others export, one record per event with all its dates.

A calendar repeats an event once per date, so it is gathered whole, within a size. What it marks as private is not public.
Enter at `calendar_records`.
"""

import io
import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any, Final

import icalendar

from puls.ingestion.files.encodings import Letters
from puls.ingestion.files.json_lines import Item
from puls.ingestion.files.limits import (
    LARGEST_WHOLE_BYTES,
    LONGEST_RECORD_BYTES,
    SHOWN_CHARACTERS,
    CutFileError,
    UnreadableFileError,
)
from puls.ingestion.files.recurrence import days_of
from puls.ingestion.files.shapes import unreadable
from puls.ingestion.sources import Record

_LONGEST_EVENT: Final = 2**20  # characters
_MOST_DATES: Final = 800  # OpenAgenda's own limit
_OPENAGENDA_UID: Final = re.compile(r"(?:event[-_:]?)?(\d{5,})(?:[-_@].*)?")
_PUBLIC: Final = 2
_NOT_PUBLIC: Final = 0
_STATUSES: Final = {"CANCELLED": 6, "CONFIRMED": 1, "TENTATIVE": 1}


def calendar_records(stream: io.BufferedReader, letters: Letters) -> Iterator[Item]:
    """The events of a calendar.

    Raises:
        CutFileError: it ends inside an event.
        UnreadableFileError: it is no calendar, or too large to be held.
    """
    records: dict[str, Record] = {}
    for number, text in _events(stream, letters):
        try:
            record = _record(icalendar.Event.from_ical(text))
        except (
            ValueError,
            KeyError,
            TypeError,
            AttributeError,
            IndexError,
            OverflowError,
        ) as error:
            yield unreadable(number, f"Not an event: {error}"[:SHOWN_CHARACTERS], text)
            continue
        same = records.setdefault(record["uid"] or f"line {number}", record)
        if same is not record:
            same["timings"] = [*same["timings"], *record["timings"]][:_MOST_DATES]
    yield from records.values()


def _events(stream: io.BufferedReader, letters: Letters) -> Iterator[tuple[int, str]]:
    """The text of each event with the line on which it begins."""
    event: list[str] | None = None
    began = size = length = 0
    is_calendar = is_closed = False
    for number, line in enumerate(
        iter(lambda: stream.readline(LONGEST_RECORD_BYTES), b""), start=1
    ):
        size += len(line)
        if size > LARGEST_WHOLE_BYTES:
            raise UnreadableFileError(f"is a calendar of more than {LARGEST_WHOLE_BYTES} bytes")
        text = letters.of(line).rstrip("\r\n")
        mark = text.strip().upper()
        is_calendar = is_calendar or mark == "BEGIN:VCALENDAR"
        is_closed = mark == "END:VCALENDAR" or (is_closed and not mark)
        if mark and not is_calendar:
            raise UnreadableFileError("is not a calendar")
        if mark == "BEGIN:VEVENT":
            event, began, length = [], number, 0
        if event is None:
            continue
        length += len(text)
        if length <= _LONGEST_EVENT or mark == "END:VEVENT":
            event.append(text)
        if mark == "END:VEVENT":
            yield began, "\r\n".join(event)
            event = None
    if not is_calendar:
        raise UnreadableFileError("is empty")
    if not is_closed:
        raise CutFileError("ends before its calendar does")


def _record(event: Any) -> Record:
    place = _text(event, "LOCATION")
    link = _text(event, "URL")
    is_public = (_text(event, "CLASS") or "PUBLIC").upper() == "PUBLIC"
    return {
        "uid": _uid(_text(event, "UID")),
        "title_fr": _text(event, "SUMMARY"),
        "longdescription_fr": _text(event, "DESCRIPTION"),
        "keywords_fr": _keywords(event),
        "canonicalurl": link,
        "timings": _timings(event),
        "timezone": _zone(event),
        "status": _STATUSES.get((_text(event, "STATUS") or "").upper()),
        "state": _PUBLIC if is_public else _NOT_PUBLIC,
        "location_name": place.partition(",")[0].strip() if place else None,
        "location_address": place,
        "location_coordinates": _position(event),
        "updatedat": _moment(event, "LAST-MODIFIED"),
    }


def _uid(text: str | None) -> str | None:
    """OpenAgenda's own number when the calendar's name of the event begins with it."""
    if text is None:
        return None
    own = _OPENAGENDA_UID.fullmatch(text)
    return own[1] if own else text


def _text(event: Any, name: str) -> str | None:
    value = event.get(name)
    if isinstance(value, list):
        value = value[0] if value else None
    text = str(value).strip() if value is not None else ""
    return text or None


def _keywords(event: Any) -> list[str]:
    value = event.get("CATEGORIES")
    groups = value if isinstance(value, list) else [value] if value is not None else []
    return [str(word) for group in groups for word in getattr(group, "cats", ())]


def _position(event: Any) -> dict[str, float] | None:
    value = event.get("GEO")
    if isinstance(value, list) or value is None:
        return None
    return {"lat": value.latitude, "lon": value.longitude}


def _moment(event: Any, name: str) -> str | None:
    value = getattr(event.get(name), "dt", None)
    return value.isoformat() if isinstance(value, datetime) else None


def _zone(event: Any) -> str | None:
    moment = getattr(event.get("DTSTART"), "dt", None)
    return getattr(getattr(moment, "tzinfo", None), "key", None)


def _timings(event: Any) -> list[dict[str, str]]:
    """Begin and end of each date, those of a rule and of exceptions to it included."""
    start = getattr(event.get("DTSTART"), "dt", None)
    if start is None:
        return []
    end = getattr(event.get("DTEND"), "dt", None)
    duration = getattr(event.get("DURATION"), "dt", None)
    if end is not None and isinstance(end, datetime) == isinstance(start, datetime):
        lasts = end - start
    elif isinstance(duration, timedelta):
        lasts = duration
    else:
        lasts = timedelta(days=1) if not isinstance(start, datetime) else None
    return [_timing(begin, lasts) for begin in islice(_starts(event, start), _MOST_DATES)]


def _timing(begin: date | datetime, lasts: timedelta | None) -> dict[str, str]:
    if isinstance(begin, datetime):
        timing = {"begin": begin.isoformat()}
        return timing if lasts is None else {**timing, "end": (begin + lasts).isoformat()}
    last_day = begin + max((lasts or timedelta(days=1)) - timedelta(days=1), timedelta(0))
    return {
        "begin": datetime.combine(begin, time(0)).isoformat(),
        "end": datetime.combine(last_day, time(23, 59)).isoformat(),
    }


def _starts(event: Any, start: date | datetime) -> Iterable[date | datetime]:
    """When the event begins: once, or by its rule, which never runs past the years that Puls believes."""
    rule = event.get("RRULE")
    added = list(_moments(event.get("RDATE")))
    if rule is None or isinstance(rule, list):
        return [start, *added]
    first = start.date() if isinstance(start, datetime) else start
    days = days_of(rule.to_ical().decode(), first)
    left_out = set(_moments(event.get("EXDATE")))
    clock = start.timetz() if isinstance(start, datetime) else None
    repeated = {datetime.combine(day, clock) if clock is not None else day for day in days}
    return sorted({start, *added, *repeated} - left_out, key=lambda moment: moment.isoformat())


def _moments(value: Any) -> Iterator[date | datetime]:
    for group in value if isinstance(value, list) else [value] if value is not None else []:
        for one in islice(getattr(group, "dts", ()), _MOST_DATES):
            if isinstance(one.dt, date):  # a datetime is one; a period is not
                yield one.dt
