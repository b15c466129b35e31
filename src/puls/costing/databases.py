"""Which machine PostgreSQL needs at the peak, on AWS's ladder; the other clouds take as many processors."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from puls.costing.money import ceiling
from puls.errors import InvalidInputError

# vCPU that work all day: of t4g what remains when its credits are spent.
_STEADY: Final[Mapping[str, Decimal]] = {
    "db.t4g.micro": Decimal("0.2"),
    "db.t4g.small": Decimal("0.4"),
    "db.t4g.medium": Decimal("0.4"),
    "db.m7g.large": Decimal(2),
    "db.m7g.xlarge": Decimal(4),
    "db.m7g.2xlarge": Decimal(8),
    "db.m7g.4xlarge": Decimal(16),
    "db.m7g.8xlarge": Decimal(32),
}
_LADDER: Final = tuple(name for name in _STEADY if name.startswith("db.m7g"))
_LARGEST: Final = _LADDER[-1]
_LEAST_BILLED: Final = Decimal(2)  # every machine has two vCPU at least


@dataclass(frozen=True, slots=True, kw_only=True)
class Database:
    """`machines` above one: the largest, with replicas that are read."""

    size: str
    machines: int

    @property
    def vcpu(self) -> Decimal:
        """Processors of all of them."""
        return max(_LEAST_BILLED, _STEADY[self.size]) * self.machines


def database_for(given: str, vcpu_at_peak: Decimal) -> Database:
    """The machine of the template when it is enough, else the smallest that is.

    Raises:
        InvalidInputError: a machine that the ladder does not know.
    """
    if given not in _STEADY:
        raise InvalidInputError(
            f"{given!r} is not among the database machines that are priced: {', '.join(_STEADY)}."
        )
    if vcpu_at_peak <= _STEADY[given]:
        return Database(size=given, machines=1)
    for name in _LADDER:
        if vcpu_at_peak <= _STEADY[name]:
            return Database(size=name, machines=1)
    return Database(size=_LARGEST, machines=ceiling(vcpu_at_peak / _STEADY[_LARGEST]))
