"""Drift: what is planted is found, and a hundred ordinary weeks raise next to no alarm."""

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
import pytest

from puls.evaluation.drift.distances import (
    REST,
    Histogram,
    by_chance,
    jensen_shannon,
    pooled,
    stability_index,
)
from puls.evaluation.drift.judging import disappeared, empty_rates, judged, report_of
from puls.evaluation.drift.signals import CountedTurn, Directions, Regions, bins_of
from puls.geo.gazetteer import Gazetteer

KINDS = {
    "on_theme": 0.62,
    "off_theme": 0.1,
    "nothing": 0.04,
    "details": 0.12,
    "plan": 0.07,
    "thanks": 0.05,
}
LANGUAGES = {"fr": 0.93, "en": 0.06, "es": 0.01}
REGIONS = {str(number): 1 / (number + 1) for number in range(13)}


def week(shares: Mapping[str, float], visitors: int, generator: np.random.Generator) -> Histogram:
    weights = np.array(list(shares.values()))
    drawn = generator.multinomial(visitors, weights / weights.sum())
    return {name: int(count) for name, count in zip(shares, drawn, strict=True) if count}


def summed(weeks: Sequence[Histogram]) -> Histogram:
    total: Counter[str] = Counter()
    for one in weeks:
        total.update(one)
    return total


@pytest.mark.parametrize("visitors", [120, 600, 5_000])
def test_a_hundred_ordinary_weeks_raise_at_most_one_alarm(visitors: int) -> None:
    """An alarm a week is an alarm that nobody reads."""
    generator = np.random.default_rng(visitors)
    alarms = changes = 0
    signals = {"answer": KINDS, "language": LANGUAGES, "region": REGIONS}
    for _ in range(100):
        before = {
            n: summed([week(s, visitors, generator) for _ in range(4)]) for n, s in signals.items()
        }
        recent = {n: week(s, visitors, generator) for n, s in signals.items()}
        report = report_of(recent, before)
        alarms += bool(report.alerts)
        changes += sum(one.level == "changed" for one in report.drifts)
    print(  # noqa: T201 # the figure of the docs
        f"{visitors} visitors a week: {alarms} of 100 weeks with an alert, {changes} changes told"
    )
    assert alarms <= 1
    assert changes <= 2


def test_a_planted_change_of_the_mix_is_found() -> None:
    """English visitors come, plans stop being asked for."""
    generator = np.random.default_rng(7)
    before = summed([week(LANGUAGES, 600, generator) for _ in range(4)])
    found = 0
    for _ in range(50):
        recent = week({"fr": 0.72, "en": 0.26, "es": 0.02}, 600, generator)
        drift = judged("language", recent, before)
        found += drift.level == "drifted"
        assert drift.moved[0].bin in {"fr", "en"}
    assert found == 50


def test_with_few_visitors_nothing_is_said() -> None:
    """Ten visitors are always unlike the last ten."""
    drift = judged("language", {"en": 10}, {"fr": 400})
    assert drift.level == "unknown"


def test_an_expected_kind_of_answer_that_disappears_is_an_alert() -> None:
    """Plans broke on Tuesday and everything else looks fine."""
    before = {"on_theme": 2_000, "plan": 160, "details": 300}
    gone = disappeared("answer", {"on_theme": 520, "details": 70}, before)
    assert [one.bin for one in gone] == ["plan"]
    assert gone[0].expected == pytest.approx(160 * 590 / 2_460)
    report = report_of({"answer": {"on_theme": 520, "details": 70}}, {"answer": before})
    assert "answer_kind_disappeared:plan" in report.alerts


def test_what_was_rare_or_not_asked_for_has_not_disappeared() -> None:
    """Comparisons come twice a week at best; and a week without visitors is another alert's business."""
    before = {"on_theme": 2_000, "comparison": 8, "plan": 160}
    assert not disappeared("answer", {"on_theme": 500, "plan": 30}, before)
    assert not disappeared("answer", {}, before)
    assert not disappeared("answer", {"on_theme": 40}, before)  # a quiet week


def test_ordinary_weeks_lose_no_kind_of_answer() -> None:
    """The condition pages somebody."""
    generator = np.random.default_rng(3)
    gone = 0
    for _ in range(300):
        before = summed([week(KINDS, 400, generator) for _ in range(4)])
        gone += bool(disappeared("answer", week(KINDS, 400, generator), before))
    assert gone == 0


def test_a_region_that_finds_nothing_any_more_is_named() -> None:
    """A source stopped delivering Brittany."""
    recent = {"53/empty": 60, "53/found": 40, "84/empty": 10, "84/found": 190}
    before = {"53/empty": 40, "53/found": 360, "84/empty": 40, "84/found": 760}
    worst, other = empty_rates("empty_region", recent, before)
    assert (worst.group, worst.is_worse, worst.share) == ("53", True, 0.6)
    assert not other.is_worse
    assert "empty_region:53" in report_of({"empty_region": recent}, {"empty_region": before}).alerts


def test_both_distances_are_those_of_their_definitions() -> None:
    """Worked out by hand: halves against three quarters and a quarter."""
    one, other = {"a": 5_000_000, "b": 5_000_000}, {"a": 7_500_000, "b": 2_500_000}
    assert stability_index(one, other) == pytest.approx(0.25 * np.log(3), rel=1e-5)
    p, q = np.array([0.5, 0.5]), np.array([0.75, 0.25])
    m = (p + q) / 2
    divergence = (np.sum(p * np.log2(p / m)) + np.sum(q * np.log2(q / m))) / 2
    assert jensen_shannon(one, other) == pytest.approx(np.sqrt(divergence), rel=1e-5)
    assert jensen_shannon({"a": 10**9}, {"b": 10**9}) == pytest.approx(1, abs=1e-3)
    assert stability_index(one, one) == 0 == jensen_shannon(one, one)


def test_chance_is_that_of_chi_square() -> None:
    """The limit that keeps small weeks silent."""
    index, _ = by_chance(6, 600, 2_400, alpha=0.001)
    assert index == pytest.approx(20.515 * (1 / 600 + 1 / 2_400), rel=0.03)  # of the tables


def test_rare_bins_are_looked_at_together() -> None:
    """A visitor from Iceland is no drift."""
    first, second = pooled({"fr": 500, "is": 1}, {"fr": 2_000, "nl": 3})
    assert first == {"fr": 500, REST: 1}
    assert second == {"fr": 2_000, REST: 3}


def turn(**changes: object) -> CountedTurn:
    usual: dict[str, object] = {
        "state": "finished", "kind": "search", "act": "search", "language": "fr", "found": "on_theme",
        "place": "c69123", "theme": "", "topic": "concert de jazz", "score": 1.3,
    }  # fmt: skip
    return CountedTurn(**usual | changes)  # type: ignore[arg-type] # as the row of a test says


def test_a_turn_counts_for_what_it_was(gazetteer: Gazetteer) -> None:
    """Bins are what /ops names."""
    bins = dict(bins_of(turn(), Regions(gazetteer)))
    assert bins == {
        "answer": "on_theme",
        "act": "search",
        "language": "fr",
        "region": "84",
        "category": "concert",
        "empty_region": "84/found",
        "empty_category": "concert/found",
        "topic_score": "+1.00",
    }
    assert dict(bins_of(turn(state="failed", found=None), Regions(gazetteer)))["answer"] == "failed"


@pytest.mark.parametrize(
    ("place", "region"),
    [
        ("", "anywhere"), ("visitor", "visitor"), ("n45.8,4.8", "circle"), ("r53", "53"), ("d26", "84"),
        ("p75011", "11"), ("p97400", "04"), ("c13055", "93"), ("c00000", "unknown"), ("d??", "unknown"), (None, "anywhere"),
    ],
)  # fmt: skip
def test_a_place_is_counted_by_its_region(gazetteer: Gazetteer, place: str, region: str) -> None:
    """Codes as the turn table writes them."""
    assert Regions(gazetteer)(place) == region


def test_directions_are_the_same_on_every_machine_and_tell_coarse_steps_only() -> None:
    """Days are compared, and no vector can be had back."""
    vector = np.random.default_rng(1).standard_normal(384).astype(np.float32)
    vector /= np.linalg.norm(vector)
    bins = Directions(384).bins(vector)
    assert bins == Directions(384).bins(vector.copy())
    assert len(bins) == 8
    assert {name for _, name in bins} <= {f"{at * 0.75:+.2f}" for at in range(-3, 4)}
