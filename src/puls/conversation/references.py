"""Which of the events shown before a message speaks of: « la 2e », « les deux premiers », « et le tarif ? ». Pure.

Enter at `meant`.
"""

import re
from collections.abc import Sequence

from puls.geo.names import fold

_ORDINALS = {
    **dict.fromkeys(("premier", "premiere", "1er", "1re", "1ere", "first", "1st"), 0),
    **dict.fromkeys(("deuxieme", "second", "seconde", "2e", "2eme", "2nd"), 1),
    **dict.fromkeys(("troisieme", "third", "3e", "3eme", "3rd"), 2),
    **dict.fromkeys(("quatrieme", "fourth", "4e", "4eme", "4th"), 3),
    **dict.fromkeys(("cinquieme", "fifth", "5e", "5eme", "5th"), 4),
    **dict.fromkeys(("sixieme", "sixth", "6e", "6eme", "6th"), 5),
    **dict.fromkeys(("dernier", "derniere", "last"), -1),
    **dict.fromkeys(("avant dernier", "avant derniere", "last but one"), -2),
}
_COUNTS = {
    **dict.fromkeys(("deux", "two", "2"), 2),
    **dict.fromkeys(("trois", "three", "3"), 3),
    **dict.fromkeys(("quatre", "four", "4"), 4),
}
_ORDINAL = re.compile(
    rf"(?<!\S)(?:{'|'.join(sorted((re.escape(word) for word in _ORDINALS), key=len, reverse=True))})(?!\S)"
)
_FIRST_FEW = re.compile(
    rf"(?<!\S)(?:(?:les? )?(?P<n>{'|'.join(_COUNTS)}) (?:premiere?s?|first)|(?:the )?first (?P<m>{'|'.join(_COUNTS)}))(?!\S)"
)
_ALL_OF_TWO = re.compile(r"(?<!\S)(?:les deux|des deux|both|the two)(?!\S)")
# « la 1 et la 3 », « numéro 2 »; not « à 20 h » nor « le 3 décembre ».
_NUMBER = re.compile(
    r"(?<!\S)(?:la|le|l|n|no|numero|number|option|the|et|and|ou|or|avec|with|vs) (?P<n>\d{1,2})"
    r"(?= ?(?:$|et |and |ou |or |avec |with |vs |stp|svp|please|est |is |coute |c est ))"
)
_WORD = re.compile(r"\w{4,}")
_SHARED_WORDS = (
    2  # of a title, that a message must say to mean that event; one when the title has no more
)
_PAIR = (0, 1)
_MOST = 4  # compared at once


def meant(text: str, titles: Sequence[str], *, cited_before: Sequence[int] = ()) -> tuple[int, ...]:
    """The positions in `titles` (what was shown, in its order) that `text` speaks of, in the order it says them.

    Without any hint: what the turn before was about (`cited_before`), else the first one shown.
    """
    if not titles:
        return ()
    words = fold(text)
    named = _by_number(words, len(titles)) or _by_title(words, titles)
    if named:
        return named[:_MOST]
    before = tuple(one for one in cited_before if one < len(titles))
    if _ALL_OF_TWO.search(words):
        return before if len(before) == len(_PAIR) else _PAIR[: len(titles)]
    return before or (0,)


def _by_number(words: str, count: int) -> tuple[int, ...]:
    if few := _FIRST_FEW.search(words):
        return tuple(range(min(count, _COUNTS[few["n"] or few["m"]])))
    said = [(match.start(), _ORDINALS[match[0]]) for match in _ORDINAL.finditer(words)]
    said += [(match.start(), int(match["n"]) - 1) for match in _NUMBER.finditer(words)]
    positions = (position + count if position < 0 else position for _, position in sorted(said))
    return tuple(dict.fromkeys(one for one in positions if 0 <= one < count))


def _by_title(words: str, titles: Sequence[str]) -> tuple[int, ...]:
    """Events of whose title the message says enough words, the best first."""
    spoken = set(_WORD.findall(words))
    scores = []
    for position, title in enumerate(titles):
        own = set(_WORD.findall(fold(title)))
        shared = len(own & spoken)
        if shared and shared >= min(_SHARED_WORDS, len(own)):
            scores.append((-shared, position))
    best = min(scores, default=(0, 0))[0]
    return tuple(position for shared, position in sorted(scores) if shared == best)
