"""ECS, alarms and the record of an environment. Uses no right beyond those of the role `puls-ENV-deploy` (deploy/aws/parts/account.py).

Names are those of deploy/aws: cluster `puls-ENV`, services `api` and `worker`, container `puls`, alarms `puls-ENV-…`.
"""

from dataclasses import dataclass
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from deploy.releasing.record import Record, read

CONTAINER = "puls"
# What `describe_task_definition` gives and `register_task_definition` refuses.
_NOT_ASKED = ("taskDefinitionArn", "revision", "status", "requiresAttributes", "compatibilities",
              "registeredAt", "registeredBy", "deregisteredAt")  # fmt: skip


class CloudError(RuntimeError):
    """AWS did not do as asked; what it said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """`has_settled`: the wanted number of tasks of `definition` runs and none of another; `has_failed`: ECS gave it up itself."""

    definition: str
    has_settled: bool
    has_failed: bool


class Cloud:
    """One environment. All methods raise CloudError.

    `clients`: of boto3, for ecs, cloudwatch and ssm, with limits on their waits.
    """

    def __init__(self, environment: str, *, ecs: Any, cloudwatch: Any, ssm: Any) -> None:
        self.environment = environment
        self._cluster = f"puls-{environment}"
        self._ecs, self._cloudwatch, self._ssm = ecs, cloudwatch, ssm

    def service(self, name: str) -> Service:
        """How a service stands now."""
        found = _asked(self._ecs.describe_services, cluster=self._cluster, services=[name])
        if not found["services"]:
            raise CloudError(f"There is no service « {name} » in {self._cluster}.")
        return service_of(found["services"][0])

    def image_of(self, definition: str) -> str:
        """The image that a task definition runs."""
        found = _asked(self._ecs.describe_task_definition, taskDefinition=definition)
        return str(_container(found["taskDefinition"])["image"])

    def prepare(self, definition: str, *, image: str) -> str:
        """The same task definition with another image; its address."""
        found = _asked(self._ecs.describe_task_definition, taskDefinition=definition)
        wanted = {k: v for k, v in found["taskDefinition"].items() if k not in _NOT_ASKED}
        _container(wanted)["image"] = image
        made = _asked(self._ecs.register_task_definition, **wanted)
        return str(made["taskDefinition"]["taskDefinitionArn"])

    def point(self, name: str, *, definition: str) -> None:
        """Replace a service's tasks, a few at a time; asking twice changes nothing."""
        if self.service(name).definition != definition:
            _asked(self._ecs.update_service, cluster=self._cluster, service=name, taskDefinition=definition)  # fmt: skip

    def alarms(self) -> frozenset[str]:
        """The names of those that speak now."""
        pages = self._cloudwatch.get_paginator("describe_alarms").paginate(
            AlarmNamePrefix=f"puls-{self.environment}-", StateValue="ALARM",
            AlarmTypes=["MetricAlarm", "CompositeAlarm"],
        )  # fmt: skip
        try:
            found = [one for page in pages for kind in ("MetricAlarms", "CompositeAlarms") for one in page.get(kind, [])]  # fmt: skip
        except (BotoCoreError, ClientError) as error:
            raise CloudError(str(error)) from error
        return frozenset(str(one["AlarmName"]) for one in found)

    def read_record(self) -> Record | None:
        """Of the last release; None before the first. Raises RecordError too."""
        try:
            found = self._ssm.get_parameter(Name=self._record)
        except self._ssm.exceptions.ParameterNotFound:
            return None
        except (BotoCoreError, ClientError) as error:
            raise CloudError(str(error)) from error
        return read(found["Parameter"]["Value"])

    def write_record(self, record: Record) -> None:
        """In place of the one before."""
        _asked(
            self._ssm.put_parameter, Name=self._record, Value=record.told(), Type="String", Overwrite=True
        )  # fmt: skip

    @property
    def _record(self) -> str:
        return f"/puls/{self.environment}/release"


def service_of(described: dict[str, Any]) -> Service:
    """From what ECS says. Pure."""
    deployments = described.get("deployments", [])
    newest: dict[str, Any] = next(
        (one for one in deployments if one.get("status") == "PRIMARY"), {}
    )
    state = newest.get("rolloutState")
    counts = newest.get("runningCount", 0) >= newest.get("desiredCount", 1)
    is_of_it = newest.get("taskDefinition") == described["taskDefinition"]
    return Service(
        definition=str(described["taskDefinition"]),
        has_settled=len(deployments) == 1
        and is_of_it
        and (state == "COMPLETED" or (state is None and bool(counts))),
        has_failed=state == "FAILED",
    )


def _container(definition: dict[str, Any]) -> dict[str, Any]:
    for one in definition["containerDefinitions"]:
        if one["name"] == CONTAINER:
            return one  # type: ignore[no-any-return]  # boto3 has no types
    raise CloudError(f"The task definition has no container « {CONTAINER} ».")


def _asked(call: Any, **words: Any) -> Any:
    try:
        return call(**words)
    except (BotoCoreError, ClientError) as error:
        raise CloudError(str(error)) from error
