"""The widget's addresses, as a browser asks for them from a page of another site."""

from collections.abc import AsyncIterator
from dataclasses import replace
from uuid import UUID, uuid4

import httpx
import pytest
from pydantic import ValidationError
from selectolax.lexbor import LexborHTMLParser
from tests.serving import an_event, app_over, puls_over, save, visiting

from puls.database import Database
from puls.geo.gazetteer import Gazetteer
from puls.settings import Settings

SITE, STRANGER = "https://www.example.org", "https://elsewhere.example"
ALLOWED = "access-control-allow-origin"


@pytest.fixture
async def client(database: Database, gazetteer: Gazetteer) -> AsyncIterator[httpx.AsyncClient]:
    await save(database, [an_event()])
    puls = replace(
        puls_over(database, gazetteer), settings=Settings(widget_origins=(SITE, "http://[::1]:81"))
    )
    async with visiting(app_over(puls)) as client:
        yield client


async def preflight(
    client: httpx.AsyncClient, path: str, method: str, origin: str = SITE
) -> httpx.Response:
    return await client.options(
        path,
        headers={
            "Origin": origin,
            "Access-Control-Request-Method": method,
            "Access-Control-Request-Headers": "authorization, content-type",
        },
    )


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/widget/frame"),
        ("GET", "/static/embedded.js?v=1"),
        ("GET", "/static/base.css"),
        ("POST", "/v1/me"),
    ],
)
async def test_a_listed_site_reads_what_the_widget_needs(
    client: httpx.AsyncClient, method: str, path: str
) -> None:
    """Its pages, never with the visitor's cookies; a cache keeps one answer per site."""
    answer = await client.request(method, path, headers={"Origin": SITE})
    assert answer.is_success
    assert answer.headers[ALLOWED] == SITE
    assert "Origin" in answer.headers["vary"]
    assert "access-control-allow-credentials" not in answer.headers


@pytest.mark.parametrize("origin", [STRANGER, "null", f"{SITE}.evil.example", f"{SITE}:8443"])
async def test_another_site_reads_nothing(client: httpx.AsyncClient, origin: str) -> None:
    """An origin is the whole of scheme, host and port."""
    for path in ("/widget/frame", "/static/embedded.js"):
        answer = await client.get(path, headers={"Origin": origin})
        assert ALLOWED not in answer.headers
        assert "Origin" in answer.headers["vary"]
    refused = await preflight(client, "/chat", "POST", origin)
    assert refused.status_code == 400
    assert ALLOWED not in refused.headers


async def test_an_answer_without_an_origin_is_not_given_to_a_site_by_a_cache(
    client: httpx.AsyncClient,
) -> None:
    """Puls' own pages load the same files."""
    answer = await client.get("/static/conversation.js")
    assert ALLOWED not in answer.headers
    assert "Origin" in answer.headers["vary"]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/chat"),
        ("POST", "/v1/me"),
        ("DELETE", "/v1/me"),
        ("GET", "/widget/frame"),
        ("POST", f"/v1/turns/{UUID(int=7)}/stop"),
        ("POST", f"/v1/turns/{UUID(int=7)}/feedback"),
    ],
)
async def test_a_browser_that_asks_first_is_told_yes(
    client: httpx.AsyncClient, method: str, path: str
) -> None:
    """A token in a header and JSON make every request one that is asked for first."""
    answer = await preflight(client, path, method)
    assert answer.status_code == 200
    assert answer.headers[ALLOWED] == SITE
    assert method in answer.headers["access-control-allow-methods"]
    allowed = answer.headers["access-control-allow-headers"].lower()
    assert {"authorization", "content-type"} <= set(allowed.split(", "))
    assert "access-control-allow-credentials" not in answer.headers


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"),
        ("GET", "/v1/me/export"),
        ("GET", "/v1/conversations"),
        ("GET", "/v1/search?q=concert"),
        ("POST", "/v1/chat"),
        ("GET", "/evenement/1"),
        ("GET", "/metrics"),
        ("POST", "/mcp"),
    ],
)
async def test_every_other_address_stays_closed_to_a_listed_site(
    client: httpx.AsyncClient, method: str, path: str
) -> None:
    """What the widget does not need, no other site reads."""
    answer = await client.request(method, path, headers={"Origin": SITE})
    assert ALLOWED not in answer.headers
    assert ALLOWED not in (await preflight(client, path, method)).headers
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]


async def test_a_site_may_not_change_what_is_remembered(client: httpx.AsyncClient) -> None:
    """PUT and PATCH are for Puls' own pages."""
    for method in ("PUT", "PATCH"):
        assert (await preflight(client, "/v1/me", method)).status_code == 400


async def test_by_default_no_site_is_let_in(database: Database, gazetteer: Gazetteer) -> None:
    """Who embeds Puls is for its operator to say."""
    async with visiting(app_over(puls_over(database, gazetteer))) as client:
        answer = await client.get("/widget/frame", headers={"Origin": SITE})
        assert ALLOWED not in answer.headers


async def test_any_page_may_load_the_script_which_says_why_it_is_refused(
    client: httpx.AsyncClient,
) -> None:
    """Always at one address; asked again each time, sent again only when it changed."""
    script = await client.get("/widget.js", headers={"Origin": STRANGER})
    assert script.headers[ALLOWED] == "*"
    assert script.headers["content-type"].startswith("text/javascript")
    assert script.headers["cache-control"] == "no-cache"
    again = await client.get("/widget.js", headers={"If-None-Match": script.headers["etag"]})
    assert again.status_code == 304
    assert again.headers[ALLOWED] == "*"


async def test_the_frame_is_an_invitation_in_the_language_asked_for(
    client: httpx.AsyncClient,
) -> None:
    """Drawn by the page's own templates; what it names exists; nobody becomes a visitor by looking."""
    answer = await client.get("/widget/frame?lang=en&place=Valence")
    frame = answer.json()
    html = LexborHTMLParser(frame["html"])
    title = html.css_first(".welcome-title")
    assert title is not None
    assert title.text() == "What, where and when?"
    assert html.css_first("template[data-turn-template]") is not None
    assert html.css_first("script, style, [style], [onclick]") is None
    assert frame["place"] == "Valence"
    assert frame["words"]["retry"]
    for address in (frame["script"], *frame["styles"]):
        assert (await client.get(address)).headers["cache-control"].endswith("immutable")
    assert answer.headers["cache-control"] == "no-store"
    assert "set-cookie" not in answer.headers


async def test_a_place_that_does_not_exist_is_left_out(client: httpx.AsyncClient) -> None:
    """A site's slip must not cost its visitors the assistant."""
    frame = (await client.get("/widget/frame?place=Trifouillis")).json()
    assert frame["place"] is None


async def test_a_conversation_is_found_again_by_its_own_visitor_only(
    client: httpx.AsyncClient,
) -> None:
    """Another page of the site, in the same tab: the conversation goes on."""
    token = (await client.post("/v1/me")).json()["token"]
    who = {"Authorization": f"Bearer {token}"}
    message = {"request_id": str(uuid4()), "text": "concert ce week-end", "place": "Lyon"}
    told = await client.post("/chat", json=message, headers={**who, "Origin": SITE})
    assert told.headers[ALLOWED] == SITE
    assert "Concert de jazz manouche" in told.text
    assert "Lyon" in told.text.split("event: events")[0]
    conversation = told.text.split('"conversation": "')[1][:36]
    address = f"/widget/frame?conversation={conversation}"
    html = LexborHTMLParser((await client.get(address, headers=who)).json()["html"])
    assert [card.attributes["data-uid"] for card in html.css(".turns .card")] == ["1"]
    assert html.css_first(".widget.is-home") is None
    client.cookies.clear()
    assert (await client.get(address)).status_code == 404
    assert (await client.get(address, headers={"Authorization": "Bearer x"})).status_code == 401


@pytest.mark.parametrize(
    "origin",
    [
        "https://www.example.org/",
        "https://www.example.org/page",
        "https://Example.org",
        "https://*.example.org",
        "*",
        "null",
        "www.example.org",
        "https://example.org:443",
        "http://example.org:80",
        "ftp://example.org",
        "https://user@example.org",
        "https://example.org https://example.com",
    ],
)
def test_an_origin_that_no_browser_would_send_is_a_mistake(origin: str) -> None:
    """Better told at the start than searched for in a browser's console."""
    with pytest.raises(ValidationError, match="origin"):
        Settings(widget_origins=f"https://good.example, {origin}")


def test_origins_are_a_list_in_one_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    """As an operator writes it."""
    monkeypatch.setenv("PULS_WIDGET_ORIGINS", " https://a.example, http://127.0.0.1:8080 ,")
    assert Settings().widget_origins == ("https://a.example", "http://127.0.0.1:8080")
