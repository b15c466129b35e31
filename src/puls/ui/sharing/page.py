"""Sharing by a link: `/partages/…` for who shares, `/partage/TOKEN` for who reads. Forms and links; no script is needed.

The link is the key: whoever has it reads, and changes nothing. Its owner takes it back at once.
"""

from typing import Annotated
from urllib.parse import parse_qs
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from starlette.responses import HTMLResponse, RedirectResponse

from puls.bootstrap import Puls
from puls.conversation.keeping.shares import MOST_STOPS, Share
from puls.errors import InvalidInputError, NotFoundError
from puls.identity.visitor import Visitor
from puls.phrasing import Language
from puls.ui.links import Asked, Links
from puls.ui.plans.reading import stored_stops
from puls.ui.public_address import public_base
from puls.ui.rendering import page
from puls.ui.requests import (
    KnownVisitor,
    TheMoment,
    ThePuls,
    TheTongue,
    TheVisitor,
    Tongue,
    limited,
    search_place,
)
from puls.ui.sharing.reading import shared_page
from puls.ui.sharing.views import share_view

_PRIVATE = {"Cache-Control": "no-store"}
_LONGEST_TITLE = 120
_SEE_OTHER = 303

router = APIRouter(
    include_in_schema=False,
    default_response_class=HTMLResponse,
    dependencies=[Depends(search_place), Depends(limited("request"))],
)


@router.get("/partages/nouveau")
async def before_sharing(
    conversation: UUID, visitor: KnownVisitor, puls: ThePuls, tongue: TheTongue
) -> HTMLResponse:
    """What sharing a conversation means, before it is shared."""
    stored, turns = await puls.people.conversations.conversation(visitor.id, conversation)
    return _page(
        "sharing/new.html",
        tongue,
        f"/partages/nouveau?conversation={conversation}",
        conversation=stored,
        questions=[turn.text for turn in turns if turn.state == "finished"],
    )


@router.post("/partages")
async def share(
    *,
    request: Request,
    response: Response,
    visitor: TheVisitor,
    puls: ThePuls,
    now: TheMoment,
    tongue: TheTongue,
) -> Response:
    """Share a conversation (`conversation`) or a plan (`stop`, as often as it has stops); then its page.

    Raises:
        InvalidInputError: the form holds neither.
    """
    form = parse_qs((await request.body()).decode("utf-8", "replace"))
    english = form.get("lang") == ["en"]
    language: Language = "en" if english or (tongue.chosen or tongue.preferred) == "en" else "fr"
    if "conversation" in form:
        made = await puls.people.shares.share_conversation(
            visitor, _uuid(form["conversation"][0]), language=language, now=now
        )
    elif 0 < len(form.get("stop", ())) <= MOST_STOPS:
        made = await _share_plan(form["stop"], visitor, puls, language=language, request=request)
    else:
        raise InvalidInputError("Say which conversation, or which stops of a plan, to share.")
    going = RedirectResponse(
        f"/partages/{made.id}{'?lang=en' if english else ''}", status_code=_SEE_OTHER
    )
    for cookie in response.headers.getlist("set-cookie"):
        going.headers.append("set-cookie", cookie)
    return going


@router.get("/partages/{share_id}")
async def own_share(
    share_id: UUID, request: Request, visitor: KnownVisitor, puls: ThePuls, tongue: TheTongue
) -> HTMLResponse:
    """The link to give, and how to take it back."""
    made = await _own(share_id, visitor, puls)
    language = tongue.chosen or tongue.preferred
    return _page(
        "sharing/made.html",
        tongue,
        f"/partages/{share_id}",
        share=share_view(made, public_base(request, puls), language=language),
        conversation_id=made.conversation_id,
        retention_days=puls.settings.retention_days,
    )


@router.post("/partages/{share_id}/retirer")
async def take_back(share_id: UUID, visitor: KnownVisitor, puls: ThePuls) -> Response:
    """The link leads nowhere from now on."""
    await puls.people.shares.revoke(visitor.id, share_id)
    return RedirectResponse("/moi#shares", status_code=_SEE_OTHER)


@router.get("/partage/{token}")
async def shared(
    *,
    token: Annotated[str, Path(max_length=64)],
    puls: ThePuls,
    now: TheMoment,
    tongue: TheTongue,
    lang: Annotated[Language | None, Query()] = None,
) -> HTMLResponse:
    """What the link opens, to read only; a plain word where it opens nothing any more."""
    try:
        opened = await puls.people.shares.opened(token)
    except NotFoundError:
        return _page("sharing/gone.html", tongue, f"/partage/{token}", status=404)
    language: Language = lang or ("en" if opened.language == "en" else "fr")
    return await shared_page(opened, puls=puls, now=now, language=language, chosen=lang)


async def _share_plan(
    said: list[str], visitor: Visitor, puls: Puls, *, language: Language, request: Request
) -> Share:
    stops = await stored_stops(said, puls)
    title = " → ".join(stored.event.title for stored, _ in stops)
    if len(title) > _LONGEST_TITLE:
        title = f"{title[: _LONGEST_TITLE - 1].rstrip()}…"
    return await puls.people.shares.share_plan(
        visitor,
        [stop for _, stop in stops],
        title=title,
        language=language,
        now=request.app.state.clock(),
    )


async def _own(share_id: UUID, visitor: Visitor, puls: Puls) -> Share:
    found = [one for one in await puls.people.shares.all(visitor.id) if one.id == share_id]
    if not found:
        raise NotFoundError("You share nothing under this address.")
    return found[0]


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise InvalidInputError("That names no conversation.") from None


def _page(
    template: str, tongue: Tongue, address: str, *, status: int = 200, **values: object
) -> HTMLResponse:
    language = tongue.chosen or tongue.preferred
    other: Language = "en" if language == "fr" else "fr"
    joint = "&" if "?" in address else "?"
    links = Links(
        asked=Asked(language=tongue.chosen), other_language=f"{address}{joint}lang={other}"
    )
    return page(template, language=language, status=status, headers=_PRIVATE, links=links, **values)
