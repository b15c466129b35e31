"""A turn's look on the web: whether and at what, and the material as it corrects it. Enter at `OnTheWeb.look`."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from puls.catalogue.event import Attendance
from puls.catalogue.store import StoredEvent
from puls.conversation.telling.phrases import written_language
from puls.conversation.turn import LookingOnWeb, Material, SeenOnWeb
from puls.conversation.turn_state import TurnState
from puls.geo.names import fold
from puls.outings.plan import PlanStep
from puls.retrieval.ranking import FoundEvent
from puls.retrieval.theme import Match
from puls.understanding.wish import Wish
from puls.web_search.amending import amended, is_off
from puls.web_search.looking import Look, Looking
from puls.web_search.policy import LookPlan, Situation, ToCheck, bounds_of, plan_of
from puls.web_search.values import Check, Depth, Looked, Outcome
from puls.web_search.warming import Warming

_OF_A_PLAN = frozenset({"date", "hour", "venue", "attendance"})


class Records(Protocol):
    """Events with all their occurrences, and when each was last read from its source; `catalogue.store.Catalogue`."""

    async def read_at(self, uids: Sequence[str]) -> Mapping[str, datetime]: ...

    async def events(self, uids: Sequence[str]) -> Mapping[str, StoredEvent]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class OnTheWeb:
    """Looks for turns. `usual`: how far, unless the visitor chooses; `invented`: sources whose events are nowhere else.

    `warming` looks ahead for no turn; a job calls it.
    """

    looking: Looking
    records: Records
    usual: Depth = "quick"
    invented: frozenset[str] = frozenset()
    warming: Warming | None = None
    engines: Callable[[], Mapping[str, bool]] = dict
    """Of each search engine, whether it is left alone for a while."""

    async def look(self, state: TurnState) -> None:
        """Look where the policy says so; the material then holds what was seen."""
        material = state.material_now
        depth = state.request.web or self.usual
        bounds = bounds_of(depth, seconds=self.looking.quick_seconds)
        plan = plan_of(await self._situation(state), depth=depth, checks=bounds.checks)
        if plan is None:
            return
        look = self._look(await self._with_all_occurrences(plan), material, depth)
        looked = await self.looking.look(
            look, bounds=bounds, tell=lambda step: state.send(LookingOnWeb(step=step))
        )
        state.material = with_web(material, looked)
        state.mark("looked")
        checks = {check.uid: check for check in looked.checks}
        events = tuple(_corrected(one, checks.get(one.event.uid)) for one in material.events)
        state.send(SeenOnWeb(looked=looked, events=events))

    async def _situation(self, state: TurnState) -> Situation:
        material = state.material_now
        understood, found = material.answer.understood, material.answer.found
        real = [one for one in material.events if one.event.attribution.source not in self.invented]
        uids = [one.event.uid for one in real]
        read_at = await self.records.read_at(uids) if uids else {}
        return Situation(
            act=understood.act,
            wish=understood.wish,
            now=state.now,
            asked=state.web_asked,
            events=[
                ToCheck(
                    event=one.event,
                    starts_at=one.occurrence.starts_at,
                    read_at=read_at.get(one.event.uid),
                )
                for one in real
            ],
            on_theme=sum(one.match is Match.ON_THEME for one in found.events),
            is_about=bool(material.cited),
            can_search=self.looking.can_search,
        )

    async def _with_all_occurrences(self, plan: LookPlan) -> LookPlan:
        """A result holds the occurrence that fits alone; whether an event moved, all of them tell."""
        if not plan.events:
            return plan
        stored = await self.records.events([event.uid for event in plan.events])
        whole = (stored[event.uid].event if event.uid in stored else event for event in plan.events)
        return replace(plan, events=tuple(whole))

    def _look(self, plan: LookPlan, material: Material, depth: Depth) -> Look:
        understood = material.answer.understood
        return Look(
            plan=plan,
            wish=understood.wish if understood.wish != Wish() else understood.carried or Wish(),
            shown=[one.event for one in material.events],
            performances={one.event.uid: one.occurrence for one in material.events},
            depth=depth,
            about=material.text,
            language=written_language(material),
            timezone=material.timezone,
        )


def with_web(material: Material, looked: Looked) -> Material:
    """The material as what was seen corrects it: what does not take place, or is full, is no longer proposed, only told."""
    checks = {check.uid: check for check in looked.checks}
    found = material.answer.found
    kept = tuple(
        _corrected(one, check)
        for one in found.events
        if _is_open(check := checks.get(one.event.uid)) and _still_fits(one, check, material)
    )
    gone = len(found.events) - len(kept)
    return replace(
        material,
        answer=replace(
            material.answer, found=replace(found, events=kept, fitting=max(0, found.fitting - gone))
        ),
        cited=tuple(_corrected(one, checks.get(one.event.uid)) for one in material.cited),
        plans=tuple(
            plan
            for plan in material.plans
            if not any(_breaks(step, checks.get(step.found.event.uid)) for step in plan.steps)
        ),
        web=looked,
        web_shown=material.events,
    )


def off_of(material: Material) -> frozenset[str]:
    """The events that a plan can no longer hold."""
    checks = material.web.checks if material.web else ()
    moved = {
        check.uid
        for check in checks
        if check.is_strong and {each.what for each in check.changes} & _OF_A_PLAN
    }
    return frozenset({check.uid for check in checks if is_off(check)} | moved)


def _breaks(step: PlanStep, check: Check | None) -> bool:
    """Whether a stop is off, or no longer when and where the plan was made for."""
    moved = _corrected(step.found, check)
    is_elsewhere = (
        moved.event.venue != step.found.event.venue
        or moved.event.attendance is not step.found.event.attendance
    )
    return is_off(check) or is_elsewhere or moved.occurrence != step.found.occurrence


def _corrected(one: FoundEvent, check: Check | None) -> FoundEvent:
    event = amended(one.event, check)
    if event is one.event:
        return one
    if event.venue != one.event.venue:
        one = replace(one, distance_km=None)  # of where it was
    if event.occurrences == one.event.occurrences or not event.occurrences:
        return replace(one, event=event)
    nearest = min(
        event.occurrences, key=lambda each: abs(each.starts_at - one.occurrence.starts_at)
    )
    return replace(one, event=event, occurrence=nearest)


def _is_open(check: Check | None) -> bool:
    """Whether one can still go: an event that is surely off or full is told, and not proposed."""
    is_full = check is not None and check.is_strong and check.outcome is Outcome.FULL
    return not (is_off(check) or is_full)


def _still_fits(one: FoundEvent, check: Check | None, material: Material) -> bool:
    """Whether an event that was moved is still when and where it was asked for."""
    moved, wish = _corrected(one, check), material.answer.understood.wish
    when = wish.when
    is_gone_online = (
        moved.event.attendance is Attendance.ONLINE
        and one.event.attendance is not Attendance.ONLINE
        and not wish.online
    )
    if wish.where is not None and (is_gone_online or _is_in_another_town(moved, one)):
        return False
    if moved.occurrence == one.occurrence or not when:
        return True
    return any(
        each.start < moved.occurrence.ends_at and moved.occurrence.starts_at < each.end
        for each in when
    )


def _is_in_another_town(moved: FoundEvent, before: FoundEvent) -> bool:
    there, here = moved.event.venue, before.event.venue
    if there is None or here is None or not there.city or not here.city:
        return False
    return fold(there.city) != fold(here.city)
