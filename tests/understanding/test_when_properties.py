"""What is true of the reading of time whatever is written; the table of cases is in `expressions`."""

import itertools
import unicodedata
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.understanding.expressions import MOMENTS, read_expressions

from puls.catalogue.event import Interval
from puls.understanding.message import Message
from puls.understanding.when.calendar import (
    all_school_holidays,
    public_holidays,
    school_holidays,
)
from puls.understanding.when.expressions import times_of
from puls.understanding.when.intervals import When, clock_of, intervals_of

PARIS = ZoneInfo("Europe/Paris")
WEDNESDAY = MOMENTS["wednesday"]
TIMES = sorted({row.text for row in read_expressions() if row.table == "when"})
PIECES = sorted({piece for text in TIMES for piece in text.split()})
IRRELEVANT = ("svp", "merci d'avance", "pour ma copine", "s'il vous plaît", "please", "quoi", "lol")

moments = st.datetimes(datetime(2025, 1, 1), datetime(2030, 1, 1)).map(
    lambda moment: moment.replace(tzinfo=PARIS)
)
texts = st.sampled_from(TIMES)
salads = st.lists(st.sampled_from(PIECES), max_size=12).map(" ".join)


def read(text: str, now: datetime = WEDNESDAY) -> When:
    """All that is said of time, as if all of it were meant."""
    clock = clock_of(now, "Europe/Paris", asks_past=asks_past(text))
    times = times_of(Message(text), clock)
    return intervals_of(times, (), clock, now=now, timezone="Europe/Paris")


def asks_past(text: str) -> bool:
    return any(
        word in text.lower()
        for word in ("hier", "dernier", "derniere", "dernière", "passé", "passe")
    )


def without_accents(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text)
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def is_well_formed(intervals: tuple[Interval, ...]) -> bool:
    """Never empty, in order, apart from one another: what a half-open list promises."""
    stamps = [stamp.timestamp() for each in intervals for stamp in (each.start, each.end)]
    return all(earlier < later for earlier, later in itertools.pairwise(stamps))


@given(texts | salads, moments)
@settings(deadline=None, max_examples=100)
def test_intervals_are_half_open_ordered_disjoint_and_never_empty(text: str, now: datetime) -> None:
    assert is_well_formed(read(text, now).intervals)


@given(texts, moments)
@settings(deadline=None, max_examples=100)
def test_what_is_over_is_only_found_by_those_who_ask_for_the_past(text: str, now: datetime) -> None:
    """A year given or a word of the past is asking; « samedi » never is."""
    if not asks_past(text) and not any(char.isdigit() for char in text):
        assert all(
            interval.end.timestamp() > now.timestamp() for interval in read(text, now).intervals
        )


@given(texts, moments)
@settings(deadline=None, max_examples=60)
def test_capitals_and_accents_change_nothing(text: str, now: datetime) -> None:
    """Telephones capitalise as they please, and half of us do not type accents."""
    lower = read(text.lower(), now).intervals
    assert read(text.upper(), now).intervals == lower
    assert read(without_accents(text.lower()), now).intervals == lower
    assert read(text.lower().capitalize(), now).intervals == lower


@given(texts, st.sampled_from(IRRELEVANT), moments)
@settings(deadline=None, max_examples=60)
def test_irrelevant_words_change_nothing(text: str, words: str, now: datetime) -> None:
    plain = read(text, now).intervals
    assert read(f"{text} {words}", now).intervals == plain
    assert read(f"{words}, {text}", now).intervals == plain


@given(texts)
@settings(deadline=None, max_examples=60)
def test_the_zone_of_the_clock_of_now_changes_nothing(text: str) -> None:
    """`now` is an instant: a server in UTC and a visitor in Paris mean the same evening."""
    assert read(text, WEDNESDAY.astimezone(ZoneInfo("UTC"))) == read(text, WEDNESDAY)


@given(st.text(max_size=400) | st.lists(st.sampled_from(PIECES), max_size=60).map(" ".join))
@settings(deadline=None, max_examples=60)
def test_any_text_is_read_without_exception(text: str) -> None:
    read(text)
    read((text * 10_000)[:10_000])


@pytest.mark.parametrize("year", range(2024, 2029))
def test_a_year_has_eleven_public_holidays(year: int) -> None:
    """In none of these years does a moving one fall on a fixed one."""
    assert len(public_holidays(year)) == 11


def test_the_zones_share_every_holiday_but_two() -> None:
    """Winter and spring are staggered over the zones."""
    for school_year in (2024, 2025, 2026):
        for name in ("toussaint", "noel", "ete"):
            assert len({school_holidays(name, school_year, zone) for zone in ("A", "B", "C")}) == 1
        for name in ("hiver", "printemps"):
            assert len({school_holidays(name, school_year, zone) for zone in ("A", "B", "C")}) == 3


def test_school_holidays_begin_on_a_saturday() -> None:
    assert all(first.weekday() == 5 for first, _ in all_school_holidays("A"))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("pendant les vacances d'hiver", "all_school_zones"),
        ("un dimanche sur deux", "every_other_week"),
    ],
)
def test_a_choice_that_was_made_is_said(text: str, code: str) -> None:
    assert [notice.code for notice in read(text).notices] == [code]


def test_a_year_without_school_calendar_is_said() -> None:
    when = read("pendant les vacances de printemps", datetime(2028, 3, 1, tzinfo=PARIS))
    assert when.intervals == ()
    assert [notice.code for notice in when.notices] == ["unknown_school_year"]
