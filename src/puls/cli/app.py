"""`puls`: the program. A known failure is one line on standard error and an exit code; 2 means the input was wrong."""

import contextlib
import os
import signal
import sys
from typing import Annotated

import typer
from pydantic import ValidationError
from rich.markup import escape
from rich.table import Table

from puls import __version__
from puls.bootstrap import (
    Puls,
    add_sample_if_empty,
    build_index,
    count_usage,
    open_puls,
    warm_up,
    watch,
)
from puls.cli import evaluate, experiment, index, ingest, jobs, keys
from puls.cli.backup import backup, restore
from puls.cli.chat import chat
from puls.cli.costs import costs
from puls.cli.mcp import mcp
from puls.cli.output import (
    AsJson,
    checked_settings,
    console,
    plain,
    print_json,
    run,
    say_error,
    table_of,
    utc_now,
)
from puls.cli.search import search, show
from puls.cli.status import facts_of, in_words
from puls.cli.understand import understand_words
from puls.cli.web import verify, web
from puls.errors import PulsError
from puls.server.listening import listening_socket
from puls.server.stopping import AS_SHELLS_COUNT, Stopped
from puls.settings import Settings

_INTERRUPTED = 130  # as shells count Ctrl+C
_INTERRUPTED_BY_READER = 141  # and a pipe that nobody reads
_EVERYWHERE = frozenset({"0.0.0.0", "::", ""})  # noqa: S104 # asked for by an operator

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
    help="Puls finds cultural events in France.",
)


def _say_version(wanted: bool) -> None:
    if wanted:
        console.print(f"puls {__version__}", markup=False)
        raise typer.Exit


@app.callback()
def of_all_commands(
    *,
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_say_version, is_eager=True, help="Say which Puls this is."
        ),
    ] = False,
) -> None:
    """Puls finds cultural events in France."""


app.command()(search)
app.command()(chat)
app.command("understand")(understand_words)
app.command()(show)
app.command()(web)
app.command()(verify)
app.command()(mcp)
app.command()(backup)
app.command()(restore)
app.command()(costs)
app.add_typer(evaluate.app, name="evaluate")
app.add_typer(experiment.app, name="experiment")
app.command()(jobs.worker)
app.add_typer(ingest.app, name="ingest")
app.add_typer(index.app, name="index")
app.add_typer(keys.app, name="keys")
app.add_typer(jobs.app, name="jobs")


@app.command()
def serve(
    *,
    host: Annotated[str, typer.Option()] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535)] = 8000,
    with_sample: Annotated[
        bool, typer.Option("--with-sample", help="Load invented events if the catalogue is empty.")
    ] = False,
    desk: Annotated[
        bool,
        typer.Option(
            "--desk",
            help="For a developer's own machine: /metrics and /openapi.json answer it without a key.",
        ),
    ] = False,
) -> None:
    """Serve the page and the API; jobs (vectors, retention, PULS_SYNC…) run beside them unless PULS_WORKER=off."""
    settings = checked_settings()
    with contextlib.closing(listening_socket(host, port)) as listening:
        # The web framework takes a second that other commands need not pay, nor one whose port is taken.
        from puls.api.app import create_app  # noqa: PLC0415
        from puls.api.doors import Doors  # noqa: PLC0415
        from puls.server.running import serve as serve_application  # noqa: PLC0415
        from puls.worker import work  # noqa: PLC0415

        background = [add_sample_if_empty] if with_sample else []
        is_inside = settings.worker == "inside"
        application = create_app(
            lambda: open_puls(settings, is_serving=True),
            background=[*background, warm_up, *([] if is_inside else [build_index])],
            alongside=[count_usage, watch, *([work] if is_inside else [])],
            widget_origins=settings.widget_origins,
            allowed_hosts=(*settings.allowed_hosts, *_names_of(host)),
            public_url=settings.public_url,
            trusted_proxies=settings.trusted_proxies,
            doors=Doors(open=settings.open_doors, is_desk=desk),
        )
        console.print(f"Puls: http://{_in_address(host)}:{port}/ (Ctrl+C stops it)")
        number = serve_application(
            application, listening, reserved_descriptors=settings.database_pool_size
        )
    if number != signal.SIGTERM:  # what a supervisor sends is an orderly end
        raise typer.Exit(AS_SHELLS_COUNT + number)


def _names_of(host: str) -> tuple[str, ...]:
    """The name that an operator gives for listening is one that Puls answers to; « everywhere » is none."""
    return () if host in _EVERYWHERE else (host.strip("[]").lower(),)


def _in_address(host: str) -> str:
    if host in _EVERYWHERE:
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host


@app.command()
def status(*, as_json: AsJson = False) -> None:
    """What the catalogue holds, what the last runs did, a checksum of it all, and the database under it."""

    async def work(puls: Puls) -> dict[str, object]:
        return {
            "database": await facts_of(puls),
            "catalogue": await puls.catalogue.figures(now=utc_now()),
            "checksum": await puls.catalogue.checksum(),
            "runs": await puls.catalogue.runs(limit=10),
        }

    report = run(work, is_quiet=True)
    if as_json:
        print_json(report)
        return
    figures = report["catalogue"]
    assert isinstance(figures, dict)
    table = Table(show_header=False, box=None)
    for name, count in figures.items():
        table.add_row(name, f"{count:,}")
    table.add_row("checksum", str(report["checksum"]))
    database = report["database"]
    assert isinstance(database, dict)
    for name, fact in database.items():
        table.add_row(name, escape(plain(in_words(name, fact))))
    console.print(table)


@app.command()
def quarantine(
    *, limit: Annotated[int, typer.Option(min=1, max=100_000)] = 50, as_json: AsJson = False
) -> None:
    """Records that could not become events, each with its reason."""
    rows = run(lambda puls: puls.catalogue.quarantine(limit=limit), is_quiet=True)
    if as_json:
        print_json(rows)
        return
    columns = ("source", "ref", "reason", "detail")
    shown = [[str(row[column] or "") for column in columns] for row in rows]
    console.print(table_of("source", "record", "reason", "detail", rows=shown))


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
    except Stopped as stopped:
        exit_code = stopped.exit_code
    except (typer.Abort, KeyboardInterrupt):
        exit_code = _INTERRUPTED
    except BrokenPipeError:  # `puls … | head`: whoever read has enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        exit_code = _INTERRUPTED_BY_READER
    if exit_code == _INTERRUPTED:
        say_error("Stopped; run the same command again to go on.")
    sys.exit(exit_code)


def _settings_that_cannot_be_read(error: ValidationError) -> str:
    """Which variables, and why; never their values, which may be secret."""
    return "; ".join(
        f"PULS_{'.'.join(str(part) for part in one['loc']).upper()}: {one['msg']}"
        for one in error.errors(include_url=False, include_input=False)
    )
