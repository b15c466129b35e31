"""How much of the judged questions is understood, field by field, and every miss: `python -m evals.understanding`.

What counts as right:
- interval: from the first start to the last end, equal to the judges' to the minute. Judges write whole days where Puls
  starts now, so two starts that lie in the past of the question are the same. *Tolerant* share: where the judges'
  span is 7 days or longer and its limits are vague (« début octobre »), 4 days off at either end count as right. The
  *exact* share is printed beside it.
- place: the same codes; of a circle, its centre within 2 km or a quarter of its radius.
- free, max_price, ages, online: equal. accessibility: of the two needs that judges write down, wheelchair and hearing.
- turn: out of scope, something Puls cannot do, or a question that asks for events, as the judges expect.
- follow-ups: interval, place, conditions and turn of a question with history are all right.
"""

import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from rich.console import Console
from rich.table import Table
from tests.understanding.expressions import read_expressions, written

from evals.real_catalogue import QUESTIONS
from puls.catalogue.event import Accessibility, Interval
from puls.evaluation import JudgedQuestion, given_wish, read_questions
from puls.geo.distance import great_circle_km
from puls.geo.gazetteer import Gazetteer
from puls.understanding.question import Understood, understand
from puls.understanding.turns import Turn
from puls.understanding.wish import Where, Wish

_GOALS = {"turn": 0.95, "follow-ups": 0.95}
_USUAL_GOAL = 0.97
_WITHOUT_EVENTS = {"out_of_scope": Turn.OUT_OF_SCOPE, "cannot": Turn.CANNOT}
_NO_WISH = {Turn.OUT_OF_SCOPE, Turn.CANNOT, Turn.GREETING, Turn.THANKS}
_VAGUE, _TOLERANCE = timedelta(days=7), timedelta(days=4)
_A_MINUTE = timedelta(minutes=1)
_STATED_NEEDS = frozenset({Accessibility.MOTOR, Accessibility.HEARING})


@dataclass(frozen=True)
class Check:
    """One thing compared on one question."""

    field: str
    question: JudgedQuestion
    is_right: bool
    is_exact: bool
    got: Any
    expected: Any


def checks_of(question: JudgedQuestion, understood: Understood, judged: Wish) -> Iterator[Check]:
    expected_turn = _WITHOUT_EVENTS.get(question.expect)
    turn = understood.turn
    is_right = turn is expected_turn if expected_turn else turn not in _NO_WISH
    yield Check("turn", question, is_right, is_right, turn.value, question.expect)
    if expected_turn:
        return
    wish = understood.wish
    got, expected = _span(wish.when), _span(judged.when)
    is_exact = _is_same_span(got, expected, question.now, _A_MINUTE)
    is_vague = expected is not None and expected[1] - expected[0] >= _VAGUE
    is_right = is_exact or (is_vague and _is_same_span(got, expected, question.now, _TOLERANCE))
    yield Check("interval", question, is_right, is_exact, got, expected)
    is_right = _is_same_place(wish.where, judged.where)
    yield Check("place", question, is_right, is_right, wish.where, judged.where)
    for field, got, expected in (
        ("free", bool(wish.free), bool(judged.free)),
        ("max_price", wish.max_price, judged.max_price),
        ("ages", wish.ages, judged.ages),
        ("accessibility", wish.accessibility & _STATED_NEEDS, judged.accessibility),
        ("online", wish.online, judged.online),
    ):
        yield Check(field, question, got == expected, got == expected, got, expected)


def _span(intervals: tuple[Interval, ...]) -> tuple[datetime, datetime] | None:
    if not intervals:
        return None
    return min(each.start for each in intervals), max(each.end for each in intervals)


def _is_same_span(got, expected, now: datetime, tolerance: timedelta) -> bool:
    if got is None or expected is None:
        return got is expected
    starts_apart = min(abs(got[0] - expected[0]), abs(max(got[0], now) - max(expected[0], now)))
    return starts_apart <= tolerance and abs(got[1] - expected[1]) <= tolerance


def _is_same_place(got: Where | None, expected: Where | None) -> bool:
    if got is None or expected is None:
        return got is expected
    if expected.near is not None:
        allowed_km = max(2.0, 0.25 * expected.near.radius_km)
        return (
            got.near is not None
            and great_circle_km(got.near.center, expected.near.center) <= allowed_km
        )
    names = ("commune_codes", "postcodes", "department_codes", "region_codes")
    return all(set(getattr(got, name)) == set(getattr(expected, name)) for name in names)


def judged_checks(gazetteer: Gazetteer) -> list[Check]:
    checks: list[Check] = []
    for question in read_questions(QUESTIONS):
        understood = understand(
            question.text,
            now=question.now,
            gazetteer=gazetteer,
            position=question.position,
            history=question.history,
        )
        own = list(checks_of(question, understood, given_wish(question, gazetteer)))
        checks += own
        if question.history:
            wrong = [check.field for check in own if not check.is_right]
            is_exact = all(check.is_exact for check in own)
            checks.append(Check("follow-ups", question, not wrong, is_exact, wrong, []))
    return checks


def print_judged(console: Console, checks: list[Check]) -> None:
    table = Table("field", "right", "exactly", "questions", "goal", "")
    by_field = defaultdict(list)
    for check in checks:
        by_field[check.field].append(check)
    for field, own in by_field.items():
        share = sum(check.is_right for check in own) / len(own)
        exact = sum(check.is_exact for check in own) / len(own)
        goal = _GOALS.get(field, _USUAL_GOAL)
        verdict = "ok" if share >= goal else "MISSED"
        row = (f"{share:.1%}", f"{exact:.1%}", str(len(own)), f"≥ {goal:.0%}", verdict)
        table.add_row(field, *row)
    console.print(table)
    console.print("interval: 4 days off count as right where a vague span is 7 days or longer.")
    for check in checks:
        if check.is_exact:
            continue
        kind = "near miss" if check.is_right else "MISS"
        console.print(
            f"{kind} {check.field} {check.question.id}: {check.question.text!r} "
            f"after {list(check.question.history)!r}\n  understood {check.got}\n"
            f"  expected   {check.expected}",
            markup=False,
        )


def print_own_table(console: Console, gazetteer: Gazetteer) -> bool:
    """Our own rows; True when every one is understood as written."""
    table = Table("own table", "French", "English", "other", "right")
    counts: Counter[tuple[str, str]] = Counter()
    right: Counter[str] = Counter()
    rows = read_expressions()
    for row in rows:
        understood = understand(
            row.text,
            now=row.moment,
            gazetteer=gazetteer,
            position=row.coordinates,
            history=row.history,
        )
        counts[row.table, row.language] += 1
        is_right = written(understood.wish) == dict(row.wish) and understood.turn == row.turn
        right[row.table] += is_right
    for name in sorted({row.table for row in rows}):
        of_table = {language: n for (table_, language), n in counts.items() if table_ == name}
        total = sum(of_table.values())
        french, english = of_table.get("fr", 0), of_table.get("en", 0)
        others = str(total - french - english)
        table.add_row(name, str(french), str(english), others, f"{right[name]}/{total}")
    french = sum(n for (_, language), n in counts.items() if language == "fr")
    english = sum(n for (_, language), n in counts.items() if language == "en")
    total, all_right = len(rows), sum(right.values())
    table.add_row(
        "all", str(french), str(english), str(total - french - english), f"{all_right}/{total}"
    )
    console.print(table)
    return all_right == total


def main() -> int:
    console = Console(width=130)
    gazetteer = Gazetteer.load()
    if QUESTIONS.exists():
        print_judged(console, judged_checks(gazetteer))
    else:
        console.print(f"No judged questions at {QUESTIONS}: only our own table.")
    return 0 if print_own_table(console, gazetteer) else 1


if __name__ == "__main__":
    sys.exit(main())
