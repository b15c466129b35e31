"""What tests see on the web, and parts of looking that say it."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from tests.serving import NOW, SATURDAY_EVENING

from puls.catalogue.event import Event, Occurrence
from puls.geo.gazetteer import Gazetteer
from puls.outside.page import Accept, FetchError, FetchFailure, Page
from puls.phrasing import Language
from puls.web_search.looking import Looking, Parts
from puls.web_search.providers.cascade import Failed, SearchResult
from puls.web_search.providers.provider import ProviderFault
from puls.web_search.values import (
    Check,
    Depth,
    Hit,
    Outcome,
    Proof,
    Snippet,
    WebEvent,
    WebTime,
)

GAZETTEER = Gazetteer.load()


def seen(title: str = "Jazz au Périscope", **changes: Any) -> WebEvent:
    """A concert in Lyon on the Saturday evening after `NOW`, as a page tells it."""
    told: dict[str, Any] = {
        "title": title,
        "page_url": "https://periscope.example/jazz",
        "seen_at": NOW,
        "shape": "json-ld",
        "times": (WebTime(starts_at=SATURDAY_EVENING),),
        "postcode": "69002",
        "city": "Lyon",
        "venue": "Le Périscope",
    }
    return WebEvent(**(told | changes))


def check(uid: str = "jazz", outcome: Outcome = Outcome.CONFIRMED, **changes: Any) -> Check:
    told: dict[str, Any] = {
        "uid": uid,
        "outcome": outcome,
        "at": NOW,
        "proof": Proof.AGENDA,
        "url": "https://openagenda.com/agendas/1/events.v2.json",
        "is_strong": True,
    }
    return Check(**(told | changes))


@dataclass
class Saying:
    """Checks, a search, pages and what they say, each as a test wants; each may hang."""

    checks: Sequence[Check] = ()
    hits: Sequence[str] = ()
    events: Mapping[str, Sequence[WebEvent]] = field(default_factory=dict)
    snippets: Mapping[str, str] = field(default_factory=dict)
    failures: Mapping[str, FetchFailure] = field(default_factory=dict)
    provider_failures: tuple[tuple[str, ProviderFault], ...] = ()
    seconds: float = 0.0
    names: tuple[str, ...] = ("searxng",)
    asked: list[str] = field(default_factory=list)
    stopped: int = 0

    async def check(
        self,
        events: Sequence[Event],
        *,
        now: datetime,
        within: float,
        shown: Mapping[str, Occurrence] | None = None,
        depth: Depth = "quick",
        on_check: Callable[[Check], None] | None = None,
    ) -> tuple[Check, ...]:
        assert now.tzinfo is not None
        assert within > 0
        assert depth != "off"
        del shown
        await self._wait()
        made = [each for each in self.checks if each.uid in {event.uid for event in events}]
        for each in made:
            if on_check is not None:
                on_check(each)
        return tuple(made)

    async def search(
        self, words: str, *, language: Language, limit: int, within: float
    ) -> SearchResult:
        assert language in ("fr", "en")
        assert within > 0
        self.asked.append(words)
        await self._wait()
        hits = tuple(Hit(title="?", url=url, provider="searxng") for url in self.hits[:limit])
        failed = tuple(
            Failed(provider=name, fault=fault, why="?") for name, fault in self.provider_failures
        )
        return SearchResult(hits=hits, provider="searxng", failed=failed)

    async def page(
        self, url: str, *, within: float, accept: Accept = "page", fresh_for: float = 600.0
    ) -> Page:
        assert accept == "page"
        assert min(within, fresh_for) > 0
        await self._wait()
        host = urlsplit(url).hostname or ""
        if host in self.failures:
            raise FetchError(self.failures[host], url)
        return Page(url=url, asked_url=url, content_type="text/html", text="…", fetched_at=NOW)

    def events_of(self, page: Page, *, timezone: str) -> tuple[WebEvent, ...]:
        assert timezone
        return tuple(self.events.get(page.url, ()))

    def snippet_of(self, page: Page, about: str) -> Snippet | None:
        assert about
        said = self.snippets.get(page.url)
        return Snippet(text=said, title="?", url=page.url, seen_at=NOW) if said else None

    def unknown(self, catalogue: Sequence[Event], seen: Sequence[WebEvent]) -> tuple[WebEvent, ...]:
        known = {event.title for event in catalogue}
        return tuple({each.title: each for each in seen if each.title not in known}.values())

    def check_of(
        self, event: Event, page: Page, *, shown: Occurrence | None, at: datetime
    ) -> Check | None:
        del shown
        told = [each for each in self.checks if each.url == page.url and each.uid == event.uid]
        assert at.tzinfo is not None
        return told[0] if told else None

    async def _wait(self) -> None:
        try:
            await asyncio.sleep(self.seconds)
        except asyncio.CancelledError:
            self.stopped += 1
            raise


def looking(saying: Saying, *, quick_seconds: float = 3.0) -> Looking:
    parts = Parts(
        checks=saying,
        search=saying,
        fetcher=saying,
        reading=saying,
        gazetteer=GAZETTEER,
        clock=lambda: NOW,
    )
    return Looking(parts, quick_seconds=quick_seconds)
