"""Loopback servers that stream as OpenAI and Mistral do, and fail as they fail.

Raw sockets rather than a web framework: most of the failures are broken HTTP.
"""

import asyncio
import contextlib
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

Dialect = Literal["openai", "mistral"]
WORDS = ("Ce soir", " à Lyon", ", un concert", " de jazz.")
TOKENS_IN, TOKENS_CACHED, TOKENS_OUT = 1200, 1000, 40


@dataclass
class Asked:
    """A request as the server saw it."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]
    at: float


@dataclass
class Wire:
    """One connection: what was asked, and the ways to answer."""

    asked: Asked
    dialect: Dialect
    writer: asyncio.StreamWriter

    async def head(
        self, status: int = 200, content_type: str = "text/event-stream", **headers: str
    ) -> None:
        lines = [f"HTTP/1.1 {status} X", f"Content-Type: {content_type}"]
        lines += ["Transfer-Encoding: chunked", "Date: Sun, 22 Nov 2026 20:00:00 GMT"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        self.writer.write("\r\n".join(lines).encode() + b"\r\n\r\n")
        await self.writer.drain()

    async def raw(self, body: bytes) -> None:
        self.writer.write(f"{len(body):x}\r\n".encode() + body + b"\r\n")
        await self.writer.drain()

    async def event(self, data: Any) -> None:
        text = data if isinstance(data, str) else json.dumps(data)
        await self.raw(f"data: {text}\n\n".encode())

    async def word(self, text: str) -> None:
        await self.event(self._chunk({"content": text}))

    async def words(self, words: Sequence[str] = WORDS, *, pause_seconds: float = 0.0) -> None:
        await self.event(self._chunk({"role": "assistant", "content": ""}))
        for word in words:
            await self.word(word)
            await asyncio.sleep(pause_seconds)

    async def finish(self, *, counts: bool = True) -> None:
        """The last chunks: OpenAI counts in one of its own, when asked to; Mistral in the one that ends the answer."""
        usage = {
            "prompt_tokens": TOKENS_IN,
            "completion_tokens": TOKENS_OUT,
            "total_tokens": TOKENS_IN + TOKENS_OUT,
            "prompt_tokens_details": {"cached_tokens": TOKENS_CACHED},
        }
        last = self._chunk({"content": ""}, finish="stop")
        if self.dialect == "mistral":
            await self.event(last | ({"usage": usage} if counts else {}))
        else:
            await self.event(last)
            if counts and self.asked.body.get("stream_options") == {"include_usage": True}:
                await self.event(last | {"choices": [], "usage": usage})
        await self.event("[DONE]")

    async def end(self) -> None:
        self.writer.write(b"0\r\n\r\n")
        await self.writer.drain()

    async def whole(self, status: int, body: Any, **headers: str) -> None:
        """An answer that is no stream."""
        await self.head(status, "application/json", **headers)
        await self.raw(json.dumps(body).encode())
        await self.end()

    def _chunk(self, delta: dict[str, str], *, finish: str | None = None) -> dict[str, Any]:
        return {
            "id": "cmpl-1",
            "object": "chat.completion.chunk",
            "created": 1795381335,
            "model": self.asked.body["model"],
            "choices": [{"index": 0, "delta": delta, "finish_reason": finish}],
        }


Scenario = Callable[[Wire], Awaitable[None]]


async def answers(wire: Wire) -> None:
    await wire.head()
    await wire.words()
    await wire.finish()
    await wire.end()


@dataclass
class ModelServer:
    """A running server. `scenarios` are used up one by one, the last one stays."""

    dialect: Dialect
    scenarios: list[Scenario]
    url: str = ""
    asked: list[Asked] = field(default_factory=list)
    left_at: list[float] = field(default_factory=list)
    finished: int = 0

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            while True:
                asked = await _request(reader)
                self.asked.append(asked)
                scenario = self.scenarios.pop(0) if len(self.scenarios) > 1 else self.scenarios[0]
                if not await self._play(scenario, Wire(asked, self.dialect, writer), reader):
                    break
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()

    async def _play(self, scenario: Scenario, wire: Wire, reader: asyncio.StreamReader) -> bool:
        """Whether the connection may serve another request. Notes when a client leaves in the middle."""
        leaving = asyncio.create_task(reader.read(1))
        playing = asyncio.ensure_future(scenario(wire))
        done, _ = await asyncio.wait({leaving, playing}, return_when=asyncio.FIRST_COMPLETED)
        if playing not in done:
            self.left_at.append(time.monotonic())
            playing.cancel()
        else:
            self.finished += 1
        leaving.cancel()
        await asyncio.wait({leaving, playing})
        return False


async def _request(reader: asyncio.StreamReader) -> Asked:
    head = (await reader.readuntil(b"\r\n\r\n")).decode()
    request, *lines = head.split("\r\n")
    headers = {
        name.lower(): value for name, _, value in (line.partition(": ") for line in lines) if value
    }
    length = int(headers.get("content-length", 0))
    body = json.loads(await reader.readexactly(length)) if length else {}
    return Asked(request.split(" ")[1], headers, body, time.monotonic())


@contextlib.asynccontextmanager
async def serving(dialect: Dialect, *scenarios: Scenario) -> AsyncIterator[ModelServer]:
    """Serve on a free loopback port."""
    running = ModelServer(dialect, list(scenarios or [answers]))
    server = await asyncio.start_server(running.handle, "127.0.0.1", 0)
    running.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"
    try:
        yield running
    finally:
        server.close()
