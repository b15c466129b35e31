"""Makes the templates: `python -m deploy.aws.app [ENV…]` writes them to `cdk.out`, or where CDK_OUTDIR says.

Reads files of the repository and nothing else: no account, no network, no clock.
"""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import aws_cdk as cdk

from deploy.aws.config import Environment, read_environments
from deploy.aws.stacks import Account, Base, Data, Edge, Service

EDGE_REGION = "us-east-1"
_WITHOUT_TAGS = ("AWS::RDS::DBProxyTargetGroup",)  # CDK would write them; the type has none
_CONTEXT = {
    "@aws-cdk/aws-iam:minimizePolicies": True,
    "@aws-cdk/core:checkSecretUsage": True,
    "@aws-cdk/aws-ec2:restrictDefaultSecurityGroup": False,
    "@aws-cdk/aws-ecs:reduceEc2FargateCloudWatchPermissions": True,
    "@aws-cdk/aws-ecs:arnFormatIncludesClusterName": True,
    "@aws-cdk/aws-rds:databaseProxyUniqueResourceName": True,
    "@aws-cdk/aws-s3:createDefaultLoggingPolicy": True,
    "@aws-cdk/aws-s3:serverAccessLogsUseBucketPolicy": True,
    "@aws-cdk/aws-route53-targets:userPoolDomainNameMethodWithoutCustomResource": True,
    "@aws-cdk/core:target-partitions": ["aws"],
    "aws:cdk:enable-path-metadata": True,
    "aws:cdk:version-reporting": False,
}


def make_app(names: Sequence[str] = (), outdir: Path | None = None) -> cdk.App:
    """An app with the stacks of these environments, all when none is named.

    Raises:
        ConfigError: the configuration cannot be used.
    """
    app = cdk.App(
        context=_CONTEXT, analytics_reporting=False, outdir=None if outdir is None else str(outdir)
    )
    environments = read_environments()
    for name in names or environments:
        add(app, environments[name])
    return app


def add(app: cdk.App, environment: Environment) -> None:
    """The stacks of one environment."""
    here = cdk.Environment(account=environment.account, region=environment.region)

    def common(part: str, *, region: cdk.Environment = here) -> dict[str, Any]:
        return {
            "env": region,
            "stack_name": f"puls-{environment.name}-{part}",
            "description": f"Puls {environment.name}: {part}",
            "termination_protection": environment.database.protected,
            "synthesizer": cdk.DefaultStackSynthesizer(generate_bootstrap_version_rule=False),
        }

    prefix = f"puls-{environment.name}"
    base = Base(app, f"{prefix}-base", environment=environment, **common("base"))
    data = Data(app, f"{prefix}-data", environment=environment, base=base, **common("data"))
    stacks: dict[str, cdk.Stack] = {
        "base": base,
        "data": data,
        "service": Service(
            app,
            f"{prefix}-service",
            environment=environment,
            base=base,
            data=data,
            **common("service"),
        ),
        "account": Account(
            app, f"{prefix}-account", environment=environment, base=base, **common("account")
        ),
    }
    if environment.cdn:
        edge = cdk.Environment(account=environment.account, region=EDGE_REGION)
        stacks["edge"] = Edge(
            app, f"{prefix}-edge", environment=environment, **common("edge", region=edge)
        )
    for part, stack in stacks.items():
        _tag(stack, part, environment)


def _tag(stack: cdk.Stack, part: str, environment: Environment) -> None:
    """On every resource that takes tags: the budget and the bill by part read them."""
    tags = {
        "puls:environment": environment.name,
        "puls:part": part,
        "puls:owner": environment.owner,
        "puls:cost-centre": f"puls-{environment.name}",
    }
    for name, value in tags.items():
        cdk.Tags.of(stack).add(name, value, exclude_resource_types=list(_WITHOUT_TAGS))


def main(names: Sequence[str]) -> None:
    """Write the templates; the command line of CDK says where by CDK_OUTDIR."""
    outdir = os.environ.get("CDK_OUTDIR")
    make_app(names, Path(outdir) if outdir else None).synth()


if __name__ == "__main__":
    main(sys.argv[1:])
