"""Hybrid search: PostgreSQL proposes candidates under the filters, Python ranks them and says whether any is on theme.

Reads the catalogue and never writes. Enter at `EventSearch.find`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray
from psycopg import sql

from puls.catalogue.event import Category, Occurrence
from puls.catalogue.rows import event_from_row
from puls.database import Connection, Database, Queries, vector_text
from puls.errors import EmbeddingUnavailableError
from puls.llm.remembered import QueryEmbedder
from puls.monitoring import SEARCHES, log, span
from puls.retrieval.filters import Filters, filter_values
from puls.retrieval.kinds import KindsNamed
from puls.retrieval.live_version import LiveVersion, LiveVersions
from puls.retrieval.ranking import USUAL_WEIGHTS, Candidate, FoundEvent, Weights, rank
from puls.retrieval.theme import Held, Match, Theme, match_of
from puls.retrieval.theme_words import in_french, words_of
from puls.retrieval.vocabulary import Correction, Vocabulary, expansions_of
from puls.understanding.notices import Notice
from puls.understanding.wish import Wish

_QUERIES = Queries.beside("puls.retrieval")

CANDIDATES = 80  # per leg
EXACT_LIMIT = (
    15_000  # up to here the exact scan of the fitting vectors beats walking the graph, see LOG.md
)
MOST_COUNTED = EXACT_LIMIT
SCAN_LIMIT = 2_000  # events whose words are weighed one by one
CLOSEST = 3  # what is shown when nothing is on theme
# How much a stem counts by where it stands: D details, C description, B keywords and place, A title.
LABEL_WEIGHTS = [0.35, 0.6, 0.8, 1.0]
EXPANSION_WEIGHT = 0.5
_EF_SEARCH = 400  # breadth of the graph walk, ≥ CANDIDATES
_MAX_SCAN_TUPLES = 60_000
_WALK = (
    f"SELECT set_config('hnsw.ef_search', '{_EF_SEARCH}', true), "
    "set_config('hnsw.iterative_scan', 'relaxed_order', true), "
    f"set_config('hnsw.max_scan_tuples', '{_MAX_SCAN_TUPLES}', true)"
).encode()
_VECTOR_HEADER = 4  # bytes before the components in what halfvec_send gives


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a search found: the events best first, how many there are, and notices.

    `fitting` counts the events that are on theme; when none surely is, those that perhaps are; without a topic, all that
    pass the filters. `filtered` counts what passes the filters alone, None where nobody counted. Both are exact up to
    `MOST_COUNTED` events under the filters: beyond, `filtered` is one more and `fitting` only what was looked at.
    When nothing is on theme, `events` are the `CLOSEST` nearest, each marked so.
    """

    events: tuple[FoundEvent, ...]
    fitting: int
    filtered: int | None = None
    notices: tuple[Notice, ...] = ()

    @property
    def match(self) -> Match:
        """How well the best event is on theme; `NOTHING` without any."""
        levels = {one.match for one in self.events}
        return next(
            (level for level in (Match.ON_THEME, Match.PERHAPS) if level in levels), Match.NOTHING
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A topic made ready: its words, its centred vector and the rule that judges events against it."""

    topic: str
    corrections: Sequence[Correction]
    vector: NDArray[np.float32] | None
    theme: Theme

    def values(self, version: LiveVersion) -> dict[str, Any]:
        """What the statements about a topic are given."""
        words = words_of(self.topic, self.corrections)
        phrases = [
            (at, phrase, is_said, word.weight)
            for at, word in enumerate(words)
            for is_said, said in ((True, word.said), (False, word.near))
            for phrase in said
        ]
        return {
            **self.theme.values(),
            "vector": None if self.vector is None else vector_text(self.vector),
            "word_positions": [at for at, *_ in phrases],
            "word_phrases": [phrase for _, phrase, *_ in phrases],
            "word_said": [is_said for *_, is_said, _ in phrases],
            "word_weights": [weight for *_, weight in phrases],
            "some_unmeasured": bool(self.topic) and (self.theme.spread is None or version.has_gaps),
            "exact_limit": EXACT_LIMIT,
            "scan_limit": SCAN_LIMIT,
        }


class EventSearch:
    """Finds events for a wish."""

    def __init__(
        self,
        *,
        database: Database,
        embedder: QueryEmbedder,
        vocabulary: Vocabulary,
        others: Sequence[QueryEmbedder] = (),
        weights: Weights = USUAL_WEIGHTS,
        index_version: int | None = None,
    ) -> None:
        """`embedder`: the one of this machine, which also tells what a message means; `others`: those whose index may be live.

        `index_version`: read this one whichever is live; None: the live one.
        """
        self._database = database
        self.embedder = embedder
        self._others = tuple(others)
        self._vocabulary = vocabulary
        self._weights = weights
        self._versions = LiveVersions(database, (embedder, *self._others), version=index_version)

    async def find(
        self, wish: Wish, *, now: datetime, limit: int = 10, weights: Weights | None = None
    ) -> Found:
        """The best `limit` events for the wish, as of `now` (aware); the `CLOSEST` when none is on theme.

        `weights`: of this search alone; None: the usual ones.
        """
        with span("search"):
            version = await self.version()
            asked = await self.asked(wish.topic, version)
            with span("search.candidates"):
                rows = await self._candidates(wish, asked, version, now=now)
            with span("search.rank"):
                theme = asked.theme if wish.topic else None
                candidates = [_candidate(row, theme) for row in rows]
                ranked = rank(candidates, wish, now=now, weights=weights or self._weights)
        notices = [_corrected(correction) for correction in asked.corrections]
        if not version.has_vectors:
            notices.append(_WORDS_ONLY)
        elif wish.topic and asked.vector is None:
            notices.append(_MEANING_AWAY)
        elif version.has_gaps:
            notices.append(_SOME_BY_WORDS_ONLY)
        is_hybrid = version.has_vectors and not (wish.topic and asked.vector is None)
        SEARCHES.labels(
            outcome="found" if ranked else "empty", mode="hybrid" if is_hybrid else "words"
        ).inc()
        filtered = rows[0]["filtered"] if rows else await self.count_fitting(wish, now=now)
        found = Found(
            events=tuple(ranked),
            fitting=_fitting(rows, ranked) if wish.topic else filtered,
            filtered=filtered,
            notices=tuple(notices),
        )
        shown = min(limit, CLOSEST) if found.match is Match.NOTHING else limit
        return replace(found, events=found.events[:shown])

    def otherwise(
        self, *, weights: Weights | None = None, index_version: int | None = None
    ) -> "EventSearch":
        """The same search with other weights or over another index version, to compare with."""
        return EventSearch(
            database=self._database,
            embedder=self.embedder,
            others=self._others,
            vocabulary=self._vocabulary,
            weights=weights or self._weights,
            index_version=index_version,
        )

    async def version(self) -> LiveVersion:
        """The index version that searches read now."""
        return await self._versions.current()

    async def asked(self, topic: str, version: LiveVersion) -> Asked:
        """The topic made ready for the statements; without its vector where the version has none, or who makes it is away."""
        corrections = await self._vocabulary.corrections(topic)
        vector, spread = None, None
        if version.has_vectors and topic:
            vector = await _vector_of(in_french(topic) or topic, version)
            if vector is not None and version.statistics is not None:
                vector = version.statistics.centred(vector)
                spread = version.statistics.spread(vector)
        theme = Theme(kinds=KindsNamed.in_topic(topic), spread=spread)
        return Asked(topic=topic, corrections=corrections, vector=vector, theme=theme)

    async def meaning_of(self, text: str) -> list[float] | None:
        """The vector of what a visitor wrote, as it stands, by the embedder of this machine; None without an index or without words."""
        if not text.strip() or not (await self.version()).has_vectors:
            return None
        with span("search.embed"):
            meaning: list[float] = (await self.embedder.embed_query(text)).tolist()
        return meaning

    @property
    def index_version(self) -> str:
        """Names the version that the last search read."""
        return self._versions.last.table

    async def warm_up(self, *, now: datetime) -> None:
        """One search for nobody: loads the model and opens the connection before the first visitor asks."""
        await self.find(Wish(topic="concert"), now=now)

    async def events(
        self, uids: Sequence[str], wish: Wish, *, now: datetime
    ) -> tuple[FoundEvent, ...]:
        """These events as results for the wish, in the order given, whether or not they still fit.

        One that was removed upstream is still told; a uid that no event ever had is left out.
        """
        statement = _QUERIES.fill("of_uids", columns=_QUERIES.fill("columns"))
        values = filter_values(wish, now=now) | {"uids": list(uids)}

        async def read(connection: Connection) -> list[dict[str, Any]]:
            return await (await connection.execute(statement, values)).fetchall()

        rows = await self._database.reads.run(
            read, is_whole=lambda found: len(found) == len(set(uids))
        )
        candidates = [_candidate(row, None) for row in rows]
        found = rank(candidates, replace(wish, topic=""), now=now)
        by_uid = {one.event.uid: one for one in found}
        return tuple(by_uid[uid] for uid in uids if uid in by_uid)

    async def fitting_uids(self, wish: Wish, *, now: datetime) -> set[str]:
        """The uids of every event that satisfies the filters of the wish, sure or not."""
        statement = _QUERIES.fill("fitting", matching=Filters.of(wish).matching)
        values = filter_values(wish, now=now) | {"exact_limit": None}
        rows = await self._database.reads.fetch_all(statement, **values)
        return {row["uid"] for row in rows}

    async def nearest_uids(
        self, wish: Wish, vector: NDArray[np.float32], *, now: datetime
    ) -> list[str]:
        """What the meaning leg alone proposes, nearest first; for measuring its recall."""
        statement = statement_of("nearest_uids", wish, await self.version())
        values = filter_values(wish, now=now) | {
            "vector": vector_text(vector),
            "candidates": CANDIDATES,
            "exact_limit": EXACT_LIMIT,
        }
        return [row["uid"] for row in await self._run(statement, values)]

    async def count_fitting(self, wish: Wish, *, now: datetime) -> int:
        """How many events satisfy the filters of the wish, whatever their theme."""
        statement = _QUERIES.fill("count_fitting", matching=Filters.of(wish).matching)
        values = filter_values(wish, now=now) | {"exact_limit": None}
        row = await self._database.reads.fetch_one(statement, **values)
        return int(row["filtered"]) if row else 0

    async def _candidates(
        self, wish: Wish, asked: Asked, version: LiveVersion, *, now: datetime
    ) -> list[dict[str, Any]]:
        statement = statement_of("find", wish, version)
        said = [wish.topic, *(correction.understood for correction in asked.corrections)]
        also = expansions_of(wish.topic)
        values = (
            filter_values(wish, now=now)
            | asked.values(version)
            | {
                "texts": [*said, *also],
                "weights": [*(1.0 for _ in said), *(EXPANSION_WEIGHT for _ in also)],
                "label_weights": LABEL_WEIGHTS,
                "candidates": CANDIDATES,
                "soonest": not wish.topic,
            }
        )
        return await self._run(statement, values)

    async def _run(
        self, statement: sql.Composed, values: Mapping[str, Any]
    ) -> list[dict[str, Any]]:
        """One round trip: the settings of the graph walk and the statement travel together."""

        async def read(connection: Connection) -> list[dict[str, Any]]:
            async with connection.pipeline():
                await connection.execute(_WALK)
                cursor = await connection.execute(statement, values, prepare=False)
                return list(await cursor.fetchall())

        return await self._database.reads.run(read)


async def _vector_of(topic: str, version: LiveVersion) -> NDArray[np.float32] | None:
    if version.embedder is None:
        return None
    try:
        with span("search.embed"):
            vector = await version.embedder.embed_query(topic)
    except EmbeddingUnavailableError as error:
        log.warning("search.words_only", why=str(error))
        return None
    if vector.shape != (version.dimensions,):
        log.warning(
            "search.words_only", why=f"vectors of {vector.shape[0]}, not {version.dimensions}"
        )
        return None
    return vector


_MEANING_AWAY = Notice(
    code="meaning_away",
    fr="Recherche par mots seulement : le service qui compare les sens ne répond pas en ce moment.",
    en="Searching by words only: the service that compares meanings does not answer at the moment.",
)
_SOME_BY_WORDS_ONLY = Notice(
    code="index_behind",
    fr="Des événements récents ne sont encore trouvés que par leurs mots : leur index se construit.",
    en="Some recent events are found by their words only for now: their index is being built.",
)
_WORDS_ONLY = Notice(
    code="words_only",
    fr="Recherche par mots seulement : l'index sémantique n'est pas encore prêt.",
    en="Searching by words only: the semantic index is not ready yet.",
)


def statement_of(name: str, wish: Wish, version: LiveVersion) -> sql.Composed:
    """A statement of queries.sql under the filters of the wish, over the vectors of the version."""
    filters, embeddings = Filters.of(wish), sql.Identifier(version.table)
    # Where every event is sure, sorting by it would cost a look-up for each.
    is_any_unsure = filters.sure is not None
    parts: dict[str, sql.Composable] = {
        "strict": filters.strict,
        "embeddings": embeddings,
        "with_filter": sql.SQL("JOIN event_filter f USING (event_id)" if is_any_unsure else ""),
        "unsure_last": sql.SQL("({}) IS NOT TRUE,").format(filters.sure)
        if filters.sure is not None
        else sql.SQL(""),
        "columns": _QUERIES.fill("columns"),
        "held": _QUERIES.fill("held", of=sql.Identifier("e")),
        "held_by_worded": _QUERIES.fill("held", of=sql.Identifier("worded")),
        "topic_words": _QUERIES.fill("topic_words"),
        "few": _QUERIES.fill(
            "few",
            matching=filters.matching,
            most=sql.SQL("ALL" if is_any_unsure else "%(exact_limit)s + 1"),
        ),
    }
    parts["nearest"] = _QUERIES.fill("nearest", **parts)
    parts["measured"] = _QUERIES.fill("measured", **parts)
    parts["worded"] = _QUERIES.fill("worded", **parts)
    parts["on_theme"] = _QUERIES.fill("on_theme", **parts)
    return _QUERIES.fill(name, **parts)


def _corrected(correction: Correction) -> Notice:
    return Notice(
        code="corrected",
        fr=f"« {correction.typed} » : cherché aussi comme « {correction.understood} ».",
        en=f"“{correction.typed}”: also searched as “{correction.understood}”.",
    )


def _fitting(rows: Sequence[Mapping[str, Any]], ranked: Sequence[FoundEvent]) -> int:
    """How many are on theme; when none is, how many of the candidates perhaps are."""
    levels = [one.match for one in ranked]
    on_theme = levels.count(Match.ON_THEME)
    if rows and rows[0]["are_few"]:
        on_theme = max(on_theme, rows[0]["on_theme"])
    return on_theme or levels.count(Match.PERHAPS)


def _candidate(row: Mapping[str, Any], theme: Theme | None) -> Candidate:
    match = Match.ON_THEME
    held = Held(row["held"], row["held"] / row["whole"] if row["whole"] else 0.0)
    if theme is not None:
        standing = theme.standing(
            similarity=row["similarity"],
            held=held,
            among=min(row["filtered"], EXACT_LIMIT),
            category=Category(row["category"]),
        )
        match = match_of(standing)
    sent = row["vector"]
    return Candidate(
        event=event_from_row(row),
        occurrence=Occurrence(
            starts_at=row["starts_at"],
            ends_at=row["ends_at"],
            is_possible=row["is_possible"],
            is_day_known_only=row["is_day_known_only"],
        ),
        similarity=row["similarity"],
        vector=None if sent is None else np.frombuffer(sent, dtype=">f2", offset=_VECTOR_HEADER),
        word_score=row["word_score"],
        word_share=held.share,
        match=match,
    )
