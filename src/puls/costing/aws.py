"""AWS priced resource by resource: every resource of the template has its lines, and a kind that nobody prices is refused.

Quantities of what is billed by use come from the scenario. Enter at `aws_lines`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from puls.costing.bill import Line, Service
from puls.costing.databases import Database, database_for
from puls.costing.inventory import Resource
from puls.costing.money import ceiling
from puls.costing.prices import HOURS, PriceTable
from puls.costing.scenarios import Scenario
from puls.costing.usage import Usage
from puls.errors import InvalidInputError

_MILLION: Final = Decimal(1_000_000)
_GIB_IN_KIB: Final = Decimal(1024 * 1024)
# Small things that no measurement decides; each on the safe side.
_FREE_ROOM: Final = Decimal("1.2")  # a disk is grown before it is full
_SNAPSHOTS: Final = Decimal("1.5")  # a chain of daily copies, as a multiple of the data
_IMAGE_GIB: Final = Decimal(3)  # a repository with its twenty images; they share layers
_EXPORT_GIB: Final = Decimal(1)
_ACCESS_LINE_KIB: Final = Decimal("0.5")
_LOG_MONTHS: Final = Decimal(3)  # how long lines are kept, at most
_FIREWALL_LINE_KIB: Final = Decimal("1.5")  # the template sets no filter: every request is written
_INSIGHTS: Final = Decimal(30)  # metrics of a task with enhanced Container Insights
_WATCHED_GIB: Final = Decimal(1)  # of flow and DNS logs that GuardDuty reads
_TRANSITIONS: Final = Decimal("0.1")  # thousands: one restart of the services a month


@dataclass(frozen=True, slots=True, kw_only=True)
class _Given:
    """All that a line may need."""

    scenario: Scenario
    usage: Usage
    prices: PriceTable
    resources: Sequence[Resource]

    def line(
        self, one: Resource, service: Service, what: str, quantity: Decimal | int, price: str
    ) -> Line:
        return Line(
            service=service,
            what=what,
            quantity=Decimal(quantity),
            unit=self.prices[price].unit,
            unit_eur=self.prices.eur(price),
            price=price,
            resource=one.id,
        )

    def has(self, kind: str) -> bool:
        return any(one.type == kind for one in self.resources)


def aws_lines(
    scenario: Scenario, usage: Usage, prices: PriceTable, resources: Sequence[Resource]
) -> tuple[Line, ...]:
    """The lines of every resource, in the order of the inventory.

    Raises:
        InvalidInputError: a kind of resource is not priced, or one has no price.
    """
    given = _Given(scenario=scenario, usage=usage, prices=prices, resources=resources)
    lines: list[Line] = []
    for one in resources:
        if one.type not in _PRICED:
            raise InvalidInputError(
                f"{one.id} is in the template, and the cost model does not price it: nothing is taken as free."
            )
        lines += _PRICED[one.type](one, given)
    return tuple(lines)


def tasks_on_average(one: Resource, usage: Usage) -> Decimal:
    """Tasks that are paid on average; only the api grows with what is asked. Beyond `most` they are counted all the same."""
    if one.name != "api":
        return Decimal(one.count)
    needed = max(one.count, ceiling(usage.vcpu_at_peak / one.vcpu))
    return one.count + (needed - one.count) * usage.peak_share


def notes_of(usage: Usage, resources: Sequence[Resource]) -> tuple[str, ...]:
    """What the template would not do by itself, and the bill counts all the same."""
    return tuple(note for one in resources for note in _beyond(one, usage))


def _beyond(one: Resource, usage: Usage) -> Iterator[str]:
    if one.type == "fargate-arm" and one.name == "api":
        needed = ceiling(usage.vcpu_at_peak / one.vcpu)
        if needed > one.most:
            yield f"La pointe demande {needed} tâches d’API ; le gabarit en permet {one.most} : à relever."
    if one.type == "rds-postgresql":
        database = _needed(one, usage)
        if database.size != one.size or database.machines > 1:
            yield (
                f"La pointe demande {database.machines} × {database.size} ; le gabarit a {one.size} : à relever."
            )


def _tasks(one: Resource, given: _Given) -> Iterator[Line]:
    hours = tasks_on_average(one, given.usage) * HOURS
    yield given.line(
        one,
        "compute",
        f"tâches {one.name}, processeur",
        hours * one.vcpu,
        "aws.fargate_arm.vcpu_hour",
    )
    yield given.line(one, "compute", f"tâches {one.name}, mémoire", hours * one.gib, "aws.fargate_arm.gib_hour")  # fmt: skip


def _database(one: Resource, given: _Given) -> Iterator[Line]:
    storage = max(one.storage_gib or 0, ceiling(given.usage.database_gb * _FREE_ROOM))
    needed = _needed(one, given.usage)
    copies = Decimal(one.count * needed.machines)
    yield given.line(
        one, "database", f"PostgreSQL {needed.size}", copies * HOURS, f"aws.rds.{needed.size}"
    )
    yield given.line(one, "database", "PostgreSQL, disque", copies * storage, "aws.rds.storage_gb_month")  # fmt: skip


def _proxy(one: Resource, given: _Given) -> Iterator[Line]:
    databases = [_needed(r, given.usage) for r in given.resources if r.type == "rds-postgresql"]
    vcpu = sum((database.vcpu for database in databases), Decimal(0))
    yield given.line(one, "database", "RDS Proxy", vcpu * HOURS, "aws.rds_proxy.vcpu_hour")


def _needed(one: Resource, usage: Usage) -> Database:
    return database_for(one.size or "", usage.database_vcpu_at_peak)


def _balancer(one: Resource, given: _Given) -> Iterator[Line]:
    yield given.line(one, "network", "répartiteur", one.count * HOURS, "aws.alb.hour")
    yield given.line(one, "network", "répartiteur, usage", given.usage.egress_gb, "aws.alb.lcu_hour")  # fmt: skip
    if not given.has("cloudfront"):
        yield given.line(one, "network", "trafic sortant", given.usage.egress_gb, "aws.egress.gb")


def _nat(one: Resource, given: _Given) -> Iterator[Line]:
    yield given.line(one, "network", "passerelles NAT", one.count * HOURS, "aws.nat.hour")
    yield given.line(one, "network", "passerelles NAT, trafic", given.usage.outbound_gb, "aws.nat.gb")  # fmt: skip


def _endpoint(one: Resource, given: _Given) -> Iterator[Line]:
    yield given.line(one, "network", "points d’accès privés", one.count * HOURS, "aws.endpoint.hour")  # fmt: skip
    if "logs" in one.name:
        yield given.line(one, "network", "points d’accès privés, trafic", given.usage.logs_gb, "aws.endpoint.gb")  # fmt: skip


def _addresses(one: Resource, given: _Given) -> Iterator[Line]:
    yield given.line(one, "network", "adresses publiques", one.count * HOURS, "aws.ipv4.hour")


def _edge(one: Resource, given: _Given) -> Iterator[Line]:
    requests = given.usage.requests / _MILLION
    yield given.line(
        one, "network", "CloudFront, trafic", given.usage.egress_gb, "aws.cloudfront.gb"
    )
    yield given.line(one, "network", "CloudFront, requêtes", requests, "aws.cloudfront.million_requests")  # fmt: skip


def _firewall(one: Resource, given: _Given) -> Iterator[Line]:
    requests = given.usage.requests / _MILLION
    yield given.line(one, "security", "pare-feu", one.count, "aws.waf.acl_month")
    yield given.line(one, "security", "pare-feu, règles", one.rules, "aws.waf.rule_month")
    yield given.line(one, "security", "pare-feu, requêtes", requests, "aws.waf.million_requests")


def _logs(one: Resource, given: _Given) -> Iterator[Line]:
    gigabytes = _logged_gb(one.name, given)
    yield given.line(one, "watching", "journaux", gigabytes, "aws.logs.ingest_gb")
    yield given.line(one, "watching", "journaux gardés", gigabytes * _LOG_MONTHS, "aws.logs.storage_gb_month")  # fmt: skip
    if one.name.startswith("Logmetrics"):
        yield given.line(one, "watching", "métriques", given.scenario["custom_metrics"], "aws.metric.custom_month")  # fmt: skip


def _logged_gb(name: str, given: _Given) -> Decimal:
    """Where lines go: answers to the api's group, everything steady to the worker's, each request to both firewalls'."""
    fixed = given.scenario["log_gb_fixed"]
    if "FirewallLog" in name:
        return given.usage.requests * _FIREWALL_LINE_KIB / _GIB_IN_KIB
    if name.startswith("Logapi"):
        return given.usage.logs_gb - fixed
    return fixed if name.startswith("Logworker") else Decimal(0)


def _bucket(one: Resource, given: _Given) -> Iterator[Line]:
    if "AccessLogs" in one.name:
        size = given.usage.requests * _ACCESS_LINE_KIB / _GIB_IN_KIB * _LOG_MONTHS
    else:
        size = given.usage.database_gb if "Backups" in one.name else _EXPORT_GIB
    yield given.line(one, "storage", "fichiers", size, "aws.s3.gb_month")


def _vault(one: Resource, given: _Given) -> Iterator[Line]:
    yield given.line(one, "storage", "sauvegardes", given.usage.database_gb * _SNAPSHOTS, "aws.backup.gb_month")  # fmt: skip


def _images(one: Resource, given: _Given) -> Iterator[Line]:
    yield given.line(one, "storage", "images", _IMAGE_GIB, "aws.ecr.gb_month")


def _insights(one: Resource, given: _Given) -> Iterator[Line]:
    tasks = sum(
        tasks_on_average(r, given.usage) for r in given.resources if r.type == "fargate-arm"
    )
    yield given.line(one, "watching", "Container Insights", tasks * _INSIGHTS, "aws.insights.metric_month")  # fmt: skip


def _prometheus(one: Resource, given: _Given) -> Iterator[Line]:
    yield given.line(one, "watching", "Prometheus géré", given.scenario["million_samples"], "aws.prometheus.million_samples")  # fmt: skip


def _threats(one: Resource, given: _Given) -> Iterator[Line]:
    yield given.line(
        one,
        "security",
        "GuardDuty, événements",
        given.scenario["guardduty_million_events"],
        "aws.guardduty.million_events",
    )
    yield given.line(one, "security", "GuardDuty, journaux", _WATCHED_GIB, "aws.guardduty.gb")  # fmt: skip


def _counted(
    service: Service, what: str, price: str, quantity: Decimal | None = None
) -> Callable[[Resource, _Given], Iterator[Line]]:
    def lines(one: Resource, given: _Given) -> Iterator[Line]:
        yield given.line(one, service, what, one.count if quantity is None else quantity, price)

    return lines


_PRICED: Final[Mapping[str, Callable[[Resource, _Given], Iterator[Line]]]] = {
    "fargate-arm": _tasks,
    "rds-postgresql": _database,
    "rds-proxy": _proxy,
    "alb": _balancer,
    "nat-gateway": _nat,
    "vpc-endpoint": _endpoint,
    "public-ipv4": _addresses,
    "cloudfront": _edge,
    "waf": _firewall,
    "cloudwatch-logs": _logs,
    "s3": _bucket,
    "backup": _vault,
    "ecr": _images,
    "container-insights": _insights,
    "managed-prometheus": _prometheus,
    "guardduty": _threats,
    "secret": _counted("security", "secrets", "aws.secret.month"),
    "kms-key": _counted("security", "clés", "aws.kms.key_month"),
    "alarm-metric": _counted("watching", "alarmes", "aws.alarm.metric_month"),
    "composite-alarm": _counted("watching", "alarmes composées", "aws.alarm.composite_month"),
    "cloud-map": _counted("network", "noms internes", "aws.cloudmap.namespace_month"),
    "step-functions": _counted(
        "compute", "redémarrages", "aws.states.thousand_transitions", _TRANSITIONS
    ),
}
