"""The dates of an event in a few French words, as OpenAgenda writes its `daterange`.

Pure. « Samedi 17 mai, 19h00, 20h00 », « 20 et 21 septembre », « 10 juillet - 28 août, les jeudis ».
"""

from datetime import date

from puls.ingestion.sample.schedule import Schedule

_WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_MONTHS = (
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()
)
_MANY_DAYS = 3


def date_range_fr(schedule: Schedule, *, today: date) -> str:
    """Say when, in the fewest words; the year is said when it is not this year's."""
    days = sorted({timing.begin.date() for timing in schedule.timings})
    first, last = days[0], days[-1]
    if first == last:
        hours = ", ".join(f"{timing.begin:%Hh%M}" for timing in schedule.timings)
        return f"{_WEEKDAYS[first.weekday()].capitalize()} {_said(first, today)}, {hours}"
    joined = " et " if len(days) == 2 and schedule.has_hours else " - "  # noqa: PLR2004
    words = joined.join((_said_before(first, last, today), _said(last, today)))
    weekdays = {day.weekday() for day in days}
    if len(weekdays) == 1 and len(days) >= _MANY_DAYS:
        return f"{words}, les {_WEEKDAYS[weekdays.pop()]}s"
    return words


def _said(day: date, today: date) -> str:
    year = "" if day.year == today.year else f" {day.year}"
    return f"{day.day} {_MONTHS[day.month - 1]}{year}"


def _said_before(day: date, last: date, today: date) -> str:
    if (day.year, day.month) == (last.year, last.month):
        return str(day.day)
    return (
        _said(day, today)
        if day.year == last.year
        else f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
    )
