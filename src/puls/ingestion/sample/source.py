"""The sample catalogue as a source of ingestion."""

from collections.abc import AsyncIterator
from datetime import date

from puls.ingestion.sample.records import sample_records
from puls.ingestion.sources import SourceBatch

_BATCH = 500


class SampleSource:
    """The invented events for one day. Another day's run moves their dates; nothing piles up."""

    name = "sample"
    is_full = True

    def __init__(self, *, today: date) -> None:
        self._today = today

    async def batches(self, *, cursor: str | None) -> AsyncIterator[SourceBatch]:
        del cursor
        records = list(sample_records(self._today))
        for start in range(0, len(records), _BATCH):
            batch = records[start : start + _BATCH]
            yield SourceBatch(records=batch, done=start + len(batch), total=len(records))


class NoSample:
    """The sample catalogue taken back: a full source without a record, so that its run removes every invented event."""

    name = SampleSource.name
    is_full = True

    async def batches(self, *, cursor: str | None) -> AsyncIterator[SourceBatch]:
        del cursor
        yield SourceBatch(records=[])
