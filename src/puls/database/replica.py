"""A streaming replica of the primary, watched: whether it answers, and how far it is behind.

The lag is measured with one clock, this process's: every second the primary says how far it has written, and a position
that the replica has not replayed is as late as the moment at which it was heard is past. So an idle primary makes no lag,
and a replica that lost its primary shows one. While the primary does not answer the replica goes on serving: nothing newer
can be had. Enter at `following`.
"""

import asyncio
import contextlib
import time
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass

import psycopg

from puls.database.migrating import first_line
from puls.database.patience import Patience
from puls.database.pool import Connection, Database, StatementLimits
from puls.database.queries import Queries
from puls.database.reads import Why
from puls.errors import DatabaseUnavailableError
from puls.monitoring import REPLICA_LAG, REPLICA_UP, log

_QUERIES = Queries.beside("puls.database", "replica.sql")
_LOOK_SECONDS = 2.0  # what a server has to say how far it is
_PAUSE_SECONDS = 1.0
_MOST_POSITIONS = 3_600  # an hour of not keeping up; older ones change nothing once it is left


class Lag:
    """How far a replica is behind, by positions of the primary's log and the moments (s) at which they were heard."""

    def __init__(self) -> None:
        self._heard: deque[tuple[float, int]] = deque(maxlen=_MOST_POSITIONS)

    def heard(self, position: int, *, at: float) -> None:
        """The primary has written up to here. One that did not move is heard once, at its first moment.

        One that is at less than before is another: a replica was promoted that had not got all.
        """
        if self._heard and position < self._heard[-1][1]:
            self._heard.clear()
        if not self._heard or position > self._heard[-1][1]:
            self._heard.append((at, position))

    def behind(self, replayed: int, *, at: float) -> float:
        """Seconds since the primary was heard to have what the replica lacks; 0 when it lacks nothing."""
        while self._heard and self._heard[0][1] <= replayed:
            self._heard.popleft()
        return at - self._heard[0][0] if self._heard else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """What a server says of itself; positions in bytes of its log."""

    system: int
    is_replica: bool
    position: int


class Replica:
    """Connections to a replica, and whether it may be read."""

    def __init__(
        self,
        pool: Database,
        *,
        primary: Database,
        lag_seconds: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._pool, self._primary = pool, primary
        self._lag_seconds = lag_seconds
        self._clock = clock
        self._lag = Lag()
        self._patience = Patience(seconds=_LOOK_SECONDS)
        self._system: int | None = None
        self.why_not: Why | None = "away"  # until it was looked at

    def transaction(self) -> AbstractAsyncContextManager[Connection]:
        return self._pool.transaction()

    def suspect(self) -> None:
        self._decide("away", because="it said nothing")

    async def look(self) -> None:
        """Ask both servers, and decide whether this one may be read."""
        primary, said = await asyncio.gather(
            self._heard_of(self._primary), self._heard_of(self._pool)
        )
        now = self._clock()
        if isinstance(primary, _Said) and not primary.is_replica:
            if self._system is None:
                self._system = primary.system
            self._lag.heard(primary.position, at=now)
        if isinstance(said, str):
            self._decide("away", because=said)
            return
        behind = self._lag.behind(said.position, at=now)
        REPLICA_LAG.set(behind)
        if self._system is not None and said.system != self._system:
            self._decide("another", because="it is no copy of this primary")
        elif not said.is_replica:
            self._decide("promoted", because="it takes writes now, and follows nobody")
        elif behind > self._lag_seconds:
            self._decide("lagging", because=f"it is {behind:.0f} s behind")
        else:
            self._decide(None, because="")

    async def watch(self) -> None:
        while True:
            await asyncio.sleep(_PAUSE_SECONDS)
            await self.look()

    async def _heard_of(self, server: Database) -> _Said | str:
        """What a server says, or why it says nothing."""
        try:
            row = await self._patience.wait_for(server.fetch_one(_QUERIES["position"]))
        except TimeoutError:
            return f"it said nothing for {_LOOK_SECONDS:.0f} s"
        except DatabaseUnavailableError as error:
            return str(error)
        except psycopg.Error as error:
            return first_line(error)
        assert row is not None  # one row, whatever is there
        return _Said(
            system=row["system"], is_replica=row["is_replica"], position=int(row["position"])
        )

    def _decide(self, why_not: Why | None, *, because: str) -> None:
        if why_not != self.why_not:
            if why_not is None:
                log.info("replica.read", lag_seconds_at_most=self._lag_seconds)
            else:
                log.warning("replica.left", why=why_not, because=because)
        self.why_not = why_not
        REPLICA_UP.set(why_not is None)


@contextlib.asynccontextmanager
async def following(
    url: str,
    *,
    primary: Database,
    lag_seconds: float,
    pool_size: int = 8,
    limits: StatementLimits | None = None,
) -> AsyncIterator[Replica]:
    """Let `primary.reads` be the replica's at `url` until the block ends, while it is at most `lag_seconds` behind.

    A replica that is away, now or later, stops nothing.
    """
    async with Database.open_replica(url, pool_size=pool_size, limits=limits) as pool:
        replica = Replica(pool, primary=primary, lag_seconds=lag_seconds)
        await replica.look()
        if replica.why_not is not None:
            log.warning("replica.not_read", why=replica.why_not)
        watching = asyncio.create_task(replica.watch())
        primary.reads.prefer(replica)
        try:
            yield replica
        finally:
            primary.reads.prefer(None)
            watching.cancel()
            await asyncio.gather(watching, return_exceptions=True)
