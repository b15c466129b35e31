"""A follow-up is the previous wish and a change: « et dimanche ? », « plutôt gratuit ».

Pure. Enter at `changed`; `hours_of_same_days` reads « et le soir ? » and `reach` what is said of distance.
"""

import re
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from puls.catalogue.event import Interval
from puls.geo.names import fold
from puls.understanding.conditions import Conditions
from puls.understanding.day_rules import Today
from puls.understanding.days import days_named
from puls.understanding.hours import Hours, hours_named
from puls.understanding.when import When
from puls.understanding.where import WhereRead
from puls.understanding.wish import Wish
from puls.understanding.words import Message

_Item = TypeVar("_Item")

# Words that say what kind of event, and so replace the earlier theme.
_KIND = re.compile(
    r"(?<!\S)(?:concerts?|expos?|expositions?|spectacles?|ateliers?|stages?|festivals?|"
    r"conferences?|visites?|visiter|balades?|"
    r"randonnees?|theatre|pieces?|cinema|films?|danse|cirque|opera|marches?|brocantes?|jeux|"
    r"lectures?|contes?|musees?|musique|"
    r"activites?|exhibitions?|shows?|workshops?|talks?|museums?|movies?|plays?|games?|soirees?|"
    r"humour|sport|projections?)(?!\S)"
)
_ONLY_KIND = re.compile(
    rf"(?:(?:de|d|des|du|un|une|le|la|les|pour|en) ?|{_KIND.pattern} ?){{1,12}}"
)
# Words that only add to a theme: an audience, a manner.
_ADDED = re.compile(
    r"^(?:pour|avec|for|with|en|in|au|a l|accessibles?|outdoors?|plein air|dehors) "
)
_FOR_CHILDREN = re.compile(
    r"(?: (?:pour|avec|for|with|de|et))?(?: (?:les|des|mes|un|une|the|my|tout))*"
    r" (?:enfants?|petits|tout-petits|adolescents|ados?|bébés?|kids|children)(?!\w)",
    re.IGNORECASE,
)
_LATE_EVENING = re.compile(
    r"(?<!\S)(?:plus tard dans la (?:soiree|nuit)|plus tard le soir|later in the evening|"
    r"later that (?:night|evening)|later at night)(?!\S)"
)
_LATE: Hours = (21.0, 24.0)
_LATER = re.compile(
    r"(?<!\S)(?:(?:un peu |plutot |bien |something |a bit )*(?:plus tard|later(?: on)?)|"
    r"(?:la )?semaine (?:d apres|suivante)|(?:les )?jours (?:d apres|suivants)|(?:the )?(?:week|days) after|"
    r"(?:the )?following (?:week|days))(?!\S)(?! (?:que|than|dans (?:la|le)|le soir|in the|that)(?!\S))"
)
_LOOKED_LATER = timedelta(days=7)
_MOST_DAYS = 31
_DAWN_HOUR = 6  # a night that ends by then belongs to the day before


def changed(
    previous: Wish, *, topic: str, when: When, where: WhereRead, conditions: Conditions
) -> Wish:
    """The previous wish with what the follow-up says in place of what it replaces."""
    wish = replace(previous, topic=_topic(previous.topic, topic, conditions))
    if conditions.categories or _names_another_kind(topic):
        wish = replace(wish, categories=conditions.categories)
    if when.is_free or when.intervals:
        wish = replace(wish, when=when.intervals)
    if where.is_free or where.where is not None:
        wish = replace(wish, where=where.where)
    if conditions.is_price_free:
        wish = replace(wish, free=None, max_price=None)
    if conditions.is_paid_fine:
        wish = replace(wish, free=None)
    if conditions.free is not None:
        wish = replace(wish, free=conditions.free, max_price=None)
    if conditions.max_price is not None:
        wish = replace(wish, max_price=conditions.max_price, free=None)
    manner = conditions.manner
    return replace(
        wish,
        ages=() if conditions.is_without_children else conditions.ages or wish.ages,
        setting=manner.setting or wish.setting,
        spoken_language=manner.spoken_language or wish.spoken_language,
        max_minutes=manner.max_minutes or wish.max_minutes,
        party_size=manner.party_size or wish.party_size,
        number_wanted=manner.number_wanted or wish.number_wanted,
        accessibility=wish.accessibility | conditions.accessibility,
        online=wish.online if conditions.online is None else conditions.online,
        order=wish.order if conditions.order == "relevance" else conditions.order,
        excluded_categories=_together(wish.excluded_categories, conditions.excluded_categories),
        excluded_words=_together(wish.excluded_words, conditions.excluded_words),
    )


def hours_of_same_days(
    message: Message, previous: tuple[Interval, ...], *, now: datetime, timezone: str
) -> tuple[Interval, ...]:
    """« et le soir ? », « après 20h »: those hours of the days asked for before; empty when a day is named.

    Claims the words.
    """
    local = now.astimezone(ZoneInfo(timezone))
    if not previous or days_named(message, Today(local.date(), hour=local.hour)):
        return ()
    late = message.find(_LATE_EVENING)
    hours = [_LATE] if late else []
    for match in late:
        message.claim(match, "when")
    for each in hours_named(message):
        if not each.is_weak:
            hours.append(each.hours)
            message.claim_words(*message.word_range(each.start, each.end), "when")
    return tuple(
        Interval(max(start, now), end)
        for day in _days_of(previous, ZoneInfo(timezone))
        for first, last in hours[:1]
        for start, end in [(_at(day, first, timezone), _at(day, last, timezone))]
        if end > now
    )


def days_after(
    message: Message, previous: tuple[Interval, ...], *, now: datetime, timezone: str
) -> tuple[Interval, ...]:
    """« plus tard », « la semaine d'après »: the seven days that follow those asked for before, or the next seven.

    Claims the words.
    """
    later = message.find(_LATER)
    if not later:
        return ()
    for match in later:
        message.claim(match, "when")
    zone = ZoneInfo(timezone)
    asked = max((interval.end for interval in previous), default=now + _LOOKED_LATER)
    last = (asked.astimezone(zone) - timedelta(hours=_DAWN_HOUR, minutes=1)).date()
    first = datetime.combine(last + timedelta(days=1), time(), tzinfo=zone)
    return (
        Interval(
            first, datetime.combine(last + timedelta(days=1) + _LOOKED_LATER, time(), tzinfo=zone)
        ),
    )


def _days_of(intervals: tuple[Interval, ...], zone: ZoneInfo) -> list[date]:
    days: dict[date, None] = {}
    for interval in intervals:
        day, end = interval.start.astimezone(zone).date(), interval.end.astimezone(zone)
        last = (end - timedelta(hours=_DAWN_HOUR, minutes=1)).date()
        while day <= max(last, interval.start.astimezone(zone).date()) and len(days) < _MOST_DAYS:
            days[day] = None
            day += timedelta(days=1)
    return list(days)


def _at(day: date, hour: float, timezone: str) -> datetime:
    """An hour of a day, which may pass 24, by the clocks of the zone."""
    midnight = datetime.combine(day, time()) + timedelta(hours=hour)
    return midnight.replace(tzinfo=ZoneInfo(timezone))


def _names_another_kind(topic: str) -> bool:
    return bool(topic) and not _ADDED.match(fold(topic)) and bool(_KIND.search(fold(topic)))


def _topic(earlier: str, change: str, conditions: Conditions) -> str:
    """A new kind replaces the theme; an audience, a manner or a style is added to it."""
    if conditions.is_without_children:
        earlier = _FOR_CHILDREN.sub("", f" {earlier}").strip()
    if not change or not earlier:
        return change or earlier
    if _ADDED.match(f"{fold(change)} ") or (
        _ONLY_KIND.fullmatch(fold(earlier)) and not _KIND.search(fold(change))
    ):
        return earlier if fold(change) in fold(earlier) else f"{earlier} {change}"
    return change


def _together(earlier: tuple[_Item, ...], added: tuple[_Item, ...]) -> tuple[_Item, ...]:
    return tuple(dict.fromkeys((*earlier, *added)))
