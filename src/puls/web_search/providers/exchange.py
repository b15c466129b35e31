"""One request to a provider's server: all of it within a time, its reply within limits, its failures by name.

Redirects are not followed: the address was chosen by an operator, and a key goes with the request.
"""

import asyncio
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any, Final

import httpx
import orjson

from puls import outside
from puls.outside import ReplyError, ReplyLimits
from puls.web_search.providers.provider import ProviderError, ProviderFault

_MOST_BYTES: Final = 2 * 2**20  # twenty results of Brave take 100 KiB
_MOST_ERROR_BYTES: Final = 64 * 2**10
_LONG_SECONDS: Final = 3600.0  # « later », said in a way that cannot be read
_CODE: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,59}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A reply other than 200. `body`: its JSON, or None when it is none."""

    status: int
    headers: Mapping[str, str]
    body: Any = None

    @property
    def retry_after_seconds(self) -> float | None:
        """From `Retry-After`: seconds, or a date by the server's own clock."""
        said = self.headers.get("retry-after")
        if said is None:
            return None
        if said.strip().isdigit():
            return min(float(said), _LONG_SECONDS * 24)
        try:
            wait = parsedate_to_datetime(said) - parsedate_to_datetime(self.headers["date"])
        except (ValueError, KeyError, TypeError):
            return _LONG_SECONDS
        return max(wait.total_seconds(), 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A reply of 200: its headers and its JSON object."""

    headers: Mapping[str, str]
    body: dict[str, Any]


async def exchange(
    http: httpx.AsyncClient,
    request: httpx.Request,
    *,
    name: str,
    within: float,
    refused: Callable[[Refusal], ProviderError],
) -> Reply:
    """Send `request` and read its reply, within so many seconds from now.

    Raises:
        ProviderError: no reply of 200 with a JSON object; `refused` names what another status means.
    """
    try:
        async with asyncio.timeout(within):
            reply = await http.send(request, stream=True, follow_redirects=False)
            try:
                return await _read(reply, name=name, within=within, refused=refused)
            finally:
                await reply.aclose()
    except TimeoutError as error:
        raise _silent(name) from error
    except httpx.TimeoutException as error:
        raise _silent(name) from error
    except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as error:
        why = f"{name} cannot be reached ({type(error).__name__})."
        raise ProviderError(ProviderFault.UNREACHABLE, why) from error


async def _read(
    reply: httpx.Response,
    *,
    name: str,
    within: float,
    refused: Callable[[Refusal], ProviderError],
) -> Reply:
    headers = {key.lower(): value for key, value in reply.headers.items()}
    if reply.status_code != HTTPStatus.OK:
        body = await _error_body(reply, within)
        raise refused(Refusal(status=reply.status_code, headers=headers, body=body))
    try:
        data = await outside.body(reply, ReplyLimits(most_bytes=_MOST_BYTES, seconds=within))
    except ReplyError as error:
        raise ProviderError(
            ProviderFault.TOO_LONG, f"The reply of {name} is not read: {error}."
        ) from error
    try:
        document = orjson.loads(data)
    except orjson.JSONDecodeError:
        document = None
    if not isinstance(document, dict):
        raise garbage(name, "no JSON object")
    return Reply(headers=headers, body=document)


async def _error_body(reply: httpx.Response, within: float) -> Any:
    """What an error says; it is optional reading."""
    limits = ReplyLimits(most_bytes=_MOST_ERROR_BYTES, seconds=within)
    try:
        return await outside.document(reply, limits)
    except (ReplyError, httpx.HTTPError):
        return None


def usual_refusal(name: str, refusal: Refusal) -> ProviderError:
    """What a status means where the protocol says nothing of its own."""
    status = refusal.status
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return ProviderError(
            ProviderFault.RATE_LIMITED,
            f"{name} asks to be left alone for a moment (429).",
            retry_after_seconds=refusal.retry_after_seconds,
        )
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return ProviderError(
            ProviderFault.SERVER,
            f"{name} has a fault of its own ({status}).",
            retry_after_seconds=refusal.retry_after_seconds,
        )
    if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        return ProviderError(ProviderFault.DENIED, f"{name} does not let Puls in ({status}).")
    if HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
        why = (
            f"{name} sends elsewhere ({status}); redirects are not followed: set its final address."
        )
        return ProviderError(ProviderFault.REJECTED, why)
    if status < HTTPStatus.MULTIPLE_CHOICES:
        return garbage(name, f"an answer {status}")
    return ProviderError(ProviderFault.REJECTED, f"{name} refuses the request ({status}).")


def garbage(name: str, what: str) -> ProviderError:
    """The reply is not of this protocol."""
    return ProviderError(ProviderFault.GARBAGE, f"{name} does not answer by its protocol: {what}.")


def code_in(value: Any) -> str:
    """A provider's own code of an error, if it looks like one: nothing else of its text is passed on."""
    return value if isinstance(value, str) and _CODE.fullmatch(value) else ""


def _silent(name: str) -> ProviderError:
    return ProviderError(ProviderFault.TIME, f"{name} did not answer in time.")
