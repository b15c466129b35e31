"""Which alerts fire, from figures alone: the same rules that Prometheus is given, judged here. Pure.

Enter at `verdicts` (what is so now) and `next_states` (what becomes of that over time).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from puls.alerts.objectives import (
    LOW_VOLUME_MINUTES,
    PAIRS,
    Gauge,
    Objective,
    Severity,
    Share,
    Watched,
)

WINDOWS: tuple[int, ...] = tuple(sorted({m for *_, a, b in PAIRS for m in (a, b)} | {15}))
"""Minutes over which events are summed."""

Sums = Mapping[tuple[str, int], float]
"""Events by the name of their figure (see `bad_of`, `total_of`) and the window in minutes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """One alert at one moment. `value`: the figure that decides, a share or as the gauge has it; `limit`: its limit."""

    alert: str
    severity: Severity
    runbook: str
    fr: str
    says: str
    is_bad: bool
    value: float
    limit: float
    lasts: timedelta = timedelta()


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """An alert over time. `told`: what people were last told of it; moments are aware, in UTC."""

    alert: str
    state: Literal["pending", "firing", "resolved"]
    since: datetime
    told: Literal["nothing", "firing", "resolved"] = "nothing"


def bad_of(rule: Objective | Share) -> str:
    return f"{rule.name}.bad"


def total_of(rule: Objective | Share) -> str:
    return f"{rule.name}.total"


def windows_of(watched: Watched) -> tuple[int, ...]:
    """All windows in minutes that some rule asks for."""
    return tuple(sorted({*WINDOWS, *(rule.minutes for rule in watched.share)}))


def verdicts(
    watched: Watched, sums: Sums | None, gauges: Mapping[str, float | None]
) -> Iterator[Verdict]:
    """Every alert that can be judged now. `sums` None: the history cannot be read, and only gauges are judged."""
    for gauge in watched.gauge:
        value = gauges.get(gauge.name)
        if value is not None and (sums is not None or gauge.is_local):
            yield _gauge(gauge, value)
    if sums is None:
        return
    for objective in watched.objective:
        yield from _objective(objective, sums)
    for share in watched.share:
        yield _share(share, sums)


def _gauge(rule: Gauge, value: float) -> Verdict:
    limit = rule.above if rule.above is not None else rule.below
    assert limit is not None
    is_bad = value > limit if rule.above is not None else value < limit
    lasts = timedelta(minutes=rule.minutes)
    return Verdict(
        alert=rule.name, severity=rule.severity, runbook=rule.runbook, fr=rule.fr, says=rule.says,
        is_bad=is_bad, value=value, limit=limit, lasts=lasts,
    )  # fmt: skip


def _objective(rule: Objective, sums: Sums) -> Iterator[Verdict]:
    for severity in rule.severities:
        pairs = [pair for pair in rule.pairs if pair[0] == severity]
        burning = [
            (ratio, threshold)
            for _, threshold, long, short in pairs
            if (ratio := _ratio(rule, sums, long)) > threshold
            and _ratio(rule, sums, short) > threshold
            and sums.get((bad_of(rule), long), 0) >= rule.min_bad
        ]
        value, limit = burning[0] if burning else (_ratio(rule, sums, pairs[0][2]), pairs[0][1])
        yield _verdict(
            rule,
            alert=rule.alert(severity, "burn"),
            severity=severity,
            is_bad=bool(burning),
            value=value,
            limit=limit,
        )
    if (low := rule.low_volume) is not None:
        bad = sums.get((bad_of(rule), LOW_VOLUME_MINUTES), 0)
        value = _ratio(rule, sums, LOW_VOLUME_MINUTES)
        yield _verdict(
            rule,
            alert=rule.alert(low.severity, "low"),
            severity=low.severity,
            is_bad=bad >= low.bad and value >= low.share,
            value=value,
            limit=low.share,
        )


def _share(rule: Share, sums: Sums) -> Verdict:
    value = _ratio(rule, sums, rule.minutes)
    enough = sums.get((bad_of(rule), rule.minutes), 0) >= rule.min_bad
    return _verdict(
        rule,
        alert=rule.name,
        severity=rule.severity,
        is_bad=enough and value >= rule.at_least,
        value=value,
        limit=rule.at_least,
    )


def _verdict(
    rule: Objective | Share,
    *,
    alert: str,
    severity: Severity,
    is_bad: bool,
    value: float,
    limit: float,
) -> Verdict:
    return Verdict(
        alert=alert, severity=severity, runbook=rule.runbook, fr=rule.fr, says=rule.says,
        is_bad=is_bad, value=value, limit=limit,
    )  # fmt: skip


def _ratio(rule: Objective | Share, sums: Sums, minutes: int) -> float:
    total = sums.get((total_of(rule), minutes), 0)
    return sums.get((bad_of(rule), minutes), 0) / total if total > 0 else 0.0


def next_states(
    before: Mapping[str, State], now_so: Sequence[Verdict], *, now: datetime
) -> dict[str, State]:
    """What becomes of each alert. One that lasts long enough fires; one that is over is resolved, once it was told."""
    after = dict(before)
    for verdict in now_so:
        state = after.get(verdict.alert)
        if verdict.is_bad:
            if state is None or state.state == "resolved":
                told = state.told if state else "nothing"
                state = State(alert=verdict.alert, state="pending", since=now, told=told)
            if state.state == "pending" and now - state.since >= verdict.lasts:
                state = replace(state, state="firing")
            after[verdict.alert] = state
        elif state is not None and state.state == "firing":
            after[verdict.alert] = replace(state, state="resolved", since=now)
        elif state is not None and state.state == "pending":
            after[verdict.alert] = replace(state, state="resolved")
    return after


def is_to_be_told(state: State) -> bool:
    """Whether people do not know yet: that it fires, or that what they were told of is over."""
    if state.state == "firing":
        return state.told != "firing"
    return state.state == "resolved" and state.told == "firing"
