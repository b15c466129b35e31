"""Looking ahead: with the real table of checks, the real checker and a loopback OpenAgenda."""

from datetime import timedelta

import pytest
from tests.outside.world import fetching
from tests.serving import save
from tests.web_search.openagenda_servers import Agendas, agenda_event
from tests.web_search.verified_events import NOW, event, occurrence

from puls.catalogue.store import Catalogue
from puls.database import Database
from puls.web_search.keeping import Checks
from puls.web_search.proofs.agenda import AgendaProof
from puls.web_search.values import Outcome
from puls.web_search.verifying import Verifying
from puls.web_search.warming import Warmed, Warming

pytestmark = pytest.mark.database

TONIGHT = NOW + timedelta(hours=6)


async def test_what_is_popular_tonight_and_what_is_noted_is_looked_at_before_anybody_asks(
    database: Database, catalogue: Catalogue
) -> None:
    """The first visitor of the evening sees a check of some minutes ago at once."""
    uids = ("1001", "1002", "1003")
    agendas = Agendas({"42": [agenda_event(uid, begins=TONIGHT) for uid in uids]})
    await save(database, [event(uid, occurrences=[occurrence(TONIGHT)]) for uid in uids])
    checks = Checks(database)
    async with fetching({"openagenda.com": agendas}) as (world, fetcher):
        verifying = Verifying(agendas=AgendaProof(fetcher), kept=checks)
        warming = Warming(popular=checks, events=catalogue, verifying=verifying)
        assert await warming.warm(NOW) == Warmed(checked=0, not_checked=0, notes_ended=0)
        agendas.events["42"][0]["status"] = 6
        asked = [event(uid, occurrences=[occurrence(TONIGHT)]) for uid in uids[:2]]
        await verifying.check(asked, now=NOW)
        agendas.events["42"][0] |= {"status": 1, "updatedAt": "2026-11-30T14:00:00Z"}
        world.later(hours=1)
        warmed = await warming.warm(NOW + timedelta(hours=1))
    assert warmed == Warmed(checked=2, not_checked=0, notes_ended=0)
    assert agendas.asked_uids == [["1001", "1002"], ["1001", "1002"]]
    last = await checks.last(uids)
    assert {uid: check.outcome for uid, check in last.items()} == {
        "1001": Outcome.CONFIRMED,
        "1002": Outcome.CONFIRMED,
    }
    assert await checks.noted(now=NOW, limit=9) == []
