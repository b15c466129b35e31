"""The turn as pieces of the page: in order, harmless, and changed by hand without losing anything."""

import json
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import httpx
import pytest
from selectolax.lexbor import LexborHTMLParser
from tests.serving import (
    SATURDAY_EVENING,
    an_event,
    app_over,
    occurrence,
    puls_over,
    save,
    visiting,
)

from puls.catalogue.event import Attribution, Price, PriceKind, Venue
from puls.database import Database
from puls.geo.distance import Coordinates
from puls.geo.gazetteer import Gazetteer

pytestmark = pytest.mark.database
CREST = Venue(
    key="crest", name="Espace Liberté", city="Crest", commune_code="26108", department_code="26",
    region_code="84", coordinates=Coordinates(44.7286, 5.0222),
)  # fmt: skip
Piece = tuple[str, dict[str, Any]]


@pytest.fixture
async def client(database: Database, gazetteer: Gazetteer) -> AsyncIterator[httpx.AsyncClient]:
    await save(
        database,
        [
            an_event("jazz"),
            an_event(
                "free",
                title="Concert de quartier",
                price=Price(kind=PriceKind.FREE, lowest=0, highest=0),
            ),
            an_event("crest", title="Concert à Crest", venue=CREST),
        ],
    )
    async with visiting(app_over(puls_over(database, gazetteer))) as http:
        yield http


async def said(http: httpx.AsyncClient, **body: Any) -> list[Piece]:
    answer = await http.post("/chat", json={"request_id": str(uuid4()), **body})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/event-stream")
    blocks = [block for block in answer.text.split("\n\n") if block]
    return [
        (name.removeprefix("event: "), json.loads(data.removeprefix("data: ")))
        for name, data in (block.split("\n", 1) for block in blocks)
    ]


def html(pieces: list[Piece], name: str) -> LexborHTMLParser:
    return LexborHTMLParser("".join(data["html"] for each, data in pieces if each == name))


def uids(pieces: list[Piece]) -> set[str | None]:
    return {card.attributes["data-uid"] for card in html(pieces, "events").css(".card")}


async def edited(http: httpx.AsyncClient, before: list[Piece], **changes: Any) -> list[Piece]:
    wish = dict(before)["wish"]
    return await said(
        http, conversation_id=wish["conversation"], edit={"of_turn": wish["turn"], **changes}
    )


async def test_cards_come_before_words_and_thumbs_last(client: httpx.AsyncClient) -> None:
    """What a visitor waits for is the events."""
    pieces = await said(client, text="concert samedi à Lyon")
    names = [name for name, _ in pieces]
    assert names[:2] == ["wish", "events"]
    assert names[-1] == "done"
    assert "token" in names
    assert uids(pieces) == {"jazz", "free"}
    assert "Lyon" in dict(pieces)["wish"]["doing"]
    assert html(pieces, "done").css_first("[data-feedback]") is not None


async def test_the_answer_links_to_our_own_page_of_the_event(client: httpx.AsyncClient) -> None:
    """The page shows card and pin of what a sentence speaks of, and keeps the visitor."""
    pieces = await said(client, text="concert samedi à Lyon", lang="fr")
    links = {
        link.attributes["data-event"]: link.attributes["href"]
        for link in html(pieces, "token").css("a[data-event]")
    }
    assert links == {"jazz": "/evenement/jazz?lang=fr", "free": "/evenement/free?lang=fr"}


async def test_a_chip_taken_away_is_a_new_message_without_it(client: httpx.AsyncClient) -> None:
    """What was removed does not come back with the next question."""
    first = await said(client, text="concert gratuit samedi à Lyon")
    assert uids(first) == {"free"}
    second = await edited(client, first, without=["free"])
    assert uids(second) == {"jazz", "free"}
    assert "gratuit" not in dict(second)["wish"]["text"]
    third = await said(
        client, text="et à Crest ?", conversation_id=dict(second)["wish"]["conversation"]
    )
    assert uids(third) == {"crest"}


async def test_a_value_changed_by_hand_replaces_what_was_said(client: httpx.AsyncClient) -> None:
    """Date, place, radius, price, ages: the sheet changes what the words said, and nothing else."""
    first = await said(client, text="concert samedi à Lyon")
    assert uids(await edited(client, first, place="Crest")) == {"crest"}
    assert uids(await edited(client, first, place="Lyon", radius_km=150)) == {
        "jazz",
        "free",
        "crest",
    }
    assert uids(await edited(client, first, free=True)) == {"free"}
    assert uids(await edited(client, first, max_price=5)) == {"free"}
    assert uids(await edited(client, first, **{"from": "2026-11-29", "to": "2026-11-30"})) == set()
    assert uids(await edited(client, first, topic="quartier")) >= {"free"}


async def test_a_piece_of_the_map_is_searched_as_it_is(client: httpx.AsyncClient) -> None:
    """« Chercher dans cette zone »: no name of a place stands between the map and the events."""
    first = await said(client, text="concert samedi à Lyon")
    here = await edited(client, first, area={"lat": 44.73, "lon": 5.02, "radius_km": 5})
    assert uids(here) == {"crest"}
    chips = [chip.text() for chip in html(here, "wish").css("button.chip-words")]
    assert any("zone de la carte" in chip for chip in chips)
    again = await said(
        client, text="et gratuit ?", conversation_id=dict(here)["wish"]["conversation"]
    )
    assert uids(again) == set()


async def test_more_of_the_same_can_be_asked_for(database: Database, gazetteer: Gazetteer) -> None:
    """Five are a suggestion, not the limit of the catalogue."""
    dates = [SATURDAY_EVENING.replace(hour=10 + hour) for hour in range(10)]
    await save(
        database,
        [
            an_event(str(n), title=f"Concert numéro {n}", occurrences=(occurrence(at),))
            for n, at in enumerate(dates)
        ],
    )
    async with visiting(app_over(puls_over(database, gazetteer))) as client:
        first = await said(client, text="concert samedi à Lyon")
        more = html(first, "events").css_first("[data-more]")
        assert more is not None
        second = await edited(client, first, limit=int(more.attributes["data-more"] or 0))
    assert (len(uids(first)), len(uids(second))) == (5, 10)


@pytest.mark.parametrize(
    "title",
    [
        "<img src=x onerror=alert(1)>",
        "</script><script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "**b** <b>",
    ],
)
async def test_what_others_wrote_is_text_in_every_piece(
    database: Database, gazetteer: Gazetteer, title: str
) -> None:
    """The page puts pieces into itself as HTML: only our templates may write any."""
    source = Attribution(source="test", url="javascript:alert(1)", licence="MIT")
    await save(database, [an_event(title=f"Concert {title}", attribution=source)])
    async with visiting(app_over(puls_over(database, gazetteer))) as client:
        pieces = await said(client, text=f"concert samedi à Lyon {title}")
    for name, data in pieces:
        page = LexborHTMLParser(data.get("html", ""))
        assert not page.css("script, img:not(.leaf-picture), iframe, [onerror], [style]"), name
        for link in page.css("[href]"):
            assert not (link.attributes["href"] or "").startswith("javascript:"), name


async def test_what_cannot_be_read_is_a_problem(client: httpx.AsyncClient) -> None:
    """A page of an older release, or somebody's script: a sentence, never a 500."""
    nothing = await client.post("/chat", json={"request_id": str(uuid4())})
    foreign = await client.post(
        "/chat",
        json={
            "request_id": str(uuid4()),
            "conversation_id": str(uuid4()),
            "edit": {"of_turn": str(uuid4()), "free": True},
        },
    )
    first = await said(client, text="concert samedi à Lyon")
    wish = dict(first)["wish"]
    nowhere = await client.post(
        "/chat",
        json={
            "request_id": str(uuid4()),
            "conversation_id": wish["conversation"],
            "edit": {"of_turn": wish["turn"], "place": "Nullepartville"},
        },
    )
    assert [each.status_code for each in (nothing, foreign, nowhere)] == [422, 404, 422]
    for each in (nothing, foreign, nowhere):
        assert each.headers["content-type"] == "application/problem+json"


async def test_the_page_of_a_conversation_shows_it_as_it_was_left(
    client: httpx.AsyncClient,
) -> None:
    """Reload, come back tomorrow, open it elsewhere: words, cards and chips are there."""
    first = await said(client, text="concert samedi à Lyon")
    address = f"/c/{dict(first)['wish']['conversation']}"
    await said(client, text="merci", conversation_id=dict(first)["wish"]["conversation"])
    page = LexborHTMLParser((await client.get(address)).text)
    assert [turn.text() for turn in page.css(".turns .said")] == ["concert samedi à Lyon", "merci"]
    current = page.css_first(".turn.is-current")
    assert current is not None
    assert len(current.css(".card")) == 2
    assert "has-map" in (page.css_first("body").attributes["class"] or "")  # type: ignore[union-attr] # a page has a body
    assert page.css_first(".answer a[data-event='jazz']") is not None


async def test_refusals_are_still_there_after_a_reload(client: httpx.AsyncClient) -> None:
    """What a visitor said of an event is not forgotten by the page that heard it; what they keep is asked for by it."""
    first = await said(client, text="concert samedi à Lyon")
    turn = dict(first)["wish"]["turn"]
    for thumb, uid in (("down", "free"), ("up", None)):
        await client.post(f"/v1/turns/{turn}/feedback", json={"thumb": thumb, "uid": uid})
    page = LexborHTMLParser((await client.get(f"/c/{dict(first)['wish']['conversation']}")).text)
    pressed = "[aria-pressed='true']"
    assert page.css_first(".card[data-uid='jazz'] [data-follow='jazz']") is not None
    assert page.css(".card [data-thumb='up']") == []
    assert page.css_first(f".card.is-unwanted[data-uid='free'] [data-thumb='down']{pressed}")
    assert page.css_first(f"[data-answer-thumb='up']{pressed}") is not None


async def test_nobody_reads_the_page_of_anothers_conversation(client: httpx.AsyncClient) -> None:
    """An address that is passed on opens nothing."""
    first = await said(client, text="concert samedi à Lyon")
    address = f"/c/{dict(first)['wish']['conversation']}"
    client.cookies.clear()
    stranger = await client.get(address)
    assert stranger.status_code == 404
    assert "jazz" not in stranger.text
    assert stranger.headers["content-type"].startswith("text/html")


async def test_the_page_speaks_the_readers_language(client: httpx.AsyncClient) -> None:
    """French first; English for who reads no French, and always when chosen."""
    languages = {
        "": "fr", "fr-FR,fr;q=0.9,en;q=0.8": "fr", "en-GB,en;q=0.9": "en", "en,fr;q=0.5": "en",
        "de-DE,de;q=0.9": "en", "*": "fr", "fr;q=x, en": "en",
    }  # fmt: skip
    for header, language in languages.items():
        answer = await client.get("/", headers={"Accept-Language": header})
        assert answer.headers["content-language"] == language, header
    chosen = await client.get("/?lang=fr", headers={"Accept-Language": "en"})
    assert chosen.headers["content-language"] == "fr"


async def test_what_puls_knows_is_on_one_page(client: httpx.AsyncClient) -> None:
    """« Ce que je sais de vous »: nothing before an agreement, everything after it."""
    first = await said(client, text="j'habite Lyon et j'ai deux enfants de 4 et 7 ans")
    assert html(first, "done").css_first("[data-consent='preferences']") is not None
    assert "Voulez-vous que je le retienne" not in html(first, "token").text()  # asked once
    page = LexborHTMLParser((await client.get("/moi")).text)
    assert not page.css(".remembered li")
    await client.put(
        "/v1/me/consent", json={"preferences": True, "from_turn": dict(first)["wish"]["turn"]}
    )
    page = LexborHTMLParser((await client.get("/moi")).text)
    assert len(page.css(".remembered li")) == 2
    home = page.css_first("input[name='home']")
    assert home is not None
    assert home.attributes["value"] == "Lyon"
    assert len(page.css("[data-conversation]")) == 1
