"""What operators and their machines rely on."""

import asyncio

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from structlog.testing import capture_logs
from tests.serving import app_over, puls_over, visiting

from puls.bootstrap import Puls
from puls.database import Database
from puls.geo.gazetteer import Gazetteer


async def test_readiness_says_what_is_true(client: httpx.AsyncClient) -> None:
    """An operator reads from one address whether vectors answer or words alone."""
    ready = await client.get("/health/ready")
    assert ready.status_code == 200
    assert ready.json()["index"]["mode"] == "words"
    assert (await client.get("/health/live")).json() == {"status": "alive"}


async def test_without_a_database_it_is_alive_but_not_ready(gazetteer: Gazetteer) -> None:
    """A load balancer takes it out, nobody restarts it for nothing, figures stay visible."""
    closed = Database("host=127.0.0.1", pool_size=1)
    async with visiting(app_over(puls_over(closed, gazetteer))) as client:
        assert (await client.get("/health/live")).status_code == 200
        ready = await client.get("/health/ready")
        page = await client.get("/?q=concert")
        metrics = await client.get("/metrics")
    assert ready.status_code == 503
    assert ready.headers["content-type"] == "application/problem+json"
    assert page.status_code == 503
    assert "momentanément indisponible" in page.text
    assert metrics.status_code == 200


async def test_metrics_count_requests_by_route_template(client: httpx.AsyncClient) -> None:
    """Labels that grow with what visitors type would bring Prometheus down."""
    await client.get("/v1/search", params={"q": "secret wish"})
    await client.get("/v1/events/1")
    await client.get("/nowhere/at/all")
    page = (await client.get("/metrics")).text
    families = {family.name: family for family in text_string_to_metric_families(page)}

    routes = {sample.labels["route"] for sample in families["puls_http_requests"].samples}
    assert {"/v1/search", "/v1/events/{uid}", "unmatched"} <= routes
    assert "secret" not in page


async def test_one_line_per_request_without_the_visitors_words(client: httpx.AsyncClient) -> None:
    """Logs are for operators; a wish is the visitor's own."""
    with capture_logs() as lines:
        await client.get("/v1/search?q=divorce", headers={"X-Request-ID": "from-the-proxy-1"})
    (line,) = [line for line in lines if line["event"] == "http.request"]
    assert (line["route"], line["status"]) == ("/v1/search", 200)
    assert "divorce" not in repr(lines)


@pytest.mark.parametrize(
    ("sent", "is_kept"), [("from-the-proxy-1", True), ("a b", False), ("x" * 200, False)]
)
async def test_a_sane_request_id_is_kept(
    client: httpx.AsyncClient, sent: str, is_kept: bool
) -> None:
    """One id follows a request through every machine; rubbish does not enter the logs."""
    response = await client.get("/health/live", headers={"X-Request-ID": sent})
    assert (response.headers["x-request-id"] == sent) is is_kept


async def test_every_answer_carries_the_security_headers(client: httpx.AsyncClient) -> None:
    """Pages, problems and static files alike."""
    for path in ("/", "/v1/search?limit=0", "/static/puls.css", "/nowhere"):
        headers = (await client.get(path)).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe-inline" not in policy
        assert "frame-ancestors 'none'" in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        assert "geolocation=(self)" in headers["permissions-policy"]


async def test_background_work_runs_and_ends_with_the_application(
    database: Database, gazetteer: Gazetteer
) -> None:
    """The index is built while the page answers; a failure stops neither the next nor the page."""
    started, cancelled = asyncio.Event(), asyncio.Event()

    async def endless(_: Puls) -> None:
        started.set()
        try:
            await asyncio.sleep(3600)
        finally:
            cancelled.set()

    async def doomed(_: Puls) -> None:
        raise RuntimeError("no disk left")

    app = app_over(puls_over(database, gazetteer), background=[doomed, endless])
    with capture_logs() as lines:
        async with visiting(app) as client:
            await started.wait()
            assert (await client.get("/health/live")).status_code == 200
            assert not cancelled.is_set()
    assert cancelled.is_set()
    assert "background.failed" in [line["event"] for line in lines]
