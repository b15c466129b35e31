"""`puls ingest …`: events from files, from the OpenDataSoft mirror, from OpenAgenda's own API, or invented ones."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer
from rich.table import Table
from typer.core import TyperGroup

from puls.bootstrap import Puls, agenda_source, mirror_source, without_sample
from puls.cli.opening import run
from puls.cli.output import AsJson, console, print_json, progress_bar, utc_now
from puls.errors import InvalidInputError, PulsError
from puls.ingestion.files import FileSource
from puls.ingestion.sample.source import NoSample, SampleSource
from puls.ingestion.sources import RecordSource
from puls.ingestion.sync import IngestReport

_ALLOW = "--allow-removing"
_ANY = "any"

AllowRemoving = Annotated[
    str,
    typer.Option(
        _ALLOW,
        metavar="[N]",
        help="Let up to N events leave the catalogue, any number without N. Otherwise a run that would remove more "
        "than 100 events and more than 20 % of its source removes nothing and says how many.",
    ),
]


def with_bare_permission(arguments: Sequence[str]) -> list[str]:
    """The command line with a value for `--allow-removing` where a person gave none."""
    spelt: list[str] = []
    for at, argument in enumerate(arguments):
        spelt.append(argument)
        if argument == _ALLOW and not "".join(arguments[at + 1 : at + 2]).isdecimal():
            spelt.append(_ANY)
    return spelt


class _Ingest(TyperGroup):
    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        return super().parse_args(ctx, with_bare_permission(args))


app = typer.Typer(cls=_Ingest, no_args_is_help=True, help="Bring events into the catalogue.")


def _allowed(text: str) -> int | None:
    """So many events may leave; None means any number."""
    if text == _ANY:
        return None
    if not text.isdecimal():
        raise InvalidInputError(f"{_ALLOW} takes a number of events, or nothing for any number.")
    return int(text)


@app.command("file")
def ingest_file(
    paths: Annotated[
        list[Path],
        typer.Argument(help=".jsonl, .json, .geojson, .csv, .tsv, .xlsx, .parquet, .ics, also .gz"),
    ],
    *,
    full: Annotated[
        bool, typer.Option("--full", help="The file is the whole source: remove what it lacks.")
    ] = False,
    source: Annotated[
        str | None,
        typer.Option(
            help="What the file is an export of, wherever it lies; without it a file is known by its path."
        ),
    ] = None,
    allow_removing: AllowRemoving = "0",
    as_json: AsJson = False,
) -> None:
    """Ingest files of OpenAgenda records, as exports and people write them."""
    if source is not None and (len(paths) > 1 or not source.strip() or not source.isprintable()):
        raise InvalidInputError("--source names one file, in printable letters.")
    sources = [FileSource(path, is_full=full, name=source) for path in paths]
    allowed = _allowed(allow_removing)
    _report(run(lambda puls: _ingest(puls, sources, allowed)), as_json=as_json)


@app.command("sample")
def ingest_sample(*, as_json: AsJson = False) -> None:
    """Ingest invented events around today, to try Puls without any network."""

    async def work(puls: Puls) -> list[IngestReport]:
        today = utc_now().astimezone(ZoneInfo(puls.settings.timezone)).date()
        return await _ingest(puls, [SampleSource(today=today)], None)

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
    allow_removing: AllowRemoving = "0",
    as_json: AsJson = False,
) -> None:
    """Ingest OpenAgenda through its public mirror (no key): the first time all, then what changed."""
    allowed = _allowed(allow_removing)

    async def work(puls: Puls) -> list[IngestReport]:
        async with mirror_source(puls, where=where, full=full) as source:
            return await _ingest(puls, [source], allowed)

    _report(run(work), as_json=as_json)


@app.command("agenda")
def ingest_agenda(
    uid: Annotated[str, typer.Argument(help="The agenda's uid on OpenAgenda.")],
    *,
    allow_removing: AllowRemoving = "0",
    as_json: AsJson = False,
) -> None:
    """Ingest one agenda through OpenAgenda's own API (needs PULS_OPENAGENDA_KEY)."""
    allowed = _allowed(allow_removing)

    async def work(puls: Puls) -> list[IngestReport]:
        async with agenda_source(puls, uid=uid) as source:
            return await _ingest(puls, [source], allowed)

    _report(run(work), as_json=as_json)


async def _ingest(
    puls: Puls, sources: Sequence[RecordSource], allow_removing: int | None
) -> list[IngestReport]:
    """One source after the other. What was stored before a failure is made findable all the same."""
    reports: list[IngestReport] = []
    failure: PulsError | None = None
    for source in sources:
        try:
            reports.append(await _ingest_one(puls, source, allow_removing))
        except PulsError as error:
            failure = error
            break
    if failure is not None or any(
        report.new and report.source != NoSample.name for report in reports
    ):
        taken_back = await without_sample(puls, now=utc_now())
        reports += [taken_back] if taken_back else []
    if failure is not None or any(
        report.new or report.changed or report.removed for report in reports
    ):
        await puls.catalogue.count_words()
    if failure is not None:
        raise failure
    return reports


async def _ingest_one(puls: Puls, source: RecordSource, allow_removing: int | None) -> IngestReport:
    async with progress_bar(source.name, "records") as advance:
        return await puls.ingestion.run(
            source,
            now=utc_now(),
            on_progress=lambda progress: advance(progress.done, progress.total, progress.records),
            allow_removing=allow_removing,
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
    for remark in (remark for report in reports for remark in report.remarks):
        console.print(remark, markup=False)
    console.print("Next: a worker gives new texts their vectors; without one, `puls index build`.")
