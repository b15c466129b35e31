"""Budgets and quotas: an operator's money holds, the visitor still gets an answer, and nobody takes another's share."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from structlog.testing import capture_logs
from tests.llm.accounting import ANSWER, CHEAP, DEAR, DEAR_COST, meet, prices, reason
from tests.llm.conftest import NOW, OpenGateway, hear
from tests.llm.servers import serving

from puls.costs.ledger import UsageLedger
from puls.database import Database
from puls.errors import DatabaseUnavailableError
from puls.llm.accounts import Budgets, ModelCall
from puls.llm.chat import ModelUsage
from puls.llm.prices import FREE
from puls.monitoring import REGISTRY

pytestmark = pytest.mark.database


async def spend(ledger: UsageLedger, cost_eur: float, **changes: object) -> None:
    call = ModelCall(
        at=NOW,
        purpose="answer",
        visitor_id=None,
        outcome="answered",
        attempt=1,
        usage=ModelUsage(model="openai:m1", tokens_in=1, cost_eur=cost_eur),
        first_token_seconds=0.1,
        total_seconds=1.0,
    )
    await ledger.record(replace(call, **changes))  # type: ignore[arg-type] # fields by name


async def test_a_cheaper_model_takes_over_then_none_as_the_day_is_spent(
    open_gateway: OpenGateway, ledger: UsageLedger
) -> None:
    """The limit is an operator's money. Another replica's spending counts."""
    table = prices(openai_m1=DEAR, openai_m2=CHEAP)
    budgets = Budgets(daily_eur=10.0)
    async with serving("openai") as dear, serving("openai") as cheap:
        for spent, model in ((0.0, "openai:m1"), (8.0, "openai:m2"), (9.0, None)):
            await spend(ledger, spent)
            async with open_gateway(dear, cheap, prices=table, budgets=budgets) as gateway:
                heard = await hear(gateway)
            if model is None:
                assert reason(heard.error) == "daily_budget"
            else:
                assert heard.usage is not None
                assert heard.usage.model == model
        assert (len(dear.asked), len(cheap.asked)) == (1, 1)


async def test_what_this_process_spends_counts_at_once(open_gateway: OpenGateway) -> None:
    """The ledger's figures are a few seconds old; a burst must not slip through."""
    budgets = Budgets(daily_eur=2 * DEAR_COST)
    async with (
        serving("openai") as server,
        open_gateway(server, prices=prices(openai_m1=DEAR), budgets=budgets) as gateway,
    ):
        heard = [await hear(gateway) for _ in range(4)]
    assert [one.text == ANSWER for one in heard] == [True, True, False, False]
    assert len(server.asked) == 2


async def test_another_replicas_spending_is_seen_within_seconds(
    open_gateway: OpenGateway, ledger: UsageLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They share one budget through PostgreSQL."""
    monkeypatch.setattr("puls.llm.accounts._FRESH_SECONDS", 0.3)
    async with (
        serving("openai") as server,
        open_gateway(
            server, prices=prices(openai_m1=DEAR), budgets=Budgets(daily_eur=50.0)
        ) as gateway,
    ):
        assert (await hear(gateway)).text == ANSWER
        await spend(ledger, 50.0)
        await asyncio.sleep(0.4)
        assert reason((await hear(gateway)).error) == "daily_budget"


async def test_a_new_day_has_a_new_budget(open_gateway: OpenGateway, ledger: UsageLedger) -> None:
    """Days are the operator's: 23:30 UTC is tomorrow in Paris."""
    await spend(ledger, 50.0)
    for at, is_answered in ((NOW, False), (NOW.replace(hour=23, minute=30), True)):

        def clock(at: datetime = at) -> datetime:
            return at

        async with (
            serving("openai") as server,
            open_gateway(
                server,
                prices=prices(openai_m1=DEAR),
                budgets=Budgets(daily_eur=50.0),
                clock=clock,
            ) as gateway,
        ):
            assert ((await hear(gateway)).text == ANSWER) is is_answered


async def test_a_visitor_beyond_the_quota_does_not_take_the_others_share(
    open_gateway: OpenGateway, ledger: UsageLedger, database: Database
) -> None:
    """Calls that no provider worked on are not the visitor's."""
    talkative, quiet = uuid4(), uuid4()
    for visitor_id in (talkative, quiet):
        await meet(database, visitor_id)
    for _ in range(2):
        await spend(ledger, 0.01, visitor_id=talkative)
    failed = ModelUsage(model="openai:m1")
    await spend(ledger, 0.0, visitor_id=quiet, outcome="unreachable", usage=failed)
    await spend(ledger, 0.01, visitor_id=quiet, at=NOW - timedelta(days=1))
    await spend(ledger, 0.01, visitor_id=quiet)
    async with (
        serving("openai") as server,
        open_gateway(server, budgets=Budgets(visitor_daily_calls=2)) as gateway,
    ):

        async def heard(visitor_id: UUID | None) -> object:
            one = await hear(gateway, visitor_id=visitor_id)
            return one.text or reason(one.error)

        assert await heard(talkative) == "visitor_quota"
        assert [await heard(quiet) for _ in range(2)] == [ANSWER, "visitor_quota"]
        assert await heard(None) == ANSWER


class DeadLedger:
    """PostgreSQL is away."""

    async def record(self, call: ModelCall) -> None:  # noqa: ARG002 # the protocol's names
        raise DatabaseUnavailableError("PostgreSQL does not answer.")

    async def cost_since(self, since: datetime) -> float:  # noqa: ARG002
        raise DatabaseUnavailableError("PostgreSQL does not answer.")

    async def calls_since(self, since: datetime, visitor_id: UUID) -> int:  # noqa: ARG002
        raise DatabaseUnavailableError("PostgreSQL does not answer.")


class ReadOnlyLedger(DeadLedger):
    """The disk is full: it can be read and no longer written."""

    async def cost_since(self, since: datetime) -> float:  # noqa: ARG002
        return 0.0


async def test_calls_that_the_ledger_lost_still_count_for_the_budget(
    open_gateway: OpenGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk must not open the purse."""
    monkeypatch.setattr("puls.llm.accounts._FRESH_SECONDS", 0.0)
    async with (
        serving("openai") as server,
        open_gateway(
            server,
            ledger=ReadOnlyLedger(),
            prices=prices(openai_m1=DEAR),
            budgets=Budgets(daily_eur=DEAR_COST),
        ) as gateway,
    ):
        assert (await hear(gateway)).text == ANSWER
        await asyncio.sleep(0.05)
        assert reason((await hear(gateway)).error) == "daily_budget"


async def test_a_ledger_that_fails_is_counted_and_the_answer_goes_on(
    open_gateway: OpenGateway,
) -> None:
    """Accounting serves answers, not the other way round."""
    before = REGISTRY.get_sample_value("puls_usage_rows_lost_total") or 0
    with capture_logs() as lines:
        async with (
            serving("openai") as server,
            open_gateway(server, ledger=DeadLedger()) as gateway,
        ):
            assert (await hear(gateway)).text == ANSWER
    assert REGISTRY.get_sample_value("puls_usage_rows_lost_total") == before + 1
    assert [line["event"] for line in lines] == ["usage.row_lost"]


async def test_when_the_budget_cannot_be_read_nothing_is_spent(open_gateway: OpenGateway) -> None:
    """A model of this machine may still answer."""
    budgets = Budgets(daily_eur=1.0)
    table = prices(openai_m1=DEAR, openai_m2=FREE)
    async with serving("openai") as paid, serving("openai") as own:
        dead = DeadLedger()
        async with open_gateway(paid, own, ledger=dead, prices=table, budgets=budgets) as gateway:
            assert (await hear(gateway)).text == ANSWER
        async with open_gateway(paid, ledger=dead, prices=table, budgets=budgets) as gateway:
            assert reason((await hear(gateway)).error) == "budget_unknown"
        assert not paid.asked
