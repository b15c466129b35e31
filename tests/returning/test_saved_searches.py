"""Searches that visitors keep, and what is new in them after an ingest."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.embedders import WordHashEmbedder
from tests.serving import (
    NOW,
    SATURDAY_EVENING,
    an_event,
    app_over,
    occurrence,
    puls_over,
    save,
    visiting,
)

from puls.bootstrap import Puls
from puls.catalogue.event import Event
from puls.database import Database
from puls.geo.gazetteer import Gazetteer
from puls.retrieval.ranking import FoundEvent
from puls.returning.saved import MOST_SAVED
from puls.returning.whats_new import Known, news_of
from puls.settings import Settings

WEEK = timedelta(weeks=1)


@pytest.fixture
def puls(database: Database, gazetteer: Gazetteer, tmp_path: Path) -> Puls:
    return puls_over(
        database, gazetteer, embedder=WordHashEmbedder(), settings=Settings(home=tmp_path)
    )


def concert(number: int, **changes: Any) -> Event:
    return an_event(
        str(number), title=f"Concert de jazz {number}", duplicate_key=str(number), series_key=str(number), **changes
    )  # fmt: skip


async def keep(client: httpx.AsyncClient, **asked: Any) -> httpx.Response:
    return await client.post("/v1/me/searches", json=asked or {"q": "jazz à Lyon"})


async def kept(client: httpx.AsyncClient) -> list[dict[str, Any]]:
    searches: list[dict[str, Any]] = (await client.get("/v1/me/searches")).json()["searches"]
    return searches


async def test_a_kept_search_tells_what_an_ingest_brought(puls: Puls) -> None:
    """« Quoi de neuf »: what came since, and nothing that was there; seen, it is new no more."""
    await save(puls.database, [concert(1)])
    async with visiting(app_over(puls)) as client:
        saved = (await keep(client)).json()["id"]
        assert [(one["name"], one["new"]) for one in await kept(client)] == [("jazz à Lyon", 0)]
        await save(
            puls.database, [concert(2), concert(1), an_event("3", title="Marché aux fleurs")]
        )
        (search,) = await kept(client)
        assert (search["new"], [one["uid"] for one in search["events"]]) == (1, ["2"])
        assert (await client.post(f"/v1/me/searches/{saved}/seen")).status_code == 204
        assert [one["new"] for one in await kept(client)] == [0]
        page = await client.get("/moi")
        assert "rien de neuf" in page.text
        assert (await client.get("/v1/me/export")).json()["saved_searches"][0]["asked"] == {
            "q": "jazz à Lyon"
        }
        await client.delete(f"/v1/me/searches/{saved}")
        assert await kept(client) == []


async def test_the_same_question_is_kept_once_and_a_position_never(puls: Puls) -> None:
    await save(puls.database, [concert(1)])
    async with visiting(app_over(puls)) as client:
        first = await keep(client, q="jazz", place="Lyon", free=True)
        second = await keep(
            client, q=" jazz ", place="Lyon", free=True, name="Mon jazz", lat=45.7, lon=4.8
        )
        assert first.json() == second.json()
        assert [one["name"] for one in await kept(client)] == ["Mon jazz"]
        near = await keep(client, q="jazz près de moi", lat=45.7, lon=4.8)
        assert (near.status_code, near.json()["code"]) == (422, "around_visitor")
        assert (await keep(client, q=" ")).status_code == 422
        assert "45.7" not in (await client.get("/v1/me/export")).text


async def test_twenty_are_kept_and_the_next_is_refused_with_a_sentence(puls: Puls) -> None:
    async with visiting(app_over(puls)) as client:
        for number in range(MOST_SAVED):
            assert (await keep(client, q=f"jazz {number}", place="Lyon")).status_code == 201
        refused = await keep(client, q="jazz encore", place="Lyon")
    assert (refused.status_code, refused.json()["code"]) == (409, "limit_reached")


async def test_a_search_is_kept_without_javascript(puls: Puls) -> None:
    """A form, a redirection, and « Mon espace » shows it; what goes wrong is said in French with the words still there."""
    await save(puls.database, [concert(1)])
    async with visiting(app_over(puls)) as client:
        page = await client.get("/recherches/garder", params={"q": "jazz à Lyon"})
        assert '<link rel="alternate" type="application/rss+xml"' in page.text
        answer = await client.post("/recherches/garder", data={"q": "jazz à Lyon", "name": "Jazz"})
        assert (answer.status_code, answer.headers["location"]) == (303, "/moi#recherches")
        assert "puls_visitor" in answer.headers["set-cookie"]
        (search,) = await kept(client)
        assert search["name"] == "Jazz"
        opened = await client.get(f"/recherches/{search['id']}")
        assert opened.status_code == 302
        refused = await client.post("/recherches/garder", data={"q": "jazz près de moi"})
    assert refused.status_code == 422
    assert "que Puls ne garde jamais" in refused.text
    assert 'value="jazz près de moi"' in refused.text


def found(uid: str, *, weeks: int = 0) -> FoundEvent:
    event = an_event(uid)
    at = occurrence(SATURDAY_EVENING + weeks * WEEK)
    return FoundEvent(event=event, occurrence=at, score=0.0, distance_km=None, reasons=())


@pytest.mark.parametrize(
    ("known", "new"),
    [
        (Known(uids=("1",), highest=9, is_whole=True), ["2"]),  # would have been seen had it fitted
        (Known(uids=("1",), highest=9), []),  # only climbed into view in a long list
        (Known(uids=("1",), highest=1), ["2"]),  # came into the catalogue since
        (Known(uids=("1",), highest=9, until=SATURDAY_EVENING + WEEK), ["2"]),  # the next weekend
        (Known(uids=("1",), highest=9, until=SATURDAY_EVENING + 2 * WEEK), []),
        (Known(uids=("1", "2"), highest=0, is_whole=True), []),
    ],
)
def test_new_is_what_could_not_be_seen_before(known: Known, new: list[str]) -> None:
    """A count that grows by itself is soon believed by nobody."""
    there = [found("1"), found("2", weeks=1)]
    assert [one.event.uid for one in news_of(there, {"1": 1, "2": 2}, known)] == new


async def test_what_a_visitor_keeps_goes_with_them(puls: Puls) -> None:
    async with visiting(app_over(puls)) as client:
        await keep(client, q="jazz", place="Lyon")
        await client.delete("/v1/me")
    async with puls.database.transaction(is_keeping=True) as connection:
        cursor = await connection.execute("SELECT visitor_id FROM saved_search")
        assert await cursor.fetchall() == []


async def test_what_is_kept_ends_thirteen_months_after_it_was_last_seen(puls: Puls) -> None:
    async with visiting(app_over(puls)) as client:
        await keep(client, q="jazz", place="Lyon")
    assert await puls.people.letters.forget_old(now=NOW + timedelta(days=395)) == 0
    assert await puls.people.letters.forget_old(now=NOW + timedelta(days=397)) == 1
