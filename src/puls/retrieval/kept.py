"""A value of the database that may be a little old, so that only the first who asks waits for it."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from puls.errors import DatabaseUnavailableError
from puls.monitoring import log

Value = TypeVar("Value")


class Kept(Generic[Value]):
    """Reads the value when it is first asked for, and again in the background once it has grown old."""

    def __init__(
        self,
        read: Callable[[], Awaitable[Value]],
        *,
        lives_seconds: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._read = read
        self._lives_seconds = lives_seconds
        self._clock = clock
        self._first: asyncio.Lock = asyncio.Lock()
        self._known: tuple[Value, float] | None = None
        self._reading: asyncio.Task[None] | None = None

    async def current(self) -> Value:
        """The value as last read."""
        if self._known is None:
            async with self._first:
                if self._known is None:
                    self._known = await self._read(), self._clock()
        value, read_at = self._known
        is_old = self._clock() - read_at > self._lives_seconds
        if is_old and (self._reading is None or self._reading.done()):
            self._reading = asyncio.create_task(self._read_again(value))
        return value

    async def _read_again(self, value: Value) -> None:
        try:
            value = await self._read()
        except DatabaseUnavailableError as failure:
            # What was known stays in use; the search itself says what is wrong.
            log.warning("kept_value.not_read", why=str(failure))
        self._known = value, self._clock()
