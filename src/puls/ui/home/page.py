"""The home page: something to do in the visitor's town before a word is typed. Enter at `home_page`."""

from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from fastapi import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from puls import phrasing
from puls.bootstrap import Puls
from puls.errors import InvalidInputError
from puls.geo.gazetteer import Commune
from puls.phrasing import Language
from puls.ui.cards import Card, card
from puls.ui.home.shelves import Home, Shelf, Shelves
from puls.ui.home.towns import forget, remember, town_named, town_of
from puls.ui.links import Asked, Links
from puls.ui.rendering import page
from puls.ui.texts import examples, examples_in, texts
from puls.ui.tiles import tiles_of


@dataclass(frozen=True, slots=True, kw_only=True)
class ShelfView:
    """A shelf as its template shows it."""

    name: str
    title: str
    count: int | None
    address: str
    cards: list[Card]


async def home_page(
    request: Request, asked: Asked, *, puls: Puls, language: Language, now: datetime
) -> Response:
    """The shelves of the town that the browser remembers, else of all France; `?ville=` chooses one, empty forgets it."""
    named = request.query_params.get("ville")
    if named is None:
        town = town_of(request, puls.gazetteer)
        return await _shown(request, asked, town, puls=puls, language=language, now=now)
    again = RedirectResponse(asked.address, status_code=303)
    if not named.strip():
        forget(again, request=request)
        return again
    try:
        remember(again, town_named(named[:100], puls.gazetteer), request=request)
    except InvalidInputError:
        return await _shown(
            request, asked, None, puls=puls, language=language, now=now, wrong=named[:100]
        )
    return again


async def _shown(
    request: Request,
    asked: Asked,
    town: Commune | None,
    *,
    puls: Puls,
    language: Language,
    now: datetime,
    wrong: str | None = None,
) -> HTMLResponse:
    shelves: Shelves = request.app.state.shelves
    home = await shelves.of(town, now=now)
    other: Language = "en" if language == "fr" else "fr"
    words = texts(language)
    return page(
        "talk.html",
        language=language,
        links=Links(asked=asked, other_language=replace(asked, language=other).address),
        turns=(),
        conversation=None,
        tiles=tiles_of(puls.settings.map_tiles, language),
        web_usual=puls.web and puls.web.usual,
        examples=examples_in(language, town.name) if town else examples(language),
        home=home,
        town=town,
        wrong_town=wrong,
        shelves=[_view(shelf, home, asked, now=now, language=language) for shelf in home.shelves],
        place=_place(home, language),
        placeholder=words["placeholder_here"] if town else words["placeholder"],
        standing=_standing(home, now=now, timezone=puls.settings.timezone, language=language),
    )


def _view(
    shelf: Shelf, home: Home, asked: Asked, *, now: datetime, language: Language
) -> ShelfView:
    cards = [card(one, now=now, language=language) for one in shelf.events]
    if home.radius_km is None and home.town is None:
        cards = [replace(one, distance=None) for one in cards]
    return ShelfView(
        name=shelf.name,
        title=texts(language)[f"shelf_{shelf.name}"],
        count=shelf.count,
        address=replace(shelf.search, language=asked.language).address,
        cards=cards,
    )


def _place(home: Home, language: Language) -> str:
    """« à Lyon », « autour de Crest (30 km) », « en France »."""
    words = texts(language)
    if home.town is None:
        return words["in_france"]
    if home.radius_km is None:
        return words["in_town"].format(town=home.town.name)
    return words["around_town"].format(town=home.town.name, km=f"{home.radius_km:g}")


def _standing(home: Home, *, now: datetime, timezone: str, language: Language) -> str:
    """How many events are to come, where they are from and as of when."""
    words, standing = texts(language), home.standing
    number = f"{standing.to_come:,}"
    if language == "fr":
        number = number.replace(",", "\N{NO-BREAK SPACE}")
    said = words["standing_sample" if standing.is_sample else "standing"].format(number=number)
    if standing.read_at is None:
        return f"{said}."
    when = standing.read_at.astimezone(ZoneInfo(timezone))
    today = now.astimezone(ZoneInfo(timezone)).date()
    day = phrasing.day_name(when.date(), today=today, language=language)
    clock = phrasing.clock(when, language)
    return f"{said}{words['standing_as_of'].format(day=day, clock=clock)}."
