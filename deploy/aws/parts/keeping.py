"""Back-ups by AWS Backup, apart from RDS's own: daily, monthly in production, in a vault that is locked."""

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_backup as backup
from aws_cdk import aws_events as events
from aws_cdk import aws_kms as kms
from aws_cdk import aws_rds as rds
from aws_cdk import aws_sns as sns
from constructs import Construct

from deploy.aws.config import Environment


class Keeping(Construct):
    """`vault` and `plan`. What fails is told on the topic."""

    def __init__(
        self,
        scope: Construct,
        name: str,
        *,
        environment: Environment,
        key: kms.IKey,
        topic: sns.ITopic,
        database: rds.IDatabaseInstance,
    ) -> None:
        super().__init__(scope, name)
        keeping = environment.keeping
        self.vault = backup.BackupVault(
            self,
            "Vault",
            backup_vault_name=f"puls-{environment.name}",
            encryption_key=key,
            notification_topic=topic,
            notification_events=[
                backup.BackupVaultEvents.BACKUP_JOB_FAILED,
                backup.BackupVaultEvents.BACKUP_JOB_EXPIRED,
                backup.BackupVaultEvents.RESTORE_JOB_COMPLETED,
            ],
            block_recovery_point_deletion=environment.is_production,
            # Without a `change_grace_time` the lock is governance: an administrator may still lift it.
            lock_configuration=backup.LockConfiguration(
                min_retention=Duration.days(keeping.locked_days)
            )
            if environment.is_production
            else None,
            removal_policy=RemovalPolicy.RETAIN
            if environment.database.protected
            else RemovalPolicy.DESTROY,
        )
        self.plan = backup.BackupPlan(
            self, "Plan", backup_plan_name=f"puls-{environment.name}", backup_vault=self.vault
        )
        self.plan.add_rule(_rule("daily", {"hour": "3", "minute": "15"}, keeping.backup_days))
        if keeping.monthly_backup_days:
            self.plan.add_rule(
                _rule(
                    "monthly",
                    {"day": "1", "hour": "4", "minute": "15"},
                    keeping.monthly_backup_days,
                )
            )
        self.plan.add_selection(
            "Database",
            resources=[backup.BackupResource.from_rds_database_instance(database)],
            allow_restores=True,
        )


def _rule(name: str, when: dict[str, str], days: int) -> backup.BackupPlanRule:
    return backup.BackupPlanRule(
        rule_name=name,
        schedule_expression=events.Schedule.cron(**when),
        start_window=Duration.hours(1),
        completion_window=Duration.hours(4),
        delete_after=Duration.days(days),
    )
