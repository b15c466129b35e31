"""What is sent to Puls, read whole before anything is done with it: so much, in so much time, in characters that exist.

Counted while it comes, whatever its length says of itself. Enter at `Bodies`.
"""

import asyncio
import re
from collections.abc import Mapping

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from puls.api.problems import answer
from puls.errors import TooLargeError

USUAL_BYTES = 64 * 1024  # the longest sensible message is a few kilobytes
MOST_BYTES: Mapping[str, int] = {
    "/v1/chat/completions": 1024 * 1024,  # a client sends its whole conversation each time
    "/v1/me/preferences": 16 * 1024,
}
_SECONDS = 10.0
_JSON = re.compile(r"application/(?:[\w.+-]+\+)?json\b", re.IGNORECASE)
_ESCAPES = re.compile(
    rb"\\(?:u[dD][89aAbB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|u[dD][89a-fA-F][0-9a-fA-F]{2}|.)",
    re.DOTALL,
)
_HALF = re.compile(rb"\\u[dD][89a-fA-F][0-9a-fA-F]{2}")
_LOST = rb"\ufffd"
_MOST_DIGITS = 18


class Bodies:
    """Hands on a request with its whole body, or refuses it: 413 too large, 408 too slow."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        most = MOST_BYTES.get(scope["path"].rstrip("/"), USUAL_BYTES)
        headers = Headers(scope=scope)
        declared = headers.get("content-length", "0")
        if declared == "0" and "transfer-encoding" not in headers:
            await self._app(scope, receive, send)
            return
        refusal: Response
        if declared.isdigit() and (len(declared) > _MOST_DIGITS or int(declared) > most):
            refusal = _too_large(scope, most)
        else:
            try:
                async with asyncio.timeout(_SECONDS):
                    body = await _whole(receive, most)
            except TimeoutError:
                refusal = _too_slow(scope)
            else:
                if body is not None:
                    if _JSON.match(headers.get("content-type", "")):
                        body = without_half_characters(body)
                    await self._app(scope, given(body, receive), send)
                    return
                refusal = _too_large(scope, most)
        await refusal(scope, receive, send)


def without_half_characters(body: bytes) -> bytes:
    """JSON in which half an emoji (a lone surrogate), which no text can hold, is the mark of a character lost."""
    if b"\\u" not in body:
        return body
    return _ESCAPES.sub(lambda one: _LOST if _HALF.fullmatch(one[0]) else one[0], body)


async def _whole(receive: Receive, most: int) -> bytes | None:
    """The body; None when there is more of it than may be."""
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return bytes(body)  # nobody waits for what comes of it
        body += message.get("body", b"")
        if len(body) > most:
            return None
        if not message.get("more_body", False):
            return bytes(body)


def given(body: bytes, receive: Receive) -> Receive:
    """The body as one message, and afterwards what comes of the connection."""
    is_given = False

    async def give() -> Message:
        nonlocal is_given
        if is_given:
            return await receive()
        is_given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return give


def _too_large(scope: Scope, most: int) -> Response:
    return answer(
        Request(scope),
        status=TooLargeError.status,
        code=TooLargeError.code,
        detail=f"This address reads {most // 1024} KiB at most. Nothing was done.",
    )


def _too_slow(scope: Scope) -> Response:
    return answer(
        Request(scope),
        status=408,
        code="body_too_slow",
        detail=f"The body did not arrive within {_SECONDS:g} s. Nothing was done.",
    )
