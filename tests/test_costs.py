"""The usage ledger in PostgreSQL: sums that replicas share, and a visitor who can be erased from them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from psycopg.errors import InsufficientPrivilege

from puls.costs.ledger import UsageLedger
from puls.database import Database
from puls.llm.accounts import ModelCall
from puls.llm.chat import ModelUsage
from tests.llm.accounting import meet

pytestmark = pytest.mark.database

NOW = datetime(2026, 11, 27, 17, 0, tzinfo=UTC)
VISITOR = uuid4()
SMALL = ModelUsage(
    model="mistral:small", tokens_in=1200, tokens_cached=1000, tokens_out=40, cost_eur=0.25
)
CALL = ModelCall(
    at=NOW,
    purpose="answer",
    visitor_id=VISITOR,
    outcome="answered",
    attempt=1,
    usage=SMALL,
    first_token_seconds=0.2,
    total_seconds=1.5,
)


@pytest.fixture
async def ledger(database: Database) -> UsageLedger:
    await meet(database, VISITOR)
    return UsageLedger(database)


async def test_everybodys_euros_and_ones_own_calls_are_summed_since_a_moment(
    ledger: UsageLedger,
) -> None:
    """What a budget and a quota are held against."""
    free = replace(SMALL, cost_eur=None)
    for call in (
        CALL,
        replace(CALL, usage=free),
        replace(CALL, visitor_id=None),
        replace(CALL, at=NOW - timedelta(days=1)),
        replace(CALL, outcome="unreachable", usage=ModelUsage(model="mistral:small")),
    ):
        await ledger.record(call)
    since = NOW - timedelta(hours=1)
    assert await ledger.cost_since(since) == 0.5
    assert await ledger.calls_since(since, VISITOR) == 2
    assert await ledger.calls_since(since, uuid4()) == 0
    assert await ledger.cost_since(NOW + timedelta(days=1)) == 0


async def test_operators_see_what_each_model_did(ledger: UsageLedger) -> None:
    """Calls, answers, tokens, euros and times by model and purpose."""
    await ledger.record(CALL)
    await ledger.record(replace(CALL, outcome="stalled", total_seconds=9.0))
    await ledger.record(replace(CALL, usage=replace(SMALL, model="openai:own", cost_eur=None)))
    small, own = await ledger.by_model(since=NOW, until=NOW + timedelta(seconds=1))
    assert small == {
        "model": "mistral:small", "purpose": "answer", "calls": 2, "answered": 1,
        "tokens_in": 2400, "tokens_cached": 2000, "tokens_out": 80, "cost_eur": 0.5,
        "first_token_ms": 200.0, "total_ms": 1500.0,
    }  # fmt: skip
    assert (own["model"], own["cost_eur"]) == ("openai:own", None)


async def test_an_erased_visitor_leaves_the_sum_and_no_trace(
    ledger: UsageLedger, database: Database
) -> None:
    """The right to be forgotten, and a bill that stays true; a call that was under way must not bring the visitor back."""
    other = uuid4()
    await meet(database, other)
    await ledger.record(CALL)
    await ledger.record(replace(CALL, visitor_id=other))
    async with database.transaction(visitor_id=VISITOR) as connection:
        await connection.execute("DELETE FROM visitor")
    await ledger.record(CALL)
    assert await ledger.calls_since(NOW, VISITOR) == 0
    assert await ledger.calls_since(NOW, other) == 1
    assert await ledger.cost_since(NOW) == 0.75


async def test_a_visitor_reads_nothing_of_the_ledger(
    ledger: UsageLedger, database: Database
) -> None:
    """It tells when others were here."""
    await ledger.record(CALL)
    with pytest.raises(InsufficientPrivilege):
        async with database.transaction(visitor_id=VISITOR) as connection:
            await connection.execute("SELECT * FROM model_call")
