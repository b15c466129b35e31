"""A case made of a turn with a thumb down, without what tells who asked. `prepared`, shown to a person, then `kept`.

Only a turn whose answer got a thumb down can be read here, and only what a judge needs of it: the message, the visitor's
messages before it, the moment, what was understood and shown. Masked words stand where personal data stood; a position
is never taken over. The case waits for a judgement (`expect: unjudged`): a person writes what is right.
"""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from puls.conversation.keeping.stored_turn import readable_wish
from puls.database import Database, Queries
from puls.errors import InvalidInputError, LimitReachedError, NotFoundError
from puls.evaluation.masking import POSITION, Masking
from puls.evaluation.running import UNJUDGED
from puls.geo.gazetteer import Gazetteer
from puls.understanding.wish import Where, Wish

_QUERIES = Queries.beside("puls.evaluation", "added.sql")
_MOST_BYTES = 20_000_000  # of the operator's file
_MOST_HISTORY = 6
_PARIS = ZoneInfo("Europe/Paris")


@dataclass(frozen=True, slots=True)
class Prepared:
    """What would be written, one line of JSONL."""

    row: Mapping[str, Any]

    @property
    def line(self) -> str:
        return json.dumps(self.row, ensure_ascii=False)


async def prepared(database: Database, turn_id: UUID, gazetteer: Gazetteer) -> Prepared:
    """The case of a turn; nothing is written. For `puls evaluate add` and one click on `/ops`.

    Raises:
        NotFoundError: no answer with a thumb down has this number.
        DatabaseUnavailableError: see `puls.database`.
    """
    async with database.transaction(of_all="reviewer") as connection:
        cursor = await connection.execute(_QUERIES["bad_turn"], {"turn_id": turn_id})
        turn = await cursor.fetchone()
    if turn is None:
        raise NotFoundError(f"No answer with a thumb down has the number {turn_id}.")
    async with database.transaction(of_all="figures") as connection:
        cursor = await connection.execute(_QUERIES["whose"], {"turn_id": turn_id})
        whose = await cursor.fetchone()
    assert whose is not None
    async with database.transaction(visitor_id=whose["visitor_id"]) as connection:
        values = {"turn_id": turn_id, "most": _MOST_HISTORY}
        before = await (await connection.execute(_QUERIES["before"], values)).fetchall()
    history = [str(row["text"]) for row in before]
    return Prepared(row_of(turn, history, Masking(gazetteer)))


def row_of(turn: Mapping[str, Any], history: list[str], masking: Masking) -> dict[str, Any]:
    """The line of a case, masked; pure."""
    wish = readable_wish(turn["wish_text"])
    return {
        "id": f"thumb-{turn['id']}",
        "now": turn["created_at"].astimezone(_PARIS).isoformat(timespec="minutes"),
        "user": None,
        "history": [masking.masked(text) for text in history],
        "text": masking.masked(turn["text"]),
        "language": turn["language"] or "fr",
        "expect": UNJUDGED,
        "wish": _understood(wish, masking) if wish else {},
        "relevant": {},
        "judged_zero": [],
        "shown": list(turn["shown"]),
        "tags": ["thumb", *filter(None, [turn["reason_code"], turn["kind"]])],
    }


def _understood(wish: Wish, masking: Masking) -> dict[str, Any]:
    """What was understood, to be corrected: never an address, a circle's middle or a position."""
    said = {
        "when": _when(wish),
        "where": _where(wish.where),
        "free": wish.free,
        "max_price": wish.max_price,
        "ages": list(wish.ages) or None,
        "topic": masking.masked(wish.topic) or None,
    }
    return {name: value for name, value in said.items() if value is not None}


def _when(wish: Wish) -> list[str] | None:
    if not wish.when:
        return None
    start = min(each.start for each in wish.when)
    end = max(each.end for each in wish.when)
    return [f"{each.astimezone(_PARIS):%Y-%m-%dT%H:%M}" for each in (start, end)]


def _where(where: Where | None) -> dict[str, Any] | None:
    if where is None:
        return None
    if where.near is not None or where.around_visitor_km is not None:
        return {"masked": POSITION}
    if where.department_codes:
        return {"department": list(where.department_codes)}
    if where.postcodes:
        return {"postcode": where.postcodes[0]}
    return {"city" if where.commune_codes else "region": where.label}


async def kept(path: Path, case: Prepared) -> bool:
    """Write the case at the end of the operator's file; False when it is there already.

    Raises:
        InvalidInputError: the file cannot be read or written.
        LimitReachedError: the file is as large as it may become.
    """
    return await asyncio.to_thread(_write, path, case)


def _write(path: Path, case: Prepared) -> bool:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists():
            if path.stat().st_size > _MOST_BYTES:
                raise LimitReachedError(
                    f"{path} holds {_MOST_BYTES} bytes of cases; judge some first."
                )
            known = {json.loads(one)["id"] for one in _lines(path)}
            if case.row["id"] in known:
                return False
        is_whole = not path.exists() or path.read_bytes()[-1:] in (b"", b"\n")
        with path.open("a", encoding="utf-8") as file:
            file.write(("" if is_whole else "\n") + case.line + "\n")
        path.chmod(0o600)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InvalidInputError(f"The case cannot be kept in {path}: {error}.") from error
    return True


def _lines(path: Path) -> list[str]:
    return [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
