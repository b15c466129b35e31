"""A day counted from the turns that are stored, counts alone kept; and what the last week says beside the four before.

The nightly job calls `DailyHistograms.count_missing`; `/ops` and the alerts call `DailyHistograms.report`.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from puls.database import Connection, Database, Queries
from puls.evaluation.drift.distances import Histogram
from puls.evaluation.drift.judging import DriftReport, report_of
from puls.evaluation.drift.signals import CountedTurn, Directions, Regions, bins_of
from puls.geo.gazetteer import Gazetteer
from puls.monitoring import log

_QUERIES = Queries.beside("puls.evaluation.drift", "daily.sql")
WEEKS_BEFORE = 4
_WEEK = timedelta(days=7)
_DAY = timedelta(days=1)
_MOST_DAYS = 60  # counted in one go: more than turns are kept by default
_MOST_TOPICS = (
    2_000  # made vectors of a day, some 10 ms each; the rest counts for all other signals
)
_KEPT = timedelta(days=3 * 365)


class TopicEmbedder(Protocol):
    """What turns a topic into a vector."""

    @property
    def dimensions(self) -> int: ...

    async def embed_query(self, text: str) -> NDArray[np.float32]: ...


class DailyHistograms:
    """The histograms of each day, in `timezone`."""

    def __init__(
        self,
        database: Database,
        *,
        gazetteer: Gazetteer,
        embedder: TopicEmbedder | None = None,
        timezone: str = "Europe/Paris",
    ) -> None:
        """Without an `embedder` the signals of the topics' meaning are left out."""
        self._database = database
        self._regions = Regions(gazetteer)
        self._embedder = embedder
        self._zone = ZoneInfo(timezone)

    async def count_missing(self, *, now: datetime) -> int:
        """Count yesterday and every whole day since the last counted one; how many days that was. Idempotent.

        Raises:
            DatabaseUnavailableError: see `puls.database`.
        """
        yesterday = now.astimezone(self._zone).date() - _DAY
        first = await self._first_to_count(yesterday)
        days = [first + at * _DAY for at in range((yesterday - first).days + 1)]
        for day in days:
            await self.count(day)
        await self._forget_old(now)
        return len(days)

    async def count(self, day: date) -> None:
        """Count one day, in place of what was counted of it. A day whose turns are deleted keeps its counts."""
        start, end = (datetime.combine(at, time(), self._zone) for at in (day, day + _DAY))
        values: dict[str, Any] = {"from": start, "until": end}
        async with self._database.transaction(of_all="figures") as connection:
            rows = await (await connection.execute(_QUERIES["turns"], values)).fetchall()
            canaries = await (await connection.execute(_QUERIES["canaries"], values)).fetchall()
        if not rows and not canaries:
            return
        counts = self._counted(rows)
        for signal, one in (await self._meanings(rows)).items():
            counts[signal] = one
        for row in canaries:
            counts["canary"][f"{row['question']}/{row['got']}"] += row["n"]
        async with self._database.transaction(of_all="figures") as connection:
            await _keep(connection, day, counts)
        log.info("drift.day_counted", day=day.isoformat(), turns=len(rows), signals=len(counts))

    async def report(self, *, now: datetime) -> DriftReport:
        """The seven whole days before today beside the four weeks before those."""
        today = now.astimezone(self._zone).date()
        recent = await self._between(today - _WEEK, today)
        before = await self._between(today - (1 + WEEKS_BEFORE) * _WEEK, today - _WEEK)
        return report_of(recent, before, weeks=WEEKS_BEFORE)

    async def _first_to_count(self, yesterday: date) -> date:
        async with self._database.transaction(of_all="figures") as connection:
            counted = await (await connection.execute(_QUERIES["last_counted"])).fetchone()
            oldest = await (await connection.execute(_QUERIES["oldest_turn"])).fetchone()
        first = yesterday
        if counted and counted["day"]:
            first = counted["day"] + _DAY
        elif oldest and oldest["at"]:
            first = oldest["at"].astimezone(self._zone).date()
        return min(yesterday, max(yesterday - _MOST_DAYS * _DAY, first))

    def _counted(self, rows: Sequence[Mapping[str, Any]]) -> "defaultdict[str, Counter[str]]":
        """Each visitor once per bin: one who asks a hundred times is one visitor."""
        seen: set[tuple[UUID, str, str]] = set()
        for row in rows:
            visitor = row["visitor_id"]
            turn = CountedTurn(**{name: row[name] for name in CountedTurn.__dataclass_fields__})
            seen |= {(visitor, signal, bin_) for signal, bin_ in bins_of(turn, self._regions)}
        return _tallied(seen)

    async def _meanings(
        self, rows: Sequence[Mapping[str, Any]]
    ) -> "defaultdict[str, Counter[str]]":
        """The topics along fixed directions; the vectors go no further than this function."""
        if self._embedder is None:
            return defaultdict(Counter)
        directions = Directions(self._embedder.dimensions)
        asked: dict[str, set[UUID]] = defaultdict(set)
        for row in rows:
            if row["topic"]:
                asked[row["topic"]].add(row["visitor_id"])
        seen: set[tuple[UUID, str, str]] = set()
        for topic in sorted(asked, key=lambda each: (-len(asked[each]), each))[:_MOST_TOPICS]:
            vector = await self._embedder.embed_query(topic)
            for signal, bin_ in directions.bins(vector):
                seen |= {(visitor, signal, bin_) for visitor in asked[topic]}
        if len(asked) > _MOST_TOPICS:
            log.info("drift.topics_left_out", topics=len(asked) - _MOST_TOPICS)
        return _tallied(seen)

    async def _between(self, start: date, end: date) -> Mapping[str, Histogram]:
        async with self._database.transaction(of_all="figures") as connection:
            cursor = await connection.execute(_QUERIES["histograms"], {"from": start, "until": end})
            rows = await cursor.fetchall()
        found: dict[str, dict[str, int]] = defaultdict(dict)
        for row in rows:
            found[row["signal"]][row["bin"]] = row["n"]
        return found

    async def _forget_old(self, now: datetime) -> None:
        async with self._database.transaction(of_all="figures") as connection:
            before = now.astimezone(self._zone).date() - _KEPT
            await connection.execute(_QUERIES["forget_old"], {"before": before})


def _tallied(seen: set[tuple[UUID, str, str]]) -> "defaultdict[str, Counter[str]]":
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for _, signal, bin_ in seen:
        counts[signal][bin_] += 1
    return counts


async def _keep(connection: Connection, day: date, counts: Mapping[str, Mapping[str, int]]) -> None:
    flat = [(signal, name, n) for signal, bins in counts.items() for name, n in bins.items()]
    await connection.execute(_QUERIES["lock"])
    await connection.execute(_QUERIES["forget_day"], {"day": day})
    await connection.execute(
        _QUERIES["keep_day"],
        {
            "day": day,
            "signals": [signal for signal, _, _ in flat],
            "bins": [name for _, name, _ in flat],
            "counts": [n for _, _, n in flat],
        },
    )
