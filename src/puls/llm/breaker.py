"""A circuit breaker: a provider that keeps failing is left alone for a while, then tried by one call.

Pure: the moment is an argument, in seconds of a monotonic clock.
"""

from collections import deque
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakerLimits:
    """Opens after `failures` within `window_seconds`; after `pause_seconds` one call may probe."""

    failures: int = 5
    window_seconds: float = 30.0
    pause_seconds: float = 15.0


@dataclass(slots=True)
class CircuitBreaker:
    """One provider's. Ask `allows` before a call, then tell `succeeded`, `failed` or `released`."""

    limits: BreakerLimits
    _failures: deque[float] = field(default_factory=deque)
    _opened_at: float | None = None
    _is_probing: bool = False

    @property
    def is_open(self) -> bool:
        """Whether calls are refused, a probe apart."""
        return self._opened_at is not None

    def allows(self, *, now: float) -> bool:
        """Whether a call may go out; while half open, to the first who asks."""
        if self._opened_at is None:
            return True
        if self._is_probing or now < self._opened_at + self.limits.pause_seconds:
            return False
        self._is_probing = True
        return True

    def succeeded(self) -> None:
        """A call ended well: closed, and what was before is forgotten."""
        self._failures.clear()
        self._opened_at, self._is_probing = None, False

    def failed(self, *, now: float) -> None:
        """A call failed by the provider's fault."""
        self._failures.append(now)
        while self._failures[0] < now - self.limits.window_seconds:
            self._failures.popleft()
        if self._is_probing or len(self._failures) >= self.limits.failures:
            self._opened_at, self._is_probing = now, False

    def released(self) -> None:
        """A call ended without telling anything about the provider: the visitor left, or there was no place."""
        self._is_probing = False
