"""Takes back jobs that the queue believes to run and that nobody runs any more. Enter at `Sweeping.sweep`.

A loop in each worker and no job: a queued sweep could itself be what nobody runs any more (procrastinate#1408).
"""

from collections.abc import Callable
from collections.abc import Set as AbstractSet
from datetime import datetime, timedelta
from typing import Final

from puls.database import Database, Queries
from puls.jobs.queue import QUEUE
from puls.jobs.running import LOST
from puls.monitoring import log

_QUERIES = Queries.beside("puls.jobs", "runs.sql")
_MOST_LOST: Final = (
    50  # workers that ended with one job; memory it eats, say: its next moment tries again
)
_GIVEN_UP: Final = f"Its worker was killed {_MOST_LOST} times before it was done; it was given up."


class Sweeping:
    """What one worker sweeps; it remembers what it saw last time."""

    def __init__(
        self, database: Database, *, clock: Callable[[], datetime], alive: timedelta
    ) -> None:
        self._database = database
        self._clock = clock
        self._alive = alive
        self._seen_idle: set[int] = set()

    async def sweep(self, worker: int | None, running: AbstractSet[int]) -> bool:
        """Take back what is nobody's, beat the heart of `worker`, and say whether the database knows it.

        Raises:
            DatabaseUnavailableError: PostgreSQL is away; the next sweep makes up for it.
        """
        is_known = worker is None or await self._beat(worker)
        await self._take_back_stalled()
        if worker is not None:
            await self._take_back_own(worker, running)
        return is_known

    async def _beat(self, worker: int) -> bool:
        return await self._database.fetch_one(_QUERIES["beat"], worker=worker) is not None

    async def _take_back_stalled(self) -> None:
        values = {"queue": QUEUE, "alive": self._alive, "most_lost": _MOST_LOST}
        async with self._database.transaction() as connection:
            cursor = await connection.execute(_QUERIES["take_back_stalled"], values)
            rows = await cursor.fetchall()
            for is_given_up, sentence in ((False, LOST), (True, _GIVEN_UP)):
                ids = [row["id"] for row in rows if row["is_given_up"] is is_given_up]
                if ids:
                    await connection.execute(
                        _QUERIES["close_lost"],
                        {"job_ids": ids, "now": self._clock(), "sentence": sentence},
                    )
        async with self._database.transaction() as connection:
            # Apart: who holds a job and wants its worker's row could wait for who holds that row and wants the job.
            await connection.execute(_QUERIES["forget_workers"], {"alive": self._alive})
        for row in rows:
            log.warning("job.taken_back", job_id=row["id"], given_up=row["is_given_up"])

    async def _take_back_own(self, worker: int, running: AbstractSet[int]) -> None:
        """Of this worker: only what it was not running at two sweeps in a row."""
        rows = await self._database.fetch_all(_QUERIES["believed"], worker=worker)
        idle = {int(row["id"]) for row in rows} - running
        twice, self._seen_idle = idle & self._seen_idle, idle
        if not twice:
            return
        rows = await self._database.fetch_all(
            _QUERIES["take_back_own"], worker=worker, not_running=sorted(twice)
        )
        for row in rows:
            log.warning("job.taken_back", job_id=row["id"], given_up=False)
