"""The clients that people have, against a served Puls: what each of them sends as its code has it, and what it must be able to show.

The MCP SDK has its own file (test_mcp.py), as has our client (tests/client) and the page (tests/browser).
"""

import asyncio
import json
import shutil
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing
from typing import Any

import httpx
import openai
import pytest
from langchain_core.messages import AIMessage, HumanMessage, SystemMessage
from langchain_openai import ChatOpenAI
from pydantic import SecretStr
from tests.listening import listening
from tests.serving import NOW, an_event, app_over, puls_over, save

from puls.bootstrap import Puls
from puls.database import Database
from puls.geo.gazetteer import Gazetteer

pytestmark = pytest.mark.database

ASKED = "concert samedi à Lyon"
HISTORY = f"USER: {ASKED}\nASSISTANT: Samedi 28, concert de jazz manouche [1].\n"
MCP_ACCEPT = {"Accept": "application/json, text/event-stream"}


@pytest.fixture
async def puls(database: Database, gazetteer: Gazetteer) -> Puls:
    await save(database, [an_event("jazz"), an_event("rock", title="Concert de rock")])
    return puls_over(database, gazetteer)


@pytest.fixture
async def key(puls: Puls) -> str:
    _, written = await puls.people.api_keys.create(
        name="a client", scopes=["search", "chat"], now=NOW
    )
    return written


@pytest.fixture
async def base(puls: Puls) -> AsyncIterator[str]:
    async with listening(app_over(puls)) as url:
        yield url


@pytest.fixture
async def http(base: str, key: str) -> AsyncIterator[httpx.AsyncClient]:
    headers = {"Authorization": f"Bearer {key}"}
    async with httpx.AsyncClient(base_url=base, headers=headers, timeout=30) as client:
        yield client


async def said(http: httpx.AsyncClient, **body: Any) -> str:
    answer = await http.post("/v1/chat/completions", json=body)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["choices"][0]["message"]["content"])


def user(*contents: Any) -> list[dict[str, Any]]:
    return [{"role": "user", "content": content} for content in contents]


# -- The `openai` package --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("placeholder", ["none", "EMPTY", "sk-no-key-required", "lm-studio"])
async def test_a_placeholder_for_a_key_is_refused_with_a_sentence_that_the_client_shows(
    base: str, placeholder: str
) -> None:
    """Everybody's first try: these packages do not start without a key."""
    async with openai.AsyncOpenAI(
        base_url=f"{base}/v1", api_key=placeholder, max_retries=0
    ) as client:
        with pytest.raises(openai.AuthenticationError) as refused:
            await client.chat.completions.create(model="puls", messages=[])
    assert refused.value.code == "invalid_api_key"
    assert "`puls keys create NAME` makes one" in refused.value.message


async def test_openai_reads_the_errors_of_its_addresses(base: str, key: str) -> None:
    async with openai.AsyncOpenAI(base_url=f"{base}/v1", api_key=key, max_retries=0) as client:
        assert (await client.models.retrieve("puls")).id == "puls"
        with pytest.raises(openai.NotFoundError, match="the one here is 'puls'"):
            await client.models.retrieve("gpt-5")
        with pytest.raises(openai.UnprocessableEntityError) as refused:
            await client.chat.completions.create(model="puls", messages=[])
    assert refused.value.param == "messages"
    assert refused.value.type == "invalid_request_error"


async def test_openai_sends_what_it_has_and_is_answered(base: str, key: str) -> None:
    """Tools, formats and the settings of a model change nothing, and break nothing."""
    async with openai.AsyncOpenAI(base_url=f"{base}/v1", api_key=key, max_retries=0) as client:
        answer = await client.chat.completions.create(
            model="puls",
            messages=[
                {"role": "developer", "content": "Answer in verse."},
                {"role": "user", "content": [{"type": "text", "text": ASKED}], "name": "anna"},
            ],
            temperature=0, top_p=1, n=1, max_completion_tokens=200, stop=["\n\n\n"], seed=7, user="anna",
            response_format={"type": "json_object"}, parallel_tool_calls=False, metadata={"from": "a test"},
            tools=[{"type": "function", "function": {"name": "weather", "parameters": {"type": "object"}}}],
        )  # fmt: skip
    assert "jazz manouche" in (answer.choices[0].message.content or "")


async def test_a_message_of_only_an_image_is_refused_and_beside_one_text_is_read(
    http: httpx.AsyncClient,
) -> None:
    image = {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}
    refused = await http.post("/v1/chat/completions", json={"messages": user([image])})
    assert refused.status_code == 422
    assert "no text" in refused.json()["error"]["message"]
    assert "jazz manouche" in await said(
        http, messages=user([image, {"type": "text", "text": ASKED}])
    )


# -- LangChain -------------------------------------------------------------------------------------------------------


async def test_langchain_asks_streams_and_follows_up(base: str, key: str) -> None:
    """`ChatOpenAI` with another address is how most LangChain programs would try Puls."""
    model = ChatOpenAI(base_url=f"{base}/v1", api_key=SecretStr(key), model="puls", max_retries=0)
    whole = await model.ainvoke([SystemMessage("Sois bref."), HumanMessage(ASKED)])
    assert "jazz manouche" in whole.text
    async with aclosing(model.astream(ASKED)) as pieces:  # type: ignore[type-var] # it is a generator
        streamed = "".join([piece.text async for piece in pieces])
    assert streamed == (await model.ainvoke(ASKED)).text
    again = await model.ainvoke(
        [HumanMessage(ASKED), AIMessage(whole.text), HumanMessage("parle-moi de la 2e")]
    )
    second = "rock" if whole.text.index("manouche") < whole.text.index("rock") else "manouche"
    assert second in again.text


# -- Open WebUI and LibreChat ----------------------------------------------------------------------------------------

# What these ask of the model for themselves, in the frames that their code writes and in words of our own.
_OPEN_WEBUI = (
    "### Task:\n{task}\n### Guidelines:\n- Use the chat's primary language.\n- Be accurate rather than creative.\n"
    "### Output:\nJSON format: {form}\n### Chat History:\n<chat_history>\n" + HISTORY + "</chat_history>"
)  # fmt: skip
CHORES = [
    ("title", "Write a short title of 3-5 words that sums up the chat.", '{ "title": "a title" }'),
    ("tags", "Give 1-3 broad tags for the themes of the chat.", '{ "tags": ["tag1", "tag2"] }'),
    ("follow_ups", "Suggest 3-5 follow-up questions of the user.", '{ "follow_ups": ["Q1?"] }'),
    ("queries", "Decide whether search queries are needed and write them.", '{ "queries": ["q"] }'),
]


@pytest.mark.parametrize(("name", "task", "form"), CHORES, ids=[one[0] for one in CHORES])
@pytest.mark.parametrize("streams", [False, True])
async def test_what_open_webui_asks_for_itself_is_answered_in_its_form(
    http: httpx.AsyncClient, name: str, task: str, form: str, *, streams: bool
) -> None:
    """It was answered with a list of events, shown as the title of the conversation."""
    body = {
        "model": "puls", "stream": streams, "max_completion_tokens": 1000,
        "messages": user(_OPEN_WEBUI.format(task=task, form=form)),
    }  # fmt: skip
    text = await streamed(http, body) if streams else await said(http, **body)
    (value,) = [json.loads(text)[name]]
    assert value if name != "queries" else value == []
    assert "[1]" not in text
    if name == "title":
        assert value == "Concert samedi à Lyon"


async def test_open_webui_verifies_lists_and_streams(http: httpx.AsyncClient) -> None:
    """In the order of a first evening: the connection is tested, a model chosen, a question asked."""
    listed = (await http.get("/v1/models")).json()
    assert [one["id"] for one in listed["data"]] == ["puls"]
    text = await streamed(
        http,
        {
            "stream": True, "model": "puls", "messages": user(ASKED), "stream_options": {"include_usage": True},
            "temperature": None, "stop": None, "metadata": {"chat_id": "x"}, "tool_ids": None, "files": None,
        },
    )  # fmt: skip
    assert "jazz manouche" in text


@pytest.mark.parametrize(
    "order",
    [
        (
            f"Give a title of at most five words for the conversation, without punctuation. Only return the title itself.\n\n"
            f"Conversation:\nUser: {ASKED}\nAI: Samedi 28, concert de jazz manouche"
        ),
        f"Please write a concise title for a conversation that starts with:\nUser: {ASKED}\nAssistant: Samedi\n\nTitle:",
    ],
)
async def test_librechat_gets_a_title(http: httpx.AsyncClient, order: str) -> None:
    assert await said(http, model="puls", messages=user(order)) == "Concert samedi à Lyon"


async def test_instructions_of_a_title_maker_are_a_chore_and_a_wish_for_titles_is_none(
    http: httpx.AsyncClient,
) -> None:
    """Goose, LobeChat and the AI SDK put the order into the system message; people write wishes there."""
    order = (
        "Write a short title that tells the topic of the user's message. Reply with the title only."
    )
    asked = await said(http, messages=[{"role": "system", "content": order}, *user(ASKED)])
    assert asked == "Concert samedi à Lyon"
    wish = "You are our guide to Lyon. Begin each message with the title of the event in bold."
    told = await said(http, messages=[{"role": "system", "content": wish}, *user(ASKED)])
    assert "jazz manouche" in told


async def test_librechat_streams_a_follow_up_with_its_own_fields(http: httpx.AsyncClient) -> None:
    first = await said(http, messages=user(ASKED))
    text = await streamed(
        http,
        {
            "model": "puls", "user": "anna", "stream": True, "temperature": 1, "top_p": 1, "presence_penalty": 0,
            "frequency_penalty": 0, "stream_options": {"include_usage": True},
            "messages": [
                *user([{"type": "text", "text": ASKED}]),
                {"role": "assistant", "content": first, "tool_calls": None},
                *user([{"type": "text", "text": "seulement ce qui est gratuit"}]),
            ],
        },
    )  # fmt: skip
    assert text
    assert "Concert de rock [" not in text


async def streamed(http: httpx.AsyncClient, body: Any) -> str:
    """The text, as these clients put it together: each `data:` line is a chunk, `[DONE]` is the end."""
    async with http.stream("POST", "/v1/chat/completions", json=body) as answer:
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/event-stream")
        assert answer.headers["x-accel-buffering"] == "no"
        lines = [line async for line in answer.aiter_lines() if line]
    assert all(line.startswith("data: ") for line in lines)
    assert lines[-1] == "data: [DONE]"
    chunks = [json.loads(line.removeprefix("data: ")) for line in lines[:-1]]
    assert {chunk["object"] for chunk in chunks} == {"chat.completion.chunk"}
    assert len({chunk["id"] for chunk in chunks}) == 1
    if (body.get("stream_options") or {}).get("include_usage"):
        assert chunks.pop()["choices"] == []
    assert chunks[-1]["choices"][0]["finish_reason"] == "stop"
    return "".join(chunk["choices"][0]["delta"].get("content", "") for chunk in chunks)


# -- curl, EventSource, probes, proxies ------------------------------------------------------------------------------


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not on this machine")
async def test_curl_as_the_pages_show_it(base: str) -> None:
    async def curl(*arguments: str) -> str:
        process = await asyncio.create_subprocess_exec(
            "curl", "-sS", "--max-time", "20", *arguments, stdout=asyncio.subprocess.PIPE
        )
        out, _ = await process.communicate()
        assert process.returncode == 0
        return out.decode()

    json_head = ("-H", "Content-Type: application/json")
    told = await curl("-N", f"{base}/v1/chat", *json_head, "-d", json.dumps({"text": ASKED}))
    assert told.rstrip().splitlines()[-2] == "event: done"
    head = await curl("-I", f"{base}/health/live")
    assert head.startswith("HTTP/1.1 200")
    found = await curl("-G", f"{base}/v1/search", "--data-urlencode", f"q={ASKED}")
    assert json.loads(found)["events"]
    form = await curl(f"{base}/v1/chat", "-d", "text=jazz")  # forgets the type
    assert json.loads(form)["code"] == "invalid_input"


async def test_a_reader_of_server_sent_events_as_the_standard_has_it(
    http: httpx.AsyncClient,
) -> None:
    """EventSource and what imitates it: lines end at CR, LF or both, comments are nothing, an empty line is an event."""
    async with http.stream("POST", "/v1/chat", json={"text": ASKED}) as answer:
        assert answer.headers["x-accel-buffering"] == "no"
        assert "no-store" in answer.headers["cache-control"]
        events = events_in((await answer.aread()).decode())
    names = [name for name, _ in events]
    assert names[0] == "wish"
    assert names[-1] == "done"
    assert "jazz manouche" in "".join(data["text"] for name, data in events if name == "token")


def events_in(stream: str) -> Sequence[tuple[str, Any]]:
    events, name, data = [], "message", list[str]()
    for line in stream.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        field, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if not line:
            if data:
                events.append((name, json.loads("\n".join(data))))
            name, data = "message", []
        elif field == "event":
            name = value
        elif field == "data":
            data.append(value)
    return events


async def test_head_is_answered_wherever_get_is(http: httpx.AsyncClient) -> None:
    """Probes and link checkers send nothing else."""
    for path in (
        "/health/live",
        "/health/ready",
        "/",
        "/v1/models",
        "/v1/search?q=jazz",
        "/v1/events/jazz",
    ):
        got, head = await http.get(path), await http.head(path)
        assert (head.status_code, head.content) == (got.status_code, b""), path
        assert head.headers["content-type"] == got.headers["content-type"], path
    assert (await http.head("/v1/chat")).status_code == 405


# -- MCP beside its SDK ----------------------------------------------------------------------------------------------


async def test_a_batch_is_answered_message_by_message(http: httpx.AsyncClient) -> None:
    """The version of 2025-03-26 had them; each message counts for the rate limit."""
    batch: list[Any] = [
        {"jsonrpc": "2.0", "id": 1, "method": "tools/list"},
        {"jsonrpc": "2.0", "method": "notifications/initialized"},
        "nonsense",
        {"jsonrpc": "2.0", "id": "two", "method": "ping"},
    ]
    answer = await http.post("/mcp/", json=batch, headers=MCP_ACCEPT)
    first, wrong, second = answer.json()
    assert (first["id"], second["id"]) == (1, "two")
    assert wrong["error"]["code"] == -32_600
    only_told = await http.post("/mcp", json=[batch[1]], headers=MCP_ACCEPT)
    assert (only_told.status_code, only_told.content) == (202, b"")
    for many in ([], [batch[0]] * 21):
        refused = await http.post("/mcp", json=many, headers=MCP_ACCEPT)
        assert refused.status_code == 400
