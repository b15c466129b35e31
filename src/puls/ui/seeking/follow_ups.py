"""What to say next, one tap each: what the answer offers, and what narrows the list, counted. Pure but for `follow_ups`.

Each is a message as a visitor would write it, so that the conversation keeps its place and day. Enter at `follow_ups`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from puls.bootstrap import Puls
from puls.catalogue.event import Accessibility, Interval
from puls.conversation.turn import EventsFound
from puls.phrasing import Language
from puls.retrieval.relaxing import count_wishes
from puls.retrieval.theme import Match
from puls.ui.texts import texts
from puls.understanding.turns import Act
from puls.understanding.when.calendar import weekend_of
from puls.understanding.wish import Wish

_SEARCHES = frozenset({Act.SEARCH, Act.CHANGE, Act.MORE, Act.ABOUT_ME})
_MOST = 4
_EVENING_FROM = 18


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUp:
    """`words`: the message it sends, which is also its label."""

    words: str
    count: int | None = None


async def follow_ups(
    found: EventsFound, *, puls: Puls, now: datetime, language: Language
) -> Sequence[FollowUp]:
    """What narrows a list that has several events, those that leave some of them; nothing where the offers stand already."""
    understood, shown = found.answer.understood, found.answer.found
    if understood.act not in _SEARCHES or found.plans or shown.match is Match.NOTHING:
        return ()
    if shown.fitting < 2:  # noqa: PLR2004 # one event is no choice
        return ()
    narrower = dict(_narrower(understood.wish, now=now, timezone=puls.settings.timezone))
    counts = await count_wishes(
        puls.database, puls.search, list(narrower.values()), now=now, only_sure=True
    )
    words = texts(language)
    told = [
        FollowUp(words=words[f"quick_{name}"], count=count.events)
        for name, count in zip(narrower, counts, strict=True)
        if 0 < count.events < shown.fitting
    ]
    more = [FollowUp(words=words["follow_up_more"])] if shown.fitting > len(found.events) else []
    return [*told[:_MOST], *more]


def _narrower(wish: Wish, *, now: datetime, timezone: str) -> Iterator[tuple[str, Wish]]:
    zone = ZoneInfo(timezone)
    today = now.astimezone(zone).date()
    if wish.free is None and wish.max_price is None:
        yield "free", replace(wish, free=True)
    if not wish.when:
        midnight = datetime.combine(today, time(), tzinfo=zone)
        day = timedelta(days=1)
        saturday, monday = (
            datetime.combine(each, time(), tzinfo=zone) for each in weekend_of(today)
        )
        yield (
            "tonight",
            replace(wish, when=(Interval(midnight.replace(hour=_EVENING_FROM), midnight + day),)),
        )
        yield "tomorrow", replace(wish, when=(Interval(midnight + day, midnight + 2 * day),))
        yield "weekend", replace(wish, when=(Interval(max(now, saturday), monday),))
    if not wish.accessibility:
        motor = frozenset({Accessibility.MOTOR})
        yield "wheelchair", replace(wish, accessibility=motor)
