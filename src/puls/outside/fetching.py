"""Reads addresses found in data, and nothing a private network holds: the one client for what anybody may have written.

Each hop of a redirect is judged, asked of its robots.txt and paced like the first; one deadline holds for all of it.
Cookies, credentials and proxies do not exist here. A host that answers with a challenge is asked nothing for a day.
Enter at `PageFetcher.page`.
"""

import asyncio
import ssl
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Self

import httpcore2
import httpx

from puls.outside.addresses import RefusedAddressError, WebAddress, web_address
from puls.outside.charsets import text_of
from puls.outside.dialing import Dialer, GuardedBackend, Resolver
from puls.outside.exchange import Answer, Exchanges
from puls.outside.kinds import is_read, looks_like_html
from puls.outside.manners import Pace, PageStore
from puls.outside.page import Accept, FetchError, FetchFailure, Page
from puls.outside.visits import REDIRECTS, FetchLimits, Manners, Turns, Visits

_OK = 200
_KEPT_ALIVE_SECONDS = 5.0  # robots.txt and its page share a connection; nobody waits for a third


class PageFetcher:
    """A `Fetcher` over guarded sockets. `clock` gives the aware moment; close it, or use it as a context manager."""

    def __init__(
        self,
        *,
        resolver: Resolver,
        dialer: Dialer,
        store: PageStore,
        pace: Pace,
        manners: Manners,
        clock: Callable[[], datetime],
        limits: FetchLimits | None = None,
        ssl_context: ssl.SSLContext | None = None,
    ) -> None:
        self._limits = limits or FetchLimits()
        self._pool = httpcore2.AsyncConnectionPool(
            ssl_context=ssl_context or httpx.create_ssl_context(),
            max_connections=self._limits.connections,
            max_keepalive_connections=self._limits.connections // 2,
            keepalive_expiry=_KEPT_ALIVE_SECONDS,
            network_backend=GuardedBackend(resolver=resolver, dialer=dialer),
        )
        self._visits = Visits(
            Exchanges(self._pool, user_agent=manners.user_agent),
            store=store, pace=pace, manners=manners, limits=self._limits, clock=clock,
        )  # fmt: skip
        self._store = store
        self._clock = clock
        self._turns = Turns()

    async def page(
        self, url: str, *, within: float, accept: Accept = "page", fresh_for: float = 600.0
    ) -> Page:
        """See `Fetcher.page`. Two who ask for the same address at once cost one request."""
        deadline = asyncio.get_running_loop().time() + within
        try:
            async with asyncio.timeout_at(deadline):
                address = web_address(url)
                async with self._turns.of(address.url):
                    page = await self._kept(address, accept, fresh_for)
                    if page is None:
                        page = await self._followed(address, accept, deadline)
                        await self._store.keep_page(page, accept=accept)
        except RefusedAddressError as refused:
            raise FetchError(FetchFailure.REFUSED_ADDRESS, url, str(refused)) from refused
        except TimeoutError as error:
            raise FetchError(FetchFailure.TIME, url, f"it took longer than {within:g} s") from error
        if not is_read(page.content_type, accept):
            raise FetchError(FetchFailure.KIND, url, f"it is {page.content_type[:60]}")
        return page

    async def aclose(self) -> None:
        """Close the connections."""
        await self._pool.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    async def _kept(self, address: WebAddress, accept: Accept, fresh_for: float) -> Page | None:
        if fresh_for <= 0:
            return None
        read_since = self._clock() - timedelta(seconds=fresh_for)
        return await self._store.page(address.url, accept=accept, read_since=read_since)

    async def _followed(self, asked: WebAddress, accept: Accept, deadline: float) -> Page:
        """The page behind up to so many redirects."""
        address, seen, before = asked, {asked.url}, ""
        while True:
            async with self._visits.answer(
                address, accept=accept, deadline=deadline, is_paid=address.host == before
            ) as answer:
                if answer.status not in REDIRECTS:
                    return await self._page_of(answer, address, asked, accept)
                before, address = address.host, await self._visits.next(answer, address)
            if address.url in seen:
                raise FetchError(FetchFailure.REDIRECTS, asked.url, "it redirects in a circle")
            if len(seen) > self._limits.redirects:
                raise FetchError(FetchFailure.REDIRECTS, asked.url, "it redirects too often")
            seen.add(address.url)

    async def _page_of(
        self, answer: Answer, address: WebAddress, asked: WebAddress, accept: Accept
    ) -> Page:
        if answer.status != _OK:
            await self._visits.refuse(answer, address)
        kind = answer.content_type
        if kind and not is_read(kind, accept):
            raise FetchError(FetchFailure.KIND, address.url, f"it is {kind[:60]}")
        raw = await answer.body(self._limits.most_bytes)
        text = await asyncio.to_thread(text_of, raw, answer.charset)
        if not kind:
            if not looks_like_html(text):
                raise FetchError(FetchFailure.KIND, address.url, "it does not say what it is")
            kind = "text/html"
        await self._visits.unless_challenge(answer, address, text)
        return Page(
            url=address.url,
            asked_url=asked.url,
            content_type=kind,
            text=text,
            fetched_at=self._clock(),
        )
