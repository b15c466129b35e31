"""What a request brings: Puls, the moment, and who sent it: an API key, a bearer token or a signed cookie, else somebody new.

`KnownVisitor` asks nothing of the browser; `TheVisitor` is for what keeps something of its visitor and gives a cookie to
one who has none. The cookie is `SameSite=Lax`, so no other site's page can act for the visitor. Enter at `TheVisitor`.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Query, Request, Response

from puls.bootstrap import Puls
from puls.conversation.pacing import Place
from puls.errors import UnauthorizedError
from puls.identity.api_keys import KEY_MARK
from puls.identity.rate_limits import Purpose
from puls.identity.visitor import Scope, Visitor, end_of_token, unknown_visitor
from puls.phrasing import Language

COOKIE = "puls_visitor"
TOWN_COOKIE = "puls_ville"  # the chosen town, by its INSEE code


def _puls(request: Request) -> Puls:
    puls: Puls = request.app.state.puls
    return puls


def _now(request: Request) -> datetime:
    now: datetime = request.app.state.clock()
    return now


ThePuls = Annotated[Puls, Depends(_puls)]
TheMoment = Annotated[datetime, Depends(_now)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tongue:
    """The language chosen on the page, if any, and the one of ours that the browser's reader would rather have."""

    chosen: Language | None
    preferred: Language


def _tongue(request: Request, lang: Annotated[Language | None, Query()] = None) -> Tongue:
    return Tongue(chosen=lang, preferred=_preferred(request))


TheTongue = Annotated[Tongue, Depends(_tongue)]


def _preferred(request: Request) -> Language:
    """English for who reads English rather than French; French when nobody says."""
    wanted = request.headers.get("accept-language", "").lower()
    ranks = {
        tag.split("-")[0]: _quality(quality)
        for tag, _, quality in (
            each.strip().partition(";q=") for each in reversed(wanted.split(","))
        )
        if tag not in {"", "*"}
    }
    return "en" if ranks and ranks.get("en", 0.01) > ranks.get("fr", 0.0) else "fr"


def _quality(text: str) -> float:
    try:
        return float(text or 1)
    except ValueError:
        return 0.0


async def visitor_of(request: Request, puls: ThePuls, now: TheMoment) -> Visitor:
    """Who sent the request.

    Raises:
        UnauthorizedError: the key or token that it names is not good.
    """
    scheme, _, credential = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and credential.strip():
        try:
            return await _bearer(credential.strip(), puls, now)
        except UnauthorizedError:
            await puls.people.rate_limits.count_wrong_key(address=address_of(request), now=now)
            raise
    cookie = request.cookies.get(COOKIE)
    known = puls.people.tokens.read(cookie, now=now) if cookie else None
    if known is not None and await puls.people.erased.hold(known.id):
        known = None
    return known or unknown_visitor()


async def _bearer(credential: str, puls: Puls, now: datetime) -> Visitor:
    if credential.startswith(KEY_MARK):
        return await puls.people.api_keys.visitor(credential, now=now)
    visitor = puls.people.tokens.read(credential, now=now)
    if visitor is None:
        raise UnauthorizedError(
            "This is no API key of Puls (they begin with « puls_ »; `puls keys create NAME` makes one), nor a token that "
            "is still valid (POST /v1/me gives a new one). Without any, you are served as a new visitor."
        )
    if await puls.people.erased.hold(visitor.id):
        raise UnauthorizedError(
            "Everything of this visitor was erased, and the token with it; ask POST /v1/me for a new one."
        )
    return visitor


KnownVisitor = Annotated[Visitor, Depends(visitor_of)]


async def _the_visitor(
    request: Request, response: Response, visitor: KnownVisitor, puls: ThePuls, now: TheMoment
) -> Visitor:
    if visitor.needs_token and "authorization" not in request.headers:
        token = puls.people.tokens.issue(visitor.id, now=now, met=visitor.met)
        response.set_cookie(
            COOKIE,
            token,
            max_age=int((end_of_token(now, met=visitor.met) - now).total_seconds()),
            httponly=True,
            samesite="lax",
            secure=request.url.scheme == "https",
        )
    return visitor


TheVisitor = Annotated[Visitor, Depends(_the_visitor)]


def forget_cookie(request: Request, response: Response) -> None:
    """Take back the visitor's cookie and the town they chose."""
    for name in (COOKIE, TOWN_COOKIE):
        response.delete_cookie(
            name, httponly=True, samesite="lax", secure=request.url.scheme == "https"
        )


async def turn_place(puls: ThePuls) -> AsyncIterator[Place]:
    """A dependency that comes first: a place for a turn, or the refusal before anything is done."""
    async with puls.assistant.pacing.admitted() as place:
        yield place


ThePlace = Annotated[Place, Depends(turn_place)]


async def search_place(puls: ThePuls) -> AsyncIterator[None]:
    """A dependency that comes first: a place for a search or what costs as much, or the refusal."""
    async with puls.searches.admitted():
        yield


async def look_place(puls: ThePuls) -> AsyncIterator[None]:
    """A dependency that comes first: a place for a look on the web, or the refusal."""
    async with puls.looks.admitted():
        yield


def needs(scope: Scope) -> Callable[[Visitor], Awaitable[None]]:
    """A dependency that lets through only who may do this: `Depends(needs("operator"))`."""

    async def check(visitor: KnownVisitor) -> None:
        visitor.check_may(scope)

    return check


def limited(purpose: Purpose) -> Callable[..., Awaitable[None]]:
    """A dependency that counts the request: `dependencies=[Depends(limited("chat"))]`."""

    async def check(request: Request, visitor: KnownVisitor, puls: ThePuls, now: TheMoment) -> None:
        await count(request, visitor, purpose, puls=puls, now=now)

    return check


async def count(
    request: Request, visitor: Visitor, purpose: Purpose, *, puls: Puls, now: datetime
) -> None:
    """Count one request of the visitor and of the address that it came from.

    Raises:
        RateLimitedError: there were too many.
    """
    await puls.people.rate_limits.check(
        visitor, address=address_of(request), purpose=purpose, now=now
    )


def address_of(request: Request) -> str:
    """Where the request came from: behind proxies that are trusted, what they say; see `puls.api.edge.proxies`."""
    return request.client.host if request.client else ""
