"""Index versions on real PostgreSQL: no text is embedded twice, no vector is lost, no switch is a surprise."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import datetime, timedelta

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.embedders import WordHashEmbedder
from tests.serving import NOW, an_event, save

from puls.catalogue.event import Event
from puls.catalogue.store import Catalogue
from puls.database import Database
from puls.errors import InvalidInputError, NotFoundError
from puls.ingestion import embedding
from puls.ingestion.embedding import EmbeddingIndex, embedding_text

pytestmark = pytest.mark.database

BuildWith = Callable[[WordHashEmbedder], EmbeddingIndex]


class PassingTime:
    """A clock that moves on by some minutes whenever somebody looks at it."""

    def __init__(self, *, minutes: float = 0) -> None:
        self._next = NOW
        self._step = timedelta(minutes=minutes)

    def __call__(self) -> datetime:
        moment, self._next = self._next, self._next + self._step
        return moment


class FailingEmbedder(WordHashEmbedder):
    """Gives up after some batches, like a machine without memory."""

    def __init__(self, *, after: int) -> None:
        super().__init__()
        self._left = after

    async def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        if not self._left:
            raise MemoryError
        self._left -= 1
        return await super().embed_passages(texts)


@pytest.fixture
def embedder() -> WordHashEmbedder:
    return WordHashEmbedder()


@pytest.fixture
def index_with(database: Database, monkeypatch: pytest.MonkeyPatch) -> BuildWith:
    """Small batches and rounds, and little patience, so that a few events exercise what many would."""
    monkeypatch.setattr(embedding, "_BATCH", 4)
    monkeypatch.setattr(embedding, "_ROUND", 8)
    monkeypatch.setattr(embedding, "_PATIENCE", 0.01)
    return lambda embedder: EmbeddingIndex(database=database, embedder=embedder)


@pytest.fixture
def index(index_with: BuildWith, embedder: WordHashEmbedder) -> EmbeddingIndex:
    return index_with(embedder)


def concerts(numbers: Iterable[int]) -> list[Event]:
    return [an_event(str(number), title=f"Concert numéro {number}") for number in numbers]


def once_each(passages: Iterable[str]) -> bool:
    return set(Counter(passages).values()) == {1}


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not holds():  # noqa: ASYNC110 - nobody announces it
            await asyncio.sleep(0.005)


async def test_every_findable_event_gets_its_vector(
    database: Database, catalogue: Catalogue, index: EmbeddingIndex, embedder: WordHashEmbedder
) -> None:
    """A withdrawn event is nobody's answer and costs nothing."""
    await save(database, concerts(range(10)))
    async with database.transaction() as connection:
        await catalogue.remove(connection, "test", ["0"], now=NOW)
    shown: list[tuple[int, int]] = []
    version = await index.build(
        now=PassingTime(), progress=lambda done, total: shown.append((done, total))
    )
    assert (version.events, version.embedded, len(embedder.passages)) == (9, 9, 9)
    assert shown == [(4, 9), (8, 9), (9, 9)]


async def test_unchanged_text_is_never_embedded_again(
    database: Database, index: EmbeddingIndex, embedder: WordHashEmbedder
) -> None:
    """Vectors are the dearest thing that ingestion makes."""
    await save(database, concerts(range(5)))
    await index.build(now=PassingTime())
    await save(database, concerts(range(7)))  # all again, two of them new
    version = await index.build(now=PassingTime())
    assert version.embedded == 7
    assert len(embedder.passages) == 7
    assert once_each(embedder.passages)


async def test_changed_text_is_embedded_again(
    database: Database, index: EmbeddingIndex, embedder: WordHashEmbedder
) -> None:
    """The answer must follow the organiser's words."""
    await save(database, concerts(range(3)))
    first = await index.build(now=PassingTime())
    await save(database, [an_event("1", title="Bal folk")])
    (stale,) = await index.versions()
    second = await index.build(now=PassingTime())
    assert [version.embedded for version in (first, stale, second)] == [3, 2, 3]
    assert [text for text in embedder.passages if text.startswith("Bal")] == embedder.passages[3:]


async def test_the_same_text_under_two_uids_is_embedded_once(
    database: Database, index: EmbeddingIndex, embedder: WordHashEmbedder
) -> None:
    """Near-duplicates crowd real catalogues; both are found by their meaning all the same."""
    await save(database, [an_event("1"), an_event("2")])
    version = await index.build(now=PassingTime())
    assert (version.embedded, len(embedder.passages)) == (2, 1)
    await save(database, [an_event("3")])
    assert (await index.build(now=PassingTime())).embedded == 3
    assert len(embedder.passages) == 1


async def test_a_build_that_broke_off_goes_on_where_it_stopped(
    database: Database, index_with: BuildWith
) -> None:
    """« Run the same command again » must neither repeat the work nor wait for ghosts."""
    await save(database, concerts(range(12)))
    broken, whole = FailingEmbedder(after=2), WordHashEmbedder()
    with pytest.raises(MemoryError):
        await index_with(broken).build(now=PassingTime())
    version = await index_with(whole).build(now=PassingTime())
    assert (version.state, version.embedded) == ("live", 12)
    assert (len(broken.passages), len(whole.passages)) == (8, 4)
    assert once_each([*broken.passages, *whole.passages])


async def test_a_claim_that_ran_out_is_taken_over(
    database: Database, index_with: BuildWith, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker that was killed cannot say goodbye; what it held must be embedded within seconds."""
    monkeypatch.setattr(embedding, "_CLAIM_LASTS", timedelta(seconds=1))
    monkeypatch.setattr(embedding, "_BEAT_SECONDS", 60.0)  # it is as good as killed
    await save(database, concerts(range(6)))
    frozen, other = WordHashEmbedder(), WordHashEmbedder()
    frozen.may_answer.clear()
    worker = asyncio.create_task(index_with(frozen).build(now=PassingTime()))
    await until(lambda: bool(frozen.passages))
    waiting = asyncio.create_task(index_with(other).build(now=PassingTime()))
    await asyncio.sleep(0.1)
    assert not other.passages
    version = await waiting
    assert (version.embedded, len(other.passages)) == (6, 6)
    frozen.may_answer.set()
    assert (await worker).embedded == 6


async def test_a_worker_that_takes_its_time_keeps_its_claims(
    database: Database, index_with: BuildWith, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Short claims must not make two workers of a slow one, nor a clock that is an hour wrong."""
    monkeypatch.setattr(embedding, "_CLAIM_LASTS", timedelta(seconds=1))
    monkeypatch.setattr(embedding, "_BEAT_SECONDS", 0.2)
    await save(database, concerts(range(6)))
    slow, other = WordHashEmbedder(), WordHashEmbedder()
    slow.may_answer.clear()
    worker = asyncio.create_task(index_with(slow).build(now=PassingTime()))
    await until(lambda: bool(slow.passages))
    waiting = asyncio.create_task(index_with(other).build(now=PassingTime(minutes=60)))
    await asyncio.sleep(2.5)
    assert not other.passages
    slow.may_answer.set()
    assert [(await task).embedded for task in (worker, waiting)] == [6, 6]
    assert not other.passages


async def test_workers_share_the_work_without_doing_any_twice(
    database: Database, index_with: BuildWith
) -> None:
    """Two terminals and the server's own background build are a normal day."""
    twins = [an_event(f"twin-{number}", title=f"Concert numéro {number}") for number in range(10)]
    await save(database, [*concerts(range(30)), *twins])
    embedders = [WordHashEmbedder() for _ in range(3)]
    versions = await asyncio.gather(
        *(index_with(embedder).build(now=PassingTime()) for embedder in embedders)
    )
    assert {version.embedded for version in versions} == {40}
    assert {version.id for version in versions} == {versions[0].id}
    passages = [text for embedder in embedders for text in embedder.passages]
    assert len(passages) == 30
    assert once_each(passages)


async def test_a_text_in_work_for_one_event_is_not_begun_for_another(
    database: Database, index_with: BuildWith
) -> None:
    """The claim is on the words, whoever's they are."""
    await save(database, [an_event("1"), an_event("2"), an_event("3", title="Bal folk")])
    slow, quick = WordHashEmbedder(), WordHashEmbedder()
    slow.may_answer.clear()
    first = asyncio.create_task(index_with(slow).build(now=PassingTime()))
    await until(lambda: len(slow.passages) == 2)
    second = asyncio.create_task(index_with(quick).build(now=PassingTime()))
    await asyncio.sleep(0.1)
    slow.may_answer.set()
    assert [(await task).embedded for task in (first, second)] == [3, 3]
    assert not quick.passages


async def test_the_first_version_goes_live_and_a_fresh_one_waits(
    database: Database, index: EmbeddingIndex
) -> None:
    """A newcomer needs no ceremony; an operator decides when answers change."""
    await save(database, concerts(range(3)))
    first = await index.build(now=PassingTime())
    fresh = await index.build(now=PassingTime(), fresh=True)
    assert (first.state, fresh.state) == ("live", "building")
    assert fresh.id != first.id
    assert (await index.version(first.id)).state == "live"


async def test_a_switch_can_be_rolled_back(database: Database, index: EmbeddingIndex) -> None:
    """The old version stays until somebody drops it, and events that came since do not lock it out."""
    await save(database, concerts(range(3)))
    first = await index.build(now=PassingTime())
    fresh = await index.build(now=PassingTime(), fresh=True)
    switched = await index.switch(fresh.id, now=NOW)
    assert (switched.state, switched.switched_at) == ("live", NOW)
    assert (await index.version(first.id)).state == "retired"
    await save(database, concerts(range(4)))
    await index.build(now=PassingTime())
    assert (await index.switch(first.id, now=NOW)).embedded == 3
    assert (await index.build(now=PassingTime())).embedded == 4
    states = {version.id: version.state for version in await index.versions()}
    assert states == {first.id: "live", fresh.id: "retired"}


async def test_a_version_that_lacks_vectors_cannot_go_live(
    database: Database, index: EmbeddingIndex
) -> None:
    """Half an index would hide half the events from whoever asks by meaning."""
    await save(database, concerts(range(3)))
    await index.build(now=PassingTime())
    fresh = await index.build(now=PassingTime(), fresh=True)
    await save(database, concerts(range(5)))
    with pytest.raises(InvalidInputError, match="3 of 5 vectors"):
        await index.switch(fresh.id, now=NOW)


async def test_a_version_of_another_model_cannot_go_live(
    database: Database, index: EmbeddingIndex, index_with: BuildWith
) -> None:
    """Vectors of two models cannot be compared, whatever their length."""
    await save(database, concerts(range(3)))
    await index.build(now=PassingTime())
    other_index = index_with(WordHashEmbedder(model="test:others", dimensions=16))
    other = await other_index.build(now=PassingTime())
    assert (other.state, other.dimensions) == ("building", 16)
    with pytest.raises(InvalidInputError, match="test:others"):
        await index.switch(other.id, now=NOW)
    assert (await other_index.switch(other.id, now=NOW)).state == "live"


async def test_the_live_version_cannot_be_dropped(
    database: Database, index: EmbeddingIndex
) -> None:
    """One wrong number must not cost the search its meaning."""
    await save(database, concerts(range(3)))
    first = await index.build(now=PassingTime())
    fresh = await index.build(now=PassingTime(), fresh=True)
    with pytest.raises(InvalidInputError, match="is live"):
        await index.drop(first.id)
    await index.drop(fresh.id)
    assert [version.id for version in await index.versions()] == [first.id]
    table = await database.fetch_one(b"SELECT to_regclass(%(name)s) AS it", name="embedding_2")
    assert table == {"it": None}


@pytest.mark.parametrize("act", [EmbeddingIndex.drop, lambda i, n: i.switch(n, now=NOW)])
async def test_a_version_that_does_not_exist_is_said_to_be_missing(
    index: EmbeddingIndex, act: Callable[[EmbeddingIndex, int], Awaitable[object]]
) -> None:
    with pytest.raises(NotFoundError, match="no index version 7"):
        await act(index, 7)


async def test_an_empty_version_does_not_go_live(index: EmbeddingIndex) -> None:
    """The server may build before the first event is there; a live empty version would hide that."""
    version = await index.build(now=PassingTime())
    assert (version.state, version.events) == ("building", 0)


@pytest.mark.parametrize(
    ("description", "details", "text"),
    [
        (None, None, "Bal. "),
        ("Venez danser", None, "Bal. Venez danser"),
        ("Venez danser…", "Venez danser au son du violon", "Bal. Venez danser au son du violon"),
        ("Venez danser", "Parquet couvert", "Bal. Venez danser Parquet couvert"),
        ("d" * 200, "Parquet couvert", "Bal. " + "d" * 200),
        ("d" * 400, None, "Bal. " + "d" * 295),
    ],
)
def test_title_and_first_words_stand_for_the_event(
    description: str | None, details: str | None, text: str
) -> None:
    """Nothing is said twice, and a model never reads more than it was measured with."""
    assert embedding_text("Bal", description, details) == text.strip()
