"""How many events each relaxation would find, in one round trip: « 3 samedi · 2 à Valence, 28 km ».

The filters and the theme gate are those of `search`, fragment by fragment, so a count is what its link then finds.
Reads the catalogue and never writes. Enter at `count_relaxations`.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg import sql

from puls.database import Database, Queries
from puls.retrieval.filters import filter_values
from puls.retrieval.live_version import LiveVersion
from puls.retrieval.search import Asked, EventSearch, statement_of
from puls.understanding.saying.relaxations import Relaxation
from puls.understanding.wish import Wish

_QUERIES = Queries.beside("puls.retrieval", "relaxing.sql")
_PLACEHOLDER = re.compile(r"%\((\w+)\)s")


@dataclass(frozen=True, slots=True)
class CountedRelaxation:
    """A relaxation and how many events on theme its search finds: never none."""

    relaxation: Relaxation
    count: int


async def count_relaxations(
    database: Database, search: EventSearch, relaxations: Sequence[Relaxation], *, now: datetime
) -> tuple[CountedRelaxation, ...]:
    """Those that find something, in the order given; of those that find the very same events, the first."""
    if not relaxations:
        return ()
    version = await search.version()
    asked = await search.asked(relaxations[0].wish.topic, version)
    statement, values = _statement([each.wish for each in relaxations], asked, version, now)
    rows = {row["position"]: row for row in await database.fetch_all(statement, **values)}
    offered: dict[tuple[int, int], CountedRelaxation] = {}
    for position, relaxation in enumerate(relaxations):
        row = rows[position]
        if row["events"]:
            counted = CountedRelaxation(relaxation, row["events"])
            offered.setdefault((row["events"], row["which"]), counted)
    return tuple(offered.values())


def _statement(
    wishes: Sequence[Wish], asked: Asked, version: LiveVersion, now: datetime
) -> tuple[sql.Composed, Mapping[str, Any]]:
    """One branch a wish; the values of each get names of their own. All have the same theme."""
    values: dict[str, Any] = dict(asked.values(version))
    branches: list[sql.Composable] = []
    for at, wish in enumerate(wishes):
        own = filter_values(wish, now=now)
        values |= {f"{name}_{at}": bound for name, bound in own.items()}
        counted = statement_of("count_on_theme" if wish.topic else "count_few", wish, version)
        # Fragments of our own: what a visitor wrote is among the values, never in this text.
        branch = _PLACEHOLDER.sub(
            lambda found, own=own, at=at: f"%({found[1]}_{at})s" if found[1] in own else found[0],  # type: ignore[misc] # mypy knows no defaults of lambdas
            counted.as_string(),
        )
        branches.append(_QUERIES.fill("branch", position=sql.Literal(at), counted=sql.SQL(branch)))
    together = sql.SQL("\nUNION ALL\n").join(branches)
    words = statement_of("topic_words", wishes[0], version)
    return _QUERIES.fill("count_each", topic_words=words, branches=together), values
