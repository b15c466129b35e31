"""Doors for operators: what counts and describes Puls is not for everybody who finds its address.

An API key with the scope `operator` opens all of them; any key opens the API's description. An operator may leave doors
open (`PULS_OPEN_DOORS`; never `/ops`, which `puls.ui.ops` guards), and on a desk (`puls serve --desk`) they are open to the same machine. Enter at `door`.
"""

import ipaddress
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from fastapi import Request

from puls.bootstrap import Puls
from puls.errors import ForbiddenError, UnauthorizedError
from puls.ui.requests import TheMoment, ThePuls, visitor_of

Door = Literal["metrics", "openapi", "ready", "ops"]
_FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip", "via")
_KEY = "`puls keys create NAME --scope operator` makes one"


@dataclass(frozen=True, slots=True, kw_only=True)
class Doors:
    """Which doors are open. `is_desk`: all, to whoever asks from this very machine."""

    open: Collection[str] = ()
    is_desk: bool = False

    def are_open(self, door: Door, request: Request) -> bool:
        return door in self.open or (self.is_desk and _is_from_this_machine(request))


def door(name: Door) -> Callable[[Request, Puls, datetime], Awaitable[None]]:
    """A dependency that lets operators through: `dependencies=[Depends(door("metrics"))]`."""

    async def check(request: Request, puls: ThePuls, now: TheMoment) -> None:
        if not await may_pass(name, request, puls, now=now):
            if "authorization" in request.headers:
                raise ForbiddenError(f"This needs an API key with the scope 'operator'; {_KEY}.")
            raise UnauthorizedError(f"This needs an operator's API key; {_KEY}.")

    return check


async def may_pass(name: Door, request: Request, puls: Puls, *, now: datetime) -> bool:
    """Whether whoever asks may see what is behind a door.

    Raises:
        UnauthorizedError: the key that they name is not good.
    """
    doors: Doors = request.app.state.doors
    if doors.are_open(name, request):
        return True
    if "authorization" not in request.headers:
        return False
    visitor = await visitor_of(request, puls, now)
    return "operator" in visitor.scopes or (name == "openapi" and visitor.kind == "program")


def _is_from_this_machine(request: Request) -> bool:
    """Directly: a proxy on this machine hands on what the world asks."""
    if request.client is None or any(name in request.headers for name in _FORWARDED):
        return False
    try:
        return ipaddress.ip_address(request.client.host).is_loopback
    except ValueError:
        return False
