"""Days and hours in words: « Du 6 octobre 2026 au 31 janvier 2027 », « ven. 11/12 à 20h30 », « Nov 28, 2026 8:30 PM ».

Pure; French and English. A day without a year is the one nearest to a given day. Enter at `spans_in` and `hours_in`.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time
from typing import Final

_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            "janvier janv jan january",
            "fevrier fevr fev february feb",
            "mars march mar",
            "avril avr april apr",
            "mai may",
            "juin june jun",
            "juillet juil july jul",
            "aout august aug",
            "septembre sept sep september",
            "octobre oct october",
            "novembre nov november",
            "decembre dec december",
        ),
        1,
    )
    for name in names.split()
}
_MONTH: Final = "(?:" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")\b\.?"
_DAY: Final = r"(?:0?[1-9]|[12]\d|3[01])"
_YEAR: Final = r"(?:19|20)\d\d"
_WRITTEN: Final = re.compile(
    rf"""(?<![\w.,/-])(?:
      (?P<d1>{_DAY})(?:er|st|nd|rd|th|e)?[ ]?(?P<m1>{_MONTH})(?:,?[ ](?P<y1>{_YEAR}))?
    | (?P<m2>{_MONTH})[ ](?P<d2>{_DAY})(?:st|nd|rd|th)?\b(?!\s?(?:h\b|:))(?:,?[ ](?P<y2>{_YEAR}))?
    | (?P<y3>{_YEAR})[-/.](?P<m3>0?[1-9]|1[0-2])[-/.](?P<d3>{_DAY})
    | (?P<d4>{_DAY})(?P<sep>[-/.])(?P<m4>0?[1-9]|1[0-2])(?:(?P=sep)(?P<y4>{_YEAR}|\d\d))?(?!\s?(?:€|eur|%|/))
    )(?![\w/])""",
    re.VERBOSE,
)
_BARE_BEFORE: Final = re.compile(
    rf"(?<![\w.,/:-])(?P<day>{_DAY})(?:er|e)?[ ]?(?P<how>-|au|a|et|,|&|to|until|and)[ ]?(?:(?:le|l|dimanche|lundi|mardi"
    r"|mercredi|jeudi|vendredi|samedi)[ ])?$"
)
_JOINS: Final = re.compile(
    r"\s*(?:\([^)]{0,20}\)\s*)?(?:-|au|jusqu'?\s?au|a|to|until|through)\s*"
    r"(?:(?:le|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|lun|mar|mer|jeu|ven|sam|dim|mon|tue|wed|thu|fri|sat"
    r"|sun|monday|tuesday|wednesday|thursday|friday|saturday|sunday)\.?,?\s*)*$"
)
_HOUR: Final = re.compile(
    r"(?<![\d.,:/-])(?P<h>[01]?\d|2[0-4])\s?(?:(?P<fr>h|heures?)\s?(?P<m1>[0-5]\d)?(?![\w:])|:(?P<m2>[0-5]\d)(?::[0-5]\d)?"
    r"\s?(?P<half1>am|pm|a\.m|p\.m)?|\s?(?P<half2>am|pm|a\.m|p\.m)\b)"
)
_UNTIL_BEFORE: Final = re.compile(
    r"(?:jusqu'? ?(?:au|a)|until|till)\s*(?:le\s*)?(?:[a-z]{3,9}\.?\s*)?$"
)
_DASHES: Final = str.maketrans(
    {"–": "-", "—": "-", "−": "-", "‑": "-", "‐": "-", "’": "'", "\xa0": " ", "\u202f": " "}
)
_LONGEST: Final = 20_000
_MOST: Final = 400


@dataclass(frozen=True, slots=True)
class Span:
    """Days from `first` to `last`, both included, and where in the folded text they stand."""

    first: date
    last: date
    start: int
    end: int
    has_year: bool
    is_until: bool = False

    @property
    def is_range(self) -> bool:
        return self.first != self.last

    def holds(self, day: date) -> bool:
        """Whether `day` is meant; without a year, the day and month decide."""
        if self.has_year:
            return self.first <= day <= self.last
        if not self.is_range:
            return (self.first.day, self.first.month) == (day.day, day.month)
        moved = _with_year(self.first, day.year), _with_year(self.last, day.year)
        if moved[0] is None or moved[1] is None:
            return False
        if moved[0] <= moved[1]:
            return moved[0] <= day <= moved[1]
        return day >= moved[0] or day <= moved[1]


def lowered(text: str) -> str:
    """Lower case without accents, one kind of dash; as long as the text in nearly all cases, line ends kept."""
    text = text.translate(_DASHES).lower()
    if text.isascii():
        return text
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def spans_in(text: str, *, near: date) -> list[Span]:
    """All days and ranges of days that a text states, in its order."""
    text = lowered(text[:_LONGEST])
    spans: list[Span] = []
    for found in _WRITTEN.finditer(text):
        for span in _spans_at(text, found, near):
            joined = _joined(text, spans[-1], span) if spans else None
            if joined is not None:
                spans[-1] = joined
            else:
                spans.append(span)
        if len(spans) >= _MOST:
            break
    return spans


def spans_written(low: str) -> Iterator[tuple[int, int]]:
    """Where days stand in a lowered text, with the weekday and « le », « du » left out."""
    for found in _WRITTEN.finditer(low):
        yield found.span()


def hours_in(text: str) -> frozenset[time]:
    """All hours of the day that a text states; « minuit » and « midi » too."""
    text = lowered(text[: 10 * _LONGEST])
    hours = {hour for hour, _, _ in hours_at(text)}
    if re.search(r"\bminuit\b|\bmidnight\b", text):
        hours.add(time(0, 0))
    if re.search(r"\b(?:a|de|des|vers) midi\b|\bmidi pile\b|\bat noon\b", text):
        hours.add(time(12, 0))
    return frozenset(hours)


def hours_at(text: str) -> Iterator[tuple[time, int, int]]:
    """Hours of a lowered text with where each stands; « 1h38 » alone may be a duration, the caller knows."""
    for found in _HOUR.finditer(text):
        hour = int(found["h"]) % 24
        half = (found["half1"] or found["half2"] or "").replace(".", "")
        if half == "pm" and hour < 12:
            hour += 12
        elif half == "am" and hour == 12:
            hour = 0
        yield time(hour, int(found["m1"] or found["m2"] or 0)), found.start(), found.end()


def _spans_at(text: str, found: re.Match[str], near: date) -> Iterator[Span]:
    part = {key[0]: value for key, value in found.groupdict().items() if value and key != "sep"}
    month = _MONTHS.get(part["m"].rstrip("."), 0) or int(part["m"].rstrip(".") or 0)
    year = int(part["y"]) + (2000 if len(part["y"]) == 2 else 0) if "y" in part else None
    if year is None and found["d4"] and found["sep"] != "/":
        return  # « 4.5 », « 12-10 »: a mark, an age or a score as often as a day
    day = _day(year, month, int(part["d"]), near)
    if day is None:
        return
    before = found.start()
    early: list[Span] = []
    while found["m1"] and (bare := _BARE_BEFORE.search(text, max(0, before - 24), before)):
        first = _day(day.year, month, int(bare["day"]), near)
        if first is None or first >= (early[-1].first if early else day):
            break
        before = bare.start()
        if bare["how"] in {"-", "au", "a", "to", "until"}:
            yield Span(
                first, early[-1].last if early else day, before, found.end(), year is not None
            )
            return
        early.append(Span(first, first, before, bare.end("day"), year is not None))
    yield from reversed(early)
    is_until = _UNTIL_BEFORE.search(text, max(0, found.start() - 30), found.start()) is not None
    yield Span(day, day, found.start(), found.end(), year is not None, is_until)


def _joined(text: str, before: Span, after: Span) -> Span | None:
    """« du 6 octobre » and « 31 janvier 2027 » as one range."""
    if before.is_range or after.is_range or after.start - before.end > 40:
        return None
    between = text[before.end : after.start]
    between = _HOUR.sub("", between)
    if not _JOINS.fullmatch(between):
        return None
    first, last = before.first, after.last
    if not before.has_year and after.has_year:
        moved = _with_year(first, last.year)
        first = (
            moved
            if moved is not None and moved <= last
            else _with_year(first, last.year - 1) or first
        )
    elif before.has_year and not after.has_year:
        moved = _with_year(last, first.year)
        last = (
            moved
            if moved is not None and moved >= first
            else _with_year(last, first.year + 1) or last
        )
    elif last < first and not after.has_year:
        last = _with_year(last, first.year + 1) or last
    if last <= first:
        return None
    return Span(first, last, before.start, after.end, before.has_year or after.has_year)


def _day(year: int | None, month: int, day: int, near: date) -> date | None:
    if year is not None:
        return _valid(year, month, day)
    choices = [_valid(near.year + shift, month, day) for shift in (-1, 0, 1)]
    # Pages announce: what lies more than two months back is next year's.
    coming = [one for one in choices if one is not None and (near - one).days <= 60]
    return min(coming, key=lambda one: abs((one - near).days), default=None)


def _with_year(day: date, year: int) -> date | None:
    return _valid(year, day.month, day.day)


def _valid(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
