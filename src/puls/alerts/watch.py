"""The built-in alerts: once a minute figures are read, judged and told. No Prometheus is needed.

A process cannot tell that it is dead: let something outside ask /health/ready (docs/how-to/monitoring.md). Enter at `Watch.run`.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from prometheus_client import CollectorRegistry

from puls import monitoring
from puls.alerts.channels import Channel, NotSentError
from puls.alerts.counting import count, samples_of, worst
from puls.alerts.judging import (
    State,
    Verdict,
    bad_of,
    is_to_be_told,
    next_states,
    total_of,
    verdicts,
    windows_of,
)
from puls.alerts.notices import AlertNotice
from puls.alerts.objectives import Watched
from puls.alerts.readings import Readings
from puls.alerts.store import AlertStore
from puls.errors import DatabaseUnavailableError

_TICK_SECONDS = 60.0
_TICKS_AN_HOUR = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """Who hears of alerts, where the runbooks are, and how this Puls is called in what they hear."""

    channels: Sequence[Channel] = ()
    runbooks: str = ""
    where: str = "puls"


class Watch:
    """One per process."""

    def __init__(
        self,
        *,
        readings: Readings,
        store: AlertStore,
        telling: Telling,
        clock: Callable[[], datetime],
        watched: Watched | None = None,
        registry: CollectorRegistry = monitoring.REGISTRY,
        tick_seconds: float = _TICK_SECONDS,
    ) -> None:
        self._readings = readings
        self._store = store
        self._telling = telling
        self._clock = clock
        self._watched = watched or Watched.load()
        self._registry = registry
        self._tick_seconds = tick_seconds
        self._counted = self._counts()
        self._unsent: dict[str, float] = {}
        self._local: dict[str, State] = {}

    async def run(self) -> None:
        """Watch until cancelled. A minute that fails is told in the log, and the next one comes."""
        ticks = 0
        while True:
            await asyncio.sleep(self._tick_seconds)
            try:
                await self.tick(now=self._clock())
                if ticks % _TICKS_AN_HOUR == 0:
                    await self._store.forget_old(now=self._clock())
            except DatabaseUnavailableError as error:
                monitoring.log.warning("watch.postponed", why=str(error))
            except Exception:  # noqa: BLE001 # the edge of the task: nobody awaits it
                monitoring.log.exception("watch.failed")
            ticks += 1

    async def tick(self, *, now: datetime) -> list[Verdict]:
        """Read, judge and tell once; what is bad now."""
        is_there = await self._readings.take(now=now)
        if self._readings.is_stale is not None:
            state = "stale" if self._readings.is_stale else "fresh"
            monitoring.FRESHNESS_MINUTES.labels(state).inc()
        self._gather()
        sums = await self._sums(now) if is_there else None
        samples = samples_of(self._registry)
        gauges = {rule.name: worst(rule, samples) for rule in self._watched.gauge}
        found = list(verdicts(self._watched, sums, gauges))
        for verdict in found:
            monitoring.ALERTS_FIRING.labels(verdict.alert, verdict.severity).set(verdict.is_bad)
        await self._tell_local(found, now)
        if sums is not None:
            await self._tell_shared(found, now)
        return [verdict for verdict in found if verdict.is_bad]

    def _counts(self) -> dict[str, float]:
        samples = samples_of(self._registry)
        counts = {}
        for rule in self._watched.counted:
            counts[bad_of(rule)] = count(rule.bad, samples)
            counts[total_of(rule)] = count(rule.total, samples)
        return counts

    def _gather(self) -> None:
        """What happened since the last minute, added to what PostgreSQL could not take yet."""
        counts = self._counts()
        for figure, events in counts.items():
            gained = events - self._counted[figure]
            self._unsent[figure] = self._unsent.get(figure, 0) + gained
        self._counted = counts

    async def _sums(self, now: datetime) -> Mapping[tuple[str, int], float] | None:
        try:
            await self._store.add(self._unsent, now=now)
            self._unsent.clear()
            return await self._store.sums(windows_of(self._watched), now=now)
        except DatabaseUnavailableError:
            return None

    async def _tell_local(self, found: Sequence[Verdict], now: datetime) -> None:
        """Alerts about this process: their states are here, for the database may be what is away."""
        local = {rule.name for rule in self._watched.gauge if rule.is_local}
        judged = [verdict for verdict in found if verdict.alert in local]
        self._local = next_states(self._local, judged, now=now)
        for verdict in judged:
            state = self._local.get(verdict.alert)
            if (
                state is not None
                and is_to_be_told(state)
                and await self._send(self._notice(verdict, state))
            ):
                self._local[verdict.alert] = (
                    replace(state, told="firing")
                    if state.state == "firing"
                    else replace(state, told="resolved")
                )

    async def _tell_shared(self, found: Sequence[Verdict], now: datetime) -> None:
        local = {rule.name for rule in self._watched.gauge if rule.is_local}
        judged = {verdict.alert: verdict for verdict in found if verdict.alert not in local}
        states = await self._store.decide(list(judged.values()), now=now)
        wanted = [name for name, one in states.items() if name in judged and is_to_be_told(one)]
        if not wanted or not self._telling.channels:
            return
        for alert in sorted(await self._store.claim(wanted, now=now)):
            if await self._send(self._notice(judged[alert], states[alert])):
                await self._store.told(alert, states[alert].state)
            else:
                await self._store.not_told(alert)

    def _notice(self, verdict: Verdict, state: State) -> AlertNotice:
        return AlertNotice(
            alert=verdict.alert,
            severity=verdict.severity,
            state="firing" if state.state == "firing" else "resolved",
            fr=verdict.fr,
            says=verdict.says,
            value=verdict.value,
            limit=verdict.limit,
            since=state.since,
            runbook_url=f"{self._telling.runbooks}/{verdict.runbook}.md",
            where=self._telling.where,
        )

    async def _send(self, notice: AlertNotice) -> bool:
        """By every channel; whether one of them took it."""
        is_told = False
        for channel in self._telling.channels:
            try:
                await channel.send(notice)
            except NotSentError as error:
                monitoring.NOTIFICATIONS.labels(channel.name, "not_sent").inc()
                monitoring.log.warning(
                    "alert.not_sent", alert=notice.alert, channel=channel.name, why=str(error)
                )
            else:
                is_told = True
                monitoring.NOTIFICATIONS.labels(channel.name, "sent").inc()
        monitoring.log.warning(
            "alert.told", alert=notice.alert, state=notice.state, severity=notice.severity,
            value=notice.value, limit=notice.limit, is_told=is_told,
        )  # fmt: skip
        return is_told
