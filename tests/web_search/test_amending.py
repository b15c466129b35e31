"""Only a sure finding corrects an event."""

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.serving import SATURDAY_EVENING, an_event
from tests.web_search.sights import check

from puls.catalogue.event import Attendance, Status
from puls.web_search.amending import amended, is_off
from puls.web_search.values import Change, Outcome, WebTime

JAZZ = an_event("jazz")
LATER = SATURDAY_EVENING + timedelta(days=7)
MOVED = Change(what="date", before="2026-11-28", now="2026-12-05")


@pytest.mark.parametrize("outcome", list(Outcome))
def test_a_weak_finding_corrects_nothing(outcome: Outcome) -> None:
    """A reseller's page may be older than our record."""
    weak = check(
        outcome=outcome, is_strong=False, changes=(MOVED,), times=(WebTime(starts_at=LATER),)
    )
    assert amended(JAZZ, weak) == JAZZ
    assert not is_off(weak)


@pytest.mark.parametrize(
    ("outcome", "status", "off"),
    [
        (Outcome.CONFIRMED, Status.SCHEDULED, False),
        (Outcome.CANCELLED, Status.CANCELLED, True),
        (Outcome.POSTPONED, Status.POSTPONED, True),
        (Outcome.FULL, Status.FULL, False),
        (Outcome.GONE, Status.SCHEDULED, True),
        (Outcome.UNREADABLE, Status.SCHEDULED, False),
        (Outcome.NOT_CHECKED, Status.SCHEDULED, False),
    ],
)
def test_a_sure_finding_sets_the_status(outcome: Outcome, status: Status, *, off: bool) -> None:
    assert amended(JAZZ, check(outcome=outcome)).status is status
    assert is_off(check(outcome=outcome)) is off


def test_new_dates_replace_the_old_ones() -> None:
    moved = amended(
        JAZZ, check(outcome=Outcome.CHANGED, changes=(MOVED,), times=(WebTime(starts_at=LATER),))
    )
    assert moved.status is Status.RESCHEDULED
    assert [one.starts_at for one in moved.occurrences] == [LATER]


def test_what_moved_online_is_online() -> None:
    online = Change(what="attendance", before="onsite", now="online")
    moved = amended(JAZZ, check(outcome=Outcome.CHANGED, changes=(online,)))
    assert (moved.attendance, moved.status) == (Attendance.ONLINE, Status.MOVED_ONLINE)
    assert moved == replace(JAZZ, attendance=Attendance.ONLINE, status=Status.MOVED_ONLINE)
