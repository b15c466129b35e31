"""Which days and hours a statement is about: those of its sentence, else of its row, column, or the line before. Pure.

A `Slot` is a day or a range with the hours written behind it. Days of publication, ends (« 18 h – 20 h ») and hours of
doors are no slots. Enter at `slots_in` for a text, `Calendar` for the blocks of a page.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Any, Final

from puls.web_search.pages.days import Span, hours_at, lowered, spans_in, spans_written
from puls.web_search.pages.document import Block

_PUBLISHED: Final = re.compile(
    r"(?:publie\w*|mise? a jour|modifie\w*|poste\w*|mis en ligne|updated|published|posted|actualise\w*|redige\w*|ecrit\w*|depuis)(?: par [\w ]{1,30})?(?: le| on|:| du)*\s*"
    r"(?:(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)\s*)?$"
)
_IS_END: Final = re.compile(r"(?:-|jusqu'?a|\ba|\bet se termine a|>|\bto|\buntil)\s*$")
_DOORS: Final = re.compile(r"(?:portes?|ouverture|doors?|accueil|fermeture|caisse)[^.;,]{0,20}$")
_BARE_DAY: Final = re.compile(
    r"\b(?:du|le|(?:lun|mar|mer|jeu|ven|same)di|dimanche) ([12]?\d|3[01])(?=\s*(?:[,;.:!?)]|$|et\b|est\b|a (?:ete\b|\d|partir)|sera\b|annul|report|complet|affiche))"
)
_LONGEST: Final = 1_000
_SHORT_LINE: Final = 80
_MOST_BLOCKS: Final = 60
_MOST_IN_REACH: Final = 300
_NEXT: Final = 2  # cells between a day and its hour
_NEAR: Final = 4  # blocks from a day to a mark below it
_ROWS: Final = frozenset({"li", "tr", "article", "dd", "figure"})

Covered = frozenset[tuple[date, time | None]]


@dataclass(frozen=True, slots=True)
class Slot:
    """Days, and the hours of them that are meant; none: all of the day."""

    span: Span
    hours: frozenset[time]

    def of(self, days: Sequence[date]) -> set[tuple[date, time | None]]:
        hours: Sequence[time | None] = sorted(self.hours) or [None]
        return {(day, hour) for day in days if self.span.holds(day) for hour in hours}


def slots_in(text: str, *, near: date) -> list[Slot]:
    """The days that a text names, each with the hours between it and the next."""
    low = lowered(text[:_LONGEST])
    spans = [
        span
        for span in spans_in(text[:_LONGEST], near=near)
        if not _PUBLISHED.search(low[max(0, span.start - 50) : span.start])
    ]
    slots = []
    for index, span in enumerate(spans):
        until = spans[index + 1].start if index + 1 < len(spans) else len(low)
        slots.append(Slot(span, hours_of(low[span.end : until])))
    return slots


def hours_of(low: str) -> frozenset[time]:
    """Hours at which something begins, of a lowered text."""
    hours, before = set(), 0
    for hour, start, end in hours_at(low):
        is_end = before and _IS_END.search(low[before:start])
        if not is_end and not _DOORS.search(low[max(0, start - 30) : start]):
            hours.add(hour)
        before = end
    return frozenset(hours)


def before_mark(text: str, at: int, slots: list[Slot]) -> list[Slot]:
    """Of a line's slots, those meant by a mark in it: « 14 h (complet) et 16 h » is of 14 h alone."""
    before = [slot for slot in slots if slot.span.start < at]
    if not before:
        return slots
    low, last = lowered(text), before[-1]
    written = [
        (hour, start)
        for hour, start, _ in hours_at(low)
        if start >= last.span.end and hour in last.hours
    ]
    early = [hour for hour, start in written if start < at]
    if early and any(start > at for _, start in written):
        return [*before[:-1], Slot(last.span, frozenset(early[-1:]))]
    return slots


def days_of_month_in(text: str) -> frozenset[int]:
    """« celle du 11 est annulée »: days of a month that is not named, where no day is written in full."""
    low = lowered(text)
    if any(True for _ in spans_written(low)):
        return frozenset()
    return frozenset(int(found[1]) for found in _BARE_DAY.finditer(low))


class Calendar:
    """The days of a page's blocks, and which of them govern a statement in another block."""

    def __init__(
        self, blocks: Sequence[Block], ranges: Callable[[], dict[Any, tuple[int, int]]], near: date
    ) -> None:
        self._blocks, self._ranges, self._near = blocks, ranges, near
        self._known: dict[int, list[Slot]] = {}

    def slots_at(self, at: int) -> list[Slot]:
        """Slots of one block; an hour in the next cell is that of a day alone in its own."""
        if at not in self._known:
            slots = slots_in(self._blocks[at].text, near=self._near)
            if len(slots) == 1 and not slots[0].hours and not slots[0].span.is_range:
                slots = [Slot(slots[0].span, self._hours_beside(at))]
            self._known[at] = slots
        return self._known[at]

    def _hours_beside(self, at: int) -> frozenset[time]:
        for block in self._blocks[at + 1 : at + 1 + _NEXT]:
            low = lowered(block.text)
            if len(low) > _SHORT_LINE or block.level or spans_in(low, near=self._near):
                break
            if hours := hours_of(low):
                return hours
        return frozenset()

    def days_in(self, first: int, last: int) -> list[tuple[int, Slot]]:
        """Slots of single days among these blocks, with the number of the block of each."""
        last = min(last, first + _MOST_IN_REACH)
        return [
            (at, slot)
            for at in range(first, last + 1)
            for slot in self.slots_at(at)
            if not slot.span.is_range
        ]

    def of_block(self, at: int, start: int) -> list[Slot]:
        """Slots of the statement's own block, where its sentence has none: the one day, or the last before it."""
        slots = self.slots_at(at)
        if len({slot.span.first for slot in slots}) <= 1:
            return slots[-1:]
        before = [slot for slot in slots if slot.span.end <= start and not slot.span.is_range]
        return before[-1:]

    def around(self, at: int, path: Sequence[Any]) -> list[Slot] | None:
        """Slots that govern a block by the elements around it, inside out; None when none of them has any."""
        for element in path:
            first, last = self._ranges()[element]
            last = min(last, first + _MOST_BLOCKS)
            found = [(one, slot) for one in range(first, last + 1) for slot in self.slots_at(one)]
            if not found:
                continue
            if column := self._of_column(element, at):
                return column
            before = [(one, slot) for one, slot in found if one <= at]
            if (
                not before
                and len({slot.span for _, slot in found}) > 1
                and element.tag not in _ROWS
            ):
                return []
            nearest = before[-1][0] if before else found[0][0]
            return [slot for one, slot in found if one == nearest]
        return None

    def above(self, at: int, reach: tuple[int, int]) -> list[Slot]:
        """The day of a line shortly before, where the event has several; else none."""
        days = self.days_in(*reach)
        if len({slot.span.first for _, slot in days}) <= 1:
            return []
        nearest = max((one for one, _ in days if one < at), default=None)
        if nearest is None or at - nearest > _NEAR:
            return []
        return [slot for one, slot in days if one == nearest]

    def _of_column(self, table: Any, at: int) -> list[Slot]:
        """A table whose days head its columns: the day above a cell of a row that has none."""
        if table.tag not in {"table", "tbody", "thead"}:
            return []
        cell = self._blocks[at].element
        while cell is not None and cell.tag not in {"td", "th"}:
            cell = cell.getparent()
        if cell is None:
            return []
        index = [one for one in cell.getparent() if one.tag in {"td", "th"}].index(cell)
        rows = list(table.iter("tr"))
        heads = [one for one in rows[0] if one.tag in {"td", "th"}] if rows else []
        dated = [
            head
            for head in heads
            if head in self._ranges() and self.slots_at(self._ranges()[head][0])
        ]
        if len(dated) <= 1 or index >= len(heads) or heads[index] not in self._ranges():
            return []
        return self.slots_at(self._ranges()[heads[index]][0])
