"""`puls ingest …`: events from files, from the OpenDataSoft mirror, from OpenAgenda's own API, or invented ones."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from rich.table import Table

from puls.bootstrap import Puls, agenda_source, mirror_source
from puls.cli.output import AsJson, console, print_json, progress_bar, run, utc_now
from puls.ingestion.files import FileSource
from puls.ingestion.sample.source import NoSample, SampleSource
from puls.ingestion.sources import RecordSource
from puls.ingestion.sync import IngestReport

app = typer.Typer(no_args_is_help=True, help="Bring events into the catalogue.")


@app.command("file")
def ingest_file(
    paths: Annotated[list[Path], typer.Argument(help=".jsonl, .json, .csv, .parquet, also .gz")],
    *,
    full: Annotated[
        bool, typer.Option("--full", help="The file is the whole source: remove what it lacks.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Ingest files of OpenAgenda records."""
    sources = [FileSource(path, is_full=full) for path in paths]
    _report(run(lambda puls: _ingest(puls, sources)), as_json=as_json)


@app.command("sample")
def ingest_sample(*, as_json: AsJson = False) -> None:
    """Ingest invented events around today, to try Puls without any network."""

    async def work(puls: Puls) -> list[IngestReport]:
        today = utc_now().astimezone(ZoneInfo(puls.settings.timezone)).date()
        return await _ingest(puls, [SampleSource(today=today)])

    _report(run(work), as_json=as_json)


@app.command("openagenda")
def ingest_openagenda(
    *,
    where: Annotated[
        str | None,
        typer.Option(help="Only this place: a commune, a département or a région."),
    ] = None,
    full: Annotated[
        bool, typer.Option("--full", help="Read everything again and remove what disappeared.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Ingest OpenAgenda through its public mirror (no key): the first time all, then what changed."""

    async def work(puls: Puls) -> list[IngestReport]:
        async with mirror_source(puls, where=where, full=full) as source:
            return await _ingest(puls, [source])

    _report(run(work), as_json=as_json)


@app.command("agenda")
def ingest_agenda(
    uid: Annotated[str, typer.Argument(help="The agenda's uid on OpenAgenda.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Ingest one agenda through OpenAgenda's own API (needs PULS_OPENAGENDA_KEY)."""

    async def work(puls: Puls) -> list[IngestReport]:
        async with agenda_source(puls, uid=uid) as source:
            return await _ingest(puls, [source])

    _report(run(work), as_json=as_json)


async def _ingest(puls: Puls, sources: Sequence[RecordSource]) -> list[IngestReport]:
    reports = [await _ingest_one(puls, source) for source in sources]
    if any(report.new and report.source != NoSample.name for report in reports):
        # Invented events never stand beside real ones.
        taken_back = await puls.ingestion.run(NoSample(), now=utc_now())
        if taken_back.removed:
            reports.append(taken_back)
    if any(report.new or report.changed or report.removed for report in reports):
        await puls.catalogue.count_words()
    return reports


async def _ingest_one(puls: Puls, source: RecordSource) -> IngestReport:
    async with progress_bar(source.name, "records") as advance:
        return await puls.ingestion.run(
            source,
            now=utc_now(),
            on_progress=lambda progress: advance(progress.done, progress.total, progress.records),
        )


def _report(reports: list[IngestReport], *, as_json: bool) -> None:
    if as_json:
        print_json(reports)
        return
    table = Table("source", "seen", "new", "changed", "unchanged", "removed", "quarantined")
    for report in reports:
        reasons = ", ".join(f"{reason} {count}" for reason, count in report.quarantined.items())
        table.add_row(
            report.source,
            *(str(n) for n in (report.seen, report.new, report.changed, report.unchanged)),
            str(report.removed),
            reasons or "0",
        )
    console.print(table)
    console.print("Next: `puls index build` gives new texts their vectors.")
