"""A release on ECS as moto plays it, with real Puls behind a balancer of loopback."""

import json
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from deploy.releasing.__main__ import main
from deploy.releasing.burning import Prometheus, Promise, burning, promises
from deploy.releasing.cloud import Cloud, service_of
from deploy.releasing.record import Record, RecordError, Stage, read
from tests.pipelines.conftest import DEAD, EMPTY, GOOD, OLD, Balancer, boto3

ROOT = Path(__file__).parents[2]
pytestmark = [pytest.mark.database, pytest.mark.alone]
_QUICK = ("--settle-seconds", "3", "--watch-seconds", "0.6", "--round-seconds", "0.1")


def arguments(balancer: Balancer, image: str, *more: str, version: str = "0.2.0") -> list[str]:
    return ["deploy", "--environment", "staging", "--url", balancer.url, "--version", version,
            "--image", image, *_QUICK, *more]  # fmt: skip


def cloud() -> Cloud:
    return Cloud(
        "staging",
        ecs=boto3.client("ecs"),
        cloudwatch=boto3.client("cloudwatch"),
        ssm=boto3.client("ssm"),
    )


def record() -> Record:
    found = cloud().read_record()
    assert found is not None
    return found


def left_alone(found: Record) -> None:
    """As if whoever carried it out had been gone for a while."""
    moment = datetime.now(UTC) - timedelta(minutes=10)
    cloud().write_record(read(json.dumps({**json.loads(found.told()), "beat_at": moment.isoformat()})))  # fmt: skip


def speaks(name: str) -> None:
    client = boto3.client("cloudwatch")
    client.put_metric_alarm(
        AlarmName=name, MetricName="m", Namespace="n", Period=60, EvaluationPeriods=1, Threshold=1,
        ComparisonOperator="GreaterThanThreshold", Statistic="Sum",
    )  # fmt: skip
    client.set_alarm_state(AlarmName=name, StateValue="ALARM", StateReason="a test")


def test_a_healthy_version_stays(balancer: Balancer) -> None:
    """The whole way: pointed, settled, asked, watched, kept; nothing but the image of Puls is another."""
    assert main(arguments(balancer, GOOD)) == 0
    assert record().stage is Stage.KEPT
    assert (balancer.image("api"), balancer.image("worker")) == (GOOD, GOOD)
    task = balancer.ecs.describe_task_definition(taskDefinition=record().after["api"])["taskDefinition"]  # fmt: skip
    assert [one["image"] for one in task["containerDefinitions"]] == [GOOD, "collector@sha256:1"]
    assert task["containerDefinitions"][0]["environment"] == [{"name": "PULS_LOG_LEVEL", "value": "INFO"}]  # fmt: skip
    assert any(path.startswith("/v1/search") for path in balancer.asked)
    assert "/v1/chat" in balancer.asked


def test_a_version_that_finds_nothing_is_taken_back_before_the_worker_sees_it(
    balancer: Balancer,
) -> None:
    """It is « ready », so ECS would have kept it."""
    assert main(arguments(balancer, EMPTY)) == 1
    assert record().stage is Stage.TAKEN_BACK
    assert "finds no event" in record().reason
    assert set(record().after) == {"api"}
    assert (balancer.image("api"), balancer.image("worker")) == (OLD, OLD)


@pytest.mark.parametrize(
    ("gives_up", "said"), [(True, "ECS took api back itself"), (False, "did not settle within 3 s")]
)
def test_a_version_that_never_becomes_ready_is_taken_back(
    balancer: Balancer, gives_up: bool, said: str
) -> None:
    """With ECS's own circuit breaker, and where that does not help."""
    time.sleep(0.3)  # the scheduler saw the version before
    balancer.scheduler.gives_up = gives_up
    assert main(arguments(balancer, DEAD)) == 1
    assert said in record().reason
    assert (balancer.image("api"), balancer.image("worker")) == (OLD, OLD)


def test_an_alarm_that_begins_to_speak_takes_the_version_back(balancer: Balancer) -> None:
    """One that spoke before says nothing about this version: it may be the mend."""
    speaks("puls-staging-known")
    speaks("puls-production-other")
    assert main(arguments(balancer, GOOD)) == 0
    began = record()
    cloud().write_record(began.at(Stage.WATCHING, now=datetime.now(UTC) - timedelta(minutes=10)))
    ran = subprocess.Popen(
        [sys.executable, "-m", "deploy.releasing", *arguments(balancer, GOOD, "--watch-seconds", "30")],
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert ran.stdout is not None
    assert "carried on" in ran.stdout.readline()
    assert "Already speaking" in ran.stdout.readline()
    speaks("puls-staging-availability-fast")
    said, _ = ran.communicate(timeout=60)
    assert ran.returncode == 1, said
    assert "The alarm puls-staging-availability-fast speaks." in said
    assert balancer.image("api") == OLD


def test_a_release_killed_in_the_middle_is_carried_on(balancer: Balancer) -> None:
    """kill -9 while the new tasks start: the next call knows what served before."""
    balancer.behind.pop(GOOD)  # not ready yet
    ran = subprocess.Popen(
        [sys.executable, "-m", "deploy.releasing", *arguments(balancer, GOOD, "--settle-seconds", "60")],
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert ran.stdout is not None
    assert ran.stdout.readline().startswith("api: ")
    ran.kill()
    ran.communicate(timeout=10)
    assert main(arguments(balancer, GOOD)) == 2  # somebody may still be at work
    assert record().stage is Stage.ROLLING
    left_alone(record())
    balancer.behind[GOOD] = balancer.behind[OLD]
    assert main(arguments(balancer, GOOD)) == 0
    assert (balancer.image("api"), balancer.image("worker")) == (GOOD, GOOD)
    assert record().before["api"].endswith("puls-staging-api:1")


def test_after_a_release_killed_in_the_middle_another_version_begins_from_the_one_before(
    balancer: Balancer,
) -> None:
    """Else the half-way version would be what the next roll-back brings back."""
    cloud().write_record(
        Record(
            stage=Stage.ROLLING, version="0.2.0", image=DEAD, schema="", began_at=datetime.now(UTC) - timedelta(hours=1),
            before={one: cloud().service(one).definition for one in ("api", "worker")}, beat_at=datetime.now(UTC) - timedelta(hours=1),
        )
    )  # fmt: skip
    cloud().point("api", definition=cloud().prepare(record().before["api"], image=DEAD))
    assert main(arguments(balancer, GOOD, version="0.2.1")) == 0
    assert record().version == "0.2.1"
    assert record().before["api"].endswith("puls-staging-api:1")


def test_a_version_with_a_newer_schema_is_not_begun_unasked_and_is_held_when_bad(
    balancer: Balancer, capsys: pytest.CaptureFixture[str]
) -> None:
    """The version before would refuse to start: taking back would turn bad answers into none."""
    assert main(arguments(balancer, GOOD, "--schema", "0061")) == 0
    assert main(arguments(balancer, EMPTY, "--schema", "0062", version="0.3.0")) == 2
    assert "--may-change-schema" in capsys.readouterr().err
    assert balancer.image("api") == GOOD
    assert main(arguments(balancer, EMPTY, "--schema", "0062", "--may-change-schema", version="0.3.0")) == 3  # fmt: skip
    assert record().stage is Stage.HELD
    assert balancer.image("api") == EMPTY
    assert "docs/how-to/upgrade.md" in capsys.readouterr().out


def test_an_operator_takes_the_last_version_back(balancer: Balancer) -> None:
    back = ["back", "--environment", "staging", "--url", balancer.url, *_QUICK]
    assert main(back) == 2  # nothing was released
    assert main(arguments(balancer, GOOD)) == 0
    assert main(back) == 0
    assert (record().stage, balancer.image("api")) == (Stage.TAKEN_BACK, OLD)
    assert main(back) == 2


def test_an_image_without_a_digest_is_refused(balancer: Balancer) -> None:
    with pytest.raises(SystemExit):
        main(arguments(balancer, "registry.example/puls:latest"))


def test_a_burning_budget_takes_the_version_back(balancer: Balancer) -> None:
    """As read from a Prometheus; one that cannot be asked is as bad as one that says so."""
    assert main(arguments(balancer, GOOD, "--prometheus", "http://127.0.0.1:9")) == 1
    assert "Prometheus cannot be asked" in record().reason


@pytest.mark.parametrize(("ratio", "wrong"), [("0.08", ["availability"]), ("0.01", [])])
def test_the_recording_rules_of_prometheus_are_read(ratio: str, wrong: list[str]) -> None:
    """By the names that deploy/prometheus gives them."""

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = parse_qs(urlsplit(self.path).query)["query"][0]
            value = {"puls:slo_errors:ratio_rate5m": ratio, "puls:slo_bad:increase15m": "7"}[asked]
            row = {"metric": {"slo": "availability"}, "value": [0, value]}
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps({"data": {"result": [row]}}).encode())

        def log_message(self, *words: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Answering) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        said = Prometheus(f"http://127.0.0.1:{server.server_port}").wrong()
        server.shutdown()
    assert [one.split("« ")[1].split(" »")[0] for one in said] == wrong
    rules = (ROOT / "deploy/prometheus/rules/puls.yml").read_text(encoding="utf-8")
    assert "record: puls:slo_errors:ratio_rate5m" in rules
    assert "record: puls:slo_bad:increase15m" in rules


def test_only_what_burns_fast_and_often_enough_is_said() -> None:
    kept = [Promise(name="availability", budget=0.005, min_bad=5)]
    assert burning(kept, {"availability": 0.08}, {"availability": 5}, factor=14.4)
    assert not burning(kept, {"availability": 0.08}, {"availability": 4}, factor=14.4)
    assert not burning(kept, {"availability": 0.07}, {"availability": 50}, factor=14.4)
    assert not burning(kept, {}, {}, factor=14.4)
    assert {"availability", "answers"} <= {one.name for one in promises()}


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"stage": "kept"}'])
def test_a_record_that_is_none_is_said(text: str) -> None:
    """Guessing what served before would be worse than stopping."""
    with pytest.raises(RecordError):
        read(text)


@pytest.mark.parametrize(
    ("deployments", "settled"),
    [
        ([{"status": "PRIMARY", "rolloutState": "COMPLETED"}], True),
        ([{"status": "PRIMARY", "rolloutState": "IN_PROGRESS"}], False),
        ([{"status": "PRIMARY", "rolloutState": "COMPLETED"}, {"status": "ACTIVE"}], False),
        ([{"status": "PRIMARY", "runningCount": 2, "desiredCount": 2}], True),
        ([{"status": "PRIMARY", "rolloutState": "COMPLETED", "taskDefinition": "a:0"}], False),
        ([], False),
    ],
)
def test_settled_means_that_only_the_new_tasks_serve(
    deployments: list[dict[str, Any]], settled: bool
) -> None:
    named = [{"taskDefinition": "a:1"} | one for one in deployments]
    assert service_of({"taskDefinition": "a:1", "deployments": named}).has_settled is settled
