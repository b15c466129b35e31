"""What is sent to a provider names events and places, and nobody."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.serving import NOW, PARIS, SATURDAY_EVENING, an_event, occurrence

from puls.catalogue.event import Accessibility, Category, Event, Interval
from puls.geo.distance import Coordinates
from puls.geo.gazetteer import Gazetteer
from puls.understanding.question import understand
from puls.understanding.wish import MAP_AREA, Near, Where, Wish
from puls.web_search.providers.queries import bounded, named_place, words_for

LYON = Where(label="Lyon", commune_codes=("69123",))
CIRCLE = Near(center=Coordinates(45.7578137, 4.8320114), radius_km=2.0)
WEEKEND = Interval(datetime(2026, 11, 28, tzinfo=PARIS), datetime(2026, 11, 30, tzinfo=PARIS))


def words(about: Event | Wish, **changes: str) -> str:
    return words_for(about, now=NOW, **changes)  # type: ignore[arg-type] # literals of the tests


def test_an_event_is_searched_by_title_venue_town_and_date() -> None:
    """What its own page says too."""
    assert words(an_event()) == "Concert de jazz manouche Le Transbordeur Lyon 28 novembre 2026"
    assert words(an_event(), language="en").endswith("28 November 2026")
    assert words(an_event(), asks="tickets").endswith("billetterie réservation")


def test_the_next_performance_is_meant_and_of_a_run_its_month() -> None:
    """A date that is over finds reports of what was."""
    week = timedelta(days=7)
    event = an_event(
        occurrences=(occurrence(SATURDAY_EVENING - 4 * week), occurrence(SATURDAY_EVENING + week))
    )
    assert words(event).endswith("5 décembre 2026")
    run = an_event(occurrences=(occurrence(SATURDAY_EVENING, hours=900, is_possible=True),))
    assert words(run).endswith("Lyon novembre 2026")
    assert words(an_event(occurrences=())).endswith("Lyon")
    assert words(an_event(venue=None)) == "Concert de jazz manouche 28 novembre 2026"


def test_a_wish_is_searched_by_theme_town_and_month() -> None:
    """Days are for filters; pages of agendas speak of months."""
    wish = Wish(topic="jazz manouche", where=LYON, when=(WEEKEND,))
    assert words(wish) == "jazz manouche Lyon novembre 2026"
    over_two = replace(wish, when=(Interval(WEEKEND.start, WEEKEND.end + timedelta(days=20)),))
    assert words(over_two) == "jazz manouche Lyon novembre décembre 2026"
    a_year = replace(wish, when=(Interval(WEEKEND.start, WEEKEND.end + timedelta(days=300)),))
    assert words(a_year) == "jazz manouche Lyon"
    assert words(Wish(categories=(Category.CONCERT,), where=LYON)) == "concerts Lyon"
    assert words(Wish(where=LYON)) == "agenda sorties Lyon"
    assert words(Wish()) == ""
    assert words(Wish(when=(WEEKEND,))) == ""


def test_nothing_of_the_visitor_is_sent() -> None:
    """Position, ages, needs, party and budget serve the answer and stay here."""
    wish = Wish(
        topic="cirque",
        where=Where(label="près de vous (2 km)", near=CIRCLE, around_visitor_km=2.0),
        ages=(8,),
        accessibility=frozenset({Accessibility.PSYCHIC}),
        party_size=3,
        max_price=12.0,
        position=CIRCLE.center,
        excluded_words=("clowns",),
    )
    assert words(wish) == "cirque"


@pytest.mark.parametrize(
    ("label", "is_circle", "place"),
    [
        ("Lyon", False, "Lyon"),
        ("Saint-Denis (93)", False, "Saint-Denis (93)"),
        ("Toulouse (10 km)", True, "Toulouse"),
        ("Saint-Denis (93) (5 km)", True, "Saint-Denis (93)"),
        ("Paris 11e (2 km)", True, "Paris 11e"),
        ("Le Transbordeur (1 km)", True, "Le Transbordeur"),
        ("12 Rue de la République 69001 Lyon (1 km)", True, ""),
        ("Rue des Lilas (1 km)", True, ""),
        (f"{MAP_AREA} (3 km)", True, ""),
    ],
)
def test_only_a_named_area_is_sent(label: str, is_circle: bool, place: str) -> None:
    """An address may be somebody's home."""
    assert named_place(Where(label=label, near=CIRCLE if is_circle else None)) == place


@pytest.mark.parametrize(
    "topic",
    [
        "jazz paul.durand@exemple.fr", "jazz 06 12 34 56 78", "jazz +33612345678", "jazz @paul_durand",
        "jazz https://exemple.fr/moi", "jazz 8 ans", "jazz 12 rue des Lilas Lyon", "jazz 45.7578137 4.8320114",
        "jazz 3 bis, avenue Foch",
    ],
)  # fmt: skip
def test_what_reaches_or_locates_somebody_is_left_out_of_a_theme(topic: str) -> None:
    """Whatever a reading left in the theme."""
    assert words(Wish(topic=topic)) == "jazz"


def test_years_and_numbered_titles_stay() -> None:
    """« 2026 » is no telephone number."""
    assert words(Wish(topic="festival 2027 les 4 saisons")) == "festival 2027 les 4 saisons"


@pytest.mark.parametrize(
    ("message", "sent"),
    [
        ("une expo avec ma fille Léa de 8 ans qui est épileptique", "exposition pour enfants"),
        (
            "spectacle en fauteuil roulant demain à Lyon, je suis Paul, mon mail paul@x.fr",
            "spectacle Lyon novembre 2026",
        ),
        ("Stromae en concert à Paris en décembre", "Stromae en concert Paris décembre 2026"),
    ],
)
def test_a_message_as_people_write_it_sends_its_theme_alone(
    gazetteer: Gazetteer, message: str, sent: str
) -> None:
    """From the words of a visitor to the words of a search, by the real reading."""
    wish = understand(message, now=NOW, gazetteer=gazetteer).wish
    assert words(wish) == sent


@pytest.mark.parametrize(
    ("title", "sent"),
    [
        ("!Viva! !!g :fr <5 jazz", "Viva! g fr 5 jazz"),
        ("site:exemple.fr -20% « Nuit »", "site exemple.fr 20% Nuit"),
        ('"Tout" (ou rien) | a*b', "Tout ou rien a b"),
        ("C'est l'été — 20h30 ?", "C'est l'été 20h30"),
        ("ligne\nX-Header: y\u202e", "ligne X-Header: y"),
    ],
)
def test_a_title_gives_no_orders_to_a_search_engine(title: str, sent: str) -> None:
    """`!!g` would send SearXNG elsewhere; `-20%` would exclude."""
    assert bounded(title) == sent


def test_what_was_said_is_not_said_again() -> None:
    """« Nuit du jazz à Lyon » at Lyon."""
    assert (
        bounded("Nuit du jazz Lyon", "LYON", "", "Villeurbanne") == "Nuit du jazz Lyon Villeurbanne"
    )


@given(st.lists(st.text(max_size=200), max_size=6))
def test_every_query_keeps_the_limits(parts: list[str]) -> None:
    """Brave and Tavily answer 422 and 400 beyond them."""
    line = bounded(*parts)
    assert len(line) <= 400
    assert len(line.split()) <= 50
    assert line.isprintable() or not line
    assert not any(word.startswith(("!", ":", "<", "?", "-", "+")) for word in line.split())
