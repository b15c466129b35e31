"""A message as units: its readings, and the words between them. Pure. Enter at `units_of`."""

from collections.abc import Sequence
from dataclasses import dataclass

from puls.understanding.message import Message
from puls.understanding.readings import Reading
from puls.understanding.what.needs import Need
from puls.understanding.what.people import Ages
from puls.understanding.what.price import Price
from puls.understanding.when.times import Time
from puls.understanding.where.distances import Distance
from puls.understanding.where.place import Place


@dataclass(frozen=True, slots=True)
class Unit:
    """One word, or the words of one reading; `kind` says what a reading is ("when", "where"…), and is the normal form of a word."""

    first: int
    last: int
    kind: str
    reading: Reading | None = None


def units_of(message: Message, readings: Sequence[Reading]) -> list[Unit]:
    """The message from left to right; readings that are judged by rules alone stay words."""
    by_first = {each.first: each for each in readings if _is_judged(each)}
    units: list[Unit] = []
    at = 0
    while at < len(message):
        reading = by_first.get(at)
        if reading is None:
            units.append(Unit(at, at, message.norm(at)))
            at += 1
        else:
            units.append(Unit(reading.first, reading.last, kind_of_reading(reading), reading))
            at = reading.last + 1
    return units


def _is_judged(reading: Reading) -> bool:
    return not (
        isinstance(reading.value, Need) and reading.value.field in ("order", "number_wanted")
    )


def kind_of_reading(reading: Reading) -> str:
    """What a reading is, as coarse as a judgement needs it."""
    value = reading.value
    if isinstance(value, Time):
        if value.point is None:
            return "<hours>" if value.hours else "<length>" if value.length else "<ahead>"
        named = value.point.days
        if value.needs_anchor:
            return "<anchored>"
        if named.is_theme or named.is_kept:
            return "<feast>"
        if value.bound is not None:
            return f"<{value.bound}>"
        if value.until is not None:
            return "<range>"
        return (
            "<past>"
            if named.is_past and not named.is_dated
            else "<habit>"
            if named.is_habit
            else f"<{named.unit}>"
        )
    if isinstance(value, Place):
        if value.department_codes or value.region_codes or value.is_wide:
            return "<area>"
        return "<quarter>" if value.within else "<town>"
    if isinstance(value, Distance):
        return f"<{value.kind}>"
    if isinstance(value, Price):
        return (
            "<free>"
            if value.is_free
            else "<cheap>"
            if value.is_cheap
            else "<amount>"
            if value.most is not None
            else "<any_price>"
        )
    if isinstance(value, Ages):
        return "<no_children>" if value.is_without else "<age_word>" if value.is_word else "<ages>"
    if isinstance(value, Need):
        return f"<{value.field}>"
    return "<party>"


# Words before what is meant or dropped: « laisse tomber *le* … », « *oublie* … ».
CANCELLING = frozenset(
    "oublie oublies oubliez oublions forget annule annulez annules drop scrap".split()
)
LEADING = frozenset(
    "le la les l du de d des un une about the my mon ma mes cette ce cet that this".split()
)
