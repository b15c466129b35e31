"""Where events come from: OpenAgenda's mirror, one agenda, files, and the invented sample of the demo."""

import contextlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from puls.bootstrap.ground import http_client
from puls.bootstrap.parts import Puls
from puls.catalogue import runs
from puls.errors import InvalidInputError, SourceBusyError
from puls.ingestion import odsql
from puls.ingestion.files import FileSource
from puls.ingestion.openagenda import (
    AgendaClient,
    AgendaEvents,
    ExploreChanges,
    ExploreClient,
    ExploreExport,
)
from puls.ingestion.sample.source import NoSample, SampleSource
from puls.ingestion.sources import RecordSource
from puls.ingestion.sync import IngestReport


@contextlib.asynccontextmanager
async def mirror_source(
    puls: Puls, *, where: str | None, full: bool
) -> AsyncIterator[RecordSource]:
    """OpenAgenda through its public mirror: everything the first time, there or when asked, then only what changed.

    `where` names a commune, a département or a région.

    Raises:
        InvalidInputError: there is no such place.
    """
    condition = odsql.in_place(where, puls.gazetteer) if where else None
    async with http_client() as http:
        client = ExploreClient.over(
            http,
            base_url=f"{puls.settings.explore_url}/catalog/datasets/{puls.settings.explore_dataset}",
        )
        changes = ExploreChanges(client, where=condition)
        async with puls.database.transaction() as connection:
            cursor = await runs.last_cursor(connection, changes.name, changes.origin)
        is_first = cursor is None
        yield ExploreExport(client, where=condition) if full or is_first else changes


@contextlib.asynccontextmanager
async def agenda_source(puls: Puls, *, uid: str) -> AsyncIterator[RecordSource]:
    """One agenda through OpenAgenda's own API.

    Raises:
        InvalidInputError: there is no key.
    """
    key = puls.settings.openagenda_key
    if key is None:
        raise InvalidInputError(
            "OpenAgenda's own API needs a reading key: set PULS_OPENAGENDA_KEY "
            "(free, in your account on openagenda.com), or use `puls ingest openagenda`."
        )
    async with http_client() as http:
        client = AgendaClient.over(
            http, key=key.get_secret_value(), base_url=puls.settings.openagenda_url
        )
        yield AgendaEvents(client, agenda_uid=uid)


@contextlib.asynccontextmanager
async def source_named(puls: Puls, name: str) -> AsyncIterator[RecordSource]:
    """A source as PULS_SYNC names it: `openagenda: Rhône`, `openagenda full`, `agenda: 12345`, `file: /data/events.jsonl`.

    Raises:
        InvalidInputError: there is no such kind of source, place or key.
    """
    kind, _, what = (part.strip() for part in name.partition(":"))
    if kind in {"openagenda", "openagenda full"}:
        full = kind.endswith("full")
        async with mirror_source(puls, where=what or None, full=full) as source:
            yield source
    elif kind == "agenda" and what:
        async with agenda_source(puls, uid=what) as source:
            yield source
    elif kind in {"file", "file full"} and what:
        yield FileSource(Path(what), is_full=kind.endswith("full"))
    else:
        raise InvalidInputError(f"There is no source {name!r}.")


async def without_sample(
    puls: Puls, *, now: datetime, patience_seconds: float = 60.0
) -> IngestReport | None:
    """Take the invented events back where real ones stand beside them; None when there was nothing to take back.

    `patience_seconds`: for another command that is at it.
    """
    async with puls.database.transaction() as connection:
        is_there = await runs.has_records(connection, NoSample.name)
    if not is_there or await puls.catalogue.holds_only(NoSample.name):
        return None
    taken_back = await puls.ingestion.run(
        NoSample(), now=now, allow_removing=None, patience_seconds=patience_seconds
    )
    return taken_back if taken_back.removed else None


async def add_sample_if_empty(puls: Puls) -> None:
    """The invented events of the demo, when the catalogue holds nothing else; their dates follow the present day.

    A sample loaded on an earlier day is made anew, so that tonight is never empty.
    """
    now = datetime.now(UTC)
    figures = await puls.catalogue.figures(now=now)
    sample = SampleSource(today=now.astimezone(ZoneInfo(puls.settings.timezone)).date())
    if figures["events"] and not await puls.catalogue.holds_only(sample.name):
        return
    try:
        report = await puls.ingestion.run(sample, now=now, allow_removing=None)
    except SourceBusyError:  # another replica is loading it
        return
    if report.new or report.changed or report.removed:
        await puls.catalogue.count_words()
