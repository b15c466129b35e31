"""What a server answers, as values. Fields that a newer server adds are passed over; null is None, never a guess."""

from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, ConfigDict


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Occurrence(_Value):
    """One time when an event is open, half-open, by the venue's clocks."""

    start: datetime
    end: datetime
    is_possible: bool = False
    is_day_known_only: bool = False


class Venue(_Value):
    """Where it happens."""

    name: str | None = None
    address: str | None = None
    city: str | None = None
    postcode: str | None = None
    lat: float | None = None
    lon: float | None = None
    is_approximate: bool = False


class Price(_Value):
    """Euros; `kind` is "free", "paid" or "unknown"."""

    kind: str
    lowest: float | None = None
    highest: float | None = None
    conditions: str | None = None


class Ages(_Value):
    """Years."""

    min: int | None = None
    max: int | None = None


class Attribution(_Value):
    """Where the event comes from; show it wherever you show the event."""

    source: str
    agenda_title: str | None = None
    url: str | None = None
    updated_at: datetime | None = None
    licence: str


class Reason(_Value):
    """Why an event is shown, or what is not known about it."""

    code: str
    fr: str
    en: str


class Notice(_Value):
    """Something to know about an answer."""

    code: str
    fr: str
    en: str


class Event(_Value):
    """What an event is, whenever it takes place."""

    uid: str
    title: str
    description: str | None = None
    category: str
    status: str
    venue: Venue | None = None
    price: Price
    ages: Ages = Ages()
    accessibility: tuple[str, ...] = ()
    attendance: str
    url: str | None = None
    image_url: str | None = None
    attribution: Attribution
    is_example: bool = False


class FoundEvent(Event):
    """An event that fits a question, with its next occurrence that does."""

    occurrence: Occurrence
    distance_km: float | None = None
    reasons: tuple[Reason, ...] = ()
    score: float


class EventDetails(Event):
    """One event with all its occurrences."""

    details: str | None = None
    keywords: tuple[str, ...] = ()
    timezone: str
    occurrences: tuple[Occurrence, ...]
    other_uids: tuple[str, ...] = ()
    removed_at: datetime | None = None


class SearchResult(_Value):
    """The events that fit, best first; `wish` is what was understood, as the server's documentation has it."""

    wish: dict[str, Any]
    events: tuple[FoundEvent, ...]
    fitting: int
    notices: tuple[Notice, ...] = ()


class Change(_Value):
    """One fact that differs from the catalogue: date, hour, venue, attendance or price; moments in ISO 8601."""

    what: str
    before: str
    now: str


class Verification(_Value):
    """What was seen of an event on the web, where and when.

    `outcome`: confirmed, changed, cancelled, postponed, full, gone, unreadable or not_checked. `is_strong`: the source
    itself says so. `says`: the page's own words. `fr` and `en` say it to a visitor.
    """

    uid: str
    outcome: str
    proof: str | None = None
    url: str | None = None
    checked_at: datetime
    is_strong: bool = False
    changes: tuple[Change, ...] = ()
    says: str = ""
    why_not: str = ""
    fr: str
    en: str


class WebTime(_Value):
    """One performance; `has_time` False: only the day is known."""

    starts_at: datetime
    ends_at: datetime | None = None
    has_time: bool = True


class WebPrice(_Value):
    """Euros, as far as the page tells."""

    lowest: float | None = None
    highest: float | None = None
    is_free: bool = False


class WebEvent(_Value):
    """An event that a page tells of and the catalogue lacks: show it with `host`, `page_url` and `seen_at`."""

    title: str
    page_url: str
    host: str
    seen_at: datetime
    times: tuple[WebTime, ...] = ()
    first_day: date | None = None
    last_day: date | None = None
    status: str
    venue: str | None = None
    address: str | None = None
    postcode: str | None = None
    city: str | None = None
    price: WebPrice | None = None
    image_url: str | None = None
    url: str | None = None


class Quotation(_Value):
    """A few words of a page."""

    text: str
    title: str
    url: str
    seen_at: datetime


class WebStep(_Value):
    """What is being looked at on the web, or was just seen: checking, checked, searching, reading."""

    doing: str
    host: str = ""
    number: int = 0
    check: Verification | None = None


class WebSeen(_Value):
    """All that a turn's look on the web came to; `corrected`: its events as that changes them."""

    why: tuple[str, ...]
    at: datetime
    checks: tuple[Verification, ...] = ()
    events: tuple[WebEvent, ...] = ()
    snippets: tuple[Quotation, ...] = ()
    is_cut: bool = False
    lacks_provider: bool = False
    seconds: float = 0.0
    corrected: tuple[FoundEvent, ...] = ()
