"""A stored wish means the same after a restart, another replica, another release."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from puls.catalogue.event import Accessibility, Category, Interval, Status
from puls.conversation.keeping.stored_wish import StoredWishError, json_of, wish_from
from puls.geo.distance import Coordinates
from puls.understanding.where.reach import around_visitor, lacks_position, seen_from
from puls.understanding.wish import Near, Where, Wish

COORDINATES = st.builds(
    Coordinates, st.floats(-90, 90, allow_nan=False), st.floats(-180, 180, allow_nan=False)
)
KM = st.floats(0.001, 500, allow_nan=False)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
CODES = st.lists(st.text("0123456789AB", min_size=2, max_size=5), max_size=3).map(tuple)
INTERVALS = st.builds(
    lambda start, minutes: Interval(start, start + timedelta(minutes=minutes)),
    st.datetimes(
        min_value=datetime(1900, 1, 2), max_value=datetime(2199, 1, 1),
        timezones=st.sampled_from([UTC, ZoneInfo("Europe/Paris"), ZoneInfo("Indian/Reunion")]),
    ),
    st.integers(1, 100_000),
)  # fmt: skip
WHERES = st.builds(
    Where,
    label=TEXTS, commune_codes=CODES, postcodes=CODES, department_codes=CODES, region_codes=CODES,
    near=st.none() | st.builds(Near, center=COORDINATES, radius_km=KM),
)  # fmt: skip
AROUND_VISITORS = st.builds(around_visitor, COORDINATES, KM)
KINDS = st.lists(st.sampled_from(Category), max_size=3).map(tuple)
WISHES = st.builds(
    Wish,
    topic=TEXTS,
    when=st.lists(INTERVALS, max_size=3).map(tuple),
    where=st.none() | WHERES | AROUND_VISITORS,
    free=st.none() | st.booleans(),
    max_price=st.none() | st.floats(0, 10_000, allow_nan=False),
    ages=st.lists(st.integers(0, 120), max_size=4).map(tuple),
    accessibility=st.frozensets(st.sampled_from(Accessibility)),
    online=st.none() | st.booleans(),
    setting=st.sampled_from([None, "indoor", "outdoor"]),
    spoken_language=st.sampled_from([None, "en"]),
    max_minutes=st.none() | st.integers(1, 1440),
    party_size=st.none() | st.integers(1, 99),
    number_wanted=st.none() | st.integers(1, 50),
    categories=KINDS,
    excluded_categories=KINDS,
    excluded_words=st.lists(TEXTS, max_size=2).map(tuple),
    statuses=st.lists(st.sampled_from(Status), max_size=2).map(tuple),
    includes_non_cultural=st.booleans(),
    position=st.none() | COORDINATES,
    order=st.sampled_from(["relevance", "soonest", "nearest", "cheapest"]),
)


def in_utc(interval: Interval) -> Interval:
    """As stored; in a zone an hour that comes twice equals nothing, not even itself elsewhere (PEP 495)."""
    return Interval(interval.start.astimezone(UTC), interval.end.astimezone(UTC))


@given(WISHES)
@settings(deadline=None, max_examples=300)
def test_every_wish_comes_back_as_it_was(wish: Wish) -> None:
    """« et plus près ? » after a restart changes the wish that was, not a cousin of it, wherever one is by then."""
    wish = replace(wish, when=tuple(map(in_utc, wish.when)))
    for come_back in (wish_from(json.dumps(json_of(wish))), wish_from(json_of(wish))):
        assert seen_from(come_back, wish.position) == seen_from(wish, wish.position)
        assert come_back == seen_from(wish, None)


@given(WISHES, st.builds(Coordinates, st.floats(41, 51), st.floats(-5, 9)))
@settings(deadline=None, max_examples=100)
def test_where_the_visitor_is_is_not_in_it(wish: Wish, position: Coordinates) -> None:
    """Of « à 5 km de moi » the kilometres are kept, and nothing that says where « moi » was."""
    circle = around_visitor(position, 5.0)
    for told in (replace(wish, position=position), replace(wish, where=circle, position=position)):
        written = json.dumps(json_of(told))
        assert '"position"' not in written
        if told.where is circle:
            assert '"lat"' not in written
            assert seen_from(wish_from(written), position).where == circle
            assert lacks_position(wish_from(written))


def test_every_field_of_a_wish_is_tried_above() -> None:
    """A new field that nobody stores would vanish between two messages."""
    example = Wish(topic="x")
    assert set(WISHES.wrapped_strategy.kwargs) == set(type(example).__dataclass_fields__)  # type: ignore[attr-defined] # hypothesis keeps it so


def test_a_row_of_an_older_release_has_defaults_for_what_it_lacks() -> None:
    """Fields are added; conversations of yesterday go on."""
    assert wish_from({"version": 1, "wish": {"topic": "jazz"}}) == Wish(topic="jazz")


def test_a_field_of_a_newer_release_is_passed_over() -> None:
    """Two releases run side by side during an update."""
    assert wish_from({"version": 1, "wish": {"topic": "jazz", "mood": "calm"}}) == Wish(
        topic="jazz"
    )


@pytest.mark.parametrize(
    "stored",
    [
        {"version": 2, "wish": {}},
        {"wish": {}},
        {"version": 1},
        {"version": 1, "wish": {"max_price": "20"}},
        {"version": 1, "wish": {"ages": [4.5]}},
        {"version": 1, "wish": {"order": "random"}},
        {"version": 1, "wish": {"position": {"lat": 91, "lon": 0}}},
        {"version": 1, "wish": {"when": [{"start": "2026-01-01T00:00", "end": "2026-01-02T00:00"}]}},
        "not json",
        "[]",
    ],
)  # fmt: skip
def test_what_is_no_wish_is_refused_whole(stored: dict[str, object] | str) -> None:
    """A half-read wish would search for something nobody asked for."""
    with pytest.raises(StoredWishError):
        wish_from(stored)


def test_the_refusal_repeats_no_word_of_the_visitor() -> None:
    """It goes to a log."""
    with pytest.raises(StoredWishError) as refusal:
        wish_from({"version": 1, "wish": {"topic": ["secret"]}})
    assert "secret" not in str(refusal.value)
    assert "topic" in str(refusal.value)
