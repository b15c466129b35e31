"""Who goes first when many talk at once: few turns begin at a time, in their order, and ends wait for beginnings.

Without it a hundred turns on one core all advance a little at a time and every first word comes at the end. A visitor who
sees events and a first sentence is being served; the rest of a text may come half a second later. Nobody is held longer
than some seconds, whatever the others do. Enter at `Pacing`.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

_BEGINNING_AT_ONCE = (
    4  # enough to keep a core busy while others wait for PostgreSQL or the embedder
)
_LONGEST_WAIT_SECONDS = 5.0  # for a place: a database that is away must not make a queue
_LONGEST_COURTESY_SECONDS = 1.0


class Place:
    """A turn's right to begin, given back once."""

    def __init__(self, places: asyncio.Semaphore) -> None:
        self._places: asyncio.Semaphore | None = places

    def give_back(self) -> None:
        if self._places is not None:
            self._places.release()
            self._places = None


class Pacing:
    """The order of the turns of one process."""

    def __init__(self, *, at_once: int = _BEGINNING_AT_ONCE) -> None:
        self._places = asyncio.Semaphore(at_once)
        self._waiting = 0
        self._none_waits = asyncio.Event()
        self._none_waits.set()

    @asynccontextmanager
    async def beginning(self) -> AsyncIterator[Place]:
        """A place among those that begin, first come first served; given back at the end of the block at the latest."""
        place = await self._place()
        try:
            yield place
        finally:
            place.give_back()

    async def give_way(self) -> None:
        """Wait while others have not begun, for a moment."""
        if self._none_waits.is_set():
            await asyncio.sleep(0)  # what was sent so far may leave
            return
        try:
            async with asyncio.timeout(_LONGEST_COURTESY_SECONDS):
                await self._none_waits.wait()
        except TimeoutError:
            return

    async def _place(self) -> Place:
        self._waiting += 1
        self._none_waits.clear()
        try:
            async with asyncio.timeout(_LONGEST_WAIT_SECONDS):
                await self._places.acquire()
        except TimeoutError:
            return Place(asyncio.Semaphore())  # goes on without one
        else:
            return Place(self._places)
        finally:
            self._waiting -= 1
            if not self._waiting:
                self._none_waits.set()
