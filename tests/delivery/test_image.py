"""The Dockerfile and what goes into it; `make image-desk` builds and runs it."""

import re
import socket
import subprocess
import sys
from pathlib import Path

from deploy.desk.compose import ROOT
from tests.delivery.test_compose import program, run

_LINES = (ROOT / "Dockerfile").read_text(encoding="utf-8")


def test_hadolint_finds_nothing() -> None:
    done = run(program("hadolint"), "Dockerfile")
    assert done.returncode == 0, done.stdout


def test_the_base_is_an_argument_and_named_by_its_digest() -> None:
    """A tag is another image tomorrow."""
    assert re.search(
        r"^ARG BASE=docker\.io/library/python:\S+@sha256:[0-9a-f]{64}$", _LINES, re.MULTILINE
    )
    assert set(re.findall(r"^FROM (\S+)", _LINES, re.MULTILINE)) == {"${BASE}"}


def test_it_runs_as_nobody_special_and_installs_no_compiler() -> None:
    last = _LINES.rsplit("FROM ", 1)[1]
    assert "USER 10001:10001" in last
    assert "apt-get" not in _LINES
    assert "--require-hashes" in _LINES
    assert "HEALTHCHECK" in last


def test_nothing_but_named_files_reaches_the_build() -> None:
    """A forgotten .env in a layer is a secret told to everybody."""
    kept = [
        line
        for line in (ROOT / ".dockerignore").read_text().splitlines()
        if line and not line.startswith("#")
    ]
    assert kept[0] == "*"
    assert not any(".env" in line or ".git" in line for line in kept)


def test_the_health_check_says_when_nobody_answers() -> None:
    with socket.socket() as taken:  # bound and not listening: whoever connects is refused
        taken.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{taken.getsockname()[1]}/health/live"
        done = _checked(address)
    assert done.returncode == 1
    assert "refused" in done.stdout


def _checked(address: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-I", str(Path(ROOT) / "deploy/image/healthy.py"), address],
        capture_output=True, text=True, timeout=30, check=False,
    )  # fmt: skip
