"""Days joined and bounded by the small words around them. Pure.

« de juin à septembre », « d'ici dimanche », « à partir du 3 », « les mercredis de décembre ». Enter
at `settled_days`, which claims them.
"""

import re
from dataclasses import replace
from datetime import date, timedelta

from puls.understanding.calendars import Days
from puls.understanding.day_rules import Today
from puls.understanding.days import NamedDays
from puls.understanding.words import Message

_ARTICLE = r"(?: la| le| l| les| the| el| zum)?"
_UNTIL = re.compile(
    rf"(?<!\S)(?:d ici(?: a| au| la)?|jusqu(?: a| au| aux| en)?|(?<!pas )avant|pas apres|"
    rf"pas plus tard que|until|till|before|by|bis|hasta|fino a|from now (?:until|to)){_ARTICLE} ?$"
)
_FROM = re.compile(
    rf"(?<!\S)(?:(?:a partir|a compter)(?: de| du| d)?|des|(?<!pas )apres|pas avant|depuis|from|"
    rf"starting|after|ab){_ARTICLE} ?$"
)
_FIRST_OF_TWO = re.compile(
    rf"(?<!\S)(?:du|de|d|entre|from|between|vom|von|zwischen|des){_ARTICLE} ?$"
)
_OPENS_TWO = frozenset("du de d entre from between vom von zwischen des".split())  # noqa: SIM905 - a list of words reads better as prose
_BETWEEN_TWO = re.compile(rf"(?:jusqu )?(?:au|a|et|to|and|until|till|through|bis|al|und){_ARTICLE}")
_LISTS = ("et", "and", "y", "und")  # alone they list two days; « entre » makes them a range
_LONGEST_LEAD = 32  # characters that small words before an expression may take
_LONGEST_GAP = 24
_HORIZON_DAYS = 365
_MOST_DAYS = 62  # of a habit


def settled_days(message: Message, found: list[NamedDays], today: Today) -> list[NamedDays]:
    """Expressions with their ranges and bounds applied; their words are claimed."""
    settled = [_bounded(message, each, today) for each in _ranges(message, found)]
    for each in settled:
        first, last = message.word_range(each.start, each.end)
        message.claim_words(first, last, "when", keep=each.meaning.is_kept)
    known = [each for each in settled if each.meaning.days or each.meaning.notice]
    return _bounded_habits(known)


def lead_before(message: Message, at: int) -> str:
    """The few words before an offset, whole."""
    return message.open[max(0, message.open.rfind(" ", 0, max(0, at - _LONGEST_LEAD)) + 1) : at]


def _bounded(message: Message, each: NamedDays, today: Today) -> NamedDays:
    """Apply « d'ici », « à partir de » before an expression."""
    meaning = each.meaning
    if not meaning.days:
        return each
    lead = lead_before(message, each.start)
    if until := _UNTIL.search(lead):
        is_before = until[0].startswith(("avant", "before"))
        deadline = max(
            _deadline(meaning.days[-1], is_before=is_before), today.date + timedelta(days=1)
        )
        spans: tuple[Days, ...] = ((today.date, deadline),)
    elif since := _FROM.search(lead):
        first, after = meaning.days[0]
        start = after if since[0].startswith(("apres", "after")) else first
        until, spans = since, ((start, start + timedelta(days=_HORIZON_DAYS)),)
    else:
        return each
    at = each.start - len(lead) + until.start()
    return NamedDays(at, each.end, replace(meaning, days=spans, is_habit=False))


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
        if previous and (both := _range(message, previous, each)):
            joined[-1] = both
        else:
            joined.append(each)
    return joined


def _range(message: Message, previous: NamedDays, each: NamedDays) -> NamedDays | None:
    if not (previous.meaning.days and each.meaning.days and _is_short_gap(previous, each)):
        return None
    between = message.open[previous.end : each.start].strip()
    first_word = message.open[each.start : each.end].partition(" ")[0]
    if not (
        _BETWEEN_TWO.fullmatch(between) or _BETWEEN_TWO.fullmatch(f"{between} {first_word}".strip())
    ):
        return None
    lead = lead_before(message, previous.start)
    opening = _FIRST_OF_TWO.search(lead)
    opens_itself = message.open[previous.start : previous.end].partition(" ")[0] in _OPENS_TWO
    start, end = previous.meaning.days[0][0], each.meaning.days[-1][1]
    if not (opening or opens_itself) and (between or first_word).startswith(_LISTS):
        return None
    if each.meaning.is_habit or previous.meaning.is_habit:
        start, end = (
            previous.meaning.days[0][0],
            _after(each.meaning.days, previous.meaning.days[0][0]),
        )
    elif end <= start and len(each.meaning.days) == 1 and (end - each.meaning.days[0][0]).days == 1:
        end += timedelta(days=7)  # « du samedi au lundi », asked on a Monday
    if start >= end:
        return None
    at = previous.start - len(lead) + opening.start() if opening else previous.start
    return NamedDays(at, each.end, replace(each.meaning, days=((start, end),), is_habit=False))


def _is_short_gap(previous: NamedDays, each: NamedDays) -> bool:
    return each.start - previous.end < _LONGEST_GAP


def _after(days: tuple[Days, ...], start: date) -> date:
    return next((end for _, end in days if end > start), start)


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
