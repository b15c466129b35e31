"""`GET /suggestions`: what the letters typed so far may become, for the boxes of the page.

Answered from memory, so a visitor may ask at each letter. Nothing of what is typed is kept or logged.
"""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel
from starlette.responses import Response

from puls.catalogue.event import Category
from puls.phrasing import Language
from puls.retrieval.suggesting.names import Name
from puls.retrieval.suggesting.suggestions import Suggestions
from puls.ui.home.towns import town_of
from puls.ui.links import event_address
from puls.ui.requests import ThePuls, TheTongue
from puls.ui.seeking.address import Search
from puls.ui.texts import texts

router = APIRouter(include_in_schema=False)

_KEPT = "private, max-age=120"
_TOWNS: frozenset[Literal["town"]] = frozenset({"town"})


class Suggested(BaseModel):
    """One suggestion. `value`: what it writes into a box for towns; `address`: where it leads from any other box."""

    kind: Literal["town", "kind", "venue", "event"]
    name: str
    beside: str
    value: str
    address: str


class SuggestedAll(BaseModel):
    """Suggestions, best first."""

    suggestions: list[Suggested]


@router.get("/suggestions")
async def suggestions(
    *,
    request: Request,
    response: Response,
    puls: ThePuls,
    tongue: TheTongue,
    q: Annotated[str, Query(max_length=200)] = "",
    of: Literal["all", "town"] = "all",
) -> SuggestedAll:
    """What is called so, or nearly: towns, kinds, venues, what is on."""
    known: Suggestions = request.app.state.suggestions
    language = tongue.chosen or tongue.preferred
    town = town_of(request, puls.gazetteer)
    names = await known.like(q, language=language, kinds=_TOWNS if of == "town" else None)
    response.headers["Cache-Control"] = _KEPT
    response.headers["Vary"] = "Accept-Language, Cookie"
    place = f"{town.name} ({town.department_code})" if town else None
    return SuggestedAll(
        suggestions=[_suggested(one, place, language, tongue.chosen, puls) for one in names]
    )


def _suggested(
    name: Name, place: str | None, language: Language, chosen: Language | None, puls: ThePuls
) -> Suggested:
    value, beside = name.name, name.beside
    if name.kind == "town":
        commune = puls.gazetteer.commune(name.key)
        value = f"{name.name} ({commune.department_code})" if commune else name.name
        address = Search(place=value, language=chosen).address
    elif name.kind == "kind":
        beside = place or ""
        address = Search(kinds=(Category(name.key),), place=place, language=chosen).address
    elif name.kind == "venue":
        commune = puls.gazetteer.commune(name.key) if name.key else None
        in_town = f"{commune.name} ({commune.department_code})" if commune else None
        address = Search(text=name.name, place=in_town, language=chosen).address
    else:
        address = event_address(name.key, chosen)
    labels = texts(language)
    return Suggested(
        kind=name.kind,
        name=name.name,
        beside=" · ".join(filter(None, (labels[f"suggested_{name.kind}"], beside))),
        value=value,
        address=address,
    )
