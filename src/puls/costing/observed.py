"""The model beside the ledger: what answers really read, wrote and cost, and what the scenario had expected. Pure.

Rows are those of `puls.costs.ledger.UsageLedger.by_model`. Enter at `compared`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from puls.costing.money import exact
from puls.costing.prices import ModelPrice
from puls.costing.scenarios import Scenario

_PURPOSE: Final = "answer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """Per answer that a model wrote. Euros None where the ledger knows no price; `again_eur`: the ledger's tokens at the model's price."""

    answers: int
    tokens_in: Decimal
    tokens_out: Decimal
    eur: Decimal | None
    again_eur: Decimal
    expected_tokens_in: Decimal
    expected_tokens_out: Decimal
    expected_eur: Decimal

    @property
    def over_expected(self) -> Decimal:
        """How many times what was expected the ledger's tokens cost."""
        return self.again_eur / self.expected_eur


def compared(
    rows: Iterable[Mapping[str, Any]], scenario: Scenario, price: ModelPrice
) -> Compared | None:
    """None when no model answered. Retries and what failed are in the tokens and not in the answers, as on an invoice."""
    kept = [row for row in rows if row["purpose"] == _PURPOSE]
    answers = sum(row["answered"] for row in kept)
    if not answers:
        return None
    read, known, written = (
        sum((exact(row[name] or 0) for row in kept), Decimal(0))
        for name in ("tokens_in", "tokens_cached", "tokens_out")
    )
    prompt = scenario["prompt_tokens"] + scenario["follow_up_share"] * scenario["earlier_tokens"]
    tokens_in = prompt * scenario["retry_factor"]
    tokens_out = scenario["answer_tokens"] * scenario["retry_factor"]
    cached = tokens_in * scenario["provider_cached_share"]
    costs = [row["cost_eur"] for row in kept]
    known_costs = [exact(cost) for cost in costs if cost is not None]
    return Compared(
        answers=answers,
        tokens_in=read / answers,
        tokens_out=written / answers,
        eur=sum(known_costs, Decimal(0)) / answers if len(known_costs) == len(costs) else None,
        again_eur=price.of(fresh=read - known, cached=known, out=written) / answers,
        expected_tokens_in=tokens_in,
        expected_tokens_out=tokens_out,
        expected_eur=price.of(fresh=tokens_in - cached, cached=cached, out=tokens_out),
    )
