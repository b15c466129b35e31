"""The guard's table: every address and every behaviour, with the production guard on. `docs/fetching.md` prints it."""

import asyncio
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.outside.guard_table import table
from tests.outside.guarded_addresses import (
    ALLOWED_BY_ADDRESS,
    READ_AS_WRITTEN,
    REFUSED_AS_WRITTEN,
    REFUSED_BY_ADDRESS,
)
from tests.outside.guarded_behaviours import BEHAVIOURS, HOST, PACKED, SLOW_OR_ENDLESS, Behaviour
from tests.outside.world import World

from puls.outside.addresses import RefusedAddressError, judge, web_address
from puls.outside.page import FetchError
from puls.outside.visits import FetchLimits

pytestmark = pytest.mark.alone

LIMITS = FetchLimits(connect_seconds=0.5, robots_seconds=1.0)


async def outcome_of(behaviour: Behaviour) -> str:
    async with World() as world:
        if behaviour.site is not None:
            await world.serve(HOST, behaviour.site)
        for name, site in behaviour.sites.items():
            await world.serve(name, site)
        if behaviour.prepare is not None:
            behaviour.prepare(world)
        async with world.fetcher(limits=LIMITS) as fetcher:
            try:
                await fetcher.page(behaviour.url, within=behaviour.within, accept=behaviour.accept)
            except FetchError as error:
                outcome = error.failure.value
            else:
                outcome = "read"
        assert {address for address, _ in world.dialer.dialled} <= PUBLIC
        return outcome


PUBLIC = {f"93.184.215.{last}" for last in range(256)}


@pytest.mark.parametrize(
    "behaviour",
    [
        pytest.param(row, id=f"{group} {row.does}")
        for group, rows in BEHAVIOURS.items()
        for row in rows
    ],
)
async def test_each_behaviour_has_its_outcome(behaviour: Behaviour) -> None:
    """Refused or bounded, each by its own name, and nothing but public addresses was ever dialled."""
    async with asyncio.timeout(behaviour.within + 5):
        assert await outcome_of(behaviour) == behaviour.outcome


@pytest.mark.parametrize(
    "address", [address for group in REFUSED_BY_ADDRESS.values() for address in group]
)
async def test_a_name_that_leads_to_a_refused_address_is_not_dialled(address: str) -> None:
    """Judged after resolving, whatever the name looks like."""
    assert judge(address) is not None
    async with World() as world, world.fetcher() as fetcher:
        world.resolver.set("piege.example", ("93.184.215.14", address))
        with pytest.raises(FetchError) as refused:
            await fetcher.page("https://piege.example/", within=3)
        assert refused.value.failure == "refused_address"
        assert world.dialer.dialled == []


@pytest.mark.parametrize("address", ALLOWED_BY_ADDRESS)
def test_public_addresses_pass(address: str) -> None:
    """The neighbours of each refused range, and what an IPv6-only network makes of a public IPv4."""
    assert judge(address) is None


@pytest.mark.parametrize(
    "url",
    [
        pytest.param(url, id=f"{kind} {n}")
        for kind, group in REFUSED_AS_WRITTEN.items()
        for n, url in enumerate(group, 1)
    ],
)
async def test_an_address_that_could_never_be_public_is_not_even_looked_up(url: str) -> None:
    async with World() as world, world.fetcher() as fetcher:
        with pytest.raises(FetchError) as refused:
            await fetcher.page(url, within=3)
        assert refused.value.failure == "refused_address"
        assert not world.resolver.looked_up
        assert world.dialer.dialled == []


@pytest.mark.parametrize(("url", "read_as"), READ_AS_WRITTEN.items())
def test_an_honest_address_has_one_form(url: str, read_as: str) -> None:
    """The cache, robots.txt and the request speak of the same address."""
    assert web_address(url).url == read_as
    assert web_address(read_as).url == read_as


@pytest.mark.parametrize("host", ["0x7f.1", "2130706433", "127.1", "0177.0.0.1", "①②⑦.0.0.1"])
async def test_the_socket_refuses_what_reading_the_url_would_have_let_through(host: str) -> None:
    """Two independent lines: with the first one gone, the second stands."""
    async with World() as world, world.fetcher() as fetcher:
        world.resolver.set("①②⑦.0.0.1", ("127.0.0.1",))  # as glibc reads it
        backend = fetcher._pool._network_backend
        with pytest.raises(Exception, match="refused address: loopback"):
            await backend.connect_tcp(host, 80)
        assert world.dialer.dialled == []


@pytest.fixture
def traced() -> Iterator[None]:
    tracemalloc.start()
    yield
    tracemalloc.stop()


HEAVY = [row for row in [*PACKED, *SLOW_OR_ENDLESS] if row.outcome == "too_long"]


@pytest.mark.usefixtures("traced")
@pytest.mark.parametrize("behaviour", HEAVY, ids=lambda behaviour: behaviour.does)
async def test_a_bomb_takes_little_memory(behaviour: Behaviour) -> None:
    """484 bytes on the wire were 449 MB in memory elsewhere. Both ends run in this process."""
    await outcome_of(Behaviour("warm up", "read", {"/": "<html>"}))
    before, _ = tracemalloc.get_traced_memory()
    tracemalloc.reset_peak()
    await outcome_of(behaviour)
    _, peak = tracemalloc.get_traced_memory()
    assert peak - before <= 5 * 2**20


def test_the_table_is_as_printed() -> None:
    """`python -m tests.outside.guard_table > docs/fetching.md` after a change of the cases."""
    printed = Path(__file__).parents[2] / "docs" / "fetching.md"
    assert printed.read_text(encoding="utf-8") == table()


def test_no_text_makes_reading_an_address_fail_otherwise() -> None:
    for text in (
        "\ud800",
        "http://\ud800/",
        "http://[",
        "http://a]/",
        "h" * 10**5,
        "http://a:b:c/",
        "http://%zz/",
    ):
        with pytest.raises(RefusedAddressError):
            web_address(text)
