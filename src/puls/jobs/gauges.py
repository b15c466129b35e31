"""What Prometheus hears of jobs: runs by how they ended, and, read from the database, what waits, stalls or no longer runs.

The gauges tell of all workers, whichever process is asked: a worker that is dead cannot tell so itself. Enter at `observe`.
"""

from datetime import datetime

from puls.database import Database, Queries
from puls.jobs.kinds import KINDS
from puls.jobs.queue import ALIVE, QUEUE
from puls.monitoring import (
    JOB_SINCE_SUCCESS,
    JOB_WORKERS,
    JOBS_GIVEN_UP,
    JOBS_STALLED,
    QUEUE_AGE,
    SCHEDULE_OVERDUE,
)

_QUERIES = Queries.beside("puls.jobs", "overview.sql")


async def observe(database: Database, *, now: datetime) -> None:
    """Read the gauges; one statement each, on tables of some hundred rows.

    Raises:
        DatabaseUnavailableError: PostgreSQL is away; the gauges stand as they were.
    """
    queue = await database.fetch_one(_QUERIES["queue_state"], queue=QUEUE, alive=ALIVE)
    late = {row["kind"]: row for row in await database.fetch_all(_QUERIES["late"], now=now)}
    given_up = {row["kind"]: row["jobs"] for row in await database.fetch_all(_QUERIES["given_up"])}
    assert queue is not None
    JOB_WORKERS.set(queue["workers"])
    QUEUE_AGE.set(queue["oldest_seconds"])
    JOBS_STALLED.set(queue["stalled"])
    for kind in KINDS:
        JOBS_GIVEN_UP.labels(job=kind).set(given_up.get(kind, 0))
        if kind in late:
            JOB_SINCE_SUCCESS.labels(job=kind).set(late[kind]["seconds"])
            SCHEDULE_OVERDUE.labels(job=kind).set(late[kind]["periods"])
        else:  # no longer planned: no schedule, so none that is dead
            for gauge in (JOB_SINCE_SUCCESS, SCHEDULE_OVERDUE):
                gauge.remove(kind)
