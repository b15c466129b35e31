"""The page of a venue: what is on there, whatever key an agenda gave it."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest
from selectolax.lexbor import LexborHTMLParser
from tests.serving import (
    LYON,
    NOW,
    SATURDAY_EVENING,
    an_event,
    app_over,
    occurrence,
    puls_over,
    save,
    visiting,
)

from puls.catalogue.event import Status
from puls.database import Database
from puls.geo.gazetteer import Gazetteer


def titles(page: LexborHTMLParser) -> list[str]:
    return [one.text().strip() for one in page.css(".mini h3")]


@pytest.fixture
async def client(database: Database, gazetteer: Gazetteer) -> AsyncIterator[httpx.AsyncClient]:
    """Events at one venue under two keys, and at others."""
    again = replace(LYON, key="oa-2", name="le transbordeur")
    namesake = replace(LYON, key="oa-3", commune_code="38185", city="Grenoble")
    sunday = occurrence(SATURDAY_EVENING + timedelta(days=1))
    await save(
        database,
        [
            an_event("1", title="Samedi"),
            an_event("2", title="Dimanche", venue=again, occurrences=(sunday,)),
            an_event("3", title="À Grenoble", venue=namesake),
            an_event("4", title="Hier", occurrences=(occurrence(NOW - timedelta(days=1)),)),
            an_event("5", title="Annulé", status=Status.CANCELLED),
            an_event("6", title="Samedi", series_key="series-1"),
        ],
    )
    async with visiting(app_over(puls_over(database, gazetteer))) as client:
        yield client


async def address_of(client: httpx.AsyncClient, uid: str) -> str:
    """Where an event's page leads for its venue."""
    page = LexborHTMLParser((await client.get(f"/evenement/{uid}")).text)
    (link,) = page.css(".event-place a")
    return link.attributes["href"] or ""


async def test_it_shows_what_is_on_soonest_first(
    client: httpx.AsyncClient, database: Database
) -> None:
    """Under every key the same venue; nothing over, cancelled, twice, or at its namesake elsewhere."""
    address = await address_of(client, "1")
    assert address == await address_of(client, "2")
    assert address != await address_of(client, "3")
    rows = await database.fetch_all(b"SELECT key FROM venue WHERE city = 'Lyon' ORDER BY id")
    assert len(rows) == 2
    for row in rows:
        page = LexborHTMLParser((await client.get(f"/lieu/{row['key']}")).text)
        assert titles(page) == ["Samedi", "Dimanche"]
        canonical = page.css_first("link[rel=canonical]")
        assert canonical is not None
        assert canonical.attributes["href"] == f"http://puls.test{address}"
    page = LexborHTMLParser((await client.get(f"{address}?limit=1")).text)
    assert titles(page) == ["Samedi"]
    (more,) = page.css(".more a")
    assert more.attributes["href"] == f"{address}?limit=25"


@pytest.mark.parametrize("key", ["nowhere", "%00", "a%2Fb", "é"])
async def test_an_unknown_venue_is_a_page_that_says_so(client: httpx.AsyncClient, key: str) -> None:
    """For people, in a sentence."""
    answer = await client.get(f"/lieu/{key}")
    assert answer.status_code in {404, 422}
    assert answer.headers["content-type"].startswith("text/html")


async def test_a_venue_with_nothing_on_says_so(database: Database, gazetteer: Gazetteer) -> None:
    """An old link still tells where it is."""
    await save(database, [an_event(occurrences=(occurrence(NOW - timedelta(days=3)),))])
    async with visiting(app_over(puls_over(database, gazetteer))) as client:
        answer = await client.get(await address_of(client, "1"))
    assert "Rien n'est annoncé ici pour le moment." in answer.text.replace("&#39;", "'")
    assert 'content="noindex"' in answer.text
