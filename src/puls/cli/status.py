"""`puls status` and `puls quarantine`: what the catalogue holds and could not take, and the database under it."""

from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from puls.bootstrap import Puls
from puls.cli.opening import run
from puls.cli.output import AsJson, console, plain, print_json, table_of, utc_now
from puls.database import Queries

_LARGEST = 5
_QUERIES = Queries.beside("puls.cli", "status.sql")
_UNITS = ("bytes", "KiB", "MiB", "GiB", "TiB")
_STEP = 1024


def status(*, as_json: AsJson = False) -> None:
    """What the catalogue holds, what the last runs did, a checksum of it all, and the database under it."""

    async def work(puls: Puls) -> dict[str, object]:
        return {
            "database": await _facts_of(puls),
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
        table.add_row(name, escape(plain(_in_words(name, fact))))
    console.print(table)


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


async def _facts_of(puls: Puls) -> dict[str, object]:
    """Of the server and of this database in it."""
    facts = await puls.database.fetch_one(_QUERIES["facts"])
    assert facts is not None
    largest = await puls.database.fetch_all(_QUERIES["largest"], limit=_LARGEST)
    embedded = puls.settings.database_url is None
    return {
        "postgresql": facts["version"],
        "pgvector": facts["pgvector"],
        "server": f"embedded in {puls.settings.home}" if embedded else "as PULS_DATABASE_URL says",
        "schema": facts["schema"],
        "size": facts["size"],
        "largest": {row["name"]: row["size"] for row in largest},
    }


def _in_words(name: str, fact: object) -> str:
    """A fact for a person."""
    if name == "size" and isinstance(fact, int):
        return size_in_words(fact)
    if isinstance(fact, dict):
        return ", ".join(f"{table} {size_in_words(size)}" for table, size in fact.items())
    return str(fact)


def size_in_words(size: float) -> str:
    for unit in _UNITS[:-1]:
        if size < _STEP:
            return f"{size:.0f} {unit}" if unit == _UNITS[0] else f"{size:.1f} {unit}"
        size /= _STEP
    return f"{size:.1f} {_UNITS[-1]}"
