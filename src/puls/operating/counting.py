"""Figures by hour and by day, kept as things happen: what a page of thirty days reads instead of a million turns.

An hour is counted anew, whole, whenever something in it changed; so a figure always equals the statement that counts it
(`measures.sql`), however often and from wherever this is called. What is deleted later (retention, erasure) stays counted.
Enter at `Counting.catch_up`.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from puls.database import Connection, Database, Queries
from puls.operating.periods import day_after, day_of

_QUERIES: Final = Queries.beside("puls.operating", "measures.sql")
_LOCK: Final = 0x6669_6775  # "figu" in ASCII; any constant that no other lock here uses
_HOUR = timedelta(hours=1)
_OVERLAP = timedelta(minutes=5)  # between clocks of replicas, and between a moment and its commit
_AT_ONCE = 24  # hours counted in one transaction
_NEAR = timedelta(hours=2)  # a page waits for so much, or for so many turns, and no more
_MOST_TURNS = 5_000  # some tenths of a second
_KEPT = timedelta(days=400)
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


class Counting:
    """Keeps `usage_figure` up to what happened.

    `timezone` (IANA) says where days begin; `most_turns`: so many uncounted turns are counted while a page waits.
    """

    def __init__(self, database: Database, *, timezone: str, most_turns: int = _MOST_TURNS) -> None:
        self._most_turns = most_turns
        self._database = database
        self._timezone = timezone

    async def counted_until(self) -> datetime:
        """Until when changes are in the figures (UTC); 1970 when nothing was counted, or days of another time zone."""
        async with self._database.transaction(of_all="figures") as connection:
            return await self._until(connection)

    async def catch_up(self, *, now: datetime) -> int:
        """Count all that changed until now; how many hours that were. Seconds for a million turns never counted before.

        Raises:
            DatabaseUnavailableError: PostgreSQL is away; what was counted stays, the rest is counted next time.
        """
        hours = await self._changed()
        for at in range(0, len(hours), _AT_ONCE):
            async with self._database.transaction(of_all="figures") as connection:
                await connection.execute(_QUERIES["one_counts"], {"lock": _LOCK})
                await self._count(connection, hours[at : at + _AT_ONCE])
        async with self._database.transaction(of_all="figures") as connection:
            await connection.execute(_QUERIES["forget_old"], {"before": now - _KEPT})
            await self._mark(connection, now)
        return len(hours)

    async def catch_up_if_near(self, *, now: datetime) -> bool:
        """The same for a page that somebody waits for: False, and nothing is done, when much is missing."""
        async with self._database.transaction(of_all="figures") as connection:
            until = await self._until(connection)
            if now - until > _NEAR and not await self._is_little(connection, until):
                return False
            await connection.execute(_QUERIES["one_counts"], {"lock": _LOCK})
            await self._count(connection, await self._hours(connection))
            await self._mark(connection, now)
        return True

    async def _is_little(self, connection: Connection, until: datetime) -> bool:
        values = {"since": until, "most": self._most_turns}
        row = await (await connection.execute(_QUERIES["is_little"], values)).fetchone()
        return bool(row and row["is_little"])

    async def _changed(self) -> list[datetime]:
        async with self._database.transaction(of_all="figures") as connection:
            await connection.execute(_QUERIES["one_counts"], {"lock": _LOCK})
            return await self._hours(connection)

    async def _hours(self, connection: Connection) -> list[datetime]:
        """The hours to count anew; all of them when nothing was counted, or days of another time zone."""
        until = await self._until(connection)
        if until == _BEGINNING:
            await connection.execute(_QUERIES["forget_all"])
        since = max(_BEGINNING, until - _OVERLAP)
        cursor = await connection.execute(_QUERIES["changed_hours"], {"since": since})
        return [row["start"] for row in await cursor.fetchall()]

    async def _until(self, connection: Connection) -> datetime:
        row = await (await connection.execute(_QUERIES["counted_until"])).fetchone()
        if row is None or row["timezone"] != self._timezone:
            return _BEGINNING
        until: datetime = row["until"]
        return until

    async def _mark(self, connection: Connection, now: datetime) -> None:
        values = {"until": now, "timezone": self._timezone}
        await connection.execute(_QUERIES["count_until"], values)

    async def _count(self, connection: Connection, hours: Sequence[datetime]) -> None:
        if not hours:
            return
        await connection.execute(_QUERIES["plainly"])
        spans = {"starts": list(hours), "ends": [hour + _HOUR for hour in hours]}
        await connection.execute(_QUERIES["forget_hours"], {"starts": spans["starts"]})
        counted = _QUERIES.fill("count_hours", measured=_QUERIES.fill("measured"))
        await connection.execute(counted, spans)
        days = sorted({day_of(hour, self._timezone) for hour in hours})
        spans = {"starts": days, "ends": [day_after(day, self._timezone) for day in days]}
        await connection.execute(_QUERIES["forget_days"], {"starts": days})
        await connection.execute(_QUERIES["count_days"], spans)
