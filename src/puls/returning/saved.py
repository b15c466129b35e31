"""Searches that visitors keep. Every read and write runs as the visitor. Enter at `SavedSearches`.

A position is never kept (docs/decisions/visitors-position.md): a search around one is refused with what to do instead.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, Final, Literal
from uuid import UUID, uuid4

from psycopg.types.json import Jsonb
from pydantic import TypeAdapter

from puls.database import Database, Queries
from puls.errors import InvalidInputError, LimitReachedError, NotFoundError
from puls.identity.visitor import Visitor
from puls.returning.whats_new import Known
from puls.understanding.given import Given
from puls.understanding.question import Understood
from puls.understanding.where.reading import NO_POSITION

MOST_SAVED: Final = 20
LONGEST_NAME: Final = 120
Letters = Literal["none", "daily", "weekly"]

_QUERIES = Queries.beside("puls.returning")
_MEETING = Queries.beside("puls.conversation.keeping")
_GIVEN = TypeAdapter(Given)
_KNOWN = TypeAdapter(Known)
_NOT_THERE: Final = "There is no such saved search; it may have been deleted."


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedSearch:
    """A kept search. `letters`: how often news of it is written; `considered_at`: when that was last thought of."""

    id: UUID
    name: str
    text: str
    given: Given
    known: Known
    letters: Letters
    created_at: datetime
    seen_at: datetime
    considered_at: datetime


class AroundVisitorError(InvalidInputError):
    """A search around the visitor's position, which is kept nowhere, cannot be kept; nothing was."""

    code = "around_visitor"


class SavedSearches:
    """What visitors keep of their searches."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def save(
        self,
        visitor: Visitor,
        *,
        name: str,
        text: str,
        given: Given,
        known: Known,
        now: datetime,
    ) -> UUID:
        """Keep a search; the same question twice is one, under the newer name.

        Raises:
            InvalidInputError: it needs a position, or asks for nothing.
            LimitReachedError: the visitor keeps as many as Puls does.
        """
        values = {
            "id": uuid4(),
            "visitor_id": visitor.id,
            "kind": visitor.kind,
            "name": name.replace("\0", " ")[:LONGEST_NAME],
            "asked": Jsonb(_asked(text, given)),
            "known": Jsonb(_KNOWN.dump_python(known, mode="json")),
            "most": MOST_SAVED,
            "now": now,
        }
        async with self._database.transaction(visitor_id=visitor.id) as connection:
            await connection.execute(_MEETING["meet"], values)
            row = await (await connection.execute(_QUERIES["save"], values)).fetchone()
        if row is None:
            raise LimitReachedError(
                f"You keep {MOST_SAVED} searches, as many as Puls does; delete one first."
            )
        saved: UUID = row["id"]
        return saved

    async def all(self, visitor_id: UUID) -> tuple[SavedSearch, ...]:
        """What the visitor keeps, the latest first."""
        async with self._database.transaction(visitor_id=visitor_id) as connection:
            rows = await (await connection.execute(_QUERIES["saved"])).fetchall()
        return tuple(_saved(row) for row in rows)

    async def one(self, visitor_id: UUID, saved_id: UUID) -> SavedSearch:
        """Raises NotFoundError when the visitor keeps no such search."""
        for saved in await self.all(visitor_id):
            if saved.id == saved_id:
                return saved
        raise NotFoundError(_NOT_THERE)

    async def change(
        self,
        visitor_id: UUID,
        saved_id: UUID,
        *,
        now: datetime,
        name: str | None = None,
        letters: Letters | None = None,
    ) -> None:
        """Raises NotFoundError when the visitor keeps no such search."""
        await self._write(
            visitor_id, "change", id=saved_id, name=name and name[:LONGEST_NAME], letters=letters, now=now
        )  # fmt: skip

    async def seen(self, visitor_id: UUID, saved_id: UUID, known: Known, *, now: datetime) -> None:
        """From now on only what differs from `known` is new. Raises NotFoundError."""
        packed = Jsonb(_KNOWN.dump_python(known, mode="json"))
        await self._write(visitor_id, "seen", id=saved_id, known=packed, now=now)

    async def forget(self, visitor_id: UUID, saved_id: UUID) -> None:
        """Also one that was not kept."""
        async with self._database.transaction(visitor_id=visitor_id) as connection:
            await connection.execute(_QUERIES["forget"], {"id": saved_id})

    async def _write(self, visitor_id: UUID, query: str, **values: Any) -> None:
        async with self._database.transaction(visitor_id=visitor_id) as connection:
            if await (await connection.execute(_QUERIES[query], values)).fetchone() is None:
                raise NotFoundError(_NOT_THERE)


def check_may_be_kept(understood: Understood) -> None:
    """Pass, or say why a search cannot be kept.

    Raises:
        AroundVisitorError: it is around the visitor, whether or not their position was sent.
    """
    where = (understood.carried or understood.wish).where
    is_around = where is not None and where.around_visitor_km is not None
    if is_around or any(notice.code == NO_POSITION.code for notice in understood.notices):
        raise AroundVisitorError(
            "This search is around your position, which Puls never keeps; name a town instead, then keep it."
        )


def _asked(text: str, given: Given) -> dict[str, Any]:
    """A question as it is kept: what is not said is not written, so that equal questions are equal."""
    told = replace(given, position=None)
    text = text.replace("\0", " ")  # which PostgreSQL cannot hold
    usual = asdict(Given())
    values = {
        name: value
        for name, value in _GIVEN.dump_python(told, mode="json").items()
        if value not in (None, [], usual[name])
    }
    if not text.strip() and not values:
        raise InvalidInputError("Say what to look for: words, or at least one filter.")
    for name in ("accessibility", "categories", "ages"):
        if name in values:
            values[name] = sorted(values[name])
    return {"q": " ".join(text.split())} | values


def _saved(row: Mapping[str, Any]) -> SavedSearch:
    asked: dict[str, Any] = json.loads(row["asked"])
    text = asked.pop("q")
    return SavedSearch(
        id=row["id"],
        name=row["name"],
        text=text,
        given=_GIVEN.validate_python(asked),
        known=_KNOWN.validate_json(row["known"]),
        letters=row["letters"],
        created_at=row["created_at"],
        seen_at=row["seen_at"],
        considered_at=row["considered_at"],
    )
