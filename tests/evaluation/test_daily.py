"""Days counted from the stored turns: counts alone, each visitor once, and again the same."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from tests.embedders import WordHashEmbedder
from tests.evaluation.stored import StoredTurn, store

from puls.database import Database
from puls.evaluation.drift.daily import DailyHistograms
from puls.geo.gazetteer import Gazetteer

pytestmark = pytest.mark.database

NOW = datetime(2026, 11, 30, 3, tzinfo=UTC)  # a Monday, at night
YESTERDAY = date(2026, 11, 29)


@pytest.fixture
def histograms(database: Database, gazetteer: Gazetteer) -> DailyHistograms:
    return DailyHistograms(database, gazetteer=gazetteer, embedder=WordHashEmbedder())


def at(days_ago: int, hour: int = 12) -> datetime:
    return NOW.replace(hour=hour) - timedelta(days=days_ago)


def asked(topic: str, code: str = "69123", **changes: Any) -> StoredTurn:
    wish = {"topic": topic, "where": {"label": "x", "commune_codes": [code]}}
    return StoredTurn(**{"wish": wish, "at": at(1), **changes})


async def rows(database: Database) -> dict[tuple[date, str, str], int]:
    found = await database.fetch_all(b"SELECT * FROM daily_histogram")
    return {(row["day"], row["signal"], row["bin"]): row["n"] for row in found}


async def test_a_day_is_counted_each_visitor_once_and_again_the_same(
    database: Database, histograms: DailyHistograms
) -> None:
    """Who asks ten times is one visitor; a job that runs twice changes nothing."""
    anna = uuid4()
    await store(
        database,
        [
            *(asked("concert de jazz", visitor=anna) for _ in range(3)),
            asked("expo", found="nothing", score=None, code="29019"),
            StoredTurn(at=at(1), kind="thanks", act="thanks", found=None, score=None),
            StoredTurn(
                at=at(1), state="failed", kind=None, act=None, found=None, score=None, language=None
            ),
        ],
    )
    assert await histograms.count_missing(now=NOW) == 1
    counted = await rows(database)
    expected = {
        ("answer", "on_theme"): 1, ("answer", "nothing"): 1, ("answer", "thanks"): 1, ("answer", "failed"): 1,
        ("act", "search"): 2, ("act", "thanks"): 1, ("language", "fr"): 3, ("region", "84"): 1, ("region", "53"): 1,
        ("category", "concert"): 1, ("category", "exhibition"): 1, ("empty_region", "84/found"): 1,
        ("empty_region", "53/empty"): 1, ("empty_category", "concert/found"): 1, ("empty_category", "exhibition/empty"): 1,
        ("topic_score", "+1.00"): 1,
    }  # fmt: skip
    told = {
        (signal, bin_): n
        for (day, signal, bin_), n in counted.items()
        if not signal.startswith("meaning_")
    }
    assert told == expected
    assert {day for day, *_ in counted} == {YESTERDAY}
    meanings = [n for (_, signal, _), n in counted.items() if signal.startswith("meaning_")]
    assert sum(meanings) == 8 * 2  # eight directions, two visitors with a topic
    await histograms.count(YESTERDAY)
    assert await rows(database) == counted


async def test_counts_stay_when_the_turns_are_deleted(
    database: Database, histograms: DailyHistograms
) -> None:
    """Thirty days of turns, three years of counts."""
    await store(database, [asked("concert")])
    await histograms.count_missing(now=NOW)
    counted = await rows(database)
    async with database.transaction() as connection:
        await connection.execute(b"DELETE FROM visitor")
    await histograms.count(YESTERDAY)
    assert await rows(database) == counted
    assert counted


async def test_days_that_were_missed_are_counted_later(
    database: Database, histograms: DailyHistograms
) -> None:
    """A worker that was down for a week leaves no hole."""
    await store(database, [asked("concert", at=at(days)) for days in (1, 2, 5)])
    assert await histograms.count_missing(now=NOW) == 5
    assert {day for day, *_ in await rows(database)} == {
        YESTERDAY - timedelta(days=back) for back in (0, 1, 4)
    }
    assert await histograms.count_missing(now=NOW) == 1  # yesterday again, in case turns ended late


async def test_nothing_that_a_visitor_wrote_is_in_the_table(
    database: Database, histograms: DailyHistograms
) -> None:
    """Topics become coarse steps along directions, and nothing else."""
    await store(
        database, [asked("concert de harpe pour Zoé Lefèvre", text="Zoé Lefèvre, 0612345678")]
    )
    await histograms.count_missing(now=NOW)
    written = repr(await rows(database)).casefold()
    assert "lefèvre" not in written
    assert "harpe" not in written
    assert "0612" not in written


async def test_a_week_is_judged_beside_the_four_before(
    database: Database, histograms: DailyHistograms
) -> None:
    """Plans stop on the last seven days; the report says so and names the alert."""
    turns: list[StoredTurn] = []
    for days in range(1, 36):
        kinds: Sequence[str] = ("search",) * 16 + (("plan",) * 4 if days > 7 else ())
        for kind in kinds:
            found = "on_theme" if kind == "search" else None
            turns.append(asked("concert", at=at(days), kind=kind, act=kind, found=found))
    await store(database, turns)
    await histograms.count_missing(now=NOW)
    report = await histograms.report(now=NOW)
    assert "answer_kind_disappeared:plan" in report.alerts
    (answer,) = [one for one in report.drifts if one.signal == "answer"]
    assert (answer.visitors, answer.visitors_before) == (16 * 7, 20 * 28)
    assert answer.level in {"changed", "drifted"}
    (language,) = [one for one in report.drifts if one.signal == "language"]
    assert language.level == "steady"


async def test_canaries_count_by_what_they_got(
    database: Database, histograms: DailyHistograms
) -> None:
    """A canary that always found a concert and now finds nothing is a kind of answer that disappeared."""
    async with database.transaction() as connection, connection.cursor() as cursor:
        await cursor.executemany(
            "INSERT INTO canary_answer (question, asked_at, expected, got, is_expected, events, ms) "
            "VALUES ('concert à Lyon', %s, 'events', %s, true, 1, 5)",
            [
                (at(days) + timedelta(minutes=minute), "events" if days > 7 else "nothing")
                for days in range(1, 36)
                for minute in range(24)
            ],
        )
    for days in range(1, 36):
        await histograms.count(YESTERDAY - timedelta(days=days - 1))
    report = await histograms.report(now=NOW)
    assert "answer_kind_disappeared:concert à Lyon/events" in report.alerts
