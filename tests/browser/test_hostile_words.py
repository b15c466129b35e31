"""Words of strangers in every place of the page: read as words, never run, never out of their place."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from icalendar import Calendar
from playwright.sync_api import Locator, expect
from tests.browser.conversing import answered, say
from tests.browser.served import Served, serving
from tests.browser.visits import Visits
from tests.embedders import WordHashEmbedder
from tests.serving import LYON, NOW, an_event, save
from tests.ui.event.test_page import HOSTILE

from puls.bootstrap import Puls
from puls.catalogue.event import Attribution, Event, Price, PriceKind
from puls.geo.gazetteer import Gazetteer

RUNS = '<img src=x onerror="window.hacked=1;alert(1)"><script>window.hacked=1</script>'
WORDS = [
    *HOSTILE,
    RUNS,
    "javascript:alert(1)",
    "'-alert(1)-'",
    "${alert(1)}",
    "[a](javascript:alert(1))",
]
REVERSED = "Reversed \u202eelttit"


def hostile_events() -> list[Event]:
    """One event for each trick, the trick in every field that a stranger writes."""
    from dataclasses import replace  # noqa: PLC0415

    return [
        an_event(
            str(number),
            title=f"Concert {words}",
            description=words,
            details=words,
            image_url="https://127.0.0.1:1/no.png",
            image_credits=words,
            venue=replace(LYON, key=f"k{number}", name=words, address=words),
            price=Price(kind=PriceKind.PAID, lowest=5, conditions=words),
            registration=(
                ("link", "javascript:alert(1)"),
                ("link", 'https://example.org/"onclick="alert(1)'),
            ),
            attribution=Attribution(
                source="test", agenda_title=words, url="javascript:alert(1)", licence=words
            ),
        )
        for number, words in enumerate([*WORDS, REVERSED])
    ]


@pytest.fixture(scope="module")
def hostile_url(server_url: str) -> Iterator[str]:
    from tests.conftest import clone  # noqa: PLC0415

    yield from clone(server_url, "template_puls")


@pytest.fixture(scope="module")
def hostile(hostile_url: str, gazetteer: Gazetteer) -> Iterator[Served]:
    async def add(puls: Puls) -> None:
        await save(puls.database, hostile_events())

    with serving(
        hostile_url, gazetteer, embedder=WordHashEmbedder(), prepare=[add], now=NOW
    ) as served:
        yield served


def is_harmless(page_or_turn: Locator) -> None:
    page = page_or_turn.page
    page.wait_for_timeout(150)  # for what would run later
    assert page.evaluate("window.hacked") is None
    assert page.locator("img[onerror], [onclick], main script:not([type])").count() == 0
    assert page.locator("a[href^='javascript:' i]").count() == 0


def test_cards_map_answer_and_details_show_them_as_words(visit: Visits, hostile: Served) -> None:
    """The visit fails on any dialog, script error or breach of the policy."""
    page = visit(at=hostile.url)
    say(page, "concert ce week-end à Lyon")
    turn = page.locator(".turn").last
    while turn.locator("[data-more]").count():
        turn.locator("[data-more]").click()
        turn = answered(page, page.locator(".turn").count())
    is_harmless(turn)
    shown = " ".join(turn.locator(".card h3").all_inner_texts())
    assert "<script>window.hacked=1</script>" in shown
    assert "</script><img" in shown

    expect(page.locator(".leaflet-marker-icon").first).to_be_visible()
    page.locator(".leaflet-marker-icon").first.hover()
    is_harmless(turn)
    page.reload()
    is_harmless(turn)
    for event in hostile_events():
        page.goto(f"{hostile.url}/evenement/{event.uid}")
        is_harmless(page.locator("main"))
        expect(page.locator("h1")).to_contain_text("Concert")
    page.goto(f"{hostile.url}/moi")
    is_harmless(page.locator("main"))


def test_a_pins_tooltip_is_text(visit: Visits, hostile: Served) -> None:
    """Leaflet builds pins from strings: ours hold a number only."""
    page = visit(at=hostile.url)
    say(page, "concert ce week-end à Lyon")
    expect(page.locator(".leaflet-marker-icon").first).to_be_visible()
    group = page.locator(".pin-group").first
    if group.count():
        group.click()
    pins = page.locator(".leaflet-marker-icon.pin:not(.pin-group)")
    expect(pins.first).to_be_visible()
    for words in pins.all_inner_texts():
        assert words.isdigit()
    assert any(pin.get_attribute("title") for pin in pins.all())
    is_harmless(page.locator(".map"))


def test_a_shared_link_is_the_events_own_address(visit: Visits, hostile: Served) -> None:
    """Whatever its title says."""
    context = visit.context(permissions=["clipboard-read", "clipboard-write"])
    context.add_init_script("delete Navigator.prototype.share")
    page = visit(at=hostile.url, within=context)
    turn = say(page, "concert ce week-end à Lyon")
    card = turn.locator(".card").first
    card.locator(".menu summary").click()
    card.locator("[data-share]").click()
    expect(card.locator("[data-share]")).to_contain_text("Lien copié.")
    uid = card.get_attribute("data-uid")
    assert page.evaluate("navigator.clipboard.readText()") == f"{hostile.url}/evenement/{uid}"
    is_harmless(turn)


def test_words_that_turn_the_writing_round_turn_no_others(visit: Visits, hostile: Served) -> None:
    """A right-to-left override in a title must not reverse the sentence around it."""
    page = visit("/?q=concert%20reversed%20%C3%A0%20Lyon", at=hostile.url)
    turn = answered(page, 1)
    link = turn.locator(".answer a", has_text="Reversed").first
    expect(link).to_be_visible()
    runs_on = link.evaluate(
        """link => {
            const after = new Text(" and so it goes on"); // however the composer ends its sentence
            link.after(after);
            const left = at => {
                const range = document.createRange();
                range.setStart(after, at); range.setEnd(after, at + 1);
                return range.getBoundingClientRect().left;
            };
            return left(2) < left(5);
        }"""
    )
    assert runs_on


def test_a_calendar_file_is_read_back(visit: Visits, hostile: Served, tmp_path: Path) -> None:
    """Downloaded as a visitor does; one entry, with the words in it and nothing beside."""
    page = visit(at=hostile.url)
    turn = say(page, "concert ce week-end à Lyon")
    card = turn.locator(".card").first
    card.locator(".menu summary").click()
    with page.expect_download() as downloading:
        card.locator("a[href$='calendar.ics']").click()
    downloading.value.save_as(tmp_path / "event.ics")
    calendar = Calendar.from_ical((tmp_path / "event.ics").read_bytes())
    assert isinstance(calendar, Calendar)
    (entry,) = calendar.events
    assert entry.start == an_event().occurrences[0].starts_at
    assert str(entry["SUMMARY"]).startswith("Concert ")
