"""Is this commit slower than its base? Both served side by side on this machine, asked in turn; the ratio decides, not the clock.

`make bench-ratio BASE=COMMIT`. A machine of CI is slow today and quick tomorrow; two Puls on it at the same time are so together. Ends with 1
when the median ratio of the rounds is above ALLOWED and nine rounds in ten are above 1: noise alone does not stop a change.
"""

import contextlib
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import httpx
from faults.serving import Served, a_home, serving

ROOT = Path(__file__).parents[1]
ALLOWED = 1.15
SURE = 0.9
ROUNDS = 15
QUESTIONS = (
    "concert à Lyon", "expo ce week-end à Paris", "jazz samedi soir", "théâtre pour enfants à Nantes",
    "gratuit dimanche à Lille", "bal folk en Bretagne", "cinéma à Nice", "atelier poterie à Grenoble",
)  # fmt: skip


def is_slower(ratios: Sequence[float]) -> bool:
    """This commit's time over the base's, a round each. Pure."""
    above = sum(one > 1 for one in ratios) / len(ratios)
    return statistics.median(ratios) > ALLOWED and above >= SURE


@contextlib.contextmanager
def the_sources_of(commit: str) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="puls-base-") as name:
        folder = Path(name) / "base"
        subprocess.run(
            ["git", "worktree", "add", "--quiet", "--detach", folder, commit],
            cwd=ROOT,
            check=True,
            timeout=120,
        )
        try:
            yield folder / "src"
        finally:
            subprocess.run(
                ["git", "worktree", "remove", "--force", folder], cwd=ROOT, check=True, timeout=120
            )


def round_of(http: httpx.Client, kind: str) -> float:
    began = time.perf_counter()
    for text in QUESTIONS * 3:
        if kind == "search":
            http.get("/v1/search", params={"q": text}).raise_for_status()
        else:
            http.post("/v1/chat", json={"text": text}).raise_for_status()
    return time.perf_counter() - began


def compared(ours: Served, base: Served, kind: str) -> list[float]:
    with (
        httpx.Client(base_url=ours.base, timeout=60) as one,
        httpx.Client(base_url=base.base, timeout=60) as other,
    ):
        round_of(one, kind), round_of(other, kind)
        ratios = []
        for number in range(ROUNDS):
            pair = [("ours", one), ("base", other)]
            took = {
                name: round_of(http, kind) for name, http in (pair if number % 2 else pair[::-1])
            }
            ratios.append(took["ours"] / took["base"])
    return ratios


def main() -> int:
    commit = os.environ.get("BASE", "") or "HEAD~1"
    is_bad = False
    with (
        the_sources_of(commit) as source,
        a_home("ours") as one,
        a_home("base") as other,
        serving(one) as ours,
        serving(other, PYTHONPATH=str(source)) as base,
    ):
        ours.an_event(), base.an_event()
        for kind in ("search", "chat"):
            ratios = compared(ours, base, kind)
            slower = is_slower(ratios)
            is_bad |= slower
            print(
                f"{kind}: {statistics.median(ratios):.3f} of the base {commit[:12]} (median of {ROUNDS} rounds, "
                f"{min(ratios):.2f}–{max(ratios):.2f}); {'SLOWER' if slower else 'no slower'}",
                flush=True,
            )
    return int(is_bad)


if __name__ == "__main__":
    sys.exit(main())
