"""The intervals that the times of a wish mean together, in the visitor's zone. Pure.

Hours find their days, lengths their starts, habits their bounds; what is left out is cut away. Intervals come in order, apart
from one another and never empty. What is over is kept and said to be over. Enter at `intervals_of`.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from puls.catalogue.event import Interval
from puls.language.lexicon import Hours
from puls.understanding.notices import Notice
from puls.understanding.when import calendar, days
from puls.understanding.when.days import Clock
from puls.understanding.when.hours import NamedHours
from puls.understanding.when.times import Span, Time

_USUAL_DAYS = 31  # hours without any day are looked for so far ahead
_WEEKS_OF_A_REST = 8  # « pas le lundi » and nothing else
_EARLIEST = 6.0  # hours; nobody who refuses the morning wants the hours before
_MOST_INTERVALS = 62
_LONG = 2  # days; a longer span bounds a habit

NO_SUCH_DAY = Notice(
    code="no_such_day",
    fr="Cette date n’existe pas au calendrier ; elle n’a pas été prise en compte.",
    en="That date does not exist; it was left aside.",
)
IS_OVER = Notice(
    code="is_over",
    fr="C’est déjà passé ; dites une autre date pour voir la suite.",
    en="That is already over; give another date.",
)


@dataclass(frozen=True, slots=True)
class When:
    """Intervals meant, and what to say of them. `hours`: when no day was named, the hours of any day."""

    intervals: tuple[Interval, ...] = ()
    notices: tuple[Notice, ...] = ()


def clock_of(
    now: datetime,
    timezone: str,
    *,
    asks_past: bool = False,
    zone: calendar.Zone | None = None,
    anchor: Sequence[Interval] = (),
) -> Clock:
    """The clock of a message; `anchor`: the intervals of the wish before."""
    local = now.astimezone(ZoneInfo(timezone))
    spans = tuple(_days_of(interval, ZoneInfo(timezone)) for interval in anchor)
    return Clock(
        local.date(), local.hour, local.minute, asks_past=asks_past, zone=zone, anchor=spans
    )


def _days_of(interval: Interval, zone: ZoneInfo) -> calendar.Days:
    """The local days of an interval; a night that ends by six belongs to the day before."""
    start, end = interval.start.astimezone(zone), interval.end.astimezone(zone)
    last = (end - timedelta(hours=_EARLIEST, minutes=1)).date()
    return start.date(), max(last, start.date()) + timedelta(days=1)


def intervals_of(
    used: Sequence[Time],
    left_out: Sequence[Time],
    clock: Clock,
    *,
    now: datetime,
    timezone: str,
    before: Sequence[Interval] = (),
) -> When:
    """The intervals of the times that are used, without those left out. `before`: the intervals that hours alone, or a rest alone, are said of."""
    zone = ZoneInfo(timezone)
    local = now.astimezone(zone)
    kept = [each for each in used if not (each.is_theme and not each.spans(clock))]
    notices = [each.point.days.notice for each in kept if each.point and each.point.days.notice]
    spans = _joint_spans(kept, clock, before, zone)
    if kept and not spans and any(each.point is not None for each in kept):
        is_named = any(
            each.point is not None and not each.needs_anchor and each.point.days.unit == "day"
            for each in kept
        )
        notices += [NO_SUCH_DAY] if is_named and not notices else []
    if left_out:
        if not spans:
            spans = [_local(interval, zone) for interval in before] or [
                _whole(clock.today, 7 * _WEEKS_OF_A_REST)
            ]
        spans = _without(spans, left_out, clock)
    is_past = clock.asks_past or any(
        each.point is not None
        and (each.point.days.is_past or (each.until is not None and each.until.days.is_past))
        for each in kept
    )
    intervals, is_over = _aware(_merged(spans), local, is_past=is_past)
    if is_over:
        notices.append(IS_OVER)
    return When(intervals, tuple(dict.fromkeys(notices)))


def _joint_spans(
    used: Sequence[Time], clock: Clock, before: Sequence[Interval], zone: ZoneInfo
) -> list[Span]:
    dated = _with_lengths(
        [each for each in used if each.point is not None or each.ahead is not None], used, clock
    )
    hours = [each for each in used if each.point is None and each.hours]
    strong = [each for each in dated if not (each.point and each.point.days.is_weak)]
    dated = _without_wider(_apposed(_narrowed(strong or dated, clock), clock), clock)
    if not dated:
        is_next = any(each.is_next for each in hours)
        named = [one for each in hours for one in each.hours if not one.is_weak]
        spans = _of_any_day(named, clock, before, zone)
        return (
            [span for span in spans if span[1] > clock.now][:1] if is_next and not before else spans
        )
    for each in hours:
        dated = _with_hours(dated, each.hours, clock)
    return [span for each in dated for span in each.spans(clock)]


def _without_wider(dated: list[Time], clock: Clock) -> list[Time]:
    """Of « le réveillon, ce soir » the evening: a day that another expression narrows says no more."""
    spans = {id(each): each.spans(clock) for each in dated if each.point is not None}

    def is_wider(each: Time) -> bool:
        own = spans.get(id(each), [])
        if len(own) != 1 or each.until is not None or each.bound is not None:
            return False
        start, end = own[0]
        return any(
            other is not each
            and spans.get(id(other))
            and spans[id(other)] != own
            and all(start <= first and last <= end for first, last in spans[id(other)])
            for other in dated
        )

    return [each for each in dated if not is_wider(each)]


def _apposed(dated: list[Time], clock: Clock) -> list[Time]:
    """« cette semaine entre Noël et nouvel an »: one stretch right after another that it overlaps means what both have in common."""
    kept = list(dated)
    for one, two in itertools.pairwise(dated):
        if two.first != one.last + 1 or one.point is None or two.point is None:
            continue
        first, second = one.spans(clock), two.spans(clock)
        if len(first) != 1 or len(second) != 1 or not (_width(one, clock) > 1 < _width(two, clock)):
            continue
        start, end = max(first[0][0], second[0][0]), min(first[0][1], second[0][1])
        if start < end and not two.point.daily() and not one.point.daily():
            last = (end - timedelta(microseconds=1)).date() + timedelta(days=1)
            common = days.fixed((start.date(), last), unit="span")
            kept = [each for each in kept if each not in (one, two)]
            kept.append(replace(two, point=replace(two.point, days=common), until=None, bound=None))
    return kept


_LENGTH_REACH = 5  # words between a length and its start


def _with_lengths(dated: list[Time], used: Sequence[Time], clock: Clock) -> list[Time]:
    """« 4 jours à partir du 3 »: the length, from the start that another expression gives."""
    lengths = [each.length for each in used if each.length] + [
        each.point.days.length for each in dated if each.point and each.point.days.length
    ]
    starts = [
        each
        for each in dated
        if each.point is not None and not each.point.days.length and _is_a_start(each, clock)
    ]
    if not lengths or len(starts) != 1:
        return dated
    start = starts[0]
    said = [each for each in used if each.length]
    is_apart = said and min(abs(each.first - start.last) for each in said) > _LENGTH_REACH
    if is_apart and start.bound is None:
        return dated  # « j'ai passé une semaine épouvantable »
    assert start.point is not None
    found = start.point.days.resolve(clock)
    if not found:
        return dated
    span = calendar.span_of(found[0][0], lengths[0] or 1)
    whole = replace(
        start,
        bound=None,
        until=None,
        point=replace(start.point, days=days.fixed(span, unit="span")),
    )
    return [
        whole,
        *(
            each
            for each in dated
            if each is not start and not (each.point and each.point.days.length)
        ),
    ]


def _is_a_start(each: Time, clock: Clock) -> bool:
    if each.bound == "from":
        return True
    found = (
        each.point.days.resolve(clock)
        if each.point and each.until is None and each.bound is None
        else ()
    )
    return len(found) == 1 and (found[0][1] - found[0][0]).days == 1


def _narrowed(dated: list[Time], clock: Clock) -> list[Time]:
    """Days within a longer span that is named as well: « samedi, ce week-end », « les mercredis, en novembre »."""
    wide = [each for each in dated if _width(each, clock) > 1 and not _is_habit(each)]
    if not wide:
        return dated
    narrow: list[Time] = []
    used_wide: set[int] = set()
    for each in dated:
        is_range = each.until is not None and bool(each.until.days.weekdays)
        if (
            (each in wide and not is_range)
            or each.point is None
            or (each.until is not None and not is_range)
            or each.bound is not None
            or not (each.point.days.weekdays or _is_habit(each))
        ):
            narrow.append(each)
            continue
        inside = [
            (place, found)
            for place, other in enumerate(wide)
            if other is not each and (found := _inside(each, other, clock))
        ]
        if not inside:
            narrow.append(each)
            continue
        used_wide.update(place for place, _ in inside)
        spans = tuple(span for _, found in inside for span in found)
        hours = each.point.hours if each.until is None else each.daily
        told = (
            wide[place].point for place, _ in inside
        )  # « un après-midi de la semaine prochaine »
        hours = hours or next((point.hours for point in told if point and point.hours), ())
        point = replace(
            each.point,
            hours=hours,
            days=replace(days.fixed(*spans[:_MOST_INTERVALS]), hours=each.point.days.hours),
        )
        narrow.append(replace(each, point=point, until=None, daily=()))
    dropped = [wide[place] for place in used_wide]
    return [each for each in narrow if each not in dropped]


def _inside(each: Time, wide: Time, clock: Clock) -> tuple[calendar.Days, ...]:
    """The days of an expression that lie in a longer span, its own reading begun there."""
    assert each.point is not None
    found: list[calendar.Days] = []
    for start, end in wide.spans(clock):
        first, last = max(start.date(), clock.today), (end - timedelta(microseconds=1)).date()
        if each.until is not None:
            own = replace(each, daily=()).spans(clock.at(first))
            found += [(begin.date(), end.date()) for begin, end in own if begin.date() <= last]
            continue
        weekdays = each.point.days.weekdays
        every = [
            day
            for day in calendar.each_day((first, last + timedelta(days=1)))
            if day.weekday() in weekdays
        ]
        if (
            not _is_habit(each)
            and wide.point is not None
            and wide.point.days.unit not in ("month", "season", "holidays", "year")
        ):
            every = every[: len(weekdays)]
        found += [calendar.span_of(day) for day in every]
    return tuple(found)


def _is_habit(each: Time) -> bool:
    return each.point is not None and each.point.days.is_habit


def _width(each: Time, clock: Clock) -> int:
    if each.point is not None and each.until is None and each.bound is None:
        return max(((end - start).days for start, end in each.point.days.resolve(clock)), default=0)
    spans = each.spans(clock) if each.point is not None else []
    if each.bound is not None and each.bound in ("from", "after"):
        return 0
    return max(
        ((end - start).days + ((end - start).seconds > 0) for start, end in spans), default=0
    )


def _with_hours(dated: list[Time], hours: tuple[NamedHours, ...], clock: Clock) -> list[Time]:
    """Hours that stand apart belong to the days that have none; to one that has some they add, or they narrow it."""
    if all(each.is_weak for each in hours):
        return [
            replace(each, point=replace(each.point, hours=hours))
            if len(dated) == 1
            and each.point is not None
            and not each.point.daily()
            and _width(each, clock) == 1
            and each.until is None
            and each.bound is None
            else each
            for each in dated
        ]
    free = [
        each
        for each in dated
        if each.point is not None
        and not each.point.daily()
        and each.bound is None
        and not each.daily
    ]
    if free:
        return [_at_hours(each, hours) if each in free else each for each in dated]
    if (
        len(dated) == 1
        and dated[0].point is not None
        and dated[0].until is None
        and dated[0].bound is None
    ):
        only = dated[0]
        assert only.point is not None
        known = only.point.daily()
        narrower = [
            one
            for one in hours
            for start, end in known
            if max(start, one.hours[0]) < min(end, one.hours[1])
        ]
        if narrower:
            both = tuple(replace(one, hours=_overlap(one, known)) for one in narrower)
            return [replace(only, point=replace(only.point, hours=both))]
        own = tuple(NamedHours(span, "part") for span in known)
        return [replace(only, point=replace(only.point, hours=(*own, *hours)))]
    return dated


def _overlap(one: NamedHours, known: Sequence[Hours]) -> Hours:
    if one.manner in ("at", "noon"):
        return one.hours
    start, end = next(
        span for span in known if max(span[0], one.hours[0]) < min(span[1], one.hours[1])
    )
    return max(start, one.hours[0]), min(end, one.hours[1])


def _at_hours(each: Time, hours: tuple[NamedHours, ...]) -> Time:
    assert each.point is not None
    if each.until is not None:
        return replace(each, daily=hours)
    return replace(each, point=replace(each.point, hours=hours))


def _of_any_day(
    hours: Sequence[NamedHours], clock: Clock, before: Sequence[Interval], zone: ZoneInfo
) -> list[Span]:
    """Hours without a day: of the days spoken of before, else of the next ones."""
    if not hours:
        return []
    spoken_of = [_days_of(interval, zone) for interval in before]
    every = spoken_of or [calendar.span_of(clock.today, _USUAL_DAYS)]
    wide = sum((end - first).days for first, end in every)
    if wide > _USUAL_DAYS:
        every = [calendar.span_of(max(every[0][0], clock.today), _USUAL_DAYS)]
    spans = []
    for day in dict.fromkeys(day for span in every for day in calendar.each_day(span)):
        midnight = datetime.combine(day, time())
        spans += [
            (midnight + timedelta(hours=one.hours[0]), midnight + timedelta(hours=one.hours[1]))
            for one in hours
        ]
    return spans


# What is left out


def _without(spans: list[Span], left_out: Sequence[Time], clock: Clock) -> list[Span]:
    pieces = _merged(spans)
    if not clock.anchor:  # « du 18 au 20 décembre sauf le 19 »
        last = timedelta(microseconds=1)
        around = tuple(
            (start.date(), (end - last).date() + timedelta(days=1)) for start, end in pieces
        )
        clock = replace(clock, anchor=around)
    holes = [(_holds(each, clock), _hole(each)) for each in left_out]
    for holds, hours in holes:
        cut: list[Span] = []
        for piece in pieces:
            cut += _cut_days(piece, holds, hours)
        pieces = cut
    return pieces if len(pieces) <= _MOST_INTERVALS else _merged(spans)


def _holds(each: Time, clock: Clock) -> "set[int] | list[Span] | None":
    """Weekdays, or spans, that an expression leaves out; None when it names hours of any day."""
    if each.point is None:
        return None
    named = each.point.days
    if named.weekdays and each.until is None and each.bound is None:
        return set(named.weekdays)
    if named.excludes:
        return [(_midnight(first), _midnight(end)) for first, end in named.excludes]
    return replace(
        each, point=replace(each.point, hours=(), days=replace(named, hours=None))
    ).spans(clock)


def _hole(each: Time) -> Hours | None:
    daily = each.point.daily() if each.point is not None else tuple(one.hours for one in each.hours)
    if not daily or each.until is not None:
        return None
    start, end = daily[0]
    return (0.0 if start <= _EARLIEST else start), (
        30.0 if end == 24.0 and each.point is None else end
    )


def _cut_days(
    piece: Span, holds: "set[int] | list[Span] | None", hours: Hours | None
) -> list[Span]:
    pieces = [piece]
    first = piece[0].date() - timedelta(days=1)
    for ahead in range(min((piece[1].date() - first).days, days.HORIZON_DAYS) + 1):
        day = first + timedelta(days=ahead)
        midnight = _midnight(day)
        if isinstance(holds, set) and day.weekday() not in holds:
            continue
        if isinstance(holds, list) and not any(
            start <= midnight < end or start.date() == day for start, end in holds
        ):
            continue
        start, end = hours or (0.0, 24.0)
        hole = midnight + timedelta(hours=start), midnight + timedelta(hours=end)
        pieces = [part for each in pieces for part in _cut(each, hole)]
    return pieces


def _cut(piece: Span, hole: Span) -> list[Span]:
    if hole[0] >= piece[1] or hole[1] <= piece[0]:
        return [piece]
    parts = (piece[0], min(piece[1], hole[0])), (max(piece[0], hole[1]), piece[1])
    return [(start, end) for start, end in parts if start < end]


# From local spans to intervals


def _local(interval: Interval, zone: ZoneInfo) -> Span:
    return interval.start.astimezone(zone).replace(tzinfo=None), interval.end.astimezone(
        zone
    ).replace(tzinfo=None)


def _whole(first: date, length: int) -> Span:
    return _midnight(first), _midnight(first + timedelta(days=length))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time())


def _merged(spans: list[Span]) -> list[Span]:
    merged: list[Span] = []
    for start, end in sorted(set(spans)):
        if start >= end:
            continue
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged[:_MOST_INTERVALS]


def _aware(spans: list[Span], now: datetime, *, is_past: bool) -> tuple[tuple[Interval, ...], bool]:
    """Aware intervals, those that are running from now on; and whether all of them are over.

    Compared as instants: on the night of a clock change local times do not follow each other.
    """
    running: list[Interval] = []
    over: list[Interval] = []
    instant = now.astimezone(UTC)
    for start, end in spans:
        first, last = start.replace(tzinfo=now.tzinfo), end.replace(tzinfo=now.tzinfo)
        if first.astimezone(UTC) >= last.astimezone(UTC):
            continue
        if last.astimezone(UTC) <= instant:
            over.append(Interval(first, last))
        else:
            running.append(Interval(now if first.astimezone(UTC) < instant else first, last))
    if is_past or not running:
        return (*over, *running), bool(over) and not running
    return tuple(running), False
