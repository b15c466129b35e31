"""Is there anything on this theme at all? One rule for all topics.

Two kinds of evidence: how near an event's meaning is to the topic, in standard deviations of a sample of the catalogue
(`z`), and which of the topic's own words it holds, in nats of surprise (a rare word says much). Among n events something
always looks near by chance, so the words must make good ln n, unless they cover the whole topic.
Pure. How it was measured: docs/decisions/theme-gate.md. Enter at `Theme.standing` and `match_of`.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from puls.catalogue.event import Category
from puls.retrieval.kinds import NO_KINDS, KindsNamed

# Calibrated on the odd pairs of evals/honesty_sample.jsonl and of a set over real records, judged on the even ones
# (`python -m evals.honesty`); see LOG.md. A standing is the logarithm of the odds that a reader finds the event on theme.
_MEANING: Final = 1.15  # per standard deviation of similarity
_CHANCE: Final = 0.9  # per nat by which the words fall short of singling out one event of n
_SURPRISE: Final = 0.7  # of the words held, since they are not independent
_WHOLE: Final = (
    4  # the shortfall counts by 1 - share^4: only a topic that is nearly covered is forgiven
)
_ANOTHER_KIND: Final = 2.5  # a concert was asked for and this is a workshop
_AT_REST: Final = -2.2
# Without vectors, half of the topic's weight in words is on theme, a quarter perhaps.
_WORDS_ALONE: Final = 6.0
_AT_REST_WITHOUT_VECTORS: Final = -3.0

PERHAPS_FROM: Final = -1.5
ON_THEME_FROM: Final = 0.0

ROOT_WORTH: Final = (
    0.7  # of a word that shares the topic's word's root: « maquillage » for « maquiller »
)
SYNONYM_WORTH: Final = 0.5  # of what the thesaurus says instead
KIND_WEIGHT: Final = 0.3  # of « concert », « tournoi » beside a word that says of what


class Match(StrEnum):
    """How sure it is that an event is on the theme asked for."""

    ON_THEME = "on_theme"
    PERHAPS = "perhaps"
    NOTHING = "nothing"


def match_of(standing: float) -> Match:
    if standing >= ON_THEME_FROM:
        return Match.ON_THEME
    return Match.PERHAPS if standing >= PERHAPS_FROM else Match.NOTHING


@dataclass(frozen=True, slots=True)
class Spread:
    """Mean and standard deviation of a topic's similarity to a fixed sample of the catalogue."""

    mean: float
    deviation: float

    def z(self, similarity: float) -> float:
        return (similarity - self.mean) / self.deviation


@dataclass(frozen=True, slots=True)
class Held:
    """What an event holds of a topic's words: `nats`, the sum of their weights, and the `share` of all words' weight."""

    nats: float
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """What judges events against one topic: the kinds it names and, with vectors, how its similarities spread."""

    kinds: KindsNamed = NO_KINDS
    spread: Spread | None = None

    def standing(
        self, *, similarity: float | None, held: Held, among: int, category: Category
    ) -> float:
        """Log-odds that the event is on theme; `among`: how many events satisfy the filters.

        queries.sql says the same of whole sets; a test holds the two equal.
        """
        if category in self.kinds.alone:
            return math.inf
        if similarity is None or self.spread is None:
            standing = _WORDS_ALONE * held.share + _AT_REST_WITHOUT_VECTORS
        else:
            short_by = math.log(max(among, 1)) - _SURPRISE * held.nats
            if short_by > 0:
                short_by *= 1 - held.share**_WHOLE
            standing = _MEANING * self.spread.z(similarity) - _CHANCE * short_by + _AT_REST
        return standing - _ANOTHER_KIND * self._is_another_kind(category)

    def values(self) -> Mapping[str, object]:
        """The same for SQL."""
        return {
            "kinds": sorted(self.kinds.categories),
            "kinds_alone": sorted(self.kinds.alone),
            "mean": self.spread.mean if self.spread else None,
            "deviation": self.spread.deviation if self.spread else None,
            "per_z": _MEANING,
            "per_nat_short": _CHANCE,
            "surprise": _SURPRISE,
            "whole": _WHOLE,
            "at_rest": _AT_REST,
            "per_share_alone": _WORDS_ALONE,
            "at_rest_alone": _AT_REST_WITHOUT_VECTORS,
            "for_another_kind": _ANOTHER_KIND,
            "on_theme_from": ON_THEME_FROM,
            "perhaps_from": PERHAPS_FROM,
            "root_worth": ROOT_WORTH,
            "synonym_worth": SYNONYM_WORTH,
        }

    def _is_another_kind(self, category: Category) -> bool:
        """What the rules could not classify (`OTHER`) speaks neither for nor against."""
        named = self.kinds.categories
        return bool(named) and category is not Category.OTHER and category not in named
