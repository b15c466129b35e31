"""« La 2e » must be the second that the visitor saw, whatever it is called."""

import pytest

from puls.conversation.references import meant

SHOWN = (
    "Nuit du jazz manouche",
    "Visite guidée des traboules",
    "Atelier poterie en famille",
    "Orchestre de chambre : Mozart",
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("la 2e", (1,)),
        ("La deuxième, c'est où ?", (1,)),
        ("parle-moi du premier", (0,)),
        ("le dernier", (3,)),
        ("tell me about the third one", (2,)),
        ("compare les deux premiers", (0, 1)),
        ("compare the first two", (0, 1)),
        ("compare la 1 et la 3", (0, 2)),
        ("la 3 ou la 1 ?", (2, 0)),
        ("numéro 4 stp", (3,)),
        ("c'est combien l'atelier poterie ?", (2,)),
        ("les traboules, visite guidée : c'est accessible ?", (1,)),
        ("lequel des deux est le moins cher ?", (0, 1)),
        ("les deux sont gratuits ?", (0, 1)),
        ("la 9e", (0,)),
    ],
)
def test_a_reference_is_a_position_in_what_was_shown(text: str, expected: tuple[int, ...]) -> None:
    assert meant(text, SHOWN) == expected


def test_without_a_hint_it_is_what_the_last_turn_was_about() -> None:
    """« Et le tarif ? » after « la 2e » is about the second."""
    assert meant("et le tarif ?", SHOWN, cited_before=(1,)) == (1,)
    assert meant("et le tarif ?", SHOWN) == (0,)


def test_nothing_shown_means_nothing() -> None:
    assert meant("la 2e", ()) == ()
