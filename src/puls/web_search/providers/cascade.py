"""Asks search providers in order until one gives results, under one deadline for all of them.

A provider that fails or finds nothing is followed by the next. While others follow, each has at most half of the time that is
left, so that one that hangs leaves them theirs. Never raises for what a provider does: what failed is in the result.
Enter at `Cascade.search`.
"""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Self

from puls import monitoring
from puls.language.words import spoken
from puls.llm.breaker import BreakerLimits
from puls.web_search.providers.accounts import Ledger, SearchAccounts, SearchBudget
from puls.web_search.providers.link import Link
from puls.web_search.providers.provider import (
    Freshness,
    ProviderError,
    ProviderFault,
    SearchProvider,
)
from puls.web_search.providers.queries import bounded
from puls.web_search.providers.remembered import Kept, Question, RememberedSearches
from puls.web_search.providers.terms import AllTerms
from puls.web_search.values import Hit

DEFAULT_SECONDS: Final = 3.0  # what a visitor waits for a look on the web, by issue 12
_LEAST_SECONDS: Final = 0.1  # with less, the next provider is not asked
_MOST_HITS: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """A provider that gave no results, and why: a stable word, and a sentence for an operator."""

    provider: str
    fault: ProviderFault
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchResult:
    """What a search came to. `provider`: whose `hits` they are, or who answered that there are none; None when nobody did.

    `empty`: who answered and found nothing. `is_cut`: the time ended before everybody could answer. `may_be_stored`: whether
    the provider's terms let these hits be written to a database.
    """

    hits: tuple[Hit, ...] = ()
    provider: str | None = None
    failed: tuple[Failed, ...] = ()
    empty: tuple[str, ...] = ()
    is_cut: bool = False
    is_cached: bool = False
    may_be_stored: bool = False
    seconds: float = 0.0

    @property
    def failures(self) -> tuple[tuple[str, str], ...]:
        """Who failed, with the code of why, as `Looked.failures` has them."""
        return tuple((one.provider, one.fault.value) for one in self.failed)


class Cascade:
    """The providers of this process, the preferred one first. Use it as a context, so that the last rows reach the ledger."""

    def __init__(
        self,
        providers: Sequence[SearchProvider],
        *,
        ledger: Ledger,
        terms: AllTerms,
        clock: Callable[[], datetime],
        budget: SearchBudget | None = None,
        breaker: BreakerLimits | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """`clock` gives aware moments, for days and rows; `monotonic` seconds, for what is kept.

        Raises:
            InvalidInputError: the terms of a provider are not known.
        """
        self._accounts = SearchAccounts(ledger=ledger, budget=budget or SearchBudget(), clock=clock)
        self._links = [
            Link(provider, terms=terms.of(provider.name), accounts=self._accounts, breaker=breaker)
            for provider in providers
        ]
        self._remembered = RememberedSearches()
        self._monotonic = monotonic

    @property
    def names(self) -> tuple[str, ...]:
        """The providers in order; empty when none is configured."""
        return tuple(link.name for link in self._links)

    @property
    def circuits(self) -> dict[str, bool]:
        """Of each provider, whether it is left alone for a while because it failed too often."""
        return {link.name: link.is_left_alone for link in self._links}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._accounts.close()

    async def search(
        self,
        words: str,
        *,
        purpose: str = "chat",
        language: str = "fr",
        place: str | None = None,
        limit: int = 10,
        within: float = DEFAULT_SECONDS,
        freshness: Freshness | None = None,
    ) -> SearchResult:
        """At most `limit` (1 to 20) results for words made by `queries.words_for`, within so many seconds.

        `place`: a town or region to add where the words lack it. `purpose` is a word of ours for the ledger. Whoever
        cancels the task stops the request under way.
        """
        question = Question(
            words=bounded(words),
            language=spoken(language),
            place=place,
            limit=min(max(limit, 1), _MOST_HITS),
            freshness=freshness,
        )
        began = asyncio.get_running_loop().time()
        if not question.words or not self._links:
            return SearchResult()
        with monitoring.span("web_search", purpose=purpose):
            found = self._kept(question)
            if found is None:
                found = await self._ask(question, purpose=purpose, began=began, within=within)
        _log(found, purpose=purpose)
        return found

    def _kept(self, question: Question) -> SearchResult | None:
        kept = self._remembered.find(question, now=self._monotonic())
        if kept is None:
            return None
        monitoring.WEB_SEARCHES.labels(kept.provider, "cached").inc()
        return SearchResult(
            hits=kept.hits,
            provider=kept.provider,
            is_cached=True,
            may_be_stored=self._link(kept.provider).terms.may_be_stored,
        )

    async def _ask(
        self, question: Question, *, purpose: str, began: float, within: float
    ) -> SearchResult:
        """Go down the cascade until one provider finds something."""
        loop = asyncio.get_running_loop()
        until = began + within
        failed: list[Failed] = []
        empty: list[str] = []
        is_cut = False
        for at, link in enumerate(self._links):
            if (left := until - loop.time()) < _LEAST_SECONDS:
                is_cut = True
                break
            share = left / 2 if self._follows(at, now=loop.time()) else left
            try:
                hits = await link.answer(question, purpose=purpose, until=loop.time() + share)
            except ProviderError as error:
                failed.append(Failed(provider=link.name, fault=error.fault, why=str(error)))
                continue
            if hits:
                self._keep(question, link, hits)
                return SearchResult(
                    hits=hits,
                    provider=link.name,
                    failed=tuple(failed),
                    empty=tuple(empty),
                    may_be_stored=link.terms.may_be_stored,
                    seconds=loop.time() - began,
                )
            empty.append(link.name)
        return SearchResult(
            provider=empty[0] if empty else None,
            failed=tuple(failed),
            empty=tuple(empty),
            is_cut=is_cut or any(one.fault is ProviderFault.TIME for one in failed),
            seconds=loop.time() - began,
        )

    def _follows(self, at: int, *, now: float) -> bool:
        """Whether a provider after this one may answer; one that is left alone wants no time."""
        return any(link.may_answer(now=now) for link in self._links[at + 1 :])

    def _keep(self, question: Question, link: Link, hits: tuple[Hit, ...]) -> None:
        if link.terms.kept_minutes > 0:
            until = self._monotonic() + 60 * link.terms.kept_minutes
            self._remembered.keep(question, Kept(link.name, hits, until))

    def _link(self, name: str) -> Link:
        return next(link for link in self._links if link.name == name)


def _log(found: SearchResult, *, purpose: str) -> None:
    """The words stay out: a visitor's wish is in them."""
    facts = {
        "purpose": purpose,
        "provider": found.provider,
        "results": len(found.hits),
        "is_cached": found.is_cached,
        "is_cut": found.is_cut,
        "seconds": round(found.seconds, 3),
    }
    if found.failed:
        why = {one.provider: f"{one.fault.value}: {one.why}" for one in found.failed}
        monitoring.log.warning("web_search.finished", failed=why, **facts)
    else:
        monitoring.log.info("web_search.finished", **facts)
