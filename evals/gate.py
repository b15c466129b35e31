"""The gate: our own sets on the sample catalogue, beside the committed baseline. `make gate`.

Exits 1 when a figure is worse beyond noise, or a case is not judged any more; `--write` makes the present the baseline,
to be committed with the reason. `--against FILE` judges the sample under other weights: what the gate's own test does.
"""

import argparse
import asyncio
import contextlib
import json
import sys
import tempfile
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from puls.bootstrap import Puls, open_puls
from puls.bootstrap.evaluating import running_of
from puls.evaluation.cases import json_of, read_report
from puls.evaluation.comparing import compare
from puls.evaluation.report import html_of, markdown_of
from puls.evaluation.running import read_sets
from puls.experiments.overrides import Overrides, overrides_of, read_toml
from puls.ingestion.sample.source import SampleSource
from puls.settings import Settings

HERE = Path(__file__).parent
BASELINE = HERE / "baseline.json"
SETS = [
    HERE / name
    for name in (
        "sample_questions.jsonl",
        "honesty_sample.jsonl",
        "expressions_sample.jsonl",
        "sample_conversations.jsonl",
    )
]
SAMPLE_DAY = datetime(2026, 11, 18, 10, tzinfo=ZoneInfo("Europe/Paris"))


@contextlib.asynccontextmanager
async def sample_catalogue() -> AsyncIterator[Puls]:
    """Puls over the sample as it is on its day, in a database thrown away afterwards; no model but the composer."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)  # noqa: ASYNC240 # the embedded server runs as a user of its own when we are root
        settings = Settings(
            home=Path(folder) / "home",
            database_url=None,
            log_level="WARNING",
            models="composer",
            web="off",
        )
        async with open_puls(settings) as puls:
            await puls.ingestion.run(SampleSource(today=SAMPLE_DAY.date()), now=SAMPLE_DAY)
            await puls.catalogue.count_words()
            await puls.index.build(now=lambda: datetime.now(UTC))
            yield puls


async def judged(puls: Puls, overrides: Overrides):
    async with running_of(puls, overrides) as running:
        names = [path.name for path in SETS]
        return await running.report(read_sets(SETS), names, now=datetime.now(UTC))


def lines_of(report) -> str:
    """A case a line, without what changes from run to run."""
    written = json_of(replace(report, seconds=0.0, made_at=SAMPLE_DAY))
    cases = written.pop("cases")
    for case in cases:  # a baseline needs the figures; what was said stands in the reports
        case.pop("seen", None)
    head = json.dumps(written, ensure_ascii=False)[:-1]
    rows = ",\n".join(json.dumps(case, ensure_ascii=False) for case in cases)
    return f'{head}, "cases": [\n{rows}\n]}}\n'


async def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="make the present the baseline")
    parser.add_argument("--against", type=Path, help="TOML of what is other than usual")
    parser.add_argument(
        "--out", type=Path, help="a folder for report.md, report.html and report.json"
    )
    options = parser.parse_args()
    overrides = (
        overrides_of(read_toml(options.against), str(options.against))
        if options.against
        else Overrides()
    )
    async with sample_catalogue() as puls:
        report = await judged(puls, overrides)
    if options.write:
        BASELINE.write_text(lines_of(report), encoding="utf-8")
        print(markdown_of(report))
        return 0
    comparison = compare(report, read_report(BASELINE))
    print(markdown_of(report, comparison))
    if options.out:
        options.out.mkdir(parents=True, exist_ok=True)
        (options.out / "report.md").write_text(markdown_of(report, comparison), encoding="utf-8")
        (options.out / "report.html").write_text(html_of(report, comparison), encoding="utf-8")
        (options.out / "report.json").write_text(lines_of(report), encoding="utf-8")
    return int(comparison.is_worse)


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
