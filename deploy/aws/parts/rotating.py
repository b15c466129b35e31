"""After the password of Puls was renewed, its services start anew to learn it. No code of ours runs for that."""

from aws_cdk import Duration
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_logs as logs
from aws_cdk import aws_secretsmanager as secretsmanager
from aws_cdk import aws_stepfunctions as steps
from aws_cdk import aws_stepfunctions_tasks as tasks
from constructs import Construct


class Restarting(Construct):
    """Connections that are open stay; new ones fail until the new tasks are there, about three minutes."""

    def __init__(
        self,
        scope: Construct,
        name: str,
        *,
        login: secretsmanager.ISecret,
        services: list[ecs.FargateService],
        log_to: logs.ILogGroup,
    ) -> None:
        super().__init__(scope, name)
        renewing = steps.Parallel(self, "Each service")
        for service in services:
            renewing.branch(
                tasks.CallAwsService(
                    self,
                    f"Restart {service.node.id}",
                    service="ecs",
                    action="updateService",
                    parameters={
                        "Cluster": service.cluster.cluster_name,
                        "Service": service.service_name,
                        "ForceNewDeployment": True,
                    },
                    iam_resources=[service.service_arn],
                )
            )
        machine = steps.StateMachine(
            self,
            "Machine",
            definition_body=steps.DefinitionBody.from_chainable(renewing),
            timeout=Duration.minutes(5),
            tracing_enabled=True,
            logs=steps.LogOptions(destination=log_to, level=steps.LogLevel.ALL),
        )
        events.Rule(
            self,
            "Renewed",
            description="The password of Puls was renewed",
            event_pattern=events.EventPattern(
                source=["aws.secretsmanager"],
                detail_type=["AWS Service Event via CloudTrail"],
                detail={
                    "eventName": ["RotationSucceeded"],
                    "additionalEventData": {"SecretId": [login.secret_arn]},
                },
            ),
            targets=[targets.SfnStateMachine(machine)],
        )
