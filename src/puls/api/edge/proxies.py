"""Who asked, where a proxy of ours stands before Puls: taken from what trusted proxies say, and from nobody else.

The rightmost address that is not a trusted proxy's is the visitor's: what stands left of it anybody could have written.
Enter at `TrustedProxies`.
"""

import ipaddress
import re
from collections.abc import Sequence

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_WITH_PORT = re.compile(r"\[([0-9A-Fa-f:.%]+)\](?::\d{1,5})?|(\d{1,3}(?:\.\d{1,3}){3}):\d{1,5}")
_SCHEMES = frozenset({"http", "https"})
_MOST_HOPS = 30


class TrustedProxies:
    """Puts the visitor's address and scheme where everything else looks for them."""

    def __init__(self, app: ASGIApp, *, networks: Sequence[str]) -> None:
        self._app = app
        self._networks = [ipaddress.ip_network(network) for network in networks]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._networks and scope["type"] in {"http", "websocket"} and scope.get("client"):
            self._believe(scope)
        await self._app(scope, receive, send)

    def _believe(self, scope: Scope) -> None:
        peer = _address(scope["client"][0])
        if peer is None or not self._is_ours(peer):
            return
        headers = Headers(scope=scope)
        written = ",".join(headers.getlist("x-forwarded-for")).split(",")[-_MOST_HOPS:]
        nearest = peer
        for one in reversed(written):
            address = _address(one)
            if address is None:
                break  # whoever is left of this cannot be told
            nearest = address
            if not self._is_ours(address):
                break
        scope["client"] = (str(nearest), 0)
        said = headers.getlist("x-forwarded-proto")
        scheme = said[-1].split(",")[-1].strip().lower() if said else ""
        if scheme in _SCHEMES:
            scope["scheme"] = scheme

    def _is_ours(self, address: Address) -> bool:
        return any(address in network for network in self._networks)


def _address(written: str) -> Address | None:
    text = written.strip()
    if match := _WITH_PORT.fullmatch(text):
        text = match[1] or match[2]
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address
