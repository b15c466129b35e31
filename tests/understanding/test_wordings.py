"""Ways of speaking times what is spoken of: a wording that works for one thing works for all."""

import itertools
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from puls.geo.distance import Coordinates
from puls.geo.gazetteer import Gazetteer
from puls.understanding.question import Understood, understand

GAZETTEER = Gazetteer.load()
NOW = datetime(2026, 11, 18, 10, tzinfo=ZoneInfo("Europe/Paris"))
NANTES = Coordinates(47.22, -1.55)

REFUSALS = (
    "un truc samedi à Brest, sauf {}",
    "un truc samedi à Brest mais pas de {}",
    "samedi à Brest, hors {}",
    "samedi à Brest, {} non merci",
    "samedi à Brest, {} très peu pour moi",
    "samedi à Brest, {} surtout pas",
    "je déteste le {}, une idée samedi à Brest",
    "on n'aime pas le {}, une idée samedi à Brest",
    "pas envie de {} samedi à Brest",
    "samedi à Brest, sauf si c'est du {}",
    "samedi à Brest, ni {} ni loto",
    "samedi à Brest, rien sur le {}",
)
REFUSALS_IN_ENGLISH = (
    "something in Brest on Saturday, anything but {}",
    "something in Brest on Saturday, no {} please",
    "Brest on Saturday, not {}",
    "we don't like {}, an idea in Brest on Saturday",
    "I hate {}, an idea in Brest on Saturday",
    "Brest on Saturday, {} is not for me",
)
THINGS = ("rap", "karaoké", "rugby", "tango")
DEPARTMENTS = (("72", "49"), ("34", "30"), ("44", "85"), ("59", "62"), ("83", "06"), ("2a", "2b"))
LISTS = (
    "un loto samedi {} ou {}",
    "un loto {}/{} samedi",
    "dans le {} ou le {} un loto",
    "un loto dans le {} et le {}",
)
TOWNS = (("Tours", "Tulle", "19272"), ("Oloron", "Oyonnax", "01283"), ("Lens", "Reims", "51454"))
CORRECTIONS = (
    "je parlais de {new}, pas de {old}",
    "non pas {old}, {new}",
    "c'est pas {old} c'est {new}",
    "{new} pas {old}",
    "je voulais dire {new}, pas {old}",
    "pas {old} mais {new}",
    "I meant {new}, not {old}",
)


def _understood(text: str, *before: str, position: Coordinates | None = None) -> Understood:
    return understand(text, now=NOW, gazetteer=GAZETTEER, position=position, history=before)


@pytest.mark.parametrize(
    ("wording", "thing"),
    list(itertools.product((*REFUSALS, *REFUSALS_IN_ENGLISH), THINGS)),
)
def test_what_is_refused_is_left_out_and_no_theme(wording: str, thing: str) -> None:
    """« très peu pour moi » about tango must not find tango."""
    wish = _understood(wording.format(thing)).wish
    folded = thing.replace("é", "e")
    assert any(folded in word for word in wish.excluded_words), wish
    assert folded not in wish.topic.lower().replace("é", "e")
    assert wish.where is not None
    assert wish.where.commune_codes == ("29019",)


@pytest.mark.parametrize("thing", THINGS)
@pytest.mark.parametrize(
    "wording", ["il n'aime rien sauf le {}, Brest samedi", "rien d'autre que du {} à Brest"]
)
def test_nothing_but_a_thing_asks_for_it(wording: str, thing: str) -> None:
    wish = _understood(wording.format(thing)).wish
    assert thing in wish.topic
    assert not wish.excluded_words


@pytest.mark.parametrize(
    "text",
    [
        "concert à Lyon, pas de ticket à plus de 15",
        "feu d'artifice à Annecy sans trop marcher",
        "bal à Paris le 13 au soir, sans entrée payante",
        "concert in Lyon, free would be best but not a must",
        "no I don't want to be outdoors, a concert in Lyon",
        "concert à Lyon, pas forcément samedi",
        "un concert à Lyon sans trop de monde",
    ],
)
def test_words_that_say_how_leave_nothing_out(text: str) -> None:
    """A concert whose description says « entrée » would be hidden."""
    wish = _understood(text).wish
    assert not wish.excluded_words
    assert not wish.excluded_categories


@pytest.mark.parametrize(("wording", "codes"), list(itertools.product(LISTS, DEPARTMENTS)))
def test_departments_are_listed_by_number(wording: str, codes: tuple[str, str]) -> None:
    where = _understood(wording.format(*codes)).wish.where
    assert where is not None
    assert sorted(where.department_codes) == sorted(code.upper() for code in codes)


@pytest.mark.parametrize(
    "text",
    [
        "concert années 80 et 90 à Lyon",
        "un spectacle à Lyon les 30 et 31 décembre",
        "on est 40 ou 45, une salle à Lyon",
        "concert à Lyon, 30 ou 40 euros",
        "sortie à Lyon pour deux ados 13 et 16",
        "randonnée de 40 ou 50 km près de Lyon",
    ],
)
def test_other_numbers_are_no_departments(text: str) -> None:
    where = _understood(text).wish.where
    assert where is not None
    assert not where.department_codes


@pytest.mark.parametrize(("wording", "towns"), list(itertools.product(CORRECTIONS, TOWNS)))
def test_a_corrected_town_takes_the_place_of_the_other(
    wording: str, towns: tuple[str, str, str]
) -> None:
    old, new, code = towns
    where = _understood(wording.format(old=old, new=new), f"concert à {old} samedi").wish.where
    assert where is not None
    assert where.commune_codes == (code,)
    assert not where.excluded


@pytest.mark.parametrize(
    ("words", "km"),
    [
        ("à pied", 2.0),
        ("accessible à pied", 2.0),
        ("within walking distance", 2.0),
        ("tout près", 5.0),
        ("à deux pas", 5.0),
        ("pas trop loin", 12.0),
    ],
)
def test_within_reach_is_a_circle_around_the_visitor(words: str, km: float) -> None:
    where = _understood(f"un concert ce soir, {words}", position=NANTES).wish.where
    assert where is not None
    assert where.around_visitor_km == km


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("ma grand-mère entend {}mal, une sortie à Niort", {"hi"}),
        ("mon père voit {}mal, une sortie à Niort", {"vi"}),
        ("ma nièce est en béquilles et marche {}mal, une sortie à Niort", set[str]()),
    ],
)
@pytest.mark.parametrize("how", ["", "très ", "vraiment ", "assez "])
def test_what_somebody_can_is_told_in_plain_words(text: str, codes: set[str], how: str) -> None:
    wish = _understood(text.format(how)).wish
    assert {str(code) for code in wish.accessibility} == codes
    assert not wish.topic
