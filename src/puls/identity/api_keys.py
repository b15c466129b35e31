"""API keys of programs: shown once, kept as a hash, scoped, revocable."""

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4, uuid5

from puls.database import Database, Queries
from puls.errors import InvalidInputError, NotFoundError, UnauthorizedError
from puls.identity.visitor import SCOPES, Scope, Visitor

KEY_MARK = "puls_"
_PREFIX_LENGTH = len(KEY_MARK) + 8
_LONGEST_NAME = 100
_DERIVED = 5  # the version of a UUID that is a hash
_QUERIES = Queries.beside("puls.identity")
# A program's visitor is derived from its key and not stored with it: erasing the one leaves nothing in the other.
_PROGRAMS = UUID("4f0a2f9e-2f6e-4a70-8f8c-6f2a7f0f6d11")


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    """A key as a list shows it: never the key itself."""

    id: UUID
    name: str
    prefix: str
    scopes: tuple[Scope, ...]
    created_at: datetime
    last_used_at: datetime | None = None
    revoked_at: datetime | None = None


class ApiKeys:
    """The keys that were given out."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def create(
        self, *, name: str, scopes: Collection[str], now: datetime
    ) -> tuple[ApiKey, str]:
        """A new key and its only appearance in clear.

        Raises:
            InvalidInputError: a scope does not exist, or there is none; or the name cannot be shown as it is.
        """
        name = name.strip()
        if not name or len(name) > _LONGEST_NAME or not name.isprintable():
            raise InvalidInputError(
                f"A key's name is 1 to {_LONGEST_NAME} characters that can be printed."
            )
        known = tuple(scope for scope in SCOPES if scope in scopes)
        if not known or len(known) != len(set(scopes)):
            raise InvalidInputError(f"Scopes are {', '.join(SCOPES)}; give at least one of them.")
        written = KEY_MARK + secrets.token_urlsafe(32)
        key = ApiKey(
            id=uuid4(), name=name, prefix=written[:_PREFIX_LENGTH], scopes=known, created_at=now
        )
        async with self._database.transaction() as connection:
            await connection.execute(
                _QUERIES["create_key"],
                {
                    "id": key.id,
                    "name": name,
                    "prefix": key.prefix,
                    "hash": _hash(written),
                    "scopes": list(known),
                    "now": now,
                },
            )
        return key, written

    async def all(self) -> list[ApiKey]:
        """Every key, revoked ones too, oldest first."""
        return [_key(row) for row in await self._database.fetch_all(_QUERIES["list_keys"])]

    async def revoke(self, prefix: str, *, now: datetime) -> ApiKey:
        """Make a key useless from its next request on, on every replica.

        Raises:
            NotFoundError: no key begins so.
        """
        row = await self._database.fetch_one(_QUERIES["revoke_key"], prefix=prefix, now=now)
        if row is None:
            raise NotFoundError(f"No key begins with {prefix!r}; see `puls keys list`.")
        return _key(row)

    async def is_alive(self, visitor_id: UUID) -> bool:
        """Whether a program's visitor still has its key: what was derived from a key ends with it."""
        rows = await self._database.fetch_all(_QUERIES["living_keys"])
        return any(_visitor_id(row["id"]) == visitor_id for row in rows)

    async def visitor(self, written: str, *, now: datetime) -> Visitor:
        """The program that a key names.

        Raises:
            UnauthorizedError: there is no such key, or it was revoked.
        """
        row = await self._database.fetch_one(_QUERIES["use_key"], hash=_hash(written), now=now)
        if row is None:
            raise UnauthorizedError("This API key is unknown or was revoked.")
        return Visitor(id=_visitor_id(row["id"]), kind="program", scopes=frozenset(row["scopes"]))


def is_program(visitor_id: UUID) -> bool:
    """Whether an id is derived from a key: a visitor's own is made at random."""
    return visitor_id.version == _DERIVED


def _visitor_id(key_id: UUID) -> UUID:
    return uuid5(_PROGRAMS, str(key_id))


def _hash(written: str) -> bytes:
    """SHA-256 is enough for 256 random bits: there is nothing to guess, so nothing to slow down."""
    return hashlib.sha256(written.encode("utf-8", "surrogatepass")).digest()


def _key(row: dict[str, Any]) -> ApiKey:
    return ApiKey(**{**row, "scopes": tuple(row["scopes"])})
