"""An answer of OpenAgenda's events JSON, typed. Pure.

`{total, events, after}` of a list, `{event}` of a single one. Rows may be `{uid, removed: true}`; an event whose `state`
is not 2 (published) is no more for visitors.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from puls.outside.page import Page
from puls.web_search.proofs import openagenda_fields as fields
from puls.web_search.proofs.seen import Seen
from puls.web_search.values import Proof, WebTime

_MOST_EVENTS: Final = 300  # OpenAgenda's own limit for a page
_PUBLISHED: Final = 2
_PARIS: Final = ZoneInfo("Europe/Paris")  # OpenAgenda's default (reference §1b)


@dataclass(frozen=True, slots=True, kw_only=True)
class AgendaReply:
    """What a list said of each event, by uid; `total` and the cursor `after` as far as it gave them."""

    events: dict[str, Seen]
    total: int | None
    after: tuple[str, ...]


def reply_of(page: Page) -> AgendaReply | None:
    """The list; None when the page is none."""
    answer = fields.document(page.text)
    listed = answer.get("events") if isinstance(answer, Mapping) else None
    if not isinstance(answer, Mapping) or not isinstance(listed, list):
        return None
    rows = [one for one in listed[:_MOST_EVENTS] if isinstance(one, Mapping)]
    after = answer.get("after")
    return AgendaReply(
        events={uid: _seen(one, page) for one in rows if (uid := fields.uid(one.get("uid")))},
        total=fields.number(answer.get("total")),
        after=tuple(map(str, after)) if isinstance(after, list) and len(after) <= 10 else (),  # noqa: PLR2004 - sort keys
    )


def event_of(page: Page) -> dict[str, Seen]:
    """The one event of a single reading, by uid; empty when it holds none."""
    answer = fields.document(page.text)
    event = answer.get("event") if isinstance(answer, Mapping) else None
    if isinstance(event, Mapping) and (uid := fields.uid(event.get("uid"))):
        return {uid: _seen(event, page)}
    reply = reply_of(page)
    return reply.events if reply is not None else {}


def _seen(event: Mapping[str, Any], page: Page) -> Seen:
    zone = _zone(event)
    updated_at = fields.moment(event.get("updatedAt"), zone)
    state = fields.number(event.get("state"))
    if event.get("removed") is True or state not in {None, _PUBLISHED}:
        return Seen(
            proof=Proof.AGENDA,
            url=page.asked_url,
            at=page.fetched_at,
            is_gone=True,
            is_of_source=True,
            updated_at=updated_at,
        )
    times, are_all = fields.times(event.get("timings"), zone)
    nearest = () if times else _bounds(event, zone, now=page.fetched_at)
    place = event.get("location")
    place = place if isinstance(place, Mapping) else {}
    status = fields.status(event.get("status"))
    return Seen(
        proof=Proof.AGENDA,
        url=page.asked_url,
        at=page.fetched_at,
        is_of_source=True,
        status=status,
        times=times or nearest,
        are_all_times=are_all,
        is_next_first=bool(nearest),
        attendance=fields.attendance(event.get("attendanceMode")),
        venue=fields.text(place.get("name")),
        city=fields.text(place.get("city")),
        postcode=fields.text(place.get("postalCode")),
        updated_at=updated_at,
        says=fields.STATUS_WORDS.get(status, ""),
    )


def _bounds(event: Mapping[str, Any], zone: ZoneInfo, *, now: datetime) -> tuple[WebTime, ...]:
    """The next performance and the last, where all of them were left out; nothing without a next one to come."""
    following = fields.time(event.get("nextTiming"), zone)
    if following is None or (following.ends_at or following.starts_at) < now:
        return ()
    last = fields.time(event.get("lastTiming"), zone)
    is_later = last is not None and last.starts_at > following.starts_at
    return (following, last) if is_later and last is not None else (following,)


def _zone(event: Mapping[str, Any]) -> ZoneInfo:
    name = event.get("timezone")
    try:
        return ZoneInfo(name) if isinstance(name, str) and name else _PARIS
    except (KeyError, ValueError, OSError):  # unknown, not a name, a folder of the database
        return _PARIS
