"""What a replica does beside answering: in turn where one thing needs the other, each for itself where not.

Enter at `Background.running`.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

from puls.api.operations import WorkState
from puls.bootstrap import Puls
from puls.database import without_hurry
from puls.errors import DatabaseUnavailableError
from puls.monitoring import log

Work = Callable[[Puls], Awaitable[None]]

_FIRST_PAUSE_SECONDS = 1.0
_LONGEST_PAUSE_SECONDS = 60.0


class Background:
    """Chains of work. Work that fails is told, and stops neither the next, nor another chain, nor the page."""

    def __init__(self, chains: Sequence[Sequence[Work]]) -> None:
        self._chains = chains
        self.states: dict[str, WorkState] = {
            _name(work): "waiting" for chain in chains for work in chain
        }

    @contextlib.asynccontextmanager
    async def running(self, puls: Puls) -> AsyncIterator[None]:
        """Work until it is done or the block ends."""
        with without_hurry():
            tasks = [asyncio.create_task(self._in_turn(chain, puls)) for chain in self._chains]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _in_turn(self, chain: Sequence[Work], puls: Puls) -> None:
        for work in chain:
            name = _name(work)
            self.states[name] = "running"
            try:
                await self._until_it_went(work, puls)
            except Exception:  # noqa: BLE001 # the edge of the task: nobody awaits it
                log.exception("background.failed", work=name)
                self.states[name] = "failed"
            else:
                self.states[name] = "done"

    async def _until_it_went(self, work: Work, puls: Puls) -> None:
        """A database that is away comes back: what it interrupted is begun again, after longer and longer pauses."""
        pause = _FIRST_PAUSE_SECONDS
        while True:
            try:
                await work(puls)
            except DatabaseUnavailableError as error:
                log.warning("background.postponed", work=_name(work), why=str(error))
                await asyncio.sleep(pause)
                pause = min(2 * pause, _LONGEST_PAUSE_SECONDS)
            else:
                return


def _name(work: Work) -> str:
    return getattr(work, "__name__", str(work))
