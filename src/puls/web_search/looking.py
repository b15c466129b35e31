"""Looking on the web for one turn: checks of what is shown, a search when it helps, new events, under one time limit.

What was seen when the limit comes is kept and told; nothing goes on after it, nor after the turn was stopped. Enter at
`Looking.look`.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol
from urllib.parse import urlsplit

from puls.catalogue.event import Event, Occurrence
from puls.geo.gazetteer import Gazetteer
from puls.monitoring import log, span
from puls.outside.page import Fetcher, FetchError, Page
from puls.phrasing import Language
from puls.understanding.wish import Wish
from puls.web_search.counting import counted
from puls.web_search.fitting import Fitting
from puls.web_search.policy import Bounds, LookPlan
from puls.web_search.providers.cascade import SearchResult
from puls.web_search.providers.queries import words_for
from puls.web_search.values import (
    Against,
    Check,
    Depth,
    Hit,
    Looked,
    Outcome,
    Proof,
    Snippet,
    WebEvent,
    Why,
)

_MOST_SNIPPETS = 2
_MOST_EVENTS = 5
_MOST_AGAINST = 2
_GRACE_SECONDS = 0.25  # each part ends by itself at the limit; then it writes down what it saw
_HITS = 8  # of one search; more than are read, since some are not readable


class Search(Protocol):
    """The cascade of providers, as far as looking needs it."""

    @property
    def names(self) -> tuple[str, ...]: ...

    async def search(
        self, words: str, *, language: Language, limit: int, within: float
    ) -> SearchResult: ...


class Checks(Protocol):
    """Who verifies events of the catalogue; `verifying.Verifying`."""

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
        """One check for each event; ends by itself in time, and hears its cancellation."""
        ...


class Reading(Protocol):
    """What pages say; pure. `pages` and `merging` are it."""

    def events_of(self, page: Page, *, timezone: str) -> tuple[WebEvent, ...]: ...

    def snippet_of(self, page: Page, about: str) -> Snippet | None: ...

    def unknown(
        self, catalogue: Sequence[Event], seen: Sequence[WebEvent]
    ) -> tuple[WebEvent, ...]: ...

    def check_of(
        self, event: Event, page: Page, *, shown: Occurrence | None, at: datetime
    ) -> Check | None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What one turn looks for.

    `shown`: the catalogue's events that were found, so that none is shown twice; `performances`: the one that each is shown
    for; `about`: the message.
    """

    plan: LookPlan
    wish: Wish
    shown: Sequence[Event] = ()
    performances: Mapping[str, Occurrence] | None = None
    depth: Depth = "quick"
    about: str = ""
    language: Language = "fr"
    timezone: str = "Europe/Paris"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What is being done or was just seen: shown while it happens. `host`: whose page."""

    doing: str  # "checking", "checked", "searching", "reading"
    host: str = ""
    number: int = 0
    check: Check | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What looking uses. `search` None: no provider is configured; checks still work. `clock` gives aware moments."""

    checks: Checks
    search: Search | None
    fetcher: Fetcher
    reading: Reading
    gazetteer: Gazetteer
    clock: Callable[[], datetime]


class Looking:
    """Looks on the web for turns. `quick_seconds`: what an operator allows a quick look."""

    def __init__(self, parts: Parts, *, quick_seconds: float = 3.0) -> None:
        self._parts = parts
        self.quick_seconds = quick_seconds

    @property
    def can_search(self) -> bool:
        """Whether a provider is configured."""
        return self._parts.search is not None and bool(self._parts.search.names)

    def now(self) -> datetime:
        """The moment, aware."""
        return self._parts.clock()

    async def look(
        self, look: Look, *, bounds: Bounds, tell: Callable[[Step], None] = lambda _: None
    ) -> Looked:
        """All that is seen within `bounds.seconds`. Cancelling it stops every request at once."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        run = _Run(
            parts=self._parts,
            look=look,
            bounds=bounds,
            deadline=began + bounds.seconds,
            at=self._parts.clock(),
            tell=tell,
        )
        searches = look.plan.searches and self.can_search
        is_cut = False
        with (
            counted(look.plan.why) as count,
            span("web.look", why=",".join(look.plan.why), events=len(look.plan.events)),
        ):
            try:
                async with (
                    asyncio.timeout_at(run.deadline + _GRACE_SECONDS),
                    asyncio.TaskGroup() as tasks,
                ):
                    if look.plan.events:
                        tasks.create_task(run.check())
                    if searches:
                        tasks.create_task(run.find())
            except TimeoutError:
                is_cut = True
            looked = run.looked(
                is_cut=is_cut or loop.time() >= run.deadline,
                lacks_provider=look.plan.searches and not self.can_search,
                seconds=loop.time() - began,
            )
            count(looked)
        return looked


@dataclass(slots=True, kw_only=True)
class _Run:
    """One look under way, and what was seen so far. `deadline` is of the loop's clock."""

    parts: Parts
    look: Look
    bounds: Bounds
    deadline: float
    at: datetime
    tell: Callable[[Step], None]
    checks: dict[str, Check] = field(default_factory=dict)
    events: list[WebEvent] = field(default_factory=list)
    snippets: list[Snippet] = field(default_factory=list)
    failures: dict[str, str] = field(default_factory=dict)
    searched: list[str] = field(default_factory=list)
    read: list[str] = field(default_factory=list)

    @property
    def about(self) -> Event | None:
        """The event that the visitor asks about."""
        plan = self.look.plan
        return plan.events[0] if plan.events and Why.ONLY_THE_WEB_KNOWS in plan.why else None

    def left(self) -> float:
        """Seconds until the limit."""
        return max(0.0, self.deadline - asyncio.get_running_loop().time())

    async def check(self) -> None:
        """Verify the events of the plan; each result is told as it comes."""
        look = self.look
        self.tell(Step(doing="checking", number=len(look.plan.events)))
        with span("web.check", events=len(look.plan.events)):
            checks = await self.parts.checks.check(
                look.plan.events,
                now=self.at,
                within=self.left(),
                shown=look.performances,
                depth="thorough" if self.about is not None else look.depth,
                on_check=self._note,
            )
        for check in checks:
            self._note(check)

    def _note(self, check: Check) -> None:
        """A surer proof is not taken back by a weaker one, which is told beside it where it says otherwise."""
        known = self.checks.get(check.uid)
        if known is not None and _rank(known) <= _rank(check):
            check = _with_contradiction(known, check)
            if check == known:
                return
        self.checks[check.uid] = check
        self.tell(Step(doing="checked", host=host_of(check.url), check=check))

    async def find(self) -> None:
        """Search, read the best pages at once, and keep what fits and is new."""
        search = self.parts.search
        assert search is not None
        words = words_for(
            self.about or self.look.wish,
            now=self.at,
            timezone=self.look.timezone,
            language=self.look.language,
        )
        if not words:
            return
        self.tell(Step(doing="searching"))
        self.searched.append(words)
        with span("web.search"):
            found = await search.search(
                words, language=self.look.language, limit=_HITS, within=self.left()
            )
        self.failures.update(found.failures)
        by_host: dict[str, Hit] = {}
        for hit in found.hits:
            if host := host_of(hit.url):
                by_host.setdefault(host, hit)
        async with asyncio.TaskGroup() as tasks:
            for host, hit in list(by_host.items())[: self.bounds.pages]:
                tasks.create_task(self._read(hit, host))

    async def _read(self, hit: Hit, host: str) -> None:
        self.tell(Step(doing="reading", host=host))
        try:
            with span("web.read"):
                page = await self.parts.fetcher.page(hit.url, within=self.left())
        except FetchError as error:
            self.failures[host] = error.failure.value
            return
        self.read.append(page.url)
        events, snippet, check = await asyncio.to_thread(self._said, page)
        if check is not None:
            self._note(check)
        fits = [each for each in events if self._fitting.fits(each)] if self.about is None else []
        self.events = list(self.parts.reading.unknown(self.look.shown, (*self.events, *fits)))
        if snippet is not None and not fits:
            self.snippets.append(snippet)

    def _said(self, page: Page) -> tuple[tuple[WebEvent, ...], Snippet | None, Check | None]:
        reading, look, about = self.parts.reading, self.look, self.about
        events = reading.events_of(page, timezone=look.timezone)
        check = None
        if about is not None:
            shown = (look.performances or {}).get(about.uid)
            check = reading.check_of(about, page, shown=shown, at=page.fetched_at)
        wants_words = not events and (Why.ASKED in look.plan.why or about is not None)
        return events, reading.snippet_of(page, look.about) if wants_words else None, check

    @property
    def _fitting(self) -> Fitting:
        look = self.look
        return Fitting(
            wish=look.wish, now=self.at, gazetteer=self.parts.gazetteer, timezone=look.timezone
        )

    def looked(self, *, is_cut: bool, lacks_provider: bool, seconds: float) -> Looked:
        """All of it; what was not reached in time is said to be so."""
        for event in self.look.plan.events:
            nothing = Check(
                uid=event.uid, outcome=Outcome.NOT_CHECKED, at=self.at, why_not="no_time"
            )
            self.checks.setdefault(event.uid, nothing)
        log.info(
            "web.looked",
            why=[each.value for each in self.look.plan.why],
            outcomes=sorted(check.outcome.value for check in self.checks.values()),
            events=len(self.events),
            failures=sorted(set(self.failures.values())),
            is_cut=is_cut,
            seconds=round(seconds, 3),
        )
        return Looked(
            why=self.look.plan.why,
            at=self.at,
            checks=tuple(self.checks.values()),
            events=tuple(self.events[:_MOST_EVENTS]),
            snippets=tuple(self.snippets[:_MOST_SNIPPETS]) if not self.events else (),
            failures=tuple(self.failures.items()),
            is_cut=is_cut,
            lacks_provider=lacks_provider,
            seconds=seconds,
            searched=tuple(self.searched),
            read=tuple(self.read),
        )


def host_of(url: str | None) -> str:
    """The host of an address without « www. »; empty where there is none."""
    try:
        return (urlsplit(url or "").hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def _with_contradiction(known: Check, other: Check) -> Check:
    """What was known, and what a less sure page says against it."""
    says_nothing = _rank(other) == len(_PROOFS) or other.outcome is Outcome.CONFIRMED
    is_told = any(one.url == other.url for one in known.against) or known.url == other.url
    if says_nothing or is_told or other.proof is None or other.outcome is known.outcome:
        return known
    against = Against(outcome=other.outcome, proof=other.proof, url=other.url or "", at=other.at)
    return replace(known, against=(*known.against, against)[:_MOST_AGAINST])


_PROOFS = {proof: rank for rank, proof in enumerate(Proof)}


def _rank(check: Check) -> int:
    """The surer, the smaller; what says nothing comes last."""
    if check.proof is None or check.outcome in (Outcome.UNREADABLE, Outcome.NOT_CHECKED):
        return len(_PROOFS)
    return _PROOFS[check.proof]
