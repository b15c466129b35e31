"""An environment on a page or three: what there is, how large, with which variables and rights. Its committed copies make changes readable.

`python -m deploy.aws.checks.summary DIR` writes tests/deploy/aws/snapshots/*.txt from the templates in DIR.
"""

import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from deploy.aws.checks import templates
from deploy.aws.config import ROOT, read_environments

SNAPSHOTS = ROOT / "tests/deploy/aws/snapshots"
_TOLD = {
    "AWS::RDS::DBInstance": "DBInstanceClass EngineVersion MultiAZ StorageEncrypted PubliclyAccessible DeletionProtection BackupRetentionPeriod AllocatedStorage MaxAllocatedStorage",
    "AWS::RDS::DBProxy": "RequireTLS",
    "AWS::EC2::NatGateway": "",
    "AWS::EC2::VPCEndpoint": "ServiceName",
    "AWS::EC2::SecurityGroupIngress": "IpProtocol FromPort Description",
    "AWS::ECS::Service": "ServiceName DesiredCount",
    "AWS::ApplicationAutoScaling::ScalableTarget": "MinCapacity MaxCapacity",
    "AWS::ElasticLoadBalancingV2::Listener": "Port Protocol SslPolicy",
    "AWS::Logs::LogGroup": "LogGroupName RetentionInDays",
    "AWS::S3::Bucket": "ObjectLockEnabled",
    "AWS::SecretsManager::Secret": "Name",
    "AWS::SecretsManager::RotationSchedule": "RotationRules",
    "AWS::CloudWatch::Alarm": "AlarmName Threshold EvaluationPeriods",
    "AWS::CloudWatch::CompositeAlarm": "AlarmName",
    "AWS::Backup::BackupPlan": "",
    "AWS::Budgets::Budget": "",
    "AWS::WAFv2::WebACL": "Name Scope",
    "AWS::KMS::Alias": "AliasName",
    "AWS::CloudFront::Distribution": "",
    "AWS::GuardDuty::Detector": "",
    "AWS::APS::Workspace": "Alias",
}
_HASH = re.compile(r"(?<=[a-zA-Z])[0-9A-F]{8}\b")


def summary(folder: Path, environment: str) -> str:
    """The text; hashes that CDK puts at the end of names are left out."""
    lines: list[str] = []
    for part, template in templates.read(folder, environment).items():
        lines += [f"## {part}", *_counts(template), *_facts(template)]
        lines += [*_containers(template), *_rights(template), ""]
    return "\n".join(_HASH.sub("", line).rstrip() for line in lines) + "\n"


def _counts(template: dict[str, Any]) -> Iterator[str]:
    counted = Counter(resource["Type"] for _, resource in templates.resources(template))
    for kind, count in sorted(counted.items()):
        yield f"{count:3} {kind.removeprefix('AWS::')}"


def _facts(template: dict[str, Any]) -> Iterator[str]:
    for name, resource in sorted(templates.resources(template, *_TOLD)):
        properties = resource.get("Properties", {})
        told = [
            f"{key}={templates.text(properties[key])}"
            for key in _TOLD[resource["Type"]].split()
            if key in properties
        ]
        if told:
            yield f"- {resource['Type'].rpartition('::')[2]} {name}: {' '.join(told)}"


def _containers(template: dict[str, Any]) -> Iterator[str]:
    for name, container in sorted(templates.containers(template)):
        yield f"- container {name}: user={container.get('User')} readonly={container.get('ReadonlyRootFilesystem')}"
        for one in sorted(container.get("Environment", []), key=lambda pair: pair["Name"]):
            value = templates.text(one["Value"])
            yield f"    {one['Name']}={value if len(value) < 120 else f'({len(value)} characters)'}"
        yield from (f"    {one['Name']} from a secret" for one in container.get("Secrets", []))


def _rights(template: dict[str, Any]) -> Iterator[str]:
    rows = {
        f"- may {name}: {', '.join(map(str, templates.many(statement['Action'])))} on "
        f"{', '.join(sorted(map(templates.text, templates.many(statement['Resource']))))}"
        for name, statement in templates.statements(template)
    }
    yield from sorted(rows)


def main(arguments: Sequence[str]) -> int:
    """Write the committed copies anew."""
    SNAPSHOTS.mkdir(parents=True, exist_ok=True)
    for name in read_environments():
        text = summary(Path(arguments[1]), name)
        (SNAPSHOTS / f"{name}.txt").write_text(text, encoding="utf-8")
        print(f"{name}: {len(text.splitlines())} lines")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
