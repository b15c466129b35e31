"""Events like one event: the nearest by meaning among those still to come near it. Reads only. Enter at `similar_to`."""

from datetime import datetime, timedelta

from puls.catalogue.event import Event, Interval
from puls.database import Database, Queries
from puls.retrieval.filters import filter_values
from puls.retrieval.ranking import FoundEvent
from puls.retrieval.search import CANDIDATES, EXACT_LIMIT, EventSearch, statement_of
from puls.understanding.wish import Near, Where, Wish

NEAR_KM = 30.0  # about an hour door to door: farther is another outing
AHEAD = timedelta(days=60)
_LOOKED_AT = 4  # times as many as are shown: of those, the ones of its kind come first
_QUERIES = Queries.beside("puls.retrieval", "neighbours.sql")


async def similar_to(
    event: Event, *, search: EventSearch, database: Database, now: datetime, limit: int
) -> tuple[FoundEvent, ...]:
    """At most `limit` other events, the most alike first; none of its own series.

    Without an index, or for an event without a vector, those of its kind that come first.
    """
    wish = wish_near(event, now=now)
    version = await search.version()
    vector = None
    if version.has_vectors:
        row = await database.fetch_one(
            _QUERIES.on("vector_of", embeddings=version.table), uid=event.uid
        )
        vector = row["vector"] if row else None
    if vector is None:
        kind = Wish(when=wish.when, where=wish.where, categories=(event.category,))
        found = (await search.find(kind, now=now, limit=2 * limit)).events
    else:
        values = filter_values(wish, now=now) | {
            "vector": vector, "candidates": CANDIDATES, "exact_limit": EXACT_LIMIT,
        }  # fmt: skip
        rows = await database.fetch_all(statement_of("nearest_uids", wish, version), **values)
        uids = [row["uid"] for row in rows[: _LOOKED_AT * limit]]
        near = await search.events(uids, wish, now=now)
        found = tuple(sorted(near, key=lambda one: one.event.category is not event.category))
    return _each_once(found, beside=event)[:limit]


def wish_near(event: Event, *, now: datetime) -> Wish:
    """What is on near it in the weeks to come; anywhere when it has no place."""
    at = event.venue.coordinates if event.venue else None
    where = None if at is None else Where(label="", near=Near(center=at, radius_km=NEAR_KM))
    return Wish(when=(Interval(now, now + AHEAD),), where=where)


def _each_once(found: tuple[FoundEvent, ...], *, beside: Event) -> tuple[FoundEvent, ...]:
    """Neither the event itself nor two of one series."""
    seen = {beside.uid, beside.series_key, beside.duplicate_key}
    kept: list[FoundEvent] = []
    for one in found:
        names = {one.event.uid, one.event.series_key, one.event.duplicate_key}
        if not names & seen:
            seen |= names
            kept.append(one)
    return tuple(kept)
