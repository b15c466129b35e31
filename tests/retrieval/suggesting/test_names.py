"""Names found by the beginnings of their words, as people type them."""

import time

import pytest

from puls.retrieval.suggesting.names import Name, Names

NAMES = Names.of(
    [
        Name(kind="town", name="Grenoble", key="38185", beside="Isère", events=90),
        Name(kind="town", name="Lille", key="59350", beside="Nord", events=80),
        Name(kind="town", name="Lillers", key="62516", beside="Pas-de-Calais", events=4),
        Name(kind="town", name="Saint-Étienne", key="42218", beside="Loire", events=60),
        Name(kind="town", name="Lyon", key="69123", beside="Rhône", events=300),
        Name(kind="kind", name="Concert", key="concert"),
        Name(kind="kind", name="Exposition", key="exhibition"),
        Name(kind="venue", name="Le Périscope", key="69123", beside="Lyon", events=12),
        Name(kind="event", name="Jazz à Vienne", key="1", beside="Vienne", events=1),
        Name(kind="event", name="Quartet Marignier : jazz manouche", key="2", beside="Grenoble"),
        Name(kind="event", name="Le Lac des cygnes", key="3", beside="Lyon"),
    ]
)


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("gren", "Grenoble"),
        ("grenobel", "Grenoble"),
        ("grenobe", "Grenoble"),
        ("saint et", "Saint-Étienne"),
        ("SAINT-ETIENNE", "Saint-Étienne"),
        ("lil", "Lille"),
        ("lyno", "Lyon"),
        ("peris", "Le Périscope"),
        ("periscoop", "Le Périscope"),
        ("jazz vi", "Jazz à Vienne"),
        ("manouche jazz", "Quartet Marignier : jazz manouche"),
        ("qartet", "Quartet Marignier : jazz manouche"),
        ("marigni", "Quartet Marignier : jazz manouche"),
        ("conc", "Concert"),
        ("expsition", "Exposition"),
        ("cygne", "Le Lac des cygnes"),
    ],
)
def test_the_beginning_of_a_name_is_enough_and_a_slip_is_forgiven(typed: str, first: str) -> None:
    """Nobody types a whole name on a phone, and few without a mistake."""
    assert NAMES.like(typed)[0].name == first


@pytest.mark.parametrize("typed", ["", " ", "?", "zz", "🎷", "qwrtp", "\x00", "a" * 10_000])
def test_nothing_is_made_up(typed: str) -> None:
    """Letters that begin no name suggest none."""
    assert NAMES.like(typed) == []


def test_only_towns_where_a_town_is_asked_for() -> None:
    """The box for a town takes no concert."""
    found = NAMES.like("l", kinds=frozenset({"town"}))
    assert [each.name for each in found] == ["Lyon", "Lille", "Lillers"]


def test_no_kind_crowds_out_the_others() -> None:
    """A hundred concerts called « Lyon … » leave room for the town."""
    events = [Name(kind="event", name=f"Lyon jazz {n}", key=str(n), events=9) for n in range(100)]
    names = Names.of([*events, Name(kind="town", name="Lyon", key="69123", events=1)])
    found = names.like("lyon", limit=6)
    assert found[0].kind == "town"
    assert len(found) == 6


def test_forty_thousand_names_are_searched_while_one_types() -> None:
    """A word that begins thousands of names and one that begins none are the slowest; some 10 ms on a quiet machine."""
    many = [
        Name(kind="event", name=f"Le concert {n % 977} des {n}", key=str(n)) for n in range(40_000)
    ]
    names = Names.of(many)
    for typed in ("le", "le concert", "conzert", "le conserttt 12"):
        began = time.perf_counter()
        names.like(typed)
        assert time.perf_counter() - began < 0.2, typed
