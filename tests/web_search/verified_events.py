"""Events of a catalogue that the tests of verification hold against the loopback world."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from puls.catalogue.event import Attribution, Event, Occurrence, Venue

NOW = datetime(2026, 11, 30, 13, 0, tzinfo=UTC)  # 14:00 in Paris
PARIS = ZoneInfo("Europe/Paris")
TOMORROW = datetime(2026, 12, 1, 19, 30, tzinfo=UTC)  # 20:30 in Paris


def occurrence(begins: datetime = TOMORROW, hours: float = 2, **changes: Any) -> Occurrence:
    return Occurrence(starts_at=begins, ends_at=begins + timedelta(hours=hours), **changes)


def event(
    uid: str = "1001",
    *,
    agenda_uid: str | None = "42",
    url: str | None = "https://openagenda.com/une-salle/events/concert",
    updated_at: datetime | None = datetime(2026, 11, 28, 9, 0, tzinfo=UTC),
    occurrences: Sequence[Occurrence] = (occurrence(),),
    source: str = "openagenda",
    **changes: Any,
) -> Event:
    facts: dict[str, Any] = {
        "uid": uid,
        "title": "Concert de la Sainte-Cécile",
        "venue": Venue(key="v", name="Le Temple", city="Crest", postcode="26400"),
        "occurrences": tuple(occurrences),
        "attribution": Attribution(
            source=source,
            agenda_uid=agenda_uid,
            agenda_title="Une salle",
            url=url,
            updated_at=updated_at,
            licence="Licence Ouverte",
        ),
        "duplicate_key": uid,
        "series_key": uid,
    }
    return Event(**(facts | changes))
