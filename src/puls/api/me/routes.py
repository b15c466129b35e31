"""`/v1/me`: what Puls keeps of a visitor, for them to see, correct, export and erase."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response, status

from puls.api.me.schemas import (
    ConsentChange,
    ExportShape,
    PreferenceChanges,
    ProfileShape,
    TokenShape,
)
from puls.api.problems import documented
from puls.conversation.preferences.preference import (
    Budget,
    Child,
    Children,
    Dislike,
    Home,
    Kind,
    Like,
    Moments,
    Needs,
    NoCar,
    Purpose,
    Value,
)
from puls.conversation.preferences.reading import read_preferences
from puls.errors import ForbiddenError
from puls.geo.gazetteer import Gazetteer
from puls.geo.names import fold
from puls.identity.visitor import end_of_token
from puls.language.lexicon import category_of_word, singular
from puls.ui.requests import KnownVisitor, TheMoment, ThePuls, TheVisitor, forget_cookie, limited
from puls.understanding.given import place_named
from puls.understanding.where.reach import center_of

_REQUEST = Depends(limited("request"))
router = APIRouter(prefix="/v1/me", tags=["me"], dependencies=[_REQUEST])


@router.post(
    "",
    operation_id="new_visitor",
    summary="Become a visitor without a cookie",
    status_code=status.HTTP_201_CREATED,
    responses=documented(401, 403, 429),
)
async def new_visitor(visitor: KnownVisitor, puls: ThePuls, now: TheMoment) -> TokenShape:
    """A signed token for a program that keeps no cookies; a known visitor gets theirs renewed, for 13 months in all.

    An API key gets none: it is sent itself, so that what it may do ends with it.
    """
    if visitor.kind == "program":
        raise ForbiddenError(
            "An API key is not exchanged for a token: send the key itself, or ask without it for a new visitor."
        )
    token = puls.people.tokens.issue(visitor.id, now=now, met=visitor.met)
    return TokenShape(token=token, expires_at=end_of_token(now, met=visitor.met))


@router.get(
    "/preferences",
    operation_id="preferences",
    summary="See what is remembered",
    responses=documented(401, 429),
)
async def preferences(visitor: KnownVisitor, puls: ThePuls, now: TheMoment) -> ProfileShape:
    """What is remembered, with its source, date and expiry, and what the visitor agreed to."""
    return ProfileShape.of(await puls.people.preferences.profile(visitor.id, now=now))


@router.patch(
    "/preferences",
    operation_id="change_preferences",
    summary="Correct what is remembered",
    responses=documented(401, 409, 422, 429),
)
async def change_preferences(
    changes: PreferenceChanges, visitor: TheVisitor, puls: ThePuls, now: TheMoment
) -> ProfileShape:
    """A merge patch: a value replaces, null forgets. Values need the visitor's consent (409)."""
    profile = await puls.people.preferences.replace_kinds(
        visitor.id, _values(changes, puls.gazetteer), now=now
    )
    return ProfileShape.of(profile)


@router.delete(
    "/preferences",
    operation_id="forget_preferences",
    summary="Forget one kind of preference, or all",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=documented(401, 422, 429),
)
async def forget_preferences(
    visitor: KnownVisitor, puls: ThePuls, kind: Annotated[Kind | None, Query()] = None
) -> None:
    """Consents stay as they are."""
    await puls.people.preferences.forget(visitor.id, kind)


@router.put(
    "/consent",
    operation_id="consent",
    summary="Agree that preferences are remembered, or withdraw that",
    responses=documented(401, 404, 422, 429),
)
async def consent(
    change: ConsentChange, visitor: TheVisitor, puls: ThePuls, now: TheMoment
) -> ProfileShape:
    """Withdrawing deletes at once what stood on the consent; who refuses is not asked again."""
    people = puls.people
    turn = None
    if change.from_turn is not None:
        turn = await people.conversations.turn(visitor.id, change.from_turn)
    purposes: tuple[tuple[Purpose, bool | None], ...] = (
        ("preferences", change.preferences),
        ("accessibility", change.accessibility),
    )
    for purpose, agrees in purposes:
        if agrees:
            await people.preferences.agree(visitor, purpose, now=now, language=change.language)
        elif agrees is not None:
            await people.preferences.withdraw(visitor, purpose, now=now, language=change.language)
    if turn is not None:
        statements = read_preferences(turn.text, gazetteer=puls.gazetteer)
        await people.preferences.remember(visitor.id, statements, now=now, source_turn=turn.id)
    return ProfileShape.of(await people.preferences.profile(visitor.id, now=now))


@router.get(
    "/export",
    operation_id="export",
    summary="Everything that is held of me",
    responses=documented(401, 429),
)
async def export(visitor: KnownVisitor, puls: ThePuls, response: Response) -> ExportShape:
    """Conversations with every turn, preferences, consents and thumbs, as one JSON document."""
    response.headers["Content-Disposition"] = 'attachment; filename="puls.json"'
    response.headers["Cache-Control"] = "no-store"
    return ExportShape.model_validate(await puls.people.personal_data.export(visitor.id))


@router.delete(
    "",
    operation_id="erase",
    summary="Erase everything that is held of me",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=documented(401, 429),
)
async def erase(
    request: Request, response: Response, visitor: KnownVisitor, puls: ThePuls, now: TheMoment
) -> None:
    """At once and for good; the cookie is taken back, and its copies open nothing. An API key stays, its conversations go."""
    await puls.people.erase(visitor, now=now)
    forget_cookie(request, response)


def _values(changes: PreferenceChanges, gazetteer: Gazetteer) -> dict[Kind, Sequence[Value]]:
    """The kinds that a patch speaks of, with their new values."""
    given = changes.model_fields_set
    values: dict[Kind, Sequence[Value]] = {}
    if "home" in given:
        where = place_named(changes.home, gazetteer) if changes.home else None
        home = Home(where=where, center=center_of(where, gazetteer)) if where else None
        values[Kind.HOME] = [home] if home else []
    if "children" in given:
        children = tuple(Child(age) for age in sorted(set(changes.children or ())))
        values[Kind.CHILDREN] = [Children(children=children)] if children else []
    if "likes" in given:
        values[Kind.LIKE] = [
            Like(about=about, category=category_of_word().get(singular(about)))
            for about in _folded(changes.likes)
        ]
    if "dislikes" in given:
        values[Kind.DISLIKE] = [
            Dislike(about=about, category=category_of_word().get(singular(about)))
            for about in _folded(changes.dislikes)
        ]
    if "accessibility" in given:
        codes = frozenset(changes.accessibility or ())
        values[Kind.NEEDS] = [Needs(accessibility=codes)] if codes else []
    if "max_price" in given:
        values[Kind.BUDGET] = [Budget(max_price=changes.max_price)] if changes.max_price else []
    if "moments" in given:
        moments = tuple(dict.fromkeys(changes.moments or ()))
        values[Kind.MOMENT] = [Moments(moments=moments)] if moments else []
    if "without_car" in given:
        values[Kind.NO_CAR] = [NoCar()] if changes.without_car else []
    return values


def _folded(themes: Sequence[str] | None) -> list[str]:
    folded = (fold(theme) for theme in themes or ())
    return list(dict.fromkeys(filter(None, folded)))
