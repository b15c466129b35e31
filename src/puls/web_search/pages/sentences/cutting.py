"""Where sentences end. Pure. Enter at `sentences_in`."""

import re
from collections.abc import Iterator
from typing import Final

_END: Final = re.compile(r"(?<=[.!?;])\s+|\n+|\s+\|\s+|\s+•\s+")
_SHORTENED: Final = re.compile(
    r"(?:\b(?:janv?|f[ée]vr?|feb|mar|avr|apr|juil|jul|juin|jun|ao[uû]|aug|sept?|oct|nov|d[ée]c|lun|mer|jeu|ven|sam|dim|mon|tue|wed|thu"
    r"|fri|sat|sun|env|rens|r[ée]s|t[ée]l)\.|\b(?:M|Mme|Mr|Mrs|Dr|St|Ste|Cie|Pr)\.)$",
    re.IGNORECASE,
)
_BEHIND_ANY: Final = re.compile(r"(?:M|Mme|Mr|Mrs|Dr|St|Ste|Cie|Pr)\.$")
_GOES_ON: Final = re.compile(r"\d|(?:janv|f[ée]v|mars|avr|mai|juin|juil|ao[uû]t|sept|oct|nov|d[ée]c)", re.IGNORECASE)  # fmt: skip


def sentences_in(text: str) -> Iterator[tuple[int, str]]:
    """Sentences with where each begins; a line end, « | » and « • » end one too, « ven. 5 mars » does not."""
    at = 0
    for found in _END.finditer(text):
        if _is_shortened(text, found):
            continue
        if text[at : found.start()].strip():
            yield at, text[at : found.start()]
        at = found.end()
    if text[at:].strip():
        yield at, text[at:]


def _is_shortened(text: str, found: re.Match[str]) -> bool:
    before = text[max(0, found.start() - 8) : found.start()]
    if "\n" in found[0] or _SHORTENED.search(before) is None:
        return False
    return _BEHIND_ANY.search(before) is not None or _GOES_ON.match(text, found.end()) is not None
