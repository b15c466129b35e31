"""Whatever is sent, the answer is a problem that says what to do, never a failure of ours."""

import asyncio
from collections.abc import AsyncIterator
from urllib.parse import quote

import httpx
import pytest
from fastapi import FastAPI
from structlog.testing import capture_logs
from tests.serving import app_over, puls_over, visiting

from puls.database import Database
from puls.errors import SourceUnavailableError
from puls.geo.gazetteer import Gazetteer

UNREADABLE = [
    "q=" + "a" * 2001,
    "limit=0", "limit=51", "limit=ten", "limit=" + "9" * 400,
    "lat=nan&lon=2", "lat=inf&lon=2", "lat=90.1&lon=2", "lat=48&lon=-181", "lat=48",
    "lat=48&lon=2&radius_km=0", "lat=48&lon=2&radius_km=-1", "lat=48&lon=2&radius_km=1e308",
    "radius_km=10", "place=Drôme&radius_km=10",
    "place=", "place=Nullepartville-sur-Rien", "place=" + "a" * 101,
    "max_price=-1", "max_price=nan", "max_price=1e400",
    "age=-1", "age=121", "age=4.5", "age=" + "&age=".join(["4"] * 11),
    "accessibility=xx", "category=concerts", "order=random", "free=maybe", "online=2",
    "from=0001-01-01", "to=9999-12-31", "from=2026-02-30", "from=tomorrow",
    "now=0001-01-01T00:00:00Z", "now=9999-12-31T23:59:59-12:00", "now=2026-11-28T10:00:00",
    "now=1764345600", "from=2026-12-02&to=2026-12-01", "to=2020-01-01",
    "unknown_parameter=1",
]  # fmt: skip

READABLE = [
    "q=%00", "q=caf%00%C3%A9", "q=%ED%A0%80", "q=%ff%fe", "q=" + "a" * 2000,
    "q=" + quote("🎷" * 500),
    "q=" + quote("' OR 1=1; --"), "q=" + quote("% _ \\ \x1b[31m"),
    "q=" + quote("{vector} %(now)s %s"),
    "q=" + quote("à 99999999999 km de Lyon le 99/99/9999 pour 99999999999999999999 euros"),
    "q=" + quote("concert en l'an 0001 ou le 31 décembre 9999"), "q=", "",
    "from=1900-01-01", "to=2199-12-31", "from=2199-12-31", "now=2199-12-31T23:59:59-12:00",
    "now=1900-01-01T00:00:00%2B14:00",
    "lat=90&lon=180&radius_km=500", "lat=-90&lon=-180&radius_km=0.001",
    "max_price=0", "max_price=1e-300", "age=0&age=120",
]  # fmt: skip


def is_problem(response: httpx.Response) -> bool:
    problem = response.json()
    return (
        response.headers["content-type"] == "application/problem+json"
        and problem["status"] == response.status_code
        and problem["request_id"] == response.headers["x-request-id"]
        and {"type", "title", "detail", "code", "instance"} <= problem.keys()
    )


@pytest.mark.parametrize("query", UNREADABLE)
async def test_what_cannot_be_read_is_a_422_problem(client: httpx.AsyncClient, query: str) -> None:
    """An integrator learns from the answer what to mend; a monitor never sees a 5xx for it."""
    response = await client.get(f"/v1/search?{query}")
    assert response.status_code == 422
    assert is_problem(response)


async def test_odd_but_readable_questions_are_answered(client: httpx.AsyncClient) -> None:
    """People paste anything; a search box takes it, and so does the page."""
    for query in READABLE:
        assert (await client.get(f"/v1/search?{query}")).status_code == 200, query
        if query.startswith("q="):
            assert (await client.get(f"/?{query}")).status_code == 200, query


async def test_a_validation_problem_names_the_fields(client: httpx.AsyncClient) -> None:
    """« limit » is wrong and « age » too: both are said at once."""
    problem = (await client.get("/v1/search?limit=99&age=-1")).json()
    assert {error["field"] for error in problem["errors"]} == {"query.limit", "query.age.0"}
    assert problem["code"] == "invalid_input"


@pytest.mark.parametrize("uid", ["0", "%00", "a" * 201, "%F0%9F%8E%B7", "..", "' OR 1=1"])
async def test_an_unknown_event_is_a_problem(client: httpx.AsyncClient, uid: str) -> None:
    """Also uids that no database would take."""
    response = await client.get(f"/v1/events/{uid}")
    assert response.status_code in {404, 422}
    assert is_problem(response)


async def test_an_unknown_address_or_method_is_a_problem(client: httpx.AsyncClient) -> None:
    """Nothing answers in another format by accident."""
    nowhere = await client.get("/v1/nowhere")
    assert nowhere.status_code == 404
    assert is_problem(nowhere)
    wrong = await client.delete("/v1/search")
    assert wrong.status_code == 405
    assert wrong.headers["allow"] == "GET, HEAD"
    assert is_problem(wrong)


@pytest.fixture
async def failing(database: Database, gazetteer: Gazetteer) -> AsyncIterator[httpx.AsyncClient]:
    """The application with three more routes, each failing in its own way."""
    app = app_over(puls_over(database, gazetteer), time_limit_seconds=0.2)
    _fail(app)
    async with visiting(app) as client:
        yield client


def _fail(app: FastAPI) -> None:
    @app.get("/v1/broken")
    async def broken() -> None:
        raise RuntimeError("password=hunter2")

    @app.get("/v1/known")
    async def known() -> None:
        raise SourceUnavailableError("OpenAgenda did not answer.")

    @app.get("/v1/slow")
    async def slow() -> None:
        await asyncio.sleep(30)


async def test_a_failure_nobody_foresaw_shows_no_internals(failing: httpx.AsyncClient) -> None:
    """The log has it all under the request id; the visitor has the id."""
    with capture_logs() as lines:
        response = await failing.get("/v1/broken")
    assert response.status_code == 500
    assert is_problem(response)
    assert "hunter2" not in response.text
    assert response.headers["x-content-type-options"] == "nosniff"
    assert [line["event"] for line in lines] == ["http.failed", "http.request"]


async def test_a_known_failure_keeps_its_own_code(failing: httpx.AsyncClient) -> None:
    """`PulsError` is translated in one place."""
    response = await failing.get("/v1/known")
    assert (response.status_code, response.json()["code"]) == (503, "source_unavailable")
    assert is_problem(response)


async def test_a_request_that_takes_too_long_is_given_up(failing: httpx.AsyncClient) -> None:
    """Every wait has a limit; an endless spinner tells nobody anything."""
    response = await failing.get("/v1/slow")
    assert (response.status_code, response.json()["code"]) == (503, "too_slow")
    assert response.headers["retry-after"] == "5"
