"""iCalendar: what `?ical=1` of The Events Calendar and agendas of town halls answer. Pure. Enter at `ical_events`.

Rules of repetition are expanded for a year from the day the page was read, at most 200 times.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr
from icalendar import Calendar

from puls.web_search.pages.moments import MOST_TIMES
from puls.web_search.pages.nodes import MOST_EVENTS, Node
from puls.web_search.pages.schema import Around, event_from
from puls.web_search.values import WebEvent

_STATUSES: Final = {"CANCELLED": "EventCancelled", "CONFIRMED": "EventScheduled"}
_LONGEST: Final = 500_000  # characters; the library takes a millisecond for some hundred
_AHEAD: Final = timedelta(days=366)
_MOST_MOMENTS: Final = 1_500  # of all rules of one calendar together


def ical_events(text: str, around: Around) -> list[WebEvent]:
    """Events of a calendar; empty when it is not one. What is cut or broken is passed over, event by event."""
    around = replace(around, shape="ical", telling=replace(around.telling, trusts_hours=True))
    events: list[WebEvent] = []
    moments = 0
    for block in _event_blocks(text[:_LONGEST]):
        node = _node(block, around)
        event = event_from(node, around) if node is not None else None
        if event is not None:
            events.append(event)
            moments += len(event.times)
        if moments > _MOST_MOMENTS:
            break
    return events


def _event_blocks(text: str) -> Iterator[str]:
    at = 0
    for _ in range(MOST_EVENTS):
        start = text.find("BEGIN:VEVENT", at)
        end = text.find("END:VEVENT", start)
        if start < 0 or end < 0:
            return
        at = end + len("END:VEVENT")
        yield f"BEGIN:VCALENDAR\r\n{text[start:at]}\r\nEND:VCALENDAR\r\n"


def _node(block: str, around: Around) -> Node | None:
    try:
        event = Calendar.from_ical(block.encode("utf-8", "ignore")).walk("VEVENT")[0]
        start, end = _moment(event.get("DTSTART")), _moment(event.get("DTEND"))
        if start is None:
            return None
        if end is None and (lasts := _decoded(event, "DURATION")) is not None:
            end = start + lasts
        starts = _repeated(event, start, around) or [start]
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError):
        return None  # the library raises these for what is no calendar
    if not isinstance(end, datetime) and isinstance(end, date):
        end -= timedelta(days=1)  # the day behind the last, RFC 5545
    lasts = (
        end - start
        if end is not None and isinstance(end, datetime) == isinstance(start, datetime)
        else None
    )
    zone = around.telling.zone
    organizer = event.get("ORGANIZER")
    return {
        "name": _text(event.get("SUMMARY")),
        "description": _text(event.get("DESCRIPTION")),
        "startDate": [_written(one, zone) for one in starts],
        "endDate": [_written(one + lasts, zone) for one in starts] if lasts is not None else None,
        "url": _text(event.get("URL")),
        "eventStatus": _STATUSES.get(str(event.get("STATUS", "")).upper()),
        "location": _place(event),
        "organizer": _text(organizer.params.get("CN"))
        if organizer is not None and hasattr(organizer, "params")
        else None,
    }


def _moment(value: Any) -> date | None:
    stated = getattr(value, "dt", None)
    return stated if isinstance(stated, date) else None


def _decoded(event: Any, name: str) -> timedelta | None:
    stated = getattr(event.get(name), "dt", getattr(event.get(name), "td", None))
    return stated if isinstance(stated, timedelta) else None


def _written(moment: date, zone: ZoneInfo) -> str:
    """ISO 8601 by the clock of the place."""
    if isinstance(moment, datetime):
        local = moment.astimezone(zone) if moment.tzinfo is not None else moment
        return local.replace(tzinfo=None).isoformat()
    return moment.isoformat()


def _repeated(event: Any, start: date, around: Around) -> list[date]:
    """Moments of a rule of repetition, without those it leaves out."""
    rule = event.get("RRULE")
    if rule is None or isinstance(rule, list):
        return []
    is_timed = isinstance(start, datetime)
    begin = (
        start.replace(tzinfo=None)
        if isinstance(start, datetime)
        else datetime(start.year, start.month, start.day)  # noqa: DTZ001 - wall clock
    )
    stated = dict(rule)
    if "UNTIL" in stated:
        until = stated.pop("UNTIL")[0]
        last = datetime(until.year, until.month, until.day, 23, 59)  # noqa: DTZ001 - wall clock
    else:
        last = datetime.max  # noqa: DTZ901 - no end
    if str(stated.get("FREQ", [""])[0]).upper() not in {"DAILY", "WEEKLY", "MONTHLY", "YEARLY"}:
        return []
    written = type(rule)(stated).to_ical().decode()
    limit = min(last, max(begin, around.seen_at.replace(tzinfo=None)) + _AHEAD)
    skipped = {
        one.dt.replace(tzinfo=None) if isinstance(one.dt, datetime) else one.dt
        for one in _exceptions(event)
    }
    moments: list[date] = []
    for count, at in enumerate(rrulestr(written, dtstart=begin)):
        if at > limit or count > 2_000 or len(moments) >= MOST_TIMES:
            break
        if at not in skipped and at.date() not in skipped:
            moments.append(
                at.replace(tzinfo=getattr(start, "tzinfo", None)) if is_timed else at.date()
            )
    return moments


def _exceptions(event: Any) -> list[Any]:
    stated = event.get("EXDATE")
    lists = stated if isinstance(stated, list) else [stated]
    return [one for group in lists if group is not None for one in getattr(group, "dts", [])]


def _place(event: Any) -> Node | str | None:
    name, geo = _text(event.get("LOCATION")), event.get("GEO")
    if geo is None or isinstance(geo, list):
        return name
    return {
        "@type": "Place",
        "name": name,
        "geo": {
            "latitude": getattr(geo, "latitude", None),
            "longitude": getattr(geo, "longitude", None),
        },
    }


def _text(value: Any) -> str | None:
    if isinstance(value, list):
        value = value[0] if value else None
    return None if value is None else str(value)
