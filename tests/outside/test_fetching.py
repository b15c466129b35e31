"""Reading addresses found in data: what comes back, what is shared, what is never sent, who is left alone."""

import asyncio
from collections.abc import Awaitable

import pytest
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route
from tests.outside.guarded_behaviours import by_hand
from tests.outside.world import USER_AGENT, Asked, Reply, Site, World, fetching, redirect

from puls.outside.manners import HostPace, PagesInMemory
from puls.outside.page import FetchError, FetchFailure, Page
from puls.outside.visits import FetchLimits, Manners

CALM = Manners(user_agent=USER_AGENT)
JUST_A_MOMENT = Reply("<title>Just a moment...</title>", 403)


async def failure_of(reading: Awaitable[Page]) -> FetchFailure:
    with pytest.raises(FetchError) as failed:
        await reading
    return failed.value.failure


async def test_a_page_is_read_over_plain_and_over_secured_connections() -> None:
    """The one thing everything else builds on."""
    async with fetching({"salle.example": {"/": "<html>Été"}}) as (world, fetcher):
        for scheme in ("http", "https"):
            page = await fetcher.page(f"{scheme}://salle.example/#x", within=3)
            assert page == Page(
                url=f"{scheme}://salle.example/",
                asked_url=f"{scheme}://salle.example/",
                content_type="text/html",
                text="<html>Été",
                fetched_at=world.now,
            )
        assert world.paths("salle.example") == ["/robots.txt", "/"] * 2


async def test_an_application_is_served_and_asked_for_json() -> None:
    """The other parts put whole services into this world."""
    app = Starlette(routes=[Route("/x", lambda _: JSONResponse({"a": 1}))])
    async with fetching({"api.example": app}) as (world, fetcher):
        page = await fetcher.page("https://api.example/x?y=1", within=3, accept="json")
        assert page.text == '{"a":1}'
        assert world.paths("api.example") == ["/robots.txt", "/x?y=1"]
        assert world.asked[-1].headers["accept"] == "application/json"


async def test_a_page_behind_a_redirect_knows_both_its_addresses() -> None:
    """Sources are told by the address that answered."""
    sites: dict[str, Site] = {
        "a.example": {"/": redirect("https://b.example/été")},
        "b.example": {"/%C3%A9t%C3%A9": "<html>b"},
    }
    async with fetching(sites) as (_, fetcher):
        page = await fetcher.page("http://a.example/", within=3)
        assert page.asked_url == "http://a.example/"
        assert page.url == "https://b.example/%C3%A9t%C3%A9"


# -- the guard -----------------------------------------------------------------------------------------------------------


async def test_a_name_that_changes_its_mind_reaches_nothing_private() -> None:
    """DNS rebinding: the first answer passes, the second is the metadata of the cloud."""

    def closing(_: Asked) -> Reply:
        return Reply("<html>", headers={"Connection": "close"})

    async with World() as world, world.fetcher() as fetcher:
        public = await world.serve("a.example", closing)
        world.resolver.set("a.example", (public,), (public,), ("169.254.169.254",))
        await fetcher.page("http://a.example/", within=3)
        refused = fetcher.page("http://a.example/other", within=3)
        assert await failure_of(refused) is FetchFailure.REFUSED_ADDRESS
        assert world.resolver.looked_up["a.example"] == 3
        assert {address for address, _ in world.dialer.dialled} == {public}


async def test_a_name_is_resolved_once_per_connection() -> None:
    """Between judging and connecting nothing is asked again: there is no second answer to be lied to with."""
    async with World() as world, world.fetcher() as fetcher:
        public = await world.serve("a.example", {"/": "<html>"})
        world.resolver.set("a.example", (public,), ("127.0.0.1",))
        await fetcher.page("https://a.example/", within=3)
        await fetcher.page("https://a.example/", within=3, fresh_for=0)
        assert world.resolver.looked_up["a.example"] == 1
        assert world.dialer.dialled == [(public, 443)]


async def test_two_names_on_one_address_share_no_secured_connection() -> None:
    """One is verified for its own name only; a pool by address would send the other's request there."""
    async with World() as world, world.fetcher() as fetcher:
        await world.serve("a.example", {"/": "<html>"}, also=["b.example"])
        for name in ("a.example", "b.example", "a.example"):
            await fetcher.page(f"https://{name}/", within=3, fresh_for=0)
        assert world.connections["a.example"] == 2


async def test_a_name_that_its_address_has_no_certificate_for_is_not_read() -> None:
    """The same, with the second name unproven."""
    async with World() as world, world.fetcher() as fetcher:
        await world.serve("a.example", {"/": "<html>"}, also=["b.example"], certified=["a.example"])
        await fetcher.page("https://a.example/", within=3)
        unproven = fetcher.page("https://b.example/", within=3)
        assert await failure_of(unproven) is FetchFailure.UNREACHABLE
        assert world.count("b.example") == 0


async def test_proxies_of_the_environment_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy would resolve and connect by itself, past the guard."""
    for name in (
        "HTTP_PROXY",
        "HTTPS_PROXY",
        "ALL_PROXY",
        "http_proxy",
        "https_proxy",
        "all_proxy",
    ):
        monkeypatch.setenv(name, "http://127.0.0.1:9/")
    async with fetching({"a.example": {"/": "<html>"}}) as (_, fetcher):
        await fetcher.page("https://a.example/", within=3)
        await fetcher.page("http://a.example/", within=3)


async def test_a_unix_socket_is_never_connected_to() -> None:
    async with World() as world, world.fetcher() as fetcher:
        with pytest.raises(Exception, match="unix sockets"):
            await fetcher._pool._network_backend.connect_unix_socket("/var/run/docker.sock")


async def test_nothing_is_sent_but_a_name_and_what_is_read() -> None:
    """No cookie comes back, no credential, no referrer."""
    cookies = {"Set-Cookie": "a=1; Path=/"}
    site: Site = {
        "/": Reply("", 302, headers={"Location": "/x", **cookies}),
        "/x": Reply("<html>", headers=cookies),
        "/y": "<html>",
    }
    async with fetching({"a.example": site}) as (world, fetcher):
        await fetcher.page("https://a.example/", within=3)
        await fetcher.page("https://a.example/y", within=3)
        assert {frozenset(asked.headers) for asked in world.asked} == {
            frozenset({"host", "user-agent", "accept", "accept-language", "accept-encoding"})
        }
        assert {asked.headers["user-agent"] for asked in world.asked} == {USER_AGENT}
        assert {asked.headers["accept-encoding"] for asked in world.asked} == {"gzip"}


# -- time ----------------------------------------------------------------------------------------------------------------


async def test_one_deadline_holds_for_all_of_it() -> None:
    """Robots, three redirects and a page that each answer in time do not add up to more than there is."""
    slow = {f"/{n}": Reply("", 302, headers={"Location": f"/{n + 1}"}, after=0.2) for n in range(3)}
    async with fetching({"a.example": {**slow, "/3": "<html>"}}) as (_, fetcher):
        begun = asyncio.get_running_loop().time()
        late = fetcher.page("https://a.example/0", within=0.5)
        assert await failure_of(late) is FetchFailure.TIME
        assert asyncio.get_running_loop().time() - begun < 0.7


async def test_who_stops_waiting_closes_the_connection() -> None:
    """A visitor who leaves keeps nobody's server busy."""
    is_asked = asyncio.Event()

    async def hanging(_: object) -> None:
        is_asked.set()
        await asyncio.sleep(60)

    async with fetching({"a.example": by_hand(hanging)}) as (_, fetcher):
        reading = asyncio.create_task(fetcher.page("https://a.example/", within=30))
        await is_asked.wait()
        reading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reading
        assert fetcher._pool.connections == []


async def test_a_kept_connection_that_was_closed_is_replaced() -> None:
    """Servers close idle connections without a word; that is no failure of theirs."""

    async def one_request(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(Reply("<html>").wire())
        await writer.drain()
        await reader.readuntil(b"\r\n\r\n")

    async with fetching({"a.example": one_request}) as (world, fetcher):
        for _ in range(3):
            await fetcher.page("https://a.example/", within=3, fresh_for=0)
        assert world.connections["a.example"] == 4


# -- manners -------------------------------------------------------------------------------------------------------------


async def test_a_host_that_answers_with_a_challenge_is_asked_nothing_for_a_day() -> None:
    """Not even for robots.txt, not by another path, and not over the other scheme."""
    async with fetching({"a.example": {"/": JUST_A_MOMENT, "/x": "<html>"}}) as (world, fetcher):
        for url in ("https://a.example/", "https://a.example/x", "http://a.example/x"):
            assert await failure_of(fetcher.page(url, within=3)) is FetchFailure.CHALLENGE
        world.later(hours=23, minutes=59)
        assert (
            await failure_of(fetcher.page("https://a.example/x", within=3))
            is FetchFailure.CHALLENGE
        )
        assert world.paths("a.example") == ["/robots.txt", "/"]
        world.later(minutes=2)
        await fetcher.page("https://a.example/x", within=3)


async def test_a_page_read_before_a_challenge_stays_readable() -> None:
    """What was read is true for its ten minutes."""
    async with fetching({"a.example": {"/": JUST_A_MOMENT, "/x": "<html>"}}) as (_, fetcher):
        await fetcher.page("https://a.example/x", within=3)
        await failure_of(fetcher.page("https://a.example/", within=3))
        assert (await fetcher.page("https://a.example/x", within=3)).is_cached


@pytest.mark.parametrize(
    ("status", "retry_after", "seconds"),
    [
        (429, "120", 120),
        (429, "Mon, 30 Nov 2026 13:05:00 GMT", 300),
        (429, "", 60),
        (429, "soon", 60),
        (429, "999999999999", 86_400),
        (503, "120", 120),
    ],
)
async def test_too_many_is_respected_for_as_long_as_it_says(
    status: int, retry_after: str, seconds: int
) -> None:
    headers = {"Retry-After": retry_after} if retry_after else {}
    site: Site = {"/": Reply("", status, headers=headers), "/x": "<html>"}
    async with fetching({"a.example": site}) as (world, fetcher):
        await failure_of(fetcher.page("https://a.example/", within=3))
        world.later(seconds=seconds - 1)
        await failure_of(fetcher.page("https://a.example/x", within=3))
        assert world.paths("a.example") == ["/robots.txt", "/"]
        world.later(seconds=2)
        await fetcher.page("https://a.example/x", within=3)


async def test_a_burst_of_three_then_one_a_second() -> None:
    """Reference §9d: five agendas of one host within three seconds."""
    async with World() as world, world.fetcher(manners=CALM) as fetcher:
        await world.serve("a.example", {f"/{n}": "<html>" for n in range(5)})
        begun = asyncio.get_running_loop().time()
        await asyncio.gather(*(fetcher.page(f"https://a.example/{n}", within=3) for n in range(5)))
        assert 1.9 < asyncio.get_running_loop().time() - begun < 2.6


async def test_who_has_no_time_for_the_pace_is_told_at_once() -> None:
    """And a redirect on the same host belongs to the visit."""
    site: Site = {
        "/": redirect("/x"),
        "/x": "<html>",
        "/robots.txt": "User-agent: *\nCrawl-delay: 30",
    }
    async with World() as world, world.fetcher(manners=CALM) as fetcher:
        await world.serve("a.example", site)
        await fetcher.page("https://a.example/", within=3)
        begun = asyncio.get_running_loop().time()
        assert await failure_of(fetcher.page("https://a.example/x", within=3)) is FetchFailure.PACE
        assert asyncio.get_running_loop().time() - begun < 0.5


async def test_a_host_the_operator_chose_has_its_own_pace() -> None:
    """OpenAgenda's site is asked by agreement or by setting; what it disallows is still not read."""
    own = Manners(user_agent=USER_AGENT, of_host={"a.example": HostPace(burst=5, per_second=5)})
    site: Site = {"/robots.txt": "User-agent: *\nCrawl-delay: 30\nDisallow: /x", "/": "<html>"}
    async with World() as world, world.fetcher(manners=own) as fetcher:
        await world.serve("a.example", site)
        for _ in range(5):
            await fetcher.page("https://a.example/", within=0.5, fresh_for=0)
        assert (
            await failure_of(fetcher.page("https://a.example/x", within=3)) is FetchFailure.ROBOTS
        )


async def test_robots_are_asked_for_once_a_day_and_once_in_ten_minutes_when_in_trouble() -> None:
    replies = {"a.example": Reply("", 404), "b.example": Reply("", 500)}

    def site(asked: Asked) -> Reply:
        return replies[asked.host] if asked.path == "/robots.txt" else Reply("<html>")

    async with fetching(dict.fromkeys(replies, site)) as (world, fetcher):
        for minutes, asked_by_a, asked_by_b in (
            (0, 1, 1),
            (9, 1, 1),
            (2, 1, 2),
            (1_400, 1, 3),
            (60, 2, 4),
        ):
            world.later(minutes=minutes)
            await fetcher.page("https://a.example/", within=3, fresh_for=0)
            assert (
                await failure_of(fetcher.page("https://b.example/", within=3))
                is FetchFailure.ROBOTS
            )
            assert world.paths("a.example").count("/robots.txt") == asked_by_a
            assert world.paths("b.example").count("/robots.txt") == asked_by_b


# -- what is shared ------------------------------------------------------------------------------------------------------


async def test_a_page_is_fresh_for_as_long_as_the_reader_says() -> None:
    async with fetching({"a.example": {"/": "<html>"}}) as (world, fetcher):
        first = await fetcher.page("https://a.example/", within=3)
        world.later(minutes=9)
        again = await fetcher.page("https://a.example/#part", within=3)
        assert (again.is_cached, again.fetched_at) == (True, first.fetched_at)
        assert not (await fetcher.page("https://a.example/", within=3, fresh_for=60)).is_cached
        world.later(minutes=11)
        assert not (await fetcher.page("https://a.example/", within=3)).is_cached
        assert world.paths("a.example") == ["/robots.txt", "/", "/", "/"]


async def test_many_who_ask_at_once_cost_one_request() -> None:
    """Five cards of one venue, or two visitors at the same moment."""
    async with fetching({"a.example": {"/": Reply("<html>", after=0.1)}}) as (world, fetcher):
        pages = await asyncio.gather(
            *(fetcher.page("https://a.example/", within=3) for _ in range(9))
        )
        assert len({page.text for page in pages}) == 1
        assert world.paths("a.example") == ["/robots.txt", "/"]


async def test_one_who_leaves_takes_nobody_along() -> None:
    async with fetching({"a.example": {"/": Reply("<html>", after=0.2)}}) as (_, fetcher):
        leaving = asyncio.create_task(fetcher.page("https://a.example/", within=3))
        staying = asyncio.create_task(fetcher.page("https://a.example/", within=3))
        await asyncio.sleep(0.1)
        leaving.cancel()
        assert (await staying).text == "<html>"


async def test_pages_in_memory_are_bounded() -> None:
    store = PagesInMemory(most_bytes=100_000)
    async with World() as world, world.fetcher(store=store) as fetcher:
        await world.serve("a.example", lambda _: Reply("<html>" + "a" * 4_000))
        for n in range(40):
            await fetcher.page(f"https://a.example/{n}", within=3)
        assert not (await fetcher.page("https://a.example/0", within=3)).is_cached
        assert (await fetcher.page("https://a.example/39", within=3)).is_cached


async def test_a_page_may_be_as_long_as_its_limit() -> None:
    limits = FetchLimits(most_bytes=1_000)
    async with World() as world, world.fetcher(limits=limits) as fetcher:
        await world.serve("a.example", {"/1000": "a" * 1_000, "/1001": "a" * 1_001})
        await fetcher.page("https://a.example/1000", within=3)
        too_long = fetcher.page("https://a.example/1001", within=3)
        assert await failure_of(too_long) is FetchFailure.TOO_LONG
