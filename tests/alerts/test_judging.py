"""The built-in judge: what alerts, what does not, at much traffic and at little. Pure."""

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from pydantic import ValidationError

from puls.alerts.judging import (
    State,
    Verdict,
    bad_of,
    is_to_be_told,
    next_states,
    total_of,
    verdicts,
    windows_of,
)
from puls.alerts.objectives import Objective, Watched

WATCHED = Watched.load()
NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)
ANSWERS = next(rule for rule in WATCHED.objective if rule.name == "answers")


def alerts_at(
    minute: int, bad: Sequence[int], total: Sequence[int], rule: Objective = ANSWERS
) -> set[str]:
    """What fires after `minute`, of events by the minute."""
    sums = {}
    for window in windows_of(WATCHED):
        since = max(0, minute + 1 - window)
        sums[bad_of(rule), window] = float(sum(bad[since : minute + 1]))
        sums[total_of(rule), window] = float(sum(total[since : minute + 1]))
    return {one.alert for one in verdicts(WATCHED, sums, {}) if one.is_bad}


def pages(alerts: set[str]) -> set[str]:
    return {one for one in alerts if one.endswith(("Page", "Low"))}


@pytest.mark.parametrize("seed", range(20))
def test_a_day_of_one_question_a_minute_within_the_promise_pages_nobody(seed: int) -> None:
    """A small Puls has single failures; who is woken for each of them stops listening."""
    chance = random.Random(seed)
    bad = [int(chance.random() < ANSWERS.budget) for _ in range(1440)]
    for minute in range(1440):
        assert not pages(alerts_at(minute, bad, [1] * 1440)), minute


@pytest.mark.parametrize("seed", range(20))
def test_an_outage_at_one_question_a_minute_pages_within_a_quarter_of_an_hour(seed: int) -> None:
    """The issue's own figure."""
    chance = random.Random(seed)
    bad = [int(minute >= 600 or chance.random() < 0.003) for minute in range(700)]
    first = next(minute for minute in range(600, 700) if pages(alerts_at(minute, bad, [1] * 700)))
    assert first - 600 <= 15


def test_a_slow_burn_becomes_a_ticket_and_no_page() -> None:
    """Two per cent of failures for a day: nobody is woken, somebody looks at it in the morning."""
    bad = [2] * 1440
    alerts = alerts_at(1439, bad, [100] * 1440)
    assert "AnswersBurnTicket" in alerts
    assert not pages(alerts)


def test_a_burst_at_much_traffic_pages_by_its_burn_rate() -> None:
    """A tenth of the answers failing is far from half of them, and eats a month's budget in a day."""
    bad = [0] * 60 + [10] * 60
    assert "AnswersBurnPage" in alerts_at(119, bad, [100] * 120)


def test_what_is_over_no_longer_pages_although_the_long_window_remembers() -> None:
    """The short window ends the alert minutes after the fault."""
    bad = [0] * 60 + [50] * 20 + [0] * 60
    assert "AnswersBurnPage" in alerts_at(75, bad, [100] * 140)
    assert not pages(alerts_at(79 + 31, bad, [100] * 140))


def test_without_history_only_this_process_own_gauges_are_judged() -> None:
    """The database that is away is the very thing to tell."""
    gauges = {rule.name: 0.0 for rule in WATCHED.gauge}
    found = {one.alert: one.is_bad for one in verdicts(WATCHED, None, gauges)}
    assert found == {"DatabaseAway": True, "DiskNearlyFull": True}


def test_an_alert_that_could_never_fire_is_refused() -> None:
    """A page at an objective of 90 % would need 144 % of failures (the complaint about sloth)."""
    text = """
    window_days = 30
    share = []
    gauge = []
    [[objective]]
    name = "x"
    objective = 0.9
    says = "x"
    fr = "x"
    bad = { metric = "puls_turns_total", labels = { outcome = ["failed"] } }
    total = { metric = "puls_turns_total" }
    severities = ["page"]
    min_bad = 1
    runbook = "x"
    """
    with pytest.raises(ValidationError, match="never happens"):
        Watched.read(text)
    with pytest.raises(ValidationError):
        Watched.read(text.replace("puls_turns_total", "puls_nothing_total"))


def a_verdict(*, is_bad: bool, minutes: int = 0) -> Verdict:
    return Verdict(
        alert="A", severity="page", runbook="a", fr="", says="", is_bad=is_bad, value=1.0, limit=0.5,
        lasts=timedelta(minutes=minutes),
    )  # fmt: skip


def after(*steps: tuple[int, bool], minutes: int = 0) -> State:
    states: dict[str, State] = {}
    for minute, is_bad in steps:
        now = NOON + timedelta(minutes=minute)
        states = next_states(states, [a_verdict(is_bad=is_bad, minutes=minutes)], now=now)
    return states["A"]


def test_a_fault_that_passes_sooner_than_its_time_is_told_to_nobody() -> None:
    """A restart of PostgreSQL takes two seconds."""
    state = after((0, True), (1, False), minutes=2)
    assert state.state == "resolved"
    assert not is_to_be_told(state)


@pytest.mark.parametrize(
    ("told", "state", "expected"),
    [
        ("nothing", "firing", True),
        ("firing", "firing", False),
        ("firing", "resolved", True),
        ("resolved", "resolved", False),
        ("nothing", "resolved", False),
        ("resolved", "firing", True),
        ("nothing", "pending", False),
    ],
)
def test_people_hear_of_each_change_once(told: str, state: str, expected: bool) -> None:
    one = State(alert="A", state=state, since=NOON, told=told)  # type: ignore[arg-type]
    assert is_to_be_told(one) is expected


def test_what_lasts_fires_and_is_resolved() -> None:
    state = after((0, True), (1, True), (2, True), minutes=2)
    assert (state.state, state.since) == ("firing", NOON)
    assert after((0, True), (2, True), (3, False), minutes=2).state == "resolved"
