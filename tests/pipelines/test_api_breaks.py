"""The gate before openapi.json: it may grow, and nothing that a client relies on may go."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from scripts.api_breaks import breaks
from scripts.openapi import COMMITTED, described

Change = Callable[[Any], Any]
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def committed() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(COMMITTED.read_text(encoding="utf-8"))
    return found


def shape(whole: Any, name: str) -> Any:
    return whole["components"]["schemas"][name]


def search(whole: Any) -> Any:
    return whole["paths"]["/v1/search"]["get"]


def parameter(whole: Any, name: str) -> Any:
    return next(one for one in search(whole)["parameters"] if one["name"] == name)


def test_the_committed_description_is_that_of_the_code(committed: dict[str, Any]) -> None:
    assert json.loads(json.dumps(described())) == committed, "make openapi"


def test_it_breaks_nothing_of_itself(committed: dict[str, Any]) -> None:
    assert breaks(committed, committed) == []


BREAKS: list[tuple[str, Change]] = [
    ("GET /v1/search is gone", lambda d: d["paths"].pop("/v1/search")),
    ("DELETE /v1/me is gone", lambda d: d["paths"]["/v1/me"].pop("delete")),
    ("parameter q is gone", lambda d: search(d)["parameters"].remove(parameter(d, "q"))),
    ("parameter zip is required now", lambda d: search(d)["parameters"].append({"in": "query", "name": "zip", "required": True})),
    ("parameter limit is required now", lambda d: parameter(d, "limit").update(required=True)),
    ("429 is not answered any more", lambda d: search(d)["responses"].pop("429")),
    ("application/json is gone", lambda d: search(d)["responses"]["200"]["content"].pop("application/json")),
    ("field fitting is gone", lambda d: shape(d, "SearchAnswer")["properties"].pop("fitting")),
    ("field fitting may be missing now", lambda d: shape(d, "SearchAnswer")["required"].remove("fitting")),
    ("fitting: integer became string", lambda d: shape(d, "SearchAnswer")["properties"]["fitting"].update(type="string")),
    ("field text is gone", lambda d: shape(d, "ChatRequest")["properties"].pop("text")),
    ("field zip is required now", lambda d: shape(d, "ChatRequest")["required"].append("zip")),
    ("maxLength is 10 now", lambda d: shape(d, "ChatRequest")["properties"]["text"].update(maxLength=10)),
    ("minLength is 5 now", lambda d: shape(d, "ChatRequest")["properties"]["text"].update(minLength=5)),
    ("the pattern is another", lambda d: shape(d, "ChatRequest")["properties"]["text"].update(pattern="^a")),
    ("a body is required now", lambda d: d["paths"]["/v1/me"]["delete"].update(requestBody={"required": True})),
    ("any value may be answered now", lambda d: shape(d, "PriceKind").pop("enum")),
]  # fmt: skip


@pytest.mark.parametrize(("said", "change"), BREAKS, ids=[one for one, _ in BREAKS])
def test_a_planted_break_is_found(committed: dict[str, Any], said: str, change: Change) -> None:
    """On the real description, wherever the shape is used."""
    newer = copy.deepcopy(committed)
    change(newer)
    assert any(said in one for one in breaks(committed, newer)), breaks(committed, newer)


def test_a_value_that_was_accepted_must_stay_accepted() -> None:
    def of(values: list[str]) -> dict[str, Any]:
        one = {"in": "query", "name": "order", "schema": {"type": "string", "enum": values}}
        return {"paths": {"/a": {"get": {"parameters": [one], "responses": {}}}}}

    assert breaks(of(["a", "b"]), of(["a"])) == ["GET /a, order: 'b' is not accepted any more"]
    assert breaks(of(["a"]), of(["a", "b"])) == []


def test_null_may_not_appear_where_it_never_was() -> None:
    def of(*types: str) -> dict[str, Any]:
        schema = {"properties": {"x": {"anyOf": [{"type": one} for one in types]}}}
        answer = {"content": {"application/json": {"schema": schema}}}
        return {"paths": {"/a": {"get": {"responses": {"200": answer}}}}}

    assert breaks(of("string", "integer"), of("string", "integer", "null")) == [
        "GET /a, 200, x: may be null now"
    ]
    assert breaks(of("string", "null"), of("string")) == []


def test_a_shape_that_holds_itself_comes_to_an_end() -> None:
    tree = {"type": "object", "properties": {"child": {"$ref": "#/components/schemas/Tree"}}}
    answer = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Tree"}}}}
    whole = {"paths": {"/a": {"get": {"responses": {"200": answer}}}}, "components": {"schemas": {"Tree": tree}}}  # fmt: skip
    assert breaks(whole, copy.deepcopy(whole)) == []


GROWTH: list[tuple[str, Change]] = [
    ("a path", lambda d: d["paths"].update({"/v1/new": {"get": {"responses": {}}}})),
    ("an optional parameter", lambda d: search(d)["parameters"].append({"in": "query", "name": "zip", "schema": {}})),
    ("a field of an answer", lambda d: shape(d, "SearchAnswer")["properties"].update(zip={"type": "string"})),
    ("an optional field of a request", lambda d: shape(d, "ChatRequest")["properties"].update(zip={"type": "string"})),
    ("a value of an answer", lambda d: shape(d, "PriceKind")["enum"].append("new")),
    ("a longer text", lambda d: shape(d, "ChatRequest")["properties"]["text"].update(maxLength=10**6)),
    ("a status", lambda d: search(d)["responses"].update({"418": {}})),
    ("a described field", lambda d: shape(d, "SearchAnswer")["properties"]["fitting"].update(description="new")),
]  # fmt: skip


@pytest.mark.parametrize(("what", "change"), GROWTH, ids=[one for one, _ in GROWTH])
def test_growth_passes(committed: dict[str, Any], what: str, change: Change) -> None:
    del what
    newer = copy.deepcopy(committed)
    change(newer)
    assert breaks(committed, newer) == []
