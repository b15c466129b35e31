"""Where a visitor is: used for the answer, never kept, and as near as a search needs to know."""

import json
import math
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import psycopg
import pytest
from psycopg.types.json import Jsonb
from structlog.testing import capture_logs
from tests.conversation.conftest import said
from tests.scanning import traces
from tests.serving import (
    LYON,
    SATURDAY_EVENING,
    an_event,
    app_over,
    occurrence,
    puls_over,
    save,
    visiting,
)

from puls.bootstrap import Puls
from puls.database import Database, migrate
from puls.geo.distance import Coordinates, coarse_position
from puls.geo.gazetteer import Gazetteer
from puls.identity.visitor import Visitor

HERE = {"lat": 47.218371, "lon": -1.553621}  # Nantes
TRACES = ["47.21", "47.22", "-1.55", "-1,55", "47,21"]
SUNDAY_EVENING = SATURDAY_EVENING + timedelta(days=1)


def away(uid: str, km: float, starts_at: datetime = SATURDAY_EVENING) -> Any:
    """A concert this far north of the visitor."""
    degrees = km / (math.pi * 6371.0088 / 180)
    at = Coordinates(HERE["lat"] + degrees, HERE["lon"])
    venue = replace(LYON, key=uid, city="Nantes", commune_code="44109", coordinates=at)
    return an_event(
        uid,
        venue=replace(venue, postcode="44000", department_code="44", region_code="52"),
        occurrences=(occurrence(starts_at),),
    )


@pytest.fixture
async def puls(database: Database, gazetteer: Gazetteer) -> Puls:
    await save(
        database,
        [
            away("near", 2.5),
            away("tomorrow", 2.6, SUNDAY_EVENING),
            away("far", 9.0),
            away("far tomorrow", 9.1, SUNDAY_EVENING),
            an_event("lyon"),
        ],
    )
    return puls_over(database, gazetteer)


@pytest.fixture
async def client(puls: Puls) -> AsyncIterator[httpx.AsyncClient]:
    async with visiting(app_over(puls)) as http:
        yield http


async def told(http: httpx.AsyncClient, text: str, **body: Any) -> dict[str, Any]:
    """What a turn sent, by name, its tokens joined."""
    answer = await http.post("/v1/chat", json={"text": text, **body})
    assert answer.status_code == 200, answer.text
    events: dict[str, Any] = {"token": {"text": ""}, "notices": []}
    for block in filter(None, answer.text.split("\n\n")):
        name, data = block.removeprefix("event: ").split("\ndata: ", 1)
        match name:
            case "token":
                events["token"]["text"] += json.loads(data)["text"]
            case "notice":
                events["notices"].append(json.loads(data)["code"])
            case _:
                events[name] = json.loads(data)
    return events


def uids(events: dict[str, Any]) -> list[str]:
    return [one["uid"] for one in events["events"]["events"]]


async def test_no_table_and_no_log_line_holds_where_a_visitor_was(
    client: httpx.AsyncClient, database_url: str
) -> None:
    """Not the first message, not a follow-up, not a page's address; also not rounded."""
    with capture_logs() as logs:
        first = await told(client, "concert samedi à moins de 5 km de moi", **HERE)
        conversation = {"conversation_id": first["done"]["conversation_id"]}
        assert uids(first) == ["near"]
        assert first["wish"]["wish"]["position"] == {"lat": 47.218, "lon": -1.554}
        await told(client, "et demain ?", **conversation, **HERE)
        await told(client, "plus loin", **conversation, **HERE)
        for address in ("/v1/search", "/"):
            asked = await client.get(address, params={"q": "concert près de moi", **HERE})
            assert asked.status_code == 200
    venues = ("venue: ", "event_filter: ")  # where concerts are is no secret
    held = [one for one in traces(database_url, TRACES) if not one.startswith(venues)]
    assert held == []
    assert traces(database_url, ["around_visitor_km"])  # the kilometres are what is left of it
    assert not [line for line in logs if any(trace in str(line) for trace in TRACES)]
    exported = (await client.get("/v1/me/export")).text
    assert not any(trace in exported for trace in TRACES)


async def test_near_me_goes_on_from_where_the_visitor_is_by_then(
    client: httpx.AsyncClient, puls: Puls
) -> None:
    """The page sends its position with every message: on any replica, after any pause, from anywhere."""
    first = await told(client, "concert samedi à moins de 5 km de moi", **HERE)
    conversation = {"conversation_id": first["done"]["conversation_id"]}
    replica_of = puls_over(puls.database, puls.gazetteer)
    async with visiting(app_over(replica_of)) as replica:
        replica.cookies = client.cookies
        follow_up = await told(replica, "et dimanche ?", **conversation, **HERE)
        assert follow_up["wish"]["wish"]["topic"] == "concert"
        assert follow_up["wish"]["wish"]["where"]["near"] == {
            "lat": 47.218,
            "lon": -1.554,
            "radius_km": 5.0,
        }
        assert uids(follow_up) == ["tomorrow"]
        assert follow_up["events"]["events"][0]["distance_km"] == pytest.approx(2.6, abs=0.1)
        wider = await told(replica, "élargis à 10 km", **conversation, **HERE)
        assert set(uids(wider)) == {"tomorrow", "far tomorrow"}
        in_lyon = {"lat": 45.76, "lon": 4.84}
        elsewhere = await told(replica, "et samedi ?", **conversation, **in_lyon)
        assert uids(elsewhere) == ["lyon"]
        assert elsewhere["wish"]["wish"]["where"]["near"]["radius_km"] == 10.0


async def test_without_the_position_a_follow_up_asks_for_it_or_for_a_town(
    client: httpx.AsyncClient,
) -> None:
    """Rather than concerts from all over France; what was wanted is not forgotten meanwhile."""
    first = await told(client, "concert samedi à moins de 5 km de moi", **HERE)
    conversation = {"conversation_id": first["done"]["conversation_id"]}
    asked = await told(client, "et dimanche ?", **conversation)
    assert uids(asked) == []
    assert "position" in asked["token"]["text"]
    assert "ville" in asked["token"]["text"]
    assert asked["notices"] == ["no_position"]
    assert asked["wish"]["wish"]["where"]["label"] == "près de vous (5 km)"
    wider = await told(client, "élargis à 10 km", **conversation)
    assert uids(wider) == []
    shared = await told(client, "et dimanche ?", **conversation, **HERE)
    assert set(uids(shared)) == {"tomorrow", "far tomorrow"}
    town = await told(client, "à Lyon, samedi", **conversation)
    assert uids(town) == ["lyon"]
    assert "no_position" not in town["notices"]


async def test_a_turn_is_told_again_without_a_position(client: httpx.AsyncClient) -> None:
    """After a lost connection: the same cards, with distances when the page says where it is."""
    request_id = str(uuid4())
    body = {"request_id": request_id, **HERE}
    first = await told(client, "concert samedi à moins de 5 km de moi", **body)
    again = await told(client, "concert samedi à moins de 5 km de moi", **body)
    assert uids(again) == uids(first) == ["near"]
    assert again["events"]["events"][0]["distance_km"] == pytest.approx(2.5, abs=0.1)
    blind = await told(client, "x", request_id=request_id)
    assert uids(blind) == ["near"]
    assert blind["events"]["events"][0]["distance_km"] is None


@pytest.mark.parametrize("shift", [0.0, 0.000_49, -0.000_49])
async def test_a_kilometre_is_a_kilometre_from_a_coarse_position(
    puls: Puls, client: httpx.AsyncClient, shift: float
) -> None:
    """« À moins de 1 km » with 2 decimals showed what is 1.6 km away; 70 m is what it may be off."""
    await save(puls.database, [away("in", 0.92), away("out", 1.08)])
    here = {"lat": HERE["lat"] + shift, "lon": HERE["lon"] + shift}
    exact = coarse_position(**here)
    assert exact is not None
    found = await told(client, "concert samedi à moins de 1 km de moi", **here)
    moved_km = shift * 111.2
    expected = [uid for uid, km in (("in", 0.92), ("out", 1.08)) if km - moved_km <= 1]
    assert uids(found) == expected


async def test_what_older_releases_stored_is_forgotten_too(puls: Puls, database_url: str) -> None:
    """The migration reaches every visitor's rows and leaves their wishes readable."""
    visitor = Visitor(id=uuid4())
    conversation_id, _ = await said(puls.people.conversations, visitor)
    await said(puls.people.conversations, visitor, conversation_id=conversation_id)
    near = {"center": HERE, "radius_km": 7.5}
    old = {"topic": "jazz", "where": {"label": "près de vous (7.5 km)", "near": near}}
    with psycopg.connect(database_url) as connection:
        (first, second) = connection.execute("SELECT id FROM turn ORDER BY ordinal").fetchall()
        for (turn_id,), wish in (
            (first, {**old, "position": HERE}),
            (second, {"topic": "jazz", "position": HERE}),
        ):
            connection.execute(
                "UPDATE turn SET wish = %s WHERE id = %s",
                [Jsonb({"version": 1, "wish": wish}), turn_id],
            )
        connection.execute(
            "DELETE FROM schema_migration WHERE name = '0007_positions_forgotten.sql'"
        )
    assert await migrate(database_url) == ["0007_positions_forgotten.sql"]
    assert [one for one in traces(database_url, TRACES) if one.startswith("turn")] == []
    turns = (await puls.people.conversations.recall(visitor.id, conversation_id)).turns
    assert [turn.wish and turn.wish.topic for turn in turns] == ["jazz", "jazz"]
    assert turns[0].wish is not None
    where = turns[0].wish.where
    assert where is not None
    assert (where.around_visitor_km, where.near) == (7.5, None)
    with psycopg.connect(database_url) as connection:
        forced = connection.execute(
            "SELECT relforcerowsecurity FROM pg_class WHERE relname = 'turn'"
        ).fetchone()
    assert forced == (True,)
