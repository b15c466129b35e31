"""The OpenDataSoft mirror of OpenAgenda: Explore API v2.1, no key.

Speaks the protocol and nothing else; mapping is elsewhere. Enter at `ExploreExport` for everything; what changed since
is in `changes`.
"""

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from typing import Any, Final

import httpx

from puls import outside
from puls.errors import SourceRefusedError, SourceUnavailableError
from puls.ingestion.files import record_from_line
from puls.ingestion.files.limits import LONGEST_RECORD_BYTES
from puls.ingestion.http_source import PoliteHttp
from puls.ingestion.sources import Record, SourceBatch, Unreadable
from puls.outside import ReplyError

EXPLORE_URL: Final = "https://public.opendatasoft.com/api/explore/v2.1/catalog/datasets/evenements-publics-openagenda"
PAGE_RECORDS: Final = 100  # `/records` refuses more
LAST_REACHABLE_RECORD: Final = 10_000  # `offset + limit` must stay below
BATCH_RECORDS: Final = 1_000
LONGEST_EXPORT_SECONDS: Final = 6 * 3_600.0  # a million records took others 12 minutes
# What the mirror and OpenAgenda's documentation have called their licence (reference.md 1c):
# Licence Ouverte, and ODbL on an older page. Anything else is a change that a person must read
# before data is shown again.
KNOWN_LICENCES: Final = ("licence ouverte", "open licence", "odc open database", "odbl", "etalab")
_INTERRUPTED: Final = b"Streaming interrupted"
_SHOWN_CHARACTERS: Final = 200


def utc_now() -> datetime:
    return datetime.now(UTC)


_TOO_LONG: Final = f"Longer than {LONGEST_RECORD_BYTES} bytes"


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

    @property
    def address(self) -> str:
        """Where the dataset is."""
        return self._base_url

    async def page(self, where: str | None, *, offset: int = 0) -> list[Record]:
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
                async for line in outside.lines(
                    response, longest=LONGEST_RECORD_BYTES, seconds=LONGEST_EXPORT_SECONDS
                ):
                    number += 1
                    if line is None:
                        yield Unreadable(line=number, detail=_TOO_LONG, text="")
                        continue
                    if line.startswith(_INTERRUPTED):
                        raise _broken_export(number - 1, line.decode("utf-8", "replace"))
                    yield record_from_line(line, number)
            except (httpx.HTTPError, ReplyError) as error:
                raise _broken_export(number, str(error) or type(error).__name__) from error


class ExploreSource:
    """The dataset, or a `where` of it, under a name."""

    former_name = None

    def __init__(
        self,
        client: ExploreClient,
        *,
        where: str | None = None,
        name: str = "openagenda",
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self._client = client
        self._where = where
        self._name = named(name, where)
        self._clock = clock

    @property
    def name(self) -> str:
        return self._name

    @property
    def origin(self) -> str:
        return self._client.address


class ExploreExport(ExploreSource):
    """The whole of it: what it does not hold is gone."""

    is_full = True

    async def batches(self, *, cursor: str | None) -> AsyncIterator[SourceBatch]:
        """One long answer in batches.

        The cursor is the latest update met, once the export is whole; what was edited while it ran is newer than its
        beginning, so the cursor is never later than that.
        """
        del cursor
        began = self._clock()
        await self._client.check_licence()
        total = await self._client.count(self._where)
        waiting: list[Record | Unreadable] = []
        done = 0
        latest: datetime | None = None
        try:
            async for item in self._client.export(self._where):
                waiting.append(item)
                done += 1
                if isinstance(item, dict):
                    latest = later(latest, moment_of_cursor(str(item.get("updatedat") or "")))
                if len(waiting) >= BATCH_RECORDS:
                    yield SourceBatch(records=waiting, done=done, total=total)
                    waiting = []
        except SourceUnavailableError:
            if waiting:
                yield SourceBatch(records=_whole(waiting), done=done, total=total)
            raise
        # What was removed upstream meanwhile is not missing.
        if total and done < total and done < (total := await self._client.count(self._where)):
            yield SourceBatch(records=_whole(waiting), done=done, total=total)
            raise _broken_export(done, f"{total} were announced")
        if waiting and isinstance(waiting[-1], Unreadable):
            yield SourceBatch(records=_whole(waiting), done=done, total=total)
            raise _broken_export(done - 1, "the last line is cut")
        reached = min(latest, began) if latest else None
        yield SourceBatch(
            records=waiting, done=done, total=total, cursor=reached.isoformat() if reached else None
        )


def _where(condition: str | None) -> dict[str, str | int]:
    return {"where": condition} if condition else {}


def named(name: str, where: str | None) -> str:
    """Another `where` is another source: a run over the Drôme must not remove what is in Paris."""
    return f"{name}?{where}" if where else name


def moment_of_cursor(text: str | None) -> datetime | None:
    """When the mirror says a record was updated; None for what is no moment."""
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def later(one: datetime | None, other: datetime | None) -> datetime | None:
    return max(filter(None, (one, other)), default=None)


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


def _licence_of(dataset: Any) -> str:
    metas = dataset.get("metas") if isinstance(dataset, dict) else None
    default = metas.get("default") if isinstance(metas, dict) else None
    licence = default.get("license") if isinstance(default, dict) else None
    return licence if isinstance(licence, str) else ""
