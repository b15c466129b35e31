"""One command of Puls as a task of its own on ECS, waited for: `python -m deploy.releasing.tasks --environment staging -- index status`.

Takes network and groups from the service `worker`; runs the image that the worker runs now. Ends as the command ends; 2: it did not run to its end.
"""

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from deploy.releasing.cloud import CONTAINER, Cloud, CloudError

_NOT_DONE = 2
_ROUND_SECONDS = 10.0


def run(
    ecs: Any,
    environment: str,
    command: Sequence[str],
    *,
    seconds: float,
    sleep: Callable[[float], None],
    round_seconds: float = _ROUND_SECONDS,
) -> int:
    """The exit code of the command. A task that takes longer than `seconds` is stopped. Raises CloudError, and boto3's own errors."""
    cluster = f"puls-{environment}"
    worker = ecs.describe_services(cluster=cluster, services=["worker"])["services"][0]
    image = Cloud(environment, ecs=ecs, cloudwatch=None, ssm=None).image_of(worker["taskDefinition"])  # fmt: skip
    definition = Cloud(environment, ecs=ecs, cloudwatch=None, ssm=None).prepare(
        f"{cluster}-command", image=image
    )
    started = ecs.run_task(
        cluster=cluster,
        taskDefinition=definition,
        launchType="FARGATE",
        networkConfiguration=worker["networkConfiguration"],
        overrides={"containerOverrides": [{"name": CONTAINER, "command": list(command)}]},
        startedBy="pipeline",
    )
    if not started["tasks"]:
        raise CloudError(f"The task does not start: {started.get('failures')}")
    task = str(started["tasks"][0]["taskArn"])
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        now = ecs.describe_tasks(cluster=cluster, tasks=[task])["tasks"][0]
        if now["lastStatus"] == "STOPPED":
            return _ended(now)
        sleep(round_seconds)
    ecs.stop_task(cluster=cluster, task=task, reason="took too long")
    raise CloudError(f"« {' '.join(command)} » was stopped after {seconds:.0f} s: {task}")


def _ended(task: Any) -> int:
    for one in task.get("containers", []):
        if one.get("name") == CONTAINER and "exitCode" in one:
            return int(one["exitCode"])
    raise CloudError(f"The task never ran: {task.get('stoppedReason', 'ECS does not say why')}.")


def main(arguments: Sequence[str]) -> int:
    """Run it and say how it ended; its words are in the log group `/puls/ENV/task`."""
    parser = argparse.ArgumentParser(prog="python -m deploy.releasing.tasks")
    parser.add_argument("--environment", required=True, choices=("dev", "staging", "production"))
    parser.add_argument("--region", default="eu-west-3")
    parser.add_argument("--seconds", type=float, default=7_200)
    parser.add_argument("command", nargs="+")
    given = parser.parse_args(arguments)
    ecs = boto3.client("ecs", region_name=given.region, config=Config(connect_timeout=5, read_timeout=30))  # fmt: skip
    try:
        code = run(ecs, given.environment, given.command, seconds=given.seconds, sleep=time.sleep)
    except (BotoCoreError, ClientError, CloudError, KeyError, IndexError) as error:
        print(error, file=sys.stderr)
        return _NOT_DONE
    print(f"« {' '.join(given.command)} » ended with {code}")
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
