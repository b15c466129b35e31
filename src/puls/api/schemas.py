"""The JSON shapes of Puls: what `/v1` answers and what `--json` prints.

Pure: values in, models out. Times are ISO 8601 with an offset: an occurrence's is the venue's own,
a wish's the visitor's. Enter at `search_answer` and `event_details`.
"""

from datetime import datetime
from typing import Any, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field

from puls.catalogue.event import (
    Accessibility,
    Attribution,
    Category,
    Event,
    Interval,
    Occurrence,
    Price,
    PriceKind,
    Venue,
)
from puls.catalogue.store import StoredEvent
from puls.retrieval.asking import Answer
from puls.retrieval.ranking import FoundEvent, ReasonCode
from puls.retrieval.relaxing import CountedRelaxation
from puls.retrieval.theme import Match
from puls.ui.cards import is_example
from puls.understanding.saying.relaxations import Change
from puls.understanding.saying.sentence import sentence_of
from puls.understanding.wish import Order, Setting, Where, Wish

StatusName = Literal["scheduled", "rescheduled", "moved_online", "postponed", "full", "cancelled"]
AttendanceName = Literal["onsite", "online", "mixed"]
Span = tuple[datetime, datetime]


class _Shape(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class NearShape(_Shape):
    """A circle on the map."""

    lat: float
    lon: float
    radius_km: float


class WhereShape(_Shape):
    """An event fits when it is in any of these areas, or in the circle. Codes are INSEE's."""

    label: str
    communes: list[str]
    postcodes: list[str]
    departments: list[str]
    regions: list[str]
    near: NearShape | None
    excluded: list[str] = Field(description="names of places that are left out")

    @classmethod
    def of(cls, where: Where) -> Self:
        near = where.near
        return cls(
            label=where.label,
            communes=list(where.commune_codes),
            postcodes=list(where.postcodes),
            departments=list(where.department_codes),
            regions=list(where.region_codes),
            near=None
            if near is None
            else NearShape(lat=near.center.lat, lon=near.center.lon, radius_km=near.radius_km),
            excluded=[each.label for each in where.excluded],
        )


class PositionShape(_Shape):
    """The visitor's own position, as given."""

    lat: float
    lon: float


class WishShape(_Shape):
    """What was understood: filters that every event satisfies, and the topic that ranks them."""

    topic: str
    when: Span | None = Field(
        description="from the start of the first interval to the end of the last; null: from now on"
    )
    intervals: list[Span] = Field(description="half-open; an event is open during one of them")
    where: WhereShape | None
    free: bool | None
    max_price: float | None = Field(description="euros per person")
    ages: list[int]
    accessibility: list[Accessibility]
    wheelchair: bool
    hearing: bool
    online: bool | None
    setting: Setting | None = Field(description="a preference, like the two below: never a filter")
    spoken_language: str | None = Field(description="ISO 639-1")
    max_minutes: int | None = Field(description="how long the event lasts at most")
    party_size: int | None = Field(description="how many come; `max_price` is per person already")
    number_wanted: int | None = Field(description="how many results the words ask for")
    categories: list[Category]
    excluded_categories: list[Category]
    excluded_words: list[str]
    includes_non_cultural: bool
    position: PositionShape | None
    order: Order

    @classmethod
    def of(cls, wish: Wish, *, timezone: ZoneInfo) -> Self:
        intervals = [_span(interval, timezone) for interval in wish.when]
        return cls(
            topic=wish.topic,
            when=(min(i[0] for i in intervals), max(i[1] for i in intervals))
            if intervals
            else None,
            intervals=intervals,
            where=WhereShape.of(wish.where) if wish.where else None,
            free=wish.free,
            max_price=wish.max_price,
            ages=list(wish.ages),
            accessibility=sorted(wish.accessibility),
            wheelchair=Accessibility.MOTOR in wish.accessibility,
            hearing=Accessibility.HEARING in wish.accessibility,
            online=wish.online,
            setting=wish.setting,
            spoken_language=wish.spoken_language,
            max_minutes=wish.max_minutes,
            party_size=wish.party_size,
            number_wanted=wish.number_wanted,
            categories=list(wish.categories),
            excluded_categories=list(wish.excluded_categories),
            excluded_words=list(wish.excluded_words),
            includes_non_cultural=wish.includes_non_cultural,
            position=PositionShape(lat=wish.position.lat, lon=wish.position.lon)
            if wish.position
            else None,
            order=wish.order,
        )


class ChipShape(_Shape):
    """A part of the wish in a few words; `field` names it for `without`."""

    field: str
    fr: str
    en: str


class OccurrenceShape(_Shape):
    """One time when the event is open, half-open, by the venue's clocks."""

    start: datetime
    end: datetime
    is_possible: bool = Field(description="somewhere inside a long range: dates to be checked")
    is_day_known_only: bool = Field(description="the hours are not known")

    @classmethod
    def of(cls, occurrence: Occurrence, timezone: str) -> Self:
        zone = ZoneInfo(timezone)
        return cls(
            start=occurrence.starts_at.astimezone(zone),
            end=occurrence.ends_at.astimezone(zone),
            is_possible=occurrence.is_possible,
            is_day_known_only=occurrence.is_day_known_only,
        )


class VenueShape(_Shape):
    """Where it happens; `is_approximate` when the position is the commune's."""

    name: str | None
    address: str | None
    city: str | None
    postcode: str | None
    lat: float | None
    lon: float | None
    is_approximate: bool

    @classmethod
    def of(cls, venue: Venue) -> Self:
        return cls(
            name=venue.name,
            address=venue.address,
            city=venue.city,
            postcode=venue.postcode,
            lat=venue.coordinates.lat if venue.coordinates else None,
            lon=venue.coordinates.lon if venue.coordinates else None,
            is_approximate=venue.is_approximate,
        )


class PriceShape(_Shape):
    """Euros; what nobody stated is null or `unknown`, never a guess."""

    kind: PriceKind
    lowest: float | None
    highest: float | None
    on_registration: bool
    conditions: str | None = Field(description="the organiser's own sentence")

    @classmethod
    def of(cls, price: Price) -> Self:
        return cls(
            kind=price.kind,
            lowest=price.lowest,
            highest=price.highest,
            on_registration=price.on_registration,
            conditions=price.conditions,
        )


class AgesShape(_Shape):
    """Years; null where the organiser states none."""

    min: int | None
    max: int | None


class AttributionShape(_Shape):
    """Where the event comes from; show it wherever the event is shown."""

    source: str
    agenda_uid: str | None
    agenda_title: str | None
    url: str | None
    updated_at: datetime | None
    licence: str

    @classmethod
    def of(cls, attribution: Attribution) -> Self:
        return cls(
            source=attribution.source,
            agenda_uid=attribution.agenda_uid,
            agenda_title=attribution.agenda_title,
            url=attribution.url,
            updated_at=attribution.updated_at,
            licence=attribution.licence,
        )


class EventShape(_Shape):
    """What an event is, whenever it takes place."""

    uid: str
    title: str
    description: str | None
    category: Category
    status: StatusName
    venue: VenueShape | None
    price: PriceShape
    ages: AgesShape
    accessibility: list[Accessibility] = Field(description="stated by the organiser")
    attendance: AttendanceName
    url: str | None = Field(description="the event's own page")
    image_url: str | None
    image_credits: str | None
    attribution: AttributionShape
    is_example: bool = Field(description="an invented event of the sample catalogue")


class ReasonShape(_Shape):
    """Why an event is shown, or what is not known about it."""

    code: ReasonCode
    fr: str
    en: str


class FoundEventShape(EventShape):
    """An event that fits, with its next occurrence that does."""

    occurrence: OccurrenceShape
    distance_km: float | None
    reasons: list[ReasonShape]
    match: Match = Field(description="how sure it is that the event is on the theme")
    is_sure: bool = Field(
        description="false: its record is silent on a price, an access or an age that was asked for"
    )
    score: float


class RegistrationShape(_Shape):
    """A way to book: a link, an e-mail address or a telephone number."""

    kind: str
    value: str


class EventDetails(EventShape):
    """One event with all its occurrences."""

    details: str | None
    keywords: list[str]
    timezone: str = Field(description="IANA name of the venue's clocks")
    occurrences: list[OccurrenceShape]
    registration: list[RegistrationShape]
    online_url: str | None
    other_uids: list[str] = Field(description="the same event published again under these uids")
    removed_at: datetime | None = Field(description="when its source took it away; null: it is on")


class NoticeShape(_Shape):
    """Something to know about the answer as a whole."""

    code: str
    fr: str
    en: str


class RelaxationShape(_Shape):
    """What to ask instead when nothing fits, and how many events that finds at least."""

    label_fr: str
    label_en: str
    count: int = Field(description="events that satisfy its filters and the words of its theme")
    change: Change
    question_fr: str = Field(description="asks it again as `q`")
    question_en: str
    wish: WishShape

    @classmethod
    def of(cls, counted: CountedRelaxation, *, timezone: str) -> Self:
        offer = counted.relaxation
        return cls(
            label_fr=offer.fr,
            label_en=offer.en,
            count=counted.count,
            change=offer.change,
            question_fr=sentence_of(offer.wish, "fr", timezone),
            question_en=sentence_of(offer.wish, "en", timezone),
            wish=WishShape.of(offer.wish, timezone=ZoneInfo(timezone)),
        )


class SearchAnswer(_Shape):
    """The events that fit a question, best first, with what was understood of it."""

    wish: WishShape
    chips: list[ChipShape]
    events: list[FoundEventShape]
    fitting: int = Field(
        description="how many events are on the theme (without one: satisfy the filters); 15001: more than 15000"
    )
    match: Match = Field(
        description="how sure it is that the best event is on the theme; “nothing”: the events are only the nearest"
    )
    notices: list[NoticeShape]
    relaxations: list[RelaxationShape] = Field(
        description="only when nothing is on the theme; those that find something first"
    )
    next_cursor: str | None = Field(
        default=None,
        description="send it as `cursor`, with the same question, for the events after these; null: these are the last",
    )


def search_answer(answer: Answer, *, timezone: str, next_cursor: str | None = None) -> SearchAnswer:
    """`timezone` is the visitor's."""
    understood, found = answer.understood, answer.found
    return SearchAnswer(
        wish=WishShape.of(understood.wish, timezone=ZoneInfo(timezone)),
        chips=[ChipShape(field=chip.field, fr=chip.fr, en=chip.en) for chip in understood.chips],
        events=[found_event(one) for one in found.events],
        fitting=found.fitting,
        match=found.match,
        notices=[
            NoticeShape(code=notice.code, fr=notice.fr, en=notice.en) for notice in answer.notices
        ],
        relaxations=[RelaxationShape.of(one, timezone=timezone) for one in answer.relaxations],
        next_cursor=next_cursor,
    )


def event_details(stored: StoredEvent) -> EventDetails:
    event = stored.event
    return EventDetails(
        **_facts(event),
        details=event.details,
        keywords=list(event.keywords),
        timezone=event.timezone,
        occurrences=[OccurrenceShape.of(one, event.timezone) for one in event.occurrences],
        registration=[
            RegistrationShape(kind=kind, value=value) for kind, value in event.registration
        ],
        online_url=event.online_url,
        other_uids=list(stored.other_uids),
        removed_at=stored.removed_at,
    )


def event_facts(event: Event) -> EventShape:
    return EventShape(**_facts(event))


def found_event(found: FoundEvent) -> FoundEventShape:
    return FoundEventShape(
        **_facts(found.event),
        occurrence=OccurrenceShape.of(found.occurrence, found.event.timezone),
        distance_km=None if found.distance_km is None else round(found.distance_km, 3),
        reasons=[
            ReasonShape(code=reason.code, fr=reason.fr, en=reason.en) for reason in found.reasons
        ],
        match=found.match,
        is_sure=found.is_sure,
        score=round(found.score, 4),
    )


def _facts(event: Event) -> dict[str, Any]:
    return {
        "uid": event.uid,
        "title": event.title,
        "description": event.description,
        "category": event.category,
        "status": event.status.name.lower(),
        "venue": VenueShape.of(event.venue) if event.venue else None,
        "price": PriceShape.of(event.price),
        "ages": AgesShape(min=event.age_min, max=event.age_max),
        "accessibility": sorted(event.accessibility),
        "attendance": event.attendance.name.lower(),
        "url": event.attribution.url,
        "image_url": event.image_url,
        "image_credits": event.image_credits,
        "attribution": AttributionShape.of(event.attribution),
        "is_example": is_example(event),
    }


def _span(interval: Interval, timezone: ZoneInfo) -> Span:
    return interval.start.astimezone(timezone), interval.end.astimezone(timezone)
