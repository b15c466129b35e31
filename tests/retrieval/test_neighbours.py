"""Events like one event: near in meaning and place, of its kind first, never a repeat of itself."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from tests.embedders import WordHashEmbedder
from tests.serving import LYON, NOW, an_event, occurrence, puls_over, save

from puls.catalogue.event import Category
from puls.database import Database
from puls.geo.distance import Coordinates
from puls.geo.gazetteer import Gazetteer
from puls.retrieval.neighbours import AHEAD, similar_to


async def test_the_most_alike_of_its_kind_come_first(
    database: Database, gazetteer: Gazetteer
) -> None:
    """By meaning where there is an index; what is far, much later or of the same series is left out."""
    late = (occurrence(NOW + AHEAD + timedelta(days=2)),)
    lille = replace(LYON, key="lille", commune_code="59350", coordinates=Coordinates(50.63, 3.06))
    await save(
        database,
        [
            an_event("1", title="Guitares manouches", description="jazz manouche guitare swing"),
            an_event("2", title="Nuit du swing", description="jazz manouche guitare swing"),
            an_event("3", title="Orgue", description="bach orgue église fugue"),
            an_event("4", title="Stage", description="jazz manouche guitare swing", category=Category.WORKSHOP),
            an_event("5", title="Loin", description="jazz manouche guitare swing", venue=lille),
            an_event("6", title="Plus tard", description="jazz manouche guitare swing", occurrences=late),
            an_event("7", title="Guitares manouches", series_key="series-1"),
            an_event("8", title="Nuit du swing", series_key="series-2"),
        ],
    )  # fmt: skip
    puls = puls_over(database, gazetteer, embedder=WordHashEmbedder(dimensions=64))
    event = (await puls.catalogue.event("1")).event

    async def titles() -> list[str]:
        found = await similar_to(event, search=puls.search, database=database, now=NOW, limit=3)
        return [one.event.title for one in found]

    without_index = await titles()
    assert set(without_index) == {"Nuit du swing", "Orgue"}
    await puls.index.build(now=lambda: datetime.now(UTC))
    puls = puls_over(database, gazetteer, embedder=WordHashEmbedder(dimensions=64))
    assert await titles() == ["Nuit du swing", "Orgue", "Stage"]


async def test_an_event_without_a_place_has_neighbours_anywhere(
    database: Database, gazetteer: Gazetteer
) -> None:
    """Online, or a town that is not known."""
    await save(database, [an_event("1", venue=None), an_event("2", title="Ailleurs")])
    puls = puls_over(database, gazetteer)
    event = (await puls.catalogue.event("1")).event
    found = await similar_to(event, search=puls.search, database=database, now=NOW, limit=3)
    assert [one.event.title for one in found] == ["Ailleurs"]
