"""Asking a public HTTP source politely.

Bounded retries with jitter, quotas obeyed, every failure a sentence.

The clock and the wait are injected, so that tests do not wait. Enter at `PoliteHttp.get` and
`PoliteHttp.stream`.
"""

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final

import httpx
import orjson

from puls import outside
from puls.errors import SourceRefusedError, SourceUnavailableError
from puls.outside import ReplyError, ReplyLimits

ATTEMPTS: Final = 5
FIRST_PAUSE_SECONDS: Final = 1.0
LONGEST_PAUSE_SECONDS: Final = 30.0
# A daily quota that renews tomorrow is not worth a process that sleeps; a minute's throttling is.
LONGEST_QUOTA_WAIT_SECONDS: Final = 120.0
# 300 events of OpenAgenda at their longest are 27 MB; an error says its reason in a few words.
ANSWER_LIMITS: Final = ReplyLimits(most_bytes=64 * 2**20, seconds=120)
_ERROR_LIMITS: Final = ReplyLimits(most_bytes=64 * 2**10, seconds=10)
_SHOWN_CHARACTERS: Final = 300
_TOO_MANY: Final = 429
_REFUSED: Final = 400
_BROKEN: Final = 500

Params = Mapping[str, str | int] | Sequence[tuple[str, str | int]]


class PoliteHttp:
    """GET with patience. One source, one instance."""

    def __init__(
        self,
        http: httpx.AsyncClient,
        *,
        source_name: str,
        headers: Mapping[str, str] | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._http = http
        self._source_name = source_name
        self._headers = {**outside.ASKED_ENCODING, **(headers or {})}
        self._sleep = sleep
        self._clock = clock

    async def get(self, url: str, params: Params = ()) -> Any:
        """The JSON document at `url`.

        Raises: SourceUnavailableError: no good answer after all attempts, or the quota is used up
        for long. SourceRefusedError: the source understood and refused (its own words are in the
        message).
        """
        async with self.stream(url, params) as response:
            try:
                return await outside.document(response, ANSWER_LIMITS)
            except httpx.HTTPError as error:
                raise self._unavailable(f"broke off its answer ({_name(error)})") from error
            except ReplyError as error:
                raise self._unavailable(f"sent an answer that cannot be read: {error}") from error

    @contextlib.asynccontextmanager
    async def stream(self, url: str, params: Params = ()) -> AsyncIterator[httpx.Response]:
        """An open response with a good status; the caller reads its body."""
        reason = ""
        for attempt in range(1, ATTEMPTS + 1):
            try:
                response = await self._send(url, params)
            except httpx.TransportError as error:
                reason = f"does not answer ({_name(error)})"
                await self._pause(attempt)
                continue
            if response.status_code < _REFUSED:
                try:
                    yield response
                finally:
                    await response.aclose()
                return
            body = await self._error_body(response)
            if response.status_code == _TOO_MANY:
                await self._wait_for_quota(response, body)
                reason = f"still refuses for its quota ({_message(body)})"
            elif response.status_code >= _BROKEN:
                reason = f"fails with HTTP {response.status_code}"
                await self._pause(attempt)
            else:
                raise SourceRefusedError(
                    f"{self._source_name} refused the request (HTTP {response.status_code}): "
                    f"{_message(body)}"
                )
        raise self._unavailable(f"{reason} after {ATTEMPTS} attempts")

    async def _send(self, url: str, params: Params) -> httpx.Response:
        pairs = list(params.items()) if isinstance(params, Mapping) else list(params)
        query = httpx.QueryParams([(name, str(value)) for name, value in pairs])
        request = self._http.build_request("GET", url, params=query, headers=self._headers)
        return await self._http.send(request, stream=True)

    async def _error_body(self, response: httpx.Response) -> dict[str, Any]:
        try:
            body = await outside.body(response, _ERROR_LIMITS)
        except (httpx.HTTPError, ReplyError):
            body = b""
        finally:
            await response.aclose()
        try:
            opened = orjson.loads(body)
        except orjson.JSONDecodeError:
            opened = None
        if isinstance(opened, dict):
            return opened
        return {"message": body[:_SHOWN_CHARACTERS].decode("utf-8", "replace").strip()}

    async def _pause(self, attempt: int) -> None:
        if attempt == ATTEMPTS:
            return
        longest = min(LONGEST_PAUSE_SECONDS, FIRST_PAUSE_SECONDS * 2 ** (attempt - 1))
        await self._sleep(random.uniform(longest / 2, longest))  # noqa: S311 - spreads clients, guards nothing

    async def _wait_for_quota(self, response: httpx.Response, body: Mapping[str, Any]) -> None:
        """Wait until the quota renews, when that is soon."""
        renews_at = _renewal(response.headers, body, self._clock())
        wait = (
            FIRST_PAUSE_SECONDS
            if renews_at is None
            else max(0.0, (renews_at - self._clock()).total_seconds())
        )
        if wait > LONGEST_QUOTA_WAIT_SECONDS:
            limit = body.get("call_limit") or response.headers.get("X-RateLimit-Limit") or "its"
            unit = body.get("limit_time_unit")
            per = f" per {unit}" if unit else ""
            assert renews_at is not None
            raise self._unavailable(
                f"allows {limit} calls{per} and they are used up until "
                f"{renews_at.isoformat(timespec='minutes')}; run again after that"
            )
        await self._sleep(wait)

    def _unavailable(self, what: str) -> SourceUnavailableError:
        return SourceUnavailableError(
            f"{self._source_name} {what}; the last good catalogue stays in use."
        )


def _renewal(headers: httpx.Headers, body: Mapping[str, Any], now: datetime) -> datetime | None:
    """When calls are allowed again: the body's `reset_time`, else the usual headers."""
    for text in (
        body.get("reset_time"),
        headers.get("X-RateLimit-Reset"),
        headers.get("Retry-After"),
    ):
        moment = _moment(text, now)
        if moment is not None:
            return moment
    return None


def _moment(text: Any, now: datetime) -> datetime | None:
    """ISO date, HTTP date, seconds from now or seconds since 1970."""
    if text is None:
        return None
    words = str(text).strip()
    try:
        seconds = float(words)
    except ValueError:
        return _date(words)
    epoch_like = 1_000_000_000.0
    try:
        return datetime.fromtimestamp(
            seconds if seconds > epoch_like else now.timestamp() + seconds, UTC
        )
    except (ValueError, OverflowError, OSError):  # no number, or no year that exists
        return None


def _date(words: str) -> datetime | None:
    for parse in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            moment = parse(words)
        except ValueError:
            continue
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return None


def _message(body: Mapping[str, Any]) -> str:
    words = body.get("message") or body.get("error") or body.get("error_code") or "no reason given"
    code = body.get("error_code")
    sentence = str(words)[:_SHOWN_CHARACTERS]
    return f"{code}: {sentence}" if code and code != words else sentence


def _name(error: Exception) -> str:
    return str(error) or type(error).__name__
