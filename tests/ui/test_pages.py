"""The page, read as a browser without JavaScript reads it."""

import re
from html import unescape
from itertools import pairwise

import httpx
import pytest
from selectolax.lexbor import LexborHTMLParser, LexborNode
from tests.serving import an_event, app_over, puls_over, save, visiting

from puls.catalogue.event import Attribution, Price, PriceKind
from puls.database import Database
from puls.geo.gazetteer import Gazetteer
from puls.ingestion.sample import SAMPLE_MARK


async def read(client: httpx.AsyncClient, address: str) -> LexborHTMLParser:
    response = await client.get(address)
    assert response.status_code == 200, address
    return LexborHTMLParser(response.text)


def words(node: LexborHTMLParser | LexborNode | None) -> str:
    assert node is not None
    root = node.body if isinstance(node, LexborHTMLParser) else node
    assert root is not None
    return " ".join(root.text(separator=" ").replace("\N{NO-BREAK SPACE}", " ").split())


async def test_the_home_page_asks_one_question_and_gives_examples(
    client: httpx.AsyncClient,
) -> None:
    """A newcomer knows what to type without reading anything."""
    page = await read(client, "/")
    assert page.css_first("form[action='/'][method='get'] textarea[name='q']") is not None
    links = [link.attributes["href"] for link in page.css(".examples a")]
    assert len(links) >= 4
    for link in links:
        await read(client, link or "")


async def test_a_question_is_answered_with_cards(client: httpx.AsyncClient) -> None:
    """Date, place, price and a link, at a glance."""
    page = await read(client, "/?q=concert ce week-end à Lyon")
    card = words(page.css_first(".card"))
    assert "Concert de jazz manouche" in card
    assert "Demain, 20 h 30" in card
    assert "Le Transbordeur, Lyon" in card
    assert "De 8 à 15 €" in card
    hrefs = [link.attributes["href"] for link in page.css(".card a")]
    assert hrefs == [
        "/evenement/1",
        "https://www.openstreetmap.org/directions?to=45.7838%2C4.8604",
        "/v1/events/1/calendar.ics",
        "/evenement/1",
        "https://openagenda.com/a/events/concert",
    ]
    assert words(page.css_first(".count")) == "1 sortie"


async def test_a_chip_is_removed_by_a_plain_link(client: httpx.AsyncClient) -> None:
    """What was understood is editable, also without JavaScript, and can be put back."""
    page = await read(client, "/?q=concert ce soir à Lyon")
    assert page.css_first(".card") is None
    removals = {words(chip.css_first("span")): chip.css_first("a") for chip in page.css(".chip")}
    (tonight,) = [link for label, link in removals.items() if "27" in label and link]
    without_tonight = await read(client, tonight.attributes["href"] or "")
    assert words(without_tonight.css_first(".card h3")) == "Concert de jazz manouche"
    assert not [chip for chip in without_tonight.css(".chip span") if "27" in words(chip)]
    restore = without_tonight.css_first(".restore")
    assert restore is not None
    restored = await read(client, restore.attributes["href"] or "")
    assert len(restored.css(".chip")) == len(removals)


async def test_nothing_found_is_a_sentence_with_something_to_do(client: httpx.AsyncClient) -> None:
    """An empty page is a visitor lost."""
    page = await read(client, "/?q=concert de harpe ce soir à Crest")
    assert "Rien ne convient à tout à la fois." in words(page.css_first(".empty"))
    assert page.css(".chip a")


async def test_nothing_found_offers_what_is_near_as_plain_links(
    client: httpx.AsyncClient,
) -> None:
    """« 1 demain »: a click asks the question again with that one change, and finds it; nothing is offered twice."""
    page = await read(client, "/?q=concert ce soir à Lyon")
    offers = {words(link): link.attributes["href"] for link in page.css(".offers a")}
    assert offers.keys() == {"1 demain"}  # « ce week-end » would find the same concert
    tomorrow = await read(client, offers["1 demain"] or "")
    assert words(tomorrow.css_first(".card h3")) == "Concert de jazz manouche"
    assert "sam. 28 nov." in words(tomorrow.css_first(".chips"))
    english = await read(client, "/?q=concert ce soir à Lyon&lang=en")
    assert "1 tomorrow" in words(english.css_first(".offers"))


async def test_a_position_measures_distances_and_stays_in_the_address(
    client: httpx.AsyncClient,
) -> None:
    """Near me: no cookie, no session, nothing kept on the server."""
    response = await client.get("/?q=concert&lat=45.76&lon=4.83")
    page = LexborHTMLParser(response.text)
    assert "à 3,5 km" in words(page.css_first(".card"))
    assert "près de vous" in words(page.css_first(".chips"))
    hidden = {field.attributes["name"] for field in page.css("input[type='hidden']")}
    assert {"lat", "lon"} <= hidden
    assert "set-cookie" not in response.headers
    far = await read(client, "/?q=concert&lat=48.85&lon=2.35")
    assert far.css_first(".card") is None


async def test_the_page_answers_in_english(client: httpx.AsyncClient) -> None:
    """When asked for, and by itself when the question is in English."""
    for address in ("/?q=concert&lang=en", "/?q=what's on this weekend in Lyon for jazz lovers"):
        page = await read(client, address)
        root = page.css_first("html")
        assert root is not None
        assert root.attributes["lang"] == "en"
        assert "Tomorrow, 8:30 pm" in words(page)


async def test_an_invented_event_says_so_everywhere(
    database: Database, gazetteer: Gazetteer
) -> None:
    """Invented events shown as real ones are the worst thing a guide can do."""
    source = Attribution(source="sample", agenda_title=f"Le fil {SAMPLE_MARK}", licence="MIT")
    await save(database, [an_event(attribution=source)])
    async with visiting(app_over(puls_over(database, gazetteer))) as client:
        results = await read(client, "/?q=concert")
        page = await read(client, "/evenement/1")
        answer = (await client.get("/v1/search?q=concert")).json()
    assert "inventés" in words(results.css_first(".sample-banner"))
    assert "il est inventé" in words(page)
    assert answer["events"][0]["is_example"]


async def test_what_an_organiser_wrote_is_text(database: Database, gazetteer: Gazetteer) -> None:
    """Titles come from strangers: no markup of theirs, no `javascript:` address."""
    hostile = an_event(
        title="<script>alert(1)</script> & co",
        description='"><img src=x onerror=alert(1)>',
        price=Price(kind=PriceKind.PAID, conditions="<b>5 €</b>"),
        image_url="javascript:alert(1)",
        online_url="javascript:alert(1)",
        registration=(("link", "javascript:alert(1)"), ("phone", "04 78 00 00 00")),
        attribution=Attribution(source="test", url="javascript:alert(1)", licence="MIT"),
    )
    await save(database, [hostile])
    async with visiting(app_over(puls_over(database, gazetteer))) as client:
        for address in ("/?q=lyon", "/evenement/1"):
            text = (await client.get(address)).text
            page = LexborHTMLParser(text)
            assert "<script>alert" not in text
            assert all(
                "javascript:" not in (node.attributes.get(name) or "")
                for name in ("href", "src")
                for node in page.css(f"[{name}]")
            )
            assert "<script>alert(1)</script> & co" in unescape(text).replace("\xa0", " ")


async def test_failures_are_pages_with_a_way_on(client: httpx.AsyncClient) -> None:
    """A person gets a sentence and a question field; a program gets a problem."""
    unknown = await client.get("/evenement/0")
    assert unknown.status_code == 404
    assert "Cette page n'existe pas." in words(LexborHTMLParser(unknown.text))
    too_long = await client.get("/?q=" + "a" * 2001)
    assert too_long.status_code == 422
    assert "Nous n'avons pas pu lire cette demande." in words(LexborHTMLParser(too_long.text))
    lost = await client.get("/nulle-part?lang=en", headers={"Accept": "text/html"})
    assert "This page does not exist." in words(LexborHTMLParser(lost.text))
    machine = await client.get("/nulle-part")
    assert machine.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("address", ["/", "/?q=concert", "/?q=harpe à Crest", "/evenement/1"])
async def test_every_page_can_be_used_with_a_keyboard_and_a_screen_reader(
    client: httpx.AsyncClient, address: str
) -> None:
    """The rules a machine can check: names, landmarks, headings in order, nothing inline."""
    response = await client.get(address)
    page = LexborHTMLParser(response.text)
    assert len(page.css("h1")) == len(page.css("main")) == 1
    assert page.css_first("a.skip[href='#content']") is not None
    levels = [int((heading.tag or "")[1]) for heading in page.css("h1, h2, h3, h4")]
    assert all(after - before <= 1 for before, after in pairwise(levels))
    ids = [node.attributes["id"] for node in page.css("[id]")]
    assert len(ids) == len(set(ids))
    for field in page.css("input:not([type='hidden'])"):
        assert page.css_first(f"label[for='{field.attributes['id']}']") is not None
    for link in page.css("a, button"):
        assert words(link) or link.attributes.get("aria-label")
    for picture in page.css("img"):
        assert "alt" in picture.attributes
    assert not page.css("[style], [onclick], style")
    scripts = [one for one in page.css("script") if "src" not in one.attributes]
    assert {one.attributes.get("type") for one in scripts} <= {
        "application/ld+json",
        "application/json",
    }


async def test_the_page_fetches_nothing_from_elsewhere(client: httpx.AsyncClient) -> None:
    """No CDN, no font service, no tracker; static files are named by their content."""
    text = (await client.get("/")).text
    assets = re.findall(r'(?:src|href)="(/static/[^"]+)"', text)
    assert len(assets) >= 3
    for asset in assets:
        assert "?v=" in asset
        response = await client.get(asset)
        assert response.status_code == 200
        assert "http" not in re.sub(r"http://www\.w3\.org/2000/svg", "", response.text)
