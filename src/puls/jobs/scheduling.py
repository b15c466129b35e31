"""Puts the jobs whose moment has come, each moment once whatever the number of workers. Enter at `Scheduling.tick`.

A moment that nobody was there for is made up for once, however long ago it was.
"""

from collections.abc import Callable, Mapping
from datetime import datetime

from puls.database import Connection, Database, Queries
from puls.jobs.kinds import JobKind, JobName
from puls.jobs.plan import Plan
from puls.jobs.queue import Jobs
from puls.jobs.schedules import Schedule
from puls.monitoring import log

_QUERIES = Queries.beside("puls.jobs", "runs.sql")


class Scheduling:
    """The plan, as this worker knows it to be carried out so far."""

    def __init__(
        self,
        database: Database,
        jobs: Jobs,
        plan: Plan,
        *,
        kinds: Mapping[str, JobKind],
        clock: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._jobs = jobs
        self._plan = plan
        self._kinds = kinds
        self._clock = clock
        self._put_for: dict[str, datetime] = {}
        self._is_registered = False

    async def tick(self) -> None:
        """Put what is due. Asks the database only when something is.

        Raises:
            DatabaseUnavailableError: PostgreSQL is away; the next tick makes up for it.
        """
        if not self._is_registered:
            await self._register()
            self._is_registered = True
        now = self._clock()
        for job, schedule in self._plan.schedules.items():
            moment = schedule.last_due(now)
            if moment > self._put_for[job]:
                await self._put(JobName.read(job), moment)
                self._put_for[job] = moment

    async def _put(self, job: JobName, moment: datetime) -> None:
        async with self._database.transaction() as connection:
            cursor = await connection.execute(
                _QUERIES["claim_moment"], {"job": str(job), "due_at": moment}
            )
            row = await cursor.fetchone()
            if row is None or row["is_paused"]:  # another worker put it, or nobody is to
                return
            await self._jobs.put_now(connection, job)
        log.info("job.due", job=str(job), moment=moment.isoformat())

    async def _register(self) -> None:
        """Write down what is planned, so that a schedule that never runs is seen; forget what no longer is."""
        async with self._database.transaction() as connection:
            for job, schedule in sorted(self._plan.schedules.items()):
                self._put_for[job] = await self._registered(connection, job, schedule)
            await connection.execute(
                _QUERIES["forget_schedules"], {"jobs": list(self._plan.schedules)}
            )

    async def _registered(self, connection: Connection, job: str, schedule: Schedule) -> datetime:
        """Up to which moment its jobs were put."""
        now = self._clock()
        due_at = schedule.last_due(now)
        if self._kinds[JobName.read(job).kind].runs_at_first:
            due_at -= schedule.period
        values = {
            "job": job, "schedule": schedule.text, "period": schedule.period, "now": now, "due_at": due_at,
        }  # fmt: skip
        row = await (await connection.execute(_QUERIES["register_schedule"], values)).fetchone()
        assert row is not None
        moment: datetime = row["due_at"]
        return moment
