"""Bytes of a page as text: what is written in it decides, then what its header says, then what it says of itself. Pure.

Only encodings that pages are written in are read: Python knows others under the same kind of name, some of which are
programs (`unicode_escape`) or take quadratic time (`punycode`).
"""

import codecs
import re
from typing import Final

from charset_normalizer import from_bytes

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_META = re.compile(
    rb"<meta[^>]{0,256}?charset\s*=\s*[\"']?\s*([a-z0-9_:.-]{2,40})"
    rb"|<\?xml[^>]{0,128}?encoding\s*=\s*[\"']([a-z0-9_:.-]{2,40})",
    re.IGNORECASE,
)
_META_WITHIN = 4_096  # bytes; HTML asks for the first 1,024, pages with long comments need more
_GUESSED_FROM = 16_384  # bytes; guessing is slow
_READ: Final = frozenset(
    "utf-8 utf-16 utf-16-le utf-16-be cp1252 iso8859-2 iso8859-3 iso8859-4 iso8859-5 iso8859-6 iso8859-7 iso8859-8 "
    "iso8859-9 iso8859-10 iso8859-13 iso8859-14 iso8859-15 iso8859-16 cp1250 cp1251 cp1253 cp1254 cp1255 cp1256 cp1257 "
    "cp1258 cp874 koi8-r koi8-u mac-roman shift_jis cp932 euc_jp euc_kr cp949 gbk gb2312 gb18030 big5".split()
)
_FRENCH = frozenset(map(chr, range(128))) | frozenset(
    "àâäçèéêëîïôöùûüÿœæÀÂÄÇÈÉÊËÎÏÔÖÙÛÜŸŒÆ«»’‘“”…–—•°€£§©®·×½²³\xa0"
)
_LATIN = frozenset({"iso8859-1", "ascii"})  # browsers read both as Windows-1252, and so do writers


def text_of(raw: bytes, said: str | None) -> str:
    """The text of a page; `said` is the charset of its header, if any. Never fails: what cannot be read is marked �."""
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            return _clean(raw[len(mark) :].decode(encoding, "replace"))
    candidates = [name for name in (_known(said), _known(_meta(raw))) if name]
    if (
        "utf-8" in candidates
    ):  # what is valid as UTF-8 is nothing else, whatever a server adds by default
        candidates = list(dict.fromkeys(["utf-8", *candidates]))
    for encoding in [*candidates, "utf-8"]:
        try:
            return _clean(raw.decode(encoding))
        except UnicodeDecodeError:
            continue
    return _clean(raw.decode(candidates[0] if candidates else _guess(raw), "replace"))


def _known(name: str | None) -> str | None:
    try:
        found = codecs.lookup(name.strip(" \"'")[:40]).name if name else ""
    except (LookupError, ValueError):  # a NUL in a name is a ValueError
        return None
    if found in _LATIN:
        return "cp1252"
    return found if found in _READ else None


def _meta(raw: bytes) -> str | None:
    found = _META.search(raw[:_META_WITHIN])
    if found is None:
        return None
    name = (found[1] or found[2]).decode("ascii")
    return (
        "utf-8" if name.lower().startswith("utf-16") else name
    )  # it was read as bytes to get here


def _guess(raw: bytes) -> str:
    """French first: statistics take a short « théâtre » for Latvian."""
    if _FRENCH.issuperset(raw.decode("cp1252", "replace")):
        return "cp1252"
    first = next(place for place, byte in enumerate(raw) if byte > 127)  # noqa: PLR2004 - it is not ASCII
    best = from_bytes(raw[max(0, first - 2_048) :][:_GUESSED_FROM]).best()
    return _known(best.encoding if best else None) or "cp1252"


def _clean(text: str) -> str:
    """Without NUL, which no database keeps."""
    return text.replace("\0", "")
