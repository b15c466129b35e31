"""When a letter about a saved search is due. Pure."""

from datetime import datetime, time, timedelta
from typing import Final, assert_never
from zoneinfo import ZoneInfo

from puls.returning.saved import Letters

THURSDAY: Final = 3  # the weekend is decided then


def is_due(letters: Letters, *, considered_at: datetime, now: datetime, timezone: str) -> bool:
    """Whether a letter is to be thought of now, last having been at `considered_at`.

    Days are those of `timezone` (IANA). Daily: once a day. Weekly: once from each Thursday on, so that a worker that slept
    on Thursday writes on Friday.
    """
    zone = ZoneInfo(timezone)
    here = now.astimezone(zone)
    match letters:
        case "none":
            return False
        case "daily":
            first = here.date()
        case "weekly":
            first = here.date() - timedelta(days=(here.weekday() - THURSDAY) % 7)
        case _:
            assert_never(letters)
    return considered_at < datetime.combine(first, time(), zone)
