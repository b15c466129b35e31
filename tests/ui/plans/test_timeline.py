"""A plan as a timeline: hours, ways and gaps from values; one calendar file of all stops."""

from dataclasses import replace
from datetime import datetime, timedelta

import httpx
import pytest
from icalendar import Calendar
from tests.serving import LYON, PARIS, an_event

from puls.catalogue.event import Price
from puls.geo.distance import Coordinates
from puls.ui.plans.directions import leg, services_of, way_through, ways_to
from puls.ui.plans.timeline import Stop, known_price, stop_read, stop_said, view_of

USUAL = "transit=google foot=osm bike=osm car=osm"
NOON = datetime(2026, 11, 28, 12, tzinfo=PARIS)
NEAR = replace(LYON, key="near", name="Musée", coordinates=Coordinates(45.79, 4.861))
FAR = replace(LYON, key="far", name="Opéra", coordinates=Coordinates(45.767, 4.80))


def stop(uid: str, hours: float, *, lasting: float = 1, venue: object = LYON) -> Stop:
    starts = NOON + timedelta(hours=hours)
    event = an_event(uid, title=f"Événement {uid}", venue=venue)
    return Stop(event=event, arrives_at=starts, leaves_at=starts + timedelta(hours=lasting))


def test_time_that_is_left_is_named() -> None:
    """« 3 h libres » is when one eats; the way is taken off first, and little pauses are none."""
    view = view_of(
        [stop("1", 2), stop("2", 6.25, venue=NEAR), stop("3", 7.75, venue=FAR)],
        price=None, directions=USUAL, language="fr",
    )  # fmt: skip
    gaps = [one.gap and one.gap.replace("\N{NO-BREAK SPACE}", " ") for one in view.stops]
    assert gaps == [None, "3 h libres", None]
    assert [one.day for one in view.stops] == ["Samedi 28\N{NO-BREAK SPACE}novembre", None, None]
    assert (view.stops[1].way or "").startswith("12\N{NO-BREAK SPACE}minutes à pied")
    assert "foot" in (view.stops[1].way_address or "")
    assert "en transports ou en voiture" in (view.stops[2].way or "")
    assert "travelmode=transit" in (view.stops[2].way_address or "")


def test_a_night_between_two_days_is_no_free_time() -> None:
    """A new day says its name instead."""
    view = view_of([stop("1", 8), stop("2", 24)], price=None, directions=USUAL, language="en")
    assert [one.gap for one in view.stops] == [None, None]
    assert view.stops[1].day == "Sunday 29\N{NO-BREAK SPACE}November"


def test_what_it_costs_is_never_guessed() -> None:
    """One unknown price, and there is no sum."""
    paid, unknown = an_event(price=Price(lowest=8)), an_event(price=Price())
    assert known_price([paid, paid], "fr") == "16\N{NO-BREAK SPACE}€"
    assert known_price([paid, unknown], "fr") is None


@pytest.mark.parametrize("uid", ["1", "a,b,c", "é ü", "x" * 200])
def test_a_stop_is_read_as_it_was_written(uid: str) -> None:
    """It travels in addresses and forms."""
    one = stop(uid, 2)
    assert stop_read(stop_said(one)) == (uid, one.arrives_at, one.leaves_at)


@pytest.mark.parametrize(
    "said",
    ["", "1", "1,2", ",2026-11-28T19:30Z,2026-11-28T21:30Z", "1,2026-11-28T19:30Z,", "1,a,b"],
)
def test_what_is_no_stop_is_none(said: str) -> None:
    """Never half of one."""
    assert stop_read(said) is None


def test_maps_are_the_operators_choice_and_know_the_start_when_the_visitor_said_it() -> None:
    """No start in the address otherwise: the service asks for it itself."""
    here = Coordinates(45.76, 4.84)
    own = "car=https://maps.example/to/{lat},{lon}?from={from_lat},{from_lon}&x=1"
    (way,) = ways_to(FAR.coordinates or here, own, start=None, language="fr")
    assert way.address == "https://maps.example/to/45.767,4.8?x=1"
    (way,) = ways_to(FAR.coordinates or here, own, start=here, language="fr")
    assert way.address == "https://maps.example/to/45.767,4.8?from=45.76,4.84&x=1"
    assert ways_to(here, "", start=None, language="fr") == []
    assert services_of(USUAL)["transit"] == "google"
    assert leg(here, here, "car=osm", is_walk=True) is not None
    assert way_through([here], USUAL) is None
    assert way_through([here, here], "foot=osm") is None
    assert "waypoints=45.76%2C4.84&" in (way_through([here] * 3, USUAL) or "")


async def test_one_calendar_file_holds_every_stop(client: httpx.AsyncClient) -> None:
    """From when to when one is there, not the opening hours."""
    answer = await client.get(
        "/v1/plan.ics", params={"stop": ["1,2026-11-28T19:45Z,2026-11-28T20:30Z"] * 2}
    )
    calendar = Calendar.from_ical(answer.content)
    assert isinstance(calendar, Calendar)
    assert [str(one["summary"]) for one in calendar.events] == ["Concert de jazz manouche"] * 2
    assert [f"{one.start:%H:%M}" for one in calendar.events] == ["19:45"] * 2
    for wrong in ({}, {"stop": "1"}, {"stop": ["1,2026-11-28T19:45Z,2026-11-28T20:30Z"] * 13}):
        assert (await client.get("/v1/plan.ics", params=wrong)).status_code == 422
