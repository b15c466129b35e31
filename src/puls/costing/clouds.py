"""The other clouds by size: as many processors, gigabytes and standbys as AWS's templates have for the same load.

No template exists there: an estimate by equal size, and said so. One machine is not managed by anybody and has no standby.
Enter at `cloud_lines`.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal, get_args

from puls.costing.bill import Line, Service
from puls.costing.databases import database_for
from puls.costing.money import ceiling
from puls.costing.prices import HOURS, PriceTable
from puls.costing.scenarios import Scenario
from puls.costing.usage import Usage, vcpu_on_average
from puls.errors import InvalidInputError

Cloud = Literal["aws", "gcp", "azure", "scaleway", "vm"]
CLOUDS: Final[tuple[Cloud, ...]] = get_args(Cloud)
NAMES: Final = {"aws": "AWS (Paris)", "gcp": "GCP (Paris)", "azure": "Azure (France)", "scaleway": "Scaleway (Paris)", "vm": "une machine (UE)"}  # fmt: skip

_GIB_PER_VCPU: Final = Decimal(2)
_GIB_PER_DATABASE_VCPU: Final = Decimal(4)
_FREE_ROOM: Final = Decimal("1.2")
_BACKUPS: Final = Decimal(3)  # of the data: a month of dumps, compressed, and exports
# vCPU, GiB of disk and price, the smallest first. A quarter of a machine stays free.
_MACHINES: Final = (
    (Decimal(4), Decimal(80), "vm.4x8_month"),
    (Decimal(8), Decimal(160), "vm.8x16_month"),
    (Decimal(16), Decimal(320), "vm.16x32_month"),
)
_BUSY: Final = Decimal("0.75")


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """What an environment of AWS has, by which the others are sized. vCPU and GiB that always run."""

    api_vcpu: Decimal
    other_vcpu: Decimal
    database: str
    database_gib: Decimal
    database_copies: int
    storage_gib: int


SIZES: Final = {
    "dev": Size(api_vcpu=Decimal("0.5"), other_vcpu=Decimal("0.5"), database="db.t4g.micro", database_gib=Decimal(1), database_copies=1, storage_gib=20),
    "staging": Size(api_vcpu=Decimal(1), other_vcpu=Decimal("1.25"), database="db.t4g.small", database_gib=Decimal(2), database_copies=1, storage_gib=50),
    "production": Size(api_vcpu=Decimal(2), other_vcpu=Decimal(2), database="db.m7g.large", database_gib=Decimal(8), database_copies=2, storage_gib=100),
}  # fmt: skip


def cloud_lines(
    cloud: Cloud, scenario: Scenario, usage: Usage, prices: PriceTable
) -> tuple[Line, ...]:
    """The lines of a cloud that has no template.

    Raises:
        InvalidInputError: the load is beyond what is priced there, or a price is missing.
    """
    if cloud == "vm":
        return _machine(usage, prices)
    size = SIZES[scenario.word("aws_environment")]
    database = database_for(size.database, usage.database_vcpu_at_peak)
    database_vcpu = database.vcpu * size.database_copies
    database_gib = size.database_gib * size.database_copies
    if database.size != size.database:
        database_gib = database_vcpu * _GIB_PER_DATABASE_VCPU
    vcpu = vcpu_on_average(usage, always=size.api_vcpu, step=Decimal(1)) + size.other_vcpu
    storage = max(size.storage_gib, ceiling(usage.database_gb * _FREE_ROOM)) * size.database_copies
    quantities: tuple[tuple[Service, str, Decimal, str], ...] = (
        ("compute", "conteneurs, processeur", vcpu * HOURS, "vcpu_hour"),
        ("compute", "conteneurs, mémoire", vcpu * _GIB_PER_VCPU * HOURS, "gib_hour"),
        ("database", "PostgreSQL géré, processeur", database_vcpu * HOURS, "db_vcpu_hour"),
        ("database", "PostgreSQL géré, mémoire", database_gib * HOURS, "db_gib_hour"),
        ("database", "PostgreSQL géré, disque", Decimal(storage), "db_storage_gb_month"),
        ("network", "entrée", Decimal(1), "entrance_month"),
        ("network", "trafic sortant", usage.egress_gb + usage.outbound_gb, "egress_gb"),
        ("watching", "journaux", usage.logs_gb, "logs_gb"),
        ("watching", "métriques, secrets, images", Decimal(1), "watch_month"),
        ("storage", "sauvegardes et exports", usage.database_gb * _BACKUPS, "object_gb_month"),
    )  # fmt: skip
    return tuple(
        _line(service, what, quantity, f"{cloud}.{price}", prices)
        for service, what, quantity, price in quantities
    )


def machine_for(usage: Usage) -> str:
    """The price of the smallest machine that the peak leaves a quarter of.

    Raises:
        InvalidInputError: none is large enough.
    """
    needed = usage.vcpu_at_peak + usage.database_vcpu_at_peak + Decimal(1)  # the worker
    for vcpu, _, price in _MACHINES:
        if needed <= vcpu * _BUSY:
            return price
    raise InvalidInputError(
        f"Une machine ne tient pas {usage.peak_per_second:.0f} réponses par seconde : prendre un nuage."
    )


def _machine(usage: Usage, prices: PriceTable) -> tuple[Line, ...]:
    price = machine_for(usage)
    disk = next(disk for _, disk, name in _MACHINES if name == price)
    beyond = max(Decimal(0), Decimal(ceiling(usage.database_gb * _FREE_ROOM)) + 20 - disk)
    rise = prices.eur(price) * prices["vm.list_rise"].value
    return (
        _line("compute", "machine", Decimal(1), price, prices),
        Line(service="compute", what="hausse de liste, par prudence", quantity=Decimal(1), unit="mois", unit_eur=rise, price="vm.list_rise"),
        _line("storage", "disque ajouté", beyond, "vm.storage_gb_month", prices),
        _line("storage", "sauvegardes chez un autre", usage.database_gb * _BACKUPS, "vm.object_gb_month", prices),
    )  # fmt: skip


def _line(service: Service, what: str, quantity: Decimal, price: str, prices: PriceTable) -> Line:
    return Line(
        service=service,
        what=what,
        quantity=quantity,
        unit=prices[price].unit,
        unit_eur=prices.eur(price),
        price=price,
    )
