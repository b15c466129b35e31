"""Coming back in Chromium: a search is kept, what is followed is there without a line, nothing of an old version ever is."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from tests.browser.visits import Visits

AN_EVENT = "/v1/search?q=jazz&limit=1"


def controlled(page: Page) -> None:
    """The service worker is there and answers for this page."""
    page.evaluate("navigator.serviceWorker.ready")
    page.wait_for_function("navigator.serviceWorker.controller !== null")


def eventually(page: Page, promise: str) -> None:
    """Wait until what `promise` resolves to is something; ten seconds at most."""
    assert page.evaluate(
        f"(async () => {{ for (let i = 0; i < 200; i++) {{ if (await {promise}) return true; "
        "await new Promise((done) => setTimeout(done, 50)); } return false; })()"
    ), promise


def follow_one(visit: Visits, page: Page) -> str:
    """Follow an event; its title."""
    uid = page.evaluate(
        f"fetch('{AN_EVENT}').then((answer) => answer.json()).then(({{events}}) => events[0].uid)"
    )
    controlled(page)
    page.goto(f"{visit.url}/evenement/{uid}")
    title = page.locator("h1").inner_text()
    page.locator("[data-follow]").first.click()
    eventually(page, "caches.match('/v1/me/followed', {cacheName: 'kept', ignoreVary: true})")
    eventually(page, f"caches.match('/evenement/{uid}', {{ignoreVary: true}})")
    return title


def test_what_one_follows_is_there_without_a_line(visit: Visits) -> None:
    """On the way to the concert there is no network; its page says from when it is."""
    page = visit("/")
    title = follow_one(visit, page)
    page.context.set_offline(True)
    page.goto(f"{visit.url}/moi")
    expect(page.locator("h1")).to_have_text("Hors ligne")
    expect(page.locator("[data-kept] a")).to_have_text(title)
    assert Axe().run(page).violations_count == 0
    page.locator("[data-kept] a").click()
    expect(page.locator("h1")).to_have_text(title)
    expect(page.locator(".notice.offline")).to_contain_text("Hors ligne : page gardée le")
    page.context.set_offline(False)


def test_oubliez_moi_empties_the_device_too(visit: Visits) -> None:
    page = visit("/")
    follow_one(visit, page)
    page.goto(f"{visit.url}/moi")
    page.locator("[data-erase]").click()
    page.locator("[data-erase-now]").click()
    eventually(page, "caches.has('kept').then((is_there) => !is_there)")
    assert [one for one in page.evaluate("caches.keys()") if not one.startswith("shell-")] == []


def test_pages_of_another_version_are_thrown_away(visit: Visits) -> None:
    """A page that asks for scripts which are gone is worse than none."""
    page = visit("/")
    page.evaluate(
        "caches.open('pages-0123456789ab').then((cache) => cache.put('/?q=old', new Response('old')))"
    )
    page.evaluate(
        "navigator.serviceWorker.getRegistration().then((one) => one && one.unregister())"
    )
    page.reload()
    page.evaluate("navigator.serviceWorker.ready")
    eventually(page, "caches.has('pages-0123456789ab').then((is_there) => !is_there)")


@pytest.mark.parametrize("width", [390, 1440])
def test_a_search_is_kept_and_read_again(visit: Visits, width: int) -> None:
    """From the results to « Mon espace » in two taps."""
    page = visit("/?q=jazz à Lyon")
    page.set_viewport_size({"width": width, "height": 844})
    page.locator(".keep-search a").first.click()
    expect(page.locator("input[name=q]")).to_have_value("jazz à Lyon")
    page.get_by_role("button", name="Garder").click()
    expect(page).to_have_url(re.compile(r"/moi#recherches$"))
    saved = page.locator("[data-saved]")
    expect(saved).to_contain_text("rien de neuf")
    assert Axe().run(page).violations_count == 0
    saved.get_by_role("button", name="Supprimer").click()
    expect(page.locator("[data-saved]")).to_have_count(0)


def test_the_last_message_is_changed_and_an_answer_copied(visit: Visits) -> None:
    page = visit("/?q=jazz à Lyon")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copier la réponse").click()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("jazz à Lyon")
    assert "http" in copied
    page.get_by_role("button", name="Modifier ma demande").click()
    expect(page.locator("#q")).to_have_value("jazz à Lyon")
    page.locator("#q").fill("théâtre à Paris")
    page.locator("#q").press("Enter")
    expect(page.locator(".said").first).to_have_text("théâtre à Paris")
    expect(page.locator(".turns .turn")).to_have_count(1)


def test_dictation_asks_before_the_first_word(visit: Visits) -> None:
    """Whoever says no has said nothing to anybody."""
    page = visit("/")
    speak = page.locator("[data-speak]")
    if speak.count() == 0:
        pytest.skip("this Chromium has no speech recognition")
    speak.click()
    expect(page.locator("dialog.sheet")).to_contain_text("peut envoyer votre voix")
    assert Axe().run(page).violations_count == 0
    page.locator("dialog.sheet").get_by_role("button", name="Annuler").click()
    assert page.evaluate("localStorage.getItem('puls dictation')") is None


def test_on_paper_there_is_no_box_to_type_in(visit: Visits) -> None:
    page = visit("/?q=jazz à Lyon")
    page.emulate_media(media="print")
    expect(page.locator(".ask")).to_be_hidden()
    expect(page.locator(".card h3").first).to_be_visible()
