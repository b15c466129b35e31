"""The API's own description beyond what FastAPI derives: servers, keys, the stream's events as types, examples. Enter at `openapi_of`."""

import json
from importlib import resources
from typing import Any, Final

from fastapi import FastAPI
from pydantic import BaseModel

from puls.api.chat_shapes import (
    DoneEvent,
    ErrorEvent,
    EventsEvent,
    TokenEvent,
    WebSeenEvent,
    WishEvent,
)
from puls.api.problems import Problem
from puls.api.schemas import NoticeShape
from puls.api.web_shapes import WebStepEvent
from puls.ui.requests import COOKIE

STREAM_EVENTS: Final[dict[str, type[BaseModel]]] = {
    "wish": WishEvent,
    "events": EventsEvent,
    "web_step": WebStepEvent,
    "web": WebSeenEvent,
    "token": TokenEvent,
    "notice": NoticeShape,
    "done": DoneEvent,
    "error": ErrorEvent,
}
"""The names of `POST /v1/chat`'s server-sent events and the shape of each one's `data`."""
_REF: Final = "#/components/schemas/{model}"
_FOR_ANYBODY: Final = ("/health/live", "/v1/models", "/v1/models/{model}")
_SCHEMES: Final[dict[str, Any]] = {
    "key": {
        "type": "http",
        "scheme": "bearer",
        "description": "an API key (`puls_…`, made by `puls keys create NAME --scope chat --scope search`) or a visitor's token "
        "(`POST /v1/me`). Without any you are served as a new visitor; `/v1/chat` and `/v1/search` need none.",
    },
    "visitor": {
        "type": "apiKey",
        "in": "cookie",
        "name": COOKIE,
        "description": "set by Puls when it keeps something of a browser's visitor",
    },
}


def openapi_of(app: FastAPI, *, public_url: str) -> dict[str, Any]:
    """FastAPI's document completed, once per application."""
    if app.openapi_schema is not None:
        return app.openapi_schema
    document = FastAPI.openapi(app)
    schemas = document["components"]["schemas"]
    _add_shape(schemas, "Problem", Problem)
    _type_the_stream(document, schemas)
    document["servers"] = [{"url": public_url.rstrip("/") or "/", "description": "this Puls"}]
    document["components"]["securitySchemes"] = _SCHEMES
    for path, methods in document["paths"].items():
        if path not in _FOR_ANYBODY:
            for operation in methods.values():
                operation["security"] = [{}, {"key": []}, {"visitor": []}]
    _add_examples(document)
    return document


def _add_shape(schemas: dict[str, Any], name: str, shape: type[BaseModel]) -> None:
    described = shape.model_json_schema(ref_template=_REF, mode="serialization")
    for other, definition in described.pop("$defs", {}).items():
        schemas.setdefault(other, definition)
    schemas[name] = described


def _type_the_stream(document: dict[str, Any], schemas: dict[str, Any]) -> None:
    """`data` stays the text that it is on the wire; what the text holds is said by JSON Schema's own words for that."""
    kinds = []
    for name, shape in STREAM_EVENTS.items():
        _add_shape(schemas, shape.__name__, shape)
        schema = {
            "type": "object",
            "title": f"event: {name}",
            "description": " ".join((shape.__doc__ or "").split()),
            "required": ["event", "data"],
            "properties": {
                "event": {"type": "string", "const": name},
                "data": {
                    "type": "string",
                    "contentMediaType": "application/json",
                    "contentSchema": {"$ref": _REF.format(model=shape.__name__)},
                },
            },
        }
        schemas[f"Stream_{name}"] = schema
        kinds.append({"$ref": _REF.format(model=f"Stream_{name}")})
    media = document["paths"]["/v1/chat"]["post"]["responses"]["200"]["content"]
    media["text/event-stream"]["schema"] |= {"oneOf": kinds}


def _add_examples(document: dict[str, Any]) -> None:
    """Recorded from a served Puls over the sample catalogue: scripts/record_examples.py."""
    examples = json.loads(resources.files("puls.api").joinpath("examples.json").read_bytes())
    for address, example in examples.items():
        method, _, path = address.rpartition(" ")
        responses = document["paths"][path][method.lower() or "get"]["responses"]
        success = next(body for status, body in responses.items() if status.startswith("2"))
        content = success["content"]
        media = next(iter(content))
        content[media]["example"] = example
