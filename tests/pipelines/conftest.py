"""AWS as moto plays it, behind a real socket; and two real Puls on loopback: one with events, one whose catalogue is empty."""

import logging
import os
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
from faults.serving import Served, serving

boto3 = pytest.importorskip("boto3")
moto_server = pytest.importorskip("moto.server")
backends = pytest.importorskip("moto.backends")

GOOD, EMPTY, DEAD = (f"registry.example/puls@sha256:{letter * 64}" for letter in "abc")
OLD = f"registry.example/puls@sha256:{'0' * 64}"
_ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing", "AWS_DEFAULT_REGION": "eu-west-3",
}  # fmt: skip


@dataclass
class Balancer:
    """Stands where the load balancer stands: sends to the Puls that belongs to the image which ECS is told to run."""

    ecs: Any
    behind: dict[str, str]
    url: str = ""
    asked: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.scheduler = Scheduler(self.behind)

    def image(self, service: str = "api") -> str:
        found = self.ecs.describe_services(cluster="puls-staging", services=[service])
        definition = found["services"][0]["taskDefinition"]
        task = self.ecs.describe_task_definition(taskDefinition=definition)["taskDefinition"]
        return str(next(one["image"] for one in task["containerDefinitions"] if one["name"] == "puls"))  # fmt: skip


class Scheduler(threading.Thread):
    """Plays the part of ECS that moto has not: a new deployment settles once its Puls says it is ready.

    With `gives_up`, as with ECS's circuit breaker, one that does not become ready is taken back.
    """

    def __init__(self, behind: dict[str, str]) -> None:
        super().__init__(daemon=True)
        self._behind, self._ended = behind, threading.Event()
        self.gives_up = False
        self._settled: dict[str, str] = {}

    def run(self) -> None:
        while not self._ended.wait(0.05):
            for service in list(_backend().services.values()):
                self._place(service)

    def _place(self, service: Any) -> None:
        definition, deployment = service.task_definition, service.deployments[0]
        if (self._settled.get(service.name), deployment["taskDefinition"]) == (
            definition,
            definition,
        ):
            return
        deployment.update(taskDefinition=definition, rolloutState="IN_PROGRESS", runningCount=0)
        if self._is_ready(definition):
            deployment.update(rolloutState="COMPLETED", runningCount=service.desired_count)
            self._settled[service.name] = definition
        elif self.gives_up:
            service.task_definition = self._settled[service.name]
            deployment.update(taskDefinition=service.task_definition, rolloutState="COMPLETED")

    def _is_ready(self, definition: str) -> bool:
        task = _backend().describe_task_definition(definition)
        image = next(one["image"] for one in task.container_definitions if one["name"] == "puls")
        base = self._behind.get(image)
        return base is not None and httpx.get(f"{base}/health/ready", timeout=10).is_success

    def end(self) -> None:
        self._ended.set()
        self.join(10)


def _backend() -> Any:
    return backends.get_backend("ecs")["123456789012"]["eu-west-3"]


class _Forwarding(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        balancer: Balancer = self.server.balancer  # type: ignore[attr-defined]
        base = balancer.behind.get(balancer.image())
        balancer.asked.append(self.path)
        if base is None:
            self.send_error(503)
            return
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        kept = {k: v for k, v in self.headers.items() if k.lower() in {"content-type", "accept"}}
        answer = httpx.request(self.command, base + self.path, content=body, headers=kept, timeout=30)  # fmt: skip
        self.send_response(answer.status_code)
        self.send_header("Content-Type", answer.headers.get("content-type", "text/plain"))
        self.send_header("Content-Length", str(len(answer.content)))
        self.end_headers()
        self.wfile.write(answer.content)

    do_POST = do_GET  # noqa: N815

    def log_message(self, *words: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="session")
def aws_url() -> Iterator[str]:
    """`os.environ` is set as a job of the pipeline has it."""
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    server = moto_server.ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    before = dict(os.environ)
    os.environ.update(_ENVIRONMENT, AWS_ENDPOINT_URL=f"http://{host}:{port}")
    yield f"http://{host}:{port}"
    server.stop()
    os.environ.clear()
    os.environ.update(before)


@pytest.fixture(scope="session")
def two_puls() -> Iterator[tuple[Served, Served]]:
    with tempfile.TemporaryDirectory(prefix="puls-release-") as name:
        folder = Path(name)
        with (
            serving(folder / "good") as good,
            serving(folder / "empty", sample=False) as empty,
        ):
            good.an_event()
            yield good, empty


@pytest.fixture
def ecs(aws_url: str) -> Any:
    """An environment `staging` as deploy/aws makes it, as far as a release touches it."""
    httpx.post(f"{aws_url}/moto-api/reset", timeout=10)
    client = boto3.client("ecs")
    client.create_cluster(clusterName="puls-staging")
    for name in ("api", "worker"):
        client.register_task_definition(
            family=f"puls-staging-{name}", networkMode="awsvpc", requiresCompatibilities=["FARGATE"], cpu="512", memory="1024",
            containerDefinitions=[
                {"name": "puls", "image": OLD, "essential": True, "environment": [{"name": "PULS_LOG_LEVEL", "value": "INFO"}]},
                {"name": "collector", "image": "collector@sha256:1", "essential": False},
            ],
        )  # fmt: skip
        client.create_service(
            cluster="puls-staging", serviceName=name, taskDefinition=f"puls-staging-{name}", desiredCount=2, launchType="FARGATE"
        )  # fmt: skip
    return client


@pytest.fixture
def balancer(ecs: Any, two_puls: tuple[Served, Served]) -> Iterator[Balancer]:
    good, empty = two_puls
    made = Balancer(ecs, behind={OLD: good.base, GOOD: good.base, EMPTY: empty.base})
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Forwarding)
    server.balancer = made  # type: ignore[attr-defined]
    made.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    made.scheduler.start()
    yield made
    made.scheduler.end()
    server.shutdown()
    server.server_close()
    thread.join(10)
