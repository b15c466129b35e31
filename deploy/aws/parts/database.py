"""PostgreSQL 18 with pgvector: encrypted, never public, TLS alone, restorable to any moment of the days kept.

The administrator's password is made and renewed by RDS itself; Puls logs in as `puls`, which the task `prepare` makes.
"""

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_rds as rds
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from deploy.aws.config import Environment
from deploy.aws.parts.network import POSTGRESQL_PORT, Network
from deploy.aws.parts.secret_values import login
from deploy.aws.parts.storage import key

ENGINE = rds.DatabaseInstanceEngine.postgres(version=rds.PostgresEngineVersion.VER_18_3)
ADMINISTRATOR = "puls_admin"
_ROTATION_DAYS = 30
_BUFFER_SHARE = "{DBInstanceClassMemory/32768}"  # a quarter of memory, in pages of 8 KiB
_SETTINGS = {
    "rds.force_ssl": "1",
    "ssl_min_protocol_version": "TLSv1.2",
    "shared_buffers": _BUFFER_SHARE,
    "log_connections": "1",
    "log_disconnections": "1",
    "log_min_duration_statement": "2000",
    "log_statement": "ddl",
    "log_parameter_max_length": "0",  # no words of visitors in logs
    "log_parameter_max_length_on_error": "0",
    "idle_in_transaction_session_timeout": "300000",
    "password_encryption": "scram-sha-256",
}


class Postgres(Construct):
    """`instance`, `key`, `login` and `administrator` (secrets), and `host`, which services connect to; `direct_host` is never the proxy."""

    def __init__(
        self,
        scope: Construct,
        name: str,
        *,
        environment: Environment,
        network: Network,
    ) -> None:
        super().__init__(scope, name)
        self._environment = environment
        self._network = network
        self.key = self._key = key(
            self, "Database", "PostgreSQL, its back-ups and logins", environment=environment
        )
        self.login = login(self, environment=environment, key=self.key)
        self._subnets = ec2.SubnetSelection(subnet_group_name="data")
        self.instance = self._instance()
        self.administrator = self._administrator()
        self.replicas = [self._replica(n + 1) for n in range(environment.database.replicas)]
        self._rotate()
        self.direct_host = self.instance.db_instance_endpoint_address
        self.host = self._proxy().endpoint if environment.database.proxy else self.direct_host

    def _instance(self) -> rds.DatabaseInstance:
        size = self._environment.database
        return rds.DatabaseInstance(
            self,
            "Instance",
            instance_identifier=f"puls-{self._environment.name}",
            engine=ENGINE,
            instance_type=ec2.InstanceType(size.instance),
            vpc=self._network.vpc,
            vpc_subnets=self._subnets,
            security_groups=[self._network.groups.database],
            publicly_accessible=False,
            port=POSTGRESQL_PORT,
            credentials=rds.Credentials.from_username(ADMINISTRATOR, encryption_key=self._key),
            manage_master_user_password=True,
            allocated_storage=size.storage,
            max_allocated_storage=size.most_storage,
            storage_type=rds.StorageType.GP3,
            storage_encrypted=True,
            storage_encryption_key=self._key,
            multi_az=size.multi_az,
            backup_retention=Duration.days(size.backup_days),
            preferred_backup_window="01:00-02:00",
            preferred_maintenance_window="tue:02:30-tue:03:30",
            copy_tags_to_snapshot=True,
            delete_automated_backups=False,
            deletion_protection=size.protected,
            auto_minor_version_upgrade=True,
            allow_major_version_upgrade=False,
            iam_authentication=True,
            ca_certificate=rds.CaCertificate.RDS_CA_RSA2048_G1,
            parameter_group=rds.ParameterGroup(
                self,
                "Settings",
                engine=ENGINE,
                description="TLS only, nothing private in logs",
                parameters=_SETTINGS,
            ),
            cloudwatch_logs_exports=["postgresql", "upgrade"],
            **self._watched(),
            removal_policy=RemovalPolicy.SNAPSHOT,
        )

    def _watched(self) -> dict[str, object]:
        return {
            "enable_performance_insights": True,
            "performance_insight_encryption_key": self._key,
            "performance_insight_retention": rds.PerformanceInsightRetention.DEFAULT,
            "monitoring_interval": Duration.minutes(1),
            "monitoring_role": self._monitoring_role(),
        }

    def _monitoring_role(self) -> iam.Role:
        made = self.node.try_find_child("Monitoring")
        if isinstance(made, iam.Role):
            return made
        return iam.Role(
            self,
            "Monitoring",
            assumed_by=iam.ServicePrincipal("monitoring.rds.amazonaws.com"),
            managed_policies=[
                iam.ManagedPolicy.from_aws_managed_policy_name(
                    "service-role/AmazonRDSEnhancedMonitoringRole"
                )
            ],
        )

    def _administrator(self) -> secretsmanager.ISecret:
        """RDS makes this secret together with the instance and renews it every week."""
        assert self.instance.secret is not None
        return self.instance.secret

    def _replica(self, number: int) -> rds.DatabaseInstanceReadReplica:
        size = self._environment.database
        return rds.DatabaseInstanceReadReplica(
            self,
            f"Replica{number}",
            source_database_instance=self.instance,
            instance_type=ec2.InstanceType(size.instance),
            vpc=self._network.vpc,
            vpc_subnets=self._subnets,
            security_groups=[self._network.groups.database],
            publicly_accessible=False,
            storage_encrypted=True,
            storage_encryption_key=self._key,
            deletion_protection=size.protected,
            iam_authentication=True,
            copy_tags_to_snapshot=True,
            auto_minor_version_upgrade=True,
            cloudwatch_logs_exports=["postgresql", "upgrade"],
            **self._watched(),
            removal_policy=RemovalPolicy.DESTROY,
        )

    def _rotate(self) -> None:
        """The login learns where its database is, and gets another password every thirty days."""
        attached = secretsmanager.SecretTargetAttachment(
            self, "Attached", secret=self.login, target=self.instance
        )
        attached.add_rotation_schedule(
            "Rotation",
            hosted_rotation=secretsmanager.HostedRotation.postgre_sql_single_user(
                function_name=f"puls-{self._environment.name}-rotation",
                vpc=self._network.vpc,
                vpc_subnets=ec2.SubnetSelection(subnet_group_name="tasks"),
                security_groups=[self._network.groups.rotation],
            ),
            automatically_after=Duration.days(_ROTATION_DAYS),
            rotate_immediately_on_update=False,
        )

    def _proxy(self) -> rds.DatabaseProxy:
        return rds.DatabaseProxy(
            self,
            "Proxy",
            proxy_target=rds.ProxyTarget.from_instance(self.instance),
            secrets=[self.login],
            vpc=self._network.vpc,
            vpc_subnets=self._subnets,
            security_groups=[self._network.groups.proxy],
            require_tls=True,
            iam_auth=False,
            idle_client_timeout=Duration.minutes(30),
            max_connections_percent=80,
        )
