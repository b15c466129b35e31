"""Looks that a person or a program asks for by name, outside any conversation: verify these events, search for that.

The same look as a turn's, under the same limits. Enter at `verified` and `searched`.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

from puls.catalogue.event import Event
from puls.errors import PulsError
from puls.phrasing import Language
from puls.understanding.wish import Wish
from puls.web_search.looking import Look, Looking, Step
from puls.web_search.policy import QUICK, LookPlan, bounds_of
from puls.web_search.values import Check, Depth, Looked, Outcome, Why

LEAST_SECONDS, MOST_SECONDS = 0.5, 8.0  # of a verification; the usual is that of a quick look


class WebOffError(PulsError):
    """Looking on the web is switched off here; nothing was looked at."""

    code, status = "web_off", 503

    def __init__(self) -> None:
        super().__init__(
            "Looking on the web is switched off on this server: nothing was checked, the catalogue stands as it is."
        )


async def verified(
    looking: Looking,
    events: Sequence[Event],
    *,
    within: float = QUICK.seconds,
    invented: frozenset[str] = frozenset(),
    tell: Callable[[Step], None] = lambda _: None,
) -> tuple[Check, ...]:
    """What is seen now of each event, in their order; `within` so many seconds in all.

    `invented`: sources whose events are nowhere else, so that nothing is asked about them.
    """
    real = [event for event in events if event.attribution.source not in invented]
    checks: dict[str, Check] = {}
    at = looking.now()
    if real:
        look = Look(plan=LookPlan(why=(Why.ASKED,), events=tuple(real)), wish=Wish())
        looked = await looking.look(look, bounds=replace(QUICK, seconds=within), tell=tell)
        checks = {check.uid: check for check in looked.checks}
    return tuple(
        checks.get(event.uid)
        or Check(uid=event.uid, outcome=Outcome.UNREADABLE, at=at, why_not="no_link")
        for event in events
    )


async def searched(
    looking: Looking,
    wish: Wish,
    *,
    about: str,
    depth: Depth = "quick",
    shown: Sequence[Event] = (),
    language: Language = "fr",
    timezone: str = "Europe/Paris",
    tell: Callable[[Step], None] = lambda _: None,
) -> Looked:
    """What the web has for a wish, said in the words `about`; events that are `shown` already are left out."""
    look = Look(
        plan=LookPlan(why=(Why.ASKED,), searches=True),
        wish=wish,
        shown=shown,
        about=about,
        language=language,
        timezone=timezone,
    )
    bounds = bounds_of(depth, seconds=looking.quick_seconds)
    return await looking.look(look, bounds=bounds, tell=tell)
