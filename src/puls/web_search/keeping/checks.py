"""The last check of each event, in PostgreSQL: every replica shows it again, and strong findings reach search and sync.

Holds nothing of who asked. Enter at `Checks`.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import orjson
from psycopg.types.json import Json

from puls.catalogue import notes
from puls.catalogue.event import Status
from puls.catalogue.notes import Note
from puls.database import Database, Queries
from puls.web_search.values import Against, Change, Check, Outcome, Proof, WebTime

_QUERIES = Queries.beside("puls.web_search.keeping", "check_queries.sql")

NOTED_STATUS: Final[Mapping[Outcome, int | Status | None]] = {
    Outcome.CANCELLED: Status.CANCELLED,
    Outcome.POSTPONED: Status.POSTPONED,
    Outcome.FULL: Status.FULL,
    Outcome.GONE: notes.GONE,
    Outcome.CHANGED: None,  # search has no other dates to go by before the sync
}
_SUREST_FIRST: Final = list(Proof)
_OF_SOURCE: Final = frozenset({Proof.AGENDA, Proof.PORTAL})
PAGE_NOTE: Final = timedelta(days=2)  # what a page alone said; a record may never take it over
GONE_NOTE: Final = timedelta(days=7)  # a full sync removes it by then, or it was a mistake
KEPT: Final = timedelta(days=30)


class Checks:
    """Reads and writes checks."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def last(self, uids: Sequence[str]) -> dict[str, Check]:
        """The last check of each of these, however old; none where nobody ever looked.

        Raises:
            DatabaseUnavailableError: PostgreSQL is away.
        """
        rows = await self._database.fetch_all(_QUERIES["last_checks"], uids=list(uids))
        return {row["uid"]: check_of(row) for row in rows}

    async def keep(self, checks: Sequence[Check], *, now: datetime) -> None:
        """Remember these; note what is strong and not in the records yet, end notes that no longer hold.

        Raises:
            DatabaseUnavailableError: PostgreSQL is away, or a sync holds the rows for too long: nothing was kept.
        """
        made = [check for check in checks if check.outcome is not Outcome.NOT_CHECKED]
        if not made:
            return
        rows = [row_of(check) for check in made]
        found = [note for check in made if (note := note_of(check)) is not None]
        async with self._database.transaction() as connection:
            values = {"rows": Json(rows, dumps=orjson.dumps), "now": now}
            await connection.execute(_QUERIES["keep_checks"], values)
            if found:
                await notes.note(connection, found)
            for check in made:
                if (proofs := refuted_by(check)) is not None:
                    await notes.end(connection, [check.uid], proofs=proofs)

    async def count_asked(self, uids: Sequence[str], *, now: datetime) -> None:
        """Visitors asked about these: they are worth warming."""
        async with self._database.transaction() as connection:
            await connection.execute(_QUERIES["count_asked"], {"uids": list(uids), "now": now})

    async def popular(
        self,
        *,
        now: datetime,
        until: datetime,
        asked_since: datetime,
        checked_before: datetime,
        limit: int,
    ) -> list[str]:
        """What visitors asked about since `asked_since`, takes place before `until` and was checked before `checked_before`."""
        rows = await self._database.fetch_all(
            _QUERIES["popular"],
            now=now,
            until=until,
            asked_since=asked_since,
            checked_before=checked_before,
            limit=limit,
        )
        return [row["uid"] for row in rows]

    async def noted(self, *, now: datetime, limit: int) -> list[str]:
        """Events whose notes stand, nearest dates first: what was found may have changed again."""
        async with self._database.transaction() as connection:
            return [row["uid"] for row in await notes.noted(connection, now=now, limit=limit)]

    async def forget_old(self, *, now: datetime) -> int:
        """End notes whose time is over and delete checks that nobody asked for in a month; return how many notes ended."""
        async with self._database.transaction() as connection:
            ended = await notes.end_old(connection, now=now)
            await connection.execute(_QUERIES["forget_checks"], {"before": now - KEPT})
        return ended


def note_of(check: Check) -> Note | None:
    """What the next sync should know of a check, and search at once; None for what is weak or as recorded. Pure."""
    if not check.is_strong or check.outcome not in NOTED_STATUS or check.proof is None:
        return None
    until = None
    if check.outcome is Outcome.GONE:
        until = check.at + GONE_NOTE
    elif check.proof not in _OF_SOURCE:
        until = check.at + PAGE_NOTE
    return Note(
        uid=check.uid,
        outcome=str(check.outcome),
        status=NOTED_STATUS[check.outcome],
        proof=str(check.proof),
        url=check.url,
        noted_at=check.at,
        record_from=check.source_updated_at or check.at,
        until=until,
    )


def refuted_by(check: Check) -> list[Proof] | None:
    """Whose notes a check ends: by a strong confirmation all, by a page that lists the event again those of pages. Pure."""
    if check.outcome is not Outcome.CONFIRMED or check.proof is None:
        return None
    if check.is_strong:
        return list(Proof)
    return None if check.proof in _OF_SOURCE else _SUREST_FIRST[_SUREST_FIRST.index(check.proof) :]


def row_of(check: Check) -> dict[str, Any]:
    """A check as a row. Pure."""
    return {
        "uid": check.uid,
        "outcome": check.outcome,
        "proof": check.proof,
        "url": check.url,
        "is_strong": check.is_strong,
        "says": _storable(check.says),
        "why_not": check.why_not,
        "source_updated_at": check.source_updated_at,
        "checked_at": check.at,
        "facts": {
            "changes": [
                {"what": one.what, "before": _storable(one.before), "now": _storable(one.now)}
                for one in check.changes
            ],
            "times": [
                {"starts_at": one.starts_at, "ends_at": one.ends_at, "has_time": one.has_time}
                for one in check.times
            ],
            "against": [
                {"outcome": one.outcome, "proof": one.proof, "url": one.url, "at": one.at}
                for one in check.against
            ],
        },
    }


def check_of(row: Mapping[str, Any]) -> Check:
    """A row as the check it was. Pure."""
    facts = row["facts"]
    return Check(
        uid=row["uid"],
        outcome=Outcome(row["outcome"]),
        at=row["checked_at"],
        proof=Proof(row["proof"]) if row["proof"] else None,
        url=row["url"],
        is_strong=row["is_strong"],
        changes=tuple(Change(**one) for one in facts["changes"]),
        times=tuple(
            WebTime(
                starts_at=datetime.fromisoformat(one["starts_at"]),
                ends_at=datetime.fromisoformat(one["ends_at"]) if one["ends_at"] else None,
                has_time=one["has_time"],
            )
            for one in facts["times"]
        ),
        says=row["says"],
        why_not=row["why_not"],
        against=tuple(
            Against(
                outcome=Outcome(one["outcome"]),
                proof=Proof(one["proof"]),
                url=one["url"],
                at=datetime.fromisoformat(one["at"]),
            )
            for one in facts["against"]
        ),
        source_updated_at=row["source_updated_at"],
    )


def _storable(text: str) -> str:
    """Without what UTF-8 or PostgreSQL refuses."""
    return text.replace("\x00", "").encode("utf-8", "ignore").decode()
