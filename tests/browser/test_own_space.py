"""What Puls keeps of somebody: asked once, seen, corrected, taken back."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from tests.browser.conversing import answered, conversation_of, say, titles
from tests.browser.served import Served
from tests.browser.visits import Visits

TOLD = "j'habite Nantes et j'ai deux enfants de 4 et 7 ans"
PERSONAL = (
    "visitor", "consent", "conversation", "turn", "turn_event", "feedback", "preference", "followed_event",
    "survey_answer",
)  # fmt: skip


def visitor_of(page: Page, served: Served) -> str:
    (row,) = served.rows("SELECT visitor_id FROM conversation WHERE id = %s", conversation_of(page))
    return str(row["visitor_id"])


def kept(served: Served, visitor: str) -> dict[str, int]:
    """How many rows each table holds of this visitor."""
    found = {}
    for table in PERSONAL:
        column = "id" if table == "visitor" else "visitor_id"
        (row,) = served.rows(f"SELECT count(*) FROM {table} WHERE {column} = %s", visitor)
        found[table] = row["count"]
    return found


def test_consent_is_asked_once_and_yes_is_remembered(visit: Visits, served: Served) -> None:
    """In plain words, with two equal answers; what was just said counts from now on."""
    page = visit()
    turn = say(page, TOLD)
    asked = turn.locator("[data-consent=preferences]")
    expect(asked.locator("button")).to_have_count(2)
    asked.locator("[data-agree=true]").click()
    expect(turn.locator(".notice[role=status]")).to_contain_text("C'est noté.")
    again = say(page, "et j'aime le jazz")
    expect(again.locator("[data-consent]")).to_have_count(0)
    visitor = visitor_of(page, served)
    assert kept(served, visitor)["preference"] >= 3
    page.goto(f"{visit.url}/moi")
    for words in ("Nantes", "4", "7", "jazz"):
        expect(page.locator(".remembered")).to_contain_text(words)


def test_a_refusal_costs_nothing_and_is_not_asked_again(visit: Visits, served: Served) -> None:
    """The same answer, nothing kept, and no second question, also after a reload."""
    page = visit()
    turn = say(page, TOLD)
    assert turn.locator(".card, .answer p").count()
    turn.locator("[data-agree=false]").click()
    expect(turn.locator(".notice[role=status]")).to_contain_text("je ne retiens rien")
    page.reload()
    again = say(page, TOLD)
    expect(again.locator("[data-consent]")).to_have_count(0)
    assert kept(served, visitor_of(page, served))["preference"] == 0


def test_what_is_known_is_corrected_and_forgotten_by_hand(visit: Visits) -> None:
    """« Mon espace » shows what is kept after each change, not what was typed."""
    page = visit()
    say(page, TOLD).locator("[data-agree=true]").click()
    say(page, "concert ce week-end")
    page.locator("a[href^='/moi']").click()
    form = page.locator("[data-preferences]")
    assert form.locator("[name=home]").input_value() == "Nantes"
    form.locator("[name=home]").fill("Rennes")
    form.locator("[name=children]").fill("5, 8")
    form.locator("[name=likes]").fill("jazz, cirque")
    form.locator("[name=max_price]").fill("25")
    form.locator("[name=moments][value=weekend]").check()
    form.locator("button[type=submit]").click()
    remembered = page.locator(".remembered")
    for words in ("Rennes", "5", "8", "jazz", "cirque", "25"):
        expect(remembered).to_contain_text(words)
    expect(remembered).not_to_contain_text("Nantes")
    remembered.locator("li", has_text="Rennes").locator("[data-forget]").click()
    expect(page.locator(".remembered")).not_to_contain_text("Rennes")
    expect(page.locator(".remembered")).to_contain_text("jazz")


def test_taking_consent_back_takes_everything_back(visit: Visits, served: Served) -> None:
    """A tick away is a promise kept at once."""
    page = visit()
    say(page, TOLD).locator("[data-agree=true]").click()
    expect(page.locator(".notice[role=status]")).to_be_visible()
    visitor = visitor_of(page, served)
    assert kept(served, visitor)["preference"]
    page.goto(f"{visit.url}/moi")
    page.locator("[data-consents] [name=preferences]").uncheck()
    expect(page.locator(".remembered")).to_have_count(0)
    assert kept(served, visitor)["preference"] == 0


def test_forget_me_leaves_no_row(visit: Visits, served: Served) -> None:
    """Everything of the visitor, in every table, and the cookie with it."""
    page = visit()
    say(page, TOLD).locator("[data-agree=true]").click()
    turn = say(page, "concert ce week-end à Lyon")
    turn.locator("[data-follow]").first.click()
    expect(turn.locator("[data-follow]").first).to_have_attribute("aria-pressed", "true")
    visitor = visitor_of(page, served)
    before = kept(served, visitor)
    assert before["turn"] == 2
    assert before["feedback"] == before["followed_event"] == 1
    page.goto(f"{visit.url}/moi")
    page.locator("[data-erase]").click()
    page.locator("[data-erase-now]").click()
    expect(page.locator("[data-said]")).to_contain_text("C'est effacé.")
    assert kept(served, visitor) == dict.fromkeys(PERSONAL, 0)
    assert page.context.cookies() == []
    page.reload()
    expect(page.locator(".conversations li")).to_have_count(0)


def test_everything_is_exported(visit: Visits, tmp_path: Path) -> None:
    """A file that another service could read."""
    page = visit()
    say(page, "concert ce week-end à Lyon")
    page.goto(f"{visit.url}/moi")
    with page.expect_download() as downloading:
        page.locator("a[href='/v1/me/export']").click()
    downloading.value.save_as(tmp_path / "puls.json")
    assert "concert ce week-end à Lyon" in json.dumps(
        json.loads((tmp_path / "puls.json").read_text()), ensure_ascii=False
    )


def test_a_conversation_is_renamed_and_deleted(visit: Visits, served: Served) -> None:
    """The list is the visitor's own to tidy."""
    page = visit()
    say(page, "concert ce week-end à Lyon")
    conversation = conversation_of(page)
    page.goto(f"{visit.url}/moi")
    page.locator("[data-rename]").click()
    page.locator(".rename [name=title]").fill("Samedi avec Ada")
    page.locator(".rename [name=title]").press("Enter")
    expect(page.locator(".conversations a")).to_have_text("Samedi avec Ada")
    page.locator("[data-delete]").click()
    expect(page.locator(".conversations")).to_have_count(0)
    assert served.rows("SELECT 1 FROM turn WHERE conversation_id = %s", conversation) == []


def test_a_thumb_down_says_why(visit: Visits, served: Served) -> None:
    """The reason is what makes a thumb worth reading."""
    page = visit()
    turn = say(page, "concert ce week-end à Lyon")
    turn.locator("[data-answer-thumb=down]").click()
    reasons = turn.locator("[data-feedback-form]")
    expect(reasons).to_be_visible()
    reasons.get_by_label("Trop cher").check()
    reasons.locator("[name=comment]").fill("tout est à plus de 20 €")
    reasons.locator("button[type=submit]").click()
    expect(turn.locator(".feedback-said").first).to_have_text("Merci !")
    (row,) = served.rows(
        "SELECT thumb, reason, reason_code FROM feedback JOIN turn ON turn.id = turn_id"
        " WHERE conversation_id = %s",
        conversation_of(page),
    )
    assert row == {
        "thumb": "down",
        "reason": "tout est à plus de 20 €",
        "reason_code": "too_expensive",
    }


def test_a_thumb_up_is_enough(visit: Visits, served: Served) -> None:
    """No form for who is content."""
    page = visit()
    turn = say(page, "concert ce week-end à Lyon")
    turn.locator("[data-answer-thumb=up]").click()
    expect(turn.locator(".feedback-said").first).to_have_text("Merci !")
    expect(turn.locator("[data-feedback-form]")).to_be_hidden()
    (row,) = served.rows(
        "SELECT thumb FROM feedback JOIN turn ON turn.id = turn_id WHERE conversation_id = %s",
        conversation_of(page),
    )
    assert row["thumb"] == "up"


def test_an_event_that_is_not_for_me_steps_back(visit: Visits) -> None:
    """Said on a card, seen on the card."""
    page = visit()
    turn = say(page, "concert ce week-end à Lyon")
    card = turn.locator(".card").first
    card.locator(".menu summary").click()
    card.locator("[data-thumb=down]").click()
    expect(card.locator("[data-thumb=down]")).to_have_attribute("aria-pressed", "true")
    expect(card).to_have_class(re.compile("is-unwanted"))


def test_an_event_is_followed_from_its_card_and_left_from_my_space(visit: Visits) -> None:
    """Followed on a card is followed on its page; « ne plus suivre » ends it."""
    page = visit()
    turn = say(page, "concert ce week-end à Lyon")
    title = titles(turn)[0]
    turn.locator("[data-follow]").first.click()
    expect(turn.locator("[data-follow]").first).to_have_attribute("aria-pressed", "true")
    turn.locator(".card h3 a").first.click()
    expect(page.locator("[data-follow]")).to_have_attribute("aria-pressed", "true")
    page.goto(f"{visit.url}/moi")
    row = page.locator("[data-followed]")
    expect(row).to_contain_text(title)
    row.locator("[data-unfollow]").click()
    expect(page.locator("[data-followed]")).to_have_count(0)


def test_the_survey_is_answered_by_one_tap(visit: Visits, served: Served) -> None:
    """One question, once per turn, kept for the visitor."""
    page = visit()
    say(page, "concert ce week-end à Lyon")
    turn = say(page, "et à Grenoble ?")
    survey = turn.locator("[data-survey]")
    if survey.count() == 0:
        pytest.skip("no turn of the page asks the survey's question yet")
    survey.get_by_label("4 sur 5").check()
    expect(survey.locator(".feedback-said")).to_have_text("Merci !")
    (row,) = served.rows(
        "SELECT score FROM survey_answer JOIN turn ON turn.id = turn_id WHERE conversation_id = %s",
        conversation_of(page),
    )
    assert row["score"] == 4


def test_visitors_see_nothing_of_each_other(visit: Visits) -> None:
    """Two windows, two people."""
    first = visit()
    say(first, TOLD).locator("[data-agree=true]").click()
    second = visit("/moi")
    expect(second.locator(".remembered")).to_have_count(0)
    expect(second.locator(".conversations li")).to_have_count(0)
    second.goto(visit.url)
    say(second, "concert ce week-end à Lyon")
    answered(first, 1)
