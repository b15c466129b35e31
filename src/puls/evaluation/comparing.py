"""Whether one report is worse than another beyond what the choice of cases explains. Pure.

The same cases of both are paired, and the mean difference of each figure is drawn again and again with cases chosen anew
(paired bootstrap, percentile interval, fixed seed). Many figures are looked at together, so each one's interval is wider
(Bonferroni): all of them hold at once in 95 of 100 comparisons of two reports that differ by chance alone. Enter at `compare`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from puls.evaluation.cases import PARTS, Case, Part, Report

CONFIDENCE = 0.95
_DRAWS = 10_000
_AT_ONCE = 500
_SEED = 13
_FEWEST = 8  # differing cases: fewer, all against one side, would be beyond noise by the arithmetic of 2⁻ⁿ alone
_EPSILON = 1e-5  # a report is written with six digits


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureChange:
    """One figure in both reports over their common cases; `low` and `high`: of the difference, `now` less `before`."""

    part: Part
    name: str
    cases: int
    before: float
    now: float
    low: float
    high: float

    @property
    def is_worse(self) -> bool:
        """Beyond noise."""
        return self.high < 0

    @property
    def is_better(self) -> bool:
        """Beyond noise."""
        return self.low > 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseChange:
    """One case whose figures differ: name to before and now."""

    now: Case
    before: Case
    figures: Mapping[str, tuple[float, float]]

    @property
    def change(self) -> float:
        """The sum of the differences; below 0 is worse."""
        return sum(now - before for before, now in self.figures.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """A report beside its baseline. `missing`: cases of the baseline that the report does not have, as `part/id`."""

    figures: tuple[FigureChange, ...]
    cases: tuple[CaseChange, ...]
    missing: tuple[str, ...]
    added: int

    @property
    def worse(self) -> tuple[FigureChange, ...]:
        return tuple(one for one in self.figures if one.is_worse)

    @property
    def is_worse(self) -> bool:
        """Something is worse beyond noise, or was not judged any more."""
        return bool(self.worse or self.missing)

    @property
    def sentences(self) -> tuple[str, ...]:
        """Why it is worse, a sentence each."""
        said = [
            f"{one.part} {one.name} fell from {one.before:.3f} to {one.now:.3f} over {one.cases} cases "
            f"(between {one.low:+.3f} and {one.high:+.3f}): more than the choice of cases explains."
            for one in self.worse
        ]
        if self.missing:
            some = ", ".join(self.missing[:5])
            said.append(f"{len(self.missing)} cases of the baseline were not judged: {some}….")
        return tuple(said)


def compare(report: Report, baseline: Report, *, draws: int = _DRAWS) -> Comparison:
    """What changed since the baseline."""
    now = {case.key: case for case in report.cases}
    before = {case.key: case for case in baseline.cases}
    common = [key for key in now if key in before]
    names = [
        (part, name)
        for part in PARTS
        for name in dict.fromkeys(
            name for key in common if key[0] == part for name in now[key].figures
        )
    ]
    paired = {
        one: _pairs([(before[key], now[key]) for key in common if key[0] == one[0]], one[1])
        for one in names
    }
    paired = {one: pairs for one, pairs in paired.items() if len(pairs)}
    confidence = 1 - (1 - CONFIDENCE) / max(1, len(paired))
    return Comparison(
        figures=tuple(
            _figure(part, name, pairs, confidence, draws) for (part, name), pairs in paired.items()
        ),
        cases=_changed([(before[key], now[key]) for key in common]),
        missing=tuple(f"{part}/{id_}" for part, id_ in before if (part, id_) not in now),
        added=sum(key not in before for key in now),
    )


def _pairs(cases: Sequence[tuple[Case, Case]], name: str) -> NDArray[np.float64]:
    """Before and now, a row for each case that has the figure in both."""
    rows = [
        (before.figures[name], now.figures[name])
        for before, now in cases
        if name in before.figures and name in now.figures
    ]
    return np.array(rows, dtype=np.float64).reshape(-1, 2)


def _figure(
    part: Part, name: str, pairs: NDArray[np.float64], confidence: float, draws: int
) -> FigureChange:
    differences = pairs[:, 1] - pairs[:, 0]
    differences[np.abs(differences) < _EPSILON] = 0.0
    low, high = interval(differences, confidence=confidence, draws=draws)
    before, now = pairs.mean(axis=0)
    return FigureChange(
        part=part,
        name=name,
        cases=len(pairs),
        before=float(before),
        now=float(now),
        low=low,
        high=high,
    )


def interval(
    differences: NDArray[np.float64], *, confidence: float = CONFIDENCE, draws: int = _DRAWS
) -> tuple[float, float]:
    """Where the mean difference lies; (-1, 1) while too few cases differ to tell."""
    differing = int((np.abs(differences) > _EPSILON).sum())
    if differing == 0:
        return 0.0, 0.0
    if differing < _FEWEST:
        return -1.0, 1.0
    generator, size = np.random.default_rng(_SEED), len(differences)
    means = [
        differences[generator.integers(0, size, (min(_AT_ONCE, draws - at), size))].mean(axis=1)
        for at in range(0, draws, _AT_ONCE)
    ]
    tail = (1 - confidence) / 2
    low, high = np.quantile(np.concatenate(means), (tail, 1 - tail))
    return float(low), float(high)


def _changed(pairs: Sequence[tuple[Case, Case]]) -> tuple[CaseChange, ...]:
    """The cases that differ, those that lost most first."""
    changes = []
    for before, now in pairs:
        figures = {
            name: (before.figures[name], value)
            for name, value in now.figures.items()
            if name in before.figures and abs(value - before.figures[name]) > _EPSILON
        }
        if figures:
            changes.append(CaseChange(now=now, before=before, figures=figures))
    return tuple(sorted(changes, key=lambda one: (one.change, one.now.key)))
