"""Fifty workers killed in the middle of their jobs, PostgreSQL restarted twice: `make faults TRIALS=jobs` (docs/decisions/jobs.md)."""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from tests.jobs.killing import Size, trial

from faults.serving import check
from puls.jobs.working import Pace

_SIZE = Size(
    kills=int(os.environ.get("PULS_FAULTS_KILLS", "50")),
    restarts=2,
    workers=4,
    records=1_000,
    texts=120,
    followers=20,
    between=(0.2, 3.0),
    pace=Pace(),
    schedules="digest every 5s, embed every 10s, words every 30s, retention every 20s, canary every 30s, report off, "
    "backup off, warm off",
    sync_every="5s",
    patience=300.0,
)


def killed_workers_lose_nothing() -> str:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        seen = trial(Path(folder), _SIZE, seed=20261130)
    said = str(seen)
    check(not seen.unfinished, f"not all was done: {said}")
    check(all(seen.is_equal.values()), f"an effect was doubled or lost: {said}")
    check(seen.syncs_at_once == 0, f"two syncs at once: {said}")
    check(seen.doubled_mails == 0, f"a mail was sent twice: {said}")
    check(max(seen.recoveries, default=0) <= 60, f"recovered too late: {said}")
    check(max(seen.stopping_seconds) <= 10, f"stopped too late: {said}")
    return said


TRIALS: dict[str, Callable[[], str]] = {"jobs": killed_workers_lose_nothing}
