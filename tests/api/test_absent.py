"""null means absent, in every optional field of everything that is read: many clients write the fields that they leave out.

The fields are taken from the code, so a new one is tried without anybody thinking of it.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, get_args
from uuid import UUID

import httpx
import pytest
from fastapi.routing import APIRoute
from pydantic import BaseModel
from starlette.routing import BaseRoute
from tests.serving import app_over, puls_over, visiting

from puls.api.app import create_app
from puls.api.mcp.inputs import GetEventInput, PlanOutingInput, SearchEventsInput
from puls.api.me.schemas import PreferenceChanges
from puls.bootstrap import Puls
from puls.database import Database
from puls.geo.gazetteer import Gazetteer

A_UUID = str(UUID(int=1))
EXAMPLES: Mapping[str, Mapping[str, Any]] = {  # what each shape must hold; the rest is optional
    "ChatMessage": {"role": "user"},
    "ChatRequest": {"text": "jazz", "request_id": A_UUID},
    "CompletionRequest": {"messages": [{"role": "user", "content": "jazz"}]},
    "Edit": {"of_turn": A_UUID},
    "FeedbackGiven": {"thumb": "up"},
    "GetEventInput": {"uid": "1"},
    "LettersWanted": {"address": "someone@example.org", "agrees": True},
    "PageMessage": {"request_id": A_UUID, "text": "jazz"},
    "PlanOutingInput": {"query": "une expo puis un concert"},
    "SurveyAnswered": {"score": 4},
}
NULL_SAYS_SOMETHING = {PreferenceChanges}  # a merge patch (RFC 7396): null forgets


def shapes_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
        for field in annotation.model_fields.values():
            yield from shapes_in(field.annotation)
        return
    for part in get_args(annotation):
        yield from shapes_in(part)


def routes_in(routes: Iterable[BaseRoute]) -> Iterator[APIRoute]:
    for route in routes:
        if isinstance(route, APIRoute):
            yield route
        else:
            router = getattr(route, "original_router", None)
            yield from routes_in(getattr(router, "routes", ()))


@asynccontextmanager
async def _nothing() -> Any:
    yield


def shapes() -> list[type[BaseModel]]:
    """Every shape of a body that some address reads, and of what the MCP tools take."""
    read: set[type[BaseModel]] = {SearchEventsInput, GetEventInput, PlanOutingInput}
    for route in routes_in(create_app(_nothing).routes):
        if route.body_field is not None:
            read.update(shapes_in(route.body_field.field_info.annotation))
    return sorted(read - NULL_SAYS_SOMETHING, key=lambda shape: shape.__name__)


def optional_fields() -> list[Any]:
    return [
        pytest.param(shape, field.alias or name, id=f"{shape.__name__}.{field.alias or name}")
        for shape in shapes()
        for name, field in shape.model_fields.items()
        if not field.is_required()
    ]


@pytest.mark.parametrize(("shape", "field"), optional_fields())
def test_null_is_as_if_it_had_not_been_sent(shape: type[BaseModel], field: str) -> None:
    """A form that a client leaves empty must not be an error, nor a wish."""
    least = dict(EXAMPLES.get(shape.__name__, {}))
    unset = {name: value for name, value in least.items() if name != field}
    absent = _read(shape, unset, field)
    assert _read(shape, {**unset, field: None}, field) == absent


def _read(shape: type[BaseModel], values: Mapping[str, Any], field: str) -> Any:
    """What is read, the field itself aside where it is made up anew each time; or what is wrong, in words."""
    try:
        read = shape.model_validate(values).model_dump()
    except ValueError as error:
        return [problem["msg"] for problem in getattr(error, "errors", list)()]
    if field == "request_id":
        read.pop(field)
    return read


def test_the_fields_are_found() -> None:
    """A change of FastAPI's insides must not leave this test with nothing to try."""
    names = {shape.__name__ for shape in shapes()}
    assert names >= {*EXAMPLES, "Part", "StreamOptions", "ConsentChange", "SearchEventsInput"}
    assert len(optional_fields()) > 70


def test_the_description_of_each_field_allows_null() -> None:
    """Clients that are generated from it, and models that fill in a tool, do as it says."""
    for shape in shapes():
        described = shape.model_json_schema()
        for name, field in described.get("properties", {}).items():
            if name not in described.get("required", ()):
                kinds = [one.get("type") for one in field.get("anyOf", [field])]
                assert "null" in kinds, f"{shape.__name__}.{name}: {field}"


@pytest.fixture
async def puls(database: Database, gazetteer: Gazetteer) -> Puls:
    return puls_over(database, gazetteer)


BODIES = [
    ("/v1/chat", {"text": "jazz"}, "ChatRequest"),
    ("/v1/chat/completions", EXAMPLES["CompletionRequest"], "CompletionRequest"),
    ("/chat", EXAMPLES["PageMessage"], "PageMessage"),
]


@pytest.mark.database
@pytest.mark.parametrize(("path", "least", "name"), BODIES, ids=[one[0] for one in BODIES])
async def test_all_fields_null_at_once_are_answered(
    puls: Puls, path: str, least: Mapping[str, Any], name: str
) -> None:
    """As a client does that sends its whole form."""
    (shape,) = (one for one in shapes() if one.__name__ == name)
    nulls = {
        field.alias or key: None
        for key, field in shape.model_fields.items()
        if not field.is_required()
    }
    async with visiting(app_over(puls)) as client:
        answer = await client.post(path, json={**nulls, **least})
    assert answer.status_code == 200, answer.text


@pytest.mark.database
@pytest.mark.parametrize("tool", ["search_events", "plan_outing"])
async def test_all_arguments_of_a_tool_null_at_once_are_answered(puls: Puls, tool: str) -> None:
    """LLM clients fill in every argument that a tool describes."""
    shape = SearchEventsInput if tool == "search_events" else PlanOutingInput
    arguments = dict.fromkeys(shape.model_fields) | {"query": "une expo à Lyon"}
    async with visiting(app_over(puls)) as client:
        answer = await called(client, tool, arguments)
    assert not answer["result"].get("isError"), answer


async def called(client: httpx.AsyncClient, tool: str, arguments: Mapping[str, Any]) -> Any:
    message = {
        "jsonrpc": "2.0", "id": 1, "method": "tools/call",
        "params": {"name": tool, "arguments": arguments},
    }  # fmt: skip
    answer = await client.post(
        "/mcp", json=message, headers={"Accept": "application/json, text/event-stream"}
    )
    return answer.json()
