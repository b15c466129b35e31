"""The vectors of the last topics asked for: popular ones come by the hour, and embedding takes longer than all else."""

from collections import OrderedDict
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

_REMEMBERED = 4_096  # topics; some 8 MB


class QueryEmbedder(Protocol):
    """What turns a topic into a vector."""

    model: str

    @property
    def dimensions(self) -> int: ...

    async def embed_query(self, text: str) -> NDArray[np.float32]: ...


class RememberingEmbedder:
    """Asks another embedder for the topics that it does not know, and forgets what nobody asked for longest."""

    def __init__(self, embedder: QueryEmbedder, *, most: int = _REMEMBERED) -> None:
        self.model = embedder.model
        self._embedder = embedder
        self._most = most
        self._vectors: OrderedDict[str, NDArray[np.float32]] = OrderedDict()

    @property
    def dimensions(self) -> int:
        """Those of the other; 0 as long as it does not know."""
        return self._embedder.dimensions

    async def embed_query(self, text: str) -> NDArray[np.float32]:
        """The same vector for the same text, as long as it is remembered."""
        vector = self._vectors.get(text)
        if vector is None:
            vector = await self._embedder.embed_query(text)
            vector.flags.writeable = False  # it is shared from now on
            self._vectors[text] = vector
            if len(self._vectors) > self._most:
                self._vectors.popitem(last=False)
        else:
            self._vectors.move_to_end(text)
        return vector
