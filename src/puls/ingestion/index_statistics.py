"""The statistics of an index version, drawn when it is whole: what its vectors look like to a typical topic.

They change only when the vectors do, so a version keeps them until a tenth of its vectors are others.
Enter at `draw_if_due`.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from puls.database import Database, Queries
from puls.monitoring import log

_QUERIES = Queries.beside("puls.ingestion", "index_queries.sql")
_SAMPLE = 1_000  # events: mean and deviation of a topic's similarity to 3 and 2 %
_DUE_AFTER = 0.1  # of the vectors
# A topic's vector has much in common with every other topic's; their mean is that. These two dozen give the mean of all 470
# phrases of the thesaurus to a cosine of 0.992, and separate as well.
_TYPICAL_TOPICS = (
    "concert", "théâtre", "danse", "cirque", "humour", "exposition", "cinéma", "festival", "atelier", "visite guidée",
    "balade", "conférence", "lecture", "jeux", "sport", "marché", "fête", "jazz", "musique classique",
    "pour les enfants", "en famille", "patrimoine", "nature", "cuisine",
)  # fmt: skip


class TopicEmbedder(Protocol):
    """What turns a topic into a vector."""

    async def embed_query(self, text: str) -> NDArray[np.float32]: ...


async def draw_if_due(
    database: Database, embedder: TopicEmbedder, *, version_id: int, table: str, now: datetime
) -> bool:
    """Draw the version's statistics when it has none or a tenth of its vectors have come or gone since."""
    state = await database.fetch_one(
        _QUERIES.on("statistics_state", embeddings=table), version=version_id
    )
    assert state is not None
    drawn_from, vectors = state["drawn_from"], state["vectors"]
    if not vectors or (
        drawn_from is not None and abs(vectors - drawn_from) < _DUE_AFTER * drawn_from
    ):
        return False
    mean_topic = np.mean(await _topics(embedder), axis=0)
    rows = await database.fetch_all(_QUERIES.on("draw_sample", embeddings=table), size=_SAMPLE)
    sample = np.array([row["embedding"] for row in rows])
    async with database.transaction() as connection:
        await connection.execute(
            _QUERIES["save_statistics"],
            {
                "version": version_id,
                "mean_topic": _stored(mean_topic),
                "sample": _stored(sample),
                "drawn_from": vectors,
                "now": now,
            },
        )
    log.info("index.statistics_drawn", version=version_id, sample=len(rows), of=vectors)
    return True


async def _topics(embedder: TopicEmbedder) -> Sequence[NDArray[np.float32]]:
    """The vectors of typical topics; a model elsewhere is asked with the patience of a build, not with a visitor's."""
    patiently = getattr(embedder, "embed_topics", None)
    if patiently is not None:
        return list(await patiently(_TYPICAL_TOPICS))
    return [await embedder.embed_query(topic) for topic in _TYPICAL_TOPICS]


def _stored(vectors: NDArray[np.floating]) -> bytes:
    return vectors.astype("<f2").tobytes()
