"""Names that what is typed may become: matched by the beginnings of their words, slips forgiven. Pure.

A name fits when each word typed begins one of its words; the last word may be unfinished. A word that begins nothing is
read as the known words it is a slip or two away from. Names that begin as typed come first, then those with more events.
Enter at `Names.of` and `Names.like`.
"""

import math
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from puls.geo.names import fold

NameKind = Literal["town", "kind", "venue", "event"]

_LONGEST = 60  # letters of what is typed that are looked at
_MOST_WORDS = 6
_SHORTEST_MENDED = 4  # letters; shorter ones have too many neighbours
_LONG = 8  # letters; from here on two slips are forgiven
_NEIGHBOURS = 6
_SLIP_COSTS = 2.0  # as much as a hundred times the events
_WEIGHTS: dict[NameKind, float] = {"town": 1.2, "kind": 1.5, "venue": 0.4, "event": 0.0}
_BEGINS_ALIKE = 1.5
_MOST_READ = 4_000  # names of one word that are weighed: « le » begins thousands


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """One thing that can be meant. `key`: a commune's code, a category, an event's uid; of a venue, its commune's code."""

    kind: NameKind
    name: str
    key: str
    beside: str = ""
    events: int = 0


class Names:
    """All names, ready to be asked."""

    def __init__(self, names: Sequence[Name], folded: Sequence[str]) -> None:
        self._names = names
        self._folded = folded
        self._ids: dict[str, list[int]] = defaultdict(list)
        for at, words in enumerate(folded):
            for word in dict.fromkeys(words.split()):
                self._ids[word].append(at)
        self._words = sorted(self._ids)
        self._by_initial: dict[str, list[str]] = defaultdict(list)
        for word in self._words:
            self._by_initial[word[0]].append(word)

    @classmethod
    def of(cls, names: Iterable[Name]) -> "Names":
        """The names that hold a letter or a digit."""
        kept = [(name, folded) for name in names if (folded := fold(name.name))]
        return cls([name for name, _ in kept], [folded for _, folded in kept])

    def __len__(self) -> int:
        return len(self._names)

    def like(
        self, typed: str, *, limit: int = 7, kinds: frozenset[NameKind] | None = None
    ) -> list[Name]:
        """The names that what is typed may become, best first, at most half of one kind unless there is nothing else."""
        words = fold(typed[:_LONGEST]).split()[:_MOST_WORDS]
        if not words:
            return []
        slips = self._fitting(words, kinds)
        whole = " ".join(words)
        ranked = sorted(slips, key=lambda at: (-self._score(at, whole, slips[at]), at))
        return list(_mixed([self._names[at] for at in ranked[: limit * 8]], limit, bool(kinds)))

    def _fitting(self, words: Sequence[str], kinds: frozenset[NameKind] | None) -> dict[int, int]:
        """The names that hold a beginning of each word, with their slips."""
        fitting: dict[int, int] | None = None
        for word in sorted(words, key=len, reverse=True):
            holding = self._holding(word, kinds)
            if fitting is None:
                fitting = holding
            else:
                fitting = {
                    at: fitting[at] + slips for at, slips in holding.items() if at in fitting
                }
            if not fitting:
                return {}
        return fitting or {}

    def _holding(self, word: str, kinds: frozenset[NameKind] | None) -> dict[int, int]:
        held: dict[int, int] = {}
        for known, slips in self._meant(word):
            for at in self._ids[known]:
                if kinds is None or self._names[at].kind in kinds:
                    held[at] = min(slips, held.get(at, slips))
        return held

    def _meant(self, word: str) -> Iterator[tuple[str, int]]:
        """Known words that the word begins; when there is none, those that it nearly begins."""
        found, read = False, 0
        for at in range(bisect_left(self._words, word), len(self._words)):
            known = self._words[at]
            if not known.startswith(word) or read > _MOST_READ:
                break
            found, read = True, read + len(self._ids[known])
            yield known, 0
        if found or len(word) < _SHORTEST_MENDED:
            return
        most = 2 if len(word) >= _LONG else 1
        near = self._by_initial.get(word[0], []) + (self._by_initial.get(word[1], []))
        for length in (None, len(word), len(word) + 1):
            starts = near if length is None else [known[:length] for known in near]
            for _, slips, at in process.extract(
                word,
                starts,
                scorer=DamerauLevenshtein.distance,
                score_cutoff=most,
                limit=_NEIGHBOURS,
            ):
                yield near[at], int(slips)

    def _score(self, at: int, whole: str, slips: int) -> float:
        name, folded = self._names[at], self._folded[at]
        score = math.log10(1 + name.events) + _WEIGHTS[name.kind] - _SLIP_COSTS * slips
        if folded.startswith(whole):
            score += _BEGINS_ALIKE
        if folded == whole:
            score += _BEGINS_ALIKE
        return score - len(folded) / 200  # of two alike, the shorter


def _mixed(ranked: Sequence[Name], limit: int, is_one_kind: bool) -> Iterator[Name]:
    """A list in which no kind crowds out the others."""
    most = limit if is_one_kind else (limit + 1) // 2
    counts: dict[NameKind, int] = defaultdict(int)
    seen: set[tuple[str, str]] = set()
    kept: list[Name] = []
    passed: list[Name] = []
    for name in ranked:
        same = (fold(name.name), name.beside)
        if same in seen:
            continue
        seen.add(same)
        counts[name.kind] += 1
        (kept if counts[name.kind] <= most else passed).append(name)
    yield from (kept + passed)[:limit]
