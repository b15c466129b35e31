"""The circuit breaker: a provider that is down costs visitors nothing but the first few failures."""

from puls.llm.breaker import BreakerLimits, CircuitBreaker

LIMITS = BreakerLimits(failures=3, window_seconds=10, pause_seconds=5)


def opened(*, at: float) -> CircuitBreaker:
    breaker = CircuitBreaker(LIMITS)
    for _ in range(LIMITS.failures):
        breaker.failed(now=at)
    return breaker


def test_it_opens_after_enough_failures_in_the_window() -> None:
    breaker = CircuitBreaker(LIMITS)
    for now in (0.0, 1.0):
        breaker.failed(now=now)
        assert breaker.allows(now=now)
    breaker.failed(now=2.0)
    assert not breaker.allows(now=2.0)


def test_failures_far_apart_do_not_open_it() -> None:
    """One failure an hour is a good provider."""
    breaker = CircuitBreaker(LIMITS)
    for now in (0.0, 11.0, 22.0, 33.0):
        breaker.failed(now=now)
    assert breaker.allows(now=33.0)


def test_after_the_pause_one_call_probes_and_the_others_wait() -> None:
    """A provider that comes back must not be thrown down again by everybody at once."""
    breaker = opened(at=0)
    assert [breaker.allows(now=now) for now in (4.9, 5.0, 5.0, 6.0)] == [False, True, False, False]


def test_a_probe_that_answers_closes_it() -> None:
    breaker = opened(at=0)
    assert breaker.allows(now=5)
    breaker.succeeded()
    assert not breaker.is_open
    breaker.failed(now=6)
    assert breaker.allows(now=6)


def test_a_probe_that_fails_opens_it_again() -> None:
    breaker = opened(at=0)
    assert breaker.allows(now=20)
    breaker.failed(now=20)
    assert [breaker.allows(now=now) for now in (24.0, 25.0)] == [False, True]


def test_a_probe_whose_visitor_left_lets_another_probe() -> None:
    """Otherwise the provider would never be tried again."""
    breaker = opened(at=0)
    assert breaker.allows(now=5)
    breaker.released()
    assert breaker.allows(now=5)
