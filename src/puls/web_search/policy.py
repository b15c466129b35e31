"""When Puls looks on the web, and how far: stated here, told in the answer, tested. Pure.

It looks when the visitor asks for it, or for what only the web knows (tickets left, called off, opening hours, news of an
artist); when the catalogue holds too little on theme; and when what it would propose is near and its record is old. It
never looks for small talk. What a message asks of the web is read by `asking`. Enter at `plan_of`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from puls.catalogue.event import Event
from puls.understanding.turns import ABOUT_SHOWN, WITHOUT_WISH, Act
from puls.understanding.wish import Wish
from puls.web_search.values import Depth, Why

SOON = timedelta(hours=48)
OLD = timedelta(hours=24)
FEW = 3  # events on theme; fewer are worth a look elsewhere


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """How far a depth goes: seconds in all, events checked, searches sent, pages read of what they found."""

    seconds: float
    checks: int
    searches: int
    pages: int


QUICK = Bounds(seconds=3.0, checks=5, searches=1, pages=3)
THOROUGH = Bounds(seconds=8.0, checks=10, searches=2, pages=6)


def bounds_of(depth: Depth, *, seconds: float) -> Bounds:
    """The bounds of a depth. `seconds`: what an operator allows a quick look; a thorough one takes as much longer as usual."""
    usual = THOROUGH if depth == "thorough" else QUICK
    return Bounds(
        seconds=usual.seconds * seconds / QUICK.seconds,
        checks=usual.checks,
        searches=usual.searches,
        pages=usual.pages,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ToCheck:
    """An event that the answer speaks of: when it begins next, and when its record was last read, both aware."""

    event: Event
    starts_at: datetime | None
    read_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What is known when Puls decides: the act, the wish, the events of the answer best first, how many are on theme.

    `is_about`: the message asks about these very events; `can_search`: a search provider is configured.
    """

    act: Act
    wish: Wish
    now: datetime
    asked: Why | None = None
    events: Sequence[ToCheck] = ()
    on_theme: int = 0
    is_about: bool = False
    can_search: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class LookPlan:
    """What looking is to do: check these events, and search or not."""

    why: tuple[Why, ...]
    events: tuple[Event, ...] = ()
    searches: bool = False


def plan_of(situation: Situation, *, depth: Depth, checks: int = QUICK.checks) -> LookPlan | None:
    """What to look for; None when there is nothing to look for."""
    if depth == "off":
        return None
    is_small_talk = situation.act in WITHOUT_WISH and not situation.is_about
    if is_small_talk or (situation.act in ABOUT_SHOWN and not situation.events):
        return None
    why: list[Why] = []
    if situation.asked is not None:
        why.append(situation.asked)
    searches = bool(why) and (situation.asked is Why.ASKED or bool(situation.wish.topic))
    is_thin = situation.on_theme < FEW and situation.can_search
    if is_thin and not situation.is_about and situation.wish.topic:
        why.append(Why.TOO_FEW)
        searches = True
    old = [each for each in situation.events if is_soon_and_old(each, now=situation.now)]
    if old:
        why.append(Why.SOON_AND_OLD)
    chosen = [each.event for each in (situation.events if situation.asked else old)]
    if not why or not (chosen or searches):
        return None
    return LookPlan(why=tuple(why), events=tuple(chosen[:checks]), searches=searches)


def is_soon_and_old(each: ToCheck, *, now: datetime) -> bool:
    """Whether it begins within two days, and nobody read its record today. One under way counts as soon."""
    is_soon = each.starts_at is not None and each.starts_at < now + SOON
    is_old = each.read_at is None or each.read_at < now - OLD
    return is_soon and is_old
