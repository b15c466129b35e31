"""Reading an answer within limits: so many bytes, packed and unpacked, and so long. Pure but for the clock it is given.

httpx limits the wait for each piece and nothing else, and unpacks a piece whole: an answer that drips, never ends or
unpacks to a thousand times its size would be held in memory. Feed a `Reading` with raw pieces, then take its `whole`.
"""

import json
import zlib
from collections.abc import Callable, Mapping
from typing import Any, Final

from puls.client.failures import UnreadableAnswerError

ASKED_ENCODING: Final = {"Accept-Encoding": "gzip"}
"""Send it with every request that is read here: what was not asked for is refused."""

LONGEST_ANSWER: Final = 8 * 2**20
"""Bytes; the longest real answer, a hundred events with all their occurrences, has one megabyte."""

_LONGEST_CHAT: Final = 8 * 2**20  # bytes; an answer of four thousand words has forty kilobytes
_PIECE_BYTES: Final = 2**16
_GZIP: Final = 31  # zlib's `wbits` for a gzip head


class Reading:
    """The bytes of one answer, as they come; `seconds` and `clock` as `time.monotonic` has them."""

    def __init__(
        self,
        headers: Mapping[str, str],
        *,
        seconds: float,
        clock: Callable[[], float],
        most_bytes: int = LONGEST_ANSWER,
    ) -> None:
        encoding = headers.get("content-encoding", "identity").strip().lower()
        if encoding not in {"", "identity", "gzip"}:
            raise UnreadableAnswerError(f"The server packed its answer as {encoding[:40]!r}.")
        self._unpacker = zlib.decompressobj(_GZIP) if encoding == "gzip" else None
        self._most_bytes = most_bytes
        self._clock = clock
        self._ends_at = clock() + seconds
        self._seconds = seconds
        self._kept = bytearray()
        self._has_begun = False

    def feed(self, raw: bytes) -> None:
        """Keep a piece as it came.

        Raises:
            UnreadableAnswerError: it is too much, too late, or damaged.
        """
        if self._clock() > self._ends_at:
            raise UnreadableAnswerError(f"The answer took longer than {self._seconds:g} s.")
        if self._unpacker is None:
            self._keep(raw)
            return
        self._has_begun = True
        while raw:
            try:
                self._keep(self._unpacker.decompress(raw, _PIECE_BYTES))
            except zlib.error as error:
                raise UnreadableAnswerError("The answer's compression is damaged.") from error
            raw = self._unpacker.unconsumed_tail

    def whole(self) -> bytes:
        """All of it, at the end.

        Raises:
            UnreadableAnswerError: its compression is cut.
        """
        if self._unpacker is not None and self._has_begun and not self._unpacker.eof:
            raise UnreadableAnswerError("The answer's compression is cut.")
        return bytes(self._kept)

    def json(self) -> Any:
        """Its JSON, or None when it is none."""
        try:
            return json.loads(self.whole())
        except (ValueError, RecursionError):
            return None

    def _keep(self, piece: bytes) -> None:
        if len(self._kept) + len(piece) > self._most_bytes:
            raise UnreadableAnswerError(f"The answer is longer than {self._most_bytes} bytes.")
        self._kept += piece


class Counted:
    """The pieces of a chat: they come as they are, and there is an end to them."""

    def __init__(self, headers: Mapping[str, str]) -> None:
        encoding = headers.get("content-encoding", "identity")
        if encoding not in {"", "identity"}:
            raise UnreadableAnswerError(f"The server packed its stream as {encoding[:40]!r}.")
        self._bytes = 0

    def add(self, piece: bytes) -> None:
        """Count one more.

        Raises:
            UnreadableAnswerError: it is too much.
        """
        self._bytes += len(piece)
        if self._bytes > _LONGEST_CHAT:
            raise UnreadableAnswerError(f"The chat is longer than {_LONGEST_CHAT} bytes.")
