"""Plays the demonstration in a page and holds what is seen against what `steps.yaml` promises. Enter at `play`."""

import re
import time
from pathlib import Path

import yaml
from playwright.sync_api import Locator, Page, expect
from pydantic import BaseModel, ConfigDict

STEPS = Path(__file__).with_name("steps.yaml")
_PATIENCE_MS = 20_000  # a busy machine is no failure of the page


class Step(BaseModel):
    """One step: opens an address or says a message; what must then be seen."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    said: str
    sees: list[str]
    open: str = ""
    say: str = ""
    chips: list[str] = []
    cards: int | None = None
    least_cards: int = 0
    stops: int | None = None
    words: str = ""
    asks_consent: bool = False
    picture: bool = False


class Demonstration(BaseModel):
    """The whole, and the seconds it may take."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    limit_seconds: int
    steps: list[Step]


def demonstration() -> Demonstration:
    return Demonstration(**yaml.safe_load(STEPS.read_text(encoding="utf-8")))


def play(page: Page, url: str, *, pictures: Path | None = None) -> float:
    """Plays every step; seconds it took. Raises AssertionError for the first promise that is not seen."""
    began = time.monotonic()
    for step in demonstration().steps:
        if step.open:
            page.goto(f"{url}{step.open}")
        turn = _say(page, step.say) if step.say else None
        if turn is not None:
            _look(turn, step)
        if pictures is not None and step.picture:
            _take(page, turn, pictures / f"{step.id}.png")
    return time.monotonic() - began


def _say(page: Page, text: str) -> Locator:
    """Type a message and wait for the whole answer: its turn."""
    before = page.locator(".turn").count()
    page.locator("#q").fill(text)
    page.locator("#q").press("Enter")
    expect(page.locator(".turn")).to_have_count(before + 1, timeout=_PATIENCE_MS)
    turn = page.locator(".turn").nth(before)
    expect(turn.locator("[data-feedback]")).to_be_attached(timeout=_PATIENCE_MS)
    expect(page.locator(".send")).to_be_visible(timeout=_PATIENCE_MS)
    return turn


def _look(turn: Locator, step: Step) -> None:
    chips = " ".join(turn.locator(".chip-words").all_inner_texts())
    for chip in step.chips:
        assert chip in chips, f"{step.id}: no chip « {chip} » in « {chips} »"
    cards = turn.locator(".card").count()
    assert cards >= step.least_cards, f"{step.id}: {cards} cards"
    assert step.cards is None or cards == step.cards, f"{step.id}: {cards} cards"
    if step.stops is not None:
        stops = turn.locator(".plan").first.locator(".timeline-stop").count()
        assert stops == step.stops, f"{step.id}: {stops} stops"
    if step.words:
        said = turn.locator(".answer").inner_text()
        assert re.search(step.words, said), f"{step.id}: « {said} »"
    if step.asks_consent:
        expect(turn.locator("[data-consent=preferences]")).to_be_visible()


def _take(page: Page, turn: Locator | None, path: Path) -> None:
    if turn is not None:
        turn.evaluate("turn => turn.scrollIntoView({block: 'start'})")
    page.mouse.move(0, 0)
    page.wait_for_timeout(600)  # for the map and pictures to settle
    page.screenshot(path=path, animations="disabled", caret="hide")
