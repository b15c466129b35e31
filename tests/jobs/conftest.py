"""A worker over a test's own database, at a pace of tenths of seconds."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta

import pytest

from puls.database import Database
from puls.jobs import Jobs, Plan
from puls.jobs.kinds import KINDS, Handler, JobKind
from puls.jobs.working import Pace, Working

QUICK = Pace(heartbeat=0.2, alive=1.5, sweep=0.2, tick=0.1, poll=0.2, grace=1.0)
BRISK = {
    name: JobKind(
        name=name,
        fr=kind.fr,
        en=kind.en,
        tries=3,
        first_wait=timedelta(milliseconds=50),
        longest_wait=timedelta(milliseconds=200),
        runs_at_first=kind.runs_at_first,
        needs_about=kind.needs_about,
        timeout=timedelta(seconds=5),
    )
    for name, kind in KINDS.items()
}

WorkingWith = Callable[..., contextlib.AbstractAsyncContextManager[Working]]


def utc_now() -> datetime:
    return datetime.now(UTC)


async def nothing(about: str, now: datetime) -> str:
    del now
    return f"Nothing was done for {about or 'everything'}."


@contextlib.asynccontextmanager
async def working(
    database: Database,
    handlers: Mapping[str, Handler],
    *,
    plan: Plan | None = None,
    worker: str = "test:1",
    kinds: Mapping[str, JobKind] = BRISK,
    pace: Pace = QUICK,
    clock: Callable[[], datetime] = utc_now,
) -> AsyncIterator[Working]:
    """A worker at work; kinds without a handler do nothing."""
    one = Working(
        database,
        dict.fromkeys(kinds, nothing) | dict(handlers),
        plan=plan or Plan(),
        worker=worker,
        clock=clock,
        kinds=kinds,
        pace=pace,
    )
    task = asyncio.create_task(one.run())
    try:
        yield one
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def until(is_so: Callable[[], Awaitable[bool]], *, seconds: float = 10.0) -> None:
    async with asyncio.timeout(seconds):
        while not await is_so():  # noqa: ASYNC110 # it happens in PostgreSQL
            await asyncio.sleep(0.05)


async def outcomes(database: Database, job: str) -> list[str | None]:
    rows = await database.fetch_all(
        b"SELECT outcome FROM job_run WHERE job = %(job)s ORDER BY id", job=job
    )
    return [row["outcome"] for row in rows]


async def status(database: Database, number: int) -> str:
    row = await database.fetch_one(
        b"SELECT status::text AS status FROM procrastinate_jobs WHERE id = %(id)s", id=number
    )
    return str(row["status"]) if row else "gone"


@pytest.fixture
def jobs(database: Database) -> Jobs:
    return Jobs(database, kinds=BRISK)
