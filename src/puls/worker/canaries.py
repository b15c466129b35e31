"""A few fixed questions asked as a visitor would, and the kind of answer that came: when it is another one, something broke.

They go through the same `Asking` as all questions, ask no model to write and say nothing of anybody.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from puls.bootstrap import Puls
from puls.database import Queries
from puls.retrieval.asking import Answer, Question
from puls.retrieval.theme import Match
from puls.understanding.instead import sentence_instead

_QUERIES = Queries.beside("puls.worker")

Kind = Literal["events", "perhaps", "nothing", "sentence"]
"""Events on theme; some that perhaps are; none; or a sentence in place of a search."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Canary:
    """A question and the kind of answer that a Puls in good health gives."""

    question: str
    expected: Kind


CANARIES: Final[Sequence[Canary]] = (
    Canary(question="un concert", expected="events"),
    Canary(question="une exposition à voir en famille", expected="events"),
    Canary(question="que faire dans les trente jours ?", expected="events"),
    Canary(question="merci beaucoup !", expected="sentence"),
    Canary(question="réserve-moi deux places", expected="sentence"),
)


async def ask(puls: Puls, about: str, now: datetime) -> str:
    """Ask them all and keep how each was answered; those of one minute count once."""
    del about
    rows = []
    for canary in CANARIES:
        began = time.perf_counter()
        answer = await puls.asking.ask(
            Question(text=canary.question, now=now, timezone=puls.settings.timezone)
        )
        got = kind_of(answer)
        rows.append(
            {
                "question": canary.question,
                "asked_at": now.replace(second=0, microsecond=0),
                "expected": canary.expected,
                "got": got,
                "is_expected": got == canary.expected,
                "events": len(answer.found.events),
                "ms": round(1_000 * (time.perf_counter() - began)),
            }
        )
    async with puls.database.transaction() as connection:
        for row in rows:
            await connection.execute(_QUERIES["keep_canary"], row)
    others = [f"« {row['question']} »: {row['got']}" for row in rows if not row["is_expected"]]
    told = f" Otherwise: {'; '.join(others)}." if others else ""
    return f"{len(rows) - len(others)} of {len(rows)} questions were answered as expected.{told}"


def kind_of(answer: Answer) -> Kind:
    """What kind of answer it is. Pure."""
    if answer.found.events:
        match answer.found.match:
            case Match.ON_THEME:
                return "events"
            case Match.PERHAPS:
                return "perhaps"
            case Match.NOTHING:
                return "nothing"
    return "sentence" if sentence_instead(answer.understood) is not None else "nothing"
