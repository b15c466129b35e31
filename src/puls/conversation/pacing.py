"""Who goes first when many ask at once, and who is told at once that it is too much.

Few turns begin at a time, in their order, and ends wait for beginnings: without it a hundred turns on one core all advance
a little at a time and every first word comes at the end. A visitor who sees events and a first sentence is being served;
the rest of a text may come half a second later. Whoever would wait too long for a place is refused before anything is
done, so that those who are admitted are served as fast as ever. Enter at `Pacing`.
"""

import asyncio
import math
import random
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from puls.errors import OverloadedError

_BEGINNING_AT_ONCE = (
    4  # enough to keep a core busy while others wait for PostgreSQL or the embedder
)
_PATIENCE_SECONDS = 1.0  # for a place: with a turn's own time an answer still comes within three
_PROMISED = 4  # times that: who was let into the queue is not sent away for a busy second
_LONGEST_WAIT_SECONDS = (
    5.0  # of what was admitted elsewhere: a database that is away must not make a queue
)
_LONGEST_COURTESY_SECONDS = 1.0
_USUAL_SECONDS = 0.05  # between two places given back, before any was
_WEIGHT = 0.2  # of the last interval in their average
_FASTEST_SECONDS, _SLOWEST_SECONDS = 0.002, 1.0


class Place:
    """A right to begin, given back once: by whoever holds it then."""

    def __init__(self, give_back: Callable[[], None] | None = None) -> None:
        self._give_back = give_back
        self.is_handed_over = False

    def hand_over(self) -> "Place":
        """To work that goes on by itself: from now on only that gives it back."""
        self.is_handed_over = True
        return self

    def give_back(self) -> None:
        give_back, self._give_back = self._give_back, None
        if give_back is not None:
            give_back()


class Pacing:
    """The order of what one process does of a kind."""

    def __init__(
        self, *, at_once: int = _BEGINNING_AT_ONCE, patience_seconds: float = _PATIENCE_SECONDS
    ) -> None:
        self._at_once = at_once
        self._patience_seconds = patience_seconds
        self._free = at_once
        self._queue: deque[asyncio.Future[None]] = deque()
        self._none_waits = asyncio.Event()
        self._none_waits.set()
        self._seconds_each = _USUAL_SECONDS
        self._given_back_at: float | None = None

    @property
    def expected_wait_seconds(self) -> float:
        """How long whoever comes now would wait for a place, as fast as they were given back of late."""
        if self._free and not self._queue:
            return 0.0
        return (len(self._queue) + 1) * self._seconds_each

    def check(self, *, on_their_way: int = 0) -> None:
        """Raises OverloadedError when whoever comes now would wait too long.

        `on_their_way`: who was let through and is not answered yet; a crowd that comes at once stands in no queue yet.
        """
        wait = self.expected_wait_seconds
        if wait > self._patience_seconds and len(self._queue) >= self._at_once:
            raise _overloaded(wait)
        crowd = (on_their_way - self._at_once) * self._seconds_each
        if crowd > self._patience_seconds:
            raise _overloaded(crowd)

    @asynccontextmanager
    async def admitted(self) -> AsyncIterator[Place]:
        """A place, first come first served; given back at the end of the block unless it was handed over.

        Raises:
            OverloadedError: it would take too long, at once; or it did.
        """
        self.check()
        place = await self._place(_PROMISED * self._patience_seconds)
        if place is None:
            raise _overloaded(self.expected_wait_seconds)
        try:
            yield place
        finally:
            if not place.is_handed_over:
                place.give_back()

    @asynccontextmanager
    async def beginning(self, place: Place | None = None) -> AsyncIterator[Place]:
        """The place that was handed over, else one among those that begin; given back at the end of the block at the latest."""
        if place is None:
            place = await self._place(_LONGEST_WAIT_SECONDS) or Place()  # goes on without one
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

    async def _place(self, patience_seconds: float) -> Place | None:
        if self._free and not self._queue:
            self._free -= 1
            return Place(self._next)
        mine: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._queue.append(mine)
        self._none_waits.clear()
        try:
            async with asyncio.timeout(patience_seconds):
                await mine
        except TimeoutError:
            if mine.done() and not mine.cancelled():  # given in the very moment
                return Place(self._next)
            return None
        except asyncio.CancelledError:
            if mine.done() and not mine.cancelled():
                self._next()
            raise
        else:
            return Place(self._next)
        finally:
            if mine in self._queue:
                self._queue.remove(mine)
            if not self._queue:
                self._none_waits.set()

    def _next(self) -> None:
        """A place came back: whoever waits longest has it."""
        now = asyncio.get_running_loop().time()
        while self._queue:
            waiting = self._queue.popleft()
            if not waiting.done():
                self._learn(now)
                waiting.set_result(None)
                return
        self._given_back_at = None  # nobody waits: the time until the next one tells nothing
        self._free += 1

    def _learn(self, now: float) -> None:
        if self._given_back_at is not None:
            interval = now - self._given_back_at
            average = (1 - _WEIGHT) * self._seconds_each + _WEIGHT * interval
            self._seconds_each = min(max(average, _FASTEST_SECONDS), _SLOWEST_SECONDS)
        self._given_back_at = now


def _overloaded(wait_seconds: float) -> OverloadedError:
    later = math.ceil(wait_seconds) + random.randint(0, 2)  # noqa: S311 # so that not all come back at once
    return OverloadedError(
        "More is asked of Puls than it can answer at this moment; try again in some seconds.",
        retry_after_seconds=max(1, later),
    )
