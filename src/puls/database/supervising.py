"""The embedded server as a program uses it: kept running while it is wanted, reported when it dies.

Enter at `embedded_server`, or at `start_embedded` where there is no event loop.
"""

import asyncio
import atexit
import contextlib
import time
from collections.abc import AsyncIterator
from pathlib import Path

from puls.database.embedded import EmbeddedServer
from puls.errors import DatabaseUnavailableError
from puls.monitoring import log

_WATCH_SECONDS = 0.5
_LONGEST_PAUSE_SECONDS = 30.0


def start_embedded(home: Path) -> str:
    """Start, or join, the embedded PostgreSQL of `home` until this process ends; its URL. Blocks.

    Raises:
        DatabaseUnavailableError: the server did not come up.
    """
    server = EmbeddedServer(home)
    url = server.start()
    atexit.register(server.release)
    return url


@contextlib.asynccontextmanager
async def embedded_server(home: Path) -> AsyncIterator[str]:
    """The URL of the embedded PostgreSQL of `home`, which is kept running until the end of the block.

    Raises:
        DatabaseUnavailableError: the server did not come up.
    """
    server = EmbeddedServer(home)
    url = await asyncio.to_thread(server.start)
    watching = asyncio.create_task(_keep_running(server))
    try:
        yield url
    finally:
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)
        await asyncio.shield(asyncio.to_thread(server.release))


async def _keep_running(server: EmbeddedServer) -> None:
    """Start it again when it dies, with longer and longer pauses while that fails. Ends only when cancelled."""
    pause = _WATCH_SECONDS
    while True:
        await asyncio.sleep(_WATCH_SECONDS)
        if await asyncio.to_thread(server.is_running):
            pause = _WATCH_SECONDS
            continue
        began = time.monotonic()
        log.error("database.died")
        try:
            await asyncio.to_thread(server.start_again)
        except DatabaseUnavailableError as error:
            log.error("database.not_restarted", why=str(error), next_try_seconds=pause)
            await asyncio.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE_SECONDS)
        else:
            log.warning("database.restarted", seconds=round(time.monotonic() - began, 1))
