"""When an event takes place, in words that stay true whenever they are read: a feed or a letter is read days later. Pure."""

from datetime import timedelta
from typing import Final
from zoneinfo import ZoneInfo

from puls import phrasing
from puls.catalogue.event import Occurrence
from puls.phrasing import Language

_A_DAY: Final = timedelta(hours=24)


def moment_whenever_read(occurrence: Occurrence, timezone: str, language: Language) -> str:
    """« samedi 28 novembre 2026, 20 h 30 », « du 3 au 28 novembre 2026 »: with day and year, never « demain ».

    `timezone` is the venue's IANA name.
    """
    zone = ZoneInfo(timezone)
    start, end = occurrence.starts_at.astimezone(zone), occurrence.ends_at.astimezone(zone)
    first, last = start.date(), (end - timedelta(microseconds=1)).date()
    long_ago = first - timedelta(days=400)  # no day is today or tomorrow, and every year is said
    is_range = occurrence.is_possible or end - start > _A_DAY
    day = phrasing.day_name(first, today=long_ago, language=language)
    if is_range and last > first:
        other = phrasing.day_name(last, today=long_ago, language=language)
        return f"du {day} au {other}" if language == "fr" else f"{day} to {other}"
    if is_range or occurrence.is_day_known_only:
        return day
    return f"{day}, {phrasing.hours(start, end, language)}"
