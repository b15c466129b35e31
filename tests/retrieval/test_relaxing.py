"""What is offered when nothing fits: counted in one query, and true once the link is followed."""

from dataclasses import replace
from datetime import datetime, timedelta
from unittest.mock import patch

import pytest
from tests.embedders import WordHashEmbedder
from tests.serving import LYON, NOW, PARIS, SATURDAY_EVENING, an_event, occurrence, save

from puls.catalogue.event import Accessibility, Category, Price, PriceKind, Venue
from puls.database import Database
from puls.database.reads import Reads
from puls.geo.gazetteer import Gazetteer
from puls.retrieval.asking import Asking, Question
from puls.retrieval.relaxing import count_relaxations
from puls.retrieval.search import EventSearch
from puls.retrieval.theme import Match
from puls.retrieval.vocabulary import Vocabulary
from puls.understanding.question import understand
from puls.understanding.saying.relaxations import relaxations_of

pytestmark = pytest.mark.database


def in_town(gazetteer: Gazetteer, name: str) -> Venue:
    commune = gazetteer.communes_named(name)[0]
    return replace(
        LYON,
        key=name,
        name="La salle",
        address=None,
        postcode=commune.postcodes[0],
        city=name,
        commune_code=commune.code,
        department_code=commune.department_code,
        region_code=commune.region_code,
        coordinates=commune.coordinates,
    )


@pytest.fixture
def search(database: Database) -> EventSearch:
    return EventSearch(
        database=database, embedder=WordHashEmbedder(), vocabulary=Vocabulary(database)
    )


@pytest.fixture
async def _around_crest(database: Database, gazetteer: Gazetteer) -> None:
    """Three events in Crest on Saturday, two tonight in Valence, one of them free and for wheelchairs."""
    crest, valence = in_town(gazetteer, "Crest"), in_town(gazetteer, "Valence")
    tonight = NOW + timedelta(hours=2)
    await save(
        database,
        [
            *(an_event(f"crest-{n}", venue=crest, category=Category.THEATRE) for n in range(3)),
            an_event("valence-1", venue=valence, occurrences=(occurrence(tonight),)),
            an_event(
                "valence-2",
                venue=valence,
                title="Bal folk",
                description="Danses d'ici.",
                price=Price(kind=PriceKind.FREE, lowest=0, highest=0),
                accessibility=frozenset({Accessibility.MOTOR}),
                occurrences=(occurrence(tonight),),
            ),
            an_event("lyon", occurrences=(occurrence(SATURDAY_EVENING + timedelta(days=60)),)),
        ],
    )


@pytest.mark.usefixtures("_around_crest")
@pytest.mark.parametrize(
    "question",
    [
        "ce soir à Crest",
        "gratuit ce soir à Crest",
        "concert de jazz ce soir à Crest, 10 € maximum, pour un enfant de 6 ans",
        "concert demain soir à 10 km autour de Die, sauf théâtre",
        "théâtre ce week-end dans la Loire en fauteuil roulant",
        "jazz le 3 décembre à Villeurbanne, sauf folk, en présentiel",
    ],
)
async def test_a_count_is_what_a_search_with_that_wish_finds(
    database: Database, search: EventSearch, gazetteer: Gazetteer, question: str
) -> None:
    """An offer that turns out empty is worse than none."""
    wish = understand(question, now=NOW, gazetteer=gazetteer).wish
    relaxations = relaxations_of(wish, NOW, gazetteer)
    assert relaxations
    for counted in await count_relaxations(database, search, relaxations, now=NOW):
        found = await search.find(counted.relaxation.wish, now=NOW, limit=50)
        on_theme = [one for one in found.events if one.match is Match.ON_THEME]
        assert counted.count == found.fitting == len(on_theme) > 0, counted.relaxation.fr


@pytest.mark.usefixtures("_around_crest")
async def test_all_are_counted_in_one_query(
    database: Database, search: EventSearch, gazetteer: Gazetteer
) -> None:
    """Eight offers must not cost eight searches."""
    await search.warm_up(now=NOW)
    wish = understand("gratuit ce soir à Crest", now=NOW, gazetteer=gazetteer).wish
    asked: list[object] = []
    fetch = Reads.fetch_all

    async def counting(self: Reads, query: bytes, **values: object) -> object:
        asked.append(query)
        return await fetch(self, query, **values)

    with patch.object(Reads, "fetch_all", counting):
        relaxations = relaxations_of(wish, NOW, gazetteer)
        counted = await count_relaxations(database, search, relaxations, now=NOW)
    assert len(relaxations) >= 6
    assert counted
    assert len(asked) == 1


@pytest.mark.usefixtures("_around_crest")
async def test_no_offer_is_empty_and_none_finds_what_another_finds(
    database: Database, search: EventSearch, gazetteer: Gazetteer
) -> None:
    """« Sans le budget : 3 · à tout âge : 3 » are the same three; « demain : 0 » is no offer."""
    wish = understand("gratuit ce soir à Crest", now=NOW, gazetteer=gazetteer).wish
    relaxations = relaxations_of(wish, NOW, gazetteer)
    counted = await count_relaxations(database, search, relaxations, now=NOW)
    found = []
    for each in counted:
        assert each.count > 0
        answer = await search.find(each.relaxation.wish, now=NOW, limit=50)
        found.append(frozenset(one.event.uid for one in answer.events))
    assert len(set(found)) == len(found)


@pytest.mark.usefixtures("_around_crest")
async def test_relaxations_count_what_is_on_theme(
    database: Database, search: EventSearch, gazetteer: Gazetteer
) -> None:
    """Three concerts of jazz are no answer to whoever looks for accordions."""
    wish = understand("accordéon ce soir à Crest", now=NOW, gazetteer=gazetteer).wish
    assert wish.topic
    relaxations = relaxations_of(wish, NOW, gazetteer)
    kept = [each for each in relaxations if each.wish.topic == wish.topic]
    assert kept
    assert await count_relaxations(database, search, kept, now=NOW) == ()


@pytest.mark.usefixtures("_around_crest")
async def test_an_empty_answer_offers_what_is_near_with_its_count(
    database: Database, search: EventSearch, gazetteer: Gazetteer
) -> None:
    """« 0 ce soir à Crest · 3 samedi · 2 à Valence, 28 km »."""
    answer = await Asking(search=search, database=database, gazetteer=gazetteer).ask(
        Question(text="que faire ce soir à Crest ?", now=NOW, timezone="Europe/Paris")
    )
    assert answer.found.fitting == 0
    offers = {each.relaxation.fr: each.count for each in answer.relaxations}
    assert offers["demain"] == 3
    assert next(count for label, count in offers.items() if label.startswith("à Valence, 2")) == 2
    assert all(each.count for each in answer.relaxations)


@pytest.mark.usefixtures("_around_crest")
async def test_an_answer_with_events_offers_nothing(
    database: Database, search: EventSearch, gazetteer: Gazetteer
) -> None:
    """Who found something is not sent elsewhere, and nothing is counted."""
    answer = await Asking(search=search, database=database, gazetteer=gazetteer).ask(
        Question(text="que faire samedi à Crest ?", now=NOW, timezone="Europe/Paris")
    )
    assert answer.found.events
    assert answer.relaxations == ()


async def test_nothing_to_relax_is_no_query(database: Database, search: EventSearch) -> None:
    moment = datetime(2026, 1, 1, tzinfo=PARIS)
    assert await count_relaxations(database, search, (), now=moment) == ()
