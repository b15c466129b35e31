"""« La 2e » must be the second that the visitor saw, « celle au musée » the one at the museum, whatever it is called."""

import pytest
from tests.conversation.materials import at, during, found, venue

from puls.catalogue.event import Category, Price, PriceKind
from puls.conversation.references import meant, share_said, telling_words

JAZZ = found(
    "jazz", "Nuit du jazz manouche", during(at(11, 28, 20), hours=3), category=Category.CONCERT,
    price=Price(kind=PriceKind.PAID, lowest=12, highest=12), venue=venue("Le Sucre"),
)  # fmt: skip
WALK = found(
    "walk", "Visite guidée des traboules", during(at(11, 28, 10)), category=Category.VISIT,
    price=Price(kind=PriceKind.FREE), venue=venue("Place des Terreaux"),
)  # fmt: skip
POTS = found(
    "pots", "Atelier poterie en famille", during(at(11, 29, 14), hours=2), category=Category.WORKSHOP,
    price=Price(kind=PriceKind.PAID, lowest=5, highest=5), venue=venue("Musée gallo-romain"),
)  # fmt: skip
MOZART = found(
    "mozart", "Orchestre de chambre : Mozart", during(at(11, 28, 18)), category=Category.CONCERT,
    price=Price(kind=PriceKind.PAID, lowest=25, highest=25), venue=venue("Auditorium"),
)  # fmt: skip
SHOWN = (JAZZ, WALK, POTS, MOZART)
EARLIER = (found("wax", "Exposition « Figures de cire »", during(at(11, 27, 10), hours=8)),)


def told(text: str, *, focus: tuple[str, ...] = (), compares: bool = False) -> list[str]:
    meaning = meant(text, SHOWN, earlier=EARLIER, focus=focus, compares=compares)
    return [one.event.uid for one in meaning.events]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("la 2e", ["walk"]),
        ("La deuxième, c'est où ?", ["walk"]),
        ("parle-moi du premier", ["jazz"]),
        ("le dernier", ["mozart"]),
        ("tell me about the third one", ["pots"]),
        ("numéro 4 stp", ["mozart"]),
        ("c'est combien l'atelier poterie ?", ["pots"]),
        ("les traboules, visite guidée : c'est accessible ?", ["walk"]),
        ("celle au musée, à quelle heure ?", ["pots"]),
        ("le 2e concert, c'est où ?", ["mozart"]),
        ("et Figures de cire, jusqu'à quand ?", ["wax"]),
        ("« Orchestre de chambre » c'est par qui, en famille ?", ["mozart"]),
        ("le concert du Sucre, c'est payant ?", ["jazz"]),
    ],
)
def test_an_event_is_named_by_rank_title_venue_or_kind(text: str, expected: list[str]) -> None:
    """An event of an earlier answer counts as well."""
    assert told(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("compare les deux premiers", ["jazz", "walk"]),
        ("compare the first two", ["jazz", "walk"]),
        ("compare la 1 et la 3", ["jazz", "pots"]),
        ("laquelle est la moins chère ?", ["walk"]),
        ("which one starts earliest?", ["walk"]),
        ("entre le jazz et Mozart, lequel finit le plus tard ?", ["jazz"]),
        ("lequel dure le plus longtemps ?", ["jazz"]),
        ("between the jazz and Mozart, which one ends first?", ["mozart"]),
        ("lequel finit le plus tard ?", ["pots"]),
        ("which one ends first?", ["walk"]),
        ("which one starts first?", ["walk"]),
        ("lequel commence en dernier ?", ["pots"]),
        ("quel est le premier à finir ?", ["walk"]),
        ("compare le jazz et Mozart", ["jazz", "mozart"]),
        ("la visite ou le jazz, lequel est le moins cher ?", ["walk"]),
    ],
)
def test_a_comparison_sets_several_side_by_side(text: str, expected: list[str]) -> None:
    assert told(text, compares=True) == expected


def test_without_a_hint_it_is_what_was_told_last() -> None:
    """« Et le tarif ? » after « la 2e » is about the second."""
    assert told("et le tarif ?", focus=("walk",)) == ["walk"]
    assert told("et le tarif ?") == ["jazz"]


def test_nothing_shown_means_nothing() -> None:
    assert meant("la 2e", ()).events == ()


def test_what_is_said_of_an_event_is_told_from_what_is_asked() -> None:
    """Only so can an event that was never shown be looked for by its title."""
    assert telling_words("la cathédrale, c'est combien ?") == "cathédrale"
    assert share_said("le jazz manouche, c'est où ?", JAZZ.event) == 1.0
    assert share_said("celle sur le Nicaragua, c'est combien ?", JAZZ.event) == 0.0
