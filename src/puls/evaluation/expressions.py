"""Whether a message is understood: each stated field beside what was written down for it. Pure.

| figure | right when |
|---|---|
| kind, language | one of those written down |
| when | the same intervals from now on, within the row's tolerance (a minute when it names none) |
| place | the same codes; of a circle its centre within 10 km and, if given, its radius within 30 %; the same places left out |
| conditions | free, price, ages, accessibility, online and what is left out are all equal, absence included |
| theme | at least half of the words asked for, by their first five letters, and no more than three others |
| every | all of them |

A row may hold several answers that are right (`when_alternatives`, `where_alternatives`, `also`). Where a row asks for no
event (thanks, details, out of scope…) only kind and language are judged. Enter at `case_of`.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from puls.catalogue.event import Interval
from puls.evaluation.cases import Case
from puls.evaluation.places import is_same_place, place_in_words
from puls.evaluation.themes_said import category_in_words, is_same_theme
from puls.geo.distance import Coordinates
from puls.geo.gazetteer import Gazetteer
from puls.understanding.question import Understood, understand
from puls.understanding.wish import Wish

_PARIS = ZoneInfo("Europe/Paris")
_MINUTE = timedelta(minutes=1)
_OPEN_FROM_YEAR = 9000
_LONG = timedelta(days=28)  # an open end is long, whatever it is
_KIND_ALONE = frozenset({"details", "compare", "greeting", "thanks", "out_of_scope", "cannot"})
_KIND_OF_TURN = {"refinement": "refine", "comparison": "compare"}
_NEEDS = {"wheelchair": "mi", "hearing": "hi", "visual": "vi"}

Spans = list[tuple[datetime, datetime]]


def is_expression(row: Mapping[str, Any]) -> bool:
    """Whether a line of a set is one of these."""
    return "kind" in row and "text" in row and "when" in row


def case_of(row: Mapping[str, Any], gazetteer: Gazetteer) -> Case:
    """The row judged.

    Raises:
        KeyError, ValueError, TypeError: the row is not as evals/README.md says.
    """
    now = datetime.fromisoformat(row["now"])
    position = row.get("position")
    understood = understand(
        row["text"],
        now=now,
        gazetteer=gazetteer,
        position=Coordinates(position["lat"], position["lon"]) if position else None,
        history=tuple(row.get("history") or ()),
    )
    kind = _KIND_OF_TURN.get(understood.turn.value, understood.turn.value)
    also = row.get("also") or {}
    right = {"kind": kind in [row["kind"], *also.get("kind", [])]}
    if row.get("language"):
        right["language"] = understood.language == row["language"]
    if row["kind"] not in _KIND_ALONE:
        right |= _wish_right(row, understood, now, gazetteer)
    right["every"] = all(value for name, value in right.items() if name != "language")
    return Case(
        id=str(row["id"]),
        part="understanding",
        text=row["text"],
        figures={name: float(value) for name, value in right.items()},
        seen=_seen(row, understood, kind, right),
        tags=tuple(row.get("tags") or ()),
    )


def _wish_right(
    row: Mapping[str, Any], understood: Understood, now: datetime, gazetteer: Gazetteer
) -> dict[str, bool]:
    wish, also = understood.wish, row.get("also") or {}
    position = row.get("position")
    places = [row.get("where"), *(row.get("where_alternatives") or [])]
    right = {
        "when": when_right(row, wish.when, now),
        "place": any(is_same_place(wish.where, each, gazetteer, position) for each in places),
        "conditions": _conditions_right(row, wish, also),
    }
    if "theme" in row:
        themes = [row["theme"], *also.get("theme", [])]
        right["theme"] = any(is_same_theme(wish, each) for each in themes)
    return right


def when_right(row: Mapping[str, Any], got: Sequence[Interval], now: datetime) -> bool:
    """Whether the intervals are among those that the row accepts."""
    tolerance = max(_MINUTE, timedelta(minutes=row.get("when_tolerance_min") or 0))
    spans = [(each.start, each.end) for each in got]
    choices = [row.get("when"), *(row.get("when_alternatives") or [])]
    return any(_same_when(spans, _spans(each), now, tolerance) for each in choices)


def _spans(written: Sequence[Sequence[str]] | None) -> Spans:
    return [(_moment(start), _moment(end)) for start, end in written or ()]


def _moment(written: str) -> datetime:
    """A local minute; a last minute of a day means its end."""
    moment = datetime.fromisoformat(written)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=_PARIS)
    is_last = (moment.hour, moment.minute) == (23, 59) and moment.year < _OPEN_FROM_YEAR
    return moment + _MINUTE if is_last else moment


def _same_when(got: Spans, expected: Spans, now: datetime, tolerance: timedelta) -> bool:
    if not got or not expected:
        return not got and not expected
    first, second = _from_now(got, now), _from_now(expected, now)
    if not first and not second:  # what is past is asked for
        first, second = _joined(got), _joined(expected)
    if not first or not second:
        return False
    if second[-1][1].year >= _OPEN_FROM_YEAR:
        starts_apart = abs(first[0][0] - second[0][0])
        return starts_apart <= tolerance and first[-1][1] - first[0][0] > _LONG
    return len(first) == len(second) and all(
        abs(one[at] - other[at]) <= tolerance
        for one, other in zip(first, second, strict=True)
        for at in (0, 1)
    )


def _from_now(spans: Spans, now: datetime) -> Spans:
    return _joined([(max(start, now), end) for start, end in spans if end > now])


def _joined(spans: Spans) -> Spans:
    joined: Spans = []
    for start, end in sorted(spans):
        if joined and start - joined[-1][1] <= _MINUTE:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined


def _conditions_right(row: Mapping[str, Any], wish: Wish, also: Mapping[str, Any]) -> bool:
    excluded = [*wish.excluded_words, *map(category_in_words, wish.excluded_categories)]
    checks: list[tuple[str, Any, Callable[[Any, Any], bool]]] = [
        ("free", wish.free, _equal_or_absent),
        ("max_price", wish.max_price, _equal_or_absent),
        ("ages", list(wish.ages), _same_ages),
        ("online", wish.online, _equal_or_absent),
        ("exclude", excluded, _same_words),
    ]
    needs = {code.value for code in wish.accessibility}
    return needs == {code for name, code in _NEEDS.items() if row.get(name)} and all(
        any(same(got, each) for each in (row.get(name), *also.get(name, [])))
        for name, got, same in checks
    )


def _equal_or_absent(got: Any, expected: Any) -> bool:
    return bool(got == expected)


def _same_ages(got: Sequence[int], expected: Sequence[int] | None) -> bool:
    if not got or not expected:
        return not got and not expected
    return (min(got), max(got)) == (min(expected), max(expected))


def _same_words(got: Sequence[str], expected: Sequence[str] | None) -> bool:
    if not got or not expected:
        return not got and not expected
    return is_same_theme(Wish(topic=" ".join(got)), " ".join(expected))


def _seen(
    row: Mapping[str, Any], understood: Understood, kind: str, right: Mapping[str, bool]
) -> dict[str, str]:
    """What was expected and understood of the fields that are wrong."""
    wish = understood.wish
    got = {
        "kind": kind,
        "language": understood.language,
        "when": " ".join(
            f"{each.start.astimezone(_PARIS):%Y-%m-%dT%H:%M}/{each.end.astimezone(_PARIS):%Y-%m-%dT%H:%M}"
            for each in wish.when[:4]
        ),
        "place": place_in_words(wish.where),
        "theme": wish.topic,
        "conditions": f"free {wish.free}, max {wish.max_price}, ages {list(wish.ages)}, "
        f"online {wish.online}, {sorted(code.value for code in wish.accessibility)}, "
        f"without {[*wish.excluded_words, *map(category_in_words, wish.excluded_categories)]}",
    }
    expected = {**row, "place": row.get("where"), "conditions": _expected_conditions(row)}
    return {
        name: f"expected {expected.get(name) or '–'}; understood {got[name] or '–'}"
        for name, is_right in right.items()
        if not is_right and name in got
    }


def _expected_conditions(row: Mapping[str, Any]) -> str:
    names = ("free", "max_price", "ages", "online", "exclude", *_NEEDS)
    return ", ".join(f"{name} {row[name]}" for name in names if row.get(name) is not None)
