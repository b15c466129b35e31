"""What of an older description of an API a newer one breaks: what was answered must still be, what was accepted too. Values only.

Growth is free: paths, parameters and fields that may be left out, fields and values of answers. Clients ignore what they do not know
(docs/how-to/release.md). Shapes are followed through `$ref`, one step of a field at a time, each pair of shapes once.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Literal

Side = Literal["request", "answer"]
_LOWER, _UPPER = ("minimum", "exclusiveMinimum", "minLength", "minItems"), ("maximum", "exclusiveMaximum", "maxLength", "maxItems")  # fmt: skip


def breaks(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """A sentence for each; empty: the newer one only grew."""
    return list(dict.fromkeys(_Comparing(old, new).all()))


class _Comparing:
    def __init__(self, old: Mapping[str, Any], new: Mapping[str, Any]) -> None:
        self._old, self._new = old, new
        self._seen: set[tuple[str, str, Side]] = set()

    def all(self) -> Iterator[str]:
        for path, methods in self._old.get("paths", {}).items():
            for method, was in methods.items():
                now = self._new.get("paths", {}).get(path, {}).get(method)
                where = f"{method.upper()} {path}"
                if now is None:
                    yield f"{where} is gone"
                    continue
                yield from self._parameters(where, was, now)
                yield from self._request(where, was, now)
                yield from self._answers(where, was, now)

    def _parameters(self, where: str, was: Any, now: Any) -> Iterator[str]:
        before = {(one["in"], one["name"]): one for one in was.get("parameters", [])}
        after = {(one["in"], one["name"]): one for one in now.get("parameters", [])}
        for key, one in before.items():
            if key not in after:
                yield f"{where}: parameter {key[1]} is gone"
            else:
                yield from self._shape(
                    f"{where}, {key[1]}", one.get("schema", {}), after[key].get("schema", {}), "request"
                )  # fmt: skip
        for key, one in after.items():
            if one.get("required") and not before.get(key, {}).get("required"):
                yield f"{where}: parameter {key[1]} is required now"

    def _request(self, where: str, was: Any, now: Any) -> Iterator[str]:
        before, after = was.get("requestBody"), now.get("requestBody")
        if after and after.get("required") and not (before and before.get("required")):
            yield f"{where}: a body is required now"
        if before:
            yield from self._contents(where, before, after or {}, "request")

    def _answers(self, where: str, was: Any, now: Any) -> Iterator[str]:
        for status, answer in was.get("responses", {}).items():
            after = now.get("responses", {}).get(status)
            if after is None:
                yield f"{where}: {status} is not answered any more"
            else:
                yield from self._contents(f"{where}, {status}", answer, after, "answer")

    def _contents(self, where: str, was: Any, now: Any, side: Side) -> Iterator[str]:
        for kind, content in was.get("content", {}).items():
            after = now.get("content", {}).get(kind)
            if after is None:
                yield f"{where}: {kind} is gone"
            else:
                yield from self._shape(where, content.get("schema", {}), after.get("schema", {}), side)  # fmt: skip

    def _shape(self, where: str, was: Any, now: Any, side: Side) -> Iterator[str]:
        pair = (was.get("$ref", ""), now.get("$ref", ""), side)
        if any(pair[:2]):
            if pair in self._seen:
                return
            self._seen.add(pair)
        was, now = _meant(self._old, was), _meant(self._new, now)
        yield from _kinds(where, was, now, side)
        yield from _values(where, was, now, side)
        if side == "request":
            yield from _limits(where, was, now)
        yield from self._fields(where, was, now, side)
        yield from self._inside(where, was, now, side)

    def _fields(self, where: str, was: Any, now: Any, side: Side) -> Iterator[str]:
        before, after = was.get("properties", {}), now.get("properties", {})
        for name, shape in before.items():
            if name in after:
                yield from self._shape(f"{where}, {name}", shape, after[name], side)
            else:
                yield f"{where}: field {name} is gone"
        needed, needs = set(was.get("required", [])), set(now.get("required", []))
        if side == "request":
            yield from (f"{where}: field {name} is required now" for name in sorted(needs - needed))
        else:
            lost = sorted((needed - needs) & set(after))
            yield from (f"{where}: field {name} may be missing now" for name in lost)

    def _inside(self, where: str, was: Any, now: Any, side: Side) -> Iterator[str]:
        for name in ("items", "additionalProperties"):
            if isinstance(was.get(name), dict) and isinstance(now.get(name), dict):
                yield from self._shape(f"{where}, each", was[name], now[name], side)
        before, after = _alternatives(was), _alternatives(now)
        for key, one in before.items():
            if key in after:
                yield from self._shape(where, one, after[key], side)
            elif side == "request" or key != "null":
                yield f"{where}: {key} is no alternative any more"
        if side == "answer" and before:
            yield from (f"{where}: may be {key} now" for key in after if key not in before)


def _meant(whole: Mapping[str, Any], shape: Any) -> Any:
    while "$ref" in shape:
        found: Any = whole
        for part in shape["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        shape = found
    return shape


def _alternatives(shape: Any) -> dict[str, Any]:
    found = [one for kind in ("anyOf", "oneOf") for one in shape.get(kind, [])]
    return {str(one.get("$ref") or one.get("const") or one.get("type") or "any").rsplit("/", 1)[-1]: one for one in found}  # fmt: skip


def _kinds(where: str, was: Any, now: Any, side: Side) -> Iterator[str]:
    before, after = was.get("type"), now.get("type")
    if before != after and before is not None and (after is not None or side == "answer"):
        wider = side == "request" and (before, after) == ("integer", "number")
        narrower = side == "answer" and (before, after) == ("number", "integer")
        if not (wider or narrower):
            yield f"{where}: {before} became {after or 'something else'}"


def _values(where: str, was: Any, now: Any, side: Side) -> Iterator[str]:
    before, after = was.get("enum"), now.get("enum")
    if side == "request" and after is not None:
        gone = [one for one in before or [] if one not in after]
        yield from (f"{where}: {one!r} is not accepted any more" for one in gone)
        if before is None and was:
            yield f"{where}: only some values are accepted now"
    if side == "answer" and before is not None and after is None:
        yield f"{where}: any value may be answered now"


def _limits(where: str, was: Any, now: Any) -> Iterator[str]:
    for name in _LOWER:
        if name in now and (name not in was or now[name] > was[name]) and now[name] != 0:
            yield f"{where}: {name} is {now[name]} now"
    for name in _UPPER:
        if name in now and (name not in was or now[name] < was[name]):
            yield f"{where}: {name} is {now[name]} now"
    if "pattern" in now and now["pattern"] != was.get("pattern"):
        yield f"{where}: the pattern is another"
