"""Badly rated answers with the whole chain that led to them: for who wants to know why.

Runs as `puls_reviewer`: PostgreSQL shows it the turns with a thumb down and no others. What a visitor wrote leaves here
masked. Enter at `Reviewing.worst`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from puls.database import Database, Queries
from puls.errors import NotFoundError
from puls.operating.masking import masked

_QUERIES: Final = Queries.beside("puls.operating", "reviewed.sql")


@dataclass(frozen=True, slots=True, kw_only=True)
class BadAnswer:
    """One of the list. `text` is what was asked, masked; `score` the survey's, from 1 to 5, when it was answered."""

    id: UUID
    at: datetime
    text: str
    kind: str | None
    writer: str | None
    found: str | None
    reason_code: str | None
    score: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """An event that was a candidate or shown, with what the ranking said of it; `score` None when that was not kept."""

    uid: str
    title: str | None
    score: float | None = None
    match: str | None = None
    is_sure: bool | None = None
    reasons: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed:
    """A turn with a thumb down, from the words to the answer. `text`, `answer` and `reason` are masked.

    `wish_text`: the wish as it is stored (JSON); `kept`: what it left for the next turn; `milliseconds` by step; `checking`
    and `usage` as in `puls.conversation.turn`; `web` as in `puls.conversation.seen`.
    """

    id: UUID
    at: datetime
    text: str
    answer: str
    reason: str
    reason_code: str | None
    score: int | None
    kind: str | None
    language: str | None
    state: str
    failure: str | None
    writer: str | None
    wish_text: str | None
    kept: Mapping[str, Any]
    milliseconds: Mapping[str, int]
    checking: Mapping[str, int]
    usage: Mapping[str, Any]
    found: str | None
    fitting: int | None
    events: Sequence[Shown]
    web: Mapping[str, Any]


class Reviewing:
    """`retention`: what is older is not shown, whether or not it was swept yet."""

    def __init__(self, database: Database, *, retention: timedelta) -> None:
        self._database = database
        self._retention = retention

    async def worst(self, *, since: datetime, now: datetime, limit: int = 20) -> list[BadAnswer]:
        """Answers with a thumb down, the latest first."""
        values = {"since": since, "kept_since": now - self._retention, "limit": limit}
        async with self._database.transaction(of_all="reviewer") as connection:
            rows = await (await connection.execute(_QUERIES["worst"], values)).fetchall()
        return [
            BadAnswer(
                id=row["id"],
                at=row["created_at"],
                text=masked(row["text"]),
                **{name: row[name] for name in ("kind", "writer", "found", "reason_code", "score")},
            )
            for row in rows
        ]

    async def turn(self, turn_id: UUID, *, now: datetime) -> Reviewed:
        """One of them, whole.

        Raises:
            NotFoundError: there is no such turn with a thumb down, or it is past its retention.
        """
        values = {"turn_id": turn_id, "kept_since": now - self._retention}
        async with self._database.transaction(of_all="reviewer") as connection:
            row = await (await connection.execute(_QUERIES["reviewed"], values)).fetchone()
            if row is None:
                raise NotFoundError("No answer with a thumb down has this id; it may have expired.")
            seen: Mapping[str, Any] = row["seen"] or {}
            uids = [each["uid"] for each in seen.get("events", ())]
            named = await (await connection.execute(_QUERIES["titles"], {"uids": uids})).fetchall()
        titles = {each["uid"]: each["title"] for each in named}
        return _reviewed(row, seen, titles)


def _reviewed(
    row: Mapping[str, Any], seen: Mapping[str, Any], titles: Mapping[str, str]
) -> Reviewed:
    scored = [Shown(title=titles.get(each["uid"]), **each) for each in seen.get("events", ())]
    return Reviewed(
        at=row["created_at"],
        text=masked(row["text"]),
        answer=masked(row["answer"] or ""),
        reason=masked(row["reason"] or ""),
        kept=row["kept"] or {},
        milliseconds=row["milliseconds"] or {},
        checking=row["checking"] or {},
        usage=row["usage"] or {},
        found=seen.get("found"),
        fitting=seen.get("fitting"),
        events=scored or [Shown(**each) for each in row["shown"]],
        web=seen.get("web") or {},
        **{
            name: row[name]
            for name in (
                "id", "reason_code", "score", "kind", "language", "state", "failure", "writer", "wish_text",
            )
        },
    )  # fmt: skip
