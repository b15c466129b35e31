"""The parts that Puls stands on, and whether each is well. Pure: facts in, states out.

A state is « good », « warning » (people are still served, perhaps less well), « bad » (something is missing) or « unknown ».
What is said of it is a code with facts; the page has the words.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from puls.operating.sights import Job


class State(StrEnum):
    GOOD = "good"
    WARNING = "warning"
    BAD = "bad"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """`code` names the sentence that is said of it, `facts` what it is filled with."""

    name: str
    state: State
    code: str
    facts: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """The live version of the vectors; `version` None: words alone decide."""

    version: int | None = None
    embedded: int = 0
    events: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Disk:
    """Bytes, of the file system that holds Puls' home."""

    free: int
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sync:
    """The last run of a source, and when one last went well. Moments are aware."""

    source: str
    started_at: datetime
    finished_at: datetime | None
    failure: str | None
    last_good_at: datetime | None
    seen: int
    new: int
    changed: int
    removed: int
    quarantined: int


_ALMOST_FULL: Final = (
    0.10  # of the disk; PostgreSQL stops at zero, and an index build needs a tenth
)
_FULL: Final = 0.05
_SLOW_MS: Final = 200  # for a trivial statement; on one machine it takes one
_STALE: Final = timedelta(days=2)  # OpenAgenda's mirror is renewed daily


def database_component(*, milliseconds: float, version: str, size: int) -> Component:
    """`milliseconds`: one trivial statement there and back; `size` bytes."""
    is_slow = milliseconds > _SLOW_MS
    return Component(
        name="database",
        state=State.WARNING if is_slow else State.GOOD,
        code="slow" if is_slow else "answers",
        facts={"ms": round(milliseconds), "version": version, "size": size},
    )


def index_component(index: Index) -> Component:
    facts = {
        "version": index.version,
        "missing": index.events - index.embedded,
        "events": index.events,
    }
    if index.version is None:
        return Component(name="index", state=State.WARNING, code="words_alone", facts=facts)
    if index.embedded < index.events:
        return Component(name="index", state=State.WARNING, code="behind", facts=facts)
    return Component(name="index", state=State.GOOD, code="whole", facts=facts)


def jobs_component(jobs: Sequence[Job] | None) -> Component:
    """`jobs` None: no worker."""
    if jobs is None:
        return Component(name="worker", state=State.UNKNOWN, code="no_worker")
    failing = [job.name for job in jobs if job.last_error]
    return Component(
        name="worker",
        state=State.WARNING if failing else State.GOOD,
        code="failing" if failing else "works",
        facts={"failing": ", ".join(failing), "jobs": len(jobs)},
    )


def circuits_component(name: str, circuits: Mapping[str, bool]) -> Component:
    """Models or search engines of this process; without any, Puls goes on by itself."""
    if not circuits:
        return Component(name=name, state=State.UNKNOWN, code="none")
    left_alone = [each for each, is_open in circuits.items() if is_open]
    facts = {"names": ", ".join(circuits), "left_alone": ", ".join(left_alone)}
    if not left_alone:
        return Component(name=name, state=State.GOOD, code="all_answer", facts=facts)
    is_all = len(left_alone) == len(circuits)
    return Component(
        name=name,
        state=State.BAD if is_all else State.WARNING,
        code="all_left_alone" if is_all else "some_left_alone",
        facts=facts,
    )


def disk_component(disk: Disk) -> Component:
    left = disk.free / disk.total if disk.total else 0.0
    state = State.BAD if left < _FULL else State.WARNING if left < _ALMOST_FULL else State.GOOD
    return Component(
        name="disk",
        state=state,
        code="room" if state is State.GOOD else "filling",
        facts={"free": disk.free, "share": left},
    )


def catalogue_component(syncs: Sequence[Sync], *, now: datetime) -> Component:
    """How fresh the freshest source is, and whether the last run of each went well."""
    good = [sync.last_good_at for sync in syncs if sync.last_good_at is not None]
    if not good:
        return Component(name="catalogue", state=State.UNKNOWN, code="never_read")
    age = now - max(good)
    failing = [sync.source for sync in syncs if sync.failure]
    facts = {"age": age, "failing": ", ".join(failing)}
    if failing:
        return Component(name="catalogue", state=State.WARNING, code="failing", facts=facts)
    if age > _STALE:
        return Component(name="catalogue", state=State.WARNING, code="stale", facts=facts)
    return Component(name="catalogue", state=State.GOOD, code="fresh", facts=facts)


def worst(components: Sequence[Component]) -> State:
    """What the page says at its head; what is unknown alarms nobody."""
    states = {component.state for component in components}
    return next((each for each in (State.BAD, State.WARNING) if each in states), State.GOOD)
