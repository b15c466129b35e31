"""Where events are in JSON of any shape: a name, a start in one of the known keys, and a place or an address. Pure.

Read only where a page has no structured event. An event's list of sessions, timings or dates gives each of them, with
what it has from its event. Enter at `state_of` and `state_events`.
"""

import json
import re
from collections.abc import Iterator
from typing import Any, Final

from puls.web_search.pages.document import Document
from puls.web_search.pages.json_text import values_in
from puls.web_search.pages.nodes import MOST_EVENTS, Node
from puls.web_search.pages.state.fields import (
    costs_in,
    end_in,
    is_moment,
    name_in,
    place_in,
    start_in,
    status_in,
    text_in,
)

_ASSIGNED: Final = re.compile(
    r"(?:(?:window|self|globalThis)(?:\.|\[[\"'])|var |const |let )\s*(?:__\w+|initial\w*|\w+_state|\w+State|\w+Data|\w+Context)"
    r"(?:[\"']\])?\s*=\s*(?:(?=[{\[])|(?P<parsed>JSON\.parse\(\s*))",
    re.IGNORECASE,
)
_PUSHED: Final = re.compile(r"\.push\(\[\d+,\s*(\"(?:[^\"\\]|\\.)*\")\]\)")
_ROW: Final = re.compile(r"^[0-9a-z]{1,6}:(?=[\[{])", re.MULTILINE)
_LONGEST: Final = 1_500_000
_SESSIONS: Final = (
    "sessions", "performances", "occurrences", "timings", "showtimes", "seances", "representations", "shows", "dates", "times",
    "schedules", "schedule", "slots", "eventDates", "event_dates", "instances", "screenings", "dateTimes", "creneaux", "horaires",
)  # fmt: skip
_DEEPEST: Final = 30
_MOST_NODES: Final = 100_000
_MOST_SESSIONS: Final = 200
_MOST_ATTRIBUTES: Final = 50
_SHORTEST: Final = 40  # characters; no event takes fewer
_NOT_PUBLIC: Final = frozenset({"draft", "trash", "private", "unpublished", "deleted", "archived"})


def state_of(document: Document) -> list[Node]:
    """Nodes of schema.org made of the events in a page's state."""
    found: list[Node] = []
    for text in _texts(document):
        for value in values_in(text)[:1]:
            found.extend(_events(value))
        if len(found) >= MOST_EVENTS:
            break
    return found[:MOST_EVENTS]


def state_events(value: Any) -> list[Node]:
    """The same of a value that was read already: JSON that answers by itself."""
    return list(_events(value))[:MOST_EVENTS]


def _texts(document: Document) -> Iterator[str]:
    for script in document.elements("script"):
        text = (script.text or "")[:_LONGEST]
        kind = (script.get("type") or "").strip().lower()
        if kind.startswith(("application/json", "application/vnd")):
            yield text
        elif not kind or "javascript" in kind or kind == "module":
            yield from _in_program(text)
    if document.root is not None:
        held = document.root.xpath("//@*[starts-with(., '{') or starts-with(., '[')]")
        for value in held[:_MOST_ATTRIBUTES]:
            if len(value) >= _SHORTEST:
                yield str(value)[:_LONGEST]


def _in_program(text: str) -> Iterator[str]:
    """What a program assigns to a name that speaks of state, as an object or as a text of JSON, or pushes piece by piece."""
    found = _ASSIGNED.search(text[:20_000])
    if found is not None and not found["parsed"]:
        yield text[found.end() :]
    elif found is not None:
        yield _literal(text[found.end() :])
    if "__next_f" in text[:200]:
        pushed = "".join(_literal(one[1]) for one in _PUSHED.finditer(text))
        yield from (pushed[row.end() :].partition("\n")[0] for row in _ROW.finditer(pushed))


def _literal(text: str) -> str:
    """The text that a literal of JavaScript writes; empty when it is none."""
    if text[:1] == "'":
        end = re.match(r"'(?:[^'\\]|\\.)*'", text)
        inner = "" if end is None else end[0][1:-1].replace("\\'", "'")
        text = '"' + re.sub(r'(?<!\\)"', lambda _: '\\"', inner) + '"'
    try:
        value, _ = json.JSONDecoder(strict=False).raw_decode(text)
    except (ValueError, RecursionError):
        return ""
    return value if isinstance(value, str) else ""


def _events(value: Any) -> Iterator[Node]:
    waiting, left = [(value, 0)], _MOST_NODES
    while waiting and left:
        left -= 1
        one, depth = waiting.pop()
        if depth > _DEEPEST:
            continue
        if isinstance(one, dict):
            nodes = _nodes({key[:1].lower() + key[1:]: value for key, value in one.items()})
            yield from nodes
            waiting.extend(
                (child, depth + 1)
                for key, child in reversed(list(one.items()))
                if isinstance(child, dict | list) and not (nodes and not _is_program(key, child))
            )
        elif isinstance(one, list):
            waiting.extend(
                (child, depth + 1) for child in reversed(one) if isinstance(child, dict | list)
            )


def _is_program(key: str, value: Any) -> bool:
    """Whether an event holds events of their own names: a festival's programme."""
    return (
        key not in _SESSIONS
        and isinstance(value, list)
        and any(isinstance(one, dict) and name_in(one) and start_in(one) for one in value[:20])
    )


def _nodes(one: Node) -> list[Node]:
    """The event that an object is, as one node, or one for each of its sessions; none when it is no event."""
    name = name_in(one)
    if name is None or str(one.get("status") or "").lower() in _NOT_PUBLIC:
        return []
    place = place_in(one)
    whole = {
        "name": name,
        "description": text_in(one, "summary", "description", "excerpt", "shortDescription"),
        "startDate": start_in(one, is_placed=place is not None),
        "endDate": end_in(one),
        "url": one.get("url") or one.get("eventUrl") or one.get("permalink") or one.get("link"),
        "image": one.get("image") or one.get("imageUrl"),
        "eventStatus": status_in(one),
        "isAccessibleForFree": one.get("isFree", one.get("is_free")),
        "location": place,
        "organizer": one.get("organizer"),
        "offers": costs_in(one),
    }
    if any(_is_program(key, value) for key, value in one.items()):
        return []
    sessions = list(_sessions(one, whole))
    if sessions:
        return sessions
    is_found = place is not None or any(key in one for key in ("url", "slug", "permalink", "link"))
    return [whole] if whole["startDate"] is not None and is_found else []


def _sessions(one: Node, whole: Node) -> Iterator[Node]:
    for key in _SESSIONS:
        listed = one.get(key)
        if not isinstance(listed, list):
            continue
        for session in listed[:_MOST_SESSIONS]:
            if isinstance(session, dict) and (start := start_in(session, is_placed=True)):
                place = place_in(session) or whole["location"]
                if place is None and whole["url"] is None and "slug" not in one:
                    return
                yield whole | {
                    "startDate": start,
                    "endDate": end_in(session),
                    "eventStatus": status_in(session) or whole["eventStatus"],
                    "location": place,
                    "offers": costs_in(session) or whole["offers"],
                }
            elif is_moment(session) and whole["location"] is not None:
                yield whole | {"startDate": session, "endDate": None}
