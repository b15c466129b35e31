"""Events that visitors follow, and what is new about them since they last looked.

Every read and write runs as the visitor. Enter at `FollowedEvents` and `news_of`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from puls import phrasing
from puls.catalogue.event import Status
from puls.catalogue.store import StoredEvent
from puls.database import Database, Queries
from puls.errors import LimitReachedError
from puls.identity.visitor import Visitor
from puls.understanding.notices import Notice

MOST_FOLLOWED = 200
_QUERIES = Queries.beside("puls.conversation.keeping", "followed_queries.sql")
_MEETING = Queries.beside("puls.conversation.keeping")

_STATUS_NEWS: Mapping[Status, tuple[str, str]] = {
    Status.SCHEDULED: ("De nouveau programmé", "On again"),
    Status.RESCHEDULED: ("Reprogrammé", "Rescheduled"),
    Status.MOVED_ONLINE: ("Déplacé en ligne", "Moved online"),
    Status.POSTPONED: ("Reporté", "Postponed"),
    Status.FULL: ("Complet", "Sold out"),
    Status.CANCELLED: ("Annulé", "Cancelled"),
}
_REMOVED = Notice(code="removed", fr="Retiré par son organisateur", en="Withdrawn by its organiser")
_OVER = Notice(code="over", fr="Terminé", en="Over")


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """A followed event as the visitor saw it at `seen_at`; `next_starts_at` None: nothing was to come."""

    uid: str
    followed_at: datetime
    seen_at: datetime
    status: Status
    next_starts_at: datetime | None


class FollowedEvents:
    """What visitors follow."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def follow(self, visitor: Visitor, stored: StoredEvent, *, now: datetime) -> None:
        """Follow an event, or have seen what is new about it.

        Raises:
            LimitReachedError: the visitor follows as many as Puls keeps.
        """
        event = stored.event
        coming = event.coming(now)
        values = {
            "visitor_id": visitor.id,
            "kind": visitor.kind,
            "uid": event.uid,
            "status": int(event.status),
            "next_starts_at": coming[0].starts_at if coming else None,
            "most": MOST_FOLLOWED,
            "now": now,
        }
        async with self._database.transaction(visitor_id=visitor.id) as connection:
            await connection.execute(
                _MEETING["meet"], values
            )  # and lock out a second one meanwhile
            cursor = await connection.execute(_QUERIES["follow"], values)
            if await cursor.fetchone() is None:
                raise LimitReachedError(
                    f"You follow {MOST_FOLLOWED} events, as many as Puls keeps; stop following one first."
                )

    async def unfollow(self, visitor_id: UUID, uid: str) -> None:
        """Nothing happens when they do not follow it."""
        async with self._database.transaction(visitor_id=visitor_id) as connection:
            await connection.execute(_QUERIES["unfollow"], {"uid": uid})

    async def all(self, visitor_id: UUID) -> tuple[Followed, ...]:
        """What the visitor follows, the latest first."""
        async with self._database.transaction(visitor_id=visitor_id) as connection:
            rows = await (await connection.execute(_QUERIES["followed"])).fetchall()
        return tuple(Followed(**row | {"status": Status(row["status"])}) for row in rows)

    async def known_since(self, visitor_id: UUID) -> datetime | None:
        """When Puls first kept something of the visitor; None when it keeps nothing."""
        async with self._database.transaction(visitor_id=visitor_id) as connection:
            row = await (await connection.execute(_QUERIES["known_since"])).fetchone()
        return row["created_at"] if row else None


def news_of(followed: Followed, stored: StoredEvent, *, now: datetime) -> tuple[Notice, ...]:
    """What changed since the visitor last saw the event. Pure.

    A date that passed is no news: only one that was to come and is no longer announced has moved.
    """
    event, seen_next = stored.event, followed.next_starts_at
    coming = event.coming(now)
    news: list[Notice] = []
    if stored.removed_at is not None and stored.removed_at > followed.seen_at:
        news.append(_REMOVED)
    if event.status is not followed.status:
        fr, en = _STATUS_NEWS[event.status]
        news.append(Notice(code="status", fr=fr, en=en))
    if seen_next is not None and not coming:
        news.append(_OVER)
    elif coming and _is_gone(seen_next, stored, now):
        fr, en = (
            phrasing.moment(coming[0], event.timezone, now=now, language=language)
            for language in ("fr", "en")
        )
        news.append(Notice(code="moved", fr=f"Nouvelle date : {fr}", en=f"New date: {en}"))
    return tuple(news)


def _is_gone(seen_next: datetime | None, stored: StoredEvent, now: datetime) -> bool:
    """Whether the date seen is no longer announced; after none, any date is new."""
    if seen_next is None:
        return True
    return seen_next > now and all(one.starts_at != seen_next for one in stored.event.occurrences)
