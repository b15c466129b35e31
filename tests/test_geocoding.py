"""An address is a courtesy: whatever the service does, a question is answered."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from puls.geo.distance import Coordinates
from puls.geo.places import Address
from puls.geocoding import GeoplateformeGeocoder, address_from
from tests.ingestion.servers import Reply, serving

WORDS = "12 rue de la République à Lyon"


def feature(score: float = 0.95, **changes: Any) -> dict[str, Any]:
    properties = {
        "label": "12 Rue de la République 69001 Lyon",
        "score": score,
        "type": "housenumber",
        "citycode": "69381",
        "city": "Lyon",
        "postcode": "69001",
    }
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "geometry": {"type": "Point", "coordinates": [4.8361, 45.7654]},
                "properties": {**properties, **changes},
            }
        ],
    }


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient() as client:
        yield client


async def test_an_address_is_located(http: httpx.AsyncClient) -> None:
    async with serving(lambda _: Reply(feature())) as server:
        geocoder = GeoplateformeGeocoder(http, base_url=f"{server.url}/geocodage")
        found = await geocoder.locate(WORDS, near=Coordinates(45.75, 4.85))
    assert found == Address(
        "12 Rue de la République 69001 Lyon", "69381", Coordinates(45.7654, 4.8361)
    )
    (asked,) = server.asked
    assert asked.path == "/geocodage/search"
    assert dict(asked.params) == {"q": WORDS, "limit": "1", "lat": "45.75", "lon": "4.85"}


async def test_an_address_is_asked_once(http: httpx.AsyncClient) -> None:
    """Fifty requests a second is what the service allows to all our visitors together."""
    async with serving(lambda _: Reply(feature())) as server:
        geocoder = GeoplateformeGeocoder(http, base_url=server.url)
        first = await geocoder.locate(WORDS)
        assert await geocoder.locate(f"  {WORDS.upper()} ") == first
    assert len(server.asked) == 1


BROKEN = {
    "nothing found": Reply({"type": "FeatureCollection", "features": []}),
    "a guess": Reply(feature(score=0.42)),
    "a page": Reply("<html>maintenance</html>"),
    "no score": Reply({"features": [{"properties": {}}]}),
    "words for numbers": Reply({"features": [{"properties": {"score": "haut"}, "geometry": {}}]}),
    "a list": Reply([1, 2, 3]),
    "a number": Reply({"features": 3}),
    "refused": Reply({"erreur": "q trop court"}, status=400),
    "broken": Reply("oops", status=500),
    "away": Reply("", status=503),
    "cut": Reply(feature(), cut_after=20),
}


@pytest.mark.parametrize("name", BROKEN)
async def test_what_is_unsure_or_broken_is_no_address(http: httpx.AsyncClient, name: str) -> None:
    async with serving(lambda _: BROKEN[name]) as server:
        assert await GeoplateformeGeocoder(http, base_url=server.url).locate(WORDS) is None


async def test_a_failure_is_not_remembered(http: httpx.AsyncClient) -> None:
    replies = iter([Reply("oops", status=500), Reply(feature())])
    async with serving(lambda _: next(replies)) as server:
        geocoder = GeoplateformeGeocoder(http, base_url=server.url)
        assert await geocoder.locate(WORDS) is None
        assert await geocoder.locate(WORDS) is not None


async def test_after_too_many_requests_the_service_is_left_alone(http: httpx.AsyncClient) -> None:
    replies = iter([Reply("", status=429, headers={"Retry-After": "7"}), Reply(feature())])
    clock = [100.0]
    async with serving(lambda _: next(replies)) as server:
        geocoder = GeoplateformeGeocoder(http, base_url=server.url, clock=lambda: clock[0])
        assert await geocoder.locate(WORDS) is None
        clock[0] += 6
        assert await geocoder.locate(WORDS) is None
        assert len(server.asked) == 1
        clock[0] += 2
        assert await geocoder.locate(WORDS) is not None


async def test_a_silent_service_costs_little(http: httpx.AsyncClient) -> None:
    async def never(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    server = await asyncio.start_server(never, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server:
        geocoder = GeoplateformeGeocoder(
            http, base_url=f"http://127.0.0.1:{port}", timeout_seconds=0.05
        )
        assert await asyncio.wait_for(geocoder.locate(WORDS), 2) is None


async def test_nobody_there_is_no_address(http: httpx.AsyncClient) -> None:
    assert await GeoplateformeGeocoder(http, base_url="http://127.0.0.1:9").locate(WORDS) is None


async def test_the_memory_is_bounded(
    http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("puls.geocoding._REMEMBERED", 2)
    async with serving(lambda _: Reply(feature())) as server:
        geocoder = GeoplateformeGeocoder(http, base_url=server.url)
        for number in (1, 2, 3, 1):
            await geocoder.locate(f"{number} rue Haute")
    assert [asked["q"] for asked in server.asked] == [
        f"{number} rue Haute" for number in (1, 2, 3, 1)
    ]


async def test_an_empty_query_is_not_sent(http: httpx.AsyncClient) -> None:
    assert await GeoplateformeGeocoder(http, base_url="http://127.0.0.1:9").locate("  ") is None


@pytest.mark.parametrize("coordinates", [[4.8, 145.0], ["est", 45.0], [4.8], None])
def test_coordinates_off_the_earth_are_a_broken_reply(coordinates: Any) -> None:
    payload = feature()
    payload["features"][0]["geometry"]["coordinates"] = coordinates
    with pytest.raises(ValueError, match=r".+"):
        address_from(payload)
