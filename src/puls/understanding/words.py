"""A message as words that rules can claim, one after the other. Pure.

Rules read `open`, the folded words with the claimed ones blotted out, so that no word is understood
twice and every rule is one linear pass. What nobody claims is the theme.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from puls.geo.names import fold
from puls.understanding.date_spelling import mended

# Nobody's wish starts later, and time stays bounded whatever is sent.
_LONGEST_READ = 2_000  # characters
_MOST_WORDS = 400  # 2,000 characters of French are about 340 words
_LONGEST_WORD = 40  # letters that are compared
_WORD = re.compile(
    r"\d{4}-\d{2}-\d{2}"  # ISO date
    r"|\d{1,2}/\d{1,2}(?:/\d{2,4})?(?![\d/])"  # numeric date
    r"|\d{1,2}([.-])\d{1,2}\1(?:\d{4}|\d\d)(?![\d-]|\.\d)"  # the same, 5.12.2026 or 5-12-2026
    r"|\d{1,2}\s?(?:[:hH]|(?i:heures?))\s?\d{2}(?!\d)"  # clock time
    r"|\d+[.,]\d+"
    r"|(?<=\d)\s?[-–]\s?(?=\d{1,2}\s(?i:janv|f[ée]v|mars|avr|mai|juin|juil|ao[uû]t|sep|oct|nov|d[ée]c))"
    r"|€|[^\W_]+"
)
_CLOCK = re.compile(r"(\d{1,2})\s?(?::|h|heures?)\s?(\d{2})")
_NUMERIC_DATE = re.compile(r"\d{1,2}([.-])\d{1,2}\1\d{2,4}")
_SYMBOLS = {"€": "euros"}
_DASHES = ("-", "–")
_BLOT = "#"


@dataclass(frozen=True, slots=True)
class Word:
    """One word: where it stands in the message, and its folded form."""

    start: int
    end: int
    folded: str


@dataclass(frozen=True, slots=True)
class Claim:
    """Words understood as something; `is_kept` when they stay in the theme as well."""

    first: int
    last: int
    kind: str
    is_kept: bool = False


@dataclass(frozen=True, slots=True)
class Span:
    """A part of the message and what it was understood as."""

    start: int
    end: int
    words: str
    kind: str


class Message:
    """The words of one message and the claims on them."""

    def __init__(self, text: str) -> None:
        self.text = text[:_LONGEST_READ]
        self.words = tuple(islice(_words_of(self.text), _MOST_WORDS))
        self.folded = " ".join(word.folded for word in self.words)
        self.open = self.folded
        self.claims: list[Claim] = []
        self._starts: list[int] = []
        self._ends: list[int] = []
        at = 0
        for word in self.words:
            self._starts.append(at)
            at += len(word.folded)
            self._ends.append(at)
            at += 1

    def find(self, pattern: re.Pattern[str]) -> list[re.Match[str]]:
        """Matches over words that are still free, in reading order."""
        return list(pattern.finditer(self.open))

    def is_open(self, match: re.Match[str]) -> bool:
        """Whether no word of the match was claimed since it was found."""
        return _BLOT not in self.open[match.start() : match.end()]

    def claim(
        self, match: re.Match[str], kind: str, *, group: int | str = 0, keep: bool = False
    ) -> None:
        """Claim the words under a match, or under one of its groups."""
        first, last = self.word_range(match.start(group), match.end(group))
        self.claim_words(first, last, kind, keep=keep)

    def claim_words(self, first: int, last: int, kind: str, *, keep: bool = False) -> None:
        """Claim the words from `first` to `last`, the last included."""
        if last < first:
            return
        self.claims.append(Claim(first, last, kind, keep))
        start, end = self._starts[first], self._ends[last]
        blot = "".join(" " if letter == " " else _BLOT for letter in self.folded[start:end])
        self.open = self.open[:start] + blot + self.open[end:]

    def word_range(self, start: int, end: int) -> tuple[int, int]:
        """The first and last word between two offsets of the folded text."""
        return bisect_right(self._ends, start), bisect_left(self._starts, end) - 1

    def offset(self, word: int) -> int:
        """Where a word starts in the folded text."""
        return self._starts[word]

    def is_free(self, word: int) -> bool:
        return self.open[self._starts[word]] != _BLOT

    def is_capitalised(self, word: int) -> bool:
        return self.text[self.words[word].start].isupper()

    def starts_a_sentence(self, word: int) -> bool:
        if word == 0:
            return True
        between = self.text[self.words[word - 1].end : self.words[word].start]
        return any(mark in between for mark in ".!?:\n«“")

    def is_followed_by_pause(self, word: int) -> bool:
        """Whether punctuation or the end comes right after a word."""
        end = self.words[word].end
        after = self.text[end : self.words[word + 1].start] if word + 1 < len(self.words) else "."
        return any(mark in after for mark in ".,;:!?()\n")

    def spans(self) -> tuple[Span, ...]:
        """What was claimed, in reading order."""
        return tuple(
            Span(start, end, self.text[start:end], claim.kind)
            for claim in sorted(self.claims, key=lambda each: each.first)
            for start, end in [(self.words[claim.first].start, self.words[claim.last].end)]
        )


def _words_of(text: str) -> Iterator[Word]:
    for found in _WORD.finditer(text):
        written = found[0]
        if clock := _CLOCK.fullmatch(written.lower()):
            folded = f"{clock[1]}h{clock[2]}"
        elif _NUMERIC_DATE.fullmatch(written):
            folded = written.replace(".", "/").replace("-", "/")
        elif written.strip() in _DASHES:
            folded = "au"  # « 5-8 décembre »
        elif written[0].isdigit() and not written.isalnum():
            folded = written.replace(",", ".")
        else:
            folded = _SYMBOLS.get(written) or mended(fold(written).replace(" ", ""))
        if folded:
            yield Word(found.start(), found.end(), folded[:_LONGEST_WORD])
