"""How many events each relaxation would find, in one round trip: « 3 samedi · 2 à Valence, 28 km ».

The filters and the theme gate are those of `search`, fragment by fragment, so a count is what its link then finds.
Reads the catalogue and never writes. Enter at `count_relaxations`, or at `count_wishes` for any other wishes.
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


@dataclass(frozen=True, slots=True)
class Counted:
    """How many events, and a number that tells two sets of events apart."""

    events: int
    which: int


async def count_relaxations(
    database: Database, search: EventSearch, relaxations: Sequence[Relaxation], *, now: datetime
) -> tuple[CountedRelaxation, ...]:
    """Those that find something, in the order given; of those that find the very same events, the first."""
    if not relaxations:
        return ()
    found = await count_wishes(database, search, [one.wish for one in relaxations], now=now)
    offered: dict[Counted, CountedRelaxation] = {}
    for relaxation, counted in zip(relaxations, found, strict=True):
        if counted.events:
            offered.setdefault(counted, CountedRelaxation(relaxation, counted.events))
    return tuple(offered.values())


async def count_wishes(
    database: Database,
    search: EventSearch,
    wishes: Sequence[Wish],
    *,
    now: datetime,
    only_sure: bool = False,
) -> list[Counted]:
    """How many events on theme each wish would find, in the order given; one round trip a theme.

    `only_sure`: those that state all that was asked, and not those that merely do not deny it.
    """
    version = await search.version()
    found: dict[int, Counted] = {}
    for topic in dict.fromkeys(wish.topic for wish in wishes):
        places = [at for at, wish in enumerate(wishes) if wish.topic == topic]
        asked = await search.asked(topic, version)
        statement, values = _statement(
            [wishes[at] for at in places], asked, version, now, only_sure=only_sure
        )
        for row in await database.reads.fetch_all(statement, **values):
            found[places[row["position"]]] = Counted(row["events"], row["which"])
    return [found[at] for at in range(len(wishes))]


def _statement(
    wishes: Sequence[Wish],
    asked: Asked,
    version: LiveVersion,
    now: datetime,
    *,
    only_sure: bool,
) -> tuple[sql.Composed, Mapping[str, Any]]:
    """One branch a wish; the values of each get names of their own. All have the same theme."""
    values: dict[str, Any] = dict(asked.values(version))
    branches: list[sql.Composable] = []
    for at, wish in enumerate(wishes):
        own = filter_values(wish, now=now)
        values |= {f"{name}_{at}": bound for name, bound in own.items()}
        name = ("count_on_theme" if wish.topic else "count_few") + ("_sure" if only_sure else "")
        counted = statement_of(name, wish, version)
        # Fragments of our own: what a visitor wrote is among the values, never in this text.
        branch = _PLACEHOLDER.sub(
            lambda found, own=own, at=at: f"%({found[1]}_{at})s" if found[1] in own else found[0],  # type: ignore[misc] # mypy knows no defaults of lambdas
            counted.as_string(),
        )
        branches.append(_QUERIES.fill("branch", position=sql.Literal(at), counted=sql.SQL(branch)))
    together = sql.SQL("\nUNION ALL\n").join(branches)
    words = statement_of("topic_words", wishes[0], version)
    return _QUERIES.fill("count_each", topic_words=words, branches=together), values
