"""Run the trials that are named, else all; exit with 1 when one was not held."""

import sys
import time
import traceback

from faults import (
    trials_of_clients,
    trials_of_identity,
    trials_of_jobs,
    trials_of_limits,
    trials_of_machines,
    trials_of_processes,
    trials_of_replicas,
)
from faults.serving import SOURCE, NotHeldError

TRIALS = {
    name: trial
    for module in (
        trials_of_processes,
        trials_of_limits,
        trials_of_identity,
        trials_of_clients,
        trials_of_jobs,
        trials_of_replicas,
        trials_of_machines,
    )
    for name, trial in module.TRIALS.items()
}


def main(wanted: list[str]) -> int:
    unknown = [name for name in wanted if name not in TRIALS]
    if unknown:
        print(f"There is no trial {', '.join(unknown)}; there are {', '.join(TRIALS)}.")
        return 2
    print(f"source: {SOURCE}", flush=True)
    failed = 0
    for name in wanted or TRIALS:
        trial = TRIALS[name]
        began = time.monotonic()
        try:
            outcome, verdict = trial(), "held"
        except NotHeldError as error:
            outcome, verdict = str(error), "NOT HELD"
        except Exception:  # noqa: BLE001 # the edge: the next trial is tried
            outcome, verdict = traceback.format_exc(limit=3).strip().replace("\n", " | "), "BROKEN"
        failed += verdict != "held"
        print(f"{name} {verdict} ({time.monotonic() - began:.0f} s): {outcome}", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
