"""How many events each relaxation would find, in one round trip: « 3 samedi · 2 à Valence, 28 km ».

The filters are those of `search`, fragment by fragment, so a count is what its link then finds.
Reads the catalogue and never writes. Enter at `count_relaxations`.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg import sql

from puls.database import Database, Queries
from puls.retrieval.search import MOST_COUNTED, filter_values, filters_of
from puls.retrieval.vocabulary import expansions_of
from puls.understanding.relaxations import Relaxation
from puls.understanding.wish import Wish

_QUERIES = Queries.beside("puls.retrieval", "relaxing.sql")
_PLACEHOLDER = re.compile(r"%\((\w+)\)s")


@dataclass(frozen=True, slots=True)
class CountedRelaxation:
    """A relaxation and how many events it finds by its filters and the words of its theme.

    Search may find more by meaning; never fewer.
    """

    relaxation: Relaxation
    count: int


async def count_relaxations(
    database: Database, relaxations: Sequence[Relaxation], *, now: datetime
) -> tuple[CountedRelaxation, ...]:
    """Those that find something first, each part in the order given."""
    if not relaxations:
        return ()
    statement, values = _statement([each.wish for each in relaxations], now)
    rows = await database.fetch_all(statement, **values)
    counts = {row["position"]: row["events"] for row in rows}
    counted = [CountedRelaxation(each, counts[at]) for at, each in enumerate(relaxations)]
    return tuple(sorted(counted, key=lambda each: each.count == 0))


def _statement(wishes: Sequence[Wish], now: datetime) -> tuple[sql.Composed, Mapping[str, Any]]:
    """One branch a wish; the values of each get names of their own. All have the same theme."""
    topic = wishes[0].topic
    values: dict[str, Any] = {"texts": [topic, *expansions_of(topic)]}
    branches: list[sql.Composable] = []
    for at, wish in enumerate(wishes):
        values |= {f"{name}_{at}": bound for name, bound in filter_values(wish, now=now).items()}
        branch = _QUERIES.fill(
            "fits_on_topic" if topic else "fits",
            position=sql.Literal(at),
            filters=filters_of(wish),
            most=sql.Literal(MOST_COUNTED + 1),
        ).as_string()
        # Fragments of our own: what a visitor wrote is among the values, never in this text.
        branches.append(sql.SQL(_PLACEHOLDER.sub(rf"%(\1_{at})s", branch)))
    return _QUERIES.fill("count_each", branches=sql.SQL("\nUNION ALL\n").join(branches)), values
