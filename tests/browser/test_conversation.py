"""A person talks with Puls: what they say, change and come back to."""

import pytest
from playwright.sync_api import Page, expect
from tests.browser.conversing import answered, chips, conversation_of, plain, say, titles
from tests.browser.served import Served
from tests.browser.visits import PHONE, Visits
from tests.conversation.ten_turns import MESSAGES


def test_ten_turns_are_answered_on_one_page(visit: Visits) -> None:
    """The whole product in one conversation: search, refine, move, ask, compare, plan, tell, correct, stray, overreach."""
    page = visit()
    told = iter(MESSAGES)

    concerts = say(page, next(told))
    assert "Lyon" in " ".join(chips(concerts))
    assert titles(concerts)
    assert all(
        title in plain(concerts.locator(".answer").inner_text()) for title in titles(concerts)
    )

    cheaper = say(page, next(told))
    assert any("15" in chip for chip in chips(cheaper))
    expect(cheaper).to_have_class("turn is-current")
    expect(concerts).to_have_class("turn")

    moved = say(page, next(told))
    assert "Grenoble" in " ".join(chips(moved))
    assert titles(moved) or moved.locator(".offers a").count()

    detail = say(page, next(told))
    (about,) = titles(detail)
    assert about in plain(detail.locator(".answer").inner_text())

    compared = say(page, next(told))
    assert len(titles(compared)) == 2

    outing = say(page, next(told))
    stops = outing.locator(".plan").first.locator(".timeline-stop h3 a")
    assert stops.count() == 2
    assert plain(stops.first.inner_text()) in titles(outing)

    home = say(page, next(told))
    assert "Nantes" in " ".join(chips(home))
    expect(home.locator("[data-consent=preferences]")).to_be_visible()
    home.locator("[data-agree=true]").click()
    expect(home.get_by_text("C'est noté.")).to_be_visible()

    corrected = say(page, next(told))
    assert "Rennes" in " ".join(chips(corrected))

    strayed = say(page, next(told))
    assert not titles(strayed)
    assert "Lima" not in strayed.locator(".answer").inner_text()

    refused = say(page, next(told))
    assert "réserv" in refused.locator(".answer").inner_text()
    assert page.locator(".turn").count() == len(MESSAGES)

    page.goto(f"{visit.url}/moi")
    expect(page.locator(".remembered")).to_contain_text("Rennes")
    expect(page.locator(".remembered")).not_to_contain_text("Nantes")


def test_cards_come_before_the_text_and_what_is_done_is_said(visit: Visits) -> None:
    """On a phone in the street, the first second decides."""
    page = visit("/?q=concert%20ce%20week-end%20%C3%A0%20Lyon", viewport=PHONE)
    answered(page, 1)
    page.evaluate(
        """() => {
            window.seen = [];
            const look = () => {
                const turn = document.querySelectorAll(".turn")[1];
                if (!turn) return;
                const now = [turn.querySelector(".doing").textContent, Boolean(turn.querySelector(".card")),
                             turn.querySelector(".answer").textContent.trim() !== ""].join("|");
                if (window.seen.at(-1) !== now) window.seen.push(now);
            };
            new MutationObserver(look).observe(document.querySelector(".turns"),
                                               {subtree: true, childList: true, characterData: true});
        }"""
    )
    say(page, "expo à Nantes")
    seen = page.evaluate("window.seen")
    states = [tuple(state.split("|")) for state in seen]
    assert any("Nantes" in doing for doing, _, _ in states)
    first_card = next(place for place, state in enumerate(states) if state[1] == "true")
    first_word = next(place for place, state in enumerate(states) if state[2] == "true")
    assert first_card <= first_word
    assert states[-1] == ("", "true", "true")


def test_what_was_understood_is_taken_away_by_its_cross(visit: Visits) -> None:
    """Without typing: the cross of « ce week-end » asks the rest again."""
    page = visit()
    asked = say(page, "que faire gratuitement ce week-end à Lyon")
    free = asked.locator(".chip", has_text="ratuit")
    expect(free).to_have_count(1)
    free.locator("[data-without]").click()
    changed = answered(page, 2)
    assert not [chip for chip in chips(changed) if "ratuit" in chip]
    assert "Lyon" in " ".join(chips(changed))
    assert titles(changed) != titles(asked)
    expect(changed.locator(".said")).not_to_be_empty()


def test_the_sheet_refines_date_place_price_and_ages_at_once(visit: Visits) -> None:
    """What is typed in the sheet is what is searched, and what the sheet shows next time."""
    page = visit()
    turn = say(page, "spectacle à Lille")
    turn.locator("[data-refine]").last.click()
    sheet = turn.locator("dialog")
    expect(sheet).to_be_visible()
    assert sheet.locator("[name=place]").input_value() == "Lille"
    sheet.locator("[name=topic]").fill("atelier")
    sheet.locator("[name=from]").fill("2026-11-21")
    sheet.locator("[name=to]").fill("2026-11-29")
    sheet.locator("[name=place]").fill("Nantes")
    sheet.locator("[name=radius_km]").fill("25")
    sheet.locator("[name=max_price]").fill("20")
    sheet.locator("[name=age]").fill("6")
    sheet.locator("button[type=submit]").click()
    changed = answered(page, 2)
    understood = " ".join(chips(changed))
    for words in ("atelier", "21", "29 nov", "Nantes", "25 km", "20 €", "6 ans"):
        assert words in understood, understood
    changed.locator(".chip-words", has_text="Nantes").click()
    sheet = changed.locator("dialog")
    expect(sheet.locator("[name=place]")).to_be_focused()
    assert sheet.locator("[name=from]").input_value() == "2026-11-21"
    assert sheet.locator("[name=to]").input_value() == "2026-11-29"
    assert sheet.locator("[name=radius_km]").input_value() == "25"
    assert sheet.locator("[name=max_price]").input_value() == "20"
    assert sheet.locator("[name=age]").input_value() == "6"


def test_a_sheet_that_is_given_up_changes_nothing(visit: Visits) -> None:
    """Escape and « Annuler » close it."""
    page = visit()
    turn = say(page, "spectacle à Lille")
    for close in ("Escape", "Annuler"):
        turn.locator("[data-refine]").last.click()
        turn.locator("[name=place]").fill("Nantes")
        if close == "Escape":
            page.keyboard.press("Escape")
        else:
            turn.get_by_role("button", name="Annuler").click()
        expect(turn.locator("dialog")).to_be_hidden()
    assert page.locator(".turn").count() == 1


def test_more_of_the_same_is_one_click(visit: Visits) -> None:
    """« Voir plus » asks for more without a word."""
    page = visit()
    first = say(page, "que faire à Paris")
    shown = len(titles(first))
    first.locator("[data-more]").click()
    more = answered(page, 2)
    assert len(titles(more)) > shown
    assert titles(more)[:3] == titles(first)[:3]


def test_an_example_and_an_offer_are_asked_by_a_click(visit: Visits) -> None:
    """Nothing found is a sentence with a way on, never a dead end."""
    page = visit()
    page.locator(".examples a").first.click()
    answered(page, 1)
    lost = say(page, "théâtre ce soir à Nyons")
    assert not titles(lost)
    offer = lost.locator(".offers a").first
    offered = int(offer.locator("strong").inner_text())
    offer.click()
    cards = answered(page, 3).locator(".card")
    assert cards.filter(has_not_text="Autre chose que ce que vous cherchez").count() == offered


def test_a_conversation_is_there_again_at_its_address(visit: Visits, served: Served) -> None:
    """Reloaded, or opened tomorrow from the history: the same words, cards and chips; it goes on where it stopped."""
    page = visit()
    say(page, "concert ce week-end à Lyon")
    turn = say(page, "et à Grenoble ?")
    before = (titles(turn), chips(turn), plain(turn.locator(".answer").inner_text()))
    page.reload()
    again = page.locator(".turn").last
    expect(page.locator(".turn")).to_have_count(2)
    assert (titles(again), chips(again), plain(again.locator(".answer").inner_text())) == before
    further = say(page, "plutôt gratuit")
    assert "Grenoble" in " ".join(chips(further))
    stored = served.rows(
        "SELECT text, state FROM turn WHERE conversation_id = %s ORDER BY ordinal",
        conversation_of(page),
    )
    assert [row["state"] for row in stored] == ["finished"] * 3


def test_nobody_else_can_open_it(visit: Visits) -> None:
    """An address is not a key."""
    page = visit()
    say(page, "concert ce week-end à Lyon")
    other = visit(f"/c/{conversation_of(page)}")
    expect(other.locator("h1")).to_have_text("Cette conversation est privée.")


def test_the_back_button_leaves_the_conversation_and_comes_back(visit: Visits) -> None:
    """The browser's own buttons do what they do everywhere."""
    page = visit()
    say(page, "concert ce week-end à Lyon")
    address = page.url
    page.go_back()
    expect(page.locator(".welcome")).to_be_visible()
    expect(page.locator(".turn")).to_have_count(0)
    expect(page.locator("#q")).to_be_focused()
    page.go_forward()
    expect(page).to_have_url(address)
    expect(page.locator(".turn .card").first).to_be_visible()


def test_a_question_in_the_address_becomes_a_conversation(visit: Visits) -> None:
    """A link that somebody shared answers at once and can be gone on with."""
    page = visit("/?q=concert%20ce%20week-end%20%C3%A0%20Lyon")
    first = answered(page, 1)
    assert titles(first)
    assert conversation_of(page)
    second = say(page, "et à Grenoble ?")
    assert "Grenoble" in " ".join(chips(second))


def test_the_other_language_is_one_click_and_stays(visit: Visits) -> None:
    """The whole page changes, the conversation goes on, and answers follow."""
    page = visit()
    say(page, "concert ce week-end à Lyon")
    page.locator("a.language").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator(".count").last).to_contain_text("event")
    english = say(page, "et à Grenoble ?")
    assert page.url.endswith("lang=en")
    expect(english.locator("[data-refine]").last).to_have_text("Refine")
    page.locator("a.language").click()
    expect(page.locator("html")).to_have_attribute("lang", "fr")


def test_a_turn_seen_before_can_be_shown_again(visit: Visits) -> None:
    """The board follows the turn that is looked at."""
    page = visit()
    first = say(page, "concert ce week-end à Lyon")
    second = say(page, "expo à Nantes")
    first.locator("[data-show-again]").click()
    expect(first.locator(".card").first).to_be_visible()
    expect(second.locator(".found")).to_be_hidden()


@pytest.mark.parametrize("name", ["Enter", "button"])
def test_an_empty_box_says_nothing(visit: Visits, name: str) -> None:
    page: Page = visit()
    page.locator("#q").fill("   ")
    if name == "Enter":
        page.locator("#q").press("Enter")
    else:
        page.locator(".send").click()
    page.wait_for_timeout(200)
    expect(page.locator(".turn")).to_have_count(0)
