"""What was strongly seen elsewhere and the records do not say yet: search goes by it until a newer record comes.

A note changes no fact of an event, only the rows that search reads: a cancelled event leaves the answers at once, and is
found by who asks for cancelled ones. Each function takes the caller's connection. `note` and `end` are for whoever
looks, `settle` for whoever writes records, `noted` for a sync that wants to read these first.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import orjson
from psycopg.rows import DictRow
from psycopg.types.json import Json

from puls.catalogue.event import FINDABLE_STATUSES, Status
from puls.database import Connection, Queries

_QUERIES = Queries.beside("puls.catalogue", "note_queries.sql")
GONE: Final = 0  # stands for a status where its source no longer has the event; no wish asks for it
_FINDABLE: Final = [int(status) for status in sorted(FINDABLE_STATUSES)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """One finding. `status` None: nothing that search filters by; `GONE`: its source no longer has it.

    `proof` and `outcome` are words of whoever looked. A record updated at `record_from` or later ends it; so does
    `until`, None for never. Moments are aware.
    """

    uid: str
    outcome: str
    status: int | Status | None
    proof: str
    url: str | None
    noted_at: datetime
    record_from: datetime
    until: datetime | None = None


async def note(connection: Connection, notes: Sequence[Note]) -> None:
    """Let search go by these, as far as the records do not say the same already."""
    rows = [
        {
            "uid": one.uid,
            "outcome": one.outcome,
            "status": None if one.status is None else int(one.status),
            "proof": one.proof,
            "url": one.url,
            "noted_at": one.noted_at,
            "record_from": one.record_from,
            "until": one.until,
        }
        for one in notes
    ]
    await connection.execute(_QUERIES["note"], {"rows": Json(rows, dumps=orjson.dumps)})
    await _show(connection, [one.uid for one in notes])


async def end(
    connection: Connection, uids: Sequence[str], *, proofs: Sequence[str] | None = None
) -> None:
    """A later look says otherwise: search goes by the records again. `proofs`: only what these had said."""
    values = {"uids": list(uids), "proofs": None if proofs is None else list(proofs)}
    cursor = await connection.execute(_QUERIES["end"], values)
    await _show(connection, [row["uid"] for row in await cursor.fetchall()])


async def end_old(connection: Connection, *, now: datetime) -> int:
    """End those whose time is over; return how many."""
    cursor = await connection.execute(_QUERIES["end_old"], {"now": now})
    uids = [row["uid"] for row in await cursor.fetchall()]
    await _show(connection, uids)
    return len(uids)


async def settle(connection: Connection, uids: Sequence[str]) -> None:
    """These records were just written: end the notes that they caught up with, keep search by the others."""
    values = {"uids": list(uids)}
    await connection.execute(_QUERIES["end_caught_up"], values)
    await connection.execute(_QUERIES["show_still"], values | {"findable": _FINDABLE})


async def noted(connection: Connection, *, now: datetime, limit: int = 1_000) -> list[DictRow]:
    """The notes that stand with their events' source and agenda, nearest dates first."""
    cursor = await connection.execute(_QUERIES["noted"], {"now": now, "limit": limit})
    return await cursor.fetchall()


async def _show(connection: Connection, uids: Sequence[str]) -> None:
    if uids:
        values = {"uids": list(uids), "findable": _FINDABLE}
        await connection.execute(_QUERIES["show"], values)
