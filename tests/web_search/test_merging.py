"""Web events and catalogue events: the same or not, on 200 pairs judged by hand."""

from dataclasses import replace
from datetime import timedelta

from tests.web_search.judged_pairs import catalogue_event, measured, pairs, web_event

from puls.web_search.merging import merged, same_event
from puls.web_search.values import WebStatus

LEAST_PRECISION, LEAST_RECALL = 0.99, 0.95
SIDE = {"title": "Orée", "when": "2026-12-11T20:00", "venue": "La SMAC", "city": "Caen"}


def test_two_hundred_pairs_are_judged_as_by_hand() -> None:
    """A false pair tells of the wrong evening that it is cancelled; a missed one shows an event twice."""
    precision, recall, faults = measured()
    assert len(pairs()) >= 200
    assert precision >= LEAST_PRECISION, faults
    assert recall >= LEAST_RECALL, faults


def test_what_is_in_the_catalogue_is_paired_and_the_rest_is_told_once() -> None:
    """Two pages of one unknown event are one new event."""
    known, other = web_event(SIDE), web_event(SIDE | {"title": "Mara Elm"})
    result = merged(
        [catalogue_event(SIDE)], [known, other, replace(other, price=None, description="Folk")]
    )
    assert [(event.title, seen) for event, seen in result.known] == [("Orée", known)]
    assert [(one.title, one.description) for one in result.new] == [("Mara Elm", "Folk")]


def test_of_two_evenings_the_one_that_fits_is_chosen() -> None:
    """The second evening of an artist is another event of the catalogue."""
    first, second = (
        catalogue_event(SIDE),
        catalogue_event(SIDE | {"when": "2026-12-12T20:00"}, uid="2"),
    )
    result = merged([first, second], [web_event(SIDE | {"when": "2026-12-12T20:00"})])
    assert [event.uid for event, _ in result.known] == ["2"]


def test_a_rescheduled_event_is_known_by_the_day_it_was_moved_from() -> None:
    """Else the catalogue's record would stay wrong, and the same concert appear as new."""
    seen = web_event(SIDE)
    moved = replace(
        seen,
        status=WebStatus.RESCHEDULED,
        previous_start=seen.times[0].starts_at,
        times=(replace(seen.times[0], starts_at=seen.times[0].starts_at + timedelta(days=90)),),
    )
    assert same_event(catalogue_event(SIDE), moved)
