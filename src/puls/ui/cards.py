"""What a result card and an event page show, worked out from the event's facts. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from puls import phrasing
from puls.catalogue.event import Attendance, Event, Occurrence, PriceKind, Status
from puls.ingestion.sample import SAMPLE_MARK
from puls.phrasing import Language
from puls.retrieval.ranking import FoundEvent, ReasonCode
from puls.ui.posters.drawing import picture_address
from puls.ui.texts import texts

_LONG = timedelta(hours=25)

Tone = Literal["good", "caution", "warning", "plain"]
_CAUTIONS: dict[ReasonCode, Tone] = {
    ReasonCode.DATES_TO_CHECK: "caution",
    ReasonCode.HOURS_UNKNOWN: "plain",
    ReasonCode.APPROXIMATE_PLACE: "plain",
    ReasonCode.RESCHEDULED: "caution",
    ReasonCode.FULL: "warning",
    ReasonCode.CANCELLED: "warning",
}
_IN_BANNER = {ReasonCode.RESCHEDULED, ReasonCode.FULL, ReasonCode.CANCELLED}
_SAID_ELSEWHERE = {  # as price, distance or badge
    *_CAUTIONS, ReasonCode.NEAR, ReasonCode.FREE, ReasonCode.ONLINE, ReasonCode.PRICE_UNKNOWN,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Badge:
    """A few words that must not be missed."""

    words: str
    tone: Tone


@dataclass(frozen=True, slots=True)
class Leaf:
    """The day as a leaf of a wall calendar; `above` is the week-day or « jusqu'au »."""

    above: str
    day: str
    month: str
    iso: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One result. `banner`: cancelled, full or changed, which comes before everything else."""

    uid: str
    title: str
    category: str
    category_name: str
    leaf: Leaf
    moment: str
    place: str | None
    distance: str | None
    price: str | None
    is_price_known: bool
    description: str | None
    banner: Badge | None
    badges: tuple[Badge, ...]
    accessibility: tuple[str, ...]
    reasons: str | None
    lat: float | None
    lon: float | None
    is_approximate: bool
    image_url: str | None
    image_credits: str | None
    poster_url: str
    url: str | None
    is_example: bool


def card(found: FoundEvent, *, now: datetime, language: Language) -> Card:
    event, occurrence = found.event, found.occurrence
    reasons = [
        reason.fr if language == "fr" else reason.en
        for reason in found.reasons
        if reason.code not in _SAID_ELSEWHERE
    ]
    cautions = [
        Badge(reason.fr if language == "fr" else reason.en, _CAUTIONS[reason.code])
        for reason in found.reasons
        if reason.code in _CAUTIONS and reason.code not in _IN_BANNER
    ]
    at = event.venue.coordinates if event.venue else None
    is_free = event.price.kind is PriceKind.FREE
    return Card(
        uid=event.uid,
        title=event.title,
        category=event.category,
        category_name=phrasing.category_name(event.category, language),
        leaf=_leaf(occurrence, event.timezone, now=now, language=language),
        moment=phrasing.sentence(
            phrasing.moment(occurrence, event.timezone, now=now, language=language)
        ),
        place=_place(event),
        distance=None
        if found.distance_km is None
        else phrasing.distance_words(found.distance_km, language),
        price=None if is_free else phrasing.price_words(event.price, language),
        is_price_known=event.price.kind is not PriceKind.UNKNOWN,
        description=event.description,
        banner=banner(event, language),
        badges=(*_facts(event, language), *cautions),
        accessibility=tuple(
            name.removeprefix("handicap ").removesuffix(" impairment")
            for name in phrasing.accessibility_names(event.accessibility, language)
        ),
        lat=at.lat if at else None,
        lon=at.lon if at else None,
        is_approximate=bool(event.venue and event.venue.is_approximate),
        reasons=", ".join(reasons) or None,
        image_url=web_address(event.image_url),
        image_credits=event.image_credits,
        poster_url=picture_address(event),
        url=web_address(event.attribution.url),
        is_example=is_example(event),
    )


def badges(event: Event, language: Language) -> tuple[Badge, ...]:
    """What is good to know of an event as such."""
    return tuple(_facts(event, language))


def banner(event: Event, language: Language) -> Badge | None:
    """That an event does not take place as planned."""
    words = texts(language)
    match event.status:
        case Status.FULL:
            return Badge(words["full"], "warning")
        case Status.CANCELLED:
            return Badge(words["cancelled"], "warning")
        case Status.POSTPONED:
            return Badge(words["postponed"], "caution")
        case Status.RESCHEDULED | Status.MOVED_ONLINE:
            return Badge(words["rescheduled"], "caution")
        case Status.SCHEDULED:
            return None


def is_example(event: Event) -> bool:
    """Whether the event is an invented one of the sample catalogue."""
    return SAMPLE_MARK in (event.attribution.agenda_title or "")


def web_address(url: str | None) -> str | None:
    """The address when a browser may follow it: never `javascript:` and the like."""
    return url if url and url.lower().startswith(("https://", "http://")) else None


def booking_links(event: Event) -> list[tuple[str, str | None]]:
    """(words, address) of each way to book."""
    links: list[tuple[str, str | None]] = []
    for kind, value in event.registration:
        match kind:
            case "email":
                links.append((value, f"mailto:{value}"))
            case "phone":
                links.append((value, f"tel:{''.join(value.split())}"))
            case _:
                links.append((value.removeprefix("https://").rstrip("/"), web_address(value)))
    return links


def _facts(event: Event, language: Language) -> Iterable[Badge]:
    words = texts(language)
    if event.price.kind is PriceKind.FREE:
        yield Badge(phrasing.price_words(event.price, language), "good")
    if event.attendance is not Attendance.ONSITE:
        yield Badge(words["online"], "plain")
    ages = phrasing.ages_words(event.age_min, event.age_max, language)
    if ages:
        yield Badge(ages, "plain")


def _leaf(occurrence: Occurrence, timezone: str, *, now: datetime, language: Language) -> Leaf:
    zone = ZoneInfo(timezone)
    start = occurrence.starts_at.astimezone(zone).date()
    last = (occurrence.ends_at.astimezone(zone) - timedelta(microseconds=1)).date()
    words = texts(language)
    if occurrence.is_possible or occurrence.ends_at - occurrence.starts_at > _LONG:
        has_begun = start <= now.astimezone(zone).date()
        day, above = (last, words["until"]) if has_begun else (start, words["from"])
    else:
        day, above = start, phrasing.short_weekday(start, language)
    return Leaf(above, str(day.day), phrasing.short_month(day, language), day.isoformat())


def _place(event: Event) -> str | None:
    venue = event.venue
    if venue is None:
        return None
    names = [venue.name, venue.city]
    if venue.name and venue.city and venue.city.casefold() in venue.name.casefold():
        names = [venue.name]
    return ", ".join(name for name in names if name) or None
