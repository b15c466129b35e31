"""From records to rows, here or in worker processes that end with their parent.

A record that cannot be understood or stored costs one line in quarantine, whatever it holds.
"""

import asyncio
import gc
import multiprocessing
import os
import threading
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from typing import Final

import orjson

from puls.catalogue.event import Event
from puls.catalogue.rows import IncomingRecord, PreparedRecords, Rejection, prepare
from puls.geo.gazetteer import Gazetteer
from puls.ingestion.mapping import Quarantined, event_from
from puls.ingestion.mapping.records import (
    canonical_json,
    record_hash,
    record_of,
    uid_of,
    without_personal_data,
)
from puls.ingestion.sources import Record, Unreadable

# Raised when the rules of mapping change, so that records already held are understood anew at the
# next run.
MAPPING_VERSION: Final = 3
_RECORDS_BEFORE_WORKERS: Final = 3_000  # a worker costs about a second to start


@dataclass(frozen=True, slots=True)
class Raw:
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


class Workers:
    """Maps batches in this process at first, in others once a run is long enough to pay for them."""

    def __init__(self, *, workers: int, gazetteer: Gazetteer, source: str) -> None:
        self._workers = workers
        self._gazetteer = gazetteer
        self._source = source
        self._pool: ProcessPoolExecutor | None = None
        self._given = 0

    def map(self, raws: list[Raw]) -> "asyncio.Future[Mapped]":
        """The batch, mapped; batches are done side by side and awaited in their order."""
        loop = asyncio.get_running_loop()
        self._given += len(raws)
        if self._workers > 0 and self._given > _RECORDS_BEFORE_WORKERS and raws:
            if self._pool is None:
                context = multiprocessing.get_context("spawn")
                self._pool = ProcessPoolExecutor(
                    self._workers, mp_context=context, initializer=_end_with_parent
                )
            return loop.run_in_executor(self._pool, _mapped_in_worker, raws, self._source)
        return loop.run_in_executor(None, mapped, raws, self._gazetteer, self._source)

    def close(self) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)


def raw_of(item: Record | Unreadable) -> Raw:
    """What is kept of what came, with its name in the source and its hash."""
    if isinstance(item, Unreadable):
        text = orjson.dumps({"unreadable": item.text.encode("utf-8", "replace").decode()})
        return Raw(f"line:{item.line}", _hash(text), text, item.detail)
    kept = without_personal_data(item)
    text = canonical_json(kept)
    fingerprint = _hash(text)
    return Raw(uid_of(kept) or f"hash:{fingerprint.hex()}", fingerprint, text)


def mapped(raws: Sequence[Raw], gazetteer: Gazetteer, source: str) -> Mapped:
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
    try:
        rows = prepare(records)
    except (TypeError, ValueError):
        records = [_storable(record) for record in records]
        rows = prepare(records)
    return Mapped(rows=rows, refs=[record.ref for record in records], reasons=_reasons(records))


def refused(raw: Raw, why: str) -> Mapped:
    """A record that PostgreSQL did not take, as a row of quarantine."""
    record = IncomingRecord(
        ref=raw.ref,
        hash=raw.hash,
        record=raw.json.decode(),
        outcome=Rejection(reason="not_storable", detail=why),
    )
    return Mapped(rows=prepare([record]), refs=[raw.ref], reasons=_reasons([record]))


def _reasons(records: Sequence[IncomingRecord]) -> dict[str, str]:
    return {
        record.ref: record.outcome.reason
        for record in records
        if isinstance(record.outcome, Rejection)
    }


def _hash(text: bytes) -> bytes:
    return record_hash(b"%d\x1f%b" % (MAPPING_VERSION, text))


def _outcome(raw: Raw, gazetteer: Gazetteer, source: str) -> Event | Rejection:
    if raw.unreadable is not None:
        return Rejection(reason="unreadable_line", detail=raw.unreadable)
    try:
        understood = event_from(record_of(raw.json), gazetteer=gazetteer, source=source)
    except Exception as error:  # noqa: BLE001 # the edge of a record: the other million go on
        return Rejection(reason="not_understood", detail=f"{type(error).__name__}: {error}"[:500])
    if isinstance(understood, Quarantined):
        return Rejection(reason=understood.reason, detail=understood.detail)
    return understood


def _storable(record: IncomingRecord) -> IncomingRecord:
    try:
        prepare([record])
    except (TypeError, ValueError) as error:
        why = Rejection(reason="not_storable", detail=f"{type(error).__name__}: {error}"[:500])
        return IncomingRecord(ref=record.ref, hash=record.hash, record=record.record, outcome=why)
    return record


# In a worker process --------------------------------------------------------------------------------------------------


def _end_with_parent() -> None:
    """Leave when the parent is no more, however it ended: its pipe closes, and nobody waits for the work."""
    parent = multiprocessing.parent_process()
    assert parent is not None

    def watch() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=watch, name="end-with-parent", daemon=True).start()


@cache
def _gazetteer_of_worker() -> Gazetteer:
    gazetteer = Gazetteer.load()
    gc.freeze()  # a hundred thousand objects that live for ever need no collecting
    return gazetteer


def _mapped_in_worker(raws: Sequence[Raw], source: str) -> Mapped:
    return mapped(raws, _gazetteer_of_worker(), source)
