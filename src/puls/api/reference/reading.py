"""An OpenAPI document as what a page shows of it. Pure. Enter at `groups_of`."""

import json
import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

_METHODS: Final = ("get", "post", "put", "patch", "delete")
_LONGEST_EXAMPLE: Final = 6_000  # characters


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A parameter or a field of a body."""

    name: str
    where: str
    kind: str
    is_required: bool
    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One operation."""

    id: str
    method: str
    path: str
    summary: str
    description: str
    fields: tuple[Field, ...]
    answers: tuple[tuple[str, str], ...]
    curl: str
    example: str | None


@dataclass(frozen=True, slots=True)
class Group:
    """Operations of one tag."""

    name: str
    operations: tuple[Operation, ...]


def groups_of(document: Mapping[str, Any], *, base: str) -> tuple[Group, ...]:
    """Every operation, by tag, in the document's order. `base`: the server, without a slash at its end."""
    groups: dict[str, list[Operation]] = {}
    for path, methods in document["paths"].items():
        for method in _METHODS:
            if method in methods:
                tag = (methods[method].get("tags") or ["other"])[0]
                groups.setdefault(tag, []).append(
                    _operation(document, path, method, methods[method], base)
                )
    return tuple(Group(name, tuple(operations)) for name, operations in groups.items())


def _operation(
    document: Mapping[str, Any], path: str, method: str, said: Mapping[str, Any], base: str
) -> Operation:
    fields = (*_parameters(said), *_body_fields(document, said))
    return Operation(
        id=said["operationId"],
        method=method.upper(),
        path=path,
        summary=said.get("summary", ""),
        description=" ".join(said.get("description", "").split()),
        fields=fields,
        answers=tuple(
            (status, " ".join(body.get("description", "").split()))
            for status, body in said["responses"].items()
        ),
        curl=_curl(document, path, method, said, base),
        example=_example(said),
    )


def _parameters(said: Mapping[str, Any]) -> Iterable[Field]:
    for one in said.get("parameters", []):
        yield Field(
            name=one["name"],
            where=one["in"],
            kind=_kind(one.get("schema", {})),
            is_required=one.get("required", False),
            description=one.get("description") or one.get("schema", {}).get("description", ""),
        )


def _body_of(document: Mapping[str, Any], said: Mapping[str, Any]) -> Mapping[str, Any]:
    content = said.get("requestBody", {}).get("content", {})
    schema = content.get("application/json", {}).get("schema", {})
    return _resolved(document, schema)


def _body_fields(document: Mapping[str, Any], said: Mapping[str, Any]) -> Iterable[Field]:
    body = _body_of(document, said)
    for name, schema in body.get("properties", {}).items():
        yield Field(
            name=name,
            where="body",
            kind=_kind(schema),
            is_required=name in body.get("required", []),
            description=schema.get("description", ""),
        )


def _resolved(document: Mapping[str, Any], schema: Mapping[str, Any]) -> Mapping[str, Any]:
    name = schema.get("$ref", "").rpartition("/")[2]
    found: Mapping[str, Any] = document["components"]["schemas"].get(name, schema)
    return found


def _kind(schema: Mapping[str, Any]) -> str:
    """A type in a few words."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "anyOf" in schema:
        kinds = [_kind(one) for one in schema["anyOf"] if one.get("type") != "null"]
        return " or ".join(dict.fromkeys(kinds))
    if "enum" in schema:
        return " | ".join(map(str, schema["enum"]))
    if "const" in schema:
        return str(schema["const"])
    if schema.get("type") == "array":
        return f"list of {_kind(schema.get('items', {}))}"
    return str(schema.get("format") or schema.get("type") or "any")


def _curl(
    document: Mapping[str, Any], path: str, method: str, said: Mapping[str, Any], base: str
) -> str:
    """A command to paste; values come from the examples that the description gives."""
    query = "&".join(
        f"{one['name']}={_url(example)}"
        for one in said.get("parameters", [])
        if one["in"] == "query" and (example := _first_example(one)) is not None
        and (one.get("required") or one["name"] == "q")
    )  # fmt: skip
    for one in said.get("parameters", []):
        if one["in"] == "path":
            example = _first_example(one)
            path = path.replace(
                f"{{{one['name']}}}", _url(example) if example else one["name"].upper()
            )
    address = f"{base}{path}" + (f"?{query}" if query else "")
    parts = ["curl"]
    if "text/event-stream" in str(said["responses"].get("200", "")):
        parts.append("-N")
    if method != "get":
        parts += ["-X", method.upper()]
    body = _body_example(document, said)
    if body:
        parts += [
            "-H",
            shlex.quote("Content-Type: application/json"),
            "-d",
            shlex.quote(json.dumps(body, ensure_ascii=False)),
        ]
    return " ".join([*parts, shlex.quote(address)])


def _body_example(document: Mapping[str, Any], said: Mapping[str, Any]) -> dict[str, Any]:
    body = _body_of(document, said)
    example: dict[str, Any] = {}
    for name, schema in body.get("properties", {}).items():
        given = schema.get("examples")
        if given and (name in body.get("required", []) or name in {"q", "text"}):
            example[name] = given[0]
        elif name in body.get("required", []):
            example[name] = schema.get("const", True if schema.get("type") == "boolean" else "…")
    return example


def _first_example(one: Mapping[str, Any]) -> object | None:
    given = one.get("schema", {}).get("examples") or one.get("examples")
    return given[0] if given else None


def _url(value: object) -> str:

    return quote(str(value), safe="")


def _example(said: Mapping[str, Any]) -> str | None:
    for status, body in said["responses"].items():
        for media in body.get("content", {}).values():
            if status.startswith("2") and "example" in media:
                example = media["example"]
                text = (
                    example
                    if isinstance(example, str)
                    else json.dumps(example, ensure_ascii=False, indent=1)
                )
                return text if len(text) <= _LONGEST_EXAMPLE else f"{text[:_LONGEST_EXAMPLE]}\n…"
    return None
