"""Letters about saved searches, and about what changed in followed events. Enter at `write_letters` and `LetterNotifier`.

One letter a visitor and run, whatever many searches have news. What a letter tells is written down before it is sent and
taken back when it surely was not; who is killed in between leaves it written, and it is not sent twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from puls.bootstrap import Puls
from puls.database import Connection, Queries
from puls.errors import InvalidInputError
from puls.monitoring import log
from puls.returning.due import is_due
from puls.returning.letters import Address
from puls.returning.saved import SavedSearch
from puls.returning.sending import LetterNotSentError, MailboxRefusedError, Post
from puls.returning.whats_new import Look
from puls.returning.writing import Told, changes_letter, news_letter
from puls.worker.news import News, NotSentError

_QUERIES = Queries.beside("puls.returning")
_VISITORS_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class _Due:
    """A search whose letter is thought of now, and what is new in it."""

    saved: SavedSearch
    look: Look


@dataclass(slots=True)
class Written:
    """What a run did."""

    sent: int = 0
    events: int = 0
    refused: int = 0


async def write_letters(puls: Puls, post: Post, *, now: datetime) -> Written:
    """Write to whoever has news and wants to hear of it now.

    Raises:
        LetterNotSentError: the mail server is away; who was not written to yet will be by the next try.
    """
    written = Written()
    after = UUID(int=0)
    while visitors := await _written_to(puls, after):
        after = visitors[-1]
        for visitor_id in visitors:
            await _write_to(puls, post, visitor_id, written, now)
    return written


async def _written_to(puls: Puls, after: UUID) -> list[UUID]:
    async with puls.database.transaction(is_keeping=True) as connection:
        values = {"after": after, "limit": _VISITORS_AT_ONCE}
        cursor = await connection.execute(_QUERIES["written_to"], values)
        return [row["visitor_id"] for row in await cursor.fetchall()]


async def _write_to(
    puls: Puls, post: Post, visitor_id: UUID, written: Written, now: datetime
) -> None:
    due = await _due(puls, visitor_id, now)
    address = await puls.people.letters.address(visitor_id)
    if not due or address is None:
        return
    told = await _begin(puls, visitor_id, due, now)
    if not told:
        return
    stop = puls.people.letters.tokens.stopping(visitor_id, confirmed_at=address.confirmed_at)
    letter = news_letter(
        post.envelope_to(address, stop=stop, now=now),
        [Told(name=one.saved.name, page=_page(post, one.saved), new=one.look.new) for one in told],
    )
    try:
        await post.send(letter)
    except LetterNotSentError:
        await _take_back(puls, visitor_id, due, now)
        raise
    except MailboxRefusedError:
        written.refused += 1
        return
    ids = [one.saved.id for one in told]
    async with puls.database.transaction(visitor_id=visitor_id) as connection:
        await connection.execute(_QUERIES["sent"], {"ids": ids, "begun_at": now, "now": now})
    written.sent += 1
    written.events += sum(len(one.look.new) for one in told)


async def _due(puls: Puls, visitor_id: UUID, now: datetime) -> list[_Due]:
    due = []
    for saved in await puls.saved_searches.all(visitor_id):
        if not is_due(
            saved.letters,
            considered_at=saved.considered_at,
            now=now,
            timezone=puls.settings.timezone,
        ):
            continue
        try:
            due.append(_Due(saved, await puls.whats_new.look(saved, now=now)))
        except InvalidInputError:
            log.warning("letters.search_unreadable")  # a place that is gone; its page says so
    return due


async def _begin(puls: Puls, visitor_id: UUID, due: Sequence[_Due], now: datetime) -> list[_Due]:
    """Write down what the letter will tell; those searches of which something is left to tell."""
    async with puls.database.transaction(visitor_id=visitor_id) as connection:
        told = [
            one
            for one in [await _begun(connection, each, now, visitor_id) for each in due]
            if one.look.new
        ]
        ids = [one.saved.id for one in due]
        await connection.execute(_QUERIES["considered"], {"ids": ids, "now": now})
    return told


async def _begun(connection: Connection, due: _Due, now: datetime, visitor_id: UUID) -> _Due:
    values = {
        "id": due.saved.id,
        "visitor_id": visitor_id,
        "uids": [one.event.uid for one in due.look.new],
        "now": now,
    }
    cursor = await connection.execute(_QUERIES["begin_letter"], values)
    ours = {row["uid"] for row in await cursor.fetchall()}
    new = tuple(one for one in due.look.new if one.event.uid in ours)
    return _Due(due.saved, Look(answer=due.look.answer, new=new, known=due.look.known))


async def _take_back(puls: Puls, visitor_id: UUID, due: Sequence[_Due], now: datetime) -> None:
    async with puls.database.transaction(visitor_id=visitor_id) as connection:
        ids = [one.saved.id for one in due]
        await connection.execute(_QUERIES["not_sent"], {"ids": ids, "begun_at": now})
        for one in due:
            values = {"id": one.saved.id, "before": one.saved.considered_at, "now": now}
            await connection.execute(_QUERIES["consider_again"], values)


def _page(post: Post, saved: SavedSearch) -> str:
    return f"{post.base}/recherches/{saved.id}?{urlencode({'q': saved.text})}"


class LetterNotifier:
    """Tells visitors who agreed to letters what changed about the events that they follow."""

    def __init__(self, puls: Puls, post: Post, *, now: datetime) -> None:
        self._puls = puls
        self._post = post
        self._now = now

    async def tell(self, visitor_id: UUID, news: Sequence[News], *, key: str) -> bool:
        """False when the visitor gets no letters. Raises NotSentError when the server is away."""
        letters = self._puls.people.letters
        address: Address | None = await letters.address(visitor_id)
        if address is None:
            return False
        stop = letters.tokens.stopping(visitor_id, confirmed_at=address.confirmed_at)
        envelope = self._post.envelope_to(address, stop=stop, now=self._now)
        is_french = address.language == "fr"
        changes = [
            (one.uid, one.title, [each.fr if is_french else each.en for each in one.notices])
            for one in news
        ]
        try:
            await self._post.send(changes_letter(envelope, changes, key=key))
        except MailboxRefusedError:
            return False
        except LetterNotSentError as error:
            raise NotSentError(str(error)) from error
        return True
