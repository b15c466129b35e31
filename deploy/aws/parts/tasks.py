"""Task definitions: what runs, as whom, with which variables. ARM, read-only root, no account of its own beyond what it needs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aws_cdk import Duration, RemovalPolicy, Stack
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from constructs import Construct

from deploy.aws.config import Environment, Service
from deploy.aws.parts import collector

_PULS_USER = "10001:10001"  # the image's own (Dockerfile)
_COLLECTOR_USER = "4317:4317"  # any that is not root
_STOP_SECONDS = 60  # streams end within 20, a job is handed back within 10
_COLLECTOR_MEMORY = 128


@dataclass(frozen=True, slots=True, kw_only=True)
class Images:
    """Repositories of this account; the tags are immutable."""

    puls: ecr.IRepository
    collector: ecr.IRepository
    searxng: ecr.IRepository
    tag: str
    collector_tag: str = "0.43.3"
    searxng_tag: str = "2026.11"


@dataclass(frozen=True, slots=True, kw_only=True)
class Telemetry:
    """Where the collector of a task writes."""

    dimensions: Mapping[str, list[list[str]]]
    metrics_group: logs.ILogGroup
    workspace_arn: str | None
    remote_write: str | None


def log_group(
    scope: Construct, name: str, path: str, *, environment: Environment, key: kms.IKey
) -> logs.LogGroup:
    """A group of log lines, encrypted and forgotten in time. A path that begins with / is what AWS itself would make."""
    return logs.LogGroup(
        scope,
        name,
        log_group_name=path if path.startswith("/") else f"/puls/{environment.name}/{path}",
        encryption_key=key,
        retention=retention_of(environment.keeping.log_days),
        removal_policy=RemovalPolicy.DESTROY,
    )


def retention_of(days: int) -> logs.RetentionDays:
    names = {
        1: "ONE_DAY", 3: "THREE_DAYS", 7: "ONE_WEEK", 14: "TWO_WEEKS", 30: "ONE_MONTH",
        60: "TWO_MONTHS", 90: "THREE_MONTHS", 180: "SIX_MONTHS", 365: "ONE_YEAR",
    }  # fmt: skip
    return logs.RetentionDays[names[days]]


class Task(Construct):
    """`definition` and the container `puls` of one service or of a command run by hand."""

    def __init__(
        self,
        scope: Construct,
        name: str,
        *,
        environment: Environment,
        size: Service,
        images: Images,
        log_to: logs.ILogGroup,
        command: Sequence[str],
        variables: Mapping[str, str],
        secrets: Mapping[str, ecs.Secret],
        keys: Sequence[kms.IKey],
        telemetry: Telemetry | None = None,
        entry_point: Sequence[str] | None = None,
        health: Sequence[str] | None = None,
        port: int | None = None,
    ) -> None:
        super().__init__(scope, name)
        self.definition = definition(self, f"puls-{environment.name}-{name.lower()}", size)
        self.container = self.definition.add_container(
            "puls",
            image=ecs.ContainerImage.from_ecr_repository(images.puls, images.tag),
            command=list(command),
            entry_point=None if entry_point is None else list(entry_point),
            environment=dict(variables),
            secrets=dict(secrets),
            user=_PULS_USER,
            readonly_root_filesystem=True,
            essential=True,
            stop_timeout=Duration.seconds(_STOP_SECONDS),
            linux_parameters=_init(self),
            logging=ecs.LogDrivers.aws_logs(
                stream_prefix=name.lower(), log_group=log_to, mode=ecs.AwsLogDriverMode.NON_BLOCKING
            ),
            health_check=None if health is None else _health(health),
            port_mappings=[] if port is None else [ecs.PortMapping(container_port=port)],
        )
        mount(self.definition, self.container, {"tmp": "/tmp", "home": "/var/lib/puls"})
        let_decrypt(self.definition, keys)
        if telemetry is not None:
            self._collect(environment, images, log_to, telemetry)

    def _collect(
        self, environment: Environment, images: Images, log_to: logs.ILogGroup, to: Telemetry
    ) -> None:
        self.definition.add_container(
            "collector",
            image=ecs.ContainerImage.from_ecr_repository(images.collector, images.collector_tag),
            environment={
                "AOT_CONFIG_CONTENT": collector.configuration(
                    environment, dict(to.dimensions), to.remote_write
                )
            },
            user=_COLLECTOR_USER,
            readonly_root_filesystem=True,
            essential=False,  # a collector that fails stops no answer
            memory_limit_mib=_COLLECTOR_MEMORY,
            linux_parameters=_init(self, "Collector"),
            logging=ecs.LogDrivers.aws_logs(stream_prefix="collector", log_group=log_to),
        )
        role = self.definition.task_role
        to.metrics_group.grant(
            role, "logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"
        )
        role.add_to_principal_policy(
            iam.PolicyStatement(
                actions=["xray:PutTraceSegments", "xray:PutTelemetryRecords"], resources=["*"]
            )
        )
        if to.workspace_arn is not None:
            role.add_to_principal_policy(
                iam.PolicyStatement(actions=["aps:RemoteWrite"], resources=[to.workspace_arn])
            )


def definition(scope: Construct, family: str, size: Service) -> ecs.FargateTaskDefinition:
    """An ARM task that only ECS itself, in this account, may start."""
    account = Stack.of(scope).account
    return ecs.FargateTaskDefinition(
        scope,
        "Definition",
        family=family,
        cpu=size.cpu,
        memory_limit_mib=size.memory,
        runtime_platform=ecs.RuntimePlatform(
            cpu_architecture=ecs.CpuArchitecture.ARM64,
            operating_system_family=ecs.OperatingSystemFamily.LINUX,
        ),
        task_role=_role(scope, "Role", f"{family}-task", account, "What its containers may do"),
        execution_role=_role(
            scope, "StartRole", f"{family}-start", account, "What ECS needs to start it"
        ),
    )


def _role(scope: Construct, name: str, role_name: str, account: str, what: str) -> iam.Role:
    """A name of its own, so that the pipeline may pass these roles on and no others."""
    return iam.Role(
        scope,
        name,
        role_name=role_name,
        assumed_by=iam.ServicePrincipal(
            "ecs-tasks.amazonaws.com", conditions={"StringEquals": {"aws:SourceAccount": account}}
        ),
        description=what,
    )


def let_decrypt(task: ecs.FargateTaskDefinition, keys: Sequence[kms.IKey]) -> None:
    """What starts the task reads its secrets, which these keys encrypt."""
    role = task.obtain_execution_role()
    for key in keys:
        key.grant_decrypt(role)


def mount(
    task: ecs.FargateTaskDefinition, container: ecs.ContainerDefinition, places: Mapping[str, str]
) -> None:
    """Folders that may be written although the root may not; they end with the task."""
    for name, path in places.items():
        task.add_volume(name=name)
        container.add_mount_points(
            ecs.MountPoint(container_path=path, source_volume=name, read_only=False)
        )


def _init(scope: Construct, name: str = "Puls") -> ecs.LinuxParameters:
    """A first process that reaps, and no capability of the kernel's that a web server has no use for."""
    parameters = ecs.LinuxParameters(scope, f"{name}Linux", init_process_enabled=True)
    parameters.drop_capabilities(ecs.Capability.ALL)
    return parameters


def _health(command: Sequence[str]) -> ecs.HealthCheck:
    return ecs.HealthCheck(
        command=["CMD", *command],
        interval=Duration.seconds(15),
        timeout=Duration.seconds(5),
        retries=4,
        start_period=Duration.seconds(60),
    )
