"""The visitor's town: chosen by name or found from a position on request, remembered by a cookie that names it and nothing else.

The cookie holds a commune's INSEE code; a position serves the one look-up and is kept nowhere. Enter at `town_of`.
"""

import asyncio
import re
from datetime import timedelta
from functools import cache
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from puls.errors import InvalidInputError
from puls.geo.distance import coarse_position
from puls.geo.gazetteer import Commune, Gazetteer
from puls.ui.requests import TOWN_COOKIE, ThePuls, limited
from puls.understanding.given import place_named

router = APIRouter(include_in_schema=False)

_REMEMBERED = timedelta(days=365)
_CODE = re.compile(r"\d[\dAB]\d{3}")
_LEAST_POPULATION = 2_000  # a hamlet is named after the town that people go out in


class Position(BaseModel):
    """Where a visitor is, in degrees."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)

    lat: Annotated[float, Field(ge=-90, le=90)]
    lon: Annotated[float, Field(ge=-180, le=180)]


class Town(BaseModel):
    """A town as the page names it."""

    name: str
    code: str


@router.post("/ville", dependencies=[Depends(limited("request"))])
async def town_near(
    position: Position, request: Request, response: Response, puls: ThePuls
) -> Town:
    """The town around a position, remembered from now on; the position is not."""
    at = coarse_position(position.lat, position.lon)
    towns = await asyncio.to_thread(_towns, puls.gazetteer)
    nearest = puls.gazetteer.nearest(towns, at)[0]
    remember(response, nearest, request=request)
    return Town(name=nearest.name, code=nearest.code)


def town_of(request: Request, gazetteer: Gazetteer) -> Commune | None:
    """The town that the browser remembers; None without one or when no such commune exists."""
    code = request.cookies.get(TOWN_COOKIE, "")
    return gazetteer.commune(code) if _CODE.fullmatch(code) else None


def town_named(name: str, gazetteer: Gazetteer) -> Commune:
    """The commune that a typed name means: « Lyon », « lyon 3e », « Crest (26) », « 69003 ».

    Raises:
        InvalidInputError: no commune of France is called so.
    """
    where = place_named(name, gazetteer)
    if where.commune_codes:
        commune = gazetteer.commune(where.commune_codes[0])
    elif where.postcodes:
        arrondissement = gazetteer.arrondissements.get(where.postcodes[0])
        of_postcode = gazetteer.communes_of_postcode(where.postcodes[0])
        commune = (
            gazetteer.commune(arrondissement.city_code)
            if arrondissement
            else next(iter(of_postcode), None)
        )
    else:
        commune = None
    if commune is None:
        raise InvalidInputError(f"{name!r} is no commune of France.")
    return commune


def remember(response: Response, town: Commune, *, request: Request) -> None:
    response.set_cookie(
        TOWN_COOKIE,
        town.code,
        max_age=int(_REMEMBERED.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
    )


def forget(response: Response, *, request: Request) -> None:
    response.delete_cookie(
        TOWN_COOKIE, httponly=True, samesite="lax", secure=request.url.scheme == "https"
    )


@cache
def _towns(gazetteer: Gazetteer) -> tuple[Commune, ...]:
    return tuple(
        commune for commune in gazetteer.communes() if commune.population >= _LEAST_POPULATION
    )
