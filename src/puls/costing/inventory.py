"""What the AWS templates would make that has a price, as `make study-aws` wrote it down from `cdk synth`.

`aws_resources.json` is a copy of what `deploy.aws.resources` reads in the templates; a test compares them where CDK is installed.
"""

import importlib.resources
import json
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from puls.errors import InvalidInputError

_SIZE = re.compile(r"(?P<vcpu>[\d.]+) vCPU, (?P<gib>[\d.]+) GiB")
_RULES = re.compile(r"(?P<rules>\d+) rules")


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """A priced resource. `count` always runs, `most` is what autoscaling may come to."""

    type: str
    name: str
    count: int
    most: int
    size: str | None
    storage_gib: int | None
    by_use: bool

    @property
    def id(self) -> str:
        return f"{self.type}:{self.name}"

    @property
    def vcpu(self) -> Decimal:
        return self._size("vcpu")

    @property
    def gib(self) -> Decimal:
        return self._size("gib")

    @property
    def rules(self) -> int:
        found = _RULES.fullmatch(self.size or "")
        if found is None:
            raise InvalidInputError(f"{self.id} does not say how many rules it has.")
        return int(found["rules"])

    def _size(self, what: str) -> Decimal:
        found = _SIZE.fullmatch(self.size or "")
        if found is None:
            raise InvalidInputError(f"{self.id} does not say its size.")
        return Decimal(found[what])


def inventory_of(environment: str) -> tuple[Resource, ...]:
    """The priced resources of one environment.

    Raises:
        InvalidInputError: the templates have no such environment.
    """
    table = _table()
    if environment not in table:
        raise InvalidInputError(f"{environment!r} is no environment: {', '.join(table)}.")
    return tuple(Resource(**row) for row in table[environment])


def _table() -> dict[str, Any]:
    text = (
        importlib.resources.files("puls.costing").joinpath("aws_resources.json").read_text("utf-8")
    )
    table: dict[str, Any] = json.loads(text)["environments"]
    return table
