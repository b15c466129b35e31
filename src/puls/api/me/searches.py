"""`/v1/me/searches`: searches that a visitor keeps, and what is new in them."""

from dataclasses import replace
from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Response, status
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from puls.api.parameters import FilterParameters
from puls.api.problems import documented
from puls.api.schemas import FoundEventShape, found_event
from puls.errors import InvalidInputError
from puls.returning.saved import LONGEST_NAME, MOST_SAVED, SavedSearch, check_may_be_kept
from puls.returning.whats_new import Look
from puls.ui.absent import NullIsAbsent
from puls.ui.requests import (
    KnownVisitor,
    TheMoment,
    ThePuls,
    TheVisitor,
    limited,
    search_place,
)

_SHOWN = 10
_Name = Annotated[
    str, StringConstraints(min_length=1, max_length=LONGEST_NAME, strip_whitespace=True)
]
_How = Literal["none", "daily", "weekly"]
SavedId = Annotated[UUID, Path(description="as in the list")]

router = APIRouter(
    prefix="/v1/me/searches",
    tags=["me"],
    dependencies=[Depends(search_place), Depends(limited("request"))],
)


class SearchToKeep(FilterParameters):
    """A question as `/v1/search` takes it, without a position: Puls keeps none."""

    q: str = Field(default="", max_length=2000, examples=["concert ce week-end à Lyon"])
    name: _Name | None = Field(default=None, description="by default the words")


class SavedChange(NullIsAbsent):
    """What is absent stays as it is."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: _Name | None = None
    letters: _How | None = Field(
        default=None,
        description="how often news is written to the confirmed address: see /v1/me/letters",
    )


class SavedShape(BaseModel):
    """A kept search and what is new in it since it was last seen."""

    id: UUID
    name: str
    q: str
    letters: _How
    created_at: datetime
    seen_at: datetime
    new: int = Field(
        description="events on the theme that were not there, or not dated so, at `seen_at`"
    )
    events: list[FoundEventShape] = Field(description="the first of them, best first")
    unreadable: str | None = Field(
        default=None, description="why it cannot be asked any more, such as a place that is gone"
    )

    @classmethod
    def of(cls, saved: SavedSearch, look: Look | None, *, unreadable: str | None = None) -> Self:
        new = look.new if look else ()
        return cls(
            id=saved.id,
            name=saved.name,
            q=saved.text,
            letters=saved.letters,
            created_at=saved.created_at,
            seen_at=saved.seen_at,
            new=len(new),
            events=[found_event(one) for one in new[:_SHOWN]],
            unreadable=unreadable,
        )


class SavedSearchesShape(BaseModel):
    """What the visitor keeps, the latest first."""

    searches: list[SavedShape]


class SavedIdShape(BaseModel):
    """The kept search."""

    id: UUID


@router.get(
    "",
    operation_id="saved_searches",
    summary="See the searches I keep, and what is new in them",
    responses=documented(401, 429),
)
async def saved_searches(
    visitor: KnownVisitor, puls: ThePuls, now: TheMoment
) -> SavedSearchesShape:
    """Reading changes nothing; `POST …/seen` says that the news was seen."""
    shapes = []
    for saved in await puls.saved_searches.all(visitor.id):
        try:
            shapes.append(SavedShape.of(saved, await puls.whats_new.look(saved, now=now)))
        except InvalidInputError as error:
            shapes.append(SavedShape.of(saved, None, unreadable=str(error)))
    return SavedSearchesShape(searches=shapes)


@router.post(
    "",
    operation_id="save_search",
    summary="Keep a search",
    description=f"At most {MOST_SAVED}. The same question twice is one. Kept for 13 months after it was last seen.",
    status_code=status.HTTP_201_CREATED,
    responses=documented(401, 409, 422, 429),
)
async def save_search(
    asked: SearchToKeep, visitor: TheVisitor, puls: ThePuls, now: TheMoment
) -> SavedIdShape:
    given = replace(asked.given(), position=None)
    look = await puls.whats_new.first(asked.q, given, now=now)
    check_may_be_kept(look.answer.understood)
    saved_id = await puls.saved_searches.save(
        visitor,
        name=asked.name or " ".join(asked.q.split()) or _named_by(look),
        text=asked.q,
        given=given,
        known=look.known,
        now=now,
    )
    return SavedIdShape(id=saved_id)


@router.patch(
    "/{saved_id}",
    operation_id="change_search",
    summary="Rename a kept search, or say how often its news is written",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=documented(401, 404, 422, 429),
)
async def change_search(
    saved_id: SavedId, change: SavedChange, visitor: KnownVisitor, puls: ThePuls, now: TheMoment
) -> Response:
    """Letters want an address first: 422 says so."""
    if change.letters not in {None, "none"} and not await puls.people.letters.address(visitor.id):
        raise InvalidInputError(
            "Letters need an address that its owner confirmed; ask for one with POST /v1/me/letters."
        )
    await puls.saved_searches.change(
        visitor.id, saved_id, name=change.name, letters=change.letters, now=now
    )
    return Response(status_code=status.HTTP_204_NO_CONTENT)


@router.post(
    "/{saved_id}/seen",
    operation_id="seen_search",
    summary="Have seen what is new in a search",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=documented(401, 404, 422, 429),
)
async def seen_search(
    saved_id: SavedId, visitor: KnownVisitor, puls: ThePuls, now: TheMoment
) -> Response:
    """From now on only what comes later is new."""
    saved = await puls.saved_searches.one(visitor.id, saved_id)
    look = await puls.whats_new.look(saved, now=now)
    await puls.saved_searches.seen(visitor.id, saved_id, look.known, now=now)
    return Response(status_code=status.HTTP_204_NO_CONTENT)


@router.delete(
    "/{saved_id}",
    operation_id="forget_search",
    summary="Keep a search no longer",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=documented(401, 422, 429),
)
async def forget_search(saved_id: SavedId, visitor: KnownVisitor, puls: ThePuls) -> Response:
    """Also one that was not kept."""
    await puls.saved_searches.forget(visitor.id, saved_id)
    return Response(status_code=status.HTTP_204_NO_CONTENT)


def _named_by(look: Look) -> str:
    return ", ".join(chip.fr for chip in look.answer.understood.chips) or "recherche"
