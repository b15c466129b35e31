"""The words of time, number and kind, as data that readers and writers share. Pure.

`lexicon.toml` and `kinds.toml` stand beside this module; whoever adds a word adds it there.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from puls.catalogue.event import Category
from puls.language.words import Words

Hours = tuple[float, float]
"""From and to, in hours after midnight; 24 is the next midnight, and a night runs past it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A month or a day of the week: its names, short names, and the folded words that mean it.

    `short` words mean something else too (« mer », « mars », “sun”).
    """

    name: Words
    short_name: Words
    read: frozenset[str]
    short: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A category as people say it: one, several, all of it (« théâtre »), as a title; and the folded words that name it or its world."""

    one: Words
    several: Words
    all: Words
    title: Words
    read: frozenset[str]
    also: frozenset[str]
    is_feminine: bool = False


def _data(name: str) -> dict[str, Any]:
    return tomllib.loads(files("puls.language").joinpath(name).read_text(encoding="utf-8"))


_LEXICON = _data("lexicon.toml")


def _named(section: str) -> tuple[Named, ...]:
    return tuple(
        Named(
            name=Words(entry["fr"], entry["en"]),
            short_name=Words(entry["short_fr"], entry["short_en"]),
            read=frozenset(entry["read"].split()),
            short=frozenset(entry["short"].split()),
        )
        for _, entry in sorted(_LEXICON[section].items(), key=lambda item: int(item[0]))
    )


MONTHS = _named("months")
"""January first."""
WEEKDAYS = _named("weekdays")
"""Monday first."""

MONTH_OF: Mapping[str, int] = {
    word: at for at, month in enumerate(MONTHS, 1) for word in month.read | month.short
}
WEEKDAY_OF: Mapping[str, int] = {word: at for at, day in enumerate(WEEKDAYS) for word in day.read}
SHORT_WEEKDAY_OF: Mapping[str, int] = {
    word: at for at, day in enumerate(WEEKDAYS) for word in day.short
}
SHORT_MONTHS = frozenset(word for month in MONTHS for word in month.short)

PARTS_OF_DAY: Mapping[str, Hours] = {
    name: (float(part["hours"][0]), float(part["hours"][1]))
    for name, part in _LEXICON["parts_of_day"].items()
}
PART_NAMES: Mapping[str, Words] = {
    name: Words(part["fr"], part["en"]) for name, part in _LEXICON["parts_of_day"].items()
}

LANGUAGES: Mapping[str, Words] = {
    code: Words(entry["fr"], entry["en"]) for code, entry in _LEXICON["languages"].items()
}
"""Names of languages by their ISO 639-1 codes."""
LANGUAGE_OF: Mapping[str, str] = {
    word: code for code, entry in _LEXICON["languages"].items() for word in entry["read"].split()
}

_numbers = _LEXICON["numbers"]
UNITS: Mapping[str, int] = {
    word: value
    for language in ("fr", "en")
    for value, word in enumerate(_numbers[language].split())
} | _numbers["others"]
TENS: Mapping[str, int] = _numbers["fr_tens"] | _numbers["en_tens"]
ENGLISH_ORDINALS: Mapping[str, int] = _LEXICON["ordinals"]["en"]
ORDINALS: Mapping[str, int] = ENGLISH_ORDINALS | _LEXICON["ordinals"]["fr"]


@cache
def kinds() -> Mapping[Category, Kind]:
    """Every category, in the order of `kinds.toml`."""
    return {
        Category(name): Kind(
            one=Words(entry["fr"], entry["en"]),
            several=Words(entry["fr_plural"], entry["en_plural"]),
            all=Words(entry["all_fr"], entry["all_en"]),
            title=Words(entry["title_fr"], entry["title_en"]),
            read=_phrases(entry["read"]),
            also=_phrases(entry["also"]),
            is_feminine=entry.get("feminine", False),
        )
        for name, entry in _data("kinds.toml").items()
    }


def _phrases(words: str) -> frozenset[str]:
    return frozenset(word.replace("_", " ") for word in words.split())


@cache
def category_of_word() -> Mapping[str, Category]:
    """The category that a folded word (singular) names."""
    return {word: category for category, kind in kinds().items() for word in kind.read}


@cache
def words_of_themes() -> frozenset[str]:
    """Every folded word (singular) that names a kind of event or its world."""
    return frozenset(word for kind in kinds().values() for word in kind.read | kind.also)


@dataclass(frozen=True, slots=True)
class Cues:
    """Words that hint at a kind of message, by first word: phrases with their class; and beginnings of words."""

    phrases: Mapping[str, Sequence[tuple[tuple[str, ...], str]]]
    beginnings: Mapping[str, str]
    shortest_beginning: int

    def at(self, words: Sequence[str], place: int) -> set[str]:
        """The classes of what begins at a word."""
        word = words[place]
        found = {
            name
            for phrase, name in self.phrases.get(word, ())
            if tuple(words[place : place + len(phrase)]) == phrase
        }
        for length in range(self.shortest_beginning, len(word) + 1):
            if (name := self.beginnings.get(word[:length])) is not None:
                found.add(name)
        return found


@cache
def cues() -> Cues:
    """Those of `cues.toml`."""
    phrases: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    beginnings: dict[str, str] = {}
    for name, text in _data("cues.toml").items():
        for entry in text.split():
            if entry.endswith("*"):
                beginnings[entry[:-1]] = name
            else:
                words = tuple(entry.split("_"))
                phrases.setdefault(words[0], []).append((words, name))
    return Cues(phrases, beginnings, min(map(len, beginnings)))


def names_a_kind(word: str) -> bool:
    """Whether a folded word names a kind of event or its world."""
    one = singular(word)
    return any(
        form in table for form in (one, word) for table in (category_of_word(), words_of_themes())
    )


def singular(word: str) -> str:
    """A folded word without the mark of the plural: « expos » → « expo », « jeux » → « jeu »; short words stay."""
    if len(word) > 3 and word[-1] in "sx" and not word.endswith("ss"):  # noqa: PLR2004 - « jus », « six »
        return word[:-1]
    return word
