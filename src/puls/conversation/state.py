"""What a turn leaves for the next ones beside its wish: the event in focus, what Puls offered, the plan with its parts. Pure values.

An offer is a typed change, not prose: « oui » carries it out. Kept as JSON with the turn; a field that this release does not know is passed over.
"""

from dataclasses import dataclass, replace
from datetime import UTC
from typing import Any, Literal

from pydantic import TypeAdapter, ValidationError

from puls.catalogue.event import Interval
from puls.monitoring import log
from puls.outings.slots import Slot
from puls.understanding.turns import Act
from puls.understanding.where.reach import seen_from
from puls.understanding.wish import Wish


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What Puls proposed at the end of an answer: another search, more of the same one, or to tell or compare events. `fr`, `en`: it in a few words."""

    does: Literal["search", "more", "details", "compare"]
    fr: str
    en: str
    wish: Wish | None = None
    uids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptPlan:
    """The plan under way: its parts, and the event that fills each (None: none could), in order."""

    slots: tuple[Slot, ...]
    uids: tuple[str | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What the next message may speak of. `focus`: the uids told last; `has_begun_anew`: what lies before is forgotten.

    `own`: where Puls's own words begin and end in the answer; before and after stands what pages of the web say, which no
    model may read. None: all of it is Puls's own.
    """

    act: Act | None = None
    focus: tuple[str, ...] = ()
    offers: tuple[Offer, ...] = ()
    plan: KeptPlan | None = None
    has_begun_anew: bool = False
    own: tuple[int, int] | None = None


_KEPT = TypeAdapter(Kept)


def json_of_kept(kept: Kept) -> dict[str, Any]:
    """As values that JSON knows, without the visitor's position."""
    offers = tuple(
        replace(each, wish=_storable(each.wish) if each.wish else None) for each in kept.offers
    )
    plan = kept.plan and replace(
        kept.plan, slots=tuple(replace(slot, wish=_storable(slot.wish)) for slot in kept.plan.slots)
    )
    stored: dict[str, Any] = _KEPT.dump_python(
        replace(kept, offers=offers, plan=plan), mode="json", exclude_defaults=True
    )
    return stored


def kept_from(stored: str | None) -> Kept:
    """What `json_of_kept` made this of; nothing, and a line in the log, when another release wrote what cannot be read."""
    if stored is None:
        return Kept()
    try:
        return _KEPT.validate_json(stored)
    except (ValidationError, AssertionError) as error:
        log.warning("conversation.state_unreadable", why=type(error).__name__)
        return Kept()


def _storable(wish: Wish) -> Wish:
    nowhere = seen_from(wish, None)
    return replace(
        nowhere,
        when=tuple(
            Interval(each.start.astimezone(UTC), each.end.astimezone(UTC)) for each in wish.when
        ),
    )
