"""The services on Fargate: page and API, worker, SearXNG; and the two tasks that are run by hand.

A release that does not become healthy, or that makes visitors' alarms speak, is taken back by ECS itself.
"""

from dataclasses import dataclass
from typing import cast

from aws_cdk import Duration
from aws_cdk import aws_applicationautoscaling as scaling
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_elasticloadbalancingv2 as elb
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_secretsmanager as secretsmanager
from aws_cdk import aws_servicediscovery as discovery
from constructs import Construct

from deploy.aws import variables
from deploy.aws.config import HERE, Environment, Service
from deploy.aws.parts import collector, tasks
from deploy.aws.parts.database import Postgres
from deploy.aws.parts.network import API_PORT, SEARXNG_PORT, Network
from deploy.aws.parts.secret_values import SecretValues
from deploy.aws.parts.tasks import Images, Task, Telemetry

_HEALTHY = ("python3", "-I", "/opt/puls/healthy.py")  # of the image
_PYTHON = "/opt/puls/bin/python"
_FRESH = Service(cpu=256, memory=1024, fewest=0, most=0)  # of a task by hand
_QUEUE_STEPS = ((60, 0), (120, 1), (600, 2))  # seconds the oldest job waits → tasks more


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What the services stand on."""

    network: Network
    postgres: Postgres
    secret_values: SecretValues
    keys: tuple[kms.IKey, ...]
    images: Images
    telemetry: Telemetry
    logs: dict[str, logs.ILogGroup]


class Services(Construct):
    """`cluster`, `api`, `worker`, `searxng` (None where none is wanted)."""

    def __init__(
        self, scope: Construct, name: str, *, environment: Environment, given: Given
    ) -> None:
        super().__init__(scope, name)
        self._environment = environment
        self._given = given
        self.cluster = ecs.Cluster(
            self,
            "Cluster",
            cluster_name=f"puls-{environment.name}",
            vpc=given.network.vpc,
            container_insights_v2=ecs.ContainerInsights.ENHANCED
            if environment.is_production
            else ecs.ContainerInsights.ENABLED,
        )
        self._names = discovery.PrivateDnsNamespace(
            self, "Names", name=f"puls-{environment.name}.internal", vpc=given.network.vpc
        )
        self.searxng = self._searxng() if environment.searxng.most else None
        api = self._puls(
            "Api",
            environment.api,
            ["serve", "--host", "0.0.0.0", "--port", str(API_PORT)],  # behind its security group
            port=API_PORT,
        )
        worker = self._puls("Worker", environment.worker, ["worker"])
        self.api = self._service("api", api.definition, given.network.groups.api, environment.api)
        self.worker = self._service(
            "worker", worker.definition, given.network.groups.worker, environment.worker
        )
        self._by_hand()

    def _places(self) -> variables.Places:
        environment = self._environment
        has_searxng = environment.searxng.most > 0
        return variables.Places(
            database_host=self._given.postgres.host,
            origin=environment.origin,
            public_url=f"https://{environment.domain}",
            network=environment.network,
            searxng_url=f"http://searxng.puls-{environment.name}.internal:{SEARXNG_PORT}"
            if has_searxng
            else None,
        )

    def _secrets(self) -> dict[str, ecs.Secret]:
        values = self._given.secret_values
        return {
            "PULS_SECRET": self._secret(values.signing),
            "PGPASSWORD": self._secret(self._given.postgres.login, "password"),
            **{
                variable: self._secret(values.keys, setting)
                for setting, variable in variables.secret_names(self._environment).items()
            },
        }

    def _secret(self, secret: secretsmanager.ISecret, field: str | None = None) -> ecs.Secret:
        """By its address alone: otherwise the key's policy would name a role of this stack, and neither could be made first."""
        name = f"Known{secret.node.id}"
        known = self.node.try_find_child(name) or secretsmanager.Secret.from_secret_complete_arn(
            self, name, secret.secret_arn
        )
        return ecs.Secret.from_secrets_manager(cast("secretsmanager.ISecret", known), field)

    def _variables(self, service: str) -> dict[str, str]:
        """The worker listens and locks by session, which a proxy that shares connections cannot promise."""
        found = variables.plain(self._environment, service, self._places())
        if service != "api":
            direct = variables.plain(
                self._environment,
                service,
                variables.Places(
                    database_host=self._given.postgres.direct_host,
                    origin="", public_url="", network="", searxng_url=None,
                ),
            )  # fmt: skip
            found["PULS_DATABASE_URL"] = direct["PULS_DATABASE_URL"]
        return found

    def _puls(self, name: str, size: Service, command: list[str], port: int | None = None) -> Task:
        return Task(
            self,
            name,
            environment=self._environment,
            size=size,
            images=self._given.images,
            keys=self._given.keys,
            log_to=self._given.logs[name.lower()],
            command=command,
            variables=self._variables(name.lower()),
            secrets=self._secrets(),
            telemetry=self._given.telemetry,
            health=_HEALTHY if port else None,
            port=port,
        )

    def _service(
        self,
        name: str,
        definition: ecs.FargateTaskDefinition,
        group: ec2.ISecurityGroup,
        size: Service,
        found_as: ecs.CloudMapOptions | None = None,
    ) -> ecs.FargateService:
        return ecs.FargateService(
            self,
            f"{name.capitalize()}Service",
            service_name=name,
            cluster=self.cluster,
            task_definition=definition,
            desired_count=size.fewest,
            min_healthy_percent=100 if name == "api" else 0,
            max_healthy_percent=200,
            assign_public_ip=False,
            vpc_subnets=ec2.SubnetSelection(subnet_group_name="tasks"),
            security_groups=[group],
            circuit_breaker=ecs.DeploymentCircuitBreaker(enable=True, rollback=True),
            availability_zone_rebalancing=ecs.AvailabilityZoneRebalancing.ENABLED,
            enable_execute_command=False,
            propagate_tags=ecs.PropagatedTagSource.SERVICE,
            enable_ecs_managed_tags=True,
            cloud_map_options=found_as,
            health_check_grace_period=Duration.minutes(3) if name == "api" else None,
        )

    def _searxng(self) -> ecs.FargateService:
        """AGPL, a program of its own; its image is the public one with our settings (docs/how-to/aws.md)."""
        size = self._environment.searxng
        family = f"puls-{self._environment.name}-searxng"
        scope = Construct(self, "Searxng")
        definition = tasks.definition(scope, family, size)
        images = self._given.images
        container = definition.add_container(
            "searxng",
            image=ecs.ContainerImage.from_ecr_repository(images.searxng, images.searxng_tag),
            environment={"SEARXNG_PORT": str(SEARXNG_PORT), "SEARXNG_LIMITER": "false"},
            secrets={"SEARXNG_SECRET": self._secret(self._given.secret_values.searxng)},
            user="977:977",  # the image's own
            readonly_root_filesystem=True,
            essential=True,
            logging=ecs.LogDrivers.aws_logs(
                stream_prefix="searxng", log_group=self._given.logs["searxng"]
            ),
            port_mappings=[ecs.PortMapping(container_port=SEARXNG_PORT)],
        )
        tasks.let_decrypt(definition, self._given.keys[:1])
        tasks.mount(definition, container, {"tmp": "/tmp", "cache": "/var/cache/searxng"})
        return self._service(
            "searxng",
            definition,
            self._given.network.groups.searxng,
            size,
            ecs.CloudMapOptions(
                name="searxng",
                cloud_map_namespace=self._names,
                dns_record_type=discovery.DnsRecordType.A,
            ),
        )

    def _by_hand(self) -> None:
        """`prepare` makes roles and database as administrator; `command` runs any command of Puls."""
        postgres = self._given.postgres
        self.prepare = Task(
            self,
            "Prepare",
            environment=self._environment,
            size=_FRESH,
            images=self._given.images,
            keys=self._given.keys,
            log_to=self._given.logs["task"],
            entry_point=[_PYTHON, "-c"],
            command=[(HERE / "prepare_database.py").read_text(encoding="utf-8")],
            variables={
                "PGHOST": postgres.direct_host,
                "PGDATABASE": "postgres",
                "PGSSLMODE": "require",
                "PREPARE_USER": "puls",
                "PREPARE_DATABASE": "puls",
            },
            secrets={
                "PGUSER": self._secret(postgres.administrator, "username"),
                "PGPASSWORD": self._secret(postgres.administrator, "password"),
                "PREPARE_PASSWORD": self._secret(self._given.postgres.login, "password"),
            },
        )
        self.command = Task(
            self,
            "Command",
            environment=self._environment,
            size=_FRESH,
            images=self._given.images,
            keys=self._given.keys,
            log_to=self._given.logs["task"],
            command=["status"],
            variables={
                name: value
                for name, value in self._variables("task").items()
                if not name.startswith("OTEL_")
            },
            secrets=self._secrets(),
        )

    def scale(self, group: elb.ApplicationTargetGroup) -> None:
        """The api by requests and by processor; the worker by how long the oldest job waits."""
        environment = self._environment
        api = self.api.auto_scale_task_count(
            min_capacity=environment.api.fewest, max_capacity=environment.api.most
        )
        api.scale_on_request_count(
            "Requests",
            target_group=group,
            requests_per_target=environment.requests_per_task_minute,
            scale_in_cooldown=Duration.minutes(10),
            scale_out_cooldown=Duration.minutes(1),
        )
        api.scale_on_cpu_utilization("Cpu", target_utilization_percent=60)
        worker = self.worker.auto_scale_task_count(
            min_capacity=environment.worker.fewest, max_capacity=environment.worker.most
        )
        if environment.worker.most > environment.worker.fewest:
            self._scale_by_queue(worker)

    def _scale_by_queue(self, worker: ecs.ScalableTaskCount) -> None:
        (calm, _), (late, one), (very_late, two) = _QUEUE_STEPS
        worker.scale_on_metric(
            "Queue",
            metric=cloudwatch.Metric(
                namespace=collector.namespace(self._environment),
                metric_name="puls_queue_oldest_seconds",
                dimensions_map={"service.name": "puls-worker"},
                statistic="Maximum",
                period=Duration.minutes(1),
            ),
            scaling_steps=[
                scaling.ScalingInterval(upper=calm, change=-1),
                scaling.ScalingInterval(lower=late, change=one),
                scaling.ScalingInterval(lower=very_late, change=two),
            ],
            adjustment_type=scaling.AdjustmentType.CHANGE_IN_CAPACITY,
            cooldown=Duration.minutes(5),
            evaluation_periods=3,
        )

    def take_back_on(self, alarm_names: list[str]) -> None:
        """A release during which one of these speaks is taken back."""
        self.api.enable_deployment_alarms(alarm_names, behavior=ecs.AlarmBehavior.ROLLBACK_ON_ALARM)
