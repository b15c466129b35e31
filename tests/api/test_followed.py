"""Events that a visitor follows: kept for them, told when they change, gone when they want."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
from icalendar import Calendar
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
from puls.catalogue.event import Event, Status
from puls.catalogue.store import StoredEvent
from puls.conversation.keeping.followed import MOST_FOLLOWED, Followed, news_of
from puls.database import Database
from puls.geo.gazetteer import Gazetteer

WEEK = timedelta(weeks=1)


@pytest.fixture
def puls(database: Database, gazetteer: Gazetteer) -> Puls:
    return puls_over(database, gazetteer)


async def followed(client: httpx.AsyncClient) -> list[dict[str, Any]]:
    answer = await client.get("/v1/me/followed")
    assert answer.status_code == 200
    shown: list[dict[str, Any]] = answer.json()["followed"]
    return shown


def codes(shown: dict[str, Any]) -> list[str]:
    return [one["code"] for one in shown["news"]]


async def test_an_event_is_followed_and_its_news_told(puls: Puls) -> None:
    """Moved, cancelled, withdrawn: the visitor hears it here rather than at a closed door."""
    dates = (occurrence(SATURDAY_EVENING), occurrence(SATURDAY_EVENING + WEEK))
    await save(puls.database, [an_event("1", occurrences=dates), an_event("2")])
    async with visiting(app_over(puls)) as client:
        nobody = await client.get("/v1/me/followed")
        assert nobody.json() == {"followed": [], "calendar_url": None}
        assert "set-cookie" not in nobody.headers
        for uid in ("1", "2", "1"):
            assert (await client.put(f"/v1/me/followed/{uid}")).status_code == 204
        assert (await client.put("/v1/me/followed/0")).status_code == 404
        assert {one["event"]["uid"]: one["news"] for one in await followed(client)} == {
            "1": [],
            "2": [],
        }
        moved = (occurrence(SATURDAY_EVENING + timedelta(days=1)), dates[1])
        await save(puls.database, [an_event("1", occurrences=moved, status=Status.FULL)])
        shown = {one["event"]["uid"]: one for one in await followed(client)}
        assert shown["1"]["news"] == [
            {"code": "status", "fr": "Complet", "en": "Sold out"},
            {
                "code": "moved",
                "fr": "Nouvelle date : dimanche 29\N{NO-BREAK SPACE}novembre, 20\N{NO-BREAK SPACE}h\N{NO-BREAK SPACE}30",
                "en": "New date: Sunday 29\N{NO-BREAK SPACE}November, 8:30\N{NO-BREAK SPACE}pm",
            },
        ]
        assert shown["1"]["next"]["start"] == "2026-11-29T20:30:00+01:00"
        assert shown["2"]["news"] == []
        await client.put("/v1/me/followed/1")  # seen
        assert [codes(one) for one in await followed(client)] == [[], []]
        await puls.database.fetch_all(
            b"UPDATE event SET removed_at = now() + interval '1 year' WHERE uid = '1' RETURNING id"
        )
        assert sorted(map(codes, await followed(client))) == [[], ["removed"]]
        for _ in range(2):
            assert (await client.delete("/v1/me/followed/1")).status_code == 204
        assert [one["event"]["uid"] for one in await followed(client)] == ["2"]


def news(
    event: Event, *, seen_next: datetime | None = SATURDAY_EVENING, now: datetime = NOW
) -> Sequence[str]:
    kept = Followed(
        uid="1",
        followed_at=NOW,
        seen_at=NOW,
        status=Status.SCHEDULED,
        next_starts_at=seen_next,
    )
    stored = StoredEvent(event=event, other_uids=(), removed_at=None)
    return [one.code for one in news_of(kept, stored, now=now)]


def test_time_that_passes_is_no_news() -> None:
    """A weekly concert has not moved because last Saturday is over; a finished one is over."""
    weekly = an_event(
        occurrences=tuple(occurrence(SATURDAY_EVENING + week * WEEK) for week in range(9))
    )
    assert news(weekly, now=NOW + 3 * WEEK) == []
    past_dates_dropped = replace(weekly, occurrences=weekly.occurrences[3:])
    assert news(past_dates_dropped, now=NOW + 3 * WEEK) == []
    assert news(past_dates_dropped) == ["moved"]
    assert news(an_event(), now=NOW + WEEK) == ["over"]
    assert news(an_event(), seen_next=None) == ["moved"]  # new dates after the last one
    assert news(an_event(), seen_next=None, now=NOW + WEEK) == []


async def test_nobody_follows_more_than_a_list_can_show(puls: Puls) -> None:
    """And what one follows already can still be seen again."""
    await save(puls.database, [an_event(str(number)) for number in range(MOST_FOLLOWED + 1)])
    visitor = puls.people.tokens.read(puls.people.tokens.issue(uuid4(), now=NOW), now=NOW)
    assert visitor is not None
    stored = await puls.catalogue.events([str(number) for number in range(MOST_FOLLOWED)])
    for one in stored.values():
        await puls.people.followed.follow(visitor, one, now=NOW)
    async with visiting(app_over(puls)) as client:
        token = puls.people.tokens.issue(visitor.id, now=NOW)
        client.headers["Authorization"] = f"Bearer {token}"
        refused = await client.put(f"/v1/me/followed/{MOST_FOLLOWED}")
        assert (refused.status_code, refused.json()["code"]) == (409, "limit_reached")
        assert (await client.put("/v1/me/followed/0")).status_code == 204
        assert len(await followed(client)) == MOST_FOLLOWED
        await client.delete("/v1/me/followed/0")
        assert (await client.put(f"/v1/me/followed/{MOST_FOLLOWED}")).status_code == 204


async def test_what_is_followed_is_kept_until_a_month_after_the_last_date(puls: Puls) -> None:
    """Also while its visitor stays away, also when the run was prolonged meanwhile."""
    await save(puls.database, [an_event("1"), an_event("2")])
    last = occurrence(SATURDAY_EVENING).ends_at
    async with visiting(app_over(puls)) as client:
        for uid in ("1", "2"):
            await client.put(f"/v1/me/followed/{uid}")
        prolonged = (occurrence(SATURDAY_EVENING), occurrence(SATURDAY_EVENING + 8 * WEEK))
        await save(puls.database, [an_event("2", occurrences=prolonged)])
        month = timedelta(days=30)
        counts = [
            (await puls.people.personal_data.sweep(now=at, keep=timedelta(days=1))).followed
            for at in (last + month - timedelta(minutes=1), last + month)
        ]
        assert counts == [0, 1]
        assert [one["event"]["uid"] for one in await followed(client)] == ["2"]
        swept = await puls.people.personal_data.sweep(
            now=last + 8 * WEEK + month, keep=timedelta(days=1)
        )
        assert (swept.followed, swept.visitors) == (1, 1)


async def test_a_calendar_subscribes_to_what_is_followed_until_it_is_erased(puls: Puls) -> None:
    """Its address is a key of its own: it opens nothing else, and erasing breaks it for good."""
    dates = tuple(occurrence(SATURDAY_EVENING + week * WEEK) for week in range(200))
    await save(
        puls.database,
        [
            an_event("1", occurrences=dates, status=Status.CANCELLED),
            an_event("2", occurrences=dates),
        ],
    )
    async with visiting(app_over(puls)) as client, visiting(app_over(puls)) as server:
        for uid in ("1", "2"):
            await client.put(f"/v1/me/followed/{uid}")
        address = (await client.get("/v1/me/followed")).json()["calendar_url"]
        assert address.startswith("http://puls.test/v1/me/followed.ics?token=f1.")
        response = await server.get(address)
        assert response.headers["cache-control"] == "no-store"
        assert "set-cookie" not in response.headers
        entries = Calendar.from_ical(response.content).events
        assert len(entries) == 300
        assert {str(entry["status"]) for entry in entries} == {"CANCELLED", "CONFIRMED"}
        token = address.partition("token=")[2]
        for forged in (
            token[:-1] + ("A" if token[-1] != "A" else "B"),
            "f1.0",
            "x" * 180,
            "f1.é.a",
        ):
            answer = await server.get("/v1/me/followed.ics", params={"token": forged})
            assert answer.status_code == 404, forged
        as_bearer = await server.get(
            "/v1/me/followed", headers={"Authorization": f"Bearer {token}"}
        )
        assert as_bearer.status_code == 401
        key = client.cookies["puls_visitor"]
        assert (await client.delete("/v1/me")).status_code == 204
        assert (await server.get(address)).status_code == 404
        client.cookies.set("puls_visitor", key, domain="puls.test")
        # Nobody is that visitor again, and what they followed is nobody's.
        assert (await client.get("/v1/me/followed")).json() == {
            "followed": [],
            "calendar_url": None,
        }
        assert (await server.get(address)).status_code == 404
