"""Times to leave out: « pas le lundi », « sauf dimanche », « hors vacances scolaires ». Pure.

The same rules as for times asked for read the words after the negation. Read before the other
exclusions (« sauf jazz »), which would take them for words. Enter at `claim_exclusions`; `kept`
applies them.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from puls.understanding.calendars import Days
from puls.understanding.day_ranges import lead_before
from puls.understanding.day_rules import Today
from puls.understanding.days import NamedDays, days_named
from puls.understanding.hours import Hours, NamedHours, hours_named
from puls.understanding.words import Message

Span = tuple[datetime, datetime]

_NOT = (
    r"(?:(?<!pourquoi )(?<!travaille )(?<!bosse )pas|sauf|hors|excepte|hormis|sans|not|except|"
    r"jamais|a part|en dehors|ni)"
)
_HAS_NOT = re.compile(rf"(?<!\S){_NOT}(?!\S)")
_NOT_BEFORE = re.compile(
    rf"(?<!\S)(?:(?:but|mais|and|et) )?{_NOT}(?: (?:on|de|des|du|d|le|les|la|l|un|pendant|durant|en|the|juste|at|in)){{0,3}} ?$"
)
_AND = re.compile(r" (?:et|ou|ni|and|or|nor)(?: (?:le|les|la|l|on|the|de|du|pas)){0,2} ?")
_EARLIEST = 6.0  # hours; nobody who refuses the morning wants the hours before
_MOST_SPANS = 62  # more would weigh on the search; then the exclusion is dropped


@dataclass(frozen=True, slots=True)
class Excluded:
    """Days left out, by weekday or by date; only some hours of them when `hours` is set."""

    weekdays: tuple[int, ...] = ()
    days: tuple[Days, ...] = ()
    hours: Hours | None = None

    def holds(self, day: date) -> bool:
        if not self.weekdays and not self.days:
            return True
        return day.weekday() in self.weekdays or any(first <= day < end for first, end in self.days)


def claim_exclusions(message: Message, today: Today) -> tuple[Excluded, ...]:
    """What is left out, claimed."""
    if not _HAS_NOT.search(message.open):
        return ()
    every_hours = hours_named(message)
    excluded: list[Excluded] = []
    taken: list[tuple[int, int]] = []
    for each in days_named(message, today):
        if _is_negated(message, each.start, taken):
            hours = next((found for found in every_hours if found.start == each.end + 1), None)
            excluded.append(_days_left_out(each, hours))
            taken.append((each.start, hours.end if hours else each.end))
    for found in every_hours:
        is_new = not any(start <= found.start < end for start, end in taken)
        if is_new and not found.is_weak and _is_negated(message, found.start, taken):
            excluded.append(Excluded(hours=_hole(found.hours)))
            taken.append((found.start, found.end))
    for start, end in taken:
        lead = lead_before(message, start)
        negation = _NOT_BEFORE.search(lead) or _AND.search(lead)
        first, last = message.word_range(start, end)
        if negation:
            first, _ = message.word_range(start - len(lead) + negation.start(), end)
        message.claim_words(first, last, "when")
    return tuple(dict.fromkeys(excluded))


def _is_negated(message: Message, start: int, taken: list[tuple[int, int]]) -> bool:
    """Right after a negation, or joined to what was left out: « sauf lundi et mardi »."""
    if taken and _AND.fullmatch(message.open[taken[-1][1] : start]):
        return True
    return bool(_NOT_BEFORE.search(lead_before(message, start)))


def _days_left_out(each: NamedDays, hours: NamedHours | None) -> Excluded:
    meaning = each.meaning
    named = hours.hours if hours else meaning.hours
    return Excluded(
        weekdays=meaning.weekdays,
        days=() if meaning.weekdays else meaning.excludes or meaning.days,
        hours=_hole(named) if named else None,
    )


def _hole(hours: Hours) -> Hours:
    """« pas le matin » leaves out the small hours too."""
    return (0.0 if hours[0] <= _EARLIEST else hours[0]), hours[1]


def kept(spans: list[Span], excluded: tuple[Excluded, ...]) -> list[Span]:
    """The spans without what is left out."""
    if not excluded:
        return spans
    pieces = [piece for span in spans for piece in _without(span, excluded)]
    return pieces if len(pieces) <= _MOST_SPANS else spans


def _without(span: Span, excluded: tuple[Excluded, ...]) -> list[Span]:
    pieces = [span]
    first = span[0].date()
    for ahead in range(min((span[1].date() - first).days, 366) + 1):
        day = first + timedelta(days=ahead)
        midnight = datetime.combine(day, time())  # local, as the spans are
        for each in excluded:
            if each.holds(day):
                start, end = each.hours or (0.0, 24.0)
                hole = midnight + timedelta(hours=start), midnight + timedelta(hours=end)
                pieces = [part for piece in pieces for part in _cut(piece, hole)]
    return pieces


def _cut(piece: Span, hole: Span) -> list[Span]:
    parts = (piece[0], min(piece[1], hole[0])), (max(piece[0], hole[1]), piece[1])
    if hole[0] >= piece[1] or hole[1] <= piece[0]:
        return [piece]
    return [(start, end) for start, end in parts if start < end]
