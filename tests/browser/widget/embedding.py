"""What tests of the widget do with a page that embeds it."""

import json
from typing import Any

from playwright.sync_api import Locator, Page, expect
from tests.browser.visits import Visits
from tests.browser.widget.site import Site

HOSTILE = "Concert </h3><img src=x onerror=alert(1)><script>alert(2)</script> {{7*7}} \u202egnp.exe"
WIDGET = "<puls-assistant></puls-assistant>"


class Embedded:
    """`embedded(element)` is a page of the site with it, once the assistant is there."""

    def __init__(self, site: Site, visit: Visits) -> None:
        self.site, self.visit = site, visit

    def __call__(
        self, element: str = WIDGET, *, style: str = "", before: str = "", **options: Any
    ) -> Page:
        page = self.visit(
            self.site.page(element, style=style, before=before), at=self.site.url, **options
        )
        expect(page.locator("#q")).to_be_visible()
        return page


def kept(page: Page) -> dict[str, str]:
    """What the tab keeps for the site."""
    found: dict[str, str] = json.loads(page.evaluate("JSON.stringify({...sessionStorage})"))
    return found


def looks(place: Locator, *names: str) -> dict[str, str]:
    found: dict[str, str] = place.evaluate(
        "(it, names) => Object.fromEntries(names.map(name => [name, getComputedStyle(it)[name]]))",
        list(names),
    )
    return found
