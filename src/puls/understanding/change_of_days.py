"""The days of a wish after a message: those it says, in the light of those asked for before. Pure.

Hours alone keep the day, « le même jour » keeps its hours, « le 29 je peux pas, le 30 oui » moves it. Enter at `with_days`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from puls.catalogue.event import Interval
from puls.understanding.earlier import goes_on_as_before
from puls.understanding.judging.signs import is_corrected
from puls.understanding.message import Message
from puls.understanding.notices import Notice
from puls.understanding.when.days import Clock
from puls.understanding.when.intervals import intervals_of
from puls.understanding.when.stays import within_stay
from puls.understanding.when.times import Time
from puls.understanding.wish import Wish

_DAWN_HOUR = 6
_LIST_REACH = 3  # words between two of a list
_LATER_IN_DAY = re.compile(
    r"(?<!\S)(?:plus tard(?: dans la (?:journee|soiree|nuit)| le (?:meme jour|soir))?|un peu plus tard|later(?: (?:on|in the day|that day|that evening|that night|in the evening))?|apres)$|(?<!\S)plus tard dans la (?:journee|soiree|nuit)(?!\S)|(?<!\S)later (?:in the day|that day|that evening|that night|in the evening)(?!\S)"
)
_EARLIER_IN_DAY = re.compile(
    r"(?<!\S)(?:(?:un peu |bien |beaucoup )?plus tot(?: dans la (?:journee|soiree))?|earlier(?: in the day| that day)?)(?!\S)(?! (?:que|dans le mois|dans la semaine|dans l annee))"
)


_SAME_HOURS = re.compile(r"(?<!\S)(?:memes? (?:heures?|horaires?)|same (?:time|hours?))(?!\S)")


@dataclass(frozen=True, slots=True)
class SaidOfTime:
    """The times of a message: meant, left out, told but not meant."""

    times: Sequence[Time]
    left_out: Sequence[Time]
    told: Sequence[Time]


def with_days(
    wish: Wish,
    message: Message,
    said: SaidOfTime,
    base: Clock,
    *,
    is_more: bool,
    now: datetime,
    timezone: str,
) -> tuple[Wish, tuple[Notice, ...]]:
    """The wish at the times that a message says, with what to tell of them. `is_more`: they add to those before."""
    clock = base if wish.when else replace(base, anchor=())
    named = _without_what_is_explained(within_stay(message, said.times, said.told))
    if wish.when and named and all(_is_the_same_day(each) for each in named):
        return wish, ()
    times = [_anchored(each, (*named, *said.left_out), said.told) for each in named]
    is_only_weak = all(
        each.point is None and each.hours and all(one.is_weak for one in each.hours)
        for each, _ in times
    )
    shifted = (
        _moved_in_day(message, wish.when, now=now, timezone=timezone)
        if is_only_weak and wish.when
        else ()
    )
    if shifted:
        return replace(wish, when=shifted), ()
    if not times and not said.left_out:
        return wish, ()
    replaced = {
        id(anchor)
        for each, anchor in times
        if anchor is not None and not _are_listed(message, anchor, each)
    }
    used = [each for each, _ in times if id(each) not in replaced]
    corrected = next((each for each in said.told if _is_corrected_day(message, each, used)), None)
    if corrected is not None:
        times = [(each, corrected) for each in used]
    found = intervals_of(
        used,
        said.left_out,
        _clock_with(clock, times),
        now=now,
        timezone=timezone,
        before=wish.when,
    )
    if not found.intervals:
        return wish, found.notices
    if len(used) == 1 and used[0].bound is not None and len(wish.when) == 1:
        found = replace(found, intervals=_within(found.intervals, wish.when[0]))
    if (
        goes_on_as_before(message)
        or _SAME_HOURS.search(message.line)
        or (said.left_out and wish.when)
    ):
        found = replace(found, intervals=_at_the_same_hours(found.intervals, wish.when, timezone))
    intervals = (
        tuple(sorted({*wish.when, *found.intervals}, key=lambda each: (each.start, each.end)))
        if is_more
        else found.intervals
    )
    return replace(wish, when=intervals), found.notices


def _is_the_same_day(each: Time) -> bool:
    """« un marché, le même jour »: at the hours asked for."""
    return each.point is not None and each.point.days.is_same and not each.point.hours


def _without_what_is_explained(times: Sequence[Time]) -> list[Time]:
    """« la semaine d'après, du 30 au 5 »: the dates."""
    return [
        each
        for each in times
        if not each.needs_anchor
        or not any(other.until and 0 < other.first - each.last <= 1 for other in times)
    ]


def _is_corrected_day(message: Message, each: Time, used: Sequence[Time]) -> bool:
    """« samedi 5 décembre, non, plutôt le dimanche »: the Sunday of that week."""
    is_date = each.point is not None and each.until is None and each.point.days.unit == "day"
    return (
        is_date
        and len(used) == 1
        and used[0].point is not None
        and bool(used[0].point.days.weekdays)
        and each.last < used[0].first
        and is_corrected(message, each.last, used[0].first)
    )


def _are_listed(message: Message, first: Time, second: Time) -> bool:
    """« samedi et le lendemain »: both."""
    between = [
        message.norm(at)
        for at in range(min(first.last, second.last) + 1, max(first.first, second.first))
    ]
    return (
        bool(between)
        and len(between) <= _LIST_REACH
        and any(word in ("et", "ou", "and", "or") for word in between)
    )


def _anchored(each: Time, times: Sequence[Time], told: Sequence[Time]) -> tuple[Time, Time | None]:
    """A time that counts from days spoken of, with the time in the same message that it counts from."""
    if not each.needs_anchor:
        return each, None
    every = [*times, *told]
    before = [
        other
        for other in every
        if other is not each
        and other.point is not None
        and not other.needs_anchor
        and other.last < each.first
    ]
    after = [
        other
        for other in every
        if other is not each and other.point is not None and not other.needs_anchor
    ]
    return each, (before[-1] if before else after[0] if after else None)


def _within(intervals: tuple[Interval, ...], before: Interval) -> tuple[Interval, ...]:
    """« après le 15 », said of December: until its end."""
    is_long = before.end - before.start > timedelta(days=_SHORT_STRETCH)
    inside = tuple(
        Interval(max(each.start, before.start), min(each.end, before.end))
        for each in intervals
        if before.start <= each.start < before.end or before.start < each.end <= before.end
    )
    return inside if is_long and inside else intervals


_SHORT_STRETCH = 6  # days


def _at_the_same_hours(
    intervals: tuple[Interval, ...], before: Sequence[Interval], timezone: str
) -> tuple[Interval, ...]:
    """« comme tout à l'heure, mais samedi »: whole days at the hours of the day before."""
    zone = ZoneInfo(timezone)
    if not before or before[0].end - before[0].start >= timedelta(days=1):
        return intervals
    start, end = (each.astimezone(zone) for each in (before[0].start, before[0].end))
    moved = []
    for each in intervals:
        begin = each.start.astimezone(zone).replace(hour=start.hour, minute=start.minute)
        moved.append(
            Interval(begin, begin + (end - start))
            if each.end - each.start == timedelta(days=1)
            else each
        )
    return tuple(moved)


def _clock_with(clock: Clock, times: Sequence[tuple[Time, Time | None]]) -> Clock:
    anchor = next((other for _, other in times if other is not None), None)
    if anchor is None:
        return clock
    spans = tuple(
        (start.date(), (end - timedelta(microseconds=1)).date() + timedelta(days=1))
        for start, end in anchor.spans(clock)
    )
    return replace(clock, anchor=spans) if spans else clock


def _moved_in_day(
    message: Message, intervals: tuple[Interval, ...], *, now: datetime, timezone: str
) -> tuple[Interval, ...]:
    """« plus tôt », « plus tard dans la journée »: the hours of the same day before or after those asked for."""
    later, earlier = _LATER_IN_DAY.search(message.line), _EARLIER_IN_DAY.search(message.line)
    zone = ZoneInfo(timezone)
    first, last = intervals[0], intervals[-1]
    start, end = first.start.astimezone(zone), last.end.astimezone(zone)
    is_one_day = (end - timedelta(hours=_DAWN_HOUR, minutes=1)).date() <= start.date()
    midnight = datetime.combine(start.date(), time(), tzinfo=zone)
    has_hours = start.time() != time() or end.time() != time()
    if not is_one_day or not has_hours or not (later or earlier):
        return ()
    span = (
        (end, midnight + timedelta(days=1))
        if later
        else (max(midnight, now.astimezone(zone)), start)
    )
    return (Interval(*span),) if span[0] < span[1] else ()
