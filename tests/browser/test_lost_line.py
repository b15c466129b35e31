"""A phone in the metro: what the page does when the line goes, and comes back."""

import re

from playwright.sync_api import Page, expect
from tests.browser.conversing import answered, conversation_of, say, titles
from tests.browser.line import Line
from tests.browser.served import Served
from tests.browser.visits import Visits

QUESTION = "concert ce week-end à Lyon"


def send(page: Page, text: str) -> None:
    page.locator("#q").fill(text)
    page.locator("#q").press("Enter")


def test_a_turn_cut_half_way_is_taken_up_again(visit: Visits, served: Served, line: Line) -> None:
    """The same turn, told again from its beginning: one answer on the page, one turn in the tables."""
    page = visit(at=line.url)
    line.cut_after = b"event: token"
    send(page, QUESTION)
    turn = answered(page, 1)
    assert line.cuts == 1
    assert len(set(titles(turn))) == len(titles(turn)) > 0
    whole = visit()
    told = say(whole, QUESTION)
    same = (told.locator(".answer").inner_text(), titles(told))
    assert (turn.locator(".answer").inner_text(), titles(turn)) == same
    stored = served.rows("SELECT state FROM turn WHERE conversation_id = %s", conversation_of(page))
    assert [row["state"] for row in stored] == ["finished"]


def test_a_first_turn_cut_before_its_cookie_is_kept_is_still_one_turn(
    visit: Visits, served: Served, line: Line
) -> None:
    """The very first bytes give the visitor a cookie; lost before them, the message simply begins again."""
    page = visit(at=line.url)
    line.cut_after = b"event: wish"
    send(page, QUESTION)
    turn = answered(page, 1)
    assert titles(turn)
    stored = served.rows("SELECT state FROM turn WHERE conversation_id = %s", conversation_of(page))
    assert len(stored) == 1


def test_when_puls_is_away_a_sentence_says_so_and_retry_works(visit: Visits, line: Line) -> None:
    """No spinner for ever, no message lost: what was said stays and is sent again by one tap."""
    page = visit(at=line.url)
    page.clock.install()
    line.is_down = True
    send(page, QUESTION)
    turn = page.locator(".turn").first
    expect(turn.locator(".doing")).to_have_text("Connexion perdue, je reprends…")
    for _ in range(6):
        page.clock.run_for(10_000)
        page.wait_for_timeout(150)
    notice = turn.locator(".notice")
    expect(notice).to_contain_text("La connexion ne revient pas.")
    expect(turn.locator(".said")).to_have_text(QUESTION)
    expect(page.locator(".send")).to_be_visible()
    line.is_down = False
    notice.get_by_role("button", name="Réessayer").click()
    answered(page, 1)
    assert titles(turn)
    expect(turn.locator(".notice")).to_have_count(0)


def test_it_goes_on_by_itself_when_the_line_is_back(visit: Visits, line: Line) -> None:
    """A tunnel is no reason to tap anything."""
    page = visit(at=line.url)
    line.is_down = True
    send(page, QUESTION)
    expect(page.locator(".doing")).to_have_text("Connexion perdue, je reprends…")
    line.is_down = False
    assert titles(answered(page, 1))


def test_offline_is_called_offline(visit: Visits) -> None:
    """The phone knows; so does the page, and it goes on when the network is back."""
    page = visit()
    page.context.set_offline(True)
    send(page, QUESTION)
    expect(page.locator(".doing")).to_contain_text("Vous êtes hors ligne")
    page.context.set_offline(False)
    assert titles(answered(page, 1))


def test_an_answer_is_stopped_and_what_is_there_stays(visit: Visits, line: Line) -> None:
    """Enough read: the button ends it at once and the next message can go."""
    page = visit(at=line.url)
    line.hold_after = b"event: events"
    send(page, QUESTION)
    expect(page.locator("[data-stop]")).to_be_visible()
    expect(page.locator(".send")).to_be_hidden()
    expect(page.locator(".chip").first).to_be_visible()
    page.locator("[data-stop]").click()
    expect(page.locator(".send")).to_be_visible()
    expect(page.locator(".doing")).to_be_hidden()
    expect(page.locator(".chip").first).to_be_visible()
    expect(page.locator(".notice")).to_have_count(0)
    line.let_go()
    send(page, "expo à Nantes")
    assert titles(answered(page, 2))


def test_a_new_message_takes_the_place_of_one_being_answered(visit: Visits, line: Line) -> None:
    """Nobody waits for an answer they no longer want; it does not spill into the next one."""
    page = visit(at=line.url)
    line.hold_after = b"event: events"
    send(page, QUESTION)
    expect(page.locator(".chip").first).to_be_visible()
    line.let_go()
    send(page, "expo à Nantes")
    turn = answered(page, 2)
    assert all("Lyon" not in place for place in turn.locator(".place").all_inner_texts())


def test_a_button_that_could_not_be_kept_says_so(visit: Visits, line: Line) -> None:
    """A like that is not stored must not look stored."""
    page = visit(at=line.url)
    turn = say(page, QUESTION)
    line.is_down = True
    like = turn.locator(".card [data-follow]").first
    like.click()
    expect(like).to_have_attribute("title", re.compile("Cela n'a pas pu être enregistré"))
    expect(like).to_have_attribute("aria-pressed", "false")
    line.is_down = False
    like.click()
    expect(like).to_have_attribute("aria-pressed", "true")
