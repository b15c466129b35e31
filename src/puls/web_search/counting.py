"""What operators see of looking: how often, why, what it came to, how long. No address and no words of anybody.

Enter at `counted` and `CountedFetcher`.
"""

import contextlib
import time
from collections.abc import Callable, Iterator, Sequence

from puls.monitoring import WEB_CHECKS, WEB_LOOK_SECONDS, WEB_LOOKS, WEB_PAGES
from puls.outside.page import Accept, Fetcher, FetchError, Page
from puls.web_search.values import Looked, Outcome, Why

UNSEEN = frozenset({Outcome.UNREADABLE, Outcome.NOT_CHECKED})
"""Outcomes of a check that saw nothing."""


@contextlib.contextmanager
def counted(why: Sequence[Why]) -> Iterator[Callable[[Looked], None]]:
    """Counts one look, whose result is given to what this yields; one without a result was stopped, or failed."""
    began = time.perf_counter()
    results: list[Looked] = []
    try:
        yield results.append
    finally:
        outcome = outcome_of(results[0]) if results else "stopped"
        WEB_LOOKS.labels(why=why[0].value if why else "", outcome=outcome).inc()
        WEB_LOOK_SECONDS.observe(time.perf_counter() - began)
        for check in results[0].checks if results else ():
            proof = check.proof.value if check.proof else ""
            WEB_CHECKS.labels(outcome=check.outcome.value, proof=proof).inc()


def outcome_of(looked: Looked) -> str:
    """What a look came to, in one word."""
    if has_seen(looked):
        return "seen"
    if looked.is_cut:
        return "cut"
    return "no_provider" if looked.lacks_provider else "nothing"


def has_seen(looked: Looked) -> bool:
    """Whether anything at all was read of the web."""
    is_checked = any(check.outcome not in UNSEEN for check in looked.checks)
    return is_checked or bool(looked.events or looked.snippets)


class CountedFetcher:
    """A fetcher whose pages are counted."""

    def __init__(self, fetcher: Fetcher) -> None:
        self._fetcher = fetcher

    async def page(
        self, url: str, *, within: float, accept: Accept = "page", fresh_for: float = 600.0
    ) -> Page:
        """See `Fetcher.page`."""
        try:
            page = await self._fetcher.page(url, within=within, accept=accept, fresh_for=fresh_for)
        except FetchError as error:
            WEB_PAGES.labels(outcome=error.failure.value).inc()
            raise
        WEB_PAGES.labels(outcome="cached" if page.is_cached else "read").inc()
        return page
