"""`puls index …`: versions of the vectors."""

from typing import Annotated

import typer
from rich.table import Table

from puls.bootstrap import Puls
from puls.bootstrap.embedding import model_named
from puls.cli.opening import run
from puls.cli.output import AsJson, console, print_json, progress_bar, utc_now
from puls.ingestion.embedding import IndexVersion

app = typer.Typer(no_args_is_help=True, help="Build, show, switch and drop index versions.")

VersionId = Annotated[int, typer.Argument(help="See `puls index status`.")]


@app.command()
def build(
    *,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Build a new version beside the live one.")
    ] = False,
    model: Annotated[
        str | None,
        typer.Option(
            "--model",
            help="An engine of PULS_EMBEDDINGS, such as mistral:mistral-embed; the first of them when left out.",
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Give every event its vector; resumes, skips known texts, several may run at once."""

    async def work(puls: Puls) -> IndexVersion:
        async with progress_bar("embedding", "texts") as advance:
            return await puls.index.build(
                now=utc_now,
                fresh=fresh,
                model=None if model is None else model_named(model),
                progress=lambda done, total: advance(done, total, done),
            )

    _print([run(work)], as_json=as_json)


@app.command()
def status(*, as_json: AsJson = False) -> None:
    """Every version with its model, state and how far it is."""
    _print(run(lambda puls: puls.index.versions()), as_json=as_json)


@app.command()
def switch(version: VersionId, *, as_json: AsJson = False) -> None:
    """Make a version live (or roll back to it) in one transaction."""
    _print([run(lambda puls: puls.index.switch(version, now=utc_now()))], as_json=as_json)


@app.command()
def drop(version: VersionId, *, as_json: AsJson = False) -> None:
    """Delete a version that is not live."""
    run(lambda puls: puls.index.drop(version))
    if as_json:
        print_json({"dropped": version})
    else:
        console.print(f"Index version {version} is deleted.")


def _print(versions: list[IndexVersion], *, as_json: bool) -> None:
    if as_json:
        print_json(versions)
        return
    if not versions:
        console.print("There is no index version yet; `puls index build` makes the first.")
        return
    table = Table("version", "state", "model", "recipe", "vectors", "of events", "live since")
    for version in versions:
        table.add_row(
            str(version.id),
            version.state,
            version.model,
            version.recipe,
            str(version.embedded),
            str(version.events),
            f"{version.switched_at:%Y-%m-%d %H:%M}" if version.switched_at else "-",
        )
    console.print(table)
