"""An outing of several parts: « samedi : une expo l'après-midi puis un concert » as an ordered list of wishes.

Pure. Each part is read like a question of its own; place, price and people are those of the whole message, and a
part that names no day is on the day of the others. An outing told in one word (« une journée à Lille ») gets the usual
parts of it. Enter at `slots_of`.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from puls.catalogue.event import Category, Interval
from puls.geo.gazetteer import Gazetteer
from puls.language.lexicon import Hours
from puls.outings.parts import (
    asks_for_meal,
    kinds_named,
    pieces_of,
    tells_a_day_out,
    usual_parts,
    without_plan_words,
)
from puls.understanding.question import Understood, understand
from puls.understanding.turns import Act
from puls.understanding.where.venues import VenueNames
from puls.understanding.wish import Wish

MOST_SLOTS = 4
_SATURDAY, _WEEKEND = 5, 2  # the weekday; days
MOST_DAYS = 7  # an outing without a day is looked for in the coming week
_WHOLE_DAY: Hours = (0.0, 26.0)  # a concert that starts past midnight belongs to the evening before
_NOON, _EVENING, _NIGHT = 12.0, 17.5, 21.5


PartOfDay = Literal["morning", "afternoon", "evening", "night"]
"""The part of a day, by the hour at which it begins."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One part of an outing.

    `wish` can be searched as it is; its `max_price`, in euros per person, is the budget of the whole outing.
    `kinds`: the kinds of event that its theme names (« une expo »); empty when it names none or several.
    `part` is None when any hour will do. `is_same_day`: on the day of the part before, whichever of them it is. `uid`: the one event that fills it, when the
    visitor chose it.
    """

    wish: Wish
    kinds: tuple[Category, ...] = ()
    part: PartOfDay | None = None
    is_same_day: bool = False
    uid: str | None = None
    is_chosen: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Piece:
    """What one part says: what for, which windows of which days."""

    wish: Wish
    hours: Hours | None
    intervals: tuple[Interval, ...]  # of the days that it names itself
    names_days: bool

    def days(self, zone: ZoneInfo) -> tuple[date, ...]:
        return days_of(self.intervals, zone)


def slots_of(
    text: str,
    understood: Understood,
    *,
    now: datetime,
    gazetteer: Gazetteer,
    timezone: str = "Europe/Paris",
    venues: VenueNames | None = None,
) -> tuple[Slot, ...]:
    """The parts of an outing, in the order in which they happen; at most `MOST_SLOTS`.

    `understood` is the whole message (with the values given on the page): its place, price and people hold for every
    part. A message that asks for one thing gives one part. A meal is no part: Puls knows none.
    """
    zone = ZoneInfo(timezone)
    words = pieces_of(text)
    read = _Reader(now=now, gazetteer=gazetteer, timezone=timezone, venues=venues)
    pieces = [
        read.next(piece) for piece in words if not asks_for_meal(piece) or len(words) == 1
    ] or [read.next(text)]
    pieces = _under_given_days(pieces, understood.wish)
    days = _days_of_outing(pieces, understood.wish, now=now, zone=zone)
    if len(days) > _WEEKEND and all(day.weekday() >= _SATURDAY for day in days):
        days = days[:_WEEKEND]  # « un week-end » is one of them
    if len(pieces) == 1:
        parts = usual_parts(text, has_theme=bool(pieces[0].wish.topic), ages=understood.wish.ages)
        if parts:
            return tuple(_usual(parts, pieces[0], understood.wish, days, now=now, zone=zone))
    return tuple(_said(pieces[:MOST_SLOTS], understood.wish, days, now=now, zone=zone))


def asks_for_outing(text: str, understood: Understood) -> bool:
    """Whether a message wants an outing of several parts rather than a list of events."""
    if understood.act is Act.PLAN:
        return True
    is_whole_day = understood.act is Act.SEARCH and not understood.wish.topic
    return is_whole_day and tells_a_day_out(text)


def days_of(intervals: Iterable[Interval], zone: ZoneInfo) -> tuple[date, ...]:
    """The local days that intervals begin on or cross, at most `MOST_DAYS`, in order."""
    days: set[date] = set()
    for interval in intervals:
        day = interval.start.astimezone(zone).date()
        last = (interval.end - timedelta(microseconds=1)).astimezone(zone)
        final = last.date() if last.hour >= 6 or last.date() == day else last.date() - timedelta(1)  # noqa: PLR2004 # a night belongs to the day before
        while day <= final and len(days) < MOST_DAYS:
            days.add(day)
            day += timedelta(days=1)
    return tuple(sorted(days))


@dataclass(slots=True, kw_only=True)
class _Reader:
    """Reads the parts one after the other: « samedi soir… et dimanche matin » is the Sunday after that Saturday."""

    now: datetime
    gazetteer: Gazetteer
    timezone: str
    venues: VenueNames | None
    _latest: datetime | None = None

    def next(self, words: str) -> _Piece:
        piece = self._read(words, self.now)
        since = self._latest or self.now
        if piece.names_days and (not piece.intervals or piece.intervals[-1].end <= since):
            tomorrow = since.astimezone(ZoneInfo(self.timezone)).date() + timedelta(days=1)
            midnight = datetime.combine(tomorrow, time(), tzinfo=ZoneInfo(self.timezone))
            again = self._read(words, midnight)
            if again.intervals and again.intervals[0].start < midnight + timedelta(days=MOST_DAYS):
                piece = again
        if piece.intervals:
            self._latest = piece.intervals[0].start
        return piece

    def _read(self, words: str, now: datetime) -> _Piece:
        understood = understand(
            words, now=now, gazetteer=self.gazetteer, timezone=self.timezone, venues=self.venues
        )
        wish = replace(understood.wish, topic=without_plan_words(understood.wish.topic))
        times = understood.said.times
        named = [one for each in times for one in (each.point.hours if each.point else each.hours)]
        hours = [each.hours for each in named if not each.is_weak] or [each.hours for each in named]
        hours = hours or [
            each.point.days.hours for each in times if each.point and each.point.days.hours
        ]
        names_days = any(each.point is not None for each in times)
        return _Piece(
            wish=wish,
            hours=_narrowed(hours),
            intervals=wish.when if names_days else (),
            names_days=names_days,
        )


def _narrowed(hours: Sequence[Hours]) -> Hours | None:
    """« l'après-midi à partir de 15 h » narrows; of two that exclude each other the first counts."""
    if not hours:
        return None
    first, last = hours[0]
    for start, end in hours[1:]:
        if max(first, start) < min(last, end):
            first, last = max(first, start), min(last, end)
    return first, last


def _under_given_days(pieces: Sequence[_Piece], whole: Wish) -> list[_Piece]:
    """A day chosen on the page wins: when all days in the words lie outside of it, they count no more."""
    named = [interval for piece in pieces for interval in piece.intervals]
    if not whole.when or any(one.overlaps(other) for one in named for other in whole.when):
        return list(pieces)
    return [replace(piece, intervals=()) for piece in pieces]


def _days_of_outing(
    pieces: Sequence[_Piece], whole: Wish, *, now: datetime, zone: ZoneInfo
) -> tuple[date, ...]:
    """The days of parts that name none: those of the first part that does, else those given, else the coming week."""
    named = next((piece.intervals for piece in pieces if piece.intervals), ())
    if named:
        return days_of(named, zone)
    today = now.astimezone(zone).date()
    week = tuple(today + timedelta(days=ahead) for ahead in range(MOST_DAYS))
    has_hours = any(piece.hours for piece in pieces)
    if whole.when and not (has_hours and len(whole.when) > MOST_DAYS):
        return days_of(whole.when, zone)
    return week


def _said(
    pieces: Sequence[_Piece],
    whole: Wish,
    days: tuple[date, ...],
    *,
    now: datetime,
    zone: ZoneInfo,
) -> Iterator[Slot]:
    """The parts as they were said; one without hours comes after the one before."""
    places = {piece.wish.where for piece in pieces if piece.wish.where is not None}
    earliest: float = 0.0
    current = days
    slots: list[Slot] = []
    for piece in pieces:
        own_days = piece.days(zone)
        is_other_day = bool(own_days) and bool(set(own_days).intersection(days)) is False
        if own_days and (is_other_day or len(own_days) < len(current)):
            earliest = earliest if own_days == current else 0.0
            current = own_days
        hours = piece.hours or (earliest, _WHOLE_DAY[1])
        earliest = hours[0]
        slot = _slot(piece, whole, current, hours, now=now, zone=zone)
        if len(places) > 1 and piece.wish.where is not None:
            slot = replace(slot, wish=replace(slot.wish, where=piece.wish.where))
        is_same_day = bool(slots) and days_of(slots[-1].wish.when, zone) == current
        part = _part(piece.hours) if piece.hours else None
        slots.append(replace(slot, part=part, is_same_day=is_same_day))
    yield from _in_order(slots)


def _in_order(slots: list[Slot]) -> list[Slot]:
    """« un concert le soir, et avant cela une expo l'après-midi » happens the other way round."""
    for at in range(1, len(slots)):
        earlier, later = slots[at - 1], slots[at]
        if not (later.is_same_day and later.part and earlier.part):
            continue
        if (
            later.wish.when
            and earlier.wish.when
            and later.wish.when[0].end <= earlier.wish.when[0].start
        ):
            slots[at - 1] = replace(later, is_same_day=earlier.is_same_day)
            slots[at] = replace(earlier, is_same_day=True)
    return slots


def _usual(
    parts: Sequence[Hours],
    piece: _Piece,
    whole: Wish,
    days: tuple[date, ...],
    *,
    now: datetime,
    zone: ZoneInfo,
) -> Iterator[Slot]:
    """The parts of « une journée », on each day of « un week-end »; of any one day when several are possible."""
    is_each_day = 1 < len(days) * len(parts) <= MOST_SLOTS and len(days) > 1
    for group in [(day,) for day in days] if is_each_day else [days]:
        for at, hours in enumerate(parts[:MOST_SLOTS]):
            slot = _slot(piece, whole, group, hours, now=now, zone=zone)
            if slot.wish.when:
                yield replace(slot, part=_part(hours), is_same_day=at > 0)


def _slot(
    piece: _Piece,
    whole: Wish,
    days: tuple[date, ...],
    hours: Hours,
    *,
    now: datetime,
    zone: ZoneInfo,
) -> Slot:
    own = piece.wish
    return Slot(
        kinds=kinds_named(own.topic),
        wish=replace(
            whole,
            topic=own.topic,
            when=tuple(_windows(days, hours, now=now, zone=zone)),
            categories=own.categories or whole.categories,
            setting=own.setting or whole.setting,
            max_minutes=own.max_minutes,
            number_wanted=None,
            order="relevance",
        ),
    )


def _windows(
    days: Iterable[date], hours: Hours, *, now: datetime, zone: ZoneInfo
) -> Iterator[Interval]:
    for day in days:
        midnight = datetime.combine(day, time())
        start = (midnight + timedelta(hours=hours[0])).replace(tzinfo=zone)
        end = (midnight + timedelta(hours=hours[1])).replace(tzinfo=zone)
        start = max(start, now.astimezone(zone))
        if start < end:
            yield Interval(start, end)


def _part(hours: Hours) -> PartOfDay:
    if hours[0] < _NOON:
        return "morning"
    if hours[0] < _EVENING:
        return "afternoon"
    return "evening" if hours[0] < _NIGHT else "night"
