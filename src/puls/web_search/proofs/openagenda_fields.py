"""OpenAgenda's fields as they come in JSON, typed. Pure: what cannot be read is None, never an error.

The same field is a number in the API, text in a file and JSON inside a string on the portal; all three are read here.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, NoReturn
from zoneinfo import ZoneInfo

from puls.catalogue.event import Attendance, Status
from puls.web_search.values import WebStatus, WebTime

MOST_TIMES: Final = 800  # OpenAgenda's own limit
SANE_YEARS: Final = range(1900, 2300)  # year 1 and 9999 have no moment in every zone
_LONGEST_TEXT: Final = 300  # characters; titles there have 140
_LONGEST_NUMBER: Final = 20  # digits

STATUSES: Final[Mapping[Status, WebStatus]] = {
    Status.SCHEDULED: WebStatus.SCHEDULED,
    Status.RESCHEDULED: WebStatus.RESCHEDULED,
    Status.MOVED_ONLINE: WebStatus.MOVED_ONLINE,
    Status.POSTPONED: WebStatus.POSTPONED,
    Status.FULL: WebStatus.FULL,
    Status.CANCELLED: WebStatus.CANCELLED,
}
STATUS_WORDS: Final[Mapping[WebStatus, str]] = {
    WebStatus.SCHEDULED: "Programmé",
    WebStatus.RESCHEDULED: "Reprogrammé",
    WebStatus.MOVED_ONLINE: "Déplacé en ligne",
    WebStatus.POSTPONED: "Reporté",
    WebStatus.FULL: "Complet",
    WebStatus.CANCELLED: "Annulé",
}
"""OpenAgenda's own labels (reference: REST v2, `status`)."""


def document(text: str) -> Any:
    """The JSON of an answer, or None: HTML, broken, nested beyond reason, with numbers that are none."""
    try:
        return json.loads(text, parse_constant=_refused)
    except (ValueError, RecursionError):
        return None


def opened(value: Any) -> Any:
    """The value, or what it holds when it is JSON inside a string."""
    is_json = isinstance(value, str) and value.lstrip()[:1] in {"{", "["}
    return document(value) if is_json else value


def number(value: Any) -> int | None:
    """`6`, `"6"`, `{"id": 6, "label": …}`, or that as text."""
    value = opened(value)
    if isinstance(value, Mapping):
        value = value.get("id")
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    is_digits = isinstance(value, str) and value.strip().lstrip("-").isdecimal()
    return int(value) if is_digits and len(value) <= _LONGEST_NUMBER else None


def uid(value: Any) -> str | None:
    """A number that names an event, as text, however it is written."""
    known = number(value)
    return str(known) if known is not None and known > 0 else None


def status(value: Any) -> WebStatus:
    try:
        return STATUSES[Status(number(value) or 0)]
    except ValueError:
        return WebStatus.UNKNOWN


def attendance(value: Any) -> Attendance | None:
    try:
        return Attendance(number(value) or 0)
    except ValueError:
        return None


def moment(value: Any, zone: ZoneInfo) -> datetime | None:
    """An aware moment; one without an offset is by the clocks of `zone`."""
    if not isinstance(value, str):
        return None
    try:
        at = datetime.fromisoformat(value.strip())
        at = at if at.tzinfo else at.replace(tzinfo=zone)
    except ValueError:
        return None
    return at if at.year in SANE_YEARS else None


def time(value: Any, zone: ZoneInfo) -> WebTime | None:
    """`{begin, end}`."""
    if not isinstance(value, Mapping) or (start := moment(value.get("begin"), zone)) is None:
        return None
    end = moment(value.get("end"), zone)
    return WebTime(starts_at=start, ends_at=end if end is not None and end > start else None)


def times(value: Any, zone: ZoneInfo) -> tuple[tuple[WebTime, ...], bool]:
    """The performances in order, and whether these are all of them: none was unreadable, none cut off."""
    listed = opened(value)
    if not isinstance(listed, list) or not listed:
        return (), False
    read = [time(one, zone) for one in listed[:MOST_TIMES]]
    known = {one.starts_at: one for one in read if one is not None}
    is_whole = None not in read and len(listed) <= MOST_TIMES
    return tuple(known[start] for start in sorted(known)), is_whole


def text(value: Any) -> str | None:
    """Words, in French where there are several languages, without what cannot be stored."""
    value = opened(value)
    if isinstance(value, Mapping):
        value = value.get("fr") or next((one for one in value.values() if one), None)
    if not isinstance(value, str):
        return None
    plain = value.encode("utf-8", "ignore").decode()
    words = " ".join("".join(c if c.isprintable() else " " for c in plain[:2_000]).split())
    return words[:_LONGEST_TEXT] or None


def _refused(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no number")
