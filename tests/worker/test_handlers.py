"""What the jobs do, and that doing it twice does nothing more. Real PostgreSQL, loopback files."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from tests.embedders import WordHashEmbedder
from tests.serving import NOW, an_event, occurrence, puls_over, save

from puls.bootstrap import Puls, follow_up_of
from puls.catalogue.event import Status
from puls.database import Database
from puls.errors import InvalidInputError
from puls.geo.gazetteer import Gazetteer
from puls.identity.visitor import Visitor
from puls.ingestion.sample.source import SampleSource
from puls.ingestion.sync import Ingestion
from puls.jobs import Jobs
from puls.settings import Settings
from puls.worker import NotSentError, handlers_of
from puls.worker.canaries import CANARIES
from puls.worker.news import News


@pytest.fixture
def puls(database: Database, gazetteer: Gazetteer, tmp_path: Path) -> Puls:
    bare = puls_over(
        database,
        gazetteer,
        embedder=WordHashEmbedder(dimensions=384),
        settings=Settings(home=tmp_path),
    )
    ingestion = Ingestion(
        database=database,
        catalogue=bare.catalogue,
        gazetteer=gazetteer,
        workers=0,
        follow_up=follow_up_of(Jobs(database)),
    )
    return replace(bare, ingestion=ingestion)


async def do(puls: Puls, kind: str, about: str = "", *, now: datetime = NOW) -> str:
    return await handlers_of(puls)[kind](about, now)


async def waiting(puls: Puls) -> list[str]:
    rows = await puls.database.fetch_all(
        b"SELECT lock FROM procrastinate_jobs WHERE status = 'todo' ORDER BY lock"
    )
    return [row["lock"] for row in rows]


def write(file: Path, uids: Sequence[int]) -> None:
    records = [
        {
            "uid": str(uid),
            "title_fr": f"Concert {uid}",
            "timings": '[{"begin":"2026-12-05T20:00:00+01:00","end":"2026-12-05T22:00:00+01:00"}]',
            "location_city": "Lyon",
            "location_postalcode": "69001",
        }
        for uid in uids
    ]
    file.write_text("".join(f"{json.dumps(record)}\n" for record in records))


async def test_a_sync_reads_its_source_and_asks_for_vectors_and_words_in_the_same_transaction(
    puls: Puls, tmp_path: Path
) -> None:
    """What is stored and never made findable would be a silent hole."""
    file = tmp_path / "events.jsonl"
    write(file, range(10))
    said = await do(puls, "sync", f"file: {file}")
    assert said.startswith("10 records read: 10 new")
    assert await waiting(puls) == ["embed", "words"]
    checksum = await puls.catalogue.checksum()
    assert "10 unchanged" in await do(puls, "sync", f"file: {file}")
    assert await puls.catalogue.checksum() == checksum


async def test_an_unchanged_source_asks_for_nothing(puls: Puls, tmp_path: Path) -> None:
    """An hourly sync must not count the words of a million events each hour."""
    file = tmp_path / "events.jsonl"
    write(file, range(3))
    await do(puls, "sync", f"file: {file}")
    await puls.database.fetch_all(b"DELETE FROM procrastinate_jobs RETURNING id")
    await do(puls, "sync", f"file: {file}")
    assert await waiting(puls) == []


async def test_real_events_take_the_place_of_the_sample(puls: Puls, tmp_path: Path) -> None:
    """Invented events never stand beside real ones."""
    await puls.ingestion.run(SampleSource(today=NOW.date()), now=NOW, allow_removing=None)
    file = tmp_path / "events.jsonl"
    write(file, range(3))
    await do(puls, "sync", f"file: {file}")
    assert (await puls.catalogue.figures(now=NOW))["events"] == 3


async def test_a_source_that_is_none_is_a_sentence(puls: Puls) -> None:
    """It is read before anything is fetched."""
    with pytest.raises(InvalidInputError, match="no source"):
        await do(puls, "sync", "facebook: Lyon")


async def test_vectors_are_made_once(puls: Puls) -> None:
    """The backlog is whatever lacks one."""
    await save(puls.database, [an_event("1"), an_event("2", title="Une exposition")])
    assert "2 of 2 events" in await do(puls, "embed")
    rows = "SELECT md5(string_agg(event_id || embedding::text, ',' ORDER BY event_id)) AS sum FROM embedding_1"
    before = await puls.database.fetch_one(rows.encode())
    assert "2 of 2 events" in await do(puls, "embed")
    assert await puls.database.fetch_one(rows.encode()) == before


async def test_words_are_counted(puls: Puls) -> None:
    """Twice gives the same words."""
    await save(puls.database, [an_event("1")])
    assert await do(puls, "words") == "The words of 1 events were counted."
    words = b"SELECT md5(string_agg(word::text, ',' ORDER BY word)) AS sum FROM search_word AS word"
    before = await puls.database.fetch_one(words)
    await do(puls, "words")
    assert await puls.database.fetch_one(words) == before


async def test_retention_deletes_what_is_old_and_nothing_twice(puls: Puls) -> None:
    """A visitor that is gone for the time of PULS_RETENTION_DAYS is forgotten, and so are old jobs."""
    visitor = Visitor(id=uuid4())
    await puls.people.preferences.agree(visitor, "preferences", now=NOW - timedelta(days=90))
    await puls.database.fetch_all(
        b"INSERT INTO job_run (job_id, job, worker, started_at, finished_at, outcome) SELECT n, 'embed', 'w', %(at)s, %(at)s, "
        b"'succeeded' FROM generate_series(1, 3) AS n RETURNING id",
        at=NOW - timedelta(days=60),
    )
    said = await do(puls, "retention")
    assert "1 visitors" in said
    assert "2 rows of jobs" in said, "the last success of a job stays"
    assert " 0 visitors" in await do(puls, "retention")


async def test_canaries_say_which_kind_of_answer_came(puls: Puls) -> None:
    """An index that is empty, or a reading that broke, is seen before a visitor tells."""
    said = await do(puls, "canary")
    assert "« un concert »: nothing" in said
    await save(
        puls.database,
        [
            an_event("1"),
            an_event(
                "2", title="Exposition en famille", description="Une exposition pour les enfants."
            ),
        ],
    )
    await do(puls, "embed")
    await do(puls, "canary", now=NOW + timedelta(minutes=15))
    await do(puls, "canary", now=NOW + timedelta(minutes=15))
    rows = await puls.database.fetch_all(b"SELECT question, got, is_expected FROM canary_answer")
    assert len(rows) == 2 * len(CANARIES)
    sentences = [row for row in rows if row["got"] == "sentence"]
    assert len(sentences) == 4
    assert all(row["is_expected"] for row in sentences)


async def test_a_day_has_one_report(puls: Puls) -> None:
    """Made again, it is written over."""
    said = await do(puls, "report")
    assert said.startswith("2026-11-26: 0 turns of 0 visitors, 0.00 €")
    await do(puls, "report", now=NOW + timedelta(hours=1))
    rows = await puls.database.fetch_all(b"SELECT day, figures FROM daily_report")
    assert len(rows) == 1
    assert rows[0]["figures"]["job_failures"] == 0


async def test_looking_ahead_is_left_out_where_the_web_is_off(puls: Puls) -> None:
    """And says so."""
    assert "switched off" in await do(puls, "warm")


# News of followed events


class Post:
    """A notifier that keeps what it is given, or fails."""

    def __init__(self, *, fails: bool = False) -> None:
        self.fails = fails
        self.sent: list[tuple[UUID, tuple[str, ...]]] = []

    async def tell(self, visitor_id: UUID, news: Sequence[News], *, key: str) -> bool:
        assert key
        if self.fails:
            raise NotSentError("The mail server does not answer.")
        self.sent.append((visitor_id, tuple(one.uid for one in news)))
        return True


@pytest.fixture
async def follower(puls: Puls) -> Visitor:
    """Follows a concert that was then cancelled."""
    visitor = Visitor(id=uuid4())
    await save(puls.database, [an_event("1"), an_event("2")])
    for uid in ("1", "2"):
        await puls.people.followed.follow(visitor, await puls.catalogue.event(uid), now=NOW)
    await save(puls.database, [an_event("1", status=Status.CANCELLED)])
    return visitor


async def test_news_is_noticed_once(puls: Puls, follower: Visitor) -> None:
    """However often the job runs, and without any way to write to visitors."""
    said = await do(puls, "digest", now=NOW + timedelta(hours=1))
    assert said.startswith("1 news noticed for 1 visitors")
    assert "no way to write" in said
    assert (await do(puls, "digest", now=NOW + timedelta(days=1))).startswith("0 news")
    held = await puls.people.personal_data.export(follower.id)
    assert [one["codes"] for one in held["news"]] == [["status"]]


async def test_news_is_handed_over_once_and_again_only_when_it_surely_was_not(
    puls: Puls, follower: Visitor
) -> None:
    """Nobody reads the same mail twice."""
    failing, post = Post(fails=True), Post()
    with pytest.raises(NotSentError):
        await handlers_of(puls, notifier=failing)["digest"]("", NOW)
    for _ in range(2):
        await handlers_of(puls, notifier=post)["digest"]("", NOW)
    assert post.sent == [(follower.id, ("1",))]


async def test_news_whose_sending_was_cut_off_is_not_sent_again(
    puls: Puls, follower: Visitor
) -> None:
    """A worker killed between the mail and the row: once is better than twice."""
    await do(puls, "digest")
    async with puls.database.transaction(visitor_id=follower.id) as connection:
        await connection.execute("UPDATE followed_news SET delivering_at = now()")
    post = Post()
    await handlers_of(puls, notifier=post)["digest"]("", NOW)
    assert post.sent == []


async def test_who_stops_following_or_is_erased_has_no_news(puls: Puls, follower: Visitor) -> None:
    """News goes with what it is about."""
    await do(puls, "digest")
    await puls.people.followed.unfollow(follower.id, "1")
    assert (await puls.people.personal_data.export(follower.id))["news"] == []
    await puls.people.personal_data.erase(follower.id)
    row = await puls.database.fetch_one(b"SELECT count(*) AS n FROM followed_news")
    assert row == {"n": 0}


@pytest.mark.usefixtures("follower")
async def test_a_new_date_is_other_news(puls: Puls) -> None:
    """What changes again is told again."""
    await do(puls, "digest")
    moved = an_event("1", occurrences=(occurrence(NOW + timedelta(days=9)),))
    await save(puls.database, [moved])
    assert (await do(puls, "digest", now=NOW + timedelta(hours=2))).startswith("1 news")


# Backups


async def test_the_database_of_somebody_else_is_left_to_them(
    database: Database, gazetteer: Gazetteer
) -> None:
    """It is backed up where it is."""
    puls = puls_over(
        database, gazetteer, settings=Settings(database_url="postgresql://127.0.0.1/x")
    )
    assert "backed up there" in await do(puls, "backup")


async def test_old_backups_go_and_a_days_backup_is_made_once(puls: Puls, tmp_path: Path) -> None:
    """Halves of backups whose worker was killed go as well; other files stay."""
    folder = tmp_path / "backups"
    folder.mkdir()
    for day in range(10, 26):
        (folder / f"puls-2026-11-{day}.zip").write_text("old")
    (folder / ".puls-2026-11-20.zip.0a1b2c3d.part").write_text("half")
    (folder / "mine.zip").write_text("mine")
    today = folder / f"puls-{NOW.astimezone(UTC).date()}.zip"
    today.write_text("made already")
    said = await do(puls, "backup")
    assert "7 backups are kept" in said
    assert today.read_text() == "made already"
    names = sorted(file.name for file in folder.iterdir())
    assert "mine.zip" in names
    assert len([name for name in names if name.startswith("puls-")]) == 7
