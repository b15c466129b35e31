"""The dated price table, typed. A price that is an estimate says how it was made; one that is missing is an error, never zero."""

import importlib.resources
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, Literal, Self

from puls.costing.money import exact
from puls.errors import InvalidInputError
from puls.llm.prices import Prices as ModelPrices

HOURS = Decimal(730)  # of a month, as providers count
_MILLION = Decimal(1_000_000)

Currency = Literal["EUR", "USD"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """One price before tax. `derivation` is None for what was read at its source."""

    id: str
    value: Decimal
    currency: Currency
    unit: str
    region: str
    source: str
    date: date
    derivation: str | None = None

    @property
    def is_estimate(self) -> bool:
        return self.derivation is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelPrice:
    """Euros per million tokens of a chat model, before tax, as the ledger counts them."""

    model: str
    input: Decimal
    cached: Decimal
    output: Decimal

    def of(self, *, fresh: Decimal, cached: Decimal, out: Decimal) -> Decimal:
        """Euros for so many tokens."""
        return (fresh * self.input + cached * self.cached + out * self.output) / _MILLION


@dataclass(frozen=True, slots=True)
class PriceTable:
    """All prices by id, and the rate of the dollar."""

    prices: Mapping[str, Price]
    usd_in_eur: Decimal

    @classmethod
    def load(cls) -> Self:
        """The committed table."""
        text = importlib.resources.files("puls.costing").joinpath("prices.toml").read_text("utf-8")
        return cls.read(text)

    @classmethod
    def read(cls, text: str) -> Self:
        """A table of the same form.

        Raises:
            InvalidInputError: an entry is incomplete, or an estimate says not how it was made.
        """
        table = tomllib.loads(text, parse_float=Decimal)
        prices = {name: _price(name, entry) for name, entry in table["price"].items()}
        return cls(prices, exact(table["exchange"]["usd_in_eur"]))

    def __getitem__(self, name: str) -> Price:
        try:
            return self.prices[name]
        except KeyError:
            raise InvalidInputError(
                f"No price {name!r} is in src/puls/costing/prices.toml: nothing is taken as free."
            ) from None

    def eur(self, name: str) -> Decimal:
        """The price in euros.

        Raises:
            InvalidInputError: there is no such price.
        """
        price = self[name]
        return price.value if price.currency == "EUR" else price.value * self.usd_in_eur

    def with_estimates(self, factor: Decimal) -> Self:
        """The same table with what was estimated at another height; what was quoted stays."""
        prices = {
            name: replace(one, value=one.value * factor) if one.is_estimate else one
            for name, one in self.prices.items()
        }
        return type(self)(prices, self.usd_in_eur)

    def usd(self, eur: Decimal) -> Decimal:
        """Dollars for euros, at the table's rate."""
        return eur / self.usd_in_eur


def model_price(model: str, *, on: date) -> ModelPrice:
    """The ledger's own price of a model on a day.

    Raises:
        InvalidInputError: it is not known.
    """
    price = ModelPrices.load().of(model, on=on)
    if price is None:
        raise InvalidInputError(f"The price of {model} on {on} is not in src/puls/llm/prices.toml.")
    return ModelPrice(
        model=model,
        input=exact(price.input),
        cached=exact(price.cached),
        output=exact(price.output),
    )


def _price(name: str, entry: Mapping[str, Any]) -> Price:
    try:
        kind, derivation = entry["kind"], entry.get("derivation")
        price = Price(
            id=name,
            value=exact(entry["value"]),
            currency=entry["currency"],
            unit=entry["unit"],
            region=entry["region"],
            source=entry["source"],
            date=entry["date"],
            derivation=derivation,
        )
    except KeyError as error:
        raise InvalidInputError(f"The price {name!r} has no {error}.") from error
    if kind not in {"quoted", "estimate"} or (kind == "estimate") != (derivation is not None):
        raise InvalidInputError(
            f"The price {name!r}: an estimate says how it was made, a quoted price has no derivation."
        )
    if price.currency not in {"EUR", "USD"} or price.value < 0:
        raise InvalidInputError(f"The price {name!r} is no amount in EUR or USD.")
    return price
