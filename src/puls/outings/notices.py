"""What a visitor should know about an outing: what could not be fitted and why, prices and days nobody stated. Pure."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from puls.language.lexicon import PART_NAMES
from puls.outings.parts import asks_for_meal, pieces_of
from puls.outings.plan import Plan
from puls.outings.planning import plans_of, stops_for
from puls.outings.slots import Slot, days_of
from puls.retrieval.ranking import FoundEvent
from puls.understanding.notices import Notice

_NO_MEALS = Notice(
    code="plan_no_meals",
    fr="Puls ne connaît pas les restaurants : la pause repas est à prévoir en plus.",
    en="Puls knows no restaurants: plan the meal on top.",
)
_ANY_DAY = Notice(
    code="plan_any_day",
    fr="Aucun jour n’est précisé : cherché sur les sept jours qui viennent.",
    en="No day was given: looked through the coming seven days.",
)
_PRICES_UNKNOWN = Notice(
    code="plan_prices_unknown",
    fr="Certains prix ne sont pas précisés : pour eux, le budget reste à vérifier.",
    en="Some prices are not stated: for those, check the budget.",
)
_ESTIMATED = Notice(
    code="plan_travel_estimated",
    fr="Les temps de trajet sont estimés à vol d’oiseau.",
    en="Travel times are estimated from straight-line distances.",
)


def notices_about(
    text: str,
    slots: Sequence[Slot],
    found: Sequence[Sequence[FoundEvent]],
    candidates: Sequence[Sequence[FoundEvent]],
    plans: Sequence[Plan],
    *,
    budget: float | None,
    now: datetime,
    timezone: str,
) -> Iterator[Notice]:
    """The notices of an outing, what could not be fitted first.

    `found`: what the search gave for each part; `candidates`: the same with each occurrence of known hours.
    """
    yield from _about_parts(
        slots, found, candidates, plans, budget=budget, now=now, timezone=timezone
    )
    zone = ZoneInfo(timezone)
    words = pieces_of(text)
    if len(words) > 1 and any(asks_for_meal(piece) for piece in words):
        yield _NO_MEALS
    if slots and len(days_of(slots[0].wish.when, zone)) == 7:  # noqa: PLR2004 # the coming week
        yield _ANY_DAY
    if budget is not None and any(plan.price_per_person is None for plan in plans):
        yield _PRICES_UNKNOWN
    if any(step.minutes_from_previous for plan in plans for step in plan.steps):
        yield _ESTIMATED


def _about_parts(
    slots: Sequence[Slot],
    found: Sequence[Sequence[FoundEvent]],
    candidates: Sequence[Sequence[FoundEvent]],
    plans: Sequence[Plan],
    *,
    budget: float | None,
    now: datetime,
    timezone: str,
) -> Iterator[Notice]:
    """What the best plan leaves out, and where it holds another kind of event than the one named."""
    zone = ZoneInfo(timezone)
    filled = {step.slot for plan in plans[:1] for step in plan.steps}
    for at, slot in enumerate(slots):
        if at in filled:
            continue
        if not found[at]:
            yield _nothing_found(slot)
        elif not stops_for(at, slot, candidates[at], now=now, zone=zone):
            yield _no_hours(slot)
        elif budget is not None and _fits_without_budget(at, slots, candidates, now, timezone):
            yield _over_budget(slot, budget)
        else:
            yield _no_way(slot)
    for step in plans[0].steps if plans else ():
        slot = slots[step.slot]
        if slot.kinds and step.found.event.category not in slot.kinds:
            yield _another_kind(slot)


def slot_words(slot: Slot) -> tuple[str, str]:
    """A part of an outing in French and English: « concert » le soir."""
    french, english = PART_NAMES[slot.part] if slot.part else ("", "")
    if not slot.wish.topic:
        return french or "cette étape", english or "this step"
    return f"« {slot.wish.topic} » {french}".strip(), f"“{slot.wish.topic}” {english}".strip()


def _fits_without_budget(
    at: int,
    slots: Sequence[Slot],
    candidates: Sequence[Sequence[FoundEvent]],
    now: datetime,
    timezone: str,
) -> bool:
    plans = plans_of(slots, candidates, now=now, timezone=timezone, most=1)
    return any(step.slot == at for plan in plans for step in plan.steps)


def _nothing_found(slot: Slot) -> Notice:
    french, english = slot_words(slot)
    return Notice(
        code="plan_nothing_found",
        fr=f"Rien trouvé pour {french}.",
        en=f"Nothing found for {english}.",
    )


def _another_kind(slot: Slot) -> Notice:
    french, english = slot_words(slot)
    return Notice(
        code="plan_another_kind",
        fr=f"Pour {french}, rien de ce genre ne convient : proposé ce qui s’en approche.",
        en=f"For {english}, nothing of that kind fits: the nearest thing is proposed.",
    )


def _no_hours(slot: Slot) -> Notice:
    french, english = slot_words(slot)
    return Notice(
        code="plan_no_hours",
        fr=f"Pour {french}, rien dont les horaires soient connus et qui ait lieu à ce moment.",
        en=f"For {english}, nothing with known hours takes place at that time.",
    )


def _over_budget(slot: Slot, budget: float) -> Notice:
    french, english = slot_words(slot)
    euros = f"{budget:.2f}".rstrip("0").rstrip(".")
    return Notice(
        code="plan_over_budget",
        fr=f"Pour {french}, rien ne tient dans {euros.replace('.', ',')} € par personne avec le reste.",
        en=f"For {english}, nothing fits {euros} euros per person together with the rest.",
    )


def _no_way(slot: Slot) -> Notice:
    french, english = slot_words(slot)
    return Notice(
        code="plan_no_way",
        fr=f"Pour {french}, rien ne s’enchaîne à temps avec le reste.",
        en=f"For {english}, nothing can be reached in time with the rest.",
    )
