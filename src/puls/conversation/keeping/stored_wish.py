"""A `Wish` as JSON and back, so that a conversation outlives the process and the release that began it. Pure.

The visitor's position is never stored: of « à 5 km de moi » the five kilometres are, and the position that the next
message brings makes a circle of them again (`understanding.reach.seen_from`).

Moments are stored in UTC. A field that a row lacks (an older release wrote it) has its default; a field that this
release does not know (a newer replica wrote it) is passed over. Anything else that does not fit is refused whole: a
half-read wish would search for something nobody asked for.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC
from typing import Any, Literal

from pydantic import TypeAdapter, ValidationError

from puls.catalogue.event import Interval
from puls.errors import PulsError
from puls.understanding.where.reach import seen_from
from puls.understanding.wish import Wish

VERSION: Literal[1] = 1
"""Raise it when a field changes its meaning, and teach `wish_from` the older one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stored:
    version: Literal[1]
    wish: Wish


_STORED = TypeAdapter(_Stored)


class StoredWishError(PulsError):
    """A stored wish cannot be read by this release; the conversation goes on without it."""

    code = "stored_wish_unreadable"


def json_of(wish: Wish) -> dict[str, Any]:
    """The wish as values that JSON knows, without the visitor's position."""
    nowhere = seen_from(wish, None)
    in_utc = replace(nowhere, when=tuple(_in_utc(interval) for interval in wish.when))
    stored: dict[str, Any] = _STORED.dump_python(
        _Stored(version=VERSION, wish=in_utc), mode="json", exclude_defaults=True
    )
    return stored


def wish_from(stored: Mapping[str, Any] | str | bytes) -> Wish:
    """The wish that `json_of` made this of.

    Raises:
        StoredWishError: it is of a version to come, or no wish at all.
    """
    written = stored if isinstance(stored, (str, bytes)) else _text(stored)
    try:
        return _STORED.validate_json(written, strict=True).wish
    except (ValidationError, AssertionError) as error:
        fields = ", ".join(_places(error)) or type(error).__name__
        raise StoredWishError(f"A stored wish cannot be read: {fields}.") from error


def _text(stored: Mapping[str, Any]) -> bytes:
    return TypeAdapter(dict[str, Any]).dump_json(dict(stored))


def _places(error: ValidationError | AssertionError) -> list[str]:
    """Which fields are wrong; never their values, which are a visitor's."""
    if isinstance(error, AssertionError):
        return []
    return [".".join(str(part) for part in one["loc"]) for one in error.errors(include_input=False)]


def _in_utc(interval: Interval) -> Interval:
    return Interval(interval.start.astimezone(UTC), interval.end.astimezone(UTC))
