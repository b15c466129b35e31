"""A web of a test's own: what each part of a look gives, without any network. The loopback world tries the real parts."""

# ruff: noqa: ARG002 # the protocols' names

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from puls.catalogue.event import Event, Occurrence
from puls.catalogue.store import Catalogue
from puls.conversation.looking import OnTheWeb
from puls.database import Database
from puls.geo.gazetteer import Gazetteer
from puls.outside.page import Accept, FetchError, FetchFailure, Page
from puls.phrasing import Language
from puls.web_search.looking import Looking, Parts
from puls.web_search.providers.cascade import SearchResult
from puls.web_search.values import Check, Depth, Hit, Outcome, Proof, Snippet, WebEvent, WebTime
from tests.serving import NOW, SATURDAY_EVENING

AGENDA = "https://openagenda.com/agendas/1/events/2"
JAZZ_PAGE = "https://www.jazz.example/agenda"


def a_check(uid: str, outcome: Outcome, *, is_strong: bool = True, at: datetime = NOW) -> Check:
    return Check(
        uid=uid, outcome=outcome, at=at, proof=Proof.AGENDA, url=AGENDA, is_strong=is_strong
    )


def a_web_event(title: str = "Concert de swing au Périscope", **changes: object) -> WebEvent:
    """A concert in Lyon on the Saturday evening, as a page tells it."""
    given: dict[str, object] = {
        "title": title,
        "page_url": JAZZ_PAGE,
        "seen_at": NOW,
        "shape": "json-ld",
        "times": (WebTime(starts_at=SATURDAY_EVENING),),
        "venue": "Le Périscope",
        "city": "Lyon",
        "postcode": "69002",
        **changes,
    }
    return WebEvent(**given)  # type: ignore[arg-type] # as the fields say


_OUTCOMES = (
    Outcome.CANCELLED, Outcome.CONFIRMED, Outcome.FULL, Outcome.UNREADABLE, Outcome.CONFIRMED,
)  # fmt: skip


@dataclass
class InOrder(dict[str, Check]):
    """Whatever is checked: the first is cancelled, the second confirmed, and so on."""

    at: datetime = NOW
    met: list[str] = field(default_factory=list)

    def __contains__(self, uid: object) -> bool:
        return True

    def __getitem__(self, uid: str) -> Check:
        if uid not in self.met:
            self.met.append(uid)
        outcome = _OUTCOMES[self.met.index(uid) % len(_OUTCOMES)]
        return a_check(uid, outcome, at=self.at)


@dataclass
class Seen:
    """What this web holds. `checks` by uid; `pages` by address: events, a quotation, or why it is not read."""

    checks: Mapping[str, Check] = field(default_factory=dict)
    pages: Mapping[str, Sequence[WebEvent] | Snippet | FetchFailure] = field(default_factory=dict)
    delay: float = 0.0
    asked_within: list[float] = field(default_factory=list)


@dataclass
class _Parts:
    """All parts over one `Seen`: they are Protocols."""

    seen: Seen
    names: tuple[str, ...] = ("searxng",)

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
        assert depth != "off"
        del shown
        self.seen.asked_within.append(within)
        made = []
        for event in events:
            await asyncio.sleep(self.seen.delay)
            if event.uid in self.seen.checks:
                made.append(self.seen.checks[event.uid])
                if on_check is not None:
                    on_check(made[-1])
        return tuple(made)

    async def search(
        self, words: str, *, language: Language, limit: int, within: float
    ) -> SearchResult:
        hits = [Hit(title=url, url=url, provider="searxng") for url in self.seen.pages]
        return SearchResult(hits=tuple(hits[:limit]), provider="searxng")

    async def page(
        self, url: str, *, within: float, accept: Accept = "page", fresh_for: float = 600.0
    ) -> Page:
        await asyncio.sleep(self.seen.delay)
        held = self.seen.pages[url]
        if isinstance(held, FetchFailure):
            raise FetchError(held, url)
        return Page(url=url, asked_url=url, content_type="text/html", text="", fetched_at=NOW)

    def events_of(self, page: Page, *, timezone: str) -> tuple[WebEvent, ...]:
        held = self.seen.pages[page.url]
        return () if isinstance(held, Snippet | FetchFailure) else tuple(held)

    def snippet_of(self, page: Page, about: str) -> Snippet | None:
        held = self.seen.pages[page.url]
        return held if isinstance(held, Snippet) else None

    def unknown(self, catalogue: Sequence[Event], seen: Sequence[WebEvent]) -> tuple[WebEvent, ...]:
        known = {event.title for event in catalogue}
        return tuple(one for one in seen if one.title not in known)

    def check_of(
        self, event: Event, page: Page, *, shown: Occurrence | None, at: datetime
    ) -> Check | None:
        return None


def looking_at(
    seen: Seen, gazetteer: Gazetteer, *, can_search: bool = True, now: datetime = NOW
) -> Looking:
    parts = _Parts(seen)
    return Looking(
        Parts(
            checks=parts,
            search=parts if can_search else None,
            fetcher=parts,
            reading=parts,
            gazetteer=gazetteer,
            clock=lambda: now,
        )
    )


def the_web_of(
    seen: Seen,
    database: Database,
    gazetteer: Gazetteer,
    *,
    usual: Depth = "quick",
    can_search: bool = True,
    invented: frozenset[str] = frozenset(),
    now: datetime = NOW,
) -> OnTheWeb:
    return OnTheWeb(
        looking=looking_at(seen, gazetteer, can_search=can_search, now=now),
        records=Catalogue(database),
        usual=usual,
        invented=invented,
    )
