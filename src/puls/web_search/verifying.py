"""Events of the catalogue held against what the outside says now, within a time limit.

One request per agenda, all agendas at once; where an agenda tells nothing, the portal's copy and the event's own pages.
What is not done in time is said to be not checked. Never raises for what the outside does, and leaves no task behind:
a cancelled turn ends its fetches. Enter at `Verifying.check`.
"""

import asyncio
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Protocol
from urllib.parse import urlsplit

from puls.catalogue.event import Event, Occurrence
from puls.errors import PulsError
from puls.monitoring import log, span
from puls.web_search.judging import is_decided, judge, not_checked, standing
from puls.web_search.proofs.agenda import AgendaProof
from puls.web_search.proofs.own_pages import OwnPages
from puls.web_search.proofs.portal import PortalProof
from puls.web_search.proofs.seen import Seen
from puls.web_search.times import meant
from puls.web_search.values import Check, Depth, Outcome, Proof

WITHIN_SECONDS: Final = 3.0
FRESH: Final = timedelta(minutes=10)
# An agenda that is silent for so much of the time no longer holds up the other proofs; it is listened to until the end.
_PATIENCE_SHARE: Final = 0.5
_READING_SECONDS: Final = 0.3  # what a look waits for the table of checks
_KEEPING_SECONDS: Final = 0.25  # and for writing into it, after its own time is over
_LATEST: Final = datetime.max.replace(tzinfo=UTC)

OnCheck = Callable[[Check], None]


class KeptChecks(Protocol):
    """The last check of each event, shared by all replicas."""

    async def last(self, uids: Sequence[str]) -> dict[str, Check]:
        """The last check of each of these, however old."""
        ...

    async def keep(self, checks: Sequence[Check], *, now: datetime) -> None:
        """Remember these, and note the strong ones for the next sync."""
        ...

    async def count_asked(self, uids: Sequence[str], *, now: datetime) -> None:
        """A visitor asked about these."""
        ...


class Verifying:
    """Checks events."""

    def __init__(
        self,
        *,
        agendas: AgendaProof,
        portal: PortalProof | None = None,
        pages: OwnPages | None = None,
        kept: KeptChecks | None = None,
    ) -> None:
        self._places = _Places(agendas, portal, pages)
        self._kept = kept

    async def check(
        self,
        events: Sequence[Event],
        *,
        now: datetime,
        within: float = WITHIN_SECONDS,
        shown: Mapping[str, Occurrence] | None = None,
        depth: Depth = "quick",
        on_check: OnCheck | None = None,
        is_asked: bool = True,
    ) -> tuple[Check, ...]:
        """One check for each event, in the order given, after at most `within` seconds and a moment.

        `now` is aware. `shown`: the performance that each is about, by uid; else the next one. A check of the last ten
        minutes is taken again. `thorough` also looks at the event's own pages where its agenda says it takes place.
        `on_check` hears each check as soon as it stands. `is_asked`: False when no visitor asked.
        """
        started = time.monotonic()
        deadline = asyncio.get_running_loop().time() + within
        unique = {event.uid: event for event in events}
        performances = {
            uid: meant(event, (shown or {}).get(uid), now=now) for uid, event in unique.items()
        }
        before = await self._before(list(unique), within)
        round_ = _Round(
            self._places,
            performances=performances,
            before=before,
            now=now,
            deadline=deadline,
            is_thorough=depth == "thorough",
            on_check=on_check or _silently,
        )
        with span("web.verify", events=len(unique)):
            round_.take_again(unique.values())
            if depth != "off":
                await round_.run(unique.values())
        checks = round_.checks_of(unique.values())
        made = [checks[uid] for uid in round_.made]
        asked = list(unique) if is_asked else []
        await self._keep(made, asked, now, until=deadline + _KEEPING_SECONDS)
        _log(checks.values(), made=len(round_.made), seconds=time.monotonic() - started)
        return tuple(checks[event.uid] for event in events)

    async def _before(self, uids: Sequence[str], within: float) -> dict[str, Check]:
        if self._kept is None or not uids:
            return {}
        try:
            async with asyncio.timeout(min(_READING_SECONDS, within)):
                return await self._kept.last(uids)
        except (PulsError, TimeoutError) as error:
            log.warning("web.checks_not_read", failure=type(error).__name__)
            return {}

    async def _keep(
        self, checks: Sequence[Check], asked: Sequence[str], now: datetime, *, until: float
    ) -> None:
        worth = [check for check in checks if check.outcome is not Outcome.NOT_CHECKED]
        if self._kept is None:
            return
        try:
            async with asyncio.timeout_at(until):
                if worth:
                    await self._kept.keep(worth, now=now)
                if asked:
                    await self._kept.count_asked(asked, now=now)
        except (PulsError, TimeoutError) as error:
            log.warning("web.checks_not_kept", failure=type(error).__name__, checks=len(worth))


@dataclass(frozen=True, slots=True)
class _Places:
    """Where can be looked."""

    agendas: AgendaProof
    portal: PortalProof | None
    pages: OwnPages | None


class _Round:
    """One call of `check`: what was seen of each event so far, and the tasks that look."""

    def __init__(
        self,
        places: _Places,
        *,
        performances: Mapping[str, Occurrence | None],
        before: Mapping[str, Check],
        now: datetime,
        deadline: float,
        is_thorough: bool,
        on_check: OnCheck,
    ) -> None:
        self.made: list[str] = []
        self._there: list[str] = []
        self._agendas = places.agendas
        self._portal = places.portal
        self._pages = places.pages
        self._performances = performances
        self._before = before
        self._now = now
        self._deadline = deadline
        self._patience = deadline - (deadline - _loop_time()) * (1 - _PATIENCE_SHARE)
        self._is_thorough = is_thorough
        self._on_check = on_check
        self._seen: dict[str, list[Seen]] = defaultdict(list)
        self._settled: dict[str, Check] = {}
        self._asking: list[asyncio.Task[None]] = []
        self._copies: asyncio.Task[dict[str, Seen]] | None = None

    def take_again(self, events: Iterable[Event]) -> None:
        """Settle what was checked a moment ago."""
        for event in events:
            known = self._before.get(event.uid)
            if known is not None and self._is_fresh(known):
                self._settled[event.uid] = known
                self._on_check(known)

    def _is_fresh(self, check: Check) -> bool:
        is_recent = (
            abs(self._now - check.at) < FRESH
        )  # it was read after the `now` of its own round
        return is_recent and not (self._is_thorough and check.proof is Proof.AGENDA)

    async def run(self, events: Iterable[Event]) -> None:
        """Look, nearest dates first, until all are settled or the time is over."""
        waiting = sorted((one for one in events if one.uid not in self._settled), key=self._order)
        groups: dict[str | None, list[Event]] = defaultdict(list)
        for event in waiting:
            groups[agenda_of(event)].append(event)
        self.made = [event.uid for event in waiting]
        self._there = [event.uid for event in waiting if agenda_of(event) is not None]
        try:
            async with asyncio.timeout_at(self._deadline), asyncio.TaskGroup() as tasks:
                for agenda_uid, group in groups.items():
                    asking = None
                    if agenda_uid is not None:
                        asking = tasks.create_task(self._ask(agenda_uid, group))
                        self._asking.append(asking)
                    for event in group:
                        tasks.create_task(self._look(event, asking, tasks))
        except TimeoutError:
            log.info("web.verify_cut", waiting=len(waiting) - len(self._settled))

    def checks_of(self, events: Iterable[Event]) -> dict[str, Check]:
        """What stands of each: what is settled, what was seen of it before the time was over, or that there was none."""
        for event in events:
            if event.uid not in self._settled:
                self._settle(event, is_over=True)
        return self._settled

    async def _look(
        self, event: Event, asking: "asyncio.Task[None] | None", tasks: asyncio.TaskGroup
    ) -> None:
        """One event, proof after proof, until one is enough."""
        if asking is not None:
            await asyncio.wait({asking}, timeout=max(0.0, self._patience - _loop_time()))
            if self._is_enough(event):
                self._settle(event)
                return
            await self._look_at_copy(event, tasks)
        if not self._is_enough(event) and self._pages is not None:
            await self._pages.see(
                event,
                self._performances[event.uid],
                within=self._left(),
                now=self._now,
                tell=self._seen[event.uid].append,
            )
        if asking is not None and not self._is_enough(event):
            await asyncio.wait({asking})
        self._settle(event)

    async def _ask(self, agenda_uid: str, group: Sequence[Event]) -> None:
        starts = {event.uid: self._start_of(event) for event in group}
        seen = await self._agendas.see(agenda_uid, starts, within=self._left(), now=self._now)
        for uid, one in seen.items():
            self._seen[uid].append(one)

    async def _look_at_copy(self, event: Event, tasks: asyncio.TaskGroup) -> None:
        """The portal's copy: asked once, about every event that is not settled by then."""
        if self._portal is None:
            return
        if self._copies is None:
            see = self._portal.see(self._of_openagenda(), within=self._left(), now=self._now)
            self._copies = tasks.create_task(see)
        copies = await asyncio.shield(self._copies)
        if event.uid in copies:
            self._seen[event.uid].append(copies[event.uid])

    def _of_openagenda(self) -> list[str]:
        """What is not settled and has its record there."""
        return [uid for uid in self._there if uid not in self._settled]

    def _is_enough(self, event: Event) -> bool:
        seen = self._seen[event.uid]
        return bool(seen) and is_decided(self._judged(event), is_thorough=self._is_thorough)

    def _judged(self, event: Event) -> Check:
        shown = self._performances[event.uid]
        return judge(event, self._seen[event.uid], shown=shown, now=self._now)

    def _settle(self, event: Event, *, is_over: bool = False) -> None:
        check = self._judged(event)
        if is_over and check.outcome is Outcome.UNREADABLE:
            check = not_checked(event.uid, now=self._now)  # not all places could be tried
        check = standing(self._before.get(event.uid), check)
        self._settled[event.uid] = check
        self._on_check(check)
        if not is_over and self._settled.keys() >= set(self.made):
            for task in (*self._asking, *filter(None, [self._copies])):
                task.cancel()  # nobody waits for its answer any more

    def _start_of(self, event: Event) -> datetime | None:
        shown = self._performances[event.uid]
        return shown.starts_at if shown is not None else None

    def _order(self, event: Event) -> tuple[datetime, str]:
        return self._start_of(event) or _LATEST, event.uid

    def _left(self) -> float:
        return max(0.0, self._deadline - _loop_time())


def agenda_of(event: Event) -> str | None:
    """The number of its agenda at OpenAgenda; None for events of elsewhere, whose numbers mean other things."""
    attribution = event.attribution
    host = urlsplit(attribution.url or "").hostname or "openagenda.com"
    is_there = host == "openagenda.com" or host.endswith(".openagenda.com")
    numbers = (event.uid, attribution.agenda_uid or "")
    is_numbered = all(one.isascii() and one.isdigit() for one in numbers)
    return attribution.agenda_uid if is_there and is_numbered else None


def _log(checks: Iterable[Check], *, made: int, seconds: float) -> None:
    outcomes = sorted(str(check.outcome) for check in checks)
    log.info(
        "web.verified",
        events=len(outcomes),
        again=len(outcomes) - made,
        outcomes=outcomes,
        seconds=round(seconds, 3),
    )


def _loop_time() -> float:
    return asyncio.get_running_loop().time()


def _silently(check: Check) -> None:
    del check
