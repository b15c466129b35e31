"""Every outcome by every proof; what is weak, what is strong, what is nothing at all."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.web_search.verified_events import NOW, PARIS, TOMORROW, event, occurrence

from puls.catalogue.event import Attendance, Price, PriceKind, Venue
from puls.web_search.judging import is_decided, judge, not_checked, standing
from puls.web_search.proofs.seen import Seen
from puls.web_search.values import (
    Check,
    Outcome,
    Proof,
    Run,
    WebPrice,
    WebStatus,
    WebTime,
)

SHOWN = occurrence()
SOURCES = (Proof.AGENDA, Proof.PORTAL)
PAGES = (Proof.TICKETS, Proof.VENUE, Proof.SEARCH)


def seen(proof: Proof = Proof.AGENDA, **facts: Any) -> Seen:
    is_source = proof in SOURCES
    known: dict[str, Any] = {
        "proof": proof,
        "url": f"https://{proof}.example/x",
        "at": NOW,
        "is_of_source": is_source,
        "times": (WebTime(starts_at=TOMORROW),),
        "are_all_times": is_source,
        "status": WebStatus.SCHEDULED,
        "updated_at": datetime(2026, 11, 29, 9, tzinfo=UTC) if is_source else None,
    }
    return Seen(**(known | facts))


def check(*places: Seen, **changes: Any) -> Check:
    return judge(event(**changes), places, shown=None, now=NOW)


@pytest.mark.parametrize("proof", list(Proof))
@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (WebStatus.SCHEDULED, Outcome.CONFIRMED),
        (WebStatus.UNKNOWN, Outcome.CONFIRMED),
        (WebStatus.CANCELLED, Outcome.CANCELLED),
        (WebStatus.POSTPONED, Outcome.POSTPONED),
        (WebStatus.FULL, Outcome.FULL),
        (WebStatus.MOVED_ONLINE, Outcome.CHANGED),
    ],
)
def test_each_status_by_each_proof(proof: Proof, status: WebStatus, outcome: Outcome) -> None:
    """« Toujours prévu » on a page is weak: many never change it. What is bad news is strong."""
    found = check(seen(proof, status=status))
    assert found.outcome is outcome
    assert found.proof is proof
    assert found.is_strong is (proof in SOURCES or outcome is not Outcome.CONFIRMED)


@pytest.mark.parametrize("proof", list(Proof))
def test_rescheduled_with_another_time_is_a_change(proof: Proof) -> None:
    later = WebTime(starts_at=TOMORROW + timedelta(days=4))
    found = check(seen(proof, status=WebStatus.RESCHEDULED, times=(later,)))
    assert found.outcome is Outcome.CHANGED
    assert [(one.what, one.before, one.now) for one in found.changes] == [
        ("date", "2026-12-01T20:30+01:00", "2026-12-05T20:30+01:00")
    ]
    assert found.is_strong


@pytest.mark.parametrize("proof", list(Proof))
def test_rescheduled_to_the_time_we_know_is_no_news(proof: Proof) -> None:
    """The catalogue has the new date already."""
    found = check(seen(proof, status=WebStatus.RESCHEDULED))
    assert (found.outcome, found.changes) == (Outcome.CONFIRMED, ())


@pytest.mark.parametrize("proof", PAGES)
def test_a_run_whose_next_date_moves_daily_is_never_rescheduled(proof: Proof) -> None:
    """BilletReduc's `startDate` is the next performance and its `endDate` the last of the run (reference §9b)."""
    run = Run(first_day=datetime(2026, 11, 30).date(), last_day=datetime(2027, 1, 31).date())
    dates = [occurrence(TOMORROW + timedelta(days=day)) for day in range(20)]
    for status in (WebStatus.SCHEDULED, WebStatus.UNKNOWN, WebStatus.RESCHEDULED):
        for times in ((), (WebTime(starts_at=NOW + timedelta(hours=6)),)):
            found = check(seen(proof, status=status, run=run, times=times), occurrences=dates)
            assert found.outcome is Outcome.CONFIRMED, (status, times)
            assert not found.is_strong


@pytest.mark.parametrize("proof", PAGES)
@pytest.mark.parametrize("status", [WebStatus.CANCELLED, WebStatus.FULL, WebStatus.SCHEDULED])
def test_a_page_about_another_evening_says_nothing_of_ours(proof: Proof, status: WebStatus) -> None:
    """« Complet » on Friday does not fill Saturday, last year's « annulé » does not cancel this year's."""
    other = WebTime(starts_at=TOMORROW + timedelta(days=3))
    found = check(seen(proof, status=status, times=(other,)))
    assert (found.outcome, found.why_not) == (Outcome.UNREADABLE, "other_date")


@pytest.mark.parametrize(
    ("moved", "what"),
    [(timedelta(days=2), "date"), (timedelta(hours=-2), "hour"), (timedelta(minutes=30), "hour")],
)
def test_another_time_in_the_agenda_is_a_change(moved: timedelta, what: str) -> None:
    found = check(seen(times=(WebTime(starts_at=TOMORROW + moved),)))
    assert (found.outcome, found.is_strong) == (Outcome.CHANGED, True)
    assert [one.what for one in found.changes] == [what]


def test_minutes_of_tolerance_are_no_change() -> None:
    found = check(seen(times=(WebTime(starts_at=TOMORROW + timedelta(minutes=4)),)))
    assert found.outcome is Outcome.CONFIRMED


@pytest.mark.parametrize("proof", PAGES)
@pytest.mark.parametrize("offset", [0, 2])
def test_a_wrong_offset_on_a_page_is_no_other_hour(proof: Proof, offset: int) -> None:
    """Pages write +02:00 all winter, or Paris time with +00:00 (reference §9b)."""
    written = TOMORROW.astimezone(PARIS).replace(tzinfo=None).isoformat() + f"+0{offset}:00"
    time = WebTime(starts_at=datetime.fromisoformat(written))
    assert check(seen(proof, times=(time,))).outcome is Outcome.CONFIRMED


def test_the_agendas_own_offset_is_exact() -> None:
    written = TOMORROW.astimezone(PARIS).replace(tzinfo=None).isoformat() + "+00:00"
    found = check(seen(times=(WebTime(starts_at=datetime.fromisoformat(written)),)))
    assert [one.what for one in found.changes] == ["hour"]


@pytest.mark.parametrize("zone", ["Indian/Reunion", "America/Cayenne", "Europe/Paris"])
def test_moments_are_told_by_the_clocks_of_the_place(zone: str) -> None:
    later = WebTime(starts_at=TOMORROW + timedelta(days=1))
    change = check(seen(times=(later,)), timezone=zone).changes[0]
    assert datetime.fromisoformat(change.now) == later.starts_at
    assert change.now[-6:] == {"I": "+04:00", "A": "-03:00", "E": "+01:00"}[zone[0]]


def test_the_hour_of_a_night_that_changes_clocks_is_the_same_hour() -> None:
    """On 25 October 2026 at 03:00 clocks go back: 02:30 is twice that night."""
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    then = datetime(2026, 10, 24, 12, tzinfo=UTC)
    held = event(occurrences=[occurrence(first)])
    again = datetime.fromisoformat("2026-10-25T02:30:00+02:00")
    there = judge(held, [seen(times=(WebTime(starts_at=again),))], shown=None, now=then)
    assert there.outcome is Outcome.CONFIRMED
    second = datetime.fromisoformat("2026-10-25T02:30:00+01:00")
    moved = judge(held, [seen(times=(WebTime(starts_at=second),))], shown=None, now=then)
    assert [one.what for one in moved.changes] == ["hour"]


def test_the_performance_that_was_shown_is_the_one_checked() -> None:
    days = [occurrence(TOMORROW + timedelta(days=day)) for day in range(3)]
    kept = seen(times=(WebTime(starts_at=days[0].starts_at), WebTime(starts_at=days[2].starts_at)))
    held = event(occurrences=days)
    assert judge(held, [kept], shown=days[0], now=NOW).outcome is Outcome.CONFIRMED
    dropped = judge(held, [kept], shown=days[1], now=NOW)
    assert dropped.outcome is Outcome.CHANGED
    assert len(dropped.times) == 2


def test_where_only_the_next_date_is_told_an_earlier_one_of_ours_is_no_more() -> None:
    following = WebTime(starts_at=TOMORROW + timedelta(days=2))
    last = WebTime(starts_at=TOMORROW + timedelta(days=30))
    facts: dict[str, Any] = {"are_all_times": False, "is_next_first": True}
    assert check(seen(times=(following, last), **facts)).outcome is Outcome.CHANGED
    within = event(occurrences=[occurrence(TOMORROW + timedelta(days=9))])
    unknown = judge(within, [seen(times=(following, last), **facts)], shown=None, now=NOW)
    assert unknown.outcome is Outcome.CONFIRMED


def test_a_range_without_hours_is_confirmed_by_a_date_within() -> None:
    span = occurrence(NOW, hours=24 * 10, is_possible=True)
    assert check(seen(), occurrences=[span]).outcome is Outcome.CONFIRMED


@pytest.mark.parametrize(
    ("venue", "outcome"),
    [
        ("Temple", Outcome.CONFIRMED),
        ("LE TEMPLE de Crest", Outcome.CONFIRMED),
        ("Salle Moulinages", Outcome.CHANGED),
    ],
)
def test_another_venue_in_the_agenda_is_a_change_and_another_spelling_is_none(
    venue: str, outcome: Outcome
) -> None:
    assert check(seen(venue=venue, city="Crest")).outcome is outcome


def test_a_room_named_on_a_page_is_no_other_venue() -> None:
    """Pages write « Grande salle » or a bare « Paris » as the place (reference §9b)."""
    for venue, city in (("Grande salle", None), ("Paris", "Crest"), ("Grande salle", "CREST")):
        assert check(seen(Proof.VENUE, venue=venue, city=city)).outcome is Outcome.CONFIRMED
    moved = check(seen(Proof.VENUE, venue="Salle des fêtes", city="Valence"))
    assert (moved.outcome, moved.is_strong) == (Outcome.CHANGED, False)


@pytest.mark.parametrize(
    ("ours", "theirs", "is_change"),
    [
        (Price(kind=PriceKind.FREE, lowest=0, highest=0), WebPrice(lowest=12), True),
        (Price(kind=PriceKind.FREE, lowest=0, highest=0), WebPrice(is_free=True), False),
        (Price(kind=PriceKind.PAID, lowest=10, highest=20), WebPrice(lowest=8, highest=12), False),
        (Price(kind=PriceKind.PAID, lowest=10, highest=20), WebPrice(lowest=25), True),
        (Price(kind=PriceKind.PAID, lowest=10), WebPrice(is_free=True), True),
        (Price(kind=PriceKind.PAID), WebPrice(lowest=25), False),
        (Price(), WebPrice(lowest=25), False),
    ],
)
def test_a_price_changed_when_the_ranges_do_not_touch(
    ours: Price, theirs: WebPrice, is_change: bool
) -> None:
    found = check(seen(Proof.TICKETS, price=theirs), price=ours)
    assert [one.what for one in found.changes] == (["price"] if is_change else [])


def test_online_now() -> None:
    found = check(seen(attendance=Attendance.ONLINE))
    assert [(one.what, one.now) for one in found.changes] == [("attendance", "online")]


@pytest.mark.parametrize(
    ("days", "strong", "outcome"),
    [(1, True, Outcome.CANCELLED), (0, False, Outcome.CANCELLED), (-1, False, Outcome.UNREADABLE)],
)
def test_the_portals_copy_counts_as_far_as_it_is_newer(
    days: int, strong: bool, outcome: Outcome
) -> None:
    """A copy older than our record tells the past."""
    at = datetime(2026, 11, 28, 9, tzinfo=UTC) + timedelta(days=days)
    found = check(seen(Proof.PORTAL, status=WebStatus.CANCELLED, updated_at=at))
    assert (found.outcome, found.is_strong) == (outcome, strong)


def test_gone_is_strong_only_when_it_is_sure() -> None:
    assert check(seen(is_gone=True)).is_strong
    assert not check(seen(is_gone=True, is_sure=False)).is_strong


def test_two_pages_that_contradict_are_both_told() -> None:
    """A visitor who sees one of them must not think that we missed it."""
    tickets = seen(Proof.TICKETS)
    venue = seen(Proof.VENUE, status=WebStatus.CANCELLED)
    found = check(tickets, venue)
    assert (found.outcome, found.proof, found.is_strong) == (Outcome.CANCELLED, Proof.VENUE, True)
    assert [(one.outcome, one.proof) for one in found.against] == [
        (Outcome.CONFIRMED, Proof.TICKETS)
    ]


def test_what_the_agenda_contradicts_is_told_and_not_acted_upon() -> None:
    found = check(seen(), seen(Proof.VENUE, status=WebStatus.CANCELLED))
    assert (found.outcome, found.is_strong) == (Outcome.CANCELLED, False)
    full = check(seen(), seen(Proof.TICKETS, status=WebStatus.FULL))
    assert (full.outcome, full.is_strong) == (Outcome.FULL, True)


def test_of_two_strong_statements_the_surer_proof_wins() -> None:
    found = check(seen(Proof.VENUE, status=WebStatus.CANCELLED), seen(status=WebStatus.POSTPONED))
    assert (found.outcome, found.proof) == (Outcome.POSTPONED, Proof.AGENDA)


@pytest.mark.parametrize(
    ("failures", "outcome", "why"),
    [
        ([], Outcome.UNREADABLE, "no_link"),
        (["robots"], Outcome.UNREADABLE, "robots"),
        (["server", "challenge"], Outcome.UNREADABLE, "challenge"),
        (["time"], Outcome.NOT_CHECKED, "no_time"),
        (["time", "pace"], Outcome.NOT_CHECKED, "no_time"),
        (["forbidden", "time"], Outcome.UNREADABLE, "forbidden"),
        (["pace", "not_found"], Outcome.NOT_CHECKED, "no_time"),
    ],
)
def test_nothing_read_is_said_with_its_reason(
    failures: list[str], outcome: Outcome, why: str
) -> None:
    found = check(*(seen(Proof.VENUE, failure=failure) for failure in failures))
    assert (found.outcome, found.why_not, found.is_strong) == (outcome, why, False)


def test_a_strong_finding_outlives_weaker_ones_and_unread_pages() -> None:
    """« Annulé » on the agenda at noon stays true while the site is down at one."""
    before = check(seen(status=WebStatus.CANCELLED))
    unread = replace(check(seen(Proof.VENUE, failure="server")), at=NOW + timedelta(hours=1))
    weak = replace(check(seen(Proof.VENUE)), at=NOW + timedelta(hours=1))
    assert standing(before, unread) == before
    assert standing(before, not_checked("1001", now=NOW)) == before
    both = standing(before, weak)
    assert both.outcome is Outcome.CANCELLED
    assert both.against[0].proof is Proof.VENUE
    again = replace(check(seen()), at=NOW + timedelta(hours=1))
    assert standing(before, again) == again
    late = replace(unread, at=NOW + timedelta(days=3))
    assert standing(before, late) == late
    assert standing(None, weak) == weak
    on_page = check(seen(Proof.VENUE, status=WebStatus.CANCELLED))
    assert standing(on_page, weak) == weak
    copy = replace(check(seen(Proof.PORTAL, updated_at=datetime(2026, 11, 28, 9, tzinfo=UTC))))
    assert standing(on_page, copy).outcome is Outcome.CANCELLED


def test_what_is_enough() -> None:
    assert is_decided(check(seen()))
    assert not is_decided(check(seen()), is_thorough=True)
    assert is_decided(check(seen(status=WebStatus.CANCELLED)), is_thorough=True)
    assert not is_decided(check(seen(Proof.TICKETS)))


_moments = st.datetimes(
    datetime(2026, 6, 1), datetime(2027, 6, 1), timezones=st.sampled_from([UTC, PARIS])
)
_times = st.builds(WebTime, starts_at=_moments, has_time=st.booleans())
_places = st.builds(
    seen,
    st.sampled_from(Proof),
    status=st.sampled_from(WebStatus),
    times=st.lists(_times, max_size=4).map(tuple),
    are_all_times=st.booleans(),
    is_gone=st.booleans(),
    failure=st.sampled_from(["", "", "", "robots", "time"]),
    previous_start=st.none() | _moments,
    attendance=st.none() | st.sampled_from(Attendance),
    venue=st.none() | st.text(max_size=20),
    city=st.none() | st.text(max_size=20),
)


@given(
    places=st.lists(_places, max_size=4),
    begins=st.lists(_moments, max_size=3),
    venue=st.none() | st.builds(Venue, key=st.just("v"), name=st.none() | st.text(max_size=9)),
)
def test_whatever_is_seen_comes_to_one_check(
    places: list[Seen], begins: list[datetime], venue: Venue | None
) -> None:
    """A check says where it was seen, or why nothing was; only what was read is strong."""
    held = event(occurrences=[occurrence(begin) for begin in begins], venue=venue)
    found = judge(held, places, shown=None, now=NOW)
    is_read = found.outcome not in {Outcome.UNREADABLE, Outcome.NOT_CHECKED}
    assert is_read is not bool(found.why_not)
    assert not found.is_strong or is_read
    assert (found.outcome is Outcome.CHANGED) <= bool(found.changes)
    if is_read:
        assert found.proof is not None
        assert found.url
