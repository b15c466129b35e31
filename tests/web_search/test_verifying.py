"""Checks over a loopback world with the production guard on: order of proof, time, contradiction, cancelling."""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from tests.outside.world import UNHURRIED, USER_AGENT, Reply, Site, World
from tests.web_search.openagenda_servers import (
    Agendas,
    Misbehaviour,
    Portal,
    agenda_event,
    portal_record,
    silent,
)
from tests.web_search.verified_events import NOW, TOMORROW, event, occurrence

from puls.catalogue.event import Event
from puls.database import Database
from puls.errors import DatabaseUnavailableError
from puls.outside.manners import HostPace
from puls.outside.visits import Manners
from puls.web_search.keeping import Checks, StoredPace, StoredPages
from puls.web_search.proofs.agenda import AgendaProof
from puls.web_search.proofs.own_pages import OwnPages
from puls.web_search.proofs.portal import PortalProof
from puls.web_search.values import Check, Depth, Outcome, Proof
from puls.web_search.verifying import Verifying, agenda_of

pytestmark = pytest.mark.alone

POLITE = HostPace(burst=3, per_second=1.0)
TICKETS = "https://billets.example/concert"


@dataclass
class InMemory:
    """Kept checks of one process, and how it fails when the database is away."""

    checks: dict[str, Check] = field(default_factory=dict)
    is_away: bool = False
    asked: list[str] = field(default_factory=list)

    async def last(self, uids: Sequence[str]) -> dict[str, Check]:
        if self.is_away:
            raise DatabaseUnavailableError("PostgreSQL does not answer.")
        return {uid: self.checks[uid] for uid in uids if uid in self.checks}

    async def keep(self, checks: Sequence[Check], *, now: datetime) -> None:
        del now
        if self.is_away:
            raise DatabaseUnavailableError("PostgreSQL does not answer.")
        self.checks |= {check.uid: check for check in checks}

    async def count_asked(self, uids: Sequence[str], *, now: datetime) -> None:
        del now
        self.asked += uids


@asynccontextmanager
async def world_of(
    sites: Mapping[str, Site], *, pace: HostPace = UNHURRIED, kept: InMemory | None = None
) -> AsyncIterator[tuple[World, Verifying]]:
    async with World() as world:
        for name, site in sites.items():
            await world.serve(name, site)
        async with world.fetcher(manners=Manners(user_agent=USER_AGENT, pace=pace)) as fetcher:
            yield (
                world,
                Verifying(
                    agendas=AgendaProof(fetcher),
                    portal=PortalProof(fetcher),
                    pages=OwnPages(fetcher),
                    kept=kept,
                ),
            )


def page(title: str, *, status: str = "EventScheduled", begins: datetime = TOMORROW) -> str:
    return f"""<!doctype html><html lang="fr"><head><title>{title}</title>
    <script type="application/ld+json">{{"@context": "https://schema.org", "@type": "MusicEvent",
    "name": "{title}", "startDate": "{begins.isoformat()}", "eventStatus": "https://schema.org/{status}",
    "location": {{"@type": "Place", "name": "Le Temple", "address": {{"@type": "PostalAddress",
    "addressLocality": "Crest", "postalCode": "26400", "addressCountry": "FR"}}}}}}</script></head>
    <body><h1>{title}</h1><p>Un quatuor au Temple de Crest.</p></body></html>"""


def agendas_of(*agenda_uids: str, seconds: float = 0.0, **changes: Any) -> Agendas:
    """An event in each agenda, its number the agenda's and a 1."""
    events = {uid: [agenda_event(uid + "1", begins=TOMORROW, **changes)] for uid in agenda_uids}
    return Agendas(events, seconds=seconds)


def linked(**changes: Any) -> Event:
    return event(registration=(("email", "a@b.fr"), ("phone", "04"), ("link", TICKETS)), **changes)


async def test_an_agenda_that_answers_is_enough() -> None:
    """The surest proof, and nothing else is asked."""
    agendas = Agendas({"42": [agenda_event("1001", begins=TOMORROW, status=6)]})
    portal = Portal({})
    sites: dict[str, Site] = {
        "openagenda.com": agendas,
        "public.opendatasoft.com": portal,
        "billets.example": {"/concert": page("Concert")},
    }
    async with world_of(sites) as (world, verifying):
        (check,) = await verifying.check([linked()], now=NOW)
    assert (check.outcome, check.proof, check.is_strong) == (Outcome.CANCELLED, Proof.AGENDA, True)
    assert check.url == "https://openagenda.com/une-salle/events/concert"
    assert check.at == world.now
    assert check.says == "Annulé"
    assert portal.requests == world.count("billets.example") == 0


@pytest.mark.parametrize("how", ["html", "forbidden", "too_many", "broken", "cut", "not_found"])
async def test_where_the_agenda_tells_nothing_the_portal_is_asked(how: Misbehaviour) -> None:
    portal = Portal(
        {"1001": portal_record("1001", begins=TOMORROW, status=4, updatedat="2026-11-30T08:00:00Z")}
    )
    sites: dict[str, Site] = {
        "openagenda.com": Agendas({"42": []}, how=how),
        "public.opendatasoft.com": portal,
    }
    async with world_of(sites) as (_, verifying):
        (check,) = await verifying.check([event()], now=NOW)
    assert (check.outcome, check.proof, check.is_strong) == (Outcome.POSTPONED, Proof.PORTAL, True)


async def test_then_the_events_own_pages_are_read() -> None:
    sites: dict[str, Site] = {
        "openagenda.com": Agendas({}, how="forbidden"),
        "billets.example": {
            "/concert": page("Concert de la Sainte-Cécile", status="EventCancelled")
        },
    }
    async with world_of(sites) as (_, verifying):
        (check,) = await verifying.check([linked()], now=NOW)
    assert (check.outcome, check.proof, check.url) == (Outcome.CANCELLED, Proof.TICKETS, TICKETS)


async def test_an_event_of_elsewhere_goes_to_its_pages_at_once() -> None:
    """A number of another catalogue means nothing at OpenAgenda."""
    agendas = Agendas({"42": []})
    sites: dict[str, Site] = {
        "openagenda.com": agendas,
        "billets.example": {"/concert": page("Concert de la Sainte-Cécile")},
    }
    elsewhere = linked(url="https://ville.example/agenda/concert")
    assert agenda_of(elsewhere) is None
    async with world_of(sites) as (_, verifying):
        (check,) = await verifying.check([elsewhere], now=NOW)
    assert (check.outcome, check.proof, check.is_strong) == (
        Outcome.CONFIRMED,
        Proof.TICKETS,
        False,
    )
    assert agendas.lists == 0


async def test_a_thorough_look_reads_the_ticket_page_as_well() -> None:
    """« Encore des billets ? »: the agenda rarely knows."""
    sold_out = page("Concert de la Sainte-Cécile").replace(
        '"location"',
        '"offers": {"@type": "Offer", "availability": "https://schema.org/SoldOut"}, "location"',
    )
    sites: dict[str, Site] = {
        "openagenda.com": Agendas({"42": [agenda_event("1001", begins=TOMORROW)]}),
        "billets.example": {"/concert": sold_out},
    }
    found: dict[Depth, Check] = {}
    async with world_of(sites) as (_, verifying):
        for depth in ("quick", "thorough"):
            (found[depth],) = await verifying.check([linked()], now=NOW, depth=depth)
    assert found["quick"].outcome is Outcome.CONFIRMED
    assert found["thorough"].outcome is Outcome.FULL
    assert [one.proof for one in found["thorough"].against] == [Proof.AGENDA]


async def test_two_pages_that_contradict_are_both_told() -> None:
    lists = {"/concert": page("Concert de la Sainte-Cécile")}
    cancels = {"/concert": page("Concert de la Sainte-Cécile", status="EventCancelled")}
    sites: dict[str, Site] = {"billets.example": lists, "salle.example": cancels}
    async with world_of(sites) as (_, verifying):
        (check,) = await verifying.check([linked(url="https://salle.example/concert")], now=NOW)
    assert (check.outcome, check.proof, check.is_strong) == (Outcome.CANCELLED, Proof.VENUE, True)
    assert [(one.outcome, one.url) for one in check.against] == [(Outcome.CONFIRMED, TICKETS)]


async def test_a_page_that_refuses_robots_is_said_so() -> None:
    robots = Reply("User-agent: *\nDisallow: /", kind="text/plain")
    sites: dict[str, Site] = {"billets.example": {"/robots.txt": robots}}
    async with world_of(sites) as (world, verifying):
        (check,) = await verifying.check([linked(url=None, agenda_uid=None)], now=NOW)
    assert (check.outcome, check.why_not) == (Outcome.UNREADABLE, "robots")
    assert world.paths("billets.example") == ["/robots.txt"]


async def test_without_a_link_there_is_nothing_to_read() -> None:
    mail = event(url=None, agenda_uid=None, registration=(("email", "http://a@b.fr"),))
    invented = event(uid="7", url="https://example.org/x", agenda_uid="42", source="sample")
    async with world_of({}) as (_, verifying):
        checks = await verifying.check([mail, invented], now=NOW)
    assert [check.why_not for check in checks] == ["no_link", "no_link"]


async def test_five_agendas_at_the_stated_pace_within_three_seconds() -> None:
    """Burst of three, then one a second, to one host: issue 12, acceptance 5."""
    uids = ["11", "12", "13", "14", "15"]
    sites: dict[str, Site] = {"openagenda.com": agendas_of(*uids, seconds=0.3)}
    events = [event(uid + "1", agenda_uid=uid, occurrences=[occurrence(TOMORROW)]) for uid in uids]
    async with world_of(sites, pace=POLITE) as (world, verifying):
        began = time.monotonic()
        checks = await verifying.check(events, now=NOW, within=3.0)
        took = time.monotonic() - began
    assert [check.outcome for check in checks] == [Outcome.CONFIRMED] * 5
    assert took < 3.0
    assert world.count("openagenda.com") == 6  # and robots.txt


@pytest.mark.database
async def test_replicas_share_the_pace_and_the_checks(database: Database) -> None:
    """Two processes are one stranger to OpenAgenda; what one of them saw, the other tells."""
    uids = ["11", "12", "13", "14", "15"]
    sites: dict[str, Site] = {"openagenda.com": agendas_of(*uids, seconds=0.2)}
    events = [event(uid + "1", agenda_uid=uid) for uid in uids]
    async with World() as world:
        await world.serve("openagenda.com", sites["openagenda.com"])
        replicas = []
        async with AsyncExitStack() as fetchers:
            for _ in range(2):
                fetcher = world.fetcher(
                    store=StoredPages(database),
                    pace=StoredPace(database),
                    manners=Manners(user_agent=USER_AGENT, pace=POLITE),
                )
                await fetchers.enter_async_context(fetcher)
                replicas.append(Verifying(agendas=AgendaProof(fetcher), kept=Checks(database)))
            began = time.monotonic()
            first = await replicas[0].check(events, now=NOW)
            took = time.monotonic() - began
            second = await replicas[1].check(events, now=NOW)
    assert [check.outcome for check in first] == [Outcome.CONFIRMED] * 5
    assert second == first
    assert world.count("openagenda.com") == 6
    assert took < 3.25, "three seconds and a moment"


async def test_what_is_not_done_in_time_is_said_and_the_nearest_dates_come_first() -> None:
    uids = [str(uid) for uid in range(11, 18)]
    days = {uid: timedelta(days=abs(int(uid) - 14)) for uid in uids}  # 14 is the nearest
    held = {uid: [agenda_event(uid + "1", begins=TOMORROW + days[uid])] for uid in uids}
    sites: dict[str, Site] = {"openagenda.com": Agendas(held)}
    events = [
        event(uid + "1", agenda_uid=uid, occurrences=[occurrence(TOMORROW + days[uid])])
        for uid in uids
    ]
    async with world_of(sites, pace=POLITE) as (_, verifying):
        checks = await verifying.check(events, now=NOW, within=1.5)
    outcomes = {check.uid: check.outcome for check in checks}
    done = {uid for uid, outcome in outcomes.items() if outcome is Outcome.CONFIRMED}
    assert done == {"141", "131", "151", "121"}
    assert set(outcomes.values()) == {Outcome.CONFIRMED, Outcome.NOT_CHECKED}
    assert checks[0].why_not == "no_time"


async def test_everything_hangs_and_the_answer_comes_within_its_limit() -> None:
    """Issue 12, acceptance 5: limit + 300 ms."""
    sites: dict[str, Site] = {
        "openagenda.com": silent,
        "public.opendatasoft.com": silent,
        "billets.example": silent,
    }
    events = [linked(uid=str(1000 + at), agenda_uid=str(at)) for at in range(5)]
    async with world_of(sites) as (world, verifying):
        began = time.monotonic()
        checks = await verifying.check(events, now=NOW, within=0.6)
        took = time.monotonic() - began
        assert took < 0.9
        await _until(lambda: not any(world.open_connections.values()))
    assert {(check.outcome, check.why_not) for check in checks} == {
        (Outcome.NOT_CHECKED, "no_time")
    }


async def test_a_silent_agenda_does_not_hold_up_the_other_proofs() -> None:
    portal = Portal(
        {"1001": portal_record("1001", begins=TOMORROW, status=6, updatedat="2026-11-30T08:00:00Z")}
    )
    sites: dict[str, Site] = {
        "openagenda.com": Agendas({}, how="hangs"),
        "public.opendatasoft.com": portal,
    }
    async with world_of(sites) as (_, verifying):
        began = time.monotonic()
        (check,) = await verifying.check([event()], now=NOW, within=1.0)
        took = time.monotonic() - began
    assert (check.outcome, check.proof) == (Outcome.CANCELLED, Proof.PORTAL)
    assert took < 0.9, "nobody waits for an agenda whose answer is not needed any more"


async def test_a_cancelled_turn_ends_its_fetches() -> None:
    """Whoever closed the page costs nobody anything any more."""
    sites: dict[str, Site] = {
        "openagenda.com": silent,
        "billets.example": silent,
    }
    before = asyncio.all_tasks()
    async with world_of(sites) as (world, verifying):
        elsewhere = linked(uid="2", url=None, agenda_uid=None)
        checking = asyncio.create_task(verifying.check([event(), elsewhere], now=NOW, within=30))
        await _until(lambda: sum(world.open_connections.values()) >= 2)
        checking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await checking
        await _until(lambda: not any(world.open_connections.values()))
        await _until(lambda: asyncio.all_tasks() <= before | {asyncio.current_task()})


async def test_each_check_is_told_as_soon_as_it_stands() -> None:
    sites: dict[str, Site] = {"openagenda.com": agendas_of("11", "12")}
    heard: list[str] = []
    events = [event("111", agenda_uid="11"), event("121", agenda_uid="12")]
    async with world_of(sites) as (_, verifying):
        checks = await verifying.check(
            events, now=NOW, on_check=lambda check: heard.append(check.uid)
        )
    assert sorted(heard) == ["111", "121"]
    assert [check.uid for check in checks] == ["111", "121"]


async def test_a_check_of_the_last_ten_minutes_is_taken_again() -> None:
    agendas = Agendas({"42": [agenda_event("1001", begins=TOMORROW)]})
    kept = InMemory()
    async with world_of({"openagenda.com": agendas}, kept=kept) as (world, verifying):
        (first,) = await verifying.check([event()], now=NOW)
        (again,) = await verifying.check([event()], now=NOW + timedelta(minutes=9))
        assert again == first
        assert agendas.lists == 1
        assert kept.asked == ["1001", "1001"]
        world.later(minutes=11)
        await verifying.check([event()], now=NOW + timedelta(minutes=11))
        assert agendas.lists == 2


async def test_cancelled_at_noon_stays_cancelled_while_the_site_is_down() -> None:
    agendas = Agendas({"42": [agenda_event("1001", begins=TOMORROW, status=6)]})
    kept = InMemory()
    async with world_of({"openagenda.com": agendas}, kept=kept) as (world, verifying):
        (first,) = await verifying.check([event()], now=NOW)
        agendas.how = "broken"
        world.later(hours=1)
        (again,) = await verifying.check([event()], now=NOW + timedelta(hours=1))
    assert again == first


async def test_without_the_database_checks_are_made_and_not_kept() -> None:
    sites: dict[str, Site] = {"openagenda.com": agendas_of("42")}
    async with world_of(sites, kept=InMemory(is_away=True)) as (_, verifying):
        (check,) = await verifying.check([event("421")], now=NOW)
    assert check.outcome is Outcome.CONFIRMED


async def test_without_any_network_everything_is_honestly_unread() -> None:
    """Issue 12, acceptance 8."""
    async with world_of({}) as (_, verifying):
        (check,) = await verifying.check([linked()], now=NOW)
    assert (check.outcome, check.why_not) == (Outcome.UNREADABLE, "unreachable")


async def test_the_same_event_twice_is_checked_once() -> None:
    agendas = agendas_of("42")
    async with world_of({"openagenda.com": agendas}) as (_, verifying):
        checks = await verifying.check([event("421"), event("421")], now=NOW)
    assert len(checks) == 2
    assert agendas.asked_uids == [["421"]]


async def _until(is_so: Any, seconds: float = 2.0) -> None:
    async with asyncio.timeout(seconds):
        while not is_so():  # noqa: ASYNC110 - what another end of a socket notices has no event
            await asyncio.sleep(0.01)
