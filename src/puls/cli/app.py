"""`puls`: the program. A known failure is one line on standard error and an exit code; 2 means the input was wrong."""

import sys
from typing import Annotated

import typer
from pydantic import ValidationError
from rich.table import Table

from puls.bootstrap import (
    Puls,
    add_sample_if_empty,
    build_index,
    open_puls,
    sweep_personal_data,
    warm_up,
)
from puls.cli import index, ingest, keys
from puls.cli.chat import chat
from puls.cli.evaluate import evaluate
from puls.cli.mcp import mcp
from puls.cli.output import AsJson, console, print_json, run, say_error, utc_now
from puls.cli.search import search, show
from puls.cli.understand import understand_words
from puls.errors import PulsError
from puls.settings import Settings

_INTERRUPTED = 130  # as shells count Ctrl+C

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
    help="Puls finds cultural events in France.",
)
app.command()(search)
app.command()(chat)
app.command("understand")(understand_words)
app.command()(show)
app.command()(evaluate)
app.command()(mcp)
app.add_typer(ingest.app, name="ingest")
app.add_typer(index.app, name="index")
app.add_typer(keys.app, name="keys")


@app.command()
def serve(
    *,
    host: Annotated[str, typer.Option()] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535)] = 8000,
    with_sample: Annotated[
        bool, typer.Option("--with-sample", help="Load invented events if the catalogue is empty.")
    ] = False,
) -> None:
    """Serve the page and the API; missing vectors are built in the background."""
    import uvicorn  # noqa: PLC0415 # the web framework takes a second that other commands need not pay

    from puls.api.app import create_app  # noqa: PLC0415

    settings = Settings()
    background = [add_sample_if_empty] if with_sample else []
    application = create_app(
        lambda: open_puls(settings),
        background=[*background, warm_up, build_index, sweep_personal_data],
        widget_origins=settings.widget_origins,
    )
    console.print(f"Puls: http://{host}:{port}/ (Ctrl+C stops it)")
    uvicorn.run(application, host=host, port=port, log_config=None, access_log=False)


@app.command()
def status(*, as_json: AsJson = False) -> None:
    """What the catalogue holds, what the last runs did, and a checksum of it all."""

    async def work(puls: Puls) -> dict[str, object]:
        return {
            "catalogue": await puls.catalogue.figures(now=utc_now()),
            "checksum": await puls.catalogue.checksum(),
            "runs": await puls.catalogue.runs(limit=10),
        }

    report = run(work)
    if as_json:
        print_json(report)
        return
    figures = report["catalogue"]
    assert isinstance(figures, dict)
    table = Table(show_header=False, box=None)
    for name, count in figures.items():
        table.add_row(name, f"{count:,}")
    table.add_row("checksum", str(report["checksum"]))
    console.print(table)


@app.command()
def quarantine(
    *, limit: Annotated[int, typer.Option(min=1, max=100_000)] = 50, as_json: AsJson = False
) -> None:
    """Records that could not become events, each with its reason."""
    rows = run(lambda puls: puls.catalogue.quarantine(limit=limit))
    if as_json:
        print_json(rows)
        return
    table = Table("source", "record", "reason", "detail")
    for row in rows:
        table.add_row(row["source"], row["ref"], row["reason"], row["detail"])
    console.print(table, markup=False)


def main() -> None:
    """Run the program; never a stack trace for what is known."""
    try:
        exit_code = app(ingest.with_bare_permission(sys.argv[1:]), standalone_mode=False)
    except typer.TyperException as error:
        message = error.format_message()
        if message.startswith("Usage:"):  # a group without its command: its help
            console.print(message, markup=False)
        else:
            say_error(f"puls: {message}")
        sys.exit(2)
    except PulsError as error:
        say_error(f"puls: {error}")
        sys.exit(error.exit_code)
    except ValidationError as error:
        if error.title != Settings.__name__:
            raise
        say_error(f"puls: {_settings_that_cannot_be_read(error)}")
        sys.exit(2)
    except (typer.Abort, KeyboardInterrupt):
        exit_code = _INTERRUPTED
    if exit_code == _INTERRUPTED:
        say_error("Stopped; run the same command again to go on.")
    sys.exit(exit_code)


def _settings_that_cannot_be_read(error: ValidationError) -> str:
    """Which variables, and why; never their values, which may be secret."""
    return "; ".join(
        f"PULS_{'.'.join(str(part) for part in one['loc']).upper()}: {one['msg']}"
        for one in error.errors(include_url=False, include_input=False)
    )
