"""The Events Calendar of WordPress: its JSON (`/wp-json/tribe/events/v1/events`), whole lists or one event. Pure.

Enter at `tribe_events`. Its fields say « all day » in a field of its own, so noon is noon there.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from puls.web_search.pages.nodes import MOST_EVENTS, Node, first
from puls.web_search.pages.schema import Around, event_from
from puls.web_search.values import WebEvent

_STATUSES: Final = {
    "canceled": "EventCancelled",
    "cancelled": "EventCancelled",
    "postponed": "EventPostponed",
    "scheduled": "EventScheduled",
}


def tribe_events(value: Any, around: Around) -> list[WebEvent]:
    """Events of a reply of the calendar; empty when it is not one."""
    listed = value.get("events") if isinstance(value, dict) else None
    records = listed if isinstance(listed, list) else [value]
    events = [
        event_from(_node(record), _around(record, around))
        for record in records[:MOST_EVENTS]
        if isinstance(record, dict) and "start_date" in record and "title" in record
    ]
    return [event for event in events if event is not None]


def _around(record: Node, around: Around) -> Around:
    telling = replace(
        around.telling, zone=_zone(record.get("timezone"), around.telling.zone), trusts_hours=True
    )
    return replace(around, telling=telling, shape="tribe")


def _zone(name: Any, otherwise: ZoneInfo) -> ZoneInfo:
    if (
        not isinstance(name, str)
        or not 0 < len(name) < 64
        or not name.replace("/", "").replace("_", "").replace("-", "").isalnum()
    ):
        return otherwise
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return otherwise


def _node(record: Node) -> Node:
    is_all_day = record.get("all_day") is True
    start, end = record.get("start_date"), record.get("end_date")
    if is_all_day:
        start, end = str(start)[:10], str(end)[:10]
    return {
        "name": record.get("title"),
        "description": record.get("excerpt") or record.get("description"),
        "startDate": start,
        "endDate": end,
        "url": record.get("url"),
        "image": record.get("image"),
        "eventStatus": _STATUSES.get(
            str(record.get("event_status") or record.get("status_label") or "").lower()
        ),
        "eventAttendanceMode": "OnlineEventAttendanceMode"
        if record.get("is_virtual") is True
        else None,
        "location": _place(first(record.get("venue"))),
        "organizer": [one.get("organizer") for one in _dicts(record.get("organizer"))],
        "offers": _offers(record),
    }


def _place(venue: Any) -> Node | None:
    if not isinstance(venue, dict):
        return None
    return {
        "@type": "Place",
        "name": venue.get("venue"),
        "address": {
            "streetAddress": venue.get("address"),
            "postalCode": venue.get("zip"),
            "addressLocality": venue.get("city"),
            "addressCountry": venue.get("country"),
        },
        "geo": {"latitude": venue.get("geo_lat"), "longitude": venue.get("geo_lng")},
    }


def _offers(record: Node) -> list[Any]:
    details = record.get("cost_details")
    details = details if isinstance(details, Mapping) else {}
    currency = details.get("currency_code") or "EUR"
    values = details.get("values")
    prices = (
        [{"price": str(one), "priceCurrency": currency} for one in values[:20]]
        if isinstance(values, list)
        else []
    )
    return [*prices, {"price": record.get("cost"), "priceCurrency": currency}]


def _dicts(value: Any) -> list[Node]:
    values = value if isinstance(value, list) else [value]
    return [one for one in values[:20] if isinstance(one, dict)]
