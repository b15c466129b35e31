"""A text without what is only the name of an event, so that « Mariage annulé » as a title states nothing. Pure."""

import re
from typing import Final

from puls.web_search.pages.days import lowered

_WORD: Final = re.compile(r"\w+")
_STATES: Final = re.compile(
    r"annul|cancel|report|postpon|complet|sold|epuis|decal|repouss|maintenu|full|ligne|online"
)
MASK: Final = "·"
_FEWEST: Final = 2


def masked(text: str, title: str) -> str:
    """The lowered text, each place where the title stands covered letter by letter.

    Of a title with a word of status, any two of its words in a row around that word are covered too: pages shorten it.
    """
    low = lowered(text)
    words = _WORD.findall(lowered(title))
    if not words:
        return low
    runs = [words]
    for at, word in enumerate(words):
        if _STATES.match(word) and len(words) >= _FEWEST:
            runs.extend(
                words[first : first + 2] for first in (at - 1, at) if 0 <= first <= len(words) - 2
            )
    for run in runs:
        pattern = r"\b" + r"\W+".join(re.escape(word) for word in run) + r"\b"
        low = re.sub(pattern, lambda found: MASK * len(found[0]), low)
    return low
