"""One agenda through OpenAgenda's own REST API v2, with a reading key and with removals.

Speaks the protocol and nothing else; mapping is elsewhere. Enter at `AgendaEvents`.
"""

from collections.abc import AsyncIterator, Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import httpx

from puls.errors import SourceRefusedError, SourceUnavailableError
from puls.ingestion.http_source import PoliteHttp
from puls.ingestion.openagenda.explore import later, moment_of_cursor, utc_now
from puls.ingestion.sources import SourceBatch

AGENDA_URL: Final = "https://api.openagenda.com/v2"
AGENDA_PAGE_EVENTS: Final = 300  # OpenAgenda's maximum
OVERLAP: Final = timedelta(hours=1)  # what is written there takes a moment to be found there
_MOST_PAGES: Final = 10_000


class AgendaClient:
    """REST v2 with a reading key, sent as a header so that it never enters an address or a log."""

    def __init__(self, polite: PoliteHttp, *, base_url: str = AGENDA_URL) -> None:
        self._polite = polite
        self._base_url = base_url.rstrip("/")

    @property
    def address(self) -> str:
        """Where the API is."""
        return self._base_url

    @classmethod
    def over(
        cls, http: httpx.AsyncClient, *, key: str, base_url: str = AGENDA_URL
    ) -> "AgendaClient":
        """A client with the usual patience."""
        polite = PoliteHttp(http, source_name="OpenAgenda", headers={"key": key})
        return cls(polite, base_url=base_url)

    async def pages(
        self, agenda_uid: str, *, updated_since: datetime | None
    ) -> AsyncIterator[Mapping[str, Any]]:
        """The agenda's events, oldest update first, removed ones included as `{uid, removed}`.

        The `after` cursor may stay set past the last page, so reading also stops at `total` or at
        an empty page.
        """
        fixed: list[tuple[str, str | int]] = [
            ("size", AGENDA_PAGE_EVENTS),
            ("detailed", 1),
            ("monolingual", "fr"),
            ("removed", "null"),
            ("sort", "updatedAt.asc"),
        ]
        if updated_since is not None:
            fixed.append(("updatedAt[gte]", updated_since.astimezone(UTC).isoformat()))
        after: list[Any] | None = None
        seen: set[Any] = set()
        for _ in range(_MOST_PAGES):
            cursor = [("after[]", str(part)) for part in after or ()]
            url = f"{self._base_url}/agendas/{agenda_uid}/events"
            page = await self._polite.get(url, [*fixed, *cursor])
            events = page.get("events") if isinstance(page, dict) else None
            if not isinstance(events, list):
                raise SourceUnavailableError(
                    'OpenAgenda answered without "events"; the last good catalogue stays in use.'
                )
            if events:
                yield page
            # An event that is edited meanwhile comes again at the end: it must not count for another.
            seen |= {str(event.get("uid")) for event in events if isinstance(event, dict)}
            previous, after = after, _after(page.get("after"))
            total = page.get("total")
            if not events or not after or after == previous:
                return
            if isinstance(total, int) and len(seen) >= total:
                return
        raise SourceUnavailableError(
            f"OpenAgenda gave {_MOST_PAGES} pages and no end; what was read is kept."
        )


def _after(value: Any) -> list[Any] | None:
    return value if isinstance(value, list) else [value] if value else None


class AgendaEvents:
    """One agenda: everything at the first run, then what was updated or removed since."""

    is_full = False
    former_name = None

    def __init__(
        self,
        client: AgendaClient,
        *,
        agenda_uid: str,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        """Refuse what is not an agenda's number, since it becomes part of an address."""
        if not agenda_uid.isascii() or not agenda_uid.isdigit():
            raise SourceRefusedError(f"{agenda_uid!r} is not the number of an agenda.")
        self._client = client
        self._agenda_uid = agenda_uid
        self._clock = clock

    @property
    def name(self) -> str:
        return f"agenda:{self._agenda_uid}"

    @property
    def origin(self) -> str:
        return self._client.address

    async def batches(self, *, cursor: str | None) -> AsyncIterator[SourceBatch]:
        """One page, one batch. The cursor is the moment reached, and never one that is still to come."""
        began = self._clock()
        last = moment_of_cursor(cursor)
        since = last - OVERLAP if last else None
        reached = last
        done = 0
        async for page in self._client.pages(self._agenda_uid, updated_since=since):
            events = [event for event in page["events"] if isinstance(event, dict)]
            done += len(events)
            for event in events:
                reached = later(reached, moment_of_cursor(str(event.get("updatedAt") or "")))
            total = page.get("total")
            kept = min(reached, max(began, last or began)) if reached else None
            yield SourceBatch(
                records=events,
                done=done,
                total=total if isinstance(total, int) else None,
                cursor=kept.isoformat() if kept else None,
            )
