"""Ways of speaking that hold whatever the month, the weekday or the number: each is tried with all of them, in both languages."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from puls.geo.gazetteer import Gazetteer
from puls.understanding.question import understand
from puls.understanding.wish import Wish

PARIS = ZoneInfo("Europe/Paris")
GAZETTEER = Gazetteer.load()
MONDAY = datetime(2026, 11, 16, 14, 30, tzinfo=PARIS)
MONTHS = (
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()
)
ENGLISH_MONTHS = (
    "January February March April May June July August September October November December".split()
)
WEEKDAYS = "lundi mardi mercredi jeudi vendredi samedi dimanche".split()
ENGLISH_WEEKDAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
FEASTS = "Noël Pâques carnaval Halloween".split()


def wish_of(text: str, now: datetime = MONDAY, *history: str) -> Wish:
    return understand(text, now=now, gazetteer=GAZETTEER, history=history).wish


def spans(wish: Wish) -> list[tuple[datetime, datetime]]:
    return [(each.start.astimezone(PARIS), each.end.astimezone(PARIS)) for each in wish.when]


@pytest.mark.parametrize(
    "text",
    [
        *(f"concert samedi à Lyon, je suis à la retraite depuis {month}" for month in MONTHS),
        *(
            f"concert in Lyon on Saturday, I have lived here since {month}"
            for month in ENGLISH_MONTHS
        ),
    ],
)
def test_since_when_something_holds_is_no_date_to_go_out(text: str) -> None:
    saturday = datetime(2026, 11, 21, tzinfo=PARIS)
    assert spans(wish_of(text)) == [(saturday, saturday + timedelta(days=1))]


@pytest.mark.parametrize("ahead", range(7))
@pytest.mark.parametrize(
    ("words", "weekdays"),
    [
        ("on est {}, une expo à Lille ?", WEEKDAYS),
        ("c'est {} et je m'ennuie à Lille", WEEKDAYS),
        ("nous sommes {}, que faire à Lille", WEEKDAYS),
        ("it's {}, what's open in Lille?", ENGLISH_WEEKDAYS),
    ],
)
def test_the_day_that_it_is_means_today(words: str, weekdays: list[str], ahead: int) -> None:
    """From noon on a weekday alone is that of next week; not when one says that it is today."""
    now = MONDAY + timedelta(days=ahead)
    midnight = now.replace(hour=0, minute=0) + timedelta(days=1)
    assert spans(wish_of(words.format(weekdays[ahead]), now)) == [(now, midnight)]


@pytest.mark.parametrize("month", range(1, 13))
@pytest.mark.parametrize(
    "words", ["concert à Lyon en {} ou le mois d'après", "concert à Lyon en {} ou le suivant"]
)
def test_a_month_or_the_next_is_both(words: str, month: int) -> None:
    found = spans(wish_of(words.format(MONTHS[month - 1])))
    assert (found[-1][1] - timedelta(days=1)).month == month % 12 + 1
    assert found[0][0].month == month


@pytest.mark.parametrize("month", range(1, 13))
@pytest.mark.parametrize(
    ("words", "weekdays", "months", "first", "last"),
    [
        ("un {0} de {1} mais après 20h, théâtre à Lyon", WEEKDAYS, MONTHS, 20, 0),
        ("n'importe quel {0} de {1}, mais pas avant 19h, théâtre à Lyon", WEEKDAYS, MONTHS, 19, 0),
        ("any {0} in {1} but after 8pm, theatre in Lyon", ENGLISH_WEEKDAYS, ENGLISH_MONTHS, 20, 0),
    ],
)
def test_hours_hold_for_every_day_of_a_month(  # noqa: PLR0917 - a row of the table
    words: str, weekdays: list[str], months: list[str], first: int, last: int, month: int
) -> None:
    for weekday in (1, 3, 5):
        found = spans(wish_of(words.format(weekdays[weekday], months[month - 1])))
        assert found
        for start, end in found:
            assert (start.weekday(), start.month, start.hour, end.hour) == (
                weekday,
                month,
                first,
                last,
            )


@pytest.mark.parametrize("feast", FEASTS)
@pytest.mark.parametrize(
    "words",
    ["que faire à Nancy samedi, pas de marché de {}", "samedi à Nancy, sauf le marché de {}"],
)
def test_the_market_of_a_feast_is_left_out_and_not_the_feast(words: str, feast: str) -> None:
    wish = wish_of(words.format(feast))
    assert len(wish.when) == 1
    assert wish.excluded_words


@pytest.mark.parametrize("people", range(2, 9))
@pytest.mark.parametrize(
    ("words", "each"),
    [
        ("on est {n} et on a {all} euros, sortie à Lyon", True),
        ("pour {n} on a {all} euros, sortie à Lyon", True),
        ("à {n} avec {all} euros, sortie à Lyon", True),
        ("there are {n} of us and we have {all} euros, Lyon", True),
        ("on est {n}, pas plus de {all} euros la place", False),
        ("on est {n}, {all} euros chacun au maximum", False),
    ],
)
def test_what_a_group_has_is_shared_and_the_price_of_a_seat_is_not(
    words: str, people: int, each: bool
) -> None:
    wish = wish_of(words.format(n=people, all=12 * people))
    assert wish.party_size == people
    assert wish.max_price == (12 if each else 12 * people)


@pytest.mark.parametrize("no", ["sans", "pas de", "aucun", "ni", "hors", "rien de", "jamais de"])
@pytest.mark.parametrize("thing", ["", "trucs ", "billets ", "entrées "])
def test_nothing_paid_is_free(no: str, thing: str) -> None:
    assert wish_of(f"sortie à Lyon samedi, {no} {thing}payants").free is True


@pytest.mark.parametrize("young", range(2, 9))
@pytest.mark.parametrize(
    ("words", "keeps"),
    [
        ("finalement il n'y aura que le grand", "old"),
        ("juste la petite en fait", "young"),
        ("sans le petit finalement", "old"),
        ("le grand ne vient pas", "young"),
        ("only the older one is coming", "old"),
        ("without the youngest", "old"),
    ],
)
def test_of_two_children_one_stays_at_home(words: str, keeps: str, young: int) -> None:
    wish = wish_of(
        words, MONDAY, f"spectacle à Lyon avec mes enfants de {young} et {young + 4} ans"
    )
    assert wish.ages == ((young + 4,) if keeps == "old" else (young,))


@pytest.mark.parametrize("day", WEEKDAYS)
@pytest.mark.parametrize(
    "words",
    [
        "{day} il y a ma belle-mère, {other} alors",
        "mince, {day} on garde les petits… bon, {other}",
        "{day} c'est le mariage de ma sœur, {other} du coup",
    ],
)
def test_a_day_on_which_something_else_is_told_makes_way(words: str, day: str) -> None:
    """Who tells why a day is taken names the day that is free after it."""
    other = WEEKDAYS[(WEEKDAYS.index(day) + 2) % 7]
    wish = wish_of(words.format(day=day, other=other), MONDAY, f"concert à Lyon {day}")
    assert [start.weekday() for start, _ in spans(wish)] == [WEEKDAYS.index(other)]


@pytest.mark.parametrize("name", ["le Finistère", "le Morbihan", "les Côtes-d'Armor"])
@pytest.mark.parametrize("words", ["retire {}", "enlève {}, c'est trop loin", "sans {}", "vire {}"])
def test_a_part_is_taken_out_of_an_area(words: str, name: str) -> None:
    """« retire le Finistère » leaves the rest of Brittany."""
    where = wish_of(words.format(name), MONDAY, "châteaux en Bretagne samedi").where
    assert where is not None
    assert where.label == "Bretagne"
    assert [each.label for each in where.excluded] == [name.split(" ")[1]]


@pytest.mark.parametrize("code", ["14", "24", "33", "44", "59", "67", "76", "83"])
@pytest.mark.parametrize("words", ["brocante {} dim matin", "concert {} samedi", "expo {} ce we"])
def test_a_number_between_a_theme_and_a_day_is_a_departement(words: str, code: str) -> None:
    """People type « brocante 33 dim »."""
    where = wish_of(words.format(code)).where
    assert where is not None
    assert where.department_codes == (code,)
