"""Checks made before anybody asks: what is popular tonight, and what was found and may have changed again.

A job calls `Warming.warm`; it never raises for what the outside does.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

from puls.catalogue.event import Event
from puls.catalogue.store import StoredEvent
from puls.web_search.values import Check, Outcome
from puls.web_search.verifying import FRESH

TONIGHT: Final = timedelta(hours=16)  # from the morning on, until after midnight
LATELY: Final = timedelta(hours=24)
MOST: Final = 30
_INVENTED: Final = "sample"  # its events have no page that could say anything
WITHIN_SECONDS: Final = 60.0  # no visitor waits: at one request a second this does thirty agendas


class PopularEvents(Protocol):
    """`keeping.checks.Checks`, as far as warming needs it."""

    async def popular(
        self,
        *,
        now: datetime,
        until: datetime,
        asked_since: datetime,
        checked_before: datetime,
        limit: int,
    ) -> list[str]: ...
    async def noted(self, *, now: datetime, limit: int) -> list[str]: ...
    async def forget_old(self, *, now: datetime) -> int: ...


class Events(Protocol):
    """`catalogue.store.Catalogue`, as far as warming needs it."""

    async def events(self, uids: Sequence[str]) -> dict[str, StoredEvent]: ...


class Checker(Protocol):
    """`verifying.Verifying`."""

    async def check(
        self, events: Sequence[Event], *, now: datetime, within: float, is_asked: bool
    ) -> tuple[Check, ...]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Warmed:
    """What a warming did: how many events it looked at, for how many there was no time, and notes that ran out."""

    checked: int
    not_checked: int
    notes_ended: int


class Warming:
    """Looks ahead."""

    def __init__(self, *, popular: PopularEvents, events: Events, verifying: Checker) -> None:
        self._popular = popular
        self._events = events
        self._verifying = verifying

    async def warm(self, now: datetime, *, most: int = MOST) -> Warmed:
        """Check what visitors ask about and takes place tonight, after what was noted and may have changed again."""
        ended = await self._popular.forget_old(now=now)
        noted = await self._popular.noted(now=now, limit=most)
        popular = await self._popular.popular(
            now=now,
            until=now + TONIGHT,
            asked_since=now - LATELY,
            checked_before=now - FRESH,
            limit=most,
        )
        uids = list(dict.fromkeys([*noted, *popular]))[:most]
        stored = await self._events.events(uids)
        events = [stored[uid].event for uid in uids if uid in stored]
        coming = [one for one in events if one.coming(now) and one.attribution.source != _INVENTED]
        checks = await self._verifying.check(coming, now=now, within=WITHIN_SECONDS, is_asked=False)
        late = sum(check.outcome is Outcome.NOT_CHECKED for check in checks)
        return Warmed(checked=len(checks) - late, not_checked=late, notes_ended=ended)
