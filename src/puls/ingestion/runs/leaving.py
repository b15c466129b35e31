"""The end of a run: what is gone leaves search, if there is proof and proportion.

Gone is what a full run has not met, what the source says it removed, and what can no longer be read. All of it is
weighed before any of it goes; what another source still has is handed to that one. Enter at `Leaving.remove`.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby
from typing import Final

from puls.catalogue import runs
from puls.catalogue.store import Catalogue
from puls.database import Connection, Database
from puls.errors import IngestionFailedError, RemovalRefusedError
from puls.geo.gazetteer import Gazetteer
from puls.ingestion.runs.lock import RunLock
from puls.ingestion.runs.removal import UNASKED_EVENTS, Losses, objection
from puls.ingestion.runs.run import Run, met_as
from puls.ingestion.runs.workers import Raw, mapped

_READ_AT_ONCE: Final = 20_000
_REMOVED_AT_ONCE: Final = 1_000


class Leaving:
    """Removes for one run."""

    def __init__(
        self,
        *,
        database: Database,
        catalogue: Catalogue,
        gazetteer: Gazetteer,
        lock: RunLock,
        now: datetime,
    ) -> None:
        self._database = database
        self._catalogue = catalogue
        self._gazetteer = gazetteer
        self._lock = lock
        self._now = now

    async def remove(self, run: Run, *, is_whole: bool, allowed: int | None) -> None:
        """Take out of search what is gone. `is_whole`: the run has met all that the source holds.

        Raises:
            RemovalRefusedError: that is out of proportion, or the source is not what it was; nothing was removed.
            IngestionFailedError: another run of the source came between; nothing was removed.
        """
        row = run.row
        async with self._database.transaction() as connection:
            disowned = await runs.disowned_refs(connection, row.source)
        absent, left = await self._absent(run, known=set(disowned)) if is_whole else ([], 0)
        if absent or len(disowned) > UNASKED_EVENTS:
            await self._weigh(run, absent, disowned, left=left, allowed=allowed)
        if absent or disowned:
            await self._check_lock(run)
        for part in _pieces(disowned, _REMOVED_AT_ONCE):
            await self._take_out(run, part)
        for part in _pieces(absent, _REMOVED_AT_ONCE):
            await self._take_out(run, part, forget=True)
        async with self._database.transaction() as connection:
            await runs.forget_disowned(connection, row.source)
            if is_whole:
                row.held = await runs.count_held(connection, row.source)

    async def _absent(self, run: Run, *, known: set[str]) -> tuple[list[str], int]:
        """What is held of the source and was not met; and how many readable records were."""
        absent: list[str] = []
        left = 0
        after = ""
        while True:
            async with self._database.transaction() as connection:
                refs = await runs.refs_after(connection, run.row.source, after, limit=_READ_AT_ONCE)
            if not refs:
                return absent, left
            after = refs[-1][0]
            for ref, is_readable in refs:
                if met_as(ref) in run.met:
                    left += is_readable
                elif ref not in known:
                    absent.append(ref)

    async def _weigh(
        self,
        run: Run,
        absent: Sequence[str],
        disowned: Sequence[str],
        *,
        left: int,
        allowed: int | None,
    ) -> None:
        row = run.row
        async with self._database.transaction() as connection:
            before = await runs.before(connection, row)
            lost = 0
            for part in _pieces(absent, _READ_AT_ONCE):
                lost += await runs.count_live(connection, row.source, part)
            held = await runs.count_held(connection, row.source) - row.new
        losses = Losses(
            absent=lost,
            disowned=len(disowned),
            held=max(lost + len(disowned), held if before.held is None else min(held, before.held)),
            left=left,
        )
        why = objection(losses, allowed=allowed, former_origin=before.origin, origin=row.origin)
        if why is not None:
            raise RemovalRefusedError(
                f"{row.source}: {why}. What was read is stored and nothing was removed. If this is right, "
                f"run it again with --allow-removing {losses.all}."
            )

    async def _check_lock(self, run: Run) -> None:
        is_ours = await self._lock.take_again()
        async with self._database.transaction() as connection:
            if is_ours and await runs.is_last(connection, run.row):
                return
        raise IngestionFailedError(
            f"{run.row.source}: PostgreSQL was restarted and another run came between. Nothing was removed; run it again."
        )

    async def _take_out(self, run: Run, refs: Sequence[str], *, forget: bool = False) -> None:
        row = run.row
        async with self._database.transaction() as connection:
            gone = await self._catalogue.remove(connection, row.source, refs, now=self._now)
            if forget:
                await self._catalogue.forget_records(connection, row.source, refs)
            handed = await self._hand_over(connection, row.source, gone)
            row.removed += len(gone) - handed
            await runs.update(connection, row)
            if gone:
                await run.follow_up(connection)

    async def _hand_over(self, connection: Connection, source: str, gone: Sequence[str]) -> int:
        """Give events back to another source that still has them; return how many."""
        others = await runs.other_sources(connection, source) if gone else []
        if not others:
            return 0
        rows = await runs.held_elsewhere(connection, others, gone)
        handed = 0
        for other, of_other in groupby(
            sorted(rows, key=lambda row: str(row["source"])), key=lambda row: str(row["source"])
        ):
            raws = [Raw(row["ref"], row["hash"], row["record"].encode()) for row in of_other]
            part = mapped(raws, self._gazetteer, other)
            await self._catalogue.save(connection, other, part.rows, now=None)
            handed += len(part.rows.uids)
        return handed


def _pieces(refs: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    return (refs[start : start + size] for start in range(0, len(refs), size))
