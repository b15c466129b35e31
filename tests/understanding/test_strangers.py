"""What strangers wrote when they tried Puls, and what they must have been understood to mean.

Each row of `strangers.jsonl` comes from a report of people who had not written Puls: `ref` names the report and the finding.
A row tells only what the finding is about: fields it does not name are not compared. `…_any` and a list of turns or
topics hold several answers that are all right. See `_CHECKS` for what each field means.
"""

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from tests.understanding.expressions import written

from puls.geo.distance import Coordinates, great_circle_km
from puls.geo.gazetteer import Gazetteer
from puls.geo.names import fold
from puls.understanding.question import Understood, understand
from puls.understanding.wish import Where

GAZETTEER = Gazetteer.load()
PARIS = ZoneInfo("Europe/Paris")
USUAL_NOW = "2026-11-12T09:00"  # a Thursday: where understanding.md stands


@dataclass(frozen=True, slots=True, kw_only=True)
class Stranger:
    """One row. `now` is a local minute in Paris, `position` is (latitude, longitude)."""

    ref: str
    text: str
    expect: Mapping[str, Any]
    now: str = USUAL_NOW
    history: Sequence[str] = ()
    position: Sequence[float] | None = None

    @property
    def moment(self) -> datetime:
        return datetime.fromisoformat(self.now).replace(tzinfo=PARIS)

    @property
    def name(self) -> str:
        return (
            f"{self.ref}: {' >> '.join((*self.history, self.text))[:200]} {','.join(self.expect)}"
        )

    def understood(self) -> Understood:
        return understand(
            self.text,
            now=self.moment,
            gazetteer=GAZETTEER,
            position=Coordinates(*self.position) if self.position else None,
            history=tuple(self.history),
        )


def read_strangers(name: str) -> list[Stranger]:
    lines = Path(__file__).with_name(name).read_text(encoding="utf-8").splitlines()
    return [Stranger(**json.loads(line)) for line in lines]


def wrong_fields(row: Stranger, understood: Understood) -> dict[str, object]:
    """The fields that came out otherwise than the row says, with what came out."""
    return {
        name: came_out(name, understood)
        for name, expected in row.expect.items()
        if not _CHECKS[name](understood, expected)
    }


def came_out(name: str, understood: Understood) -> object:
    """What a check of this name looked at, to be read by people."""
    match name.split("_", maxsplit=1)[0]:
        case "when" | "weekdays":
            return _when(understood)[:4]
        case "where" | "circle" | "around":
            return _place(understood.wish.where)
        case "topic":
            return understood.wish.topic
        case "excluded":
            return sorted(_excluded(understood))
        case "notice":
            return [notice.code for notice in understood.notices]
        case _:
            return f"{getattr(understood, name, getattr(understood.wish, name, None))}"


def _when(understood: Understood) -> list[list[str]]:
    when = written(understood.wish).get("when", [])
    assert isinstance(when, list)
    return when


def _place(where: Where | None) -> dict[str, Any] | None:
    """A place by its codes, with what is left out of it."""
    if where is None:
        return None
    place = {
        name: sorted(codes)
        for name, codes in (
            ("communes", where.commune_codes),
            ("postcodes", where.postcodes),
            ("departments", where.department_codes),
            ("regions", where.region_codes),
        )
        if codes
    }
    near = where.near
    circle = {"near": [near.center.lat, near.center.lon, near.radius_km]} if near else {}
    excluded = [_place(each) for each in where.excluded]
    without = {"without": excluded} if excluded else {}
    return {**place, **circle, **without}


def _is_at(where: Where | None, lat: float, lon: float, km: float) -> bool:
    """Whether a place is a circle around a spot, at most so wide."""
    if where is None or where.near is None:
        return False
    away = great_circle_km(where.near.center, Coordinates(lat, lon))
    return away <= km / 2 and where.near.radius_km <= km


def _around_visitor_km(understood: Understood) -> float | None:
    """Without a position the circle waits in what the next message changes."""
    where = understood.wish.where or (understood.carried.where if understood.carried else None)
    return where.around_visitor_km if where else None


def _excluded(understood: Understood) -> set[str]:
    wish = understood.wish
    return {fold(each) for each in (*wish.excluded_words, *wish.excluded_categories)}


def _covers(understood: Understood, moment: str) -> bool:
    when = _when(understood)
    return not when or any(start <= moment < end for start, end in when)


def _days_of_week(understood: Understood) -> set[int]:
    """Weekdays of the two weeks to come that are wanted, Monday 0."""
    intervals = understood.wish.when
    if not intervals:
        return set(range(7))
    first = intervals[0].start.astimezone(PARIS).replace(hour=12)
    noons = [first + timedelta(days=count) for count in range(14)]
    return {
        noon.weekday()
        for noon in noons
        if any(each.start.date() <= noon.date() and noon < each.end for each in intervals)
    }


def _one_of(value: object, expected: object) -> bool:
    return value in expected if isinstance(expected, list) else value == expected


def _is_for_children(understood: Understood) -> bool:
    return bool(understood.wish.ages) or "enfant" in fold(understood.wish.topic)


_CHECKS: Mapping[str, Callable[[Understood, Any], bool]] = {
    "turn": lambda it, expected: _one_of(it.turn.value, expected),
    "act": lambda it, expected: _one_of(it.act.value, expected),
    "language": lambda it, expected: it.language == expected,
    "notice": lambda it, expected: expected in [notice.code for notice in it.notices],
    # When: intervals as local minutes in Paris, half-open.
    "when": lambda it, expected: _when(it) == expected,
    "when_any": lambda it, expected: _when(it) in expected,
    "when_first": lambda it, expected: _when(it)[: len(expected)] == expected,
    "when_begins": lambda it, expected: bool(_when(it)) and _when(it)[0][0].startswith(expected),
    "when_avoids": lambda it, expected: not any(_covers(it, moment) for moment in expected),
    "when_given": lambda it, expected: bool(_when(it)) is expected,
    "weekdays": lambda it, expected: _days_of_week(it) == set(expected),
    # Where: by codes; `without` is what is left out; `where_around` is a label, a spot and the widest circle.
    "where": lambda it, expected: _place(it.wish.where) == expected,
    "where_any": lambda it, expected: _place(it.wish.where) in expected,
    "where_around": lambda it, expected: _is_at(it.wish.where, *expected[1:]),
    "where_without": lambda it, expected: (
        (_place(it.wish.where) or {}).get("without", []) == expected
    ),
    "where_not_in": lambda it, expected: (
        not set(it.wish.where.commune_codes if it.wish.where else ()) & set(expected)
    ),
    "circle_at": lambda it, expected: _is_at(it.wish.where, expected[0], expected[1], 3),
    "around_visitor_km": lambda it, expected: _around_visitor_km(it) == expected,
    # Conditions.
    "free": lambda it, expected: it.wish.free is expected,
    "max_price": lambda it, expected: it.wish.max_price == expected,
    "party_size": lambda it, expected: it.wish.party_size == expected,
    "ages": lambda it, expected: list(it.wish.ages) == expected,
    "ages_any": lambda it, expected: list(it.wish.ages) in expected,
    "ages_or_topic_for_children": lambda it, expected: _is_for_children(it) is expected,
    "accessibility": lambda it, expected: sorted(it.wish.accessibility) == expected,
    "setting": lambda it, expected: it.wish.setting == expected,
    "order": lambda it, expected: it.wish.order == expected,
    "spoken_language": lambda it, expected: it.wish.spoken_language == expected,
    # Left out, by a category or by a word: nothing else, one of these, none of these.
    "excluded": lambda it, expected: sorted(_excluded(it)) == expected,
    "excluded_has": lambda it, expected: any(
        part in word for part in expected for word in _excluded(it)
    ),
    "excluded_lacks": lambda it, expected: not set(expected) & _excluded(it),
    # Theme: whole, or folded parts of it that must or must not be there.
    "topic": lambda it, expected: _one_of(it.wish.topic, expected),
    "topic_has": lambda it, expected: all(part in fold(it.wish.topic) for part in expected),
    "topic_lacks": lambda it, expected: not any(part in fold(it.wish.topic) for part in expected),
}

STRANGERS = read_strangers("strangers.jsonl")
MISSED = read_strangers("strangers_missed.jsonl")


@pytest.mark.parametrize("row", STRANGERS, ids=[row.name for row in STRANGERS])
def test_a_stranger_is_understood(row: Stranger) -> None:
    """A person who does not know how Puls reads writes as they speak."""
    assert wrong_fields(row, row.understood()) == {}


@pytest.mark.xfail(
    strict=True, reason="not understood yet; once it is, it moves to strangers.jsonl"
)
@pytest.mark.parametrize("row", MISSED, ids=[row.name for row in MISSED])
def test_a_stranger_is_not_understood_yet(row: Stranger) -> None:
    assert wrong_fields(row, row.understood()) == {}


def test_no_row_is_said_twice() -> None:
    counted = Counter(row.name for row in (*STRANGERS, *MISSED))
    assert [name for name, count in counted.items() if count > 1] == []
