"""`puls jobs` and `puls worker`: seen, steered and run from a shell."""

import os
import signal
import subprocess
import sys
import time

import pytest
from tests.cli.conftest import Program

pytestmark = pytest.mark.alone


def test_jobs_are_listed_run_held_back_and_ended(puls: Program) -> None:
    """Without a worker it says what to start."""
    listed = puls("jobs", "list", "--json", PULS_SYNC="openagenda: Rhône every 1h").json
    assert listed["workers"] == 0
    names = [one["name"] for one in listed["jobs"]]
    assert {"sync openagenda: Rhône", "embed", "backup", "retention"} <= set(names)
    ran = puls("jobs", "run", "embed")
    assert (ran.exit_code, "No worker gives a sign of life" in ran.out) == (0, True)
    assert puls("jobs", "pause", "embed").exit_code == 0
    refused = puls("jobs", "run", "embed")
    assert (refused.exit_code, "embed is paused" in refused.err) == (2, True)
    assert "paused" in puls("jobs", "list").out
    assert puls("jobs", "resume", "embed").exit_code == 0
    assert "Ended" in puls("jobs", "cancel", "embed").out
    unknown = puls("jobs", "run", "bakcup")
    assert (unknown.exit_code, unknown.err.count("\n")) == (2, 1)


def test_a_setting_that_cannot_be_read_is_one_line(puls: Program) -> None:
    """Before anything is started."""
    wrong = puls("jobs", "list", PULS_SYNC="Rhône toutes les heures")
    assert (wrong.exit_code, wrong.err.count("\n")) == (2, 1)
    assert "PULS_SYNC" in wrong.err


def test_a_worker_does_what_waits_and_ends_in_good_order(puls: Program) -> None:
    """A supervisor's SIGTERM is an orderly end, within ten seconds."""
    puls("jobs", "run", "retention")
    environment = {key: value for key, value in os.environ.items() if "PULS_" not in key}
    worker = subprocess.Popen(
        [sys.executable, "-c", "from puls.cli.app import main; main()", "worker"],
        env={**environment, "PULS_DATABASE_URL": puls.url, "PULS_JOBS": "off"},
        cwd=puls.folder,
        stderr=subprocess.DEVNULL,
    )
    try:
        deadline = time.monotonic() + 60
        while not (runs := puls("jobs", "show", "retention", "--json").json["runs"]) or (
            runs[0]["outcome"] is None
        ):
            assert time.monotonic() < deadline
            time.sleep(0.5)
        assert runs[0]["outcome"] == "succeeded"
        assert runs[0]["sentence"].startswith("Deleted: 0 turns")
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(10) == 0
    finally:
        worker.kill()
        worker.wait()
