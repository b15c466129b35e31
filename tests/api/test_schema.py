"""The OpenAPI document and the answers agree, on inputs that a machine makes up."""

from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import httpx
import pytest
import schemathesis
from anyio.from_thread import BlockingPortal, start_blocking_portal
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS
from tests.on_the_web import Seen, a_check, the_web_of
from tests.serving import an_event, app_over, puls_over, save, visiting

from puls.api.schemas import EventDetails, SearchAnswer
from puls.api.web_shapes import CheckShape
from puls.database import Database
from puls.geo.gazetteer import Gazetteer
from puls.settings import Settings
from puls.web_search.values import Outcome

EXAMPLES = 150  # `make fuzz` tries more
WITH_PARAMETERS = [
    "/v1/search", "/v1/events/{uid}", "/v1/events/{uid}/calendar.ics", "/v1/events/{uid}/verification",
]  # fmt: skip
FEEDS = ["/v1/search.rss", "/v1/search.json-feed", "/v1/search.ics"]
OPERATIONS = [*WITH_PARAMETERS, *FEEDS, "/v1/plan.ics", "/health/live", "/health/ready", "/metrics"]
TALKING = ["/v1/chat", "/v1/chat/completions", "/v1/models", "/v1/models/{model}"]
OF_VISITORS = ("/v1/me", "/v1/conversations", "/v1/turns")  # aimed at in test_isolation.py


class Visitor:
    """A running application and its client in a thread of their own, called from a plain test."""

    def __init__(self, portal: BlockingPortal, app: FastAPI, client: httpx.AsyncClient) -> None:
        self.app = app
        self._portal = portal
        self._client = client

    def send(self, case: schemathesis.Case[Any]) -> httpx.Response:
        sent = case.as_transport_kwargs(base_url="http://puls.test")
        request = httpx.Request(
            sent["method"], sent["url"], params=sent["params"], headers=sent["headers"]
        )
        return self._portal.call(self._client.send, request)


@pytest.fixture
def visitor(database_url: str, gazetteer: Gazetteer) -> Iterator[Visitor]:
    with ExitStack() as stack:
        portal = stack.enter_context(start_blocking_portal())
        opened = portal.wrap_async_context_manager(Database.open(database_url, pool_size=2))
        database = stack.enter_context(opened)
        portal.call(save, database, [an_event()])
        web = the_web_of(Seen(checks={"1": a_check("1", Outcome.CONFIRMED)}), database, gazetteer)
        unlimited = Settings(chat_per_minute=10**6, chat_per_minute_per_address=10**6)
        app = app_over(puls_over(database, gazetteer, web=web, settings=unlimited))
        client = stack.enter_context(portal.wrap_async_context_manager(visiting(app)))
        yield Visitor(portal, app, client)


def test_no_made_up_request_breaks_the_contract(visitor: Visitor) -> None:
    """No 5xx, only documented statuses, the documented shapes, wrong input refused."""
    schema = schemathesis.openapi.from_dict(visitor.app.openapi())
    # A value may have the right shape and mean nothing (no such place): that is a 422.
    checks: list[Any] = [
        check for check in CHECKS.get_all() if check.__name__ != "positive_data_acceptance"
    ]
    right = [schema[path]["GET"].as_strategy() for path in OPERATIONS]
    wrong = [
        schema[path]["GET"].as_strategy(generation_mode=GenerationMode.NEGATIVE)
        for path in WITH_PARAMETERS
    ]
    statuses: Counter[int] = Counter()

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=st.one_of([*right, *wrong]))
    def contract(case: schemathesis.Case[Any]) -> None:
        response = visitor.send(case)
        statuses[response.status_code] += 1
        case.validate_response(response, checks=checks)

    contract()
    assert statuses.keys() <= {200, 404, 405, 422}
    assert statuses[422] > 0


def test_the_document_is_openapi_3_1_with_one_shape_of_failure(visitor: Visitor) -> None:
    """Generators of clients read this document; every failure has one shape in it."""
    document = visitor.app.openapi()
    assert document["openapi"].startswith("3.1")
    of_visitors = {path for path in document["paths"] if path.startswith(OF_VISITORS)}
    assert document["paths"].keys() - of_visitors == {*OPERATIONS, *TALKING}
    for operation in (
        operation for methods in document["paths"].values() for operation in methods.values()
    ):
        responses = operation["responses"]
        failures = {status: body for status, body in responses.items() if status >= "400"}
        assert {"500", "503"} <= failures.keys()
        for body in failures.values():
            schema = body["content"]["application/problem+json"]["schema"]
            assert schema == {"$ref": "#/components/schemas/Problem"}


def test_the_examples_are_answers(visitor: Visitor) -> None:
    """An example that could not be an answer misleads whoever reads it."""
    paths = visitor.app.openapi()["paths"]
    shapes: dict[str, type[BaseModel]] = {
        "/v1/search": SearchAnswer,
        "/v1/events/{uid}": EventDetails,
        "/v1/events/{uid}/verification": CheckShape,
    }
    for path, shape in shapes.items():
        success = paths[path]["get"]["responses"]["200"]["content"]["application/json"]
        assert shape.model_validate(success["example"]).model_dump(mode="json")
