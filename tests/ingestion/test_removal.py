"""What leaves the catalogue, and what must not: removal needs proof and proportion."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest
from tests.ingestion.examples import mirror_record
from tests.ingestion.test_sync import NOW, Listed

from puls.catalogue.store import Catalogue
from puls.database import Database
from puls.errors import (
    DatabaseUnavailableError,
    IngestionFailedError,
    InvalidInputError,
    RemovalRefusedError,
    SourceBusyError,
    SourceUnavailableError,
)
from puls.geo.gazetteer import Gazetteer
from puls.ingestion import mapping
from puls.ingestion.files import FileSource
from puls.ingestion.runs.lock import only_run_of
from puls.ingestion.runs.removal import Losses, objection
from puls.ingestion.sync import Ingestion, Progress

pytestmark = [pytest.mark.database, pytest.mark.alone]


@pytest.fixture
def ingestion(database: Database, catalogue: Catalogue, gazetteer: Gazetteer) -> Ingestion:
    return Ingestion(database=database, catalogue=catalogue, gazetteer=gazetteer, workers=0)


def events(numbers: Iterable[int], **changes: Any) -> list[dict[str, Any]]:
    return [mirror_record(uid=str(n), title_fr=f"Concert {n}", **changes) for n in numbers]


def listed(numbers: Iterable[int], **changes: Any) -> Listed:
    return Listed(events(numbers, **changes), batch=200)


@dataclass
class Placed(Listed):
    """A list that lies somewhere."""

    origin: str = "there"
    former_name: str | None = None


async def shown(catalogue: Catalogue) -> int:
    return (await catalogue.figures(now=NOW))["events"]


async def last_failure(catalogue: Catalogue) -> str:
    return str((await catalogue.runs())[0]["failure"])


def lines(path: Path, records: Iterable[dict[str, Any]]) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_text("".join(f"{json.dumps(record)}\n" for record in records))
    return path


# Proportion -----------------------------------------------------------------------------------------------------------


async def test_a_file_that_shrank_removes_nothing_until_allowed(
    ingestion: Ingestion, catalogue: Catalogue, tmp_path: Path
) -> None:
    """F2: `head -100` of the same file emptied the catalogue, no question asked."""
    path = lines(tmp_path / "a.jsonl", events(range(500)))
    await ingestion.run(FileSource(path, is_full=True), now=NOW)
    lines(path, events(range(100)))
    with pytest.raises(
        RemovalRefusedError, match=r"400 of 500 events \(80%\).*--allow-removing 400"
    ):
        await ingestion.run(FileSource(path, is_full=True), now=NOW)
    assert await shown(catalogue) == 500
    assert "400 of 500" in await last_failure(catalogue)
    with pytest.raises(RemovalRefusedError):
        await ingestion.run(FileSource(path, is_full=True), now=NOW, allow_removing=399)
    report = await ingestion.run(FileSource(path, is_full=True), now=NOW, allow_removing=400)
    assert (report.removed, await shown(catalogue)) == (400, 100)


async def test_two_files_of_one_name_are_two_sources(
    ingestion: Ingestion, catalogue: Catalogue, tmp_path: Path
) -> None:
    """F2: the base name was the source, so a file of another folder removed this one's events."""
    here = lines(tmp_path / "a" / "partial.jsonl", events(range(90)))
    there = lines(tmp_path / "b" / "partial.jsonl", events(range(200, 210)))
    await ingestion.run(FileSource(here, is_full=True), now=NOW)
    report = await ingestion.run(FileSource(there, is_full=True), now=NOW)
    assert (report.removed, await shown(catalogue)) == (0, 100)


async def test_a_source_may_be_named_wherever_it_lies(
    ingestion: Ingestion, catalogue: Catalogue, tmp_path: Path
) -> None:
    """An export that lands in a new folder every night; the move alone removes nothing."""
    monday = lines(tmp_path / "monday" / "x.jsonl", events(range(50)))
    tuesday = lines(tmp_path / "tuesday" / "x.jsonl", events(range(45)))
    await ingestion.run(FileSource(monday, is_full=True, name="ville"), now=NOW)
    moved = FileSource(tuesday, is_full=True, name="ville")
    with pytest.raises(
        RemovalRefusedError, match=r"last read from .*monday.* and now from .*tuesday"
    ):
        await ingestion.run(moved, now=NOW)
    report = await ingestion.run(moved, now=NOW, allow_removing=5)
    assert (report.removed, await shown(catalogue)) == (5, 45)


@pytest.mark.parametrize(
    ("losses", "is_refused"),
    [
        (Losses(absent=100, disowned=0, held=100, left=1), False),
        (Losses(absent=101, disowned=0, held=400, left=1), True),
        (Losses(absent=101, disowned=0, held=600, left=1), False),
        (Losses(absent=60, disowned=60, held=300, left=1), True),
        (Losses(absent=1, disowned=0, held=1, left=0), True),
        (Losses(absent=0, disowned=1, held=1, left=0), False),
        (Losses(absent=0, disowned=0, held=0, left=0), False),
    ],
)
def test_more_than_a_hundred_and_more_than_a_fifth_is_too_much(
    losses: Losses, is_refused: bool
) -> None:
    why = objection(losses, allowed=0, former_origin="a", origin="a")
    assert (why is not None) == is_refused
    assert objection(losses, allowed=None, former_origin="a", origin="b") is None


@pytest.mark.parametrize("held", [3, 300])
async def test_an_empty_source_removes_nothing_however_small(
    ingestion: Ingestion, catalogue: Catalogue, held: int
) -> None:
    await ingestion.run(listed(range(held)), now=NOW)
    with pytest.raises(RemovalRefusedError, match="empty or holds nothing readable"):
        await ingestion.run(Listed([]), now=NOW)
    assert await shown(catalogue) == held


async def test_a_field_that_changed_its_name_removes_nothing(
    ingestion: Ingestion, catalogue: Catalogue
) -> None:
    """Every record goes to quarantine: that is a change upstream, not the end of all events."""
    await ingestion.run(listed(range(300)), now=NOW)
    renamed = [
        {("titre" if key == "title_fr" else key): value for key, value in record.items()}
        for record in events(range(300))
    ]
    with pytest.raises(RemovalRefusedError, match="300 of 300"):
        await ingestion.run(Listed(renamed, batch=200), now=NOW)
    with pytest.raises(RemovalRefusedError):
        await ingestion.run(Listed(renamed, is_full=False, batch=200), now=NOW)
    assert await shown(catalogue) == 300
    report = await ingestion.run(listed(range(300)), now=NOW)
    assert (report.changed, report.removed, await shown(catalogue)) == (300, 0, 300)


async def test_a_source_of_which_nothing_is_an_event_is_said(ingestion: Ingestion) -> None:
    """K5: a download with other column names brought nothing and looked well."""
    report = await ingestion.run(Listed([{"id": n, "titre": "Bal"} for n in range(3)]), now=NOW)
    assert report.remarks == ("listed: none of its 3 records is an event (no_uid 3).",)
    assert (await ingestion.run(listed(range(3)), now=NOW)).remarks == ()


async def test_another_set_of_events_under_the_same_name_removes_nothing(
    ingestion: Ingestion, catalogue: Catalogue
) -> None:
    """New events do not make the loss of the old ones a smaller share."""
    await ingestion.run(listed(range(200)), now=NOW)
    with pytest.raises(RemovalRefusedError, match="200 of 200"):
        await ingestion.run(listed(range(1_000, 3_000)), now=NOW)
    with pytest.raises(RemovalRefusedError, match="200 of 200"):  # also at the second try
        await ingestion.run(listed(range(1_000, 3_000)), now=NOW)
    assert await shown(catalogue) == 2_200


async def test_removals_that_a_source_announces_are_weighed_too(
    ingestion: Ingestion, catalogue: Catalogue
) -> None:
    """And wait for their permission, however many runs lie between."""
    await ingestion.run(Listed(events(range(300)), is_full=False, batch=200), now=NOW)
    gone = Listed([{"uid": n, "removed": True} for n in range(250)], is_full=False)
    with pytest.raises(RemovalRefusedError, match="250 of 300"):
        await ingestion.run(gone, now=NOW)
    assert await shown(catalogue) == 300
    quiet = Listed([], is_full=False)
    with pytest.raises(RemovalRefusedError):
        await ingestion.run(quiet, now=NOW)
    report = await ingestion.run(quiet, now=NOW, allow_removing=250)
    assert (report.removed, await shown(catalogue)) == (250, 50)


async def test_what_was_removed_and_comes_back_is_found_again(
    ingestion: Ingestion, catalogue: Catalogue
) -> None:
    """The same record, to the letter: its hash must not hide it."""
    await ingestion.run(Listed(events(range(3)), is_full=False), now=NOW)
    await ingestion.run(Listed([{"uid": 1, "removed": True}], is_full=False), now=NOW)
    assert await shown(catalogue) == 2
    await ingestion.run(Listed(events([1]), is_full=False), now=NOW)
    assert (await catalogue.event("1")).removed_at is None


async def test_an_event_that_another_source_still_has_stays(
    ingestion: Ingestion, catalogue: Catalogue
) -> None:
    """It belonged to whoever wrote last, and left with it."""
    await ingestion.run(Listed(events(range(5)), name="portal"), now=NOW)
    await ingestion.run(Listed(events(range(3, 8), conditions_fr="5 €"), name="town"), now=NOW)
    report = await ingestion.run(Listed(events([7], conditions_fr="5 €"), name="town"), now=NOW)
    assert (report.removed, await shown(catalogue)) == (2, 6)
    stored = await catalogue.event("3")
    assert (stored.removed_at, stored.event.attribution.source) == (None, "portal")
    assert stored.event.price.lowest is None


async def test_a_cut_file_removes_nothing(
    ingestion: Ingestion, catalogue: Catalogue, tmp_path: Path
) -> None:
    path = lines(tmp_path / "a.jsonl", events(range(20)))
    await ingestion.run(FileSource(path, is_full=True), now=NOW)
    path.write_bytes(path.read_bytes()[:-5_000])
    with pytest.raises(InvalidInputError, match="middle of a record"):
        await ingestion.run(FileSource(path, is_full=True), now=NOW)
    assert await shown(catalogue) == 20


async def test_what_the_source_took_back_leaves_even_when_reading_breaks_off(
    ingestion: Ingestion, catalogue: Catalogue
) -> None:
    """A draft or a removal is proof of its own; absence is not."""
    await ingestion.run(listed(range(5)), now=NOW)
    broken = Listed(
        [{**events([1])[0], "state": 0}, {"uid": "2", "removed": True}],
        failure=SourceUnavailableError("broke off"),
    )
    with pytest.raises(SourceUnavailableError):
        await ingestion.run(broken, now=NOW)
    gone = [uid for uid in "01234" if (await catalogue.event(uid)).removed_at]
    assert gone == ["1", "2"]


# Catalogues from before ------------------------------------------------------------------------------------------------


async def former(ingestion: Ingestion, database: Database, numbers: Iterable[int]) -> None:
    """What an older Puls left of a file: its base name, and no word of where it lay."""
    await ingestion.run(Listed(events(numbers), name="file:partial.jsonl", batch=200), now=NOW)
    async with database.transaction() as connection:
        await connection.execute("UPDATE ingest_run SET origin = NULL, held = NULL")


async def test_records_under_a_base_name_are_taken_over_by_their_file(
    ingestion: Ingestion, catalogue: Catalogue, database: Database, tmp_path: Path
) -> None:
    """So that nothing is mapped again, and what disappears later is noticed."""
    await former(ingestion, database, range(40))
    path = lines(tmp_path / "partial.jsonl", events(range(38)))
    report = await ingestion.run(FileSource(path, is_full=True), now=NOW)
    assert (report.unchanged, report.new, report.removed) == (38, 0, 2)
    assert {run["source"] for run in await catalogue.runs()} == {report.source}


async def test_another_file_of_that_name_takes_nothing_over(
    ingestion: Ingestion, catalogue: Catalogue, database: Database, tmp_path: Path
) -> None:
    await former(ingestion, database, range(40))
    path = lines(tmp_path / "partial.jsonl", events(range(30, 130)))
    report = await ingestion.run(FileSource(path, is_full=True), now=NOW)
    assert (report.new, report.removed, await shown(catalogue)) == (100, 0, 130)


# Crashes --------------------------------------------------------------------------------------------------------------


async def test_a_killed_run_is_closed_by_the_next_one_and_leaves_no_rows(
    ingestion: Ingestion,
    catalogue: Catalogue,
    database: Database,
    database_url: str,
    tmp_path: Path,
) -> None:
    """F26: it stayed unfinished in `status`, and 3,000 rows of it for ever."""
    path = lines(tmp_path / "a.jsonl", events(range(150)))
    killed = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-W", "ignore", "-c", _KILLED, database_url, str(path), "100"],
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL
    await ingestion.run(FileSource(path, is_full=True), now=NOW)
    last, before = (await catalogue.runs())[:2]
    assert (last["failure"], before["failure"].split(":")[0]) == (None, "interrupted")
    assert before["finished_at"] == NOW
    assert await database.fetch_one(b"SELECT 1 FROM pg_class WHERE relname = 'ingest_seen'") is None


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
        now = datetime(2026, 11, 22, 11, tzinfo=UTC)
        await ingestion.run(source, now=now, on_progress=die)

asyncio.run(main())
"""


@dataclass
class Interrupting(Listed):
    """A source during which something happens."""

    during: Any = field(default=None)

    async def batches(self, *, cursor: str | None) -> Any:
        async for batch in super().batches(cursor=cursor):
            yield batch
        await self.during()


async def test_connections_that_die_in_the_middle_cost_no_event(
    ingestion: Ingestion, catalogue: Catalogue, database_url: str
) -> None:
    """F1: what a run had seen was in a table that a crash of PostgreSQL emptied; the rest was removed."""
    await ingestion.run(listed(range(300)), now=NOW)

    async def crash() -> None:
        async with await psycopg.AsyncConnection.connect(
            database_url, autocommit=True
        ) as connection:
            await connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE pid <> pg_backend_pid() AND datname = current_database()"
            )
        await asyncio.sleep(0.3)

    source = Interrupting(events(range(299), conditions_fr="5 €"), batch=200, during=crash)
    report = await ingestion.run(source, now=NOW)
    assert (report.changed, report.removed, await shown(catalogue)) == (299, 1, 299)


async def test_a_database_that_forgot_the_run_is_noticed(
    ingestion: Ingestion, catalogue: Catalogue, database: Database
) -> None:
    """A replica that took over, a copy that was restored: what the run wrote is not there."""
    await ingestion.run(listed(range(10)), now=NOW)

    async def forget() -> None:
        await asyncio.sleep(0.3)
        async with database.transaction() as connection:
            await connection.execute("UPDATE ingest_run SET seen = 3 WHERE finished_at IS NULL")

    source = Interrupting(events(range(9)), batch=200, during=forget)
    with pytest.raises(DatabaseUnavailableError, match="no longer holds"):
        await ingestion.run(source, now=NOW)
    assert await shown(catalogue) == 10


async def test_another_run_that_came_between_is_noticed(
    ingestion: Ingestion, catalogue: Catalogue, database: Database
) -> None:
    """After a restart the lock is gone, and somebody else may have read the source."""
    await ingestion.run(listed(range(10)), now=NOW)

    async def come_between() -> None:
        async with database.transaction() as connection:
            await connection.execute(
                "INSERT INTO ingest_run (source, is_full, started_at) VALUES ('listed', true, now())"
            )

    source = Interrupting(events(range(9)), batch=200, during=come_between)
    with pytest.raises(IngestionFailedError, match="came between"):
        await ingestion.run(source, now=NOW)
    assert await shown(catalogue) == 10


async def test_two_runs_of_one_source_do_not_mix(ingestion: Ingestion, database: Database) -> None:
    """The one would remove what the other has just added."""
    async with only_run_of(database, "listed", patience_seconds=0):
        with pytest.raises(SourceBusyError):
            await ingestion.run(listed(range(3)), now=NOW, patience_seconds=0.1)
        await ingestion.run(Listed(events([9]), name="another"), now=NOW)
    assert (await ingestion.run(listed(range(3)), now=NOW)).new == 3


# Failures -------------------------------------------------------------------------------------------------------------


async def test_a_failure_nobody_foresaw_is_in_the_runs_row(
    ingestion: Ingestion, catalogue: Catalogue
) -> None:
    """F19: `zlib.error` left a run that looked well."""
    source = listed(range(3))
    source.failure = ZeroDivisionError("oh")
    with pytest.raises(IngestionFailedError, match="ZeroDivisionError at test_sync"):
        await ingestion.run(source, now=NOW)
    assert "ZeroDivisionError" in await last_failure(catalogue)
    assert await shown(catalogue) == 3


async def test_a_record_that_postgresql_refuses_goes_to_quarantine_alone(
    ingestion: Ingestion, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    genuine = mapping.event_from

    def spoilt(record: Any, **rest: Any) -> Any:
        event = genuine(record, **rest)
        if record["uid"] == "2":
            object.__setattr__(event, "age_min", 99_999)  # no smallint
        if record["uid"] == "4":
            raise KeyError("unforeseen")
        return event

    monkeypatch.setattr("puls.ingestion.runs.workers.event_from", spoilt)
    report = await ingestion.run(Listed(events(range(6)), batch=3), now=NOW)
    assert report.quarantined == {"not_storable": 1, "not_understood": 1}
    assert (report.new, await shown(catalogue)) == (4, 4)
    again = await ingestion.run(Listed(events(range(6)), batch=3), now=NOW)
    assert again.unchanged == 6


async def test_cancelled_is_interrupted(ingestion: Ingestion, catalogue: Catalogue) -> None:
    def stop(progress: Progress) -> None:
        del progress
        raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        await ingestion.run(listed(range(3)), now=NOW, on_progress=stop)
    assert await last_failure(catalogue) == "interrupted"


_ORPHANING = """
import asyncio, multiprocessing, os, sys, time
from puls.geo.gazetteer import Gazetteer
from puls.ingestion.runs.workers import Workers, raw_of

async def main():
    workers = Workers(workers=1, gazetteer=Gazetteer.load(), source="s")
    raws = [raw_of({"uid": str(n), "title_fr": "a"}) for n in range(3_500)]
    await workers.map(raws)
    print(*(child.pid for child in multiprocessing.active_children()), flush=True)
    time.sleep(60)

if __name__ == "__main__":
    asyncio.run(main())
"""


async def test_workers_end_with_their_parent(tmp_path: Path) -> None:
    """F33: after `kill -9` of the main process a worker of 148 MB stayed for ever."""
    script = tmp_path / "orphaning.py"
    script.write_text(_ORPHANING)
    parent = await asyncio.create_subprocess_exec(
        sys.executable, str(script), stdout=asyncio.subprocess.PIPE
    )
    assert parent.stdout is not None
    workers = [int(pid) for pid in (await asyncio.wait_for(parent.stdout.readline(), 60)).split()]
    assert workers
    parent.kill()
    await parent.wait()
    for _ in range(100):
        if not any(_is_alive(pid) for pid in workers):
            return
        await asyncio.sleep(0.1)
    pytest.fail("a worker outlived its parent by ten seconds")


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (ProcessLookupError, FileNotFoundError):
        return False
    return state != "Z"
