"""A browser, the sample catalogue served for it, and visitors who watch what the page does to them."""

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack

import psycopg
import pytest
from playwright.sync_api import Browser, sync_playwright
from tests.browser.launching import launched
from tests.browser.line import Line
from tests.browser.served import Served, embedder, load_sample, serving, settings_of
from tests.browser.visits import Visits

from puls.geo.gazetteer import Gazetteer


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All of this folder is `make test-browser`."""
    for item in items:
        if "tests/browser" in str(item.path):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def sample_database(server_url: str, gazetteer: Gazetteer) -> str:
    """A database with the sample catalogue, for all tests: each visitor has rows of their own."""
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute("CREATE DATABASE sample_puls TEMPLATE template_puls")
    url = psycopg.conninfo.make_conninfo(server_url, dbname="sample_puls")
    asyncio.run(load_sample(url, gazetteer, embedder=embedder()))
    return url


@pytest.fixture(scope="session")
def served(sample_database: str, gazetteer: Gazetteer) -> Iterator[Served]:
    settings = settings_of(sample_database, survey_rate=1.0)
    with serving(sample_database, gazetteer, embedder=embedder(), settings=settings) as served:
        yield served


@pytest.fixture
def line(served: Served) -> Iterator[Line]:
    """A line to the sample's server that the test may cut."""
    with Line(served.port) as line:
        yield line


@pytest.fixture(scope="session")
def browser(served: Served) -> Iterator[Browser]:
    del served  # begun before, since Playwright occupies this thread's event loop
    with sync_playwright() as playwright:
        browser = launched(playwright)
        yield browser
        browser.close()


@pytest.fixture
def visit(browser: Browser, served: Served) -> Iterator[Visits]:
    """`visit("/path")` is a page; the test fails when a page raised an error, opened a dialog or broke its own policy."""
    with ExitStack() as closing:
        visits = Visits(browser, served.url, closing)
        yield visits
    assert visits.problems == []
