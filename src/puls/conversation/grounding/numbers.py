"""Numbers as people write them in an answer: « 12,50 », « douze », “twenty-one”. Pure."""

import re
from collections.abc import Collection

_FRENCH = (
    "zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize "
    "dix-sept dix-huit dix-neuf".split()
)
_FRENCH_TENS = {20: "vingt", 30: "trente", 40: "quarante", 50: "cinquante", 60: "soixante"}
_ENGLISH = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen".split()
)
_ENGLISH_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()


def _words() -> dict[str, int]:
    words = {word: value for value, word in enumerate(_FRENCH)} | {"une": 1, "cent": 100}
    for ten, name in _FRENCH_TENS.items():
        words |= {name: ten, f"{name} et un": ten + 1, f"{name} et une": ten + 1}
        words |= {f"{name}-{_FRENCH[unit]}": ten + unit for unit in range(2, 10)}
    words |= {f"soixante-{_FRENCH[unit]}": 60 + unit for unit in range(10, 20)}
    words |= {"soixante et onze": 71, "quatre-vingts": 80, "quatre-vingt": 80}
    words |= {f"quatre-vingt-{_FRENCH[unit]}": 80 + unit for unit in range(1, 20)}
    words |= {word: value for value, word in enumerate(_ENGLISH)} | {"a hundred": 100}
    for index, name in enumerate(_ENGLISH_TENS):
        words |= {name: 20 + 10 * index}
        words |= {f"{name}-{_ENGLISH[unit]}": 20 + 10 * index + unit for unit in range(1, 10)}
    return words


def _any_of(words: Collection[str]) -> str:
    """A pattern of any of the words, the longest first, that reads each letter once.

    A plain alternation of two hundred words tries them one by one at each word of a text.
    """
    by_letter: dict[str, list[str]] = {}
    for word in words:
        if word:
            by_letter.setdefault(word[0].replace("-", " "), []).append(word[1:])
    branches = [
        f"{'[- ]' if letter == ' ' else letter}{_any_of(rests)}"
        for letter, rests in sorted(by_letter.items())
    ]
    if not branches:
        return ""
    pattern = f"(?:{'|'.join(branches)})"
    return f"{pattern}?" if "" in words else pattern


_VALUES = _words()
WORDS = _any_of(list(_VALUES))
NUMBER = rf"(?:\d{{1,3}}(?:[ .,]\d{{3}})+(?!\d)|\d+(?:[.,]\d{{1,2}})?(?!\d)|\b(?:{WORDS})\b)"
_THOUSANDS = re.compile(r"\d{1,3}(?:[ .,]\d{3})+")


def value_of(text: str) -> float:
    """The number that a match of `NUMBER` writes."""
    text = text.strip().lower()
    if text[:1].isdigit():
        if _THOUSANDS.fullmatch(text):
            return float(re.sub(r"[ .,]", "", text))
        return float(text.replace(",", "."))
    for word in (text, text.replace(" ", "-"), text.replace("-", " ")):
        if word in _VALUES:
            return float(_VALUES[word])
    return float("nan")
