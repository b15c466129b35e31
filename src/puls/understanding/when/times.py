"""A time that words name, as a value: days with their hours, a stretch from one moment to another, a bound. Pure.

It knows its spans once it is known when it is asked (`Time.spans`). `expressions` reads times from a message, `intervals` takes them together.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Literal

from puls.language.lexicon import Hours
from puls.understanding.when import calendar, days
from puls.understanding.when.days import Clock, Days
from puls.understanding.when.hours import AROUND_AFTER, NamedHours

Span = tuple[datetime, datetime]
"""Local moments without a zone, half-open."""

Bound = Literal["from", "after", "until", "before"]

_MOST_DAILY = 31  # a longer list of evenings is given as one span, its hours dropped
_LONG = ("month", "season", "holidays")
_NOON_ENDS = 13.0  # « jusqu'à dimanche midi »: lunch is over


@dataclass(frozen=True, slots=True)
class Point:
    """Days with the hours that were said of them."""

    days: Days
    hours: tuple[NamedHours, ...] = ()

    def daily(self) -> tuple[Hours, ...]:
        if self.hours:
            return tuple(each.hours for each in self.hours)
        return (self.days.hours,) if self.days.hours else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Time:
    """An expression of time from one word to another, the last included.

    `point` alone: on those days. `until`: from `point` to that one, each with its hours as a moment. `bound`: from it on, or up to it.
    Without a point: `hours` of any day, `length` days from a start that another expression gives, or so many hours `ahead` of now. `daily`: hours
    of each day of a span. `is_next`: hours of the coming day alone, not of any.
    """

    first: int
    last: int
    point: Point | None = None
    until: Point | None = None
    bound: Bound | None = None
    hours: tuple[NamedHours, ...] = ()
    daily: tuple[NamedHours, ...] = ()
    length: int | None = None
    ahead: tuple[float, float] | None = None
    is_between: bool = False
    is_next: bool = False

    @property
    def is_theme(self) -> bool:
        return self.point is not None and self.point.days.is_theme

    @property
    def is_of_a_theme(self) -> bool:
        """Whether the words may say what is sought as well: « Noël »."""
        return self.point is not None and (self.point.days.is_theme or self.point.days.is_kept)

    @property
    def needs_anchor(self) -> bool:
        return self.point is not None and self.point.days.needs_anchor

    def spans(self, clock: Clock) -> list[Span]:
        """Every span it means; none when no such day is, or when it names no day."""
        if self.ahead is not None:
            now = clock.now
            return [(now + timedelta(hours=self.ahead[0]), now + timedelta(hours=self.ahead[1]))]
        if self.point is None:
            return []
        if self.until is not None:
            spans = self._between(clock)
        elif self.bound is not None:
            spans = self._bounded(clock)
        else:
            return _on_days(self.point.days.resolve(clock), self.point.daily())
        if not self.daily or not spans:
            return spans
        whole = [
            (start.date(), (end - timedelta(microseconds=1)).date() + timedelta(days=1))
            for start, end in spans
        ]
        return _on_days(tuple(whole), tuple(each.hours for each in self.daily))

    def _between(self, clock: Clock) -> list[Span]:
        assert self.point is not None
        assert self.until is not None
        ends = _both_ends(self.point.days, self.until.days, clock, is_between=self.is_between)
        if ends is None:
            return []
        first, last = ends
        start = _moment(first[0], self.point, is_end=False)
        end = _moment(last[1] - timedelta(days=1), self.until, is_end=True)
        return [(start, end)] if start < end else []

    def _bounded(self, clock: Clock) -> list[Span]:
        assert self.point is not None
        found = self.point.days.resolve(clock)
        if not found:
            return []
        first, end = found[0][0], found[-1][1]
        is_running = first <= clock.today and not self.point.days.is_dated
        if self.bound == "before" and is_running and self.point.days.unit in _LONG:
            found = self.point.days.resolve(clock.at(end))  # « avant l'été », said in July
            first, end = found[0][0], found[-1][1]
        if self.bound in ("from", "after"):
            is_after = self.bound == "after" and not self.point.hours
            if self.point.days.part == "mid" and self.bound == "from":
                first += timedelta(days=4)  # « à partir de la mi-mai » is the 15th
            start = _midnight(end) if is_after else _moment(first, self.point, is_end=False)
            if self.bound == "after" and self.point.hours:
                start = _moment(end - timedelta(days=1), self.point, is_end=True)
            return [(start, start + timedelta(days=days.HORIZON_DAYS))]
        deadline = self._deadline(first, end)
        now = datetime.combine(clock.today, time())
        return [(min(now, deadline - timedelta(days=1)) if deadline <= now else now, deadline)]

    def _deadline(self, first: date, end: date) -> datetime:
        """« d'ici la mi-juillet » is the 15th; « avant samedi » excludes Saturday; « avant la fin du mois » is its end."""
        assert self.point is not None
        part = self.point.days.part
        if self.bound == "before" and part != "late":
            return _moment(first, self.point, is_end=False)
        if part == "mid":
            return _midnight(first + timedelta(days=5))
        return _moment(end - timedelta(days=1), self.point, is_end=True)


def _on_days(found: tuple[calendar.Days, ...], daily: tuple[Hours, ...]) -> list[Span]:
    spans: list[Span] = []
    for first, end in found:
        length = (end - first).days
        if not daily or length > _MOST_DAILY:
            spans.append((_midnight(first), _midnight(end)))
            continue
        for ahead in range(length):
            day = _midnight(first + timedelta(days=ahead))
            spans += [
                (day + timedelta(hours=start), day + timedelta(hours=stop)) for start, stop in daily
            ]
    return spans


def _both_ends(
    first: Days, last: Days, clock: Clock, *, is_between: bool
) -> tuple[calendar.Days, calendar.Days] | None:
    """The days at both ends of a range, each read in the light of the other."""
    if first.of_month is not None and last.of_month is None:  # « du 3 au 8 décembre »
        ends = last.resolve(clock)
        found = days.in_month_of(first.of_month, ends[0][0]) if ends else None
        return (calendar.span_of(found), ends[-1]) if found else None
    starts, ends = first.resolve(clock), last.resolve(clock)
    if not starts:
        return None
    if first.of_month is not None and last.of_month is not None:
        starts, ends = _of_one_month(first, last, clock)
    elif not ends or (ends[-1][1] <= starts[0][1] and ends[-1][0] < starts[0][0]):
        if first.unit in ("month", "feast") or first.is_dated:  # the range that is running
            earlier = first.resolve(replace(clock.at(ends[0][0]), asks_past=True)) if ends else ()
            starts = earlier or starts
        if not ends or ends[-1][0] < starts[0][0]:
            ends = last.resolve(clock.at(starts[0][0]))
    elif last.is_habit or first.is_habit:
        ends = tuple(span for span in ends if span[0] >= starts[0][0])[:1] or ends[:1]
    if not ends:
        return None
    start = starts[0]
    if is_between and first.unit == "feast":  # « entre Noël et le jour de l'an »
        start = (start[1] - timedelta(days=1), start[1])
    return start, (ends[0] if last.is_habit or first.is_habit else ends[-1])


def _of_one_month(
    first: Days, last: Days, clock: Clock
) -> tuple[tuple[calendar.Days, ...], tuple[calendar.Days, ...]]:
    """« du 3 au 8 »: the running range counts; « du 28 au 2 » goes on into the next month."""
    ends = last.resolve(clock)
    assert first.of_month is not None
    found = days.in_month_of(first.of_month, ends[0][0]) if ends else None
    return ((calendar.span_of(found),) if found else ()), ends


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time())


def _moment(day: date, point: Point, *, is_end: bool) -> datetime:
    """Where a range begins or ends on a day: « vendredi soir » begins one at 18, « dimanche midi » ends one at 13."""
    hours = point.daily()
    if not hours:
        return _midnight(day + timedelta(days=is_end))
    start, end = hours[0]
    named = point.hours[0] if point.hours else None
    if named is not None and named.manner in ("at", "noon"):
        hour = _NOON_ENDS if is_end and named.manner == "noon" else end - AROUND_AFTER
        return _midnight(day) + timedelta(hours=hour)
    if is_end:
        end = _NOON_ENDS if (start, end) == (12.0, 14.0) else min(end, 24.0) if end < 26 else end
        return _midnight(day) + timedelta(hours=end)
    return _midnight(day) + timedelta(hours=start)
