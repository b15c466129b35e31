"""One run of ingestion: read a source, map what is new or changed, store it, report.

Each batch is one transaction, so a run killed anywhere leaves whole batches; the next run meets
unchanged hashes and goes on quickly. Mapping is pure and runs in worker processes once a run is
long enough to pay for them; the result does not depend on it. Enter at `Ingestion.run`.
"""

import asyncio
import gc
import multiprocessing
import os
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final

import orjson

from puls.catalogue.event import Event
from puls.catalogue.rows import IncomingRecord, PreparedRecords, Rejection, prepare
from puls.catalogue.store import Catalogue, IngestRun
from puls.database import Connection, Database
from puls.errors import PulsError
from puls.geo.gazetteer import Gazetteer
from puls.ingestion.agenda_records import is_removal
from puls.ingestion.mapping import Quarantined, event_from
from puls.ingestion.records import (
    canonical_json,
    record_hash,
    record_of,
    uid_of,
    without_personal_data,
)
from puls.ingestion.sources import Record, RecordSource, SourceBatch, Unreadable
from puls.monitoring import CATALOGUE_UPDATED, INGESTED_RECORDS, log, span

# Raised when the rules of mapping change, so that records already held are understood anew at the
# next run.
MAPPING_VERSION: Final = 2
_BATCHES_READY: Final = (
    2  # bounds memory: being mapped or waiting to be written, besides the one at either end
)
_RECORDS_BEFORE_WORKERS: Final = 3_000  # a worker costs about a second to start
_REMOVED_AT_ONCE: Final = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a run is. `done` of `total` is in the source's own unit (bytes or records)."""

    records: int
    done: int
    total: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestReport:
    """What a run did. `new`, `changed` and the `quarantined` reasons count what this run wrote."""

    run_id: int
    source: str
    seen: int
    new: int
    changed: int
    unchanged: int
    removed: int
    quarantined: dict[str, int]
    failure: str | None = None


@dataclass(frozen=True, slots=True)
class _Raw:
    """A record before mapping; `unreadable` says why it is not even a record."""

    ref: str
    hash: bytes
    json: bytes
    unreadable: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapped:
    """A mapped batch: its rows, and the reasons of the records that go to quarantine."""

    rows: PreparedRecords
    refs: list[str]
    reasons: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Batch:
    """A batch on its way to the database; its records are on their way through mapping."""

    refs: list[str]
    known: dict[str, bytes]
    removed: list[str]
    seen: int
    cursor: str | None
    progress: tuple[int, int | None]


class Ingestion:
    """Runs sources into the catalogue."""

    def __init__(
        self,
        *,
        database: Database,
        catalogue: Catalogue,
        gazetteer: Gazetteer,
        workers: int | None = None,
    ) -> None:
        self._database = database
        self._catalogue = catalogue
        self._gazetteer = gazetteer
        self._workers = max(1, (os.cpu_count() or 2) - 1) if workers is None else workers

    async def run(
        self,
        source: RecordSource,
        *,
        now: datetime,
        on_progress: Callable[[Progress], None] | None = None,
    ) -> IngestReport:
        """Ingest all that the source gives.

        Raises: PulsError: the source failed; what was read before is stored and the run's row says
        why it stopped.
        """
        async with self._database.transaction() as connection:
            cursor = await self._catalogue.last_cursor(connection, source.name)
            run = await self._catalogue.start_run(
                connection, source.name, is_full=source.is_full, now=now
            )
        under_way = _Run(
            database=self._database,
            catalogue=self._catalogue,
            gazetteer=self._gazetteer,
            workers=self._workers,
            run=run,
            now=now,
        )
        try:
            with span("ingest", source=source.name):
                await under_way.take_all(source, cursor, on_progress or _silently)
                if source.is_full:
                    await under_way.remove_what_is_gone()
        except PulsError as error:
            run.failure = str(error)
            raise
        finally:
            await under_way.close()
        return under_way.report()


def _silently(progress: Progress) -> None:
    del progress


class _Run:
    """The state of one run: its report row, its workers and the records met."""

    def __init__(
        self,
        *,
        database: Database,
        catalogue: Catalogue,
        gazetteer: Gazetteer,
        workers: int,
        run: IngestRun,
        now: datetime,
    ) -> None:
        self._database = database
        self._catalogue = catalogue
        self._gazetteer = gazetteer
        self._workers = workers
        self._run = run
        self._now = now
        self._began = time.monotonic()
        self._pool: ProcessPoolExecutor | None = None
        self._mapped = 0
        self._met: set[int | str] = set()

    def report(self) -> IngestReport:
        run = self._run
        return IngestReport(
            run_id=run.id,
            source=run.source,
            seen=run.seen,
            new=run.new,
            changed=run.changed,
            unchanged=run.unchanged,
            removed=run.removed,
            quarantined=dict(run.quarantined),
            failure=run.failure,
        )

    async def take_all(
        self, source: RecordSource, cursor: str | None, on_progress: Callable[[Progress], None]
    ) -> None:
        """Read and write side by side.

        On a failure of the source, what was read is still written.
        """
        queue: asyncio.Queue[tuple[_Batch, asyncio.Future[Mapped]] | None]
        queue = asyncio.Queue(_BATCHES_READY)
        writer = asyncio.create_task(self._write_all(queue, on_progress))
        try:
            async for given in source.batches(cursor=cursor):
                batch, wanted = await self._sift(given)
                await _put_unless_done(queue, (batch, self._map(wanted)), writer)
        finally:
            if not writer.done():
                await _put_unless_done(queue, None, writer)
            await writer

    async def _sift(self, given: SourceBatch) -> tuple[_Batch, list[_Raw]]:
        """Leave out what was met before in this run.

        Find what is unknown or changed by its hash.
        """
        raws: dict[str, _Raw] = {}
        removed: list[str] = []
        for item in given.records:
            if isinstance(item, dict) and is_removal(item) and (uid := uid_of(item)):
                removed.append(uid)
            elif self._is_met_first((raw := _raw(item)).ref):
                raws[raw.ref] = raw
        async with self._database.transaction() as connection:
            known = await self._catalogue.known_hashes(connection, self._run.source, list(raws))
        batch = _Batch(
            refs=list(raws),
            known=known,
            removed=removed,
            seen=len(given.records),
            cursor=given.cursor,
            progress=(given.done, given.total),
        )
        return batch, [raw for raw in raws.values() if known.get(raw.ref) != raw.hash]

    def _is_met_first(self, ref: str) -> bool:
        """A uid that a full source repeats counts once.

        The first stands, so that a re-run changes nothing.
        """
        key: int | str = int(ref) if ref.isascii() and ref.isdigit() and ref[0] != "0" else ref
        if key in self._met:
            return not self._run.is_full and self._run.cursor is not None
        self._met.add(key)
        return True

    def _map(self, raws: list[_Raw]) -> "asyncio.Future[Mapped]":
        loop = asyncio.get_running_loop()
        self._mapped += len(raws)
        if self._workers > 0 and self._mapped > _RECORDS_BEFORE_WORKERS and raws:
            if self._pool is None:
                context = multiprocessing.get_context("spawn")
                self._pool = ProcessPoolExecutor(self._workers, mp_context=context)
            return loop.run_in_executor(self._pool, _mapped_in_worker, raws, self._run.source)
        return loop.run_in_executor(None, mapped, raws, self._gazetteer, self._run.source)

    async def _write_all(
        self,
        queue: "asyncio.Queue[tuple[_Batch, asyncio.Future[Mapped]] | None]",
        on_progress: Callable[[Progress], None],
    ) -> None:
        while (entry := await queue.get()) is not None:
            batch, mapping = entry
            await self._write(batch, await mapping)
            done, total = batch.progress
            on_progress(Progress(records=self._run.seen, done=done, total=total))

    async def _write(self, batch: _Batch, mapped_batch: Mapped) -> None:
        """One batch, one transaction: records, removals and the run's own row."""
        run = self._run
        async with self._database.transaction() as connection:
            async with (
                connection.pipeline()
            ):  # PostgreSQL never waits for us between two statements
                if mapped_batch.refs:
                    await self._catalogue.save(
                        connection, run.source, mapped_batch.rows, now=self._now
                    )
                if run.is_full:
                    await self._catalogue.mark_seen(connection, run, batch.refs)
            if batch.removed:
                run.removed += await self._remove(connection, batch.removed)
            run.seen += batch.seen
            run.unchanged += batch.seen - len(mapped_batch.refs) - len(batch.removed)
            self._count(mapped_batch, batch.known)
            run.cursor = batch.cursor or run.cursor
            await self._catalogue.update_run(connection, run)

    def _tell(self) -> None:
        """One line and the metrics of a run that ended."""
        run = self._run
        counts = {
            "new": run.new,
            "changed": run.changed,
            "unchanged": run.unchanged,
            "removed": run.removed,
            "quarantined": sum(run.quarantined.values()),
        }
        for outcome, count in counts.items():
            INGESTED_RECORDS.labels(outcome=outcome).inc(count)
        if run.failure is None:
            CATALOGUE_UPDATED.set(self._now.timestamp())
        log.info(
            "ingest.finished",
            source=run.source,
            seen=run.seen,
            **counts,
            failure=run.failure,
            seconds=round(time.monotonic() - self._began, 2),
        )

    def _count(self, mapped_batch: Mapped, known: dict[str, bytes]) -> None:
        for ref in mapped_batch.refs:
            if reason := mapped_batch.reasons.get(ref):
                self._run.quarantined[reason] = self._run.quarantined.get(reason, 0) + 1
            elif ref in known:
                self._run.changed += 1
            else:
                self._run.new += 1

    async def _remove(self, connection: Connection, refs: list[str]) -> int:
        return await self._catalogue.remove(connection, self._run.source, refs, now=self._now)

    async def remove_what_is_gone(self) -> None:
        """After a whole export: what it did not hold has disappeared upstream."""
        while True:
            async with self._database.transaction() as connection:
                gone = await self._catalogue.unseen_refs(
                    connection, self._run, limit=_REMOVED_AT_ONCE
                )
                if not gone:
                    return
                self._run.removed += await self._remove(connection, gone)
                await self._catalogue.update_run(connection, self._run)

    async def close(self) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)
        self._run.finished_at = self._now + timedelta(seconds=time.monotonic() - self._began)
        async with self._database.transaction() as connection:
            await self._catalogue.forget_seen(connection, self._run)
            await self._catalogue.update_run(connection, self._run)
        self._tell()


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


def _raw(item: Record | Unreadable) -> _Raw:
    if isinstance(item, Unreadable):
        text = orjson.dumps({"unreadable": item.text})
        return _Raw(f"line:{item.line}", _hash(text), text, item.detail)
    kept = without_personal_data(item)
    text = canonical_json(kept)
    fingerprint = _hash(text)
    return _Raw(uid_of(kept) or f"hash:{fingerprint.hex()}", fingerprint, text)


def _hash(text: bytes) -> bytes:
    return record_hash(b"%d\x1f%b" % (MAPPING_VERSION, text))


def mapped(raws: Sequence[_Raw], gazetteer: Gazetteer, source: str) -> Mapped:
    """What becomes of each record, as rows. Pure."""
    records = [
        IncomingRecord(
            ref=raw.ref,
            hash=raw.hash,
            record=raw.json.decode(),
            outcome=_outcome(raw, gazetteer, source),
        )
        for raw in raws
    ]
    reasons = {
        record.ref: record.outcome.reason
        for record in records
        if isinstance(record.outcome, Rejection)
    }
    return Mapped(rows=prepare(records), refs=[record.ref for record in records], reasons=reasons)


def _outcome(raw: _Raw, gazetteer: Gazetteer, source: str) -> Event | Rejection:
    if raw.unreadable is not None:
        return Rejection(reason="unreadable_line", detail=raw.unreadable)
    understood = event_from(record_of(raw.json), gazetteer=gazetteer, source=source)
    if isinstance(understood, Quarantined):
        return Rejection(reason=understood.reason, detail=understood.detail)
    return understood


@cache
def _gazetteer_of_worker() -> Gazetteer:
    gazetteer = Gazetteer.load()
    gc.freeze()  # a hundred thousand objects that live for ever need no collecting
    return gazetteer


def _mapped_in_worker(raws: Sequence[_Raw], source: str) -> Mapped:
    return mapped(raws, _gazetteer_of_worker(), source)
