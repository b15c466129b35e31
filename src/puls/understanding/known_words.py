"""Words that people use when they ask: none of them is a slip in the name of a town. Pure. Enter at `is_known_word`."""

from functools import cache
from importlib.resources import files

from puls.language.lexicon import MONTH_OF, WEEKDAY_OF, singular, words_of_themes


@cache
def _known() -> frozenset[str]:
    text = files("puls.language").joinpath("known_words.txt").read_text(encoding="utf-8")
    return frozenset(text.splitlines()) | words_of_themes() | MONTH_OF.keys() | WEEKDAY_OF.keys()


def is_known_word(folded: str) -> bool:
    """Whether the folded word, or its singular, is one that people use."""
    return folded in _known() or singular(folded) in _known()
