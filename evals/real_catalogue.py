"""The real records of ../shared in a database of their own, ingested and indexed once, for `make eval` and `make bench`."""

import contextlib
import os
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

from puls.bootstrap import Puls, open_puls
from puls.ingestion.files import FileSource
from puls.settings import Settings

ROOT = Path(__file__).parents[1]
SHARED = Path(os.environ.get("PULS_SHARED", ROOT.parent / "shared"))
QUESTIONS = SHARED / "evals" / "questions_dev.jsonl"
HOME = Path(os.environ.get("PULS_EVAL_HOME", ROOT / ".cache" / "eval"))
RECORDS = [SHARED / "data" / f"openagenda_{part}.jsonl.gz" for part in ("records", "partial")]


@contextlib.asynccontextmanager
async def real_catalogue() -> AsyncIterator[Puls]:
    """Puls over the real records; the first call embeds for some ten minutes, later ones take a second."""
    if not RECORDS[0].exists():
        raise SystemExit(f"The real records are not at {SHARED}; set PULS_SHARED to their folder.")
    async with open_puls(Settings(home=HOME, database_url=None, log_level="WARNING")) as puls:
        now = datetime.now(UTC)
        changed = False
        for path in RECORDS:
            report = await puls.ingestion.run(FileSource(path), now=now)
            changed = changed or bool(report.new or report.changed or report.removed)
        if changed:
            await puls.catalogue.count_words()
        versions = await puls.index.versions()
        if not versions or any(version.embedded < version.events for version in versions):
            print("embedding the real records (about ten minutes, once)…", flush=True)
            await puls.index.build(now=lambda: datetime.now(UTC), progress=_print_progress)
        yield puls


def _print_progress(done: int, total: int) -> None:
    if done % 640 == 0:
        print(f"  {done} of {total} texts", flush=True)
