"""Answers kept for the next visitor who asks the same: a table shared by all replicas, never in an answer's way.

A database that is away or slow means that nothing is known, and a model writes. What may be kept and under which key is
decided in `shared_answers`; whoever tells a kept answer checks it anew. Enter at `AnswerCache`.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from psycopg.types.json import Jsonb

from puls.conversation.turn import Sentence
from puls.database import Database, Queries
from puls.errors import DatabaseUnavailableError
from puls.llm.accounts import Ledger, ModelCall
from puls.llm.chat import ModelUsage
from puls.monitoring import ANSWER_CACHE, log

MOST_ROWS = 5_000  # some kilobytes each
LIFETIME = timedelta(days=1)
_PATIENCE_SECONDS = 0.5  # an answer waits this long
_QUERIES = Queries.beside("puls.conversation.writing", "cache_queries.sql")

Outcome = Literal["hit", "miss", "stale", "personal", "unavailable"]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptAnswer:
    """The sentences that passed the check when `writer` (`provider:model`) wrote them."""

    writer: str
    sentences: tuple[Sentence, ...]


class AnswerCache:
    """Answers by key. `ledger` gets a row of every answer that is told again."""

    def __init__(self, database: Database, *, ledger: Ledger, most_rows: int = MOST_ROWS) -> None:
        self._database = database
        self._ledger = ledger
        self._most_rows = most_rows

    async def kept(self, key: bytes, *, now: datetime) -> KeptAnswer | None:
        """The answer under this key, not older than a day."""
        values = {"key": key, "since": now - LIFETIME}
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                row = await self._database.fetch_one(_QUERIES["kept_answer"], **values)
        except (TimeoutError, DatabaseUnavailableError):
            self.count("unavailable")
            return None
        return _kept(row) if row else None

    async def keep(self, key: bytes, answer: KeptAnswer, *, now: datetime) -> None:
        """Keep an answer in place of the one under this key; the oldest go when there are too many."""
        values = {
            "key": key,
            "writer": answer.writer,
            "sentences": Jsonb([asdict(sentence) for sentence in answer.sentences]),
            "now": now,
        }
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS), self._database.transaction() as it:
                await it.execute(_QUERIES["keep_answer"], values)
                await it.execute(_QUERIES["forget_surplus"], {"most": self._most_rows})
        except (TimeoutError, DatabaseUnavailableError) as error:
            log.warning("answer_cache.not_kept", why=type(error).__name__)

    async def told_again(
        self, answer: KeptAnswer, *, visitor_id: UUID, seconds: float, now: datetime
    ) -> None:
        """Count an answer that cost nothing, as a call that no provider worked on."""
        self.count("hit")
        call = ModelCall(
            at=now,
            purpose="answer",
            visitor_id=visitor_id,
            outcome="cached",
            attempt=1,
            usage=ModelUsage(model=answer.writer, cost_eur=0.0),
            first_token_seconds=seconds,
            total_seconds=seconds,
        )
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                await self._ledger.record(call)
        except (TimeoutError, DatabaseUnavailableError) as error:
            log.warning("answer_cache.row_lost", why=type(error).__name__)

    async def forget_old(self, *, now: datetime) -> int:
        """Drop what is older than a day; how many answers that were."""
        async with self._database.transaction() as connection:
            values = {"before": now - LIFETIME}
            return (await connection.execute(_QUERIES["forget_old"], values)).rowcount

    @staticmethod
    def count(outcome: Outcome) -> None:
        """`stale`: kept, and no longer borne out by the records. `personal`: never looked for."""
        ANSWER_CACHE.labels(outcome=outcome).inc()


def _kept(row: dict[str, Any]) -> KeptAnswer:
    sentences: Sequence[dict[str, Any]] = row["sentences"]
    return KeptAnswer(
        writer=row["writer"],
        sentences=tuple(Sentence(text=one["text"], uids=tuple(one["uids"])) for one in sentences),
    )
