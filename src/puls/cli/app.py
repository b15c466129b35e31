"""`puls`: the program. A known failure is one line on standard error and an exit code; 2 means the input was wrong."""

import os
import sys
from typing import Annotated

import typer

from puls import __version__
from puls.cli.commands import Commands
from puls.cli.output import say_error
from puls.errors import PulsError
from puls.server.stopping import Stopped

_INTERRUPTED = 130  # as shells count Ctrl+C
_INTERRUPTED_BY_READER = 141  # and a pipe that nobody reads

app = typer.Typer(
    cls=Commands,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
    help="Puls finds cultural events in France.",
)


def _say_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"puls {__version__}")
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


def main() -> None:
    """Run the program; never a stack trace for what is known."""
    try:
        exit_code = app(standalone_mode=False)
    except typer.TyperException as error:
        message = error.format_message()
        if message.startswith("Usage:"):  # a group without its command: its help
            typer.echo(message)
        else:
            say_error(f"puls: {message}")
        sys.exit(2)
    except PulsError as error:
        say_error(f"puls: {error}")
        sys.exit(error.exit_code)
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
