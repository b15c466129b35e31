"""An event as schema.org describes it, for search engines. Pure.

https://schema.org/Event, one object per date to come, as Google asks for. Nothing is claimed that the organiser did not
state. Enter at `event_json_ld`.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from puls import phrasing
from puls.catalogue.event import Attendance, Category, Event, Occurrence, PriceKind, Status, Venue
from puls.phrasing import Language
from puls.ui.cards import booking_links, is_example, web_address
from puls.ui.plain_words import plain, plain_line
from puls.ui.texts import texts

MOST_DATES = 10
_LONGEST_DESCRIPTION = 1_000
_SCHEMA = "https://schema.org/"

_TYPES: Mapping[Category, str] = {
    Category.CONCERT: "MusicEvent",
    Category.THEATRE: "TheaterEvent",
    Category.DANCE: "DanceEvent",
    Category.COMEDY: "ComedyEvent",
    Category.EXHIBITION: "ExhibitionEvent",
    Category.CINEMA: "ScreeningEvent",
    Category.FESTIVAL: "Festival",
    Category.WORKSHOP: "EducationEvent",
    Category.CONFERENCE: "EducationEvent",
    Category.READING: "LiteraryEvent",
    Category.SPORT: "SportsEvent",
    Category.PARTY: "SocialEvent",
}  # the others are plain events
_STATUSES: Mapping[Status, str] = {
    Status.SCHEDULED: "EventScheduled",
    Status.RESCHEDULED: "EventRescheduled",
    Status.MOVED_ONLINE: "EventMovedOnline",
    Status.POSTPONED: "EventPostponed",
    Status.FULL: "EventScheduled",  # the offer is sold out, the event takes place
    Status.CANCELLED: "EventCancelled",
}
_ATTENDANCES: Mapping[Attendance, str] = {
    Attendance.ONSITE: "OfflineEventAttendanceMode",
    Attendance.ONLINE: "OnlineEventAttendanceMode",
    Attendance.MIXED: "MixedEventAttendanceMode",
}
_ESCAPES = str.maketrans(
    {letter: f"\\u{ord(letter):04x}" for letter in "<>&\u2028\u2029"}
)  # nothing in a script element can end it or begin another


def event_json_ld(event: Event, *, now: datetime, address: str, language: Language) -> str:
    """JSON that is safe inside a `script` element; `address` is the page's own."""
    dates = event.coming(now)[:MOST_DATES] or event.occurrences[-1:]
    facts = _facts(event, address, language)
    graph = [{**facts, **_span(one, event.timezone)} for one in dates]
    document = {"@context": _SCHEMA.rstrip("/"), "@graph": graph or [facts]}
    return json.dumps(document, ensure_ascii=False).translate(_ESCAPES)


def _facts(event: Event, address: str, language: Language) -> dict[str, Any]:
    description = plain(event.description or event.details or "")[:_LONGEST_DESCRIPTION]
    if is_example(event):
        description = f"{texts(language)['example_explained']} {description}"
    facts = {
        "@type": _TYPES.get(event.category, "Event"),
        "name": plain_line(event.title),
        "url": address,
        "sameAs": web_address(event.attribution.url),
        "description": description,
        "image": web_address(event.image_url),
        "eventStatus": _SCHEMA + _STATUSES[event.status],
        "eventAttendanceMode": _SCHEMA + _ATTENDANCES[event.attendance],
        "location": _location(event, address),
        "organizer": _organizer(event),
        "isAccessibleForFree": _is_free(event),
        "offers": _offer(event, address),
        "typicalAgeRange": _ages(event),
    }
    return _stated(facts)


def _span(occurrence: Occurrence, timezone: str) -> dict[str, str]:
    """Moments by the venue's clocks, or days where no hours are known."""
    zone = ZoneInfo(timezone)
    start, end = occurrence.starts_at.astimezone(zone), occurrence.ends_at.astimezone(zone)
    if phrasing.is_range(occurrence) or occurrence.is_day_known_only:
        last_day = (end - timedelta(microseconds=1)).date()
        return {"startDate": start.date().isoformat(), "endDate": last_day.isoformat()}
    return {"startDate": start.isoformat(), "endDate": end.isoformat()}


def _location(event: Event, address: str) -> list[dict[str, Any]]:
    places: list[dict[str, Any]] = []
    if event.venue is not None and event.attendance is not Attendance.ONLINE:
        places.append(_place(event.venue))
    if event.attendance is not Attendance.ONSITE:
        online = web_address(event.online_url) or address
        places.append({"@type": "VirtualLocation", "url": online})
    return places


def _place(venue: Venue) -> dict[str, Any]:
    at = venue.coordinates if not venue.is_approximate else None
    return _stated(
        {
            "@type": "Place",
            "name": plain_line(venue.name or venue.city or ""),
            "address": _stated(
                {
                    "@type": "PostalAddress",
                    "streetAddress": plain_line(venue.address or ""),
                    "postalCode": venue.postcode,
                    "addressLocality": plain_line(venue.city or ""),
                    "addressCountry": venue.country_code,
                }
            ),
            "geo": at and {"@type": "GeoCoordinates", "latitude": at.lat, "longitude": at.lon},
        }
    )


def _organizer(event: Event) -> dict[str, str] | None:
    """The agenda that publishes it: who organises is not always told."""
    title = plain_line(event.attribution.agenda_title or "")
    return {"@type": "Organization", "name": title} if title else None


def _is_free(event: Event) -> bool | None:
    """None where nobody said; a contribution that visitors choose is neither."""
    match event.price.kind:
        case PriceKind.FREE:
            return True
        case PriceKind.PAID:
            return None if event.price.lowest == 0 else False
        case PriceKind.UNKNOWN:
            return None


def _offer(event: Event, address: str) -> dict[str, Any] | None:
    price = event.price
    known: dict[str, Any] = {}
    if price.kind is PriceKind.FREE:
        known = {"price": "0"}
    elif price.lowest is not None and price.highest is not None and price.highest > price.lowest:
        known = {"lowPrice": _amount(price.lowest), "highPrice": _amount(price.highest)}
    elif price.lowest:
        known = {"price": _amount(price.lowest)}
    is_full = event.status is Status.FULL
    if not known and not is_full:
        return None
    return _stated(
        {
            "@type": "AggregateOffer" if "lowPrice" in known else "Offer",
            **known,
            "priceCurrency": "EUR" if known else None,
            "availability": f"{_SCHEMA}SoldOut" if is_full else None,
            "url": next(_booking_pages(event), address),
        }
    )


def _booking_pages(event: Event) -> Iterator[str]:
    return (
        address
        for _, address in booking_links(event)
        if address is not None and web_address(address) is not None
    )


def _ages(event: Event) -> str | None:
    if event.age_min is None and event.age_max is None:
        return None
    return f"{event.age_min or 0}-{'' if event.age_max is None else event.age_max}"


def _amount(euros: float) -> str:
    return f"{euros:.2f}".removesuffix(".00")


def _stated(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Without what is not known."""
    return {name: value for name, value in facts.items() if value not in (None, "", [], {})}
