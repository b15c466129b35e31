"""Conversations in our own tables: begun, finished, found again after a restart and on another replica.

Every read and write runs as the visitor it is for, so that PostgreSQL shows no other's rows. No transaction stays open
while a turn runs: it is begun, then finished or failed. Enter at `Conversations`.
"""

import asyncio
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Literal
from uuid import UUID, uuid4, uuid5

from psycopg.types.json import Jsonb

from puls.conversation.keeping.leases import TurnLeases
from puls.conversation.keeping.stored_turn import (
    Begun,
    Recalled,
    StoredConversation,
    StoredTurn,
    Summary,
    readable_wish,
    storable,
    turn_from,
)
from puls.conversation.keeping.stored_wish import json_of
from puls.conversation.state import Kept, json_of_kept
from puls.conversation.turn import Checking, TurnRequest, Usage
from puls.conversation.variants import USUAL, Variant
from puls.database import Connection, Database, Queries
from puls.errors import InvalidInputError, NotFoundError
from puls.identity.visitor import Visitor
from puls.understanding.language import Language
from puls.understanding.turns import Turn
from puls.understanding.wish import Wish

WINDOW = 6  # turns that a follow-up or a model sees whole; what lies before is a summary
_SUMMARY_EVENTS = 30
_TITLE_LENGTH = 80
_POLL_SECONDS = 0.1
_QUERIES = Queries.beside("puls.conversation.keeping")

Thumb = Literal["up", "down"]
ThumbReason = Literal[
    "wrong_date", "wrong_place", "too_expensive", "not_my_taste", "not_real", "other"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a turn came to. `carried` is the wish that the next follow-up changes; `shown` uids in their order.

    `seen`: what was found and seen, for operators; see `puls.conversation.seen`.
    """

    kind: Turn
    language: Language
    answer: str
    writer: str
    carried: Wish | None = None
    shown: Sequence[str] = ()
    milliseconds: Mapping[str, int] = field(default_factory=dict)
    checking: Checking = field(default_factory=Checking)
    usage: Usage | None = None
    kept: Kept = field(default_factory=Kept)
    seen: Mapping[str, Any] | None = None


class Conversations:
    """What visitors and Puls said to each other."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.leases = TurnLeases(database)

    async def begin(
        self,
        visitor: Visitor,
        request: TurnRequest,
        *,
        now: datetime,
        running: Collection[UUID] | None = None,
        variant: Variant = USUAL,
    ) -> Begun:
        """The turn of a request: a new one, or the one that the same request id already has.

        A turn that failed, or whose process is gone, is begun again under its own id; so is one that this process began
        and that is not among its `running` ones, when it says which those are. `variant`: how it will be answered.

        Raises:
            NotFoundError: the visitor has no such conversation.
        """
        conversation_id = request.conversation_id or uuid5(visitor.id, str(request.request_id))
        text = storable(request.text)
        values = {
            "visitor_id": visitor.id,
            "kind": visitor.kind,
            "conversation_id": conversation_id,
            "title": _title(text),
            "turn_id": uuid4(),
            "request_id": request.request_id,
            "text": text,
            "now": now,
            "process_id": self.leases.process_id,
            "running": None if running is None else list(running),
            "experiment": variant.experiment,
            "arm": variant.arm,
        }
        await self.leases.hold()
        async with self._database.transaction(visitor_id=visitor.id) as connection:
            await connection.execute(_QUERIES["meet"], values)
            if request.conversation_id is None:
                await connection.execute(_QUERIES["open_conversation"], values)
            await _existing(connection, "continue_conversation", values)
            cursor = await connection.execute(_QUERIES["begin_turn"], values)
            is_new = await cursor.fetchone() is not None
            cursor = await connection.execute(_QUERIES["turn_of_request"], values)
            row = await cursor.fetchone()
        assert row is not None
        return Begun(turn=turn_from(row), is_new=is_new)

    async def meet(self, visitor: Visitor, *, now: datetime) -> None:
        """Know the visitor, of whom nothing else is kept yet."""
        values = {"visitor_id": visitor.id, "kind": visitor.kind, "now": now}
        async with self._database.transaction(visitor_id=visitor.id) as connection:
            await connection.execute(_QUERIES["meet"], values)

    async def finish(
        self, visitor_id: UUID, turn_id: UUID, outcome: Outcome, *, now: datetime
    ) -> bool:
        """Keep what a turn came to. False, and nothing is kept, when it was erased or ended meanwhile."""
        values = {
            "turn_id": turn_id,
            "process_id": self.leases.process_id,
            "now": now,
            "kind": outcome.kind.value,
            "language": outcome.language,
            "wish": Jsonb(json_of(outcome.carried)) if outcome.carried else None,
            "answer": storable(outcome.answer),
            "writer": outcome.writer,
            "milliseconds": Jsonb(dict(outcome.milliseconds)),
            "checking": Jsonb(asdict(outcome.checking)),
            "usage": Jsonb(asdict(outcome.usage)) if outcome.usage else None,
            "uids": list(outcome.shown),
            "kept": Jsonb(json_of_kept(outcome.kept)),
            "seen": Jsonb(dict(outcome.seen)) if outcome.seen else None,
        }
        return await self._did(visitor_id, "finish_turn", values)

    async def fail(
        self, visitor_id: UUID, turn_id: UUID, *, failure: str, now: datetime, answer: str = ""
    ) -> bool:
        """Close a turn that came to nothing; `failure` is the error's code, `answer` what was already sent."""
        values = {
            "turn_id": turn_id,
            "process_id": self.leases.process_id,
            "failure": failure,
            "answer": storable(answer) or None,
            "now": now,
        }
        return await self._did(visitor_id, "fail_turn", values)

    async def stop(self, visitor_id: UUID, turn_id: UUID, *, failure: str, now: datetime) -> None:
        """Stop a turn that another process answers, or close one that nobody answers any more."""
        if await self.leases.ask_to_stop(visitor_id, turn_id):
            return
        values = {"turn_id": turn_id, "failure": failure, "now": now}
        await self._did(visitor_id, "fail_orphan", values)

    async def recall(self, visitor_id: UUID, conversation_id: UUID) -> Recalled:
        """What a follow-up in this conversation needs; empty when nothing was finished in it."""
        async with self._database.transaction(visitor_id=visitor_id) as connection:
            turns = await _turns(connection, conversation_id, limit=WINDOW, states=["finished"])
            if len(turns) < WINDOW:
                return Recalled(turns=turns)
            cursor = await connection.execute(
                _QUERIES["turns_before"],
                {
                    "conversation_id": conversation_id,
                    "ordinal": turns[0].ordinal,
                    "limit": _SUMMARY_EVENTS,
                },
            )
            row = await cursor.fetchone()
        if row is None or not row["turns"]:
            return Recalled(turns=turns)
        earlier = Summary(
            turns=row["turns"],
            wish=readable_wish(row["wish_text"]),
            wishes=tuple(
                wish for each in row["wishes"] if (wish := readable_wish(each)) is not None
            ),
            shown=tuple(row["shown"]),
        )
        return Recalled(turns=turns, earlier=earlier)

    async def turn(self, visitor_id: UUID, turn_id: UUID) -> StoredTurn:
        """A turn of this visitor.

        Raises:
            NotFoundError: they have no such turn.
        """
        async with self._database.transaction(visitor_id=visitor_id) as connection:
            return turn_from(await _existing(connection, "turn", {"turn_id": turn_id}, "turn"))

    async def ended(
        self, visitor_id: UUID, turn_id: UUID, *, patience_seconds: float
    ) -> StoredTurn:
        """The turn once it is finished or failed, or as it is when patience ends. Holds no connection meanwhile.

        Raises:
            NotFoundError: they have no such turn, or it was erased while waiting.
        """
        deadline = time.monotonic() + patience_seconds
        while True:
            turn = await self.turn(visitor_id, turn_id)
            if turn.state != "begun" or time.monotonic() >= deadline:
                return turn
            await asyncio.sleep(_POLL_SECONDS)

    async def all(self, visitor_id: UUID, *, limit: int = 50) -> list[StoredConversation]:
        """The visitor's conversations, the latest first."""
        async with self._database.transaction(visitor_id=visitor_id) as connection:
            cursor = await connection.execute(_QUERIES["conversations"], {"limit": limit})
            return [StoredConversation(**row) for row in await cursor.fetchall()]

    async def conversation(
        self, visitor_id: UUID, conversation_id: UUID, *, limit: int = 200
    ) -> tuple[StoredConversation, tuple[StoredTurn, ...]]:
        """A conversation and its last turns, oldest first.

        Raises:
            NotFoundError: they have no such conversation.
        """
        values = {"conversation_id": conversation_id}
        async with self._database.transaction(visitor_id=visitor_id) as connection:
            row = await _existing(connection, "conversation", values)
            turns = await _turns(
                connection, conversation_id, limit=limit, states=["begun", "finished", "failed"]
            )
        return StoredConversation(**row), turns

    async def rename(self, visitor_id: UUID, conversation_id: UUID, title: str) -> None:
        """Raises NotFoundError when they have no such conversation."""
        values = {"conversation_id": conversation_id, "title": _title(storable(title))}
        async with self._database.transaction(visitor_id=visitor_id) as connection:
            await _existing(connection, "rename_conversation", values)

    async def delete(self, visitor_id: UUID, conversation_id: UUID) -> None:
        """Delete a conversation with its turns and thumbs; raises NotFoundError when they have no such."""
        values = {"conversation_id": conversation_id}
        async with self._database.transaction(visitor_id=visitor_id) as connection:
            await _existing(connection, "delete_conversation", values)

    async def rate(
        self,
        visitor_id: UUID,
        turn_id: UUID,
        *,
        thumb: Thumb,
        now: datetime,
        reason: str | None = None,
        reason_code: ThumbReason | None = None,
        uid: str | None = None,
        category: str | None = None,
    ) -> None:
        """Keep a thumb on an answer, or on one event that it showed; a second one replaces it.

        Raises:
            NotFoundError: they have no such turn.
            InvalidInputError: the turn did not show that event.
        """
        values = {
            "visitor_id": visitor_id,
            "turn_id": turn_id,
            "uid": uid,
            "category": category,
            "thumb": thumb,
            "reason": storable(reason) if reason else None,
            "reason_code": reason_code,
            "now": now,
        }
        async with self._database.transaction(visitor_id=visitor_id) as connection:
            turn = await _existing(connection, "was_shown", values, "turn")
            if uid is not None and not turn["was_shown"]:
                raise InvalidInputError("That turn did not show this event.")
            await connection.execute(_QUERIES["rate_turn"], values)

    async def answer_survey(
        self, visitor_id: UUID, turn_id: UUID, *, score: int, comment: str | None, now: datetime
    ) -> None:
        """Keep a score from 1 to 5; a second one replaces it. Raises NotFoundError when they have no such turn."""
        values = {
            "turn_id": turn_id,
            "score": score,
            "comment": storable(comment) if comment else None,
            "now": now,
        }
        async with self._database.transaction(visitor_id=visitor_id) as connection:
            await _existing(connection, "answer_survey", values, "turn")

    async def thumbs(
        self, visitor_id: UUID, conversation_id: UUID
    ) -> dict[tuple[UUID, str | None], Thumb]:
        """The thumbs given in a conversation, by turn and event; the event is None for the answer itself."""
        async with self._database.transaction(visitor_id=visitor_id) as connection:
            cursor = await connection.execute(
                _QUERIES["thumbs_of_conversation"], {"conversation_id": conversation_id}
            )
            return {(row["turn_id"], row["uid"]): row["thumb"] for row in await cursor.fetchall()}

    async def _did(self, visitor_id: UUID, query: str, values: Mapping[str, Any]) -> bool:
        async with self._database.transaction(visitor_id=visitor_id) as connection:
            return await (await connection.execute(_QUERIES[query], values)).fetchone() is not None


async def _existing(
    connection: Connection,
    query: str,
    values: Mapping[str, Any],
    what: Literal["conversation", "turn"] = "conversation",
) -> dict[str, Any]:
    """The row a query gives; another visitor's and none at all are the same to whoever asks."""
    row = await (await connection.execute(_QUERIES[query], values)).fetchone()
    if row is None:
        raise NotFoundError(f"You have no such {what}; it may have expired.")
    return row


async def _turns(
    connection: Connection, conversation_id: UUID, *, limit: int, states: Sequence[str]
) -> tuple[StoredTurn, ...]:
    values = {"conversation_id": conversation_id, "limit": limit, "states": list(states)}
    cursor = await connection.execute(_QUERIES["turns"], values)
    return tuple(turn_from(row) for row in await cursor.fetchall())


def _title(text: str) -> str:
    """The first words of a text, on one line."""
    line = " ".join(text.split())
    return line if len(line) <= _TITLE_LENGTH else f"{line[: _TITLE_LENGTH - 1].rstrip()}…"
