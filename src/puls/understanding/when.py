"""When: the words of a message that speak of time, as half-open intervals in the visitor's zone.

Pure.

Days (`days`) and hours (`hours`) are found apart, then joined: « samedi ou dimanche soir », « du 3
au 8 à partir de 20h ». Enter at `read_when`. Intervals that are over are dropped unless the past
was asked for.
"""

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from puls.catalogue.event import Interval
from puls.understanding.calendars import Days, Zone
from puls.understanding.date_words import WEEKDAY, weekday_of
from puls.understanding.day_rules import Today
from puls.understanding.days import NamedDays, days_named
from puls.understanding.hours import Hours, NamedHours, hours_named, night_after
from puls.understanding.words import Message

_UNTIL = re.compile(
    r"(?<!\S)(?:d ici(?: a| au| la)?|jusqu (?:a|au|aux|en)|avant|until|till|before|by|bis|hasta|"
    r"fino a|from now (?:until|to)|d ici le)(?: la| le| l| les| the| zum)? ?$"
)
_FROM = re.compile(
    r"(?<!\S)(?:a partir (?:de|du|d)|des|apres|depuis|from|starting|after|ab|a compter (?:de|"
    r"du))(?: la| le| l| les| the)? ?$"
)
_FIRST_OF_TWO = re.compile(
    r"(?<!\S)(?:du|de|entre|from|between|vom|von|zwischen|des)(?: la| le| l| the)? ?$"
)
_BETWEEN_TWO = re.compile(
    r" (?:au|a|et|jusqu au|jusqu a|to|and|until|till|through|bis|al|und)(?: la| le| l| the)? ?$"
)
_JOINS = re.compile(r"^ (?:(?:ou|et|or|and|y|o|oder|und|ou bien|et ou)(?: le| la| les| en)? )?$")
_NEAR_HOURS = re.compile(r"^ (?:(?:le|la|au|a|en|dans|de|du|l|in|the|au soir|vers|plutot) ){0,3}$")
_NOT_ON = re.compile(
    rf"(?<!\S)(?:pas|sauf|hors|excepte|sans|not|except|but not|jamais)(?: on| de| le| les| la|"
    rf" un){{0,4}}? (?P<day>{WEEKDAY}|week ?ends?|weekends?|soir|soiree|matin)(?! (?:prochain|"
    rf"\d))(?!\S)"
)
_NO_MATTER = re.compile(
    r"(?<!\S)(?:peu importe|n importe|qu importe|whatever|any|no matter|egal)(?: pour)?(?: la| le|"
    r" les| l| quelle| quel| the)? (?:dates?|jours?|quand|when|moment|periode|day|time)(?!\S)"
    r"|(?<!\S)(?:n importe quand|peu importe quand|anytime|any time|toutes? dates?|"
    r"sans date precise|a n importe quelle date)(?!\S)"
)
_PAST = re.compile(
    r"(?<!\S)(?:ont ete|a ete|avait|avaient|etait|etaient|ont eu lieu|a eu lieu|s est passe|"
    r"se sont passes|passes?|passee?s|precedents?|took place|happened|were there|was there)(?!\S)"
)
_SOON = re.compile(
    r"(?<!\S)(?:(?:tres )?prochainement|bientot|soon|a venir|upcoming|dans les temps qui viennent|"
    r"proximamente|demnachst|futurs?)(?!\S)"
)
_HORIZON_DAYS = 366
_MOST_INTERVALS = 31  # a longer list is given as one span, its hours dropped
_DEFAULT_WEEKS = 8
_MOST_DAYS = 62  # of a habit


@dataclass(frozen=True, slots=True)
class When:
    """Intervals asked for; `is_free` when the visitor says that the date does not matter."""

    intervals: tuple[Interval, ...] = ()
    notices: tuple[str, ...] = ()
    is_free: bool = False


def read_when(message: Message, *, now: datetime, timezone: str, zone: Zone | None = None) -> When:
    """Read and claim the words about time."""
    local = now.astimezone(ZoneInfo(timezone))
    if free := message.find(_NO_MATTER):
        message.claim(free[0], "when")
        return When(is_free=True)
    asks_past = bool(_PAST.search(message.folded))
    excluded = _claim_exclusions(message)
    today = Today(local.date(), asks_past=asks_past, zone=zone)
    days = _bounded_habits(_claim_days(message, days_named(message, today), today))
    for match in message.find(_SOON):
        message.claim(match, "when")
    hours = _attached_hours(message, days)
    notices = tuple(each.meaning.notice for each in days if each.meaning.notice)
    spans = _spans(days, hours, today, has_exclusions=bool(excluded))
    spans = [span for span in spans if span[0].weekday() not in excluded]
    is_past = asks_past or any(each.meaning.is_past for each in days)
    intervals = tuple(
        interval
        for start, end in _merged(spans)
        if (interval := _interval(start, end, local, timezone, is_past=is_past)) is not None
    )
    return When(intervals, notices)


def _claim_exclusions(message: Message) -> frozenset[int]:
    """« pas le lundi », « sauf le week-end »."""
    excluded: set[int] = set()
    for match in message.find(_NOT_ON):
        word = match["day"]
        if word in ("soir", "soiree", "matin"):
            continue
        excluded |= {5, 6} if word.startswith("week") else {weekday_of(word)}
        message.claim(match, "when")
    return frozenset(excluded)


def _claim_days(message: Message, found: list[NamedDays], today: Today) -> list[NamedDays]:
    """Apply « d'ici », « à partir de », « de … à … » around the expressions, and claim them."""
    ranged = _ranges(message, found)
    settled = []
    for each in ranged:
        start, meaning = each.start, each.meaning
        before = message.open[: each.start]
        if meaning.days and (until := _UNTIL.search(before)):
            deadline = _deadline(
                meaning.days[-1], is_before=until[0].startswith(("avant", "before"))
            )
            meaning, start = (
                replace(
                    meaning, days=((today.date, max(deadline, today.date + timedelta(days=1))),)
                ),
                until.start(),
            )
        elif meaning.days and (since := _FROM.search(before)):
            first = (
                meaning.days[0][1]
                if since[0].startswith(("apres", "after"))
                else meaning.days[0][0]
            )
            meaning, start = (
                replace(meaning, days=((first, first + timedelta(days=_HORIZON_DAYS)),)),
                since.start(),
            )
        settled.append(NamedDays(start, each.end, meaning))
    for each in settled:
        start_word, end_word = message.word_range(each.start, each.end)
        if end_word >= start_word:
            message.claim_words(start_word, end_word, "when", keep=each.meaning.is_kept)
    return settled


def _bounded_habits(found: list[NamedDays]) -> list[NamedDays]:
    """« les mercredis de novembre », « en semaine, du 16 au 20 »: the habit, within the range."""
    habits = [each for each in found if each.meaning.is_habit]
    ranges = [
        days
        for each in found
        if not each.meaning.is_habit
        for days in each.meaning.days
        if _is_long(days)
    ]
    if not habits or not ranges:
        return found
    weekdays = {
        start.weekday()
        for each in habits
        for start, end in each.meaning.days
        for start in _each(start, end)
    }
    every = tuple(
        (day, day + timedelta(days=1))
        for days in ranges
        for day in _each(*days)
        if day.weekday() in weekdays
    )
    bounded = replace(habits[0], meaning=replace(habits[0].meaning, days=every[:_MOST_DAYS]))
    single = [
        each
        for each in found
        if not each.meaning.is_habit and not any(map(_is_long, each.meaning.days))
    ]
    return sorted([bounded, *single], key=lambda each: each.start) if every else found


def _is_long(days: Days) -> bool:
    return (days[1] - days[0]).days > 2  # noqa: PLR2004 - the number says itself


def _each(start: date, end: date) -> list[date]:
    return [
        start + timedelta(days=ahead) for ahead in range(min((end - start).days, _HORIZON_DAYS))
    ]


def _deadline(days: Days, *, is_before: bool) -> date:
    """« d'ici la mi-juillet » is the 15th; « avant samedi » excludes Saturday."""
    first, end = days
    is_middle_of_month = first.day == 10 and (end - first).days == 11  # noqa: PLR2004 - the number says itself
    if is_before:
        return first
    return first.replace(day=16) if is_middle_of_month else end


def _ranges(message: Message, found: list[NamedDays]) -> list[NamedDays]:
    """Join two expressions into one: « de juin à septembre », « du vendredi au dimanche »."""
    joined: list[NamedDays] = []
    for each in found:
        previous = joined[-1] if joined else None
        if previous and previous.meaning.days and each.meaning.days:
            between = message.open[previous.end : each.start]
            opening = _FIRST_OF_TWO.search(message.open[: previous.start]) or _FIRST_OF_TWO.match(
                message.open[previous.start : previous.end]
            )
            word = _BETWEEN_TWO.fullmatch(between) if len(between) < 24 else None  # noqa: PLR2004 - the number says itself
            if word is None and len(between) < 24:  # noqa: PLR2004 - the number says itself
                word = _BETWEEN_TWO.fullmatch(
                    between + message.open[each.start : each.start + 3].partition(" ")[0]
                )
            is_range = word is not None and (opening is not None or " et " not in word[0] + " ")
            start, end = previous.meaning.days[0][0], each.meaning.days[-1][1]
            if is_range and opening is not None and start < end:
                at = opening.start() if opening.end() == previous.start else previous.start
                joined[-1] = NamedDays(at, each.end, replace(each.meaning, days=((start, end),)))
                continue
        joined.append(each)
    return joined


def _attached_hours(message: Message, days: list[NamedDays]) -> dict[int, Hours]:
    """Hours by the index of the days they belong to; -1 holds hours without any day."""
    named = hours_named(message)
    for each in days:
        night = night_after(message, each.end)
        if night is not None:
            named.append(night)
    attached: dict[int, Hours] = {}
    for hours in sorted(named, key=lambda each: (each.is_weak, each.start)):
        if hours.is_weak:
            _attach_weak(days, hours, attached)
            continue
        owners = _owners(message, days, hours, attached)
        for owner in owners:
            previous = attached.get(owner)
            both = (
                (max(previous[0], hours.hours[0]), min(previous[1], hours.hours[1]))
                if previous
                else hours.hours
            )
            attached[owner] = both if both[0] < both[1] else hours.hours
        first, last = message.word_range(hours.start, hours.end)
        message.claim_words(first, last, "when")
    return attached


def _attach_weak(days: list[NamedDays], hours: NamedHours, attached: dict[int, Hours]) -> None:
    """« une soirée … le 21 juin »: the evening of that one day."""
    for index, each in enumerate(days):
        length = sum((end - start).days for start, end in each.meaning.days)
        if index not in attached and length == 1 and each.meaning.hours is None:
            attached[index] = hours.hours


def _owners(
    message: Message, days: list[NamedDays], hours: NamedHours, attached: dict[int, Hours]
) -> list[int]:
    """The days that hours belong to: those right before, with the others of their list.

    Else all that have none.
    """
    for index, each in enumerate(days):
        if each.end <= hours.start and _NEAR_HOURS.fullmatch(
            message.folded[each.end : hours.start]
        ):
            owners = [index]
            while owners[0] > 0 and owners[0] - 1 not in attached:
                earlier = days[owners[0] - 1]
                if not _JOINS.fullmatch(message.folded[earlier.end : days[owners[0]].start]):
                    break
                owners.insert(0, owners[0] - 1)
            return owners
    free = [
        index
        for index, each in enumerate(days)
        if index not in attached and each.meaning.hours is None
    ]
    return free or ([] if days else [-1])


Span = tuple[datetime, datetime]


def _spans(
    days: list[NamedDays], hours: dict[int, Hours], today: Today, *, has_exclusions: bool
) -> list[Span]:
    """Local spans without a zone, day by day where hours or exclusions ask for it."""
    spans: list[Span] = []
    for index, each in enumerate(days):
        meant = hours.get(index) or each.meaning.hours
        for start, end in each.meaning.days:
            spans += _with_hours((start, end), meant, daily=has_exclusions)
    usual = (today.date, today.date + timedelta(weeks=_DEFAULT_WEEKS))
    if not days and -1 in hours:
        spans += _with_hours(
            (today.date, today.date + timedelta(days=_MOST_INTERVALS)), hours[-1], daily=True
        )
    elif not days and has_exclusions:
        spans += _with_hours(usual, None, daily=True)
    return spans


def _with_hours(days: Days, hours: Hours | None, *, daily: bool) -> list[Span]:
    length = (days[1] - days[0]).days
    too_long = length > (7 * _DEFAULT_WEEKS if daily else _MOST_INTERVALS)
    if (hours is None and not daily) or too_long:
        return [(_midnight(days[0]), _midnight(days[1]))]
    start, end = hours or (0.0, 24.0)
    every = (_midnight(days[0] + timedelta(days=ahead)) for ahead in range(length))
    return [(day + timedelta(hours=start), day + timedelta(hours=end)) for day in every]


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time())  # local until `_interval` names the zone


def _merged(spans: list[Span]) -> list[Span]:
    """Overlapping or touching spans become one."""
    merged: list[Span] = []
    for start, end in sorted(set(spans)):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _interval(
    start: datetime, end: datetime, now: datetime, timezone: str, *, is_past: bool
) -> Interval | None:
    """Aware, and from now on when it is running; None when it is over."""
    zone = ZoneInfo(timezone)
    first, last = start.replace(tzinfo=zone), end.replace(tzinfo=zone)
    if last <= now and not is_past:
        return None
    return Interval(max(first, now) if last > now else first, last) if last > first else None
