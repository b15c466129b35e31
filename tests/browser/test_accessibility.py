"""axe-core finds nothing against WCAG 2.2 AA: every screen, light and dark, on a phone and on a desk."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from tests.browser.conversing import say
from tests.browser.visits import DESK, PHONE, Visits

RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
}
QUESTION = "concert ce week-end à Lyon"


def home(page: Page) -> None:
    expect(page.locator(".welcome")).to_be_visible()


def results(page: Page) -> None:
    turn = say(page, QUESTION)
    turn.locator("[data-answer-thumb=down]").click()
    expect(turn.locator("[data-feedback-form]")).to_be_visible()
    turn.locator(".card .menu summary").first.click()


def home_of_a_town(page: Page) -> None:
    page.locator("#ville").fill("Lyon")
    page.locator("#ville").press("Enter")
    expect(page.locator(".shelf-place").first).to_contain_text("Lyon")
    page.locator(".town-choice summary").click()
    page.locator("#q").press_sequentially("conc")
    expect(page.locator(".suggestions li").first).to_be_visible()


def search(page: Page) -> None:
    page.goto(f"{page.url}recherche?q=concert&lieu=Lyon&gratuit=1")
    expect(page.locator(".card").first).to_be_visible()
    page.locator("[name=lieu]").fill("gren")
    expect(page.locator(".suggestions li").first).to_be_visible()


def search_misread(page: Page) -> None:
    page.goto(f"{page.url}recherche?q=concert&lieu=Zorgville&prix=peu&du=2026-10-01&au=2026-10-02")
    expect(page.locator(".wrong").first).to_be_visible()


def search_on_a_map(page: Page) -> None:
    page.goto(f"{page.url}recherche?q=concert&lat=45.76&lon=4.83")
    if page.locator("[data-open-map]").is_visible():
        page.locator("[data-open-map]").click()
    page.locator(".pin:not(.pin-group)").first.click()


def plan(page: Page) -> None:
    say(
        page, "samedi : une expo l'après-midi puis un concert le soir, à Lyon, moins de 60 € à deux"
    )


def nothing_found(page: Page) -> None:
    say(page, "concert de harpe ce soir à Crest")


def sheet(page: Page) -> None:
    turn = say(page, QUESTION)
    turn.locator("[data-refine]").last.click()
    expect(turn.locator("dialog")).to_be_visible()


def map_open(page: Page) -> None:
    turn = say(page, "concert à moins de 40 km de Grenoble")
    if turn.locator("[data-open-map]").is_visible():
        turn.locator("[data-open-map]").click()
    expect(page.locator(".leaflet-marker-icon").first).to_be_visible()
    expect(page.locator(".map-said")).to_be_visible()


def consent(page: Page) -> None:
    turn = say(page, "j'habite Nantes et j'ai deux enfants de 4 et 7 ans")
    expect(turn.locator("[data-consent]").first).to_be_visible()


def details(page: Page) -> None:
    turn = say(page, QUESTION)
    turn.locator(".card h3 a").first.click()
    page.wait_for_url("**/evenement/*")


def itinerary(page: Page) -> None:
    details(page)
    page.locator(".fold summary", has_text="Itinéraire").click()


def small_map(page: Page) -> None:
    details(page)
    page.locator("[data-show-map]").click()
    expect(page.locator(".small-map .map-said")).to_be_visible()


def venue(page: Page) -> None:
    details(page)
    page.locator(".event-place a").click()
    page.wait_for_url("**/lieu/**")


def comparison(page: Page) -> None:
    say(page, QUESTION)
    turn = say(page, "compare les deux premiers")
    expect(turn.locator(".comparison")).to_be_visible()


def week(page: Page) -> None:
    turn = say(page, QUESTION)
    turn.locator(".week-link").click()
    page.wait_for_url("**/semaine?**")


def sharing(page: Page) -> None:
    turn = say(page, QUESTION)
    turn.locator(".share-conversation").click()
    page.wait_for_url("**/partages/nouveau*")
    page.locator("button.primary").click()
    page.wait_for_url("**/partages/*-*")


def shared(page: Page) -> None:
    sharing(page)
    page.locator("[data-link]").click()
    page.wait_for_url("**/partage/*")


def private(page: Page) -> None:
    page.goto(page.url + "c/00000000-0000-4000-8000-000000000000")


def own_space_empty(page: Page) -> None:
    page.locator("a[href^='/moi']").click()
    page.wait_for_url("**/moi")


def own_space_filled(page: Page) -> None:
    turn = say(page, "j'habite Nantes et j'ai deux enfants de 4 et 7 ans")
    turn.locator("[data-agree=true]").click()
    expect(turn.locator(".notice[role=status]")).to_be_visible()
    turn = say(page, "concert de jazz à Nantes")
    if turn.locator("[data-follow]").count():
        turn.locator("[data-follow]").first.click()
        expect(turn.locator("[data-follow]").first).to_have_attribute("aria-pressed", "true")
    page.locator("a[href^='/moi']").click()
    expect(page.locator(".remembered")).to_be_visible()
    page.locator("[data-rename]").click()


def error(page: Page) -> None:
    page.goto(page.url + "nulle-part")
    expect(page.locator("h1")).to_be_visible()


SCREENS = [
    home, home_of_a_town, search, search_misread, search_on_a_map, results, plan, nothing_found, sheet, map_open, consent, details,
    itinerary, small_map, venue, comparison, week, sharing, shared, private, own_space_empty, own_space_filled, error,
]  # fmt: skip


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", ["phone", "desk"])
@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.__name__)
def test_a_screen_has_no_violation(
    visit: Visits, screen: Callable[[Page], None], size: str, scheme: str
) -> None:
    """By machine; the rest is in the other tests and in being tried."""
    page = visit(
        viewport=PHONE if size == "phone" else DESK, color_scheme=scheme, reduced_motion="reduce"
    )
    screen(page)
    found = Axe().run(page, options=RULES)
    assert found.response["passes"]
    assert found.violations_count == 0, found.generate_report()
