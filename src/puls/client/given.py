"""What is given to a request, typed, and by the names of the API. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, TypedDict
from uuid import UUID


class Values(TypedDict, total=False):
    """What is given beside the words; each replaces what the words say of the same."""

    starts: date | datetime
    ends: date | datetime
    place: str
    radius_km: float
    lat: float
    lon: float
    free: bool
    max_price: float
    ages: Sequence[int]
    accessibility: Sequence[str]
    online: bool
    categories: Sequence[str]
    order: str
    limit: int


class Filters(Values, total=False):
    """What a search takes beside the words."""

    now: datetime


class ChatOptions(Values, total=False):
    """What a chat takes beside the words. `language` is "fr" or "en", `timezone` an IANA name, `web` "off", "quick" or "thorough"."""

    conversation_id: str | UUID
    request_id: str | UUID
    language: str
    timezone: str
    web: str


_NAMES = {"starts": "from", "ends": "to", "ages": "age", "categories": "category"}


def by_api_names(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values by the names of the API; what is None is not asked for."""
    return {
        _NAMES.get(name, name): _plain(value) for name, value in values.items() if value is not None
    }


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value
