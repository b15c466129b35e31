"""What a visitor writes and what Puls makes of it; the table of cases is in `expressions`."""

import time
from dataclasses import fields
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.understanding.expressions import MOMENTS

from puls.catalogue.event import Interval
from puls.geo.distance import Coordinates
from puls.geo.gazetteer import Gazetteer
from puls.understanding.question import Understood, asks_for_work, understand
from puls.understanding.saying.chips import chips_of, without
from puls.understanding.where.reach import lacks_position
from puls.understanding.wish import Wish

PARIS = ZoneInfo("Europe/Paris")
GAZETTEER = Gazetteer.load()
WEDNESDAY = MOMENTS["wednesday"]
GRENOBLE = Coordinates(45.1885, 5.7245)


def ask(
    text: str, *earlier: str, now: datetime = WEDNESDAY, position: Coordinates | None = None
) -> Understood:
    return understand(text, now=now, gazetteer=GAZETTEER, history=earlier, position=position)


def local(interval: Interval) -> tuple[str, str]:
    start, end = (each.astimezone(PARIS) for each in (interval.start, interval.end))
    return f"{start:%Y-%m-%dT%H:%M}", f"{end:%Y-%m-%dT%H:%M}"


def test_thanks_between_two_questions_lose_nothing() -> None:
    assert ask("et dimanche ?", "concert à Lyon samedi", "merci !").wish.topic == "concert"


def test_previous_spares_reading_the_history_again() -> None:
    previous = ask("concert à Lyon samedi")
    folded = understand("plutôt gratuit", now=WEDNESDAY, gazetteer=GAZETTEER, previous=previous)
    assert folded.wish == ask("plutôt gratuit", "concert à Lyon samedi").wish


def test_near_me_needs_a_position() -> None:
    """Without one, a sentence says what to do; nothing is guessed."""
    here = ask("concert près de moi", position=GRENOBLE).wish
    assert here.where is not None
    assert here.where.near is not None
    assert (here.where.near.center, here.where.near.radius_km) == (GRENOBLE, 20.0)
    nowhere = ask("concert près de moi")
    assert nowhere.wish.where is None
    assert nowhere.carried is not None
    assert lacks_position(nowhere.carried)
    assert [notice.code for notice in nowhere.notices] == ["no_position"]


def test_a_walk_is_shorter_than_a_drive() -> None:
    def radius(text: str) -> float:
        where = ask(text, position=GRENOBLE).wish.where
        assert where is not None
        assert where.near is not None
        return where.near.radius_km

    assert radius("à 20 minutes à pied de chez moi") == 1.5
    assert radius("à 30 minutes en voiture de Crest") == 25.0


def test_a_homonym_is_named_with_the_others() -> None:
    (notice,) = ask("concert à Saint-Denis").notices
    assert notice.code == "homonym"
    assert "comme Saint-Denis (93)" in notice.fr
    assert "there is also" in notice.en
    assert "Saint-Denis (974)" in notice.en


def test_unknown_school_years_are_said() -> None:
    understood = ask("pendant les vacances d'hiver", now=datetime(2031, 1, 10, tzinfo=PARIS))
    assert understood.wish.when == ()
    assert "calendrier scolaire" in understood.notices[0].fr
    assert "school calendar" in understood.notices[0].en


def test_school_holidays_follow_the_zone_of_the_place() -> None:
    (lyon,) = ask("vacances de février à Lyon").wish.when
    (lille,) = ask("vacances de février à Lille").wish.when
    assert local(lyon)[0] == "2027-02-13"[:10] + "T00:00"
    assert local(lille)[0] == "2027-02-20T00:00"


def test_the_clock_change_gives_a_day_of_twenty_five_hours() -> None:
    (day,) = ask(
        "dimanche 25 octobre", now=datetime.fromisoformat("2026-10-20T09:00+02:00")
    ).wish.when
    assert day.end.timestamp() - day.start.timestamp() == 25 * 3600


def test_matched_words_are_those_of_the_message() -> None:
    text = "Un concert gratuit à Lyon ce week-end"
    for span in ask(text).matched:
        assert text[span.start : span.end] == span.words


@pytest.mark.parametrize(
    "topic",
    ["salon de l'emploi et recrutement", "création d'entreprise", "devenir auto-entrepreneur"],
)
def test_work_is_recognised_when_it_is_asked_for(topic: str) -> None:
    assert asks_for_work(topic)


@pytest.mark.parametrize("topic", ["concert de jazz", "atelier d'écriture", "visite d'une usine"])
def test_outings_are_not_work(topic: str) -> None:
    assert not asks_for_work(topic)


@pytest.mark.parametrize(
    "text",
    [
        "Ce week-end à Lyon, un concert gratuit pour mes enfants de 4 et 7 ans, pas de théâtre",
        "expo accessible PMR à moins de 10 euros, le plus proche",
        "un webinaire création d'entreprise en ligne demain, sauf marketing",
        "uniquement des concerts en plein air, en anglais, moins d'une heure, on est 4",
        "trois idées de sorties en intérieur pour 2 personnes",
    ],
)
def test_each_chip_stands_for_one_field_that_can_be_removed(text: str) -> None:
    """A visitor corrects what was understood by touching it."""
    wish = ask(text).wish
    blank = Wish()
    chips = chips_of(wish)
    set_fields = {
        each.name for each in fields(Wish) if getattr(wish, each.name) != getattr(blank, each.name)
    }
    assert {chip.field for chip in chips} == set_fields - {"position"}
    for chip in chips:
        smaller = without(wish, chip.field)
        assert getattr(smaller, chip.field) == getattr(blank, chip.field)
        assert len(chips_of(smaller)) == len(chips) - 1


@pytest.mark.parametrize("text", ["", "   ", "🎉🎷", "…?!", "\ud800", "0", "%s' OR 1=1 --", "\x00"])
def test_odd_messages_are_answered_calmly(text: str) -> None:
    ask(text)


@pytest.mark.parametrize(
    "piece", ["concert à Lyon samedi, ", "a ", "le 3 ", "12 et ", "saint ", "on the ", "x", "🎉 "]
)
def test_a_message_of_ten_thousand_characters_takes_no_time(piece: str) -> None:
    """Nobody may stop the service with a long message."""
    text = (piece * 10_000)[:10_000]
    ask(text)
    started = time.perf_counter()
    ask(text)
    assert time.perf_counter() - started < 0.5  # ten times what it takes, for busy machines


_WORDS = st.sampled_from(
    [
        "ce",
        "soir",
        "demain",
        "samedi",
        "week-end",
        "prochain",
        "du",
        "au",
        "le",
        "3",
        "12",
        "21",
        "octobre",
        "décembre",
        "à",
        "de",
        "près",
        "Lyon",
        "Tours",
        "Nice",
        "Paris",
        "11e",
        "dans",
        "gratuit",
        "moins",
        "15",
        "€",
        "ans",
        "enfants",
        "7",
        "pas",
        "sauf",
        "concert",
        "expo",
        "et",
        "ou",
        "plutôt",
        "en",
        "ligne",
        "la",
        "2e",
        "fin",
        "début",
        "mi",
        "entre",
        "avant",
        "jusqu'à",
        "soirée",
        "20h",
    ]
)
_SENTENCES = st.lists(_WORDS, max_size=14).map(" ".join)


@given(st.text(max_size=300) | _SENTENCES)
@settings(deadline=None, max_examples=150)
def test_any_text_is_understood_without_exception(text: str) -> None:
    understood = ask(text)
    now = WEDNESDAY
    for interval in understood.wish.when:
        assert interval.start < interval.end
    assert list(understood.wish.when) == sorted(understood.wish.when)
    if not any(char.isdigit() for char in text):
        assert all(interval.end > now for interval in understood.wish.when)


@given(_SENTENCES)
@settings(deadline=None, max_examples=80)
def test_case_changes_nothing_but_names(text: str) -> None:
    """Telephones capitalise as they please."""
    assert ask(text.upper()).wish.when == ask(text.lower().upper()).wish.when


@given(_SENTENCES, st.datetimes(datetime(2025, 1, 1), datetime(2030, 1, 1)))
@settings(deadline=None, max_examples=80)
def test_the_same_question_at_the_same_moment_means_the_same(text: str, moment: datetime) -> None:
    now = moment.replace(tzinfo=PARIS)
    once, twice = ask(text, now=now), ask(text, now=now)
    assert (once.wish, once.act, once.notices) == (twice.wish, twice.act, twice.notices)


def test_adding_politeness_changes_nothing() -> None:
    plain = ask("concert de jazz à Lyon samedi").wish
    polite = ask(
        "Bonjour, je cherche un concert de jazz à Lyon samedi, s'il vous plaît, merci d'avance"
    ).wish
    assert polite == plain


def test_a_question_takes_milliseconds() -> None:
    text = "Ce week-end à Lyon, un concert gratuit pour mes enfants de 4 et 7 ans"
    ask(text)
    started = time.perf_counter()
    for _ in range(20):
        ask(text)
    assert timedelta(seconds=time.perf_counter() - started) / 20 < timedelta(milliseconds=30)
