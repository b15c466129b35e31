"""`puls experiment show`: what the experiment under way says now. It may be read as often as one likes."""

from typing import Annotated

import typer

from puls.bootstrap import Puls
from puls.cli.opening import run
from puls.cli.output import AsJson, console, plain, print_json, table_of, utc_now
from puls.errors import NotFoundError
from puls.experiments.always_valid import Compared
from puls.experiments.outcomes import reading_of
from puls.experiments.reading import GUARDRAILS, ArmReading, Reading

app = typer.Typer(no_args_is_help=True, help="The live experiment of PULS_EXPERIMENT.")


@app.callback()
def _group() -> None:
    """A group, though it has one command so far."""


@app.command()
def show(
    *,
    in_english: Annotated[bool, typer.Option("--en", help="The verdict in English.")] = False,
    as_json: AsJson = False,
) -> None:
    """Arms, their sizes, satisfaction, what must not get worse, and the verdict."""

    async def work(puls: Puls) -> Reading:
        if puls.experiment is None:
            raise NotFoundError("No experiment is under way: PULS_EXPERIMENT names no file.")
        return await reading_of(puls.database, puls.experiment, now=utc_now())

    reading = run(work, is_quiet=True)
    if as_json:
        print_json(reading)
        return
    columns = ("arm", "visitors", "rated", "satisfied", "difference", *GUARDRAILS)
    console.print(table_of(*columns, rows=[_row(arm) for arm in reading.arms]))
    console.print(f"chance of arms as unequal as these: {reading.ratio_chance:.3g}")
    console.print(plain(reading.verdict.en if in_english else reading.verdict.fr), markup=False)


def _row(arm: ArmReading) -> list[str]:
    outcome = arm.outcome
    return [
        outcome.arm,
        f"{outcome.visitors:,}",
        f"{outcome.satisfied.visitors:,}",
        f"{outcome.satisfied.mean:.1%}" if outcome.satisfied.visitors else "–",
        _said(arm.satisfaction),
        *(_said(arm.guardrails.get(name)) for name in GUARDRAILS),
    ]


def _said(one: Compared | None) -> str:
    if one is None:
        return "–"
    mark = " *" if one.is_decided else ""
    return f"{one.difference:+.3g} ({one.low:+.3g} to {one.high:+.3g}){mark}"
