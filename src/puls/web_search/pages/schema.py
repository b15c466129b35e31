"""A node of schema.org as an event. Pure. Enter at `event_from`."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from puls.catalogue.event import Attendance
from puls.web_search.pages.moments import Telling, moment_of, times_of
from puls.web_search.pages.nodes import Node
from puls.web_search.pages.places import Place, place_of
from puls.web_search.pages.plain import line_of, text_of, url_of
from puls.web_search.pages.prices import price_of
from puls.web_search.pages.statuses import STRONG, field_status, without_status
from puls.web_search.values import WebEvent, WebStatus

Shape = Literal["json-ld", "microdata", "rdfa", "tribe", "ical", "state", "words"]
LONGEST_DESCRIPTION: Final = 1_000
_MOST_PERFORMERS: Final = 20
_NOT_NAMES: Final = frozenset({"organization", "person", "performinggroup", "musicgroup", "thing"})
_ATTENDANCE: Final = {
    "offline": Attendance.ONSITE,
    "online": Attendance.ONLINE,
    "mixed": Attendance.MIXED,
}
_MODE: Final = re.compile(r"(offline|online|mixed)(?=event|$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """Where a node stands: its page, when it was read, what the page's words tell of hours, and those words."""

    page_url: str
    base: str
    seen_at: datetime
    shape: Shape
    telling: Telling
    words: str = ""


def event_from(node: Node, around: Around) -> WebEvent | None:
    """The event that a node describes; None without a name, or with neither a day nor a grave status."""
    name = next((line for one in _flat(node.get("name")) if (line := line_of(one))), None)
    if name is None:
        return None
    title, status, is_in_words = _title_and_status(name, node)
    times, run = times_of(node.get("startDate"), node.get("endDate"), around.telling)
    if not times and run is None and status not in STRONG:
        return None
    place = place_of(node.get("location"))
    is_rescheduled = status is WebStatus.RESCHEDULED
    return WebEvent(
        title=title,
        page_url=around.page_url,
        seen_at=around.seen_at,
        shape=around.shape,
        times=times,
        run=run,
        status=status,
        is_status_in_words=is_in_words,
        previous_start=moment_of(node.get("previousStartDate"), around.telling)
        if is_rescheduled
        else None,
        attendance=_attendance(node, place, status),
        venue=place.venue,
        address=place.address,
        postcode=place.postcode,
        city=place.city,
        country_code=place.country_code,
        coordinates=place.coordinates,
        **_details(node, around),
    )


def _details(node: Node, around: Around) -> dict[str, Any]:
    """What is told of an event beside when and where."""
    description = next(
        (
            text
            for one in _flat(node.get("description"))
            if (text := text_of(one, limit=LONGEST_DESCRIPTION))
        ),
        None,
    )
    on_page = around.words if node.get("offers") else ""  # only what fills a 0 there
    performers = (name for key in ("performer", "performers") for name in _names(node.get(key)))
    return {
        "price": price_of(
            node.get("offers"),
            is_free=node.get("isAccessibleForFree"),
            words=f"{description or ''}\n{on_page}",
        ),
        "url": _first_url(node.get("url"), around),
        "image_url": _first_url(node.get("image"), around),
        "description": description,
        "organizer": next(iter(_names(node.get("organizer"))), None),
        "performers": tuple(dict.fromkeys(performers))[:_MOST_PERFORMERS],
    }


def _first_url(value: Any, around: Around) -> str | None:
    return next((url for one in _flat(value) if (url := url_of(_address(one), around.base))), None)


def _title_and_status(name: str, node: Node) -> tuple[str, WebStatus, bool]:
    """The bare title; what fields state, or what stands before the title when that is graver."""
    title, in_title = without_status(name)
    stated = field_status(node.get("eventStatus"), node.get("offers"))
    if in_title in STRONG and stated not in STRONG:
        return title, in_title, True
    return title, stated, False


def _attendance(node: Node, place: Place, status: WebStatus) -> Attendance | None:
    for one in _flat(node.get("eventAttendanceMode")):
        if found := _MODE.search(str(one.get("@id", "") if isinstance(one, dict) else one)):
            return _ATTENDANCE[found[1].lower()]
    if status is WebStatus.MOVED_ONLINE:
        return Attendance.ONLINE
    if place.is_virtual:
        return Attendance.MIXED if place.is_real else Attendance.ONLINE
    return None


def _names(value: Any) -> Iterator[str]:
    for one in _flat(value):
        stated = one.get("name") if isinstance(one, dict) else one
        for name in _flat(stated):
            line = line_of(name, limit=120)
            if (
                line
                and line.lower() not in _NOT_NAMES
                and not line.lower().startswith(("http:", "https:"))
            ):
                yield line


def _address(value: Any) -> Any:
    if isinstance(value, dict):
        for key in ("url", "contentUrl", "@id", "src"):
            for one in _flat(value.get(key)):
                return _address(one) if isinstance(one, dict) else one
        return None
    return value


def _flat(value: Any, depth: int = 0) -> Iterator[Any]:
    if isinstance(value, list):
        if depth < 4:
            for one in value[:100]:
                yield from _flat(one, depth + 1)
    elif value is not None and value != "":
        yield value
