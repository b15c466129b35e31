"""An answer that arrives in pieces is cut into the same sentences whatever the pieces."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from puls.conversation.telling.sentences import LONGEST, Sentences, sentences_of


def stripped(text: str) -> list[str]:
    return [one.strip() for one in sentences_of(text)]


@pytest.mark.parametrize(
    "sentences",
    [
        ["Ce soir à 20 h 30.", "C'est gratuit !", "Ça vous tente ?", "Oui."],
        ["Comptez 12,50 €.", "Dès 6 ans."],
        ["It costs 12.50 euros.", "Doors at 8 p.m. for all."],
        ["M. Durand et Mme. Petit jouent av. Jean Jaurès.", "Venez."],
        ["Voir https://example.org/a.b/c?d=1.2.", "Puis revenez."],
        ["[Le Titre. Suite](https://example.org/x.html) commence.", "Oui."],
        ["« Où aller ? Partout ! » est un spectacle.", "Il dure."],
        ["Il fait beau… mais froid.", "Bon…", "Sortons."],
        ["Le concert [1].", "L'expo. [2]", "Le film [3]."],
        ["L'expo. [1] [2]", "Le film."],
        ["1. Le concert des Ormes.", "2. L'expo."],
        ["Voici :", "- Un concert", "- Une expo"],
        ["Concert de J. S. Bach.", "À voir."],
        ["**Le Titre. Suite** est là.", "Oui."],
        ["Rendez-vous sam. 28 nov. à 20 h.", "À bientôt."],
        ["Concerts, expos, etc. à deux pas.", "Venez."],
    ],
)
def test_sentences_end_where_a_reader_ends_them(sentences: list[str]) -> None:
    """A number or a link cut in two could not be checked."""
    separator = "\n" if sentences[0].endswith((":", "Ormes.")) else " "
    assert stripped(separator.join(sentences)) == sentences


@given(st.text(alphabet="aB1 .!?…«»[]()*\n€,hM", max_size=80), st.integers(1, 7))
def test_nothing_is_lost_and_the_pieces_do_not_matter(text: str, size: int) -> None:
    """What is checked is what was written, however the model's tokens fall."""
    cutter = Sentences()
    pieces = [one for at in range(0, len(text), size) for one in cutter.feed(text[at : at + size])]
    pieces += cutter.end()
    assert "".join(pieces) == text
    assert pieces == sentences_of(text)


def test_a_sentence_is_given_as_soon_as_it_is_complete() -> None:
    """The first words must not wait for the last."""
    cutter = Sentences()
    assert list(cutter.feed("Ce soir à 20 h. L")) == ["Ce soir à 20 h. "]


def test_a_text_without_end_is_cut_all_the_same() -> None:
    """A stuck model must not fill the memory."""
    assert all(len(one) <= LONGEST for one in sentences_of("mot " * 1_000))
