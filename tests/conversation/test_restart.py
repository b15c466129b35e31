"""PostgreSQL is stopped and started again in the middle of a turn: an answer, told and kept once, or a clear sentence."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import numpy as np
import psycopg
import pytest
from numpy.typing import NDArray
from tests.conversation.test_assistant import Saying, Silent
from tests.embedders import WordHashEmbedder
from tests.listening import listening
from tests.serving import NOW, an_event, app_over, puls_over, save

from puls.bootstrap import assistant_of
from puls.database import Database, EmbeddedServer
from puls.geo.gazetteer import Gazetteer
from puls.ingestion.embedding import EmbeddingIndex
from puls.llm.chat import ModelUsage, Prompt
from puls.retrieval.search import EventSearch
from puls.retrieval.vocabulary import Vocabulary

pytestmark = pytest.mark.database

QUESTION = "concert de jazz samedi à Lyon"
TIME_LIMIT_SECONDS = 40.0  # of a turn


class Server:
    """A PostgreSQL of this module's own, which may be stopped."""

    def __init__(self, home: Path) -> None:
        self._server = EmbeddedServer(home)
        self.url = self._server.start()

    async def stop(self) -> None:
        await asyncio.to_thread(self._server.release)

    async def start(self) -> None:
        await asyncio.to_thread(self._server.start)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("restarted"))
    yield server
    asyncio.run(server.stop())


class Pausing(WordHashEmbedder):
    """An embedder that waits for the test: a turn is then between its understanding and its search."""

    def __init__(self) -> None:
        super().__init__()
        self.is_asked, self.may_go_on = asyncio.Event(), asyncio.Event()
        self.may_go_on.set()

    async def embed_query(self, text: str) -> NDArray[np.float32]:
        self.is_asked.set()
        await self.may_go_on.wait()
        return await super().embed_query(text)


class Slow(Saying):
    """A model that has said half when the test lets it go on."""

    def __init__(self) -> None:
        super().__init__()
        self.may_go_on = asyncio.Event()

    async def stream(
        self, prompt: Prompt, *, purpose: str, visitor_id: UUID | None = None
    ) -> AsyncIterator[str | ModelUsage]:
        del prompt, purpose, visitor_id
        yield "Samedi soir, le concert de jazz manouche [1] vous attend. Il "
        await self.may_go_on.wait()
        yield "commence à 20 h 30."
        yield ModelUsage(model="test:model", tokens_in=10, tokens_out=5, cost_eur=0.0)


@dataclass(slots=True)
class Heard:
    """What a client of `POST /v1/chat` received."""

    status: int = 0
    events: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def last(self) -> tuple[str, dict[str, Any]]:
        return self.events[-1]

    @property
    def text(self) -> str:
        return "".join(data["text"] for name, data in self.events if name == "token")


async def said(
    http: httpx.AsyncClient,
    request_id: UUID,
    *,
    when: Callable[[str], bool] = lambda _: False,
    reached: asyncio.Event | None = None,
) -> Heard:
    """One turn over HTTP; `reached` is set at the first event for which `when` holds."""
    heard, began = Heard(), time.monotonic()
    body = {"text": QUESTION, "request_id": str(request_id)}
    async with http.stream("POST", "/v1/chat", json=body) as answer:
        heard.status = answer.status_code
        name = ""
        async for line in answer.aiter_lines():
            if line.startswith("event: "):
                name = line.removeprefix("event: ")
            elif line.startswith("data: "):
                heard.events.append((name, json.loads(line.removeprefix("data: "))))
                if reached is not None and when(name):
                    reached.set()
    heard.seconds = time.monotonic() - began
    return heard


@dataclass(slots=True)
class Served:
    http: httpx.AsyncClient
    embedder: Pausing
    database: Database


@asynccontextmanager
async def served(server: Server, gazetteer: Gazetteer, model: Saying) -> AsyncIterator[Served]:
    """Puls over HTTP on a database of its own of the server, with one concert and its vector."""
    name = f"restart_{uuid4().hex}"
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    url = psycopg.conninfo.make_conninfo(server.url, dbname=name)
    async with Database.open(url, pool_size=4) as database:
        await save(database, [an_event("jazz")])
        embedder = Pausing()
        await EmbeddingIndex(database=database, embedder=embedder).build(now=lambda: NOW)
        puls = puls_over(database, gazetteer)
        search = EventSearch(database=database, embedder=embedder, vocabulary=Vocabulary(database))
        assistant = assistant_of(
            database, search, gazetteer, puls.people, models=model, clock=lambda: NOW
        )
        await assistant.warm_up()
        app = app_over(replace(puls, assistant=assistant, search=search))
        token = puls.people.tokens.issue(uuid4(), now=NOW)
        headers = {"Authorization": f"Bearer {token}"}
        async with (
            listening(app) as base_url,
            httpx.AsyncClient(base_url=base_url, timeout=60, headers=headers) as http,
        ):
            yield Served(http, embedder, database)


async def kept(database: Database) -> list[tuple[str, str | None, int]]:
    """Every turn as a superuser sees it: state, answer, events shown."""
    rows = await database.fetch_all(
        b"SELECT state, answer, (SELECT count(*) FROM turn_event WHERE turn_id = turn.id) AS shown FROM turn"
    )
    return [(row["state"], row["answer"], row["shown"]) for row in rows]


async def stopped_for(server: Server, seconds: float) -> None:
    await server.stop()
    await asyncio.sleep(seconds)
    await server.start()


async def test_a_restart_while_a_model_writes_goes_unnoticed(
    server: Server, gazetteer: Gazetteer
) -> None:
    """No connection is held while a model writes, and the end is kept as soon as there is somebody to keep it."""
    model, request_id, reached = Slow(), uuid4(), asyncio.Event()
    async with served(server, gazetteer, model) as puls:
        telling = asyncio.create_task(
            said(puls.http, request_id, when=lambda name: name == "token", reached=reached)
        )
        await reached.wait()
        await server.stop()
        model.may_go_on.set()
        heard = await telling  # while the server is down
        await server.start()
        again = await said(puls.http, request_id)
        turns = await kept(puls.database)
    assert heard.last[0] == "done"
    assert "20 h 30" in heard.text
    assert heard.seconds < TIME_LIMIT_SECONDS
    assert turns == [("finished", heard.text, 1)]
    assert (again.text, again.last[1]["turn_id"]) == (heard.text, heard.last[1]["turn_id"])


async def test_a_restart_before_the_search_is_waited_for(
    server: Server, gazetteer: Gazetteer
) -> None:
    """Some seconds of waiting are better than « ask again ». Every pooled connection was cut, and none fails a turn."""
    request_id = uuid4()
    async with served(server, gazetteer, Silent()) as puls:
        await asyncio.gather(*(said(puls.http, uuid4()) for _ in range(4)))  # fill the pool
        puls.embedder.is_asked.clear()
        puls.embedder.may_go_on.clear()
        telling = asyncio.create_task(said(puls.http, request_id))
        await puls.embedder.is_asked.wait()
        restarting = asyncio.create_task(stopped_for(server, 1.0))
        await asyncio.sleep(0.5)
        puls.embedder.may_go_on.set()
        heard = await telling
        await restarting
        others = await asyncio.gather(*(said(puls.http, uuid4()) for _ in range(4)))
        again = await said(puls.http, request_id)
        turns = await kept(puls.database)
    assert heard.last[0] == "done"
    assert "jazz manouche" in heard.text
    assert heard.seconds < TIME_LIMIT_SECONDS
    assert {other.last[0] for other in others} == {"done"}
    assert again.text == heard.text
    assert [state for state, *_ in turns] == ["finished"] * 9


async def test_a_database_that_stays_away_is_a_sentence_and_the_message_is_not_lost(
    server: Server, gazetteer: Gazetteer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same request once it is back is the same turn, answered."""
    monkeypatch.setattr("puls.database.pool._PATIENCE_SECONDS", 2.0)
    request_id = uuid4()
    async with served(server, gazetteer, Silent()) as puls:
        puls.embedder.is_asked.clear()
        puls.embedder.may_go_on.clear()
        telling = asyncio.create_task(said(puls.http, request_id))
        await puls.embedder.is_asked.wait()
        await server.stop()
        puls.embedder.may_go_on.set()
        heard = await telling
        refused = await said(puls.http, uuid4())  # begins while it is away
        await server.start()
        again = await said(puls.http, request_id)
        for _ in range(20):
            if again.events and again.last[0] == "done":
                break
            await asyncio.sleep(0.5)
            again = await said(puls.http, request_id)
        turns = await kept(puls.database)
    name, told = heard.last
    assert (name, told["code"]) == ("error", "database_unavailable")
    assert "réessayez" in told["fr"]
    assert heard.seconds < TIME_LIMIT_SECONDS
    assert refused.status == 503
    assert "jazz manouche" in again.text
    assert turns == [("finished", again.text, 1)]
