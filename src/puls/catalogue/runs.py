"""The report rows of ingestion runs, and what a run asks of the catalogue before it removes anything.

Every function takes the caller's connection. Enter at `start`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from psycopg.rows import DictRow
from psycopg.types.json import Jsonb

from puls.database import Connection, Queries
from puls.errors import DatabaseUnavailableError

_QUERIES = Queries.beside("puls.catalogue", "run_queries.sql")


@dataclass(slots=True, kw_only=True)
class IngestRun:
    """The report row of one run; `quarantined` counts by reason, `stored` is what the row holds of `seen`."""

    id: int
    source: str
    origin: str | None
    is_full: bool
    started_at: datetime
    seen: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    quarantined: dict[str, int] = field(default_factory=dict)
    cursor: str | None = None
    held: int | None = None
    finished_at: datetime | None = None
    failure: str | None = None
    stored: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """A source as its last good run left it; None where that is not known."""

    origin: str | None
    held: int | None


async def start(
    connection: Connection, source: str, *, origin: str | None, is_full: bool, now: datetime
) -> IngestRun:
    """A new run; those of the source that were killed are closed as interrupted."""
    await connection.execute(_QUERIES["close_interrupted"], {"source": source, "now": now})
    row = await _one(
        connection, "start_run", source=source, origin=origin, is_full=is_full, now=now
    )
    return IngestRun(id=row["id"], source=source, origin=origin, is_full=is_full, started_at=now)


async def update(connection: Connection, run: IngestRun) -> None:
    """Write the row.

    Raises:
        DatabaseUnavailableError: the row is not as this run left it.
    """
    cursor = await connection.execute(
        _QUERIES["update_run"],
        {
            "id": run.id,
            "seen": run.seen,
            "new": run.new,
            "changed": run.changed,
            "unchanged": run.unchanged,
            "removed": run.removed,
            "quarantined": Jsonb(run.quarantined),
            "cursor": run.cursor,
            "finished_at": run.finished_at,
            "failure": run.failure,
            "held": run.held,
            "stored": run.stored,
        },
    )
    if cursor.rowcount != 1:
        raise DatabaseUnavailableError(
            "PostgreSQL no longer holds what this run had written: it was restored or another server took over. "
            "Nothing was removed; run it again."
        )


async def last_cursor(connection: Connection, source: str, origin: str | None) -> str | None:
    """Where an incremental source goes on; None when it was never read, or never there."""
    cursor = await connection.execute(_QUERIES["last_cursor"], {"source": source, "origin": origin})
    row = await cursor.fetchone()
    return row["cursor"] if row else None


async def before(connection: Connection, run: IngestRun) -> Before:
    row = await _one(connection, "last_good_run", source=run.source, id=run.id)
    return Before(origin=row["origin"], held=row["held"])


async def is_last(connection: Connection, run: IngestRun) -> bool:
    """Whether no other run of the source began after this one."""
    return bool((await _one(connection, "is_last_run", source=run.source, id=run.id))["is_last"])


async def other_sources(connection: Connection, source: str) -> list[str]:
    return [row["source"] for row in await _all(connection, "other_sources", source=source)]


async def has_records(connection: Connection, source: str) -> bool:
    return bool(await _all(connection, "has_records", source=source))


async def take_over(connection: Connection, source: str, *, former: str) -> None:
    """Give the source what stands under its former name."""
    for query in ("take_over_records", "take_over_events", "take_over_runs"):
        await connection.execute(_QUERIES[query], {"source": source, "former": former})


async def refs_after(
    connection: Connection, source: str, after: str, *, limit: int
) -> list[tuple[str, bool]]:
    """Names of the source's records in their order, and whether each could be read."""
    rows = await _all(connection, "refs_after", source=source, after=after, limit=limit)
    return [(row["ref"], row["is_readable"]) for row in rows]


async def count_held(connection: Connection, source: str) -> int:
    """Events of the source that search shows."""
    return int((await _one(connection, "count_held", source=source))["events"])


async def count_live(connection: Connection, source: str, refs: Sequence[str]) -> int:
    """How many of these are events of the source that search shows."""
    return int((await _one(connection, "count_live", source=source, refs=list(refs)))["events"])


async def disown(connection: Connection, source: str, refs: Sequence[str]) -> None:
    """Note that the source removed these; they leave search at the end of the run."""
    await connection.execute(_QUERIES["disown"], {"source": source, "refs": list(refs)})


async def disowned_refs(connection: Connection, source: str) -> list[str]:
    return [row["ref"] for row in await _all(connection, "disowned_refs", source=source)]


async def forget_disowned(connection: Connection, source: str) -> None:
    await connection.execute(_QUERIES["forget_disowned"], {"source": source})


async def held_elsewhere(
    connection: Connection, sources: Sequence[str], refs: Sequence[str]
) -> list[DictRow]:
    """The raw records of these events in other sources."""
    return await _all(connection, "held_elsewhere", sources=list(sources), refs=list(refs))


async def _all(connection: Connection, query: str, **values: object) -> list[DictRow]:
    return await (await connection.execute(_QUERIES[query], values)).fetchall()


async def _one(connection: Connection, query: str, **values: object) -> DictRow:
    row = await (await connection.execute(_QUERIES[query], values)).fetchone()
    assert row is not None
    return row
