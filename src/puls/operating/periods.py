"""The spans of time that figures are about: whole hours and local days that end now. Pure."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Literal
from zoneinfo import ZoneInfo

Grain = Literal["minutes", "hour", "day"]
_HOUR = timedelta(hours=1)
_PIECE = timedelta(minutes=5)  # of the last hour's curves


class Period(StrEnum):
    """What the page offers to choose from."""

    HOUR = "1h"
    DAY = "24h"
    WEEK = "7j"
    MONTH = "30j"


_DAYS = {Period.WEEK: 7, Period.MONTH: 30}
_HOURS = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """From `since` (aware, in it) until `until` (aware, not in it), in pieces of `grain` that begin at `starts`."""

    period: Period
    since: datetime
    until: datetime
    grain: Grain
    starts: tuple[datetime, ...]


def span_of(period: Period, *, now: datetime, timezone: str) -> Span:
    """The span that ends now.

    1 h: the sixty minutes before. 24 h: this hour (UTC) and the 23 before it. 7 and 30 days: today in that time zone (IANA)
    and the days before it.
    """
    now = now.astimezone(UTC)
    if period is Period.HOUR:
        starts = tuple(now - _HOUR + at * _PIECE for at in range(_HOUR // _PIECE))
        return Span(period=period, since=now - _HOUR, until=now, grain="minutes", starts=starts)
    if period is Period.DAY:
        this = hour_of(now)
        starts = tuple(this - back * _HOUR for back in reversed(range(_HOURS)))
        return Span(period=period, since=starts[0], until=now, grain="hour", starts=starts)
    starts = tuple(day_of(now, timezone, back=back) for back in reversed(range(_DAYS[period])))
    return Span(period=period, since=starts[0], until=now, grain="day", starts=starts)


def hour_of(at: datetime) -> datetime:
    """The whole hour (UTC) that a moment is in."""
    return at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def day_of(at: datetime, timezone: str, *, back: int = 0) -> datetime:
    """The first whole hour (UTC) of the local day that a moment is in, or of one `back` days before.

    In a zone that is not whole hours away from UTC the day begins with the hour that its midnight is in.
    """
    zone = ZoneInfo(timezone)
    day = at.astimezone(zone).date() - timedelta(days=back)
    return hour_of(datetime(day.year, day.month, day.day, tzinfo=zone))


def day_after(start: datetime, timezone: str) -> datetime:
    """The first whole hour of the next local day; 23, 24 or 25 hours later."""
    return day_of(start + timedelta(hours=26), timezone)
