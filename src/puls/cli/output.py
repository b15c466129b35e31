"""How the command line speaks: tables for people, JSON for programs, one line for a failure."""

import asyncio
import dataclasses
import json
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Annotated, Any, TypeVar
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    SpinnerColumn,
    TaskProgressColumn,
    TextColumn,
    TimeRemainingColumn,
)

from puls.bootstrap import Puls, open_puls
from puls.settings import Settings

Result = TypeVar("Result")

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]

Advance = Callable[[int, int | None, int], None]
"""Called with how much is done of how much in all (None: unknown), and how many things that is."""

console = Console(highlight=False)
_errors = Console(stderr=True, highlight=False)


def run(work: Callable[[Puls], Awaitable[Result]]) -> Result:
    """Open Puls, do the work, close it."""

    async def opened() -> Result:
        async with open_puls(Settings()) as puls:
            return await work(puls)

    return asyncio.run(opened())


def print_json(value: Any) -> None:
    """JSON on standard output; dataclasses become objects, moments ISO 8601."""
    sys.stdout.write(json.dumps(value, default=_plain, ensure_ascii=False, indent=2) + "\n")


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
    _errors.print(" ".join(sentence.split()), markup=False, soft_wrap=True)


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
        task = progress.add_task(title, total=None, rate="")

        def advance(done: int, total: int | None, count: int) -> None:
            speed = count / max(0.001, time.monotonic() - began)
            progress.update(
                task, completed=done, total=total, rate=f"{count:,} {unit}, {speed:,.0f}/s"
            )

        yield advance
