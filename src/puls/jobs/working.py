"""A worker: takes jobs from the queue and runs them, puts those whose moment has come, takes back those of dead workers.

Procrastinate gives out the jobs; this watches over it: a worker of its that ends (a restart of PostgreSQL does that) is begun
anew, and what the queue wrongly believes to run goes back into it. Any number of workers may run. Enter at `Working.run`.
"""

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from procrastinate import App, JobContext, PsycopgConnector, RetryDecision
from procrastinate.exceptions import JobAborted
from procrastinate.job_context import AbortReason
from procrastinate.jobs import Job
from procrastinate.retry import BaseRetryStrategy
from procrastinate.worker import Worker

from puls.database import Database
from puls.errors import DatabaseUnavailableError
from puls.jobs.kinds import KINDS, Handler, JobKind, JobName
from puls.jobs.outcomes import Again, sentence_of
from puls.jobs.plan import Plan
from puls.jobs.queue import QUEUE, TASK, Jobs
from puls.jobs.running import Running
from puls.jobs.scheduling import Scheduling
from puls.jobs.sweeping import Sweeping
from puls.monitoring import log

_NEVER: Final = "0 0 29 2 *"
_CONNECTIONS: Final = 2  # beside the one that listens and one for the lock of each running job
_LONGEST_PAUSE_SECONDS: Final = 10.0
_STEADY_SECONDS: Final = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How often a worker looks, in seconds. Shorter in tests.

    A job whose worker gave no sign of life for `alive` is taken back by the next sweep: with a kill in the worst moment it
    runs again after `alive` + `sweep`, well under a minute.
    """

    heartbeat: float = 5.0
    alive: float = 20.0
    sweep: float = 5.0
    tick: float = 1.0
    poll: float = 2.0
    grace: float = 8.0  # to finish what runs when asked to stop; then it is handed back


class Working:
    """One worker of one process."""

    def __init__(
        self,
        database: Database,
        handlers: Mapping[str, Handler],
        *,
        plan: Plan,
        worker: str,
        clock: Callable[[], datetime],
        kinds: Mapping[str, JobKind] = KINDS,
        concurrency: int = 3,
        pace: Pace | None = None,
    ) -> None:
        self._database = database
        self._kinds = kinds
        self._handlers = handlers
        self._concurrency = concurrency
        self._pace = pace or Pace()
        self._name = worker
        self._jobs = Jobs(database, kinds=kinds)
        self._running = Running(
            database, self._jobs, handlers, kinds=kinds, worker=worker, clock=clock
        )
        self._scheduling = Scheduling(database, self._jobs, plan, kinds=kinds, clock=clock)
        self._sweeping = Sweeping(database, clock=clock, alive=timedelta(seconds=self._pace.alive))
        self._worker: Worker | None = None
        logging.getLogger("procrastinate").setLevel(
            logging.CRITICAL + 1
        )  # each run has a line of our own

    async def run(self) -> None:
        """Work until cancelled; what runs then is finished within `Pace.grace` seconds or handed back."""
        log.info("worker.started", worker=self._name, jobs=sorted(self._handlers))
        beside = [
            asyncio.create_task(self._each(self._pace.tick, self._scheduling.tick)),
            asyncio.create_task(self._each(self._pace.sweep, self._sweep)),
        ]
        try:
            await self._work()
        finally:
            for task in beside:
                task.cancel()
            await asyncio.gather(*beside, return_exceptions=True)
            log.info("worker.stopped", worker=self._name)

    async def _work(self) -> None:
        """Procrastinate's worker, begun anew whenever it ends."""
        pause = 1.0
        while True:
            began = time.monotonic()
            try:
                await self._work_once()
                why = "its connection broke"
            except Exception as error:  # noqa: BLE001 # the edge of the worker: it goes on
                why = f"{sentence_of(error)} {type(error.__cause__ or error).__name__}"
            if time.monotonic() - began > _STEADY_SECONDS:
                pause = 1.0
            log.warning("worker.begins_anew", worker=self._name, why=why, after_seconds=pause)
            await asyncio.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE_SECONDS)

    async def _work_once(self) -> None:
        app = self._app()
        try:
            await app.open_async()
            self._worker = Worker(
                app=app,
                queues=[QUEUE],
                name=self._name,
                concurrency=self._concurrency,
                fetch_job_polling_interval=self._pace.poll,
                abort_job_polling_interval=self._pace.poll,
                shutdown_graceful_timeout=self._pace.grace,
                install_signal_handlers=False,
                update_heartbeat_interval=self._pace.heartbeat,
                stalled_worker_timeout=self._pace.alive,
            )
            await self._worker.run()  # type: ignore[no-untyped-call] # it has no annotations
        finally:
            self._worker = None
            with contextlib.suppress(Exception):
                await app.close_async()

    def _app(self) -> App:
        connector = PsycopgConnector(
            conninfo=self._database.url,
            min_size=1,
            max_size=_CONNECTIONS,
            timeout=10.0,
            reconnect_timeout=10.0,
            kwargs={"connect_timeout": 5},
        )
        app = App(connector=connector)
        for name in self._kinds:
            app.task(name=TASK + name, pass_context=True, retry=_HandedBack())(self._execute)

        # Procrastinate watches over its heartbeat and its ear for news only as long as none of its side tasks ends; without
        # any periodic task the one for these ends at once. Ours are put by `Scheduling`, which knows days and pauses.
        @app.periodic(cron=_NEVER)
        @app.task(name="puls._keeps_watch")
        async def keeps_watch(timestamp: int) -> None:
            del timestamp

        return app

    async def _execute(self, context: JobContext, about: str, carrier: dict[str, str]) -> None:
        assert context.job.id is not None
        name = JobName(kind=context.job.task_name.removeprefix(TASK), about=about)

        def is_asked_to_end() -> bool:
            return context.abort_reason() is AbortReason.USER_REQUEST

        try:
            await self._running.run(
                context.job.id, name, carrier=carrier, is_asked_to_end=is_asked_to_end
            )
        except asyncio.CancelledError:
            if is_asked_to_end():
                raise JobAborted from None
            raise

    async def _each(self, seconds: float, act: Callable[[], object]) -> None:
        """Again and again; PostgreSQL being away is told once and waited out."""
        was_well = True
        while True:
            try:
                await act()  # type: ignore[misc] # a coroutine function
            except DatabaseUnavailableError as error:
                if was_well:
                    log.warning("worker.waits", worker=self._name, why=str(error))
                was_well = False
            except Exception as error:  # noqa: BLE001 # the edge of the task: nobody awaits it
                log.error(
                    "worker.failed", worker=self._name, why=sentence_of(error)
                )  # no words of others
            else:
                was_well = True
            await asyncio.sleep(seconds)

    async def _sweep(self) -> None:
        worker = self._worker
        number = worker.worker_id if worker is not None else None
        is_known = await self._sweeping.sweep(number, self._running.now_running)
        if worker is not None and worker is self._worker and number is not None and not is_known:
            worker.stop()  # type: ignore[no-untyped-call] # the database does not know it any more: what it runs was given to others


class _HandedBack(BaseRetryStrategy):
    """When a job goes back into the queue: `Running` has decided that already."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        del job
        if isinstance(exception, Again):
            return RetryDecision(retry_at=datetime.now(UTC) + exception.wait)
        if isinstance(exception, asyncio.CancelledError):  # the worker stops
            return RetryDecision(retry_at=datetime.now(UTC))
        return None
