"""Pages that keep a search, confirm a mailbox and stop letters; all whole without JavaScript.

A link in a letter is opened by programs too (scanners, previews): GET only asks, POST does. Stopping is one POST that
needs no cookie, as RFC 8058 wants. Enter at `router`.
"""

from collections.abc import Mapping
from typing import Annotated
from urllib.parse import parse_qs, urlencode
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from puls.errors import InvalidInputError, LimitReachedError, NotFoundError, PulsError
from puls.phrasing import Language
from puls.returning.saved import AroundVisitorError, check_may_be_kept
from puls.ui.links import Asked, Links, feed_addresses
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
from puls.ui.texts import texts
from puls.understanding.given import Given

router = APIRouter(
    include_in_schema=False,
    default_response_class=HTMLResponse,
    dependencies=[Depends(limited("request"))],
)
_PRIVATE = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}
_LONGEST_FORM = 8_000  # bytes
_FAILURES: Mapping[type[PulsError], str] = {
    AroundVisitorError: "keep_around_you",
    InvalidInputError: "keep_unread",
    LimitReachedError: "keep_full",
}
_Words = Annotated[str, Query(max_length=2000)]
_Token = Annotated[str, Query(max_length=2000)]


def _links(tongue: Tongue, path: str, **values: str) -> tuple[Language, Links]:
    language = tongue.chosen or tongue.preferred
    other = {
        **{name: value for name, value in values.items() if value},
        "lang": "en" if language == "fr" else "fr",
    }
    asked = Asked(question=values.get("q", ""), language=tongue.chosen)
    links = Links(asked=asked, other_language=f"{path}?{urlencode(other)}")
    return language, links


@router.get("/recherches/garder")
async def keep_page(tongue: TheTongue, q: _Words = "") -> HTMLResponse:
    """What to keep, under which name, and the feeds that need no keeping."""
    return _keep_page(tongue, q)


def _keep_page(
    tongue: Tongue, text: str, *, failure: str | None = None, status: int = 200
) -> HTMLResponse:
    language, links = _links(tongue, "/recherches/garder", q=text)
    return page(
        "returning/keep.html",
        language=language,
        status=status,
        headers=_PRIVATE,
        links=links,
        text=text,
        failure=texts(language)[failure] if failure else None,
        feeds=feed_addresses(text, language),
    )


@router.post("/recherches/garder", dependencies=[Depends(search_place)])
async def keep(
    *,
    request: Request,
    visitor: TheVisitor,
    puls: ThePuls,
    now: TheMoment,
    tongue: TheTongue,
    cookies: Response,
) -> Response:
    """Keep it and show « Mon espace »; what is wrong is said with the words still there."""
    form = await _form(request)
    text, name = form.get("q", "").strip(), " ".join(form.get("name", "").split())
    try:
        look = await puls.whats_new.first(text[:2000], Given(), now=now)
        check_may_be_kept(look.answer.understood)
        await puls.saved_searches.save(
            visitor, name=name or text, text=text, given=Given(), known=look.known, now=now
        )
    except (InvalidInputError, LimitReachedError) as error:
        return _keep_page(tongue, text, failure=_FAILURES[type(error)], status=error.status)
    answer = RedirectResponse(
        f"/moi?{urlencode({'lang': tongue.chosen})}#recherches"
        if tongue.chosen
        else "/moi#recherches",
        status_code=303,
    )
    for cookie in cookies.headers.getlist("set-cookie"):
        answer.headers.append("set-cookie", cookie)
    return answer


@router.get("/recherches/{saved_id}")
async def open_saved(
    saved_id: UUID, visitor: KnownVisitor, puls: ThePuls, tongue: TheTongue, q: _Words = ""
) -> Response:
    """The results of a kept search; from a letter read on another device the words in the address do."""
    try:
        q = (await puls.saved_searches.one(visitor.id, saved_id)).text
    except NotFoundError:
        if not q.strip():
            raise
    return RedirectResponse(Asked(question=q, language=tongue.chosen).address, status_code=302)


@router.get("/courrier/confirmer")
async def confirm_page(
    puls: ThePuls, now: TheMoment, tongue: TheTongue, token: _Token = ""
) -> HTMLResponse:
    """Shows the address and asks; nothing is done by opening a link."""
    one = puls.people.letters.tokens.confirmation(token, now=now)
    return _letter_page(
        tongue, "confirmer", token=token, address=one.address if one else None,
        state="ask" if one else "not_good",
    )  # fmt: skip


@router.post("/courrier/confirmer")
async def confirm(
    puls: ThePuls, now: TheMoment, tongue: TheTongue, token: _Token = ""
) -> HTMLResponse:
    """The mailbox's owner agrees; the words that they read are kept as the proof."""
    letters = puls.people.letters
    one = letters.tokens.confirmation(token, now=now)
    if one is None or await puls.people.erased.hold(one.visitor_id):
        return _letter_page(tongue, "confirmer", state="not_good")
    await letters.confirm(one, wording=texts(one.language)["letters_consent"], now=now)
    return _letter_page(tongue, "confirmer", state="done")


@router.get("/courrier/arret")
async def stop_page(puls: ThePuls, tongue: TheTongue, token: _Token = "") -> HTMLResponse:
    """Asks; a scanner that opens every link of a letter must not unsubscribe its reader."""
    is_good = puls.people.letters.tokens.stop(token) is not None
    return _letter_page(tongue, "arret", token=token, state="ask" if is_good else "not_good")


@router.post("/courrier/arret")
async def stop(puls: ThePuls, tongue: TheTongue, token: _Token = "") -> HTMLResponse:
    """At once, without a cookie, also by the mailbox's own button (RFC 8058). Twice is as good as once."""
    one = puls.people.letters.tokens.stop(token)
    if one is None:
        return _letter_page(tongue, "arret", state="not_good")
    await puls.people.letters.stop_by(one)
    return _letter_page(tongue, "arret", state="done")


def _letter_page(
    tongue: Tongue, what: str, *, state: str, token: str = "", address: str | None = None
) -> HTMLResponse:
    language, links = _links(tongue, f"/courrier/{what}", token=token)
    kind = "confirm" if what == "confirmer" else "stop"
    return page(
        "returning/letter.html",
        language=language,
        status=200 if state != "not_good" else 404,
        headers=_PRIVATE | {"Referrer-Policy": "no-referrer"},
        links=links,
        kind=kind,
        state=state,
        action=f"/courrier/{what}?{urlencode({'token': token, **({'lang': tongue.chosen} if tongue.chosen else {})})}",
        address=address,
    )


async def _form(request: Request) -> dict[str, str]:
    """A small form as browsers send it; the last of several values counts.

    Raises:
        InvalidInputError: it is longer than any page of ours makes it.
    """
    body = await request.body()
    if len(body) > _LONGEST_FORM:
        raise InvalidInputError("The form is too long.")
    return {name: values[-1] for name, values in parse_qs(body.decode("utf-8", "replace")).items()}
