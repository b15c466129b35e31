"""What the page of one event says, worked out from its facts. Pure. Enter at `facts`."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from puls import phrasing
from puls.catalogue.event import Event, Occurrence, Status
from puls.geo.distance import Coordinates, great_circle_km
from puls.phrasing import Language
from puls.ui.cards import Badge, badges, booking_links, is_example, web_address
from puls.ui.event.dates import dates
from puls.ui.plain_words import plain_line
from puls.ui.posters.drawing import picture_address
from puls.ui.texts import texts

_BANNERS: dict[Status, str] = {
    Status.CANCELLED: "banner_cancelled",
    Status.POSTPONED: "banner_postponed",
    Status.FULL: "banner_full",
    Status.RESCHEDULED: "banner_rescheduled",
    Status.MOVED_ONLINE: "banner_moved_online",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessView:
    """One statement of the organiser's. `is_good` False: they state the contrary."""

    words: str
    is_good: bool


def facts(
    event: Event,
    occurrence: Occurrence | None,
    *,
    start: Coordinates | None,
    now: datetime,
    language: Language,
) -> dict[str, Any]:
    """Values of the template. `occurrence`: the date it speaks of; `start`: where the visitor said they are."""
    today = now.astimezone(ZoneInfo(event.timezone)).date()
    updated_at = event.attribution.updated_at
    return {
        "event": event,
        "title": plain_line(event.title),
        "category_name": phrasing.category_name(event.category, language),
        "banner": banner(event, language),
        "badges": [badge for badge in badges(event, language) if badge.tone != "good"],
        "moment": moment(event, occurrence, now=now, language=language),
        "distance": distance(event, start, language),
        "dates": dates(event, now=now, language=language),
        "paragraphs": [line for line in (event.details or "").splitlines() if line.strip()],
        "address": address_lines(event),
        "price": phrasing.price_words(event.price, language),
        "ages": phrasing.ages_words(event.age_min, event.age_max, language),
        "accessibility": accessibility(event, language),
        "booking": booking_links(event),
        "online_url": web_address(event.online_url),
        "image_url": web_address(event.image_url),
        "poster_url": picture_address(event),
        "url": web_address(event.attribution.url),
        "is_example": is_example(event),
        "updated_on": None
        if updated_at is None
        else phrasing.day_and_month(updated_at.date(), today=today, language=language),
    }


def banner(event: Event, language: Language) -> Badge | None:
    """What changes the evening, in a sentence at the top."""
    key = _BANNERS.get(event.status)
    if key is None:
        return None
    stops = event.status in {Status.CANCELLED, Status.POSTPONED, Status.FULL}
    return Badge(texts(language)[key], "warning" if stops else "caution")


def moment(
    event: Event, occurrence: Occurrence | None, *, now: datetime, language: Language
) -> str:
    """« Ce soir, 20 h 30 »; that it is over when nothing is to come."""
    if occurrence is None:
        return texts(language)["no_more_dates"].rstrip(".")
    told = phrasing.moment(occurrence, event.timezone, now=now, language=language)
    return phrasing.sentence(told)


def distance(event: Event, start: Coordinates | None, language: Language) -> str | None:
    at = event.venue.coordinates if event.venue else None
    if at is None or start is None:
        return None
    return phrasing.distance_words(great_circle_km(start, at), language)


def accessibility(event: Event, language: Language) -> list[AccessView]:
    """What the organiser states, for and against, in people's words."""
    words = texts(language)
    good = [
        AccessView(words=name, is_good=True)
        for name in phrasing.accessibility_names(event.accessibility, language)
    ]
    against = [
        AccessView(words=words[f"not_accessible_{code.value}"], is_good=False)
        for code in sorted(event.not_accessible)
    ]
    return [*good, *against]


def address_lines(event: Event) -> list[str]:
    """Name, street, town; the town once."""
    venue = event.venue
    if venue is None:
        return []
    town = " ".join(part for part in (venue.postcode, venue.city) if part)
    if venue.address and venue.city and venue.city.casefold() in venue.address.casefold():
        town = ""
    return [line for line in (venue.name, venue.address, town) if line]
