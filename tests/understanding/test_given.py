"""What is given as values replaces the words, and says so when it makes no sense."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from puls.catalogue.event import Category, Interval
from puls.errors import InvalidInputError
from puls.geo.distance import Coordinates
from puls.geo.gazetteer import Gazetteer
from puls.understanding.given import Given, place_named, understand_given
from puls.understanding.wish import Wish

PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2026, 11, 27, 18, tzinfo=PARIS)
BELLECOUR = Coordinates(45.757, 4.832)


class Reader:
    """`understand_given` at a frozen moment; the wish it gives."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer

    def __call__(
        self, text: str, given: Given, *, without: tuple[str, ...] = (), near_position: bool = False
    ) -> Wish:
        return understand_given(
            text,
            given,
            now=NOW,
            gazetteer=self._gazetteer,
            timezone="Europe/Paris",
            without=without,
            near_position=near_position,
        ).wish


@pytest.fixture
def wish_of(gazetteer: Gazetteer) -> Reader:
    return Reader(gazetteer)


def test_nothing_given_leaves_all_to_the_words(wish_of: Reader) -> None:
    """A form with empty fields changes nothing."""
    wish = wish_of("concert gratuit à Lyon", Given())
    assert wish.free
    assert wish.where is not None
    assert wish.where.commune_codes == ("69123",)


def test_what_is_given_replaces_the_words_and_only_that(wish_of: Reader) -> None:
    """The place of the form, the price of the sentence."""
    wish = wish_of("expo gratuite à Lyon", Given(place="Nantes", categories=(Category.EXHIBITION,)))
    assert wish.free
    assert wish.where is not None
    assert wish.where.commune_codes == ("44109",)
    assert wish.categories == (Category.EXHIBITION,)


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("Lyon", {"69123"}),
        ("saint etienne", {"42218"}),
        ("69003", {"69003"}),
        ("Drôme", {"26"}),
        ("Bretagne", {"53"}),
        ("Paris 11e", {"75011"}),
    ],
)
def test_a_place_is_any_name_people_use(name: str, codes: set[str], gazetteer: Gazetteer) -> None:
    """One field for communes, postcodes, arrondissements, départements and régions."""
    where = place_named(name, gazetteer)
    found = (
        *where.commune_codes,
        *where.postcodes,
        *where.department_codes,
        *where.region_codes,
    )
    assert codes <= set(found)


def test_days_are_whole_and_intervals_half_open(wish_of: Reader) -> None:
    """Also on the day when clocks change: it has 25 hours."""
    (interval,) = wish_of("", Given(starts=date(2026, 10, 25), ends=date(2026, 10, 25))).when
    assert interval == Interval(
        datetime(2026, 10, 25, tzinfo=PARIS), datetime(2026, 10, 26, tzinfo=PARIS)
    )
    assert (interval.end.timestamp() - interval.start.timestamp()) == 25 * 3600


def test_a_radius_is_around_the_place_else_the_visitor_else_the_words(wish_of: Reader) -> None:
    """The nearest thing that was said to be a centre."""
    given = Given(place="Grenoble", radius_km=5, position=BELLECOUR)
    around_place = wish_of("concert", given).where
    around_visitor = wish_of("concert à Paris", Given(radius_km=5, position=BELLECOUR)).where
    around_words = wish_of("concert à Grenoble", Given(radius_km=5)).where
    around_district = wish_of("concert", Given(place="69003", radius_km=2)).where
    for where in (around_place, around_visitor, around_words, around_district):
        assert where is not None
        assert where.near is not None
        assert where.commune_codes == ()
    assert around_place is not None
    assert around_place.near is not None
    assert around_words is not None
    assert around_place.near == around_words.near
    assert around_visitor is not None
    assert around_visitor.near is not None
    assert around_visitor.near.center == BELLECOUR


@pytest.mark.parametrize(
    "given",
    [
        Given(radius_km=10),
        Given(place="Bretagne", radius_km=10),
        Given(place="Nullepartville-sur-Rien"),
        Given(starts=date(2026, 12, 2), ends=date(2026, 12, 1)),
        Given(ends=date(2020, 1, 1)),
    ],
)
def test_what_makes_no_sense_is_refused_in_a_sentence(wish_of: Reader, given: Given) -> None:
    """Silently ignoring a filter shows events that do not fit."""
    with pytest.raises(InvalidInputError, match=r"\.$"):
        wish_of("concert", given)


def test_a_field_that_is_removed_stays_removed(wish_of: Reader) -> None:
    """The cross on a chip beats the words, the form and the visitor's position."""
    given = Given(position=BELLECOUR)
    assert wish_of("concert ce soir à Lyon", given, without=("when", "where")) == Wish(
        topic="concert", position=BELLECOUR
    )
    assert wish_of("concert", given, near_position=True).where is not None
    assert wish_of("concert", given, near_position=True, without=("where",)).where is None
    assert wish_of("concert", given, without=("position", "no such field")).position == BELLECOUR


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("concert ce week-end", "Valence"),
        ("concert à Lyon", "Lyon"),
        ("un concert n'importe où", None),
        ("un concert en ligne", None),
        ("bonjour", None),
    ],
)
def test_a_usual_place_counts_when_no_place_is_spoken_of(
    wish_of: Reader, text: str, place: str | None
) -> None:
    """A town's own site means its town, until its visitor means another."""
    where = wish_of(text, Given(usual_place="Valence")).where
    assert (where and where.label.split(" (")[0]) == place


def test_a_position_counts_before_a_usual_place(wish_of: Reader) -> None:
    """Where the visitor is tells more than where the site is."""
    given = Given(usual_place="Valence", position=BELLECOUR)
    where = wish_of("concert ce soir", given, near_position=True).where
    assert where is not None
    assert where.near is not None
    assert where.near.center == BELLECOUR
