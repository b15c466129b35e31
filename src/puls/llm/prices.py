"""What models cost, in euros, on a given day. Reads the committed table once; pure afterwards.

The figures, their days and their sources are in `prices.toml`. A model without a price costs None: unknown, never zero.
"""

import importlib.resources
import tomllib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Self

from puls.errors import InvalidInputError
from puls.llm.chat import ModelUsage

_MILLION = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """Euros per million tokens."""

    input: float
    cached: float
    output: float

    def of(self, usage: ModelUsage) -> float:
        """The cost of a call in euros."""
        cached = min(usage.tokens_cached, usage.tokens_in)
        fresh = usage.tokens_in - cached
        return (
            fresh * self.input + cached * self.cached + usage.tokens_out * self.output
        ) / _MILLION

    @property
    def rank(self) -> float:
        """To tell which model is cheaper: an answer reads about five times as many tokens as it writes."""
        return 5 * self.input + self.output


FREE = Price(input=0.0, cached=0.0, output=0.0)


class Prices:
    """The price of each model by day."""

    def __init__(
        self, entries: Mapping[str, Iterable[tuple[date, Price]]], *, free: Collection[str] = ()
    ) -> None:
        self._entries = {
            model: sorted(dated, key=lambda entry: entry[0], reverse=True)
            for model, dated in entries.items()
        }
        self._free = frozenset(free)

    @classmethod
    def load(cls, *, free: Collection[str] = (), extra: Path | None = None) -> Self:
        """The committed table, then an operator's own file of the same form. `free`: models of this machine.

        Raises:
            InvalidInputError: the operator's file cannot be read as such a table.
        """
        own = importlib.resources.files("puls.llm").joinpath("prices.toml").read_text("utf-8")
        entries = _entries(tomllib.loads(own))
        if extra is not None:
            try:
                added = _entries(tomllib.loads(extra.read_text("utf-8")))
            except (OSError, ValueError, KeyError, TypeError) as error:
                raise InvalidInputError(
                    f"{extra} is not a table of prices ({error}); see src/puls/llm/prices.toml."
                ) from error
            for model, dated in added.items():
                entries.setdefault(model, []).extend(dated)
        return cls(entries, free=free)

    def of(self, model: str, *, on: date) -> Price | None:
        """The price in force on a day; None when it is not known."""
        if model in self._free:
            return FREE
        dated = self._entries.get(model, [])
        return next((price for since, price in dated if since <= on), None)


def _entries(table: Mapping[str, Any]) -> dict[str, list[tuple[date, Price]]]:
    rates = sorted(
        ((rate["from"], float(rate["rate"])) for rate in table.get("dollar_in_euro", ())),
        reverse=True,
    )
    entries: dict[str, list[tuple[date, Price]]] = {}
    for entry in table["price"]:
        for model in entry["models"]:
            entries.setdefault(model, []).append((entry["from"], _price(entry, rates)))
    return entries


def _price(entry: Mapping[str, Any], rates: Iterable[tuple[date, float]]) -> Price:
    if "euro" in entry:
        return Price(**entry["euro"])
    rate = next((rate for since, rate in rates if since <= entry["from"]), None)
    if rate is None:
        raise ValueError(f"no rate of the dollar is in force on {entry['from']}")
    return Price(**{kind: amount * rate for kind, amount in entry["dollar"].items()})
