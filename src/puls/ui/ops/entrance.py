"""Who may enter `/ops`: an operator's key, the cookie that was given for one, or a desk's own machine.

A page that changes something also wants to be asked from `/ops` itself: the cookie is `SameSite=Strict` and not sent from
elsewhere, but a desk needs none. Enter at `may_enter`, `check_operator` and `check_own_site`.
"""

from datetime import datetime
from typing import Final, Literal, Protocol
from urllib.parse import urlsplit

from fastapi import Request, Response

from puls.bootstrap import Puls
from puls.errors import ForbiddenError, UnauthorizedError
from puls.identity.operator_sessions import LIFETIME
from puls.ui.requests import TheMoment, ThePuls, visitor_of

COOKIE: Final = "puls_operator"
_PATH: Final = "/ops"


class Doors(Protocol):
    """`puls.api.doors.Doors`."""

    def are_open(self, door: Literal["ops"], request: Request) -> bool: ...


async def may_enter(request: Request, puls: Puls, *, now: datetime) -> bool:
    """Whether whoever asks is an operator.

    Raises:
        UnauthorizedError: the key that they name is not good.
    """
    doors: Doors = request.app.state.doors
    if doors.are_open("ops", request):
        return True
    if "authorization" in request.headers:
        return "operator" in (await visitor_of(request, puls, now)).scopes
    cookie = request.cookies.get(COOKIE)
    return cookie is not None and await puls.people.operators.holds(cookie, now=now)


async def check_operator(request: Request, puls: ThePuls, now: TheMoment) -> None:
    """A dependency of what programs read.

    Raises:
        UnauthorizedError: nobody says who they are, or their key is not good.
        ForbiddenError: their key is not an operator's.
    """
    if await may_enter(request, puls, now=now):
        return
    if "authorization" in request.headers:
        raise ForbiddenError("This needs an API key with the scope 'operator'.")
    raise UnauthorizedError(
        "This needs an operator's API key; `puls keys create NAME --scope operator` makes one."
    )


def check_own_site(request: Request) -> None:
    """A dependency of what changes something: it was asked from a page of ours, or by a program with a key.

    Raises:
        ForbiddenError: another site asked, or nothing says which did.
    """
    if "authorization" in request.headers:
        return
    site = request.headers.get("sec-fetch-site")
    if site == "same-origin":
        return
    origin = urlsplit(request.headers.get("origin", ""))
    if site is None and origin.netloc and origin.netloc == request.headers.get("host"):
        return
    raise ForbiddenError("This is done from the page /ops itself, and from no other site.")


def give_cookie(request: Request, response: Response, cookie: str) -> None:
    """For this browser, this path and a working day; no script reads it, no other site sends it."""
    response.set_cookie(
        COOKIE,
        cookie,
        max_age=int(LIFETIME.total_seconds()),
        path=_PATH,
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
    )


def take_cookie(request: Request, response: Response) -> None:
    """The end of a session."""
    response.delete_cookie(
        COOKIE, path=_PATH, httponly=True, samesite="strict", secure=request.url.scheme == "https"
    )
