"""The surest proof: OpenAgenda's own JSON of an agenda, one request for all its events that are asked about.

Keyless at the address that OpenAgenda's site itself calls, or the documented REST v2 where a `KeyedFetcher` sends a key;
both answer alike (reference §9d, §1b). Never says that an event is gone on an answer that may not have understood the
question. Enter at `AgendaProof.see`.
"""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlencode

from puls.outside.page import Fetcher, FetchError, FetchFailure, Page
from puls.web_search.proofs.agenda_reply import AgendaReply, event_of, reply_of
from puls.web_search.proofs.seen import Seen
from puls.web_search.values import Proof

OPEN_URL: Final = "https://openagenda.com"
DOCUMENTED_URL: Final = "https://api.openagenda.com/v2"
FRESH_SECONDS: Final = 60.0  # an answer read by another visitor's check a moment ago will do
MOST_UIDS: Final = 50  # of one request, so that its address stays below 4,000 characters
_PAGE_EVENTS: Final = 300  # OpenAgenda's maximum
_MOST_PAGES: Final = 3
_MOST_SINGLE: Final = 3
_TOLERANCE: Final = timedelta(minutes=5)
_FIELDS: Final = (
    "uid",
    "title",
    "status",
    "state",
    "timings",
    "nextTiming",
    "lastTiming",
    "updatedAt",
    "timezone",
    "attendanceMode",
    "location.name",
    "location.city",
    "location.postalCode",
)
_GONE: Final = {FetchFailure.NOT_FOUND, FetchFailure.GONE}

Params = Sequence[tuple[str, str]]


class AgendaProof:
    """Asks OpenAgenda for events by agenda and uid."""

    def __init__(
        self, fetcher: Fetcher, *, base_url: str = OPEN_URL, is_documented: bool = False
    ) -> None:
        """`is_documented`: `base_url` speaks REST v2, where one event has an address of its own."""
        self._fetcher = fetcher
        self._base_url = base_url.rstrip("/")
        self._is_documented = is_documented

    async def see(
        self,
        agenda_uid: str,
        starts: Mapping[str, datetime | None],
        *,
        within: float,
        now: datetime,
    ) -> dict[str, Seen]:
        """What the agenda says of each of these events, by uid; never raises for what the outside does.

        `starts`: the performance that is asked about, where one is. `within`: seconds for all requests together.
        """
        loop = asyncio.get_running_loop()
        asking = _Asking(self, agenda_uid, deadline=loop.time() + within, now=now)
        seen: dict[str, Seen] = {}
        uids = sorted(starts)
        for first in range(0, len(uids), MOST_UIDS):
            part = {uid: starts[uid] for uid in uids[first : first + MOST_UIDS]}
            seen |= await asking.about(part)
        return seen

    async def page(self, agenda_uid: str, params: Params, *, within: float) -> Page:
        """One list of the agenda's events."""
        name = "events" if self._is_documented else "events.v2.json"
        return await self._read(f"agendas/{agenda_uid}/{name}?{urlencode(params)}", within)

    async def single(self, agenda_uid: str, uid: str, *, within: float) -> Page:
        """One event with all its fields: by its own address, or as the only one of a list."""
        if self._is_documented:
            return await self._read(f"agendas/{agenda_uid}/events/{uid}?monolingual=fr", within)
        params = [("uid[]", uid), ("detailed", "1"), ("monolingual", "fr")]
        return await self.page(agenda_uid, params, within=within)

    @property
    def has_single_addresses(self) -> bool:
        return self._is_documented

    async def _read(self, path: str, within: float) -> Page:
        url = f"{self._base_url}/{path}"
        if within <= 0:
            raise FetchError(FetchFailure.TIME, url)
        return await self._fetcher.page(url, within=within, accept="json", fresh_for=FRESH_SECONDS)


class _Asking:
    """One agenda, one deadline."""

    def __init__(
        self, proof: AgendaProof, agenda_uid: str, *, deadline: float, now: datetime
    ) -> None:
        self._proof = proof
        self._agenda_uid = agenda_uid
        self._deadline = deadline
        self._now = now

    async def about(self, starts: Mapping[str, datetime | None]) -> dict[str, Seen]:
        url = f"agenda {self._agenda_uid}"
        try:
            page = await self._list([("uid[]", uid) for uid in starts], size=len(starts))
            url = page.asked_url
            reply = _reply(page)
        except FetchError as error:
            return {uid: self._not_read(error) for uid in starts}
        seen = {uid: one for uid, one in reply.events.items() if uid in starts}
        seen |= await self._with_all_times(
            {uid: one for uid, one in seen.items() if _lacks_time(one, starts[uid])}
        )
        missing = set(starts) - seen.keys()
        if not missing:
            return seen
        if seen and reply.events.keys() <= starts.keys():  # it understood which were meant
            return seen | {uid: self._gone(url, page.fetched_at) for uid in missing}
        return seen | await self._look_again(missing, is_empty=not reply.events)

    async def _list(self, more: Params, *, size: int) -> Page:
        params = [
            *more,
            ("size", str(size)),
            ("removed", "null"),
            ("monolingual", "fr"),
            *(("includeFields[]", name) for name in _FIELDS),
        ]
        return await self._proof.page(self._agenda_uid, params, within=self._left())

    async def _with_all_times(self, seen: Mapping[str, Seen]) -> dict[str, Seen]:
        """Lists leave out the dates of events that have very many; the event alone gives them."""
        fuller: dict[str, Seen] = {}
        for uid in list(seen)[:_MOST_SINGLE]:
            try:
                one = self._single_of(uid, await self._single(uid))
            except FetchError:
                continue  # what the list said stands
            if one is not None and one.times:
                fuller[uid] = one
        return fuller

    async def _look_again(self, missing: set[str], *, is_empty: bool) -> dict[str, Seen]:
        """An answer without any of them proves nothing by itself: `uid[]` may not have been understood."""
        try:
            if self._proof.has_single_addresses:
                return await self._each_alone(missing)
            found, is_whole, page = await self._in_all_that_comes(missing)
        except FetchError as error:
            if is_empty:
                return {uid: self._gone(error.url, self._now, is_sure=False) for uid in missing}
            return {uid: self._not_read(error) for uid in missing}
        lost = missing - found.keys()
        if is_whole or is_empty:
            gone = self._gone(page.asked_url, page.fetched_at, is_sure=is_whole)
            return found | dict.fromkeys(lost, gone)
        return found | dict.fromkeys(lost, self._silent("not_on_page", page.asked_url))

    async def _each_alone(self, missing: set[str]) -> dict[str, Seen]:
        seen: dict[str, Seen] = {}
        for uid in sorted(missing)[:_MOST_SINGLE]:
            try:
                page = await self._single(uid)
            except FetchError as error:
                if error.failure not in _GONE:
                    raise
                seen[uid] = self._gone(error.url, self._now)
                continue
            one = self._single_of(uid, page)
            seen[uid] = one or self._silent(FetchFailure.KIND, page.asked_url)
        left = missing - seen.keys()
        return seen | dict.fromkeys(left, self._silent(FetchFailure.PACE, self._agenda_uid))

    async def _in_all_that_comes(self, missing: set[str]) -> tuple[dict[str, Seen], bool, Page]:
        """Those among all that the agenda still announces, and whether that was read to its end."""
        coming = [("relative[]", "current"), ("relative[]", "upcoming")]
        after: tuple[str, ...] = ()
        found: dict[str, Seen] = {}
        met: set[str] = set()
        page: Page | None = None
        for _ in range(_MOST_PAGES):
            cursor = [("after[]", part) for part in after]
            page = await self._list([*coming, *cursor], size=_PAGE_EVENTS)
            reply = _reply(page)
            found |= {uid: one for uid, one in reply.events.items() if uid in missing}
            is_new = not reply.events.keys() <= met
            met |= reply.events.keys()
            is_end = not reply.after or reply.after == after or not is_new
            if is_end or missing <= found.keys():
                is_whole = reply.total is not None and len(met) >= reply.total
                return found, is_whole, page
            after = reply.after
        assert page is not None
        return found, False, page

    async def _single(self, uid: str) -> Page:
        return await self._proof.single(self._agenda_uid, uid, within=self._left())

    def _single_of(self, uid: str, page: Page) -> Seen | None:
        return event_of(page).get(uid)

    def _left(self) -> float:
        return self._deadline - asyncio.get_running_loop().time()

    def _gone(self, url: str, at: datetime, *, is_sure: bool = True) -> Seen:
        return Seen(
            proof=Proof.AGENDA, url=url, at=at, is_gone=True, is_sure=is_sure, is_of_source=True
        )

    def _not_read(self, error: FetchError) -> Seen:
        return self._silent(error.failure, error.url)

    def _silent(self, failure: str, url: str) -> Seen:
        return Seen(proof=Proof.AGENDA, url=url, at=self._now, failure=str(failure))


def _reply(page: Page) -> AgendaReply:
    reply = reply_of(page)
    if reply is None:
        raise FetchError(FetchFailure.KIND, page.asked_url, "it is not OpenAgenda's JSON")
    return reply


def _lacks_time(seen: Seen, start: datetime | None) -> bool:
    """Whether the performance asked about is not told, one way or the other."""
    if seen.are_all_times or seen.is_gone or start is None:
        return False
    return not any(abs(one.starts_at - start) <= _TOLERANCE for one in seen.times)
