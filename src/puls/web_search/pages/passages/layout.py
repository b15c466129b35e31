"""How a page is laid out: which elements hold which blocks, where a title stands, and how far what is about it reaches. Pure.

Used by `belonging`. Headings, rows, cards, lists of definitions and lines in bold each bound what is said below a title.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from datetime import date
from functools import cached_property, partial
from typing import Any, Final

from rapidfuzz import fuzz

from puls.geo.names import fold
from puls.web_search.pages.days import lowered
from puls.web_search.pages.document import Block, Document
from puls.web_search.pages.sentences.governing import Calendar

_MOST_IN_REACH: Final = 300  # headings
_SAME: Final = 90.0
_LONG_ENOUGH: Final = 6  # letters; a letter more or less in a shorter title makes another
_UNITS: Final = frozenset({"li", "tr", "article", "dd", "figure", "section"})
_CARDS: Final = frozenset({"div", "a", "section", "article", "li", "p", "span"})
SECTION_WORDS: Final = re.compile(
    r"\b(?:reserv\w*|billet\w*|tarifs?|dates?|horaires?|infos?|informations?|pratiques?|lieu|acces|programme|distribution|presentation|en concert|concerts|tournee|a propos"
    r"|description|details?|tickets?|booking|about|where|when|venue|prix|calendrier|seances?|representations?|places|attention|important|annul\w*"
    r"|report\w*|complet\w*|mise a jour|avis|communique|nouvelle date|resume|agenda|en savoir plus|duree|public|participer|inscriptions?|sold out|cancelled|postponed)\b"
)
OTHERS: Final = re.compile(
    r"\b(?:a voir aussi|vous aimerez|(?:d')?autres? (?:evenement|date|spectacle|concert|rendez-vous|activite|sortie)s?|a l'affiche|related|similar|similaires?|you (?:may|might) also"
    r"|upcoming|prochain(?:e?s)? (?:evenement|concert|spectacle|date|rendez-vous|soiree|sortie|seance)s?|prochainement|dans (?:le|la) meme|a venir|voir aussi|suggestions|nos autres|also (?:on|at)"
    r"|(?:sur|autour d[ue]) (?:le )?meme theme|a decouvrir|egalement|et aussi|ne manquez pas|on aime aussi|coups? de coeur|plus d'evenements|dans les environs|a proximite|recommand\w+"
    r"|actualites?|derniers articles|a ne pas (?:manquer|rater)|bientot (?:a|au|chez|dans)|more events|what's on|le meme jour|ce week-end aussi|selection)\b"
)


class Layout:
    """The blocks of one page, and what stands around them."""

    def __init__(self, document: Document, *, near: date) -> None:
        self.document = document
        self.blocks: tuple[Block, ...] = document.blocks
        self.calendar = Calendar(self.blocks, lambda: self.ranges, near)
        self._naming: dict[str, frozenset[int]] = {}

    @cached_property
    def folded(self) -> list[str]:
        return [fold(block.text[:1_000]) for block in self.blocks]

    @cached_property
    def ranges(self) -> dict[Any, tuple[int, int]]:
        """For each element that holds text: its first and last block."""
        ranges: dict[Any, tuple[int, int]] = {}
        for at, block in enumerate(self.blocks):
            element = block.element
            while element is not None:
                known = ranges.get(element)
                ranges[element] = (at if known is None else known[0], at)
                element = element.getparent()
        return ranges

    @cached_property
    def headings(self) -> list[int]:
        return [at for at, block in enumerate(self.blocks) if block.level]

    def headings_in(self, first: int, last: int) -> list[int]:
        """Headings among the blocks from `first` to `last`, both included."""
        headings = self.headings
        return headings[bisect_left(headings, first) : bisect_right(headings, last)]

    def naming_blocks(self, wanted: str) -> frozenset[int]:
        """Numbers of the blocks that say a title; a heading with the line below it may say it together."""
        if wanted not in self._naming:
            found = {at for at, folded in enumerate(self.folded) if self.says(wanted, folded)}
            if not found:
                found = {at for at in self.headings if self._is_in_parts(wanted, at)}
            self._naming[wanted] = frozenset(found)
        return self._naming[wanted]

    def _is_in_parts(self, wanted: str, at: int) -> bool:
        head = self.folded[at]
        if len(head) < _LONG_ENOUGH or f" {head} " not in f" {wanted} ":
            return False
        below = self.folded[at + 1] if at + 1 < len(self.folded) else ""
        return self.says(wanted, f"{head} {below}") or (
            self.blocks[at].level == 1 and self.says(wanted, fold(self.document.title))
        )

    def says(self, wanted: str, folded: str) -> bool:
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

    def reach_of(self, at: int, wanted: str) -> tuple[int, int]:
        """Climbs from a title while no other title comes in sight; of titles side by side, down to the next."""
        block = self.blocks[at]
        element = block.element
        while (parent := element.getparent()) is not None:
            if element.tag in {"dt", "dd"}:
                return self._group_of(at, element, lambda one: one.tag == "dt")
            if self._is_one_of_many(element, parent):
                break
            first, last = self.ranges[parent]
            headings = self.headings_in(first, last)
            if len(headings) > _MOST_IN_REACH:
                break
            others = [
                one
                for one in headings
                if self._is_other_title(one, wanted, block.level)
                and not self.ranges[element][0] <= one <= self.ranges[element][1]
            ]
            if others and block.level:
                return self.ranges[element][0], min(
                    (one - 1 for one in others if one > at), default=last
                )
            if others:
                break
            if not block.level and self._is_label(element, parent):
                return self._group_of(at, element, partial(_is_made_like, element))
            element = parent
        return self.ranges[element]

    def _group_of(self, at: int, element: Any, begins: Callable[[Any], bool]) -> tuple[int, int]:
        """Blocks from the sibling that begins a group to before the one that begins the next."""
        first = last = element
        while not begins(first) and first.getprevious() is not None:
            first = first.getprevious()
        while (following := last.getnext()) is not None and not begins(following):
            last = following
        inside = [self.ranges[one] for one in (first, last, element) if one in self.ranges]
        return min(at, *(one[0] for one in inside)), max(at, *(one[1] for one in inside))

    def _is_label(self, element: Any, parent: Any) -> bool:
        """A line made like others between lines made otherwise: titles in bold among plain paragraphs."""
        made = _made(element)
        if made == ([], []) or self.ranges[element][0] != self.ranges[element][1]:
            return False
        alike = [one for one in parent if one.tag == element.tag and _made(one) == made]
        following = element.getnext()
        return len(alike) > 1 and following is not None and _made(following) != made

    def _is_one_of_many(self, element: Any, parent: Any) -> bool:
        """A row, or a card: one of several elements that are made alike."""
        alike = [
            one
            for one in parent
            if one is not element and one.tag == element.tag and one in self.ranges
        ]
        if element.tag in _UNITS and alike:
            return True
        if element.tag not in _CARDS or self.ranges[element][0] == self.ranges[element][1]:
            return False
        made = _made(element)
        return any(_made(one) == made for one in alike)

    def _is_other_title(self, at: int, wanted: str, level: int) -> bool:
        block = self.blocks[at]
        if not block.level or block.is_aside or at in self.naming_blocks(wanted):
            return False
        if level and block.level > level:
            return False
        low = lowered(block.text)
        return OTHERS.search(low) is not None or (
            SECTION_WORDS.search(low) is None and not self.calendar.slots_at(at)
        )

    def path(self, at: int, anchor_at: int) -> list[Any]:
        """Elements around a block, up to the one that also holds the title."""
        path = []
        element = self.blocks[at].element
        while element is not None:
            first, last = self.ranges[element]
            if first <= anchor_at <= last:
                break
            path.append(element)
            element = element.getparent()
        return path

    def is_in_head(self, block: Block) -> bool:
        return any(
            parent.tag == "header"
            and parent.getparent() is not None
            and parent.getparent().tag == "body"
            for parent in (block.element, *block.element.iterancestors())
        )


def _is_made_like(first: Any, second: Any) -> bool:
    return _made(first) == _made(second)


def _made(element: Any) -> tuple[Any, ...]:
    """How an element is made: its class and the elements it begins with."""
    classes = (element.get("class") or "").split()
    return (classes[:1], [child.tag for child in element][:2])
