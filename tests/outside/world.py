"""A web on the loopback, with the production guard on: public names and addresses, real sockets, real TLS.

`World.resolver` gives names public addresses, `World.dialer` connects those to servers on loopback ports, and both fail
as the real ones do. Everything between them is the code that runs in production.

    async with World() as world:
        await world.serve("salle.example", {"/": "<html>…"})        # pages by path, 404 for the rest
        async with world.fetcher() as fetcher:
            page = await fetcher.page("https://salle.example/", within=3)
        assert world.count("salle.example") == 2                    # robots.txt and the page

A site is a mapping of paths, a function `Asked → Reply`, an ASGI application, or a raw handler of reader and writer.
"""

import asyncio
import contextlib
import gzip
import inspect
import json
import socket
import ssl
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Self, cast
from urllib.parse import parse_qsl, urlsplit

import httpcore2
import trustme
import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from puls.outside.dialing import Dialer, Resolver
from puls.outside.fetching import PageFetcher
from puls.outside.manners import HostPace, Pace, PaceInMemory, PagesInMemory, PageStore
from puls.outside.visits import FetchLimits, Manners

UNHURRIED = HostPace(burst=1_000, per_second=1_000.0)
USER_AGENT = "Puls/0.1 (+https://puls.example/robot)"


@dataclass(frozen=True)
class Asked:
    """A request as a server saw it; header names are lower case."""

    host: str
    method: str
    target: str
    headers: Mapping[str, str]
    is_secure: bool
    body: bytes = b""

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @property
    def params(self) -> list[tuple[str, str]]:
        return parse_qsl(urlsplit(self.target).query, keep_blank_values=True)


@dataclass(frozen=True)
class Reply:
    """What a server answers; a dict or list becomes JSON. `after` waits so many seconds first."""

    body: Any = ""
    status: int = 200
    kind: str | None = "text/html; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)
    after: float = 0.0
    is_packed: bool = False

    def wire(self) -> bytes:
        body, kind = self.body, self.kind
        if isinstance(body, dict | list):
            body, kind = json.dumps(body), "application/json"
        raw = body if isinstance(body, bytes) else str(body).encode()
        head = [f"HTTP/1.1 {self.status} X"]
        if self.is_packed:
            raw = gzip.compress(raw)
            head.append("Content-Encoding: gzip")
        if kind:
            head.append(f"Content-Type: {kind}")
        given = {name.lower() for name in self.headers}
        if "content-length" not in given and "transfer-encoding" not in given:
            head.append(f"Content-Length: {len(raw)}")
        head += [f"{name}: {value}" for name, value in self.headers.items()]
        return "\r\n".join(head).encode("latin-1") + b"\r\n\r\n" + raw


Answering = Callable[[Asked], Reply | Awaitable[Reply]]
Raw = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
Site = Mapping[str, Reply | str | bytes | dict[str, Any]] | Answering | ASGIApp | Raw


def redirect(to: str, status: int = 302) -> Reply:
    return Reply("", status, headers={"Location": to})


class WorldResolver:
    """Names this world knows; numbers as the C library reads them; for the rest, no such name."""

    def __init__(self) -> None:
        self.names: dict[str, list[Sequence[str]]] = {}
        self.looked_up: Counter[str] = Counter()
        self.seconds = 0.0

    def set(self, name: str, *answers: Sequence[str]) -> None:
        """The answers to one question after another; the last one stays."""
        self.names[name] = list(answers)

    async def resolve(self, host: str, port: int) -> Sequence[str]:
        del port
        self.looked_up[host] += 1
        if self.seconds:
            await asyncio.sleep(self.seconds)
        answers = self.names.get(host)
        if answers is not None:
            return answers.pop(0) if len(answers) > 1 else answers[0]
        try:  # what getaddrinfo makes of 0x7f.1, 2130706433, 127.1
            return (socket.inet_ntoa(socket.inet_aton(host)),)
        except OSError:
            pass
        if ":" in host:
            return (host,)
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")


class _Stream(httpcore2.AsyncNetworkStream):
    """A loopback connection that says it is the public one."""

    def __init__(self, stream: httpcore2.AsyncNetworkStream, peer: tuple[str, int]) -> None:
        self._stream = stream
        self._peer = peer

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109
        return await self._stream.read(max_bytes, timeout)

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109
        await self._stream.write(buffer, timeout)

    async def aclose(self) -> None:
        await self._stream.aclose()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109
    ) -> httpcore2.AsyncNetworkStream:
        secured = await self._stream.start_tls(ssl_context, server_hostname, timeout)
        return _Stream(secured, self._peer)

    def get_extra_info(self, info: str) -> Any:
        return self._peer if info == "server_addr" else self._stream.get_extra_info(info)


class WorldDialer:
    """Public addresses to loopback ports; what nobody serves refuses the connection."""

    def __init__(self) -> None:
        self.ports: dict[tuple[str, int], int] = {}
        self.dialled: list[tuple[str, int]] = []
        self.black_holes: set[str] = set()
        self.peers: dict[str, tuple[str, int]] = {}  # who answers instead, as the system tells it
        self._backend = httpcore2.AnyIOBackend()

    async def dial(
        self, address: str, port: int, *, seconds: float | None
    ) -> httpcore2.AsyncNetworkStream:
        self.dialled.append((address, port))
        if address in self.black_holes:
            await asyncio.sleep(3_600 if seconds is None else seconds)
            raise httpcore2.ConnectTimeout
        local = self.ports.get((address, port))
        if local is None:
            raise httpcore2.ConnectError("Connection refused")
        stream = await self._backend.connect_tcp("127.0.0.1", local, timeout=seconds)
        return _Stream(stream, self.peers.get(address, (address, port)))


class World:
    """Sites, the names that lead to them, and what they were asked. Use it as a context manager."""

    def __init__(self) -> None:
        self.resolver = WorldResolver()
        self.dialer = WorldDialer()
        self.asked: list[Asked] = []
        self.connections: Counter[str] = Counter()
        self.open_connections: Counter[str] = Counter()
        self.now = datetime(2026, 11, 30, 13, 0, tzinfo=UTC)
        self._authority = trustme.CA()
        self._closing = contextlib.AsyncExitStack()
        self._last_address = 13

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._closing.aclose()

    # -- what a test says of its world -------------------------------------------------------------------------------

    async def serve(
        self,
        name: str,
        site: Site,
        *,
        also: Sequence[str] = (),
        address: str | None = None,
        certified: Sequence[str] | None = None,
    ) -> str:
        """Serve `site` at http://name/ and https://name/; `also`: more names of the same address, and server."""
        if address is None:
            self._last_address += 1
            address = f"93.184.215.{self._last_address}"
        names = [name, *also]
        for served in names:
            self.resolver.set(served, (address,))
        secured = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._authority.issue_cert(*(certified or names)).configure_cert(secured)
        for port, context in ((80, None), (443, secured)):
            local = await self._listen(name, site, context)
            self.dialer.ports[address, port] = local
        return address

    def count(self, host: str) -> int:
        """How many requests named this host."""
        return sum(asked.host == host for asked in self.asked)

    def paths(self, host: str) -> list[str]:
        return [asked.target for asked in self.asked if asked.host == host]

    def later(self, **time: float) -> None:
        """Move this world's moment on: `later(hours=25)`."""
        self.now += timedelta(**time)

    @property
    def ssl_context(self) -> ssl.SSLContext:
        """Trusts this world's certificates alone."""
        context = ssl.create_default_context()
        self._authority.configure_trust(context)
        return context

    def fetcher(
        self,
        *,
        store: PageStore | None = None,
        pace: Pace | None = None,
        manners: Manners | None = None,
        limits: FetchLimits | None = None,
        resolver: Resolver | None = None,
        dialer: Dialer | None = None,
    ) -> PageFetcher:
        """The production fetcher in this world; close it. Its pace is fast unless `manners` says otherwise."""
        return PageFetcher(
            resolver=resolver or self.resolver,
            dialer=dialer or self.dialer,
            store=store or PagesInMemory(),
            pace=pace or PaceInMemory(asyncio.get_running_loop().time),
            manners=manners or Manners(user_agent=USER_AGENT, pace=UNHURRIED),
            clock=lambda: self.now,
            limits=limits,
            ssl_context=self.ssl_context,
        )

    # -- servers -----------------------------------------------------------------------------------------------------

    async def _listen(self, name: str, site: Site, context: ssl.SSLContext | None) -> int:
        if callable(site) and len(inspect.signature(site).parameters) == 3:
            server = await self._application(cast("ASGIApp", site), context)
        else:
            handler = self._handler(name, site, is_secure=context is not None)
            server = await asyncio.start_server(handler, "127.0.0.1", 0, ssl=context)
            self._closing.push_async_callback(server.wait_closed)
        self._closing.callback(server.close)
        return int(server.sockets[0].getsockname()[1])

    async def _application(self, app: ASGIApp, context: ssl.SSLContext | None) -> asyncio.Server:
        async def counted(scope: Scope, receive: Receive, send: Send) -> None:
            headers = {k.decode("latin-1"): v.decode("latin-1") for k, v in scope["headers"]}
            query = scope["query_string"].decode("latin-1")
            target = scope["raw_path"].decode("latin-1") + (f"?{query}" if query else "")
            host = headers.get("host", "").partition(":")[0]
            self.asked.append(Asked(host, scope["method"], target, headers, context is not None))
            await app(scope, receive, send)

        config = uvicorn.Config(
            counted, log_config=None, access_log=False, lifespan="off", ws="none"
        )
        config.load()
        state = ServerState()

        async def drained() -> None:
            for connection in list(state.connections):
                connection.shutdown()
            for task in list(state.tasks):
                task.cancel()
            await asyncio.gather(*state.tasks, return_exceptions=True)

        self._closing.push_async_callback(drained)
        return await asyncio.get_running_loop().create_server(
            lambda: H11Protocol(config=config, server_state=state, app_state={}),
            "127.0.0.1", 0, ssl=context,
        )  # fmt: skip

    def _handler(self, name: str, site: Any, *, is_secure: bool) -> Callable[..., Awaitable[None]]:
        handling: set[asyncio.Task[Any]] = set()
        is_raw = callable(site) and len(inspect.signature(site).parameters) == 2

        async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.current_task()
            assert task is not None
            handling.add(task)
            self.connections[name] += 1
            self.open_connections[name] += 1
            try:
                if is_raw:
                    await site(reader, writer)
                else:
                    await self._talk(site, reader, writer, is_secure)
            except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
                pass
            finally:
                self.open_connections[name] -= 1
                handling.discard(task)
                writer.close()
                with contextlib.suppress(OSError):
                    await writer.wait_closed()

        async def ended() -> None:
            for task in list(handling):
                task.cancel()
            await asyncio.gather(*handling, return_exceptions=True)

        self._closing.push_async_callback(ended)
        return handle

    async def _talk(
        self, site: Any, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, is_secure: bool
    ) -> None:
        """Requests on one connection, one after the other."""
        while True:
            asked = await read_request(reader, is_secure=is_secure)
            self.asked.append(asked)
            if callable(site):
                reply = site(asked)
                reply = await reply if inspect.isawaitable(reply) else reply
            else:
                found = site.get(asked.target, site.get(asked.path, Reply("", 404)))
                reply = found if isinstance(found, Reply) else Reply(found)
            if reply.after:
                await asyncio.sleep(reply.after)
            writer.write(reply.wire())
            await writer.drain()


async def read_request(reader: asyncio.StreamReader, *, is_secure: bool = False) -> Asked:
    """The next request of a connection."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *rest = head.rstrip().split("\r\n")
    method, target, _ = first.split(" ")
    headers = {k.strip().lower(): v.strip() for k, _, v in (line.partition(":") for line in rest)}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Asked(
        headers.get("host", "").partition(":")[0], method, target, headers, is_secure, body
    )


@contextlib.asynccontextmanager
async def fetching(sites: Mapping[str, Site]) -> AsyncIterator[tuple[World, PageFetcher]]:
    """A world of these sites and a fetcher in it."""
    async with World() as world:
        for name, site in sites.items():
            await world.serve(name, site)
        async with world.fetcher() as fetcher:
            yield world, fetcher
