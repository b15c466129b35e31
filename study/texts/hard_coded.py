"""Numbers that an author typed instead of naming a figure: each is a fault, in digits or in words.

Names that hold digits (« PostgreSQL », « RFC 9727 », « MVP 1 ») are listed with their reason in `names.yaml`; nothing else is let through. Pure.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from study.texts.typography import prose_of

# « un » and « une » are articles; the rest of the small numbers, and words that are numbers in disguise.
_WORDS = (
    "deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|treize|quatorze|quinze|seize|vingt|trente|quarante|cinquante|soixante|"
    "cent|cents|mille|millions?|milliards?|dizaines?|douzaines?|quinzaines?|vingtaines?|centaines?|milliers?|moitié|double|triple"
)
_NUMBER = re.compile(rf"(?<![\w.-])(?:\d[\d\s\u202f.,]*\d|\d)(?![\w])|\d|(?<![\w’-])(?:{_WORDS})(?![\w])", re.IGNORECASE)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class HardCoded:
    """A number that no figure stands behind: its line (from 1) and the words around it."""

    line: int
    words: str


def hard_coded(text: str, names: Iterable[str]) -> Iterator[HardCoded]:
    """Every number of a template's prose. `names`: regular expressions of what may hold digits."""
    prose = prose_of(text)
    for pattern in names:
        prose = re.sub(pattern, lambda name: re.sub(r"[^\n]", " ", name[0]), prose)
    prose = re.sub(r"(?m)^\s*\d+\. ", "   ", prose)  # a numbered list
    for found in _NUMBER.finditer(prose):
        line = prose.count("\n", 0, found.start()) + 1
        yield HardCoded(line=line, words=" ".join(text.split("\n")[line - 1][:160].split()))
