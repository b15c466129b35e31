"""The bytes of a file, unpacked when they are gzip, whatever the file is called. In bounded memory and ratio."""

import gzip
import io
import zlib
from contextlib import ExitStack
from typing import IO, TYPE_CHECKING, Final, cast

from puls.ingestion.files.limits import HIGHEST_RATIO, RATIO_FROM_BYTES, UnreadableFileError

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_GZIP: Final = b"\x1f\x8b"
_BUFFER_BYTES: Final = 2**18


def unpacked(raw: io.BufferedReader, opened: ExitStack, *, is_named_gz: bool) -> io.BufferedReader:
    """The plain bytes behind `raw`.

    Raises:
        UnreadableFileError: it is called `.gz` and is not, or is packed twice.
    """
    if not raw.peek(2).startswith(_GZIP):
        if is_named_gz and raw.peek(1):
            raise UnreadableFileError("is called .gz and is not gzip")
        return raw
    plain = cast("io.BufferedReader", io.BufferedReader(_Unpacking(raw), _BUFFER_BYTES))
    opened.enter_context(plain)
    if plain.peek(2).startswith(_GZIP):
        raise UnreadableFileError("is compressed twice; unpack it once")
    return plain


class _Unpacking(io.RawIOBase):
    """A gzip stream that ends with a sentence when it is damaged or grows out of all proportion."""

    def __init__(self, raw: IO[bytes]) -> None:
        self._raw = raw
        self._gzip = gzip.GzipFile(fileobj=raw, mode="rb")
        self._produced = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        room = memoryview(buffer).cast("B")
        try:
            data = self._gzip.read(len(room))
        except EOFError:
            raise UnreadableFileError("is cut: the gzip stream has no end") from None
        except (OSError, zlib.error) as error:
            raise UnreadableFileError(f"is damaged gzip ({error})") from error
        self._produced += len(data)
        if self._produced > RATIO_FROM_BYTES and self._produced > HIGHEST_RATIO * self._raw.tell():
            raise UnreadableFileError(
                f"unpacks to more than {HIGHEST_RATIO} times its size; no export does"
            )
        room[: len(data)] = data
        return len(data)
