"""`/ops` in a real browser: every width and scheme without a violation, and without a script of its own."""

from collections.abc import Callable, Iterator
from typing import Literal

import psycopg
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, ViewportSize, expect
from psycopg import sql
from scripts.simulate_usage import simulate
from tests.browser.served import FRIDAY_EVENING, Served, embedder, serving
from tests.browser.visits import DESK

from puls.geo.gazetteer import Gazetteer

RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
}
NARROW = ViewportSize(width=320, height=640)


@pytest.fixture(scope="module")
def served_month(server_url: str, gazetteer: Gazetteer, browser: Browser) -> Iterator[Served]:
    """The application over a month of invented visitors."""
    del browser  # begun before: see tests/browser/conftest.py
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE template_puls").format(
                sql.Identifier("month_puls")
            )
        )
    url = psycopg.conninfo.make_conninfo(server_url, dbname="month_puls")
    simulate(url, turns=3_000, until=FRIDAY_EVENING, seed=3)
    with serving(url, gazetteer, embedder=embedder()) as served:
        yield served


def whole(page: Page, served: Served) -> None:
    page.goto(f"{served.url}/ops?periode=30j")


def with_everything_open(page: Page, served: Served) -> None:
    page.goto(f"{served.url}/ops?periode=24h")
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")


def bad_answer(page: Page, served: Served) -> None:
    page.goto(f"{served.url}/ops?periode=30j")
    page.locator(".worst a").first.click()
    expect(page.locator("blockquote").first).to_be_visible()


def way_in(page: Page, served: Served) -> None:
    page.goto(f"{served.url}/ops/entree")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", ["phone", "desk"])
@pytest.mark.parametrize(
    "screen", [whole, with_everything_open, bad_answer, way_in], ids=lambda screen: screen.__name__
)
def test_a_screen_of_operators_has_no_violation(
    browser: Browser,
    served_month: Served,
    screen: Callable[[Page, Served], None],
    size: str,
    scheme: Literal["light", "dark"],
) -> None:
    """By machine, and nothing beyond the edge of a phone of 320 pixels."""
    context = browser.new_context(
        viewport=NARROW if size == "phone" else DESK, color_scheme=scheme, locale="fr-FR"
    )
    page = context.new_page()
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text))
    screen(page, served_month)
    found = Axe().run(page, options=RULES)
    assert found.response["passes"]
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert problems == []
    context.close()


def test_it_is_whole_without_javascript(browser: Browser, served_month: Served) -> None:
    """An operator's browser may be a strict one."""
    context = browser.new_context(viewport=DESK, java_script_enabled=False, locale="fr-FR")
    page = context.new_page()
    page.goto(f"{served_month.url}/ops?periode=7j")
    expect(page.locator("h1")).to_contain_text("Exploitation")
    assert page.locator("svg.chart").count() >= 8
    page.locator(".help summary").first.click()
    expect(page.locator(".help-text").first).to_be_visible()
    page.get_by_role("link", name="30 j").click()
    expect(page.locator("[aria-current=page]")).to_have_text("30 j")
    context.close()
