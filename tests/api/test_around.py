"""What stands around every request: names, proxies, bodies, doors for operators."""

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.serving import NOW, an_event, app_over, puls_over, save, visiting

from puls.api.doors import Doors
from puls.api.edge.bodies import without_half_characters
from puls.api.edge.hosts import host_of
from puls.api.edge.proxies import TrustedProxies
from puls.bootstrap import Puls
from puls.database import Database
from puls.geo.gazetteer import Gazetteer
from puls.settings import Settings


@pytest.fixture
async def puls(database: Database, gazetteer: Gazetteer) -> Puls:
    await save(database, [an_event()])
    return puls_over(database, gazetteer, settings=Settings(public_url="https://puls.example/"))


@pytest.fixture
async def client(puls: Puls) -> AsyncIterator[httpx.AsyncClient]:
    async with visiting(app_over(puls, doors=Doors())) as client:
        yield client


# -- Names -----------------------------------------------------------------------------------------------------------


@pytest.mark.database
@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("puls.test", 200),
        ("PULS.test:8000", 200),
        ("puls.example", 200),
        ("localhost:1", 200),
        ("127.0.0.1", 200),
        ("[::1]:8000", 200),
        ("evil.example", 421),
        ("localhost.evil.example", 421),
        ("puls.test.evil.example", 421),
        ("puls.test@evil.example", 421),
        ("evil.example/puls.test", 421),
        ("puls.test:99999", 421),
        ("", 421),
    ],
)
async def test_puls_answers_under_its_own_names(
    client: httpx.AsyncClient, host: str, status: int
) -> None:
    """A page elsewhere can make its name point here, and would then be « the same site » as Puls."""
    for path in ("/", "/v1/models"):
        assert (await client.get(path, headers={"Host": host})).status_code == status
    assert (await client.get("/health/live", headers={"Host": host})).status_code == 200


@given(st.text(max_size=40))
def test_no_host_breaks_its_reading(written: str) -> None:
    host_of(written)


# -- Proxies ---------------------------------------------------------------------------------------------------------


async def seen(
    peer: str, *forwarded: str, proto: str = "", networks: tuple[str, ...]
) -> tuple[str, str]:
    """The address and scheme that the application sees."""
    told: dict[str, Any] = {}

    async def app(scope: Any, receive: Any, send: Any) -> None:
        del receive, send
        told.update(scope)

    headers = [(b"x-forwarded-for", one.encode()) for one in forwarded]
    headers += [(b"x-forwarded-proto", proto.encode())] if proto else []
    scope = {"type": "http", "client": (peer, 1), "scheme": "http", "headers": headers}
    await TrustedProxies(app, networks=networks)(scope, _nothing, _nothing)
    return told["client"][0], told["scheme"]


async def _nothing(*_: Any) -> Any:
    raise AssertionError("nobody reads or sends here")


@pytest.mark.parametrize(
    ("peer", "forwarded", "address"),
    [
        ("203.0.113.9", ("198.51.100.1",), "203.0.113.9"),  # no proxy of ours
        ("10.0.0.2", ("198.51.100.1",), "198.51.100.1"),
        ("10.0.0.2", ("6.6.6.6, 198.51.100.1",), "198.51.100.1"),  # the visitor wrote the first
        ("10.0.0.2", ("6.6.6.6", "198.51.100.1, 10.0.0.7"), "198.51.100.1"),  # two proxies, two headers
        ("10.0.0.2", ("198.51.100.1:4711",), "198.51.100.1"),
        ("10.0.0.2", ("[2001:db8::1]:4711",), "2001:db8::1"),
        ("::ffff:10.0.0.2", ("198.51.100.1",), "198.51.100.1"),
        ("10.0.0.2", ("x1<script>",), "10.0.0.2"),
        ("10.0.0.2", ("198.51.100.1, unknown",), "10.0.0.2"),
        ("10.0.0.2", (), "10.0.0.2"),
    ],
)  # fmt: skip
async def test_the_rightmost_stranger_is_who_asked(
    peer: str, forwarded: tuple[str, ...], address: str
) -> None:
    """Whatever stands left of it, the visitor could have written: a new address for each request."""
    assert (await seen(peer, *forwarded, networks=("10.0.0.0/8",)))[0] == address
    assert (await seen(peer, *forwarded, networks=()))[0] == peer


async def test_only_a_proxy_of_ours_says_whether_it_was_https() -> None:
    """Cookies are « secure » by it."""
    ours = await seen("10.0.0.2", "198.51.100.1", proto="https", networks=("10.0.0.2",))
    assert ours == ("198.51.100.1", "https")
    stranger = await seen("203.0.113.9", proto="https", networks=("10.0.0.2",))
    assert stranger[1] == "http"


# -- Bodies ----------------------------------------------------------------------------------------------------------


@pytest.mark.database
@pytest.mark.parametrize("path", ["/v1/chat", "/chat", "/mcp", "/v1/me/consent", "/v1/search", "/nowhere"])  # fmt: skip
@pytest.mark.parametrize("is_declared", [True, False])
async def test_a_body_beyond_what_is_read_is_refused(
    client: httpx.AsyncClient, path: str, *, is_declared: bool
) -> None:
    """Counted while it comes, whatever it says of itself."""
    taken = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal taken
        while True:
            taken += 1
            yield b" " * 65_536

    headers = {"Content-Type": "application/json"}
    if is_declared:
        answer = await client.post(path, content=b" " * 70_000, headers=headers)
    else:
        answer = await client.post(path, content=endless(), headers=headers)
    assert answer.status_code == 413
    assert answer.json()["code"] == "too_large"
    assert taken < 5


@pytest.mark.database
async def test_a_whole_conversation_of_a_client_fits(client: httpx.AsyncClient) -> None:
    """They send all of it each time."""
    long = [{"role": "user", "content": "concert " * 2_000} for _ in range(20)]
    answer = await client.post("/v1/chat/completions", json={"messages": long})
    assert answer.status_code == 200


@given(st.recursive(st.text() | st.integers() | st.none(), lambda one: st.lists(one, max_size=4)))
def test_whole_characters_stay_as_they_are(value: Any) -> None:
    """Backslashes, escaped pairs and ordinary text are not touched."""
    for ascii_alone in (True, False):
        written = json.dumps(value, ensure_ascii=ascii_alone).encode("utf-8", "surrogatepass")
        if "\\ud" not in written.decode("utf-8", "surrogatepass").lower():
            assert json.loads(without_half_characters(written)) == value


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (rb'"\ud83c\udfb7"', "🎷"),
        (rb'"\ud83c"', "\ufffd"),
        (rb'"\udfb7\ud83c"', "\ufffd\ufffd"),
        (rb'"\ud83c\ud83c\udfb7"', "\ufffd🎷"),
        (rb'"\\ud83c"', "\\ud83c"),
        (rb'"\\\ud83c"', "\\\ufffd"),
    ],
)
def test_half_a_character_is_marked_as_lost(written: bytes, read: str) -> None:
    assert json.loads(without_half_characters(written)) == read


# -- Doors -----------------------------------------------------------------------------------------------------------


@pytest.mark.database
async def test_operators_have_doors_of_their_own(puls: Puls) -> None:
    """What is counted of visitors and spent on models is nobody else's business."""
    keys = puls.people.api_keys
    _, operator = await keys.create(name="prometheus", scopes=["operator"], now=NOW)
    _, program = await keys.create(name="agent", scopes=["search"], now=NOW)
    async with visiting(app_over(puls, doors=Doors())) as client:

        async def status(path: str, key: str | None = None) -> int:
            headers = {"Authorization": f"Bearer {key}"} if key else {}
            return (await client.get(path, headers=headers)).status_code

        assert [await status("/metrics", key) for key in (None, program, operator)] == [
            401,
            403,
            200,
        ]
        assert [await status("/openapi.json", key) for key in (None, program)] == [401, 200]
        assert (await client.get("/health/ready")).json().keys() <= {"status"}
        assert await status("/health/live") == 200


@pytest.mark.database
async def test_an_operator_leaves_a_door_open(puls: Puls) -> None:
    async with visiting(app_over(puls, doors=Doors(open=["metrics"]))) as client:
        assert (await client.get("/metrics")).status_code == 200
        assert (await client.get("/openapi.json")).status_code == 401


@pytest.mark.database
async def test_on_a_desk_they_are_open_to_the_same_machine_and_not_through_a_proxy_on_it(
    puls: Puls,
) -> None:
    """A tunnel to a developer's machine is a proxy too."""
    async with visiting(app_over(puls, doors=Doors(is_desk=True))) as client:
        assert (await client.get("/metrics")).status_code == 200
        forwarded = {"X-Forwarded-For": "203.0.113.9"}
        assert (await client.get("/metrics", headers=forwarded)).status_code == 401


@pytest.mark.database
async def test_wrong_keys_are_limited(client: httpx.AsyncClient) -> None:
    """Whoever guesses waits."""
    statuses = [
        (await client.get("/v1/search?q=jazz", headers={"Authorization": "Bearer puls_x"})).status_code
        for _ in range(15)
    ]  # fmt: skip
    assert statuses[0] == 401
    assert statuses[-1] == 429
