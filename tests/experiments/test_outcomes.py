"""What came of each arm, from the tables: every figure equal to what was put in."""

from datetime import timedelta

import pytest
from tests.evaluation.stored import NOW, StoredTurn, store

from puls.database import Database
from puls.experiments.experiment import experiment_of
from puls.experiments.outcomes import reading_of

pytestmark = pytest.mark.database
EXPERIMENT = experiment_of({"name": "one", "arms": {"a": {}, "b": {"prompt": 2}}})


def visitors(arm: str, *, satisfied: int, of: int, slow: int = 800) -> list[StoredTurn]:
    """Each with two turns: a rated one, and a later one with the opposite thumb, which must not count."""
    turns = []
    for number in range(of):
        thumb, opposite = ("up", "down") if number < satisfied else ("down", "up")
        first = StoredTurn(arm=arm, thumb=thumb, total_ms=slow + number)
        later = StoredTurn(
            arm=arm,
            visitor=first.visitor,
            at=NOW + timedelta(hours=1),
            thumb=opposite,
            total_ms=1,
            found="nothing",
        )
        turns += [first, later]
    return turns


async def test_each_visitor_counts_once_with_their_first_turn_and_first_rating(
    database: Database,
) -> None:
    """Who asks most must not decide."""
    await store(
        database, [*visitors("a", satisfied=70, of=100), *visitors("b", satisfied=95, of=100)]
    )
    reading = await reading_of(database, EXPERIMENT, now=NOW + timedelta(days=1))
    first, other = (one.outcome for one in reading.arms)
    assert (first.visitors, first.turns) == (100, 200)
    assert (first.satisfied.mean, other.satisfied.mean) == (0.7, 0.95)
    assert first.guardrails["nothing_found"].mean == 0
    assert first.guardrails["failed"].mean == 0
    assert first.guardrails["cost"].mean == pytest.approx(0.0003)
    assert first.guardrails["latency"].visitors == 100
    assert reading.verdict.code == "better"


async def test_a_survey_counts_where_there_is_no_thumb(database: Database) -> None:
    """Most visitors give one or the other."""
    turns = [StoredTurn(arm="a", score_of_survey=score) for score in (5, 4, 3, 1)]
    await store(database, turns)
    (first, _) = (await reading_of(database, EXPERIMENT, now=NOW)).arms
    assert (first.outcome.satisfied.visitors, first.outcome.satisfied.total) == (4, 2)


async def test_a_slower_arm_is_harm(database: Database) -> None:
    """Guardrails hold even where visitors are as happy."""
    await store(
        database,
        [
            *visitors("a", satisfied=35, of=100),
            *visitors("b", satisfied=35, of=100, slow=8_000),
        ],
    )
    reading = await reading_of(database, EXPERIMENT, now=NOW)
    assert reading.verdict.code == "harm"
    assert reading.arms[1].harmed == ("latency",)


async def test_a_failed_turn_counts_for_its_arm(database: Database) -> None:
    """An arm that fails must not look good because its failures are not counted."""
    turns = [StoredTurn(arm="a", state="failed", found=None, score=None) for _ in range(3)]
    await store(database, turns)
    (first, _) = (await reading_of(database, EXPERIMENT, now=NOW)).arms
    assert first.outcome.guardrails["failed"].total == 3
