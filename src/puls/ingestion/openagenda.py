"""OpenAgenda as a source.

The OpenDataSoft mirror (Explore API v2.1, no key) and OpenAgenda's own REST API v2 (key).

Both clients speak the protocol and nothing else; mapping is elsewhere. Enter at `ExploreExport`
(everything), `ExploreChanges` (what changed since the last run) and `AgendaEvents` (one agenda,
with removals).
"""

from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final

import httpx

from puls.errors import SourceRefusedError, SourceUnavailableError
from puls.ingestion import odsql
from puls.ingestion.files import record_from_line
from puls.ingestion.http_source import PoliteHttp
from puls.ingestion.sources import Record, SourceBatch, Unreadable

EXPLORE_URL: Final = "https://public.opendatasoft.com/api/explore/v2.1/catalog/datasets/evenements-publics-openagenda"
AGENDA_URL: Final = "https://api.openagenda.com/v2"
PAGE_RECORDS: Final = 100  # `/records` refuses more
LAST_REACHABLE_RECORD: Final = 10_000  # `offset + limit` must stay below
AGENDA_PAGE_EVENTS: Final = 300  # OpenAgenda's maximum
BATCH_RECORDS: Final = 1_000
# What the mirror and OpenAgenda's documentation have called their licence (reference.md 1c):
# Licence Ouverte, and ODbL on an older page. Anything else is a change that a person must read
# before data is shown again.
KNOWN_LICENCES: Final = ("licence ouverte", "open licence", "odc open database", "odbl", "etalab")
_INTERRUPTED: Final = b"Streaming interrupted"
_SHOWN_CHARACTERS: Final = 200


class ExploreClient:
    """The mirror's endpoints."""

    def __init__(self, polite: PoliteHttp, *, base_url: str = EXPLORE_URL) -> None:
        self._polite = polite
        self._base_url = base_url.rstrip("/")

    @classmethod
    def over(cls, http: httpx.AsyncClient, *, base_url: str = EXPLORE_URL) -> "ExploreClient":
        """A client with the usual patience."""
        return cls(PoliteHttp(http, source_name="OpenDataSoft"), base_url=base_url)

    async def check_licence(self) -> str:
        """The dataset's licence as its catalogue states it now.

        Raises:
            SourceRefusedError: the licence is not one that Puls knows; nothing was read.
        """
        dataset = await self._polite.get(self._base_url)
        stated = _licence_of(dataset)
        if stated and not any(known in stated.lower() for known in KNOWN_LICENCES):
            raise SourceRefusedError(
                f"The dataset's licence is now {stated!r}. Puls knows Licence Ouverte and ODbL; "
                f"nothing was read. "
                "Read the new licence, then add it to KNOWN_LICENCES."
            )
        return stated

    async def count(self, where: str | None) -> int:
        """How many records fit."""
        page = await self._polite.get(f"{self._base_url}/records", {"limit": 0, **_where(where)})
        total = page.get("total_count") if isinstance(page, dict) else None
        return total if isinstance(total, int) else 0

    async def page(self, where: str | None, *, offset: int) -> list[Record]:
        """One page of records, oldest update first."""
        answer = await self._polite.get(
            f"{self._base_url}/records",
            {
                "order_by": "updatedat, uid",
                "limit": PAGE_RECORDS,
                "offset": offset,
                **_where(where),
            },
        )
        results = answer.get("results") if isinstance(answer, dict) else None
        if not isinstance(results, list):
            raise SourceUnavailableError(
                'OpenDataSoft answered without "results"; the last good catalogue stays in use.'
            )
        return [record for record in results if isinstance(record, dict)]

    async def export(self, where: str | None) -> AsyncIterator[Record | Unreadable]:
        """Every record, as the server streams them.

        Raises:
            SourceUnavailableError: the stream broke off; what was whole has been given.
        """
        number = 0
        url = f"{self._base_url}/exports/jsonl"
        async with self._polite.stream(url, {"timezone": "UTC", **_where(where)}) as response:
            try:
                async for line in _byte_lines(response):
                    if line.startswith(_INTERRUPTED):
                        raise _broken_export(number, line.decode("utf-8", "replace"))
                    number += 1
                    yield record_from_line(line, number)
            except httpx.HTTPError as error:
                raise _broken_export(number, str(error) or type(error).__name__) from error


class ExploreExport:
    """The whole dataset, or the whole of a `where`: what it does not hold is gone."""

    is_full = True

    def __init__(
        self, client: ExploreClient, *, where: str | None = None, name: str = "openagenda"
    ) -> None:
        self._client = client
        self._where = where
        self._name = _named(name, where)

    @property
    def name(self) -> str:
        return self._name

    async def batches(self, *, cursor: str | None) -> AsyncIterator[SourceBatch]:
        """One long answer in batches.

        The cursor is the latest update met, once the export is whole.
        """
        del cursor
        await self._client.check_licence()
        total = await self._client.count(self._where)
        waiting: list[Record | Unreadable] = []
        done, latest = 0, ""
        try:
            async for item in self._client.export(self._where):
                waiting.append(item)
                done += 1
                if isinstance(item, dict):
                    latest = max(latest, str(item.get("updatedat") or ""))
                if len(waiting) >= BATCH_RECORDS:
                    yield SourceBatch(records=waiting, done=done, total=total)
                    waiting = []
        except SourceUnavailableError:
            if waiting:
                yield SourceBatch(records=_whole(waiting), done=done, total=total)
            raise
        if total and done < total:
            yield SourceBatch(records=_whole(waiting), done=done, total=total)
            raise _broken_export(done, f"{total} were announced")
        if waiting and isinstance(waiting[-1], Unreadable):
            yield SourceBatch(records=_whole(waiting), done=done, total=total)
            raise _broken_export(done - 1, "the last line is cut")
        yield SourceBatch(records=waiting, done=done, total=total, cursor=latest or None)


class ExploreChanges:
    """What changed upstream since the last run, by an inclusive cursor on `updatedat`."""

    is_full = False

    def __init__(
        self, client: ExploreClient, *, where: str | None = None, name: str = "openagenda"
    ) -> None:
        self._client = client
        self._where = where
        self._name = _named(name, where)

    @property
    def name(self) -> str:
        return self._name

    async def batches(self, *, cursor: str | None) -> AsyncIterator[SourceBatch]:
        """Pages of 100; before the 10,000th record the cursor moves instead of the offset."""
        await self._client.check_licence()
        since = _moment(cursor)
        total = await self._client.count(odsql.every(self._where, _since(since)))
        at_cursor: set[str] = set()
        offset = done = 0
        while True:
            condition = odsql.every(self._where, _since(since))
            page = await self._client.page(condition, offset=offset)
            fresh = [record for record in page if str(record.get("uid")) not in at_cursor]
            at_cursor.update(str(record.get("uid")) for record in fresh)
            done += len(fresh)
            latest = _latest(page) or since
            if fresh:
                yield SourceBatch(
                    records=fresh,
                    done=done,
                    total=total,
                    cursor=latest.isoformat() if latest else None,
                )
            if len(page) < PAGE_RECORDS:
                return
            offset += PAGE_RECORDS
            if offset + PAGE_RECORDS >= LAST_REACHABLE_RECORD:
                if latest is None or latest == since:
                    raise SourceUnavailableError(
                        f"More than {LAST_REACHABLE_RECORD} records share the update time "
                        f"{latest}; "
                        "run a full export instead."
                    )
                since, offset = latest, 0


class AgendaClient:
    """REST v2 with a reading key, sent as a header so that it never enters an address or a log."""

    def __init__(self, polite: PoliteHttp, *, base_url: str = AGENDA_URL) -> None:
        self._polite = polite
        self._base_url = base_url.rstrip("/")

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
        seen = 0
        while True:
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
            seen += len(events)
            previous, after = after, page.get("after")
            total = page.get("total")
            if not events or not after or after == previous:
                return
            if isinstance(total, int) and seen >= total:
                return


class AgendaEvents:
    """One agenda: everything at the first run, then what was updated or removed since."""

    is_full = False

    def __init__(self, client: AgendaClient, *, agenda_uid: str) -> None:
        """Refuse what is not an agenda's number, since it becomes part of an address."""
        if not agenda_uid.isascii() or not agenda_uid.isdigit():
            raise SourceRefusedError(f"{agenda_uid!r} is not the number of an agenda.")
        self._client = client
        self._agenda_uid = agenda_uid

    @property
    def name(self) -> str:
        return f"agenda:{self._agenda_uid}"

    async def batches(self, *, cursor: str | None) -> AsyncIterator[SourceBatch]:
        """One page, one batch."""
        done = 0
        latest = _moment(cursor)
        pages = self._client.pages(self._agenda_uid, updated_since=latest)
        async for page in pages:
            events = [event for event in page["events"] if isinstance(event, dict)]
            done += len(events)
            latest = max((m for m in (latest, _latest(events, "updatedAt")) if m), default=None)
            total = page.get("total")
            yield SourceBatch(
                records=events,
                done=done,
                total=total if isinstance(total, int) else None,
                cursor=latest.isoformat() if latest else None,
            )


def _where(condition: str | None) -> dict[str, str | int]:
    return {"where": condition} if condition else {}


def _named(name: str, where: str | None) -> str:
    """Another `where` is another source: a run over the Drôme must not remove what is in Paris."""
    return f"{name}?{where}" if where else name


def _since(at: datetime | None) -> str | None:
    return odsql.updated_since(at) if at is not None else None


def _moment(text: str | None) -> datetime | None:
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _latest(records: list[Record], key: str = "updatedat") -> datetime | None:
    moments = (_moment(str(record.get(key) or "")) for record in records)
    return max((moment for moment in moments if moment is not None), default=None)


def _whole(items: list[Record | Unreadable]) -> list[Record | Unreadable]:
    """Without a last line that was cut.

    It is not a bad record, it comes again with the next run.
    """
    return items[:-1] if items and isinstance(items[-1], Unreadable) else items


def _broken_export(kept: int, why: str) -> SourceUnavailableError:
    return SourceUnavailableError(
        f"OpenDataSoft's export broke off after {kept} whole records "
        f"({why[:_SHOWN_CHARACTERS]}). They are kept; "
        "nothing was removed. Run it again: what is unchanged passes quickly."
    )


async def _byte_lines(response: httpx.Response) -> AsyncIterator[bytes]:
    """Lines as bytes: httpx's own `aiter_lines` would also cut at U+2028 inside a record."""
    rest = b""
    async for chunk in response.aiter_bytes():
        *lines, rest = (rest + chunk).split(b"\n")
        for line in lines:
            if line.strip():
                yield line
    if rest.strip():
        yield rest


def _licence_of(dataset: Any) -> str:
    metas = dataset.get("metas") if isinstance(dataset, dict) else None
    default = metas.get("default") if isinstance(metas, dict) else None
    licence = default.get("license") if isinstance(default, dict) else None
    return licence if isinstance(licence, str) else ""
