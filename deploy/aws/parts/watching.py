"""Managed Prometheus and Grafana, where they are on: the rules and alerts of deploy/prometheus as they are."""

from pathlib import Path

from aws_cdk import aws_aps as aps
from aws_cdk import aws_grafana as grafana
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from constructs import Construct

from deploy.aws.config import ROOT, Environment

RULES = ROOT / "deploy/prometheus/rules"


class Watching(Construct):
    """`workspace` is None where Managed Prometheus is off."""

    def __init__(
        self,
        scope: Construct,
        name: str,
        *,
        environment: Environment,
        key: kms.IKey,
        log_to: logs.ILogGroup,
        rules: Path = RULES,
    ) -> None:
        super().__init__(scope, name)
        self.workspace: aps.CfnWorkspace | None = None
        if environment.spending.managed_prometheus:
            self.workspace = self._prometheus(environment, key, log_to, rules)
            if environment.spending.managed_grafana:
                self._grafana(environment, self.workspace)

    @property
    def remote_write(self) -> str | None:
        """Where the collectors write."""
        if self.workspace is None:
            return None
        return f"{self.workspace.attr_prometheus_endpoint}api/v1/remote_write"

    def _prometheus(
        self, environment: Environment, key: kms.IKey, log_to: logs.ILogGroup, rules: Path
    ) -> aps.CfnWorkspace:
        workspace = aps.CfnWorkspace(
            self,
            "Prometheus",
            alias=f"puls-{environment.name}",
            kms_key_arn=key.key_arn,
            logging_configuration=aps.CfnWorkspace.LoggingConfigurationProperty(
                log_group_arn=f"{log_to.log_group_arn}"
            ),
        )
        for file in sorted(rules.glob("*.yml")):
            aps.CfnRuleGroupsNamespace(
                self,
                f"Rules-{file.stem}",
                name=file.stem,
                workspace=workspace.attr_arn,
                data=file.read_text(encoding="utf-8"),
            )
        return workspace

    def _grafana(self, environment: Environment, workspace: aps.CfnWorkspace) -> None:
        role = iam.Role(
            self,
            "Reads",
            assumed_by=iam.ServicePrincipal("grafana.amazonaws.com"),
            inline_policies={
                "metrics": iam.PolicyDocument(
                    statements=[
                        iam.PolicyStatement(
                            actions=[
                                "aps:GetLabels",
                                "aps:GetMetricMetadata",
                                "aps:GetSeries",
                                "aps:QueryMetrics",
                            ],
                            resources=[workspace.attr_arn],
                        )
                    ]
                )
            },
        )
        grafana.CfnWorkspace(
            self,
            "Grafana",
            name=f"puls-{environment.name}",
            account_access_type="CURRENT_ACCOUNT",
            authentication_providers=["AWS_SSO"],
            permission_type="CUSTOMER_MANAGED",
            role_arn=role.role_arn,
        )
