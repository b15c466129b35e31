"""What costs money in an environment: `python -m deploy.aws.resources ENV [DIR]` prints JSON for the cost model.

Read from the synthesised templates (DIR, else they are made in a folder of their own), never from the configuration: what is priced
is what would be deployed. Sizes: vCPU, GiB; `count` is what always runs, `most` what autoscaling may come to. What is
billed by use (requests, GB through NAT, log lines) appears with count 1 and `by_use`.
"""

import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from deploy.aws.checks import templates
from deploy.aws.config import read_environments

_USED = {
    "AWS::CloudFront::Distribution": "cloudfront",
    "AWS::S3::Bucket": "s3",
    "AWS::Logs::LogGroup": "cloudwatch-logs",
    "AWS::APS::Workspace": "managed-prometheus",
    "AWS::Grafana::Workspace": "managed-grafana",
    "AWS::ECR::Repository": "ecr",
    "AWS::GuardDuty::Detector": "guardduty",
    "AWS::Config::ConfigurationRecorder": "config",
    "AWS::Backup::BackupVault": "backup",
    "AWS::StepFunctions::StateMachine": "step-functions",
    "AWS::ServiceDiscovery::PrivateDnsNamespace": "cloud-map",
}
_COUNTED = {
    "AWS::SecretsManager::Secret": "secret",
    "AWS::KMS::Key": "kms-key",
    "AWS::ElasticLoadBalancingV2::LoadBalancer": "alb",
    "AWS::EC2::NatGateway": "nat-gateway",
    "AWS::CloudWatch::CompositeAlarm": "composite-alarm",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Priced:
    """One line of the bill. `storage_gib` and `size` are None where they mean nothing."""

    type: str
    name: str
    count: int
    most: int
    size: str | None = None
    storage_gib: int | None = None
    by_use: bool = False


def priced(parts: dict[str, dict[str, Any]]) -> list[Priced]:
    """Every resource with a price, in the order of the bill's names."""
    rows = [
        row
        for part, template in parts.items()
        for row in (*_simple(part, template), *_database(template), *_network(template))
    ]
    rows += _tasks(parts.get("service", {}))
    rows += _watched(parts)
    return sorted(rows, key=lambda row: (row.type, row.name))


def _simple(part: str, template: dict[str, Any]) -> Iterator[Priced]:
    for name, resource in templates.resources(template, *_USED):
        yield Priced(type=_USED[resource["Type"]], name=name, count=1, most=1, by_use=True)
    for kind, word in _COUNTED.items():
        if count := len(list(templates.resources(template, kind))):
            yield Priced(type=word, name=part, count=count, most=count)


def _database(template: dict[str, Any]) -> Iterator[Priced]:
    storage = 0
    for name, resource in templates.resources(template, "AWS::RDS::DBInstance"):
        properties = resource["Properties"]
        storage = int(properties.get("AllocatedStorage", storage))
        copies = 2 if properties.get("MultiAZ") else 1
        yield Priced(
            type="rds-postgresql", name=name, count=copies, most=copies,
            size=properties["DBInstanceClass"], storage_gib=storage,
        )  # fmt: skip
    for name, _ in templates.resources(template, "AWS::RDS::DBProxy"):
        yield Priced(type="rds-proxy", name=name, count=1, most=1)


def _network(template: dict[str, Any]) -> Iterator[Priced]:
    for name, resource in templates.resources(template, "AWS::EC2::VPCEndpoint"):
        if resource["Properties"].get("VpcEndpointType") == "Interface":
            zones = len(resource["Properties"]["SubnetIds"])
            yield Priced(type="vpc-endpoint", name=name, count=zones, most=zones)
    for name, _ in templates.resources(template, "AWS::EC2::EIP"):
        yield Priced(type="public-ipv4", name=name, count=1, most=1)
    for name, resource in templates.resources(
        template, "AWS::ElasticLoadBalancingV2::LoadBalancer"
    ):
        if resource["Properties"].get("Scheme") == "internet-facing":
            zones = len(resource["Properties"]["Subnets"])
            yield Priced(type="public-ipv4", name=name, count=zones, most=zones)
    for name, resource in templates.resources(template, "AWS::ECS::Cluster"):
        settings = resource["Properties"].get("ClusterSettings", [])
        if any(
            one["Name"] == "containerInsights" and one["Value"] != "disabled" for one in settings
        ):
            yield Priced(type="container-insights", name=name, count=1, most=1, by_use=True)
    for name, resource in templates.resources(template, "AWS::WAFv2::WebACL"):
        rules = len(resource["Properties"]["Rules"])
        yield Priced(type="waf", name=name, count=1, most=1, size=f"{rules} rules", by_use=True)


def _tasks(template: dict[str, Any]) -> Iterator[Priced]:
    definitions = dict(templates.resources(template, "AWS::ECS::TaskDefinition"))
    most = {
        templates.text(one["Properties"]["ResourceId"]): one["Properties"]["MaxCapacity"]
        for _, one in templates.resources(template, "AWS::ApplicationAutoScaling::ScalableTarget")
    }
    for name, resource in templates.resources(template, "AWS::ECS::Service"):
        properties = resource["Properties"]
        task = definitions[properties["TaskDefinition"]["Ref"]]["Properties"]
        count = properties["DesiredCount"]
        scaled = [high for where, high in most.items() if f"<{name}.Name>" in where]
        yield Priced(
            type="fargate-arm",
            name=properties["ServiceName"],
            count=count,
            most=max([count, *scaled]),
            size=f"{int(task['Cpu']) / 1024:g} vCPU, {int(task['Memory']) / 1024:g} GiB",
        )


def _watched(parts: dict[str, dict[str, Any]]) -> Iterator[Priced]:
    """An alarm on an expression is billed by the metrics it reads."""
    metrics = sum(
        max(1, sum("MetricStat" in one for one in alarm["Properties"].get("Metrics", [])))
        for template in parts.values()
        for _, alarm in templates.resources(template, "AWS::CloudWatch::Alarm")
    )
    yield Priced(type="alarm-metric", name="all alarms", count=metrics, most=metrics)


def main(arguments: Sequence[str]) -> int:
    """Print; 2 for an environment that is none."""
    names = list(read_environments())
    if len(arguments) < 2 or arguments[1] not in names:
        print(f"Name an environment: {', '.join(names)}.", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as made:
        folder = Path(arguments[2]) if len(arguments) > 2 else Path(made)
        if folder == Path(made):
            from deploy.aws.app import make_app  # noqa: PLC0415 # needs Node; a folder of templates does not

            make_app([arguments[1]], folder).synth()
        rows = priced(templates.read(folder, arguments[1]))
    print(json.dumps([asdict(row) for row in rows], indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
