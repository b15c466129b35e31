"""What is offered instead when nothing fits: near first, bounded, and nothing given up in silence."""

from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.understanding.expressions import MOMENTS, PARIS, read_expressions

from puls.catalogue.event import Interval
from puls.geo.gazetteer import Gazetteer
from puls.understanding.question import understand
from puls.understanding.saying.relaxations import MOST_RELAXATIONS, Relaxation, relaxations_of
from puls.understanding.saying.sentence import sentence_of
from puls.understanding.wish import Wish

GAZETTEER = Gazetteer.load()
WEDNESDAY = MOMENTS["wednesday"]  # 18 November 2026, 10:00


def offered(text: str, now: datetime = WEDNESDAY) -> tuple[Relaxation, ...]:
    return relaxations_of(understand(text, now=now, gazetteer=GAZETTEER).wish, now, GAZETTEER)


def labels(text: str, now: datetime = WEDNESDAY) -> list[str]:
    return [each.fr for each in offered(text, now)]


def test_tonight_becomes_other_days_then_other_places() -> None:
    """The order in which a person would give way: when, then where."""
    assert labels("ce soir à Crest") == [
        "aujourd’hui à toute heure",
        "demain",
        "ce week-end",
        "dans les 7 jours",
        "à moins de 20 km",
        "à Valence, 24 km",
        "dans la Drôme",
        "dans les 7 jours, à moins de 20 km",
    ]


def test_an_offer_reads_in_english_too() -> None:
    english = [each.en for each in offered("gratuit demain soir à Crest")]
    assert {"Friday", "within 20 km", "paid events too"} <= set(english)


def test_a_circle_is_doubled_and_a_department_becomes_its_region() -> None:
    assert "à moins de 20 km" in labels("concert à 10 km de Crest")
    assert "en Auvergne-Rhône-Alpes" in labels("concert dans la Drôme")
    assert "partout en France" in labels("concert en Bretagne")
    assert "dans tout Lyon" in labels("concert dans Lyon 3e")


def test_a_need_is_never_given_up_silently() -> None:
    """Who cannot climb stairs must read that the offer may have some; and it is the last one."""
    offers = offered("concert gratuit ce soir à Crest accessible en fauteuil roulant, 4 et 7 ans")
    *others, last = offers
    assert last.change == "accessibility"
    assert "accessibilité" in last.fr
    assert last.wish.accessibility == frozenset()
    assert all(each.wish.accessibility for each in others)


def test_ages_come_nearer_but_stay() -> None:
    """« dès 6 ans » may do for a child of four; no child may not."""
    (near,) = [each for each in offered("spectacle ce soir, 4 et 9 ans") if each.change == "ages"]
    assert near.wish.ages == (6, 7)
    assert not [each for each in offered("concert ce soir, 40 ans") if each.change == "ages"]


def test_dates_long_past_or_far_ahead_are_relaxed_sensibly() -> None:
    assert labels("concert le 3 octobre 2025")[0] == "à venir"
    assert "à n’importe quelle date" in labels("concert le 10 janvier 2027 et le 20 février 2027")
    sunday = Interval(datetime(2026, 11, 22, tzinfo=PARIS), datetime(2026, 11, 23, tzinfo=PARIS))
    after = relaxations_of(Wish(when=(sunday,)), WEDNESDAY, GAZETTEER)
    assert [each.fr for each in after] == [
        "lundi",
        "le week-end du 28 novembre",
        "dans les 7 jours dès dimanche",
    ]


def test_an_open_wish_has_nothing_to_relax() -> None:
    assert relaxations_of(Wish(topic="jazz"), WEDNESDAY, GAZETTEER) == ()


def test_whatever_was_asked_is_relaxed_within_bounds() -> None:
    """Bounded, each one different, each one readable, and what was excluded stays out."""
    for row in read_expressions()[::5]:
        wish = understand(row.text, now=row.moment, gazetteer=GAZETTEER, history=row.history).wish
        offers = relaxations_of(wish, row.moment, GAZETTEER)
        assert len(offers) <= MOST_RELAXATIONS
        assert len({each.wish for each in offers} | {wish}) == len(offers) + 1
        for each in offers:
            assert each.wish.topic == wish.topic
            assert each.wish.excluded_categories == wish.excluded_categories
            assert each.wish.excluded_words == wish.excluded_words
            assert each.fr
            assert each.en
            assert sentence_of(each.wish, "fr")


@settings(max_examples=100, deadline=None)
@given(
    hours=st.tuples(st.integers(0, 2000), st.integers(1, 1000)),
    place=st.sampled_from(["", " à Lyon", " dans la Creuse", " à 5 km de Die", " en Corse"]),
)
def test_other_times_are_still_to_come(hours: tuple[int, int], place: str) -> None:
    """An offer of yesterday evening is no offer."""
    start = WEDNESDAY + timedelta(hours=hours[0])
    wish = understand(f"concert{place}", now=WEDNESDAY, gazetteer=GAZETTEER).wish
    wish = Wish(
        topic=wish.topic,
        where=wish.where,
        when=(Interval(start, start + timedelta(hours=hours[1])),),
    )
    for each in relaxations_of(wish, WEDNESDAY, GAZETTEER):
        for interval in each.wish.when:
            assert interval.start >= WEDNESDAY
            assert interval.start < interval.end
