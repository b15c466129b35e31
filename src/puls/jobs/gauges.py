"""What Prometheus hears of jobs: runs by how they ended, and, read from the database, what waits, stalls or no longer runs.

The gauges tell of all workers, whichever process is asked: a worker that is dead cannot tell so itself. Enter at `observe`.
"""

from datetime import datetime

from prometheus_client import Counter, Gauge, Histogram

from puls.database import Database, Queries
from puls.jobs.kinds import KINDS
from puls.jobs.queue import ALIVE, QUEUE
from puls.monitoring import REGISTRY

_QUERIES = Queries.beside("puls.jobs", "overview.sql")

RUNS = Counter(
    "puls_job_runs_total",
    "Runs of jobs in this process by kind and how they ended (succeeded, failed, postponed, handed_back, cancelled).",
    ["job", "outcome"],
    registry=REGISTRY,
)
RUN_SECONDS = Histogram(
    "puls_job_duration_seconds",
    "Time of a run that succeeded.",
    ["job"],
    buckets=(0.1, 0.5, 1, 5, 15, 60, 300, 900, 3_600, 14_400),
    registry=REGISTRY,
)
WORKERS = Gauge(
    "puls_job_workers", "Workers that gave a sign of life within 30 s.", registry=REGISTRY
)
OLDEST_SECONDS = Gauge(
    "puls_job_oldest_runnable_seconds",
    "How long the job that waits longest could have run already; 0: none waits.",
    registry=REGISTRY,
)
STALLED = Gauge(
    "puls_job_stalled",
    "Jobs that are said to run while their worker gives no sign of life.",
    registry=REGISTRY,
)
GIVEN_UP = Gauge(
    "puls_job_given_up",
    "Jobs of a kind that failed as often as they may and were not done since.",
    ["job"],
    registry=REGISTRY,
)
SINCE_SUCCESS = Gauge(
    "puls_job_since_success_seconds",
    "Time since the scheduled jobs of a kind last succeeded, or were first planned; the one that is latest.",
    ["job"],
    registry=REGISTRY,
)
LATE_PERIODS = Gauge(
    "puls_job_late_periods",
    "The same in periods of the schedule: above 2, a schedule is dead.",
    ["job"],
    registry=REGISTRY,
)


async def observe(database: Database, *, now: datetime) -> None:
    """Read the gauges; one statement each, on tables of some hundred rows.

    Raises:
        DatabaseUnavailableError: PostgreSQL is away; the gauges stand as they were.
    """
    queue = await database.fetch_one(_QUERIES["queue_state"], queue=QUEUE, alive=ALIVE)
    late = {row["kind"]: row for row in await database.fetch_all(_QUERIES["late"], now=now)}
    given_up = {row["kind"]: row["jobs"] for row in await database.fetch_all(_QUERIES["given_up"])}
    assert queue is not None
    WORKERS.set(queue["workers"])
    OLDEST_SECONDS.set(queue["oldest_seconds"])
    STALLED.set(queue["stalled"])
    for kind in KINDS:
        GIVEN_UP.labels(job=kind).set(given_up.get(kind, 0))
        if kind in late:
            SINCE_SUCCESS.labels(job=kind).set(late[kind]["seconds"])
            LATE_PERIODS.labels(job=kind).set(late[kind]["periods"])
        else:  # no longer planned: no schedule, so none that is dead
            for gauge in (SINCE_SUCCESS, LATE_PERIODS):
                gauge.remove(kind)
