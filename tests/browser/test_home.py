"""Home and the list of a search: something to do before a word is typed, and Back that does what one expects."""

import re

from playwright.sync_api import Page, expect
from tests.browser.conversing import answered, plain, say, titles
from tests.browser.visits import PHONE, Visits

SEARCH = "/recherche?lieu=Lyon&q=concert"
SHIFTS = """() => new Promise(resolve => {
  let sum = 0;
  new PerformanceObserver(list => { for (const each of list.getEntries()) if (!each.hadRecentInput) sum += each.value; })
    .observe({ type: "layout-shift", buffered: true });
  setTimeout(() => resolve(sum), 700);
})"""


def choose(page: Page, town: str) -> None:
    page.locator("#ville").fill(town)
    page.locator("#ville").press("Enter")
    expect(page.locator(".shelf-place").first).to_contain_text(town)


def test_two_taps_lead_to_an_event_one_can_go_to(visit: Visits) -> None:
    """Without a word typed: a shelf, an event."""
    page = visit(viewport=PHONE, has_touch=True)
    assert page.locator(".shelf").count() >= 4
    page.locator("[data-shelf=weekend] .shelf-head a").tap()
    page.wait_for_url("**/recherche?*")
    title = titles(page.locator(".found"))[0]
    page.locator(".found .card h3 a").first.tap()
    page.wait_for_url("**/evenement/*")
    assert plain(page.locator("h1").inner_text()) == title


def test_a_town_is_chosen_once(visit: Visits) -> None:
    """Its shelves, its examples; remembered for the next visit, and forgotten on demand."""
    page = visit()
    choose(page, "Lyon")
    assert "Lyon" in page.locator(".examples").inner_text()
    page.reload()
    expect(page.locator(".shelf-place").first).to_contain_text("Lyon")
    turn = say(page, "que faire demain soir ?")
    assert "Lyon" in " ".join(turn.locator(".chip-words").all_inner_texts())
    page.goto(visit.url)
    page.locator(".town-choice summary").click()
    page.get_by_role("button", name="Toute la France").click()
    expect(page.locator(".shelf-place").first).to_contain_text("France")


def test_the_town_around_a_visitor_is_found_on_request(visit: Visits) -> None:
    """The position is sent once, rounded; only the town stays."""
    context = visit.context(
        geolocation={"latitude": 45.188529, "longitude": 5.724524}, permissions=["geolocation"]
    )
    page = visit(within=context)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.post_data or ""))
    page.locator("[data-my-town]").click()
    expect(page.locator(".shelf-place").first).to_contain_text("Grenoble")
    assert any('"lat":45.189' in body for body in sent)
    assert [cookie["value"] for cookie in context.cookies() if "name" in cookie and cookie["name"] == "puls_ville"] == ["38185"]  # fmt: skip
    assert "lat" not in page.url


def test_a_town_that_does_not_exist_is_said_at_its_box(visit: Visits) -> None:
    page = visit("/?ville=Zorgville")
    expect(page.locator("#wrong-town")).to_contain_text("Zorgville")
    expect(page.locator("#ville")).to_have_value("Zorgville")


def test_a_name_is_chosen_by_the_keyboard(visit: Visits) -> None:
    """The combobox pattern: arrows, Enter, Escape; the box keeps the focus."""
    page = visit(SEARCH)
    box = page.locator("[name=lieu]")
    box.fill("")
    box.press_sequentially("grenobel")
    expect(page.locator(".suggestions li").first).to_contain_text("Grenoble")
    expect(box).to_have_attribute("aria-expanded", "true")
    box.press("ArrowDown")
    expect(box).to_have_attribute("aria-activedescendant", re.compile("suggestions"))
    expect(box).to_be_focused()
    box.press("Escape")
    expect(page.locator(".suggestions li").first).to_be_hidden()
    box.press("Backspace")
    expect(page.locator(".suggestions li").first).to_be_visible()
    box.press("ArrowDown")
    box.press("Enter")
    page.wait_for_url(re.compile("lieu=Grenoble"))
    assert "Grenoble" in page.locator(".chips").inner_text()


def test_without_a_choice_enter_asks_what_was_typed(visit: Visits) -> None:
    """Suggestions are offers: a sentence stays a sentence."""
    page = visit()
    page.locator("#q").press_sequentially("jazz")
    expect(page.locator(".suggestions li").first).to_be_visible()
    page.locator("#q").press("Enter")
    answered(page, 1)


def test_without_script_home_and_list_are_whole(visit: Visits) -> None:
    """Town, shelf, filter, order, more: forms and links."""
    page = visit(java_script_enabled=False)
    page.locator("#ville").fill("Paris")
    page.get_by_role("button", name="Choisir").click()
    page.locator("[data-shelf=weekend] .shelf-head a").click()
    before = titles(page.locator(".found"))
    page.locator("[data-more-page]").click()
    assert titles(page.locator(".found"))[: len(before)] == before
    page.locator("[data-quick=free]").click()
    expect(page.locator("[data-quick=free]")).to_have_attribute("aria-current", "true")
    page.get_by_role("link", name="date", exact=True).click()
    expect(page.locator(".orders [aria-current]")).to_have_text("date")
    page.locator(".seek-more summary").click()
    page.locator("[name=prix]").fill("peu")
    page.locator(".seek-fields button").click()
    expect(page.locator("[name=prix]")).to_have_value("peu")


def test_more_is_put_where_the_list_ended(visit: Visits) -> None:
    """No jump to the top; the address shows as much again."""
    page = visit("/recherche?lieu=Paris")
    before = titles(page.locator(".found"))
    page.locator("[data-more-page]").click()
    expect(page.locator(".found .card")).to_have_count(2 * len(before))
    assert titles(page.locator(".found"))[: len(before)] == before
    expect(page.locator("#sortie-13 h3 a")).to_be_focused()
    whole = titles(page.locator(".found"))
    page.reload()
    assert titles(page.locator(".found")) == whole


def test_back_closes_the_map_on_a_phone(visit: Visits) -> None:
    """One: the map is a sheet, not a page; the list is still there, where it was."""
    page = visit(SEARCH, viewport=PHONE, has_touch=True)
    page.locator("[data-open-map]").tap()
    expect(page.locator(".map-panel")).to_be_visible()
    page.go_back()
    expect(page.locator(".map-panel")).to_be_hidden()
    assert "/recherche" in page.url
    expect(page.locator("[data-open-map]")).to_be_focused()


def test_back_from_a_shared_question_leads_where_one_came_from(visit: Visits) -> None:
    """Two: it is not asked a second time."""
    page = visit(SEARCH)
    page.goto(f"{visit.url}/?q=concert%20%C3%A0%20Lyon")
    answered(page, 1)
    expect(page).to_have_url(re.compile("/c/"))
    page.go_back()
    expect(page).to_have_url(re.compile("/recherche"))


def test_back_from_an_event_is_the_list_as_it_was(visit: Visits) -> None:
    """Three: with what was added to it, and at its place."""
    page = visit("/recherche?lieu=Paris", viewport=PHONE)
    page.locator("[data-more-page]").click()
    expect(page.locator("#sortie-13 h3 a")).to_be_focused()
    count = page.locator(".found .card").count()
    page.locator("#sortie-15 h3 a").click()
    page.wait_for_url("**/evenement/*")
    page.go_back()
    expect(page.locator(".found .card")).to_have_count(count)
    expect(page.locator("#sortie-15")).to_be_in_viewport()


def test_back_takes_a_filter_an_order_and_a_chip_back(visit: Visits) -> None:
    """Four and five: each tap is an address."""
    page = visit(SEARCH)
    page.locator("[data-quick=free]").click()
    expect(page.locator("[data-quick=free][aria-current]")).to_be_visible()
    page.get_by_role("link", name="date", exact=True).click()
    expect(page.locator(".orders [aria-current]")).to_have_text("date")
    page.go_back()
    expect(page.locator(".orders [aria-current]")).to_have_text("pertinence")
    page.go_back()
    expect(page.locator("[data-quick=free][aria-current]")).to_have_count(0)


def test_back_from_a_town_or_a_language_is_no_trap(visit: Visits) -> None:
    """Six and seven: one step each, nothing asked twice."""
    page = visit(SEARCH)
    page.goto(f"{visit.url}/?ville=Lyon")
    expect(page).to_have_url(re.compile(r"/$"))
    page.locator("a[data-language]").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.go_back()
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    page.go_back()
    expect(page).to_have_url(re.compile("/recherche"))


def test_four_results_fit_a_phone_and_nothing_jumps(visit: Visits) -> None:
    """Four rows from where the list begins; less than 0.05 of layout shift; light."""
    page = visit("/recherche?lieu=Paris", viewport=PHONE)
    assert page.evaluate(SHIFTS) <= 0.05
    head = page.locator(".masthead").bounding_box()
    assert head is not None
    page.locator(".found .cards").evaluate(
        f"each => window.scrollTo(0, each.offsetTop - {head['height']})"
    )
    fourth = page.locator("#sortie-4").bounding_box()
    assert fourth is not None
    assert fourth["y"] + fourth["height"] <= PHONE["height"]
    sizes = page.evaluate(
        "performance.getEntriesByType('resource').reduce((sum, each) => sum + each.encodedBodySize, 0)"
        " + performance.getEntriesByType('navigation')[0].encodedBodySize"
    )
    assert sizes < 250_000


def test_home_does_not_jump_either(visit: Visits) -> None:
    page = visit(viewport=PHONE)
    assert page.evaluate(SHIFTS) <= 0.05


def test_an_answer_ends_with_what_may_be_said_next(visit: Visits) -> None:
    """One tap, in the same conversation, with its place and day."""
    page = visit()
    turn = say(page, "concert à Lyon")
    follow_ups = turn.locator(".follow-ups button")
    expect(follow_ups.first).to_be_visible()
    free = follow_ups.filter(has_text="Gratuit")
    free.click()
    narrowed = answered(page, 2)
    said = " ".join(narrowed.locator(".chip-words").all_inner_texts())
    assert "Lyon" in said
    assert "gratuit" in said
