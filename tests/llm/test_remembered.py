"""The vectors of topics asked for before."""

import numpy as np
from numpy.typing import NDArray

from puls.llm.remembered import RememberingEmbedder


class CountingEmbedder:
    """Writes down what it was asked for."""

    model = "test:counting"
    dimensions = 1

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def embed_query(self, text: str) -> NDArray[np.float32]:
        self.asked.append(text)
        return np.array([len(self.asked)], dtype=np.float32)


async def test_a_topic_asked_for_again_costs_nothing() -> None:
    """Embedding is the dearest step of a search, and popular topics come by the hour."""
    inner = CountingEmbedder()
    embedder = RememberingEmbedder(inner)
    first = await embedder.embed_query("jazz")
    assert await embedder.embed_query("jazz") is first
    assert inner.asked == ["jazz"]


async def test_what_nobody_asked_for_longest_is_forgotten_first() -> None:
    """A server in service for months must not grow."""
    inner = CountingEmbedder()
    embedder = RememberingEmbedder(inner, most=2)
    for topic in ("jazz", "danse", "jazz", "cirque", "jazz", "danse"):
        await embedder.embed_query(topic)
    assert inner.asked == ["jazz", "danse", "cirque", "danse"]
