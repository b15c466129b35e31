"""The page of one event: what it is, when and where, and what a visitor can do about it, booking first.

Rendered whole by the server at an address that stays; search engines and messengers read it too.
"""

from datetime import date, datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from puls.bootstrap import Puls
from puls.catalogue.event import Event, Occurrence
from puls.errors import DatabaseUnavailableError, NotFoundError
from puls.geo.distance import Coordinates
from puls.monitoring import BOOKINGS
from puls.phrasing import Language
from puls.ui.cards import web_address
from puls.ui.event.around import around
from puls.ui.event.booking import booking_target, first_action
from puls.ui.event.came_from import came_from
from puls.ui.event.dates import calendar_address, chosen
from puls.ui.event.facts import facts
from puls.ui.event.for_machines import for_machines
from puls.ui.links import Asked, Links, event_address
from puls.ui.plans.directions import ways_to
from puls.ui.public_address import public_base
from puls.ui.rendering import page
from puls.ui.requests import TheMoment, ThePuls, TheTongue, limited, search_place
from puls.ui.tiles import tiles_of
from puls.ui.web.view import CheckView, check_view
from puls.web_search.keeping.checks import Checks
from puls.web_search.values import Outcome

UID_PATTERN = r"^[^\x00-\x1f\x7f]{1,200}$"
Uid = Annotated[str, Path(pattern=UID_PATTERN)]

_SAYS_NOTHING = {Outcome.NOT_CHECKED, Outcome.UNREADABLE}
_CHECK_COUNTS = timedelta(days=7)  # older, it says little of an evening to come

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)


@router.api_route(
    "/evenement/{uid}",
    methods=["GET", "HEAD"],
    dependencies=[Depends(search_place), Depends(limited("request"))],
)
async def event_page(
    *,
    uid: Uid,
    request: Request,
    puls: ThePuls,
    now: TheMoment,
    tongue: TheTongue,
    jour: Annotated[date | None, Query(description="the day the visitor asked about")] = None,
) -> HTMLResponse:
    """One event: what to do about it, all its dates, its place, its price, who says so, and what is near it."""
    stored = await puls.catalogue.event(uid)
    language = tongue.chosen or tongue.preferred
    other: Language = "en" if language == "fr" else "fr"
    before = came_from(request, language)
    occurrence = chosen(stored.event, jour, now=now)
    return page(
        "event.html",
        language=language,
        links=Links(asked=Asked(language=tongue.chosen), other_language=event_address(uid, other)),
        other_uids=stored.other_uids,
        before=before,
        tiles=tiles_of(puls.settings.map_tiles, language),
        check=await _last_check(stored.event, puls, now=now, language=language),
        around=await around(stored.event, puls=puls, now=now, language=language),
        **facts(stored.event, occurrence, start=before.position, now=now, language=language),
        **_actions(
            stored.event, occurrence, before.position, puls=puls, now=now, language=language
        ),
        **for_machines(stored, public_base(request, puls), now=now, language=language),
    )


@router.get("/evenement/{uid}/reserver", dependencies=[Depends(limited("request"))])
async def go_booking(uid: Uid, puls: ThePuls, now: TheMoment) -> Response:
    """Lead to where one books, and count that somebody went: neither who nor to which event.

    Raises:
        NotFoundError: the event is unknown, or names no page.
    """
    event = (await puls.catalogue.event(uid)).event
    action = first_action(event, now=now, language="fr")
    target = booking_target(event)
    if action is not None and action.to == "registration" and target is not None:
        address: str | None = target[1]
    else:
        address = web_address(event.attribution.url)
    if action is None or address is None:
        raise NotFoundError("This event names no page to book on.")
    BOOKINGS.labels("registration" if action.to == "registration" else "organiser").inc()
    return RedirectResponse(address, status_code=302, headers={"Cache-Control": "no-store"})


@router.post("/evenement/{uid}/reserver", dependencies=[Depends(limited("request"))])
async def went_booking(uid: Uid, puls: ThePuls) -> Response:
    """The same by phone or e-mail, told by the page: those links leave without passing by here."""
    target = booking_target((await puls.catalogue.event(uid)).event)
    if target is not None and target[0] in {"phone", "email"}:
        BOOKINGS.labels(target[0]).inc()
    return Response(status_code=204)


def _actions(
    event: Event,
    occurrence: Occurrence | None,
    start: Coordinates | None,
    *,
    puls: Puls,
    now: datetime,
    language: Language,
) -> dict[str, Any]:
    """Addresses of what a visitor can do; None where it makes no sense."""
    at = event.venue.coordinates if event.venue else None
    return {
        "first": first_action(event, now=now, language=language),
        "calendar_url": occurrence and calendar_address(event.uid, occurrence, language),
        "all_dates_url": calendar_address(event.uid, None, language)
        if len(event.coming(now)) > 1
        else None,
        "map_url": at
        and f"https://www.openstreetmap.org/?mlat={at.lat}&mlon={at.lon}#map=17/{at.lat}/{at.lon}",
        "ways": ways_to(at, puls.settings.directions, start=start, language=language) if at else [],
        "geo_url": at and f"geo:{at.lat},{at.lon}?q={at.lat},{at.lon}",
    }


async def _last_check(
    event: Event, puls: Puls, *, now: datetime, language: Language
) -> CheckView | None:
    """What was last seen of it on the web, when somebody looked; the page itself looks nowhere."""
    if puls.web is None:
        return None
    try:
        check = (await Checks(puls.database).last([event.uid])).get(event.uid)
    except DatabaseUnavailableError:
        return None
    if check is None or check.outcome in _SAYS_NOTHING or now - check.at > _CHECK_COUNTS:
        return None
    return check_view(check, language=language, timezone=puls.settings.timezone)
