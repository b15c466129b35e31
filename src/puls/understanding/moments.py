"""Spans told with both their dates and both their hours, to the minute. Pure.

« du vendredi 20 novembre à 18 h au dimanche 22 à minuit » is one span, not an evening of each day;
« le samedi 21 novembre 2026 de 18 h à 20 h » leaves the other days of a list alone. Enter at
`claim_moments`.
"""

import re
from datetime import date, datetime, time, timedelta

from puls.understanding.date_words import DAY, MONTH, MONTHS, WEEKDAY, YEAR, day_of
from puls.understanding.day_rules import Today, coming_date, real_date
from puls.understanding.words import Message

Span = tuple[datetime, datetime]

_TIME = r"(?:\d{1,2}h\d{2}|\d{1,2} ?h(?:eures?)?|midi|noon|minuit|midnight)"


def _date(name: str, *, year: str) -> str:
    return (
        rf"(?:{WEEKDAY} )?(?P<{name}_day>{DAY})(?: (?P<{name}_month>{MONTH}))?"
        rf"(?: (?P<{name}_year>{YEAR})){year}"
    )


_BETWEEN_MOMENTS = re.compile(
    rf"(?<!\S)(?:du|from) {_date('first', year='?')} (?:a|at) (?P<first>{_TIME}) "
    rf"(?:au|to|until) {_date('last', year='?')} (?:a|at) (?P<last>{_TIME})(?!\S)"
)
# The year is asked for: without it, « le 21 et le 22 novembre de 18h à 20h » may mean both evenings.
_HOURS_OF_A_DATE = re.compile(
    rf"(?<!\S)(?:le|on) {_date('first', year='')} (?:de|from) (?P<first>{_TIME}) "
    rf"(?:a|to) (?P<last>{_TIME})(?!\S)"
)
_JOINED_BEFORE = (" et", " ou", " and", " or", " puis")


def claim_moments(message: Message, today: Today) -> list[Span]:
    """The local spans of such expressions, claimed; without a zone."""
    if not any(word in message.open for word in ("h", "minuit", "midi", "midnight", "noon")):
        return []
    spans: list[Span] = []
    for match in message.find(_BETWEEN_MOMENTS):
        if span := _between_moments(match, today):
            spans.append(span)
            message.claim(match, "when")
    for match in message.find(_HOURS_OF_A_DATE):
        is_joined = message.open[: match.start()].rstrip().endswith(_JOINED_BEFORE)
        if not is_joined and (span := _hours_of_a_date(match)):
            spans.append(span)
            message.claim(match, "when")
    return spans


def _between_moments(match: re.Match[str], today: Today) -> Span | None:
    if match["last_month"] is None:
        return None
    month = MONTHS[match["last_month"]]
    last = coming_date(month, day_of(match["last_day"]), match["last_year"], today)
    if last is None:
        return None
    first_month = MONTHS[match["first_month"]] if match["first_month"] else month
    year = int(match["first_year"] or last.year - (first_month > month))
    first = real_date(year, first_month, day_of(match["first_day"]))
    if first is None:
        return None
    return _ordered(_at(first, match["first"]), _at(last, match["last"]))


def _hours_of_a_date(match: re.Match[str]) -> Span | None:
    if match["first_month"] is None:
        return None
    year, month = int(match["first_year"]), MONTHS[match["first_month"]]
    day = real_date(year, month, day_of(match["first_day"]))
    if day is None:
        return None
    start, end = _at(day, match["first"]), _at(day, match["last"])
    return _ordered(start, end if end > start else end + timedelta(days=1))


def _at(day: date, words: str) -> datetime:
    """« minuit » ends the day it is said of; « 0 h » begins it."""
    hour, minute = _clock(words)
    return datetime.combine(day, time()) + timedelta(hours=hour, minutes=minute)


def _clock(words: str) -> tuple[int, int]:
    if words in ("midi", "noon"):
        return 12, 0
    if words in ("minuit", "midnight"):
        return 24, 0
    numbers = [int(number) for number in re.findall(r"\d+", words)]
    return min(numbers[0], 24), numbers[1] if len(numbers) > 1 else 0


def _ordered(start: datetime, end: datetime) -> Span | None:
    return (start, end) if start < end else None
