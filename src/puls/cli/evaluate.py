"""`puls evaluate FILE…`: judge the present catalogue and code; `add` makes a case of a bad thumb; `drift` tells what changed."""

import json
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import typer
from typer.core import TyperGroup

from puls.bootstrap import Puls
from puls.bootstrap.evaluating import histograms_of, running_of
from puls.cli.opening import run
from puls.cli.output import (
    AsJson,
    console,
    plain,
    print_json,
    print_json_text,
    say_error,
    table_of,
    utc_now,
)
from puls.evaluation.added import kept, prepared
from puls.evaluation.cases import PARTS, Part, Report, json_of, read_report
from puls.evaluation.comparing import Comparison, compare
from puls.evaluation.drift.judging import DriftReport
from puls.evaluation.report import html_of, markdown_of
from puls.evaluation.running import read_sets
from puls.experiments.overrides import Overrides, overrides_of, read_toml

WORSE = 1


class _FilesOrCommand(TyperGroup):
    """`puls evaluate FILE` is `puls evaluate run FILE`: what names no command is a file or an option of `run`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if args and args[0] not in self.commands and args[0] != "--help":
            args = ["run", *args]
        return super().parse_args(ctx, args)


app = typer.Typer(
    cls=_FilesOrCommand, no_args_is_help=True, help="Judge answers on sets of questions."
)


@app.command("run")
def evaluate(
    files: Annotated[
        list[Path], typer.Argument(help="Sets, one JSON object a line; evals/README.md.")
    ],
    *,
    baseline: Annotated[
        Path | None, typer.Option(help="A report written by --out before; what changed is told.")
    ] = None,
    against: Annotated[
        Path | None,
        typer.Option(
            help="TOML of what is other (ranking, prompt, models, index), compared with the usual."
        ),
    ] = None,
    fail_when_worse: Annotated[
        bool, typer.Option("--fail-when-worse", help="Exit 1 when worse beyond noise.")
    ] = False,
    part: Annotated[list[str] | None, typer.Option(help=f"Only this: {', '.join(PARTS)}.")] = None,
    judge: Annotated[
        bool,
        typer.Option(
            "--judge", help="Let the configured model judge the answers of conversations."
        ),
    ] = False,
    use_given_wish: Annotated[
        bool, typer.Option("--given-wish", help="Search for the judges' wish, not for the words.")
    ] = False,
    out: Annotated[
        Path | None, typer.Option(help="A folder for report.json, report.md and report.html.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Understanding, retrieval, themes, conversations and checks of answers on sets of any kind."""
    if baseline and against:
        raise typer.BadParameter(
            "a baseline is another run; with --against the usual configuration is it."
        )
    if fail_when_worse and not (baseline or against):
        raise typer.BadParameter("--fail-when-worse needs --baseline or --against.")
    rows, parts = read_sets(files), _parts(part or [])
    before = read_report(baseline) if baseline else None
    other = overrides_of(read_toml(against), str(against)) if against else Overrides()
    names = [path.name for path in files]

    async def work(puls: Puls) -> tuple[Report, Report | None]:
        async def judged(overrides: Overrides) -> Report:
            async with AsyncExitStack() as stack:
                running = await stack.enter_async_context(
                    running_of(puls, overrides, uses_judge=judge)
                )
                running = replace(running, parts=parts, is_given=use_given_wish)
                return await running.report(rows, names, now=utc_now())

        usual = await judged(Overrides()) if against else None
        return await judged(other), usual

    report, usual = run(work, is_quiet=True)
    known = usual or before
    comparison = compare(report, _of_these(known, parts, report)) if known else None
    _tell(report, comparison, out=out, as_json=as_json)
    if comparison and comparison.is_worse and fail_when_worse:
        for sentence in comparison.sentences:
            say_error(f"puls: {sentence}")
        raise typer.Exit(WORSE)


def _parts(given: Sequence[str]) -> frozenset[Part]:
    unknown = sorted(set(given) - set(PARTS))
    if unknown:
        raise typer.BadParameter(f"there is no part {unknown[0]!r}; there are {', '.join(PARTS)}.")
    return frozenset(part for part in PARTS if part in given)


def _of_these(known: Report, parts: frozenset[Part], report: Report) -> Report:
    """The baseline without the parts that were not asked for, and without a model's opinions when none was asked."""
    judged = {case.part for case in report.cases}
    wanted = parts or (frozenset(PARTS) - ({"judged"} - judged))
    return replace(known, cases=tuple(one for one in known.cases if one.part in wanted))


def _tell(
    report: Report, comparison: Comparison | None, *, out: Path | None, as_json: bool
) -> None:
    written = json_of(report)
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        (out / "report.md").write_text(markdown_of(report, comparison), encoding="utf-8")
        (out / "report.html").write_text(html_of(report, comparison), encoding="utf-8")
        (out / "report.json").write_text(_as_text(written), encoding="utf-8")
    if as_json:
        print_json(written | ({"comparison": comparison} if comparison else {}))
        return
    console.print(plain(markdown_of(report, comparison)), markup=False, soft_wrap=True)
    if out is not None:
        console.print(f"Written to {plain(str(out))}.", markup=False)


def _as_text(written: dict[str, Any]) -> str:
    """JSON with a line for each case: what a merge shows of a baseline can be read."""
    cases = written.pop("cases")
    head = json.dumps(written, ensure_ascii=False)[:-1]
    lines = ",\n".join(json.dumps(case, ensure_ascii=False) for case in cases)
    written["cases"] = cases
    return f'{head}, "cases": [\n{lines}\n]}}\n'


@app.command()
def add(
    turn: Annotated[UUID, typer.Argument(help="The number of a turn with a thumb down.")],
    *,
    file: Annotated[
        Path | None, typer.Option(help="Where cases are kept; PULS_HOME/evaluation/cases.jsonl.")
    ] = None,
    yes: Annotated[
        bool, typer.Option("--yes", help="Write it; without this it is shown only.")
    ] = False,
) -> None:
    """Make a case of a bad answer, personal data masked; shown first, written with --yes."""

    async def work(puls: Puls) -> None:
        case = await prepared(puls.database, turn, puls.gazetteer)
        path = file or puls.settings.home / "evaluation" / "cases.jsonl"
        print_json_text(json.dumps(case.row, ensure_ascii=False, indent=2))
        if not yes:
            say_error(
                f"Nothing is written yet. Read it, then run it again with --yes to keep it in {path}."
            )
        elif await kept(path, case):
            say_error(f"Kept in {path}; write what is right into it (expect, wish, relevant).")
        else:
            say_error(f"It is in {path} already; nothing was written.")

    run(work, is_quiet=True)


@app.command()
def drift(
    *,
    count: Annotated[
        bool,
        typer.Option(
            "--count", help="Count the days that are not counted yet, as the nightly job does."
        ),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """What is asked and answered this week beside the four weeks before."""

    async def work(puls: Puls) -> DriftReport:
        histograms = histograms_of(puls)
        if count:
            days = await histograms.count_missing(now=utc_now())
            say_error(f"{days} days counted.")
        return await histograms.report(now=utc_now())

    report = run(work, is_quiet=True)
    if as_json:
        print_json(report)
        return
    rows = [
        [
            one.signal,
            one.level,
            f"{one.visitors:,} / {one.visitors_before:,}",
            f"{one.index:.3f} ({one.index_by_chance:.3f})",
            f"{one.distance:.3f} ({one.distance_by_chance:.3f})",
            ", ".join(f"{each.bin} {each.before:.0%} → {each.share:.0%}" for each in one.moved),
        ]
        for one in report.drifts
    ]
    columns = ("signal", "level", "visitors", "PSI (by chance)", "JS (by chance)", "moved most")
    console.print(table_of(*columns, rows=rows))
    for alert in report.alerts:
        console.print(f"alert: {plain(alert)}", markup=False)
