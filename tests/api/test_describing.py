"""The API's description says what an integrator would otherwise find by trying."""

from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from selectolax.lexbor import LexborHTMLParser
from tests.serving import app_over, puls_over, visiting

from puls.api.chat_shapes import shape_of
from puls.api.describing import STREAM_EVENTS
from puls.database import Database
from puls.geo.gazetteer import Gazetteer
from puls.settings import Settings

WITHOUT_EXAMPLE = {"204"}


@pytest.fixture
def app(database: Database, gazetteer: Gazetteer) -> FastAPI:
    settings = Settings(public_url="https://puls.test/")
    return app_over(puls_over(database, gazetteer, settings=settings))


def test_it_names_the_server_and_the_ways_to_say_who_one_is(app: FastAPI) -> None:
    document = app.openapi()
    assert document["servers"][0]["url"] == "https://puls.test"
    schemes = document["components"]["securitySchemes"]
    assert schemes["key"]["scheme"] == "bearer"
    assert schemes["visitor"]["name"] == "puls_visitor"
    assert document["paths"]["/v1/chat"]["post"]["security"][0] == {}  # none is needed


def test_each_event_of_the_stream_has_a_type(app: FastAPI) -> None:
    """And no event is sent that is not described."""
    document = app.openapi()
    content = document["paths"]["/v1/chat"]["post"]["responses"]["200"]["content"]
    kinds = [
        one["$ref"].rpartition("/")[2] for one in content["text/event-stream"]["schema"]["oneOf"]
    ]
    schemas = document["components"]["schemas"]
    names = [schemas[kind]["properties"]["event"]["const"] for kind in kinds]
    assert names == list(STREAM_EVENTS)
    for kind in kinds:
        data = schemas[kind]["properties"]["data"]["contentSchema"]["$ref"].rpartition("/")[2]
        assert schemas[data]["properties"]
    source = shape_of.__code__.co_consts
    assert {one for one in source if isinstance(one, str) and one in STREAM_EVENTS} == set(
        STREAM_EVENTS
    )


def test_every_reference_leads_somewhere(app: FastAPI) -> None:
    """Generators of clients stop at the first one that does not."""
    document = app.openapi()
    schemas = document["components"]["schemas"]

    def references(value: Any) -> set[str]:
        if isinstance(value, dict):
            own = {value["$ref"]} if isinstance(value.get("$ref"), str) else set()
            return own.union(*map(references, value.values()))
        return set().union(*map(references, value)) if isinstance(value, list) else set()

    assert {one.rpartition("/")[2] for one in references(document)} <= set(schemas)


async def test_docs_is_a_page_of_our_own_behind_the_same_door(app: FastAPI) -> None:
    """Light, without a script from elsewhere; every operation with a line to paste."""
    async with visiting(app) as client:
        page: httpx.Response = await client.get("/docs")
        assert page.status_code == 200
        html = LexborHTMLParser(page.text)
        document = app.openapi()
        ids = {
            one["operationId"] for methods in document["paths"].values() for one in methods.values()
        }
        assert {node.attributes["id"] for node in html.css("section h2")} >= ids
        assert all(
            (node.attributes["src"] or "").startswith("/static/")
            for node in html.css("script[src]")
        )
        lines = [node.text() for node in html.css("section > pre code")]
        assert len(lines) == len(ids)
        assert "curl -N -X POST" in page.text.replace("&#39;", "'")
        shut = await client.get("/docs", headers={"X-Forwarded-For": "203.0.113.9"})
        assert shut.status_code == 401
