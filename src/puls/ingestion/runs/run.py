"""The state of one run: its report row, its workers, and the records met.

What a full run has met is in this object and nowhere else: a crash of PostgreSQL cannot empty it, and a crash of the
process ends the run before anything is removed. Enter at `Run.take_all`; what is gone leaves in `leaving`.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import psycopg

from puls.catalogue import runs
from puls.catalogue.runs import IngestRun
from puls.catalogue.store import Catalogue
from puls.database import Connection, Database
from puls.geo.gazetteer import Gazetteer
from puls.ingestion.mapping.agenda_records import is_removal
from puls.ingestion.mapping.records import uid_of
from puls.ingestion.runs.workers import Mapped, Raw, Workers, mapped, raw_of, refused
from puls.ingestion.sources import PlacedSource, RecordSource, SourceBatch
from puls.monitoring import CATALOGUE_UPDATED, INGESTED_RECORDS, log

_BATCHES_READY: Final = (
    2  # bounds memory: being mapped or waiting to be written, besides the one at either end
)
_SAME_SOURCE_SHARE: Final = 0.5  # of the first records known under the former name
_MOST_REMARKS: Final = 20


FollowUp = Callable[[Connection], Awaitable[None]]
"""Asks, in the transaction that changed the catalogue and as its last statement, for what depends on it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a run is. `done` of `total` is in the source's own unit (bytes or records)."""

    records: int
    done: int
    total: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Batch:
    """A batch on its way to the database; its records are on their way through mapping."""

    raws: list[Raw]
    known: dict[str, bytes]
    removed: list[str]
    seen: int
    cursor: str | None
    progress: tuple[int, int | None]


class Run:
    """Reads a source into the catalogue, batch by batch."""

    def __init__(
        self,
        *,
        database: Database,
        catalogue: Catalogue,
        gazetteer: Gazetteer,
        workers: int,
        row: IngestRun,
        now: datetime,
        follow_up: FollowUp | None = None,
    ) -> None:
        self.row = row
        self._follow_up = follow_up
        self.met: set[int | str] = set()
        self.remarks: dict[str, None] = {}
        self._database = database
        self._catalogue = catalogue
        self._gazetteer = gazetteer
        self._workers = Workers(workers=workers, gazetteer=gazetteer, source=row.source)
        self._now = now
        self._began = time.monotonic()

    async def take_all(
        self, source: RecordSource, cursor: str | None, on_progress: Callable[[Progress], None]
    ) -> None:
        """Read and write side by side.

        On a failure of the source, what was read is still written.
        """
        former = source.former_name if isinstance(source, PlacedSource) else None
        queue: asyncio.Queue[tuple[_Batch, asyncio.Future[Mapped]] | None]
        queue = asyncio.Queue(_BATCHES_READY)
        writer = asyncio.create_task(self._write_all(queue, on_progress))
        try:
            async for given in source.batches(cursor=cursor):
                self.remarks |= dict.fromkeys(given.remarks[:_MOST_REMARKS])
                raws, removed = self._sorted_out(given)
                if former is not None and raws:
                    await self._take_over(former, raws)
                    former = None
                batch = await self._sifted(given, raws, removed)
                wanted = [raw for raw in raws if batch.known.get(raw.ref) != raw.hash]
                await _put_unless_done(queue, (batch, self._workers.map(wanted)), writer)
        finally:
            if not writer.done():
                await _put_unless_done(queue, None, writer)
            await writer

    def _sorted_out(self, given: SourceBatch) -> tuple[list[Raw], list[str]]:
        """Records that this run meets first, and uids that the source says are no more."""
        raws: dict[str, Raw] = {}
        removed: list[str] = []
        for item in given.records:
            if isinstance(item, dict) and is_removal(item) and (uid := uid_of(item)):
                removed.append(uid)
            elif self._is_met_first((raw := raw_of(item)).ref):
                raws[raw.ref] = raw
        return list(raws.values()), removed

    def _is_met_first(self, ref: str) -> bool:
        """A uid that a full source repeats counts once: the first stands, so that a re-run changes nothing.

        What is read by its changes may come again newer.
        """
        key = met_as(ref)
        if key in self.met:
            return not self.row.is_full
        self.met.add(key)
        return True

    async def _take_over(self, former: str, raws: Sequence[Raw]) -> None:
        """Go on with what stands under the source's former name, if this is that source.

        Base names told files apart once; half of the first records must be known under it.
        """
        row = self.row
        async with self._database.transaction() as connection:
            if await runs.has_records(connection, row.source):
                return
            refs = [raw.ref for raw in raws]
            known = await self._catalogue.known_hashes(connection, former, refs)
            if len(known) >= max(1, _SAME_SOURCE_SHARE * len(refs)):
                await runs.take_over(connection, row.source, former=former)
                log.info("ingest.taken_over", source=row.source, former=former)

    async def _sifted(self, given: SourceBatch, raws: list[Raw], removed: list[str]) -> _Batch:
        """What is held of these already, so that an unchanged record costs nothing more."""
        refs = [raw.ref for raw in raws]
        async with self._database.transaction() as connection:
            known = await self._catalogue.known_hashes(connection, self.row.source, refs)
        return _Batch(
            raws=raws,
            known=known,
            removed=removed,
            seen=len(given.records),
            cursor=given.cursor,
            progress=(given.done, given.total),
        )

    async def _write_all(
        self,
        queue: "asyncio.Queue[tuple[_Batch, asyncio.Future[Mapped]] | None]",
        on_progress: Callable[[Progress], None],
    ) -> None:
        while (entry := await queue.get()) is not None:
            batch, mapping = entry
            await self._write(batch, await mapping)
            done, total = batch.progress
            on_progress(Progress(records=self.row.seen, done=done, total=total))

    async def _write(self, batch: _Batch, mapped_batch: Mapped) -> None:
        """One batch, one transaction: records, removals and the run's own row."""
        try:
            await self._store(batch, [mapped_batch])
        except (psycopg.DataError, psycopg.IntegrityError):
            await self._store(batch, await self._one_by_one(batch, mapped_batch.refs))

    async def _store(self, batch: _Batch, parts: Sequence[Mapped]) -> None:
        row = self.row
        written = sum(len(part.refs) for part in parts)
        async with self._database.transaction() as connection:
            async with (
                connection.pipeline()
            ):  # PostgreSQL never waits for us between two statements
                for part in parts:
                    if part.refs:
                        await self._catalogue.save(connection, row.source, part.rows, now=None)
                if batch.removed:
                    await runs.disown(connection, row.source, batch.removed)
            before = _counts(row)
            row.seen += batch.seen
            row.unchanged += batch.seen - written - len(batch.removed)
            for part in parts:
                self._count(part, batch.known)
            row.cursor = batch.cursor or row.cursor
            try:
                await runs.update(connection, row)
                if written:
                    await self.follow_up(connection)
            except psycopg.Error:
                _restore(row, before)
                raise
        row.stored = row.seen

    async def _one_by_one(self, batch: _Batch, refs: Sequence[str]) -> list[Mapped]:
        """The records of a batch that PostgreSQL refused, each tried alone: only what it refuses goes to quarantine."""
        wanted = set(refs)
        parts: list[Mapped] = []
        for raw in batch.raws:
            if raw.ref not in wanted:
                continue
            part = mapped([raw], self._gazetteer, self.row.source)
            try:
                await self._try_out(part)
            except _TriedOut:
                parts.append(part)
            except (psycopg.DataError, psycopg.IntegrityError) as error:
                parts.append(refused(raw, f"PostgreSQL refused it: {error}"[:500]))
        return parts

    async def _try_out(self, part: Mapped) -> None:
        """Always raises, so that nothing stays."""
        async with self._database.transaction() as connection:
            await self._catalogue.save(connection, self.row.source, part.rows, now=None)
            raise _TriedOut

    def _count(self, part: Mapped, known: dict[str, bytes]) -> None:
        for ref in part.refs:
            if reason := part.reasons.get(ref):
                self.row.quarantined[reason] = self.row.quarantined.get(reason, 0) + 1
            elif ref in known:
                self.row.changed += 1
            else:
                self.row.new += 1

    async def follow_up(self, connection: Connection) -> None:
        """Ask for what depends on a change of the catalogue; it is done if, and only if, the transaction commits."""
        if self._follow_up is not None:
            await self._follow_up(connection)

    async def close(self) -> None:
        """End the workers and the run's row, as far as PostgreSQL still takes it."""
        self._workers.close()
        self.row.finished_at = self._now + timedelta(seconds=time.monotonic() - self._began)
        async with self._database.transaction() as connection:
            await runs.update(connection, self.row)

    def tell(self) -> None:
        """One line and the metrics of a run that ended."""
        row = self.row
        counts = {
            "new": row.new,
            "changed": row.changed,
            "unchanged": row.unchanged,
            "removed": row.removed,
            "quarantined": sum(row.quarantined.values()),
        }
        for outcome, count in counts.items():
            INGESTED_RECORDS.labels(outcome=outcome).inc(count)
        if row.failure is None:
            CATALOGUE_UPDATED.set(self._now.timestamp())
        log.info(
            "ingest.finished",
            source=row.source,
            seen=row.seen,
            **counts,
            failure=row.failure,
            remarks=list(self.remarks),
            seconds=round(time.monotonic() - self._began, 2),
        )


class _TriedOut(Exception):  # noqa: N818 - no error: it undoes a transaction that was only tried
    pass


def met_as(ref: str) -> int | str:
    """How a record's name is remembered: a million numbers take a third of a million texts."""
    return int(ref) if ref.isascii() and ref.isdigit() and ref[0] != "0" else ref


def _counts(row: IngestRun) -> dict[str, Any]:
    names = ("seen", "new", "changed", "unchanged", "cursor")
    return {name: getattr(row, name) for name in names} | {"quarantined": dict(row.quarantined)}


def _restore(row: IngestRun, counts: dict[str, Any]) -> None:
    for name, value in counts.items():
        setattr(row, name, value)


async def _put_unless_done(
    queue: "asyncio.Queue[Any]", entry: object, reader: "asyncio.Task[None]"
) -> None:
    """Put into a bounded queue.

    Or fail with the reader's failure instead of waiting for it for ever.
    """
    putting = asyncio.ensure_future(queue.put(entry))
    await asyncio.wait({putting, reader}, return_when=asyncio.FIRST_COMPLETED)
    if not putting.done():
        putting.cancel()
        await reader
    await putting
