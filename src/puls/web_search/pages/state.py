"""State that a page of JavaScript carries for itself: `__NEXT_DATA__`, `__SERVER_DATA__` and their like. Pure.

Read only where a page has no structured event. What says a name and a start in one of the known pairs of keys is an
event; everything else is passed over. Enter at `state_of`.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

from puls.web_search.pages.document import Document
from puls.web_search.pages.json_text import values_in
from puls.web_search.pages.nodes import MOST_EVENTS, Node

_ASSIGNED: Final = re.compile(
    r"(?:window\.|self\.|var |const |let )\s*(?:__\w+__|initial\w*|\w+_state|\w+State|\w+Data)\s*=\s*(?=[{\[])",
    re.IGNORECASE,
)
_LONGEST: Final = 1_500_000
_NAMES: Final = ("name", "title", "label")
_STARTS: Final = (
    "startDate", "start_date", "startsAt", "starts_at", "startTime", "start_time", "dateTime", "event_start_date", "startAt",
    "start_at", "start", "beginsAt", "dateStart", "date_start", "dateDebut", "date_debut", "dateFrom",
)  # fmt: skip
_ENDS: Final = (
    "endDate", "end_date", "endsAt", "ends_at", "endTime", "end_time", "event_end_date", "endAt", "end_at", "end", "dateEnd",
    "date_end", "dateFin", "date_fin", "dateTo",
)  # fmt: skip
_PLACES: Final = ("venue", "location", "place", "venues", "lieu")
_STREETS: Final = ("address_1", "streetAddress", "street", "address1", "line1", "address")
_POSTCODES: Final = ("postal_code", "postalCode", "zip", "zipCode", "postcode")
_CITIES: Final = ("city", "addressLocality", "town", "locality")
_COUNTRIES: Final = ("country", "countryCode", "country_code", "addressCountry")
_HOLDERS: Final = ("dates", "schedule", "timing")
_DEEPEST: Final = 30
_MOST_NODES: Final = 100_000


def state_of(document: Document) -> list[Node]:
    """Nodes of schema.org made of the events in a page's state."""
    found: list[Node] = []
    for text in _scripts(document):
        for value in values_in(text)[:1]:
            found.extend(_events(value))
    return found[:MOST_EVENTS]


def state_events(value: Any) -> list[Node]:
    """The same of a value that was read already: JSON that answers by itself."""
    return list(_events(value))[:MOST_EVENTS]


def _scripts(document: Document) -> Iterator[str]:
    for script in document.elements("script"):
        text = (script.text or "")[:_LONGEST]
        kind = (script.get("type") or "").strip().lower()
        if kind.startswith("application/json"):
            yield text
        elif not kind or "javascript" in kind or kind == "module":
            found = _ASSIGNED.search(text[:20_000])
            if found is not None:
                yield text[found.end() :]


def _events(value: Any) -> Iterator[Node]:
    waiting, left = [(value, 0)], _MOST_NODES
    while waiting and left:
        left -= 1
        one, depth = waiting.pop()
        if depth > _DEEPEST:
            continue
        if isinstance(one, dict):
            node = _node(one)
            if node is not None:
                yield node
                continue
            waiting.extend(
                (child, depth + 1)
                for child in reversed(list(one.values()))
                if isinstance(child, dict | list)
            )
        elif isinstance(one, list):
            waiting.extend(
                (child, depth + 1) for child in reversed(one) if isinstance(child, dict | list)
            )


def _node(one: Node) -> Node | None:
    name = next(
        (one[key] for key in _NAMES if isinstance(one.get(key), str) and one[key].strip()), None
    )
    holders = [one, *(one[key] for key in _HOLDERS if isinstance(one.get(key), dict))]
    start = next(
        (value for holder in holders for key in _STARTS if _is_moment(value := holder.get(key))),
        None,
    )
    place = next((one[key] for key in _PLACES if one.get(key)), None)
    if name is None or start is None or (place is None and "url" not in one and "slug" not in one):
        return None
    end = next(
        (value for holder in holders for key in _ENDS if _is_moment(value := holder.get(key))), None
    )
    return {
        "name": name,
        "description": one.get("summary") or one.get("description"),
        "startDate": start,
        "endDate": end,
        "url": one.get("url") or one.get("eventUrl"),
        "image": one.get("image") or one.get("imageUrl"),
        "eventStatus": one.get("eventStatus") or _status(one),
        "isAccessibleForFree": one.get("isFree", one.get("is_free")),
        "location": _place(place),
        "organizer": one.get("organizer"),
        "offers": one.get("offers"),
    }


def _is_moment(value: Any) -> bool:
    if isinstance(value, dict):
        return any(_is_moment(value.get(key)) for key in ("local", "utc", "date", "dateTime"))
    if isinstance(value, bool):
        return False
    return isinstance(value, int | float) or (
        isinstance(value, str) and bool(re.match(r"\d{4}-\d\d-\d\d", value))
    )


def _status(one: Node) -> str | None:
    if one.get("isCancelled") is True or one.get("is_cancelled") is True:
        return "EventCancelled"
    stated = str(one.get("status") or "").lower()
    return {
        "cancelled": "EventCancelled",
        "canceled": "EventCancelled",
        "postponed": "EventPostponed",
    }.get(stated)


def _place(value: Any) -> Any:
    place = value[0] if isinstance(value, list) and value else value
    if not isinstance(place, dict):
        return place
    stated = place.get("address")
    address: Node = stated if isinstance(stated, dict) else place
    street = (address[key] for key in _STREETS if isinstance(address.get(key), str))
    position = place.get("location") if isinstance(place.get("location"), dict) else {}
    latitude, longitude = (
        next(
            (one[key] for one in (place, address, position or {}) for key in keys if one.get(key)),
            None,
        )
        for keys in (("lat", "latitude"), ("lng", "lon", "longitude"))
    )
    return {
        "@type": "Place",
        "name": place.get("name") or place.get("title"),
        "address": {
            "streetAddress": next(street, None),
            "postalCode": _first(address, _POSTCODES),
            "addressLocality": _name(_first(address, _CITIES)),
            "addressCountry": _name(_first(address, _COUNTRIES)),
        },
        "geo": {"latitude": latitude, "longitude": longitude},
    }


def _first(node: Node, keys: Sequence[str]) -> Any:
    return next((node[key] for key in keys if node.get(key)), None)


def _name(value: Any) -> Any:
    return value.get("name") if isinstance(value, dict) else value
