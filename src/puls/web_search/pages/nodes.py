"""Nodes of schema.org, whether JSON-LD, microdata or RDFa wrote them: nested dictionaries with `@type`. Pure.

Finds the events among them: inside `@graph`, lists, `ItemList`, `Review.itemReviewed`; the parts of a season rather than
the season. Enter at `events_among`.
"""

from collections.abc import Iterator
from typing import Any, Final

Node = dict[str, Any]

_EVENTS: Final = ("event", "festival", "eventseries", "hackathon", "courseinstance")
_NOT_OUTINGS: Final = frozenset(
    {"publicationevent", "broadcastevent", "deliveryevent", "ondemandevent"}
)
_PARTS: Final = ("subEvent", "subEvents", "hasPart")
_FROM_PARENT: Final = ("location", "organizer", "eventAttendanceMode")
_DEEPEST: Final = 40
_MOST_NODES: Final = 50_000
MOST_EVENTS: Final = 300


def events_among(values: Any) -> list[Node]:
    """Events in the order of the page, each part with what it has from its parent."""
    reading = _Reading(values)
    return list(reading.events(values, {}, 0))[:MOST_EVENTS]


def types_of(node: Node) -> frozenset[str]:
    """Names of types, lower case, without « http://schema.org/ » or « schema: »."""
    stated = node.get("@type")
    names = stated if isinstance(stated, list) else [stated]
    return frozenset(
        name.rstrip("/").rsplit("/", 1)[-1].rsplit(":", 1)[-1].rsplit("#", 1)[-1].strip().lower()
        for name in names[:20]
        if isinstance(name, str)
    )


def is_event(node: Node) -> bool:
    """Whether one of its types is an event of schema.org that people go to."""
    types = types_of(node)
    return any(name.endswith(_EVENTS) for name in types) and not types & _NOT_OUTINGS


def first(value: Any) -> Any:
    """The first of a list's values that is something, or the value."""
    if isinstance(value, list):
        return next((one for one in value if one not in (None, "", [], {})), None)
    return value


class _Reading:
    def __init__(self, values: Any) -> None:
        self._left = _MOST_NODES
        self._by_id: dict[str, Node] = {}
        self._index(values, 0)
        self._left = _MOST_NODES
        self._open: list[
            int
        ] = []  # events whose parts are being read: a part that holds its whole is passed over

    def _index(self, value: Any, depth: int) -> None:
        self._left -= 1
        if depth > _DEEPEST or self._left < 0:
            return
        if isinstance(value, list):
            for one in value:
                self._index(one, depth + 1)
        elif isinstance(value, dict):
            name = value.get("@id")
            if isinstance(name, str) and len(value) > 1:
                self._by_id.setdefault(name, value)
            for one in value.values():
                if isinstance(one, list | dict):
                    self._index(one, depth + 1)

    def events(self, value: Any, parent: Node, depth: int) -> Iterator[Node]:
        self._left -= 1
        if depth > _DEEPEST or self._left < 0:
            return
        if isinstance(value, list):
            for one in value:
                yield from self.events(one, parent, depth + 1)
        elif isinstance(value, dict):
            if is_event(value):
                yield from self._event(value, parent, depth)
                return
            for one in value.values():
                if isinstance(one, list | dict):
                    yield from self.events(one, {}, depth + 1)

    def _event(self, node: Node, parent: Node, depth: int) -> Iterator[Node]:
        whole = {key: self._resolved(value, 0) for key, value in node.items()}
        for key in _FROM_PARENT:
            if not whole.get(key) and parent.get(key):
                whole[key] = parent[key]
        if not whole.get("name") and parent.get("name"):
            whole["name"] = parent["name"]
        if _is_cancelled(parent) and not whole.get("eventStatus"):
            whole["eventStatus"] = parent["eventStatus"]
        self._open.append(id(node))
        parts = [part for key in _PARTS for part in self._dated(whole.get(key))]
        if not parts:
            yield whole
        for part in parts:
            yield from self._event(part, whole, depth + 1) if depth < _DEEPEST else ()
        self._open.pop()

    def _dated(self, value: Any) -> list[Node]:
        """Parts that say when they are, or have parts of their own."""
        parts = value if isinstance(value, list) else [value]
        resolved = [self._resolved(part, 0) for part in parts[:MOST_EVENTS]]
        return [
            part
            for part in resolved
            if isinstance(part, dict)
            and id(part) not in self._open
            and (is_event(part) or "@type" not in part)
            and (first(part.get("startDate")) or any(part.get(key) for key in _PARTS))
        ]

    def _resolved(self, value: Any, depth: int) -> Any:
        """References by `@id` replaced by what they refer to."""
        if depth > 3:
            return value
        if isinstance(value, list):
            return [self._resolved(one, depth) for one in value[:MOST_EVENTS]]
        if isinstance(value, dict):
            name = value.get("@id")
            if isinstance(name, str) and len(value) == 1:
                return self._by_id.get(name, value)
            return value
        return value


def _is_cancelled(node: Node) -> bool:
    return "Cancelled" in str(node.get("eventStatus", ""))
