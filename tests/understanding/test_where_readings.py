"""Places are ambiguous: what was taken is said, the rest is offered, and venues never hijack a message."""

import time

import pytest
from tests.understanding.expressions import MOMENTS

from puls.geo.distance import Coordinates, great_circle_km
from puls.geo.gazetteer import Gazetteer
from puls.understanding.question import Understood, understand
from puls.understanding.where.addresses import address_in, address_where
from puls.understanding.where.venues import KnownVenue, VenueNames
from puls.understanding.wish import Where

GAZETTEER = Gazetteer.load()
NOW = MOMENTS["wednesday"]


def venue(  # noqa: PLR0917 - a table reads better without names
    name: str, city: str, code: str, lat: float, lon: float, events: int = 10
) -> KnownVenue:
    at = Coordinates(lat, lon)
    return KnownVenue(name=name, city=city, commune_code=code, coordinates=at, events=events)


SUCRE = venue("Le Sucre", "Lyon", "69123", 45.737, 4.815)
VENUES = VenueNames.of(
    [
        SUCRE,
        venue("Philharmonie de Paris", "Paris", "75056", 48.891, 2.394, events=900),
        venue("Le Trianon", "Paris", "75056", 48.883, 2.343, events=80),
        venue("Le Trianon", "Sotteville-lès-Rouen", "76681", 49.409, 1.09, events=40),
        venue("Théâtre de la Croix-Rousse", "Lyon", "69123", 45.779, 4.828),
        venue("Salle des fêtes", "Crest", "26108", 44.73, 5.02),
        venue("Salle des fêtes", "Die", "26113", 44.75, 5.37),
        venue("Salle des fêtes", "Saillans", "26289", 44.69, 5.19),
        venue("Bordeaux", "Bordeaux", "33063", 44.84, -0.58),
        venue("Jazz", "Lyon", "69123", 45.76, 4.83),
        venue("La Terrasse", "Nantes", "44109", 47.21, -1.55),
        venue("Le 106", "Rouen", "76540", 49.443, 1.07),
        venue("Médiathèque Jean Carmet", "Mourenx", "64410", 43.37, -0.62),
    ]
)


def read(text: str, **known: object) -> Understood:
    return understand(text, now=NOW, gazetteer=GAZETTEER, **known)  # type: ignore[arg-type] # a test's shorthand


def taken(text: str, **known: object) -> str | None:
    where = read(text, **known).wish.where
    return None if where is None else where.label


def test_a_homonym_is_taken_and_the_others_are_offered() -> None:
    understood = read("concert à Valence")
    (reading,) = understood.alternatives
    assert reading.words == "Valence"
    assert reading.taken == understood.wish.where
    assert [other.label for other in reading.others] == ["Valence (82)"]
    assert reading.others[0].commune_codes == ("82186",)
    (notice,) = understood.notices
    assert notice.code == "homonym"
    assert "Valence (26)" in notice.fr
    assert "Valence (82)" in notice.en


def test_a_town_and_a_departement_of_one_name_offer_each_other() -> None:
    (town,) = read("jazz à vienne").alternatives
    assert [other.department_codes for other in town.others] == [("86",)]
    (department,) = read("dans la Vienne").alternatives
    assert [other.commune_codes for other in department.others] == [("38544",)]


def test_a_name_that_means_one_place_offers_nothing() -> None:
    understood = read("concert à Lyon samedi")
    assert understood.alternatives == ()
    assert understood.notices == ()


def test_small_namesakes_are_offered_when_all_are_small() -> None:
    (reading,) = read("fête à Saint-Aubin").alternatives
    assert len(reading.others) >= 5


@pytest.mark.parametrize("label", ["Valence (82)", "Vienne (86)", "Lot (46)", "Valence (26)"])
def test_what_is_offered_can_be_said_again(label: str) -> None:
    """The page offers a reading as words."""
    understood = read(label)
    assert understood.wish.where is not None
    assert understood.alternatives == () or understood.wish.where.label == label


def test_an_area_without_limits_says_what_is_searched() -> None:
    (circle,) = read("dans le Vercors").notices
    assert (circle.code, "30 km" in circle.fr, "30 km" in circle.en) == (
        "approximate_area",
        True,
        True,
    )
    (quarter,) = read("expo à Montmartre").notices
    assert quarter.code == "approximate_area"
    assert "75018" in quarter.fr


@pytest.mark.parametrize(
    ("text", "code"),
    [("près de moi", "no_position"), ("à 20 minutes à pied", "no_position")],
)
def test_near_me_without_a_position_asks_for_one(text: str, code: str) -> None:
    understood = read(text)
    assert understood.wish.where is None
    assert [notice.code for notice in understood.notices] == [code]


@pytest.mark.parametrize(
    ("text", "label", "topic"),
    [
        ("concert au Sucre à Lyon", "Le Sucre, Lyon", "concert"),
        ("concert au sucre à lyon", "Le Sucre, Lyon", "concert"),
        ("concert au Sucre", "Le Sucre, Lyon", "concert"),
        ("atelier pain au sucre", None, "atelier pain au sucre"),
        ("le goût du sucre à Lyon", "Lyon", "goût du sucre"),
        ("à la Philharmonie", "Philharmonie de Paris, Paris", ""),
        ("à la philharmonie de paris", "Philharmonie de Paris, Paris", ""),
        ("concert au Trianon", "Le Trianon, Paris", "concert"),
        (
            "concert au Trianon à Sotteville-lès-Rouen",
            "Le Trianon, Sotteville-lès-Rouen",
            "concert",
        ),
        ("théâtre de la Croix-Rousse", "Théâtre de la Croix-Rousse, Lyon", ""),
        ("bal à la salle des fêtes de Die", "Salle des fêtes, Die", "bal"),
        ("bal à la salle des fêtes", None, "bal"),
        ("concert à Bordeaux", "Bordeaux", "concert"),
        ("jazz à Lyon", "Lyon", "jazz"),
        ("initiation au jazz à Lyon", "Lyon", "initiation au jazz"),
        ("un verre en terrasse à Nantes", "Nantes", "verre en terrasse"),
        ("concert au 106 à Rouen", "Le 106, Rouen", "concert"),
        ("médiathèque jean carmet", "Médiathèque Jean Carmet, Mourenx", ""),
    ],
)
def test_a_venue_is_found_by_name_when_it_is_meant(
    text: str, label: str | None, topic: str
) -> None:
    understood = read(text, venues=VENUES)
    where = understood.wish.where
    assert (where and where.label, understood.wish.topic) == (label, topic)
    if label and ", " in label:
        assert where is not None
        assert where.near is not None
        assert where.near.radius_km == 0.3


def test_venues_of_one_name_are_ranked_by_position_and_offered() -> None:
    in_rouen = Coordinates(49.44, 1.10)
    understood = read("concert au Trianon", venues=VENUES, position=in_rouen)
    (reading,) = understood.alternatives
    assert reading.taken.label == "Le Trianon, Sotteville-lès-Rouen"
    assert [other.label for other in reading.others] == ["Le Trianon, Paris"]


def test_without_venues_nothing_changes() -> None:
    assert taken("concert au Sucre à Lyon") == "Lyon"


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("concert près du 12 rue de la République à Lyon", "12 rue de la République à Lyon"),
        ("12 bis, avenue Foch 69006 Lyon ce soir", "12 bis, avenue Foch 69006 Lyon"),
        ("je suis au 3 place Bellecour, un concert ?", "3 place Bellecour"),
        ("expo vers 8 bd Voltaire Paris samedi", "8 bd Voltaire Paris"),
        ("j'habite 5 allée des Tilleuls à Nantes et je cherche un atelier", "5 allée des Tilleuls à Nantes"),
        ("réserver 2 places de concert", None),
        ("prendre 3 cours de danse", None),
        ("du 12 au 15 place Bellecour", "15 place Bellecour"),
        ("concert rue de Nantes", None),
    ],
)  # fmt: skip
def test_a_street_address_is_seen(text: str, address: str | None) -> None:
    assert address_in(text) == address


def test_a_located_address_becomes_a_circle_and_leaves_the_theme() -> None:
    words = "12 rue de la République à Lyon"
    place = Where(
        label="12 Rue de la République 69002 Lyon (1 km)",
        near=address_where_of(45.764, 4.836).near,
    )
    understood = read(f"concert près du {words}", addresses={words: place})
    assert understood.wish.topic == "concert"
    assert understood.wish.where is not None
    assert understood.wish.where.near is not None
    near = understood.wish.where.near
    assert great_circle_km(near.center, Coordinates(45.764, 4.836)) < 0.01
    assert near.radius_km == 2.0  # « près de » a building


def address_where_of(lat: float, lon: float) -> Where:
    from puls.geo.places import Address  # noqa: PLC0415 - only here

    return address_where(Address("12 Rue de la République", "69382", Coordinates(lat, lon)))


@pytest.mark.parametrize(
    "text",
    ["à Saint-Aubin-sur " * 600, "gif-sur-" * 1250, "Paris " * 1700, "à xyztown " * 1000, "le 11e ou " * 1000],
    ids=lambda text: text[:9],
)  # fmt: skip
def test_a_long_text_is_read_in_bounded_time(text: str) -> None:
    """Slips are looked for a bounded number of times; the limit is loose, machines differ."""
    started = time.perf_counter()
    understand(text[:10_000], now=NOW, gazetteer=GAZETTEER, venues=VENUES)
    assert time.perf_counter() - started < 0.5
