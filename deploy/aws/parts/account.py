"""What belongs to the account rather than to a release: spending, threats, and who may deploy from GitHub without a key."""

from aws_cdk import Stack
from aws_cdk import aws_budgets as budgets
from aws_cdk import aws_config as config
from aws_cdk import aws_guardduty as guardduty
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from constructs import Construct

from deploy.aws.config import Environment

_GITHUB = "token.actions.githubusercontent.com"
_BOOTSTRAP = "cdk-hnb659fds"  # the usual qualifier of `cdk bootstrap`


class Spending(Construct):
    """A budget a month for what carries our tag, told at half, at four fifths, when spent, and when it will be."""

    def __init__(self, scope: Construct, name: str, *, environment: Environment) -> None:
        super().__init__(scope, name)
        budgets.CfnBudget(
            self,
            "Month",
            budget=budgets.CfnBudget.BudgetDataProperty(
                budget_name=f"puls-{environment.name}",
                budget_type="COST",
                time_unit="MONTHLY",
                budget_limit=budgets.CfnBudget.SpendProperty(
                    amount=environment.spending.budget_usd, unit="USD"
                ),
                cost_filters={"TagKeyValue": [f"user:puls:environment${environment.name}"]},
            ),
            notifications_with_subscribers=[
                _told(environment, "ACTUAL", 50),
                _told(environment, "ACTUAL", 80),
                _told(environment, "ACTUAL", 100),
                _told(environment, "FORECASTED", 100),
            ],
        )


def _told(
    environment: Environment, kind: str, percent: int
) -> budgets.CfnBudget.NotificationWithSubscribersProperty:
    return budgets.CfnBudget.NotificationWithSubscribersProperty(
        notification=budgets.CfnBudget.NotificationProperty(
            comparison_operator="GREATER_THAN",
            notification_type=kind,
            threshold=percent,
            threshold_type="PERCENTAGE",
        ),
        subscribers=[
            budgets.CfnBudget.SubscriberProperty(
                subscription_type="EMAIL", address=environment.alerts_to
            )
        ],
    )


class Threats(Construct):
    """GuardDuty and Config, where `environments.toml` finds them worth their price (docs/decisions/aws.md)."""

    def __init__(
        self, scope: Construct, name: str, *, environment: Environment, records: s3.IBucket
    ) -> None:
        super().__init__(scope, name)
        if environment.spending.guardduty:
            feature = guardduty.CfnDetector.CFNFeatureConfigurationProperty
            guardduty.CfnDetector(
                self,
                "GuardDuty",
                enable=True,
                finding_publishing_frequency="ONE_HOUR",
                features=[
                    feature(name=one, status="ENABLED")
                    for one in ("S3_DATA_EVENTS", "RDS_LOGIN_EVENTS")
                ],
            )
        if environment.spending.config_recorder:
            self._record(records)

    def _record(self, records: s3.IBucket) -> None:
        role = iam.Role(
            self,
            "Recorder",
            assumed_by=iam.ServicePrincipal("config.amazonaws.com"),
            managed_policies=[
                iam.ManagedPolicy.from_aws_managed_policy_name("service-role/AWS_ConfigRole")
            ],
        )
        records.grant_put(role, "AWSLogs/*")
        config.CfnConfigurationRecorder(
            self,
            "Recording",
            role_arn=role.role_arn,
            recording_group=config.CfnConfigurationRecorder.RecordingGroupProperty(
                all_supported=False,
                resource_types=[
                    "AWS::EC2::SecurityGroup", "AWS::IAM::Role", "AWS::RDS::DBInstance", "AWS::S3::Bucket",
                ],
            ),
        )  # fmt: skip
        config.CfnDeliveryChannel(self, "Delivered", s3_bucket_name=records.bucket_name)


class Pipeline(Construct):
    """`role`: GitHub's workflows of one repository, in the environment of this name, and nobody else, without a stored key."""

    def __init__(self, scope: Construct, name: str, *, environment: Environment) -> None:
        super().__init__(scope, name)
        self._environment = environment
        stack = Stack.of(self)
        arn = stack.format_arn(
            service="iam", region="", resource="oidc-provider", resource_name=_GITHUB
        )
        provider = (
            iam.CfnOIDCProvider(
                self, "GitHub", url=f"https://{_GITHUB}", client_id_list=["sts.amazonaws.com"]
            )
            if environment.creates_github_provider
            else None
        )
        self.role = iam.Role(
            self,
            "Deploys",
            role_name=f"puls-{environment.name}-deploy",
            description="GitHub Actions, by OpenID Connect",
            assumed_by=iam.FederatedPrincipal(
                arn,
                {
                    "StringEquals": {
                        f"{_GITHUB}:aud": "sts.amazonaws.com",
                        f"{_GITHUB}:sub": f"repo:{environment.github}:environment:{environment.name}",
                    }
                },
                "sts:AssumeRoleWithWebIdentity",
            ),
        )
        if provider is not None:
            self.role.node.add_dependency(provider)
        self._allow(stack)

    def _allow(self, stack: Stack) -> None:
        """Push the image, move the services, run `prepare` and the like, deploy stacks through CDK's own roles."""
        name = self._environment.name

        def arn(service: str, resource: str, resource_name: str) -> str:
            return stack.format_arn(service=service, resource=resource, resource_name=resource_name)

        self._may(["ecr:GetAuthorizationToken"], ["*"])
        self._may(
            [
                "ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:CompleteLayerUpload",
                "ecr:DescribeImages", "ecr:GetDownloadUrlForLayer", "ecr:InitiateLayerUpload",
                "ecr:PutImage", "ecr:UploadLayerPart",
            ],
            [arn("ecr", "repository", f"puls/{name}/{one}") for one in ("puls", "collector", "searxng")],
        )  # fmt: skip
        self._may(
            ["ecs:DescribeServices", "ecs:UpdateService"],
            [arn("ecs", "service", f"puls-{name}/{one}") for one in ("api", "worker", "searxng")],
        )
        self._may(
            ["ecs:RunTask"],
            [
                arn("ecs", "task-definition", f"puls-{name}-{one}:*")
                for one in ("prepare", "command")
            ],
        )
        self._may(["ecs:DescribeTasks", "ecs:StopTask"], [arn("ecs", "task", f"puls-{name}/*")])
        self._may(
            [
                "cloudwatch:DescribeAlarms",
                "ecs:DescribeTaskDefinition",
                "ecs:RegisterTaskDefinition",
            ],
            ["*"],
        )
        self._may(  # what a release remembers (deploy/releasing)
            ["ssm:GetParameter", "ssm:PutParameter"],
            [arn("ssm", "parameter", f"puls/{name}/release")],
        )
        self._may(
            ["iam:PassRole"],
            [
                stack.format_arn(
                    service="iam",
                    region="",
                    resource="role",
                    resource_name=f"puls-{name}-{task}-{one}",
                )
                for task in ("api", "worker", "searxng", "prepare", "command")
                for one in ("task", "start")
            ],
            {"StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}},
        )
        self._may(
            ["sts:AssumeRole"],
            [
                stack.format_arn(
                    service="iam", region="", resource="role",
                    resource_name=f"{_BOOTSTRAP}-{one}-role-{stack.account}-{region}",
                )
                for region in (stack.region, "us-east-1")
                for one in ("deploy", "file-publishing", "lookup")
            ],
        )  # fmt: skip

    def _may(
        self, actions: list[str], resources: list[str], conditions: dict[str, object] | None = None
    ) -> None:
        self.role.add_to_policy(
            iam.PolicyStatement(actions=actions, resources=resources, conditions=conditions)
        )


def topic(scope: Construct, name: str, *, environment: Environment, key: kms.IKey) -> sns.Topic:
    """Where alarms are told; e-mail of the operators, who confirm it once."""
    made = sns.Topic(
        scope, name, topic_name=f"puls-{environment.name}-alarms", master_key=key, enforce_ssl=True
    )
    made.add_subscription(subscriptions.EmailSubscription(environment.alerts_to))
    return made
