"""What came into the catalogue last, under the filters of a wish.

Reads the catalogue and never writes. Enter at `latest_uids`.
"""

from collections.abc import Sequence
from datetime import datetime

from puls.database import Database, Queries
from puls.retrieval.filters import Filters, filter_values
from puls.understanding.wish import Wish

_QUERIES = Queries.beside("puls.retrieval", "latest.sql")


async def latest_uids(
    database: Database, wish: Wish, *, now: datetime, limit: int
) -> Sequence[str]:
    """The uids of the events under the filters that the catalogue met last, newest first; the topic of the wish is passed over."""
    statement = _QUERIES.fill("latest", matching=Filters.of(wish).matching)
    values = filter_values(wish, now=now) | {"exact_limit": None, "limit": limit}
    return [row["uid"] for row in await database.reads.fetch_all(statement, **values)]
