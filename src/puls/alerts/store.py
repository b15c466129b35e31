"""Figures by the minute and states of alerts in PostgreSQL, so that all replicas judge the same and one of them tells.

Enter at `AlertStore`.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from puls.alerts.judging import State, Verdict, next_states
from puls.database import Database, Queries

_QUERIES = Queries.beside("puls.alerts")
_KEPT = timedelta(days=4)
MOST_TRIES = 10


class AlertStore:
    """Raises DatabaseUnavailableError, all of it, when PostgreSQL is away."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, events: Mapping[str, float], *, now: datetime) -> None:
        """Count events of this process to their minute."""
        some = {figure: count for figure, count in events.items() if count}
        if not some:
            return
        async with self._database.transaction() as connection:
            await connection.execute(
                _QUERIES["add_events"],
                {
                    "minute": now.replace(second=0, microsecond=0),
                    "figures": list(some),
                    "events": list(some.values()),
                },
            )

    async def sums(
        self, windows: Sequence[int], *, now: datetime
    ) -> Mapping[tuple[str, int], float]:
        """Events of all replicas by figure and window in minutes."""
        rows = await self._database.fetch_all(_QUERIES["sums"], windows=list(windows), now=now)
        return {(row["figure"], row["minutes"]): row["events"] for row in rows}

    async def forget_old(self, *, now: datetime) -> int:
        """Delete minutes that no window reaches any more; how many rows."""
        async with self._database.transaction() as connection:
            cursor = await connection.execute(_QUERIES["forget_old"], {"before": now - _KEPT})
            return cursor.rowcount

    async def decide(self, now_so: Sequence[Verdict], *, now: datetime) -> Mapping[str, State]:
        """Take the verdicts into account, one replica at a time; the states after it."""
        async with self._database.transaction() as connection:
            await connection.execute(_QUERIES["lock_states"])
            rows = await (await connection.execute(_QUERIES["states"])).fetchall()
            before = {row["alert"]: State(**row) for row in rows}
            after = next_states(before, now_so, now=now)
            for alert, state in after.items():
                if before.get(alert) != state:
                    await connection.execute(
                        _QUERIES["save_state"],
                        {
                            "alert": alert,
                            "state": state.state,
                            "since": state.since,
                            "told": state.told,
                        },
                    )
        return after

    async def firing(self) -> Sequence[State]:
        """The alerts that fire now, the longest first; those about one process alone are not among them."""
        rows = await self._database.fetch_all(_QUERIES["firing"])
        return [State(**row) for row in rows]

    async def claim(self, alerts: Collection[str], *, now: datetime) -> frozenset[str]:
        """Those of these alerts that this replica is to tell."""
        values = {"alerts": list(alerts), "now": now, "most_tries": MOST_TRIES}
        async with self._database.transaction() as connection:
            rows = await (await connection.execute(_QUERIES["claim"], values)).fetchall()
        return frozenset(row["alert"] for row in rows)

    async def told(self, alert: str, state: str) -> None:
        """Somebody was told."""
        async with self._database.transaction() as connection:
            await connection.execute(_QUERIES["told"], {"alert": alert, "told": state})

    async def not_told(self, alert: str) -> None:
        """No channel took it; the next minute may, ten times at most."""
        async with self._database.transaction() as connection:
            await connection.execute(_QUERIES["not_told"], {"alert": alert})
