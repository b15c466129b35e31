"""Keys and buckets: what is kept beside the database. Everything encrypted, versioned, reached over TLS alone."""

from aws_cdk import ArnFormat, Duration, RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from constructs import Construct

from deploy.aws.config import Environment

_COLD_AFTER_DAYS = 30


def key(scope: Construct, name: str, what: str, *, environment: Environment) -> kms.Key:
    """A key of our own, renewed every year; it outlives its stack where the data does."""
    return kms.Key(
        scope,
        name,
        description=f"Puls {environment.name}: {what}",
        alias=f"puls/{environment.name}/{name.lower()}",
        enable_key_rotation=True,
        pending_window=Duration.days(30),
        removal_policy=RemovalPolicy.RETAIN
        if environment.database.protected
        else RemovalPolicy.DESTROY,
    )


class Storage(Construct):
    """`data_key`, `logs_key`, and the buckets `logs`, `backups`, `exports`."""

    def __init__(self, scope: Construct, name: str, *, environment: Environment) -> None:
        super().__init__(scope, name)
        self._environment = environment
        self.data_key = key(self, "Data", "database, back-ups, secrets", environment=environment)
        self.logs_key = key(self, "Logs", "logs and alarms", environment=environment)
        self._let_services_use(self.logs_key)
        self.logs = self._log_bucket()
        self.backups = self._backup_bucket()
        self.exports = self._export_bucket()

    def _let_services_use(self, logs_key: kms.Key) -> None:
        """CloudWatch Logs encrypts the groups of this account, CloudWatch alarms and budgets write to the topic."""
        stack = Stack.of(self)
        logs_key.grant_encrypt_decrypt(
            iam.ServicePrincipal(
                f"logs.{stack.region}.amazonaws.com",
                conditions={
                    "ArnLike": {
                        "kms:EncryptionContext:aws:logs:arn": [
                            stack.format_arn(
                                service="logs",
                                resource="log-group",
                                resource_name=name,
                                arn_format=ArnFormat.COLON_RESOURCE_NAME,
                            )
                            for name in ("/puls/*", "aws-waf-logs-puls-*", "/aws/*")
                        ]
                    }
                },
            )
        )
        for service in ("cloudwatch", "budgets", "events", "backup"):
            logs_key.grant_encrypt_decrypt(
                iam.ServicePrincipal(
                    f"{service}.amazonaws.com",
                    conditions={"StringEquals": {"aws:SourceAccount": stack.account}},
                )
            )

    def _log_bucket(self) -> s3.Bucket:
        """Access logs of the load balancer and of the other buckets; ELB writes with S3's own key only."""
        return s3.Bucket(
            self,
            "AccessLogs",
            encryption=s3.BucketEncryption.S3_MANAGED,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            lifecycle_rules=[
                s3.LifecycleRule(
                    id="forget",
                    expiration=Duration.days(self._environment.keeping.log_days),
                    noncurrent_version_expiration=Duration.days(1),
                    abort_incomplete_multipart_upload_after=Duration.days(1),
                )
            ],
            **self._always(),
        )

    def _backup_bucket(self) -> s3.Bucket:
        """Logical dumps. Locked: in production nobody deletes one early, elsewhere only who may bypass governance."""
        keeping = self._environment.keeping
        days = Duration.days(keeping.locked_days)
        return s3.Bucket(
            self,
            "Backups",
            encryption=s3.BucketEncryption.KMS,
            encryption_key=self.data_key,
            bucket_key_enabled=True,
            object_lock_enabled=True,
            object_lock_default_retention=s3.ObjectLockRetention.compliance(days)
            if self._environment.is_production
            else s3.ObjectLockRetention.governance(days),
            server_access_logs_bucket=self.logs,
            server_access_logs_prefix="s3-backups/",
            lifecycle_rules=[
                s3.LifecycleRule(
                    id="keep",
                    transitions=self._colder(keeping.monthly_backup_days),
                    expiration=Duration.days(
                        max(
                            keeping.backup_days,
                            keeping.monthly_backup_days,
                            keeping.locked_days + 1,
                        )
                    ),
                    noncurrent_version_expiration=Duration.days(keeping.locked_days + 1),
                    abort_incomplete_multipart_upload_after=Duration.days(1),
                )
            ],
            **self._always(),
        )

    def _export_bucket(self) -> s3.Bucket:
        """What operators take out: reports, evaluations, a visitor's own data on request."""
        return s3.Bucket(
            self,
            "Exports",
            encryption=s3.BucketEncryption.KMS,
            encryption_key=self.data_key,
            bucket_key_enabled=True,
            server_access_logs_bucket=self.logs,
            server_access_logs_prefix="s3-exports/",
            lifecycle_rules=[
                s3.LifecycleRule(
                    id="forget",
                    expiration=Duration.days(self._environment.keeping.export_days),
                    noncurrent_version_expiration=Duration.days(7),
                    abort_incomplete_multipart_upload_after=Duration.days(1),
                )
            ],
            **self._always(),
        )

    @staticmethod
    def _colder(kept_days: int) -> list[s3.Transition]:
        if kept_days <= _COLD_AFTER_DAYS + 90:  # Glacier Instant Retrieval bills 90 days at least
            return []
        return [
            s3.Transition(
                storage_class=s3.StorageClass.GLACIER_INSTANT_RETRIEVAL,
                transition_after=Duration.days(_COLD_AFTER_DAYS),
            )
        ]

    def _always(self) -> dict[str, object]:
        return {
            "block_public_access": s3.BlockPublicAccess.BLOCK_ALL,
            "enforce_ssl": True,
            "minimum_tls_version": 1.2,
            "versioned": True,
            "removal_policy": RemovalPolicy.RETAIN,
        }
