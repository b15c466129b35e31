"""Turns as the product stores them, put straight into the tables: who asked, what came of it, what they thought of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from psycopg.types.json import Jsonb

from puls.database import Database

NOW = datetime(2026, 11, 20, 18, tzinfo=UTC)


@dataclass(kw_only=True)
class StoredTurn:
    """One row of `turn`, with its thumb and survey."""

    visitor: UUID = field(default_factory=uuid4)
    conversation: UUID | None = None
    id: UUID = field(default_factory=uuid4)
    at: datetime = NOW
    text: str = "concert"
    state: str = "finished"
    kind: str | None = "search"
    act: str | None = "search"
    language: str | None = "fr"
    wish: dict[str, Any] | None = None
    found: str | None = "on_theme"
    score: float | None = 1.2
    arm: str | None = None
    total_ms: int = 800
    cost_eur: float = 0.0003
    thumb: str | None = None
    reason_code: str | None = None
    score_of_survey: int | None = None
    shown: Sequence[str] = ()


async def store(database: Database, turns: Sequence[StoredTurn]) -> None:
    """As the server's own superuser, in a few statements."""
    async with database.transaction() as connection, connection.cursor() as cursor:
        visitors = {one.visitor: one.at for one in turns}
        await cursor.executemany(
            "INSERT INTO visitor (id, kind, created_at, seen_at) VALUES (%s, 'anonymous', %s, %s) "
            "ON CONFLICT DO NOTHING",
            [(id_, at, at) for id_, at in visitors.items()],
        )
        await cursor.executemany(
            "INSERT INTO conversation (id, visitor_id, title, created_at, last_turn_at) "
            "VALUES (%s, %s, '', %s, %s) ON CONFLICT DO NOTHING",
            [(one.conversation or one.visitor, one.visitor, one.at, one.at) for one in turns],
        )
        await cursor.executemany(_TURN, [_row(one) for one in turns])
        await cursor.executemany(
            "INSERT INTO turn_event (turn_id, visitor_id, place, uid) VALUES (%s, %s, %s, %s)",
            [
                (one.id, one.visitor, place, uid)
                for one in turns
                for place, uid in enumerate(one.shown, start=1)
            ],
        )
        await cursor.executemany(
            "INSERT INTO feedback (visitor_id, turn_id, thumb, reason_code, created_at) "
            "VALUES (%s, %s, %s, %s, %s)",
            [
                (one.visitor, one.id, one.thumb, one.reason_code, one.at)
                for one in turns
                if one.thumb
            ],
        )
        await cursor.executemany(
            "INSERT INTO survey_answer (turn_id, visitor_id, score, created_at) VALUES (%s, %s, %s, %s)",
            [
                (one.id, one.visitor, one.score_of_survey, one.at)
                for one in turns
                if one.score_of_survey
            ],
        )


_TURN = (
    "INSERT INTO turn (id, visitor_id, conversation_id, request_id, state, text, kind, language, wish, milliseconds, "
    "usage, kept, seen, created_at, begun_at, finished_at, experiment, arm) "
    "VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
)


def _row(one: StoredTurn) -> tuple[Any, ...]:
    seen: dict[str, Any] = {} if one.found is None else {"found": one.found}
    if one.score is not None:
        seen["events"] = [{"uid": "1", "score": one.score}]
    return (
        one.id,
        one.visitor,
        one.conversation or one.visitor,
        uuid4(),
        one.state,
        one.text,
        one.kind,
        one.language,
        Jsonb({"version": 1, "wish": one.wish}) if one.wish is not None else None,
        Jsonb({"total": one.total_ms}),
        Jsonb({"model": "m", "cost_eur": one.cost_eur}),
        Jsonb({"act": one.act}) if one.act else None,
        Jsonb(seen) if seen else None,
        one.at,
        one.at,
        one.at,
        "one" if one.arm else None,
        one.arm,
    )
