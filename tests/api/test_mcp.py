"""The tools of Puls through the official MCP client: over HTTP as served, and over stdio as a program."""

import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from httpx2 import AsyncClient as McpHttp
from mcp import Client, MCPError, StdioServerParameters
from mcp.client.streamable_http import streamable_http_client
from mcp.types import TextContent
from tests.listening import listening
from tests.serving import (
    LYON,
    NOW,
    SATURDAY_EVENING,
    an_event,
    app_over,
    occurrence,
    puls_over,
    save,
)

from puls.api.mcp.endpoint import mcp_server
from puls.bootstrap import Puls
from puls.catalogue.event import Category, Price, PriceKind
from puls.database import Database
from puls.geo.gazetteer import Gazetteer

TOOLS = ["search_events", "get_event", "plan_outing", "verify_event", "search_web_events"]
OUTING = "samedi : une expo l'après-midi puis un concert, à Lyon, moins de 30 € à deux"


@pytest.fixture
def puls(database: Database, gazetteer: Gazetteer) -> Puls:
    return puls_over(database, gazetteer)


@pytest.fixture
async def url(database: Database, puls: Puls) -> AsyncIterator[str]:
    """Where a server listens that knows an exhibition and a concert."""
    expo = an_event(
        "expo",
        title="Exposition de gravures",
        description="Une exposition.",
        category=Category.EXHIBITION,
        price=Price(kind=PriceKind.FREE, lowest=0, highest=0),
        occurrences=(occurrence(SATURDAY_EVENING.replace(hour=10, minute=0), hours=8),),
    )
    await save(database, [expo, an_event("concert")])
    async with listening(app_over(puls)) as base_url:
        yield f"{base_url}/mcp"


@asynccontextmanager
async def client_with(url: str, credential: str) -> AsyncIterator[Client]:
    """The official client, sending a key or a token."""
    headers = {"Authorization": f"Bearer {credential}"}
    async with (
        McpHttp(headers=headers) as http,
        Client(streamable_http_client(url, http_client=http)) as client,
    ):
        yield client


async def called(client: Client, tool: str, **arguments: Any) -> Any:
    result = await client.call_tool(tool, arguments)
    assert not result.is_error, result.content
    return result.structured_content


async def sentence(client: Client, tool: str, **arguments: Any) -> str:
    result = await client.call_tool(tool, arguments)
    assert result.is_error
    (content,) = result.content
    assert isinstance(content, TextContent)
    return content.text


@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_an_assistant_finds_reads_and_plans_over_http(url: str, mode: str) -> None:
    """Both generations of the protocol are in use; the tools are the same."""
    async with Client(url, mode=mode) as client:
        tools = (await client.list_tools()).tools
        found = await called(client, "search_events", query="jazz samedi soir à Lyon")
        event = await called(client, "get_event", uid="concert")
        outing = await called(client, "plan_outing", query=OUTING)

    assert [tool.name for tool in tools] == TOOLS
    assert all(tool.output_schema and tool.annotations for tool in tools)
    (concert,) = found["events"]
    assert concert["starts_at"] == "2026-11-28T20:30:00+01:00"
    assert (concert["price_from"], concert["city"]) == (8.0, "Lyon")
    assert "Licence Ouverte" in concert["source"]
    assert any("Lyon" in words for words in found["understood"])
    assert event["occurrences"][0]["starts_at"] == concert["starts_at"]
    (plan,) = outing["plans"]
    assert [step["event"]["uid"] for step in plan["steps"]] == ["expo", "concert"]
    assert plan["price_per_person"] == 8
    assert outing["parts"] == ["« exposition » l’après-midi", "« concert »"]


async def test_filters_given_as_values_win_and_results_are_bounded(
    database: Database, gazetteer: Gazetteer
) -> None:
    """A model that fills the typed fields gets what it asked for, never a book."""
    long = an_event(
        "long", description="mot " * 500,
        occurrences=tuple(occurrence(SATURDAY_EVENING.replace(hour=8), hours=h / 10) for h in range(1, 60)),
    )  # fmt: skip
    await save(database, [long, *(an_event(str(n), venue=LYON) for n in range(30))])
    server = mcp_server(puls_over(database, gazetteer), clock=lambda: NOW)
    async with Client(server) as client:
        many = await called(
            client, "search_events", query="concert à Paris", place="Lyon", date_from="2026-11-28",
            date_to="2026-11-28", limit=20,
        )  # fmt: skip
        event = await called(client, "get_event", uid="long")
    assert len(many["events"]) == 20
    assert all(len(one["summary"]) <= 300 for one in many["events"])
    assert (len(event["occurrences"]), event["more_occurrences"]) == (30, 29)


async def test_failures_are_sentences_for_the_model(url: str) -> None:
    """A model can mend what it is told about; a stack trace or a code it cannot."""
    async with Client(url) as client:
        assert await sentence(client, "get_event", uid="nope") == "No event has the uid 'nope'."
        assert "limit" in await sentence(client, "search_events", limit=500)
        assert "lat and lon go together" in await sentence(client, "search_events", lat=45.7)
        assert "No place in France" in await sentence(client, "search_events", place="Xqzt")
        assert "year" in await sentence(client, "search_events", date_from="9999-01-01")
        unknown = await sentence(client, "book_tickets")
        assert all(tool in unknown for tool in TOOLS)
        empty = await called(client, "search_events", query="opéra à Lyon samedi", place="Nantes")
    assert empty["events"] == []


async def test_an_unforeseen_failure_tells_no_internals(
    database: Database, gazetteer: Gazetteer
) -> None:
    """What breaks inside is for the log; the model gets a sentence and goes on."""
    server = mcp_server(puls_over(database, gazetteer), clock=lambda: 1 / 0)  # type: ignore[arg-type, return-value] # a clock that fails
    async with Client(server) as client:
        text = await sentence(client, "search_events", query="jazz")
    assert "ZeroDivision" not in text
    assert "recorded" in text


async def test_a_program_comes_with_its_key(url: str, puls: Puls) -> None:
    """One key for the search, the chat and the tools; revoked, it opens none of them."""
    key, secret = await puls.people.api_keys.create(name="agent", scopes=["search"], now=NOW)
    async with client_with(url, secret) as client:
        assert (await called(client, "get_event", uid="concert"))["uid"] == "concert"
        await puls.people.api_keys.revoke(key.prefix, now=NOW)
        with pytest.raises(MCPError, match=r"key"):
            await client.call_tool("get_event", {"uid": "concert"})


async def test_a_key_without_the_scope_and_a_false_token_are_refused(url: str, puls: Puls) -> None:
    _, chat_alone = await puls.people.api_keys.create(name="bot", scopes=["chat"], now=NOW)
    message = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
    async with httpx.AsyncClient(headers={"Accept": "application/json"}) as http:
        for credential, status in ((chat_alone, 403), ("v1.forged.1.AAAA", 401)):
            headers = {"Authorization": f"Bearer {credential}"}
            refused = await http.post(url, json=message, headers=headers)
            assert refused.status_code == status
            assert refused.json()["error"]["message"]
            assert ("www-authenticate" in refused.headers) == (status == 401)


async def called_often(client: Client, times: int) -> None:
    for _ in range(times):
        await called(client, "get_event", uid="concert")


async def test_too_many_calls_are_told_when_to_come_back(url: str, puls: Puls) -> None:
    """An agent in a loop takes nobody's place, and learns why it was refused; searches count with it."""
    token = puls.people.tokens.issue(uuid4(), now=NOW)
    bearer = {"Authorization": f"Bearer {token}"}
    search = url.replace("/mcp", "/v1/search?q=jazz")
    async with client_with(url, token) as client, httpx.AsyncClient(headers=bearer) as http:
        with pytest.raises(MCPError, match=r"Too many requests; try again in \d+ s"):
            await called_often(client, puls.settings.requests_per_minute)
        message = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
        refused = await http.post(url, json=message)
        searched = await http.get(search)
    assert (refused.status_code, searched.status_code) == (429, 429)
    assert int(refused.headers["retry-after"]) >= 1
    assert refused.json()["error"]["data"] == {"code": "rate_limited"}


async def test_only_messages_are_taken_and_not_from_pages_of_other_sites(url: str) -> None:
    """A page in a visitor's browser has no business with a server on their machine."""
    message = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
    headers = {"Accept": "application/json, text/event-stream"}
    async with httpx.AsyncClient(headers=headers) as http:
        assert (await http.post(url, json=message)).status_code == 200
        foreign = await http.post(url, json=message, headers={"Origin": "https://evil.example"})
        own = await http.post(url, json=message, headers={"Origin": url.removesuffix("/mcp")})
        stream = await http.get(url)
        huge = await http.post(url, json=message | {"params": {"x": "y" * 100_000}})
    assert foreign.status_code == 403
    assert own.status_code == 200
    assert stream.status_code == 405
    assert huge.status_code == 413


async def test_the_program_serves_the_same_tools_over_stdio(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    """An assistant on a desktop starts `puls mcp` and talks to it; nothing else may reach standard output."""
    await save(database, [an_event("concert")])
    environment = {key: value for key, value in os.environ.items() if "PULS_" not in key}
    program = StdioServerParameters(
        command=sys.executable,
        args=["-c", "from puls.cli.app import main; main()", "mcp"],
        env={**environment, "PULS_DATABASE_URL": database_url},
        cwd=tmp_path,
    )
    async with Client(program, read_timeout_seconds=60) as client:
        assert [tool.name for tool in (await client.list_tools()).tools] == TOOLS
        found = await called(client, "search_events", query="jazz", date_from="2026-11-28")
        assert [one["uid"] for one in found["events"]] == ["concert"]
        assert "nope" in await sentence(client, "get_event", uid="nope")
