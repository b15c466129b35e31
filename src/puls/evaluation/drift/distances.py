"""How far two histograms are apart, and how far chance alone takes them. Pure.

The population stability index is Σ (p - q)·ln(p/q); the Jensen–Shannon distance is the square root of the mean divergence
from the middle, in bits, so between 0 and 1. Of two samples of one distribution the index is about
(1/n + 1/m)·χ² with one degree fewer than bins (Yurdakul 2018, scholarworks.wmich.edu/dissertations/3208): small samples are far apart by nature.
"""

import math
from collections.abc import Mapping
from statistics import NormalDist

Histogram = Mapping[str, int]
REST = "…"
_FEWEST_EXPECTED = 5.0  # in a bin: the usual limit of χ²; rarer bins are looked at together
_SMOOTHED = 0.5  # added to each bin, so that an empty one has a logarithm (Jeffreys)
_BITS = math.log(2)


def pooled(recent: Histogram, before: Histogram) -> tuple[dict[str, int], dict[str, int]]:
    """The same bins in both; those that are rare in both are one, `REST`."""
    n, m = sum(recent.values()), sum(before.values())
    smaller = min(n, m) / max(1, n + m)
    first: dict[str, int] = {}
    second: dict[str, int] = {}
    for name in sorted({*recent, *before}):
        seen, known = recent.get(name, 0), before.get(name, 0)
        kept = name if (seen + known) * smaller >= _FEWEST_EXPECTED else REST
        first[kept] = first.get(kept, 0) + seen
        second[kept] = second.get(kept, 0) + known
    return first, second


def stability_index(recent: Histogram, before: Histogram) -> float:
    """PSI of two histograms over the same bins; 0 for equal ones."""
    pairs = _shares(recent, before)
    return math.fsum((p - q) * math.log(p / q) for p, q in pairs)


def jensen_shannon(recent: Histogram, before: Histogram) -> float:
    """The distance, 0 (equal) to 1 (nothing in common)."""
    divergence = math.fsum(
        (p * math.log(2 * p / (p + q)) + q * math.log(2 * q / (p + q))) / 2
        for p, q in _shares(recent, before)
    )
    return math.sqrt(max(0.0, divergence) / _BITS)


def by_chance(bins: int, n: int, m: int, *, alpha: float) -> tuple[float, float]:
    """The index and the distance that chance exceeds with a probability of `alpha` when nothing changed.

    The distance follows from the index: close to equality the divergence is an eighth of it.
    """
    if bins < 2 or not n or not m:  # noqa: PLR2004 # nothing to compare
        return math.inf, 1.0
    index = _chi_square(1 - alpha, bins - 1) * (1 / n + 1 / m)
    return index, min(1.0, math.sqrt(index / 8 / _BITS))


def _shares(recent: Histogram, before: Histogram) -> list[tuple[float, float]]:
    names = sorted({*recent, *before})
    n = sum(recent.values()) + _SMOOTHED * len(names)
    m = sum(before.values()) + _SMOOTHED * len(names)
    return [
        ((recent.get(name, 0) + _SMOOTHED) / n, (before.get(name, 0) + _SMOOTHED) / m)
        for name in names
    ]


def _chi_square(probability: float, degrees: int) -> float:
    """The quantile, by Wilson and Hilferty: within 3 % where it is used (a tail of 10⁻³ to 10⁻⁵)."""
    z, part = NormalDist().inv_cdf(probability), 2 / (9 * degrees)
    return degrees * max(0.0, 1 - part + z * math.sqrt(part)) ** 3
