"""When a job runs: `every 1h`, `every 2h at 05`, `daily at 03:30`, `weekly on sunday at 04:00`, `cron 30 3 * * 1-5`. Pure.

Intervals count from the epoch, so that every worker means the same moments; days and cron are those of a time zone. Enter
at `read_schedule`.
"""

import itertools
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from croniter import croniter

from puls.errors import InvalidInputError

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_UNITS: Final = {
    "s": timedelta(seconds=1), "m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1),
}  # fmt: skip
_DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_LONGEST: Final = timedelta(days=31)
_EVERY: Final = re.compile(r"every (\d{1,6})\s?([smhd])(?: at :?(\d{1,2}))?")
_DAILY: Final = re.compile(r"daily at (\d{1,2}):(\d{2})")
_WEEKLY: Final = re.compile(rf"weekly on ({'|'.join(_DAYS)}) at (\d{{1,2}}):(\d{{2}})")
_CRON: Final = re.compile(r"cron (\S+ \S+ \S+ \S+ \S+)")
_MOMENTS_LOOKED_AT: Final = 8  # of a cron text, to tell its usual gap
HOW_TO_WRITE: Final = (
    "write `every 15m`, `every 2h at 05` (minutes past), `daily at 03:30`, `weekly on sunday at 04:00`, "
    "`cron 30 3 * * 1-5` or `off`"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """Moments, by an interval from the epoch or by a cron text in a time zone."""

    text: str
    period: timedelta
    offset: timedelta = timedelta(0)
    cron: str = ""
    timezone: str = "Europe/Paris"

    def last_due(self, now: datetime) -> datetime:
        """The latest moment that is not after `now`, in UTC."""
        if self.cron:
            # croniter's « previous » leaves out the moment itself
            after = now.replace(microsecond=0) + timedelta(seconds=1)
            moment: datetime = self._cron_from(after).get_prev(datetime)
            return moment.astimezone(UTC)
        since = now - _EPOCH - self.offset
        return _EPOCH + self.offset + (since // self.period) * self.period

    def next_due(self, now: datetime) -> datetime:
        """The first moment after `now`, in UTC."""
        if self.cron:
            moment: datetime = self._cron_from(now).get_next(datetime)
            return moment.astimezone(UTC)
        return self.last_due(now) + self.period

    def _cron_from(self, moment: datetime) -> croniter:
        return croniter(self.cron, moment.astimezone(ZoneInfo(self.timezone)))


def read_schedule(text: str, *, timezone: str) -> Schedule:
    """A schedule as an operator writes it; `timezone` is an IANA name.

    Raises:
        InvalidInputError: it cannot be read; says how to write one.
    """
    text = " ".join(text.lower().split())
    if found := _EVERY.fullmatch(text):
        return _interval(text, int(found[1]), found[2], found[3])
    if found := _DAILY.fullmatch(text):
        return _by_cron(text, f"{_minute(found[2], text)} {_hour(found[1], text)} * * *", timezone)
    if found := _WEEKLY.fullmatch(text):
        day = (_DAYS.index(found[1]) + 1) % 7  # cron counts from Sunday
        cron = f"{_minute(found[3], text)} {_hour(found[2], text)} * * {day}"
        return _by_cron(text, cron, timezone)
    if found := _CRON.fullmatch(text):
        if not croniter.is_valid(found[1]):
            raise InvalidInputError(f"{text!r} is no cron text; {HOW_TO_WRITE}.")
        return _by_cron(text, found[1], timezone)
    raise InvalidInputError(f"The schedule {text!r} cannot be read: {HOW_TO_WRITE}.")


def _interval(text: str, count: int, unit: str, minute: str | None) -> Schedule:
    period = count * _UNITS[unit]
    if not timedelta(0) < period <= _LONGEST:
        raise InvalidInputError(f"{text!r}: an interval lies between 1 s and 31 days.")
    if minute is not None and (unit != "h" or int(minute) > 59):  # noqa: PLR2004 # minutes of an hour
        raise InvalidInputError(f"{text!r}: minutes past the hour, 00 to 59, go with hours only.")
    return Schedule(text=text, period=period, offset=timedelta(minutes=int(minute or 0)))


def _hour(digits: str, text: str) -> int:
    if int(digits) > 23:  # noqa: PLR2004 # hours of a day
        raise InvalidInputError(f"{text!r}: an hour lies between 00 and 23.")
    return int(digits)


def _minute(digits: str, text: str) -> int:
    if int(digits) > 59:  # noqa: PLR2004 # minutes of an hour
        raise InvalidInputError(f"{text!r}: a minute lies between 00 and 59.")
    return int(digits)


def _by_cron(text: str, cron: str, timezone: str) -> Schedule:
    """With the longest of some gaps as its period: who runs on working days is not late on a Sunday."""
    moments = croniter(cron, datetime(2026, 1, 1, tzinfo=UTC))
    try:
        seen = [moments.get_next(datetime) for _ in range(_MOMENTS_LOOKED_AT)]
    except ValueError as error:  # the 30th of February
        raise InvalidInputError(f"{text!r} never comes; {HOW_TO_WRITE}.") from error
    period = max(later - sooner for sooner, later in itertools.pairwise(seen))
    return Schedule(text=text, period=period, cron=cron, timezone=timezone)
