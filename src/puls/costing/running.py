"""What running Puls costs in a month: the infrastructure of one cloud, and model and web search, which are the same on all.

Enter at `bill_of`.
"""

from datetime import date
from decimal import Decimal
from typing import Final

from puls.costing.aws import aws_lines, notes_of
from puls.costing.bill import Bill, Line
from puls.costing.clouds import Cloud, cloud_lines
from puls.costing.inventory import inventory_of
from puls.costing.prices import ModelPrice, PriceTable, model_price
from puls.costing.scenarios import Scenario
from puls.costing.usage import Usage, usage_of

PRICED_ON: Final = date(2026, 11, 30)  # the day of the tables; a new one is a new study
_MILLION: Final = Decimal(1_000_000)
_NOTES: Final = {
    "aws": "Somme des ressources du gabarit CDK ; le gabarit n’a jamais été déployé.",
    "gcp": "Sans gabarit : à taille égale de celui d’AWS, prix en partie estimés.",
    "azure": "Sans gabarit : à taille égale de celui d’AWS, prix en partie estimés.",
    "scaleway": "Sans gabarit : à taille égale de celui d’AWS, prix en partie estimés.",
    "vm": "Une machine sans secours ni exploitant compris : une panne dure jusqu’à la restauration.",
}


def bill_of(
    scenario: Scenario, cloud: Cloud, prices: PriceTable, *, model: ModelPrice | None = None
) -> Bill:
    """A month. `model`: another price than the ledger's of `PRICED_ON`.

    Raises:
        InvalidInputError: a price or a value is missing, or the load does not fit there.
    """
    usage = usage_of(scenario)
    notes: tuple[str, ...] = (_NOTES[cloud],)
    if cloud == "aws":
        resources = inventory_of(scenario.word("aws_environment"))
        lines = aws_lines(scenario, usage, prices, resources)
        notes += notes_of(usage, resources)
    else:
        lines = cloud_lines(cloud, scenario, usage, prices)
    own_price = model or model_price(scenario.word("model"), on=PRICED_ON)
    return Bill(
        scenario=scenario.name,
        cloud=cloud,
        answers=usage.answers,
        visitors=usage.visitors,
        lines=(*lines, *_model(usage, own_price), _web(usage, prices)),
        notes=notes,
    )


def _model(usage: Usage, price: ModelPrice) -> tuple[Line, ...]:
    parts = (
        ("modèle, jetons lus", usage.tokens_in_fresh, price.input),
        ("modèle, jetons lus déjà connus du fournisseur", usage.tokens_in_cached, price.cached),
        ("modèle, jetons écrits", usage.tokens_out, price.output),
    )
    return tuple(
        Line(
            service="model",
            what=what,
            quantity=tokens / _MILLION,
            unit="million de jetons",
            unit_eur=euros,
            price=price.model,
        )
        for what, tokens, euros in parts
    )


def _web(usage: Usage, prices: PriceTable) -> Line:
    return Line(
        service="web",
        what="recherches payées",
        quantity=usage.paid_searches / 1000,
        unit="millier de demandes",
        unit_eur=prices.eur("web.brave_thousand"),
        price="web.brave_thousand",
    )
