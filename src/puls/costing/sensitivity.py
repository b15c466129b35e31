"""What if: ten times the traffic, models at twice the price, half the cache, no model, estimates too low; and when it pays."""

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from puls.costing.bill import Bill
from puls.costing.clouds import Cloud
from puls.costing.prices import PriceTable, model_price
from puls.costing.running import PRICED_ON, bill_of
from puls.costing.scenarios import Scenario
from puls.errors import InvalidInputError

_TENFOLD: Final = 10
_DEARER: Final = Decimal("1.3")  # how far off a price may be that was not found


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatIf:
    """One change: its bill beside the unchanged one. `bill` is None where the load does not fit, and `why` says so."""

    id: str
    name: str
    bill: Bill | None
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Worth:
    """Value and break-even of a month. Euros; `answers_to_break_even` None when no number of answers is enough.

    `least_value_eur`: what an answer must be worth for the month to pay for itself.
    """

    value_per_answer_eur: Decimal
    value_eur: Decimal
    margin_eur: Decimal
    least_value_eur: Decimal
    answers_to_break_even: Decimal | None


def what_ifs(scenario: Scenario, cloud: Cloud, prices: PriceTable) -> tuple[WhatIf, ...]:
    """The five changes, each alone."""
    ordinary = model_price(scenario.word("model"), on=PRICED_ON)
    dearer = replace(ordinary, input=ordinary.input * 2, cached=ordinary.cached * 2, output=ordinary.output * 2)  # fmt: skip
    peak = scenario.optional("peak_answers_per_second")
    more = {"questions_per_day": scenario["questions_per_day"] * _TENFOLD}
    if peak is not None:
        more["peak_answers_per_second"] = peak * _TENFOLD
    return (
        _what_if("traffic", "Trafic × 10", scenario.having(**more), cloud, prices),
        WhatIf(id="model_price", name="Prix du modèle × 2", bill=bill_of(scenario, cloud, prices, model=dearer)),
        _what_if("cache", "Réponses redites − 50 %", scenario.having(cache_hit=scenario["cache_hit"] / 2), cloud, prices),
        _what_if("no_model", "Aucun modèle", scenario.having(model_share=0), cloud, prices),
        _what_if("estimates", "Prix estimés + 30 %", scenario, cloud, prices.with_estimates(_DEARER)),
    )  # fmt: skip


def worth_of(scenario: Scenario, bill: Bill) -> Worth:
    """What a month brings, under the scenario's hypotheses on clicks."""
    value = scenario["click_share"] * scenario["click_value_eur"]
    by_answer = bill.eur_by_answers / bill.answers
    left = value - by_answer
    return Worth(
        value_per_answer_eur=value,
        value_eur=value * bill.answers,
        margin_eur=value * bill.answers - bill.eur,
        least_value_eur=bill.eur_per_answer,
        answers_to_break_even=bill.eur_fixed / left if left > 0 else None,
    )


def months_to_repay(build_eur: Decimal, worth: Worth) -> Decimal | None:
    """Months of the margin that the build takes; None when there is none."""
    return build_eur / worth.margin_eur if worth.margin_eur > 0 else None


def _what_if(name: str, told: str, scenario: Scenario, cloud: Cloud, prices: PriceTable) -> WhatIf:
    try:
        return WhatIf(id=name, name=told, bill=bill_of(scenario, cloud, prices))
    except InvalidInputError as error:
        return WhatIf(id=name, name=told, bill=None, why=str(error))
