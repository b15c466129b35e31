"""`/v1/me/letters`: to which address a visitor's news is written, once its owner has confirmed it from the mailbox."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Response, status
from pydantic import BaseModel, ConfigDict, Field

from puls.api.problems import documented
from puls.errors import InvalidInputError
from puls.phrasing import Language
from puls.returning.letters import (
    LONGEST_ADDRESS,
    LettersOffError,
    checked_address,
    may_write_to,
)
from puls.returning.tokens import CONFIRMED_WITHIN, Confirmation
from puls.ui.absent import NullIsAbsent
from puls.ui.requests import KnownVisitor, TheMoment, ThePuls, TheVisitor, limited

router = APIRouter(prefix="/v1/me/letters", tags=["me"], dependencies=[Depends(limited("request"))])


class LettersShape(BaseModel):
    """Where letters go. `available`: whether this Puls writes any."""

    available: bool
    address: str | None
    confirmed_at: datetime | None


class LettersWanted(NullIsAbsent):
    """An address to ask."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    address: Annotated[str, Field(min_length=3, max_length=LONGEST_ADDRESS)]
    agrees: Literal[True] = Field(description="to the words that the page shows beside the address")
    language: Language | None = Field(default=None, description="of the letters; French by default")


class AskedShape(BaseModel):
    """A message is on its way; the link in it is good until then."""

    address: str
    good_until: datetime


@router.get(
    "", operation_id="letters", summary="See where my letters go", responses=documented(401, 429)
)
async def letters(visitor: KnownVisitor, puls: ThePuls) -> LettersShape:
    """`address` is null until its owner has confirmed it: before, Puls does not know it."""
    held = await puls.people.letters.address(visitor.id)
    return LettersShape(
        available=puls.post is not None,
        address=held.address if held else None,
        confirmed_at=held.confirmed_at if held else None,
    )


@router.post(
    "",
    operation_id="ask_for_letters",
    summary="Ask for letters; a message asks the mailbox's owner to confirm",
    status_code=status.HTTP_202_ACCEPTED,
    responses=documented(401, 422, 429, 503),
    dependencies=[Depends(limited("chat"))],
)
async def ask_for_letters(
    wanted: LettersWanted, visitor: TheVisitor, puls: ThePuls, now: TheMoment
) -> AskedShape:
    """Nothing is kept of the address now: it travels in the link of that one message, which is good for two days."""
    may_write_to(visitor)
    if puls.post is None:
        raise LettersOffError(
            "This Puls writes no letters: its operator has set no mail server. Feeds need none."
        )
    address = checked_address(wanted.address)
    if address.rpartition("@")[2].lower() == "localhost":
        raise InvalidInputError("Give an address of the internet.")
    confirmation = Confirmation(
        visitor_id=visitor.id, address=address, language=wanted.language or "fr", asked_at=now
    )
    await puls.post.ask(confirmation, now=now)
    return AskedShape(address=address, good_until=now + CONFIRMED_WITHIN)


@router.delete(
    "",
    operation_id="stop_letters",
    summary="Have the address erased and nothing more written",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=documented(401, 429),
)
async def stop_letters(visitor: KnownVisitor, puls: ThePuls) -> Response:
    """Also where none goes out."""
    await puls.people.letters.stop(visitor.id)
    return Response(status_code=status.HTTP_204_NO_CONTENT)
