"""What Puls promises (`src/puls/alerts/slo.toml`), as CloudWatch can watch it (`signals.toml`). Pure.

The numbers are that file's alone; here stands only how CloudWatch counts.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from deploy.aws.config import HERE, ROOT, ConfigError

Severity = Literal["page", "ticket"]
PLACES = (ROOT / "src/puls/alerts/slo.toml",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two windows, in seconds, that must both burn at `rate` times the budget. Google's SRE workbook, 30 days."""

    rate: float
    long: int
    short: int
    severity: Severity


# The workbook's fourth pair (three days at 1) is longer than an alarm of CloudWatch with a ratio can look back.
PAIRS = (
    Pair(rate=14.4, long=3600, short=300, severity="page"),
    Pair(rate=6.0, long=21600, short=1800, severity="page"),
    Pair(rate=3.0, long=86400, short=7200, severity="ticket"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Objective:
    """A share of events that must be good. `over_ms`: beyond it an event is bad."""

    name: str
    objective: float
    says: str
    severities: tuple[Severity, ...]
    min_bad: int
    low_volume: tuple[int, float] | None
    runbook: str
    over_ms: int | None

    @property
    def budget(self) -> float:
        return round(1 - self.objective, 9)

    def pairs(self, most: int) -> tuple[Pair, ...]:
        """The pairs that alarm, quickest first. A threshold of 1 or more could never fire and is left out."""
        wanted = [
            pair for pair in PAIRS
            if pair.severity in self.severities and pair.rate * self.budget < 1
        ]  # fmt: skip
        return tuple(wanted[:most])


@dataclass(frozen=True, slots=True, kw_only=True)
class Gauge:
    """A figure beyond a limit for so many minutes."""

    name: str
    severity: Severity
    says: str
    limit: float
    is_above: bool
    minutes: int
    runbook: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Promises:
    """Everything that slo.toml asks to be watched. `others` are names alone: shares of events."""

    source: Path
    objectives: tuple[Objective, ...]
    gauges: tuple[Gauge, ...]
    others: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        return (*(one.name for one in (*self.objectives, *self.gauges)), *self.others)


def promises(places: tuple[Path, ...] = PLACES) -> Promises:
    """Raises ConfigError when no file of promises is there, or it lacks what an alarm needs."""
    source = next((place for place in places if place.is_file()), None)
    if source is None:
        raise ConfigError("There is no slo.toml.")
    tables = tomllib.loads(source.read_text(encoding="utf-8"))
    try:
        return Promises(
            source=source,
            objectives=tuple(_objective(row) for row in tables["objective"]),
            gauges=tuple(_gauge(row) for row in tables.get("gauge", [])),
            others=tuple(row["name"] for row in tables.get("share", [])),
        )
    except KeyError as error:
        raise ConfigError(f"{source}: {error} is missing.") from error


def signals(path: Path = HERE / "signals.toml") -> dict[str, dict[str, Any]]:
    """Name of a promise → how CloudWatch sees it."""
    return tomllib.loads(path.read_text(encoding="utf-8"))


def pattern(text: str, objective: Objective) -> str:
    """A filter with the promise's own threshold written in."""
    if "{over_ms}" in text and objective.over_ms is None:
        raise ConfigError(f"{objective.name} has no threshold for its filter.")
    return text.replace("{over_ms}", str(objective.over_ms))


def dimensions() -> dict[str, list[list[str]]]:
    """Metric → the sets of labels it is kept by: what alarms ask for and nothing more."""
    kept: dict[str, list[list[str]]] = {}
    for signal in signals().values():
        if metric := signal.get("metric"):
            sets = kept.setdefault(metric["name"], [])
            for labels in (metric.get("total", {}), metric.get("bad", {})):
                one = ["service.name", *sorted(labels)]
                if one not in sets:
                    sets.append(one)
    return kept


def _objective(row: Mapping[str, Any]) -> Objective:
    low = row.get("low_volume")
    over = row["bad"].get("over")
    return Objective(
        name=row["name"],
        objective=row["objective"],
        says=row["says"],
        severities=tuple(row["severities"]),
        min_bad=row["min_bad"],
        low_volume=None if low is None else (low["bad"], low["share"]),
        runbook=row["runbook"],
        over_ms=None if over is None else round(over * 1000),
    )


def _gauge(row: Mapping[str, Any]) -> Gauge:
    return Gauge(
        name=row["name"],
        severity=row["severity"],
        says=row["says"],
        limit=row["above"] if "above" in row else row["below"],
        is_above="above" in row,
        minutes=row["minutes"],
        runbook=row["runbook"],
    )
