"""One look at all of it: the figures of a span, their curves, objectives, components, and what other parts tell.

A part that does not answer in time is said, and keeps nobody from seeing the rest. Enter at `Operating.look`.
"""

import asyncio
import shutil
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, Protocol, TypeVar

from puls.database import Database, Queries
from puls.errors import DatabaseUnavailableError, PulsError
from puls.monitoring import log
from puls.operating import components as parts
from puls.operating.components import Component, Disk, Index, State, Sync
from puls.operating.counting import Counting
from puls.operating.figures import Figure, Spending, figures_of
from puls.operating.objectives import DEFAULTS, Burn, Objective, burn_of
from puls.operating.periods import Period, Span, day_of, span_of
from puls.operating.places import PlaceNames
from puls.operating.reading import Read, Unmet, read_figures, read_unmet
from puls.operating.reviewing import BadAnswer, Reviewing
from puls.operating.sights import Alarm, Drift, Experiment, Job, Sights

_QUERIES: Final = Queries.beside("puls.operating", "figures.sql")
_PATIENCE_SECONDS: Final = 3.0
_VERSIONS_LIVE_SECONDS: Final = 15.0  # counting vectors reads the index
_MOST_UNMET: Final = 10_000
_UNMET_KEPT: Final = timedelta(minutes=1)
_T = TypeVar("_T")


class Version(Protocol):
    """A version of the vectors; `puls.ingestion.embedding.IndexVersion`."""

    @property
    def id(self) -> int: ...
    @property
    def model(self) -> str: ...
    @property
    def state(self) -> str: ...
    @property
    def created_at(self) -> datetime: ...
    @property
    def switched_at(self) -> datetime | None: ...
    @property
    def events(self) -> int: ...
    @property
    def embedded(self) -> int: ...


Versions = Callable[[], Awaitable[Sequence[Version]]]


class Costs(Protocol):
    """`puls.costs.ledger.UsageLedger`."""

    async def cost_since(self, since: datetime) -> float: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How things stand now, whatever span is looked at. `jobs` None: no worker; None elsewhere: that part is not there."""

    components: Sequence[Component]
    syncs: Sequence[Sync]
    versions: Sequence[Version]
    jobs: Sequence[Job] | None
    experiments: Sequence[Experiment] | None
    drifts: Sequence[Drift] | None
    alarms: Sequence[Alarm] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """Everything the page shows. `is_whole` False: figures are still being counted, and hold what came until `counted_until`."""

    span: Span
    now: datetime
    is_whole: bool
    counted_until: datetime
    figures: Mapping[str, Figure]
    read: Read
    unmet: Sequence[Unmet]
    burns: Sequence[Burn]
    worst: Sequence[BadAnswer]
    standing: Standing

    @property
    def undetailed(self) -> int:
        """Demands without an answer that too few visitors share for `unmet` to show them."""
        found = self.read.counts
        told = sum(one.demands for one in self.unmet if one.topic is None)
        return max(0, found.n("found", "off_theme", "nothing") - told)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What an operator set: euros a day (None: none), the time zone of days (IANA), Puls' home for its disk."""

    daily_budget_eur: float | None
    timezone: str
    home: Path


class Operating:
    """What operators see. `versions` and `costs` are asked for what they know."""

    def __init__(
        self,
        database: Database,
        *,
        limits: Limits,
        reviewing: Reviewing,
        places: PlaceNames,
        versions: Versions,
        costs: Costs,
        sights: Sights,
        objectives: Sequence[Objective] = DEFAULTS,
    ) -> None:
        self._database = database
        self._limits = limits
        self._versions = versions
        self._costs = costs
        self._objectives = objectives
        self._unmet_kept: dict[Period, tuple[datetime, Sequence[Unmet]]] = {}
        self._versions_read: tuple[float, Sequence[Version]] | None = None
        self.sights = sights
        self.reviewing = reviewing
        self.places = places
        self.counting = Counting(database, timezone=limits.timezone)

    async def look(self, period: Period, *, now: datetime) -> Look:
        """Everything, for a span that ends now.

        Raises:
            DatabaseUnavailableError: PostgreSQL does not answer; then there is nothing to see but that.
        """
        zone = self._limits.timezone
        is_whole = await self._catch_up(now)
        span = span_of(period, now=now, timezone=zone)
        read, unmet, worst, standing, today_eur = await asyncio.gather(
            self._read(span),
            self._unmet(span),
            self.reviewing.worst(since=span.since, now=now),
            self.standing(now=now),
            self._costs.cost_since(day_of(now, zone)),
        )
        spending = Spending(today_eur=today_eur, daily_budget_eur=self._limits.daily_budget_eur)
        return Look(
            span=span,
            now=now,
            is_whole=is_whole,
            counted_until=now if is_whole else await self.counting.counted_until(),
            figures=figures_of(read.counts, read.visitors, spending),
            read=read,
            unmet=unmet,
            burns=[burn_of(one, read.events[one.name]) for one in self._objectives],
            worst=worst,
            standing=standing,
        )

    async def unmet(self, period: Period, *, now: datetime) -> Sequence[Unmet]:
        """All of what was asked for and not found, for a table to take away."""
        return await self._unmet(span_of(period, now=now, timezone=self._limits.timezone))

    async def standing(self, *, now: datetime) -> Standing:
        """How the components are.

        Raises:
            DatabaseUnavailableError: PostgreSQL does not answer.
        """
        database = await self._database_component()
        syncs = [Sync(**row) for row in await self._database.fetch_all(_QUERIES["syncs"])]
        versions = await self._asked("versions", self._known_versions()) or ()
        sights = self.sights
        jobs = await self._asked("jobs", sights.jobs(now)) if sights.jobs else None
        live = next((each for each in versions if each.state == "live"), None)
        index = (
            Index(version=live.id, embedded=live.embedded, events=live.events) if live else Index()
        )
        disk = await asyncio.to_thread(shutil.disk_usage, _existing(self._limits.home))
        return Standing(
            components=(
                database,
                parts.index_component(index),
                parts.catalogue_component(syncs, now=now),
                parts.jobs_component(jobs),
                parts.circuits_component("models", sights.models()),
                parts.circuits_component("engines", sights.engines()),
                parts.disk_component(Disk(free=disk.free, total=disk.total)),
            ),
            syncs=syncs,
            versions=versions,
            jobs=jobs,
            experiments=await self._asked("experiments", sights.experiments(now))
            if sights.experiments
            else None,
            drifts=await self._asked("drifts", sights.drifts(now)) if sights.drifts else None,
            alarms=await self._asked("alarms", sights.alarms()) if sights.alarms else None,
        )

    async def _read(self, span: Span) -> Read:
        async with self._database.transaction(of_all="figures") as connection:
            return await read_figures(
                connection, span, objectives=self._objectives, timezone=self._limits.timezone
            )

    async def _unmet(self, span: Span) -> Sequence[Unmet]:
        """Of days, kept for a minute: the visitors of a month's demands are the dearest thing to count."""
        kept = self._unmet_kept.get(span.period)
        if (
            kept is not None
            and span.grain == "day"
            and timedelta() <= span.until - kept[0] < _UNMET_KEPT
        ):
            return kept[1]
        async with self._database.transaction(of_all="figures") as connection:
            unmet = await read_unmet(connection, span, limit=_MOST_UNMET)
        self._unmet_kept[span.period] = (span.until, unmet)
        return unmet

    async def _catch_up(self, now: datetime) -> bool:
        """Whether the figures hold everything until now; what cannot be counted at once is counted by a job."""
        try:
            return await self.counting.catch_up_if_near(now=now)
        except DatabaseUnavailableError as error:
            log.warning("operating.not_counted", why=str(error))
            return False

    async def _database_component(self) -> Component:
        began = time.perf_counter()
        row = await self._database.fetch_one(_QUERIES["size"])
        assert row is not None
        milliseconds = 1000 * (time.perf_counter() - began)
        return parts.database_component(milliseconds=milliseconds, **row)

    async def _known_versions(self) -> Sequence[Version]:
        now = time.monotonic()
        if self._versions_read is None or now - self._versions_read[0] > _VERSIONS_LIVE_SECONDS:
            self._versions_read = (now, await self._versions())
        return self._versions_read[1]

    async def _asked(self, name: str, asked: Awaitable[_T]) -> _T | None:
        """What a part tells; None, and a line in the log, when it does not answer in time."""
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                return await asked
        except (PulsError, TimeoutError) as error:
            log.warning("operating.part_silent", part=name, why=str(error) or "no answer in time")
            return None


def state_of(look: Look) -> State:
    """The one word at the head of the page: components, objectives and alarms together."""
    state, alarms = parts.worst(look.standing.components), look.standing.alarms or ()
    if any(alarm.is_urgent for alarm in alarms):
        return State.BAD
    if state is State.GOOD and (alarms or any(burn.is_alarming for burn in look.burns)):
        return State.WARNING
    return state


def _existing(home: Path) -> Path:
    """The home, or the nearest folder above it that is there: with a PostgreSQL of its own Puls may have none."""
    return next((each for each in (home, *home.absolute().parents) if each.exists()), Path("/"))
