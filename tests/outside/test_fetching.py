"""Reading addresses found in data: what comes back, what each failure is called, what is never sent."""

import pytest
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route
from tests.outside.world import Reply, Site, World, fetching, redirect

from puls.outside.page import FetchError, FetchFailure


async def test_a_page_is_read_over_plain_and_over_secured_connections() -> None:
    """The one thing everything else builds on."""
    async with fetching({"salle.example": {"/": "<html>Été"}}) as (world, fetcher):
        for scheme in ("http", "https"):
            page = await fetcher.page(f"{scheme}://salle.example/#x", within=3)
            assert (page.text, page.url, page.content_type) == (
                "<html>Été",
                f"{scheme}://salle.example/",
                "text/html",
            )
            assert page.fetched_at == world.now
            assert not page.is_cached
        assert world.paths("salle.example") == ["/robots.txt", "/"] * 2


async def test_an_address_of_a_private_network_is_refused_before_a_connection() -> None:
    async with World() as world, world.fetcher() as fetcher:
        world.resolver.set("piege.example", ("10.0.0.1",))
        with pytest.raises(FetchError) as refused:
            await fetcher.page("http://piege.example/", within=3)
        assert refused.value.failure is FetchFailure.REFUSED_ADDRESS
        assert world.dialer.dialled == []


async def test_redirects_are_followed_and_judged() -> None:
    sites: dict[str, Site] = {
        "a.example": {"/": redirect("https://b.example/x"), "/in": redirect("http://127.0.0.1/")},
        "b.example": {"/x": "<html>b"},
    }
    async with fetching(sites) as (_, fetcher):
        page = await fetcher.page("http://a.example/", within=3)
        assert (page.url, page.asked_url) == ("https://b.example/x", "http://a.example/")
        with pytest.raises(FetchError) as refused:
            await fetcher.page("http://a.example/in", within=3)
        assert refused.value.failure is FetchFailure.REFUSED_ADDRESS


async def test_an_application_is_served() -> None:
    app = Starlette(routes=[Route("/x", lambda _: JSONResponse({"a": 1}))])
    async with fetching({"api.example": app, "slow.example": {"/": Reply("x", after=30)}}) as (
        world,
        fetcher,
    ):
        page = await fetcher.page("https://api.example/x?y=1", within=3, accept="json")
        assert page.text == '{"a":1}'
        assert world.paths("api.example") == ["/robots.txt", "/x?y=1"]
        with pytest.raises(FetchError) as late:
            await fetcher.page("https://slow.example/", within=0.3)
        assert late.value.failure is FetchFailure.TIME
