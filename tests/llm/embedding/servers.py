"""A loopback server that answers as Mistral's and OpenAI's embeddings do, and fails as they fail."""

import asyncio
import contextlib
import hashlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np


@dataclass
class Wire:
    """One request with the ways to answer it."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]
    writer: asyncio.StreamWriter
    dimensions: int

    async def answer(self, status: int, body: bytes, **headers: str) -> None:
        lines = [f"HTTP/1.1 {status} X", "Content-Type: application/json"]
        lines += [f"Content-Length: {len(body)}", "Connection: close"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        self.writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + body)
        await self.writer.drain()

    def vectors(self, *, dimensions: int | None = None) -> dict[str, Any]:
        """As the API's reference has it; the same text gets the same vector, and none of length one."""
        size = self.body.get("dimensions") or dimensions or self.dimensions
        data = [
            {"object": "embedding", "index": at, "embedding": vector_of(text, size)}
            for at, text in enumerate(self.body["input"])
        ]
        tokens = sum(len(text.split()) for text in self.body["input"])
        usage = {"prompt_tokens": tokens, "total_tokens": tokens}
        return {
            "id": "1",
            "object": "list",
            "data": data,
            "model": self.body["model"],
            "usage": usage,
        }


def vector_of(text: str, dimensions: int) -> list[float]:
    seed = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8])
    return [float(x) for x in np.random.default_rng(seed).normal(size=dimensions) * 3]


Scenario = Callable[[Wire], Awaitable[None]]


async def answers(wire: Wire) -> None:
    await wire.answer(200, json.dumps(wire.vectors()).encode())


async def in_another_order(wire: Wire) -> None:
    reply = wire.vectors()
    await wire.answer(200, json.dumps(reply | {"data": reply["data"][::-1]}).encode())


async def without_counting(wire: Wire) -> None:
    reply = wire.vectors()
    del reply["usage"]
    await wire.answer(200, json.dumps(reply).encode())


async def of_another_length(wire: Wire) -> None:
    await wire.answer(200, json.dumps(wire.vectors(dimensions=wire.dimensions // 2)).encode())


async def cut_short(wire: Wire) -> None:
    body = json.dumps(wire.vectors()).encode()
    await wire.answer(200, body[: len(body) // 2])


async def cut_off(wire: Wire) -> None:
    body = json.dumps(wire.vectors()).encode()
    wire.writer.write(f"HTTP/1.1 200 X\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body[:50])
    await wire.writer.drain()


async def one_too_few(wire: Wire) -> None:
    reply = wire.vectors()
    await wire.answer(200, json.dumps(reply | {"data": reply["data"][:-1]}).encode())


async def not_numbers(wire: Wire) -> None:
    reply = wire.vectors()
    reply["data"][0]["embedding"] = ["NaN"] * wire.dimensions
    await wire.answer(200, json.dumps(reply).encode())


async def all_zero(wire: Wire) -> None:
    reply = wire.vectors()
    reply["data"][0]["embedding"] = [0.0] * wire.dimensions
    await wire.answer(200, json.dumps(reply).encode())


async def error_in_a_200(wire: Wire) -> None:
    await wire.answer(200, b'{"error": {"message": "model is loading"}}')


async def never_ends(wire: Wire) -> None:
    wire.writer.write(b"HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\n")
    with contextlib.suppress(ConnectionError):
        while True:
            wire.writer.write(b"10000\r\n" + b" " * 0x10000 + b"\r\n")
            await wire.writer.drain()


async def says_nothing(_: Wire) -> None:
    await asyncio.sleep(60)


def refuses(status: int, **headers: str) -> Scenario:
    async def scenario(wire: Wire) -> None:
        await wire.answer(
            status, b'{"message": "no", "detail": "secret of the provider"}', **headers
        )

    scenario.__name__ = f"refuses_{status}"
    return scenario


def takes_at_most(texts: int, *, status: int = 422) -> Scenario:
    """As TEI says that a batch is too large."""

    async def scenario(wire: Wire) -> None:
        if len(wire.body["input"]) > texts:
            await wire.answer(status, b'{"error": "batch size > maximum allowed batch size"}')
        else:
            await answers(wire)

    return scenario


@dataclass
class EmbeddingServer:
    """A running server. `scenarios` are used up one by one, the last one stays."""

    scenarios: list[Scenario]
    dimensions: int
    url: str = ""
    asked: list[Wire] = field(default_factory=list)

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            request, *lines = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
            headers = {
                name.lower(): value for name, _, value in (line.partition(": ") for line in lines)
            }
            body = json.loads(await reader.readexactly(int(headers["content-length"])))
            wire = Wire(request.split(" ")[1], headers, body, writer, self.dimensions)
            self.asked.append(wire)
            scenario = self.scenarios.pop(0) if len(self.scenarios) > 1 else self.scenarios[0]
            leaving = asyncio.create_task(reader.read(1))
            playing = asyncio.ensure_future(scenario(wire))
            await asyncio.wait({leaving, playing}, return_when=asyncio.FIRST_COMPLETED)
            for task in (leaving, playing):
                task.cancel()
            await asyncio.gather(leaving, playing, return_exceptions=True)
        writer.close()


@contextlib.asynccontextmanager
async def serving(*scenarios: Scenario, dimensions: int = 16) -> AsyncIterator[EmbeddingServer]:
    """Serve on a free loopback port."""
    running = EmbeddingServer(list(scenarios or [answers]), dimensions)
    server = await asyncio.start_server(running.handle, "127.0.0.1", 0)
    running.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"
    try:
        yield running
    finally:
        server.close()
