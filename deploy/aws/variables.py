"""What each container is given as environment, from `variables.toml`, `environments.toml` and the resources. Pure.

The names are held against `src/puls/settings.py` of this very tree, read as text: Puls need not be installed here.
"""

import ast
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deploy.aws.config import HERE, ROOT, ConfigError, Environment

PREFIX = "PULS_"
_SETTINGS = ROOT / "src/puls/settings.py"
_TRACES_SHARE = "0.05"


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Where things stand, as values that may be tokens of CloudFormation."""

    database_host: str
    origin: str
    public_url: str
    network: str
    searxng_url: str | None


def known_settings(path: Path = _SETTINGS) -> frozenset[str]:
    """The fields of `Settings`, by reading the module's text.

    Raises:
        ConfigError: there is no such class there.
    """
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ClassDef) and node.name == "Settings":
            return frozenset(
                line.target.id
                for line in node.body
                if isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name)
            ) - {"model_config"}
    raise ConfigError(f"{path} holds no class Settings.")


def table(path: Path = HERE / "variables.toml") -> dict[str, dict[str, Any]]:
    """How each setting gets its value: section → setting → why."""
    return tomllib.loads(path.read_text(encoding="utf-8"))


def plain(environment: Environment, service: str, places: Places) -> dict[str, str]:
    """The variables of a container that are no secrets. `service` is api, worker or task.

    Raises:
        ConfigError: `[ENV.puls]` names a setting that the code has not, or that something else decides.
    """
    settings = {**_by_service(service), **_computed(places), **_chosen(environment)}
    if unknown := sorted(set(settings) - known_settings()):
        raise ConfigError(f"Puls has no setting {', '.join(unknown)}.")
    return {
        **{f"{PREFIX}{name.upper()}": value for name, value in sorted(settings.items())},
        "PGSSLMODE": "require",
        "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318",
        "OTEL_SERVICE_NAME": f"puls-{service}",
        "OTEL_METRIC_EXPORT_INTERVAL": "60000",
        "OTEL_TRACES_SAMPLER": "parentbased_traceidratio",
        "OTEL_TRACES_SAMPLER_ARG": _TRACES_SHARE,
    }


def secret_names(environment: Environment) -> dict[str, str]:
    """Setting → variable, for the keys that this environment gives from `puls/ENV/keys`.

    Raises:
        ConfigError: a key is named that is no secret of Puls.
    """
    allowed = {name for name, where in table()["secret"].items() if where == "puls/ENV/keys"}
    if unknown := sorted(set(environment.keys) - allowed):
        raise ConfigError(f"{environment.name}.keys: {', '.join(unknown)} is no key of Puls.")
    return {name: f"{PREFIX}{name.upper()}" for name in environment.keys}


def _computed(places: Places) -> dict[str, str]:
    found = {
        "database_url": f"postgresql://puls@{places.database_host}:5432/puls",
        "home": "/tmp/puls",  # a volume of the task, its own
        "public_url": places.public_url,
        "allowed_hosts": places.origin,
        "trusted_proxies": places.network,
    }
    if places.searxng_url is not None:
        found["web_search"] = f"searxng@{places.searxng_url}"
    return found


def _chosen(environment: Environment) -> dict[str, str]:
    rows = table()
    may_be = {*rows["chosen"], *rows["default"]}
    if forbidden := sorted(set(environment.puls) - may_be):
        raise ConfigError(f"{environment.name}.puls: {', '.join(forbidden)} is not for choosing.")
    return dict(environment.puls)


def _by_service(service: str) -> dict[str, str]:
    rows: Mapping[str, Mapping[str, str]] = table()["service"]
    return {name: row[service] for name, row in rows.items() if service in row}
