"""compose.yaml as far as a desk needs it: the environment and the command of a service, for plain processes on loopback."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import yaml

from deploy.desk.ports import PORTS

ROOT = Path(__file__).parents[2]
_VARIABLE = re.compile(r"\$\{(\w+)(?::-((?:[^{}]|\$\{[^{}]*\})*))?\}")
_ELSEWHERE = {  # names of compose's network → where the same part listens on a desk
    "@pgbouncer:6432": f"@127.0.0.1:{PORTS['pgbouncer']}",
    "@postgres:5432": f"@127.0.0.1:{PORTS['postgres']}",
    "172.30.0.0/24": "127.0.0.1/32",
}


@dataclass(frozen=True, slots=True)
class Compose:
    """The file, parsed; YAML's anchors and merges are resolved."""

    services: Mapping[str, Any]

    @classmethod
    def read(cls, file: Path = ROOT / "compose.yaml") -> Self:
        return cls(yaml.safe_load(file.read_text(encoding="utf-8"))["services"])

    def environment(
        self,
        service: str,
        *,
        variables: Mapping[str, str] | None = None,
        desk: Mapping[str, str] | None = None,
    ) -> dict[str, str]:
        """What compose would give a service, with `variables` as its .env, on a desk; empty values are left out."""
        given = self.services[service].get("environment", {})
        found = {name: substituted(str(value), variables or {}) for name, value in given.items()}
        found = {name: on_a_desk(value) for name, value in found.items() if value}
        return found | dict(desk or {})

    def command(self, service: str) -> tuple[str, ...]:
        return tuple(map(str, self.services[service]["command"]))


def substituted(value: str, variables: Mapping[str, str]) -> str:
    """`${NAME:-usual}` as compose reads it, also one inside another."""
    before = None
    while before != value:
        before = value
        value = _VARIABLE.sub(lambda one: variables.get(one[1]) or one[2] or "", value)
    return value


def on_a_desk(value: str) -> str:
    for name, place in _ELSEWHERE.items():
        value = value.replace(name, place)
    return value
