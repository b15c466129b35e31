"""Letters from bytes: UTF-8 unless the bytes say otherwise, and never a letter lost.

A mark at the beginning or zeros between ASCII letters tell UTF-16 and UTF-32 apart. Bytes that are not UTF-8 are read
as the old encoding in which the text around them looks most like French; what was chosen is said. Enter at
`utf8_stream`, then `Letters`.
"""

import codecs
import io
from typing import TYPE_CHECKING, Final, cast

import charset_normalizer

from puls.ingestion.files.limits import UnreadableFileError

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # begins like UTF-16-LE, so it comes first
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_NAMES: Final = {
    "cp1252": "Windows-1252",
    "iso8859_15": "Latin-9",
    "mac_roman": "Mac Roman",
    "cp850": "DOS 850",
    "cp1250": "Windows-1250",
    "cp1251": "Windows-1251",
}
_FRENCH_CODECS: Final = ("cp1252", "iso8859_15", "mac_roman", "cp850")
_OTHER_CODECS: Final = ("cp1250", "iso8859_2", "cp1251", "koi8_r", "cp1253", "cp1254", "mac_latin2")
_LOWER: Final = frozenset("àâäçéèêëîïôöùûüÿœæñáíóúãõå")
_UPPER: Final = frozenset(letter.upper() for letter in _LOWER)
_SIGNS: Final = frozenset("’‘“”«»–—…€°²³•·©®™\xa0\u202f½¼×º")
_INSIDE_WORDS: Final = frozenset("’‘–·")
_LEAST_FRENCH: Final = 0.5  # of the letters beyond ASCII
_SAMPLE_BYTES: Final = 2**16
_CHUNK_BYTES: Final = 2**18
_UNDEFINED: Final = "puls-undefined"


def utf8_stream(stream: io.BufferedReader) -> tuple[io.BufferedReader, str | None]:
    """The same text as UTF-8 with line feeds, without its mark; and the encoding when it was another."""
    head = stream.peek(_SAMPLE_BYTES)[:_SAMPLE_BYTES]
    codec = next((codec for mark, codec in _MARKS if head.startswith(mark)), None)
    if codec is not None:
        stream.read(next(len(mark) for mark, name in _MARKS if name == codec))
    else:
        codec = _wide_codec(head)
    if codec not in {None, "utf-8"}:
        assert codec is not None
        wide = io.BufferedReader(_Transcoding(stream, codec), _CHUNK_BYTES)
        return _with_line_feeds(cast("io.BufferedReader", wide)), codec.upper()
    return _with_line_feeds(stream), None


def _wide_codec(head: bytes) -> str | None:
    """UTF-16 or UTF-32 without a mark: every ASCII letter brings zeros, always on the same side."""
    pairs = head[: len(head) // 4 * 4]
    if not pairs or 2 * head.count(0) < len(head) // 2:
        return None
    even, odd = pairs[0::2].count(0), pairs[1::2].count(0)
    if min(even, odd) * 4 > len(pairs):  # three zeros in four: UTF-32
        return "utf-32-le" if pairs[0] else "utf-32-be"
    if even > 8 * odd:
        return "utf-16-be"
    return "utf-16-le" if odd > 8 * even else None


def _with_line_feeds(stream: io.BufferedReader) -> io.BufferedReader:
    """Lines of an old Macintosh end with a carriage return alone."""
    head = stream.peek(_SAMPLE_BYTES)
    if b"\r" in head and b"\n" not in head:
        return cast("io.BufferedReader", io.BufferedReader(_CarriageReturns(stream), _CHUNK_BYTES))
    return stream


class _CarriageReturns(io.RawIOBase):
    def __init__(self, stream: io.BufferedReader) -> None:
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        room = memoryview(buffer).cast("B")
        data = self._stream.read(len(room)).replace(b"\r", b"\n")
        room[: len(data)] = data
        return len(data)


class _Transcoding(io.RawIOBase):
    """Bytes of another Unicode encoding as UTF-8; lone surrogates stay what they are."""

    def __init__(self, stream: io.BufferedReader, codec: str) -> None:
        self._stream = stream
        self._codec = codec
        self._decoder = codecs.getincrementaldecoder(codec)("surrogatepass")
        self._waiting = b""
        self._is_over = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        while not self._waiting and not self._is_over:
            data = self._stream.read(_CHUNK_BYTES)
            self._is_over = not data
            try:
                text = self._decoder.decode(data, final=self._is_over)
            except UnicodeDecodeError as error:
                raise UnreadableFileError(f"is not {self._codec.upper()} to its end") from error
            self._waiting = text.encode("utf-8", "surrogatepass")
        room = memoryview(buffer).cast("B")
        data, self._waiting = self._waiting[: len(room)], self._waiting[len(room) :]
        room[: len(data)] = data
        return len(data)


class Letters:
    """Turns the bytes of one file into text and remembers which encoding that took."""

    def __init__(self) -> None:
        self.codec: str | None = None

    @property
    def remark(self) -> str | None:
        """What a person should know of the encoding; None for plain UTF-8."""
        if self.codec is None:
            return None
        return f"it is not UTF-8 throughout; what is not was read as {_NAMES.get(self.codec, self.codec)}"

    def of(self, data: bytes, following: bytes = b"") -> str:
        """The text of a whole line; `following` helps to recognise an old encoding."""
        try:
            return data.decode()
        except UnicodeDecodeError:
            pass
        try:  # lone surrogates, or pairs of them, that a careless writer encoded one by one
            return _paired(data.decode("utf-8", "surrogatepass"))
        except UnicodeDecodeError:
            pass
        if self.codec is None:
            self.codec = old_encoding_of(data + following[:_SAMPLE_BYTES])
        old, mixed = _letters(data, self.codec), _mostly_utf8(data, self.codec)
        return mixed if old != mixed and _likeness(mixed) >= _likeness(old) else old


def old_encoding_of(sample: bytes) -> str:
    """The encoding in which bytes that are not UTF-8 look most like French, else like anything known."""
    sample = _without_utf8(sample)
    scored = [(_likeness(_letters(sample, codec)), codec) for codec in _FRENCH_CODECS]
    likeness, best = max(scored, key=lambda pair: pair[0])
    if likeness >= _LEAST_FRENCH:
        return best
    found = charset_normalizer.from_bytes(
        sample, cp_isolation=[*_FRENCH_CODECS, *_OTHER_CODECS]
    ).best()
    return found.encoding if found is not None else best


def _without_utf8(sample: bytes) -> bytes:
    """Letters of UTF-8 between say nothing of the old encoding."""
    text = sample.decode("utf-8", "surrogateescape")
    kept = (letter for letter in text if letter.isascii() or "\udc80" <= letter <= "\udcff")
    return "".join(kept).encode("ascii", "surrogateescape")


def _likeness(text: str) -> float:
    """From −2 to 1: how much the letters beyond ASCII stand where French writes them."""
    marks = [at for at, letter in enumerate(text) if not letter.isascii()]
    if not marks:
        return 0.0
    return sum(_likeness_at(text, at) for at in marks) / len(marks)


def _likeness_at(text: str, at: int) -> float:
    letter, before, after = text[at], text[max(0, at - 1) : at], text[at + 1 : at + 2]
    if letter in _LOWER:
        return -0.5 if before.isupper() and after.isupper() else 1.0
    if letter in _UPPER:
        return -1.0 if before.islower() or (before.isupper() and after.islower()) else 0.9
    if letter in _SIGNS:
        is_inside = before.isalpha() and after.isalpha()
        return -1.0 if is_inside and letter not in _INSIDE_WORDS else 0.8
    return -2.0


def _letters(data: bytes, codec: str) -> str:
    return data.decode(codec, _UNDEFINED)  # five bytes mean nothing in Windows-1252


def _undefined(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    return error.object[error.start : error.end].decode("latin-1"), error.end


codecs.register_error(_UNDEFINED, _undefined)


def _mostly_utf8(data: bytes, codec: str) -> str:
    """UTF-8 with stray bytes of an old encoding between."""
    handler = f"puls-stray-{codec}"

    def stray(error: UnicodeError) -> tuple[str, int]:
        assert isinstance(error, UnicodeDecodeError)
        return _letters(error.object[error.start : error.end], codec), error.end

    codecs.register_error(handler, stray)
    return data.decode("utf-8", handler)


def _paired(text: str) -> str:
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")
