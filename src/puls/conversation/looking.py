"""A turn's look on the web: whether and at what, and the material as it corrects it. Enter at `OnTheWeb.look`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from puls.conversation.telling.phrases import written_language
from puls.conversation.turn import LookingOnWeb, Material, SeenOnWeb
from puls.conversation.turn_state import TurnState
from puls.retrieval.ranking import FoundEvent
from puls.retrieval.theme import Match
from puls.understanding.wish import Wish
from puls.web_search.amending import amended, is_off
from puls.web_search.looking import Look, Looking
from puls.web_search.policy import LookPlan, Situation, ToCheck, bounds_of, plan_of
from puls.web_search.values import Check, Depth, Looked
from puls.web_search.warming import Warming


class ReadingTimes(Protocol):
    """When the records of events were last read from their source; `catalogue.store.Catalogue`."""

    async def read_at(self, uids: Sequence[str]) -> Mapping[str, datetime]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class OnTheWeb:
    """Looks for turns. `usual`: how far, unless the visitor chooses; `invented`: sources whose events are nowhere else.

    `warming` looks ahead for no turn; a job calls it.
    """

    looking: Looking
    reading_times: ReadingTimes
    usual: Depth = "quick"
    invented: frozenset[str] = frozenset()
    warming: Warming | None = None

    async def look(self, state: TurnState) -> None:
        """Look where the policy says so; the material then holds what was seen."""
        material = state.material_now
        depth = state.request.web or self.usual
        bounds = bounds_of(depth, seconds=self.looking.quick_seconds)
        plan = plan_of(await self._situation(state), depth=depth, checks=bounds.checks)
        if plan is None:
            return
        look = self._look(plan, material, depth)
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
        read_at = await self.reading_times.read_at([one.event.uid for one in real]) if real else {}
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
        )

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
    """The material as what was seen corrects it: what does not take place is no longer proposed, only told."""
    checks = {check.uid: check for check in looked.checks}
    found = material.answer.found
    kept = tuple(
        _corrected(one, check)
        for one in found.events
        if not is_off(check := checks.get(one.event.uid)) and _still_fits(one, check, material)
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
            if not any(is_off(checks.get(step.found.event.uid)) for step in plan.steps)
        ),
        web=looked,
        web_shown=material.events,
    )


def _corrected(one: FoundEvent, check: Check | None) -> FoundEvent:
    event = amended(one.event, check)
    if event is one.event:
        return one
    if event.occurrences == one.event.occurrences or not event.occurrences:
        return replace(one, event=event)
    nearest = min(
        event.occurrences, key=lambda each: abs(each.starts_at - one.occurrence.starts_at)
    )
    return replace(one, event=event, occurrence=nearest)


def _still_fits(one: FoundEvent, check: Check | None, material: Material) -> bool:
    """Whether an event that was moved is still when it was asked for."""
    moved = _corrected(one, check)
    when = material.answer.understood.wish.when
    if moved.occurrence == one.occurrence or not when:
        return True
    return any(
        each.start < moved.occurrence.ends_at and moved.occurrence.starts_at < each.end
        for each in when
    )
