"""Reading the fields of an OpenAgenda record, whatever form the source gave them.

Pure. The OpenDataSoft mirror writes JSON inside strings, its CSV writes everything as strings, its
JSON sometimes gives real objects; these readers accept all of them and answer None for what cannot
be read. `without_personal_data` is applied before a record is hashed or stored.
"""

import hashlib
import json
import math
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final, cast

import orjson

from puls.geo.distance import Coordinates
from puls.ingestion.mapping.literals import begins_a_literal, python_literal
from puls.ingestion.mapping.text import storable

# Fields that name a person who typed the event, in the mirror (`contributor_*`) and in REST v2
# (`contributor`, `ownerUid`, `creatorUid`, `createdBy`…). Contacts published for visitors
# (`registration`) are not among them.
_PERSONAL: Final = (
    "contributor",
    "owner",
    "creator",
    "createdby",
    "updatedby",
    "member",
    "author",
    "useruid",
)
_NULLS: Final = frozenset({"", "null", "none", "nan", "[]", "{}"})
_LONGEST_NULL: Final = max(map(len, _NULLS))
_NUMBER: Final = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?")
_DEGREES: Final = r"([-+]?\d{1,3}(?:[.,]\d{1,30})?)"
_PAIR: Final = re.compile(rf"{_DEGREES}(?: *[,;/] *| +){_DEGREES}")
_POINT: Final = re.compile(rf"(?:SRID=4326;)?POINT *\( *{_DEGREES} +{_DEGREES} *\)", re.IGNORECASE)
_PLAIN_CODE: Final = re.compile(r"[0-9A-Za-z:_-]+")
_WHOLE_NUMBER: Final = re.compile(
    r"[0-9]{1,16}[.,]0*|[0-9][.,][0-9]{1,15}[eE][+]?[0-9]{1,2}|[0-9]{1,3}(?:[ \u00a0\u202f][0-9]{3})+"
)
_FORMULA: Final = re.compile(r'="([^"]*)"')  # keeps a spreadsheet from counting
_EXACT_BELOW: Final = 2.0**53  # above it, a number with a point has lost digits
_BIGGEST_JSON_DEPTH: Final = 20
_MAX_UID_CHARACTERS: Final = 100


def without_personal_data(record: Mapping[str, Any]) -> dict[str, Any]:
    """The record without what identifies its contributor, at every depth."""
    return {
        key: _nested_without_personal_data(value, depth=0)
        if isinstance(value, dict | list)
        else value
        for key, value in record.items()
        if not _is_personal(key)
    }


@lru_cache(maxsize=4_096)  # field names come by the million and are few
def _is_personal(key: object) -> bool:
    return str(key).lower().lstrip("_").startswith(_PERSONAL)


def _nested_without_personal_data(value: Any, *, depth: int) -> Any:
    if depth > _BIGGEST_JSON_DEPTH:
        return None
    match value:
        case dict():
            return {
                key: _nested_without_personal_data(inner, depth=depth + 1)
                for key, inner in value.items()
                if not _is_personal(key)
            }
        case list():
            return [_nested_without_personal_data(inner, depth=depth + 1) for inner in value]
        case _:
            return value


def canonical_json(record: Mapping[str, Any]) -> bytes:
    """The record as JSON that loses nothing.

    Keys sorted, lone surrogates and NUL kept as escapes.
    """
    try:
        return orjson.dumps(record, option=orjson.OPT_SORT_KEYS)
    except TypeError:  # lone surrogates, integers beyond 64 bits, values that only Parquet has
        text = json.dumps(record, sort_keys=True, ensure_ascii=True, default=str, skipkeys=True)
        return text.encode()


def record_of(canonical: bytes) -> dict[str, Any]:
    """The record that `canonical_json` wrote."""
    try:
        record = orjson.loads(canonical)
    except orjson.JSONDecodeError:  # lone surrogates
        record = json.loads(canonical)
    assert isinstance(record, dict)
    return record


def record_hash(canonical: bytes) -> bytes:
    """Sixteen bytes that change when anything in the record changes."""
    return hashlib.blake2b(canonical, digest_size=16).digest()


def decoded(value: Any) -> Any:
    """What a field holds once JSON inside a string is opened, or Python's spelling of it.

    The string itself when it is neither.
    """
    if not isinstance(value, str):
        return value
    text = value.strip()
    if text[:2] in {'"[', '"{'}:  # JSON in JSON: some exporters quote twice
        text = _unquoted(text)
    if not begins_a_literal(text):
        return None if text.lower() in _NULLS else value
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        try:
            return json.loads(text)
        except (ValueError, RecursionError):
            literal = python_literal(text)
            return value if literal is None else literal


def _unquoted(text: str) -> str:
    try:
        inner = json.loads(text)
    except (ValueError, RecursionError):
        return text
    return inner.strip() if isinstance(inner, str) else text


def text_of(record: Mapping[str, Any], key: str) -> str | None:
    """The field as text; numbers become text, lists are joined, an empty field is None."""
    value = record.get(key)
    if value is None or isinstance(value, bool):
        return None
    if isinstance(value, str):
        stripped = value.strip()
        is_null = len(stripped) <= _LONGEST_NULL and stripped.lower() in _NULLS
        return None if is_null else value
    if isinstance(value, dict):
        return _french(value)
    if isinstance(value, list):
        return ", ".join(str(item) for item in value if item is not None) or None
    return str(value)


def uid_of(record: Mapping[str, Any]) -> str | None:
    """The record's unique name in its source."""
    text = code_text(record, "uid")
    return text[:_MAX_UID_CHARACTERS] or None if text else None


def code_text(record: Mapping[str, Any], key: str) -> str | None:
    """A field that names something by digits, as they were before a spreadsheet made a number of them.

    `90000013.0`, `9.0000013E7`, `90 000 013`, `'90000013` and `="90000013"` are 90000013; anything else stays as it is.
    """
    text = text_of(record, key)
    if text is None or (text.isascii() and text.isdigit()):
        return text
    text = storable(text).strip().removeprefix("'")
    if formula := _FORMULA.fullmatch(text):
        text = formula[1]
    if not _PLAIN_CODE.fullmatch(text) and (whole := _WHOLE_NUMBER.fullmatch(text)):
        number = float("".join(whole[0].split()).replace(",", "."))
        if number.is_integer() and 0 <= number < _EXACT_BELOW:
            return str(int(number))
    return text or None


def _french(labels: dict[str, Any]) -> str | None:
    """REST v2 gives texts by language when `monolingual` was not asked."""
    for language in ("fr", "en", *labels):
        text = labels.get(language)
        if isinstance(text, str) and text.strip():
            return text
    return None


def words_of(record: Mapping[str, Any], key: str) -> tuple[str, ...]:
    """A list of words, also when it came as JSON text or as CSV's `a,b` or `a;b`."""
    value = decoded(record.get(key))
    if isinstance(value, dict):
        value = value.get("fr") or next((v for v in value.values() if v), None)
    if isinstance(value, str):
        value = re.split(r"[;,|]", value)
    if not isinstance(value, list):
        return ()
    words = (item.strip() for item in value if isinstance(item, str))
    return tuple(dict.fromkeys(word for word in words if word))


def number_of(value: Any) -> float | None:
    """A finite number, also from text; None for anything else."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, str):
        text = value.strip().replace(",", ".")
        if not _NUMBER.fullmatch(text):
            return None
        value = text
    if not isinstance(value, str | int | float):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def code_of(value: Any) -> int | None:
    """The `id` of `{"id": 1, "label": …}` in any of its disguises, or a bare number."""
    opened = decoded(value)
    if isinstance(opened, dict):
        opened = opened.get("id")
    number = number_of(opened)
    return int(number) if number is not None else None


def coordinates_of(value: Any) -> Coordinates | None:
    """A position from `{lon, lat}`, JSON text of it, GeoJSON's `[lon, lat]`, « lat, lon » or `POINT (lon lat)`; never 0,0."""
    opened = decoded(value)
    lat = lon = None
    if isinstance(opened, str):
        if pair := _PAIR.fullmatch(opened.strip()):
            lat, lon = number_of(pair[1]), number_of(pair[2])
        elif point := _POINT.fullmatch(opened.strip()):
            lon, lat = number_of(point[1]), number_of(point[2])
    elif isinstance(opened, list) and len(opened) == 2:  # noqa: PLR2004
        lon, lat = number_of(opened[0]), number_of(opened[1])
    elif isinstance(opened, dict):
        if isinstance(opened.get("coordinates"), list):
            return coordinates_of(cast("list[Any]", opened["coordinates"]))
        lat = number_of(opened.get("lat", opened.get("latitude")))
        lon = number_of(opened.get("lon", opened.get("lng", opened.get("longitude"))))
    return position(lat, lon)


def position(lat: float | None, lon: float | None) -> Coordinates | None:
    """Coordinates on the Earth.

    None when missing, out of range, or the 0,0 that stands for "not geocoded".
    """
    if lat is None or lon is None or not (-90 <= lat <= 90 and -180 <= lon <= 180):  # noqa: PLR2004 - degrees
        return None
    if abs(lat) < 1e-6 and abs(lon) < 1e-6:  # noqa: PLR2004 - 0,0 in the Gulf of Guinea
        return None
    return Coordinates(lat, lon)
