"""Addresses located by the Géoplateforme of IGN: an optional extra, off unless an operator sets its URL.

One request per address, with a time limit and a bounded memory. A failure of any kind is None and a log
line: the gazetteer's answer stays in use. Enter at `GeoplateformeGeocoder.locate`.

Protocol: `GET {base_url}/search?q=…&limit=1&lat=…&lon=…` gives GeoJSON; 50 requests a second per address,
then 429. Data: Base Adresse Nationale, Licence Ouverte 2.0.
"""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

import httpx
import structlog

from puls import outside
from puls.geo.distance import Coordinates
from puls.geo.places import Address
from puls.outside import ReplyLimits

log = structlog.get_logger()

_LEAST_SCORE = 0.7  # below it the service guesses: seen in public code, kept
_REMEMBERED = 2_048  # addresses
_LONGEST_REPLY_BYTES = 64 * 2**10  # one address takes one kilobyte
_LONGEST_QUERY = 200  # characters, the service's own limit
_PAUSE_SECONDS = 5.0  # after a 429 that does not say how long
_LONGEST_PAUSE_SECONDS = 60.0
_TOO_MANY_REQUESTS = 429


class GeoplateformeGeocoder:
    """Asks the geocoding service of data.geopf.fr, or any that speaks its protocol."""

    def __init__(
        self,
        http: httpx.AsyncClient,
        *,
        base_url: str,
        timeout_seconds: float = 1.5,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._http = http
        self._url = base_url.rstrip("/") + "/search"
        self._timeout = timeout_seconds
        self._clock = clock
        self._known: OrderedDict[tuple[str, str], Address | None] = OrderedDict()
        self._silent_until = 0.0

    async def locate(self, words: str, *, near: Coordinates | None = None) -> Address | None:
        """Where the address is, as far as the service is sure; `near` ranks namesakes."""
        query = " ".join(words.split())[:_LONGEST_QUERY]
        position = f"{near.lat:.2f},{near.lon:.2f}" if near else ""
        key = query.casefold(), position
        if key in self._known:
            self._known.move_to_end(key)
            return self._known[key]
        if not query or self._clock() < self._silent_until:
            return None
        params = {"q": query, "limit": "1"}
        if near is not None:
            params |= {"lat": f"{near.lat:.2f}", "lon": f"{near.lon:.2f}"}
        try:
            async with asyncio.timeout(self._timeout):
                address = address_from(await self._reply(params))
        except (httpx.HTTPError, httpx.InvalidURL, ValueError, TimeoutError) as failure:
            # The address is a visitor's: only what kind of failure it was is logged.
            log.warning("geocoding.failed", failure=type(failure).__name__)
            return None
        self._remember(key, address)
        return address

    async def _reply(self, params: dict[str, str]) -> Any:
        """The service's answer to one request; all of it within the time for one."""
        async with self._http.stream(
            "GET", self._url, params=params, timeout=self._timeout, headers=outside.ASKED_ENCODING
        ) as reply:
            if reply.status_code == _TOO_MANY_REQUESTS:
                self._silent_until = self._clock() + _pause_of(reply)
            reply.raise_for_status()
            limits = ReplyLimits(most_bytes=_LONGEST_REPLY_BYTES, seconds=self._timeout)
            return await outside.document(reply, limits)

    def _remember(self, key: tuple[str, str], address: Address | None) -> None:
        self._known[key] = address
        if len(self._known) > _REMEMBERED:
            self._known.popitem(last=False)


def address_from(payload: Any) -> Address | None:
    """The first feature of a reply, if the service is sure enough of it.

    Raises:
        ValueError: the reply does not follow the protocol.
    """
    try:
        features = payload["features"]
        if not features:
            return None
        properties, (lon, lat) = features[0]["properties"], features[0]["geometry"]["coordinates"]
        if float(properties["score"]) < _LEAST_SCORE:
            return None
        return Address(
            label=str(properties["label"]),
            commune_code=str(properties["citycode"]) if "citycode" in properties else None,
            coordinates=Coordinates(lat=float(lat), lon=float(lon)),
        )
    except (KeyError, TypeError, IndexError) as missing:
        raise ValueError("not a reply of the geocoding service") from missing


def _pause_of(reply: httpx.Response) -> float:
    said = reply.headers.get("Retry-After", "")
    return min(float(said), _LONGEST_PAUSE_SECONDS) if said.isdigit() else _PAUSE_SECONDS
