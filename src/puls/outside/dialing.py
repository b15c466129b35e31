"""The guard at the socket: a name is resolved once, every address is judged, and one that passed is connected to.

Whatever a URL, a redirect or a name server says, bytes go through here; nothing above it can forget to ask. URL, Host,
SNI, certificate and connection pool stay on the name: two names on one address share no TLS connection, as they would
if the URL were rewritten. Proxy variables are not read by httpcore2's pools, and unix sockets are refused.
Enter at `GuardedBackend`, which an `httpcore2.AsyncConnectionPool` takes as its `network_backend`.
"""

import asyncio
import ipaddress
import socket
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol

import httpcore2

from puls.outside.addresses import judge

_RESOLVING_AT_ONCE = 8  # threads; a name server that hangs holds no other work up
_MOST_ADDRESSES = 16  # of one name; large sites publish up to eight


class UnsafeAddressError(Exception):
    """A name leads, also or only, where Puls does not go."""


class Resolver(Protocol):
    """Names to IP addresses, once per call."""

    async def resolve(self, host: str, port: int) -> Sequence[str]:
        """All addresses of `host`, best first.

        Raises:
            OSError: there is no such name, or no name server answers.
        """
        ...


class Dialer(Protocol):
    """Opens a connection to an IP address that was judged."""

    async def dial(
        self, address: str, port: int, *, seconds: float | None
    ) -> httpcore2.AsyncNetworkStream:
        """A stream whose `get_extra_info("server_addr")` tells the true peer.

        Raises:
            httpcore2.ConnectError, httpcore2.ConnectTimeout: nobody answers there.
        """
        ...


class SystemResolver:
    """The system's own resolver, in threads of its own."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(_RESOLVING_AT_ONCE, thread_name_prefix="puls-resolving")

    async def resolve(self, host: str, port: int) -> Sequence[str]:
        """See `Resolver.resolve`."""
        found = await asyncio.get_running_loop().run_in_executor(
            self._threads, _look_up, host, port
        )
        return tuple(dict.fromkeys(str(address[4][0]) for address in found))

    def close(self) -> None:
        """Wait for nobody."""
        self._threads.shutdown(wait=False, cancel_futures=True)


def _look_up(host: str, port: int) -> list[Any]:
    return list(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))


class SystemDialer:
    """TCP as the system offers it."""

    def __init__(self) -> None:
        self._backend = httpcore2.AnyIOBackend()

    async def dial(
        self, address: str, port: int, *, seconds: float | None
    ) -> httpcore2.AsyncNetworkStream:
        """See `Dialer.dial`."""
        return await self._backend.connect_tcp(address, port, timeout=seconds)


class GuardedBackend(httpcore2.AsyncNetworkBackend):
    """Connects names to judged addresses, and to nothing else."""

    def __init__(self, *, resolver: Resolver, dialer: Dialer) -> None:
        self._resolver = resolver
        self._dialer = dialer

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore2's signature
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        """Resolve `host` once and connect to an address of it, the next one on failure.

        Raises:
            UnsafeAddressError: one of its addresses is refused, or the peer is not who was dialled.
            httpcore2.ConnectError, httpcore2.ConnectTimeout: no such name, or nobody answers.
        """
        if local_address is not None or socket_options:
            raise UnsafeAddressError("a connection is asked for in a way that is not judged")
        try:
            async with asyncio.timeout(timeout):
                return await self._connected(host, port, timeout)
        except TimeoutError as error:
            raise httpcore2.ConnectTimeout(f"{host} does not answer in time") from error

    async def _connected(
        self, host: str, port: int, seconds: float | None
    ) -> httpcore2.AsyncNetworkStream:
        addresses = await self._judged(host, port)
        failure: Exception = httpcore2.ConnectError(f"{host} has no address")
        for address in addresses:
            try:
                stream = await self._dialer.dial(
                    address, port, seconds=_share(seconds, len(addresses))
                )
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failure = error
                continue
            await _check_peer(stream, address, port)
            return stream
        raise failure

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore2's signature
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        """Never.

        Raises:
            UnsafeAddressError: always.
        """
        del path, timeout, socket_options
        raise UnsafeAddressError("unix sockets are no public addresses")

    async def sleep(self, seconds: float) -> None:
        """Wait, as httpcore2 wants it between attempts."""
        await asyncio.sleep(seconds)

    async def _judged(self, host: str, port: int) -> Sequence[str]:
        try:
            addresses = await self._resolver.resolve(host, port)
        except (OSError, UnicodeError) as error:
            raise httpcore2.ConnectError(f"{host} cannot be resolved") from error
        for address in addresses:
            if why := judge(address):
                raise UnsafeAddressError(f"{host} leads to a refused address: {why}")
        return addresses[:_MOST_ADDRESSES]


def _share(seconds: float | None, addresses: int) -> float | None:
    """Each address gets its part of the time, so that a dead first one does not take it all."""
    return None if seconds is None else seconds / min(addresses, 3)


async def _check_peer(stream: httpcore2.AsyncNetworkStream, address: str, port: int) -> None:
    """The other end is the one that was judged."""
    peer = stream.get_extra_info("server_addr")
    try:
        is_same = ipaddress.ip_address(peer[0]) == ipaddress.ip_address(address) and peer[1] == port
    except (TypeError, ValueError, IndexError):
        is_same = False
    if not is_same:
        await stream.aclose()
        raise UnsafeAddressError("another address answers than the one that was judged")
