"""Under which names Puls answers: its own, and no other that a page elsewhere made point here (DNS rebinding).

Nothing may be built from a Host that was not checked: links, calendars and cookies would carry it on. Probes are
answered under any name: a load balancer knows an address, and they build nothing. Enter at `AllowedHosts`.
"""

import ipaddress
from collections.abc import Sequence
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from puls.api.problems import problem_response

_THIS_MACHINE = frozenset({"localhost", "127.0.0.1", "::1"})
_PROBES = frozenset({"/health/live", "/health/ready"})
_MISDIRECTED = 421


class AllowedHosts:
    """Refuses requests for a host that is not Puls (421)."""

    def __init__(self, app: ASGIApp, *, hosts: Sequence[str], public_url: str = "") -> None:
        self._app = app
        named = urlsplit(public_url).hostname if public_url else None
        self._hosts = _THIS_MACHINE | {host.strip("[]").lower() for host in hosts} | {named}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if (
            scope["type"] not in {"http", "websocket"}
            or scope["path"] in _PROBES
            or self._is_allowed(scope)
        ):
            await self._app(scope, receive, send)
            return
        refused = problem_response(
            status=_MISDIRECTED,
            code="misdirected_request",
            path=scope["path"],
            request_id=scope.get("puls.request_id", ""),
            detail="Puls does not answer under this host name. Its operator may allow it: PULS_ALLOWED_HOSTS, or "
            "PULS_PUBLIC_URL for the address of the page.",
        )
        await refused(scope, receive, send)

    def _is_allowed(self, scope: Scope) -> bool:
        named = Headers(scope=scope).getlist("host")
        if len(named) != 1:
            return False
        host = host_of(named[0])
        return host is not None and (host in self._hosts or host == _address_reached(scope))


def host_of(written: str) -> str | None:
    """The name or address in `host[:port]`, in lower case; None when it is neither."""
    try:
        parts = urlsplit(f"//{written}")
        port_is_good = parts.port is None or parts.port >= 0
    except ValueError:
        return None
    is_plain = not (parts.path or parts.query or parts.fragment or parts.username or parts.password)
    return parts.hostname if is_plain and port_is_good else None


def _address_reached(scope: Scope) -> str | None:
    """The address that this connection came to: whoever writes it as a number was not led here by a name."""
    server = scope.get("server")
    try:
        return str(ipaddress.ip_address(server[0])) if server else None
    except ValueError:
        return None
