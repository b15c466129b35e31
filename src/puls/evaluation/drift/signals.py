"""What a turn counts as: one bin per signal, from codes and figures that are stored with it. Pure.

| signal | bins |
|---|---|
| act, language | codes |
| category | of the wish, else the one that its topic names; `other_theme`, `no_theme` |
| region | of the place asked for; `circle`, `visitor`, `anywhere`, `unknown` |
| answer | what came: `on_theme`, `off_theme`, `nothing`, else the kind of turn; `failed` |
| topic_score | the best event's score in standard deviations of its candidates, in steps of a half |
| meaning_0…7 | the topic's vector along fixed directions, in steps |
| empty_region, empty_category | the bin of region or category, and whether it was answered on theme |

Enter at `bins_of` and `Directions`.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from puls.geo.gazetteer import Gazetteer
from puls.retrieval.kinds import KindsNamed

_SCORE_STEP, _LARGEST_SCORE = 0.5, 4.0
_DIRECTIONS = 8
_SEED = 20_261_130  # any number; never another, or days could not be compared
_MEANING_STEP, _LARGEST_MEANING = (
    0.75,
    2.25,
)  # in units of 1/√dimensions, what a random direction gives


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedTurn:
    """What is read of a turn: codes and figures, and the topic, which is only made a vector of."""

    state: str
    kind: str | None
    act: str | None
    language: str | None
    found: str | None
    place: str | None
    theme: str | None
    topic: str
    score: float | None


RegionOf = Callable[[str | None], str]


def bins_of(turn: CountedTurn, region_of: RegionOf) -> Iterator[tuple[str, str]]:
    """Each signal that the turn counts for, with its bin; those of the topic's meaning are `Directions.bins`."""
    yield "answer", _answer(turn)
    if turn.act or turn.kind:
        yield "act", turn.act or turn.kind or ""
    if turn.language:
        yield "language", turn.language
    if turn.found is None:
        return
    region, category = region_of(turn.place), _category(turn)
    answered = "found" if turn.found == "on_theme" else "empty"
    yield "region", region
    yield "category", category
    yield "empty_region", f"{region}/{answered}"
    yield "empty_category", f"{category}/{answered}"
    if turn.score is not None and turn.topic:
        yield "topic_score", _step(turn.score, _SCORE_STEP, _LARGEST_SCORE)


def _answer(turn: CountedTurn) -> str:
    if turn.state == "failed":
        return "failed"
    return turn.found or turn.kind or "unknown"


def _category(turn: CountedTurn) -> str:
    if turn.theme:
        return turn.theme
    if not turn.topic:
        return "no_theme"
    named = sorted(KindsNamed.in_topic(turn.topic).categories)
    return named[0].value if named else "other_theme"


def _step(value: float, step: float, largest: float) -> str:
    """The bin that a figure falls in, by its lower end; what lies beyond the largest is in the last one."""
    bounded = max(-largest, min(value, largest))
    return f"{math.floor(bounded / step) * step:+.2f}"


class Regions:
    """The region of a place as `turn.place` codes it (migration 0058)."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer

    def __call__(self, place: str | None) -> str:
        if not place:
            return "anywhere"
        if place == "visitor":
            return "visitor"
        return "circle" if place[0] == "n" else self._named(place[0], place[1:]) or "unknown"

    def _named(self, kind: str, code: str) -> str | None:
        match kind:
            case "c":
                commune = self._gazetteer.commune(code)
                return commune.region_code if commune else None
            case "r":
                return code if code in self._gazetteer.regions else None
            case "p":
                code = code[:3] if code.startswith("97") else code[:2]
            case _:
                pass
        department = self._gazetteer.departments.get(code)
        return department.region_code if department else None


@dataclass(frozen=True)
class Directions:
    """Fixed directions in the space of vectors: the same on every machine and day, for one number of dimensions."""

    dimensions: int

    @cached_property
    def _axes(self) -> NDArray[np.float64]:
        drawn = np.random.default_rng(_SEED).standard_normal((self.dimensions, _DIRECTIONS))
        axes, _ = np.linalg.qr(drawn)
        return np.asarray(axes.T, dtype=np.float64)

    def bins(self, vector: NDArray[np.floating]) -> Sequence[tuple[str, str]]:
        """The bin along each direction. Nothing of the vector can be had back from eight coarse steps."""
        along = self._axes @ np.asarray(vector, dtype=np.float64) * math.sqrt(self.dimensions)
        return [
            (f"meaning_{at}", _step(float(value), _MEANING_STEP, _LARGEST_MEANING))
            for at, value in enumerate(along)
        ]
