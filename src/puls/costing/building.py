"""What building Puls costs: three-point estimates drawn many times, by epic and milestone, with P50 and P80.

`build.json` is a copy of `study/backlog.yaml` and `study/plan.yaml`, written by `make study-build`; a test holds them equal. The draws have
a fixed seed, so a figure is the same wherever it is computed. Enter at `build_cost`.
"""

import importlib.resources
import json
import random
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from puls.costing.money import exact

_PERT_WEIGHT: Final = 4
_P50, _P80 = 0.5, 0.8


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One story: days of one person of its role; optimistic, likely, pessimistic."""

    id: str
    epic: str
    milestone: str
    role: str
    days: tuple[float, float, float]

    @property
    def expected_days(self) -> Decimal:
        """PERT's mean."""
        low, likely, high = (exact(day) for day in self.days)
        return (low + _PERT_WEIGHT * likely + high) / 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Backlog:
    """What is simulated. `rates`: euros a day by role; `other`: euros once, by name."""

    stories: tuple[Story, ...]
    epics: Mapping[str, str]
    milestones: Mapping[str, str]
    rates: Mapping[str, Decimal]
    other: Mapping[str, Decimal]
    draws: int
    seed: int
    common_factor: tuple[float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """A part's cost in euros and its days: `expected` is PERT's mean, without the common factor."""

    name: str
    expected_days: Decimal
    expected_eur: Decimal
    p50_eur: Decimal
    p80_eur: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildCost:
    """By epic, by milestone, and the whole with what is bought (`other_eur`, in the whole alone)."""

    by_epic: Mapping[str, Range]
    by_milestone: Mapping[str, Range]
    mvp: Range
    whole: Range
    other_eur: Decimal


def backlog() -> Backlog:
    """The committed copy."""
    text = importlib.resources.files("puls.costing").joinpath("build.json").read_text("utf-8")
    return backlog_of(json.loads(text))


def backlog_of(table: Mapping[str, Any]) -> Backlog:
    """From the form of `build.json`."""
    simulation = table["simulation"]
    return Backlog(
        stories=tuple(Story(**{**one, "days": tuple(one["days"])}) for one in table["stories"]),
        epics=table["epics"],
        milestones=table["milestones"],
        rates={role: exact(rate) for role, rate in table["rates"].items()},
        other={name: exact(eur) for name, eur in table["other"].items()},
        draws=simulation["draws"],
        seed=simulation["seed"],
        common_factor=tuple(simulation["common_factor"]),
    )


def build_cost(given: Backlog) -> BuildCost:
    """The simulation."""
    drawn = _drawn(given)
    costs = {
        one.id: [days * float(given.rates[one.role]) for days in drawn[one.id]]
        for one in given.stories
    }
    by_epic, by_milestone = _grouped(given.stories)
    other = sum(given.other.values(), Decimal(0))
    mvp = [one for one in given.stories if one.milestone != "later"]
    return BuildCost(
        by_epic={
            epic: _range(name, by_epic.get(epic, ()), costs, given)
            for epic, name in given.epics.items()
        },
        by_milestone={
            milestone: _range(name, by_milestone.get(milestone, ()), costs, given)
            for milestone, name in given.milestones.items()
        },
        mvp=_range("MVP 0 et MVP 1", mvp, costs, given, added=other),
        whole=_range("Ensemble", given.stories, costs, given, added=other),
        other_eur=other,
    )


def _drawn(given: Backlog) -> dict[str, list[float]]:
    """Days of each story in each draw. One stream, in the order of the stories: the seed decides everything."""
    rng = random.Random(given.seed)  # noqa: S311 # a simulation, not a secret
    low, likely, high = given.common_factor
    factors = [rng.triangular(low, high, likely) for _ in range(given.draws)]
    return {one.id: [_pert(rng, *one.days) * factor for factor in factors] for one in given.stories}


def _pert(rng: random.Random, low: float, likely: float, high: float) -> float:
    if high == low:
        return low
    width = high - low
    alpha = 1 + _PERT_WEIGHT * (likely - low) / width
    beta = 1 + _PERT_WEIGHT * (high - likely) / width
    return low + rng.betavariate(alpha, beta) * width


def _grouped(
    stories: Iterable[Story],
) -> tuple[dict[str, list[Story]], dict[str, list[Story]]]:
    by_epic: dict[str, list[Story]] = defaultdict(list)
    by_milestone: dict[str, list[Story]] = defaultdict(list)
    for one in stories:
        by_epic[one.epic].append(one)
        by_milestone[one.milestone].append(one)
    return by_epic, by_milestone


def _range(
    name: str,
    stories: Sequence[Story],
    costs: Mapping[str, list[float]],
    given: Backlog,
    *,
    added: Decimal = Decimal(0),
) -> Range:
    sums = sorted(sum(draw) for draw in zip(*(costs[one.id] for one in stories), strict=True))
    return Range(
        name=name,
        expected_days=sum((one.expected_days for one in stories), Decimal(0)),
        expected_eur=sum((one.expected_days * given.rates[one.role] for one in stories), added),
        p50_eur=exact(_quantile(sums, _P50)) + added,
        p80_eur=exact(_quantile(sums, _P80)) + added,
    )


def _quantile(sums: Sequence[float], share: float) -> float:
    return sums[min(len(sums) - 1, int(share * len(sums)))] if sums else 0.0
