"""Which statements of a page belong to one event, and to which of its days and hours. Pure. Enter at `Passages`.

The rules of belonging are here; how the page is laid out in `layout`, what a sentence states, names and means by its
days in `sentences`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time
from functools import cached_property
from itertools import islice
from typing import Final

from puls.geo.names import fold
from puls.web_search.pages.days import lowered
from puls.web_search.pages.document import Block, Document
from puls.web_search.pages.passages.layout import OTHERS, SECTION_WORDS, Layout
from puls.web_search.pages.sentences.governing import (
    Covered,
    Slot,
    before_mark,
    days_of_month_in,
    hours_of,
    slots_in,
)
from puls.web_search.pages.sentences.masking import MASK, masked
from puls.web_search.pages.sentences.naming import (
    Naming,
    is_label_of_another,
    is_mark,
    is_of_a_part,
    is_of_a_ticket,
    names_another,
    words_of,
)
from puls.web_search.pages.statuses import Statement, statements_in
from puls.web_search.values import WebStatus

_MOST_ANCHORS: Final = 20
_MOST_STATEMENTS: Final = 100
_MOST_HEADINGS: Final = (
    60  # between a title and a sentence; beyond, the sentence is of something else
)
_LONGEST_BLOCK: Final = 3_000
_NEIGHBOURS: Final = 8  # blocks below a title, whose words are the event's
_SCHEDULE: Final = re.compile(r"\b(?:dates|tournee|tour|calendrier|seances|representations|horaires|quand|en concert|schedule|on tour)\b")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Anchor:
    """A block that names the event. `reach`: the first and last block that are still about it."""

    at: int
    title: str
    reach: tuple[int, int]
    is_subject: bool


class Passages:
    """The blocks of one page with what they state, read for one event after the other."""

    def __init__(self, document: Document, *, near: date) -> None:
        self._layout = Layout(document, near=near)
        self._near = near

    @cached_property
    def _plain_statements(self) -> list[tuple[int, Statement]]:
        stated = (
            (at, statement)
            for at, block in enumerate(self._layout.blocks)
            for statement in statements_in(block.text[:_LONGEST_BLOCK])
        )
        return list(islice(stated, _MOST_STATEMENTS))

    def statements(self, title: str) -> list[tuple[int, Statement]]:
        """All statements of status with the number of their block; a title's own words state nothing."""
        naming = sorted(self._layout.naming_blocks(fold(title)))[:_MOST_ANCHORS]
        found = [(at, one) for at, one in self._plain_statements if at not in naming]
        for at in naming:
            text = self._layout.blocks[at].text[:_LONGEST_BLOCK]
            found.extend((at, one) for one in statements_in(text, masked=masked(text, title)))
        orders = {at for at, one in found if one.is_order}
        return [
            (at, one)
            for at, one in sorted(found, key=lambda one: (one[0], one[1].start))
            if at not in orders
            and at not in self._legend
            and not (at - 1 in orders and self._layout.blocks[at - 1].text.endswith(":"))
        ]

    @cached_property
    def _legend(self) -> frozenset[int]:
        """Blocks of a legend or a choice: « Complet », « Annulé » one beside the other, and nothing else."""
        alone = {
            at: one.status
            for at, one in self._plain_statements
            if one.words == (0, len(self._layout.blocks[at].text))
        }
        return frozenset(
            both
            for at, status in alone.items()
            if alone.get(at + 1, status) is not status
            for both in (at, at + 1)
        )

    def anchors(self, title: str, days: Sequence[date]) -> list[Anchor]:
        """Where the page names the event, with how far each reaches; those of another day are left out."""
        wanted = fold(title)
        if not wanted:
            return []
        subject = self._layout.says(wanted, fold(self._layout.document.title))
        found: list[Anchor] = []
        for at in sorted(self._layout.naming_blocks(wanted))[:_MOST_ANCHORS]:
            reach = self._layout.reach_of(at, wanted)
            is_subject = subject and not self._layout.blocks[at].is_aside and self._is_heading(at)
            if self._is_of_days(reach, days) or is_subject:
                found.append(Anchor(at, title, reach, is_subject))
        return found

    def covered(
        self, at: int, statement: Statement, anchors: Sequence[Anchor], days: Sequence[date]
    ) -> Covered | None:
        """Which of the days, and hours of them, a statement is about, if it is about the event; None when not."""
        for anchor in anchors:
            if not self._belongs(at, statement, anchor):
                continue
            slots = self._governing(at, statement, anchor)
            if numbers := days_of_month_in(statement.sentence):
                days = [day for day in days if day.day in numbers]
                if not days:
                    continue
            if not days:
                is_whole = not slots or len(self._days_of(anchor)) <= 1
                return frozenset() if is_whole else None
            if not slots:
                return (
                    None
                    if self._is_of_another_year(statement, days)
                    else frozenset((day, None) for day in days)
                )
            found = frozenset(one for slot in slots for one in slot.of(days))
            if found:
                return found
        return None

    def hours_of(self, anchors: Sequence[Anchor], day: date) -> frozenset[time]:
        """The hours at which the event begins on a day, as far as the page writes them beside it."""
        return frozenset(
            hour
            for anchor in anchors
            for _, slot in self._layout.calendar.days_in(*anchor.reach)
            if slot.span.holds(day)
            for hour in slot.hours
        )

    def _days_of(self, anchor: Anchor) -> set[date]:
        return {slot.span.first for _, slot in self._layout.calendar.days_in(*anchor.reach)}

    def _governing(self, at: int, statement: Statement, anchor: Anchor) -> list[Slot]:
        """Days that a statement speaks of; none when it speaks of the event as a whole."""
        own = slots_in(statement.sentence, near=self._near)
        if statement.status is WebStatus.RESCHEDULED and all(
            slot.span.start >= statement.words[0] for slot in own
        ):
            own = []  # « reporté au 12 mars » names the new day alone
            path = [
                one
                for one in self._layout.path(at, anchor.at)
                if self._layout.ranges[one] != (at, at)
            ]
            return self._layout.calendar.around(at, path) or [] if at != anchor.at else own
        if own:
            return (
                before_mark(statement.sentence, statement.words[0], own)
                if self._is_bare(statement)
                else own
            )
        slots = self._layout.calendar.of_block(at, statement.start + statement.words[0])
        if not slots and at != anchor.at:
            around = self._layout.calendar.around(at, self._layout.path(at, anchor.at))
            slots = around or []
            if around is None and self._is_bare(statement):
                slots = self._layout.calendar.above(at, anchor.reach)
        hours = hours_of(lowered(statement.sentence))
        return [Slot(slot.span, hours or slot.hours) for slot in slots]

    def _is_bare(self, statement: Statement) -> bool:
        return is_mark(Naming(statement.sentence, statement.words, frozenset()))

    def _is_of_another_year(self, statement: Statement, days: Sequence[date]) -> bool:
        """« annulé en 2020 »."""
        years = {int(year) for year in re.findall(r"\b(?:19|20)\d\d\b", statement.sentence)}
        if statement.status is WebStatus.RESCHEDULED:
            return False
        return bool(years) and not years & {day.year for day in days}

    def _is_heading(self, at: int) -> bool:
        return self._layout.blocks[at].level in {1, 2}

    def _is_of_days(self, reach: tuple[int, int], days: Sequence[date]) -> bool:
        if not days:
            return True
        first, last = reach
        slots = [
            slot
            for at in range(first, min(last, first + 200) + 1)
            for slot in self._layout.calendar.slots_at(at)
        ]
        return not slots or any(slot.span.holds(day) for slot in slots for day in days)

    def _belongs(self, at: int, statement: Statement, anchor: Anchor) -> bool:
        block, named = self._layout.blocks[at], self._layout.blocks[anchor.at]
        first, last = anchor.reach
        if at != anchor.at:
            if not first <= at <= last or (block.is_aside and not named.is_aside):
                return False
            if _is_quoted(block) or (
                self._layout.is_in_head(block) and not self._layout.is_in_head(named)
            ):
                return False
            if not self._has_no_title_between(at, statement, anchor):
                return False
        return not self._names_another(at, statement, anchor)

    def _names_another(self, at: int, statement: Statement, anchor: Anchor) -> bool:
        known = (
            words_of(self._layout.blocks[anchor.at].text[:200])
            if self._layout.blocks[anchor.at].level
            else frozenset()
        )
        known |= words_of(anchor.title) | words_of(
            self._layout.document.title if anchor.is_subject else ""
        )
        naming = Naming(statement.sentence, statement.words, known, statement.masked)
        if is_of_a_part(naming):
            return True
        if MASK in statement.masked:
            return names_another(naming)
        if self._is_of_schedule(at, statement, anchor):
            return False
        if not is_mark(naming):
            known |= self._words_below(anchor, at) if anchor.is_subject else frozenset()
        elif self._is_of_ticket(at, statement, anchor) or (
            anchor.is_subject and self._is_in_box_of_another(at, anchor, known)
        ):
            return True
        return names_another(Naming(statement.sentence, statement.words, known))

    def _is_of_ticket(self, at: int, statement: Statement, anchor: Anchor) -> bool:
        """« Tarif plein | 20 € | épuisé »: one row of a list of prices."""
        row = next(
            (
                one
                for one in self._layout.path(at, anchor.at)
                if self._layout.ranges[one] != (at, at)
            ),
            None,
        )
        if row is None or statement.status is not WebStatus.FULL:
            return False
        first, last = self._layout.ranges[row]
        texts = [
            self._layout.blocks[one].text
            for one in range(first, min(last, first + _NEIGHBOURS) + 1)
        ]
        return last - first < _NEIGHBOURS and is_of_a_ticket(" | ".join(texts))

    def _is_in_box_of_another(self, at: int, anchor: Anchor, known: frozenset[str]) -> bool:
        """Whether the box around a bare mark begins with a name that the rest of the page does not know."""
        box = next(
            (
                one
                for one in reversed(self._layout.path(at, anchor.at))
                if self._layout.ranges[one][0] < at
            ),
            None,
        )
        if box is None:
            return False
        first, last = self._layout.ranges[box]
        elsewhere = (
            words for one, words in enumerate(self._layout.folded) if not first <= one <= last
        )
        label = self._layout.blocks[first].text
        return is_label_of_another(label, known) and is_label_of_another(
            label, known | frozenset(" ".join(elsewhere).split())
        )

    def _words_below(self, anchor: Anchor, but: int) -> frozenset[str]:
        last = min(anchor.at + _NEIGHBOURS, anchor.reach[1])
        texts = [self._layout.folded[at] for at in range(anchor.at, last + 1) if at != but]
        return frozenset(" ".join(texts).split())

    def _is_of_schedule(self, at: int, statement: Statement, anchor: Anchor) -> bool:
        """A line with its own day on the page of one event, in its list of dates: the rest of it is a place."""
        if not anchor.is_subject or not slots_in(statement.sentence, near=self._near):
            return False
        above = [one for one in self._layout.headings_in(anchor.at, at) if one != anchor.at]
        heading = lowered(self._layout.blocks[above[-1]].text) if above else ""
        return bool(_SCHEDULE.search(heading)) or self._is_tour(anchor)

    def _is_tour(self, anchor: Anchor) -> bool:
        return bool(
            _SCHEDULE.search(
                lowered(f"{self._layout.blocks[anchor.at].text} {self._layout.document.title}")
            )
        )

    def _has_no_title_between(self, at: int, statement: Statement, anchor: Anchor) -> bool:
        low, high = sorted((at, anchor.at))
        headings = set(self._layout.headings_in(low + 1, high - 1))
        for element in self._layout.path(at, anchor.at):
            headings.update(self._layout.headings_in(*self._layout.ranges[element]))
        headings.discard(at)
        if len(headings) > _MOST_HEADINGS:
            return False
        is_dated = (
            self._is_tour(anchor)
            and anchor.is_subject
            and bool(slots_in(statement.sentence, near=self._near))
        )
        naming = self._layout.naming_blocks(fold(anchor.title))
        for one in sorted(headings):
            text = lowered(self._layout.blocks[one].text)
            if OTHERS.search(text):
                return False
            if one in naming or SECTION_WORDS.search(text) or self._layout.calendar.slots_at(one):
                continue
            is_deeper = (
                self._layout.blocks[one].level > (self._layout.blocks[anchor.at].level or 1) + 1
            )
            if (is_deeper or at > one) and not (is_deeper and is_dated):
                return False
        return True


def _is_quoted(block: Block) -> bool:
    return any(
        one.tag in {"blockquote", "q"} for one in (block.element, *block.element.iterancestors())
    )
