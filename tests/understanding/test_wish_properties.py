"""What holds for every message: politeness, case and accents change no wish, a chip takes one field away, nothing fails."""

import unicodedata
from dataclasses import fields

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.understanding.expressions import MOMENTS

from puls.geo.gazetteer import Gazetteer
from puls.geo.names import fold
from puls.understanding.question import understand
from puls.understanding.saying.chips import chips_of, without
from puls.understanding.wish import Wish

GAZETTEER = Gazetteer.load()
WEDNESDAY = MOMENTS["wednesday"]
KINDS = st.sampled_from(
    ["concert de jazz", "expo photo", "atelier poterie", "spectacle de danse", "visite guidée"]
)
MANNERS = st.lists(
    st.sampled_from(
        [
            "gratuit",
            "à moins de 15 euros",
            "pour mes enfants de 4 et 7 ans",
            "en plein air",
            "en intérieur",
            "en anglais",
            "de moins d'une heure",
            "accessible en fauteuil roulant",
            "sauf jazz",
            "pour 4 personnes",
            "en ligne",
        ]
    ),
    max_size=3,
    unique=True,
)
PLACES = st.sampled_from(["", "à Lyon", "à Grenoble", "dans la Drôme"])
TIMES = st.sampled_from(["", "samedi", "demain soir", "ce week-end"])
REQUESTS = st.builds(
    lambda kind, manners, place, time: " ".join(filter(None, (kind, *manners, place, time))),
    KINDS,
    MANNERS,
    PLACES,
    TIMES,
)
GREETINGS = st.sampled_from(["Bonjour, ", "Salut ! ", "Coucou, je cherche un ", "Hello, ", ""])
THANKS = st.sampled_from([", merci d'avance", " s'il vous plaît", " svp merci !", " ?", ""])


def wish_of(text: str) -> Wish:
    return understand(text, now=WEDNESDAY, gazetteer=GAZETTEER).wish


def typed(wish: Wish) -> dict[str, object]:
    """The fields of a wish, its topic folded: the theme keeps the visitor's spelling."""
    values = {each.name: getattr(wish, each.name) for each in fields(Wish)}
    return values | {"topic": fold(wish.topic)}


def without_accents(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text)
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


@given(REQUESTS, GREETINGS, THANKS)
@settings(deadline=None, max_examples=60)
def test_politeness_changes_no_field(request: str, greeting: str, thanks: str) -> None:
    assert typed(wish_of(f"{greeting}{request}{thanks}")) == typed(wish_of(request))


@given(REQUESTS)
@settings(deadline=None, max_examples=60)
def test_case_and_accents_change_no_field(request: str) -> None:
    """People type on telephones."""
    meant = typed(wish_of(request))
    assert typed(wish_of(request.upper())) == meant
    assert typed(wish_of(without_accents(request.lower()))) == meant


@given(REQUESTS)
@settings(deadline=None, max_examples=60)
def test_removing_a_chip_resets_its_field_and_no_other(request: str) -> None:
    wish, blank = wish_of(request), Wish()
    chips = chips_of(wish)
    assert len({chip.field for chip in chips}) == len(chips)
    for chip in chips:
        smaller = without(wish, chip.field)
        changed = {
            each.name
            for each in fields(Wish)
            if getattr(smaller, each.name) != getattr(wish, each.name)
        }
        assert changed == {chip.field}
        assert getattr(smaller, chip.field) == getattr(blank, chip.field)


@given(st.text(max_size=10_000))
@settings(deadline=None, max_examples=60)
def test_no_text_fails(text: str) -> None:
    wish_of(text)
