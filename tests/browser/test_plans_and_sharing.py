"""Plans, comparisons, weeks, and what others may read by a link."""

import re
from pathlib import Path

from icalendar import Calendar
from playwright.sync_api import expect
from tests.browser.conversing import answered, plain, say
from tests.browser.visits import PHONE, Visits

PLAN = "samedi : une expo l'après-midi puis un concert le soir, à Lyon, moins de 60 € à deux"


def test_a_plan_is_a_timeline_whose_stops_can_be_changed(visit: Visits, tmp_path: Path) -> None:
    """Hours, venues, prices, the free hours between; one tap changes a stop, one file holds it all."""
    page = visit(viewport=PHONE)
    turn = say(page, PLAN)
    plan = turn.locator(".plan").first
    expect(plan.locator(".timeline-stop")).to_have_count(2)
    assert re.search(r"\d+ h( \d\d)? libres", plain(plan.locator(".timeline-gap").inner_text()))
    for stop in plan.locator(".timeline-stop .hint").all():
        assert "€" in stop.inner_text()
    first, second = (plain(one) for one in plan.locator("h3").all_inner_texts())
    with page.expect_download() as downloading:
        plan.locator(".plan-actions a[download]").click()
    downloading.value.save_as(tmp_path / "plan.ics")
    calendar = Calendar.from_ical((tmp_path / "plan.ics").read_bytes())
    assert isinstance(calendar, Calendar)
    assert len(calendar.events) == 2
    way = plan.locator(".plan-actions a[target]").get_attribute("href") or ""
    assert way.count("45.7") == 2
    plan.locator(".timeline-change button").last.click()
    changed = answered(page, 2).locator(".plan").first
    titles = [plain(one) for one in changed.locator("h3").all_inner_texts()]
    assert titles[0] == first
    assert titles[1] != second
    page.reload()  # the plan is part of the conversation
    again = page.locator(".turn").last.locator(".timeline-stop h3")
    assert [plain(one) for one in again.all_inner_texts()] == titles


def test_a_shared_plan_is_read_by_a_friend_until_it_is_taken_back(visit: Visits) -> None:
    """By a link, in another browser without a script, to read only."""
    page = visit()
    turn = say(page, PLAN)
    titles = turn.locator(".plan").first.locator("h3").all_inner_texts()
    turn.locator(".plan-share button").first.click()
    page.wait_for_url("**/partages/*")
    link = page.locator("[data-link]").get_attribute("href") or ""
    friend = visit(at=link, path="", java_script_enabled=False)
    assert friend.locator(".timeline-stop h3").all_inner_texts() == titles
    expect(friend.locator("button:visible, form:visible")).to_have_count(0)
    assert friend.context.cookies() == []
    page.get_by_role("button", name="Ne plus partager").click()
    page.wait_for_url("**/moi#shares")
    friend.reload()
    expect(friend.locator("h1")).to_have_text("Ce lien ne mène plus à rien.")


def test_a_conversation_is_shared_by_choice_and_private_otherwise(visit: Visits) -> None:
    """Its own address tells others that it is private; the link shows it as it stood."""
    page = visit()
    turn = say(page, "concert ce week-end à Lyon")
    address = page.url
    stranger = visit(at=address, path="")
    expect(stranger.locator("h1")).to_have_text("Cette conversation est privée.")
    link = turn.locator(".share-conversation")
    link.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/partages/nouveau*")
    expect(page.locator(".shared-questions")).to_contain_text("concert ce week-end à Lyon")
    page.get_by_role("button", name="Créer le lien").press("Enter")
    page.wait_for_url(re.compile(r"/partages/[0-9a-f-]{36}"))
    shared = page.locator("[data-link]").get_attribute("href") or ""
    page.goto(address)
    say(page, "et gratuit ?")
    stranger.goto(shared)
    expect(stranger.locator(".shared-turn")).to_have_count(1)
    expect(stranger.locator(".mini").first).to_be_visible()


def test_two_events_are_set_side_by_side_in_a_table(visit: Visits) -> None:
    """One compares lines, not sentences; on a phone too, without scrolling the page sideways."""
    page = visit(viewport=PHONE)
    say(page, "concert ce week-end à Lyon")
    turn = say(page, "compare les deux premiers")
    table = turn.locator(".comparison table")
    expect(table.locator("thead th")).to_have_count(2)
    rows = [plain(one) for one in table.locator("tbody th").all_inner_texts()]
    assert {"Quand", "Où", "Prix"} <= set(rows)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_any_answer_has_its_week(visit: Visits) -> None:
    """Day by day, from one week to the next and back to the list."""
    page = visit()
    turn = say(page, "concert à Lyon")
    turn.locator(".week-link").click()
    page.wait_for_url("**/semaine?**")
    expect(page.locator(".week-day li").first).to_be_visible()
    page.locator("a[rel=next]").click()
    expect(page.locator(".week-days .week-day")).to_have_count(7)
    page.locator(".week-day li a").first.click()
    page.wait_for_url("**/evenement/*")
    expect(page.locator(".back a")).to_have_attribute("href", re.compile("^/semaine"))
