"""`GET /v1/search` and `GET /v1/events/{uid}`: what programs rely on."""

import httpx
import pytest
from tests.serving import NOW, an_event, app_over, puls_over, save, visiting

from puls.catalogue.event import Accessibility, Category, Price, PriceKind
from puls.database import Database
from puls.geo.gazetteer import Gazetteer


async def test_a_question_in_words_finds_the_event_that_fits(client: httpx.AsyncClient) -> None:
    """The main job of the product, with every fact a program needs to show it."""
    answer = (await client.get("/v1/search", params={"q": "jazz ce week-end à Lyon"})).json()

    (event,) = answer["events"]
    assert event["uid"] == "1"
    assert event["occurrence"]["start"] == "2026-11-28T20:30:00+01:00"
    assert event["venue"]["city"] == "Lyon"
    assert event["price"] == {
        "kind": "paid", "lowest": 8, "highest": 15, "on_registration": False, "conditions": None,
    }  # fmt: skip
    assert event["attribution"]["licence"] == "Licence Ouverte 2.0"
    assert answer["wish"]["where"]["communes"] == ["69123"]
    assert {"when", "where"} <= {chip["field"] for chip in answer["chips"]}
    assert answer["fitting"] == 1


async def test_an_empty_answer_says_what_to_ask_instead(client: httpx.AsyncClient) -> None:
    """A program can offer it: words, count, the wish and a question that asks for it."""
    answer = (await client.get("/v1/search", params={"q": "jazz ce soir à Lyon"})).json()

    assert (answer["events"], answer["fitting"]) == ([], 0)
    offer = next(one for one in answer["relaxations"] if one["change"] == "day")
    assert (offer["label_fr"], offer["label_en"], offer["count"]) == ("demain", "tomorrow", 1)
    assert offer["wish"]["when"][0] == "2026-11-28T00:00:00+01:00"
    again = (await client.get("/v1/search", params={"q": offer["question_fr"]})).json()
    assert [event["uid"] for event in again["events"]] == ["1"]
    assert again["relaxations"] == []


async def test_given_filters_override_the_words(client: httpx.AsyncClient) -> None:
    """A form that says Paris means Paris, whatever the sentence says."""
    parameters = {"q": "concert ce week-end à Lyon", "place": "Paris", "from": "2026-12-01"}
    wish = (await client.get("/v1/search", params=parameters)).json()["wish"]

    assert wish["where"]["communes"] == ["75056"]
    assert wish["when"][0] == "2026-12-01T00:00:00+01:00"


async def test_a_day_given_as_the_end_is_included_whole(client: httpx.AsyncClient) -> None:
    """« Du 28 au 28 » is one day, as people say it, and intervals stay half-open."""
    parameters = {"from": "2026-11-28", "to": "2026-11-28"}
    answer = (await client.get("/v1/search", params=parameters)).json()

    assert answer["wish"]["when"] == ["2026-11-28T00:00:00+01:00", "2026-11-29T00:00:00+01:00"]
    assert answer["fitting"] == 1


async def test_a_radius_is_around_the_place_or_the_visitor(client: httpx.AsyncClient) -> None:
    """Distance is a filter in the query, never applied to a top-k afterwards."""
    near_villeurbanne = {"place": "Villeurbanne", "radius_km": "10"}
    around_me = {"lat": "45.76", "lon": "4.83", "radius_km": "10"}
    too_far = {"place": "Grenoble", "radius_km": "10"}

    assert (await client.get("/v1/search", params=near_villeurbanne)).json()["fitting"] == 1
    found = (await client.get("/v1/search", params=around_me)).json()["events"][0]
    assert 2 < found["distance_km"] < 5
    assert (await client.get("/v1/search", params=too_far)).json()["fitting"] == 0


@pytest.mark.parametrize(
    ("parameters", "fitting"),
    [
        ({"free": "true"}, {"free"}),
        ({"max_price": "10"}, {"free", "paid"}),
        ({"age": ["4", "7"]}, {"free"}),
        ({"accessibility": ["mi"]}, {"free"}),
        ({"category": ["exhibition"]}, {"free"}),
        ({"online": "true"}, set()),
    ],
)
async def test_each_typed_filter_reaches_the_query(
    database: Database,
    gazetteer: Gazetteer,
    parameters: dict[str, str | list[str]],
    fitting: set[str],
) -> None:
    """A parameter that is read and then forgotten is the worst kind of filter."""
    free = an_event(
        "free",
        category=Category.EXHIBITION,
        price=Price(kind=PriceKind.FREE, lowest=0, highest=0),
        age_min=3,
        age_max=99,
        accessibility=frozenset({Accessibility.MOTOR}),
    )
    denied = frozenset({Accessibility.MOTOR})
    await save(database, [free, an_event("paid", age_min=18, not_accessible=denied)])
    async with visiting(app_over(puls_over(database, gazetteer))) as client:
        answer = (await client.get("/v1/search", params=parameters)).json()
    assert {event["uid"] for event in answer["events"]} == fitting


async def test_the_moment_of_asking_can_be_given(client: httpx.AsyncClient) -> None:
    """Tests and replays freeze the clock; a `+` that nobody encoded is mended."""
    later = "2026-11-30T10:00:00+01:00"  # the concert is over
    assert (await client.get("/v1/search", params={"now": later})).json()["fitting"] == 0
    assert (await client.get(f"/v1/search?now={later}")).json()["fitting"] == 0
    assert (await client.get("/v1/search")).json()["fitting"] == 1


async def test_a_message_that_asks_for_no_event_gets_a_sentence(client: httpx.AsyncClient) -> None:
    """« Quel temps fera-t-il ? » answered by concerts would be worse than no answer."""
    answer = (await client.get("/v1/search", params={"q": "quel temps fera-t-il demain ?"})).json()
    assert answer["events"] == []
    assert [notice["code"] for notice in answer["notices"]] == ["out_of_scope"]


@pytest.mark.parametrize(("limit", "shown"), [({}, 2), ({"limit": 1}, 1)])
async def test_the_words_say_how_many_results_unless_a_limit_is_given(
    database: Database, gazetteer: Gazetteer, limit: dict[str, int], shown: int
) -> None:
    """« Deux idées » are two; a program that gives a limit knows what it can show."""
    await save(database, [an_event(str(number)) for number in range(4)])
    async with visiting(app_over(puls_over(database, gazetteer))) as client:
        answer = (
            await client.get(
                "/v1/search", params={"q": "donne-moi deux idées de concerts", **limit}
            )
        ).json()
    assert answer["wish"]["number_wanted"] == 2
    assert len(answer["events"]) == shown


async def test_an_event_is_read_with_all_its_occurrences(client: httpx.AsyncClient) -> None:
    """What a search shows in one line can be verified in full."""
    event = (await client.get("/v1/events/1")).json()
    assert event["title"] == "Concert de jazz manouche"
    assert [one["start"] for one in event["occurrences"]] == ["2026-11-28T20:30:00+01:00"]
    assert event["removed_at"] is None
    assert not event["is_example"]


async def test_an_event_that_was_withdrawn_says_so(
    client: httpx.AsyncClient, database: Database, gazetteer: Gazetteer
) -> None:
    """An answer given yesterday can still be checked, and is not believed blindly."""
    puls = puls_over(database, gazetteer)
    async with database.transaction() as connection:
        await puls.catalogue.remove(connection, "test", ["1"], now=NOW)
    assert (await client.get("/v1/events/1")).json()["removed_at"] is not None
    assert (await client.get("/v1/search")).json()["fitting"] == 0
