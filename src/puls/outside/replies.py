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
_SMALLEST_PIECE: Final = 64  # bytes on average; each piece costs a turn of the loop
_LONGEST_LENGTH: Final = 18  # digits
_GZIP_HEAD: Final = b"\x1f\x8b"
_GZIP: Final = 31  # zlib's `wbits` for a gzip head
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
    refuse_announced(response.headers.get("Content-Length", ""), limits.most_bytes)
    try:
        async with asyncio.timeout(limits.seconds):
            return await gathered(unpacked(response), limits.most_bytes)
    except TimeoutError as error:
        raise ReplyError(f"it takes longer than {limits.seconds:g} s") from error


def refuse_announced(content_length: str, most_bytes: int) -> None:
    """Read no further when a Content-Length says already that it is too long.

    Raises:
        ReplyError: it does.
    """
    if content_length.isdecimal() and (
        len(content_length) > _LONGEST_LENGTH or int(content_length) > most_bytes
    ):
        raise ReplyError(f"it announces {content_length[:_LONGEST_LENGTH]} bytes")


async def gathered(pieces: AsyncIterator[bytes], most_bytes: int) -> bytes:
    """All bytes of an iterator, in as many pieces as honest servers send.

    Raises:
        ReplyError: there are more than `most_bytes`, or they come one by one.
    """
    kept = bytearray()
    count, most_pieces = 0, max(1_024, most_bytes // _SMALLEST_PIECE)
    async for piece in pieces:
        count += 1
        if len(kept) + len(piece) > most_bytes or count > most_pieces:
            raise ReplyError(f"it is longer than {most_bytes} bytes")
        kept += piece
    return bytes(kept)


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
    encoding = response.headers.get("Content-Encoding", "identity")
    async for piece in unpacked_from(response.aiter_raw(), encoding):
        yield piece


async def unpacked_from(raws: AsyncIterator[bytes], encoding: str) -> AsyncIterator[bytes]:
    """Raw bytes as they came, unpacked in small pieces; one layer, and only what was asked for.

    Raises:
        ReplyError: it is packed otherwise or twice, damaged, cut, or out of proportion.
    """
    encoding = encoding.strip().lower()
    if encoding in {"", "identity"}:
        async for piece in raws:
            yield piece
        return
    if encoding not in {"gzip", "x-gzip"}:
        raise ReplyError(f"it is packed as {encoding[:40]!r}, which was not asked for")
    unpacking = _Unpacking()
    is_first = True
    async for raw in raws:
        for piece in unpacking.pieces(raw):
            if is_first and piece.startswith(_GZIP_HEAD):
                raise ReplyError("it is packed twice")
            is_first = False
            yield piece
    if unpacking.is_open:
        raise ReplyError("its compression is cut")


class _Unpacking:
    """One gzip stream, or several behind each other."""

    def __init__(self) -> None:
        self._packed = self._produced = 0
        self._unpacker = zlib.decompressobj(_GZIP)
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
                self._unpacker = zlib.decompressobj(_GZIP)
