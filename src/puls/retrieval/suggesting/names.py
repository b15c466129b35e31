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
from heapq import nsmallest
from itertools import chain
from typing import Literal

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from puls.geo.names import fold

NameKind = Literal["town", "kind", "venue", "event"]

_LONGEST = 60  # letters of what is typed that are looked at
_MOST_WORDS = 6
_SHORTEST_MENDED = 4  # letters; shorter ones have too many neighbours
_LONG_ENOUGH = 6  # letters; « cafe » is no slip of « Cabe(stany) »
_LONG = 8  # letters; from here on two slips are forgiven
_NEIGHBOURS = 6
_SLIP_COSTS = 2.0  # as much as a hundred times the events
_WEIGHTS: dict[NameKind, float] = {"town": 1.2, "kind": 3.0, "venue": 0.4, "event": 0.0}
_BEGINS_ALIKE = 1.5
_MOST_READ = 2_500  # names that are weighed: « le » begins thousands
_MOST_ALIKE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """One thing that can be meant. `key`: a commune's code, a category, an event's uid; of a venue, its commune's code."""

    kind: NameKind
    name: str
    key: str
    beside: str = ""
    events: int = 0


@dataclass(frozen=True, slots=True)
class _Meant:
    """What a typed word may be the beginning of: how names hold it, the slips, and how many names do."""

    held: Sequence[tuple[str, int]]
    known: Sequence[tuple[str, int]]
    names: int

    def slips_in(self, padded: str) -> int | None:
        """With how few slips a name holds it; None when it does not."""
        found = [slips for beginning, slips in self.held if beginning in padded]
        return min(found, default=None)


class Names:
    """All names, ready to be asked; those that weigh more come first in every list."""

    def __init__(self, names: Sequence[Name], folded: Sequence[str]) -> None:
        self._names = names
        self._padded = [f" {words} " for words in folded]
        ids: dict[str, list[int]] = defaultdict(list)
        for at, words in enumerate(folded):
            for word in dict.fromkeys(words.split()):
                ids[word].append(at)
        self._ids = dict(ids)
        self._words = sorted(self._ids)
        self._alphabetical = sorted(range(len(names)), key=self._padded.__getitem__)
        self._by_initial: dict[str, list[str]] = defaultdict(list)
        for word in self._words:
            self._by_initial[word[0]].append(word)

    @classmethod
    def of(cls, names: Iterable[Name]) -> "Names":
        """The names that hold a letter or a digit."""
        kept = [(name, folded) for name in names if (folded := fold(name.name))]
        kept.sort(key=lambda each: -_weight(each[0], each[1]))
        return cls([name for name, _ in kept], [folded for _, folded in kept])

    def __len__(self) -> int:
        return len(self._names)

    def like(
        self, typed: str, *, limit: int = 7, kinds: frozenset[NameKind] | None = None
    ) -> list[Name]:
        """The names that what is typed may become, best first, at most half of one kind unless there is nothing else."""
        words = fold(typed[:_LONGEST]).split()[:_MOST_WORDS]
        meant = [self._meant(word) for word in dict.fromkeys(words)]
        if not meant or not all(one.names for one in meant):
            return []
        whole = " ".join(words)
        rarest = min(meant, key=lambda one: one.names)
        slips: dict[int, int] = {}
        for at in self._looked_at(rarest, whole, kinds):
            found = [one.slips_in(self._padded[at]) for one in meant]
            told = [each for each in found if each is not None]
            if len(told) == len(found):
                slips[at] = sum(told)
        ranked = nsmallest(
            limit * 8, slips, key=lambda at: (-self._score(at, whole, slips[at]), at)
        )
        return list(
            _mixed([self._names[at] for at in ranked], limit, is_one_kind=kinds is not None)
        )

    def _looked_at(
        self, meant: _Meant, whole: str, kinds: frozenset[NameKind] | None
    ) -> Iterator[int]:
        """Names that begin as typed, and those that hold the rarest word, as far as they are worth weighing."""
        seen: set[int] = set()
        first = bisect_left(self._alphabetical, f" {whole}", key=self._padded.__getitem__)
        alike = self._alphabetical[first : first + _MOST_ALIKE]
        held = (at for known, _ in meant.known for at in self._ids[known])
        for at in chain(alike, held):
            if at in seen or (kinds is not None and self._names[at].kind not in kinds):
                continue
            seen.add(at)
            yield at
            if len(seen) >= _MOST_READ:
                return

    def _meant(self, word: str) -> _Meant:
        """Known words that the word begins; when there is none, those that it nearly begins."""
        first = bisect_left(self._words, word)
        last = bisect_left(self._words, word + "\U0010ffff")
        begun = self._words[first:last]
        if begun:
            known = [(each, 0) for each in begun]
            return _Meant([(f" {word}", 0)], known, sum(len(self._ids[each]) for each in begun))
        near = self._nearly(word) if len(word) >= _SHORTEST_MENDED else {}
        known = sorted(near.items(), key=lambda each: each[1])
        names = sum(len(self._ids[each]) for each in near)
        return _Meant([(f" {each} ", slips) for each, slips in known], known, names)

    def _nearly(self, word: str) -> dict[str, int]:
        most = 2 if len(word) >= _LONG else 1
        near = [*self._by_initial.get(word[0], ()), *self._by_initial.get(word[1], ())]
        found: dict[str, int] = {}
        # Whole words, and where enough was typed also their beginnings.
        lengths = (None, len(word), len(word) + 1) if len(word) >= _LONG_ENOUGH else (None,)
        for length in lengths:
            starts = near if length is None else [known[:length] for known in near]
            for _, slips, at in process.extract(
                word,
                starts,
                scorer=DamerauLevenshtein.distance,
                score_cutoff=most,
                limit=_NEIGHBOURS,
            ):
                found[near[at]] = min(int(slips), found.get(near[at], most))
        return found

    def _score(self, at: int, whole: str, slips: int) -> float:
        name, padded = self._names[at], self._padded[at]
        score = _weight(name, padded) - _SLIP_COSTS * slips
        if padded.startswith(f" {whole}"):
            score += _BEGINS_ALIKE
        if padded == f" {whole} ":
            score += _BEGINS_ALIKE
        return score


def _weight(name: Name, folded: str) -> float:
    """How likely it is meant, whatever was typed; of two alike, the shorter."""
    return math.log10(1 + name.events) + _WEIGHTS[name.kind] - len(folded) / 200


def _mixed(ranked: Sequence[Name], limit: int, *, is_one_kind: bool) -> Iterator[Name]:
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
