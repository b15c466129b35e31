"""A signal to stop, in a program that has something to close first. Enter at `until_stopped`."""

import asyncio
import signal
from collections.abc import Coroutine
from typing import Any, TypeVar

Result = TypeVar("Result")

STOPS = (signal.SIGTERM, signal.SIGHUP)  # the latter from a terminal that closes
AS_SHELLS_COUNT = 128


class Stopped(Exception):  # noqa: N818 # no error: it was asked for
    """A signal asked to stop, and everything was closed."""

    def __init__(self, number: int) -> None:
        super().__init__(signal.Signals(number).name)
        self.exit_code = AS_SHELLS_COUNT + number


async def until_stopped(work: Coroutine[Any, Any, Result]) -> Result:
    """Await `work`. A signal to stop cancels it, so that what it opened is closed; Ctrl+C does so anyway.

    Raises:
        Stopped: a signal came before it was done.
    """
    loop = asyncio.get_running_loop()
    task = loop.create_task(work)
    came: list[int] = []

    def stop(number: int) -> None:
        came.append(number)
        task.cancel()

    for number in STOPS:
        loop.add_signal_handler(number, stop, number)
    try:
        return await task
    except asyncio.CancelledError:
        if came:
            raise Stopped(came[0]) from None
        raise
    finally:
        for number in STOPS:
            loop.remove_signal_handler(number)
