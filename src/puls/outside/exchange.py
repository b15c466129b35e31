"""One request and its answer over a guarded pool: what is sent, how much is read, when the connection closes.

Nothing here decides what an answer means; that is `fetching`.
"""

import contextlib
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import httpcore2

from puls.outside.addresses import WebAddress
from puls.outside.replies import ReplyError, gathered, refuse_announced, unpacked_from

_ACCEPTED: Final = {
    "page": "text/html,application/xhtml+xml,application/json;q=0.9,text/calendar;q=0.9,application/xml;q=0.8",
    "json": "application/json",
    "robots": "text/plain,*/*;q=0.1",
}
_MOST_HEADERS = 256


class AnswerError(Exception):
    """What came back is no answer of a web server, or broke off."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer's head, with its body still to be read. `headers` by lower-case name; repeated ones are joined."""

    status: int
    headers: Mapping[str, str]
    _raws: AsyncIterator[bytes]

    @property
    def content_type(self) -> str:
        """Lower case, without parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def charset(self) -> str | None:
        """As the header names it."""
        for parameter in self.headers.get("content-type", "").split(";")[1:]:
            name, _, value = parameter.partition("=")
            if name.strip().lower() == "charset":
                return value.strip(" \"'")[:40] or None
        return None

    async def body(self, most_bytes: int) -> bytes:
        """All of it, counted before and after unpacking.

        Raises:
            ReplyError: it is longer, or packed otherwise than asked.
        """
        refuse_announced(self.headers.get("content-length", ""), most_bytes)
        return await gathered(self._unpacked(most_bytes), most_bytes)

    async def start(self, most_bytes: int) -> bytes:
        """Its first bytes; what is damaged or packed otherwise ends there."""
        kept = bytearray()
        with contextlib.suppress(ReplyError, httpcore2.NetworkError, httpcore2.ProtocolError):
            async for piece in self._unpacked(most_bytes):
                kept += piece[: most_bytes - len(kept)]
                if len(kept) >= most_bytes:
                    break
        return bytes(kept)

    def _unpacked(self, most_bytes: int) -> AsyncIterator[bytes]:
        encoding = self.headers.get("content-encoding", "identity")
        return unpacked_from(_counted(self._raws, most_bytes), encoding)


async def _counted(raws: AsyncIterator[bytes], most_bytes: int) -> AsyncIterator[bytes]:
    count = 0
    async for raw in raws:
        count += len(raw)
        if count > most_bytes:
            raise ReplyError(f"it is longer than {most_bytes} bytes")
        yield raw


class Exchanges:
    """Requests over one pool. Cookies are neither kept nor sent, redirects are the caller's."""

    def __init__(self, pool: httpcore2.AsyncConnectionPool, *, user_agent: str) -> None:
        self._pool = pool
        self._user_agent = user_agent

    @contextlib.asynccontextmanager
    async def get(
        self, address: WebAddress, *, accept: str, seconds: float
    ) -> AsyncIterator[Answer]:
        """The answer at `address`, open for the block; `seconds` bounds connecting, the caller bounds the whole.

        A kept connection that turns out to be closed is replaced once.

        Raises:
            UnsafeAddressError: the guard refused.
            AnswerError: no web server answers there.
            httpcore2.ConnectError: nobody does.
        """
        response = await self._opened(address, accept, seconds)
        try:
            raws = response.aiter_stream()
            yield Answer(response.status, _headers(response.headers), raws)
        except (httpcore2.NetworkError, httpcore2.ProtocolError) as error:
            raise AnswerError("its answer broke off") from error
        finally:
            await response.aclose()

    async def _opened(self, address: WebAddress, accept: str, seconds: float) -> httpcore2.Response:
        connected: list[str] = []

        async def trace(event: str, _: Any) -> None:
            if event == "connection.connect_tcp.started":
                connected.append(event)

        while True:
            request = self._request(address, accept, seconds, trace)
            try:
                return await self._pool.handle_async_request(request)
            except (httpcore2.ReadError, httpcore2.WriteError, httpcore2.ProtocolError) as error:
                if connected:
                    raise AnswerError("it does not answer as a web server does") from error
                connected.append("the next one is new, or the last")

    def _request(
        self, address: WebAddress, accept: str, seconds: float, trace: Any
    ) -> httpcore2.Request:
        return httpcore2.Request(
            "GET",
            httpcore2.URL(
                scheme=address.scheme, host=address.host, port=address.port, target=address.target
            ),
            headers={
                "Host": address.authority,
                "User-Agent": self._user_agent,
                "Accept": _ACCEPTED[accept],
                "Accept-Language": "fr, en;q=0.5",
                "Accept-Encoding": "gzip",
            },
            extensions={"timeout": {"connect": seconds, "pool": seconds}, "trace": trace},
        )


def _headers(raw: list[tuple[bytes, bytes]]) -> dict[str, str]:
    if len(raw) > _MOST_HEADERS:
        raise AnswerError("it sends more headers than an answer has")
    headers: dict[str, str] = {}
    for name, value in raw:
        key, text = name.decode("latin-1").lower(), value.decode("latin-1")
        headers[key] = f"{headers[key]}, {text}" if key in headers else text
    return headers
