"""The official `openai` client against the served application: what Open WebUI would do."""

import asyncio
import socket
from collections.abc import AsyncIterator

import openai
import pytest
import uvicorn
from tests.serving import an_event, app_over, puls_over, save

from puls.database import Database
from puls.geo.gazetteer import Gazetteer

pytestmark = pytest.mark.database


@pytest.fixture
async def client(database: Database, gazetteer: Gazetteer) -> AsyncIterator[openai.AsyncOpenAI]:
    await save(database, [an_event("jazz"), an_event("rock", title="Concert de rock")])
    app = app_over(puls_over(database, gazetteer))
    listening = socket.create_server(("127.0.0.1", 0))
    port = listening.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False))
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
        await asyncio.sleep(0.02)
    async with openai.AsyncOpenAI(
        base_url=f"http://127.0.0.1:{port}/v1", api_key="none", max_retries=0,
        default_headers={"Authorization": ""},
    ) as opened:  # fmt: skip
        yield opened
    server.should_exit = True
    await serving


async def test_the_model_is_listed(client: openai.AsyncOpenAI) -> None:
    assert [model.id async for model in client.models.list()] == ["puls"]


async def test_a_whole_answer(client: openai.AsyncOpenAI) -> None:
    answer = await client.chat.completions.create(
        model="puls", messages=[{"role": "user", "content": "concert samedi à Lyon"}]
    )
    assert "jazz manouche" in (answer.choices[0].message.content or "")
    assert answer.choices[0].finish_reason == "stop"


async def test_a_streamed_answer(client: openai.AsyncOpenAI) -> None:
    stream = await client.chat.completions.create(
        model="puls",
        messages=[{"role": "user", "content": "concert samedi à Lyon"}],
        stream=True,
        stream_options={"include_usage": True},
    )
    chunks = [chunk async for chunk in stream]
    text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
    assert "jazz manouche" in text
    assert chunks[-1].usage is not None


async def test_earlier_messages_make_it_a_follow_up(client: openai.AsyncOpenAI) -> None:
    """The client keeps the conversation: « la 2e » must mean what it showed."""
    first = await client.chat.completions.create(
        model="puls", messages=[{"role": "user", "content": "concert samedi à Lyon"}]
    )
    shown = first.choices[0].message.content or ""
    second = "Concert de rock" if shown.index("manouche") < shown.index("rock") else "manouche"
    answer = await client.chat.completions.create(
        model="puls",
        messages=[
            {"role": "user", "content": "concert samedi à Lyon"},
            {"role": "assistant", "content": shown},
            {"role": "user", "content": "parle-moi de la 2e"},
        ],
    )
    assert second in (answer.choices[0].message.content or "")


async def test_no_message_of_a_user_is_an_error_that_says_so(client: openai.AsyncOpenAI) -> None:
    with pytest.raises(openai.UnprocessableEntityError) as refused:
        await client.chat.completions.create(
            model="puls", messages=[{"role": "system", "content": "You are a pirate."}]
        )
    assert "no text of a user" in refused.value.response.json()["detail"]
