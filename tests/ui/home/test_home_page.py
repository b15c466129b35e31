"""Home without JavaScript: the shelves of a town, which the browser remembers; and names while one types."""

from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest
from selectolax.lexbor import LexborHTMLParser, LexborNode
from tests.serving import (
    NOW,
    an_event,
    app_over,
    occurrence,
    puls_over,
    save,
    visiting,
)

from puls.catalogue.event import Attribution, Price, PriceKind, Venue
from puls.database import Database
from puls.geo.distance import Coordinates
from puls.geo.gazetteer import Gazetteer
from puls.ingestion.sample import SAMPLE_MARK

pytestmark = pytest.mark.database
CREST = Venue(
    key="crest", name="Espace Liberté", city="Crest", commune_code="26108", department_code="26",
    region_code="84", coordinates=Coordinates(44.7286, 5.0222),
)  # fmt: skip
TONIGHT = (occurrence(NOW + timedelta(hours=2)),)
FREE = Price(kind=PriceKind.FREE, lowest=0, highest=0)


@pytest.fixture
async def client(database: Database, gazetteer: Gazetteer) -> AsyncIterator[httpx.AsyncClient]:
    await save(
        database,
        [
            *(an_event(f"lyon-{n}", title=f"Soirée numéro {n}") for n in range(14)),
            an_event("tonight", title="Quartet de ce soir", occurrences=TONIGHT),
            an_event("free", title="Bal de la Saint-Éloi", price=FREE),
            an_event("crest", title="Contes à Crest", venue=CREST, occurrences=TONIGHT),
        ],
    )
    async with visiting(app_over(puls_over(database, gazetteer))) as http:
        yield http


def words(node: LexborHTMLParser | LexborNode | None) -> str:
    assert node is not None
    root = node.body if isinstance(node, LexborHTMLParser) else node
    assert root is not None
    return " ".join(root.text(separator=" ").replace("\N{NO-BREAK SPACE}", " ").split())


def shelf(page: LexborHTMLParser, name: str) -> list[str]:
    return [words(title) for title in page.css(f"[data-shelf='{name}'] h3")]


async def home(client: httpx.AsyncClient, address: str = "/") -> LexborHTMLParser:
    response = await client.get(address, follow_redirects=True)
    assert response.status_code == 200
    return LexborHTMLParser(response.text)


async def test_without_a_town_all_of_france_is_shown_and_the_town_asked_once(
    client: httpx.AsyncClient,
) -> None:
    """Something to do before anything is known."""
    page = await home(client)
    assert set(shelf(page, "tonight")) == {"Quartet de ce soir", "Contes à Crest"}
    assert page.css_first(".town-choice[open]") is not None
    assert "17 sorties à venir" in words(page.css_first(".standing"))


async def test_a_chosen_town_is_remembered_by_name_alone(client: httpx.AsyncClient) -> None:
    """Its shelves and examples; the cookie holds a commune's code."""
    page = await home(client, "/?ville=lyon 3e")
    assert client.cookies["puls_ville"] == "69123"
    assert shelf(page, "tonight") == ["Quartet de ce soir"]
    assert shelf(page, "free") == ["Bal de la Saint-Éloi"]
    assert all("Lyon" in words(example) for example in page.css(".examples a"))
    count = page.css_first("[data-shelf='weekend'] .shelf-count")
    assert words(count) == "(15)"
    assert shelf(await home(client), "tonight") == ["Quartet de ce soir"]
    await home(client, "/?ville=")
    assert "puls_ville" not in client.cookies


async def test_what_a_shelf_counts_is_what_it_leads_to(client: httpx.AsyncClient) -> None:
    """« Tout voir (15) » shows fifteen."""
    page = await home(client, "/?ville=Lyon")
    link = page.css_first("[data-shelf='weekend'] .shelf-head a")
    assert link is not None
    listed = await home(client, link.attributes["href"] or "")
    assert words(listed.css_first(".summary")).startswith("15 sorties")


async def test_a_small_town_is_looked_at_with_what_lies_around(client: httpx.AsyncClient) -> None:
    """Crest has one event of its own: what is near is said to be around it."""
    page = await home(client, "/?ville=Crest")
    assert shelf(page, "tonight") == ["Contes à Crest"]
    assert "autour de Crest (60 km)" in words(page.css_first(".shelf-place"))


@pytest.mark.parametrize("name", ["Zorgville", "Rhône-Alpes", "x" * 3000, "<b>", "%00"])
async def test_no_name_breaks_home(client: httpx.AsyncClient, name: str) -> None:
    """What is no commune is said at its box."""
    response = await client.get("/", params={"ville": name})
    assert response.status_code == 200
    page = LexborHTMLParser(response.text)
    assert words(page.css_first("#wrong-town"))
    assert not page.css("#wrong-town b")


async def test_a_cookie_that_names_no_commune_is_no_town(client: httpx.AsyncClient) -> None:
    client.cookies.set("puls_ville", "99999; DROP")
    assert shelf(await home(client), "tonight")


async def test_a_position_gives_the_town_around_it(client: httpx.AsyncClient) -> None:
    """Sent once; the answer and the cookie hold the town alone."""
    answer = await client.post("/ville", json={"lat": 45.7601, "lon": 4.8402})
    assert answer.json() == {"name": "Lyon", "code": "69123"}
    assert client.cookies["puls_ville"] == "69123"
    assert (await client.post("/ville", json={"lat": 91, "lon": 0})).status_code == 422


async def test_an_invented_catalogue_is_said_once(database: Database, gazetteer: Gazetteer) -> None:
    """One banner, and not a word on each card."""
    source = Attribution(source="sample", agenda_title=f"Le fil {SAMPLE_MARK}", licence="MIT")
    await save(database, [an_event(attribution=source)])
    async with database.transaction() as connection:
        await connection.execute("UPDATE event SET source = 'sample'")
    async with visiting(app_over(puls_over(database, gazetteer))) as client:
        page = await home(client)
    assert len(page.css(".sample-banner")) == 1
    assert not page.css(".card .sample")
    assert "inventées" in words(page.css_first(".standing"))


async def test_names_are_suggested_from_the_catalogue(client: httpx.AsyncClient) -> None:
    """A town, a kind, a venue, an event; each leads somewhere that answers."""
    for typed, kind in (("crest", "town"), ("lyno", "town"), ("conc", "kind"), ("transbor", "venue"), ("quartet", "event")):  # fmt: skip
        answer = await client.get("/suggestions", params={"q": typed})
        first = answer.json()["suggestions"][0]
        assert first["kind"] == kind, typed
        assert (await client.get(first["address"])).status_code == 200
    towns = await client.get("/suggestions", params={"q": "cre", "of": "town"})
    assert {each["kind"] for each in towns.json()["suggestions"]} == {"town"}
    assert (await client.get("/suggestions", params={"q": "\x00<>%"})).json() == {"suggestions": []}
