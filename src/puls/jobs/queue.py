"""The queue: jobs are put in, run by hand, tried again, cancelled, held back. Enter at `Jobs`."""

import contextlib
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import psycopg
from psycopg.types.json import Jsonb

from puls.database import Connection, Database, Queries
from puls.errors import InvalidInputError, NotFoundError
from puls.jobs.kinds import KINDS, JobKind, JobName
from puls.monitoring import inject

_QUERIES = Queries.beside("puls.jobs", "queue.sql")
_ENQUEUE_LOCK: Final = 0x70756C6A  # "pulj": any constant will do, as long as it never changes
QUEUE: Final = "puls"
TASK: Final = "puls."  # then the kind
ALIVE: Final = timedelta(seconds=30)  # since a worker's last heartbeat


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgotten:
    """How many rows were past their time."""

    jobs: int
    runs: int


class Jobs:
    """Puts jobs in the queue and steers them. Runs none."""

    def __init__(self, database: Database, *, kinds: Mapping[str, JobKind] = KINDS) -> None:
        self._database = database
        self._kinds = kinds

    async def enqueue(
        self,
        kind: str,
        *,
        about: str = "",
        connection: Connection | None = None,
        after: timedelta | None = None,
    ) -> int:
        """Have a job done; return its number in the queue. One that waits already is not put twice: it is the same one.

        With `connection` it becomes a job when that transaction commits, and never otherwise; make it the last statement
        there, since others who ask for the same job wait until then. `after`: how long to wait at least, by PostgreSQL's
        clock; None, as usual for its kind.

        Raises:
            DatabaseUnavailableError: PostgreSQL is away; nothing was put.
        """
        delay = self._kinds[kind].delay if after is None else after
        job = str(JobName(kind=kind, about=about))
        async with self._on(connection) as ours:
            return await self._put(ours, kind, about, job, delay)

    async def _put(
        self, connection: Connection, kind: str, about: str, job: str, delay: timedelta
    ) -> int:
        await connection.execute(_QUERIES["one_at_a_time"], {"space": _ENQUEUE_LOCK, "job": job})
        at = None if delay <= timedelta(0) else await _moment_after(connection, delay)
        waiting = await (await connection.execute(_QUERIES["waiting"], {"job": job})).fetchone()
        if waiting is not None:
            if waiting["scheduled_at"] is not None:
                await connection.execute(_QUERIES["sooner"], {"id": waiting["id"], "at": at})
            return int(waiting["id"])
        values = {
            "queue": QUEUE,
            "task": TASK + kind,
            "priority": 0,
            "job": job,
            "args": Jsonb({"about": about, "carrier": inject()}),
            "at": at,
        }
        row = await (await connection.execute(_QUERIES["put"], values)).fetchone()
        assert row is not None
        return int(row["id"])

    async def put_now(self, connection: Connection, job: JobName) -> int:
        """See `enqueue`: for its moment has come."""
        return await self.enqueue(
            job.kind, about=job.about, connection=connection, after=timedelta(0)
        )

    async def run(self, job: JobName) -> int:
        """Have it done now, as somebody wishes; return its number.

        Raises:
            InvalidInputError: it is paused.
        """
        if await self.is_paused(job):
            raise InvalidInputError(f"{job} is paused; `puls jobs resume {_quoted(job)}` first.")
        return await self.enqueue(job.kind, about=job.about, after=timedelta(0))

    async def retry(self, which: str) -> int:
        """Have a job that was given up tried again, by its number or its name; return the number.

        Raises:
            NotFoundError: no such job has failed.
        """
        async with self._database.transaction() as connection:
            if not which.isdecimal():
                job = str(JobName.read(which))
                row = await _one(connection, "last_failed", job=job)
                if row is None:
                    raise NotFoundError(f"{job} was not given up; `puls jobs run` starts it anew.")
                which = str(row["id"])
            number = _number(which)
            cursor = await connection.execute(_QUERIES["retry"], {"id": number})
            if cursor.rowcount != 1:
                raise NotFoundError(f"No job with the number {which} was given up.")
            return number

    async def cancel(self, which: str) -> list[int]:
        """Have jobs end or never begin, by number or name; return the numbers. One that runs ends within seconds.

        Raises:
            NotFoundError: nothing of that name or number waits or runs.
        """
        async with self._database.transaction() as connection:
            if which.isdecimal():
                numbers = [_number(which)]
            else:
                job = str(JobName.read(which))
                cursor = await connection.execute(_QUERIES["under_way"], {"job": job})
                numbers = [row["id"] for row in await cursor.fetchall()]
            ended = []
            for number in numbers:
                row = await _one(connection, "cancel", id=number)
                if row is not None and row["id"] is not None:
                    ended.append(number)
        if not ended:
            raise NotFoundError(f"Nothing waits or runs as {which}.")
        return ended

    async def pause(self, job: JobName, *, now: datetime) -> None:
        """Hold a job back: its schedule puts none, and what waits waits on. One that runs ends as usual."""
        async with self._database.transaction() as connection:
            await connection.execute(_QUERIES["pause"], {"job": str(job), "now": now})

    async def resume(self, job: JobName) -> None:
        """Raises NotFoundError: it is not paused."""
        async with self._database.transaction() as connection:
            cursor = await connection.execute(_QUERIES["resume"], {"job": str(job)})
            if cursor.rowcount != 1:
                raise NotFoundError(f"{job} is not paused.")
            await connection.execute(_QUERIES["pull_forward"], {"job": str(job)})

    async def is_paused(self, job: JobName) -> bool:
        """Whether an operator holds it back."""
        return await self._database.fetch_one(_QUERIES["is_paused"], job=str(job)) is not None

    async def note_source(self, job: JobName, source: str) -> None:
        """Under which name the records of a sync stand, so that its freshness can be told."""
        async with self._database.transaction() as connection:
            await connection.execute(_QUERIES["note_source"], {"job": str(job), "source": source})

    async def workers(self) -> int:
        """How many workers gave a sign of life within the last half minute."""
        row = await self._database.fetch_one(_QUERIES["workers"], alive=ALIVE)
        assert row is not None
        return int(row["workers"])

    async def forget_old(self, *, before: datetime) -> Forgotten:
        """Delete what ended before a moment; the last success of each job stays."""
        async with self._database.transaction() as connection:
            jobs = await connection.execute(_QUERIES["forget_jobs"], {"before": before})
            runs = await connection.execute(_QUERIES["forget_runs"], {"before": before})
            return Forgotten(jobs=jobs.rowcount, runs=runs.rowcount)

    @contextlib.asynccontextmanager
    async def _on(self, connection: Connection | None) -> AsyncIterator[Connection]:
        if connection is not None:
            yield connection
            return
        async with self._database.transaction() as own:
            yield own


async def _moment_after(connection: Connection, delay: timedelta) -> datetime:
    row = await (
        await connection.execute("SELECT clock_timestamp() + %s AS at", [delay])
    ).fetchone()
    assert row is not None
    moment: datetime = row["at"]
    return moment


async def _one(connection: Connection, query: str, **values: object) -> psycopg.rows.DictRow | None:
    return await (await connection.execute(_QUERIES[query], values)).fetchone()


def _number(text: str) -> int:
    if len(text) > 18:  # noqa: PLR2004 # digits of a bigint
        raise NotFoundError(f"There is no job {text[:20]}….")
    return int(text)


def _quoted(job: JobName) -> str:
    return f'"{job}"' if job.about else job.kind
