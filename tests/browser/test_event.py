"""An event's page as people use it: two taps to book, by thumb, by keyboard and without a script; nothing asked of others before a tap."""

import re
from pathlib import Path

from icalendar import Calendar
from playwright.sync_api import Page, expect
from tests.browser.conversing import plain, say
from tests.browser.served import Served
from tests.browser.visits import PHONE, Visits

QUESTION = "concert ce week-end à Lyon"


def with_registration(served: Served) -> str:
    """An event to come that one books on a page of its own."""
    row, *_ = served.rows(
        "SELECT uid FROM event WHERE registration @> '[[\"link\"]]' OR registration::text LIKE '%%\"link\"%%' "
        "ORDER BY uid LIMIT 1"
    )
    return str(row["uid"])


def open_first(page: Page) -> None:
    turn = say(page, QUESTION)
    turn.locator(".card h3 a").first.click()
    page.wait_for_url("**/evenement/*")


def test_from_an_answer_one_tap_leads_to_where_one_books(visit: Visits) -> None:
    """The second tap is the booking itself, under the thumb without scrolling."""
    page = visit(viewport=PHONE)
    open_first(page)
    first = page.locator(".first-action a")
    expect(first).to_be_in_viewport()
    expect(first).to_have_text(re.compile("Réserver|réservation"))
    assert (first.get_attribute("href") or "").endswith("/reserver")


def test_booking_passes_by_puls_and_arrives_at_the_organisers(
    visit: Visits, served: Served
) -> None:
    """A redirect that needs no script; what Puls is told is that somebody went."""
    uid = with_registration(served)
    page = visit(f"/evenement/{uid}", java_script_enabled=False)
    expect(page.locator(".first-action a")).to_have_text(re.compile("Réserver"))
    answer = page.request.get(f"{visit.url}/evenement/{uid}/reserver", max_redirects=0)
    assert answer.status == 302
    assert not answer.headers["location"].startswith(visit.url)
    counted = page.request.get(f"{visit.url}/metrics").text()
    assert re.search(r'puls_bookings_total\{to="registration"\} [1-9]', counted)


def test_nobody_else_is_asked_before_the_visitor_taps(visit: Visits) -> None:
    """No map, no font, no picture of others: the page is fetched from Puls alone; then the map, when it is wanted."""
    context = visit.context(viewport=PHONE)
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(visit.url)
    open_first(page)
    page.locator(".fold summary", has_text="Itinéraire").click()
    ways = [one.get_attribute("href") or "" for one in page.locator(".fold a[target]").all()]
    assert any("travelmode=transit" in way for way in ways)
    assert any("osrm_foot" in way for way in ways)
    assert any("osrm_car" in way for way in ways)
    page.keyboard.press("Escape")
    assert [url for url in asked if not url.startswith(visit.url)] == []
    page.locator("[data-show-map]").click()
    expect(page.locator(".small-map .pin")).to_be_visible()
    expect(
        page.locator(".small-map .map-said")
    ).to_be_visible()  # its background is out of reach here, and it says so


def test_a_position_that_was_shared_goes_on_to_the_event(visit: Visits) -> None:
    """The distance under the title, the way from there; in this tab only, and in no address."""
    context = visit.context(
        geolocation={"latitude": 45.7640, "longitude": 4.8357}, permissions=["geolocation"]
    )
    page = visit(within=context)
    page.locator("[data-near-me]").click()
    page.locator(".turn .card h3 a").first.click()
    page.wait_for_url("**/evenement/*")
    expect(page.locator("[data-distance]")).to_have_text(re.compile(r"à [\d,]+.(m|km)"))
    ways = page.locator("[data-from-here]")
    assert all("4.836" in (one.get_attribute("href") or "") for one in ways.all())
    assert "lat" not in page.url
    other = visit("/evenement/" + page.url.rsplit("/", 1)[1], within=context)
    expect(other.locator("[data-distance]")).to_be_hidden()


def test_keep_is_one_thing_on_cards_pages_and_in_ones_own_space(
    visit: Visits, served: Served
) -> None:
    """Heart and bookmark were two ways of liking; a keep in an answer still counts as its thumb up."""
    page = visit()
    turn = say(page, QUESTION)
    card = turn.locator(".card").first
    expect(card.locator("[aria-pressed]")).to_have_count(2)  # keep, and not for me
    card.locator("summary").click()
    card.locator("[data-thumb=down]").click()
    expect(card).to_have_class(re.compile("is-unwanted"))
    card.locator("[data-follow]").click()
    expect(card.locator("[data-follow]")).to_have_attribute("aria-pressed", "true")
    expect(card).not_to_have_class(re.compile("is-unwanted"))
    uid = card.get_attribute("data-uid")
    answered = turn.get_attribute("data-turn")
    (thumb,) = served.rows(
        "SELECT thumb FROM feedback WHERE uid = %s AND turn_id::text = %s", uid, answered
    )
    assert thumb["thumb"] == "up"
    card.locator("h3 a").click()
    keep = page.locator(".keep")
    expect(keep).to_have_text("Gardé")
    keep.click()
    expect(keep).to_have_text("Garder")
    page.goto(f"{visit.url}/moi")
    expect(page.locator("[data-followed]")).to_have_count(0)


def test_back_leads_to_the_list_as_it_was(visit: Visits) -> None:
    """Nothing is asked again: the conversation has as many turns as before."""
    page = visit()
    open_first(page)
    conversation = page.locator(".back a").get_attribute("href") or ""
    assert conversation.startswith("/c/")
    page.locator(".back a").click()
    page.wait_for_url(f"**{conversation}")
    expect(page.locator(".turn")).to_have_count(1)


def test_without_a_script_everything_is_a_link(visit: Visits, tmp_path: Path) -> None:
    """Folds open, calendar and venue are addresses, what needs a script is not there."""
    page = visit("/?q=concert+%C3%A0+Lyon", java_script_enabled=False)
    page.locator(".card h3 a").first.click()
    expect(page.locator(".back a")).to_have_text(re.compile("Revenir à la liste"))
    for dead in ("[data-follow]", "[data-show-map]"):
        expect(page.locator(dead).first).to_be_hidden()
    page.locator(".fold summary", has_text="Itinéraire").click()
    expect(page.locator(".fold a[target]").first).to_be_visible()
    with page.expect_download() as downloading:
        page.locator(".dates .to-calendar").first.click()
    downloading.value.save_as(tmp_path / "day.ics")
    calendar = Calendar.from_ical((tmp_path / "day.ics").read_bytes())
    assert isinstance(calendar, Calendar)
    assert len(calendar.events) == 1
    name = plain(page.locator(".event-place a").inner_text())
    page.locator(".event-place a").click()
    expect(page.locator("h1")).to_have_text(name)
    expect(page.locator(".mini").first).to_be_visible()


def test_a_keyboard_reaches_and_leaves_each_action(visit: Visits) -> None:
    """In the order of the page; Escape closes what was opened and stays there."""
    page = visit()
    open_first(page)
    page.locator(".first-action a").focus()
    page.keyboard.press("Tab")
    while "Itinéraire" not in page.evaluate("document.activeElement.textContent"):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert "travelmode=transit" in page.evaluate("document.activeElement.href")
    page.keyboard.press("Escape")
    expect(page.locator(".fold[open]")).to_have_count(0)
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"


def test_an_event_without_a_picture_shows_its_poster(visit: Visits) -> None:
    """Drawn, loaded, in the colours of the scheme; the same on every visit."""
    page = visit()
    open_first(page)
    picture = page.locator(".event-picture img")
    assert (picture.get_attribute("src") or "").startswith("/affiche/")
    assert picture.evaluate("img => img.complete && img.naturalWidth > 0")
    expect(page.locator(".mini img").first).to_be_attached()
