"""The dated price table."""

from datetime import date
from decimal import Decimal

import pytest

from puls.costing.prices import PriceTable, model_price
from puls.errors import InvalidInputError
from puls.llm.chat import ModelUsage
from puls.llm.prices import Prices

HEAD = "[exchange]\nusd_in_eur = 0.9\n"
ENTRY = 'value = 1.0\ncurrency = "USD"\nunit = "heure"\nregion = "Paris"\nsource = "ici"\ndate = 2026-11-30\n'


def test_every_price_has_source_day_and_unit() -> None:
    """A figure without its origin is an assertion."""
    for price in PriceTable.load().prices.values():
        assert price.source
        assert price.unit
        assert date(2026, 1, 1) <= price.date <= date(2026, 11, 30)


def test_an_estimate_says_how_it_was_made() -> None:
    """What was not found is not shown as if it had been."""
    with pytest.raises(InvalidInputError, match="says how it was made"):
        PriceTable.read(f'{HEAD}[price."x"]\n{ENTRY}kind = "estimate"\n')
    with pytest.raises(InvalidInputError, match="no derivation"):
        PriceTable.read(f'{HEAD}[price."x"]\n{ENTRY}kind = "quoted"\nderivation = "deviné"\n')


def test_dollars_become_euros_at_the_tables_rate() -> None:
    """One rate for the whole study."""
    table = PriceTable.read(f'{HEAD}[price."x"]\n{ENTRY}kind = "quoted"\n')
    assert table.eur("x") == Decimal("0.9")
    assert table.usd(Decimal("0.9")) == 1


def test_a_missing_price_is_an_error_and_not_zero() -> None:
    """A bill with a hole in it looks cheap."""
    with pytest.raises(InvalidInputError, match="nothing is taken as free"):
        PriceTable.load().eur("aws.unheard_of")
    with pytest.raises(InvalidInputError, match="is not in"):
        model_price("mistral:unheard-of", on=date(2026, 11, 30))


def test_a_model_costs_what_the_ledger_writes() -> None:
    """The study and the bill of a day use one price: these are the ledger's own euros."""
    model, day = "mistral:mistral-small-latest", date(2026, 11, 30)
    ledger = Prices.load().of(model, on=day)
    assert ledger is not None
    usage = ModelUsage(model=model, tokens_in=1000, tokens_cached=300, tokens_out=200)
    ours = model_price(model, on=day).of(fresh=Decimal(700), cached=Decimal(300), out=Decimal(200))
    assert float(ours) == pytest.approx(ledger.of(usage))
