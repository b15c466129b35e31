"""How the command line speaks: tables for people, JSON for programs, one line for a failure."""

import dataclasses
import json
import re
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer
from rich.cells import cell_len
from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    Progress,
    SpinnerColumn,
    TaskProgressColumn,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Table

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]

Advance = Callable[[int, int | None, int], None]
"""Called with how much is done of how much in all (None: unknown), and how many things that is."""

# C0 without tab and line feed, DEL, C1, and the marks that turn the direction of writing.
_OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")

console = Console(highlight=False)
_errors = Console(stderr=True, highlight=False)


def print_json(value: Any) -> None:
    """JSON on standard output; dataclasses become objects, moments ISO 8601."""
    print_json_text(json.dumps(value, default=_plain, ensure_ascii=False, indent=2))


def print_json_text(text: str) -> None:
    """JSON that is written already; what a terminal would obey is written as an escape."""
    sys.stdout.write(_OBEYED.sub(lambda one: f"\\u{ord(one[0]):04x}", text) + "\n")


def plain(text: str) -> str:
    """Text of others for a terminal: what it would obey, or what would turn the line around, is shown as a mark."""
    return _OBEYED.sub("\ufffd", text)


def table_of(*columns: str, rows: Iterable[Sequence[str]]) -> Table:
    """A table of texts of others, which are shown and neither read as markup nor obeyed.

    A column's name that ends in `!` is never cut: it is what another command wants.
    """
    shown = [[plain(cell) for cell in row] for row in rows]
    table = Table()
    for place, column in enumerate(columns):
        name, is_whole = column.removesuffix("!"), column.endswith("!")
        widest = max((cell_len(row[place]) for row in shown), default=0)
        table.add_column(
            name, no_wrap=is_whole, min_width=widest if is_whole else None, overflow="fold"
        )
    for row in shown:
        table.add_row(*map(escape, row))
    return table


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, frozenset):
        return sorted(value)
    raise TypeError(f"no JSON for {type(value).__name__}")


def say_error(sentence: str) -> None:
    """One line on standard error."""
    _errors.print(plain(" ".join(sentence.split())), markup=False, soft_wrap=True)


def utc_now() -> datetime:
    """The clock of the command line; everything below takes the moment as an argument."""
    return datetime.now(UTC)


def moment_or_now(text: str | None, timezone: str) -> datetime:
    """An ISO 8601 moment, in the given zone when it names none; the present when absent."""
    if text is None:
        return utc_now()
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} is not an ISO 8601 date or time.") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(timezone))


@asynccontextmanager
async def progress_bar(title: str, unit: str) -> AsyncIterator[Advance]:
    """A bar with rate and time left on standard error."""
    began = time.monotonic()
    with Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
        console=_errors,
        transient=True,
    ) as progress:
        task = progress.add_task(plain(title), total=None, rate="")

        def advance(done: int, total: int | None, count: int) -> None:
            speed = count / max(0.001, time.monotonic() - began)
            progress.update(
                task, completed=done, total=total, rate=f"{count:,} {unit}, {speed:,.0f}/s"
            )

        yield advance
