"""Everything the cost model says, as plain values: `puls costs --json`, the study and the workbook read this and nothing else.

Euros a month before tax unless a key says otherwise; amounts have two decimals, amounts per answer six.
"""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from puls.costing.bill import SERVICES, Bill, Line
from puls.costing.building import BuildCost, Range, backlog, build_cost
from puls.costing.clouds import CLOUDS, NAMES, Cloud
from puls.costing.money import cents
from puls.costing.peers import Comparison, comparisons, peers
from puls.costing.prices import PriceTable, model_price
from puls.costing.running import PRICED_ON, bill_of
from puls.costing.scenarios import Origin, Scenario, Value, scenarios
from puls.costing.sensitivity import WhatIf, Worth, months_to_repay, what_ifs, worth_of
from puls.costing.usage import Usage, usage_of
from puls.errors import InvalidInputError

_SIX: Final = Decimal("0.000001")
_TENTH: Final = Decimal("0.1")


def report_of(
    prices: PriceTable,
    *,
    asked: Iterable[Scenario] | None = None,
    clouds: Iterable[Cloud] = CLOUDS,
) -> dict[str, Any]:
    """The whole report. `asked`: these scenarios, else the committed ones.

    Raises:
        InvalidInputError: a scenario cannot be priced.
    """
    chosen = list(asked) if asked is not None else list(scenarios().values())
    kept = tuple(clouds)
    build = build_cost(backlog())
    return {
        "priced_on": PRICED_ON.isoformat(),
        "usd_in_eur": float(prices.usd_in_eur),
        "scenarios": {one.name: _scenario(one, kept, prices, build) for one in chosen},
        "build": _build(build),
        "peers": [_comparison(one) for one in comparisons(prices)],
        "peers_build": {
            one.id: float(one.build_eur) for one in peers() if one.build_eur is not None
        },
        "prices": {
            one.id: {
                "value": float(one.value),
                "currency": one.currency,
                "unit": one.unit,
                "region": one.region,
                "source": one.source,
                "date": one.date.isoformat(),
                "estimate": one.derivation,
            }
            for one in prices.prices.values()
        },
    }


def _scenario(
    scenario: Scenario, clouds: tuple[Cloud, ...], prices: PriceTable, build: BuildCost
) -> dict[str, Any]:
    bills = {cloud: _bill_or_why(scenario, cloud, prices) for cloud in clouds}
    author = scenario.optional("author_usd_month")
    price = model_price(scenario.word("model"), on=PRICED_ON)
    return {
        "title": scenario.title,
        "values": {key: _value(value) for key, value in scenario.values.items()},
        "model_price_eur_per_million": {
            "input": float(price.input), "cached": float(price.cached), "output": float(price.output),
        },
        "usage": _usage(usage_of(scenario)),
        "author_usd": None if author is None else float(author),
        "clouds": {
            cloud: _cloud(scenario, cloud, bill, prices, build) for cloud, bill in bills.items()
        },
    }  # fmt: skip


def _bill_or_why(scenario: Scenario, cloud: Cloud, prices: PriceTable) -> Bill | str:
    """One machine may be too small for a load: said in the table, not a failure of it."""
    try:
        return bill_of(scenario, cloud, prices)
    except InvalidInputError as error:
        if cloud == "aws":
            raise
        return str(error)


def _cloud(
    scenario: Scenario, cloud: Cloud, bill: Bill | str, prices: PriceTable, build: BuildCost
) -> dict[str, Any]:
    if isinstance(bill, str):
        return {"name": NAMES[cloud], "eur": None, "why": bill}
    author = scenario.optional("author_usd_month")
    usd = prices.usd(bill.eur)
    worth = worth_of(scenario, bill)
    return {
        "name": NAMES[cloud],
        "eur": float(cents(bill.eur)),
        "usd": float(cents(usd)),
        "eur_fixed": float(cents(bill.eur_fixed)),
        "eur_by_answers": float(cents(bill.eur_by_answers)),
        "eur_per_answer": _six(bill.eur_per_answer),
        "eur_per_visitor": _six(bill.eur_per_visitor),
        "author_over_ours": None if author is None else float(_tenth(author / usd)),
        "services": {service: float(cents(bill.of(service))) for service in SERVICES},
        "lines": [_line(line) for line in bill.lines],
        "notes": list(bill.notes),
        "what_ifs": [_what_if(one) for one in what_ifs(scenario, cloud, prices)],
        "worth": _worth(worth, build),
    }


def _value(value: Value) -> dict[str, Any]:
    number = value.value if isinstance(value.value, str) else float(value.value)
    return {"value": number, **_origin(value.origin)}


def _origin(origin: Origin) -> dict[str, Any]:
    return {
        "name": origin.name,
        "unit": origin.unit,
        "kind": origin.kind,
        "why": origin.why,
        "file": origin.file,
        "quote": origin.quote,
    }


def _usage(usage: Usage) -> dict[str, float]:
    return {
        "answers": float(usage.answers),
        "visitors": float(usage.visitors),
        "model_answers": float(usage.model_answers),
        "tokens_in_million": float(usage.tokens_in / 1_000_000),
        "tokens_out_million": float(usage.tokens_out / 1_000_000),
        "paid_searches": float(usage.paid_searches),
        "peak_per_second": float(usage.peak_per_second),
        "vcpu_at_peak": float(usage.vcpu_at_peak),
        "database_vcpu_at_peak": float(usage.database_vcpu_at_peak),
        "database_gb": float(usage.database_gb),
        "logs_gb": float(usage.logs_gb),
        "egress_gb": float(usage.egress_gb),
        "requests": float(usage.requests),
    }


def _line(line: Line) -> dict[str, Any]:
    return {
        "service": line.service,
        "what": line.what,
        "quantity": float(line.quantity),
        "unit": line.unit,
        "unit_eur": float(line.unit_eur),
        "eur": float(cents(line.eur)),
        "price": line.price,
        "resource": line.resource,
    }


def _what_if(one: WhatIf) -> dict[str, Any]:
    bill = one.bill
    return {
        "id": one.id,
        "name": one.name,
        "eur": None if bill is None else float(cents(bill.eur)),
        "eur_per_answer": None if bill is None else _six(bill.eur_per_answer),
        "why": one.why,
        "notes": [] if bill is None else list(bill.notes[1:]),
    }


def _worth(worth: Worth, build: BuildCost) -> dict[str, Any]:
    break_even = worth.answers_to_break_even
    months = months_to_repay(build.mvp.p50_eur, worth)
    return {
        "value_per_answer_eur": _six(worth.value_per_answer_eur),
        "value_eur": float(cents(worth.value_eur)),
        "margin_eur": float(cents(worth.margin_eur)),
        "least_value_eur": _six(worth.least_value_eur),
        "answers_to_break_even": None if break_even is None else float(_tenth(break_even)),
        "months_to_repay_mvp": None if months is None else float(_tenth(months)),
    }


def _build(build: BuildCost) -> dict[str, Any]:
    return {
        "epics": {epic: _range(one) for epic, one in build.by_epic.items()},
        "milestones": {milestone: _range(one) for milestone, one in build.by_milestone.items()},
        "mvp": _range(build.mvp),
        "whole": _range(build.whole),
        "other_eur": float(cents(build.other_eur)),
    }


def _range(one: Range) -> dict[str, Any]:
    return {
        "name": one.name,
        "expected_days": float(_tenth(one.expected_days)),
        "expected_eur": float(cents(one.expected_eur)),
        "p50_eur": float(cents(one.p50_eur)),
        "p80_eur": float(cents(one.p80_eur)),
    }


def _comparison(one: Comparison) -> dict[str, Any]:
    cloud, cheapest = one.cheapest
    return {
        "peer": one.peer,
        "label": one.label,
        "requests": float(one.requests),
        "cloud": one.cloud,
        "theirs_eur": float(one.theirs),
        "ours_alike_eur": float(cents(one.alike)),
        "theirs_over_ours": float(_tenth(one.theirs / one.alike)),
        "cheapest_cloud": cloud,
        "cheapest_eur": float(cents(cheapest)),
        "ours_eur": {cloud: float(cents(eur)) for cloud, eur in one.ours.items()},
        "why_not_below": one.why_not_below,
    }


def _six(amount: Decimal) -> float:
    return float(amount.quantize(_SIX, rounding=ROUND_HALF_UP))


def _tenth(amount: Decimal) -> Decimal:
    return amount.quantize(_TENTH, rounding=ROUND_HALF_UP)
