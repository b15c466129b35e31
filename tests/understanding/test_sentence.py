"""A wish written as a sentence means the same wish again: a link, a log and a page can hold it."""

from dataclasses import replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.understanding.expressions import MOMENTS, PARIS

from puls.catalogue.event import Accessibility, Category, Interval
from puls.geo.gazetteer import Gazetteer
from puls.language.lexicon import LANGUAGES
from puls.understanding.question import understand
from puls.understanding.saying.sentence import SentenceLanguage, sentence_of
from puls.understanding.where.place import numbered
from puls.understanding.where.reach import around_visitor
from puls.understanding.wish import Near, Where, Wish

GAZETTEER = Gazetteer.load()
NOW = datetime(2026, 11, 18, 10, 0, 30, tzinfo=PARIS)
TOWNS = [each for each in GAZETTEER.communes() if each.population >= 2_000]
# Overseas, one name is a département and a région: the parser says which once and for all.
DEPARTMENTS = [code for code in GAZETTEER.departments if code <= "976"]
REGIONS = [code for code in GAZETTEER.regions if "06" < code < "97"]
THEMES = (
    "", "concert de jazz", "jazz manouche", "exposition de photographie", "théâtre d'improvisation",
    "danse contemporaine", "visite guidée", "marché de Noël", "opéra", "atelier de poterie",
    "film documentaire", "conférence sur l'astronomie", "randonnée", "cirque", "bal folk",
)  # fmt: skip
THEMES_FOR_CHILDREN = ("spectacle pour enfants", "atelier pour enfants", "contes pour enfants")
EXCLUDABLE = tuple(sorted(set(Category) - {Category.OTHER}))  # nobody says « pas d'autre chose »


def moments(now: datetime) -> st.SearchStrategy[list[datetime]]:
    """An even number of distinct whole days and quarters of an hour after now, in order."""
    first_day = now.astimezone(PARIS).date() + timedelta(days=1)
    days = st.integers(0, 300).map(lambda ahead: first_day + timedelta(days=ahead))
    hours = st.one_of(st.just(0), st.integers(6 * 4, 23 * 4 + 3))
    moment = st.builds(
        lambda day, quarters: (
            datetime.combine(day, time(), PARIS) + timedelta(minutes=15 * quarters)
        ),
        days,
        hours,
    )
    return st.lists(moment, unique=True, max_size=6).map(
        lambda few: sorted(few[: len(few) // 2 * 2])
    )


def intervals(now: datetime) -> st.SearchStrategy[tuple[Interval, ...]]:
    return st.builds(
        lambda ends, is_running: tuple(
            Interval(now if is_running and index == 0 else start, end)
            for index, (start, end) in enumerate(zip(ends[::2], ends[1::2], strict=True))
        ),
        moments(now),
        st.booleans(),
    )


@st.composite
def places(draw: st.DrawFn) -> Where | None:
    commune = draw(st.sampled_from(TOWNS))
    department = draw(st.sampled_from(DEPARTMENTS))
    region = draw(st.sampled_from(REGIONS))
    radius_km = draw(st.sampled_from([5.0, 12.5, 20.0, 40.0]))
    center = draw(st.sampled_from(TOWNS))
    names = GAZETTEER.departments[department].name, GAZETTEER.regions[region].name
    circle = Near(center=center.coordinates, radius_km=radius_km)
    return draw(
        st.sampled_from(
            [
                None,
                Where(label=commune.name, commune_codes=(commune.code,)),
                Where(label=names[0], department_codes=(department,)),
                Where(label=names[1], region_codes=(region,)),
                Where(label=f"{numbered(center)} ({radius_km:g} km)", near=circle),
            ]
        )
    )


@st.composite
def wishes(draw: st.DrawFn, now: datetime) -> Wish:
    ages = draw(st.lists(st.integers(0, 90), unique=True, max_size=3).map(sorted))
    is_with_children = bool(ages) and ages[0] < 18
    free = draw(st.sampled_from([None, True]))
    cents = draw(st.one_of(st.none(), st.integers(1, 20_000)))
    return Wish(
        topic=draw(st.sampled_from(THEMES_FOR_CHILDREN if is_with_children else THEMES)),
        when=draw(intervals(now)),
        where=draw(places()),
        free=free,
        max_price=None if cents is None or free else cents / 100,
        ages=tuple(ages),
        accessibility=draw(st.frozensets(st.sampled_from(Accessibility))),
        online=draw(st.sampled_from([None, True, False])),
        setting=draw(st.sampled_from([None, None, "indoor", "outdoor"])),
        spoken_language=draw(st.sampled_from([None, None, *LANGUAGES])),
        max_minutes=draw(st.sampled_from([None, None, 45, 90, 120])),
        party_size=draw(st.sampled_from([None, None, 2, 7, 30])),
        number_wanted=draw(st.sampled_from([None, None, 3, 12])),
        categories=tuple(draw(st.lists(st.sampled_from(EXCLUDABLE), unique=True, max_size=2))),
        excluded_categories=tuple(
            draw(st.lists(st.sampled_from(EXCLUDABLE), unique=True, max_size=3))
        ),
        excluded_words=tuple(
            draw(st.lists(st.sampled_from(["rap", "metal", "karaoke"]), unique=True, max_size=2))
        ),
        order=draw(st.sampled_from(["relevance", "nearest", "cheapest", "soonest"])),
    )


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("now", [NOW, MOMENTS["clock_change"], MOMENTS["new_years_eve"]])
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_wish_written_as_a_sentence_is_understood_as_the_same_wish(
    data: st.DataObject, now: datetime, language: SentenceLanguage
) -> None:
    """What a link asks again is what was offered, with nothing lost or invented on the way."""
    wish = data.draw(wishes(now))
    sentence = sentence_of(wish, language)
    understood = understand(sentence, now=now, gazetteer=GAZETTEER).wish
    assert unlabelled(understood) == unlabelled(wish), sentence


def unlabelled(wish: Wish) -> Wish:
    """How a place is called (« Ain », « Ain (01) ») is no part of what is wished."""
    return wish if wish.where is None else replace(wish, where=replace(wish.where, label=""))


def test_a_sentence_reads_as_a_person_would_say_it() -> None:
    """It stands in the search box after a click."""
    weekend = Interval(
        datetime(2026, 11, 21, 18, tzinfo=PARIS), datetime(2026, 11, 23, tzinfo=PARIS)
    )
    wish = Wish(
        topic="concert de jazz",
        when=(weekend,),
        where=Where(label="Lyon", commune_codes=("69123",)),
        free=True,
        excluded_categories=(Category.THEATRE,),
        ages=(4, 7),
        order="nearest",
    )
    assert sentence_of(wish) == (
        "concert de jazz, du samedi 21 novembre 2026 à 18 h au dimanche 22 novembre 2026 à minuit, "
        "à Lyon (69), gratuit, sauf théâtre, 4 et 7 ans, le plus proche d’abord"
    )
    assert sentence_of(replace(wish, ages=(), excluded_categories=()), "en") == (
        "concert de jazz, from Saturday 21 November 2026 at 18:00 to Sunday 22 November 2026 "
        "at midnight, in Lyon (69), free, nearest first"
    )


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        ("2026-12-01T00:00", "2026-12-02T00:00", "le mardi 1er décembre 2026"),
        ("2026-12-04T00:00", "2026-12-07T00:00", "du vendredi 4 décembre 2026 au dimanche 6 décembre 2026"),
        ("2026-12-04T18:30", "2026-12-05T00:00", "le vendredi 4 décembre 2026 de 18 h 30 à minuit"),
        ("2026-12-04T00:00", "2100-01-01T00:00", "à partir du vendredi 4 décembre 2026"),
    ],
)  # fmt: skip
def test_days_and_hours_are_said_in_full(start: str, end: str, words: str) -> None:
    """A sentence kept for tomorrow must not move with the clock."""
    first, last = (datetime.fromisoformat(each).replace(tzinfo=PARIS) for each in (start, end))
    assert sentence_of(Wish(when=(Interval(first, last),))) == words


def test_moments_are_said_by_the_clocks_of_the_visitor() -> None:
    """A visitor in La Réunion reads their own evening."""
    start = datetime(2026, 12, 4, 15, 0, tzinfo=ZoneInfo("UTC"))
    wish = Wish(when=(Interval(start, start + timedelta(hours=3)),))
    assert sentence_of(wish, timezone="Indian/Reunion") == (
        "le vendredi 4 décembre 2026 de 19 h à 22 h"
    )


@pytest.mark.parametrize(
    ("where", "words"),
    [
        (Where(label="Drôme", department_codes=("26",)), "dans la Drôme"),
        (Where(label="Ain", department_codes=("01",)), "dans l’Ain"),
        (Where(label="Vosges", department_codes=("88",)), "dans les Vosges"),
        (Where(label="Bretagne", region_codes=("53",)), "en Bretagne"),
        (Where(label="Lyon 3e", postcodes=("69003",)), "à Lyon 3e"),
        (Where(label="26400 Crest", postcodes=("26400",)), "à 26400"),
        (Where(label="Crest ou Die", commune_codes=("26108", "26113")), "à Crest (26) ou à Die (26)"),
    ],
)  # fmt: skip
def test_places_are_said_with_their_article(where: Where, words: str) -> None:
    """« dans la Drôme », not « lieu : Drôme »."""
    assert sentence_of(Wish(where=where)) == words
    understood = understand(words, now=NOW, gazetteer=GAZETTEER).wish
    assert unlabelled(understood) == unlabelled(Wish(where=where))


def test_around_the_visitor_is_said_so() -> None:
    """Only their position makes it a place again."""
    crest = GAZETTEER.communes_named("Crest")[0].coordinates
    wish = Wish(
        topic="concert",
        free=True,
        where=around_visitor(crest, 30.0),
        position=crest,
    )
    assert sentence_of(wish) == "concert, à 30 km de chez moi, gratuit"
    for language in ("fr", "en"):
        sentence = sentence_of(wish, language)
        assert understand(sentence, now=NOW, gazetteer=GAZETTEER, position=crest).wish == wish


def test_an_evening_that_is_over_stays_in_the_past() -> None:
    """« hier soir » written with its date must not vanish because it is over."""
    wish = understand("hier soir", now=NOW, gazetteer=GAZETTEER).wish
    assert wish.when
    for language in ("fr", "en"):
        assert understand(sentence_of(wish, language), now=NOW, gazetteer=GAZETTEER).wish == wish
