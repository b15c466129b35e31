"""A search as a week: each event on its days, what is on all week once."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, datetime, timedelta

import httpx
import pytest
from selectolax.lexbor import LexborHTMLParser
from tests.serving import (
    NOW,
    PARIS,
    SATURDAY_EVENING,
    an_event,
    app_over,
    occurrence,
    puls_over,
    save,
    visiting,
)

from puls.database import Database
from puls.geo.gazetteer import Gazetteer
from puls.ui.links import Asked, week_address
from puls.ui.week.days import Week, interval_of, sorted_into, week_of

MONDAY = date(2026, 11, 23)


def week(*events: object, now: datetime = NOW - timedelta(days=5)) -> Week:
    return sorted_into(MONDAY, events, now=now, timezone="Europe/Paris", language="fr")  # type: ignore[arg-type] # events


def days_of(found: Week, uid: str) -> list[int]:
    return [day.date.day for day in found.days for entry in day.entries if entry.uid == uid]


def test_a_night_belongs_to_its_evening() -> None:
    """« et dimanche ? » is no concert that began on Saturday at ten."""
    late = an_event(occurrences=(occurrence(SATURDAY_EVENING.replace(hour=22), hours=6),))
    assert days_of(week(late), "1") == [28]


def test_what_is_on_most_days_is_told_once() -> None:
    """An exhibition would fill every column."""
    monday = datetime(2026, 11, 23, 10, tzinfo=PARIS)
    each_day = tuple(occurrence(monday + timedelta(days=day), hours=8) for day in range(6))
    range_ = replace(each_day[0], ends_at=each_day[-1].ends_at, is_possible=True)
    found = week(
        an_event("1", occurrences=each_day),
        an_event("2", occurrences=(range_,)),
        an_event("3", occurrences=each_day[:3]),
    )
    assert {entry.uid for entry in found.all_week} == {"1", "2"}
    assert days_of(found, "3") == [23, 24, 25]


def test_a_week_begins_on_monday_and_now() -> None:
    """What is over is not searched; a week that is over is none."""
    assert week_of(date(2026, 11, 29)) == MONDAY
    interval = interval_of(MONDAY, PARIS, now=NOW)
    assert interval is not None
    assert interval.start == NOW
    assert interval.end == datetime(2026, 11, 30, tzinfo=PARIS)
    assert interval_of(MONDAY, PARIS, now=NOW + timedelta(days=9)) is None


@pytest.fixture
async def client(database: Database, gazetteer: Gazetteer) -> AsyncIterator[httpx.AsyncClient]:
    next_week = occurrence(SATURDAY_EVENING + timedelta(days=5))
    await save(
        database, [an_event(), an_event("2", title="Concert suivant", occurrences=(next_week,))]
    )
    async with visiting(app_over(puls_over(database, gazetteer))) as client:
        yield client


async def test_any_search_has_its_weeks(client: httpx.AsyncClient) -> None:
    """The question's own days choose the first; then one goes from week to week, by links."""
    this_week = week_address(Asked(question="concert ce week-end à Lyon"))
    page = LexborHTMLParser((await client.get(this_week)).text)
    assert [one.text() for one in page.css(".week-day li a")] == ["Concert de jazz manouche"]
    assert len(page.css(".week-days .week-day")) == 3  # Friday to Sunday: the others are over
    assert page.css("a[rel=prev]") == []
    (after,) = page.css("a[rel=next]")
    page = LexborHTMLParser((await client.get(after.attributes["href"] or "")).text)
    assert [one.text() for one in page.css(".week-day li a")] == ["Concert suivant"]
    (before,) = page.css("a[rel=prev]")
    assert "du=2026-11-23" in (before.attributes["href"] or "")


@pytest.mark.parametrize("du", ["1999-01-01", "9999-12-31", "2026-11-24", "yesterday"])
async def test_a_day_that_cannot_be_is_brought_to_one_that_can(
    client: httpx.AsyncClient, du: str
) -> None:
    """An old bookmark shows this week; what is no day is refused."""
    answer = await client.get(f"/semaine?q=concert&du={du}")
    assert answer.status_code == (422 if du == "yesterday" else 200)
