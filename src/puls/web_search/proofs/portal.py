"""The open-data portal's copy of OpenAgenda: one request for every event asked about, but only as fresh as that copy.

An event that is missing here is not gone: the copy may be late, filtered or cut. Enter at `PortalProof.see`.
"""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from puls.outside.page import Fetcher, FetchError, FetchFailure, Page
from puls.web_search.proofs import openagenda_fields as fields
from puls.web_search.proofs.seen import Seen
from puls.web_search.values import Proof

PORTAL_URL: Final = "https://public.opendatasoft.com/api/explore/v2.1/catalog/datasets/evenements-publics-openagenda"
FRESH_SECONDS: Final = 300.0  # the copy itself changes far more slowly
_MOST_RECORDS: Final = 100  # `/records` refuses more (reference §1a)
_FIELDS: Final = (
    "uid, status, timings, updatedat, attendancemode, location_name, location_city, "
    "location_postalcode, location_countrycode"
)
_UTC: Final = ZoneInfo("UTC")  # the portal's moments all have an offset; its bare ones are UTC


class PortalProof:
    """Asks the portal's Explore API v2.1 for records by uid."""

    def __init__(self, fetcher: Fetcher, *, base_url: str = PORTAL_URL) -> None:
        self._fetcher = fetcher
        self._base_url = base_url.rstrip("/")

    async def see(self, uids: Sequence[str], *, within: float, now: datetime) -> dict[str, Seen]:
        """What the portal says of each of these, by uid; never raises for what the outside does."""
        asked = [uid for uid in sorted(set(uids)) if uid.isascii() and uid.isdigit()]
        deadline = asyncio.get_running_loop().time() + within
        seen: dict[str, Seen] = {}
        for first in range(0, len(asked), _MOST_RECORDS):
            seen |= await self._part(asked[first : first + _MOST_RECORDS], deadline, now)
        silent = _silent("not_on_page", self._base_url, now)
        return dict.fromkeys(uids, silent) | seen

    async def _part(self, uids: Sequence[str], deadline: float, now: datetime) -> dict[str, Seen]:
        listed = ",".join(f'"{uid}"' for uid in uids)
        params = {"where": f"uid in ({listed})", "select": _FIELDS, "limit": len(uids)}
        url = f"{self._base_url}/records?{urlencode(params)}"
        try:
            left = max(0.0, deadline - asyncio.get_running_loop().time())
            page = await self._fetcher.page(
                url, within=left, accept="json", fresh_for=FRESH_SECONDS
            )
        except FetchError as error:
            return dict.fromkeys(uids, _silent(error.failure, url, now))
        answer = fields.document(page.text)
        records = answer.get("results") if isinstance(answer, Mapping) else None
        if not isinstance(records, list):
            return dict.fromkeys(uids, _silent(FetchFailure.KIND, url, now))
        rows = [one for one in records[:_MOST_RECORDS] if isinstance(one, Mapping)]
        found = {uid: _seen(one, page) for one in rows if (uid := fields.uid(one.get("uid")))}
        return {uid: one for uid, one in found.items() if uid in uids}


def _seen(record: Mapping[str, Any], page: Page) -> Seen:
    times, are_all = fields.times(record.get("timings"), _UTC)
    status = fields.status(record.get("status"))
    return Seen(
        proof=Proof.PORTAL,
        url=page.asked_url,
        at=page.fetched_at,
        is_of_source=True,
        status=status,
        times=times,
        are_all_times=are_all,
        attendance=fields.attendance(record.get("attendancemode")),
        venue=fields.text(record.get("location_name")),
        city=fields.text(record.get("location_city")),
        postcode=fields.text(record.get("location_postalcode")),
        updated_at=fields.moment(record.get("updatedat"), _UTC),
        says=fields.STATUS_WORDS.get(status, ""),
    )


def _silent(failure: str, url: str, now: datetime) -> Seen:
    return Seen(proof=Proof.PORTAL, url=url, at=now, failure=str(failure))
