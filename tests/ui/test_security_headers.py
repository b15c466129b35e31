"""What a browser is told to refuse on our pages, whatever an event's words try."""

import httpx
import pytest
from selectolax.lexbor import LexborHTMLParser

pytestmark = pytest.mark.database
PAGES = ("/", "/?q=concert", "/evenement/1", "/moi", "/nulle-part")


def policy_of(response: httpx.Response) -> dict[str, list[str]]:
    """The Content-Security-Policy, directive by directive."""
    directives = response.headers["content-security-policy"].split(";")
    return {name: sources for name, *sources in map(str.split, directives)}


@pytest.mark.parametrize("path", PAGES)
async def test_a_page_runs_and_loads_only_what_puls_serves(
    client: httpx.AsyncClient, path: str
) -> None:
    """No inline script or style, no other host but for pictures and tiles, nothing that was not thought of."""
    policy = policy_of(await client.get(path, headers={"Accept": "text/html"}))
    assert policy["default-src"] == ["'none'"]
    for kind in ("script-src", "style-src", "connect-src", "font-src", "form-action"):
        assert policy[kind] == ["'self'"], kind
    assert policy["img-src"] == ["'self'", "https:", "data:"]
    assert policy["base-uri"] == ["'none'"]
    assert policy["frame-ancestors"] == ["'none'"]


@pytest.mark.parametrize("path", PAGES)
async def test_a_page_is_not_framed_sniffed_or_told_on(
    client: httpx.AsyncClient, path: str
) -> None:
    """The headers beside the policy; a position may be asked for, a camera never."""
    headers = (await client.get(path, headers={"Accept": "text/html"})).headers
    assert headers["x-frame-options"] == "DENY"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert "camera=()" in headers["permissions-policy"]


async def test_the_policy_holds_for_every_kind_of_answer(client: httpx.AsyncClient) -> None:
    """JSON, a calendar, a static file and a failure too: any of them can be opened as a page."""
    page = LexborHTMLParser((await client.get("/")).text)
    script = page.css_first("script[src]")
    assert script is not None
    for path in (
        "/v1/search?q=concert",
        "/v1/events/1/calendar.ics",
        script.attributes["src"] or "",
        "/v1/events/0",
    ):
        response = await client.get(path)
        assert policy_of(response)["default-src"] == ["'none'"], path
        assert response.headers["x-content-type-options"] == "nosniff"


async def test_what_is_ones_own_is_kept_by_no_cache(client: httpx.AsyncClient) -> None:
    """A shared computer's back button shows nobody's space."""
    assert (await client.get("/moi")).headers["cache-control"] == "no-store"
