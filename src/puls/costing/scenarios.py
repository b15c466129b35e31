"""Scenarios: how much is asked, of how many events, and how visitors and models behave; each value says where it comes from.

A file of one's own has the form of `scenarios.toml`, or plain numbers: `based_on = "s1"` and the keys that differ.
"""

import importlib.resources
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal, Self

from puls.costing.money import exact
from puls.errors import InvalidInputError

Kind = Literal["measured", "hypothesis", "given", "chosen"]
_MOST = 10**12
_COMMON = "common"
_WORDS = {"model", "aws_environment"}
_OPTIONAL = {"peak_answers_per_second", "author_usd_month"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a value comes from. `file` and `quote`: the place in this repository that states it, when it was measured."""

    kind: Kind
    name: str = ""
    unit: str = ""
    why: str = ""
    file: str | None = None
    quote: str | None = None


@dataclass(frozen=True, slots=True)
class Value:
    """A number or a name, with its origin."""

    value: Decimal | str
    origin: Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One load. Read numbers by key: `scenario["questions_per_day"]`."""

    name: str
    title: str
    values: Mapping[str, Value]

    def __getitem__(self, key: str) -> Decimal:
        value = self._value(key)
        if isinstance(value, str):
            raise InvalidInputError(f"{key} of scenario {self.name} is a name, not a number.")
        return value

    def word(self, key: str) -> str:
        """A value that is a name.

        Raises:
            InvalidInputError: the scenario does not have it.
        """
        return str(self._value(key))

    def optional(self, key: str) -> Decimal | None:
        """None when the scenario does not say."""
        return self[key] if key in self.values else None

    def having(self, **changed: Decimal | str | int) -> Self:
        """The same with other values; a peak that was given grows with what is asked, unless it is changed itself.

        Raises:
            InvalidInputError: a key that no scenario has.
        """
        if unknown := sorted(set(changed) - set(self.values) - _OPTIONAL):
            raise InvalidInputError(f"No scenario has {', '.join(unknown)}.")
        values = dict(self.values)
        for key, value in changed.items():
            kept = values[key].origin if key in values else Origin(kind="chosen")
            number = value if isinstance(value, str) else exact(value)
            values[key] = Value(number, Origin(kind="chosen", name=kept.name, unit=kept.unit))
        return type(self)(name=self.name, title=self.title, values=values)

    def _value(self, key: str) -> Decimal | str:
        try:
            return self.values[key].value
        except KeyError:
            raise InvalidInputError(f"Scenario {self.name} does not say {key}.") from None


def scenarios() -> dict[str, Scenario]:
    """The committed ones by name: s1, s2, s3."""
    text = importlib.resources.files("puls.costing").joinpath("scenarios.toml").read_text("utf-8")
    table = tomllib.loads(text, parse_float=Decimal)
    common = _values(table.pop(_COMMON), _COMMON)
    return {name: _scenario(name, own, common) for name, own in table.items()}


def scenario_of(name: str) -> Scenario:
    """A committed scenario, or the one in the file of that path.

    Raises:
        InvalidInputError: there is neither, or the file cannot be used.
    """
    known = scenarios()
    if name in known:
        return known[name]
    path = Path(name)
    if not path.is_file():
        raise InvalidInputError(
            f"{name!r} is neither a scenario ({', '.join(known)}) nor a file of one."
        )
    try:
        table = tomllib.loads(path.read_text("utf-8"), parse_float=Decimal)
        base = known[table.pop("based_on", "s1")]
        title = str(table.pop("title", path.stem))
        own = _values(table, path.name)
    except (OSError, ValueError, KeyError) as error:
        raise InvalidInputError(
            f"{name} cannot be read as a scenario ({error}); see src/puls/costing/scenarios.toml."
        ) from error
    if unknown := sorted(set(own) - set(base.values) - _OPTIONAL):
        raise InvalidInputError(f"{name}: nobody reads {', '.join(unknown)}.")
    inherited = dict(base.values)
    own = {key: _named(value, inherited.get(key)) for key, value in own.items()}
    if "questions_per_day" in own:  # what belongs to another load
        inherited.pop("author_usd_month", None)
        inherited.pop("peak_answers_per_second", None)
    return Scenario(name=path.stem, title=title, values={**inherited, **own})


def _named(value: Value, known: Value | None) -> Value:
    """A plain number has the name and the unit of the value that it replaces."""
    if known is None or value.origin.name:
        return value
    origin = Origin(kind="chosen", name=known.origin.name, unit=known.origin.unit)
    return Value(value.value, origin)


def _scenario(name: str, own: dict[str, Any], common: Mapping[str, Value]) -> Scenario:
    title = str(own.pop("title"))
    return Scenario(name=name, title=title, values={**common, **_values(own, name)})


def _values(table: Mapping[str, Any], where: str) -> dict[str, Value]:
    return {key: _value(entry, f"{where}.{key}") for key, entry in table.items()}


def _value(entry: Any, where: str) -> Value:
    if not isinstance(entry, Mapping):
        return Value(_typed(where, entry), Origin(kind="chosen"))
    if missing := {"name", "value", "unit", "kind"} - set(entry):
        raise InvalidInputError(f"{where} has no {', '.join(sorted(missing))}.")
    kind, source = entry["kind"], entry.get("source", {})
    if kind not in {"measured", "hypothesis", "given"} or (kind == "measured") != bool(source):
        raise InvalidInputError(
            f"{where}: what was measured names its source, everything else says why."
        )
    if not source and not entry.get("why"):
        raise InvalidInputError(f"{where} does not say why.")
    origin = Origin(
        kind=kind,
        name=entry["name"],
        unit=entry["unit"],
        why=entry.get("why", ""),
        file=source.get("file"),
        quote=source.get("quote"),
    )
    return Value(_typed(where, entry["value"]), origin)


def _typed(where: str, value: Any) -> Decimal | str:
    if where.rsplit(".", 1)[-1] in _WORDS:
        return str(value)
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise InvalidInputError(f"{where}: {value!r} is not a number.")
    number = exact(value)
    if number < 0 or not number.is_finite():
        raise InvalidInputError(f"{where}: {value} is below zero or no number.")
    if number > _MOST:
        raise InvalidInputError(f"{where}: {value} is more than anybody asks ({_MOST:,}).")
    return number
