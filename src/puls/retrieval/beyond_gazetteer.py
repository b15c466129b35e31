"""Places that the gazetteer does not hold: venues of the catalogue, and addresses a geocoder locates.

Both only add to what a question says; without them the gazetteer's answer stands. Enter at `BeyondGazetteer`.
"""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

import psycopg
import structlog

from puls.errors import DatabaseUnavailableError
from puls.geo.distance import Coordinates
from puls.geo.places import Address
from puls.understanding.where.addresses import address_in, address_where
from puls.understanding.where.venues import KnownVenue, VenueNames
from puls.understanding.wish import Where

log = structlog.get_logger()

_LIVES_SECONDS = 600.0


class VenueSource(Protocol):
    """Who knows the venues: the catalogue."""

    async def venue_names(self) -> Sequence[Mapping[str, Any]]: ...


class Geocoder(Protocol):
    """Who locates addresses; failures are None."""

    async def locate(self, words: str, *, near: Coordinates | None = None) -> Address | None: ...


class BeyondGazetteer:
    """Venues, read again in the background at most every ten minutes; addresses, when a geocoder is set."""

    def __init__(
        self,
        *,
        venues: VenueSource,
        geocoder: Geocoder | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._source = venues
        self._geocoder = geocoder
        self._clock = clock
        self._names = VenueNames.of(())
        self._read_at: float | None = None
        self._reading: asyncio.Task[None] | None = None

    async def venues(self) -> VenueNames:
        """The venues by name. Only the first question waits for them; later ones get the last known."""
        is_due = self._read_at is None or self._clock() - self._read_at > _LIVES_SECONDS
        if is_due and (self._reading is None or self._reading.done()):
            self._reading = asyncio.create_task(self._read())
        if self._read_at is None and self._reading is not None:
            await asyncio.shield(self._reading)
        return self._names

    async def addresses(
        self, text: str, place: str | None, near: Coordinates | None
    ) -> Mapping[str, Where]:
        """The address in a text and a typed place, located, by their words."""
        if self._geocoder is None:
            return {}
        found = {}
        for words in filter(None, (address_in(text), place)):
            address = await self._geocoder.locate(words, near=near)
            if address is not None:
                found[words] = address_where(address)
        return found

    async def _read(self) -> None:
        try:
            rows = await self._source.venue_names()
            self._names = await asyncio.to_thread(_names_of, rows)
        except (psycopg.Error, DatabaseUnavailableError) as failure:
            # The names known so far stay in use; the search itself says what is wrong.
            log.warning("venue_names.failed", failure=type(failure).__name__)
        self._read_at = self._clock()


def _names_of(rows: Sequence[Mapping[str, Any]]) -> VenueNames:
    return VenueNames.of(
        KnownVenue(
            name=row["name"],
            city=row["city"] or "",
            commune_code=row["commune_code"],
            coordinates=Coordinates(row["lat"], row["lon"]),
            events=row["events"],
        )
        for row in rows
    )
