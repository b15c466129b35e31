"""What `/ops` asks of other parts, each absent until somebody gives it: then the page says so, or leaves the block out."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID


class Job(Protocol):
    """How one kind of job fares, and what it does. Moments are aware; seconds of the last run, and what it usually takes."""

    @property
    def name(self) -> str: ...
    @property
    def fr(self) -> str: ...
    @property
    def en(self) -> str: ...
    @property
    def last_success(self) -> datetime | None: ...
    @property
    def next_run(self) -> datetime | None: ...
    @property
    def last_error(self) -> str | None: ...
    @property
    def usual_seconds(self) -> float | None: ...
    @property
    def last_seconds(self) -> float | None: ...


class Experiment(Protocol):
    """A live comparison: what it is, and what may be said of it in French and English."""

    @property
    def name(self) -> str: ...
    @property
    def arms(self) -> Mapping[str, int]: ...  # visitors by arm
    @property
    def fr(self) -> str: ...
    @property
    def en(self) -> str: ...


class Drift(Protocol):
    """How far something moved from the weeks before: an index (PSI or Jensen–Shannon) and whether it is too far."""

    @property
    def name(self) -> str: ...
    @property
    def index(self) -> float: ...
    @property
    def is_alarming(self) -> bool: ...
    @property
    def fr(self) -> str: ...
    @property
    def en(self) -> str: ...


class Alarm(Protocol):
    """An alert of `puls.alerts` that fires: since when (aware; None: only this process knows it), what is so, where to read on."""

    @property
    def name(self) -> str: ...
    @property
    def is_urgent(self) -> bool: ...
    @property
    def since(self) -> datetime | None: ...
    @property
    def fr(self) -> str: ...
    @property
    def en(self) -> str: ...
    @property
    def runbook_url(self) -> str: ...


Jobs = Callable[[datetime], Awaitable[Sequence[Job]]]
Experiments = Callable[[datetime], Awaitable[Sequence[Experiment]]]
Drifts = Callable[[datetime], Awaitable[Sequence[Drift]]]
Alarms = Callable[[], Awaitable[Sequence[Alarm]]]
Circuits = Callable[[], Mapping[str, bool]]
"""Of each model or search engine of this process, whether it is left alone because it failed too often."""
AddCase = Callable[[UUID], Awaitable[str]]
"""Make an evaluation case of a turn with a thumb down; a sentence that says where it is."""


def _none() -> Mapping[str, bool]:
    return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sights:
    """None: that part is not there."""

    alarms: Alarms | None = None
    jobs: Jobs | None = None
    experiments: Experiments | None = None
    drifts: Drifts | None = None
    add_case: AddCase | None = None
    models: Circuits = _none
    engines: Circuits = _none
