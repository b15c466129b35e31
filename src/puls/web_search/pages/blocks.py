"""Passages of a page: its blocks of text, which element holds which, and which of them belong to one event. Pure.

Used by `words`; the rules of belonging are here, what a sentence states, names and means by its days in `sentences`.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time
from functools import cached_property
from typing import Any, Final

from rapidfuzz import fuzz

from puls.geo.names import fold
from puls.web_search.pages.days import lowered
from puls.web_search.pages.document import Block, Document
from puls.web_search.pages.sentences.governing import Calendar, Covered, Slot, hours_of, slots_in
from puls.web_search.pages.sentences.masking import MASK, masked
from puls.web_search.pages.sentences.naming import (
    Naming,
    is_mark,
    is_of_a_part,
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
_SAME: Final = 90.0
_MOST_IN_REACH: Final = 300  # headings
_LONG_ENOUGH: Final = 6  # letters; a letter more or less in a shorter title makes another
_LONGEST_BLOCK: Final = 3_000
_NEIGHBOURS: Final = 8  # blocks below a title, whose words are the event's
_UNITS: Final = frozenset({"li", "tr", "article", "dd", "figure", "section"})
_CARDS: Final = frozenset({"div", "a", "section", "article", "li", "p", "span"})
_SECTION_WORDS: Final = re.compile(
    r"\b(?:reserv\w*|billet\w*|tarifs?|dates?|horaires?|infos?|informations?|pratiques?|lieu|acces|programme|distribution|presentation|a propos"
    r"|description|details?|tickets?|booking|about|where|when|venue|prix|calendrier|seances?|representations?|places|attention|important|annul\w*"
    r"|report\w*|complet\w*|mise a jour|avis|communique|nouvelle date|resume|agenda|en savoir plus|duree|public|participer|inscriptions?|sold out|cancelled|postponed)\b"
)
_SCHEDULE: Final = re.compile(r"\b(?:dates|tournee|tour|calendrier|seances|representations|horaires|quand|en concert|schedule|on tour)\b")  # fmt: skip
_OTHERS: Final = re.compile(
    r"\b(?:a voir aussi|vous aimerez|(?:d')?autres? (?:evenement|date|spectacle|concert|rendez-vous|activite|sortie)s?|a l'affiche|related|similar|similaires?|you (?:may|might) also"
    r"|upcoming|prochain(?:e?s)? (?:evenement|concert|spectacle|date|rendez-vous|soiree|sortie|seance)s?|prochainement|dans (?:le|la) meme|a venir|voir aussi|suggestions|nos autres|also (?:on|at)"
    r"|(?:sur|autour d[ue]) (?:le )?meme theme|a decouvrir|egalement|et aussi|ne manquez pas|on aime aussi|coups? de coeur|plus d'evenements|dans les environs|a proximite|recommand\w+"
    r"|actualites?|derniers articles|a ne pas (?:manquer|rater)|bientot (?:a|au|chez|dans)|more events|what's on|le meme jour|ce week-end aussi|selection)\b"
)


@dataclass(frozen=True, slots=True)
class Anchor:
    """A block that names the event. `reach` is the outermost element that is still about it."""

    at: int
    title: str
    reach: Any
    is_subject: bool


class Passages:
    """The blocks of one page with what they state, read for one event after the other."""

    def __init__(self, document: Document, *, near: date) -> None:
        self._document = document
        self._blocks: tuple[Block, ...] = document.blocks
        self._near = near
        self._calendar = Calendar(self._blocks, lambda: self._ranges, near)
        self._naming: dict[str, frozenset[int]] = {}

    @cached_property
    def _plain_statements(self) -> list[tuple[int, Statement]]:
        return [
            (at, statement)
            for at, block in enumerate(self._blocks)
            for statement in statements_in(block.text[:_LONGEST_BLOCK])
        ][:_MOST_STATEMENTS]

    def statements(self, title: str) -> list[tuple[int, Statement]]:
        """All statements of status with the number of their block; a title's own words state nothing."""
        naming = sorted(self._naming_blocks(fold(title)))[:_MOST_ANCHORS]
        found = [(at, one) for at, one in self._plain_statements if at not in naming]
        for at in naming:
            text = self._blocks[at].text[:_LONGEST_BLOCK]
            found.extend((at, one) for one in statements_in(text, masked=masked(text, title)))
        orders = {at for at, one in found if one.is_order}
        return [
            (at, one)
            for at, one in sorted(found, key=lambda one: (one[0], one[1].start))
            if at not in orders
            and not (at - 1 in orders and self._blocks[at - 1].text.endswith(":"))
        ]

    @cached_property
    def _folded(self) -> list[str]:
        return [fold(block.text[:1_000]) for block in self._blocks]

    @cached_property
    def _ranges(self) -> dict[Any, tuple[int, int]]:
        """For each element that holds text: its first and last block."""
        ranges: dict[Any, tuple[int, int]] = {}
        for at, block in enumerate(self._blocks):
            element = block.element
            while element is not None:
                known = ranges.get(element)
                ranges[element] = (at if known is None else known[0], at)
                element = element.getparent()
        return ranges

    @cached_property
    def _headings(self) -> list[int]:
        return [at for at, block in enumerate(self._blocks) if block.level]

    def _headings_in(self, first: int, last: int) -> list[int]:
        """Headings among the blocks from `first` to `last`, both included."""
        headings = self._headings
        return headings[bisect_left(headings, first) : bisect_right(headings, last)]

    def anchors(self, title: str, days: Sequence[date]) -> list[Anchor]:
        """Where the page names the event, with how far each reaches; those of another day are left out."""
        wanted = fold(title)
        if not wanted:
            return []
        subject = self._says(wanted, fold(self._document.title))
        found: list[Anchor] = []
        for at in sorted(self._naming_blocks(wanted))[:_MOST_ANCHORS]:
            reach = self._reach(at, wanted)
            is_subject = subject and not self._blocks[at].is_aside and self._is_heading(at)
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
            for _, slot in self._calendar.days_in(*self._ranges[anchor.reach])
            if slot.span.holds(day)
            for hour in slot.hours
        )

    def _days_of(self, anchor: Anchor) -> set[date]:
        return {slot.span.first for _, slot in self._calendar.days_in(*self._ranges[anchor.reach])}

    def _governing(self, at: int, statement: Statement, anchor: Anchor) -> list[Slot]:
        """Days that a statement speaks of; none when it speaks of the event as a whole."""
        own = slots_in(statement.sentence, near=self._near)
        if statement.status is WebStatus.RESCHEDULED and all(
            slot.span.start >= statement.words[0] for slot in own
        ):
            own = []  # « reporté au 12 mars » names the new day alone
            path = [one for one in self._path(at, anchor) if self._ranges[one] != (at, at)]
            return self._calendar.around(at, path) or [] if at != anchor.at else own
        if own:
            return own
        slots = self._calendar.of_block(at, statement.start + statement.words[0])
        if not slots and at != anchor.at:
            around = self._calendar.around(at, self._path(at, anchor))
            slots = around or []
            if around is None and self._is_bare(statement):
                slots = self._calendar.above(at, anchor.at, self._ranges[anchor.reach])
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

    def _naming_blocks(self, wanted: str) -> frozenset[int]:
        """Numbers of the blocks that say a title; a heading with the line below it may say it together."""
        if wanted not in self._naming:
            found = {at for at, folded in enumerate(self._folded) if self._says(wanted, folded)}
            if not found:
                found = {at for at in self._headings if self._is_in_parts(wanted, at)}
            self._naming[wanted] = frozenset(found)
        return self._naming[wanted]

    def _is_in_parts(self, wanted: str, at: int) -> bool:
        head = self._folded[at]
        if len(head) < _LONG_ENOUGH or f" {head} " not in f" {wanted} ":
            return False
        below = self._folded[at + 1] if at + 1 < len(self._folded) else ""
        return self._says(wanted, f"{head} {below}") or (
            self._blocks[at].level == 1 and self._says(wanted, fold(self._document.title))
        )

    def _says(self, wanted: str, folded: str) -> bool:
        if len(wanted) > len(folded) + 8 or not folded:
            return False
        if f" {wanted} " in f" {folded} ":
            return True
        longest = max(wanted.split(), key=len)
        return (
            len(wanted) > _LONG_ENOUGH
            and not any(letter.isdigit() for letter in wanted)
            and longest[:_LONG_ENOUGH] in folded
            and fuzz.partial_ratio(wanted, folded, score_cutoff=_SAME) >= _SAME
        )

    def _is_heading(self, at: int) -> bool:
        return self._blocks[at].level in {1, 2}

    def _reach(self, at: int, wanted: str) -> Any:
        """Climbs from a title while no other title comes in sight."""
        block = self._blocks[at]
        element = block.element
        while (parent := element.getparent()) is not None:
            if self._is_one_of_many(element, parent):
                break
            first, last = self._ranges[parent]
            if len(self._headings_in(first, last)) > _MOST_IN_REACH:
                break
            if any(
                self._is_other_title(one, wanted, block.level)
                for one in self._headings_in(first, last)
                if not self._ranges[element][0] <= one <= self._ranges[element][1]
            ):
                break
            element = parent
        return element

    def _is_one_of_many(self, element: Any, parent: Any) -> bool:
        """A row, or a card: one of several elements that are made alike."""
        alike = [
            one
            for one in parent
            if one is not element and one.tag == element.tag and one in self._ranges
        ]
        if element.tag in _UNITS and alike:
            return True
        if element.tag not in _CARDS or self._ranges[element][0] == self._ranges[element][1]:
            return False
        made = _made(element)
        return any(_made(one) == made for one in alike)

    def _is_other_title(self, at: int, wanted: str, level: int) -> bool:
        block = self._blocks[at]
        if not block.level or block.is_aside or at in self._naming_blocks(wanted):
            return False
        if level and block.level > level:
            return False
        low = lowered(block.text)
        return _OTHERS.search(low) is not None or (
            _SECTION_WORDS.search(low) is None and not self._calendar.slots_at(at)
        )

    def _is_of_days(self, reach: Any, days: Sequence[date]) -> bool:
        if not days:
            return True
        first, last = self._ranges[reach]
        slots = [
            slot
            for at in range(first, min(last, first + 200) + 1)
            for slot in self._calendar.slots_at(at)
        ]
        return not slots or any(slot.span.holds(day) for slot in slots for day in days)

    def _belongs(self, at: int, statement: Statement, anchor: Anchor) -> bool:
        block, named = self._blocks[at], self._blocks[anchor.at]
        first, last = self._ranges[anchor.reach]
        if at != anchor.at:
            if not first <= at <= last or (block.is_aside and not named.is_aside):
                return False
            if _is_quoted(block) or (self._is_in_head(block) and not self._is_in_head(named)):
                return False
            if not self._has_no_title_between(at, statement, anchor):
                return False
        return not self._names_another(at, statement, anchor)

    def _names_another(self, at: int, statement: Statement, anchor: Anchor) -> bool:
        known = (
            words_of(self._blocks[anchor.at].text[:200])
            if self._blocks[anchor.at].level
            else frozenset()
        )
        known |= words_of(anchor.title) | words_of(
            self._document.title if anchor.is_subject else ""
        )
        naming = Naming(statement.sentence, statement.words, known, statement.masked)
        if is_of_a_part(naming):
            return True
        if MASK in statement.masked:
            return names_another(naming)
        if not is_mark(naming) and anchor.is_subject:
            known |= self._words_below(anchor, at)
        elif self._is_of_schedule(at, statement, anchor):
            return False
        return names_another(Naming(statement.sentence, statement.words, known))

    def _words_below(self, anchor: Anchor, but: int) -> frozenset[str]:
        last = min(anchor.at + _NEIGHBOURS, self._ranges[anchor.reach][1])
        texts = [self._folded[at] for at in range(anchor.at, last + 1) if at != but]
        return frozenset(" ".join(texts).split())

    def _is_of_schedule(self, at: int, statement: Statement, anchor: Anchor) -> bool:
        """A line with its own day on the page of one event, in its list of dates: the rest of it is a place."""
        if not anchor.is_subject or not slots_in(statement.sentence, near=self._near):
            return False
        above = [one for one in self._headings_in(anchor.at, at) if one != anchor.at]
        heading = lowered(self._blocks[above[-1]].text) if above else ""
        return bool(_SCHEDULE.search(heading)) or self._is_tour(anchor)

    def _is_tour(self, anchor: Anchor) -> bool:
        return bool(
            _SCHEDULE.search(lowered(f"{self._blocks[anchor.at].text} {self._document.title}"))
        )

    def _is_in_head(self, block: Block) -> bool:
        return any(
            parent.tag == "header"
            and parent.getparent() is not None
            and parent.getparent().tag == "body"
            for parent in (block.element, *block.element.iterancestors())
        )

    def _path(self, at: int, anchor: Anchor) -> list[Any]:
        """Elements around a block, up to the one that also holds the title."""
        path = []
        element = self._blocks[at].element
        while element is not None:
            first, last = self._ranges[element]
            if first <= anchor.at <= last:
                break
            path.append(element)
            element = element.getparent()
        return path

    def _has_no_title_between(self, at: int, statement: Statement, anchor: Anchor) -> bool:
        low, high = sorted((at, anchor.at))
        headings = set(self._headings_in(low + 1, high - 1))
        for element in self._path(at, anchor):
            headings.update(self._headings_in(*self._ranges[element]))
        headings.discard(at)
        if len(headings) > _MOST_HEADINGS:
            return False
        is_dated = (
            self._is_tour(anchor)
            and anchor.is_subject
            and bool(slots_in(statement.sentence, near=self._near))
        )
        naming = self._naming_blocks(fold(anchor.title))
        for one in sorted(headings):
            text = lowered(self._blocks[one].text)
            if _OTHERS.search(text):
                return False
            if one in naming or _SECTION_WORDS.search(text) or self._calendar.slots_at(one):
                continue
            is_deeper = self._blocks[one].level > (self._blocks[anchor.at].level or 1) + 1
            if (is_deeper or at > one) and not (is_deeper and is_dated):
                return False
        return True


def _made(element: Any) -> tuple[Any, ...]:
    """How an element is made: its class and the elements it begins with."""
    classes = (element.get("class") or "").split()
    return (classes[:1], [child.tag for child in element][:2])


def _is_quoted(block: Block) -> bool:
    return any(
        one.tag in {"blockquote", "q"} for one in (block.element, *block.element.iterancestors())
    )
