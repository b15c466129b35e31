"""The conversation over HTTP: server-sent events that a client can rely on, and its own visitor alone."""

import json
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import httpx
import pytest
from tests.serving import an_event, app_over, puls_over, save, visiting

from puls.database import Database
from puls.geo.gazetteer import Gazetteer

pytestmark = pytest.mark.database


@pytest.fixture
async def client(database: Database, gazetteer: Gazetteer) -> AsyncIterator[httpx.AsyncClient]:
    await save(database, [an_event("jazz")])
    async with visiting(app_over(puls_over(database, gazetteer))) as http:
        yield http


async def said(http: httpx.AsyncClient, **body: Any) -> list[tuple[str, dict[str, Any]]]:
    answer = await http.post("/v1/chat", json=body)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/event-stream")
    blocks = [block for block in answer.text.split("\n\n") if block]
    return [
        (name.removeprefix("event: "), json.loads(data.removeprefix("data: ")))
        for name, data in (block.split("\n", 1) for block in blocks)
    ]


async def test_a_turn_is_a_stream_of_named_events(client: httpx.AsyncClient) -> None:
    """Clients draw cards before words and know when it is over."""
    events = await said(client, text="concert samedi à Lyon")
    names = [name for name, _ in events]
    assert names[:2] == ["wish", "events"]
    assert names[-1] == "done"
    by_name = dict(events)
    assert by_name["wish"]["wish"]["where"]["communes"] == ["69123"]
    assert [one["uid"] for one in by_name["events"]["events"]] == ["jazz"]
    text = "".join(data["text"] for name, data in events if name == "token")
    assert "jazz manouche" in text
    assert by_name["done"]["writer"] == "composer"


async def test_the_cookie_of_the_first_answer_makes_the_second_a_follow_up(
    client: httpx.AsyncClient,
) -> None:
    first = dict(await said(client, text="concert samedi à Lyon"))
    assert "puls_visitor" in client.cookies
    again = dict(
        await said(client, text="et dimanche ?", conversation_id=first["done"]["conversation_id"])
    )
    assert again["wish"]["kind"] == "refinement"
    assert again["wish"]["wish"]["topic"] == "concert"


async def test_another_visitor_s_conversation_does_not_exist(
    client: httpx.AsyncClient,
) -> None:
    first = dict(await said(client, text="concert samedi à Lyon"))
    client.cookies.clear()
    body = {"text": "et dimanche ?", "conversation_id": first["done"]["conversation_id"]}
    answer = await client.post("/v1/chat", json=body)
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


async def test_the_same_request_id_is_one_turn(client: httpx.AsyncClient) -> None:
    request_id = str(uuid4())
    first = dict(await said(client, text="concert samedi", request_id=request_id))
    again = dict(await said(client, text="concert samedi", request_id=request_id))
    assert again["done"]["turn_id"] == first["done"]["turn_id"]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"text": ""},
        {"text": "x" * 2001},
        {"text": "concert", "conversation_id": "no"},
        {"text": "concert", "timezone": "Mars/Olympus"},
        {"text": "concert", "colour": "red"},
    ],
)
async def test_what_cannot_be_read_is_a_problem(
    client: httpx.AsyncClient, body: dict[str, Any]
) -> None:
    answer = await client.post("/v1/chat", json=body)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"


async def test_a_value_that_names_nothing_ends_the_turn_with_a_sentence(
    client: httpx.AsyncClient,
) -> None:
    events = await said(client, text="concert", place="Nullepart-les-Oies")
    name, data = events[-1]
    assert (name, data["code"]) == ("error", "invalid_input")


async def test_too_many_messages_are_told_when_to_come_back(client: httpx.AsyncClient) -> None:
    """One visitor must not keep the others waiting."""
    statuses = []
    for _ in range(25):
        answer = await client.post("/v1/chat", json={"text": "merci"})
        statuses.append(answer.status_code)
        if answer.status_code == 429:
            assert int(answer.headers["retry-after"]) >= 1
            break
    assert statuses[-1] == 429
