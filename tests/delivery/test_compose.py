"""compose.yaml: what runs where, with which rights."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from deploy.desk.compose import ROOT, Compose, substituted

_SERVICES: dict[str, Any] = dict(Compose.read().services)
_OURS = ("puls", "migrate", "api", "worker")
_OF_MONITORING = ("./deploy/prometheus", "./deploy/alertmanager", "./deploy/grafana")


def program(name: str) -> str:
    """A program of this environment or machine; the test is skipped without it."""
    found = shutil.which(
        name, path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    )
    if found is None:
        pytest.skip(f"{name} is not installed")
    return found


def run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )


def test_it_fits_the_compose_specification() -> None:
    done = run(
        program("check-jsonschema"), "--builtin-schema", "vendor.compose-spec", "compose.yaml"
    )
    assert done.returncode == 0, done.stdout


def test_caddy_alone_is_reachable_from_outside() -> None:
    """A database on a public port is found within hours."""
    published = {
        name: service["ports"] for name, service in _SERVICES.items() if "ports" in service
    }
    assert set(published) == {"caddy", "grafana"}
    assert all(port.startswith("127.0.0.1:") for port in published["grafana"])


@pytest.mark.parametrize("name", sorted(_SERVICES))
def test_each_service_has_no_right_that_it_does_not_need(name: str) -> None:
    service = _SERVICES[name]
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "privileged" not in service
    assert not any("docker.sock" in volume for volume in service.get("volumes", []))


@pytest.mark.parametrize("name", _OURS)
def test_puls_writes_to_its_volume_and_nowhere_else(name: str) -> None:
    service = _SERVICES[name]
    assert service["read_only"] is True
    assert service["tmpfs"]


@pytest.mark.parametrize("name", sorted(_SERVICES))
def test_each_image_is_an_exact_version(name: str) -> None:
    """« latest » is another program every week; our own is built here."""
    image = substituted(_SERVICES[name]["image"], {})
    if name in _OURS:
        assert image == "localhost/puls:latest"
    else:
        assert re.search(r":v?\d+\.\d+", image), image


def test_no_password_stands_in_the_file() -> None:
    for service in _SERVICES.values():
        for name, value in service.get("environment", {}).items():
            if re.search(r"PASSWORD|SECRET", name):
                assert substituted(str(value), {}) == "", name


def test_every_file_that_is_mounted_is_there() -> None:
    """Docker makes an empty folder of a missing file, and the service fails with riddles."""
    for name, service in _SERVICES.items():
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            if source.startswith(_OF_MONITORING) and not (ROOT / "deploy/grafana").exists():
                continue
            if source.startswith("./"):
                assert (ROOT / source).exists(), f"{name}: {source}"


def test_a_default_inside_a_default_is_read_as_compose_reads_it() -> None:
    text = "${PULS_PUBLIC_URL:-https://${DEPLOY_DOMAIN:-localhost}}/x"
    assert substituted(text, {}) == "https://localhost/x"
    assert substituted(text, {"DEPLOY_DOMAIN": "puls.example"}) == "https://puls.example/x"
    assert substituted(text, {"PULS_PUBLIC_URL": "https://a.example"}) == "https://a.example/x"


def test_caddy_reads_its_file() -> None:
    done = run(
        program("caddy"),
        "validate",
        "--adapter",
        "caddyfile",
        "--config",
        "deploy/compose/Caddyfile",
    )
    assert done.returncode == 0, done.stderr


def test_prometheus_reads_its_file() -> None:
    done = run(
        program("promtool"), "check", "config", "--syntax-only", "deploy/compose/prometheus.yml"
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    "script", sorted(str(one.relative_to(ROOT)) for one in (ROOT / "deploy").rglob("*.sh"))
)
def test_shellcheck_finds_nothing(script: str) -> None:
    done = run(program("shellcheck"), script)
    assert done.returncode == 0, done.stdout


def test_secrets_are_new_each_time_and_long_enough() -> None:
    first, second = (
        dict(line.split("=") for line in run("sh", "deploy/secrets.sh").stdout.split())
        for _ in range(2)
    )
    assert all(re.fullmatch(r"[0-9a-f]{64}", one) for one in first.values())
    assert not set(first.values()) & set(second.values())
