"""Loopback servers that speak the sources' protocols, failures included."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit


@dataclass
class Asked:
    """A request as the server saw it."""

    path: str
    params: list[tuple[str, str]]
    headers: dict[str, str]

    def __getitem__(self, name: str) -> str:
        return dict(self.params)[name]

    def get(self, name: str) -> str | None:
        return dict(self.params).get(name)


@dataclass
class Reply:
    """What the server answers.

    `cut_after` breaks the connection after so many bytes of a longer announced body.
    """

    body: Any = ""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    cut_after: int | None = None

    def wire(self) -> bytes:
        text = self.body if isinstance(self.body, str) else json.dumps(self.body)
        body = text.encode("utf-8", "surrogatepass")
        lines = [f"HTTP/1.1 {self.status} X", f"Content-Length: {len(body)}", "Connection: close"]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        return "\r\n".join(lines).encode() + b"\r\n\r\n" + body[: self.cut_after]


@dataclass
class Server:
    """A running server: its address and what it was asked."""

    url: str
    asked: list[Asked]


@contextlib.asynccontextmanager
async def serving(answer: Callable[[Asked], Reply]) -> AsyncIterator[Server]:
    """Serve `answer` on a free loopback port."""
    asked: list[Asked] = []

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        request, *lines = head.split("\r\n")
        target = urlsplit(request.split(" ")[1])
        headers = dict(line.lower().split(": ", 1) for line in lines if ": " in line)
        one = Asked(target.path, parse_qsl(target.query), headers)
        asked.append(one)
        writer.write(answer(one).wire())
        with contextlib.suppress(ConnectionError):
            await writer.drain()
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()

    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server:
        yield Server(f"http://127.0.0.1:{port}", asked)
