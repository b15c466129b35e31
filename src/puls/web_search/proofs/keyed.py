"""Reading OpenAgenda's documented API with a key: the key goes into a header, to that host alone, and into no log.

Follows no redirect. Enter at `KeyedFetcher`, which reads like any other `Fetcher`.
"""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

import httpx

from puls import outside
from puls.outside import ReplyError, ReplyLimits
from puls.outside.page import Accept, FetchError, FetchFailure, Page

_LONGEST_BYTES: Final = (
    8 * 2**20
)  # 300 events of a few fields with 800 dates each take 15; 50 take 3
_OK: Final = 200
_REDIRECTS: Final = range(300, 400)
_FAILURES: Final = {
    401: FetchFailure.FORBIDDEN,
    403: FetchFailure.FORBIDDEN,
    451: FetchFailure.FORBIDDEN,
    404: FetchFailure.NOT_FOUND,
    410: FetchFailure.GONE,
    429: FetchFailure.TOO_MANY,
}


def _utc_now() -> datetime:
    return datetime.now(UTC)


class KeyedFetcher:
    """Reads addresses below `base_url` and no others: an operator chose that host and gave the key for it."""

    def __init__(
        self,
        http: httpx.AsyncClient,
        *,
        base_url: str,
        key: str,
        clock: Callable[[], datetime] = _utc_now,
    ) -> None:
        self._http = http
        self._base_url = base_url.rstrip("/") + "/"
        self._headers = {**outside.ASKED_ENCODING, "Accept": "application/json", "key": key}
        self._clock = clock

    async def page(
        self, url: str, *, within: float, accept: Accept = "json", fresh_for: float = 600.0
    ) -> Page:
        """The answer of an address of the API; nothing is cached here.

        Raises:
            FetchError: it was not read.
        """
        del accept, fresh_for
        if not url.startswith(self._base_url):
            raise FetchError(FetchFailure.REFUSED_ADDRESS, url, "the key is not for that host")
        try:
            async with asyncio.timeout(within):
                return await self._read(url, within)
        except TimeoutError as error:
            raise FetchError(FetchFailure.TIME, url) from error
        except httpx.TimeoutException as error:
            raise FetchError(FetchFailure.TIME, url) from error
        except (httpx.RemoteProtocolError, httpx.DecodingError) as error:
            raise FetchError(FetchFailure.SERVER, url, "it is no answer of a web server") from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise FetchError(FetchFailure.UNREACHABLE, url, type(error).__name__) from error

    async def _read(self, url: str, within: float) -> Page:
        async with self._http.stream(
            "GET", url, headers=self._headers, timeout=within, follow_redirects=False
        ) as response:
            status = response.status_code
            if status in _REDIRECTS:
                raise FetchError(FetchFailure.REDIRECTS, url, "an API does not send elsewhere")
            if status != _OK:
                failure = _FAILURES.get(status, FetchFailure.SERVER)
                raise FetchError(failure, url, f"HTTP {status}")
            limits = ReplyLimits(most_bytes=_LONGEST_BYTES, seconds=within)
            try:
                data = await outside.body(response, limits)
            except ReplyError as error:
                raise FetchError(FetchFailure.TOO_LONG, url, str(error)) from error
            kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
            return Page(
                url=url,
                asked_url=url,
                content_type=kind,
                text=data.decode("utf-8", "replace"),
                fetched_at=self._clock(),
            )
