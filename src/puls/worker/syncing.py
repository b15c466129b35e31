"""Reads one source into the catalogue. What depends on it is asked for by the ingestion itself, batch by batch.

Safe to run twice: unchanged records are passed over, and a source has one run at a time (`ingestion.runs.lock`).
"""

from datetime import datetime

from puls.bootstrap import Puls, source_named, without_sample
from puls.ingestion.sync import IngestReport
from puls.jobs import JobName

_PATIENCE_SECONDS = (
    2.0  # a run that was just killed lets go of its lock; another one has the job put off
)


async def sync(puls: Puls, about: str, now: datetime) -> str:
    """Read the source that `about` names.

    Raises:
        SourceBusyError: another run reads it.
        PulsError: it failed; see `Ingestion.run`.
    """
    async with source_named(puls, about) as source:
        await puls.jobs.note_source(JobName(kind="sync", about=about), source.name)
        report = await puls.ingestion.run(source, now=now, patience_seconds=_PATIENCE_SECONDS)
    if report.seen:  # also when the sample came while this source was read
        await without_sample(puls, now=now, patience_seconds=_PATIENCE_SECONDS)
    return _told(report)


def _told(report: IngestReport) -> str:
    quarantined = sum(report.quarantined.values())
    return (
        f"{report.seen:,} records read: {report.new:,} new, {report.changed:,} changed, "
        f"{report.unchanged:,} unchanged, {report.removed:,} removed, {quarantined:,} put aside."
    )
