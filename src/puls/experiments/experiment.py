"""An experiment as an operator writes it, and which arm a visitor gets. Pure.

A visitor always gets the same arm of the same experiment, on every replica and without a row: the arm follows from a
keyed hash of their id and the experiment's name. Programs take no part, nor does who keeps their conversation themselves.
Enter at `experiment_of` and `Experiment.arm_of`.
"""

import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from puls.errors import InvalidInputError
from puls.experiments.overrides import Overrides, overrides_of

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")
_MOST_ARMS = 4
_FEWEST_ARMS = 2
_KEYS = frozenset({"name", "share", "alpha", "effect", "arms"})
_HASHED_BITS = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Arm:
    """One way of answering."""

    name: str
    overrides: Overrides


@dataclass(frozen=True, slots=True, kw_only=True)
class Experiment:
    """`arms`: the first is what the others are compared with; each gets the same part of the `share` in ]0, 1] of visitors.

    `alpha`: how often an experiment without any difference may be called one, whenever it is read. `effect`: the
    difference in the share of satisfied visitors that is looked for, about (the τ of docs/decisions/always-valid-ab.md).
    """

    name: str
    arms: tuple[Arm, ...]
    share: float = 1.0
    alpha: float = 0.05
    effect: float = 0.05

    def arm_of(self, visitor_id: UUID, *, secret: bytes) -> Arm | None:
        """The visitor's arm; None when they take no part. `secret`: the one that signs tokens."""
        place = _place_of(visitor_id, self.name, secret)
        if place >= self.share:
            return None
        return self.arms[min(int(place / self.share * len(self.arms)), len(self.arms) - 1)]


def _place_of(visitor_id: UUID, name: str, secret: bytes) -> float:
    """Where in [0, 1[ a visitor stands in an experiment; nobody without the secret can tell or choose it."""
    key = hmac.digest(secret, b"puls experiment", "sha256")
    digest = hmac.digest(key, name.encode() + b"\0" + visitor_id.bytes, "sha256")
    return int.from_bytes(digest[: _HASHED_BITS // 8]) / (1 << _HASHED_BITS)


def experiment_of(table: Mapping[str, Any]) -> Experiment:
    """The experiment that a TOML file says; see docs/how-to/evaluate.md.

    Raises:
        InvalidInputError: it cannot be run as written.
    """
    unknown = sorted(set(table) - _KEYS)
    if unknown:
        raise InvalidInputError(f"The experiment has {', '.join(unknown)}, which means nothing.")
    name, arms = table.get("name"), table.get("arms")
    if not isinstance(name, str) or _NAME.fullmatch(name) is None:
        raise InvalidInputError("The experiment's name is small letters, digits and hyphens.")
    if not isinstance(arms, Mapping) or not _FEWEST_ARMS <= len(arms) <= _MOST_ARMS:
        raise InvalidInputError(
            f"The experiment {name} has {_FEWEST_ARMS} to {_MOST_ARMS} tables [arms.NAME]."
        )
    experiment = Experiment(
        name=name,
        arms=tuple(_arm(each, arms[each]) for each in arms),
        share=_between(table, "share", 1.0, most=1.0),
        alpha=_between(table, "alpha", 0.05, most=0.5),
        effect=_between(table, "effect", 0.05, most=0.5),
    )
    if len({repr(arm.overrides) for arm in experiment.arms}) < len(experiment.arms):
        raise InvalidInputError(f"Two arms of the experiment {name} are the same.")
    return experiment


def _arm(name: str, table: Any) -> Arm:
    if _NAME.fullmatch(name) is None or not isinstance(table, Mapping):
        raise InvalidInputError(f"[arms.{name}]: an arm is a table; small letters name it.")
    overrides = overrides_of(table, f"[arms.{name}]")
    if overrides.index is not None:
        raise InvalidInputError(
            f"[arms.{name}]: index versions are compared offline (`puls evaluate --against`)."
        )
    return Arm(name=name, overrides=overrides)


def _between(table: Mapping[str, Any], name: str, usual: float, *, most: float) -> float:
    value = table.get(name, usual)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= most:
        raise InvalidInputError(f"The experiment's {name} is a number above 0, up to {most:g}.")
    return float(value)
