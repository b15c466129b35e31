"""Units and script for a machine without containers; `docs/how-to/install.md` is the way that they are tried."""

import re

import pytest
from deploy.desk.compose import ROOT
from tests.delivery.test_compose import program, run

_UNITS = ("puls.service", "puls-worker.service", "puls-backup.service")
_MOST_EXPOSED = 2.0  # of 10, as systemd counts; 1.2 and 1.6 on Debian 12


@pytest.mark.parametrize("unit", _UNITS)
def test_systemd_counts_little_exposure(unit: str) -> None:
    done = run(program("systemd-analyze"), "security", "--offline=yes", f"deploy/vm/{unit}")
    found = re.search(r"Overall exposure level for \S+: ([\d.]+)", done.stdout)
    assert found is not None, done.stderr
    assert float(found[1]) <= _MOST_EXPOSED


@pytest.mark.parametrize("unit", _UNITS)
def test_a_unit_runs_as_nobody_and_writes_to_its_own_folder(unit: str) -> None:
    lines = (ROOT / "deploy/vm" / unit).read_text(encoding="utf-8").splitlines()
    assert {
        "DynamicUser=yes",
        "ProtectSystem=strict",
        "NoNewPrivileges=yes",
        "StateDirectory=puls",
        "UMask=0077",
    } <= set(lines)


def test_the_worker_differs_in_its_command_alone() -> None:
    """Two lists of rights would drift apart."""
    puls, worker = (
        (ROOT / "deploy/vm" / name).read_text().splitlines()
        for name in ("puls.service", "puls-worker.service")
    )
    other = {line for line in set(puls) ^ set(worker) if not line.startswith("#")}
    assert {line.split("=")[0] for line in other} == {"Description", "ExecStart"}


def test_the_first_start_of_a_machine_fits_cloud_init() -> None:
    text = (ROOT / "deploy/vm/cloud-init.yaml").read_text(encoding="utf-8")
    assert text.startswith("#cloud-config\n")
    assert "sha256sum --check --strict" in text
    version = re.search(r'^version = "(.+)"$', (ROOT / "pyproject.toml").read_text(), re.MULTILINE)
    assert version is not None
    assert f"version={version[1]}\n" in text


def test_the_script_refuses_what_it_does_not_know() -> None:
    done = run("sh", "deploy/vm/install.sh", "--unknown")
    assert done.returncode == 2
    assert "--unknown is not known" in done.stderr
