"""What a visitor does in the conversation, as steps of a test."""

from playwright.sync_api import Locator, Page, expect

expect.set_options(timeout=20_000)  # a busy machine is no failure of the page


def say(page: Page, text: str) -> Locator:
    """Type a message and wait for the whole answer: its turn."""
    page.wait_for_load_state()  # Enter sends once the script is there
    before = page.locator(".turn").count()
    page.locator("#q").fill(text)
    page.locator("#q").press("Enter")
    return answered(page, before + 1)


def answered(page: Page, number: int) -> Locator:
    """The last of `number` turns, once it has ended."""
    expect(page.locator(".turn")).to_have_count(number)
    turn = page.locator(".turn").nth(number - 1)
    expect(turn.locator("[data-feedback]")).to_be_attached()
    expect(page.locator(".send")).to_be_visible()
    return turn


def chips(turn: Locator) -> list[str]:
    return [plain(words) for words in turn.locator(".chip-words").all_inner_texts()]


def titles(turn: Locator) -> list[str]:
    return [plain(words) for words in turn.locator(".card h3").all_inner_texts()]


def plain(words: str) -> str:
    """Without the no-break spaces of French typography."""
    return " ".join(words.split())


def conversation_of(page: Page) -> str:
    """The conversation's id, from the address bar."""
    return page.url.split("/c/")[1][:36]
