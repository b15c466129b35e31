"""One run of one job: its row, its lock, its time limit, its end as a sentence. Enter at `Running.run`."""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import Final

import psycopg
from psycopg.rows import DictRow

from puls.database import Connection, Database, Queries
from puls.errors import (
    DatabaseUnavailableError,
    InvalidInputError,
    PulsError,
    RemovalRefusedError,
    SourceBusyError,
    SourceRefusedError,
)
from puls.jobs.kinds import Handler, JobKind, JobName
from puls.jobs.locks import held
from puls.jobs.outcomes import Again, Outcome, Postponed, TimedOutError, sentence_of
from puls.jobs.queue import Jobs
from puls.monitoring import JOB_SECONDS, JOBS, job_span, log

_QUERIES = Queries.beside("puls.jobs", "runs.sql")
_BUSY_WAIT: Final = timedelta(seconds=3)
_PAUSED_WAIT: Final = timedelta(minutes=5)
_WRITING_SECONDS: Final = 3.0
_LETTING_GO_SECONDS: Final = 5.0
_HOPELESS: Final = (InvalidInputError, RemovalRefusedError, SourceRefusedError)  # somebody must act
LOST: Final = "Its worker was killed before it was done; it is tried again."


class Running:
    """Runs jobs, each at most once at a time across all processes."""

    def __init__(
        self,
        database: Database,
        jobs: Jobs,
        handlers: Mapping[str, Handler],
        *,
        kinds: Mapping[str, JobKind],
        worker: str,
        clock: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._jobs = jobs
        self._handlers = handlers
        self._kinds = kinds
        self._worker = worker
        self._clock = clock
        self.now_running: set[int] = set()

    async def run(
        self,
        job_id: int,
        name: JobName,
        *,
        carrier: Mapping[str, str],
        is_asked_to_end: Callable[[], bool],
    ) -> None:
        """Run a job that the queue gave out, and return when it is done or given up.

        Raises:
            Again: it is to be put back into the queue.
            CancelledError: the worker stops, or an operator wants it to end.
        """
        self.now_running.add(job_id)
        try:
            with job_span(name.kind, carrier):
                await self._run(job_id, name, is_asked_to_end)
        finally:
            self.now_running.discard(job_id)

    async def _run(self, job_id: int, name: JobName, is_asked_to_end: Callable[[], bool]) -> None:
        began = time.monotonic()
        try:
            row_id = await self._begun(job_id, name)
        except DatabaseUnavailableError as error:
            raise Again(_BUSY_WAIT) from error
        if row_id is None:
            return
        outcome, sentence, wait = Outcome.LOST, LOST, None
        try:
            sentence = await self._alone(name)
            outcome = Outcome.SUCCEEDED
        except asyncio.CancelledError:
            outcome, sentence = (
                (Outcome.CANCELLED, "An operator stopped it.")
                if is_asked_to_end()
                else (Outcome.HANDED_BACK, "Its worker stopped; another one goes on with it.")
            )
            raise
        except Postponed as error:
            outcome, sentence, wait = Outcome.POSTPONED, sentence_of(error), error.wait
        except Exception as error:  # noqa: BLE001 # the edge of a job: whatever it is becomes a sentence
            outcome, sentence = Outcome.FAILED, sentence_of(error)
            wait = await self._wait_after(job_id, name, error)
        finally:
            await self._ended(row_id, name, outcome, sentence, began)
        if wait is not None:
            raise Again(wait)
        if outcome is Outcome.FAILED:
            raise GivenUpError(sentence)

    async def _begun(self, job_id: int, name: JobName) -> int | None:
        """The run's row; None when a former run did the work already."""
        async with self._database.transaction() as connection:
            if await _one(connection, "already_done", job_id=job_id) is not None:
                return None
            values = {"job_ids": [job_id], "now": self._clock(), "sentence": LOST}
            await connection.execute(_QUERIES["close_lost"], values)
            row = await _one(
                connection, "start",
                job_id=job_id, job=str(name), worker=self._worker, now=self._clock(),
            )  # fmt: skip
        assert row is not None
        return int(row["id"])

    async def _alone(self, name: JobName) -> str:
        """The handler's sentence, under the job's lock and within its time."""
        if await self._jobs.is_paused(name):
            raise Postponed("An operator holds it back.", wait=_PAUSED_WAIT)
        async with held(self._database, str(name)) as lock:
            if lock is None:
                raise Postponed("Another process is at it.", wait=_BUSY_WAIT)
            try:
                return await self._within_time(name, lock.lost())
            except SourceBusyError as error:
                raise Postponed(str(error), wait=_BUSY_WAIT) from error

    async def _within_time(self, name: JobName, lock_lost: Awaitable[None]) -> str:
        limit = self._kinds[name.kind].timeout
        work = asyncio.ensure_future(self._handlers[name.kind](name.about, self._clock()))
        lost = asyncio.ensure_future(lock_lost)
        try:
            await asyncio.wait(
                {work, lost},
                timeout=limit.total_seconds(),
                return_when=asyncio.FIRST_COMPLETED,
            )
            if work.done():
                return work.result()
            if lost.done():
                raise DatabaseUnavailableError("PostgreSQL went away under it; it is tried again.")
            raise TimedOutError(f"It was not done within {limit}; it was stopped.")
        finally:
            for task in (work, lost):
                task.cancel()
            await asyncio.wait({work, lost}, timeout=_LETTING_GO_SECONDS)

    async def _wait_after(self, job_id: int, name: JobName, error: Exception) -> timedelta | None:
        """When to try again; None: not by itself."""
        kind = self._kinds[name.kind]
        if isinstance(error, PulsError):
            log.warning("job.failed", job=str(name), job_id=job_id, why=sentence_of(error))
        else:
            log.error("job.failed", job=str(name), job_id=job_id, why=sentence_of(error))
        if isinstance(error, DatabaseUnavailableError):
            return _BUSY_WAIT
        if isinstance(error, _HOPELESS):
            return None
        try:
            row = await self._database.fetch_one(_QUERIES["failures"], job_id=job_id)
        except DatabaseUnavailableError:
            return _BUSY_WAIT
        failures = 1 + (int(row["failed"]) if row else 0)
        return kind.wait_after(failures) if failures < kind.tries else None

    async def _ended(
        self, row_id: int, name: JobName, outcome: Outcome, sentence: str, began: float
    ) -> None:
        """One row, one line, the metrics. What cannot be written is closed as lost by whoever runs it next."""
        seconds = time.monotonic() - began
        JOBS.labels(job=name.kind, outcome=outcome).inc()
        if outcome is Outcome.SUCCEEDED:
            JOB_SECONDS.labels(job=name.kind).observe(seconds)
        log.info(
            "job.ended",
            job=str(name),
            outcome=str(outcome),
            said=sentence,
            seconds=round(seconds, 3),
        )
        writing = asyncio.ensure_future(self._write_end(row_id, name, outcome, sentence))
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_WRITING_SECONDS):
                await asyncio.shield(writing)

    async def _write_end(self, row_id: int, name: JobName, outcome: Outcome, sentence: str) -> None:
        values = {"id": row_id, "now": self._clock(), "outcome": outcome, "sentence": sentence}
        try:
            async with self._database.transaction() as connection:
                if outcome is Outcome.POSTPONED:
                    merged = await connection.execute(_QUERIES["merge_postponed"], values)
                    if merged.rowcount:
                        return
                await connection.execute(_QUERIES["finish"], values)
                if outcome is Outcome.SUCCEEDED:
                    await connection.execute(
                        _QUERIES["succeeded"], {"job": str(name), "now": self._clock()}
                    )
        except (DatabaseUnavailableError, psycopg.Error) as error:
            log.warning("job.end_not_written", job=str(name), why=sentence_of(error))


class GivenUpError(PulsError):
    """A job failed as often as its kind may; its schedule or an operator starts it anew."""

    code = "job_given_up"


async def _one(connection: Connection, query: str, **values: object) -> DictRow | None:
    return await (await connection.execute(_QUERIES[query], values)).fetchone()
