"""Statistics that may be read at any moment, as often as one likes. Pure.

The normal mixture of the sequential probability ratio test (mSPRT): with V the variance of the difference as it is now
and r = τ²/V, the evidence is E = (1 + r)^-½ · exp(r·Z² / (2(1 + r))), and E ≥ 1/α happens with a chance of at most α over
the whole life of an experiment without a difference. τ is on the scale of the effect, so r grows with the data; a
constant r would not be valid. Facts: docs/decisions/always-valid-ab.md. Enter at `compared` and `sample_ratio`.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

FEWEST_VISITORS = 50  # an arm; below, the normal approximation says nothing
_LARGEST_EXPONENT = 700.0  # of what a float holds
_SERIES_STEPS = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One figure per visitor: how many visitors, the sum and the sum of squares."""

    visitors: int = 0
    total: float = 0.0
    squares: float = 0.0

    @property
    def mean(self) -> float:
        return self.total / self.visitors if self.visitors else 0.0

    @property
    def variance(self) -> float:
        """Of one visitor's figure; 0 with fewer than two."""
        if self.visitors < 2:  # noqa: PLR2004 # a variance needs two
            return 0.0
        around = self.squares - self.visitors * self.mean**2
        return max(0.0, around) / (self.visitors - 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """An arm beside the first: `difference` of the means with its interval, which holds at every moment with 1 - α.

    `evidence`: E; `is_decided` when it reached 1/α.
    """

    difference: float
    low: float
    high: float
    evidence: float
    alpha: float

    @property
    def is_decided(self) -> bool:
        return self.evidence >= 1 / self.alpha


def evidence(difference: float, variance: float, *, tau: float) -> float:
    """E for a difference of means with this variance; τ on the scale of the difference."""
    ratio = tau**2 / variance
    exponent = ratio * difference**2 / variance / (2 * (1 + ratio))
    return math.exp(min(exponent, _LARGEST_EXPONENT)) / math.sqrt(1 + ratio)


def half_width(variance: float, *, tau: float, alpha: float) -> float:
    """Of the interval around the difference: where E would be 1/α."""
    ratio = tau**2 / variance
    reached = 2 * math.log(1 / alpha) + math.log1p(ratio)
    return math.sqrt(variance * (1 + ratio) / ratio * reached)


def compared(first: Sample, other: Sample, *, tau: float, alpha: float) -> Compared | None:
    """What can be said of `other` beside `first` now; None while there is too little to go by."""
    if min(first.visitors, other.visitors) < FEWEST_VISITORS:
        return None
    variance = first.variance / first.visitors + other.variance / other.visitors
    if variance <= 0:
        return None
    difference = other.mean - first.mean
    half = half_width(variance, tau=tau, alpha=alpha)
    return Compared(
        difference=difference,
        low=difference - half,
        high=difference + half,
        evidence=evidence(difference, variance, tau=tau),
        alpha=alpha,
    )


def sample_ratio(visitors: Sequence[int]) -> float:
    """The chance of arms as unequal as these, or more, when each visitor has the same chance of each arm (χ²)."""
    everybody = sum(visitors)
    if everybody == 0:
        return 1.0
    expected = everybody / len(visitors)
    statistic = math.fsum((count - expected) ** 2 / expected for count in visitors)
    return chi_square_tail(statistic, len(visitors) - 1)


def chi_square_tail(statistic: float, degrees: int) -> float:
    """P(χ² ≥ statistic): the upper regularised gamma function, by its series or its continued fraction."""
    if statistic <= 0:
        return 1.0
    a, x = degrees / 2, statistic / 2
    scale = math.exp(a * math.log(x) - x - math.lgamma(a))
    return 1 - scale * _series(a, x) if x < a + 1 else scale * _fraction(a, x)


def _series(a: float, x: float) -> float:
    term = total = 1 / a
    for step in range(1, _SERIES_STEPS):
        term *= x / (a + step)
        total += term
        if term < total * 1e-15:
            break
    return total


def _fraction(a: float, x: float) -> float:
    """Lentz's evaluation from the end; enough steps for what a χ² of counts can be."""
    value = 0.0
    for step in range(_SERIES_STEPS, 0, -1):
        value = step * (step - a) / (x + 2 * step + 1 - a - value)
    return 1 / (x + 1 - a - value)
