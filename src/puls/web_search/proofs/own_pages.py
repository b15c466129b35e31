"""The pages an event names itself: where one registers or buys, then the organiser's and the venue's.

What a page says is data. An address that is an e-mail or a phone number is never fetched; everything else goes through
the guarded `Fetcher`. Enter at `OwnPages.see`.
"""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Final, Protocol
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from puls.catalogue.event import Event, Occurrence
from puls.monitoring import log
from puls.outside.page import Fetcher, FetchError, Page
from puls.web_search import merging
from puls.web_search.pages.extraction import events_of, mentions, said_in_words
from puls.web_search.proofs.openagenda_fields import SANE_YEARS
from puls.web_search.proofs.seen import Seen
from puls.web_search.times import is_same, timezone_of
from puls.web_search.values import Proof, WebEvent, WebStatus

MOST_OF_A_KIND: Final = 2  # ticket pages, and others
FRESH_SECONDS: Final = 600.0
_RESERVED: Final = ("example.com", "example.org", "example.net")  # RFC 2606: nobody's
_LONGEST_URL: Final = 2_000


class SameEvent(Protocol):
    """`merging.same_event`: whether an event of the catalogue and one of a page are the same."""

    def __call__(self, event: Event, seen: WebEvent, /) -> bool: ...


class OwnPages:
    """Reads the pages that an event links to."""

    def __init__(self, fetcher: Fetcher, same_event: SameEvent = merging.same_event) -> None:
        self._fetcher = fetcher
        self._same_event = same_event

    async def see(
        self,
        event: Event,
        shown: Occurrence | None,
        *,
        within: float,
        now: datetime,
        tell: Callable[[Seen], None],
    ) -> None:
        """Read all of them at once and `tell` each as soon as it is read; ends within so many seconds, more or less."""
        async with asyncio.TaskGroup() as pages:
            for proof, url in links_of(event):
                pages.create_task(self._one(event, shown, proof, url, within, now, tell))

    async def _one(  # noqa: PLR0917 - the parts of `see`
        self,
        event: Event,
        shown: Occurrence | None,
        proof: Proof,
        url: str,
        within: float,
        now: datetime,
        tell: Callable[[Seen], None],
    ) -> None:
        try:
            page = await self._fetcher.page(url, within=within, fresh_for=FRESH_SECONDS)
            # A page of two megabytes takes a fifth of a second to read: not while others wait.
            seen = await asyncio.to_thread(
                seen_on, page, event, shown, proof=proof, same_event=self._same_event
            )
        except FetchError as error:
            seen = Seen(proof=proof, url=url, at=now, failure=str(error.failure))
        except Exception:  # noqa: BLE001 - logged with its traceback
            # The edge of a page that anybody wrote: what it does to one reader must not cost the other events theirs.
            log.exception("web.page_not_understood", host=urlsplit(url).hostname)
            seen = Seen(proof=proof, url=url, at=now, failure="not_understood")
        tell(seen)


def links_of(event: Event) -> tuple[tuple[Proof, str], ...]:
    """Where to look, the surest first; each address once, at most `MOST_OF_A_KIND` of a kind."""
    tickets = _web(value for kind, value in event.registration if kind == "link")
    others = _web(url for url in (event.online_url, event.attribution.url) if url)
    kept = tickets[:MOST_OF_A_KIND]
    return (
        *((Proof.TICKETS, url) for url in kept),
        *(
            (Proof.VENUE, url)
            for url in [one for one in others if one not in kept][:MOST_OF_A_KIND]
        ),
    )


def seen_on(
    page: Page,
    event: Event,
    shown: Occurrence | None,
    *,
    proof: Proof,
    same_event: SameEvent = merging.same_event,
) -> Seen:
    """What a page says of the event: its structured data first, else its words near title and date. Pure."""
    zone = timezone_of(event)
    told = events_of(page, timezone=zone.key)
    ours = _ours(event, shown, told, same_event)
    if ours:
        return _of_event(_about(ours, shown, zone), page, proof)
    days = _days(event, shown)
    venue = event.venue.name if event.venue else None
    mention = mentions(page, title=event.title, venue=venue, days=days)
    said = said_in_words(page, title=event.title, days=days)
    seen = Seen(proof=proof, url=page.url, at=page.fetched_at, status=said.status, says=said.words)
    if mention.is_sure or (mention.has_title and said.status is not WebStatus.UNKNOWN):
        return seen
    why = (
        "other_date" if mention.has_title and any(_has_days(one) for one in told) else "not_on_page"
    )
    return Seen(proof=proof, url=page.url, at=page.fetched_at, failure=why)


def _ours(
    event: Event, shown: Occurrence | None, told: Sequence[WebEvent], same_event: SameEvent
) -> list[WebEvent]:
    """The event on a page of its own: the same, or the same in title and place on another day, for `judging` to weigh."""
    held = event
    if shown is not None and not event.occurrences:  # a result of a search comes without its dates
        held = replace(event, occurrences=(shown,))
    same = [one for one in told if same_event(held, one)]
    if same:
        return same
    return [
        one
        for one in told
        if same_event(held, replace(one, times=(), run=None, previous_start=None))
    ]


def _has_days(one: WebEvent) -> bool:
    return bool(one.times or one.run)


def _about(events: Sequence[WebEvent], shown: Occurrence | None, zone: ZoneInfo) -> WebEvent:
    """Of one event's performances on a page, the one that is asked about; else what speaks of it as a whole."""

    def distance(one: WebEvent) -> int:
        if shown is None:
            return 0
        if any(is_same(shown, time, zone, as_written=True) for time in one.times):
            return 0
        return 1 if one.run is not None or not one.times else 2

    return min(events, key=lambda one: (distance(one), one.status is WebStatus.UNKNOWN))


def _of_event(one: WebEvent, page: Page, proof: Proof) -> Seen:
    return Seen(
        proof=proof,
        url=page.url,
        at=page.fetched_at,
        status=one.status,
        times=tuple(time for time in one.times if time.starts_at.year in SANE_YEARS),
        run=one.run,
        previous_start=one.previous_start,
        attendance=one.attendance,
        venue=one.venue,
        city=one.city,
        postcode=one.postcode,
        price=one.price,
        says=one.title if one.is_status_in_words else "",
    )


def _days(event: Event, shown: Occurrence | None) -> tuple[date, ...]:
    zone = timezone_of(event)
    meant = (shown,) if shown is not None else event.occurrences
    return tuple(sorted({one.starts_at.astimezone(zone).date() for one in meant}))


def _web(values: Iterable[str]) -> list[str]:
    """Addresses of pages, each once."""
    return list(dict.fromkeys(value.strip() for value in values if _is_page(value.strip())))


def _is_page(value: str) -> bool:
    if len(value) > _LONGEST_URL or not value.lower().startswith(("http://", "https://")):
        return False
    try:
        host = urlsplit(value).hostname or ""
    except ValueError:
        return False
    return bool(host) and not any(host == one or host.endswith(f".{one}") for one in _RESERVED)
