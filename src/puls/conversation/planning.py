"""A change of the plan under way: its parts changed as the message asks, and planned again. Enter at `changed_plan`."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from puls.catalogue.event import Interval
from puls.conversation.references import quoted_title, share_said
from puls.conversation.state import KeptPlan
from puls.language.lexicon import Hours
from puls.outings.edits import Edit, edit_of, stop_named
from puls.outings.outing import Outing, plan_slots
from puls.outings.parts import kinds_named
from puls.outings.slots import MOST_SLOTS, Slot, days_of
from puls.retrieval.asking import Asking, Question
from puls.understanding.question import Understood, understand
from puls.understanding.wish import Wish

_LOOKED_AT = 8
_SAID_ENOUGH = 0.5  # share of the telling words that title and place hold


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanChange:
    """The plan after a change. `is_one`: only this plan is told; `said`: what was done, as a code for the writer ("recap", "removed"…)."""

    outing: Outing
    is_one: bool = False
    said: str = ""


async def changed_plan(
    asking: Asking, question: Question, understood: Understood, plan: KeptPlan
) -> PlanChange | None:
    """The plan under way changed as the message asks; None when it asks for a new plan."""
    wish = understood.carried or Wish()
    uids = [uid for uid in plan.uids if uid is not None]
    by_uid = {
        one.event.uid: one for one in await asking.search.events(uids, wish, now=question.now)
    }
    events = [by_uid[uid].event if uid in by_uid else None for uid in plan.uids]
    edit = edit_of(question.text, plan.slots, events)
    if edit is None:
        return None
    pinned = tuple(
        replace(slot, uid=uid) if uid in by_uid else slot
        for slot, uid in zip(plan.slots, plan.uids, strict=True)
    )
    slots = await _edited(asking, question, pinned, edit, wish)
    if slots is None:
        return None
    ordered = await _in_order(asking, question, slots, wish)
    outing = await plan_slots(asking, question, understood, ordered, most_plans=1)
    return PlanChange(outing=outing, is_one=True, said=edit.does)


async def _edited(  # noqa: PLR0911 - one return an edit
    asking: Asking, question: Question, slots: tuple[Slot, ...], edit: Edit, wish: Wish
) -> tuple[Slot, ...] | None:
    match edit.does:
        case "recap":
            return slots
        case "remove" if edit.stop is not None:
            return _renumbered([slot for at, slot in enumerate(slots) if at != edit.stop])
        case "move":
            return _moved(slots, edit, question)
        case "add":
            added = await _new_slot(asking, question, edit.words, slots, wish, avoid=_uids(slots))
            return _renumbered([*slots, added])[: MOST_SLOTS + 1]
        case "choose":
            chosen = await _new_slot(asking, question, edit.words, slots, wish, avoid=set())
            place = edit.stop if edit.stop is not None else _like(chosen, slots)
            return _renumbered(
                [*slots, chosen]
                if place is None
                else [chosen if at == place else slot for at, slot in enumerate(slots)]
            )
        case "replace" if edit.stop is not None:
            old = slots[edit.stop]
            avoid = _uids(slots)
            new = (
                replace(old, uid=None)
                if not edit.words
                else await _new_slot(asking, question, edit.words, (old,), wish, avoid=avoid)
            )
            if new.uid is None:
                new = await _another(asking, question, new, avoid=avoid)
            return _renumbered([new if at == edit.stop else slot for at, slot in enumerate(slots)])
        case "replace" if edit.words:
            added = await _new_slot(asking, question, edit.words, slots, wish, avoid=_uids(slots))
            return _renumbered([*slots, added])
        case _:
            return None


def _uids(slots: tuple[Slot, ...]) -> set[str]:
    return {slot.uid for slot in slots if slot.uid}


async def _new_slot(
    asking: Asking,
    question: Question,
    words: str,
    beside: tuple[Slot, ...],
    wish: Wish,
    *,
    avoid: set[str],
) -> Slot:
    """A part for what the words name: one event when they say its title, else a kind of event at its hours."""
    read = understand(
        words, now=question.now, gazetteer=asking.gazetteer, timezone=question.timezone
    )
    own = read.wish if not (title := quoted_title(words)) else Wish(topic=title)
    zone = ZoneInfo(question.timezone)
    days = tuple(dict.fromkeys(day for slot in beside for day in days_of(slot.wish.when, zone)))
    hours = next(
        (
            one.hours
            for each in read.said.times
            for one in (each.point.hours if each.point else each.hours)
        ),
        None,
    )
    when = _windows(days, hours or (6.0, 26.0), question.now, zone) or wish.when
    base = replace(
        wish,
        topic=own.topic or words,
        when=when,
        where=own.where or wish.where,
        categories=(),
        max_price=None,
        free=None,
        number_wanted=None,
    )
    slot = Slot(wish=base, kinds=kinds_named(base.topic), is_same_day=True)
    found = await asking.search.find(base, now=question.now, limit=_LOOKED_AT)
    candidates = [one for one in found.events if one.event.uid not in avoid]
    named = max(candidates, key=lambda one: share_said(words, one.event), default=None)
    if named is not None and share_said(words, named.event) >= _SAID_ENOUGH:
        return replace(slot, uid=named.event.uid, is_chosen=True)
    return slot


async def _another(asking: Asking, question: Question, slot: Slot, *, avoid: set[str]) -> Slot:
    """The best event for a part that is not one of these."""
    found = await asking.search.find(slot.wish, now=question.now, limit=_LOOKED_AT + len(avoid))
    other = next((one for one in found.events if one.event.uid not in avoid), None)
    return replace(slot, uid=other.event.uid) if other else slot


def _like(chosen: Slot, slots: tuple[Slot, ...]) -> int | None:
    return stop_named(chosen.wish.topic, slots, [None] * len(slots))


def _moved(slots: tuple[Slot, ...], edit: Edit, question: Question) -> tuple[Slot, ...]:
    """The stop (the first, when none is named) at other hours; what fills it may change."""
    zone = ZoneInfo(question.timezone)
    place = edit.stop or 0
    hours: Hours = edit.hours or (6.0, 26.0)
    days = days_of(slots[place].wish.when, zone)
    moved = replace(
        slots[place],
        uid=None,
        wish=replace(slots[place].wish, when=_windows(days, hours, question.now, zone)),
    )
    return tuple(moved if at == place else slot for at, slot in enumerate(slots))


def _windows(
    days: tuple[date, ...], hours: Hours, now: datetime, zone: ZoneInfo
) -> tuple[Interval, ...]:
    found = []
    for day in days:
        midnight = datetime.combine(day, time())
        start = max(
            (midnight + timedelta(hours=hours[0])).replace(tzinfo=zone), now.astimezone(zone)
        )
        end = (midnight + timedelta(hours=hours[1])).replace(tzinfo=zone)
        if start < end:
            found.append(Interval(start, end))
    return tuple(found)


def _renumbered(slots: list[Slot]) -> tuple[Slot, ...]:
    return tuple(
        replace(slot, is_same_day=at > 0 and slot.is_same_day) for at, slot in enumerate(slots)
    )


async def _in_order(
    asking: Asking, question: Question, slots: tuple[Slot, ...], wish: Wish
) -> tuple[Slot, ...]:
    """By when what fills them begins, else by when they may begin."""
    chosen = await asking.search.events(sorted(_uids(slots)), wish, now=question.now)
    starts = {one.event.uid: one.occurrence.starts_at for one in chosen}
    end_of_time = datetime.max.replace(tzinfo=ZoneInfo("UTC"))

    def begins(slot: Slot) -> datetime:
        window = slot.wish.when[0].start if slot.wish.when else end_of_time
        return max(window, starts[slot.uid]) if slot.uid in starts else window

    return _renumbered(sorted(slots, key=begins))
