"""The last check of each event, and what a strong finding does to search until the next sync: on real PostgreSQL."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests.embedders import WordHashEmbedder
from tests.ingestion.examples import mirror_record
from tests.web_search.openagenda_servers import timing
from tests.web_search.verified_events import NOW, TOMORROW

from puls.catalogue import notes
from puls.catalogue.event import Status
from puls.catalogue.store import Catalogue
from puls.database import Database
from puls.geo.gazetteer import Gazetteer
from puls.ingestion.sources import SourceBatch
from puls.ingestion.sync import Ingestion
from puls.retrieval.search import EventSearch
from puls.retrieval.vocabulary import Vocabulary
from puls.understanding.wish import Wish
from puls.web_search.keeping import Checks
from puls.web_search.values import Against, Change, Check, Outcome, Proof, WebTime

pytestmark = pytest.mark.database

RECORD_OF = datetime(2026, 11, 28, 9, tzinfo=UTC)
SEEN_OF = datetime(2026, 11, 30, 8, tzinfo=UTC)  # when OpenAgenda says that it changed
CANCELLED = Check(
    uid="1001",
    outcome=Outcome.CANCELLED,
    at=NOW,
    proof=Proof.AGENDA,
    url="https://openagenda.com/une-salle/events/concert",
    is_strong=True,
    source_updated_at=SEEN_OF,
)
ON_A_PAGE = replace(CANCELLED, proof=Proof.VENUE, source_updated_at=None)


@dataclass
class Records:
    """A source of these records."""

    records: list[dict[str, Any]]
    is_full: bool = False
    name: str = "openagenda"

    async def batches(self, *, cursor: str | None) -> AsyncIterator[SourceBatch]:
        del cursor
        yield SourceBatch(records=self.records, done=len(self.records))


def record(
    uid: str = "1001", *, updated_at: datetime = RECORD_OF, **changes: Any
) -> dict[str, Any]:
    begins = TOMORROW.isoformat()
    return mirror_record(
        uid=uid,
        title_fr=f"Concert {uid}",
        timings=f'[{{"begin": "{begins}", "end": "{timing(TOMORROW)["end"]}"}}]',
        firstdate_begin=begins,
        firstdate_end=timing(TOMORROW)["end"],
        lastdate_begin=begins,
        lastdate_end=timing(TOMORROW)["end"],
        updatedat=updated_at.isoformat(),
        **changes,
    )


@pytest.fixture
def checks(database: Database) -> Checks:
    return Checks(database)


@pytest.fixture
def search(database: Database) -> EventSearch:
    return EventSearch(
        database=database, embedder=WordHashEmbedder(), vocabulary=Vocabulary(database)
    )


@pytest.fixture
async def ingestion(database: Database, catalogue: Catalogue, gazetteer: Gazetteer) -> Ingestion:
    made = Ingestion(database=database, catalogue=catalogue, gazetteer=gazetteer, workers=0)
    await made.run(Records([record("1001"), record("1002")]), now=NOW)
    return made


async def found(search: EventSearch, **wish: Any) -> set[str]:
    answer = await search.find(Wish(**wish), now=NOW)
    assert answer.filtered == len(answer.events)
    return {one.event.uid for one in answer.events}


async def test_a_check_is_read_back_as_it_was(checks: Checks) -> None:
    """Another replica shows it again, word for word."""
    whole = replace(
        CANCELLED,
        outcome=Outcome.CHANGED,
        says="Reprogrammé \x00\ud83d",
        changes=(Change(what="date", before="2026-12-01", now="2026-12-05T20:30+01:00"),),
        times=(WebTime(starts_at=TOMORROW), WebTime(starts_at=TOMORROW, has_time=False)),
        against=(Against(outcome=Outcome.CONFIRMED, proof=Proof.TICKETS, url="https://x", at=NOW),),
    )
    await checks.keep([whole], now=NOW)
    assert await checks.last(["1001", "1002"]) == {"1001": replace(whole, says="Reprogrammé ")}


async def test_the_newest_check_stands_whoever_writes_last(checks: Checks) -> None:
    await checks.keep([CANCELLED], now=NOW)
    await checks.keep([replace(CANCELLED, outcome=Outcome.FULL, at=NOW - timedelta(1))], now=NOW)
    assert (await checks.last(["1001"]))["1001"].outcome is Outcome.CANCELLED


async def test_what_was_not_checked_is_not_kept(checks: Checks) -> None:
    await checks.keep([Check(uid="1001", outcome=Outcome.NOT_CHECKED, at=NOW)], now=NOW)
    assert await checks.last(["1001"]) == {}


@pytest.mark.parametrize(
    ("outcome", "is_found", "status"),
    [
        (Outcome.CANCELLED, False, Status.CANCELLED),
        (Outcome.POSTPONED, False, Status.POSTPONED),
        (Outcome.FULL, True, Status.FULL),
        (Outcome.GONE, False, None),
        (Outcome.CHANGED, True, Status.SCHEDULED),
        (Outcome.CONFIRMED, True, Status.SCHEDULED),
    ],
)
@pytest.mark.usefixtures("ingestion")
async def test_a_strong_finding_is_what_search_goes_by(
    checks: Checks, search: EventSearch, outcome: Outcome, is_found: bool, status: Status | None
) -> None:
    """Nobody is sent to a cancelled concert because the next sync is at night."""
    await checks.keep([replace(CANCELLED, outcome=outcome)], now=NOW)
    for wish in ({}, {"topic": "concert"}):
        assert ("1001" in await found(search, **wish)) is is_found
        assert "1002" in await found(search, **wish)
    by_status = {one for one in Status if "1001" in await found(search, statuses=(one,))}
    assert by_status == ({status} if status else set())


@pytest.mark.usefixtures("ingestion")
async def test_a_weak_finding_changes_no_search(checks: Checks, search: EventSearch) -> None:
    await checks.keep([replace(CANCELLED, is_strong=False)], now=NOW)
    assert await found(search) == {"1001", "1002"}


async def test_an_older_copy_does_not_bring_a_cancelled_event_back(
    checks: Checks, search: EventSearch, ingestion: Ingestion
) -> None:
    """The portal's copy may be days behind what was seen at OpenAgenda itself."""
    await checks.keep([CANCELLED], now=NOW)
    between = record("1001", updated_at=SEEN_OF - timedelta(hours=3), conditions_fr="Gratuit")
    report = await ingestion.run(Records([between, record("1002")]), now=NOW)
    assert report.changed == 1
    assert await found(search) == {"1002"}


@pytest.mark.parametrize("updated_at", [SEEN_OF, SEEN_OF + timedelta(hours=5)])
async def test_a_record_as_new_as_what_was_seen_speaks_for_itself(
    database: Database,
    checks: Checks,
    search: EventSearch,
    ingestion: Ingestion,
    updated_at: datetime,
) -> None:
    """The sync confirms or contradicts, and the note is done with."""
    await checks.keep([CANCELLED, replace(CANCELLED, uid="1002")], now=NOW)
    confirms = record("1001", updated_at=updated_at, status='{"id": 6}')
    contradicts = record("1002", updated_at=updated_at, conditions_fr="Gratuit")
    await ingestion.run(Records([confirms, contradicts]), now=NOW)
    assert await found(search) == {"1002"}
    assert await found(search, statuses=(Status.CANCELLED,)) == {"1001"}
    async with database.transaction() as connection:
        assert await notes.noted(connection, now=NOW) == []


@pytest.mark.usefixtures("ingestion")
async def test_what_the_record_says_already_is_not_noted(
    database: Database, checks: Checks, ingestion: Ingestion
) -> None:
    await ingestion.run(Records([record("1001", status='{"id": 6}', conditions_fr="x")]), now=NOW)
    older = replace(CANCELLED, uid="1002", source_updated_at=RECORD_OF - timedelta(days=1))
    await checks.keep([CANCELLED, older, replace(CANCELLED, uid="9999")], now=NOW)
    assert await checks.noted(now=NOW, limit=9) == []
    async with database.transaction() as connection:
        assert await notes.noted(connection, now=NOW) == []


@pytest.mark.usefixtures("ingestion")
async def test_a_later_look_that_confirms_brings_it_back(
    checks: Checks, search: EventSearch
) -> None:
    await checks.keep([CANCELLED], now=NOW)
    assert await checks.noted(now=NOW, limit=9) == ["1001"]
    later = replace(CANCELLED, outcome=Outcome.CONFIRMED, at=NOW + timedelta(hours=1))
    await checks.keep([later], now=NOW)
    assert await found(search) == {"1001", "1002"}
    assert await checks.noted(now=NOW, limit=9) == []


@pytest.mark.usefixtures("ingestion")
@pytest.mark.parametrize(
    ("noted", "later", "is_back"),
    [
        (Proof.TICKETS, Proof.TICKETS, True),
        (Proof.VENUE, Proof.TICKETS, True),
        (Proof.TICKETS, Proof.VENUE, False),
        (Proof.VENUE, Proof.PORTAL, False),
        (Proof.AGENDA, Proof.TICKETS, False),
    ],
)
async def test_a_page_that_lists_it_again_takes_back_what_pages_no_surer_said(
    checks: Checks, search: EventSearch, noted: Proof, later: Proof, is_back: bool
) -> None:
    await checks.keep([replace(CANCELLED, proof=noted)], now=NOW)
    listed = replace(CANCELLED, outcome=Outcome.CONFIRMED, proof=later, is_strong=False)
    await checks.keep([listed], now=NOW)
    assert ("1001" in await found(search)) is is_back


@pytest.mark.usefixtures("ingestion")
@pytest.mark.parametrize(
    ("check", "days"),
    [(ON_A_PAGE, 2), (replace(CANCELLED, outcome=Outcome.GONE), 7), (CANCELLED, None)],
)
async def test_what_no_record_may_ever_take_over_ends_by_itself(
    checks: Checks, search: EventSearch, check: Check, days: int | None
) -> None:
    """A page misread must not hide an event for ever; OpenAgenda's own word waits for its record."""
    await checks.keep([check], now=NOW)
    if days is not None:
        assert await checks.forget_old(now=NOW + timedelta(days=days, hours=-1)) == 0
        assert await found(search) == {"1002"}
    ended = await checks.forget_old(now=NOW + timedelta(days=days or 60))
    assert ended == (0 if days is None else 1)
    assert await found(search) == ({"1002"} if days is None else {"1001", "1002"})


@pytest.mark.usefixtures("ingestion")
async def test_a_note_is_no_part_of_what_ingestion_decided(
    checks: Checks, catalogue: Catalogue
) -> None:
    """The checksum of two replicas' catalogues is equal whatever their visitors asked."""
    before = await catalogue.checksum()
    await checks.keep([CANCELLED, replace(CANCELLED, uid="1002", outcome=Outcome.GONE)], now=NOW)
    assert await catalogue.checksum() == before


async def test_the_sync_may_read_noted_agendas_first(
    database: Database, checks: Checks, ingestion: Ingestion
) -> None:
    del ingestion
    await checks.keep([CANCELLED], now=NOW)
    async with database.transaction() as connection:
        (noted,) = await notes.noted(connection, now=NOW)
    assert (noted["agenda_uid"], noted["source"], noted["outcome"]) == (
        "42",
        "openagenda",
        "cancelled",
    )


@pytest.mark.usefixtures("ingestion")
async def test_what_is_asked_about_and_takes_place_tonight_is_popular(checks: Checks) -> None:
    await checks.keep([replace(CANCELLED, uid=uid) for uid in ("1001", "1002")], now=NOW)
    await checks.count_asked(["1002"], now=NOW)
    later = NOW + timedelta(hours=2)
    facts: dict[str, Any] = {"asked_since": NOW - timedelta(days=1), "limit": 9}
    popular = await checks.popular(
        now=later, until=TOMORROW + timedelta(hours=1), checked_before=later, **facts
    )
    assert popular == ["1002", "1001"]
    tonight = NOW + timedelta(hours=9)
    assert await checks.popular(now=later, until=tonight, checked_before=later, **facts) == []
    assert await checks.popular(now=NOW, until=later, checked_before=NOW, **facts) == []


@pytest.mark.usefixtures("ingestion")
async def test_checks_nobody_asks_for_are_forgotten(checks: Checks) -> None:
    await checks.keep([CANCELLED], now=NOW)
    await checks.forget_old(now=NOW + timedelta(days=31))
    assert await checks.last(["1001"]) == {}
