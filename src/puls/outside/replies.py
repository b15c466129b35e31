"""Reading what others send over HTTP: so many bytes, so much time, so deep, in an encoding that was asked for.

httpx limits the wait for each piece and nothing else: a reply that drips, never ends, or unpacks to a thousand times its
size is held in memory whole. Here a reply is unpacked piece by piece and counted before and after. Enter at `document`
for JSON, at `lines` for a stream.
"""

import asyncio
import zlib
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Any, Final

import httpx
import orjson

ASKED_ENCODING: Final = {"Accept-Encoding": "gzip"}
"""Send it with every request that is read here: what was not asked for is refused."""

_PIECE_BYTES: Final = 2**16
_GZIP_OR_ZLIB: Final = 47  # zlib's `wbits` that recognises both heads
_HIGHEST_RATIO: Final = 250  # deflate reaches 1,032; real answers stay below 40
_RATIO_FROM_BYTES: Final = 2**22


class ReplyError(ValueError):
    """The reply is not one to read on: too long, too slow, packed otherwise than asked, or not what it says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyLimits:
    """What a reply may take: unpacked bytes, and seconds from its head to its end."""

    most_bytes: int
    seconds: float


async def document(response: httpx.Response, limits: ReplyLimits) -> Any:
    """The JSON of an open response.

    Raises:
        ReplyError: it breaks a limit or is not JSON; nesting beyond what orjson reads (1,024 levels) counts as that.
    """
    data = await body(response, limits)
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise ReplyError("it is not JSON") from error


async def body(response: httpx.Response, limits: ReplyLimits) -> bytes:
    """All bytes of an open response, within limits."""
    announced = response.headers.get("Content-Length", "")
    if announced.isdigit() and len(announced) < 20 and int(announced) > limits.most_bytes:  # noqa: PLR2004 - digits
        raise ReplyError(f"it announces {announced} bytes")
    pieces: list[bytes] = []
    size = 0
    try:
        async with asyncio.timeout(limits.seconds):
            async for piece in unpacked(response):
                size += len(piece)
                if size > limits.most_bytes:
                    raise ReplyError(f"it is longer than {limits.most_bytes} bytes")
                pieces.append(piece)
    except TimeoutError as error:
        raise ReplyError(f"it takes longer than {limits.seconds:g} s") from error
    return b"".join(pieces)


async def lines(
    response: httpx.Response, *, longest: int, seconds: float
) -> AsyncIterator[bytes | None]:
    """Lines as bytes, without empty ones; None for one that is longer than `longest`.

    Cut at line feeds alone: httpx's own `aiter_lines` would also cut at U+2028 inside a record.

    Raises:
        ReplyError: the whole takes longer than `seconds`, or is packed out of proportion.
    """
    rest = bytearray()
    is_too_long = False
    deadline = asyncio.get_running_loop().time() + seconds
    pieces = unpacked(response)
    while (piece := await _next_before(pieces, deadline, seconds)) is not None:
        *ended, begun = piece.split(b"\n")
        for end in ended:
            line = bytes(rest + end) if rest else end
            rest.clear()
            if is_too_long or len(line) > longest:
                yield None
            elif line.strip():
                yield line
            is_too_long = False
        rest += begun
        if len(rest) > longest:
            rest.clear()
            is_too_long = True
    if is_too_long:
        yield None
    elif rest.strip():
        yield bytes(rest)


async def _next_before(
    pieces: AsyncIterator[bytes], deadline: float, seconds: float
) -> bytes | None:
    try:
        async with asyncio.timeout_at(deadline):
            return await anext(pieces, None)
    except TimeoutError as error:
        raise ReplyError(f"it takes longer than {seconds:g} s") from error


async def unpacked(response: httpx.Response) -> AsyncIterator[bytes]:
    """The reply's bytes in small pieces, unpacked here: httpx unpacks a whole packet at once."""
    encoding = response.headers.get("Content-Encoding", "identity").strip().lower()
    if encoding in {"", "identity"}:
        async for piece in response.aiter_raw():
            yield piece
        return
    if encoding not in {"gzip", "x-gzip", "deflate"}:
        raise ReplyError(f"it is packed as {encoding[:40]!r}, which was not asked for")
    unpacking = _Unpacking()
    async for raw in response.aiter_raw():
        for piece in unpacking.pieces(raw):
            yield piece
    if unpacking.is_open:
        raise ReplyError("its compression is cut")


class _Unpacking:
    """One gzip or zlib stream, or several behind each other."""

    def __init__(self) -> None:
        self._packed = self._produced = 0
        self._unpacker = zlib.decompressobj(_GZIP_OR_ZLIB)
        self.is_open = False

    def pieces(self, raw: bytes) -> Iterator[bytes]:
        self._packed += len(raw)
        waiting = raw
        while waiting:
            try:
                piece = self._unpacker.decompress(waiting, _PIECE_BYTES)
            except zlib.error as error:
                raise ReplyError("its compression is damaged") from error
            self._produced += len(piece)
            if self._produced > max(_RATIO_FROM_BYTES, _HIGHEST_RATIO * self._packed):
                raise ReplyError(f"it unpacks to more than {_HIGHEST_RATIO} times its size")
            if piece:
                yield piece
            self.is_open = not self._unpacker.eof
            waiting = self._unpacker.unconsumed_tail if self.is_open else self._unpacker.unused_data
            if not self.is_open:
                self._unpacker = zlib.decompressobj(_GZIP_OR_ZLIB)
