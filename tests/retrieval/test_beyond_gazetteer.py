"""Venues and addresses are read beside a question and never hold it up."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import psycopg
import pytest
from tests.serving import LYON, NOW, an_event, save

from puls.catalogue.store import Catalogue
from puls.database import Database
from puls.geo.distance import Coordinates
from puls.geo.places import Address
from puls.retrieval.beyond_gazetteer import BeyondGazetteer


def row(name: str = "Le Sucre") -> dict[str, Any]:
    return {
        "name": name,
        "city": "Lyon",
        "commune_code": "69123",
        "lat": 45.737,
        "lon": 4.815,
        "events": 3,
    }


class Rows:
    """A catalogue that counts how often it is read."""

    def __init__(self) -> None:
        self.rows: Sequence[dict[str, Any]] = [row()]
        self.read = 0
        self.is_down = False
        self.gate = asyncio.Event()
        self.gate.set()

    async def venue_names(self) -> Sequence[dict[str, Any]]:
        self.read += 1
        await self.gate.wait()
        if self.is_down:
            raise psycopg.OperationalError("down")
        return self.rows


class Knowing:
    """A geocoder that knows one street."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def locate(self, words: str, *, near: Coordinates | None = None) -> Address | None:
        assert near is None
        self.asked.append(words)
        return Address(words, None, Coordinates(45.76, 4.83)) if "Haute" in words else None


async def test_venues_are_read_once_for_ten_minutes() -> None:
    source, clock = Rows(), [0.0]
    beyond = BeyondGazetteer(venues=source, clock=lambda: clock[0])
    for _ in range(3):
        assert ("sucre",) in (await beyond.venues()).by_words
    clock[0] = 599
    await beyond.venues()
    assert source.read == 1


async def test_later_questions_never_wait_for_venues() -> None:
    source, clock = Rows(), [0.0]
    beyond = BeyondGazetteer(venues=source, clock=lambda: clock[0])
    await beyond.venues()
    clock[0], source.rows = 601, [row("Le Trianon")]
    source.gate.clear()
    stale = await asyncio.wait_for(beyond.venues(), 1)
    assert ("sucre",) in stale.by_words
    source.gate.set()
    assert beyond._reading is not None
    await beyond._reading
    assert ("trianon",) in (await beyond.venues()).by_words
    assert source.read == 2


async def test_a_catalogue_that_is_down_breaks_no_question() -> None:
    source, clock = Rows(), [0.0]
    source.is_down = True
    beyond = BeyondGazetteer(venues=source, clock=lambda: clock[0])
    assert (await beyond.venues()).by_words == {}


async def test_addresses_are_asked_for_only_when_one_is_said() -> None:
    geocoder = Knowing()
    beyond = BeyondGazetteer(venues=Rows(), geocoder=geocoder)
    assert await beyond.addresses("concert à Lyon", None, None) == {}
    assert geocoder.asked == []
    found = await beyond.addresses("concert au 3 rue Haute à Crest ce soir", "nulle part", None)
    assert list(found) == ["3 rue Haute à Crest"]
    assert geocoder.asked == ["3 rue Haute à Crest", "nulle part"]


async def test_without_a_geocoder_nothing_is_asked() -> None:
    assert await BeyondGazetteer(venues=Rows()).addresses("3 rue Haute à Crest", "x", None) == {}


@pytest.mark.database
async def test_the_catalogue_gives_its_venues_by_name(database: Database) -> None:
    """Where nothing findable happens nobody is sent."""
    closed = replace(LYON, key="closed", name="Le Fermé")
    nowhere = replace(LYON, key="nowhere", name="Le Flou", is_approximate=True)
    await save(
        database,
        [
            an_event("1"),
            an_event("2"),
            an_event("3", venue=closed),
            an_event("4", venue=nowhere),
        ],
    )
    catalogue = Catalogue(database)
    async with database.transaction() as connection:
        await catalogue.remove(connection, "test", ["3"], now=NOW)
    names = await BeyondGazetteer(venues=catalogue).venues()
    (venue,) = {venue for named in names.by_words.values() for venue in named}
    assert (venue.name, venue.city, venue.events) == ("Le Transbordeur", "Lyon", 2)
    assert venue.coordinates == LYON.coordinates
