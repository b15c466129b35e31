"""Names of towns with a slip in them, or cut short. Pure.

The towns are gathered when the first slip comes, not when a process starts. Enter at `Spellings`.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from functools import cached_property

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from puls.geo.place_index import PlaceIndex

_TOWN = 2_000  # inhabitants; a village resembles any word
_SHORTENED = 500  # inhabitants; a smaller place is seldom called by half its name
_SHORTEST, _LONG = 5, 9  # letters
_TWO_NAMES = 2
_NO_FIRST_NAMES = frozenset(
    "le la les l saint sainte saints grand grande petit petite bois mont val ville vieux notre port pont bourg haut haute bas basse neuf beau belle fort sous sur".split()
)
_AFTER_ANY_NAME = "\uffff"


class Spellings:
    """The names of towns by how they are spelt."""

    def __init__(self, index: PlaceIndex) -> None:
        self._index = index

    def like(self, folded: str) -> Sequence[str]:
        """Codes of the towns whose folded name is closest: one slip away, two in a long name.

        Guarded: five letters at least, the same first letter.
        """
        alike = self.slips(folded)
        closest = min((slips for slips, _ in alike), default=0)
        return [code for slips, codes in alike if slips == closest for code in codes]

    def slips(self, folded: str) -> Sequence[tuple[int, Sequence[str]]]:
        """How many slips away each town is that the name may mean, with the codes of that name."""
        if len(folded) < _SHORTEST:
            return ()
        allowed = 1 if len(folded) < _LONG else 2
        alike = process.extract(
            folded,
            self._by_first_letter.get(folded[0], ()),
            scorer=DamerauLevenshtein.distance,
            score_cutoff=allowed,
            limit=None,
        )
        return [(int(distance), self._codes[name]) for name, distance, _ in alike]

    def beginning(self, words: str) -> Sequence[str]:
        """Codes of the towns whose folded name begins with these words: « chilly » is Chilly-Mazarin."""
        first = bisect_left(self._sorted, words + " ")
        last = bisect_left(self._sorted, words + " " + _AFTER_ANY_NAME)
        return [code for name in self._sorted[first:last] for code in self._longer[name]]

    def double(self, word: str) -> Sequence[str]:
        """Codes of the towns of two names, of which the second is this: « hossegor » is Soorts-Hossegor."""
        return self._second_names.get(word, ())

    @cached_property
    def _second_names(self) -> dict[str, list[str]]:
        second: dict[str, list[str]] = defaultdict(list)
        for name, codes in self._longer.items():
            words = name.split()
            if (
                len(words) == _TWO_NAMES
                and words[0] not in _NO_FIRST_NAMES
                and len(words[1]) >= _SHORTEST
            ):
                second[words[1]] += codes
        return second

    def run_together(self, letters: str) -> Sequence[str]:
        """Codes of the towns whose folded name, its spaces left out, is this: « chalonsursaone »."""
        return self._run_together.get(letters, ())

    @cached_property
    def _run_together(self) -> dict[str, Sequence[str]]:
        return {name.replace(" ", ""): codes for name, codes in self._longer.items()}

    @cached_property
    def _codes(self) -> dict[str, Sequence[str]]:
        return dict(self._index.names_of_towns(_TOWN))

    @cached_property
    def _sorted(self) -> list[str]:
        return sorted(self._longer)

    @cached_property
    def _longer(self) -> dict[str, Sequence[str]]:
        """Names of several words, which may be cut short."""
        named = self._index.names_of_towns(_SHORTENED)
        return {name: codes for name, codes in named if " " in name}

    @cached_property
    def _by_first_letter(self) -> dict[str, list[str]]:
        buckets: dict[str, list[str]] = defaultdict(list)
        for name in self._codes:
            if len(name) >= _SHORTEST:
                buckets[name[0]].append(name)
        return buckets
