"""Jobs run once, are tried again, held back, ended, and survive whoever runs them. Real PostgreSQL."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

import psycopg
import pytest
from tests.jobs.conftest import BRISK, QUICK, outcomes, status, until, utc_now, working

from puls.database import Database
from puls.errors import InvalidInputError, NotFoundError, SourceUnavailableError
from puls.jobs import JobName, Jobs, jobs_overview
from puls.jobs.plan import Plan, read_plan

pytestmark = pytest.mark.alone

EMBED = JobName(kind="embed")


async def test_a_job_becomes_one_when_the_transaction_commits_and_never_otherwise(
    database: Database, jobs: Jobs
) -> None:
    """A batch that is rolled back has nothing to embed."""

    async def rolled_back() -> None:
        async with database.transaction() as connection:
            await jobs.enqueue("embed", connection=connection)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await rolled_back()
    assert await database.fetch_all(b"SELECT id FROM procrastinate_jobs") == []
    async with database.transaction() as connection:
        number = await jobs.enqueue("embed", connection=connection)
        assert await jobs.enqueue("embed", connection=connection) == number
    assert await status(database, number) == "todo"


async def test_a_job_that_waits_is_not_begun_before_who_asked_again_has_committed(
    database: Database, jobs: Jobs
) -> None:
    """Otherwise it could end without having seen what it was asked for, and nobody would ask again."""
    number = await jobs.enqueue("embed")
    async with database.transaction() as connection:
        assert await jobs.enqueue("embed", connection=connection) == number
        async with working(database, {}):
            await asyncio.sleep(0.6)
            assert await status(database, number) == "todo"
    async with working(database, {}):
        await until(lambda: _is(database, number, "succeeded"))


async def test_two_askings_at_once_make_one_job(jobs: Jobs) -> None:
    """Two syncs that end together want one embedding."""
    numbers = await asyncio.gather(*(jobs.enqueue("embed") for _ in range(3)))
    assert len(set(numbers)) == 1


async def test_a_job_is_done_and_says_so(database: Database, jobs: Jobs) -> None:
    """The overview is what an operator looks at."""

    async def embed(_about: str, _now: datetime) -> str:
        return "Three vectors were made."

    await jobs.run(EMBED)
    async with working(database, {"embed": embed}):
        await until(lambda: _has(database, "embed", ["succeeded"]))
    seen = {one.name: one for one in await jobs_overview(database, Plan(), now=utc_now())}
    assert seen["embed"].last_said == "Three vectors were made."
    assert seen["embed"].last_success is not None
    assert seen["embed"].last_error is None
    assert seen["embed"].state == "idle"
    assert seen["backup"].last_success is None


async def test_a_failure_is_tried_again_with_pauses_then_given_up_with_its_sentence(
    database: Database, jobs: Jobs
) -> None:
    """A source that is away for a minute is no reason to wait for tomorrow; one that is gone is none to ask for ever."""

    async def fail(_about: str, _now: datetime) -> str:
        raise SourceUnavailableError("The mirror does not answer.")

    number = await jobs.run(EMBED)
    async with working(database, {"embed": fail}):
        await until(lambda: _is(database, number, "failed"))
    assert await outcomes(database, "embed") == ["failed"] * 3
    seen = {one.name: one for one in await jobs_overview(database, Plan(), now=utc_now())}
    assert seen["embed"].last_error == "The mirror does not answer."

    async with working(database, {}):
        assert await jobs.retry("embed") == number
        await until(lambda: _is(database, number, "succeeded"))
    seen = {one.name: one for one in await jobs_overview(database, Plan(), now=utc_now())}
    assert seen["embed"].last_error is None


async def test_an_unforeseen_failure_says_what_it_was_and_nothing_of_what_was_in_it(
    database: Database, jobs: Jobs
) -> None:
    """The words of an exception may be a visitor's."""

    async def break_(_about: str, _now: datetime) -> str:
        raise KeyError("nyckelharpa")

    await jobs.run(EMBED)
    async with working(database, {"embed": break_}):
        await until(lambda: _has(database, "embed", ["failed"] * 3))
    row = await database.fetch_one(b"SELECT sentence FROM job_run LIMIT 1")
    assert row is not None
    assert "KeyError in test_working.py" in row["sentence"]
    assert "nyckelharpa" not in row["sentence"]


async def test_two_workers_never_do_the_same_job_at_once(database: Database, jobs: Jobs) -> None:
    """Also when the queue gives it out twice, because it believes a worker dead that is not."""
    at_once: list[int] = []
    now_running = 0

    async def slow(_about: str, _now: datetime) -> str:
        nonlocal now_running
        now_running += 1
        at_once.append(now_running)
        await asyncio.sleep(0.8)
        now_running -= 1
        return "Done."

    number = await jobs.run(EMBED)
    async with (
        working(database, {"embed": slow}, worker="a"),
        working(database, {"embed": slow}, worker="b"),
    ):
        await until(lambda: _has(database, "embed", [None]))
        await _given_out_again(database, number)
        await until(lambda: _is(database, number, "succeeded"))
    assert max(at_once) == 1
    assert "postponed" in await outcomes(database, "embed") or at_once == [1]


async def test_work_that_was_done_is_not_done_again_because_the_queue_did_not_hear_of_it(
    database: Database, jobs: Jobs
) -> None:
    """A worker killed after its last effect and before the queue's own row."""
    times = 0

    async def count(_about: str, _now: datetime) -> str:
        nonlocal times
        times += 1
        return "Done."

    number = await jobs.run(EMBED)
    async with working(database, {"embed": count}):
        await until(lambda: _is(database, number, "succeeded"))
        await database.fetch_one(
            b"UPDATE procrastinate_jobs SET status = 'todo', worker_id = NULL WHERE id = %(id)s RETURNING id",
            id=number,
        )
        await until(lambda: _is(database, number, "succeeded"))
    assert times == 1


async def test_a_job_takes_no_longer_than_its_kind_may(database: Database, jobs: Jobs) -> None:
    """What hangs is stopped and told."""
    was_stopped = asyncio.Event()

    async def hang(_about: str, _now: datetime) -> str:
        try:
            await asyncio.sleep(60)
        finally:
            was_stopped.set()
        return ""

    kinds = BRISK | {"embed": replace(BRISK["embed"], timeout=timedelta(seconds=0.3), tries=1)}
    number = await jobs.run(EMBED)
    async with working(database, {"embed": hang}, kinds=kinds):
        await until(lambda: _is(database, number, "failed"))
    assert was_stopped.is_set()
    row = await database.fetch_one(b"SELECT sentence FROM job_run")
    assert row is not None
    assert "was stopped" in row["sentence"]


async def test_a_worker_that_stops_hands_back_what_it_cannot_finish(
    database: Database, jobs: Jobs
) -> None:
    """A release must not wait for a sync of two hours, nor lose it."""
    began = asyncio.Event()

    async def long(_about: str, _now: datetime) -> str:
        began.set()
        await asyncio.sleep(60)
        return ""

    number = await jobs.run(EMBED)
    async with working(database, {"embed": long}):
        await began.wait()
        stops_at = asyncio.get_running_loop().time()
    assert asyncio.get_running_loop().time() - stops_at < 4
    assert await status(database, number) == "todo"
    assert await outcomes(database, "embed") == ["handed_back"]
    async with working(database, {}):
        await until(lambda: _is(database, number, "succeeded"))


async def test_an_operator_ends_a_job_that_runs(database: Database, jobs: Jobs) -> None:
    """And it is not tried again."""
    began = asyncio.Event()

    async def long(_about: str, _now: datetime) -> str:
        began.set()
        await asyncio.sleep(60)
        return ""

    number = await jobs.run(EMBED)
    async with working(database, {"embed": long}):
        await began.wait()
        assert await jobs.cancel("embed") == [number]
        await until(lambda: _is(database, number, "aborted"))
    assert await outcomes(database, "embed") == ["cancelled"]
    with pytest.raises(NotFoundError):
        await jobs.cancel("embed")


async def test_a_job_of_a_dead_worker_is_taken_back(database: Database, jobs: Jobs) -> None:
    """Procrastinate leaves it as running for ever."""
    number = await jobs.run(EMBED)
    await _taken_by_a_dead_worker(database, number)
    async with working(database, {}):
        await until(lambda: _is(database, number, "succeeded"))


async def test_a_job_that_kills_its_workers_is_given_up(database: Database, jobs: Jobs) -> None:
    """Memory that it eats would take down one worker after the other."""
    number = await jobs.run(EMBED)
    await _taken_by_a_dead_worker(database, number)
    await database.fetch_one(
        b"INSERT INTO job_run (job_id, job, worker, started_at, finished_at, outcome, sentence) SELECT %(id)s, 'embed', 'w', "
        b"now(), now(), 'lost', '' FROM generate_series(1, 50) RETURNING id",
        id=number,
    )
    async with working(database, {}):
        await until(lambda: _is(database, number, "failed"))


async def test_a_paused_job_waits_until_it_is_resumed(database: Database, jobs: Jobs) -> None:
    """An operator stops a source that misbehaves without stopping the rest."""
    number = await jobs.run(EMBED)
    await jobs.pause(EMBED, now=utc_now())
    with pytest.raises(InvalidInputError, match="paused"):
        await jobs.run(EMBED)
    async with working(database, {}):
        await until(lambda: _has(database, "embed", ["postponed"]))
        assert await status(database, number) == "todo"
        await jobs.resume(EMBED)
        await until(lambda: _is(database, number, "succeeded"))
    with pytest.raises(NotFoundError):
        await jobs.resume(EMBED)


async def test_news_of_jobs_is_heard_again_after_a_restart_of_postgresql(
    database: Database, jobs: Jobs
) -> None:
    """Without LISTEN each job would wait for the next look at the queue; here that comes after a minute."""

    async def is_listening() -> bool:
        return await _listeners(database) > 0

    async with working(database, {}, pace=replace(QUICK, poll=60.0)):
        await until(is_listening)
        async with await psycopg.AsyncConnection.connect(database.url, autocommit=True) as other:
            await other.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() "
                "AND datname = current_database()"
            )
        await asyncio.sleep(0.3)
        await until(is_listening)
        await asyncio.sleep(1.5)  # the worker may be beginning anew
        number = await jobs.run(EMBED)
        await until(lambda: _is(database, number, "succeeded"), seconds=8)


async def test_each_moment_of_a_schedule_has_one_job_whatever_the_number_of_workers(
    database: Database,
) -> None:
    """Two replicas make one backup a night."""
    plan = read_plan(sync="", jobs="embed every 1s", timezone="Europe/Paris")
    plan = Plan(schedules={"embed": plan.schedules["embed"]})
    async with (
        working(database, {}, plan=plan, worker="a"),
        working(database, {}, plan=plan, worker="b"),
    ):
        await asyncio.sleep(3.2)
    done = await outcomes(database, "embed")
    assert 2 <= len(done) <= 5
    rows = await database.fetch_all(b"SELECT date_trunc('second', started_at) AS at FROM job_run")
    assert len({row["at"] for row in rows}) >= len(rows) - 1


async def _is(database: Database, number: int, wanted: str) -> bool:
    return await status(database, number) == wanted


async def _has(database: Database, job: str, wanted: list[str | None]) -> bool:
    return await outcomes(database, job) == wanted


async def _given_out_again(database: Database, number: int) -> None:
    await database.fetch_one(
        b"UPDATE procrastinate_jobs SET status = 'todo', worker_id = NULL WHERE id = %(id)s RETURNING id",
        id=number,
    )


async def _taken_by_a_dead_worker(database: Database, number: int) -> None:
    await database.fetch_one(
        b"WITH dead AS (INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 hour') RETURNING id) "
        b"UPDATE procrastinate_jobs SET status = 'doing', worker_id = (SELECT id FROM dead) WHERE id = %(id)s RETURNING id",
        id=number,
    )


async def _listeners(database: Database) -> int:
    row = await database.fetch_one(
        b"SELECT count(*) AS n FROM pg_stat_activity WHERE query ILIKE 'listen%%' AND datname = current_database()"
    )
    assert row is not None
    return int(row["n"])
