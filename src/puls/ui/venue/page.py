"""`/lieu/KEY/NAME`: a venue and what is still to come there. The key alone counts; the name is for whoever reads the address."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request
from starlette.responses import HTMLResponse

from puls.catalogue.event import Venue
from puls.catalogue.venues import events_at, known_venue
from puls.geo.distance import great_circle_km
from puls.phrasing import Language, distance_words
from puls.ui.event.around import minis
from puls.ui.event.came_from import came_from
from puls.ui.links import Asked, Links, venue_address
from puls.ui.plain_words import plain_line
from puls.ui.plans.directions import ways_to
from puls.ui.posters.drawing import poster_address
from puls.ui.public_address import public_base
from puls.ui.rendering import page
from puls.ui.requests import TheMoment, ThePuls, TheTongue, limited, search_place
from puls.understanding.wish import Wish

_STEP, _MOST = 24, 240
_KEY = r"^[^\x00-\x1f\x7f]{1,200}$"

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)


@router.api_route(
    "/lieu/{key}",
    methods=["GET", "HEAD"],
    dependencies=[Depends(search_place), Depends(limited("request"))],
)
@router.api_route(
    "/lieu/{key}/{name}",
    methods=["GET", "HEAD"],
    dependencies=[Depends(search_place), Depends(limited("request"))],
)
async def venue_page(
    *,
    key: Annotated[str, Path(pattern=_KEY)],
    request: Request,
    puls: ThePuls,
    now: TheMoment,
    tongue: TheTongue,
    limit: Annotated[int, Query(ge=1, le=_MOST)] = _STEP,
) -> HTMLResponse:
    """What is on there, soonest first; `limit` more at a time."""
    known = await known_venue(puls.database, key)
    uids, count = await events_at(puls.database, known.keys, now=now, limit=limit)
    found = await puls.search.events(uids, Wish(), now=now)
    language = tongue.chosen or tongue.preferred
    other: Language = "en" if language == "fr" else "fr"
    venue, before = known.venue, came_from(request, language)
    name, base = plain_line(venue.name or ""), public_base(request, puls)
    links = Links(
        asked=Asked(language=tongue.chosen),
        other_language=venue_address(known.main_key, name, other),
    )
    at = venue.coordinates
    return page(
        "venue.html",
        language=language,
        links=links,
        before=before,
        name=name,
        city=venue.city,
        at=at,
        address=_address(venue),
        distance=distance_words(great_circle_km(before.position, at), language)
        if before.position and at
        else None,
        ways=ways_to(at, puls.settings.directions, start=before.position, language=language)
        if at
        else [],
        minis=minis(found, now=now, language=language),
        count=count,
        more=f"{venue_address(known.main_key, name, tongue.chosen)}"
        f"{'&' if tongue.chosen else '?'}limit={min(_MOST, limit + _STEP)}"
        if count > len(found) and limit < _MOST
        else None,
        canonical=base + venue_address(known.main_key, name, None if language == "fr" else "en"),
        is_listed=bool(count) and not await puls.catalogue.holds_only("sample"),
        og_image=base + poster_address(found[0].event.category, name, kind="png")
        if found
        else None,
    )


def _address(venue: Venue) -> list[str]:
    town = " ".join(part for part in (venue.postcode, venue.city) if part)
    if venue.address and venue.city and venue.city.casefold() in venue.address.casefold():
        town = ""
    return [line for line in (venue.address, town) if line]
