"""Dates, prices and distances are said as people say them."""

from datetime import datetime, timedelta

import pytest

from puls.catalogue.event import Occurrence, Price, PriceKind
from puls.phrasing import Language, ages_words, count_words, distance_words, moment, price_words
from puls.ui.texts import examples, texts
from tests.serving import NOW, PARIS, occurrence


def at(month: int, day: int, hour: int = 0, minute: int = 0, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=PARIS)


def days(first: datetime, last: datetime, *, is_possible: bool = False) -> Occurrence:
    return Occurrence(starts_at=first, ends_at=last, is_possible=is_possible)


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("when", "french", "english"),
    [
        (occurrence(at(11, 28, 20, 30)), "demain, 20 h 30", "tomorrow, 8:30 pm"),
        (occurrence(at(11, 27, 20)), "ce soir, 20 h", "tonight, 8 pm"),
        (
            occurrence(at(11, 29, 10), hours=8),
            "dimanche 29 novembre, de 10 h à 18 h",
            "Sunday 29 November, 10 am to 6 pm",
        ),
        (occurrence(at(12, 1, 12)), "mardi 1er décembre, 12 h", "Tuesday 1 December, 12 pm"),
        (
            occurrence(at(1, 2, 0, 15, year=2027)),
            "samedi 2 janvier 2027, 0 h 15",
            "Saturday 2 January 2027, 12:15 am",
        ),
        (occurrence(at(11, 27, 10), hours=9), "aujourd'hui, jusqu'à 19 h", "today, until 7 pm"),
        (
            occurrence(at(11, 29), hours=24, is_day_known_only=True),
            "dimanche 29 novembre",
            "Sunday 29 November",
        ),
        (
            days(at(11, 1), at(1, 16, year=2027)),
            "jusqu'au 15 janvier 2027",
            "until 15 January 2027",
        ),
        (days(at(12, 3), at(12, 25)), "du 3 décembre au 24 décembre", "3 December to 24 December"),
        (days(at(11, 1), at(11, 28)), "aujourd'hui, dernier jour", "today, last day"),
        (
            days(at(12, 3), at(12, 4), is_possible=True),
            "du 3 décembre au 3 décembre",
            "3 December to 3 December",
        ),
    ],
)
def test_a_moment_is_said_as_seen_from_now(when: Occurrence, french: str, english: str) -> None:
    """« 2026-11-28T20:30:00+01:00 » is not an answer to « quand ? »."""
    assert plain(moment(when, "Europe/Paris", now=NOW, language="fr")) == french
    assert plain(moment(when, "Europe/Paris", now=NOW, language="en")) == english


def test_a_moment_is_said_by_the_venues_clocks() -> None:
    """20 h in Saint-Denis de La Réunion is 17 h in Paris: the poster says 20 h."""
    start = datetime(2026, 11, 29, 20, tzinfo=PARIS) - timedelta(hours=3)
    said = moment(occurrence(start), "Indian/Reunion", now=NOW, language="fr")
    assert plain(said) == "dimanche 29 novembre, 20 h"


@pytest.mark.parametrize(
    ("price", "french", "english"),
    [
        (Price(kind=PriceKind.FREE, lowest=0, highest=0), "gratuit", "free"),
        (
            Price(kind=PriceKind.FREE, lowest=0, highest=0, on_registration=True),
            "gratuit, sur inscription",
            "free, on registration",
        ),
        (Price(kind=PriceKind.PAID, lowest=12.5, highest=12.5), "12,50 €", "€12.50"),
        (Price(kind=PriceKind.PAID, lowest=8, highest=15), "de 8 à 15 €", "€8 to €15"),
        (Price(kind=PriceKind.PAID, lowest=8), "dès 8 €", "from €8"),
        (Price(kind=PriceKind.PAID, lowest=0, conditions="Prix libre"), "Prix libre", "Prix libre"),
        (Price(kind=PriceKind.PAID), "payant", "ticketed"),
        (Price(), "prix non précisé", "price not stated"),
    ],
)
def test_a_price_is_said_and_never_guessed(price: Price, french: str, english: str) -> None:
    """What nobody stated is said to be unknown."""
    assert plain(price_words(price, "fr")) == french
    assert plain(price_words(price, "en")) == english


def test_distances_ages_and_counts_are_rounded_to_what_matters() -> None:
    """Nobody walks 1.2347 km."""
    assert [plain(distance_words(km, "fr")) for km in (0.01, 0.456, 1.25, 28.3)] == [
        "à 50 m", "à 460 m", "à 1,2 km", "à 28 km",
    ]  # fmt: skip
    assert plain(distance_words(28.3, "en")) == "28 km away"
    assert [ages_words(3, 6, "en"), ages_words(None, None, "fr")] == ["ages 3–6", None]
    assert plain(ages_words(6, None, "fr") or "") == "dès 6 ans"
    assert (
        plain(count_words(12, 1240, "fr", most=15_000)) == "12 sorties parmi 1 240 qui conviennent"
    )
    assert count_words(1, 1, "fr", most=15_000) == "1 sortie"
    assert count_words(5, 5, "fr", most=15_000, beside=3) == "2 sorties, et 3 d'un autre genre"
    assert count_words(3, 3, "en", most=15_000, beside=3) == "3 events of another kind"
    assert count_words(12, 1240, "en", most=15_000) == "12 events out of 1,240 that fit"


@pytest.mark.parametrize("language", ["en"])
def test_the_page_says_the_same_things_in_every_language(language: Language) -> None:
    """A missing word would be a broken page for a tourist."""
    assert texts(language).keys() == texts("fr").keys()
    assert examples(language)
