"""Hybrid search: PostgreSQL proposes candidates under the filters, Python ranks them.

Reads the catalogue and never writes. Enter at `EventSearch.find`.
"""

import functools
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray
from psycopg import sql

from puls.catalogue.event import FINDABLE_STATUSES, Attendance, Interval, Occurrence
from puls.catalogue.rows import accessibility_bits, event_from_row
from puls.database import Database, Queries, vector_text
from puls.geo.distance import bounding_box
from puls.llm.remembered import QueryEmbedder
from puls.monitoring import SEARCHES, span
from puls.retrieval.kept import Kept
from puls.retrieval.ranking import Candidate, FoundEvent, rank
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
_VERSION_LIVES_SECONDS = 2.0
_GAPS_LIVE_SECONDS = 60.0  # looking for gaps reads two indexes whole: some 50 ms at 250,000 events
_THE_END = datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a search found: the events best first, how many satisfy the filters, and notices.

    `fitting` is counted up to `MOST_COUNTED`; one more means "more than that".
    """

    events: tuple[FoundEvent, ...]
    fitting: int
    notices: tuple[Notice, ...] = ()


@dataclass(frozen=True, slots=True)
class _LiveVersion:
    table: str
    has_vectors: bool
    has_gaps: bool = False


_NO_VERSION = _LiveVersion("embedding_none", has_vectors=False)


class EventSearch:
    """Finds events for a wish."""

    def __init__(
        self, *, database: Database, embedder: QueryEmbedder, vocabulary: Vocabulary
    ) -> None:
        self._database = database
        self._embedder = embedder
        self._vocabulary = vocabulary
        self._version = _NO_VERSION
        self._version_read_at = -_VERSION_LIVES_SECONDS
        self._gaps: Kept[bool] | None = None

    async def find(self, wish: Wish, *, now: datetime, limit: int = 10) -> Found:
        """The best `limit` events for the wish, as of `now` (aware)."""
        with span("search"):
            version = await self._live_version()
            corrections = await self._vocabulary.corrections(wish.topic)
            vector = None
            if version.has_vectors and wish.topic:
                with span("search.embed"):
                    vector = await self._embedder.embed_query(wish.topic)
            with span("search.candidates"):
                rows = await self._candidates(wish, corrections, vector, version, now=now)
            with span("search.rank"):
                ranked = rank([_candidate(row) for row in rows], wish, now=now)
        notices = [_corrected(correction) for correction in corrections]
        if not version.has_vectors:
            notices.append(_WORDS_ONLY)
        elif version.has_gaps:
            notices.append(_SOME_BY_WORDS_ONLY)
        SEARCHES.labels(
            outcome="found" if ranked else "empty",
            mode="hybrid" if version.has_vectors else "words",
        ).inc()
        return Found(
            events=tuple(ranked[:limit]),
            fitting=rows[0]["fitting"] if rows else await self.count_fitting(wish, now=now),
            notices=tuple(notices),
        )

    @property
    def index_version(self) -> str:
        """Names the version that the last search read."""
        return self._version.table

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
        rows = await self._database.fetch_all(statement, **values)
        found = rank([_candidate(row) for row in rows], replace(wish, topic=""), now=now)
        by_uid = {one.event.uid: one for one in found}
        return tuple(by_uid[uid] for uid in uids if uid in by_uid)

    async def fitting_uids(self, wish: Wish, *, now: datetime) -> set[str]:
        """The uids of every event that satisfies the filters of the wish."""
        statement = _statement("fitting", wish, _NO_VERSION)
        rows = await self._database.fetch_all(statement, **filter_values(wish, now=now))
        return {row["uid"] for row in rows}

    async def nearest_uids(
        self, wish: Wish, vector: NDArray[np.float32], *, now: datetime
    ) -> list[str]:
        """What the meaning leg alone proposes, nearest first; for measuring its recall."""
        statement = _statement("nearest_uids", wish, await self._live_version())
        values = filter_values(wish, now=now) | {
            "vector": vector_text(vector),
            "candidates": CANDIDATES,
            "exact_limit": EXACT_LIMIT,
        }
        return [row["uid"] for row in await self._run(statement, values)]

    async def count_fitting(self, wish: Wish, *, now: datetime) -> int:
        """How many events satisfy the filters of the wish."""
        statement = _statement("count_fitting", wish, _NO_VERSION)
        row = await self._database.fetch_one(statement, **filter_values(wish, now=now))
        return int(row["fitting"]) if row else 0

    async def _candidates(
        self,
        wish: Wish,
        corrections: Sequence[Correction],
        vector: NDArray[np.float32] | None,
        version: _LiveVersion,
        *,
        now: datetime,
    ) -> list[dict[str, Any]]:
        statement = _statement("find", wish, version)
        said = [wish.topic, *(correction.understood for correction in corrections)]
        also = expansions_of(wish.topic)
        values = filter_values(wish, now=now) | {
            "vector": None if vector is None else vector_text(vector),
            "texts": [*said, *also],
            "weights": [*(1.0 for _ in said), *(EXPANSION_WEIGHT for _ in also)],
            "label_weights": LABEL_WEIGHTS,
            "candidates": CANDIDATES,
            "exact_limit": EXACT_LIMIT,
            "scan_limit": SCAN_LIMIT,
            "soonest": not wish.topic,
        }
        return await self._run(statement, values)

    async def _run(
        self, statement: sql.Composed, values: Mapping[str, Any]
    ) -> list[dict[str, Any]]:
        """One round trip: the settings of the graph walk and the statement travel together."""
        async with self._database.transaction() as connection, connection.pipeline():
            await connection.execute(_WALK)
            cursor = await connection.execute(statement, values, prepare=False)
            return list(await cursor.fetchall())

    async def _live_version(self) -> _LiveVersion:
        if time.monotonic() - self._version_read_at > _VERSION_LIVES_SECONDS:
            row = await self._database.fetch_one(_QUERIES["live_version"])
            self._version_read_at = time.monotonic()
            fits = (
                row is not None
                and row["model"] == self._embedder.model
                and row["dimensions"] == self._embedder.dimensions
            )
            self._version = (
                await self._with_gaps(f"embedding_{row['id']}")
                if row is not None and fits
                else _NO_VERSION
            )
        return self._version

    async def _with_gaps(self, table: str) -> _LiveVersion:
        """The live version, looked through for missing vectors once in a while."""
        if self._version.table != table or self._gaps is None:
            read = functools.partial(self._has_gaps, table)
            self._gaps = Kept(read, lives_seconds=_GAPS_LIVE_SECONDS)
        return _LiveVersion(table, has_vectors=True, has_gaps=await self._gaps.current())

    async def _has_gaps(self, table: str) -> bool:
        row = await self._database.fetch_one(_QUERIES.on("has_gaps", embeddings=table))
        return bool(row and row["has_gaps"])


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


def _statement(name: str, wish: Wish, version: _LiveVersion) -> sql.Composed:
    filters, embeddings = filters_of(wish), sql.Identifier(version.table)
    matching = _matching(wish, filters)
    return _QUERIES.fill(
        name,
        filters=filters,
        embeddings=embeddings,
        matching=matching,
        few=_QUERIES.fill("few", matching=matching),
        columns=_QUERIES.fill("columns"),
        nearest=_QUERIES.fill("nearest", filters=filters, embeddings=embeddings),
    )


def _corrected(correction: Correction) -> Notice:
    return Notice(
        code="corrected",
        fr=f"« {correction.typed} » : cherché aussi comme « {correction.understood} ».",
        en=f"“{correction.typed}”: also searched as “{correction.understood}”.",
    )


def filters_of(wish: Wish) -> sql.Composed:
    """The conditions of the wish, each a named fragment of queries.sql."""
    asked = _asked(wish)
    conditions = [_condition(name) for name in sorted(asked - {"in_areas", "in_circle"})]
    places = [_condition(name) for name in sorted(asked & {"in_areas", "in_circle"})]
    if places:
        conditions.append(sql.SQL("(({}))").format(sql.SQL(") OR (").join(places)))
    return sql.SQL("\n AND ").join(conditions)


def _asked(wish: Wish) -> set[str]:
    asked: Mapping[str, bool] = {
        "during": bool(wish.when),
        "from_now": not wish.when,
        "in_areas": _has_areas(wish),
        "in_circle": wish.where is not None and wish.where.near is not None,
        "free": wish.free is True,
        "at_most": wish.max_price is not None,
        "for_ages": bool(wish.ages),
        "accessible": bool(wish.accessibility),
        "by_attendance": wish.online is not None,
        "of_categories": bool(wish.categories),
        "not_of_categories": bool(wish.excluded_categories),
        "by_status": True,
        "cultural": not wish.includes_non_cultural,
        "without_words": bool(wish.excluded_words),
    }
    return {name for name, is_asked in asked.items() if is_asked}


def _matching(wish: Wish, filters: sql.Composed) -> sql.Composed:
    if _asked(wish) == {"during", "by_status", "cultural"} and not wish.statuses:
        return _QUERIES.fill("matching_by_time_alone", open_events=_open_events("findable"))
    return _QUERIES.fill("matching", filters=filters)


def _open_events(which: str) -> sql.Composed:
    return _QUERIES.fill("open_events", which=_QUERIES.fill(which))


def _condition(name: str) -> sql.Composed:
    if name == "during":
        return _QUERIES.fill(name, open_events=_open_events("any"))
    return _QUERIES.fill(name)


def filter_values(wish: Wish, *, now: datetime) -> dict[str, Any]:
    """The bound values of every fragment that `filters_of` may name."""
    intervals = wish.when or (Interval(now, _THE_END),)
    where = wish.where
    values: dict[str, Any] = {
        "now": now,
        "starts": [interval.start for interval in intervals],
        "ends": [interval.end for interval in intervals],
        "since": min(interval.start for interval in intervals),
        "until": max(interval.end for interval in intervals),
        "commune_codes": list(where.commune_codes) if where else [],
        "postcodes": list(where.postcodes) if where else [],
        "department_codes": list(where.department_codes) if where else [],
        "region_codes": list(where.region_codes) if where else [],
        "max_price": wish.max_price,
        "youngest": min(wish.ages, default=None),
        "oldest": max(wish.ages, default=None),
        "accessibility_bits": accessibility_bits(wish.accessibility),
        "attendances": _attendances(wish),
        "categories": list(wish.categories),
        "excluded_categories": list(wish.excluded_categories),
        "statuses": [int(status) for status in wish.statuses or sorted(FINDABLE_STATUSES)],
        "excluded_words": list(wish.excluded_words),
    }
    if where is not None and where.near is not None:
        box = bounding_box(where.near.center, where.near.radius_km)
        values |= {
            "south": box.south,
            "west": box.west,
            "north": box.north,
            "east": box.east,
            "lat": where.near.center.lat,
            "lon": where.near.center.lon,
            "radius_km": where.near.radius_km,
        }
    return values


def _has_areas(wish: Wish) -> bool:
    where = wish.where
    return where is not None and bool(
        where.commune_codes or where.postcodes or where.department_codes or where.region_codes
    )


def _attendances(wish: Wish) -> list[int]:
    modes: Iterable[Attendance]
    if wish.online is None:
        modes = ()
    elif wish.online:
        modes = (Attendance.ONLINE, Attendance.MIXED)
    else:
        modes = (Attendance.ONSITE, Attendance.MIXED)
    return [int(mode) for mode in modes]


def _candidate(row: Mapping[str, Any]) -> Candidate:
    return Candidate(
        event=event_from_row(row),
        occurrence=Occurrence(
            starts_at=row["starts_at"],
            ends_at=row["ends_at"],
            is_possible=row["is_possible"],
            is_day_known_only=row["is_day_known_only"],
        ),
        similarity=row["similarity"],
        word_score=row["word_score"],
        word_share=row["word_share"],
    )
