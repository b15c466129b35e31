"""The cost model beside the ledger that Puls itself writes."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
import yaml

from puls.costing.observed import compared
from puls.costing.prices import model_price
from puls.costing.scenarios import scenarios
from puls.costs.ledger import UsageLedger
from puls.database import Database
from puls.llm.accounts import ModelCall
from puls.llm.chat import ModelUsage
from puls.llm.prices import Prices

NOW = datetime(2026, 11, 30, 17, 0, tzinfo=UTC)
ROOT = Path(__file__).parents[2]
MODEL = "mistral:mistral-small-latest"
PRICE = model_price(MODEL, on=date(2026, 11, 30))


def call(tokens_in: int, tokens_out: int, *, cached: int = 0, outcome: str = "answered") -> ModelCall:  # fmt: skip
    usage = ModelUsage(
        model=MODEL, tokens_in=tokens_in, tokens_cached=cached, tokens_out=tokens_out
    )
    price = Prices.load().of(MODEL, on=NOW.date())
    assert price is not None
    usage = replace(usage, cost_eur=price.of(usage))
    return ModelCall(
        at=NOW, purpose="answer", visitor_id=None, outcome=outcome, attempt=1, usage=usage,
        first_token_seconds=0.2, total_seconds=1.0,
    )  # fmt: skip


@pytest.mark.database
async def test_the_ledgers_tokens_at_the_models_price_are_the_ledgers_euros(
    database: Database,
) -> None:
    """Three hundred answers as Puls writes them into PostgreSQL: study and bill agree to a millionth of a cent."""
    ledger = UsageLedger(database)
    for number in range(300):
        await ledger.record(call(700 + number, 200 + number % 50, cached=number % 300))
    rows = await ledger.by_model(since=NOW - timedelta(days=1), until=NOW + timedelta(days=1))
    found = compared(rows, scenarios()["s2"], PRICE)
    assert found is not None
    assert found.answers == 300
    assert found.eur is not None
    assert float(found.again_eur) == pytest.approx(float(found.eur), abs=1e-8)


def row(**changed: object) -> dict[str, object]:
    return {
        "purpose": "answer", "answered": 10, "tokens_in": 10_000, "tokens_cached": 0, "tokens_out": 2_500, "cost_eur": None,
    } | changed  # fmt: skip


def test_retries_are_paid_and_are_no_answers() -> None:
    """As on an invoice: what failed was read as well."""
    found = compared([row(), row(answered=0, tokens_out=0)], scenarios()["s2"], PRICE)
    assert found is not None
    assert found.answers == 10
    assert found.tokens_in == 2000
    assert found.tokens_out == 250


def test_a_model_without_a_price_has_no_euros_and_its_tokens_are_priced_again() -> None:
    """A local model costs nothing in the ledger; what it read tells all the same what Mistral would cost."""
    found = compared([row()], scenarios()["s2"], PRICE)
    assert found is not None
    assert found.eur is None
    assert found.again_eur == (Decimal(1000) * Decimal("0.12") + 250 * Decimal("0.50")) / 1_000_000


def test_the_scenario_is_on_the_safe_side_of_the_real_models_ledger() -> None:
    """What a real model read and wrote through the gateway, priced as Mistral: not dearer than supposed, nor out of sight."""
    runs = yaml.safe_load((ROOT / "study/measured.yaml").read_text("utf-8"))
    (figures,) = [one["figures"] for one in runs if one["id"] == "ledger_of_a_real_model"]
    ledger = row(
        answered=figures["answered"],
        tokens_in=figures["ledger_tokens_in"],
        tokens_cached=figures["ledger_tokens_cached"],
        tokens_out=figures["ledger_tokens_out"],
        cost_eur=figures["ledger_eur"],
    )
    found = compared([ledger], scenarios()["s2"], PRICE)
    assert found is not None
    assert Decimal("0.3") < found.over_expected <= 1


def test_without_an_answer_there_is_nothing_to_compare() -> None:
    """Other purposes are not answers."""
    assert compared([row(purpose="canary")], scenarios()["s2"], PRICE) is None
    assert compared([], scenarios()["s2"], PRICE) is None
