"""What Prometheus and `/ops` hear of jobs: a schedule that is dead is seen though nobody is there to tell."""

import asyncio
from datetime import UTC, datetime, timedelta

from tests.jobs.conftest import until, utc_now, working

from puls.database import Database
from puls.jobs import Jobs, Plan, freshness, jobs_overview, read_schedule
from puls.jobs.gauges import observe
from puls.monitoring import REGISTRY

EACH_SECOND = Plan(schedules={"embed": read_schedule("every 1s", timezone="UTC")})


def gauge(name: str, **labels: str) -> float:
    value = REGISTRY.get_sample_value(name, labels)
    assert value is not None
    return value


async def test_a_dead_schedule_is_seen_within_two_periods(database: Database) -> None:
    """A scheduler that stops silently is the usual way for a catalogue to grow old."""

    async def succeeded() -> bool:
        row = await database.fetch_one(b"SELECT succeeded_at FROM job_schedule")
        return row is not None and row["succeeded_at"] is not None

    async with working(database, {}, plan=EACH_SECOND):
        await until(succeeded)
        await observe(database, now=utc_now())
        assert gauge("puls_schedule_overdue_periods", job="embed") < 2
        assert gauge("puls_job_workers") == 1
    died_at = asyncio.get_running_loop().time()

    async def is_seen() -> bool:
        await observe(database, now=utc_now())
        return gauge("puls_schedule_overdue_periods", job="embed") > 2

    await until(is_seen)
    assert asyncio.get_running_loop().time() - died_at < 2.5
    assert gauge("puls_job_since_success_seconds", job="embed") > 2
    (seen,) = [
        one
        for one in await jobs_overview(database, EACH_SECOND, now=utc_now())
        if one.name == "embed"
    ]
    assert seen.is_dead


async def test_a_queue_that_nobody_works_through_is_seen(database: Database, jobs: Jobs) -> None:
    """The age of the oldest job that could run, those that stall, and those given up."""
    number = await jobs.enqueue("embed")
    await jobs.enqueue("words", after=timedelta(hours=1))
    await asyncio.sleep(0.4)
    await observe(database, now=utc_now())
    assert 0.3 < gauge("puls_queue_oldest_seconds") < 10
    assert gauge("puls_job_workers") == 0
    await database.fetch_one(
        b"UPDATE procrastinate_jobs SET status = 'doing' WHERE id = %(id)s RETURNING id", id=number
    )
    await observe(database, now=utc_now())
    assert gauge("puls_jobs_stalled") == 1
    assert gauge("puls_queue_oldest_seconds") == 0
    await database.fetch_one(
        b"UPDATE procrastinate_jobs SET status = 'failed' WHERE id = %(id)s RETURNING id", id=number
    )
    await observe(database, now=utc_now())
    assert gauge("puls_jobs_given_up", job="embed") == 1


async def test_how_fresh_each_source_is(database: Database) -> None:
    """« De quand datent ces données ? » has an answer per source."""
    now = datetime(2026, 11, 30, 12, 20, tzinfo=UTC)
    job = "sync openagenda: Rhône"
    plan = Plan(schedules={job: read_schedule("every 1h", timezone="UTC")})
    async with database.transaction() as connection:
        await connection.execute(
            "INSERT INTO ingest_run (source, is_full, started_at, finished_at, failure) VALUES "
            "('openagenda:Rhône', true, %(good)s, %(good)s, NULL), ('openagenda:Rhône', false, %(bad)s, %(bad)s, 'away')",
            {"good": now - timedelta(hours=2), "bad": now - timedelta(hours=1)},
        )
        await connection.execute(
            "INSERT INTO job_schedule (job, schedule, period, since, due_at, source) VALUES "
            "(%(job)s, 'every 1h', '1 hour', %(now)s, %(now)s, 'openagenda:Rhône')",
            {"job": job, "now": now},
        )
    (one,) = await freshness(database, plan, now=now)
    assert one.age == timedelta(hours=2)
    assert one.next_run == datetime(2026, 11, 30, 13, 0, tzinfo=UTC)
    assert one.last_failure == "away"
