"""An embedder without a model: words become directions, so that shared words mean nearness."""

import asyncio
import re
import zlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

_WORD = re.compile(r"\w+")


class WordHashEmbedder:
    """Adds one to the dimension of each word; remembers what it was asked for."""

    def __init__(self, *, model: str = "test:words", dimensions: int = 8) -> None:
        self.model = model
        self.dimensions = dimensions
        self.passages: list[str] = []
        self.may_answer = asyncio.Event()
        self.may_answer.set()

    async def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.passages.extend(texts)
        await self.may_answer.wait()
        await asyncio.sleep(0)
        return np.stack([self._vector(text) for text in texts])

    async def embed_query(self, text: str) -> NDArray[np.float32]:
        return self._vector(text)

    def _vector(self, text: str) -> NDArray[np.float32]:
        vector = np.full(self.dimensions, 0.01, dtype=np.float32)  # never the zero vector
        for word in _WORD.findall(text.lower()):
            vector[zlib.crc32(word.encode()) % self.dimensions] += 1
        unit: NDArray[np.float32] = vector / np.linalg.norm(vector)
        return unit
