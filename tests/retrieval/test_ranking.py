"""The order of answers is decided by a pure function: same candidates, same order, nothing lost."""

import math
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.serving import LYON, NOW, SATURDAY_EVENING, an_event, occurrence

from puls.catalogue.event import Accessibility, Price, PriceKind, Status
from puls.geo.distance import Coordinates
from puls.retrieval.ranking import Candidate, FoundEvent, ReasonCode, rank
from puls.retrieval.theme import Match
from puls.understanding.wish import Near, Order, Where, Wish

few = settings(max_examples=40, deadline=None)  # drawing 75 candidates costs more than ranking them
HERE = Coordinates(45.7578, 4.8320)


def candidate(uid: str = "1", *, starts_in_days: float = 1, **changes: object) -> Candidate:
    """A concert that is on topic by its words; `changes` are the event's."""
    return Candidate(
        event=an_event(uid, occurrences=(), **changes),
        occurrence=occurrence(NOW + timedelta(days=starts_in_days)),
        similarity=0.85,
        word_score=1.0,
        word_share=1.0,
    )


@st.composite
def candidates(draw: st.DrawFn) -> list[Candidate]:
    prices = st.sampled_from(
        [
            Price(),
            Price(kind=PriceKind.FREE, lowest=0, highest=0),
            Price(kind=PriceKind.PAID, lowest=8, highest=15),
        ]
    )
    venues = st.sampled_from([None, LYON, replace(LYON, coordinates=None)])
    count = draw(st.integers(0, 75))
    return [
        Candidate(
            event=an_event(
                f"{number:02}",
                occurrences=(),
                venue=draw(venues),
                price=draw(prices),
                status=draw(st.sampled_from(Status)),
                series_key=draw(st.sampled_from("abc")),
                duplicate_key=draw(st.sampled_from("abcdefghij")),
            ),
            occurrence=occurrence(
                NOW + timedelta(hours=draw(st.integers(-900, 9_000))),
                is_possible=draw(st.booleans()),
            ),
            similarity=draw(st.none() | st.floats(-1, 1)),
            word_score=draw(st.sampled_from([0.0, 0.0, 1e-9, 0.5, 7.25])),
            word_share=draw(st.floats(0, 1)),
        )
        for number in range(count)
    ]


ORDERS: list[Order] = ["relevance", "soonest", "nearest", "cheapest"]


@few
@given(
    candidates(),
    st.sampled_from(["", "jazz"]),
    st.sampled_from(ORDERS),
    st.sampled_from([None, HERE]),
)
def test_every_candidate_is_ranked_once(
    some: list[Candidate], topic: str, order: Order, position: Coordinates | None
) -> None:
    """Ranking decides the order; only filters leave out, and the theme gate marks."""
    found = rank(some, Wish(topic=topic, order=order, position=position), now=NOW)
    assert Counter(uids(found)) == Counter(one.event.uid for one in some)
    assert all(math.isfinite(one.score) for one in found)


@few
@given(candidates(), st.sampled_from(ORDERS), st.randoms())
def test_the_order_of_candidates_does_not_matter(
    some: list[Candidate], order: Order, random: object
) -> None:
    """PostgreSQL promises no order; a visitor who reloads sees the same page."""
    shuffled = list(some)
    random.shuffle(shuffled)  # type: ignore[attr-defined] # hypothesis gives a random.Random
    wish = Wish(topic="jazz", order=order, position=HERE)
    assert rank(some, wish, now=NOW) == rank(shuffled, wish, now=NOW)


@few
@given(candidates())
def test_a_duplicate_never_stands_before_an_original(some: list[Candidate]) -> None:
    """Up to the 60 best, where a visitor may look."""
    found = rank(some[:60], Wish(), now=NOW)
    keys = [one.event.duplicate_key for one in found]
    originals = len(set(keys))
    assert len(set(keys[:originals])) == originals


def uids(found: list[FoundEvent]) -> list[str]:
    return [one.event.uid for one in found]


def test_nothing_gives_nothing() -> None:
    assert rank([], Wish(topic="jazz"), now=NOW) == []


@pytest.mark.parametrize(
    ("worse", "wish"),
    [
        (candidate("worse", starts_in_days=20), Wish()),
        (candidate("worse", status=Status.FULL), Wish()),
        (
            candidate("worse", venue=replace(LYON, coordinates=Coordinates(45.9, 4.832))),
            Wish(position=HERE),
        ),
        (candidate("worse", price=Price()), Wish(max_price=20)),
        (candidate("worse"), Wish(ages=(6,))),
        (replace(candidate("worse"), similarity=0.80), Wish(topic="jazz")),
        (replace(candidate("worse"), similarity=None), Wish(topic="jazz")),
        (replace(candidate("worse"), word_score=0.2), Wish(topic="jazz")),
    ],
    ids=["later", "full", "farther", "price unknown", "ages unknown", "meaning", "none", "words"],
)
def test_what_speaks_against_an_event_costs_it_places(worse: Candidate, wish: Wish) -> None:
    """Each by itself, all else equal."""
    better = candidate("better", age_min=3, age_max=99)
    assert uids(rank([worse, better], wish, now=NOW)) == ["better", "worse"]


@pytest.mark.parametrize(
    ("met", "unmet", "wish"),
    [
        (
            candidate("1", title="Cinéma en plein air"),
            candidate("2", title="Cinéma"),
            Wish(setting="outdoor"),
        ),
        (
            candidate("1", title="Cinéma"),
            candidate("2", title="Cinéma en plein air"),
            Wish(setting="indoor"),
        ),
        (
            candidate("1", description="Visite en anglais."),
            candidate("2", description="Visite."),
            Wish(spoken_language="en"),
        ),
        (
            replace(candidate("1"), occurrence=occurrence(SATURDAY_EVENING, hours=0.75)),
            replace(candidate("2"), occurrence=occurrence(SATURDAY_EVENING, hours=2)),
            Wish(max_minutes=60),
        ),
    ],
)
def test_a_preference_nudges_and_leaves_nobody_out(
    met: Candidate, unmet: Candidate, wish: Wish
) -> None:
    """Few records say where, in which language or how long: silence is no reason to hide an event."""
    assert [one.event.uid for one in rank([unmet, met], wish, now=NOW)] == ["1", "2"]


def test_what_is_not_stated_comes_after_everything_that_is() -> None:
    """Whoever needs a lift or has no money sees first what is sure to suit them."""
    near_but_silent = candidate("silent", starts_in_days=0.1, price=Price())
    free = Price(kind=PriceKind.FREE, lowest=0, highest=0)
    late_but_sure = candidate("sure", starts_in_days=60, price=free)
    for order in ORDERS:
        found = rank([near_but_silent, late_but_sure], Wish(free=True, order=order), now=NOW)
        assert uids(found) == ["sure", "silent"]
        assert [one.is_sure for one in found] == [True, False]


def test_a_topic_learns_from_the_best_of_the_first_pass() -> None:
    """Of two that the topic likes alike, the one that resembles its best answers comes first."""
    alike, apart = np.array([1.0, 0.0]), np.array([0.0, 1.0])
    best = [replace(candidate(f"best-{n}"), vector=alike) for n in range(5)]
    stranger = replace(candidate("a-stranger"), vector=apart, similarity=0.80, word_score=0.5)
    cousin = replace(candidate("cousin"), vector=alike, similarity=0.80, word_score=0.5)
    found = uids(rank([stranger, cousin, *best], Wish(topic="jazz"), now=NOW))
    assert found[-2:] == ["cousin", "a-stranger"]


def test_distances_are_from_the_visitor_else_from_the_middle_of_the_circle() -> None:
    circle = Where(label="", near=Near(center=Coordinates(45.7838, 4.8604), radius_km=5))
    distances = [
        rank([candidate()], wish, now=NOW)[0].distance_km
        for wish in (Wish(where=circle, position=HERE), Wish(where=circle), Wish())
    ]
    assert distances == [pytest.approx(3.64, abs=0.05), 0, None]


@pytest.mark.parametrize(
    ("one", "wish", "said"),
    [
        (candidate(), Wish(), []),
        (candidate(), Wish(topic="jazz"), ["parle de ce que vous cherchez"]),
        (
            replace(candidate(), word_score=0.0, word_share=0.0),
            Wish(topic="jazz"),
            ["proche de ce que vous cherchez"],
        ),
        (candidate(), Wish(position=HERE), ["à 3,6 km"]),
        (candidate(), Wish(position=Coordinates(45.7838, 4.8605)), ["à 50 m"]),
        (candidate(price=Price(kind=PriceKind.FREE, lowest=0)), Wish(max_price=5), ["gratuit"]),
        (candidate(), Wish(max_price=10), ["dans votre budget"]),
        (candidate(price=Price()), Wish(max_price=10), ["prix non précisé"]),
        (candidate(), Wish(ages=(6,)), ["âges non précisés"]),
        (candidate(age_min=3), Wish(ages=(6,)), ["pour les âges demandés"]),
        (
            candidate(),
            Wish(accessibility=frozenset({Accessibility.MOTOR}), online=True),
            ["en ligne", "accessibilité non précisée"],
        ),
        (
            candidate(accessibility=frozenset({Accessibility.MOTOR})),
            Wish(accessibility=frozenset({Accessibility.MOTOR})),
            ["accessibilité annoncée"],
        ),
        (candidate(price=Price()), Wish(free=True), ["gratuité non précisée"]),
        (candidate(age_min=8), Wish(ages=(6, 10)), ["pas pour tous les âges demandés"]),
        (
            replace(candidate(), match=Match.PERHAPS),
            Wish(topic="jazz"),
            ["peut-être ce que vous cherchez"],
        ),
        (
            replace(candidate(), match=Match.NOTHING),
            Wish(topic="jazz"),
            ["autre chose que ce que vous cherchez"],
        ),
        (
            candidate(venue=replace(LYON, is_approximate=True)),
            Wish(where=Where(label="", near=Near(center=HERE, radius_km=9))),
            ["à 3,6 km", "position approximative"],
        ),
        (candidate(status=Status.FULL), Wish(), ["complet"]),
        (candidate(status=Status.RESCHEDULED), Wish(), ["programmation modifiée"]),
        (candidate(status=Status.CANCELLED), Wish(), ["annulé"]),
        (
            replace(candidate(), occurrence=occurrence(SATURDAY_EVENING, is_possible=True)),
            Wish(),
            ["dates à vérifier"],
        ),
        (
            replace(candidate(), occurrence=occurrence(SATURDAY_EVENING, is_day_known_only=True)),
            Wish(),
            ["horaires non précisés"],
        ),
    ],
)
def test_every_result_says_why_and_what_is_not_sure(
    one: Candidate, wish: Wish, said: list[str]
) -> None:
    """An answer without its doubts is a promise nobody made."""
    (found,) = rank([one], wish, now=NOW)
    assert [reason.fr for reason in found.reasons] == said
    assert all(reason.en and reason.code in ReasonCode for reason in found.reasons)
