"""Slips of the finger in words of time. Pure.

A word one slip away (a letter missing, added, changed, or two swapped) from a word of time of five letters or more is that word when
it begins alike: « demein », « samdi », “tomorow”. Words that exist are left alone. Enter at `mended`.
"""

from functools import cache

from rapidfuzz.distance import OSA

from puls.geo.names import fold
from puls.language.lexicon import MONTHS, WEEKDAYS

_OTHERS = "demain prochain prochaine semaine matin matinee soiree tomorrow tonight weekend vacances gratuit gratuite"
_SHORTEST, _LONGEST = 5, 11  # letters of a slip
_SHORT_DAYS = frozenset(("lundi", "mardi", "jeudi"))
_SHORT = 5  # words this short have neighbours in every direction: « mardi » and « mari »
# Words and names that exist one slip away from a word of time.
_EXIST = frozenset(
    """
    domain domains demian juliet vacance vacant vacante martin marin satin latin matins patin mutin matine matines martine
    semaines semaille semailles semelle prochains prochaines gratuits gratuites gratitude lundis mardis jeudis mercredis
    vendredis samedis dimanches soirees sorties savoie monday sunday monde sundae friday tuesdays augusta auguste marsch
    marche marches marie mario avrile avilla decembre janvier octobre jules julie julien julia julian julies novembres
    semence romaine domaine demaine remain demains jardin lundin marti marty mardin maddy hardi gratin gratins gratis
    morning evening holiday samantha samaritain samedis mornings prochainement matrice march marchi aprile
    """.split()
)


@cache
def _words() -> dict[str, tuple[str, ...]]:
    """Words of time by their first letter."""
    said = (
        fold(word) for named in (*MONTHS, *WEEKDAYS) for word in named.name
    )  # French and English
    every = {word for word in said if len(word) > _SHORT} | _SHORT_DAYS
    every |= set(_OTHERS.split())
    by_letter: dict[str, list[str]] = {}
    for word in sorted(every):
        by_letter.setdefault(word[0], []).append(word)
    return {letter: tuple(words) for letter, words in by_letter.items()}


@cache
def _known() -> frozenset[str]:
    return frozenset(word for words in _words().values() for word in words)


_VOWELS = frozenset("aeiouy")
_SHORTEST_SKELETON = 3


@cache
def _skeletons() -> dict[str, str]:
    """Words of time by their consonants, as people type in haste: « dmn », « smd », « dmnch »."""
    found: dict[str, str] = {}
    said = [fold(named.name.fr) for named in WEEKDAYS] + [
        "demain",
        "weekend",
        "semaine",
        "matin",
        "soir",
    ]
    for word in said:
        bones = "".join(letter for letter in word if letter not in _VOWELS)
        if len(bones) >= _SHORTEST_SKELETON:
            found.setdefault(bones, word)
    return found | {
        "dmch": "dimanche",
        "dmnch": "dimanche",
        "smdi": "samedi",
        "vndrdi": "vendredi",
        "mrcrdi": "mercredi",
        "wknd": "weekend",
    }


def mended(word: str) -> str:
    """The word of time that a folded word stands for; itself when none."""
    if word in _skeletons():
        return _skeletons()[word]
    if (
        not _SHORTEST <= len(word) <= _LONGEST
        or word in _EXIST
        or word.removesuffix("s") in _known()
    ):
        return word
    for meant in _words().get(word[0], ()):
        is_short = len(meant) == _SHORT
        if abs(len(meant) - len(word)) > 1 or (is_short and word[-1] != meant[-1]):
            continue
        if OSA.distance(word, meant, score_cutoff=1) <= 1:
            return meant
    return word
