"""Workers killed in the middle of what they do: all is done in the end, and nothing of it twice. Real processes."""

from pathlib import Path

import pytest
from tests.jobs.killing import Size, trial

from puls.jobs.working import Pace

pytestmark = pytest.mark.alone


@pytest.mark.database
def test_three_kills_and_a_restart_lose_nothing_and_double_nothing(tmp_path: Path) -> None:
    """The same with fifty kills and two restarts: `make faults TRIALS=jobs`."""
    size = Size(
        kills=3,
        restarts=1,
        workers=2,
        records=120,
        texts=8,
        followers=4,
        between=(0.5, 2.5),
        pace=Pace(heartbeat=0.5, alive=3.0, sweep=0.5),
        schedules="digest every 3s, embed every 5s, words off, retention off, canary off, report off, backup off, warm off",
        sync_every="2s",
        patience=40.0,
    )
    seen = trial(tmp_path, size, seed=7)
    assert seen.unfinished == []
    assert all(seen.is_equal.values()), seen
    assert seen.runs.get("lost", 0) >= 1
    assert seen.syncs_at_once == 0
    assert seen.doubled_mails == 0
    assert max(seen.recoveries, default=0) < 20
    assert max(seen.stopping_seconds) < 10
