"""Drift of a week against the four weeks before, and kinds of answer that disappear. Pure. Enter at `judged`.

Thresholds: an index of 0.10 is a change to look at, one of 0.25 a large one (the rule of thumb of credit scoring, a
convention without a theory: Potgieter et al., arXiv 2307.11878); a Jensen–Shannon distance of 0.1 is what CapyMOA's
detector starts with. Each counts only beyond what chance alone would give once in a thousand comparisons
(`distances.by_chance`): with a hundred visitors a week 0.25 is nothing.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import NormalDist
from typing import Literal

from puls.evaluation.drift.distances import (
    REST,
    Histogram,
    by_chance,
    jensen_shannon,
    pooled,
    stability_index,
)

Level = Literal["steady", "changed", "drifted", "unknown"]
CHANGED_FROM = 0.10
DRIFTED_FROM = 0.25
DISTANCE_FROM = 0.1
ALPHA = 0.001
FEWEST = 100  # visitors in the week; below, nothing is said
# Of a kind of answer that is missing: expected at least so often that chance alone gives none once in 10,000 weeks,
# even when visitors come in groups (a variance of twice Poisson's).
_EXPECTED_AT_LEAST = 2 * math.log(10_000)
EXPECTED_KINDS = frozenset({"answer", "canary"})
_Z_OF_ALPHA = NormalDist().inv_cdf(1 - ALPHA)


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """A bin whose share changed: both shares, 0 to 1."""

    bin: str
    share: float
    before: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """One signal: `visitors` of the week and of the four weeks before, both distances and what chance alone would give."""

    signal: str
    level: Level
    visitors: int
    visitors_before: int
    index: float
    index_by_chance: float
    distance: float
    distance_by_chance: float
    moved: tuple[Moved, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Disappeared:
    """An expected kind that came `expected` times in an ordinary week and not once in this one."""

    signal: str
    bin: str
    expected: float


def judged(signal: str, recent: Histogram, before: Histogram) -> Drift:
    """How far the week is from the weeks before."""
    first, second = pooled(recent, before)
    n, m = sum(first.values()), sum(second.values())
    index, distance = stability_index(first, second), jensen_shannon(first, second)
    chance, distance_by_chance = by_chance(len(first), n, m, alpha=ALPHA)
    return Drift(
        signal=signal,
        level=_level(index, distance, chance, distance_by_chance)
        if n >= FEWEST <= m
        else "unknown",
        visitors=n,
        visitors_before=m,
        index=index,
        index_by_chance=chance,
        distance=distance,
        distance_by_chance=distance_by_chance,
        moved=_moved(first, second),
    )


def _level(index: float, distance: float, chance: float, distance_by_chance: float) -> Level:
    if distance < max(DISTANCE_FROM, distance_by_chance) or index < max(CHANGED_FROM, chance):
        return "steady"
    return "drifted" if index >= DRIFTED_FROM else "changed"


def _moved(recent: Histogram, before: Histogram) -> tuple[Moved, ...]:
    """The three bins that moved most."""
    n, m = max(1, sum(recent.values())), max(1, sum(before.values()))
    moves = [
        Moved(bin=name, share=recent.get(name, 0) / n, before=before.get(name, 0) / m)
        for name in {*recent, *before} - {REST}
    ]
    moves.sort(key=lambda one: (-abs(one.share - one.before), one.bin))
    return tuple(moves[:3])


def disappeared(
    signal: str, recent: Histogram, before: Histogram, *, weeks: int = 4
) -> tuple[Disappeared, ...]:
    """The kinds that should have come and did not; an alert each. Nothing at all asked is no answer that disappeared."""
    n, m = sum(recent.values()), sum(before.values())
    if not n or not m or signal not in EXPECTED_KINDS:
        return ()
    # As many as this week's visitors would bring, and no more than an ordinary week brought.
    scale = min(n / m, 1 / weeks)
    return tuple(
        Disappeared(signal=signal, bin=name, expected=count * scale)
        for name, count in sorted(before.items())
        if count * scale >= _EXPECTED_AT_LEAST and not recent.get(name)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class EmptyRate:
    """How often one region's or one category's visitors found nothing on theme: shares of `visitors` in both times.

    `is_worse`: more often than chance explains once in a thousand comparisons.
    """

    signal: str
    group: str
    visitors: int
    share: float
    before: float
    is_worse: bool


def empty_rates(
    signal: str, recent: Histogram, before: Histogram, *, fewest: int = 30
) -> tuple[EmptyRate, ...]:
    """Of `empty_region` or `empty_category`: each group with enough visitors in both times, the worst first."""
    groups = {name.rpartition("/")[0] for name in recent}
    rates = []
    for group in groups:
        now, then = _empty_of(recent, group), _empty_of(before, group)
        if now[1] < fewest or then[1] < fewest:
            continue
        share, share_before = now[0] / now[1], then[0] / then[1]
        middle = (now[0] + then[0]) / (now[1] + then[1])
        spread = math.sqrt(middle * (1 - middle) * (1 / now[1] + 1 / then[1]))
        rates.append(
            EmptyRate(
                signal=signal,
                group=group,
                visitors=now[1],
                share=share,
                before=share_before,
                is_worse=spread > 0 and (share - share_before) / spread > _Z_OF_ALPHA,
            )
        )
    return tuple(sorted(rates, key=lambda one: (one.before - one.share, one.group)))


def _empty_of(bins: Histogram, group: str) -> tuple[int, int]:
    empty = bins.get(f"{group}/empty", 0)
    return empty, empty + bins.get(f"{group}/found", 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class DriftReport:
    """Every signal of a week, those that moved most first; what disappeared; and who finds nothing."""

    drifts: tuple[Drift, ...]
    disappeared: tuple[Disappeared, ...]
    empty: tuple[EmptyRate, ...] = ()

    @property
    def alerts(self) -> tuple[str, ...]:
        """Codes for who notifies: `answer_kind_disappeared:plan`, `empty_region:84`, `drift:language`."""
        gone = [f"answer_kind_disappeared:{one.bin}" for one in self.disappeared]
        empty = [f"{one.signal}:{one.group}" for one in self.empty if one.is_worse]
        drifted = [f"drift:{one.signal}" for one in self.drifts if one.level == "drifted"]
        return (*gone, *empty, *drifted)


def report_of(
    recent: Mapping[str, Histogram], before: Mapping[str, Histogram], *, weeks: int = 4
) -> DriftReport:
    """All signals that there were in either."""
    names = sorted({*recent, *before})
    drifts = [judged(name, recent.get(name, {}), before.get(name, {})) for name in names]
    order = {"drifted": 0, "changed": 1, "steady": 2, "unknown": 3}
    drifts.sort(key=lambda one: (order[one.level], -one.index, one.signal))
    gone = [
        one
        for name in names
        for one in disappeared(name, recent.get(name, {}), before.get(name, {}), weeks=weeks)
    ]
    empty = [
        one
        for name in ("empty_region", "empty_category")
        for one in empty_rates(name, recent.get(name, {}), before.get(name, {}))
    ]
    return DriftReport(drifts=tuple(drifts), disappeared=tuple(gone), empty=tuple(empty))
