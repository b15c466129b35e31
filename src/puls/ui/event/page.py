"""The page of one event: its dates, its place, its price, who says so, and what a visitor can do about it.

Rendered whole by the server at an address that stays; search engines and messengers read it too.
"""

from datetime import datetime
from typing import Annotated, Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Path, Request
from starlette.responses import HTMLResponse

from puls import phrasing
from puls.catalogue.event import Event, Status
from puls.catalogue.store import StoredEvent
from puls.phrasing import Language
from puls.ui.cards import (
    Badge,
    badges,
    booking_links,
    dates,
    is_example,
    web_address,
)
from puls.ui.links import Asked, Links, event_address
from puls.ui.plain_words import plain_line
from puls.ui.public_address import public_base
from puls.ui.rendering import page
from puls.ui.requests import TheMoment, ThePuls, TheTongue, limited, search_place
from puls.ui.event.structured_data import event_json_ld
from puls.ui.texts import texts

UID_PATTERN = r"^[^\x00-\x1f\x7f]{1,200}$"
_SUMMARY_LENGTH = 200  # characters; messengers show fewer
_BANNERS: dict[Status, str] = {
    Status.CANCELLED: "banner_cancelled",
    Status.POSTPONED: "banner_postponed",
    Status.FULL: "banner_full",
    Status.RESCHEDULED: "banner_rescheduled",
    Status.MOVED_ONLINE: "banner_moved_online",
}

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)


@router.api_route(
    "/evenement/{uid}",
    methods=["GET", "HEAD"],
    dependencies=[Depends(search_place), Depends(limited("request"))],
)
async def event_page(
    uid: Annotated[str, Path(pattern=UID_PATTERN)],
    request: Request,
    puls: ThePuls,
    now: TheMoment,
    tongue: TheTongue,
) -> HTMLResponse:
    """One event: all its dates, its place, its price, and who says so."""
    stored = await puls.catalogue.event(uid)
    language = tongue.chosen or tongue.preferred
    other: Language = "en" if language == "fr" else "fr"
    return page(
        "event.html",
        language=language,
        links=Links(asked=Asked(language=tongue.chosen), other_language=event_address(uid, other)),
        other_uids=stored.other_uids,
        **_facts(stored.event, now=now, language=language),
        **_actions(stored.event, now=now, language=language),
        **_for_machines(stored, public_base(request, puls), now=now, language=language),
    )


def _facts(event: Event, *, now: datetime, language: Language) -> dict[str, Any]:
    today = now.astimezone(ZoneInfo(event.timezone)).date()
    updated_at = event.attribution.updated_at
    return {
        "event": event,
        "title": plain_line(event.title),
        "category_name": phrasing.category_name(event.category, language),
        "banner": _banner(event, language),
        "badges": badges(event, language),
        "dates": dates(event.occurrences, event.timezone, now=now, language=language),
        "paragraphs": [line for line in (event.details or "").splitlines() if line.strip()],
        "address": _address(event),
        "price": phrasing.price_words(event.price, language),
        "ages": phrasing.ages_words(event.age_min, event.age_max, language),
        "accessibility": phrasing.accessibility_names(event.accessibility, language),
        "booking": booking_links(event),
        "online_url": web_address(event.online_url),
        "image_url": web_address(event.image_url),
        "url": web_address(event.attribution.url),
        "is_example": is_example(event),
        "updated_on": None
        if updated_at is None
        else phrasing.day_and_month(updated_at.date(), today=today, language=language),
    }


def _banner(event: Event, language: Language) -> Badge | None:
    """What changes the evening, in a sentence at the top."""
    key = _BANNERS.get(event.status)
    if key is None:
        return None
    stops = event.status in {Status.CANCELLED, Status.POSTPONED, Status.FULL}
    return Badge(texts(language)[key], "warning" if stops else "caution")


def _actions(event: Event, *, now: datetime, language: Language) -> dict[str, Any]:
    """Addresses of what a visitor can do; None where it makes no sense."""
    at = event.venue.coordinates if event.venue else None
    calendar = f"/v1/events/{quote(event.uid, safe='')}/calendar.ics?lang={language}"
    return {
        "calendar_url": calendar if event.coming(now) else None,
        "map_url": at
        and f"https://www.openstreetmap.org/?mlat={at.lat}&mlon={at.lon}#map=17/{at.lat}/{at.lon}",
        "directions_url": at and f"https://www.openstreetmap.org/directions?to={at.lat}%2C{at.lon}",
        "geo_url": at and f"geo:{at.lat},{at.lon}?q={at.lat},{at.lon}",
    }


def _for_machines(
    stored: StoredEvent, base: str, *, now: datetime, language: Language
) -> dict[str, Any]:
    """What search engines and messengers read. What is not on, or was invented, is not to be listed."""
    event, is_gone = stored.event, stored.removed_at is not None
    addresses = {
        "fr": base + event_address(event.uid, None),
        "en": base + event_address(event.uid, "en"),
    }
    return {
        "is_gone": is_gone,
        "is_listed": not is_gone and not is_example(event),
        "addresses": addresses,
        "canonical": addresses[language],
        "summary": _summary(event, language),
        "json_ld": None
        if is_gone
        else event_json_ld(event, now=now, address=addresses[language], language=language),
    }


def _summary(event: Event, language: Language) -> str:
    """One line for a link to the page."""
    told = plain_line(event.description or event.details or "")
    if len(told) > _SUMMARY_LENGTH:
        told = told[:_SUMMARY_LENGTH].rsplit(" ", 1)[0] + "…"
    if is_example(event):
        return (
            f"{texts(language)['example']} : {told}"
            if language == "fr"
            else f"{texts(language)['example']}: {told}"
        )
    place = [phrasing.category_name(event.category, language), *_address(event)[:1]]
    return told or ", ".join(map(plain_line, place))


def _address(event: Event) -> list[str]:
    venue = event.venue
    if venue is None:
        return []
    town = " ".join(part for part in (venue.postcode, venue.city) if part)
    if venue.address and venue.city and venue.city.casefold() in venue.address.casefold():
        town = ""
    return [line for line in (venue.name, venue.address, town) if line]
