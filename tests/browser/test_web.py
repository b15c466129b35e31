"""What was seen on the web, in a browser: badges on cards, a list of their own, and a switch that is remembered."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect
from tests.browser.conversing import plain, say
from tests.browser.served import FRIDAY_EVENING, Served, embedder, serving, settings_of
from tests.browser.test_accessibility import RULES
from tests.browser.visits import DESK, Visits
from tests.browser.widget.embedding import WIDGET
from tests.browser.widget.site import Site, open_site
from tests.on_the_web import JAZZ_PAGE, InOrder, Seen, a_web_event, the_web_of

from puls.geo.gazetteer import Gazetteer
from puls.web_search.values import WebPrice, WebTime

QUESTION = "regarde sur internet s'il y a un concert ce week-end à Lyon"
NARROW = ViewportSize(width=320, height=700)


@pytest.fixture
def checks() -> InOrder:
    return InOrder(at=FRIDAY_EVENING)


@pytest.fixture
def site() -> Iterator[Site]:
    with open_site() as site:
        yield site


@pytest.fixture
def looking(
    sample_database: str, gazetteer: Gazetteer, checks: InOrder, site: Site
) -> Iterator[Served]:
    """The sample served by a Puls that looks on a web of this test."""
    saturday = WebTime(starts_at=FRIDAY_EVENING.replace(day=21, hour=20))
    event = a_web_event("Concert de swing au Périscope", times=(saturday,))
    event = replace(event, price=WebPrice(lowest=12.0), seen_at=FRIDAY_EVENING)
    hostile = replace(event, title="Concert <img src=x onerror=alert(1)>" + "long" * 30)
    seen = Seen(checks=checks, pages={JAZZ_PAGE: [event, hostile]}, delay=0.15)
    with serving(
        sample_database,
        gazetteer,
        embedder=embedder(),
        settings=settings_of(sample_database, widget_origins=site.url),
        web=lambda database: the_web_of(seen, database, gazetteer, now=FRIDAY_EVENING),
    ) as served:
        site.puls_url = served.url
        yield served


@pytest.fixture
def visit(looking: Served, browser: Browser) -> Iterator[Visits]:
    with ExitStack() as closing:
        visits = Visits(browser, looking.url, closing)
        yield visits
    assert visits.problems == []


def off_card(turn: Locator) -> Locator:
    return turn.locator(".card.is-off")


def test_a_cancelled_event_gets_its_badge_and_the_web_its_own_list(visit: Visits) -> None:
    """The journey of the issue: nobody crosses a city for what is off, and every word of the web has its source."""
    page = visit()
    turn = say(page, QUESTION)
    expect(off_card(turn)).to_have_count(1)
    expect(off_card(turn).locator(".banner")).to_have_text("Annulé")
    expect(off_card(turn).locator(".checked.warning a")).to_have_attribute("target", "_blank")
    assert turn.locator(".card .checked").count() == turn.locator(".card").count()
    assert turn.locator(".card:not(.is-off) .checked.good").count() >= 1

    cards = turn.locator(".web-card")
    expect(cards).to_have_count(2)
    link = cards.first.locator("a")
    expect(link).to_have_attribute("href", JAZZ_PAGE)
    expect(link).to_have_attribute("rel", "noopener nofollow ugc")
    assert "jazz.example, lu à 17 h 30" in plain(cards.first.inner_text())
    assert cards.first.locator("button").count() == 0
    below = turn.locator(".card").last.bounding_box()
    list_box = turn.locator(".web-found").bounding_box()
    assert below is not None
    assert list_box is not None
    assert list_box["y"] >= below["y"]

    follow = off_card(turn).locator("[data-follow]")
    expect(follow).to_be_visible()  # a card that was drawn anew can all that a card can
    expect(off_card(turn).locator("[data-follow]")).to_be_visible()

    page.reload()
    again = page.locator(".turn").last
    expect(again.locator(".card").first).to_be_visible()
    expect(again.locator(f".answer a[href='{JAZZ_PAGE}']").first).to_be_visible()


def test_it_says_what_it_does_once_aloud_and_all_along_in_view(visit: Visits) -> None:
    """A screen reader hears one beginning and one end, not every page."""
    page = visit()
    page.evaluate(
        """() => {
            window.seen = [];
            const look = () => {
                const text = document.querySelector(".turn:last-child .doing")?.textContent ?? "";
                if (window.seen.at(-1) !== text) window.seen.push(text);
            };
            new MutationObserver(look).observe(document.querySelector(".turns"),
                                               {subtree: true, childList: true, characterData: true});
        }"""
    )
    say(page, QUESTION)
    seen = [plain(words) for words in page.evaluate("window.seen")]
    assert "Je lis jazz.example…" in seen
    assert any(words.startswith(("Je vérifie", "Je cherche sur le web")) for words in seen)
    assert any("vérifiées sur openagenda.com" in words for words in seen)
    aloud = plain(page.locator("[data-announce]").inner_text())
    assert aloud.count("Je ") - aloud.count("Je n") == 1
    assert "Je lis" not in aloud
    assert "Autres sorties vues sur le web : 2." in aloud


def test_how_far_to_look_is_the_visitors_choice_and_is_kept(visit: Visits) -> None:
    """Off is off, in this conversation and the next, until it is changed; a keyboard changes it."""
    context = visit.context()
    page = visit(within=context)
    switch = page.get_by_label("Web : Jusqu")
    expect(switch).to_have_value("quick")
    switch.focus()
    switch.select_option("off")
    turn = say(page, QUESTION)
    assert turn.locator(".checked, .web-card").count() == 0

    page = visit(within=context)
    expect(page.get_by_label("Web : Jusqu")).to_have_value("off")
    page.get_by_label("Web : Jusqu").select_option("thorough")
    with page.expect_request("**/chat") as sent:
        turn = say(page, QUESTION)
    assert (sent.value.post_data_json or {})["web"] == "thorough"
    expect(turn.locator(".web-card")).to_have_count(2)


def test_without_a_choice_the_operators_holds(visit: Visits) -> None:
    """What was never chosen is not sent, so that it may change."""
    page = visit()
    with page.expect_request("**/chat") as sent:
        say(page, QUESTION)
    assert "web" not in (sent.value.post_data_json or {})


def test_in_a_page_of_another_site_it_is_the_same(visit: Visits, site: Site) -> None:
    """Badges, list and switch come with the pieces; the choice lives as long as the tab, and links keep their manners."""
    page = visit(site.page(WIDGET), at=site.url)
    expect(page.get_by_label("Web : Jusqu")).to_have_value("quick")
    turn = say(page, QUESTION)
    expect(off_card(turn)).to_have_count(1)
    expect(turn.locator(".web-card")).to_have_count(2)
    link = turn.locator(".web-card a").first
    expect(link).to_have_attribute("rel", "noopener nofollow ugc")
    expect(off_card(turn).locator("[data-follow]")).to_be_hidden()  # its visitor soon is no more
    off_card(turn).locator(".menu summary").click()
    expect(off_card(turn).locator("[data-thumb=down]")).to_be_visible()
    page.get_by_label("Web : Jusqu").select_option("off")
    page.reload()
    expect(page.get_by_label("Web : Jusqu")).to_have_value("off")
    again = say(page, QUESTION)
    assert again.locator(".checked, .web-card").count() == 0


def test_without_script_there_is_no_switch_and_the_page_answers(visit: Visits) -> None:
    """A single question is answered from the catalogue, as ever."""
    page = visit("/?q=concert%20ce%20week-end%20%C3%A0%20Lyon", java_script_enabled=False)
    expect(page.locator(".card").first).to_be_visible()
    expect(page.locator("[data-web]")).to_be_hidden()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESK, NARROW], ids=["desk", "narrow"])
def test_it_is_legible_everywhere(visit: Visits, size: ViewportSize, scheme: str) -> None:
    """axe finds nothing, and nothing sticks out of the smallest screen."""
    page: Page = visit(viewport=size, color_scheme=scheme, reduced_motion="reduce")
    say(page, QUESTION)
    found = Axe().run(page, options=RULES)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    box = page.locator(".web-found").bounding_box(timeout=2_000)
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= size["width"]
