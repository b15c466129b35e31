"""Records in whatever they came wrapped in: pages of an API, saved answers, GeoJSON, labels for names.

Pure. Enter at `records_in`.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from puls.ingestion.files.columns import renamed
from puls.ingestion.files.limits import DEEPEST_ENVELOPE, SHOWN_CHARACTERS
from puls.ingestion.sources import Record, Unreadable

# Lists that hold records by their name alone: the portal's API v2 and v1, OpenAgenda's, GeoJSON's, search engines'.
LISTS: Final = frozenset(
    {
        "results",
        "events",
        "records",
        "features",
        "data",
        "items",
        "hits",
        "rows",
        "value",
        "edges",
        "nodes",
        "documents",
    }
)
# What one record is wrapped in: API v1 and v2.0 (`fields`, `record`), GeoJSON, JSON:API, GraphQL, search engines.
_WRAPPINGS: Final = (
    "fields",
    "properties",
    "event",
    "record",
    "attributes",
    "node",
    "_source",
    "document",
    "doc",
    "item",
)
_WHEN_OR_WHERE: Final = frozenset(
    {
        "title_fr", "timings", "firstdate_begin", "lastdate_end", "daterange_fr", "firsttiming", "nexttiming",
        "lasttiming", "daterange", "location", "location_name", "location_city", "locationuid", "attendancemode",
        "firstdate", "longdescription", "longdescription_fr", "removed",
    }
)  # fmt: skip
_NAMES: Final = frozenset({"uid", "title", "title_fr"})
_LABELS: Final = ("Identifiant", "Titre", "identifiant", "titre", "Titre - FR")


def records_in(value: Any, *, is_listed: bool = False, depth: int = 0) -> Iterator[Record]:
    """The records of a JSON value, at any depth within limits.

    `is_listed`: the value stands in a list of records, so that an object in it is one whatever it looks like.
    """
    if isinstance(value, dict):
        record = _record(value)
        if record is not None:
            yield record
            return
        found = False
        for name, inner in value.items():
            if isinstance(inner, dict | list) and depth < DEEPEST_ENVELOPE:
                for one in _members(name, inner, depth):
                    found = True
                    yield one
        if is_listed and not found and not _is_envelope(value):
            yield value
    elif isinstance(value, list) and depth < DEEPEST_ENVELOPE:
        for inner in value:
            yield from records_in(inner, is_listed=is_listed, depth=depth + 1)


def _members(name: str, inner: Any, depth: int) -> Iterator[Record]:
    yield from records_in(inner, is_listed=is_list_of_records(name, inner), depth=depth + 1)


def is_list_of_records(name: str, value: Any) -> bool:
    """Whether the name and the first element promise records."""
    return (
        isinstance(value, list)
        and name.lower() in LISTS
        and bool(value)
        and isinstance(value[0], dict)
    )


def _is_envelope(value: Mapping[str, Any]) -> bool:
    """A page with an empty list is a page, not a record without a uid."""
    return any(name in LISTS and isinstance(inner, list) for name, inner in value.items())


def _record(value: dict[str, Any]) -> Record | None:
    """The object as a record, unwrapped and under the names of fields; None when it is not one."""
    if _is_record(value):
        return value
    if any(label in value for label in _LABELS):
        return renamed(value)
    for name in _WRAPPINGS:
        inner = value.get(name)
        if isinstance(inner, dict):
            record = _record(inner)
            if record is None and name in {"fields", "properties"} and inner:
                record = inner
            if record is not None:
                return _placed(value, record)
    return None


def _is_record(value: Mapping[str, Any]) -> bool:
    if "title_fr" in value and "uid" in value:  # most of all that ever come
        return True
    names = {str(name).lower() for name in value}
    if _is_envelope(value):
        return False
    return not names.isdisjoint(_NAMES) and not names.isdisjoint(_WHEN_OR_WHERE)


def _placed(wrapping: Mapping[str, Any], record: Record) -> Record:
    """A GeoJSON feature keeps its position beside its properties."""
    geometry = wrapping.get("geometry")
    if isinstance(geometry, dict) and not record.get("location_coordinates"):
        return {**record, "location_coordinates": geometry}
    return record


def unreadable(line: int, detail: str, text: str | bytes) -> Unreadable:
    """What stands where a record should, with its place and its beginning."""
    if isinstance(text, bytes):
        text = text[:SHOWN_CHARACTERS].decode("utf-8", "backslashreplace")
    return Unreadable(
        line=line,
        detail=_encodable(detail)[:SHOWN_CHARACTERS],
        text=_encodable(text)[:SHOWN_CHARACTERS],
    )


def _encodable(text: str) -> str:
    """Lone surrogates as escapes: what a person is shown must be writable everywhere."""
    return text[: 2 * SHOWN_CHARACTERS].encode("utf-8", "backslashreplace").decode()
