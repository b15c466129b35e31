"""What a check does to an answer: what leaves it, what is marked, what is told of another date."""

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.web_search.verified_events import NOW, TOMORROW, event, occurrence

from puls.catalogue.event import Interval, Occurrence
from puls.retrieval.ranking import FoundEvent
from puls.web_search.choosing import MOST, worth_checking
from puls.web_search.correcting import corrected
from puls.web_search.values import Change, Check, Outcome, Proof, WebTime


def check(outcome: Outcome, *, uid: str = "1001", is_strong: bool = True) -> Check:
    return Check(uid=uid, outcome=outcome, at=NOW, proof=Proof.AGENDA, is_strong=is_strong)


RESULTS = [
    FoundEvent(event=event(uid), occurrence=occurrence(), distance_km=None, score=1.0)
    for uid in ("1001", "1002")
]


@pytest.mark.parametrize("outcome", list(Outcome))
@pytest.mark.parametrize("is_strong", [True, False])
def test_what_is_surely_off_leaves_the_answer_and_all_else_is_marked(
    outcome: Outcome, is_strong: bool
) -> None:
    found = check(outcome, is_strong=is_strong)
    answer = corrected(RESULTS, [found])
    is_off = outcome in {Outcome.CANCELLED, Outcome.POSTPONED, Outcome.GONE} and is_strong
    kept = [one.result.event.uid for one in answer.kept]
    assert kept == (["1002"] if is_off else ["1001", "1002"])
    assert next(iter((*answer.left_out, *answer.kept))).check == found
    assert answer.kept[-1].check is None


def test_what_was_asked_for_by_name_is_told_whatever_became_of_it() -> None:
    """« C'est annulé ? » wants an answer, not silence."""
    answer = corrected(RESULTS, [check(Outcome.CANCELLED)], named={"1001"})
    assert [one.result.event.uid for one in answer.kept] == ["1001", "1002"]
    assert answer.left_out == ()


def test_a_moved_date_is_the_one_shown_and_leaves_when_it_is_not_wanted() -> None:
    later = WebTime(starts_at=TOMORROW + timedelta(days=4), ends_at=TOMORROW + timedelta(days=5))
    change = Change(what="date", before="2026-12-01T20:30+01:00", now="2026-12-05T20:30+01:00")
    moved = replace(check(Outcome.CHANGED), changes=(change,), times=(later,))
    one = corrected(RESULTS, [moved]).kept[0]
    assert one.occurrence == Occurrence(starts_at=later.starts_at, ends_at=TOMORROW + timedelta(5))
    tomorrow = Interval(TOMORROW - timedelta(hours=3), TOMORROW + timedelta(hours=3))
    answer = corrected(RESULTS, [moved], during=[tomorrow])
    assert [out.result.event.uid for out in answer.left_out] == ["1001"]
    week = Interval(NOW, NOW + timedelta(days=7))
    assert corrected(RESULTS, [moved], during=[week]).left_out == ()


def test_a_day_without_its_hour_is_shown_as_a_day() -> None:
    change = Change(what="date", before="2026-12-01T20:30+01:00", now="2026-12-05")
    there = WebTime(starts_at=TOMORROW.replace(day=5, hour=0, minute=0), has_time=False)
    moved = replace(check(Outcome.CHANGED), changes=(change,), times=(there,))
    assert corrected(RESULTS, [moved]).kept[0].occurrence.is_day_known_only


@pytest.mark.parametrize("is_strong", [True, False])
def test_a_change_without_a_new_date_or_a_weak_one_moves_nothing(is_strong: bool) -> None:
    for now in ("", "2026-12-05T20:30+01:00"):
        change = Change(what="date", before="2026-12-01T20:30+01:00", now=now)
        moved = replace(check(Outcome.CHANGED, is_strong=is_strong), changes=(change,))
        (one, _) = corrected(RESULTS, [moved]).kept
        assert (one.occurrence == RESULTS[0].occurrence) is not (is_strong and bool(now))


READ = {"openagenda": NOW - timedelta(hours=30)}


@pytest.mark.parametrize(
    ("begins_in", "read_before", "is_worth"),
    [
        (timedelta(hours=30), timedelta(hours=30), True),
        (timedelta(hours=-1), timedelta(hours=30), True),
        (timedelta(hours=49), timedelta(hours=30), False),
        (timedelta(hours=-3), timedelta(hours=30), False),
        (timedelta(hours=30), timedelta(hours=23), False),
        (timedelta(hours=30), None, True),
    ],
)
def test_soon_and_old_is_worth_a_look(
    begins_in: timedelta, read_before: timedelta | None, is_worth: bool
) -> None:
    """Issue 12, 1: within 48 hours, and the record is old."""
    read = {} if read_before is None else {"openagenda": NOW - read_before}
    one = event(occurrences=[occurrence(NOW + begins_in)])
    assert worth_checking([one], now=NOW, read_at=read) == ((one,) if is_worth else ())


def test_what_was_checked_a_moment_ago_or_is_invented_is_not() -> None:
    one, invented = event(), event("7", source="sample")
    fresh = {"1001": check(Outcome.CONFIRMED)}
    assert worth_checking([one, invented], now=NOW, read_at=READ, checked=fresh) == ()
    assert worth_checking([one, invented], now=NOW, read_at=READ) == (one,)


def test_an_open_finding_is_looked_at_again_however_new_the_record() -> None:
    old = {"1001": replace(check(Outcome.CANCELLED), at=NOW - timedelta(hours=3))}
    read = {"openagenda": NOW}
    assert worth_checking([event()], now=NOW, read_at=read, checked=old) == (event(),)


def test_the_nearest_few_are_enough() -> None:
    many = [
        event(str(uid), occurrences=[occurrence(NOW + timedelta(hours=40 - uid))])
        for uid in range(1, 20)
    ]
    worth = worth_checking(many, now=NOW, read_at=READ)
    assert [one.uid for one in worth] == ["19", "18", "17", "16", "15"]
    assert len(worth) == MOST
