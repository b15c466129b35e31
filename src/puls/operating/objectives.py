"""Objectives, and how fast their error budgets burn. Pure.

Windows and burn rates are the SRE workbook's (reference §5c): an objective burns at 1 when its errors use up the budget
exactly in thirty days. At few events a rate says nothing (reference §10b): then it is not said. Targets and limits are those of
`alerts/slo.toml`, so that this page and the alarms never promise different things.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Literal

from puls.alerts import Watched

Of = Literal["availability", "latency", "grounding"]

WINDOWS: Final[Mapping[str, timedelta]] = {
    "1h": timedelta(hours=1),
    "6h": timedelta(hours=6),
    "24h": timedelta(hours=24),
    "72h": timedelta(hours=72),
}
BUDGET_WINDOW: Final = "30j"
_ALARMING: Final[Mapping[str, float]] = {"1h": 14.4, "6h": 6.0, "24h": 3.0, "72h": 1.0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Objective:
    """`target`: the share of good events, below 1. `step` and `limit_ms`: for latency, a step of a turn and its limit.

    `least_events`: below that many in a window nothing is said about its burn; below `least_bad` bad ones it alarms nobody. `limit_ms` has at most two digits before its
    zeros, as the milliseconds that are counted.
    """

    name: str
    of: Of
    target: float
    step: str = "total"
    limit_ms: int = 0
    least_events: int = 10
    least_bad: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Events:
    """Of a window: how many there were, and how many were bad."""

    all: int = 0
    bad: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Burn:
    """How an objective stands. `rates` by window; None where too little happened.

    `budget_left`: the share of thirty days' budget that is left, below 0 when it is overspent; None without events.
    `is_alarming`: in some window it burns as fast as the workbook wakes people for.
    """

    objective: Objective
    events: Events
    rates: Mapping[str, float | None]
    budget_left: float | None
    is_alarming: bool


_COUNTED: Final[
    Mapping[str, tuple[str, Of, str]]
] = {  # name there: name here, what is counted, step of a turn
    "answers": ("availability", "availability", "total"),
    "first_card": ("first_card", "latency", "found"),
    "answer_time": ("answer", "latency", "total"),
    "grounding": ("grounding", "grounding", "total"),
}


def promised(watched: Watched) -> tuple[Objective, ...]:
    """Those objectives of `alerts/slo.toml` that turns tell; requests and freshness are counted by metrics alone."""
    return tuple(
        Objective(
            name=name,
            of=of,
            target=one.objective,
            step=step,
            limit_ms=round(1000 * (one.bad.over or 0)),
            least_bad=one.min_bad,
        )
        for one in watched.objective
        if one.name in _COUNTED
        for name, of, step in (_COUNTED[one.name],)
    )


DEFAULTS: Final = promised(Watched.load())
"""What holds when nobody gives others."""


def burn_of(objective: Objective, events: Mapping[str, Events]) -> Burn:
    """`events` by window, of `WINDOWS` and `BUDGET_WINDOW`."""
    rates = {name: _rate(objective, events.get(name, Events())) for name in WINDOWS}
    month = events.get(BUDGET_WINDOW, Events())
    spent = _rate(objective, month, least=1)
    return Burn(
        objective=objective,
        events=month,
        rates=rates,
        budget_left=None if spent is None else 1 - spent,
        is_alarming=any(
            rate is not None and rate >= _ALARMING[name] and events[name].bad >= objective.least_bad
            for name, rate in rates.items()
        ),
    )


def _rate(objective: Objective, events: Events, *, least: int | None = None) -> float | None:
    wanted = objective.least_events if least is None else least
    if events.all < max(wanted, 1):
        return None
    return events.bad / events.all / (1 - objective.target)
