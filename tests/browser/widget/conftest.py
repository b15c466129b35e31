"""Puls, and another site whose pages embed it."""

from collections.abc import Iterator

import psycopg
import pytest
from tests.browser.served import Served, embedder, serving, settings_of
from tests.browser.visits import Visits
from tests.browser.widget.embedding import HOSTILE, Embedded
from tests.browser.widget.site import Site, open_site
from tests.serving import NOW, an_event, save

from puls.bootstrap import Puls
from puls.geo.gazetteer import Gazetteer


@pytest.fixture(scope="package")
def site() -> Iterator[Site]:
    with open_site() as site:
        yield site


@pytest.fixture(scope="package")
def puls(server_url: str, gazetteer: Gazetteer, site: Site) -> Iterator[Served]:
    """Puls with six concerts in Lyon, open to pages of the site."""
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute("CREATE DATABASE widget_puls TEMPLATE template_puls")
    url = psycopg.conninfo.make_conninfo(server_url, dbname="widget_puls")

    async def fill(puls: Puls) -> None:
        concerts = [an_event(str(n), title=f"Concert numéro {n}") for n in range(5)]
        picture = "https://x.example/a.png"
        odd = an_event("odd", title=HOSTILE, description=HOSTILE, image_url=picture)
        await save(puls.database, [*concerts, odd])

    settings = settings_of(url, widget_origins=site.url)
    with serving(
        url, gazetteer, embedder=embedder(), settings=settings, prepare=[fill], now=NOW
    ) as served:
        site.puls_url = served.url
        yield served


@pytest.fixture
def embedded(puls: Served, site: Site, visit: Visits) -> Embedded:
    del puls  # served while the test runs
    return Embedded(site, visit)
