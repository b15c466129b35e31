"""What strangers wrote, for places that take it as it is: a calendar, structured data, a title, the head of a page.

Pure. Escaping belongs to each format; this takes away what no format escapes: control characters, marks that turn the
direction of what follows, and heaps of accents that run over the lines around.
"""

import re

_LINE_ENDS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_NEVER_SEEN = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_TURNS_DIRECTION = re.compile("[\u202a-\u202e\u2066-\u2069]")
_ACCENT = "[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
_HEAP_OF_ACCENTS = re.compile(f"({_ACCENT}{{3}}){_ACCENT}+")  # no written language needs a fourth


def plain(text: str) -> str:
    """The text, with one kind of line end."""
    text = _LINE_ENDS.sub("\n", text)
    text = _TURNS_DIRECTION.sub("", _NEVER_SEEN.sub("", text))
    return _HEAP_OF_ACCENTS.sub(r"\1", text)


def plain_line(text: str) -> str:
    """The text on one line."""
    return " ".join(plain(text).split())
