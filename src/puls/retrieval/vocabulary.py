"""The catalogue's own words: mends what a visitor mistyped, and adds what else people call the same thing."""

import functools
import importlib.resources
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import Stemmer
from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from puls.database import Database, Queries
from puls.geo.names import fold
from puls.retrieval.kept import Kept

_QUERIES = Queries.beside("puls.retrieval")
_LIVES_SECONDS = 300.0
_SHORTEST_MENDED = 5  # letters; shorter words have too many neighbours
_LONG = 9  # letters; from here on two slips are forgiven
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """A word that no event holds, and the catalogue's word it is most likely a slip of."""

    typed: str
    understood: str


@dataclass(frozen=True, slots=True)
class _Known:
    """Words of titles, keywords, venues and towns with their number of events; and every stem of any text.

    `by_initial` holds the words again, for a slip rarely spares the first letter: looking at all of them took 5 ms.
    """

    words: Mapping[str, int]
    by_initial: Mapping[str, Sequence[str]]
    stems: frozenset[str]


class Vocabulary:
    """What the catalogue's events are made of, read again every few minutes."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known = Kept(self._read, lives_seconds=_LIVES_SECONDS)

    async def corrections(self, topic: str) -> list[Correction]:
        """Each word of the topic that nothing in the catalogue holds, with the one it comes close to, if any."""
        known = await self._known.current()
        corrections = []
        for typed in dict.fromkeys(_WORD.findall(topic)):
            understood = _closest_word(fold(typed), known)
            if understood is not None:
                corrections.append(Correction(typed=typed, understood=understood))
        return corrections

    async def _read(self) -> _Known:
        words = await self._database.reads.fetch_all(_QUERIES["words"])
        stems = await self._database.reads.fetch_all(_QUERIES["stems"])
        by_initial = defaultdict(list)
        for row in words:
            by_initial[row["word"][0]].append(row["word"])
        return _Known(
            words={row["word"]: row["events"] for row in words},
            by_initial=by_initial,
            stems=frozenset(row["lexeme"] for row in stems),
        )


def _closest_word(word: str, known: _Known) -> str | None:
    if len(word) < _SHORTEST_MENDED or word in _thesaurus_words():
        return None
    if word in known.words or _stem(word) in known.stems or not known.words:
        return None
    slips = 2 if len(word) >= _LONG else 1
    likely = process.extract(
        word,
        known.by_initial.get(word[0], ()),
        scorer=DamerauLevenshtein.distance,
        score_cutoff=slips,
        limit=20,
    )
    # Among equals the commoner word is meant.
    best = min(likely, key=lambda match: (match[1], -known.words[match[0]]), default=None)
    return best[0] if best else None


_STEMMER = Stemmer.Stemmer("french")  # the Snowball stemmer that PostgreSQL uses, too


def _stem(word: str) -> str:
    stem: str = _STEMMER.stemWord(word)
    return stem


@functools.cache
def _thesaurus_words() -> frozenset[str]:
    return frozenset(word for phrase, _ in _phrases() for word in phrase.split())


def expansions_of(topic: str) -> list[str]:
    """Other words for what the topic asks, by the thesaurus; they count less than the visitor's own."""
    return list(dict.fromkeys(" ".join(others) for _, others in groups_in(topic)))


def groups_in(topic: str) -> list[tuple[str, tuple[str, ...]]]:
    """Each phrase of the thesaurus that the topic holds, with the others of its group that it does not hold."""
    folded = f" {' '.join(_WORD.findall(fold(topic)))} "
    return [
        (phrase, tuple(_others(group, folded)))
        for phrase, group in _phrases()
        if f" {phrase} " in folded
    ]


def _others(group: tuple[str, ...], folded: str) -> Iterable[str]:
    return (phrase for phrase in group if f" {phrase} " not in folded)


@functools.cache
def _phrases() -> Sequence[tuple[str, tuple[str, ...]]]:
    """Each phrase of thesaurus.txt beside its group; a line is a group, commas part its phrases."""
    text = (
        importlib.resources.files("puls.retrieval")
        .joinpath("thesaurus.txt")
        .read_text(encoding="utf-8")
    )
    groups = [
        tuple(fold(phrase.strip()) for phrase in line.split(","))
        for line in text.splitlines()
        if line.strip() and not line.startswith("#")
    ]
    return [(phrase, group) for group in groups for phrase in group]
