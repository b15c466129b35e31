"""The gauges that nobody sets while answering: connections, sources, index, budget, disk, visitors of the day.

Read from PostgreSQL and the machine when somebody looks: each minute by the watch, and at a scrape. Enter at `Readings.take`.
"""

import asyncio
import shutil
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from puls import monitoring
from puls.database import Database, Queries
from puls.errors import DatabaseUnavailableError

_QUERIES = Queries.beside("puls.alerts")
_PATIENCE_SECONDS = 5.0
STALE_SECONDS = 86_400.0
"""A source that is read regularly and was not for longer is stale; the objective `freshness` says the same in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexFigures:
    """Findable events, and how many of them have a vector in the live version."""

    events: int
    embedded: int


class Readings:
    """Sets gauges from what it reads.

    `index`: the state of the live version, None without one; `queue` sets those of jobs; `home`: on the disk to watch.
    """

    def __init__(
        self,
        database: Database,
        *,
        index: Callable[[], Awaitable[IndexFigures | None]],
        queue: Callable[[datetime], Awaitable[None]] | None = None,
        home: Path,
        daily_budget_eur: float | None,
        timezone: str,
    ) -> None:
        self._database = database
        self._index = index
        self._queue = queue
        self._home = home
        self._daily_budget_eur = daily_budget_eur
        self._zone = ZoneInfo(timezone)
        self._is_stale: bool | None = None

    @property
    def is_stale(self) -> bool | None:
        """Whether some source that is read regularly was not read lately; None while that is not known."""
        return self._is_stale

    async def take(self, *, now: datetime) -> bool:
        """Read everything once; whether PostgreSQL answered. What cannot be read keeps its last value."""
        self._take_of_process()
        await asyncio.to_thread(self._take_disk)
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                await self._take_of_database(now)
        except (TimeoutError, DatabaseUnavailableError) as error:
            monitoring.DATABASE_UP.set(0)
            monitoring.log.warning("watch.without_database", error=type(error).__name__)
            return False
        monitoring.DATABASE_UP.set(1)
        return True

    def _take_of_process(self) -> None:
        connections = self._database.connections()
        monitoring.DATABASE_CONNECTIONS.labels("in_use").set(connections.in_use)
        monitoring.DATABASE_CONNECTIONS.labels("free").set(connections.free)
        monitoring.DATABASE_WAITING.set(connections.waiting)

    def _take_disk(self) -> None:
        """Blocking: a network disk may keep it waiting."""
        folder = next((one for one in (self._home, *self._home.parents) if one.exists()), Path("/"))
        usage = shutil.disk_usage(folder)
        monitoring.DISK_FREE.set(usage.free / usage.total)

    async def _take_of_database(self, now: datetime) -> None:
        day = now.astimezone(self._zone).replace(hour=0, minute=0, second=0, microsecond=0)
        await self._take_sources(now)
        if self._queue is not None:
            await self._queue(now)
        async with self._database.transaction() as connection:
            for row in await (await connection.execute(_QUERIES["quarantined"])).fetchall():
                monitoring.QUARANTINED.labels(row["reason"]).set(row["records"])
            spent = await (
                await connection.execute(_QUERIES["spent_since"], {"since": day})
            ).fetchone()
        async with self._database.transaction(is_keeping=True) as connection:
            seen = await (
                await connection.execute(_QUERIES["visitors_since"], {"since": day})
            ).fetchone()
        assert spent is not None
        assert seen is not None
        monitoring.VISITORS_TODAY.set(seen["visitors"])
        monitoring.BUDGET_SPENT.set(spent["eur"])
        if self._daily_budget_eur is not None:
            used = spent["eur"] / self._daily_budget_eur if self._daily_budget_eur else 1.0
            monitoring.BUDGET_USED.labels("today").set(used)
        index = await self._index() or IndexFigures(events=0, embedded=0)
        monitoring.INDEX_EVENTS.labels(state="embedded").set(index.embedded)
        monitoring.INDEX_EVENTS.labels(state="missing").set(index.events - index.embedded)

    async def _take_sources(self, now: datetime) -> None:
        rows = await self._database.fetch_all(_QUERIES["sources"], now=now)
        for row in rows:
            monitoring.SOURCE_FAILURES.labels(row["source"]).set(row["failures"])
            if row["age_seconds"] is not None:
                monitoring.SOURCE_AGE.labels(row["source"]).set(row["age_seconds"])
        regular = [row for row in rows if row["is_regular"]]
        self._is_stale = (
            any(row["age_seconds"] > STALE_SECONDS for row in regular) if regular else None
        )
