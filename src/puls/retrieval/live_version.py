"""The index version that searches read: its table of vectors and what tells near from far in it.

Read again every two seconds, so that a switch is seen at once. Enter at `LiveVersions.current`.
"""

import functools
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from puls.database import Database, Queries
from puls.retrieval.kept import Kept
from puls.retrieval.theme import Spread

_QUERIES = Queries.beside("puls.retrieval")
_LIVES_SECONDS = 2.0
_GAPS_LIVE_SECONDS = 60.0  # looking for gaps reads two indexes whole: some 50 ms at 250,000 events
_FEWEST_TO_JUDGE_BY = 50  # events; fewer have no spread worth its name
_NO_DEVIATION = 1e-6


class TopicEmbedder(Protocol):
    """What turns a topic into a vector; only vectors of one model may be compared. `dimensions` 0: not known yet."""

    model: str

    @property
    def dimensions(self) -> int: ...

    async def embed_query(self, text: str) -> NDArray[np.float32]: ...


@dataclass(frozen=True, slots=True, eq=False)
class Statistics:
    """The mean of typical topics, and a sample of the version's vectors, one a row."""

    mean_topic: NDArray[np.float32]
    sample: NDArray[np.float32]

    def centred(self, topic: NDArray[np.float32]) -> NDArray[np.float32]:
        """What distinguishes the topic from any other, as a unit vector."""
        own = topic - self.mean_topic
        length = float(np.linalg.norm(own))
        return own / length if length > _NO_DEVIATION else topic

    def spread(self, topic: NDArray[np.float32]) -> Spread | None:
        """How the similarities of the sample to a centred topic lie; None when all are alike."""
        similarities = self.sample @ topic
        deviation = float(similarities.std())
        return Spread(float(similarities.mean()), deviation) if deviation > _NO_DEVIATION else None


@dataclass(frozen=True, slots=True, eq=False)
class LiveVersion:
    """`statistics` is None in an index built before there were any, until the next build, and in a very small one.

    `embedder`: of the version's model; None where none is configured, and words decide alone.
    """

    table: str
    has_vectors: bool
    embedder: TopicEmbedder | None = None
    dimensions: int = 0
    has_gaps: bool = False
    statistics: Statistics | None = None


NO_VERSION = LiveVersion("embedding_none", has_vectors=False)


class LiveVersions:
    """Follows which version is live."""

    def __init__(
        self,
        database: Database,
        embedders: Sequence[TopicEmbedder],
        *,
        version: int | None = None,
    ) -> None:
        """`embedders`: one a model, whichever of them a switch makes the live one; `version`: the one to read, whichever is live."""
        self._version = version
        self._database = database
        self._embedders = {embedder.model: embedder for embedder in reversed(embedders)}
        self._read_at = -_LIVES_SECONDS
        self._gaps: Kept[bool] | None = None
        self._statistics: Statistics | None = None
        self._drawn_at: datetime | None = None
        self.last = NO_VERSION

    async def current(self) -> LiveVersion:
        """The version as it was at most two seconds ago; `NO_VERSION` without one of our embedders' models."""
        if time.monotonic() - self._read_at > _LIVES_SECONDS:
            row = await self._database.reads.fetch_one(
                _QUERIES["live_version"], version=self._version
            )
            self._read_at = time.monotonic()
            self.last = NO_VERSION if row is None else await self._of(row)
        return self.last

    async def _of(self, row: dict[str, Any]) -> LiveVersion:
        embedder = self._embedders.get(row["model"])
        if embedder is None or embedder.dimensions not in {0, row["dimensions"]}:
            return NO_VERSION
        return await self._known(row, embedder)

    async def _known(self, row: dict[str, Any], embedder: TopicEmbedder) -> LiveVersion:
        """The version with its statistics, looked through for missing vectors once in a while."""
        table = f"embedding_{row['id']}"
        if self.last.table != table or self._gaps is None:
            read = functools.partial(self._has_gaps, table)
            self._gaps = Kept(read, lives_seconds=_GAPS_LIVE_SECONDS)
            self._drawn_at = None
        if row["drawn_at"] != self._drawn_at or self._drawn_at is None:
            self._statistics = await self._read_statistics(row) if row["drawn_at"] else None
            self._drawn_at = row["drawn_at"]
        return LiveVersion(
            table,
            has_vectors=True,
            embedder=embedder,
            dimensions=row["dimensions"],
            has_gaps=await self._gaps.current(),
            statistics=self._statistics,
        )

    async def _has_gaps(self, table: str) -> bool:
        row = await self._database.reads.fetch_one(_QUERIES.on("has_gaps", embeddings=table))
        return bool(row and row["has_gaps"])

    async def _read_statistics(self, version: dict[str, Any]) -> Statistics | None:
        row = await self._database.reads.fetch_one(_QUERIES["statistics"], version=version["id"])
        if row is None:
            return None
        sample = _vectors(row["sample"]).reshape(-1, version["dimensions"])
        if len(sample) < _FEWEST_TO_JUDGE_BY:
            return None
        return Statistics(mean_topic=_vectors(row["mean_topic"]), sample=sample)


def _vectors(stored: bytes) -> NDArray[np.float32]:
    return np.frombuffer(stored, dtype="<f2").astype(np.float32)
