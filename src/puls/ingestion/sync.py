"""One run of ingestion: read a source, map what is new or changed, store it, remove what is gone, report.

Each batch is one transaction, so a run killed anywhere leaves whole batches; the next run meets
unchanged hashes and goes on quickly. Mapping is pure and runs in worker processes once a run is
long enough to pay for them; the result does not depend on it. Enter at `Ingestion.run`.
"""

import contextlib
import os
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

import psycopg

from puls.catalogue import runs
from puls.catalogue.runs import IngestRun
from puls.catalogue.store import Catalogue
from puls.database import Database
from puls.errors import (
    DatabaseUnavailableError,
    IngestionFailedError,
    PulsError,
    RemovalRefusedError,
)
from puls.geo.gazetteer import Gazetteer
from puls.ingestion.runs.leaving import Leaving
from puls.ingestion.runs.lock import RunLock, only_run_of
from puls.ingestion.runs.run import FollowUp, Progress, Run
from puls.ingestion.sources import PlacedSource, RecordSource
from puls.monitoring import log, span

__all__ = ["FollowUp", "IngestReport", "Ingestion", "Progress"]

_PATIENCE_SECONDS: Final = 5.0  # the connection of a run that was just killed takes a moment to end


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestReport:
    """What a run did. `new`, `changed` and the `quarantined` reasons count what this run wrote.

    `remarks` are sentences for a person, such as the encoding in which a file was read.
    """

    run_id: int
    source: str
    seen: int
    new: int
    changed: int
    unchanged: int
    removed: int
    quarantined: dict[str, int]
    failure: str | None = None
    remarks: tuple[str, ...] = ()


class Ingestion:
    """Runs sources into the catalogue."""

    def __init__(
        self,
        *,
        database: Database,
        catalogue: Catalogue,
        gazetteer: Gazetteer,
        workers: int | None = None,
        follow_up: FollowUp | None = None,
    ) -> None:
        """`follow_up` is called at the end of each transaction that changes events."""
        self._follow_up = follow_up
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
        allow_removing: int | None = 0,
        patience_seconds: float = _PATIENCE_SECONDS,
    ) -> IngestReport:
        """Ingest all that the source gives.

        `allow_removing`: so many events may leave search whatever share that is; None, any number.
        `patience_seconds`: how long to wait for another run of the same source.

        Raises: PulsError: the source failed, or what would be removed is out of proportion; what
        was read before is stored and the run's row says why it stopped.
        """
        async with only_run_of(
            self._database, source.name, patience_seconds=patience_seconds
        ) as lock:
            return await self._run(
                source, lock, now=now, on_progress=on_progress or _silently, allowed=allow_removing
            )

    async def _run(
        self,
        source: RecordSource,
        lock: RunLock,
        *,
        now: datetime,
        on_progress: Callable[[Progress], None],
        allowed: int | None,
    ) -> IngestReport:
        origin = source.origin if isinstance(source, PlacedSource) else None
        async with self._database.transaction() as connection:
            cursor = await runs.last_cursor(connection, source.name, origin)
            row = await runs.start(
                connection, source.name, origin=origin, is_full=source.is_full, now=now
            )
        run = Run(
            database=self._database,
            catalogue=self._catalogue,
            gazetteer=self._gazetteer,
            workers=self._workers,
            row=row,
            now=now,
            follow_up=self._follow_up,
        )
        leaving = Leaving(
            database=self._database,
            catalogue=self._catalogue,
            gazetteer=self._gazetteer,
            lock=lock,
            now=now,
        )
        try:
            with span("ingest", source=source.name):
                await _taken_then_removed(run, leaving, source, cursor, on_progress, allowed)
        except PulsError as error:
            row.failure = str(error)
            raise
        except Exception as error:
            row.failure = _unknown(error)
            raise IngestionFailedError(
                f"{source.name}: {row.failure.rstrip('.')}. What was read before is stored and nothing was removed."
            ) from error
        except BaseException:
            row.failure = "interrupted"
            raise
        finally:
            with _only_when_all_was_well(row.failure):
                await run.close()
            run.tell()
        return _report(run)


async def _taken_then_removed(  # noqa: PLR0917 - the steps of `_run`
    run: Run,
    leaving: Leaving,
    source: RecordSource,
    cursor: str | None,
    on_progress: Callable[[Progress], None],
    allowed: int | None,
) -> None:
    try:
        await run.take_all(source, cursor, on_progress)
    except DatabaseUnavailableError:
        raise
    except PulsError:  # what the source itself took back is proven, however the reading ended
        with contextlib.suppress(RemovalRefusedError):
            await leaving.remove(run, is_whole=False, allowed=allowed)
        raise
    await leaving.remove(run, is_whole=source.is_full, allowed=allowed)


@contextlib.contextmanager
def _only_when_all_was_well(failure: str | None) -> Iterator[None]:
    """A row that cannot be written must not hide why; the next run of the source closes it."""
    try:
        yield
    except (PulsError, psycopg.Error):
        if failure is None:
            raise
        log.warning("ingest.row_not_closed")


def _unknown(error: Exception) -> str:
    """A failure nobody foresaw, on one line with its place."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    words = (str(error).strip() or "no reason given").splitlines()[0][:300]
    return f"{type(error).__name__}{where}: {words}"


def _silently(progress: Progress) -> None:
    del progress


def _report(run: Run) -> IngestReport:
    row = run.row
    return IngestReport(
        run_id=row.id,
        source=row.source,
        seen=row.seen,
        new=row.new,
        changed=row.changed,
        unchanged=row.unchanged,
        removed=row.removed,
        quarantined=dict(row.quarantined),
        failure=row.failure,
        remarks=(*run.remarks, *_nothing_understood(row)),
    )


def _nothing_understood(row: IngestRun) -> tuple[str, ...]:
    """A run that ends well and brings nothing is not passed over in silence."""
    if not row.seen or row.seen != sum(row.quarantined.values()):
        return ()
    reasons = ", ".join(f"{reason} {count:,}" for reason, count in sorted(row.quarantined.items()))
    return (f"{row.source}: none of its {row.seen:,} records is an event ({reasons}).",)
