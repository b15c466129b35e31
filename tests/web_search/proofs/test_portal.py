"""The portal's copy: one request for all, and never proof that something is gone."""

import pytest
from tests.outside.world import fetching
from tests.web_search.openagenda_servers import Misbehaviour, Portal, portal_record
from tests.web_search.verified_events import NOW, TOMORROW

from puls.outside.page import FetchFailure
from puls.web_search.proofs.portal import PortalProof
from puls.web_search.values import WebStatus

HOST = "public.opendatasoft.com"


async def test_all_events_cost_one_request_whatever_their_agendas() -> None:
    portal = Portal({uid: portal_record(uid, begins=TOMORROW, status=6) for uid in ("1", "2")})
    async with fetching({HOST: portal}) as (_, fetcher):
        seen = await PortalProof(fetcher).see(["1", "2", "3", 'x" or 1=1'], within=2, now=NOW)
    assert portal.requests == 1
    assert seen["1"].status is WebStatus.CANCELLED
    assert [one.starts_at for one in seen["2"].times] == [TOMORROW]
    assert seen["3"].failure == "not_on_page"
    assert not seen["3"].is_gone
    assert seen['x" or 1=1'].failure == "not_on_page"


@pytest.mark.parametrize(
    ("how", "failure"),
    [
        ("hangs", FetchFailure.TIME),
        ("html", FetchFailure.KIND),
        ("forbidden", FetchFailure.FORBIDDEN),
        ("too_many", FetchFailure.TOO_MANY),
        ("broken", FetchFailure.SERVER),
        ("cut", FetchFailure.KIND),
        ("another_document", FetchFailure.KIND),
    ],
)
async def test_each_odd_reply_is_a_named_failure(how: Misbehaviour, failure: FetchFailure) -> None:
    portal = Portal({"1": portal_record("1", begins=TOMORROW)}, how=how)
    async with fetching({HOST: portal}) as (_, fetcher):
        seen = await PortalProof(fetcher).see(["1"], within=0.4, now=NOW)
    assert seen["1"].failure == failure
