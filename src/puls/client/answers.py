"""What a server answers, as values. Fields that a newer server adds are passed over; null is None, never a guess."""

from datetime import datetime
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
