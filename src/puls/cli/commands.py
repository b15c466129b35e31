"""The commands of `puls`: where each lives and its line of help. A command's module is read when the command is asked for.

Reading all of them takes seconds, which `puls --help` or a misspelt command need not cost.
"""

import importlib
from collections.abc import Mapping
from typing import Any, NamedTuple

import typer
from typer.core import TyperGroup


class Place(NamedTuple):
    """Where a command, or a group of commands (a `typer.Typer`), is found."""

    module: str  # below puls.cli
    name: str
    help: str  # the first sentence of its own


COMMANDS: Mapping[str, Place] = {
    "search": Place(
        "search",
        "search",
        "Find the events that fit a question and filters; filters win over words.",
    ),
    "chat": Place(
        "chat",
        "chat",
        "Talk with Puls; follow-ups are understood, and the conversation is kept. Exits with 1 if a turn failed.",
    ),
    "understand": Place(
        "understand",
        "understand_words",
        "Show what Puls understands: the wish, which words said it, and what else they may mean.",
    ),
    "show": Place("search", "show", "Everything about one event: dates, place, price, source."),
    "web": Place(
        "web",
        "web",
        "Look on the web alone: what was searched, which pages were read or why not, events and quotations.",
    ),
    "verify": Place("web", "verify", "See on the web whether events still take place."),
    "mcp": Place("mcp", "mcp", "Serve the tools of Puls over stdio (Model Context Protocol)."),
    "backup": Place(
        "backup",
        "app",
        "Write the database and the secret of PULS_HOME to a file, a folder or a bucket; Puls may go on serving.",
    ),
    "restore": Place(
        "backup",
        "restore",
        "Bring a backup back into PULS_HOME, whole or not at all; nothing may be using it.",
    ),
    "worker": Place(
        "jobs",
        "worker",
        "Run jobs until stopped; for a database whose `puls serve` has PULS_WORKER=off, or beside it.",
    ),
    "serve": Place(
        "serve",
        "serve",
        "Serve the page and the API; jobs (vectors, retention, PULS_SYNC…) run beside them unless PULS_WORKER=off.",
    ),
    "status": Place(
        "status",
        "status",
        "What the catalogue holds, what the last runs did, a checksum of it all, and the database under it.",
    ),
    "quarantine": Place(
        "status", "quarantine", "Records that could not become events, each with its reason."
    ),
    "evaluate": Place("evaluate", "app", "Judge answers on sets of questions."),
    "costs": Place(
        "costs",
        "costs",
        "What Puls costs to build and to run, and where each figure comes from.",
    ),
    "experiment": Place("experiment", "app", "The live experiment of PULS_EXPERIMENT."),
    "ingest": Place("ingest", "app", "Bring events into the catalogue."),
    "index": Place("index", "app", "Build, show, switch and drop index versions."),
    "keys": Place("keys", "app", "Create, list and revoke API keys."),
    "jobs": Place("jobs", "app", "What runs by itself: see it, start it, hold it back."),
}


class Commands(TyperGroup):
    """All commands by name and help; the one asked for is read."""

    def __init__(self, **of_typer: Any) -> None:
        super().__init__(**of_typer)
        for name, place in COMMANDS.items():
            self.commands[name] = _group_of(name, _unread, help=place.help).commands[name]

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """As typer does; the command found is the real one."""
        name, _, rest = super().resolve_command(ctx, args)
        return name, (loaded(name) if name else None), rest


def loaded(name: str) -> Any:
    """The command of that name, read from its module."""
    place = COMMANDS[name]
    part = getattr(importlib.import_module(f"puls.cli.{place.module}"), place.name)
    return _group_of(name, part).commands[name]


def _group_of(name: str, part: Any, **named: Any) -> TyperGroup:
    app = typer.Typer(rich_markup_mode=None, add_completion=False)
    app.callback()(_unread)  # with a callback, one command alone stays a group
    if isinstance(part, typer.Typer):
        app.add_typer(part, name=name)
    else:
        app.command(name, **named)(part)
    group = typer.main.get_command(app)
    assert isinstance(group, TyperGroup)
    return group


def _unread() -> None:
    """Stands for a command that was not asked for."""
