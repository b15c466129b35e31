"""One environment as stacks, by what may be thrown away: a release touches `service`, never `data`.

`base` (network, keys, secrets, buckets, images) → `data` (PostgreSQL, back-ups) → `service` (what runs, how visitors come in,
alarms); `account` (money, threats, the pipeline's role); `edge` (CloudFront) in us-east-1.
"""

from typing import Any

from aws_cdk import CfnOutput, Duration, RemovalPolicy, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_elasticloadbalancingv2 as elb
from constructs import Construct

from deploy.aws import slo
from deploy.aws.config import Environment
from deploy.aws.parts import account, alarms, rotating, tasks
from deploy.aws.parts.database import Postgres
from deploy.aws.parts.edge import Edge as EdgePart
from deploy.aws.parts.entrance import Entrance
from deploy.aws.parts.keeping import Keeping
from deploy.aws.parts.network import Network
from deploy.aws.parts.secret_values import SecretValues
from deploy.aws.parts.services import Given, Services
from deploy.aws.parts.storage import Storage
from deploy.aws.parts.watching import Watching

_LOGS = ("api", "worker", "searxng", "task", "metrics", "prometheus", "restarts")
_GIB = 1024**3


class Base(Stack):
    """What everything stands on."""

    def __init__(
        self, scope: Construct, name: str, *, environment: Environment, **rest: Any
    ) -> None:
        super().__init__(scope, name, **rest)
        self.storage = Storage(self, "Storage", environment=environment)
        self.network = Network(self, "Network", environment=environment, logs=self.storage.logs)
        self.secret_values = SecretValues(
            self, "Secrets", environment=environment, key=self.storage.data_key
        )
        self.topic = account.topic(
            self, "Alarms", environment=environment, key=self.storage.logs_key
        )
        self.images = tasks.Images(
            tag=environment.image_tag,
            **{
                name: self._repository(name, environment)
                for name in ("puls", "collector", "searxng")
            },
        )
        self.log_groups = {
            name: tasks.log_group(
                self, f"Log-{name}", name, environment=environment, key=self.storage.logs_key
            )
            for name in _LOGS
        }
        self._made_by_aws(environment)
        self.watching = Watching(
            self,
            "Watching",
            environment=environment,
            key=self.storage.data_key,
            log_to=self.log_groups["prometheus"],
        )

    def _made_by_aws(self, environment: Environment) -> None:
        """Groups that services of AWS would make themselves, unencrypted and for ever."""
        name = environment.name
        for number, path in enumerate(
            (
                f"/aws/rds/instance/puls-{name}/postgresql",
                f"/aws/rds/instance/puls-{name}/upgrade",
                f"/aws/lambda/puls-{name}-rotation",
                f"/aws/ecs/containerinsights/puls-{name}/performance",
            )
        ):
            tasks.log_group(
                self, f"Log-aws-{number}", path, environment=environment, key=self.storage.logs_key
            )

    def _repository(self, name: str, environment: Environment) -> ecr.Repository:
        return ecr.Repository(
            self,
            f"Images-{name}",
            repository_name=f"puls/{environment.name}/{name}",
            image_tag_mutability=ecr.TagMutability.IMMUTABLE,
            image_scan_on_push=True,
            encryption=ecr.RepositoryEncryption.KMS,
            encryption_key=self.storage.data_key,
            lifecycle_rules=[
                ecr.LifecycleRule(max_image_count=20, description="Enough to roll back")
            ],
            removal_policy=RemovalPolicy.RETAIN,
        )


class Data(Stack):
    """What must never be lost."""

    def __init__(
        self, scope: Construct, name: str, *, environment: Environment, base: Base, **rest: Any
    ) -> None:
        super().__init__(scope, name, **rest)
        self.postgres = Postgres(
            self,
            "Postgres",
            environment=environment,
            network=base.network,
        )
        Keeping(
            self,
            "Keeping",
            environment=environment,
            key=self.postgres.key,
            topic=base.topic,
            database=self.postgres.instance,
        )
        self._watch(
            environment, alarms.Services(self, "Alarms", environment=environment, topic=base.topic)
        )

    def _watch(self, environment: Environment, watched: alarms.Services) -> None:
        instance = self.postgres.instance
        watched.watch(
            "DatabaseCpu",
            instance.metric_cpu_utilization(),
            threshold=85,
            says="PostgreSQL has used more than 85 % of its processors for a quarter of an hour.",
            runbook="database",
        )
        watched.watch(
            "DatabaseStorage",
            instance.metric_free_storage_space(statistic="Minimum"),
            threshold=environment.database.storage * _GIB // 10,
            below=True,
            says="Less than a tenth of the first storage of PostgreSQL is free.",
            runbook="disk",
        )
        watched.watch(
            "DatabaseReadLatency",
            instance.metric("ReadLatency", statistic="Average"),
            threshold=0.05,
            says="A read from the disk of PostgreSQL takes more than 50 ms.",
            runbook="database",
        )
        watched.watch(
            "DatabaseConnections",
            instance.metric_database_connections(statistic="Maximum"),
            threshold=70 if environment.database.instance.endswith("micro") else 300,
            says="PostgreSQL has more connections than this environment can make by itself.",
            runbook="database",
        )
        for replica in self.postgres.replicas:
            watched.watch(
                f"{replica.node.id}Lag",
                replica.metric("ReplicaLag", statistic="Maximum"),
                threshold=60,
                says="A replica of PostgreSQL is more than a minute behind.",
                runbook="database",
            )


class Service(Stack):
    """What a release changes."""

    def __init__(
        self,
        scope: Construct,
        name: str,
        *,
        environment: Environment,
        base: Base,
        data: Data,
        **rest: Any,
    ) -> None:
        super().__init__(scope, name, **rest)
        workspace = base.watching.workspace
        self.services = Services(
            self,
            "Services",
            environment=environment,
            given=Given(
                network=base.network,
                postgres=data.postgres,
                secret_values=base.secret_values,
                keys=(base.storage.data_key, data.postgres.key),
                images=base.images,
                logs=base.log_groups,
                telemetry=tasks.Telemetry(
                    dimensions=slo.dimensions(),
                    metrics_group=base.log_groups["metrics"],
                    workspace_arn=None if workspace is None else workspace.attr_arn,
                    remote_write=base.watching.remote_write,
                ),
            ),
        )
        self.entrance = Entrance(
            self,
            "Entrance",
            environment=environment,
            network=base.network,
            access_logs=base.storage.logs,
            logs_key=base.storage.logs_key,
        )
        group = self.entrance.send_to(self.services.api)
        self.services.scale(group)
        promised = alarms.Promised(
            self,
            "Promises",
            environment=environment,
            api_logs=base.log_groups["api"],
            topic=base.topic,
        )
        self.services.take_back_on(alarms.names_of(promised.release_alarms))
        self._watch(
            alarms.Services(self, "Alarms", environment=environment, topic=base.topic), group
        )
        rotating.Restarting(
            self,
            "Restarting",
            login=data.postgres.login,
            services=[self.services.api, self.services.worker],
            log_to=base.log_groups["restarts"],
        )
        CfnOutput(self, "Address", value=f"https://{environment.domain}")
        CfnOutput(self, "Cluster", value=self.services.cluster.cluster_name)

    def _watch(self, watched: alarms.Services, group: elb.ApplicationTargetGroup) -> None:
        minutes = Duration.minutes(5)
        watched.watch(
            "NoHealthyTask",
            group.metrics.healthy_host_count(statistic="Minimum", period=minutes),
            threshold=1,
            minutes=5,
            below=True,
            absent_is_bad=True,
            says="No task answers the load balancer.",
            runbook="availability",
        )
        watched.watch(
            "BalancerErrors",
            self.entrance.balancer.metrics.http_code_elb(
                elb.HttpCodeElb.ELB_5XX_COUNT, statistic="Sum", period=minutes
            ),
            threshold=10,
            minutes=5,
            says="The load balancer itself answers with errors.",
            runbook="availability",
        )
        for name, service in (("Api", self.services.api), ("Worker", self.services.worker)):
            watched.watch(
                f"{name}Memory",
                service.metric_memory_utilization(statistic="Maximum", period=minutes),
                threshold=90,
                says="A task is near its memory's end.",
                runbook="availability",
            )
        watched.watch(
            "WorkerAbsent",
            cloudwatch.Metric(
                namespace="ECS/ContainerInsights",
                metric_name="RunningTaskCount",
                dimensions_map={
                    "ClusterName": self.services.cluster.cluster_name,
                    "ServiceName": self.services.worker.service_name,
                },
                statistic="Maximum",
                period=minutes,
            ),
            threshold=1,
            below=True,
            absent_is_bad=True,
            says="No worker runs: nothing is synchronised.",
            runbook="schedule",
        )


class Account(Stack):
    """Money, threats, the pipeline."""

    def __init__(
        self, scope: Construct, name: str, *, environment: Environment, base: Base, **rest: Any
    ) -> None:
        super().__init__(scope, name, **rest)
        account.Spending(self, "Spending", environment=environment)
        account.Threats(self, "Threats", environment=environment, records=base.storage.logs)
        self.pipeline = account.Pipeline(self, "Pipeline", environment=environment)
        CfnOutput(self, "DeployRole", value=self.pipeline.role.role_arn)


class Edge(Stack):
    """CloudFront, in us-east-1."""

    def __init__(
        self, scope: Construct, name: str, *, environment: Environment, **rest: Any
    ) -> None:
        super().__init__(scope, name, **rest)
        EdgePart(self, "Edge", environment=environment)
