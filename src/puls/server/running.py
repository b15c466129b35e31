"""Serving until a signal: the port first, then Puls, then visitors; on the way out the same backwards.

Enter at `serve`.
"""

import asyncio
import contextlib
import logging
import signal
import socket
from collections.abc import Iterator
from types import FrameType

import uvicorn
from fastapi import FastAPI

from puls.server.connections import Connections, most_connections
from puls.server.protocol import LimitedProtocol
from puls.server.stopping import STOPS

_GRACE_SECONDS = 20  # for streams to end; what needs longer is kept and told again
_KEEP_ALIVE_SECONDS = 5
_LONGEST_HEAD = 32 * 1024
_BACKLOG = 2048
_ACCEPTED_AT_ONCE = 64  # each takes a descriptor before it can be counted


class _Server(uvicorn.Server):
    """uvicorn's, which is told when to end and ends by returning."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        for listening in sockets or ():
            listening.listen(_BACKLOG)  # asyncio takes its measure for both queues

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        del sig, frame
        self.force_exit = self.should_exit  # the second time
        self.should_exit = True

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """They are caught around all of it, see `serve`."""
        yield


def serve(application: FastAPI, listening: socket.socket, *, reserved_descriptors: int) -> int:
    """Serve on a socket until a signal, and return its number; the application is opened first and closed last."""
    logging.getLogger("uvicorn.error").setLevel(
        logging.ERROR
    )  # what clients send is not for the log
    connections = Connections(most=most_connections(reserved=reserved_descriptors))
    server = _Server(
        uvicorn.Config(
            application,
            lifespan="off",  # opened here, so that why it does not open is heard
            http=LimitedProtocol.with_limits(connections),
            ws="none",
            log_config=None,
            access_log=False,
            proxy_headers=False,  # `puls.api.edge.proxies` reads them, from those who are trusted
            server_header=False,
            backlog=_ACCEPTED_AT_ONCE,
            timeout_keep_alive=_KEEP_ALIVE_SECONDS,
            timeout_graceful_shutdown=_GRACE_SECONDS,
            h11_max_incomplete_event_size=_LONGEST_HEAD,
        )
    )

    stopped: list[int] = []

    async def opened() -> None:
        async with application.router.lifespan_context(application):
            await server.serve(sockets=[listening])

    async def served() -> None:
        loop = asyncio.get_running_loop()
        serving = loop.create_task(opened())

        def stop(number: int) -> None:
            stopped.append(number)
            if server.started:
                server.handle_exit(number, None)
            else:  # still opening
                serving.cancel()

        for number in (signal.SIGINT, *STOPS):
            loop.add_signal_handler(number, stop, number)
        try:
            await serving
        except asyncio.CancelledError:
            if not stopped:
                raise

    asyncio.run(served())
    return stopped[0] if stopped else signal.SIGTERM
