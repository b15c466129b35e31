"""Buckets of one process, for while the shared ones are out of reach. Pure. Enter at `Buckets.take`."""

from datetime import datetime, timedelta

_MOST = 20_000  # visitors and addresses within a minute; of more the oldest are forgotten
_MINUTE = timedelta(minutes=1)


class Buckets:
    """Buckets that fill evenly over a minute, as those of `RateLimits` do."""

    def __init__(self) -> None:
        self._paid_until: dict[bytes, datetime] = {}

    def take(self, key: bytes, per_minute: int, now: datetime) -> timedelta:
        """Zero when the request is let through, else how long to wait."""
        each = _MINUTE / per_minute
        paid_until = max(self._paid_until.pop(key, now), now) + each
        wait = paid_until - _MINUTE - now
        if wait > timedelta():
            self._paid_until[key] = paid_until - each
            return wait
        self._paid_until[key] = paid_until
        if len(self._paid_until) > _MOST:
            del self._paid_until[next(iter(self._paid_until))]
        return timedelta()
