"""Waiting for a server that may have stopped saying anything. Enter at `Patience.wait_for`."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

Result = TypeVar("Result")


class Patience:
    """Waits so long and no longer, whatever the server does."""

    def __init__(self, *, seconds: float) -> None:
        self.seconds = seconds
        self._given_up: set[asyncio.Task[Any]] = set()  # the loop itself holds tasks weakly

    async def wait_for(self, asking: Coroutine[Any, Any, Result]) -> Result:
        """The result is waited for, the end of its cancelling is not: a stopped server does not answer that either.

        Raises:
            TimeoutError: it took too long.
        """
        task = asyncio.create_task(asking)
        try:
            done, _ = await asyncio.wait({task}, timeout=self.seconds)
        except asyncio.CancelledError:
            self._give_up(task)
            raise
        if not done:
            self._give_up(task)
            raise TimeoutError
        return task.result()

    def _give_up(self, task: asyncio.Task[Any]) -> None:
        task.cancel()
        self._given_up.add(task)
        task.add_done_callback(self._forget)

    def _forget(self, task: asyncio.Task[Any]) -> None:
        self._given_up.discard(task)
        if not task.cancelled():
            task.exception()  # looked at: whatever it says, nobody waits for it any more
