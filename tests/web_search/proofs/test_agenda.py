"""OpenAgenda's own JSON: every status, what is gone, and every odd reply."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
from tests.outside.world import World
from tests.web_search.openagenda_servers import (
    Agendas,
    DocumentedAgendas,
    Misbehaviour,
    agenda_event,
    timing,
)
from tests.web_search.verified_events import NOW, TOMORROW

from puls.outside.page import FetchError, FetchFailure
from puls.web_search.proofs.agenda import AgendaProof
from puls.web_search.proofs.keyed import KeyedFetcher
from puls.web_search.proofs.seen import Seen
from puls.web_search.values import WebStatus

ALL = [("1", "scheduled"), ("2", "rescheduled"), ("3", "moved_online"), ("4", "postponed"),
       ("5", "full"), ("6", "cancelled")]  # fmt: skip


@asynccontextmanager
async def keyless(agendas: Agendas) -> AsyncIterator[AgendaProof]:
    async with World() as world:
        await world.serve("openagenda.com", agendas)
        async with world.fetcher() as fetcher:
            yield AgendaProof(fetcher)


@asynccontextmanager
async def documented(
    agendas: DocumentedAgendas, key: str = "la-clef"
) -> AsyncIterator[AgendaProof]:
    async with World() as world, httpx.AsyncClient(trust_env=False) as http:
        address = await world.serve("api.openagenda.example", agendas)
        base = f"http://127.0.0.1:{world.dialer.ports[address, 80]}/v2"
        fetcher = KeyedFetcher(http, base_url=base, key=key, clock=lambda: NOW)
        yield AgendaProof(fetcher, base_url=base, is_documented=True)


async def see(proof: AgendaProof, *uids: str, within: float = 2.0) -> dict[str, Seen]:
    starts: dict[str, datetime | None] = dict.fromkeys(uids, TOMORROW)
    return await proof.see("42", starts, within=within, now=NOW)


@pytest.mark.parametrize(("number", "status"), ALL)
@pytest.mark.parametrize("as_text", [False, True])
async def test_each_status_is_read_however_it_is_written(
    number: str, status: str, as_text: bool
) -> None:
    """« Annulé » missed sends somebody out into the night."""
    written = number if as_text else int(number)
    uid = "1001" if as_text else 1001
    agendas = Agendas({"42": [agenda_event("1001", begins=TOMORROW, status=written, uid=uid)]})
    async with keyless(agendas) as proof:
        seen = (await see(proof, "1001"))["1001"]
    assert (seen.status, seen.failure, seen.is_gone) == (WebStatus(status), "", False)
    assert seen.are_all_times
    assert [one.starts_at for one in seen.times] == [TOMORROW]
    assert seen.venue == "Le Temple"
    assert seen.updated_at is not None


async def test_all_events_of_an_agenda_cost_one_request() -> None:
    """Five results of one agenda must not be five requests to one host."""
    agendas = Agendas({"42": [agenda_event(str(uid), begins=TOMORROW) for uid in range(1, 9)]})
    async with keyless(agendas) as proof:
        seen = await see(proof, *map(str, range(1, 7)))
    assert len(seen) == 6
    assert agendas.lists == 1
    assert agendas.asked_uids == [["1", "2", "3", "4", "5", "6"]]


async def test_missing_beside_others_is_gone() -> None:
    agendas = Agendas({"42": [agenda_event("1", begins=TOMORROW)]})
    async with keyless(agendas) as proof:
        seen = await see(proof, "1", "2")
    assert not seen["1"].is_gone
    assert seen["2"].is_gone
    assert seen["2"].is_sure
    assert agendas.lists == 1


@pytest.mark.parametrize("change", [{"removed": True}, {"state": 1}, {"state": -1}])
async def test_removed_and_unpublished_are_gone(change: dict[str, Any]) -> None:
    agendas = Agendas({"42": [agenda_event("1", begins=TOMORROW), agenda_event("2", **change)]})
    async with keyless(agendas) as proof:
        seen = await see(proof, "1", "2")
    assert seen["2"].is_gone


async def test_an_answer_without_any_of_them_is_looked_at_again() -> None:
    """« None » may mean that the filter was understood otherwise: no event is gone by a misunderstanding."""
    agendas = Agendas({"42": [agenda_event("1", begins=TOMORROW)]}, how="finds_none")
    async with keyless(agendas) as proof:
        seen = await see(proof, "1", "2")
    assert seen["1"].status is WebStatus.SCHEDULED
    assert seen["2"].is_gone
    assert seen["2"].is_sure
    assert agendas.lists == 2


async def test_where_uids_are_ignored_all_that_comes_is_read() -> None:
    others = [agenda_event(str(uid), begins=TOMORROW) for uid in range(2_000, 2_400)]
    agendas = Agendas(
        {"42": [*others, agenda_event("1", begins=TOMORROW, status=6)]}, how="ignores_uids"
    )
    async with keyless(agendas) as proof:
        seen = await see(proof, "1", "3")
    assert seen["1"].status is WebStatus.CANCELLED
    assert seen["3"].is_gone
    assert agendas.lists == 3  # the question, and two pages of all that comes


async def test_where_uids_are_ignored_in_a_very_long_agenda_nothing_is_said() -> None:
    others = [agenda_event(str(uid)) for uid in range(2_000, 3_200)]
    agendas = Agendas({"42": others}, how="ignores_uids")
    async with keyless(agendas) as proof:
        seen = (await see(proof, "1"))["1"]
    assert (seen.failure, seen.is_gone) == ("not_on_page", False)


async def test_dates_that_the_list_leaves_out_are_read_from_the_event() -> None:
    """A list leaves out the dates of events that have very many (reference §9d)."""
    many = [timing(TOMORROW + timedelta(days=day)) for day in range(150)]
    following: dict[str, Any] = {
        "nextTiming": timing(TOMORROW - timedelta(hours=5)),
        "lastTiming": many[-1],
    }
    agendas = Agendas({"42": [agenda_event("1", timings=many, **following)]})
    async with keyless(agendas) as proof:
        seen = (await see(proof, "1"))["1"]
    assert len(seen.times) == 150
    assert seen.are_all_times
    assert agendas.lists == 2


async def test_the_next_date_is_enough_where_it_is_the_one_asked_about() -> None:
    many = [timing(TOMORROW + timedelta(days=day)) for day in range(150)]
    bounds: dict[str, Any] = {"nextTiming": many[0], "lastTiming": many[-1]}
    agendas = Agendas({"42": [agenda_event("1", timings=many, **bounds)]})
    async with keyless(agendas) as proof:
        seen = (await see(proof, "1"))["1"]
    assert seen.times[0].starts_at == TOMORROW
    assert not seen.are_all_times
    assert agendas.lists == 1


FAILURES: list[tuple[Misbehaviour, FetchFailure]] = [
    ("hangs", FetchFailure.TIME),
    ("html", FetchFailure.KIND),
    ("forbidden", FetchFailure.FORBIDDEN),
    ("elsewhere", FetchFailure.NOT_FOUND),
    ("too_many", FetchFailure.TOO_MANY),
    ("broken", FetchFailure.SERVER),
    ("cut", FetchFailure.KIND),
    ("not_found", FetchFailure.NOT_FOUND),
    ("another_document", FetchFailure.KIND),
]


@pytest.mark.parametrize(("how", "failure"), FAILURES)
async def test_each_odd_reply_is_a_named_failure_and_never_gone(
    how: Misbehaviour, failure: FetchFailure
) -> None:
    """Whatever happens to a site in the night, no event is lost by it."""
    agendas = Agendas({"42": [agenda_event("1", begins=TOMORROW)]}, how=how)
    async with keyless(agendas) as proof:
        seen = (await see(proof, "1", within=0.4))["1"]
    assert (seen.failure, seen.is_gone) == (failure, False)


@pytest.mark.parametrize(("how", "failure"), FAILURES)
async def test_the_documented_address_fails_by_the_same_names(
    how: Misbehaviour, failure: FetchFailure
) -> None:
    agendas = DocumentedAgendas({"42": [agenda_event("1", begins=TOMORROW)]}, how=how)
    async with documented(agendas) as proof:
        seen = (await see(proof, "1", within=0.4))["1"]
    # An API that redirects would carry the key elsewhere: it is not followed.
    assert seen.failure == (FetchFailure.REDIRECTS if how == "elsewhere" else failure)


async def test_the_key_is_sent_as_a_header_and_to_its_host_alone() -> None:
    agendas = DocumentedAgendas({"42": [agenda_event("1", begins=TOMORROW, status=5)]})
    async with documented(agendas) as proof:
        assert (await see(proof, "1"))["1"].status is WebStatus.FULL
    async with documented(agendas, key="une-autre") as proof:
        assert (await see(proof, "1"))["1"].failure == FetchFailure.FORBIDDEN
    async with httpx.AsyncClient() as http:
        fetcher = KeyedFetcher(http, base_url="https://api.openagenda.com/v2", key="k")
        with pytest.raises(FetchError) as refused:
            await fetcher.page("https://api.openagenda.com.evil.example/v2/x", within=1)
    assert refused.value.failure is FetchFailure.REFUSED_ADDRESS


async def test_the_documented_address_answers_for_one_event_when_the_list_has_none() -> None:
    agendas = DocumentedAgendas({"42": [agenda_event("1", begins=TOMORROW)]}, how="finds_none")
    async with documented(agendas) as proof:
        seen = await see(proof, "1", "2")
    assert seen["1"].status is WebStatus.SCHEDULED
    assert seen["2"].is_gone
    assert agendas.singles == 2


@pytest.mark.parametrize(
    "odd",
    [
        {"timings": "?"},
        {"timings": [{"begin": "hier"}]},
        {"timings": [{"begin": "0001-01-01T00:00:00+05:00", "end": "9999-12-31T23:59:59-10:00"}]},
        {"timings": [None, 3, {"begin": 4}]},
        {"status": {"id": "6"}, "location": "Crest", "timezone": "../../etc/passwd"},
        {"status": 1e300, "attendanceMode": "?", "title": ["x"], "location": {"name": {"fr": 3}}},
        {"updatedAt": 12, "timezone": "", "location": {"name": "\ud83d Le\u0000 Temple"}},
    ],
)
async def test_odd_fields_are_read_as_unknown(odd: dict[str, Any]) -> None:
    """What a third party writes never ends a check."""
    async with keyless(Agendas({"42": [agenda_event("1", **odd)]})) as proof:
        seen = (await see(proof, "1"))["1"]
    assert seen.failure == ""
    assert not seen.are_all_times
