"""A server that speaks HTTP/1.1 and server-sent events byte by byte, and fails as real ones do."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any


def sse(name: str, **data: Any) -> bytes:
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n".encode()


@dataclass
class Loopback:
    """Answers each request with the same pieces; `cut` closes the connection without the end of the body."""

    pieces: Sequence[bytes]
    status: str = "200 OK"
    content_type: str = "text/event-stream"
    headers: Sequence[str] = ()
    cut: bool = False
    hangs: bool = False
    bodies: list[Any] = field(default_factory=list)
    heads: list[str] = field(default_factory=list)
    port: int = 0
    _server: asyncio.Server | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            self.heads.append(head)
            lengths = [
                line for line in head.lower().split("\r\n") if line.startswith("content-length")
            ]
            if lengths:
                body = await reader.readexactly(int(lengths[0].split(":")[1]))
                self.bodies.append(json.loads(body))
            await self._answer(writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def _answer(self, writer: asyncio.StreamWriter) -> None:
        extra = "".join(f"{header}\r\n" for header in self.headers)
        writer.write(
            f"HTTP/1.1 {self.status}\r\nContent-Type: {self.content_type}\r\n{extra}"
            "Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n".encode()
        )
        for piece in self.pieces:
            writer.write(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
            await writer.drain()
            await asyncio.sleep(0.005)
        if self.hangs:
            await asyncio.sleep(5)
        if not self.cut:
            writer.write(b"0\r\n\r\n")
        await writer.drain()


@asynccontextmanager
async def serving(loopback: Loopback) -> AsyncIterator[Loopback]:
    await loopback.start()
    try:
        yield loopback
    finally:
        await loopback.stop()
