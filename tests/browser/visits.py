"""Windows of a browser, and what no page should ever do in one."""

from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Dialog, Page, ViewportSize

PHONE = ViewportSize(width=390, height=844)
DESK = ViewportSize(width=1366, height=850)


@dataclass
class Visits:
    """Opens windows, each a visitor of its own unless a context is given, and notes what no page should do."""

    browser: Browser
    url: str
    closing: ExitStack
    problems: list[str] = field(default_factory=list)

    def context(self, **options: Any) -> BrowserContext:
        given = {"viewport": DESK, "locale": "fr-FR", "timezone_id": "Europe/Paris", **options}
        context = self.browser.new_context(**given)
        self.closing.callback(context.close)
        context.on("page", self._watch)
        return context

    def __call__(
        self,
        path: str = "/",
        *,
        at: str | None = None,
        within: BrowserContext | None = None,
        **options: Any,
    ) -> Page:
        page = (within or self.context(**options)).new_page()
        page.goto(f"{at or self.url}{path}")
        return page

    def _watch(self, page: Page) -> None:
        page.on("pageerror", lambda error: self.problems.append(f"error: {error}"))
        page.on("console", self._read)
        page.on("dialog", self._refuse)

    def _read(self, message: ConsoleMessage) -> None:
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.problems.append(message.text)

    def _refuse(self, dialog: Dialog) -> None:
        self.problems.append(f"dialog: {dialog.message}")
        dialog.dismiss()
