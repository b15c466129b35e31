"""The catalogue's tables: ingestion writes through here, everyone reads events back as values.

Every write takes the caller's connection, so that a batch is one transaction. Enter at `Catalogue`.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from psycopg.rows import DictRow
from psycopg.types.json import Json

from puls.catalogue import notes
from puls.catalogue.event import FINDABLE_STATUSES, Event, Occurrence
from puls.catalogue.rows import IncomingRecord, PreparedRecords, event_from_row, prepare
from puls.database import Connection, Database, Queries
from puls.errors import NotFoundError

_QUERIES = Queries.beside("puls.catalogue")


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredEvent:
    """An event as the catalogue holds it, with its other uids and whether its source still has it."""

    event: Event
    other_uids: tuple[str, ...]
    removed_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The catalogue at a glance: cultural events still to come, when a source was last read to its end, whether all is invented."""

    to_come: int
    read_at: datetime | None
    is_sample: bool


class Catalogue:
    """Reads and writes events."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # -- writing -----------------------------------------------------------------------------------------------------

    async def known_hashes(
        self, connection: Connection, source: str, refs: Sequence[str]
    ) -> dict[str, bytes]:
        cursor = await connection.execute(
            _QUERIES["known_hashes"], {"source": source, "refs": list(refs)}
        )
        return {row["ref"]: row["hash"] for row in await cursor.fetchall()}

    async def save(
        self,
        connection: Connection,
        source: str,
        records: "Sequence[IncomingRecord] | PreparedRecords",
        *,
        now: datetime | None,
    ) -> None:
        """Write records that are new or changed; within one call each `ref` comes once.

        An event whose record can no longer be read leaves search at `now`; with None it stays as it was, for the run to
        decide at its end.
        """
        rows = records if isinstance(records, PreparedRecords) else prepare(records)
        await connection.execute(
            _QUERIES["save_source_records"], {"source": source, "rows": _sent(rows.source_records)}
        )
        if rows.rejected and now is not None:
            await self.remove(connection, source, rows.rejected, now=now)
        if not rows.uids:
            return
        await connection.execute(_QUERIES["save_venues"], {"rows": _sent(rows.venues)})
        await connection.execute(
            _QUERIES["save_events"], {"source": source, "rows": _sent(rows.events)}
        )
        await connection.execute(_QUERIES["forget_occurrences"], {"uids": rows.uids})
        await connection.execute(_QUERIES["save_occurrences"], {"rows": _sent(rows.occurrences)})
        await connection.execute(_QUERIES["save_filters"], {"rows": _sent(rows.filters)})
        await notes.settle(connection, rows.uids)

    async def remove(
        self, connection: Connection, source: str, refs: Sequence[str], *, now: datetime
    ) -> list[str]:
        """Take these out of search; return the uids of those that were in it and came from this source."""
        cursor = await connection.execute(
            _QUERIES["remove_events"], {"source": source, "uids": list(refs), "now": now}
        )
        return [row["uid"] for row in await cursor.fetchall()]

    async def forget_records(
        self, connection: Connection, source: str, refs: Sequence[str]
    ) -> None:
        """Delete what the source had sent of these."""
        await connection.execute(
            _QUERIES["forget_source_records"], {"source": source, "refs": list(refs)}
        )

    async def count_words(self) -> None:
        """Count stems and words anew, and let the planner see the tables as they are."""
        async with self._database.outside_transaction() as connection:
            await connection.execute(
                "VACUUM (ANALYZE) event, event_filter, occurrence, venue, source_record"
            )
            async with connection.transaction():
                await connection.execute(_QUERIES["count_lexemes"])
                await connection.execute(_QUERIES["count_words"])

    # -- reading -----------------------------------------------------------------------------------------------------

    async def event(self, uid: str) -> StoredEvent:
        """One event with all its occurrences.

        Raises:
            NotFoundError: no event ever had this uid.
        """
        stored = await self.events([uid])
        if not stored:
            raise NotFoundError(f"No event has the uid {uid!r}.")
        return stored[uid]

    async def events(self, uids: Sequence[str]) -> dict[str, StoredEvent]:
        """These events with all their occurrences, by uid; a uid that no event ever had is left out."""

        async def read(connection: Connection) -> tuple[list[DictRow], ...]:
            rows = await _all(connection, "events_by_uid", uids=list(uids))
            times = await _all(connection, "occurrences_of", ids=[row["id"] for row in rows])
            keys = [row["duplicate_key"] for row in rows]
            return rows, times, await _all(connection, "uids_of_duplicates", duplicate_keys=keys)

        rows, times, twins = await self._database.reads.run(
            read, is_whole=lambda found: len(found[0]) == len(set(uids))
        )
        occurrences: dict[int, list[Occurrence]] = defaultdict(list)
        for time in times:
            occurrences[time.pop("event_id")].append(Occurrence(**time))
        published: dict[str, list[str]] = defaultdict(list)
        for twin in twins:
            published[twin["duplicate_key"]].append(twin["uid"])
        return {
            row["uid"]: StoredEvent(
                event=replace(event_from_row(row), occurrences=tuple(occurrences[row["id"]])),
                other_uids=tuple(
                    uid for uid in published[row["duplicate_key"]] if uid != row["uid"]
                ),
                removed_at=row["removed_at"],
            )
            for row in rows
        }

    async def read_at(self, uids: Sequence[str]) -> dict[str, datetime]:
        """When each event's source was last read to its end, in UTC; none for those never read so."""
        rows = await self._database.reads.fetch_all(_QUERIES["read_at"], uids=list(uids))
        return {row["uid"]: row["read_at"] for row in rows}

    async def figures(self, *, now: datetime) -> dict[str, int]:
        row = await self._database.fetch_one(_QUERIES["figures"], now=now)
        assert row is not None
        return dict(row)

    async def venue_names(self) -> list[dict[str, Any]]:
        """Name, city, commune, position and number of events of each venue where something is on."""
        return list(await self._database.reads.fetch_all(_QUERIES["venue_names"]))

    async def holds_only(self, source: str) -> bool:
        """Whether every event comes from this source."""
        return await self._database.fetch_one(_QUERIES["another_source"], source=source) is None

    async def standing(self, *, now: datetime) -> Standing:
        """The catalogue as of `now` (aware)."""
        row = await self._database.reads.fetch_one(_QUERIES["standing"], now=now)
        assert row is not None  # a count always has a row
        return Standing(to_come=row["to_come"], read_at=row["read_at"], is_sample=row["is_sample"])

    async def checksum(self) -> str:
        row = await self._database.fetch_one(
            _QUERIES["checksum"], findable=[int(status) for status in sorted(FINDABLE_STATUSES)]
        )
        return str(row["checksum"]) if row else ""

    async def runs(self, *, limit: int = 20) -> list[dict[str, Any]]:
        return list(await self._database.fetch_all(_QUERIES["runs"], limit=limit))

    async def quarantine(self, *, limit: int = 1000) -> list[dict[str, Any]]:
        return list(await self._database.fetch_all(_QUERIES["quarantine"], limit=limit))


async def _all(connection: Connection, query: str, **values: Any) -> list[DictRow]:
    return await (await connection.execute(_QUERIES[query], values)).fetchall()


def _sent(rows: bytes) -> Json:
    """A parameter of type json from rows that are JSON already."""
    return Json(rows, dumps=bytes)
