"""What each provider costs, how often it may be asked and what may be kept of it. Reads the committed table once.

Figures, days and sources are in `terms.toml`.
"""

import importlib.resources
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Self

from puls.errors import InvalidInputError

_THOUSAND = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """One provider's. Euros per request by day, newest first; `kept_minutes` in memory alone."""

    prices: tuple[tuple[date, float], ...]
    kept_minutes: float
    may_be_stored: bool
    requests: int
    seconds: float
    daily_calls: int
    concurrent_calls: int

    def cost_eur(self, *, on: date) -> float:
        """What a request costs on a day: before the first known price, the first."""
        return next((price for since, price in self.prices if since <= on), self.prices[-1][1])


class AllTerms:
    """The terms of each provider, by its name."""

    def __init__(self, terms: Mapping[str, Terms]) -> None:
        self._terms = dict(terms)

    @classmethod
    def load(cls, *, extra: Path | None = None) -> Self:
        """The committed table, with an operator's own file of the same form over it.

        Raises:
            InvalidInputError: the operator's file cannot be read as such a table.
        """
        own = importlib.resources.files("puls.web_search.providers").joinpath("terms.toml")
        table = tomllib.loads(own.read_text("utf-8"))
        if extra is None:
            return cls(_terms(table))
        try:
            return cls(_terms(_over(table, tomllib.loads(extra.read_text("utf-8")))))
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise InvalidInputError(
                f"{extra} is not a table of providers' terms ({error}); "
                "see src/puls/web_search/providers/terms.toml."
            ) from error

    def of(self, provider: str) -> Terms:
        """The terms of a provider.

        Raises:
            InvalidInputError: it has none.
        """
        try:
            return self._terms[provider]
        except KeyError:
            raise InvalidInputError(f"No terms are known of the provider `{provider}`.") from None


def _over(table: Mapping[str, Any], added: Mapping[str, Any]) -> dict[str, Any]:
    """The table with what is added: fields replace, prices and rates join."""
    merged = dict(table)
    for name, entry in added.items():
        before = merged.get(name, {})
        if name == "dollar_in_euro":
            merged[name] = [*merged.get(name, []), *entry]
        else:
            prices = [*before.get("price", []), *entry.get("price", [])]
            merged[name] = {**before, **entry, "price": prices}
    return merged


def _terms(table: Mapping[str, Any]) -> dict[str, Terms]:
    rates = sorted(
        ((rate["from"], float(rate["rate"])) for rate in table.get("dollar_in_euro", ())),
        reverse=True,
    )
    return {name: _one(entry, rates) for name, entry in table.items() if name != "dollar_in_euro"}


def _one(entry: Mapping[str, Any], rates: list[tuple[date, float]]) -> Terms:
    prices = {price["from"]: _euros(price, rates) / _THOUSAND for price in entry["price"]}
    terms = Terms(
        prices=tuple(sorted(prices.items(), reverse=True)),
        kept_minutes=float(entry["kept_minutes"]),
        may_be_stored=bool(entry["may_be_stored"]),
        requests=int(entry["requests"]),
        seconds=float(entry["seconds"]),
        daily_calls=int(entry["daily_calls"]),
        concurrent_calls=int(entry["concurrent_calls"]),
    )
    if not prices or terms.requests < 1 or terms.concurrent_calls < 1 or terms.seconds <= 0:
        raise ValueError("a provider needs a price, and allowances of at least one")
    if terms.daily_calls < 0 or terms.kept_minutes < 0 or min(prices.values()) < 0:
        raise ValueError("figures are not negative")
    return terms


def _euros(price: Mapping[str, Any], rates: list[tuple[date, float]]) -> float:
    if "euro" in price:
        return float(price["euro"])
    rate = next((rate for since, rate in rates if since <= price["from"]), None)
    if rate is None:
        raise ValueError(f"no rate of the dollar is in force on {price['from']}")
    return float(price["dollar"]) * rate
