"""Sharing by a link: who has it reads what was there, and nothing else, until it is taken back."""

from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID, uuid4

import httpx
import pytest
from selectolax.lexbor import LexborHTMLParser
from tests.conversation.conftest import outcome, said
from tests.serving import NOW, an_event, app_over, puls_over, save, visiting

from puls.bootstrap import Puls
from puls.database import Database
from puls.geo.gazetteer import Gazetteer
from puls.identity.visitor import Visitor

STOP = "1,2026-11-28T19:30Z,2026-11-28T21:30Z"


@pytest.fixture
async def puls(database: Database, gazetteer: Gazetteer) -> Puls:
    await save(database, [an_event(), an_event("2", title="Bal folk")])
    return puls_over(database, gazetteer)


@pytest.fixture
async def ada(puls: Puls) -> AsyncIterator[httpx.AsyncClient]:
    """A visitor with a cookie, as a browser is."""
    async with visiting(app_over(puls)) as client:
        client.cookies.set("puls_visitor", puls.people.tokens.issue(uuid4(), now=NOW))
        yield client


def visitor_of(client: httpx.AsyncClient, puls: Puls) -> Visitor:
    known = puls.people.tokens.read(client.cookies["puls_visitor"], now=NOW)
    assert known is not None
    return known


async def link_of(client: httpx.AsyncClient, form: dict[str, str]) -> str:
    """What a form that is sent makes: the page it leads to, and the link on it."""
    answer = await client.post("/partages", data=form)
    assert answer.status_code == 303, answer.text
    page = LexborHTMLParser((await client.get(answer.headers["location"])).text)
    link = page.css_first("[data-link]")
    assert link is not None
    return (link.attributes["href"] or "").removeprefix("http://puls.test")


async def read_by_a_friend(puls: Puls, link: str) -> httpx.Response:
    async with visiting(app_over(puls)) as friend:
        return await friend.get(link)


async def test_a_conversation_is_read_as_it_stood_and_no_further(
    ada: httpx.AsyncClient, puls: Puls
) -> None:
    """What is said after sharing was not meant for the friend."""
    visitor = visitor_of(ada, puls)
    conversation, _ = await said(
        puls.people.conversations, visitor, "un concert, secret d'avant", days_ago=1,
        what=outcome(answer="Voici **Concert de jazz manouche**.", shown=("1",)),
    )  # fmt: skip
    link = await link_of(ada, {"conversation": str(conversation)})
    later = puls.people.conversations
    await said(later, visitor, "ce que je dis ensuite", conversation, days_ago=-1)
    answer = await read_by_a_friend(puls, link)
    assert answer.status_code == 200
    assert "secret d&#39;avant" in answer.text
    assert "Concert de jazz manouche" in answer.text
    assert "ce que je dis ensuite" not in answer.text
    assert str(conversation) not in answer.text
    assert visitor.id.hex not in answer.text
    assert str(visitor.id) not in answer.text
    assert "noindex" in answer.headers["x-robots-tag"]
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert "set-cookie" not in answer.headers


async def test_a_plan_is_shared_with_its_stops_alone(ada: httpx.AsyncClient, puls: Puls) -> None:
    """Hours and events; no word of the conversation that made it."""
    link = await link_of(ada, {"stop": STOP})
    answer = await read_by_a_friend(puls, link)
    page = LexborHTMLParser(answer.text)
    (stop,) = page.css(".timeline-stop")
    told = " ".join(stop.text(separator=" ").split()).replace("\N{NO-BREAK SPACE}", " ")
    assert "20 h 30 – 22 h 30" in told
    assert "Le Transbordeur, Lyon · de 8 à 15 €" in told
    assert page.css("[data-ask], form.plan-share") == []


async def test_a_link_that_was_taken_back_leads_nowhere(ada: httpx.AsyncClient, puls: Puls) -> None:
    """At once, and it says so in a sentence."""
    link = await link_of(ada, {"stop": STOP})
    (one,) = await puls.people.shares.all(visitor_of(ada, puls).id)
    assert (await read_by_a_friend(puls, link)).status_code == 200
    gone = await ada.post(f"/partages/{one.id}/retirer")
    assert gone.headers["location"] == "/moi#shares"
    answer = await read_by_a_friend(puls, link)
    assert answer.status_code == 404
    assert "Ce lien ne mène plus à rien" in answer.text


@pytest.mark.parametrize("what", ["erase", "delete the conversation", "sweep"])
async def test_a_share_ends_with_what_it_stands_on(
    ada: httpx.AsyncClient, puls: Puls, what: str
) -> None:
    """« Oubliez-moi » forgets what others could read too."""
    visitor = visitor_of(ada, puls)
    conversation, _ = await said(puls.people.conversations, visitor)
    link = await link_of(ada, {"conversation": str(conversation)})
    if what == "erase":
        await puls.people.personal_data.erase(visitor.id)
    elif what == "sweep":
        later = NOW + timedelta(days=40)
        swept = await puls.people.personal_data.sweep(now=later, keep=timedelta(days=30))
        assert swept.turns == 1
    else:
        await puls.people.conversations.delete(visitor.id, conversation)
    assert (await read_by_a_friend(puls, link)).status_code == 404


async def test_nobody_else_shares_lists_or_takes_back_mine(
    ada: httpx.AsyncClient, puls: Puls
) -> None:
    """Knowing its id gives nothing."""
    visitor = visitor_of(ada, puls)
    conversation, _ = await said(puls.people.conversations, visitor)
    await link_of(ada, {"conversation": str(conversation)})
    (one,) = await puls.people.shares.all(visitor.id)
    async with visiting(app_over(puls)) as other:
        other.cookies.set("puls_visitor", puls.people.tokens.issue(uuid4(), now=NOW))
        assert (await other.get(f"/partages/{one.id}")).status_code == 404
        assert (
            await other.get(f"/partages/nouveau?conversation={conversation}")
        ).status_code == 404
        refused = await other.post("/partages", data={"conversation": str(conversation)})
        assert refused.status_code == 404
        await other.post(f"/partages/{one.id}/retirer")
    assert len(await puls.people.shares.all(visitor.id)) == 1


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({}, 422),
        ({"conversation": "not an id"}, 422),
        ({"stop": "1,yesterday,today"}, 422),
        ({"stop": "1,2026-11-28T21:30Z,2026-11-28T19:30Z"}, 422),
        ({"stop": "1,2026-11-28T19:30,2026-11-28T21:30"}, 422),
        ({"stop": "nobody,2026-11-28T19:30Z,2026-11-28T21:30Z"}, 404),
        ({"conversation": str(UUID(int=0))}, 404),
    ],
)
async def test_a_form_that_names_nothing_shares_nothing(
    ada: httpx.AsyncClient, puls: Puls, form: dict[str, str], status: int
) -> None:
    """A clear refusal, no row."""
    assert (await ada.post("/partages", data=form)).status_code == status
    assert await puls.people.shares.all(visitor_of(ada, puls).id) == []


@pytest.mark.parametrize(
    "token", ["x", "A" * 24, "é" * 24, "%00" * 8, "..%2F..%2Fv1%2Fme", "A" * 64]
)
async def test_a_guessed_link_opens_nothing(puls: Puls, token: str) -> None:
    """144 bits; anything else is a 404."""
    assert (await read_by_a_friend(puls, f"/partage/{token}")).status_code in {404, 422}


async def test_the_address_of_a_private_conversation_says_that_it_is(
    ada: httpx.AsyncClient, puls: Puls
) -> None:
    """Sent to a friend, it says what to ask for; and no more than for one that never was."""
    conversation, _ = await said(puls.people.conversations, visitor_of(ada, puls), "mot secret")
    mine = await read_by_a_friend(puls, f"/c/{conversation}")
    none = await read_by_a_friend(puls, f"/c/{uuid4()}")
    assert mine.status_code == none.status_code == 404
    assert "Cette conversation est privée." in mine.text
    assert "mot secret" not in mine.text
    assert mine.text.replace(str(conversation), "") == none.text.replace(none.url.path[3:], "")


async def test_what_is_shared_is_in_ones_own_space(ada: httpx.AsyncClient) -> None:
    """To be seen and taken back, without a script."""
    await link_of(ada, {"stop": STOP})
    page = LexborHTMLParser((await ada.get("/moi")).text)
    (form,) = page.css("section[aria-labelledby=shares] form[method=post]")
    assert (form.attributes["action"] or "").endswith("/retirer")
    await ada.post(form.attributes["action"] or "")
    page = LexborHTMLParser((await ada.get("/moi")).text)
    assert page.css("section[aria-labelledby=shares] form") == []
