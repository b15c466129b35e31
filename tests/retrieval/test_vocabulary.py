"""Mending slips with the catalogue's own words, and saying things as organisers say them."""

import pytest
from tests.serving import an_event, save

from puls.database import Database
from puls.retrieval.vocabulary import Correction, Vocabulary, expansions_of


@pytest.fixture
async def vocabulary(database: Database) -> Vocabulary:
    await save(
        database,
        [
            an_event("1", title="Guitares flamenco et castagnettes"),
            an_event("2", title="Flamenca", description="Une parade de percussionnistes."),
            an_event("3", title="Soirée flamenco"),
            an_event("4", title="Kérouac", description="Lecture musicale."),
        ],
    )
    return Vocabulary(database)


@pytest.mark.database
@pytest.mark.parametrize(
    ("typed", "understood"),
    [
        ("flamneco", "flamenco"),  # two letters swapped are one slip
        ("Flamenço", None),  # accents are no slips
        ("flamencx", "flamenco"),  # as near to « flamenca », which fewer events hold
        ("castaniete", None),  # three slips
        ("castaniettes", "castagnettes"),  # two slips in a long word
        ("guitare", None),  # its stem is known
        ("xlamenco", None),  # a slip spares the first letter
        ("kerouak", "kerouac"),
        ("flam", None),  # short words have too many neighbours
        ("pradae", None),  # words of texts alone are known, never offered
        ("transbordeuse", "transbordeur"),
        ("villurbanne", None),
    ],
)
async def test_a_word_that_nothing_holds_is_mended_by_the_nearest_known_one(
    vocabulary: Vocabulary, typed: str, understood: str | None
) -> None:
    """Too eager a correction is worse than none: it answers another question."""
    corrections = await vocabulary.corrections(f"soirée {typed}")
    expected = [Correction(typed=typed, understood=understood)] if understood else []
    assert corrections == expected


@pytest.mark.database
async def test_what_people_call_an_outing_is_never_a_slip(vocabulary: Vocabulary) -> None:
    """« brocante » may be absent from a small catalogue; it is not a mistyped « broyante »."""
    assert await vocabulary.corrections("brocante vide grenier ornithologie") == []


@pytest.mark.database
async def test_an_empty_catalogue_corrects_nobody(database: Database) -> None:
    assert await Vocabulary(database).corrections("flamneco") == []


@pytest.mark.parametrize(
    ("topic", "also"),
    [
        ("jazz", "swing"),
        ("du JAZZ manouche", "django"),
        ("théâtre", "piece"),
        ("jeux de société", "ludotheque"),
        ("vélo", "bicyclette"),
    ],
)
def test_a_topic_is_also_searched_with_what_else_it_is_called(topic: str, also: str) -> None:
    """Organisers and visitors rarely choose the same word; accents and case play no part."""
    assert any(also in words for words in expansions_of(topic))


@pytest.mark.parametrize("topic", ["", "loupe", "parachutisme", "jazzy", "société"])
def test_parts_of_words_and_of_phrases_expand_to_nothing(topic: str) -> None:
    """A magnifying glass is not a wolf."""
    assert expansions_of(topic) == []


def test_what_was_said_is_not_said_again() -> None:
    """The visitor's own words weigh more than the thesaurus'; a repeat would weigh them twice."""
    for words in expansions_of("marché de noël"):
        assert "marche de noel" not in words
        assert "noel" not in words.split()
