"""Passages of a page: its blocks of text, which element holds which, and which of them belong to one event. Pure.

Used by `words`; the rules of belonging are here, the statuses themselves in `statuses`.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Final

from rapidfuzz import fuzz

from puls.geo.names import fold
from puls.web_search.pages.days import Span, lowered, spans_in
from puls.web_search.pages.document import Block, Document
from puls.web_search.pages.statuses import Statement, sentences_in, statements_in
from puls.web_search.values import WebStatus

_MOST_ANCHORS: Final = 20
_MOST_STATEMENTS: Final = 100
_MOST_HEADINGS: Final = (
    60  # between a title and a sentence; beyond, the sentence is of something else
)
_SAME: Final = 90.0
_MOST_IN_REACH: Final = 300  # headings
_LONG_ENOUGH: Final = 6  # letters; a letter more or less in a shorter title makes another
_UNITS: Final = frozenset({"li", "tr", "article", "dd", "figure", "section"})
_SECTION_WORDS: Final = re.compile(
    r"\b(?:reserv\w*|billet\w*|tarifs?|dates?|horaires?|infos?|informations?|pratiques?|lieu|acces|programme|distribution|presentation|a propos"
    r"|description|details?|tickets?|booking|about|where|when|venue|prix|calendrier|seances?|representations?|places|attention|important|annul\w*"
    r"|report\w*|complet\w*|mise a jour|avis|communique|nouvelle date|resume|agenda|en savoir plus|duree|public|participer|inscriptions?|sold out|cancelled|postponed)\b"
)
_OTHERS: Final = re.compile(
    r"\b(?:a voir aussi|vous aimerez|autres? (?:evenement|date|spectacle|concert)s?|a l'affiche|related|you (?:may|might) also|upcoming|prochain(?:e?s)? (?:evenement|concert|spectacle|date)s?|dans le meme|a venir|voir aussi|suggestions|nos autres|also on|sur le meme theme|a decouvrir)\b"
)
_NAMES: Final = re.compile(
    r"(?<![.!?:…«\"“(\[]\s)(?<!^)\b(?!(?:Le|La|Les|Un|Une|Nous|Cet|Cette|Ce|En|Au|Aux|Du|Des|De|Et|Pour|Tous|Toutes|Vous|Suite|Merci|The|This|We|All"
    r"|Covid|Lundi|Mardi|Mercredi|Jeudi|Vendredi|Samedi|Dimanche|Janvier|Février|Mars|Avril|Mai|Juin|Juillet|Août|Septembre|Octobre|Novembre|Décembre"
    r"|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|January|February|March|April|May|June|July|August|October|November|December|Sold|Out"
    r"|Jeu|Ven|Sam|Dim|Lun|Mar|Mer|Mme|M|TTC|Complet|Annulé|Reporté|Réserver|Billets|Places|Dernières|Séance|Concert|Spectacle|Zoom|Teams|YouTube|Facebook|Noël)\b)"
    r"[A-ZÀ-ÖØ-Þ][\w'’-]{2,}"
)
_QUOTED: Final = re.compile(r"[«“\"]\s*([^«»“”\"]{3,80}?)\s*[»”\"]")
_SMALL: Final = frozenset(
    "le la les un une des du de d l au aux et en a the of and avec pour sur par dans".split()
)

_YEARS: Final = re.compile(r"\b(?:19|20)\d\d\b")


@dataclass(frozen=True, slots=True)
class Anchor:
    """A block that names the event. `reach` is the outermost element that is still about it."""

    at: int
    reach: Any
    is_subject: bool


class Passages:
    """The blocks of one page with what they state, read for one event after the other."""

    def __init__(self, document: Document, *, near: date) -> None:
        self._document = document
        self._blocks: tuple[Block, ...] = document.blocks
        self._near = near
        self._spans: dict[int, list[Span]] = {}
        self._naming: dict[str, frozenset[int]] = {}

    @cached_property
    def statements(self) -> list[tuple[int, Statement]]:
        """All statements of status with the number of their block."""
        return [
            (at, statement)
            for at, block in enumerate(self._blocks)
            for statement in statements_in(block.text[:3_000])
        ][:_MOST_STATEMENTS]

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

    def _spans_at(self, at: int) -> list[Span]:
        if at not in self._spans:
            self._spans[at] = spans_in(self._blocks[at].text[:500], near=self._near)
        return self._spans[at]

    def _spans_of(self, element: Any, most: int) -> list[Span]:
        first, last = self._ranges[element]
        return [
            span for at in range(first, min(last, first + most) + 1) for span in self._spans_at(at)
        ]

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
                found.append(Anchor(at, reach, is_subject))
        return found

    def days_covered(
        self, at: int, statement: Statement, anchors: Sequence[Anchor], days: Sequence[date]
    ) -> frozenset[date] | None:
        """Which of the days a statement is about, if it is about the event at all; None when not."""
        for anchor in anchors:
            if not self._belongs(at, statement, anchor, days):
                continue
            spans = spans_in(statement.sentence, near=self._near)
            spans = spans or self._spans_between(at, anchor)
            if not spans or not days or statement.status is WebStatus.RESCHEDULED:
                return frozenset(days)
            return frozenset(day for day in days if any(span.holds(day) for span in spans))
        return None

    def _naming_blocks(self, wanted: str) -> frozenset[int]:
        """Numbers of the blocks that say a title."""
        if wanted not in self._naming:
            self._naming[wanted] = frozenset(
                at for at, folded in enumerate(self._folded) if self._says(wanted, folded)
            )
        return self._naming[wanted]

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
            if element.tag in _UNITS and self._has_like(element, parent):
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

    def _has_like(self, element: Any, parent: Any) -> bool:
        return any(
            child is not element and child.tag == element.tag and child in self._ranges
            for child in parent
        )

    def _is_other_title(self, at: int, wanted: str, level: int) -> bool:
        block = self._blocks[at]
        if not block.level or block.is_aside or at in self._naming_blocks(wanted):
            return False
        if level and block.level > level:
            return False
        low = lowered(block.text)
        return _OTHERS.search(low) is not None or (
            _SECTION_WORDS.search(low) is None and not self._spans_at(at)
        )

    def _is_of_days(self, reach: Any, days: Sequence[date]) -> bool:
        if not days:
            return True
        spans = self._spans_of(reach, 200)
        return not spans or any(span.holds(day) for span in spans for day in days)

    def _belongs(self, at: int, statement: Statement, anchor: Anchor, days: Sequence[date]) -> bool:
        title = self._folded[anchor.at]
        if at == anchor.at:
            return self._is_same_sentence(statement, anchor) and self._has_day(statement, days)
        first, last = self._ranges[anchor.reach]
        block = self._blocks[at]
        is_within = first <= at <= last
        if not is_within or (block.is_aside and not self._blocks[anchor.at].is_aside):
            return False
        if self._is_in_head(block) and not self._is_in_head(self._blocks[anchor.at]):
            return False
        if not self._has_day(statement, days) or self._names_another(statement, title):
            return False
        if not self._has_no_title_between(at, anchor, title):
            return False
        return statement.status is WebStatus.RESCHEDULED or self._is_of_days_between(
            at, anchor, days
        )

    def _is_same_sentence(self, statement: Statement, anchor: Anchor) -> bool:
        """In the title's own block: the sentence names it, or speaks of « the concert » beside it."""
        block = self._blocks[anchor.at]
        sentences = [text for _, text in sentences_in(block.text[:3_000])]
        if len(sentences) <= 1 or block.level:
            return not _is_in_bracket_of_list(statement, block.text)
        return not self._names_another(statement, self._folded[anchor.at])

    def _has_day(self, statement: Statement, days: Sequence[date]) -> bool:
        """Whether the sentence names no day, or one that is asked for, be it the day something was moved from or to."""
        spans = spans_in(statement.sentence, near=self._near)
        if statement.status is WebStatus.RESCHEDULED and all(
            span.start >= statement.words[0] for span in spans
        ):
            return True  # « reporté au 12 mars » names the new day alone
        years = {int(year) for year in _YEARS.findall(statement.sentence)}
        if days and not spans and years and not years & {day.year for day in days}:
            return False  # « annulé en 2020 »
        return not days or not spans or any(span.holds(day) for span in spans for day in days)

    def _names_another(self, statement: Statement, title: str) -> bool:
        """Whether a sentence names something that is not in the title: a quotation, or words with capitals."""
        first, last = statement.words
        sentence = f"{statement.sentence[:first]} {statement.sentence[last:]}".strip()
        if sentence.isupper():
            return False
        known = set(title.split()) | set(fold(self._document.title).split()) | _SMALL
        for found in _QUOTED.finditer(sentence):
            words = set(fold(found[1]).split())
            if words - known and "complet" not in found[1].lower():
                return True
        names = [fold(found[0]) for found in _NAMES.finditer(sentence)]
        strange = [name for name in names if not set(name.split()) <= known]
        return bool(strange) and not any(
            set(name.split()) & (set(title.split()) - _SMALL) for name in names
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

    def _has_no_title_between(self, at: int, anchor: Anchor, title: str) -> bool:
        wanted = title
        low, high = sorted((at, anchor.at))
        headings = set(self._headings_in(low + 1, high - 1))
        for element in self._path(at, anchor):
            headings.update(self._headings_in(*self._ranges[element]))
        headings.discard(at)
        if len(headings) > _MOST_HEADINGS:
            return False
        for one in sorted(headings):
            text = lowered(self._blocks[one].text)
            if _OTHERS.search(text):
                return False
            if one in self._naming_blocks(wanted) or _SECTION_WORDS.search(text):
                continue
            if self._spans_at(one):
                continue
            if self._blocks[one].level > (self._blocks[anchor.at].level or 1) + 1 or at > one:
                return False
        return True

    def _spans_between(self, at: int, anchor: Anchor) -> list[Span]:
        for element in self._path(at, anchor):
            spans = self._spans_of(element, 60)
            if spans:
                return spans if element.tag in _UNITS or len(spans) == 1 else []
        return []

    def _is_of_days_between(self, at: int, anchor: Anchor, days: Sequence[date]) -> bool:
        spans = self._spans_between(at, anchor)
        return not days or not spans or any(span.holds(day) for span in spans for day in days)


def _is_in_bracket_of_list(statement: Statement, text: str) -> bool:
    """« X (complet), Y »: the bracket is behind X alone."""
    behind = text[statement.start + statement.words[1] :]
    before = text[: statement.start + statement.words[0]].rstrip()
    return (
        before.endswith("(") and "," in before and re.match(r"\W*[,;/+]\s*\w", behind) is not None
    )
