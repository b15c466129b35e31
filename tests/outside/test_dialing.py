"""The system's own resolver and sockets under the guard: what production uses, as far as a closed network lets it."""

import asyncio
from collections.abc import AsyncIterator, Iterator

import httpcore2
import pytest

from puls.outside.dialing import GuardedBackend, SystemDialer, SystemResolver, UnsafeAddressError

pytestmark = pytest.mark.alone


@pytest.fixture
def resolver() -> Iterator[SystemResolver]:
    resolver = SystemResolver()
    yield resolver
    resolver.close()


@pytest.fixture
async def port() -> AsyncIterator[int]:
    """Something that listens on the loopback, as a database or a metadata service would."""

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    async with await asyncio.start_server(handle, "127.0.0.1", 0) as server:
        yield int(server.sockets[0].getsockname()[1])


@pytest.mark.parametrize("host", ["127.0.0.1", "0x7f.1", "2130706433", "127.1", "0177.0.0.1"])
async def test_the_system_reads_many_notations_and_none_gets_through(
    host: str, resolver: SystemResolver, port: int
) -> None:
    """Reference §9c: this is what getaddrinfo makes of them, hence judging afterwards."""
    assert await resolver.resolve(host, port) == ("127.0.0.1",)
    backend = GuardedBackend(resolver=resolver, dialer=SystemDialer())
    with pytest.raises(UnsafeAddressError, match="loopback"):
        await backend.connect_tcp(host, port, timeout=1)


async def test_a_connection_tells_its_true_peer(port: int) -> None:
    """The last check rests on it."""
    stream = await SystemDialer().dial("127.0.0.1", port, seconds=1)
    assert stream.get_extra_info("server_addr") == ("127.0.0.1", port)
    await stream.aclose()


async def test_a_name_that_is_none_is_no_connection(resolver: SystemResolver) -> None:
    backend = GuardedBackend(resolver=resolver, dialer=SystemDialer())
    with pytest.raises(httpcore2.ConnectError):
        await backend.connect_tcp("a" * 70 + ".example", 80, timeout=1)


async def test_a_way_of_connecting_that_is_not_judged_is_refused(resolver: SystemResolver) -> None:
    """Bound to a local address, or with socket options, a connection might go elsewhere."""
    backend = GuardedBackend(resolver=resolver, dialer=SystemDialer())
    with pytest.raises(UnsafeAddressError):
        await backend.connect_tcp("salle.example", 80, local_address="127.0.0.1")
