"""What one configuration has other than the usual one: weights, prompt, models, index. Read from TOML. Pure.

The same form serves the arms of a live experiment and `puls evaluate --against`. Enter at `overrides_of`.
"""

import dataclasses
import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from puls.errors import InvalidInputError
from puls.retrieval.ranking import Weights

_MOST_WEIGHT = 10.0  # standard deviations of a topic score; what lies beyond is a slip
_MOST_BYTES = 100_000
_FIELDS = frozenset({"ranking", "prompt", "models", "index"})
_WEIGHTS = {one.name: one for one in dataclasses.fields(Weights)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Overrides:
    """What differs; None is as usual.

    `ranking`: weights by name (`puls.retrieval.ranking.Weights`). `prompt`: the version of the answering instructions.
    `models`: a chain as in `PULS_MODELS`. `index`: the number of an index version, offline only.
    """

    ranking: Mapping[str, float] = field(default_factory=dict)
    prompt: int | None = None
    models: str | None = None
    index: int | None = None

    @property
    def weights(self) -> Weights | None:
        """All weights, when any differs."""
        return dataclasses.replace(Weights(), **self.ranking) if self.ranking else None

    @property
    def said(self) -> str:
        """What differs, in one line."""
        parts = [f"ranking.{name} = {value:g}" for name, value in sorted(self.ranking.items())]
        parts += [
            f"{name} = {value}"
            for name in ("prompt", "models", "index")
            if (value := getattr(self, name)) is not None
        ]
        return ", ".join(parts) or "as usual"


def read_toml(path: Path) -> dict[str, Any]:
    """The tables of a file.

    Raises:
        InvalidInputError: it is missing, too large or no TOML.
    """
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise InvalidInputError(f"{path} is larger than {_MOST_BYTES} bytes.")
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InvalidInputError(f"Cannot read {path}: {error}.") from error


def overrides_of(table: Mapping[str, Any], where: str) -> Overrides:
    """The overrides that a TOML table says; `where` names it in errors.

    Raises:
        InvalidInputError: something in it is unknown or cannot be.
    """
    unknown = sorted(set(table) - _FIELDS)
    if unknown:
        raise InvalidInputError(
            f"{where}: {', '.join(unknown)} cannot be overridden; {', '.join(sorted(_FIELDS))} can."
        )
    models = table.get("models")
    if models is not None and not isinstance(models, str):
        raise InvalidInputError(f"{where}: models is a text as in PULS_MODELS.")
    return Overrides(
        ranking=_weights(table.get("ranking", {}), where),
        prompt=_number(table, "prompt", where),
        models=models,
        index=_number(table, "index", where),
    )


def _weights(given: Any, where: str) -> dict[str, float]:
    if not isinstance(given, Mapping):
        raise InvalidInputError(f"{where}: ranking is a table of weights.")
    weights = {}
    for name, value in given.items():
        if name not in _WEIGHTS:
            raise InvalidInputError(
                f"{where}: there is no weight {name!r}; there are {', '.join(_WEIGHTS)}."
            )
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if not is_number or not math.isfinite(value) or abs(value) > _MOST_WEIGHT:
            raise InvalidInputError(
                f"{where}: ranking.{name} is a number from -{_MOST_WEIGHT:g} to {_MOST_WEIGHT:g}."
            )
        weights[name] = float(value)
    return weights


def _number(table: Mapping[str, Any], name: str, where: str) -> int | None:
    value = table.get(name)
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise InvalidInputError(f"{where}: {name} is a whole number from 1.")
    return value
