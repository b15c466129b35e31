"""Two models in turn: which one questions are given to is what the index says, in every process, at once."""

from datetime import datetime

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.embedders import WordHashEmbedder
from tests.serving import NOW, an_event, save

from puls.database import Database
from puls.errors import EmbeddingUnavailableError, InvalidInputError
from puls.ingestion.embedding import EmbeddingIndex
from puls.retrieval import live_version
from puls.retrieval.search import EventSearch
from puls.retrieval.vocabulary import Vocabulary
from puls.understanding.wish import Wish

pytestmark = pytest.mark.database


class Elsewhere(WordHashEmbedder):
    """A model elsewhere, which may be away; it notes the questions that it got."""

    def __init__(self, *, dimensions: int = 16) -> None:
        super().__init__(model="mistral:mistral-embed", dimensions=dimensions)
        self.questions: list[str] = []
        self.is_away = False

    async def embed_query(self, text: str) -> NDArray[np.float32]:
        self.questions.append(text)
        if self.is_away:
            raise EmbeddingUnavailableError("mistral:mistral-embed gives no vectors (silent).")
        return await super().embed_query(text)


@pytest.fixture
def elsewhere() -> Elsewhere:
    return Elsewhere()


@pytest.fixture
def here() -> WordHashEmbedder:
    return WordHashEmbedder()


@pytest.fixture
def index(database: Database, here: WordHashEmbedder, elsewhere: Elsewhere) -> EmbeddingIndex:
    return EmbeddingIndex(database=database, embedder=here, others=[elsewhere])


@pytest.fixture
def search(
    database: Database,
    here: WordHashEmbedder,
    elsewhere: Elsewhere,
    monkeypatch: pytest.MonkeyPatch,
) -> EventSearch:
    monkeypatch.setattr(live_version, "_LIVES_SECONDS", -1.0)
    return EventSearch(
        database=database, embedder=here, others=[elsewhere], vocabulary=Vocabulary(database)
    )


def now() -> datetime:
    return NOW


async def build_both(database: Database, index: EmbeddingIndex) -> None:
    await save(database, [an_event(str(n), title=f"Concert de jazz {n}") for n in range(60)])
    await index.build(now=now)
    await index.build(now=now, model="mistral:mistral-embed")


async def test_another_model_is_built_beside_and_read_after_the_switch(
    database: Database, index: EmbeddingIndex, search: EventSearch, elsewhere: Elsewhere
) -> None:
    """Nobody restarts anything, and there is no moment without an index."""
    await build_both(database, index)
    assert [(v.state, v.dimensions, v.embedded) for v in await index.versions()] == [
        ("live", 8, 60),
        ("building", 16, 60),
    ]
    elsewhere.questions.clear()
    assert (await search.find(Wish(topic="jazz"), now=NOW)).events
    assert elsewhere.questions == [], "it is not live yet"
    await index.switch(2, now=NOW)
    found = await search.find(Wish(topic="jazz"), now=NOW)
    assert elsewhere.questions == ["jazz"]
    assert found.events
    assert found.notices == ()
    await index.switch(1, now=NOW)  # and back
    await search.find(Wish(topic="jazz"), now=NOW)
    assert elsewhere.questions == ["jazz"]


async def test_words_answer_while_the_model_is_away(
    database: Database, index: EmbeddingIndex, search: EventSearch, elsewhere: Elsewhere
) -> None:
    """A provider's bad hour is not ours: the answer says what it lacks."""
    await build_both(database, index)
    await index.switch(2, now=NOW)
    elsewhere.is_away = True
    found = await search.find(Wish(topic="jazz"), now=NOW)
    assert found.events
    assert [notice.code for notice in found.notices] == ["meaning_away"]
    assert (await search.find(Wish(), now=NOW)).notices == (), "no topic, no meaning to compare"


async def test_what_comes_in_is_embedded_for_the_index_that_is_read(
    database: Database, index: EmbeddingIndex
) -> None:
    """Whatever PULS_EMBEDDINGS names first: an event of today belongs into today's answers."""
    await build_both(database, index)
    await index.switch(2, now=NOW)
    await save(database, [an_event("new", title="Bal trad")])
    kept_up = await index.keep_up(now=now)
    assert (kept_up.id, kept_up.embedded, kept_up.events) == (2, 61, 61)


async def test_a_model_that_is_not_set_up_is_refused_by_name(
    database: Database, index: EmbeddingIndex
) -> None:
    """Neither built with nor switched to: questions could not be compared."""
    with pytest.raises(InvalidInputError, match="test:words, mistral:mistral-embed"):
        await index.build(now=now, model="openai:bge-m3")
    await build_both(database, index)
    alone = EmbeddingIndex(database=database, embedder=WordHashEmbedder())
    with pytest.raises(InvalidInputError, match="PULS_EMBEDDINGS"):
        await alone.switch(2, now=NOW)


async def test_a_model_that_changed_its_length_is_not_mixed_in(
    database: Database, index: EmbeddingIndex
) -> None:
    """Behind a name, a provider may put another model."""
    await build_both(database, index)
    other = EmbeddingIndex(database=database, embedder=Elsewhere(dimensions=32))
    with pytest.raises(InvalidInputError, match="16 dimensions, and the engine now gives 32"):
        await other.build(now=now)
