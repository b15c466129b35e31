"""Events as iCalendar (RFC 5545), for the calendar that people already use.

Pure: values in, bytes out. Times are in UTC, which every calendar shows by its owner's clocks; days without hours are
whole days of the venue. Enter at `calendar_of` and `feed_of`.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from urllib.parse import quote
from zoneinfo import ZoneInfo

from icalendar import Calendar
from icalendar import Event as CalendarEntry

from puls import phrasing
from puls.catalogue.event import Event, Occurrence, Status, Venue
from puls.catalogue.store import StoredEvent
from puls.errors import NotFoundError
from puls.geo.names import fold
from puls.phrasing import Language
from puls.retrieval.ranking import FoundEvent
from puls.ui.cards import is_example, web_address
from puls.ui.links import event_address
from puls.ui.plain_words import plain, plain_line
from puls.ui.texts import texts

MEDIA_TYPE = "text/calendar; charset=utf-8"
MOST_ENTRIES = 60
_LONGEST_DESCRIPTION = 2_000  # characters; the event's page has the rest
_LONGEST_NAME = 60
_MOST_IN_A_FEED = 300
_REFRESHED = timedelta(hours=12)


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarFile:
    """A file to give, and the name to save it under."""

    content: bytes
    name: str

    @property
    def disposition(self) -> str:
        return f'attachment; filename="{self.name}"'


def calendar_of(
    stored: StoredEvent,
    *,
    only: datetime | None = None,
    now: datetime,
    base: str,
    language: Language,
) -> CalendarFile:
    """The dates to come of an event, or the one that starts at `only`.

    Raises:
        NotFoundError: there is no such date, or none to come.
    """
    event = stored.event
    if only is None:
        dates = _one_per_start(event.coming(now))[:MOST_ENTRIES]
        missing = "This event has no date to come."
    else:
        dates = _one_per_start(one for one in event.occurrences if one.starts_at == only)
        missing = "This event has no date that starts then."
    if not dates:
        raise NotFoundError(missing)
    calendar = _empty()
    for occurrence in dates:
        calendar.add_component(_entry(stored, occurrence, now=now, base=base, language=language))
    return CalendarFile(content=calendar.to_ical(), name=_file_name(event))


def plan_calendar_of(
    stops: Sequence[tuple[StoredEvent, datetime, datetime]],
    *,
    now: datetime,
    base: str,
    language: Language,
) -> CalendarFile:
    """An outing: one entry a stop, from when to when one is there."""
    calendar = _empty()
    for stored, arrives, leaves in stops:
        stay = Occurrence(starts_at=arrives, ends_at=leaves)
        calendar.add_component(_entry(stored, stay, now=now, base=base, language=language))
    return CalendarFile(content=calendar.to_ical(), name="puls.ics")


def feed_of(
    followed: Iterable[StoredEvent], *, now: datetime, base: str, language: Language
) -> bytes:
    """The dates to come of several events, soonest first, as a calendar to subscribe to."""
    dates = [
        (one, stored) for stored in followed for one in _one_per_start(stored.event.coming(now))
    ]
    soonest = sorted(dates, key=lambda date: date[0])[:_MOST_IN_A_FEED]
    calendar = _empty()
    calendar.add("x-wr-calname", "Puls")
    calendar.add("refresh-interval", _REFRESHED, parameters={"VALUE": "DURATION"})
    for occurrence, stored in soonest:
        calendar.add_component(_entry(stored, occurrence, now=now, base=base, language=language))
    content: bytes = calendar.to_ical()
    return content


def search_feed_of(
    found: Iterable[FoundEvent], *, name: str, now: datetime, base: str, language: Language
) -> bytes:
    """What a search found, each event at the date that fits the search, as a calendar to subscribe to."""
    calendar = _empty()
    calendar.add("x-wr-calname", plain_line(name))
    calendar.add("refresh-interval", _REFRESHED, parameters={"VALUE": "DURATION"})
    for one in sorted(found, key=lambda one: one.occurrence):
        stored = StoredEvent(event=one.event, other_uids=(), removed_at=None)
        calendar.add_component(
            _entry(stored, one.occurrence, now=now, base=base, language=language)
        )
    content: bytes = calendar.to_ical()
    return content


def _empty() -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", "-//Puls//Puls 1//FR")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    return calendar


def _one_per_start(dates: Iterable[Occurrence]) -> tuple[Occurrence, ...]:
    """The longest where several begin together: the start is what tells entries apart."""
    return tuple({one.starts_at: one for one in sorted(dates)}.values())


def _entry(
    stored: StoredEvent, occurrence: Occurrence, *, now: datetime, base: str, language: Language
) -> CalendarEntry:
    event = stored.event
    starts, ends = _span(occurrence, event.timezone)
    entry = CalendarEntry()
    entry.add(
        "uid", f"{plain_line(event.uid)}-{occurrence.starts_at.astimezone(UTC):%Y%m%dT%H%M%SZ}@puls"
    )
    entry.add("dtstamp", now.astimezone(UTC))
    if event.attribution.updated_at is not None:
        entry.add("last-modified", event.attribution.updated_at.astimezone(UTC))
    entry.add("dtstart", starts)
    entry.add("dtend", ends)
    entry.add("status", _status(stored, occurrence))
    if not isinstance(starts, datetime):
        entry.add("transp", "TRANSPARENT")  # whoever notes an exhibition is not busy for months
    entry.add("summary", _summary(stored, occurrence, language))
    entry.add("description", _description(event, occurrence, language))
    entry.add("categories", [phrasing.category_name(event.category, language)])
    entry.add("url", base + event_address(event.uid, None))
    if event.venue is not None:
        _add_place(entry, event.venue)
    return entry


def _span(occurrence: Occurrence, timezone: str) -> tuple[date, date]:
    """Moments in UTC, or the first day and the day after the last where no hours are known."""
    if not (phrasing.is_range(occurrence) or occurrence.is_day_known_only):
        return occurrence.starts_at.astimezone(UTC), occurrence.ends_at.astimezone(UTC)
    zone = ZoneInfo(timezone)
    last_instant = occurrence.ends_at.astimezone(zone) - timedelta(microseconds=1)
    return occurrence.starts_at.astimezone(zone).date(), last_instant.date() + timedelta(days=1)


def _status(stored: StoredEvent, occurrence: Occurrence) -> str:
    if stored.removed_at is not None or stored.event.status is Status.CANCELLED:
        return "CANCELLED"
    is_sure = stored.event.status is not Status.POSTPONED and not occurrence.is_possible
    return "CONFIRMED" if is_sure else "TENTATIVE"


def _summary(stored: StoredEvent, occurrence: Occurrence, language: Language) -> str:
    """The title; what must not be missed stands beside it, where a calendar shows it."""
    event, words = stored.event, texts(language)
    remarks: list[str] = []
    if _status(stored, occurrence) == "CANCELLED":
        remarks.append(words["cancelled"])
    elif event.status is Status.POSTPONED:
        remarks.append(words["postponed"])
    if occurrence.is_possible:
        remarks.append(words["dates_to_check"])
    if is_example(event):
        remarks.append(words["example"])
    title = plain_line(event.title)
    return f"{title} ({', '.join(remarks)})" if remarks else title


def _description(event: Event, occurrence: Occurrence, language: Language) -> str:
    words, source = texts(language), event.attribution
    lines = [
        words["example_explained"] if is_example(event) else None,
        (event.description or "")[:_LONGEST_DESCRIPTION],
        phrasing.sentence(phrasing.price_words(event.price, language)),
        _more_than(event.price.conditions, phrasing.price_words(event.price, language)),
        phrasing.sentence(words["hours_unknown"]) if occurrence.is_day_known_only else None,
        " ".join(filter(None, (words["published_by"], source.agenda_title)))
        if source.agenda_title
        else words["published_on"],
        f"{words['licence']} {source.licence}",
        web_address(source.url),
    ]
    return "\n".join(plain(line) for line in lines if line)


def _add_place(entry: CalendarEntry, venue: Venue) -> None:
    town = " ".join(filter(None, (venue.postcode, venue.city)))
    if venue.address and venue.city and fold(venue.city) in fold(venue.address):
        town = ""  # agendas often write the whole address in one field
    place = ", ".join(_distinct((venue.name, venue.address, town)))
    if place:
        entry.add("location", plain_line(place))
    if venue.coordinates is not None and not venue.is_approximate:
        entry.add("geo", (venue.coordinates.lat, venue.coordinates.lon))


def _more_than(conditions: str | None, price: str) -> str | None:
    """The organiser's own sentence, unless it is the price once more."""
    return None if conditions and fold(conditions) == fold(price) else conditions


def _distinct(parts: Iterable[str | None]) -> Iterable[str]:
    return dict.fromkeys(part for part in parts if part)


def _file_name(event: Event) -> str:
    words = re.sub(r"[^a-z0-9]+", "-", fold(event.title))[:_LONGEST_NAME].strip("-")
    return f"{words or quote(event.uid[:_LONGEST_NAME], safe='')}.ics"
