"""Jobs and sources as an operator sees them: when each last worked, when it runs next, what went wrong. Enter at `jobs_overview`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal

from puls.database import Database, Queries
from puls.jobs.kinds import KINDS, JobKind
from puls.jobs.plan import Plan

_QUERIES = Queries.beside("puls.jobs", "overview.sql")
_DEAD_AFTER_PERIODS: Final = 2

State = Literal["running", "waiting", "idle", "paused"]


@dataclass(frozen=True, slots=True, kw_only=True)
class JobOverview:
    """One job. Moments are aware; None: never, or not known. `schedule` None: only something else or a hand starts it.

    `last_error` stands until a later run succeeds. `usual_seconds` is the median of its last twenty successes. `is_dead`: its
    schedule has not succeeded for two periods.
    """

    name: str
    kind: str
    about: str
    fr: str
    en: str
    schedule: str | None
    state: State
    last_success: datetime | None
    last_said: str | None
    last_run: datetime | None
    next_run: datetime | None
    last_error: str | None
    last_error_at: datetime | None
    last_seconds: float | None
    usual_seconds: float | None
    running_since: datetime | None
    is_dead: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFreshness:
    """How fresh a source of events is. `age`: since it was last read to its end; `next_run` None: by hand only."""

    source: str
    read_at: datetime | None
    age: timedelta | None
    next_run: datetime | None
    schedule: str | None
    events: int
    last_run: datetime
    last_failure: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOfJob:
    """One run, as it is kept."""

    id: int
    job_id: int
    job: str
    worker: str
    started_at: datetime
    finished_at: datetime | None
    outcome: str | None
    sentence: str | None


async def jobs_overview(
    database: Database, plan: Plan, *, now: datetime, kinds: Mapping[str, JobKind] = KINDS
) -> tuple[JobOverview, ...]:
    """Every job that is planned, was run or waits, then kinds that never were; by name.

    Raises:
        DatabaseUnavailableError: PostgreSQL is away.
    """
    rows = {row["job"]: row for row in await database.fetch_all(_QUERIES["jobs"])}
    unmet = {name for name, kind in kinds.items() if not kind.needs_about and name not in rows} | (
        plan.schedules.keys() - rows.keys()
    )
    found = [
        _overview(row, plan, kinds, now) for row in rows.values() if _kind(row["job"]) in kinds
    ]
    found += [_overview({"job": name}, plan, kinds, now) for name in unmet]
    return tuple(sorted(found, key=lambda one: one.name))


async def runs_of(database: Database, job: str, *, limit: int = 10) -> tuple[RunOfJob, ...]:
    """The last runs of a job, the latest first."""
    rows = await database.fetch_all(_QUERIES["runs"], job=job, limit=limit)
    return tuple(RunOfJob(**row) for row in rows)


async def freshness(
    database: Database, plan: Plan, *, now: datetime
) -> tuple[SourceFreshness, ...]:
    """Every source that was ever read, by name.

    Raises:
        DatabaseUnavailableError: PostgreSQL is away.
    """
    return tuple(
        SourceFreshness(
            source=row["source"],
            read_at=row["read_at"],
            age=now - row["read_at"] if row["read_at"] else None,
            next_run=_next(row, plan, now),
            schedule=row["schedule"],
            events=row["events"],
            last_run=row["last_run_at"],
            last_failure=row["failure"],
        )
        for row in await database.fetch_all(_QUERIES["sources"])
    )


def _overview(
    row: Mapping[str, Any], plan: Plan, kinds: Mapping[str, JobKind], now: datetime
) -> JobOverview:
    name = str(row["job"])
    kind = kinds[_kind(name)]
    planned = plan.schedules.get(name)
    return JobOverview(
        name=name,
        kind=kind.name,
        about=name.partition(" ")[2],
        fr=kind.fr,
        en=kind.en,
        schedule=planned.text if planned else row.get("schedule"),
        state=_state(row),
        last_success=row.get("last_success_at"),
        last_said=row.get("last_said"),
        last_run=row.get("last_run_at"),
        next_run=None if row.get("is_paused") else _next(row, plan, now),
        last_error=row.get("last_error"),
        last_error_at=row.get("last_error_at"),
        last_seconds=row.get("last_seconds"),
        usual_seconds=row.get("usual_seconds"),
        running_since=row.get("running_since"),
        is_dead=_is_dead(row, now),
    )


def _kind(name: str) -> str:
    return name.partition(" ")[0]


def _state(row: Mapping[str, Any]) -> State:
    if row.get("running_since"):
        return "running"
    if row.get("is_paused"):
        return "paused"
    return "waiting" if row.get("waits_until") else "idle"


def _next(row: Mapping[str, Any], plan: Plan, now: datetime) -> datetime | None:
    """What waits comes first, then the schedule's next moment."""
    planned = plan.schedules.get(str(row["job"]))
    moments = [row.get("waits_until"), planned.next_due(now) if planned else None]
    return min((moment for moment in moments if moment is not None), default=None)


def _is_dead(row: Mapping[str, Any], now: datetime) -> bool:
    if row.get("is_paused") or row.get("period") is None:
        return False
    since = max(filter(None, (row["since"], row["last_success_at"])))
    return bool(now - since > _DEAD_AFTER_PERIODS * row["period"])
