"""How names are compared: one folding for the whole project. Pure.

Enter at `fold` for any text and at `fold_place` for the name of a place.
"""

import re
import unicodedata
from functools import lru_cache

_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "ł": "l", "đ": "d"})
_BETWEEN_WORDS = re.compile(r"[\W_]+")
_CEDEX = re.compile(r"\bcedex\b.*")
_SHORT_FORMS = {"st": "saint", "ste": "sainte", "sts": "saints", "stes": "saintes", "ss": "sous"}


def fold(text: str) -> str:
    """Lower case without accents or ligatures; apostrophes.

    Hyphens and punctuation become single spaces.
    """
    lowered = text.lower()
    if not lowered.isascii():
        decomposed = unicodedata.normalize("NFKD", lowered.translate(_LIGATURES))
        kept = (letter for letter in decomposed if not unicodedata.combining(letter))
        lowered = "".join(kept).lower()
    return _BETWEEN_WORDS.sub(" ", lowered).strip()


@lru_cache(maxsize=16_384)
def fold_place(name: str) -> str:
    """Fold the name of a place: « ST-ETIENNE CEDEX 2 » and « Saint-Étienne » become the same."""
    words = _CEDEX.sub("", fold(name)).split()
    return " ".join(_SHORT_FORMS.get(word, word) for word in words)
