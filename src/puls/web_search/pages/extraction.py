"""Events of one page, in whatever shape it tells them. Pure: a `Page` in, values out; no page makes it raise.

JSON-LD, microdata and RDFa are read together, and the same event told twice is one; The Events Calendar's JSON and iCalendar
are read where they answer by themselves; the state of a page of JavaScript only where nothing else was found. Enter at
`events_of`, and at `status_in_words`, `mentions` and `snippet_of` for what a page's words say.
"""

from collections.abc import Iterable, Sequence
from dataclasses import fields, replace
from datetime import date
from typing import Any, Final
from zoneinfo import ZoneInfo

from puls.geo.names import fold
from puls.outside.page import Page
from puls.web_search.pages.days import hours_in, lowered, spans_in
from puls.web_search.pages.document import LONGEST_PAGE, Document
from puls.web_search.pages.ical import ical_events
from puls.web_search.pages.json_ld import json_ld_of
from puls.web_search.pages.json_text import values_in
from puls.web_search.pages.microdata import microdata_of, rdfa_of
from puls.web_search.pages.moments import MOST_TIMES, Telling
from puls.web_search.pages.nodes import MOST_EVENTS, Node, events_among
from puls.web_search.pages.passages import Passages
from puls.web_search.pages.places import country_of
from puls.web_search.pages.schema import Around, Shape, event_from
from puls.web_search.pages.snippets import snippet_from
from puls.web_search.pages.state import state_events, state_of
from puls.web_search.pages.statuses import STRONG
from puls.web_search.pages.tribe import tribe_events
from puls.web_search.pages.words import Mention, Said, mention_of, said_in_fields, said_of
from puls.web_search.values import Snippet, WebEvent, WebPrice, WebStatus

_CALENDARS: Final = frozenset({"text/calendar", "application/ics", "application/calendar"})
_LISTING: Final = 2  # events; on a page of more, its words are not those of one
_MOST_WITH_WORDS: Final = 40


def events_of(page: Page, *, timezone: str = "Europe/Paris") -> tuple[WebEvent, ...]:
    """The events that a page tells, in its order, each once. `timezone`: where its clocks run unless it says otherwise."""
    zone = ZoneInfo(timezone)
    if _is_for_machines(page):
        found = _of_records(page, zone)
    else:
        document = _document(page)
        found = _with_words(_of_markup(document, page, zone), document, page)
    return tuple(_together(found))[:MOST_EVENTS]


def _is_for_machines(page: Page) -> bool:
    return _is_calendar(page) or _is_json(page)


def _of_records(page: Page, zone: ZoneInfo) -> list[WebEvent]:
    if _is_calendar(page):
        return ical_events(page.text, _around(page, zone, shape="ical"))
    return _of_json(page, zone)


def said_in_words(page: Page, *, title: str, days: Sequence[date] = ()) -> Said:
    """What a page says of the event with that title on those local days, with those words.

    A grave status of its own fields counts before words; on what is no page for people (JSON, iCalendar) fields alone do.
    """
    zone = ZoneInfo("Europe/Paris")
    if _is_for_machines(page):
        return said_in_fields(_of_records(page, zone), title=title, days=days)
    document = _document(page)
    in_fields = said_in_fields(_of_markup(document, page, zone), title=title, days=days)
    if in_fields.status in STRONG:
        return in_fields
    return said_of(_passages(document, page), title=title, days=days)


def status_in_words(page: Page, *, title: str, days: Sequence[date] = ()) -> WebStatus:
    """The status alone; `SCHEDULED` only where the words say it (« dernières places », « est maintenu »)."""
    return said_in_words(page, title=title, days=days).status


def mentions(page: Page, *, title: str, venue: str | None, days: Sequence[date] = ()) -> Mention:
    """How surely the page speaks of the event of that title, there, on those local days."""
    return mention_of(
        _document(page), title=title, venue=venue, days=days, near=page.fetched_at.date()
    )


def snippet_of(page: Page, about: str) -> Snippet | None:
    """A quotation of at most 300 characters, nearest to a question; None when the page has nothing on it."""
    if _is_for_machines(page):
        return None
    return snippet_from(_document(page), page.text[:LONGEST_PAGE], about, page.fetched_at)


def _document(page: Page) -> Document:
    return Document(page.text, url=page.url)


def _passages(document: Document, page: Page) -> Passages:
    return Passages(document, near=page.fetched_at.date())


def _is_calendar(page: Page) -> bool:
    return page.content_type in _CALENDARS or page.text.lstrip("\ufeff \r\n").startswith(
        "BEGIN:VCALENDAR"
    )


def _is_json(page: Page) -> bool:
    return "json" in page.content_type or page.text[:200].lstrip("\ufeff \r\n")[:1] in {"{", "["}


def _around(page: Page, zone: ZoneInfo, *, shape: Shape, words: str = "", base: str = "") -> Around:
    low = lowered(words[:100_000])
    telling = Telling(
        zone=zone,
        near=page.fetched_at.date(),
        hours=hours_in(words),
        says_range="jusqu" in low
        or any(span.is_range for span in spans_in(words, near=page.fetched_at.date())),
    )
    return Around(
        page_url=page.url,
        base=base or page.url,
        seen_at=page.fetched_at,
        shape=shape,
        telling=telling,
        words=words[:20_000],
    )


def _of_json(page: Page, zone: ZoneInfo) -> list[WebEvent]:
    values = values_in(page.text[:LONGEST_PAGE])
    around = _around(page, zone, shape="tribe")
    found = [event for value in values for event in tribe_events(value, around)]
    if not found:
        found = _events(events_among(values), replace(around, shape="json-ld"))
    return found or _events(state_events(values), replace(around, shape="state"))


def _of_markup(document: Document, page: Page, zone: ZoneInfo) -> list[WebEvent]:
    nodes: list[tuple[Shape, list[Node]]] = [
        ("json-ld", events_among(json_ld_of(document))),
        ("microdata", events_among(microdata_of(document))),
        ("rdfa", events_among(rdfa_of(document))),
    ]
    if not any(found for _, found in nodes):
        nodes = [("state", state_of(document))]
    names = {fold(str(node.get("name"))) for _, found in nodes for node in found}
    words = document.words if len(names) < _LISTING else ""
    around = _around(page, zone, shape="json-ld", words=words, base=document.base)
    events = [
        event for shape, found in nodes for event in _events(found, replace(around, shape=shape))
    ]
    return _merged_shapes(events)


def _events(nodes: Iterable[Node], around: Around) -> list[WebEvent]:
    events = (event_from(node, _of_country(node, around)) for node in nodes)
    return [event for event in events if event is not None]


def _of_country(node: Node, around: Around) -> Around:
    """Offsets of events abroad are believed: their clocks are not those of the zone."""
    location = node.get("location")
    places = location if isinstance(location, list) else [location]
    for place in places[:5]:
        address = place.get("address") if isinstance(place, dict) else None
        address = address[0] if isinstance(address, list) and address else address
        country = country_of(address.get("addressCountry")) if isinstance(address, dict) else None
        if country is not None and country != "FR":
            return replace(around, telling=replace(around.telling, keeps_offsets=True))
    return around


def _with_words(events: list[WebEvent], document: Document, page: Page) -> list[WebEvent]:
    """What words say counts where fields say nothing, or « scheduled », which many write whatever happens."""
    result = list(events)
    passages = _passages(document, page)
    for at, event in enumerate(events[:_MOST_WITH_WORDS]):
        if event.status in STRONG:
            continue
        days = sorted({time.starts_at.date() for time in event.times})
        hours = frozenset(time.starts_at.time() for time in event.times if time.has_time)
        said = said_of(
            passages,
            title=event.title,
            days=days,
            hours=hours if len(event.times) == 1 else frozenset(),
        )
        if said.status in STRONG and not (
            said.status is WebStatus.RESCHEDULED and event.run is not None
        ):
            result[at] = replace(event, status=said.status, is_status_in_words=True)
    return result


def _key(event: WebEvent) -> tuple[Any, ...]:
    return fold(event.title), event.run


def _merged_shapes(events: list[WebEvent]) -> list[WebEvent]:
    """The same event told in two shapes: the first, with what only the second says."""
    result: list[WebEvent] = []
    for event in events:
        days = {time.starts_at.date() for time in event.times}
        same = next(
            (
                at
                for at, other in enumerate(result)
                if (
                    other.shape != event.shape
                    or _is_vaguer(other, event)
                    or _is_vaguer(event, other)
                )
                and fold(other.title) == fold(event.title)
                and (
                    days & {time.starts_at.date() for time in other.times}
                    or other.run == event.run is not None
                    or not days
                )
            ),
            None,
        )
        if same is None:
            result.append(event)
        else:
            first, second = result[same], event
            if _is_vaguer(first, second):
                first, second = second, first
            result[same] = completed(first, second)
    return result


def _is_vaguer(first: WebEvent, second: WebEvent) -> bool:
    """Whether the first tells the days alone of which the second tells the hours, at the same place."""
    days = {one.starts_at.date() for one in first.times}
    return (
        bool(days)
        and not any(one.has_time for one in first.times)
        and all(one.has_time for one in second.times)
        and days == {one.starts_at.date() for one in second.times}
        and (first.venue is None or second.venue is None or fold(first.venue) == fold(second.venue))
    )


def _together(events: Iterable[WebEvent]) -> list[WebEvent]:
    """Performances of one event told one by one, as one event; those of another status stay apart."""
    result: dict[tuple[Any, ...], WebEvent] = {}
    for event in events:
        key = (
            fold(event.title),
            fold(event.venue or ""),
            event.city,
            event.status,
            event.run,
            event.previous_start,
        )
        known = result.get(key)
        result[key] = event if known is None else _with_times(known, event)
    return list(result.values())


def _with_times(first: WebEvent, second: WebEvent) -> WebEvent:
    times = {time.starts_at: time for time in (*second.times, *first.times)}
    merged = completed(first, second)
    return replace(
        merged,
        times=tuple(times[at] for at in sorted(times))[:MOST_TIMES],
        price=_both(first.price, second.price),
    )


def _both(first: WebPrice | None, second: WebPrice | None) -> WebPrice | None:
    if first is None or second is None or first.is_free or second.is_free:
        return first or second
    amounts = [
        x for x in (first.lowest, first.highest, second.lowest, second.highest) if x is not None
    ]
    return WebPrice(lowest=min(amounts), highest=max(amounts)) if amounts else first


def completed(first: WebEvent, second: WebEvent) -> WebEvent:
    """`first` with what only `second` says."""
    missing = {
        one.name: getattr(second, one.name)
        for one in fields(first)
        if getattr(first, one.name) in (None, (), WebStatus.UNKNOWN)
    }
    if second.status in STRONG and first.status not in STRONG:
        missing |= {"status": second.status, "is_status_in_words": second.is_status_in_words}
    return replace(first, **missing) if missing else first
