"""Venues as places with a page of their own: known by a key, with what is on there. Reads only.

Agendas describe one venue under many keys; those of one name in one commune are one venue here.
"""

from dataclasses import dataclass
from datetime import datetime

from puls.catalogue.event import FINDABLE_STATUSES, Venue
from puls.catalogue.rows import venue_from_row
from puls.database import Database, Queries
from puls.errors import NotFoundError

_QUERIES = Queries.beside("puls.catalogue", "venue_queries.sql")


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownVenue:
    """A venue: `venue` as the key that was asked for describes it, `main_key` the one of them all that its page is under."""

    venue: Venue
    main_key: str
    keys: tuple[str, ...]


async def known_venue(database: Database, key: str) -> KnownVenue:
    """The venue of a key.

    Raises:
        NotFoundError: no event ever named such a venue, or it has no name.
    """
    rows = await database.fetch_all(_QUERIES["venues_like"], key=key)
    own = next((row for row in rows if row["venue_key"] == key), None)
    if own is None:
        raise NotFoundError("No venue has this key.")
    venue = venue_from_row(own)
    assert venue is not None
    return KnownVenue(
        venue=venue,
        main_key=rows[0]["venue_key"],
        keys=tuple(row["venue_key"] for row in rows),
    )


async def events_at(
    database: Database, keys: tuple[str, ...], *, now: datetime, limit: int, beside: str = ""
) -> tuple[list[str], int]:
    """Uids of what is still to come there, soonest first, each event once, and how many there are. `beside`: all but this uid."""
    rows = await database.fetch_all(
        _QUERIES["events_at"],
        keys=list(keys),
        now=now,
        limit=limit,
        beside=beside,
        findable=[int(status) for status in sorted(FINDABLE_STATUSES)],
    )
    return [row["uid"] for row in rows], rows[0]["all"] if rows else 0
