"""Outings of several parts, read from words."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from puls.catalogue.event import Category
from puls.geo.gazetteer import Gazetteer
from puls.outings.parts import pieces_of
from puls.outings.slots import MOST_SLOTS, Slot, asks_for_outing, slots_of
from puls.understanding.given import Given, understand_given
from puls.understanding.question import understand

PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2026, 11, 27, 10, 0, tzinfo=PARIS)  # a Friday


def read(text: str, gazetteer: Gazetteer) -> tuple[Slot, ...]:
    understood = understand(text, now=NOW, gazetteer=gazetteer)
    return slots_of(text, understood, now=NOW, gazetteer=gazetteer)


def windows(slot: Slot) -> list[str]:
    return [f"{one.start:%a %H:%M}-{one.end:%a %H:%M}" for one in slot.wish.when]


def test_the_example_of_the_issue_is_two_parts_of_one_day(gazetteer: Gazetteer) -> None:
    """The sentence that visitors see on the page must work to the letter."""
    expo, concert = read(
        "samedi : une expo l'après-midi puis un concert, à Lyon, moins de 30 € à deux", gazetteer
    )
    assert (expo.wish.topic, concert.wish.topic) == ("exposition", "concert")
    assert (expo.part, concert.part) == ("afternoon", None)
    assert windows(expo) == ["Sat 12:00-Sat 18:00"]
    assert windows(concert) == ["Sat 12:00-Sun 02:00"]
    assert concert.is_same_day
    for slot in (expo, concert):
        assert slot.wish.where is not None
        assert slot.wish.where.label == "Lyon"
        assert (slot.wish.max_price, slot.wish.party_size) == (15.0, 2)


def test_a_day_with_children_is_a_morning_and_an_afternoon(gazetteer: Gazetteer) -> None:
    """Nobody plans an evening for a child of four."""
    text = "une journée à Lille avec deux enfants de 4 et 7 ans"
    slots = read(text, gazetteer)
    assert [slot.part for slot in slots] == ["morning", "afternoon"]
    assert {slot.wish.ages for slot in slots} == {(4, 7)}
    assert len(slots[0].wish.when) == 7  # no day was said: the coming week
    assert slots[1].is_same_day


@pytest.mark.parametrize(
    ("text", "topics"),
    [
        ("un concert après une expo samedi à Lyon", ["exposition", "concert"]),
        ("une expo avant un concert samedi à Lyon", ["exposition", "concert"]),
        ("après une expo, un concert samedi à Lyon", ["exposition", "concert"]),
        ("expo, ciné et concert samedi à Paris", ["exposition", "cinéma", "concert"]),
        ("concert + resto à Lyon samedi", ["concert"]),
        (
            "programme pour samedi à Toulouse : musée le matin, marché à midi, concert le soir",
            ["musée", "marché", "concert"],
        ),
        (
            "concert de jazz le soir, avant cela une expo l'après-midi, samedi à Lyon",
            ["exposition", "concert de jazz"],
        ),
        ("plan my Saturday in Paris: an exhibition then a jazz concert", ["exhibition", "jazz concert"]),
        ("concert de rock à Lyon samedi soir", ["concert de rock"]),
        ("concert jazz, rock et blues samedi à Lyon", ["concert jazz rock et blues"]),
    ],
)  # fmt: skip
def test_parts_come_in_the_order_in_which_they_happen(
    gazetteer: Gazetteer, text: str, topics: list[str]
) -> None:
    """« Après une expo » puts the exhibition first although it is said last."""
    assert [slot.wish.topic for slot in read(text, gazetteer)] == topics


def test_parts_may_be_on_days_of_their_own(gazetteer: Gazetteer) -> None:
    """A week-end is not one long day."""
    theatre, walk = read("samedi soir théâtre et dimanche matin une balade à Bordeaux", gazetteer)
    assert windows(theatre) == ["Sat 18:00-Sun 00:00"]
    assert windows(walk) == ["Sun 06:00-Sun 12:00"]
    assert not walk.is_same_day


@pytest.mark.parametrize("now", ["2026-11-22T21:00+01:00", "2026-11-22T10:00+01:00"])
def test_a_part_is_after_the_part_before(gazetteer: Gazetteer, now: str) -> None:
    """Asked on a Sunday, « samedi soir… dimanche matin » is the next week-end, not today and Saturday."""
    moment = datetime.fromisoformat(now)
    text = "samedi soir théâtre et dimanche matin une balade à Bordeaux"
    understood = understand(text, now=moment, gazetteer=gazetteer)
    slots = slots_of(text, understood, now=moment, gazetteer=gazetteer)
    assert [f"{slot.wish.when[0].start:%d %H}" for slot in slots] == ["28 18", "29 06"]


def test_the_kind_of_event_is_told_by_the_theme(gazetteer: Gazetteer) -> None:
    """« Une expo » asks for an exhibition, not for a film about one."""
    slots = read("samedi à Lyon : un musée puis un concert de jazz puis du rock", gazetteer)
    assert [slot.kinds for slot in slots] == [
        (Category.EXHIBITION, Category.VISIT), (Category.CONCERT,), (),
    ]  # fmt: skip


def test_a_weekend_told_in_one_word_has_parts_on_both_days(gazetteer: Gazetteer) -> None:
    """« Prépare-moi un week-end » asks for Sunday as well."""
    slots = read("prépare-moi un week-end à Strasbourg, moins de 50 €", gazetteer)
    assert [windows(slot)[0][:3] for slot in slots] == ["Sat", "Sat", "Sun", "Sun"]
    assert [slot.is_same_day for slot in slots] == [False, True, False, True]


def test_each_part_may_have_a_place_of_its_own(gazetteer: Gazetteer) -> None:
    """The place of the whole holds only for parts that name none."""
    slots = read("une expo à Lyon puis un concert à Villeurbanne samedi", gazetteer)
    assert [slot.wish.where.label for slot in slots if slot.wish.where] == ["Lyon", "Villeurbanne"]


def test_a_day_chosen_on_the_page_wins_over_the_words(gazetteer: Gazetteer) -> None:
    """A form that says Sunday means Sunday."""
    text = "samedi : une expo puis un concert à Lyon"
    sunday = datetime(2026, 11, 29).date()
    understood = understand_given(
        text, Given(starts=sunday, ends=sunday), now=NOW, gazetteer=gazetteer, timezone="Europe/Paris"
    )  # fmt: skip
    slots = slots_of(text, understood, now=NOW, gazetteer=gazetteer)
    assert {one[:3] for slot in slots for one in windows(slot)} == {"Sun"}


@pytest.mark.parametrize(
    ("text", "is_outing"),
    [
        ("organise-moi une soirée à Paris vendredi", True),
        ("une journée à Lille avec deux enfants de 4 et 7 ans", True),
        ("une expo puis un concert à Lyon", True),
        ("concert à Lyon samedi", False),
        ("que faire samedi à Lyon ?", False),
    ],
)
def test_an_outing_is_told_from_a_search(gazetteer: Gazetteer, text: str, is_outing: bool) -> None:
    """A list of ten concerts answers no request for a day out, nor the other way round."""
    assert asks_for_outing(text, understand(text, now=NOW, gazetteer=gazetteer)) is is_outing


WORDS = (
    "une expo", "un concert", "samedi", "le soir", "puis", "avant", "après une", "et", "à Lyon", "demain", "16h",
    "moins de 10 €", "journée", "ensuite", "un resto", "dimanche matin", ",", ":", "week-end", "la nuit",
)  # fmt: skip


@given(st.lists(st.sampled_from(WORDS), max_size=12))
def test_any_sentence_gives_a_few_parts_in_time(gazetteer: Gazetteer, words: list[str]) -> None:
    """Whatever the words, there is something to search for, and windows are never empty or over."""
    text = " ".join(words)
    slots = read(text, gazetteer)
    assert 1 <= len(slots) <= MOST_SLOTS
    assert not slots[0].is_same_day
    for slot in slots:
        assert all(NOW <= window.start < window.end for window in slot.wish.when)
    assert all(piece.strip() for piece in pieces_of(text)) or not text.strip()
