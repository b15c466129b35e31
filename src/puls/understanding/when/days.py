"""Days as words name them, before it is known which days of the calendar they are. Pure.

« samedi », « le 8 », « la veille de Noël » are a `Days`: a function from the moment of asking (a `Clock`) to spans of the
calendar. So « du samedi au lundi » asks the second for the first Monday after the first Saturday, and « le week-end avant
Noël » asks what it hangs on for its own days. `naming` makes them from words, `expressions` joins them.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any, Literal

from puls.language.lexicon import Hours
from puls.understanding.notices import Notice
from puls.understanding.when import calendar
from puls.understanding.when.calendar import Days as Span
from puls.understanding.when.calendar import Zone

Unit = Literal["day", "weekend", "week", "month", "season", "year", "feast", "holidays", "span"]
Part = Literal["early", "mid", "late"]

HABIT_WEEKS = 8
"""« le mercredi », « un mardi soir »: the next two months."""
HORIZON_DAYS = 365
"""How far « à partir du 3 » reaches."""
MOST_SPANS = 62
_NOON = 12
_LONG_ANCHOR = 16  # days; in a longer time « dimanche » is none of its Sundays in particular
_LONGEST_ANCHOR = 120  # days; a longer time has no end in sight


@dataclass(frozen=True, slots=True)
class Clock:
    """The moment of asking: the day, the hour (0 to 23), whether the message asks about the past, the school zone.

    `anchor`: the days spoken of before, which « la veille » and « la semaine d'après » count from.
    """

    today: date
    hour: int = 12
    minute: int = 0
    asks_past: bool = False
    zone: Zone | None = None
    anchor: tuple[Span, ...] = ()

    @property
    def now(self) -> datetime:
        """Local, without a zone."""
        return datetime.combine(self.today, time(self.hour, self.minute))

    def at(self, day: date) -> "Clock":
        """The same clock, as if it were that day."""
        return replace(self, today=day, hour=0, minute=0, asks_past=False)


Resolve = Callable[[Clock], tuple[Span, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """Days that an expression names.

    `hours`: those that the expression itself means (« ce soir »). `weekdays`: what it leaves out after « sauf » when that is more
    than `resolve` gives. `is_habit`: some days of each week, which a longer span beside them bounds. `is_past`: days that are
    over were clearly meant. `is_theme`: the words say what is sought rather than when; `is_kept`: both. `of_month`: a day of a month that another
    expression must name. `needs_anchor`: counts from days spoken of before; `is_same`: is those days as they were, hours and all. `is_weak`: counts only where no other day is named. `main_day`: of a celebration of several days, which of them is it. `length`: so many days, from a start
    that another expression may give. `excludes`: what « hors vacances » leaves out, when it is more.
    """

    resolve: Resolve
    unit: Unit = "day"
    part: Part | None = None
    hours: Hours | None = None
    weekdays: tuple[int, ...] = ()
    is_habit: bool = False
    is_past: bool = False
    is_theme: bool = False
    is_kept: bool = False
    is_dated: bool = False
    of_month: int | None = None
    needs_anchor: bool = False
    is_same: bool = False
    is_weak: bool = False
    length: int | None = None
    main_day: int | None = None
    excludes: tuple[Span, ...] = ()
    notice: Notice | None = None


def fixed(*spans: Span, unit: Unit = "day", **others: Any) -> Days:
    """Days that hang on nothing."""
    return Days(resolve=lambda _: spans, unit=unit, **others)


def relative(by: int, **others: Any) -> Days:
    """« demain » is 1."""
    return Days(
        resolve=lambda clock: (calendar.span_of(clock.today + timedelta(days=by)),), **others
    )


# Days of the week


def weekday(
    day: int, *, weeks: int = 0, is_next: bool = False, is_last: bool = False, this: bool = False
) -> Days:
    """« samedi »: the coming one; « samedi prochain »: today left out; « en huit »: a week after that.

    Who names the day that is running means today in the morning, and the next one from noon on, when they would say « ce soir ». Named alone after other
    days were spoken of, it is the one of their week.
    """

    def resolve(clock: Clock) -> tuple[Span, ...]:
        if is_last:
            back = (clock.today.weekday() - day - 1) % 7 + 1
            return (calendar.span_of(clock.today - timedelta(days=back)),)
        if not (this or is_next or weeks) and (found := _in_week_spoken_of(day, clock)):
            return (calendar.span_of(found),)
        is_over = not this and day == clock.today.weekday() and clock.hour >= _NOON
        ahead = (
            (day - clock.today.weekday() - is_next) % 7 + is_next + 7 * (is_over and not is_next)
        )
        return (calendar.span_of(clock.today + timedelta(days=ahead + 7 * weeks)),)

    return Days(
        resolve=resolve, weekdays=() if this or is_next or weeks else (day,), is_past=is_last
    )


def _in_week_spoken_of(day: int, clock: Clock) -> date | None:
    """That weekday in the days spoken of before, or in their week when it is a coming one."""
    spoken_of = _spoken_of(clock)
    if not spoken_of or len(spoken_of) > _LONG_ANCHOR or spoken_of[-1] < clock.today:
        return None
    inside = [each for each in spoken_of if each.weekday() == day and each >= clock.today]
    monday = calendar.monday_of(spoken_of[0])
    in_week = monday + timedelta(days=day)
    return inside[0] if inside else in_week if in_week >= clock.today else None


def _spoken_of(clock: Clock) -> list[date]:
    return [day for span in clock.anchor for day in calendar.each_day(span, _LONGEST_ANCHOR)]


def habit(days: tuple[int, ...], *, hours: Hours | None = None, is_of_anchor: bool = False) -> Days:
    """Each coming day of those weekdays: those of the days spoken of before, else of the next weeks.

    `is_of_anchor`: after a single day, the one of its week (« et le dimanche ? »).
    """

    def resolve(clock: Clock) -> tuple[Span, ...]:
        spoken_of = _spoken_of(clock)
        found = [day for day in spoken_of if day.weekday() in days and day >= clock.today]
        if found and 1 < len(spoken_of) < _LONGEST_ANCHOR:
            return tuple(calendar.span_of(day) for day in found)
        if is_of_anchor and len(days) == 1 and (one := _in_week_spoken_of(days[0], clock)):
            return (calendar.span_of(one),)
        every = (clock.today + timedelta(days=ahead) for ahead in range(7 * HABIT_WEEKS))
        return tuple(calendar.span_of(day) for day in every if day.weekday() in days)

    return Days(resolve=resolve, is_habit=True, weekdays=days, hours=hours)


def weekday_of_week(day: int, week: Days) -> Days:
    """« mardi de la semaine prochaine »."""

    def resolve(clock: Clock) -> tuple[Span, ...]:
        return tuple(
            calendar.span_of(each)
            for span in week.resolve(clock)
            for each in calendar.each_day((calendar.monday_of(span[0]), span[1]))
            if each.weekday() == day
        )

    return Days(resolve=resolve)


# Dates


def date_of(day: int, month: int, year: int | None = None, weekday: int | None = None) -> Days:
    """« le 5 décembre »: this year's unless it is over; the year in which the weekday is right. Nothing when no such day is."""

    def resolve(clock: Clock) -> tuple[Span, ...]:
        found = _coming_date(day, month, year, weekday, clock)
        return (calendar.span_of(found),) if found else ()

    return Days(resolve=resolve, is_past=year is not None, is_dated=True)


def _coming_date(
    day: int, month: int, year: int | None, weekday: int | None, clock: Clock
) -> date | None:
    if year is not None:
        return calendar.real_date(year, month, day)
    today = clock.today
    years = (today.year, today.year + 1, today.year - 1)
    dates = [found for each in years if (found := calendar.real_date(each, month, day))]
    if month == 2 and day == 29 and not dates:
        dates = [
            found
            for each in range(today.year, today.year + 9)
            if (found := calendar.real_date(each, month, day))
        ]
        return dates[0] if dates else None
    ahead = [each for each in dates if (each <= today if clock.asks_past else each >= today)]
    if weekday is not None:
        ahead = [each for each in ahead if each.weekday() == weekday] or ahead
    best = sorted(ahead, reverse=clock.asks_past) or dates
    return best[0] if best else None


def day_of_month(day: int, weekday: int | None = None) -> Days:
    """« le 8 », « samedi 5 »: of the month spoken of before, else of this one or the next that has it; none when no such weekday is soon."""

    def resolve(clock: Clock) -> tuple[Span, ...]:
        this = clock.today.replace(day=1)
        spoken_of = [clock.anchor[0][0].replace(day=1)] if clock.anchor else []
        for first in (*spoken_of, *(calendar.add_months(this, ahead) for ahead in range(4))):
            found = calendar.real_date(first.year, first.month, day)
            if found and found >= clock.today and weekday in (None, found.weekday()):
                return (calendar.span_of(found),)
        return ()

    return Days(resolve=resolve, of_month=day)


def in_month_of(day: int, later: date) -> date | None:
    """The last day of that number up to a later one: « du 28 au 3 mars »."""
    for back in range(3):
        month = calendar.add_months(later.replace(day=1), -back)
        found = calendar.real_date(month.year, month.month, day)
        if found and found <= later:
            return found
    return None


# Week-ends, weeks, months, seasons, years


def weekend(
    *, weeks: int = 0, is_last: bool = False, is_long: bool = False, this: bool = False
) -> Days:
    """« ce week-end »: the coming Saturday and Sunday, or those that are running."""

    def resolve(clock: Clock) -> tuple[Span, ...]:
        if is_last:
            return (calendar.span_of(calendar.monday_of(clock.today) - timedelta(days=2), 2),)
        days = calendar.shifted(calendar.weekend_of(clock.today), 7 * weeks)
        return ((days[0] - timedelta(days=1), days[1] + timedelta(days=1)),) if is_long else (days,)

    every = () if this or weeks or is_last else (calendar.SATURDAY, calendar.SUNDAY)
    return Days(resolve=resolve, unit="weekend", weekdays=every, is_past=is_last)


def long_weekend(length: int | None = None) -> Days:
    """« le prochain week-end de trois jours »: the next with a public holiday before or after; `length`: so many days and no more."""

    def resolve(clock: Clock) -> tuple[Span, ...]:
        for year in (clock.today.year, clock.today.year + 1):
            for holiday, _ in calendar.public_holidays(year):
                weekend = calendar.bridge(holiday)
                days = (weekend[1] - weekend[0]).days
                if weekend[1] > clock.today and days > 2 and length in (None, days):
                    return (weekend,)
        return ()

    return Days(resolve=resolve, unit="weekend", is_weak=True)


def weekends(count: int | None = None) -> Days:
    """« les week-ends »: those of the next weeks; « les deux prochains week-ends »."""

    def resolve(clock: Clock) -> tuple[Span, ...]:
        first = calendar.weekend_of(clock.today)
        return tuple(
            calendar.shifted(first, 7 * week)
            for week in range(min(count or HABIT_WEEKS, HABIT_WEEKS))
        )

    return Days(
        resolve=resolve,
        unit="weekend",
        is_habit=count is None,
        weekdays=(calendar.SATURDAY, calendar.SUNDAY),
    )


def week(weeks: int = 0, *, part: Part | None = None) -> Days:
    """« cette semaine »: Monday to Sunday; its first three days, its middle, its last four."""

    def resolve(clock: Clock) -> tuple[Span, ...]:
        monday = calendar.monday_of(clock.today) + timedelta(days=7 * weeks)
        first, end = {"early": (0, 3), "mid": (1, 4), "late": (3, 7), None: (0, 7)}[part]
        return ((monday + timedelta(days=first), monday + timedelta(days=end)),)

    return Days(resolve=resolve, unit="week", part=part, is_past=weeks < 0)


_PARTS_OF_MONTH: dict[Part, tuple[int, int]] = {"early": (1, 11), "mid": (11, 21), "late": (21, 32)}


def part_of_month(year: int, month: int, part: Part | None) -> Span:
    first, following = calendar.month_span(year, month)
    if part is None:
        return first, following
    start, end = _PARTS_OF_MONTH[part]
    if part == "late":
        return date(year, month, start), following
    return date(year, month, start), date(year, month, end)


def month(number: int, year: int | None = None, *, part: Part | None = None) -> Days:
    """« en novembre », « début avril 2027 »: the coming one, or the one that is running."""

    def resolve(clock: Clock) -> tuple[Span, ...]:
        if year is not None:
            return (
                (part_of_month(year, number, part),)
                if calendar.FIRST_YEAR <= year < calendar.LAST_YEAR
                else ()
            )
        here = clock.today.year
        if clock.asks_past:
            return (part_of_month(here - (number > clock.today.month), number, part),)
        days = part_of_month(here + (number < clock.today.month), number, part)
        return (days if days[1] > clock.today else part_of_month(here + 1, number, part),)

    return Days(
        resolve=resolve,
        unit="month",
        part=part,
        is_past=year is not None,
        is_dated=year is not None,
    )


def relative_month(ahead: int, *, part: Part | None = None) -> Days:
    """« ce mois-ci » is 0, « le mois prochain » 1."""

    def resolve(clock: Clock) -> tuple[Span, ...]:
        first = calendar.add_months(clock.today.replace(day=1), ahead)
        return (part_of_month(first.year, first.month, part),)

    return Days(resolve=resolve, unit="month", part=part, is_past=ahead < 0)


_SEASONS = {"spring": (3, 20), "summer": (6, 21), "autumn": (9, 22), "winter": (12, 21)}
_ENDS = {"spring": (6, 21), "summer": (9, 21), "autumn": (12, 21), "winter": (3, 20)}


def season(
    name: str, year: int | None = None, *, part: Part | None = None, is_last: bool = False
) -> Days:
    """The coming one, or the one that is running."""

    def resolve(clock: Clock) -> tuple[Span, ...]:
        start, end = _SEASONS[name], _ENDS[name]
        here = year or clock.today.year
        spans = [
            (date(each, *start), date(each + (end < start), *end))
            for each in (here - 1, here, here + 1)
        ]
        if year is not None:
            chosen = spans[1]
        elif is_last or clock.asks_past:
            chosen = [span for span in spans if span[1] <= clock.today][-1]
        else:
            chosen = next(span for span in spans if span[1] > clock.today)
        first, last = chosen
        if part == "late":
            first = last - timedelta(days=31)
        elif part == "early":
            last = first + timedelta(days=31)
        elif part == "mid":
            first, last = first + timedelta(days=31), last - timedelta(days=31)
        return ((first, last),)

    return Days(
        resolve=resolve,
        unit="season",
        part=part,
        is_past=year is not None or is_last,
        is_dated=year is not None,
    )


def year_of(year: int | None = None, *, ahead: int = 0) -> Days:
    def resolve(clock: Clock) -> tuple[Span, ...]:
        number = year or clock.today.year + ahead
        return ((date(number, 1, 1), date(number + 1, 1, 1)),)

    return Days(
        resolve=resolve,
        unit="year",
        is_past=year is not None or ahead < 0,
        is_dated=year is not None,
    )


def feast(of_year: Callable[[int], Span], year: int | None = None, **others: Any) -> Days:
    """A celebration: that of the year given, else the one to come, running included."""

    def resolve(clock: Clock) -> tuple[Span, ...]:
        if year is not None:
            return (of_year(year),) if calendar.FIRST_YEAR <= year <= calendar.LAST_YEAR else ()
        here = clock.today.year
        if clock.asks_past:
            return (
                next(
                    days for each in (here, here - 1) if (days := of_year(each))[0] <= clock.today
                ),
            )
        return (
            next(days for each in (here, here + 1) if (days := of_year(each))[1] > clock.today),
        )

    return Days(
        resolve=resolve, unit="feast", is_past=year is not None, is_dated=year is not None, **others
    )


# What hangs on other days


def moved(base: Days, days: int) -> Days:
    """« le lendemain de », « deux jours avant »: one day, so many days after the last or before the first of them."""

    def resolve(clock: Clock) -> tuple[Span, ...]:
        found = base.resolve(clock)
        if not found:
            return ()
        if (
            base.main_day is not None
        ):  # « le lendemain de Noël » is the 26th, « trois jours après Pâques » a Wednesday
            start = found[0][0] + timedelta(days=base.main_day)
        else:
            start = found[0][0] if days < 0 else found[-1][1] - timedelta(days=1)
        return (calendar.span_of(start + timedelta(days=days)),)

    return Days(resolve=resolve, needs_anchor=base.needs_anchor, is_past=base.is_past)


def beside(unit: Unit, base: Days, *, after: bool, weekday: int | None = None) -> Days:
    """« le week-end avant Noël », « le dimanche après la Pentecôte », « la semaine d'avant »."""

    def resolve(clock: Clock) -> tuple[Span, ...]:
        found = base.resolve(clock)
        if not found:
            return ()
        first, end = found[0][0], found[-1][1]
        if weekday is not None:
            if after:
                return (calendar.span_of(end + timedelta(days=(weekday - end.weekday()) % 7)),)
            return (
                calendar.span_of(first - timedelta(days=(first.weekday() - weekday - 1) % 7 + 1)),
            )
        match unit:
            case "weekend":
                if after:
                    return (
                        calendar.span_of(
                            end + timedelta(days=(calendar.SATURDAY - end.weekday()) % 7), 2
                        ),
                    )
                last_sunday = first - timedelta(days=first.weekday() + 1)
                return (calendar.span_of(last_sunday - timedelta(days=1), 2),)
            case "week":
                monday = (
                    calendar.monday_of(end - timedelta(days=1))
                    if after
                    else calendar.monday_of(first)
                )
                return (calendar.span_of(monday + timedelta(days=7 if after else -7), 7),)
            case "month":
                day = end - timedelta(days=1) if after else first
                other = calendar.add_months(day.replace(day=1), 1 if after else -1)
                return (calendar.month_span(other.year, other.month),)
            case "year":
                year = (end - timedelta(days=1)).year + 1 if after else first.year - 1
                return ((date(year, 1, 1), date(year + 1, 1, 1)),)
            case _:
                return moved(base, 1 if after else -1).resolve(clock)

    return Days(resolve=resolve, unit=unit, needs_anchor=base.needs_anchor)


def next_after(base: Days) -> Days:
    """The week, week-end or month after those, or the same weekday a week later."""
    if base.unit in ("week", "month"):
        return beside(base.unit, base, after=True)
    return Days(
        resolve=lambda clock: tuple(calendar.shifted(span, 7) for span in base.resolve(clock)),
        unit=base.unit,
    )


def around(unit: Unit, base: Days) -> Days:
    """« la semaine du 8 mars », « le week-end du 15 août », « le week-end de la fête des mères »."""

    def resolve(clock: Clock) -> tuple[Span, ...]:
        found = base.resolve(clock)
        if not found:
            return ()
        first, end = found[0][0], found[-1][1]
        if unit == "week":  # « la semaine du samedi 20 » is one that people rent
            is_rented = base.of_month is not None and first.weekday() >= calendar.SATURDAY
            return (calendar.span_of(first if is_rented else calendar.monday_of(first), 7),)
        if (end - first).days > 2:
            return in_each("weekend", base).resolve(clock)
        if base.unit == "feast":
            return (_weekend_of_feast((first, end)),)
        return (calendar.weekend_of(first),)

    return Days(resolve=resolve, unit=unit, is_past=base.is_past)


def _weekend_of_feast(days: Span) -> Span:
    """With the days that a holiday adds to the week-end; in mid-week, the week-end after it."""
    first = days[0].weekday()
    if first == calendar.SUNDAY:
        return days[0] - timedelta(days=1), max(days[1], days[0] + timedelta(days=1))
    if first == 2 or first == calendar.SATURDAY:  # noqa: PLR1714 - a Wednesday makes no long week-end
        return calendar.weekend_of(days[0])
    return calendar.bridge(days[0])


def in_each(unit: Unit, base: Days, weekdays: tuple[int, ...] = ()) -> Days:
    """« les week-ends de septembre », « les mercredis de décembre », « en semaine, du 16 au 20 »: those still to come."""

    def resolve(clock: Clock) -> tuple[Span, ...]:
        wanted = weekdays or (calendar.SATURDAY, calendar.SUNDAY)
        spans: list[Span] = []
        for first, end in base.resolve(clock):
            for day in calendar.each_day(
                (max(first, clock.today) if end > clock.today else first, end)
            ):
                if day.weekday() not in wanted:
                    continue
                if spans and spans[-1][1] == day and unit == "weekend":
                    spans[-1] = (spans[-1][0], day + timedelta(days=1))
                else:
                    spans.append(calendar.span_of(day))
        return tuple(spans[:MOST_SPANS])

    return Days(resolve=resolve, unit=unit, is_past=base.is_past)


def nth_in(nth: int, unit: Unit, base: Days, *, weekday: int | None = None, count: int = 1) -> Days:
    """« le deuxième samedi de mars », « la première semaine des vacances », « les trois derniers jours d'août ».

    The first week of a month is its first seven days; that of holidays is seven days from their first.
    """

    def resolve(clock: Clock) -> tuple[Span, ...]:
        found = base.resolve(clock)
        if not found:
            return ()
        answer = _nth_in(nth, unit, found[0], weekday=weekday, count=count)
        if (
            answer is not None
            and answer[1] <= clock.today
            and not base.is_past
            and base.unit == "month"
        ):
            later = base.resolve(clock.at(found[-1][1]))
            answer = _nth_in(nth, unit, later[0], weekday=weekday, count=count) if later else answer
        return (answer,) if answer else ()

    return Days(resolve=resolve, unit=unit, is_past=base.is_past)


def _nth_in(nth: int, unit: Unit, span: Span, *, weekday: int | None, count: int) -> Span | None:
    first, end = span
    if weekday is not None or unit == "weekend":
        wanted = calendar.SATURDAY if weekday is None else weekday
        days = [day for day in calendar.each_day(span) if day.weekday() == wanted]
        at = nth if nth < 0 else nth - 1
        if not -len(days) <= at < len(days):
            return None
        return calendar.span_of(days[at], 2 if weekday is None else 1)
    if unit == "month":  # half of it: « la deuxième quinzaine »
        middle = first + timedelta(days=15)
        return (first, middle) if nth == 1 else (middle, end)
    length = count * (1 if unit == "day" else 7)
    start = first + timedelta(days=length * (nth - 1)) if nth > 0 else end - timedelta(days=length)
    return (start, min(start + timedelta(days=length), max(end, start + timedelta(days=1))))


def joined(*parts: Days) -> Days:
    """Several days, each by itself: « le 12 et le 13 »."""

    def resolve(clock: Clock) -> tuple[Span, ...]:
        spans: list[Span] = []
        for part in parts:
            spans += part.resolve(clock)
        return tuple(dict.fromkeys(spans))

    return Days(
        resolve=resolve,
        is_past=any(part.is_past for part in parts),
        is_dated=any(part.is_dated for part in parts),
    )


def anchored(base: Days | None = None) -> Days:
    """The days spoken of before: « ce jour-là »."""
    return Days(
        resolve=lambda clock: clock.anchor if base is None else base.resolve(clock),
        needs_anchor=True,
    )
