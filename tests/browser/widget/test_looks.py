"""The assistant in a page of another site: its style and the site's do not meet but where the site says so; all can use it."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from tests.browser.conversing import answered, say
from tests.browser.visits import PHONE
from tests.browser.widget.embedding import WIDGET, Embedded, looks

FOCUSED = """(() => {
    let at = document.activeElement;
    while (at.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
    return at.id || at.classList.item(at.classList.length - 1);
})()"""
AXE_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def violations(page: Page) -> list[str]:
    found = Axe().run(page, options={"runOnly": AXE_RULES}).response["violations"]
    return [f"{one['id']}: {[node['html'][:120] for node in one['nodes']]}" for one in found]


def test_styles_of_the_site_stay_outside(embedded: Embedded) -> None:
    """Neither the site's rules, nor what it lets be inherited, nor its root's letters."""
    plain = embedded()
    rough = embedded(
        style="""html { font-size: 62.5%; --accent: lime; --card: lime }
        body { font: italic 30px/3 monospace; text-transform: uppercase; letter-spacing: 9px; text-align: right; color: red; direction: rtl }
        * { border: 9px solid lime; padding: 20px } .card, .button, .turn, form { display: none !important }
        h3 { font-size: 90px } ul { list-style: square } a { color: lime !important }"""
    )
    names = (
        "color",
        "fontFamily",
        "fontSize",
        "fontStyle",
        "textTransform",
        "letterSpacing",
        "textAlign",
        "borderTopWidth",
        "paddingLeft",
        "direction",
        "display",
    )
    for page in (plain, rough):
        say(page, "concert samedi soir à Lyon")
    for part in (
        ".said",
        ".chip-words",
        ".card",
        ".card h3 a",
        ".card .leaf",
        "#q",
        ".send",
        ".ask",
    ):
        one, other = (looks(page.locator(part).first, *names) for page in (plain, rough))
        assert one == other, part


def test_styles_of_the_assistant_stay_inside(embedded: Embedded) -> None:
    """A site that embeds Puls looks as it did."""
    same = '<p class="card notice">Texte</p><button class="button primary">Bouton</button><a href="#x">Lien</a><h2 class="said">Titre</h2>'
    with_puls = embedded(before=same)
    without = embedded.visit(embedded.site.page("", before=same), at=embedded.site.url)
    names = (
        "color",
        "backgroundColor",
        "fontSize",
        "fontFamily",
        "margin",
        "padding",
        "borderTopColor",
        "display",
        "boxSizing",
    )
    for part in ("body", "p.card", "main > button", "main > a", "h2.said", "h1"):
        one, other = (looks(page.locator(part).first, *names) for page in (with_puls, without))
        assert one == other, part
    assert (
        with_puls.evaluate(
            "getComputedStyle(document.documentElement).getPropertyValue('--accent')"
        )
        == ""
    )
    assert (
        with_puls.evaluate("document.styleSheets.length + document.adoptedStyleSheets.length") == 1
    )


def test_a_site_gives_the_assistant_its_colours_and_its_measures(embedded: Embedded) -> None:
    """By variables and plain rules on the element."""
    page = embedded(
        style="puls-assistant { --accent: #1d5c3f; --card: #f4f7f2; font-size: 20px; height: 400px; --font: serif }"
    )
    send = looks(page.locator(".send"), "backgroundColor", "width", "fontFamily")
    assert send == {"backgroundColor": "rgb(29, 92, 63)", "width": "55px", "fontFamily": "serif"}
    box = page.locator("puls-assistant").bounding_box()
    assert box is not None
    assert box["height"] == 400


@pytest.mark.parametrize(
    ("browser_wants", "scheme", "is_dark"),
    [
        ("dark", None, True),
        ("light", None, False),
        ("dark", "light", False),
        ("light", "dark", True),
    ],
)
def test_dark_follows_the_visitor_unless_the_site_says_otherwise(
    embedded: Embedded, browser_wants: str, scheme: str | None, is_dark: bool
) -> None:
    """A site that is only light would have a black hole in it."""
    element = f'<puls-assistant scheme="{scheme}"></puls-assistant>' if scheme else WIDGET
    page = embedded(element, color_scheme=browser_wants)
    look = looks(page.locator("puls-assistant"), "backgroundColor", "colorScheme")
    assert look["backgroundColor"] == ("rgb(19, 17, 24)" if is_dark else "rgb(250, 248, 245)")
    assert look["colorScheme"] == (scheme or "light dark")


def test_everything_is_done_by_keyboard(embedded: Embedded) -> None:
    """In, through and out again."""
    page = embedded(
        before='<a href="#before">Avant</a>',
        element=WIDGET + '<a id="after" href="#after">Après</a>',
    )

    def press_until(key: str, name: str, *, most: int = 60) -> None:
        for _ in range(most):
            page.keyboard.press(key)
            if page.evaluate(FOCUSED) == name:
                return
        pytest.fail(f"{name} is not reached: at {page.evaluate(FOCUSED)}")

    page.get_by_role("link", name="Avant").focus()
    press_until("Tab", "q")
    page.keyboard.type("concert samedi soir à Lyon")
    page.keyboard.press("Enter")
    answered(page, 1)
    expect(page.locator("#q")).to_be_focused()
    press_until("Tab", "after")
    press_until("Shift+Tab", "chip-remove")
    page.keyboard.press("Enter")
    changed = answered(page, 2)
    expect(changed).to_be_focused()  # the chip is gone with its turn
    press_until("Tab", "chip-add")
    page.keyboard.press("Enter")
    expect(page.locator("dialog[open]")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("dialog[open]")).to_have_count(0)


@pytest.mark.parametrize(
    "options", [{}, {"color_scheme": "dark", "viewport": PHONE}], ids=["desk, light", "phone, dark"]
)
def test_no_barrier_is_found_by_axe(embedded: Embedded, options: dict[str, Any]) -> None:
    """Invited, answered, refining; in the demo's colours too."""
    page = embedded(**options)
    assert violations(page) == []
    say(page, "concert samedi soir à Lyon")
    assert violations(page) == []
    page.get_by_role("button", name="Affiner").click()
    assert violations(page) == []
    themed = embedded.visit("/themed.html", at=embedded.site.url, **options)
    say(themed, "concert samedi soir à Lyon")
    assert violations(themed) == []
    width = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(width) == 0
