"""What is new about the events that visitors follow, noticed once each and handed to whoever can tell them.

Each visitor's rows are read and written as that visitor. A `Notifier` reaches only who agreed to letters
(`puls.worker.letters`); for the others what is noticed stands in `followed_news`, in the export of a visitor's data, and
goes with them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol
from uuid import UUID

from puls.bootstrap import Puls
from puls.catalogue.store import StoredEvent
from puls.conversation.keeping.followed import Followed, news_of
from puls.database import Queries
from puls.errors import PulsError
from puls.understanding.notices import Notice

_QUERIES = Queries.beside("puls.worker")
_VISITORS_AT_ONCE: Final = 500


class NotSentError(PulsError):
    """Nothing was handed over; it may be tried again without telling anybody twice."""

    code = "not_sent"


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What is new about one followed event."""

    uid: str
    title: str
    notices: tuple[Notice, ...]


class Notifier(Protocol):
    """Tells visitors, by whatever they agreed to."""

    async def tell(self, visitor_id: UUID, news: Sequence[News], *, key: str) -> bool:
        """Hand the news over, all in one; False when there is no way to reach this visitor.

        `key` is the same for the same news, so that a receiver can tell a repetition.

        Raises:
            NotSentError: nothing was handed over.
        """
        ...


async def notice(puls: Puls, notifier: Notifier | None, about: str, now: datetime) -> str:
    """Note what is new for each visitor, then hand over what is not handed over yet."""
    del about
    noticed = told = visitors = 0
    after = UUID(int=0)
    while following := await _following(puls, after):
        after = following[-1]
        for visitor_id in following:
            news = await _news_for(puls, visitor_id, now)
            noticed += await _noted(puls, visitor_id, news, now)
            if notifier is not None:
                told += await _tell(puls, notifier, visitor_id, news, now)
        visitors += len(following)
    sent = (
        f"{told:,} were sent"
        if notifier is not None
        else "none was sent: no way to write to visitors is set up"
    )
    return f"{noticed:,} news noticed for {visitors:,} visitors who follow events; {sent}."


async def _following(puls: Puls, after: UUID) -> list[UUID]:
    """Visitors who follow something, in order, some at a time. The keeper may see that much and no more."""
    async with puls.database.transaction(is_keeping=True) as connection:
        cursor = await connection.execute(
            _QUERIES["following"], {"after": after, "limit": _VISITORS_AT_ONCE}
        )
        return [row["visitor_id"] for row in await cursor.fetchall()]


async def _news_for(puls: Puls, visitor_id: UUID, now: datetime) -> dict[str, News]:
    """By fingerprint, which is the same for the same news."""
    followed = await puls.people.followed.all(visitor_id)
    stored = await puls.catalogue.events([one.uid for one in followed])
    found: dict[str, News] = {}
    for one in followed:
        event = stored.get(one.uid)
        if event is not None and (notices := news_of(one, event, now=now)):
            found[fingerprint_of(one, event, now=now)] = News(
                uid=one.uid, title=event.event.title, notices=notices
            )
    return found


def fingerprint_of(followed: Followed, stored: StoredEvent, *, now: datetime) -> str:
    """What the visitor saw and what is true now, without words that change with the day. Pure."""
    coming = stored.event.coming(now)
    next_starts_at = coming[0].starts_at.isoformat() if coming else ""
    removed_at = stored.removed_at.isoformat() if stored.removed_at else ""
    return "|".join(
        (followed.uid, followed.seen_at.isoformat(), str(int(stored.event.status)), next_starts_at, removed_at)
    )  # fmt: skip


async def _noted(puls: Puls, visitor_id: UUID, news: dict[str, News], now: datetime) -> int:
    if not news:
        return 0
    noted = 0
    async with puls.database.transaction(visitor_id=visitor_id) as connection:
        for fingerprint, one in news.items():
            values = {
                "visitor_id": visitor_id,
                "uid": one.uid,
                "fingerprint": fingerprint,
                "codes": [notice.code for notice in one.notices],
                "now": now,
            }
            noted += (await connection.execute(_QUERIES["note_news"], values)).rowcount
    return noted


async def _tell(
    puls: Puls, notifier: Notifier, visitor_id: UUID, news: dict[str, News], now: datetime
) -> int:
    """Hand over what nobody has tried yet. Who is killed meanwhile leaves it marked, and it is not sent twice."""
    async with puls.database.transaction(visitor_id=visitor_id) as connection:
        cursor = await connection.execute(
            _QUERIES["begin_telling"], {"fingerprints": list(news), "now": now}
        )
        mine = sorted(row["fingerprint"] for row in await cursor.fetchall())
    if not mine:
        return 0
    try:
        is_told = await notifier.tell(visitor_id, [news[one] for one in mine], key=" ".join(mine))
    except NotSentError:
        await _mark(puls, visitor_id, "telling_failed", mine, now)
        raise
    await _mark(puls, visitor_id, "told" if is_told else "telling_failed", mine, now)
    return len(mine) if is_told else 0


async def _mark(
    puls: Puls, visitor_id: UUID, query: str, fingerprints: Sequence[str], now: datetime
) -> None:
    async with puls.database.transaction(visitor_id=visitor_id) as connection:
        await connection.execute(_QUERIES[query], {"fingerprints": list(fingerprints), "now": now})
