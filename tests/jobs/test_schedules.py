"""Schedules and plans as an operator writes them. Pure."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from puls.errors import InvalidInputError
from puls.jobs import read_plan, read_schedule

NOW = datetime(2026, 11, 30, 12, 20, 41, tzinfo=UTC)  # a Monday, 13:20 in Paris
PARIS = "Europe/Paris"


@pytest.mark.parametrize(
    ("text", "last", "next_"),
    [
        ("every 15m", "2026-11-30T12:15", "2026-11-30T12:30"),
        ("every 2h at 05", "2026-11-30T12:05", "2026-11-30T14:05"),
        ("Every 1H", "2026-11-30T12:00", "2026-11-30T13:00"),
        ("daily at 03:30", "2026-11-30T02:30", "2026-12-01T02:30"),
        ("daily at 13:20", "2026-11-30T12:20", "2026-12-01T12:20"),
        ("weekly on sunday at 04:00", "2026-11-29T03:00", "2026-12-06T03:00"),
        ("cron 0 9 * * 1-5", "2026-11-30T08:00", "2026-12-01T08:00"),
    ],
)
def test_moments_are_those_of_the_time_zone(text: str, last: str, next_: str) -> None:
    """« daily at 03:30 » is half past three where the operator lives."""
    schedule = read_schedule(text, timezone=PARIS)
    assert schedule.last_due(NOW) == datetime.fromisoformat(last).replace(tzinfo=UTC)
    assert schedule.next_due(NOW) == datetime.fromisoformat(next_).replace(tzinfo=UTC)


@given(
    st.sampled_from(["every 7m", "every 3h at 20", "daily at 02:30", "cron */20 5-7 * * *"]),
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)),
)
def test_moments_come_one_after_the_other(text: str, moment: datetime) -> None:
    """Also in the nights that are an hour shorter or longer."""
    schedule, now = read_schedule(text, timezone=PARIS), moment.replace(tzinfo=UTC)
    assert schedule.last_due(now) <= now < schedule.next_due(now)
    assert schedule.last_due(schedule.next_due(now)) == schedule.next_due(now)


def test_who_rests_at_the_weekend_is_not_late_on_sunday() -> None:
    """The period is the longest of the usual gaps."""
    assert read_schedule("cron 0 9 * * 1-5", timezone=PARIS).period == timedelta(days=3)


@pytest.mark.parametrize(
    "text",
    [
        "", "hourly", "every", "every 0m", "every 99d", "every 10m at 5", "every 1h at 60", "daily", "daily at 24:00",
        "daily at 3:7", "weekly on someday at 04:00", "cron * * *", "cron 61 * * * *", "cron 0 0 30 2 *",
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_with_a_way_to_write_it(text: str) -> None:
    """Before anything is started."""
    with pytest.raises(InvalidInputError, match=r"every|interval|minute|hour|never"):
        read_schedule(text, timezone=PARIS)


def test_a_desk_asks_nobody_outside() -> None:
    """`make run` fetches nothing unless told to."""
    plan = read_plan(sync="", jobs="", timezone=PARIS)
    assert "warm" not in plan.schedules
    assert not any(name.startswith("sync") for name in plan.schedules)
    assert {"embed", "retention", "canary", "backup"} <= plan.schedules.keys()


def test_one_setting_keeps_the_catalogue_fresh() -> None:
    """Sources with places in any spelling, agendas and files."""
    plan = read_plan(
        sync="openagenda: Rhône every 1h;  OpenAgenda full:Rhône weekly on sunday at 04:00; agenda:12345 every 30m; "
        "openagenda: Paris off; file: /data/les événements.jsonl daily at 05:00; openagenda every 1d",
        jobs="backup off, canary every 5m",
        timezone=PARIS,
    )
    assert {name: one.text for name, one in plan.schedules.items() if name.startswith("sync")} == {
        "sync openagenda: Rhône": "every 1h",
        "sync openagenda full: Rhône": "weekly on sunday at 04:00",
        "sync agenda: 12345": "every 30m",
        "sync file: /data/les événements.jsonl": "daily at 05:00",
        "sync openagenda": "every 1d",
    }
    assert "backup" not in plan.schedules
    assert plan.schedules["canary"].period == timedelta(minutes=5)
    assert "warm" in plan.schedules


@pytest.mark.parametrize(
    ("sync", "jobs", "said"),
    [
        ("Rhône every 1h", "", "PULS_SYNC: 'Rhône every 1h' cannot be read"),
        ("openagenda: Rhône", "", "cannot be read"),
        ("openagenda: Rhône every 1x", "", "PULS_SYNC: The schedule"),
        ("agenda: douze every 1h", "", "cannot be read"),
        ("openagenda: Rhône every 1h; openagenda:Rhône every 2h", "", "twice"),
        ("", "bakcup daily at 03:30", "There is no job 'bakcup'"),
        ("", "backup", "PULS_JOBS: backup has no schedule"),
        ("", "backup daily", "PULS_JOBS: The schedule"),
        ("", "sync every 1h", "sources have PULS_SYNC"),
    ],
)
def test_a_slip_in_a_setting_is_named(sync: str, jobs: str, said: str) -> None:
    """An operator reads one sentence and mends it."""
    with pytest.raises(InvalidInputError) as told:
        read_plan(sync=sync, jobs=jobs, timezone=PARIS)
    assert said in str(told.value)


def test_no_jobs_but_syncs() -> None:
    """For who has a scheduler of their own."""
    plan = read_plan(sync="openagenda every 1h", jobs="off", timezone=PARIS)
    assert list(plan.schedules) == ["sync openagenda"]
