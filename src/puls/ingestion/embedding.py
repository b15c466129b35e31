"""Vectors for events, in versions.

A version is a model, a dimension and a text recipe. A new one is built beside the live one and switched to in one
transaction; the old one stays for roll-back. The same words are never embedded twice within a version. Any number of
workers may build at once: each claims texts and prolongs its claims while it works; one that was killed cannot, and what
it held is taken over within seconds.
Enter at `EmbeddingIndex.build`.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray
from psycopg import sql

from puls.database import Connection, Database, Queries, vector_text
from puls.errors import DatabaseUnavailableError, InvalidInputError, NotFoundError
from puls.ingestion.index_statistics import TopicEmbedder, draw_if_due
from puls.monitoring import EMBEDDED_EVENTS, log, span

_QUERIES = Queries.beside("puls.ingestion", "index_queries.sql")
_CLAIM_LOCK = 0x656D6264  # serialises claims, which take milliseconds
_CLAIM_LASTS = timedelta(seconds=20)  # by PostgreSQL's clock, whatever those of the workers say
_BEAT_SECONDS = 4.0
_BATCH = 16  # texts at once, unless the embedder says how many: as long as the end of a process may wait for a batch
_ROUND = 1024  # texts claimed at once and sorted by length
_PATIENCE = 1.0  # seconds between looks while other workers finish

RECIPE = "title-summary-300"
_TEXT_LENGTH = 300  # characters; e5-small embeds 2.5 times fewer texts a second at 800, see LOG.md

State = Literal["building", "live", "retired"]


class PassageEmbedder(TopicEmbedder, Protocol):
    """What turns texts into vectors, and topics into vectors to compare them with; `dimensions` 0: known by the first vector."""

    model: str

    @property
    def dimensions(self) -> int: ...

    async def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexVersion:
    """A version with how far it is built; `embedded` of `events` have an up-to-date vector."""

    id: int
    model: str
    dimensions: int
    recipe: str
    state: State
    created_at: datetime
    switched_at: datetime | None
    events: int
    embedded: int


Progress = Callable[[int, int], None]
"""Called with texts done and texts to do in all."""


def embedding_text(title: str, description: str | None, details: str | None) -> str:
    """The words that stand for an event: its title, then what its description says first.

    Place and date are left out: they are filters, and would only blur the meaning.
    """
    summary = description or ""
    if details and not details.startswith(summary.rstrip("…. ")[:60] or details):
        summary = f"{summary} {details}" if len(summary) < _TEXT_LENGTH // 2 else summary
    elif details:
        summary = details
    return f"{title}. {summary}".strip()[:_TEXT_LENGTH]


def table_of(version_id: int) -> str:
    return f"embedding_{version_id}"


class EmbeddingIndex:
    """Builds, shows, switches and drops index versions."""

    def __init__(
        self,
        *,
        database: Database,
        embedder: PassageEmbedder,
        others: Sequence[PassageEmbedder] = (),
    ) -> None:
        """`embedder`: builds unless another model is named; `others`: what else this process can embed with."""
        self._database = database
        self._embedder = embedder
        self._embedders = {one.model: one for one in (*reversed(others), embedder)}

    @property
    def models(self) -> list[str]:
        """What this process can build with, by the names that versions have; the usual one first."""
        return sorted(self._embedders, key=lambda model: model != self._embedder.model)

    async def versions(self) -> list[IndexVersion]:
        versions = []
        async with self._database.transaction() as connection:
            for row in await (await connection.execute(_QUERIES["versions"])).fetchall():
                counts = await (
                    await connection.execute(
                        _QUERIES.on("count_state", embeddings=table_of(row["id"]))
                    )
                ).fetchone()
                assert counts is not None
                versions.append(IndexVersion(**row, **counts))
        return versions

    async def build(
        self,
        *,
        now: Callable[[], datetime],
        fresh: bool = False,
        progress: Progress | None = None,
        model: str | None = None,
    ) -> IndexVersion:
        """Give every findable event its vector, in the version of the model and this recipe.

        Resumes what was begun. `fresh` starts a new version beside the live one. The very first version goes live as
        soon as it is whole; a later one waits for `switch`. A version without statistics gets them. `model`: one of
        `models`; None: the usual one.

        Raises:
            InvalidInputError: no engine of that model is set up here.
            EmbeddingUnavailableError: the engine does not answer; what was done stays, the next build goes on.
        """
        embedder = self._embedder if model is None else self._embedder_of(model)
        version_id = await self._version_to_build(embedder, fresh=fresh)
        table = table_of(version_id)
        done = 0
        with span("index.build", version=version_id):
            while True:
                claimed = await self._claim(version_id)
                if not claimed:
                    if await self._is_whole(table):
                        break
                    await asyncio.sleep(
                        _PATIENCE
                    )  # another worker holds the rest, or died: claims run out
                    continue
                texts = sorted(claimed, key=lambda row: len(row["text"]))
                total = done + await self._left(table)
                try:
                    async with self._holding(version_id, texts):
                        size = int(getattr(embedder, "at_once", _BATCH))
                        for start in range(0, len(texts), size):
                            batch = texts[start : start + size]
                            await self._embed(version_id, embedder, batch)
                            done += len(batch)
                            EMBEDDED_EVENTS.inc(len(batch))
                            if progress is not None:
                                progress(done, max(total, done))
                except BaseException:  # whoever goes on need not wait until the claims run out
                    await self._release(version_id, texts)
                    raise
        await self._create_ann_index(version_id)
        await draw_if_due(self._database, embedder, version_id=version_id, table=table, now=now())
        built = await self.version(version_id)
        if built.events:  # an empty version answers nothing: it stays open until there are events
            await self._go_live_if_first(version_id, now=now())
        log.info("index.built", version=version_id, embedded=done)
        return await self.version(version_id)

    async def keep_up(self, *, now: Callable[[], datetime]) -> IndexVersion:
        """Fill what searches read: the live version, whichever of our models it is; without one, as `build`."""
        live = [version for version in await self.versions() if version.state == "live"]
        known = [version.model for version in live if version.model in self._embedders]
        return await self.build(now=now, model=known[0] if known else None)

    async def version(self, version_id: int) -> IndexVersion:
        for version in await self.versions():
            if version.id == version_id:
                return version
        raise NotFoundError(f"There is no index version {version_id}; see `puls index status`.")

    async def switch(self, version_id: int, *, now: datetime) -> IndexVersion:
        """Make a version the one that searches read, in one transaction.

        A version that was live before may be rolled back to at once; the next build gives it what came since.

        Raises:
            InvalidInputError: a new one lacks vectors, or no engine of its model is set up here.
        """
        version = await self.version(version_id)
        if version.state == "building" and version.embedded < version.events:
            raise InvalidInputError(
                f"Index version {version_id} has {version.embedded} of {version.events} vectors; "
                "run `puls index build` first."
            )
        if version.model not in self._embedders:
            raise InvalidInputError(
                f"Index version {version_id} was built with {version.model}, "
                f"but questions are embedded with {' or '.join(self.models)}; name its engine in PULS_EMBEDDINGS."
            )
        async with self._database.transaction() as connection:
            await connection.execute(_QUERIES["retire_live"])
            await connection.execute(_QUERIES["make_live"], {"version": version_id, "now": now})
        log.info("index.switched", version=version_id)
        return await self.version(version_id)

    async def drop(self, version_id: int) -> None:
        """Delete a version that is not live, with its vectors."""
        version = await self.version(version_id)
        if version.state == "live":
            raise InvalidInputError(
                f"Index version {version_id} is live; switch to another one before dropping it."
            )
        async with self._database.transaction() as connection:
            await connection.execute(
                sql.SQL("DROP TABLE {}").format(sql.Identifier(table_of(version_id)))
            )
            await connection.execute(_QUERIES["forget_version"], {"version": version_id})
        log.info("index.dropped", version=version_id)

    def _embedder_of(self, model: str) -> PassageEmbedder:
        found = self._embedders.get(model)
        if found is None:
            raise InvalidInputError(
                f"There is no engine of the model {model} here; there is {', '.join(self.models)}. "
                "Name it in PULS_EMBEDDINGS."
            )
        return found

    async def _version_to_build(self, embedder: PassageEmbedder, *, fresh: bool) -> int:
        dimensions = embedder.dimensions or (await embedder.embed_passages(["essai"])).shape[1]
        async with self._database.transaction() as connection:
            await _lock(connection)
            rows = await (await connection.execute(_QUERIES["versions"])).fetchall()
            same = [
                row for row in rows if row["model"] == embedder.model and row["recipe"] == RECIPE
            ]
            if other := [row for row in same if row["dimensions"] != dimensions]:
                raise InvalidInputError(
                    f"Index version {other[-1]['id']} of {embedder.model} holds vectors of {other[-1]['dimensions']} "
                    f"dimensions, and the engine now gives {dimensions}: drop that version, or set the engine as it was."
                )
            building = [row for row in same if row["state"] == "building"]
            live = [row for row in same if row["state"] == "live"]
            if building:
                return int(building[-1]["id"])
            if live and not fresh:
                return int(live[-1]["id"])
            return await self._create_version(connection, embedder.model, dimensions)

    async def _create_version(self, connection: Connection, model: str, dimensions: int) -> int:
        row = await (
            await connection.execute(
                _QUERIES["create_version"],
                {"model": model, "dimensions": dimensions, "recipe": RECIPE},
            )
        ).fetchone()
        assert row is not None
        await connection.execute(
            _QUERIES.fill(
                "create_table",
                embeddings=sql.Identifier(table_of(row["id"])),
                dimensions=sql.Literal(dimensions),
            )
        )
        return int(row["id"])

    @contextlib.asynccontextmanager
    async def _holding(
        self, version_id: int, texts: Sequence[Mapping[str, Any]]
    ) -> AsyncIterator[None]:
        """Prolong the claims that are left while the block runs."""
        values = {"version": version_id, "ids": [row["id"] for row in texts], "lasts": _CLAIM_LASTS}

        async def prolong() -> None:
            while True:
                await asyncio.sleep(_BEAT_SECONDS)
                with contextlib.suppress(DatabaseUnavailableError):  # told by the work itself
                    async with self._database.transaction() as connection:
                        await connection.execute(_QUERIES["prolong"], values)

        prolonging = asyncio.create_task(prolong())
        try:
            yield
        finally:
            prolonging.cancel()
            await asyncio.gather(prolonging, return_exceptions=True)

    async def _claim(self, version_id: int) -> list[dict[str, Any]]:
        async with self._database.transaction() as connection:
            await _lock(connection)
            table = table_of(version_id)
            await connection.execute(_QUERIES.on("reuse_vectors", embeddings=table))
            cursor = await connection.execute(
                _QUERIES.on("claim", embeddings=table),
                {"version": version_id, "lasts": _CLAIM_LASTS, "batch": _ROUND},
            )
            ids = [row["event_id"] for row in await cursor.fetchall()]
            rows = await (await connection.execute(_QUERIES["texts"], {"ids": ids})).fetchall()
        return [
            {
                "id": row["id"],
                "content_hash": row["content_hash"],
                "text": embedding_text(row["title"], row["description"], row["details"]),
            }
            for row in rows
        ]

    async def _embed(
        self, version_id: int, embedder: PassageEmbedder, batch: Sequence[Mapping[str, Any]]
    ) -> None:
        vectors = await embedder.embed_passages([row["text"] for row in batch])
        ids = [row["id"] for row in batch]
        async with self._database.transaction() as connection:
            await connection.execute(
                _QUERIES.on("save_vectors", embeddings=table_of(version_id)),
                {
                    "ids": ids,
                    "hashes": [row["content_hash"] for row in batch],
                    "vectors": [vector_text(vector) for vector in vectors],
                },
            )
            await connection.execute(_QUERIES["release"], {"version": version_id, "ids": ids})

    async def _release(self, version_id: int, texts: Sequence[Mapping[str, Any]]) -> None:
        ids = [row["id"] for row in texts]
        async with self._database.transaction() as connection:
            await connection.execute(_QUERIES["release"], {"version": version_id, "ids": ids})

    async def _left(self, table: str) -> int:
        row = await self._database.fetch_one(_QUERIES.on("count_state", embeddings=table))
        assert row is not None
        return int(row["events"] - row["embedded"])

    async def _is_whole(self, table: str) -> bool:
        return await self._left(table) == 0

    async def _create_ann_index(self, version_id: int) -> None:
        """The HNSW graph, built once over all vectors: many times faster than row by row."""
        table = table_of(version_id)
        async with self._database.outside_transaction() as connection:
            await connection.execute("SELECT pg_advisory_lock(%s)", [_CLAIM_LOCK])
            await connection.execute("SET maintenance_work_mem = '1GB'")
            await connection.execute(
                _QUERIES.on("create_ann_index", index=f"{table}_ann", embeddings=table)
            )
            await connection.execute(sql.SQL("VACUUM (ANALYZE) {}").format(sql.Identifier(table)))

    async def _go_live_if_first(self, version_id: int, *, now: datetime) -> None:
        async with self._database.transaction() as connection:
            await _lock(connection)
            rows = await (await connection.execute(_QUERIES["versions"])).fetchall()
            if not any(row["state"] == "live" for row in rows):
                await connection.execute(_QUERIES["make_live"], {"version": version_id, "now": now})


async def _lock(connection: Connection) -> None:
    await connection.execute("SELECT pg_advisory_xact_lock(%s)", [_CLAIM_LOCK])
