"""Fill a database with a month of invented visitors, so that `/ops` has something to show: by hand, for its tests and its bench.

    python -m scripts.simulate_usage --database-url postgresql://… --turns 20000 --seed 1

Deterministic by seed. It refuses a database that holds turns, unless `--over` says that they may go. Rows are written by
COPY, so its login must be a superuser (the embedded server's is one): row-level security allows no other.
"""

import argparse
import json
import random
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from typing import Any, Final
from uuid import UUID

import psycopg
from psycopg import sql
from scripts.simulated_people import Session, SimulatedTurn, sessions

_BLOCK: Final = 20_000  # sessions written at once
_INVENTED: Final = 200  # events, when the catalogue holds none
_COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "visitor": ("id", "kind", "created_at", "seen_at"),
    "conversation": ("id", "visitor_id", "title", "created_at", "last_turn_at"),
    "turn": (
        "id", "visitor_id", "conversation_id", "request_id", "state", "text", "kind", "language", "wish", "answer", "writer",
        "failure", "milliseconds", "checking", "created_at", "begun_at", "finished_at", "seen",
    ),
    "turn_event": ("turn_id", "visitor_id", "place", "uid"),
    "feedback": ("visitor_id", "turn_id", "uid", "category", "thumb", "reason_code", "created_at"),
    "survey_answer": ("turn_id", "visitor_id", "score", "created_at"),
    "model_call": (
        "at", "purpose", "model", "visitor_id", "outcome", "attempt", "tokens_in", "tokens_cached", "tokens_out",
        "is_estimated", "cost_eur", "first_token_ms", "total_ms",
    ),
    "web_search_call": ("at", "provider", "purpose", "outcome", "cost_eur", "ms", "results"),
}  # fmt: skip


@dataclass(slots=True)
class _Rows:
    """Lines of PostgreSQL's text format, by table."""

    of: dict[str, list[str]] = field(default_factory=lambda: {table: [] for table in _COLUMNS})

    def add(self, table: str, *values: object) -> None:
        self.of[table].append("\t".join(_written(value) for value in values))


@dataclass(slots=True)
class _Ids:
    """Ids that look random and follow from the seed."""

    rng: random.Random

    def next(self) -> UUID:
        return UUID(int=self.rng.getrandbits(128), version=4)


def simulate(url: str, *, turns: int, until: datetime, seed: int) -> dict[str, int]:
    """Write about `turns` turns of the thirty days before `until` (aware); how many rows each table got.

    Raises:
        psycopg.Error: the login is no superuser, or the database cannot be written.
    """
    written = dict.fromkeys(_COLUMNS, 0)
    ids = _Ids(random.Random(f"ids {seed}"))  # noqa: S311 # invented people
    with psycopg.connect(url) as connection:
        connection.execute(
            "SET session_replication_role = replica"
        )  # references are whole by making
        uids = [
            row[0] for row in connection.execute("SELECT uid FROM event ORDER BY uid LIMIT 500")
        ]
        uids = uids or [f"simulated-{at}" for at in range(_INVENTED)]
        made = sessions(turns=turns, until=until, seed=seed, uids=uids)
        visitors: dict[int, UUID] = {}
        seen: dict[int, list[datetime]] = {}
        while block := list(islice(made, _BLOCK)):
            rows = _Rows()
            for session in block:
                _write_session(rows, session, visitors, seen, ids)
            for table, lines in rows.of.items():
                written[table] += _copy(connection, table, lines)
        rows = _Rows()
        for number, moments in seen.items():
            rows.add("visitor", visitors[number], "anonymous", min(moments), max(moments))
        written["visitor"] = _copy(connection, "visitor", rows.of["visitor"])
        connection.commit()
    with psycopg.connect(url, autocommit=True) as connection:
        for table in _COLUMNS:
            connection.execute(sql.SQL("VACUUM (ANALYZE) {}").format(sql.Identifier(table)))
    return written


def _write_session(
    rows: _Rows,
    session: Session,
    visitors: dict[int, UUID],
    seen: dict[int, list[datetime]],
    ids: _Ids,
) -> None:
    visitor = visitors.setdefault(session.visitor, ids.next())
    conversation = ids.next()
    moments = [turn.at for turn in session.turns]
    seen.setdefault(session.visitor, []).extend((moments[0], moments[-1]))
    title = session.turns[0].asked.words
    rows.add("conversation", conversation, visitor, title, moments[0], moments[-1])
    for turn in session.turns:
        _write_turn(rows, turn, visitor=visitor, conversation=conversation, ids=ids)


def _write_turn(
    rows: _Rows, turn: SimulatedTurn, *, visitor: UUID, conversation: UUID, ids: _Ids
) -> None:
    turn_id = ids.next()
    is_finished = turn.state == "finished"
    answer = "Voici ce que j’ai trouvé." if turn.shown else "Rien ne convient à tout à la fois."
    rows.add(
        "turn", turn_id, visitor, conversation, ids.next(), turn.state, turn.asked.words,
        turn.kind if is_finished else None, turn.language if is_finished else None,
        turn.asked.wish_text if is_finished else None, answer if is_finished else None, turn.writer, turn.failure,
        json.dumps(turn.milliseconds) if is_finished else None, json.dumps(turn.checking) if is_finished else None,
        turn.at, turn.at, turn.ended_at, json.dumps(turn.seen) if is_finished else None,
    )  # fmt: skip
    for place, uid in enumerate(turn.shown, start=1):
        rows.add("turn_event", turn_id, visitor, place, uid)
    given_at = turn.ended_at
    if turn.thumb:
        rows.add("feedback", visitor, turn_id, None, None, turn.thumb, turn.reason_code, given_at)
    if turn.event_thumb:
        uid, category = turn.shown[0], turn.asked.category or "other"
        rows.add("feedback", visitor, turn_id, uid, category, turn.event_thumb, None, given_at)
    if turn.score:
        rows.add("survey_answer", turn_id, visitor, turn.score, given_at)
    for at, model, outcome, attempt, *tokens, cost, first_ms, total_ms in turn.calls:
        rows.add(
            "model_call", at, "answer", model, visitor, outcome, attempt, *tokens, False, cost, first_ms, total_ms
        )  # fmt: skip
    for at, provider, outcome, cost, ms, results in turn.searches:
        rows.add("web_search_call", at, provider, "turn", outcome, cost, ms, results)


def _written(value: object) -> str:
    if value is None:
        return r"\N"
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value).replace("\\", r"\\").replace("\t", r"\t").replace("\n", r"\n")


def _copy(connection: psycopg.Connection[Any], table: str, lines: Sequence[str]) -> int:
    if not lines:
        return 0
    columns = sql.SQL(", ").join(sql.Identifier(column) for column in _COLUMNS[table])
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), columns)
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        copy.write("\n".join(lines) + "\n")
    return len(lines)


def _is_in_use(url: str) -> bool:
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT EXISTS (SELECT FROM turn)").fetchone()
    return bool(row and row[0])


def _empty(url: str) -> None:
    with psycopg.connect(url) as connection:
        tables: Iterable[str] = (*_COLUMNS, "usage_figure", "usage_counted")
        connection.execute(
            sql.SQL("TRUNCATE {} CASCADE").format(sql.SQL(", ").join(map(sql.Identifier, tables)))
        )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--database-url", required=True)
    parser.add_argument("--turns", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--over", action="store_true", help="delete all visitors and turns that are there"
    )
    given = parser.parse_args()
    if _is_in_use(given.database_url):
        if not given.over:
            sys.exit("This database holds turns; give --over to delete them, or name another one.")
        _empty(given.database_url)
    began = time.perf_counter()
    written = simulate(
        given.database_url, turns=given.turns, until=datetime.now(UTC), seed=given.seed
    )
    print(", ".join(f"{table} {rows:,}" for table, rows in written.items()))
    print(f"{time.perf_counter() - began:.1f} s")


if __name__ == "__main__":
    main()
