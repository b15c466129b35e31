"""What pages say, gathered for a look: extraction, merging, and a check of one event by one page. Pure."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from puls.catalogue.event import Event, Occurrence
from puls.outside.page import Page
from puls.web_search.judging import judge
from puls.web_search.merging import merged, same_event
from puls.web_search.pages.extraction import events_of, snippet_of
from puls.web_search.proofs.own_pages import seen_on
from puls.web_search.values import Check, Outcome, Proof, Snippet, WebEvent


class PageReading:
    """The pages of the web as `looking` reads them."""

    def events_of(self, page: Page, *, timezone: str) -> tuple[WebEvent, ...]:
        """Every event of a page; see `pages.extraction`."""
        return events_of(page, timezone=timezone)

    def snippet_of(self, page: Page, about: str) -> Snippet | None:
        """A short quotation nearest to the question."""
        return snippet_of(page, about)

    def unknown(self, catalogue: Sequence[Event], seen: Sequence[WebEvent]) -> tuple[WebEvent, ...]:
        """Those that the catalogue does not hold, each once."""
        return merged(catalogue, seen).new

    def check_of(
        self, event: Event, page: Page, *, shown: Occurrence | None, at: datetime
    ) -> Check | None:
        """What a page that a search found says of an event; None when it does not speak of it."""
        seen = seen_on(page, event, shown, proof=Proof.SEARCH, same_event=same_event)
        check = judge(event, [seen], shown=shown, now=at)
        if check.outcome in (Outcome.UNREADABLE, Outcome.NOT_CHECKED):
            return None
        return replace(check, is_strong=False)  # anybody may write a page that a search finds
