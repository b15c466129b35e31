"""How large each environment is, typed: `environments.toml` read strictly.

A key that nobody reads, a missing one, or a value of another type is refused by name before anything is made.
Enter at `read_environments`.
"""

import dataclasses
import sys
import tomllib
import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
_PLACEHOLDERS = ("000000000000", "111111111111", "222222222222", "example", "Z0000")
_ENOUGH_PARTS = 2

Name = Literal["dev", "staging", "production"]


class ConfigError(Exception):
    """`environments.toml` cannot be used; the message names the key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """Tasks of one Fargate service. `cpu` in units of 1/1024 vCPU, `memory` in MiB."""

    cpu: int
    memory: int
    fewest: int
    most: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseSize:
    """One PostgreSQL. Storage in GiB; `backup_days` is how far back a point in time can be restored."""

    instance: str
    storage: int
    most_storage: int
    multi_az: bool
    replicas: int
    proxy: bool
    backup_days: int
    protected: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeping:
    """How long things are kept, in days. `locked_days`: nobody, an administrator included, deletes a back-up before."""

    log_days: int
    backup_days: int
    monthly_backup_days: int
    locked_days: int
    export_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Spending:
    """What may be spent a month (US dollars, without tax), and which paid watchers are worth it here."""

    budget_usd: int
    guardduty: bool
    config_recorder: bool
    managed_prometheus: bool
    managed_grafana: bool
    burn_pairs: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """All that differs between dev, staging and production."""

    name: Name
    account: str
    region: str
    zones: tuple[str, ...]
    network: str
    nat_gateways: int
    endpoints: tuple[str, ...]
    zone_name: str
    zone_id: str
    domain: str
    cdn: bool
    cloudfront_prefix_list: str
    github: str
    creates_github_provider: bool
    alerts_to: str
    owner: str
    image_tag: str
    keys: tuple[str, ...]
    api: Service
    worker: Service
    searxng: Service
    requests_per_task_minute: int
    database: DatabaseSize
    keeping: Keeping
    spending: Spending
    puls: Mapping[str, str]

    @property
    def is_production(self) -> bool:
        return self.name == "production"

    @property
    def origin(self) -> str:
        """The name of the load balancer: the site itself, unless CloudFront stands before it."""
        return f"origin.{self.domain}" if self.cdn else self.domain

    def placeholders(self) -> tuple[str, ...]:
        """Keys still as in the repository: templates can be made with them, nothing can be deployed."""
        values = {
            field.name: getattr(self, field.name)
            for field in dataclasses.fields(self)
            if isinstance(getattr(self, field.name), str)
        }
        return tuple(
            name for name, value in values.items() if any(mark in value for mark in _PLACEHOLDERS)
        )


def read_environments(path: Path = HERE / "environments.toml") -> dict[str, Environment]:
    """Every environment of the file; `[common]` gives what an environment does not say itself.

    Raises:
        ConfigError: a key is missing, unknown, or of another type.
    """
    tables = tomllib.loads(path.read_text(encoding="utf-8"))
    common = tables.pop("common", {})
    return {
        name: _read(Environment, _merged(common, {**table, "name": name}), name)
        for name, table in tables.items()
    }


def _merged(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(below)
    for key, value in above.items():
        both_tables = isinstance(value, Mapping) and isinstance(merged.get(key), Mapping)
        merged[key] = _merged(merged[key], value) if both_tables else value
    return merged


def _read(kind: type[Any], table: Mapping[str, Any], where: str) -> Any:
    hints = typing.get_type_hints(kind)
    if unknown := sorted(set(table) - set(hints)):
        raise ConfigError(f"{where}: nobody reads {', '.join(unknown)}.")
    if missing := sorted(set(hints) - set(table)):
        raise ConfigError(f"{where}: {', '.join(missing)} is missing.")
    return kind(
        **{name: _value(hint, table[name], f"{where}.{name}") for name, hint in hints.items()}
    )


def _value(hint: Any, value: Any, where: str) -> Any:
    origin = typing.get_origin(hint)
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        return _read(hint, value, where)
    if origin is tuple and isinstance(value, list) and all(isinstance(one, str) for one in value):
        return tuple(value)
    if origin is Literal and value in typing.get_args(hint):
        return value
    if isinstance(value, dict) and origin not in {tuple, Literal} and not isinstance(hint, type):
        return types.MappingProxyType(dict(value))
    if isinstance(hint, type) and type(value) is hint:
        return value
    raise ConfigError(f"{where}: {value!r} is not what is expected here ({hint}).")


def main(arguments: list[str]) -> int:
    """Say what must be filled in before an environment can be deployed; 1 while something must."""
    environments = read_environments()
    if len(arguments) < _ENOUGH_PARTS or arguments[1] not in environments:
        print(f"Name an environment: {', '.join(environments)}.", file=sys.stderr)
        return 2
    unfilled = environments[arguments[1]].placeholders()
    for name in unfilled:
        print(f"{arguments[1]}.{name} is still the repository's placeholder.")
    return 1 if unfilled else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
