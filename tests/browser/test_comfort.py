"""For everybody: no script, no mouse, a narrow window, no wish for movement."""

from pathlib import Path

import pytest
from icalendar import Calendar
from playwright.sync_api import Page, expect
from tests.browser.conversing import answered, plain, say, titles
from tests.browser.visits import PHONE, Visits

QUESTION = "concert ce week-end à Lyon"
NARROW = {"width": 320, "height": 640}


def test_without_script_a_question_is_a_form_and_its_answer_a_page(
    visit: Visits, tmp_path: Path
) -> None:
    """Form, results, a chip as a link, an order, more of the same, the event's page, its calendar."""
    page = visit(java_script_enabled=False)
    page.locator("#q").fill("que faire ce week-end à Lyon")
    page.locator(".send").click()
    expect(page.locator(".card").first).to_be_visible()
    before = page.locator(".card").count()
    page.locator(".more a").click()
    assert page.locator(".card").count() > before
    page.get_by_role("link", name="date", exact=True).click()
    expect(page.locator(".orders [aria-current]")).to_have_text("date")
    page.locator(".chip", has_text="Lyon").locator("a").click()
    expect(page.locator(".chip", has_text="Lyon")).to_have_count(0)
    page.get_by_role("link", name="Tout rétablir").click()
    expect(page.locator(".chip", has_text="Lyon")).to_have_count(1)
    title = plain(page.locator(".card h3").first.inner_text())
    page.locator(".card h3 a").first.click()
    expect(page.locator("h1")).to_have_text(
        title.replace(" :", "\N{NO-BREAK SPACE}:"), use_inner_text=True
    )
    with page.expect_download() as downloading:
        page.locator("a.button[href*='calendar.ics']").click()
    downloading.value.save_as(tmp_path / "event.ics")
    calendar = Calendar.from_ical((tmp_path / "event.ics").read_bytes())
    assert isinstance(calendar, Calendar)
    assert calendar.events


def test_without_script_nothing_that_needs_one_is_shown(visit: Visits) -> None:
    """A button that does nothing is a lie."""
    page = visit("/?q=concert%20%C3%A0%20Lyon", java_script_enabled=False)
    for dead in (
        "[data-thumb]",
        "[data-follow]",
        "[data-refine]",
        "[data-near-me]",
        "[data-open-map]",
        "[data-more]",
        "[data-stop]",
    ):
        assert not [one for one in page.locator(dead).all() if one.is_visible()], dead
    expect(page.locator(".map-panel")).to_be_hidden()


def test_the_main_journey_needs_only_a_keyboard(visit: Visits) -> None:
    """Ask, refine, open a card's menu, read an event, come back: Tab, Enter and Escape alone."""
    page = visit()
    tab_to(page, ".skip", backwards=True)
    press(page, "Enter")
    tab_to(page, "#q")
    page.keyboard.type(QUESTION)
    press(page, "Enter")
    turn = answered(page, 1)
    expect(page.locator("#q")).to_be_focused()

    tab_to(page, "[data-refine]:not(.chip-words)", backwards=True)
    press(page, "Enter")
    expect(turn.locator("dialog")).to_be_visible()
    expect(turn.locator("dialog [name=topic]")).to_be_focused()
    press(page, "Escape")
    expect(turn.locator("dialog")).to_be_hidden()
    expect(turn.locator("[data-refine]:not(.chip-words)")).to_be_focused()
    press(page, "Enter")
    tab_to(page, "[name=free]")
    press(page, "Space")
    press(page, "Enter")
    changed = answered(page, 2)
    assert "ratuit" in changed.locator(".chips").inner_text()

    tab_to(page, ".turn.is-current .menu summary")
    press(page, "Enter")
    menu = page.locator(".menu[open]")
    expect(menu.locator("a").first).to_be_visible()
    press(page, "Escape")
    expect(menu).to_have_count(0)

    tab_to(page, ".turn.is-current .card h3 a")
    title = plain(page.evaluate("document.activeElement.textContent"))
    press(page, "Enter")
    page.wait_for_url("**/evenement/*")
    assert plain(page.locator("h1").inner_text()) == title
    page.go_back()
    expect(page.locator(".turn")).to_have_count(2)


def test_focus_is_never_lost_to_the_page(visit: Visits) -> None:
    """After a chip is taken away the keyboard goes on from where it was, not from the top."""
    page = visit()
    turn = say(page, QUESTION)
    turn.locator("[data-without]").first.focus()
    press(page, "Enter")
    answered(page, 2)
    assert page.evaluate("document.activeElement !== document.body")


def test_a_screen_reader_hears_what_comes(visit: Visits) -> None:
    """The count, then the answer, in a polite live region."""
    page = visit()
    say(page, QUESTION)
    heard = plain(page.locator("[data-announce]").inner_text())
    assert "sortie" in heard
    assert "Lyon" in heard
    expect(page.locator("[data-announce]")).to_have_attribute("aria-live", "polite")


@pytest.mark.parametrize("path", ["/", "/moi", "/nulle-part", "/evenement"])
def test_the_page_fits_a_narrow_window(visit: Visits, path: str) -> None:
    """320 px: nothing to push sideways but the strip of cards in itself."""
    page = visit("/" if path == "/evenement" else path, viewport=NARROW)
    if path in {"/", "/evenement"}:
        turn = say(page, QUESTION)
        fits(page)
        turn.locator("[data-refine]").last.click()
        fits(page)
        page.keyboard.press("Escape")
        turn.locator("[data-answer-thumb=down]").click()
        fits(page)
        if path == "/evenement":
            turn.locator(".card h3 a").first.click()
            page.wait_for_url("**/evenement/*")
    fits(page)


def test_without_script_the_page_fits_too(visit: Visits) -> None:
    page = visit("/?q=concert%20%C3%A0%20Lyon", viewport=NARROW, java_script_enabled=False)
    assert titles(page.locator("main"))
    box = page.locator("main").bounding_box()
    assert box is not None
    assert box["width"] <= NARROW["width"]


def test_who_wants_no_movement_gets_none(visit: Visits) -> None:
    """No animation and no smooth scrolling, in styles and scripts alike."""
    page = visit(reduced_motion="reduce", viewport=PHONE)
    say(page, QUESTION)
    moving = page.evaluate(
        "document.getAnimations().filter(each => each.playState === 'running').length"
    )
    assert moving == 0
    pulse = page.locator(".doing").first.evaluate(
        "each => getComputedStyle(each, '::before').animationName"
    )
    assert pulse == "none"


def press(page: Page, key: str) -> None:
    page.keyboard.press(key)


def tab_to(page: Page, selector: str, *, backwards: bool = False) -> None:
    """Tab until there, as far as a person would."""
    for _ in range(80):
        page.keyboard.press("Shift+Tab" if backwards else "Tab")
        if page.evaluate("selector => document.activeElement?.matches(selector)", selector):
            return
    raise AssertionError(f"the keyboard does not reach {selector}")


def fits(page: Page) -> None:
    wide = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    assert wide <= 0
