"""The statistics that may be read after every visitor: no false alarms, and a planted difference is found."""

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from puls.experiments.always_valid import (
    FEWEST_VISITORS,
    Sample,
    chi_square_tail,
    compared,
    evidence,
    sample_ratio,
)

ALPHA, TAU, SATISFIED = 0.05, 0.05, 0.70
VISITORS = 2_000  # an arm
RUNS = 200


def ever_decided(first: NDArray[np.float64], other: NDArray[np.float64]) -> NDArray[np.bool_]:
    """For each run (a row), whether E reached 1/α at any visitor; the formula of `compared`, for all runs at once."""
    counts = np.arange(1, first.shape[1] + 1)
    means = [np.cumsum(each, axis=1) / counts for each in (first, other)]
    spread = sum(each * (1 - each) / (counts - 1).clip(1) for each in means)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = TAU**2 / spread
        logarithm = ratio * (means[1] - means[0]) ** 2 / spread / (2 * (1 + ratio))
        logarithm -= np.log1p(ratio) / 2
    looked_at = (counts >= FEWEST_VISITORS) & (spread > 0)
    decided: NDArray[np.bool_] = (looked_at & (logarithm >= math.log(1 / ALPHA))).any(axis=1)
    return decided


def ratings(share: float, seed: int) -> NDArray[np.float64]:
    drawn = np.random.default_rng(seed).random((RUNS, VISITORS)) < share
    return drawn.astype(np.float64)


def sample(ones: int, of: int) -> Sample:
    return Sample(visitors=of, total=ones, squares=ones)


def test_no_more_than_five_in_a_hundred_experiments_without_a_difference_are_called_one() -> None:
    """200 A/A experiments, read after every visitor: the ordinary test would be wrong in nearly half of them."""
    wrong = ever_decided(ratings(SATISFIED, 1), ratings(SATISFIED, 2)).mean()
    print(f"A/A: {wrong:.1%} of {RUNS} experiments called, read after every visitor")  # noqa: T201 # the figure of the docs
    assert wrong <= ALPHA


def test_eight_points_more_are_found() -> None:
    """What an experiment is for."""
    found = ever_decided(ratings(SATISFIED, 3), ratings(SATISFIED + 0.08, 4)).mean()
    print(f"+8 points: found in {found:.1%} of {RUNS} experiments of {VISITORS} visitors an arm")  # noqa: T201 # the figure of the docs
    assert found >= 0.95


def test_the_simulated_formula_is_the_one_that_is_used() -> None:
    """A simulation of something else proves nothing."""
    first, other = ratings(0.7, 5)[:40, :300], ratings(0.8, 6)[:40, :300]
    expected = ever_decided(first, other)
    for run in range(40):
        decided = False
        for count in range(FEWEST_VISITORS, 301):
            one = compared(
                sample(int(first[run, :count].sum()), count),
                sample(int(other[run, :count].sum()), count),
                tau=TAU,
                alpha=ALPHA,
            )
            decided = decided or (one is not None and one.is_decided)
        # Squares of ones and zeros give the variance that the simulation computes from the share.
        assert decided == expected[run]


def test_the_interval_leaves_zero_out_exactly_when_it_is_decided() -> None:
    """Two ways to say one thing must not contradict each other."""
    for ones in range(100, 200, 3):
        one = compared(sample(140, 200), sample(ones, 200), tau=TAU, alpha=ALPHA)
        assert one is not None
        assert one.is_decided == (one.low > 0 or one.high < 0)


def test_too_few_visitors_say_nothing() -> None:
    """With five ratings everything looks decided."""
    assert compared(sample(0, 49), sample(49, 49), tau=TAU, alpha=ALPHA) is None
    assert compared(sample(50, 50), sample(50, 50), tau=TAU, alpha=ALPHA) is None  # no variance


def test_evidence_is_the_mixture_over_effects() -> None:
    """E is the mean likelihood ratio when the effect is drawn from N(0, τ²): integrated here by the plain definition."""
    variance, difference = 0.0004, 0.06
    effects = np.linspace(-1, 1, 200_001)
    weight = np.exp(-(effects**2) / (2 * TAU**2)) / (TAU * math.sqrt(2 * math.pi))
    ratio = np.exp((difference * effects - effects**2 / 2) / variance)
    assert evidence(difference, variance, tau=TAU) == pytest.approx(
        float((weight * ratio).sum() * (effects[1] - effects[0])), rel=1e-6
    )


def test_a_huge_difference_is_no_overflow() -> None:
    """A page must not break because something is obvious."""
    assert math.isfinite(evidence(1.0, 1e-9, tau=TAU))


@pytest.mark.parametrize(
    ("statistic", "degrees", "chance"),
    [(3.841459, 1, 0.05), (10.827566, 1, 0.001), (5.991465, 2, 0.05), (16.266236, 3, 0.001)],
)
def test_chi_square_is_that_of_the_tables(statistic: float, degrees: int, chance: float) -> None:
    """The split of visitors is judged by it."""
    assert chi_square_tail(statistic, degrees) == pytest.approx(chance, rel=1e-4)


def test_a_broken_split_is_seen_and_a_fair_one_is_not() -> None:
    """48 to 52 of ten thousand is no coin's doing."""
    assert sample_ratio([4_800, 5_200]) < 0.001 < sample_ratio([4_950, 5_050])
    assert sample_ratio([0, 0]) == 1.0
