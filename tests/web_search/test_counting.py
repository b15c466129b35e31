"""What operators see of looks on the web: each once, by words that are few, whatever it came to."""

# ruff: noqa: ARG002 # the protocol's names

import asyncio

import pytest
from tests.on_the_web import JAZZ_PAGE, Seen, a_check, a_web_event, looking_at
from tests.serving import NOW, an_event

from puls.geo.gazetteer import Gazetteer
from puls.monitoring import REGISTRY, metrics_page
from puls.outside.page import Accept, FetchError, FetchFailure, Page
from puls.understanding.wish import Wish
from puls.web_search.asked import searched, verified
from puls.web_search.counting import CountedFetcher
from puls.web_search.values import Outcome


def figure(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


def looks(outcome: str) -> float:
    return figure("puls_web_looks_total", why="asked", outcome=outcome)


async def test_a_look_is_counted_by_what_it_came_to(gazetteer: Gazetteer) -> None:
    """Seen, nothing, cut, without an engine, stopped: an alert needs to tell them apart."""
    outcomes = ("seen", "nothing", "cut", "no_provider", "stopped")
    before = [looks(outcome) for outcome in outcomes]
    seconds = figure("puls_web_look_seconds_count")
    checks = figure("puls_web_checks_total", outcome="cancelled", proof="agenda")
    unread = figure("puls_web_checks_total", outcome="not_checked", proof="")
    jazz = an_event("jazz")
    await verified(
        looking_at(Seen(checks={"jazz": a_check("jazz", Outcome.CANCELLED)}), gazetteer), [jazz]
    )
    await verified(looking_at(Seen(), gazetteer), [jazz])
    await verified(looking_at(Seen(delay=1), gazetteer), [jazz], within=0.01)
    wish = Wish(topic="swing")
    await searched(looking_at(Seen(), gazetteer, can_search=False), wish, about="swing")
    endless = looking_at(Seen(pages={JAZZ_PAGE: [a_web_event()]}, delay=9), gazetteer)
    look = asyncio.create_task(searched(endless, wish, about="swing"))
    await asyncio.sleep(0.05)
    look.cancel()
    with pytest.raises(asyncio.CancelledError):
        await look
    gained = [looks(outcome) - start for outcome, start in zip(outcomes, before, strict=True)]
    assert gained == [1, 1, 1, 1, 1]
    assert figure("puls_web_look_seconds_count") == seconds + 5
    assert figure("puls_web_checks_total", outcome="cancelled", proof="agenda") == checks + 1
    assert figure("puls_web_checks_total", outcome="not_checked", proof="") == unread + 2
    assert b"swing" not in metrics_page()


class _OnePage:
    async def page(
        self, url: str, *, within: float, accept: Accept = "page", fresh_for: float = 600.0
    ) -> Page:
        if "robots" in url:
            raise FetchError(FetchFailure.ROBOTS, url)
        return Page(
            url=url, asked_url=url, content_type="text/html", text="", fetched_at=NOW,
            is_cached="cached" in url,
        )  # fmt: skip


async def test_pages_are_counted_by_how_they_were_had() -> None:
    """A site that begins to refuse us shows in a graph, and its address does not."""
    outcomes = ("read", "cached", "robots")
    before = [figure("puls_web_pages_total", outcome=outcome) for outcome in outcomes]
    fetcher = CountedFetcher(_OnePage())
    await fetcher.page("https://jazz.example/", within=1)
    await fetcher.page("https://jazz.example/cached", within=1)
    with pytest.raises(FetchError):
        await fetcher.page("https://jazz.example/robots", within=1)
    after = [figure("puls_web_pages_total", outcome=outcome) for outcome in outcomes]
    assert [end - start for end, start in zip(after, before, strict=True)] == [1, 1, 1]
    assert b"jazz.example" not in metrics_page()
