"""A run on real PostgreSQL.

Nothing twice, nothing lost, the same catalogue whatever happened on the way.
"""

import asyncio
import json
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.ingestion.examples import mirror_record

from puls.catalogue.rows import search_folded
from puls.catalogue.store import Catalogue
from puls.database import Database
from puls.errors import SourceUnavailableError
from puls.geo.gazetteer import Gazetteer
from puls.ingestion.files import FileSource
from puls.ingestion.sources import SourceBatch
from puls.ingestion.sync import Ingestion, IngestReport, Progress

pytestmark = pytest.mark.database

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@dataclass
class Listed:
    """A source that is a list; it may fail after its records."""

    records: list[Any]
    is_full: bool = True
    name: str = "listed"
    failure: Exception | None = None
    batch: int = 2

    async def batches(self, *, cursor: str | None) -> AsyncIterator[SourceBatch]:
        del cursor
        for start in range(0, len(self.records), self.batch):
            yield SourceBatch(records=self.records[start : start + self.batch], done=start)
        if self.failure:
            raise self.failure


@pytest.fixture
def ingestion(database: Database, catalogue: Catalogue, gazetteer: Gazetteer) -> Ingestion:
    return Ingestion(database=database, catalogue=catalogue, gazetteer=gazetteer, workers=0)


def events(numbers: Iterable[int], **changes: Any) -> list[dict[str, Any]]:
    return [mirror_record(uid=str(n), title_fr=f"Concert {n}", **changes) for n in numbers]


def counts(report: IngestReport) -> dict[str, Any]:
    return {
        name: value
        for name in ("seen", "new", "changed", "unchanged", "removed", "quarantined")
        if (value := getattr(report, name))
    }


async def test_a_second_run_changes_nothing(ingestion: Ingestion, catalogue: Catalogue) -> None:
    """Re-ingestion must neither duplicate nor rewrite."""
    source = Listed(
        [
            *events(range(5)),
            mirror_record(
                uid="9",
                timings=None,
                firstdate_begin="2503-01-01",
                firstdate_end=None,
                lastdate_begin=None,
                lastdate_end=None,
            ),
        ]
    )
    first = await ingestion.run(source, now=NOW)
    before = await catalogue.checksum()
    second = await ingestion.run(source, now=NOW)
    assert counts(first) == {"seen": 6, "new": 5, "quarantined": {"absurd_date": 1}}
    assert counts(second) == {"seen": 6, "unchanged": 6}
    assert await catalogue.checksum() == before


async def test_only_what_changed_is_written_again(
    ingestion: Ingestion, catalogue: Catalogue
) -> None:
    await ingestion.run(Listed(events(range(4))), now=NOW)
    changed = [*events(range(3)), *events([3], conditions_fr="Gratuit")]
    report = await ingestion.run(Listed(changed), now=NOW)
    assert counts(report) == {"seen": 4, "changed": 1, "unchanged": 3}
    assert (await catalogue.event("3")).event.price.kind.value == "free"


async def test_a_full_run_removes_what_disappeared_upstream(
    ingestion: Ingestion, catalogue: Catalogue
) -> None:
    """The mirror says nothing of removed events: they are simply not there any more."""
    await ingestion.run(Listed(events(range(4))), now=NOW)
    report = await ingestion.run(Listed(events(range(3))), now=NOW)
    assert report.removed == 1
    assert (await catalogue.event("3")).removed_at == NOW


async def test_a_broken_export_removes_nothing_and_keeps_what_came(
    ingestion: Ingestion, catalogue: Catalogue
) -> None:
    await ingestion.run(Listed(events(range(4))), now=NOW)
    broken = Listed(events([0, 7]), failure=SourceUnavailableError("broke off"))
    with pytest.raises(SourceUnavailableError):
        await ingestion.run(broken, now=NOW)
    assert (await catalogue.event("3")).removed_at is None
    assert (await catalogue.event("7")).event.title == "Concert 7"
    assert (await catalogue.runs())[0]["failure"] == "broke off"


async def test_a_removal_row_takes_the_event_out(
    ingestion: Ingestion, catalogue: Catalogue
) -> None:
    await ingestion.run(Listed(events(range(2)), is_full=False), now=NOW)
    report = await ingestion.run(Listed([{"uid": 1, "removed": True}], is_full=False), now=NOW)
    assert report.removed == 1
    assert (await catalogue.event("1")).removed_at == NOW


async def test_a_uid_that_a_source_repeats_counts_once(
    ingestion: Ingestion, catalogue: Catalogue
) -> None:
    """Otherwise the two versions would replace each other at every run."""
    source = Listed([*events([1]), *events([2]), *events([1], conditions_fr="5 €")], batch=1)
    assert counts(await ingestion.run(source, now=NOW)) == {"seen": 3, "new": 2, "unchanged": 1}
    assert counts(await ingestion.run(source, now=NOW)) == {"seen": 3, "unchanged": 3}
    assert (await catalogue.event("1")).event.price.lowest is None


async def test_bad_lines_and_lone_surrogates_are_kept_in_quarantine_or_cleaned(
    ingestion: Ingestion, catalogue: Catalogue, tmp_path: Path
) -> None:
    path = tmp_path / "export.jsonl"
    good = json.dumps(mirror_record(uid="5", title_fr="Jazz \ud83d\x00 manouche"))
    path.write_text(f'{good}\n{{"uid": \n')
    report = await ingestion.run(FileSource(path), now=NOW)
    assert counts(report) == {"seen": 2, "new": 1, "quarantined": {"unreadable_line": 1}}
    assert (await catalogue.event("5")).event.title == "Jazz manouche"
    assert [row["ref"] for row in await catalogue.quarantine()] == ["line:2"]


async def test_contributors_never_reach_a_table(ingestion: Ingestion, database: Database) -> None:
    await ingestion.run(Listed(events([1], contributor_email="anne@example.org")), now=NOW)
    row = await database.fetch_one(
        b"SELECT string_agg(record, '') AS everything FROM source_record"
    )
    assert row is not None
    assert "anne@example.org" not in row["everything"]


async def test_progress_is_told_batch_by_batch(ingestion: Ingestion) -> None:
    told: list[Progress] = []
    await ingestion.run(Listed(events(range(5))), now=NOW, on_progress=told.append)
    assert [progress.records for progress in told] == [2, 4, 5]


_KILLED = """
import asyncio, os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from puls.catalogue.store import Catalogue
from puls.database import Database
from puls.geo.gazetteer import Gazetteer
from puls.ingestion.files import FileSource
from puls.ingestion.sync import Ingestion

def die(progress):
    if progress.records >= int(sys.argv[3]):
        os.kill(os.getpid(), signal.SIGKILL)

async def main():
    async with Database.open(sys.argv[1], pool_size=3) as database:
        ingestion = Ingestion(
            database=database, catalogue=Catalogue(database), gazetteer=Gazetteer.load(), workers=0
        )
        source = FileSource(Path(sys.argv[2]), is_full=True, batch_records=50)
        now = datetime(2026, 11, 22, 12, tzinfo=UTC)
        await ingestion.run(source, now=now, on_progress=die)

asyncio.run(main())
"""


async def test_a_run_killed_in_the_middle_ends_like_one_that_was_not(
    ingestion: Ingestion,
    catalogue: Catalogue,
    database: Database,
    database_url: str,
    tmp_path: Path,
) -> None:
    """kill -9, run again: the same catalogue, to the byte, as an uninterrupted run."""
    path = tmp_path / "export.jsonl"
    records = [
        *events(range(150)),
        *events(range(150, 300), conditions_fr="8 €"),
        mirror_record(uid="x", title_fr=""),
    ]
    path.write_text("\n".join(json.dumps(record) for record in records))
    killed = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-W", "ignore", "-c", _KILLED, database_url, str(path), "100"],
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL
    report = await ingestion.run(FileSource(path, is_full=True), now=NOW)
    assert report.unchanged >= 100
    resumed = await catalogue.checksum()
    async with database.transaction() as connection:
        await connection.execute("TRUNCATE source_record, event, venue CASCADE")
    await ingestion.run(FileSource(path, is_full=True), now=NOW)
    assert await catalogue.checksum() == resumed


@pytest.mark.shared
async def test_every_real_record_is_in_the_catalogue_or_in_quarantine(
    ingestion: Ingestion, catalogue: Catalogue, shared: Path
) -> None:
    source = FileSource(shared / "data" / "openagenda_records.jsonl.gz", is_full=True)
    first = await ingestion.run(source, now=NOW)
    second = await ingestion.run(source, now=NOW)
    figures = await catalogue.figures(now=NOW)
    assert first.new + sum(first.quarantined.values()) == first.seen == 1_200
    assert figures["events"] + figures["quarantined"] == 1_200
    assert counts(second) == {"seen": 1_200, "unchanged": 1_200}


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    text=st.text(st.characters(min_codepoint=32, max_codepoint=0x24F, exclude_characters="\x7fİ"))
)
def test_words_are_folded_like_sql_does(database_url: str, text: str) -> None:
    """A question folded by PostgreSQL must meet a document folded here."""
    import psycopg  # noqa: PLC0415 - one synchronous question

    with psycopg.connect(database_url) as connection:
        row = connection.execute("SELECT puls_fold(%s)", [text]).fetchone()
    assert row is not None
    assert _ascii_case(row[0]) == _ascii_case(search_folded(text))


def _ascii_case(text: str) -> str:
    """Letters beyond the folding table may differ in case by the server's locale."""
    return text.casefold()
