"""`/recherche`, read as a browser without JavaScript reads it: a search is an address that lasts."""

from collections.abc import AsyncIterator
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from selectolax.lexbor import LexborHTMLParser, LexborNode
from tests.serving import (
    NOW,
    SATURDAY_EVENING,
    an_event,
    app_over,
    occurrence,
    puls_over,
    save,
    visiting,
)

from puls.catalogue.event import Accessibility, Price, PriceKind, Venue
from puls.database import Database
from puls.geo.distance import Coordinates
from puls.geo.gazetteer import Gazetteer

pytestmark = pytest.mark.database
FREE = Price(kind=PriceKind.FREE, lowest=0, highest=0)
CREST = Venue(
    key="crest", name="Espace Liberté", city="Crest", commune_code="26108", department_code="26",
    region_code="84", coordinates=Coordinates(44.7286, 5.0222),
)  # fmt: skip


@pytest.fixture
async def client(database: Database, gazetteer: Gazetteer) -> AsyncIterator[httpx.AsyncClient]:
    await save(
        database,
        [
            *(
                an_event(
                    f"jazz-{number}",
                    title=f"Concert de jazz numéro {number}",
                    occurrences=(occurrence(SATURDAY_EVENING + timedelta(minutes=number)),),
                )
                for number in range(1, 27)
            ),
            an_event("free", title="Concert de quartier", price=FREE),
            an_event(
                "tonight",
                title="Concert du vendredi",
                occurrences=(occurrence(NOW + timedelta(hours=2)),),
                accessibility=frozenset({Accessibility.MOTOR}),
            ),
            an_event("crest", title="Concert à Crest", venue=CREST),
        ],
    )
    async with visiting(app_over(puls_over(database, gazetteer))) as http:
        yield http


async def read(client: httpx.AsyncClient, address: str) -> LexborHTMLParser:
    response = await client.get(address)
    assert response.status_code == 200, address
    return LexborHTMLParser(response.text)


def words(node: LexborHTMLParser | LexborNode | None) -> str:
    assert node is not None
    root = node.body if isinstance(node, LexborHTMLParser) else node
    assert root is not None
    return " ".join(root.text(separator=" ").replace("\N{NO-BREAK SPACE}", " ").split())


def titles(page: LexborHTMLParser) -> list[str]:
    return [words(each) for each in page.css(".card h3")]


def quick(page: LexborHTMLParser, name: str) -> LexborNode:
    filter_ = page.css_first(f"[data-quick='{name}']")
    assert filter_ is not None, name
    return filter_


async def test_words_and_values_of_an_address_are_one_search(client: httpx.AsyncClient) -> None:
    """A friend who opens it sees the same list."""
    page = await read(client, "/recherche?q=concert&lieu=Crest&du=2026-11-28&au=2026-11-29")
    assert titles(page) == ["Concert à Crest"]
    chips = [words(each) for each in page.css(".chip-words")]
    assert chips == ["concert", "sam. 28 nov. → dim. 29 nov.", "Crest"]
    assert words(page.css_first(".summary")) == "1 sortie."


async def test_a_quick_filter_is_one_tap_and_says_what_it_leaves(client: httpx.AsyncClient) -> None:
    """Its count is what its page then finds; a second tap takes it back."""
    page = await read(client, "/recherche?q=concert&lieu=Lyon")
    for name in ("free", "tonight", "wheelchair"):
        one = quick(page, name)
        left = await read(client, one.attributes["href"] or "")
        assert words(one.css_first(".quick-count")) == "1", name
        assert words(left.css_first(".summary")).startswith("1 sortie"), name
        back = quick(left, name)
        assert back.attributes["aria-current"] == "true"
        again = await read(client, back.attributes["href"] or "")
        assert len(titles(again)) == len(titles(page))


async def test_evening_and_weekend_are_days_in_the_address(client: httpx.AsyncClient) -> None:
    """« Ce soir » shared tonight must not mean tomorrow night tomorrow."""
    page = await read(client, "/recherche?q=concert")
    asked = parse_qs(urlsplit(quick(page, "tonight").attributes["href"] or "").query)
    assert (asked["du"], asked["au"], asked["moment"]) == (["2026-11-27"], ["2026-11-27"], ["soir"])
    asked = parse_qs(urlsplit(quick(page, "weekend").attributes["href"] or "").query)
    assert (asked["du"], asked["au"]) == (["2026-11-28"], ["2026-11-29"])


async def test_more_goes_on_where_the_list_ended(client: httpx.AsyncClient) -> None:
    """The first twelve stay the first twelve, and the link leads to the thirteenth."""
    first = await read(client, "/recherche?q=concert+de+jazz&lieu=Lyon&tri=date")
    more = first.css_first(".more a")
    assert more is not None
    address = more.attributes["href"] or ""
    assert address.endswith("#sortie-13")
    second = await read(client, address)
    assert titles(second)[:12] == titles(first)
    assert len(titles(second)) == 24
    assert second.css_first("#sortie-13 .card") is not None


async def test_it_is_sorted_as_its_address_says(client: httpx.AsyncClient) -> None:
    """The order is a link, the one in use is marked, and the rest of the search stays."""
    page = await read(client, "/recherche?q=concert&lieu=Lyon")
    orders = {words(each): each for each in page.css(".orders a")}
    assert orders.keys() == {"pertinence", "date", "prix"}
    cheapest = await read(client, orders["prix"].attributes["href"] or "")
    assert titles(cheapest)[0] == "Concert de quartier"
    assert words(cheapest.css_first(".orders [aria-current]")) == "prix"
    near = await read(client, "/recherche?q=concert&lat=45.76&lon=4.83&tri=distance")
    assert "distance" in words(near.css_first(".orders"))


async def test_what_is_taken_away_stays_away_until_it_is_said_again(
    client: httpx.AsyncClient,
) -> None:
    """A chip is a link; a value typed afterwards is a value again."""
    page = await read(client, "/recherche?q=concert+ce+soir+à+Crest")
    assert titles(page) == []
    away = {words(chip.css_first("span")): chip.css_first("a") for chip in page.css(".chip")}
    (tonight,) = [link for said, link in away.items() if "27" in said and link]
    without = await read(client, tonight.attributes["href"] or "")
    assert titles(without) == ["Concert à Crest"]
    dated = await read(client, f"{tonight.attributes['href']}&du=2026-11-28")
    assert any("28 nov." in words(chip) for chip in dated.css(".chip"))


async def test_what_cannot_be_read_is_said_at_its_field_and_kept(client: httpx.AsyncClient) -> None:
    """Nothing that was typed is lost, and nothing else of the search is."""
    page = await read(
        client,
        "/recherche?q=concert&lieu=Zorgville&prix=beaucoup&du=2026-12-05&au=2026-12-01&age=4+x",
    )
    kept = {
        field.attributes["name"]: field.attributes["value"]
        for field in page.css("[aria-invalid='true']")
    }
    assert kept == {"lieu": "Zorgville", "prix": "beaucoup", "au": "2026-12-01", "age": "x"}
    assert "Zorgville" in words(page.css_first("#wrong-lieu"))
    assert page.css_first("details.seek-more[open]") is not None
    assert page.css_first("input[name='q'][value='concert']") is not None


@pytest.mark.parametrize(
    "query",
    ["lat=nan&lon=1", "lat=95&lon=1", "page=-3", "page=1e9", "zone=1,2", "zone=x", "du=9999-99-99", "tri=moi",
     "genre=none", "rayon=5", "age=1e400", "sans=%00", "acces=zz", "moment=midi", "q=" + "a" * 2500],
)  # fmt: skip
async def test_no_address_is_an_error(client: httpx.AsyncClient, query: str) -> None:
    """Links are cut, edited and guessed."""
    await read(client, f"/recherche?{query}")


async def test_dates_that_are_over_are_said_and_moved_on(client: httpx.AsyncClient) -> None:
    """A bookmark of last month."""
    page = await read(client, "/recherche?q=concert&lieu=Lyon&du=2026-10-03&au=2026-10-04")
    notice = page.css_first(".notice")
    assert "Ces dates sont passées." in words(notice)
    assert notice is not None
    link = notice.css_first("a")
    assert link is not None
    assert titles(await read(client, link.attributes["href"] or ""))


async def test_the_other_language_is_the_same_search(client: httpx.AsyncClient) -> None:
    """A link passed on to somebody who reads English."""
    page = await read(client, "/recherche?q=concert&lieu=Lyon&gratuit=1")
    link = page.css_first("[data-language]")
    assert link is not None
    english = await read(client, link.attributes["href"] or "")
    assert titles(english) == titles(page)
    assert "free" in words(english.css_first(".chips"))
