"""What changed in the mirror since the last run: by moment and number, with an overlap, whatever moves meanwhile.

Pages follow each other by what stood last on them, never by counting from the start: a record that is edited while it is
read moves to the end and shifts all that come after it. Enter at `ExploreChanges`.
"""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Final

from puls.errors import SourceRefusedError, SourceUnavailableError
from puls.ingestion import odsql
from puls.ingestion.openagenda.explore import (
    LAST_REACHABLE_RECORD,
    PAGE_RECORDS,
    ExploreSource,
    moment_of_cursor,
)
from puls.ingestion.sources import Record, SourceBatch

# Every run reads again what was updated so long before the last one ended: the mirror takes records over late, and in
# any order. A day of it is about 400 records, which cost their hashes.
OVERLAP: Final = timedelta(days=2)
# What is edited while it is read comes again at the end; a run follows so much of that and leaves the rest to the next.
FOLLOWED_RECORDS: Final = 10_000
_MOST_PAGES: Final = 100_000  # ten times the whole dataset: the source is not going to end
_MOST_READINGS: Final = 20  # of the records of one second, while they go on changing


class ExploreChanges(ExploreSource):
    """The records updated since the cursor, oldest first."""

    is_full = False

    async def batches(self, *, cursor: str | None) -> AsyncIterator[SourceBatch]:
        """One page, one batch. The cursor is the moment reached, and never one that is still to come."""
        await self._client.check_licence()
        began = self._clock()
        last = moment_of_cursor(cursor)
        since = last - OVERLAP if last else None
        total = await self._client.count(odsql.every(self._where, _since(since)))
        done = 0
        known: set[tuple[str, str]] = (
            set()
        )  # a page begins with the second in which the one before ended
        for _ in range(_MOST_PAGES):
            page = await self._client.page(odsql.every(self._where, _since(since)))
            fresh = [record for record in page if _version(record) not in known]
            known = set(map(_version, page))
            first, reached = _moments(page)
            done += len(fresh)
            yield SourceBatch(
                records=fresh, done=done, total=total, cursor=_cursor(last, reached, began)
            )
            if len(page) < PAGE_RECORDS or done > total + FOLLOWED_RECORDS:
                return
            if reached is None:
                raise SourceUnavailableError(
                    "OpenDataSoft gave a page of records without update times; run a full export instead."
                )
            if _second(first) == _second(reached):
                async for records in self._of_one_second(_second(reached)):
                    fresh = [record for record in records if _version(record) not in known]
                    known |= set(map(_version, records))
                    done += len(fresh)
                    yield SourceBatch(records=fresh, done=done, total=total)
                reached = _second(reached) + timedelta(seconds=1)
            since = reached
        raise SourceUnavailableError(
            f"OpenDataSoft gave {_MOST_PAGES} pages and no end; what was read is kept. "
            "Run a full export instead."
        )

    async def _of_one_second(self, second: datetime) -> AsyncIterator[list[Record]]:
        """All records updated in this very second, of which there are more than a page.

        By number when the mirror can compare it; else by counting, again until nothing moved meanwhile.
        """
        of_second = odsql.every(self._where, odsql.updated_in_second(second))
        try:
            async for page in self._by_number(of_second):
                yield page
        except _CannotCompareError:
            async for page in self._by_counting(of_second, second):
                yield page

    async def _by_number(self, of_second: str | None) -> AsyncIterator[list[Record]]:
        uid = ""
        while True:
            condition = odsql.every(of_second, odsql.uid_after(uid)) if uid else of_second
            try:
                page = await self._client.page(condition)
            except SourceRefusedError as error:
                raise _CannotCompareError from error
            last = str(page[-1].get("uid")) if page else ""
            if page and last <= uid:  # the condition had no effect
                raise _CannotCompareError
            yield page
            if len(page) < PAGE_RECORDS:
                return
            uid = last

    async def _by_counting(
        self, of_second: str | None, second: datetime
    ) -> AsyncIterator[list[Record]]:
        for _ in range(_MOST_READINGS):
            before = await self._client.count(of_second)
            if before + 2 * PAGE_RECORDS > LAST_REACHABLE_RECORD:
                break
            for offset in range(0, before + PAGE_RECORDS, PAGE_RECORDS):
                page = await self._client.page(of_second, offset=offset)
                yield page
                if len(page) < PAGE_RECORDS:
                    break
            if await self._client.count(of_second) == before:
                return
        raise SourceUnavailableError(
            f"More than {LAST_REACHABLE_RECORD} records share the update time {second}, or they do not stop changing; "
            "run a full export instead."
        )


class _CannotCompareError(Exception):
    pass


def _since(moment: datetime | None) -> str | None:
    return odsql.updated_since(moment) if moment is not None else None


def _cursor(last: datetime | None, reached: datetime | None, began: datetime) -> str | None:
    """Never before the last one, as pages of the overlap are; never after the run's own beginning."""
    moments = [last] if last else []
    moments += [min(reached, began)] if reached else []
    return max(moments).isoformat() if moments else None


def _version(record: Record) -> tuple[str, str]:
    return str(record.get("uid")), str(record.get("updatedat"))


def _moments(page: list[Record]) -> tuple[datetime | None, datetime | None]:
    """The first and the last update time of a page."""
    found = [moment_of_cursor(str(record.get("updatedat") or "")) for record in page]
    moments = [moment for moment in found if moment is not None]
    return (min(moments), max(moments)) if moments else (None, None)


def _second(moment: datetime | None) -> datetime:
    assert moment is not None
    return moment.replace(microsecond=0)
