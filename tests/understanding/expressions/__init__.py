"""What people write and what it must mean: our own table, one row a line, over several frozen moments.

Each `*.jsonl` beside this module holds rows `{"now", "text", "wish", …}`; see `Expression`. A field of the wish that a
row does not name must come out absent: a row tells everything that is to be understood.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from puls.catalogue.event import Interval
from puls.geo.distance import Coordinates
from puls.understanding.wish import Where, Wish

PARIS = ZoneInfo("Europe/Paris")
MOMENTS: Mapping[str, datetime] = {
    name: datetime.fromisoformat(moment)
    for name, moment in {
        "monday": "2026-06-08T09:00+02:00",
        "wednesday": "2026-11-18T10:00+01:00",
        "friday": "2026-05-22T19:30+02:00",
        "saturday_night": "2026-10-10T23:15+02:00",
        "sunday": "2026-04-12T11:00+02:00",
        "new_years_eve": "2026-12-31T15:00+01:00",
        "clock_change": "2026-10-25T01:30+02:00",
        "spring_clock_change": "2026-03-29T01:30+01:00",
        "leap_eve": "2028-02-28T12:00+01:00",
        "tuesday": "2026-09-01T08:00+02:00",
        "thursday": "2026-07-16T14:00+02:00",
    }.items()
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Expression:
    """One row of the table.

    `now` names a moment of `MOMENTS`; `position` is (latitude, longitude); `history` are the visitor's earlier messages.
    `wish` is written by `written`: intervals as local minutes in Paris, half-open; places by their codes alone.
    `turn` is "search" unless said otherwise. `notices` are the codes of what must be told, in any order.
    """

    table: str
    now: str
    text: str
    wish: Mapping[str, Any]
    language: str = "fr"
    turn: str = "search"
    position: tuple[float, float] | None = None
    history: tuple[str, ...] = ()

    @property
    def moment(self) -> datetime:
        return MOMENTS[self.now]

    @property
    def coordinates(self) -> Coordinates | None:
        return Coordinates(*self.position) if self.position else None


def read_expressions() -> list[Expression]:
    paths = sorted(Path(__file__).parent.glob("*.jsonl"))
    return [row for path in paths for row in _rows(path, table=path.stem)]


def read_missed() -> list[Expression]:
    """The rows that are not understood yet; each names its table itself."""
    return _rows(Path(__file__).parent.with_name("expressions_missed.jsonl"))


def _rows(path: Path, **of_all: Any) -> list[Expression]:
    rows = []
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        row["history"] = tuple(row.get("history", ()))
        if "position" in row:
            row["position"] = tuple(row["position"])
        rows.append(Expression(**of_all, **row))
    return rows


def written(wish: Wish) -> dict[str, Any]:
    """A wish as a row of the table writes it: only what is set, without labels and the visitor's position."""
    absent = Wish()
    fields = (name for name in Wish.__dataclass_fields__ if name != "position")
    return {
        name: _written(getattr(wish, name))
        for name in fields
        if getattr(wish, name) != getattr(absent, name)
    }


def _written(value: object) -> object:
    match value:
        case Where():
            return _place(value)
        case Interval(start=start, end=end):
            return [f"{each.astimezone(PARIS):%Y-%m-%dT%H:%M}" for each in (start, end)]
        case frozenset():
            return sorted(str(each) for each in value)
        case str():
            return str(value)
        case Sequence():
            return [_written(each) for each in value]
        case _:
            return value


def _place(where: Where) -> dict[str, Any]:
    place: dict[str, Any] = {
        name: list(codes)
        for name, codes in (
            ("communes", where.commune_codes),
            ("postcodes", where.postcodes),
            ("departments", where.department_codes),
            ("regions", where.region_codes),
        )
        if codes
    }
    if where.near:
        center = where.near.center
        place["near"] = [round(center.lat, 2), round(center.lon, 2), where.near.radius_km]
    return place
