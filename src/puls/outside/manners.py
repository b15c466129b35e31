"""What replicas share so as to be polite together: each host's pace, who is left alone, what was read already.

Protocols, the values they speak in, and implementations in memory for a single process without a database; those on
PostgreSQL are in `puls.web_search.keeping`.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Protocol, TypeVar

from puls.outside.page import Accept, FetchFailure, Page

LONGEST_KEPT: Final = timedelta(hours=24)
"""Pages are other people's texts: no longer than that, however often they are asked for."""

_MOST_BYTES = 32 * 2**20
_MOST_HOSTS = 4_096
_BYTES_PER_CHARACTER = 2  # of a text in memory, roughly

Kept = TypeVar("Kept")


@dataclass(frozen=True, slots=True, kw_only=True)
class HostPace:
    """So many requests at once, then so many a second on average."""

    burst: int = 3
    per_second: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftAlone:
    """A host that is asked nothing until then, and why: a challenge, or its own « too many »."""

    until: datetime
    failure: FetchFailure
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RobotsRead:
    """A robots.txt as it was read: `text` may be empty (there is none); `failure` says why it could not be read."""

    text: str
    until: datetime
    failure: FetchFailure | None = None


class Pace(Protocol):
    """Requests per host, counted for all replicas."""

    async def take(self, host: str, *, pace: HostPace, within: float) -> float:
        """Seconds to wait before one request, which is counted now; longer than `within`: nothing was counted."""
        ...


class PageStore(Protocol):
    """Pages, robots.txt and hosts left alone, for all replicas. Moments are aware."""

    async def page(self, url: str, *, accept: Accept, read_since: datetime) -> Page | None:
        """What was kept for `url` (as asked, without fragment) under the same `accept`, read no earlier than that."""
        ...

    async def keep_page(self, page: Page, *, accept: Accept) -> None:
        """Keep it by `asked_url`, in place of an earlier one; one that is too long is not kept."""
        ...

    async def robots(self, origin: str, *, now: datetime) -> RobotsRead | None:
        """What is known of the robots.txt of `https://host`, while it holds."""
        ...

    async def keep_robots(self, origin: str, read: RobotsRead) -> None:
        """Keep it until its `until`."""
        ...

    async def left_alone(self, host: str, *, now: datetime) -> LeftAlone | None:
        """Whether this host is left alone for now."""
        ...

    async def leave_alone(self, host: str, rest: LeftAlone) -> None:
        """Ask this host nothing for a while; never shortens what was said before."""
        ...


def page_key(url: str, accept: Accept) -> bytes:
    """What a page is kept by: 32 bytes that do not show what was asked. One address may answer in two ways."""
    return hashlib.sha256(f"{accept} {url}".encode("utf-8", "surrogatepass")).digest()


class PaceInMemory:
    """One process's. `clock` is monotonic, in seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._free_at: OrderedDict[str, float] = OrderedDict()

    async def take(self, host: str, *, pace: HostPace, within: float) -> float:
        """See `Pace.take`. A bucket as a moment (GCRA): what is paid for may run ahead of now by the burst."""
        now, each = self._clock(), 1.0 / pace.per_second
        free_at = max(now, self._free_at.get(host, now))
        wait = max(0.0, free_at - (pace.burst - 1) * each - now)
        if wait <= within:
            self._free_at[host] = free_at + each
            self._free_at.move_to_end(host)
            while len(self._free_at) > _MOST_HOSTS:
                self._free_at.popitem(last=False)
        return wait


class PagesInMemory:
    """One process's, bounded; what was used longest ago goes first."""

    def __init__(self, *, most_bytes: int = _MOST_BYTES) -> None:
        self._most_bytes = most_bytes
        self._bytes = 0
        self._pages: OrderedDict[bytes, Page] = OrderedDict()
        self._robots: OrderedDict[str, RobotsRead] = OrderedDict()
        self._left_alone: OrderedDict[str, LeftAlone] = OrderedDict()

    async def page(self, url: str, *, accept: Accept, read_since: datetime) -> Page | None:
        """See `PageStore.page`."""
        key = page_key(url, accept)
        page = self._pages.get(key)
        if page is None or page.fetched_at < read_since:
            return None
        self._pages.move_to_end(key)
        return replace(page, is_cached=True)

    async def keep_page(self, page: Page, *, accept: Accept) -> None:
        """See `PageStore.keep_page`."""
        key, size = page_key(page.asked_url, accept), _size(page)
        if size > self._most_bytes // 8:
            return
        if (before := self._pages.pop(key, None)) is not None:
            self._bytes -= _size(before)
        self._pages[key] = page
        self._bytes += size
        for old_key, old in list(self._pages.items()):
            is_old = old.fetched_at < page.fetched_at - LONGEST_KEPT
            if not is_old and self._bytes <= self._most_bytes:
                break
            self._bytes -= _size(self._pages.pop(old_key))

    async def robots(self, origin: str, *, now: datetime) -> RobotsRead | None:
        """See `PageStore.robots`."""
        read = self._robots.get(origin)
        return read if read is not None and read.until > now else None

    async def keep_robots(self, origin: str, read: RobotsRead) -> None:
        """See `PageStore.keep_robots`."""
        _keep(self._robots, origin, read, most=_MOST_HOSTS // 16)

    async def left_alone(self, host: str, *, now: datetime) -> LeftAlone | None:
        """See `PageStore.left_alone`."""
        rest = self._left_alone.get(host)
        return rest if rest is not None and rest.until > now else None

    async def leave_alone(self, host: str, rest: LeftAlone) -> None:
        """See `PageStore.leave_alone`."""
        before = self._left_alone.get(host)
        if before is None or before.until < rest.until:
            _keep(self._left_alone, host, rest, most=_MOST_HOSTS)


def _size(page: Page) -> int:
    return _BYTES_PER_CHARACTER * len(page.text) + 1_024


def _keep(kept: OrderedDict[str, Kept], key: str, value: Kept, *, most: int) -> None:
    kept[key] = value
    kept.move_to_end(key)
    while len(kept) > most:
        kept.popitem(last=False)
