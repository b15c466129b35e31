"""What was seen on the web, on the page: a badge where it matters, a list of its own, and nobody's markup."""

import json
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any
from uuid import uuid4

import httpx
import pytest
from selectolax.lexbor import LexborHTMLParser, LexborNode
from tests.on_the_web import AGENDA, JAZZ_PAGE, Seen, a_check, a_web_event, the_web_of
from tests.serving import an_event, app_over, puls_over, save, visiting

from puls.database import Database
from puls.geo.gazetteer import Gazetteer
from puls.ui.texts import texts
from puls.ui.web.words import step_words
from puls.web_search.looking import Step
from puls.web_search.values import Outcome, WebPrice

pytestmark = pytest.mark.database
Piece = tuple[str, dict[str, Any]]
Visiting = Callable[[Seen], AbstractAsyncContextManager[httpx.AsyncClient]]
QUESTION = "regarde sur internet s'il y a un concert de swing samedi à Lyon"


@pytest.fixture
def over(database: Database, gazetteer: Gazetteer) -> Visiting:
    @asynccontextmanager
    async def opened(seen: Seen) -> AsyncIterator[httpx.AsyncClient]:
        await save(database, [an_event("jazz"), an_event("swing", title="Concert de swing")])
        web = the_web_of(seen, database, gazetteer)
        async with visiting(app_over(puls_over(database, gazetteer, web=web))) as client:
            yield client

    return opened


async def said(client: httpx.AsyncClient, **body: Any) -> list[Piece]:
    answer = await client.post("/chat", json={"request_id": str(uuid4()), "lang": "fr", **body})
    assert answer.status_code == 200, answer.text
    blocks = [block for block in answer.text.split("\n\n") if block]
    return [
        (name.removeprefix("event: "), json.loads(data.removeprefix("data: ")))
        for name, data in (block.split("\n", 1) for block in blocks)
    ]


def cards(piece: dict[str, Any]) -> dict[str, LexborNode]:
    found = {}
    for card in piece["cards"]:
        (found[card["uid"]],) = LexborHTMLParser(card["html"]).css(".card")
    return found


async def test_what_it_does_is_said_while_it_does_it(over: Visiting) -> None:
    """Three seconds without a word are a page that hangs; but a screen reader hears of it once."""
    seen = Seen(
        checks={uid: a_check(uid, Outcome.CONFIRMED) for uid in ("jazz", "swing")},
        pages={JAZZ_PAGE: [a_web_event()]},
    )
    async with over(seen) as client:
        pieces = await said(client, text=QUESTION)
    names = [name for name, _ in pieces]
    assert names.index("events") < names.index("web_step") < names.index("web")
    assert names.index("web") < names.index("token")
    steps = [data for name, data in pieces if name == "web_step"]
    doing = [step["doing"] for step in steps]
    assert "Je lis jazz.example…" in doing
    assert "Je cherche sur le web…" in doing
    assert any("openagenda.com" in words for words in doing)
    assert [bool(step["said"]) for step in steps] == [True] + [False] * (len(steps) - 1)


async def test_each_checked_card_gets_its_badge_and_what_is_off_is_marked(over: Visiting) -> None:
    """A visitor reads the card, not the paragraph."""
    seen = Seen(
        checks={
            "jazz": a_check("jazz", Outcome.CANCELLED),
            "swing": a_check("swing", Outcome.CONFIRMED),
        }
    )
    async with over(seen) as client:
        web = dict(await said(client, text=QUESTION))["web"]
    changed = {card["uid"]: card["is_changed"] for card in web["cards"]}
    assert changed == {"jazz": True, "swing": False}
    drawn = cards(web)
    assert "is-off" in (drawn["jazz"].attributes["class"] or "")
    assert drawn["jazz"].css_first(".banner.warning") is not None
    assert drawn["jazz"].css_first(".checked.warning") is not None
    link = drawn["swing"].css_first(".checked.good a")
    assert link is not None
    assert link.attributes["href"] == AGENDA
    assert link.attributes["rel"] == "noopener nofollow ugc"
    assert "is-off" not in (drawn["swing"].attributes["class"] or "")


@pytest.mark.parametrize(
    ("outcome", "is_strong", "tone", "is_off"),
    [
        (Outcome.CONFIRMED, True, "good", False),
        (Outcome.CONFIRMED, False, "plain", False),
        (Outcome.FULL, True, "warning", False),
        (Outcome.CHANGED, True, "caution", False),
        (Outcome.POSTPONED, True, "warning", True),
        (Outcome.GONE, True, "warning", True),
        (Outcome.CANCELLED, False, "caution", False),
        (Outcome.UNREADABLE, False, "plain", False),
    ],
)
async def test_a_badge_is_as_sure_as_what_was_seen(
    over: Visiting, outcome: Outcome, is_strong: bool, tone: str, is_off: bool
) -> None:
    """« Perhaps cancelled » must not look like « cancelled », nor the other way round."""
    seen = Seen(checks={"jazz": a_check("jazz", outcome, is_strong=is_strong)})
    async with over(seen) as client:
        web = dict(await said(client, text=QUESTION))["web"]
    jazz = cards(web)["jazz"]
    assert jazz.css_first(f".checked.{tone}") is not None
    assert ("is-off" in (jazz.attributes["class"] or "")) is is_off
    has_banner = is_strong and outcome in {Outcome.FULL, Outcome.POSTPONED, Outcome.GONE}
    assert (jazz.css_first(".banner") is not None) is has_banner


async def test_events_of_the_web_are_a_list_of_their_own(over: Visiting) -> None:
    """Never taken for the catalogue's: no following, no calendar, and whose page it is."""
    event = a_web_event(price=WebPrice(lowest=12.0))
    async with over(Seen(pages={JAZZ_PAGE: [event]})) as client:
        web = dict(await said(client, text=QUESTION))["web"]
    html = LexborHTMLParser(web["html"])
    (card,) = html.css(".web-card")
    link = card.css_first("h4 a")
    assert link is not None
    assert link.attributes["href"] == JAZZ_PAGE
    assert (link.attributes["rel"], link.attributes["target"]) == (
        "noopener nofollow ugc",
        "_blank",
    )
    words = card.text()
    for fact in ("Le Périscope, Lyon · dès 12 €", "jazz.example", "lu à 18 h"):
        assert fact in words.replace("\N{NO-BREAK SPACE}", " ")
    assert not html.css("[data-follow], [data-thumb], .card, [data-uid]")
    assert "Autres sorties vues sur le web" in web["said"].replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize("title", ["<img src=x onerror=alert(1)>", "</script><script>alert(1)"])
async def test_what_a_page_wrote_is_text(over: Visiting, title: str) -> None:
    """Anybody may write a page that a search finds."""
    event = a_web_event(f"Swing {title}", venue=title, page_url="javascript:alert(1)//jazz")
    async with over(Seen(pages={JAZZ_PAGE: [event]})) as client:
        pieces = await said(client, text=QUESTION)
    for name, data in pieces:
        drawn = data.get("html", "") + "".join(card["html"] for card in data.get("cards", ()))
        page = LexborHTMLParser(drawn)
        assert not page.css("script, img:not(.leaf-picture), [onerror], [href^='javascript:']"), (
            name
        )
    assert title in LexborHTMLParser(dict(pieces)["web"]["html"]).text()


async def test_the_switch_is_there_when_puls_looks_and_each_message_says_how_far(
    over: Visiting, database: Database, gazetteer: Gazetteer
) -> None:
    """The visitor decides; without looking there is nothing to decide."""
    seen = Seen(checks={"jazz": a_check("jazz", Outcome.CANCELLED)})
    async with over(seen) as client:
        page = LexborHTMLParser((await client.get("/?lang=fr")).text)
        chosen = page.css_first("[data-web] option[selected]")
        assert chosen is not None
        assert chosen.attributes["value"] == "quick"
        frame = (await client.get("/widget/frame")).json()
        assert "data-web" in frame["html"]
        off = await said(client, text=QUESTION, web="off")
        assert "web" not in dict(off)
        edited = await said(
            client,
            conversation_id=dict(off)["wish"]["conversation"],
            edit={"of_turn": dict(off)["wish"]["turn"], "limit": 5},
            web="thorough",
        )
        assert "web" in dict(edited)
        odd = await client.post(
            "/chat", json={"request_id": str(uuid4()), "text": "swing", "web": "everything"}
        )
        assert odd.status_code == 422
    async with visiting(app_over(puls_over(database, gazetteer))) as client:
        assert "data-web" not in (await client.get("/")).text


async def test_a_turn_shown_again_keeps_what_was_told(over: Visiting) -> None:
    """The look is over; its words stay in the conversation, with their source."""
    async with over(Seen(pages={JAZZ_PAGE: [a_web_event()]})) as client:
        first = await said(client, text=QUESTION)
        address = f"/c/{dict(first)['wish']['conversation']}"
        page = LexborHTMLParser((await client.get(address)).text)
    link = page.css_first(f".answer a[href='{JAZZ_PAGE}']")
    assert link is not None
    assert link.attributes["rel"] == "noopener nofollow ugc"


def test_one_event_and_several_are_said_as_such() -> None:
    """« 1 sorties » is nobody's French; both languages have every word."""
    one = Step(doing="checking", number=1)
    many = Step(doing="checking", host="openagenda.com", number=5)
    assert step_words(one, done=0, of=1, language="fr") == "Je vérifie cette sortie sur le web…"
    assert (
        step_words(many, done=0, of=5, language="fr") == "Je vérifie 5 sorties sur openagenda.com…"
    )
    assert step_words(many, done=0, of=5, language="en") == "Checking 5 events on openagenda.com…"
    assert texts("fr").keys() == texts("en").keys()
