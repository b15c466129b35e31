"""What Puls promises and what is told when it is not so, read from `slo.toml` and checked. Values only.

Enter at `Watched.load`. Everything is refused by name: a metric that the code does not emit, an edge that is none, a
threshold that could never be passed.
"""

import functools
import tomllib
from collections.abc import Iterator, Mapping
from importlib import resources
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from puls.monitoring import Metric

Severity = Literal["page", "ticket"]

# Burn rates for 30 days: Google's SRE workbook, chapter 5, table 5-8; the short window is a twelfth of the long one.
PAIRS: tuple[tuple[Severity, float, int, int], ...] = (
    ("page", 14.4, 60, 5),
    ("page", 6.0, 360, 30),
    ("ticket", 3.0, 1440, 120),
    ("ticket", 1.0, 4320, 360),
)
"""Severity, burn rate, minutes of the long and of the short window."""

LOW_VOLUME_MINUTES = 15


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Events(_Part):
    """Events that a family counts; of a histogram all observations, or those `over` one of its edges."""

    metric: Metric
    labels: Mapping[str, tuple[str, ...]] = {}
    without: Mapping[str, tuple[str, ...]] = {}
    over: float | None = None


class LowVolume(_Part):
    """So many bad events in 15 minutes, and such a share of all, alert whatever the traffic."""

    bad: int = Field(ge=1)
    share: float = Field(gt=0, lt=1)
    severity: Severity = "page"


class Rule(_Part):
    """What every alert has: a sentence in French for people, one in English for whoever reads the file, and a runbook."""

    name: str = Field(pattern=r"^[A-Za-z_]+$")
    says: str
    fr: str
    runbook: str = Field(pattern=r"^[a-z-]+$")


class Objective(Rule):
    """A share of events that are good, over `window_days`."""

    objective: float = Field(gt=0, lt=1)
    bad: Events
    total: Events
    severities: tuple[Severity, ...]
    min_bad: int = Field(ge=1)
    low_volume: LowVolume | None = None

    @property
    def budget(self) -> float:
        """The share of events that may be bad."""
        return round(1 - self.objective, 9)

    @property
    def pairs(self) -> Iterator[tuple[Severity, float, int, int]]:
        """Severity, threshold as a share, long and short window in minutes."""
        for severity, rate, long, short in PAIRS:
            if severity in self.severities:
                yield severity, round(rate * self.budget, 9), long, short

    @model_validator(mode="after")
    def _can_fire(self) -> Self:
        for severity, threshold, long, _ in self.pairs:
            if threshold >= 1:
                raise ValueError(
                    f"{self.name}: {severity} over {long} min would need {threshold:.0%} bad events, which never happens; "
                    f"take {severity} out of `severities` or raise the objective"
                )
        return self

    def alert(self, severity: Severity, kind: Literal["burn", "low"]) -> str:
        """The name of its alert: `AvailabilityBurnPage`, `AvailabilityLow`."""
        stem = "".join(part.capitalize() for part in self.name.split("_"))
        return f"{stem}Low" if kind == "low" else f"{stem}Burn{severity.capitalize()}"


class Share(Rule):
    """A share of recent events that is too large."""

    severity: Severity
    bad: Events
    total: Events
    minutes: int = Field(ge=5, le=1440)
    at_least: float = Field(gt=0, lt=1)
    min_bad: int = Field(ge=1)


class Gauge(Rule):
    """A figure that is beyond its limit for some minutes; `of`: as a share of the sum of these."""

    severity: Severity
    gauge: Events
    of: Events | None = None
    above: float | None = None
    below: float | None = None
    minutes: int = Field(ge=0, le=1440)
    is_local: bool = False

    @model_validator(mode="after")
    def _has_one_limit(self) -> Self:
        if (self.above is None) == (self.below is None):
            raise ValueError(f"{self.name}: give `above` or `below`")
        return self


class Watched(_Part):
    """All objectives and conditions."""

    window_days: Annotated[int, Field(ge=30, le=30)]  # the burn rates of `PAIRS` are for 30 days
    objective: tuple[Objective, ...]
    share: tuple[Share, ...]
    gauge: tuple[Gauge, ...]

    @classmethod
    @functools.cache
    def load(cls) -> Self:
        """The file that Puls comes with.

        Raises:
            pydantic.ValidationError: it holds something that cannot work.
        """
        return cls.read(resources.files("puls.alerts").joinpath("slo.toml").read_text("utf-8"))

    @classmethod
    def read(cls, text: str) -> Self:
        """Another text of the same form."""
        return cls.model_validate(tomllib.loads(text))

    @property
    def counted(self) -> tuple[Objective | Share, ...]:
        """The rules about shares of events."""
        return (*self.objective, *self.share)

    @property
    def alerts(self) -> Mapping[str, tuple[Rule, Severity]]:
        """Every alert by its name, with the rule behind it; the urgent ones first."""
        found: dict[str, tuple[Rule, Severity]] = {}
        for one in self.objective:
            found |= {one.alert(severity, "burn"): (one, severity) for severity in one.severities}
            if one.low_volume is not None:
                found[one.alert(one.low_volume.severity, "low")] = (one, one.low_volume.severity)
        found |= {one.name: (one, one.severity) for one in self.share}
        found |= {one.name: (one, one.severity) for one in self.gauge}
        return dict(sorted(found.items(), key=lambda named: named[1][1] != "page"))

    @property
    def rules(self) -> tuple[Rule, ...]:
        return (*self.objective, *self.share, *self.gauge)
