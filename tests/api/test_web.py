"""The web through the API, OpenAI's shape and MCP: what was seen, where and when; a page's words as a page's words."""

import json
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from typing import Any

import httpx
import pytest
from mcp import Client
from mcp.types import TextContent
from tests.on_the_web import AGENDA, JAZZ_PAGE, Seen, a_check, a_web_event, the_web_of
from tests.serving import NOW, an_event, app_over, puls_over, save, visiting

from puls.api.mcp.batches import names_one_of
from puls.api.mcp.endpoint import mcp_server
from puls.bootstrap import Puls
from puls.database import Database
from puls.geo.gazetteer import Gazetteer
from puls.outside.page import FetchFailure
from puls.settings import Settings
from puls.web_search.values import Change, Outcome, Snippet

pytestmark = pytest.mark.database
QUESTION = "regarde sur internet s'il y a un concert de swing samedi à Lyon"
PATH = "/v1/events/jazz/verification"
Over = Callable[[Seen], AbstractAsyncContextManager[httpx.AsyncClient]]


@pytest.fixture
async def puls(database: Database, gazetteer: Gazetteer) -> Puls:
    await save(database, [an_event("jazz"), an_event("swing", title="Concert de swing")])
    return puls_over(database, gazetteer)


@pytest.fixture
def over(database: Database, gazetteer: Gazetteer, puls: Puls) -> Over:
    del puls  # its events are saved

    @asynccontextmanager
    async def opened(seen: Seen) -> AsyncIterator[httpx.AsyncClient]:
        web = the_web_of(seen, database, gazetteer)
        async with visiting(app_over(puls_over(database, gazetteer, web=web))) as client:
            yield client

    return opened


async def test_an_event_is_verified_on_the_web(over: Over) -> None:
    """A program asks before it sends somebody across the city."""
    check = replace(
        a_check("jazz", Outcome.CHANGED),
        changes=(Change(what="venue", before="Le Transbordeur", now="Le Sucre"),),
        says="Le concert aura lieu au Sucre.",
    )
    async with over(Seen(checks={"jazz": check})) as client:
        answer = await client.get(PATH)
    assert answer.status_code == 200
    told = answer.json()
    assert (told["uid"], told["outcome"], told["proof"]) == ("jazz", "changed", "agenda")
    assert (told["url"], told["is_strong"]) == (AGENDA, True)
    assert told["checked_at"] == NOW.isoformat()
    assert told["changes"] == [{"what": "venue", "before": "Le Transbordeur", "now": "Le Sucre"}]
    assert told["says"] == "Le concert aura lieu au Sucre."
    assert told["fr"]
    assert told["en"]


async def test_what_is_not_seen_in_time_is_an_honest_answer(over: Over) -> None:
    """The limit is the caller's, within ours."""
    seen = Seen(checks={"jazz": a_check("jazz", Outcome.CONFIRMED)}, delay=2.0)
    async with over(seen) as client:
        slow = (await client.get(PATH, params={"within": 0.5})).json()
        refused = [
            (await client.get(PATH, params={"within": within})).status_code
            for within in ("0.4", "9", "nan", "soon")
        ]
    assert (slow["outcome"], slow["why_not"]) == ("not_checked", "no_time")
    assert len(seen.asked_within) == 1
    assert seen.asked_within[0] <= 0.5
    assert refused == [422] * 4


async def test_nobody_is_asked_about_an_invented_event(
    database: Database, gazetteer: Gazetteer, puls: Puls
) -> None:
    """The sample's events are nowhere else; saying so needs no request."""
    del puls
    seen = Seen(checks={"jazz": a_check("jazz", Outcome.CONFIRMED)})
    web = the_web_of(seen, database, gazetteer, invented=frozenset({"test"}))
    async with visiting(app_over(puls_over(database, gazetteer, web=web))) as client:
        told = (await client.get(PATH)).json()
    assert (told["outcome"], told["why_not"]) == ("unreadable", "no_link")
    assert seen.asked_within == []


async def test_unknown_events_and_a_web_that_is_off_are_problems(
    over: Over, database: Database, gazetteer: Gazetteer
) -> None:
    async with over(Seen()) as client:
        unknown = await client.get("/v1/events/nope/verification")
    async with visiting(app_over(puls_over(database, gazetteer))) as client:
        off = await client.get(PATH)
    assert (unknown.status_code, unknown.json()["code"]) == (404, "not_found")
    assert (off.status_code, off.json()["code"]) == (503, "web_off")
    assert "switched off" in off.json()["detail"]


async def test_verifying_costs_as_a_message_does(
    database: Database, gazetteer: Gazetteer, puls: Puls
) -> None:
    """Each may ask pages of others: nobody makes a fire hose of Puls."""
    del puls
    web = the_web_of(Seen(), database, gazetteer)
    few = Settings(chat_per_minute_per_address=2)
    async with visiting(app_over(puls_over(database, gazetteer, web=web, settings=few))) as client:
        statuses = [(await client.get(PATH)).status_code for _ in range(3)]
    assert statuses == [200, 200, 429]


async def test_a_chat_tells_what_is_looked_at_and_what_was_seen(over: Over) -> None:
    """Named events in their order, typed, before the words."""
    seen = Seen(
        checks={"jazz": a_check("jazz", Outcome.CANCELLED)}, pages={JAZZ_PAGE: [a_web_event()]}
    )
    async with over(seen) as client:
        answer = await client.post("/v1/chat", json={"text": QUESTION, "web": "thorough"})
    blocks = [block.split("\n", 1) for block in answer.text.split("\n\n") if block]
    names = [name.removeprefix("event: ") for name, _ in blocks]
    web = next(json.loads(data[6:]) for name, data in blocks if name == "event: web")
    assert names.index("events") < names.index("web_step") < names.index("web")
    assert names.index("web") < names.index("token")
    assert web["why"][0] == "asked"
    assert web["events"][0]["host"] == "jazz.example"
    corrected = {event["uid"]: event["status"] for event in web["corrected"]}
    assert corrected["jazz"] == "cancelled"
    assert {check["uid"] for check in web["checks"]} == {"jazz", "swing"}


@pytest.mark.parametrize("is_streamed", [False, True])
async def test_a_client_of_openai_reads_links_with_their_source(
    over: Over, is_streamed: bool
) -> None:
    """Its text is all it has: the page's address is a Markdown link, beside host and hour, in the order of the stream."""
    title = "Swing [au] (Périscope)"
    async with over(Seen(pages={JAZZ_PAGE: [a_web_event(title)]})) as client:
        answer = await client.post(
            "/v1/chat/completions",
            json={
                "model": "puls",
                "stream": is_streamed,
                "messages": [{"role": "user", "content": QUESTION}],
            },
        )
    text = _text_of(answer, is_streamed=is_streamed)
    assert f"]({JAZZ_PAGE})" in text
    assert "vu sur jazz.example" in text
    assert "[au]" not in text  # the page's brackets open no link
    assert text.index("Vu sur le web") < text.index(JAZZ_PAGE)


def _text_of(answer: httpx.Response, *, is_streamed: bool) -> str:
    assert answer.status_code == 200, answer.text
    if not is_streamed:
        return str(answer.json()["choices"][0]["message"]["content"])
    lines = [line[6:] for line in answer.text.splitlines() if line.startswith("data: {")]
    return "".join(json.loads(line)["choices"][0]["delta"].get("content", "") for line in lines)


async def _called(client: Client, tool: str, **arguments: Any) -> Any:
    result = await client.call_tool(tool, arguments)
    assert not result.is_error, result.content
    return result.structured_content


async def test_an_assistant_verifies_an_event(
    database: Database, gazetteer: Gazetteer, puls: Puls
) -> None:
    """What the page says is marked as the page's, and has its source and time."""
    check = replace(a_check("jazz", Outcome.CANCELLED), says="ANNULÉ. " + "x" * 1_000)
    web = the_web_of(Seen(checks={"jazz": check}), database, gazetteer)
    async with Client(mcp_server(replace(puls, web=web), clock=lambda: NOW)) as client:
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
        told = await _called(client, "verify_event", uid="jazz")
        unread = await _called(client, "verify_event", uid="swing", language="en")
        unknown = await client.call_tool("verify_event", {"uid": "nope"})
    assert (told["outcome"], told["is_strong"], told["source_url"]) == ("cancelled", True, AGENDA)
    assert told["checked_at"] == NOW.isoformat()
    assert told["quote"].startswith("ANNULÉ")
    assert len(told["quote"]) <= 300
    assert unread["outcome"] == "not_checked"
    assert unknown.is_error
    annotations = tools["verify_event"].annotations
    assert annotations is not None
    assert annotations.open_world_hint
    schema = tools["verify_event"].output_schema
    assert schema is not None
    assert "quotation" in schema["properties"]["quote"]["description"]


async def test_an_assistant_finds_events_that_the_catalogue_lacks(
    database: Database, gazetteer: Gazetteer, puls: Puls
) -> None:
    """Bounded, sourced, without what the catalogue has; a page that was not read is no event."""
    pages: dict[str, Any] = {
        JAZZ_PAGE: [a_web_event("Swing " + "toute la nuit " * 80), a_web_event("Concert de swing")],
        "https://robots.example/": FetchFailure.ROBOTS,
    }
    web = the_web_of(Seen(pages=pages), database, gazetteer)
    quote = Snippet(
        text="Le swing est à l'honneur.", title="Magazine", url="https://mag.example/", seen_at=NOW
    )
    quoting = the_web_of(Seen(pages={quote.url: quote}), database, gazetteer)
    blind = the_web_of(Seen(), database, gazetteer, can_search=False)
    asked = {"question": "concert de swing", "place": "Lyon", "when": "2026-11-28"}
    async with Client(mcp_server(replace(puls, web=web), clock=lambda: NOW)) as client:
        told = await _called(client, "search_web_events", **asked)
        words = await _called(client, "search_web_events", **{**asked, "when": "dimanche"})
        nowhere = await client.call_tool("search_web_events", {**asked, "place": "Xqzt"})
    async with Client(mcp_server(replace(puls, web=quoting), clock=lambda: NOW)) as client:
        quoted = await _called(client, "search_web_events", **asked)
    async with Client(mcp_server(replace(puls, web=blind), clock=lambda: NOW)) as client:
        unsearched = await _called(client, "search_web_events", **asked, language="en")
    async with Client(mcp_server(puls, clock=lambda: NOW)) as client:
        off = await client.call_tool("search_web_events", asked)
    (event,) = told["events"]
    assert len(event["title"]) <= 160
    assert (event["source_host"], event["source_url"]) == ("jazz.example", JAZZ_PAGE)
    assert event["starts_at"] == ["2026-11-28T20:30:00+01:00"]
    assert words["events"] == []  # Saturday's event is none of Sunday's
    assert nowhere.is_error
    (page,) = quoted["quotes"]
    assert (page["quote"], page["source_host"]) == (quote.text, "mag.example")
    assert "No search engine" in unsearched["notices"][0]
    assert off.is_error
    (said,) = off.content
    assert isinstance(said, TextContent)
    assert "switched off" in said.text


@pytest.mark.parametrize(
    ("body", "is_web"),
    [
        (b'{"method": "tools/call", "params": {"name": "verify_event"}}', True),
        (b'[{"method": "tools/list"}, {"params": {"name": "verify_event"}}]', True),
        (b'{"method": "tools/call", "params": {"name": "get_event"}}', False),
        (b'{"params": {"name": ["verify_event"]}}', False),
        (b'{"params": 3}', False),
        (b"[[[", False),
        (b"[" * 100_000, False),
    ],
)
def test_a_look_waits_in_a_queue_of_its_own(body: bytes, is_web: bool) -> None:
    """Four looks of three seconds must not close the search to everybody."""
    assert names_one_of({"verify_event"}, body) is is_web
