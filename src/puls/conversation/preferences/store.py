"""Durable preferences: kept only under a consent in force, shown, replaced, forgotten, expired.

Every read and write runs as the visitor. Enter at `Preferences.remember`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb
from pydantic import ValidationError

from puls.catalogue.event import Category
from puls.conversation.preferences.phrases import (
    ASK_CONSENT,
    ASK_CONSENT_NEEDS,
    FORGOTTEN,
    kept_notice,
)
from puls.conversation.preferences.preference import (
    LEARNT_LIFETIME,
    LIFETIME,
    Forgotten,
    Kind,
    Like,
    Origin,
    Preference,
    Purpose,
    Statement,
    Value,
    about_of,
    changes_of,
    json_of,
    purpose_of,
    value_from,
)
from puls.database import Connection, Database, Queries
from puls.errors import ConsentNeededError
from puls.identity.visitor import Visitor
from puls.language.lexicon import kinds
from puls.monitoring import log
from puls.phrasing import Language
from puls.understanding.notices import Notice

_QUERIES = Queries.beside("puls.conversation.keeping")
_LIKES_TO_LEARN = 2  # thumbs up for different events of one kind, and none down

WORDING: Mapping[Purpose, Mapping[Language, str]] = {
    "preferences": {
        "fr": (
            "J’accepte que Puls retienne ce que je dis de mes préférences (lieu, goûts, budget, âges de mes enfants, horaires) "
            "pour mieux répondre, pendant 180 jours au plus. Je peux les voir, les corriger, les exporter et les effacer."
        ),
        "en": (
            "I agree that Puls remembers what I say of my preferences (place, tastes, budget, my children’s ages, times) to "
            "answer better, for 180 days at most. I can see, correct, export and erase them."
        ),
    },
    "accessibility": {
        "fr": (
            "J’accepte expressément que Puls retienne mes besoins d’accessibilité, qui sont des données de santé, pour ne proposer "
            "que des sorties accessibles, pendant 180 jours au plus. Je peux les effacer à tout moment."
        ),
        "en": (
            "I expressly agree that Puls remembers my accessibility needs, which are health data, so as to suggest accessible "
            "events only, for 180 days at most. I can erase them at any time."
        ),
    },
}
"""What agreeing means; the words that a visitor read are kept with their consent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """What the visitor agreed to, in which words, and when."""

    purpose: Purpose
    wording: str
    given_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What is remembered of a visitor, and what they agreed to."""

    consents: tuple[Consent, ...] = ()
    preferences: tuple[Preference, ...] = ()

    def allows(self, purpose: Purpose) -> bool:
        return any(consent.purpose == purpose for consent in self.consents)


@dataclass(frozen=True, slots=True, kw_only=True)
class Remembered:
    """What became of statements. `asks`: the consents without which some were not kept, and never refused so far."""

    kept: tuple[Value, ...] = ()
    forgotten: tuple[Forgotten, ...] = ()
    asks: frozenset[Purpose] = frozenset()

    @property
    def notices(self) -> tuple[Notice, ...]:
        """What the answer should say of it."""
        said = []
        if self.kept:
            said.append(kept_notice(self.kept))
        elif self.forgotten:
            said.append(FORGOTTEN)
        if "preferences" in self.asks:
            said.append(ASK_CONSENT)
        if "accessibility" in self.asks:
            said.append(ASK_CONSENT_NEEDS)
        return tuple(said)


class Preferences:
    """The preferences that visitors agreed to have remembered."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def profile(self, visitor_id: UUID, *, now: datetime) -> Profile:
        """What is remembered and in force."""
        async with self._database.transaction(visitor_id=visitor_id) as connection:
            return await _profile(connection, now)

    async def agree(
        self, visitor: Visitor, purpose: Purpose, *, now: datetime, language: Language = "fr"
    ) -> None:
        """Record that the visitor agrees, in the words of `WORDING` that they read. A second time changes nothing."""
        values = _answered(visitor, purpose, language, now)
        async with self._database.transaction(visitor_id=visitor.id) as connection:
            await connection.execute(_QUERIES["meet"], values)
            await connection.execute(_QUERIES["agree"], values)

    async def withdraw(
        self, visitor: Visitor, purpose: Purpose, *, now: datetime, language: Language = "fr"
    ) -> None:
        """Record that the visitor does not agree, or no longer, and delete at once what stood on it.

        Who refuses is not asked again.
        """
        values = _answered(visitor, purpose, language, now)
        async with self._database.transaction(visitor_id=visitor.id) as connection:
            await connection.execute(_QUERIES["meet"], values)
            await connection.execute(_QUERIES["withdraw"], values)
            await connection.execute(_QUERIES["refuse"], values)

    async def remember(
        self,
        visitor_id: UUID,
        statements: Iterable[Statement],
        *,
        now: datetime,
        source_turn: UUID | None = None,
        origin: Origin = "stated",
    ) -> Remembered:
        """Apply statements in order. Without consent a value is not kept; what is taken back goes in any case."""
        kept: list[Value] = []
        forgotten: list[Forgotten] = []
        missing: set[Purpose] = set()
        async with self._database.transaction(visitor_id=visitor_id) as connection:
            for statement in statements:
                profile = await _profile(connection, now)
                if not isinstance(statement, Forgotten) and not profile.allows(
                    purpose_of(statement)
                ):
                    missing.add(purpose_of(statement))
                    continue
                for change in changes_of(statement, profile.preferences, origin=origin):
                    if not isinstance(change, Forgotten):
                        row = _row(visitor_id, change, origin, source_turn, now)
                        cursor = await connection.execute(_QUERIES["keep_preference"], row)
                        if await cursor.fetchone() is not None:
                            kept.append(change)
                    elif await _dropped(connection, change.kind, change.about):
                        forgotten.append(change)
            asks = missing - await _refused(connection) if missing else missing
        return Remembered(kept=tuple(kept), forgotten=tuple(forgotten), asks=frozenset(asks))

    async def replace_kinds(
        self, visitor_id: UUID, changes: Mapping[Kind, Sequence[Value]], *, now: datetime
    ) -> Profile:
        """Put the values given in place of all of those kinds; an empty sequence forgets a kind. All or nothing.

        Raises:
            ConsentNeededError: a value needs a consent that is not in force.
        """
        async with self._database.transaction(visitor_id=visitor_id) as connection:
            profile = await _profile(connection, now)
            for kind, values in changes.items():
                await _dropped(connection, kind, None)
                for value in values:
                    purpose = purpose_of(value)
                    row = _row(visitor_id, value, "stated", None, now)
                    cursor = await connection.execute(_QUERIES["keep_preference"], row)
                    if not profile.allows(purpose) or await cursor.fetchone() is None:
                        raise ConsentNeededError(
                            f"The visitor has not agreed to {purpose!r}; see PUT /v1/me/consent."
                        )
            return await _profile(connection, now)

    async def forget(self, visitor_id: UUID, kind: Kind | None = None) -> int:
        """Forget one kind, or everything; how many there were. Consents stay as they are."""
        async with self._database.transaction(visitor_id=visitor_id) as connection:
            return len(await _dropped(connection, kind, None))

    async def learn_from_likes(self, visitor_id: UUID, *, now: datetime) -> Remembered:
        """Remember the kinds of event that the visitor's thumbs speak for, if they agreed to preferences."""
        async with self._database.transaction(visitor_id=visitor_id) as connection:
            since = now - LEARNT_LIFETIME
            cursor = await connection.execute(_QUERIES["thumbs"], {"since": since})
            thumbs = [(Category(row["category"]), row["thumb"]) for row in await cursor.fetchall()]
        return await self.remember(visitor_id, liked_kinds(thumbs), now=now, origin="learnt")


def liked_kinds(thumbs: Sequence[tuple[Category, str]]) -> list[Like]:
    """The kinds with at least two thumbs up, for different events, and none down."""
    return [
        Like(about=kinds()[category].all.fr, category=category)
        for category in Category
        if category is not Category.OTHER
        and thumbs.count((category, "up")) >= _LIKES_TO_LEARN
        and (category, "down") not in thumbs
    ]


def _answered(
    visitor: Visitor, purpose: Purpose, language: Language, now: datetime
) -> dict[str, Any]:
    """What is kept of an answer to the question of consent."""
    return {
        "visitor_id": visitor.id,
        "kind": visitor.kind,
        "purpose": purpose,
        "wording": WORDING[purpose][language],
        "now": now,
    }


async def _refused(connection: Connection) -> set[Purpose]:
    cursor = await connection.execute(_QUERIES["refused"])
    return {row["purpose"] for row in await cursor.fetchall()}


async def _profile(connection: Connection, now: datetime) -> Profile:
    cursor = await connection.execute(_QUERIES["consents"])
    consents = [
        Consent(purpose=row["purpose"], wording=row["wording"], given_at=row["given_at"])
        for row in await cursor.fetchall()
    ]
    cursor = await connection.execute(_QUERIES["preferences"], {"now": now})
    read = [_preference(row) for row in await cursor.fetchall()]
    return Profile(consents=tuple(consents), preferences=tuple(filter(None, read)))


def _preference(row: Mapping[str, Any]) -> Preference | None:
    """A row; None, and a log line, when another release wrote it in a way that this one cannot read."""
    try:
        value = value_from(row["value"])
    except ValidationError:
        log.warning("preference.unreadable", kind=row["kind"])
        return None
    return Preference(
        value=value,
        **{name: row[name] for name in ("id", "origin", "source_turn", "created_at", "expires_at")},
    )


def _row(
    visitor_id: UUID, value: Value, origin: Origin, source_turn: UUID | None, now: datetime
) -> dict[str, Any]:
    lifetime: timedelta = LIFETIME if origin == "stated" else LEARNT_LIFETIME
    return {
        "visitor_id": visitor_id,
        "kind": value.kind.value,
        "about": about_of(value),
        "value": Jsonb(json_of(value)),
        "origin": origin,
        "source_turn": source_turn,
        "purpose": purpose_of(value),
        "now": now,
        "expires_at": now + lifetime,
    }


async def _dropped(connection: Connection, kind: Kind | None, about: str | None) -> list[Any]:
    values = {"kind": kind.value if kind else None, "about": about}
    return await (await connection.execute(_QUERIES["drop_preferences"], values)).fetchall()
