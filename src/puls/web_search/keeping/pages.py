"""Pages, robots.txt, hosts left alone and each host's pace, shared by replicas through PostgreSQL.

While PostgreSQL is away the process goes by what it remembers itself: looking on the web never fails for a cache, and a
host it knows to leave alone stays left alone. Enter at `StoredPages` and `StoredPace`.
"""

import contextlib
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import TracebackType
from typing import Any, Final

import structlog

from puls.database import Database, Queries
from puls.errors import DatabaseUnavailableError
from puls.outside.manners import (
    LONGEST_KEPT,
    HostPace,
    LeftAlone,
    PaceInMemory,
    PagesInMemory,
    RobotsRead,
    page_key,
)
from puls.outside.page import Accept, FetchFailure, Page

log = structlog.get_logger()

_QUERIES = Queries.beside("puls.web_search.keeping")
_MOST_BYTES: Final = 128 * 2**20
_LONGEST_PAGE_BYTES: Final = 2**20
_KEPT_BETWEEN_SWEEPS: Final = 64  # pages one process keeps before it looks at the total


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgotten:
    """How many rows were past their time."""

    pages: int
    robots: int
    hosts: int
    paces: int


class StoredPages:
    """A `PageStore` on PostgreSQL, within `most_bytes` of page texts in all."""

    def __init__(self, database: Database, *, most_bytes: int = _MOST_BYTES) -> None:
        self._database = database
        self._most_bytes = most_bytes
        self._own = PagesInMemory(most_bytes=8 * 2**20)
        self._kept = 0

    async def page(self, url: str, *, accept: Accept, read_since: datetime) -> Page | None:
        """See `PageStore.page`."""
        with _GoingOn("page"):
            row = await self._row("page", key=page_key(url, accept), read_since=read_since)
            return _page(row, url) if row else None
        return await self._own.page(url, accept=accept, read_since=read_since)

    async def keep_page(self, page: Page, *, accept: Accept) -> None:
        """See `PageStore.keep_page`; one of more than a megabyte is not kept."""
        if len(page.text.encode()) > _LONGEST_PAGE_BYTES:
            return
        with _GoingOn("keep_page"):
            await self._do(
                "keep_page",
                key=page_key(page.asked_url, accept),
                url=page.url,
                content_type=page.content_type,
                body=page.text,
                fetched_at=page.fetched_at,
            )
            self._kept += 1
            if self._kept % _KEPT_BETWEEN_SWEEPS == 0:
                await self.forget_old(now=page.fetched_at)
            return
        await self._own.keep_page(page, accept=accept)

    async def robots(self, origin: str, *, now: datetime) -> RobotsRead | None:
        """See `PageStore.robots`."""
        with _GoingOn("robots"):
            row = await self._row("robots", origin=origin, now=now)
            return _robots(row) if row else None
        return await self._own.robots(origin, now=now)

    async def keep_robots(self, origin: str, read: RobotsRead) -> None:
        """See `PageStore.keep_robots`."""
        with _GoingOn("keep_robots"):
            await self._do(
                "keep_robots",
                origin=origin, body=read.text, failure=read.failure, until=read.until,
            )  # fmt: skip
            return
        await self._own.keep_robots(origin, read)

    async def left_alone(self, host: str, *, now: datetime) -> LeftAlone | None:
        """See `PageStore.left_alone`."""
        own = await self._own.left_alone(host, now=now)
        with _GoingOn("left_alone"):
            row = await self._row("left_alone", host=host, now=now)
            return _left_alone(row) if row else own
        return own

    async def leave_alone(self, host: str, rest: LeftAlone) -> None:
        """See `PageStore.leave_alone`; remembered here too, whatever becomes of PostgreSQL."""
        await self._own.leave_alone(host, rest)
        with _GoingOn("leave_alone"):
            await self._do(
                "leave_alone", host=host, until=rest.until, failure=rest.failure, why=rest.why
            )

    async def forget_old(self, *, now: datetime) -> Forgotten:
        """Delete what is past its time, and the oldest pages beyond the limit.

        Raises:
            DatabaseUnavailableError: PostgreSQL is away; nothing was deleted.
        """
        async with self._database.transaction() as connection:

            async def forget(name: str, **values: Any) -> int:
                return (await connection.execute(_QUERIES[name], values)).rowcount

            pages = await forget("forget_pages", before=now - LONGEST_KEPT)
            pages += await forget("forget_surplus", most_bytes=self._most_bytes)
            return Forgotten(
                pages=pages,
                robots=await forget("forget_robots", now=now),
                hosts=await forget("forget_left_alone", now=now),
                paces=await forget("forget_pace"),
            )

    async def _row(self, name: str, **values: Any) -> dict[str, Any] | None:
        async with self._database.transaction() as connection:
            return await (await connection.execute(_QUERIES[name], values)).fetchone()

    async def _do(self, name: str, **values: Any) -> None:
        async with self._database.transaction() as connection:
            await connection.execute(_QUERIES[name], values)


class StoredPace:
    """A `Pace` on PostgreSQL, by its clock."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._own = PaceInMemory(time.monotonic)

    async def take(self, host: str, *, pace: HostPace, within: float) -> float:
        """See `Pace.take`."""
        each = timedelta(seconds=1 / pace.per_second)
        values = {
            "host": host,
            "each": each,
            "ahead": each * (pace.burst - 1),
            "within": timedelta(seconds=min(within, 3_600.0)),
        }
        with _GoingOn("take"):
            async with self._database.transaction() as connection:
                row = await (await connection.execute(_QUERIES["take"], values)).fetchone()
            if row is None:  # another replica has just made the bucket, and it is empty already
                return within + each.total_seconds()
            return max(0.0, float(row["wait"]))
        return await self._own.take(host, pace=pace, within=within)


class _GoingOn(contextlib.AbstractContextManager[None, bool]):
    """What follows the block is done when PostgreSQL is away."""

    def __init__(self, what: str) -> None:
        self._what = what

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> bool:
        if not isinstance(error, DatabaseUnavailableError):
            return False
        log.warning("web_pages.without_database", what=self._what, why=str(error))
        return True


def _page(row: dict[str, Any], url: str) -> Page:
    return Page(
        url=row["url"],
        asked_url=url,
        content_type=row["content_type"],
        text=row["body"],
        fetched_at=row["fetched_at"],
        is_cached=True,
    )


def _robots(row: dict[str, Any]) -> RobotsRead:
    failure = FetchFailure(row["failure"]) if row["failure"] else None
    return RobotsRead(text=row["body"], until=row["until"], failure=failure)


def _left_alone(row: dict[str, Any]) -> LeftAlone:
    return LeftAlone(until=row["until"], failure=FetchFailure(row["failure"]), why=row["why"])
