"""What visitors let others read by a link: made, listed and taken back as the visitor, read by whoever holds the link.

A plan is kept as its stops; of a conversation nothing is copied: its turns up to the moment of sharing are read as they are.
Enter at `Shares`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal
from uuid import UUID, uuid4

from psycopg.types.json import Jsonb

from puls.database import Database, Queries
from puls.errors import LimitReachedError, NotFoundError
from puls.identity.share_tokens import ShareTokens
from puls.identity.visitor import Visitor

MOST_SHARED = 50
MOST_STOPS = 12
_QUERIES = Queries.beside("puls.conversation.keeping", "shares.sql")
_MEETING = Queries.beside("puls.conversation.keeping")

Kind = Literal["plan", "conversation"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedStop:
    """One stop of a plan: an event, from when to when (aware)."""

    uid: str
    arrives_at: datetime
    leaves_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """Something shared. `token` opens it; `visitor_id` is whose it is, and is shown to nobody; `last_ordinal` is that of the last turn that others read."""

    id: UUID
    token: str
    visitor_id: UUID
    kind: Kind
    title: str
    language: str
    created_at: datetime
    conversation_id: UUID | None = None
    last_ordinal: int | None = None
    stops: tuple[SharedStop, ...] = ()


class Shares:
    """Reads and writes shares."""

    def __init__(self, database: Database, tokens: ShareTokens) -> None:
        self._database = database
        self._tokens = tokens

    async def share_conversation(
        self, visitor: Visitor, conversation_id: UUID, *, language: str, now: datetime
    ) -> Share:
        """Let others read a conversation as it is now; sharing it again gives the newest state a new link.

        Raises:
            NotFoundError: the visitor has no such conversation.
            LimitReachedError: they share as much as Puls keeps.
        """
        return await self._add(
            visitor, kind="conversation", conversation_id=conversation_id, stops=(), title=None,
            language=language, now=now,
        )  # fmt: skip

    async def share_plan(
        self,
        visitor: Visitor,
        stops: Sequence[SharedStop],
        *,
        title: str,
        language: str,
        now: datetime,
    ) -> Share:
        """Let others read a plan. Raises LimitReachedError as above."""
        assert 0 < len(stops) <= MOST_STOPS
        return await self._add(
            visitor, kind="plan", conversation_id=None, stops=stops, title=title, language=language,
            now=now,
        )  # fmt: skip

    async def all(self, visitor_id: UUID) -> list[Share]:
        """What the visitor shares, the latest first."""
        async with self._database.transaction(visitor_id=visitor_id) as connection:
            rows = await (await connection.execute(_QUERIES["shares"])).fetchall()
        return [self._share(row) for row in rows]

    async def revoke(self, visitor_id: UUID, share_id: UUID) -> None:
        """Its link opens nothing from now on; nothing happens when there is none."""
        async with self._database.transaction(visitor_id=visitor_id) as connection:
            await connection.execute(_QUERIES["revoke"], {"id": share_id})

    async def opened(self, token: str) -> Share:
        """What a link opens.

        Raises:
            NotFoundError: nothing, or nothing any more.
        """
        mark = self._tokens.mark(token)
        row = None
        if mark is not None:
            async with self._database.transaction() as connection:
                await connection.execute(_QUERIES["hold_link"], {"mark": mark.hex()})
                cursor = await connection.execute(_QUERIES["opened"], {"mark": mark})
                row = await cursor.fetchone()
        if row is None:
            raise NotFoundError("This link leads nowhere, or nowhere any more.")
        return self._share(row)

    async def _add(
        self,
        visitor: Visitor,
        *,
        kind: Kind,
        conversation_id: UUID | None,
        stops: Sequence[SharedStop],
        title: str | None,
        language: str,
        now: datetime,
    ) -> Share:
        share_id = uuid4()
        values = {
            "id": share_id,
            "visitor_id": visitor.id,
            "kind": visitor.kind,
            "what": kind,
            "mark": self._tokens.mark(self._tokens.token(share_id)),
            "conversation_id": conversation_id,
            "stops": Jsonb([_json_of(stop) for stop in stops]) if stops else None,
            "title": title,
            "last_ordinal": None,
            "language": language,
            "most": MOST_SHARED,
            "now": now,
        }
        async with self._database.transaction(visitor_id=visitor.id) as connection:
            await connection.execute(
                _MEETING["meet"], values
            )  # and lock out a second one meanwhile
            if conversation_id is not None:
                cursor = await connection.execute(_QUERIES["title_of"], values)
                row = await cursor.fetchone()
                if row is None or row["last_ordinal"] is None:
                    raise NotFoundError("You have no such conversation; it may have expired.")
                values |= row
            cursor = await connection.execute(_QUERIES["share"], values)
            row = await cursor.fetchone()
        if row is None:
            raise LimitReachedError(
                f"You share {MOST_SHARED} things, as many as Puls keeps; take one back first."
            )
        return self._share(row)

    def _share(self, row: dict[str, object]) -> Share:
        share_id = row["id"]
        assert isinstance(share_id, UUID)
        values = dict(row)
        stops = values.pop("stops") or ()
        return Share(
            **values,  # type: ignore[arg-type] # columns are the fields
            stops=tuple(_stop_of(stop) for stop in stops),  # type: ignore[attr-defined] # a list of JSON
            token=self._tokens.token(share_id),
        )


def _json_of(stop: SharedStop) -> dict[str, str]:
    return {
        "uid": stop.uid,
        "arrives_at": stop.arrives_at.astimezone(UTC).isoformat(),
        "leaves_at": stop.leaves_at.astimezone(UTC).isoformat(),
    }


def _stop_of(stored: dict[str, str]) -> SharedStop:
    return SharedStop(
        uid=stored["uid"],
        arrives_at=datetime.fromisoformat(stored["arrives_at"]),
        leaves_at=datetime.fromisoformat(stored["leaves_at"]),
    )
