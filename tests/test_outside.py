"""Replies from outside are bounded in bytes, in time and in depth, whatever they are packed as."""

import asyncio
import contextlib
import gzip
import tracemalloc
from collections.abc import AsyncIterator, Awaitable, Callable

import httpx
import pytest

from puls import outside
from puls.errors import SourceUnavailableError
from puls.geocoding import GeoplateformeGeocoder
from puls.ingestion.http_source import PoliteHttp
from puls.outside import ReplyError, ReplyLimits
from tests.ingestion.servers import Reply, serving

pytestmark = pytest.mark.alone

LIMITS = ReplyLimits(most_bytes=2**20, seconds=2)
Write = Callable[[bytes], Awaitable[None]]


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(timeout=5) as client:
        yield client


@contextlib.asynccontextmanager
async def raw_server(answer: Callable[[Write], Awaitable[None]]) -> AsyncIterator[str]:
    """A server whose replies are written by hand, byte by byte if need be."""

    answering: set[asyncio.Task[None]] = set()

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        answering.add(task)

        async def write(data: bytes) -> None:
            writer.write(data)
            await writer.drain()

        try:
            await reader.readuntil(b"\r\n\r\n")
            await answer(write)
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()

    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    for task in answering:
        task.cancel()
    await asyncio.gather(*answering, return_exceptions=True)


def packed(body: bytes, encoding: str = "gzip") -> Callable[[Write], Awaitable[None]]:
    async def answer(write: Write) -> None:
        head = f"HTTP/1.1 200 X\r\nContent-Encoding: {encoding}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        await write(head.encode() + body)

    return answer


async def read(http: httpx.AsyncClient, url: str) -> bytes:
    async with http.stream("GET", url, headers=outside.ASKED_ENCODING) as response:
        return await outside.body(response, LIMITS)


async def test_a_gzip_reply_is_unpacked(http: httpx.AsyncClient) -> None:
    async with raw_server(packed(gzip.compress(b"abc" * 1_000))) as url:
        assert await read(http, url) == b"abc" * 1_000


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (packed(gzip.compress(b"\0" * 200_000_000, 9)), "times its size|longer than"),
        (
            packed(gzip.compress(gzip.compress(b"\0" * 50_000_000, 9)), "gzip, gzip"),
            "not asked for",
        ),
        (packed(b"x", "zstd"), "not asked for"),
        (packed(b"x" * 100), "damaged"),
        (packed(gzip.compress(b"abc" * 1_000)[:-20]), "cut"),
    ],
    ids=["a bomb", "two layers", "another kind", "damaged", "cut"],
)
async def test_a_reply_that_grows_is_stopped_in_little_memory(
    http: httpx.AsyncClient, answer: Callable[[Write], Awaitable[None]], why: str
) -> None:
    """F22: 194 kB on the wire were 149 MB in memory before anybody could say no."""
    async with raw_server(answer) as url:
        tracemalloc.start()
        try:
            with pytest.raises(ReplyError, match=why):
                await read(http, url)
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert peak < 12 * 2**20


async def test_a_reply_that_is_too_long_is_stopped_announced_or_not(
    http: httpx.AsyncClient,
) -> None:
    async with serving(lambda _: Reply("a" * 2_000_000)) as server:
        with pytest.raises(ReplyError, match="announces"):
            await read(http, server.url)

    async def endless(write: Write) -> None:
        await write(b"HTTP/1.1 200 X\r\nConnection: close\r\n\r\n")
        while True:
            await write(b"a" * 65_536)

    async with raw_server(endless) as url:
        with pytest.raises(ReplyError, match="longer than"):
            await read(http, url)


async def test_a_reply_that_drips_ends_at_its_deadline(http: httpx.AsyncClient) -> None:
    """Each piece comes in time; httpx would wait for ever."""

    async def dripping(write: Write) -> None:
        await write(b"HTTP/1.1 200 X\r\nContent-Length: 1000\r\n\r\n")
        while True:
            await write(b"a")
            await asyncio.sleep(0.02)

    async with raw_server(dripping) as url:
        async with http.stream("GET", url) as response:
            with pytest.raises(ReplyError, match=r"longer than 0\.3 s"):
                await outside.body(response, ReplyLimits(most_bytes=2**20, seconds=0.3))
        async with http.stream("GET", url) as response:
            with pytest.raises(ReplyError, match=r"longer than 0\.3 s"):
                _ = [line async for line in outside.lines(response, longest=99, seconds=0.3)]


async def test_lines_are_cut_at_line_feeds_and_bounded(http: httpx.AsyncClient) -> None:
    body = b"a\n\n" + "b\u2028c".encode() + b"\r\n" + b"d" * 5_000 + b"\ne\n" + b"f" * 5_000
    async with (
        raw_server(packed(gzip.compress(body))) as url,
        http.stream("GET", url) as response,
    ):
        found = [line async for line in outside.lines(response, longest=100, seconds=5)]
    assert found == [b"a", "b\u2028c\r".encode(), None, b"e", None]


DEEP = '{"a":' * 3_000_000


async def test_a_geocoder_that_answers_with_depth_is_no_address(http: httpx.AsyncClient) -> None:
    """F22: a RecursionError was a failed search, and half a gigabyte."""
    async with serving(lambda _: Reply(DEEP)) as server:
        assert (
            await GeoplateformeGeocoder(http, base_url=server.url).locate("1 rue Haute, Lyon")
            is None
        )
    async with serving(lambda _: Reply(DEEP[:60_000])) as server:
        assert (
            await GeoplateformeGeocoder(http, base_url=server.url).locate("1 rue Haute, Lyon")
            is None
        )


async def test_a_geocoder_that_drips_costs_its_time_limit_and_no_more(
    http: httpx.AsyncClient,
) -> None:
    async def dripping(write: Write) -> None:
        await write(b"HTTP/1.1 200 X\r\n")
        while True:
            await write(b"X-A: b\r\n")
            await asyncio.sleep(0.05)

    async with raw_server(dripping) as url, asyncio.timeout(3):
        geocoder = GeoplateformeGeocoder(http, base_url=url, timeout_seconds=0.5)
        assert await geocoder.locate("1 rue Haute, Lyon") is None


async def test_a_source_that_answers_without_end_is_unavailable(
    http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("puls.ingestion.http_source.ANSWER_LIMITS", LIMITS)
    polite = PoliteHttp(http, source_name="OpenDataSoft")
    async with serving(lambda _: Reply("[" * 3_000_000)) as server:
        with pytest.raises(SourceUnavailableError, match="cannot be read"):
            await polite.get(server.url)
    async with serving(lambda _: Reply("[" * 100_000)) as server:
        with pytest.raises(SourceUnavailableError, match="not JSON"):
            await polite.get(server.url)
