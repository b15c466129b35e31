"""A text that arrives in pieces, cut into whole sentences as soon as they are complete. Pure.

Nothing is added, lost or changed: the sentences joined are the text, blanks and line ends included.
Enter at `Sentences`.
"""

import re
from collections.abc import Iterator

LONGEST = 1_200  # characters without an end of sentence; nobody writes that, a stuck model does
_LONGEST_QUOTE = 300  # an opening mark that is not closed by then was not one

_END = re.compile(
    r"""
    [.!?…]+                         # the mark; French puts a space before ! and ?
    (?:[ \u00a0\u202f]?[»”]|["')\]*_])*   # what closes with it
    (?:[ \u00a0]*\[\d{1,2}\])*         # citations after it
    [ \t\u00a0]+                       # the blank that follows
    """,
    re.VERBOSE,
)
_LINE_END = re.compile(r"[ \t]*\n\s*")
_ABBREVIATIONS = frozenset(
    "m mm mme mmes mlle mlles dr pr st ste sts stes me mgr av bd boul env ex cf no n° art vol p pp tél tel ft feat "
    "e.g i.e mr mrs ms prof approx vs jr sr janv févr avr juil sept oct nov déc jan feb mar apr jun jul aug sep dec "
    "lun mar mer jeu ven sam dim mon tue wed thu fri sat sun p.ex c.-à-d c.à.d chap éd réf rdv hab min max resp".split()
)
_LAST_WORD = re.compile(r"([\w.°-]+)\.$")
_LIST_NUMBER = re.compile(r"(?:^|\n)[ \t]*(?:\*\*)?\d{1,2}\.$")
_LOOKAHEAD = 16  # characters: what follows a mark may be citations of that sentence
_MAYBE_CITATION = re.compile(r"(?:\[\d{0,2}\]?[ \u00a0]*)+$")
_OPENERS = {"«": "»", "“": "”", "[": "]", "(": ")"}


class Sentences:
    """Feed it tokens; it gives back the sentences that are complete.

    `end` gives what is left. The result does not depend on how the text was cut into tokens.
    """

    def __init__(self) -> None:
        self._rest = ""

    def feed(self, token: str) -> Iterator[str]:
        """The sentences that this token completes, each with the blanks after it."""
        self._rest += token
        while (cut := _first_cut(self._rest)) is not None:
            sentence, self._rest = self._rest[:cut], self._rest[cut:]
            yield sentence

    def end(self) -> Iterator[str]:
        """What is left when the text is over."""
        rest, self._rest = self._rest, ""
        if rest:
            yield rest


def sentences_of(text: str) -> list[str]:
    """The sentences of a whole text."""
    cutter = Sentences()
    return [*cutter.feed(text), *cutter.end()]


def _first_cut(text: str) -> int | None:
    """Where the first sentence ends, when enough is known to tell."""
    cut = _natural_cut(text)
    if (cut is None and len(text) > LONGEST + _LOOKAHEAD) or (cut or 0) > LONGEST:
        return text.rfind(" ", 0, LONGEST) + 1 or LONGEST
    return cut


def _natural_cut(text: str) -> int | None:
    line_end = next((m for m in _LINE_END.finditer(text) if text[: m.start()].strip()), None)
    limit = line_end.start() if line_end else len(text)
    for match in _END.finditer(text, 0, limit):
        following = text[match.end() : match.end() + _LOOKAHEAD]
        if not following or (len(following) < _LOOKAHEAD and _MAYBE_CITATION.match(following)):
            return None  # what follows decides, and is not here yet
        if _is_end(text, match, following):
            return match.end()
    if line_end is not None and line_end.end() < len(text):
        return line_end.end()  # not before a letter follows: blanks belong to this sentence
    return None


def _is_end(text: str, match: re.Match[str], following: str) -> bool:
    first = following[0]
    if first.islower() or first in ",;:)]»”!?…":
        return False
    mark = re.match(r"[.!?…]+", match.group().lstrip())
    before = text[: match.start()] + (mark.group() if mark else "")
    if mark is not None and mark.group() == "." and _is_abbreviation(before):
        return False
    return not _is_open(text[: match.end()])


def _is_abbreviation(text: str) -> bool:
    if _LIST_NUMBER.search(text):
        return True
    word = _LAST_WORD.search(text)
    if word is None:
        return False
    letters = word.group(1)
    return letters.lower() in _ABBREVIATIONS or (len(letters) == 1 and letters.isupper())


def _is_open(text: str) -> bool:
    """Whether a quotation, a link or bold text is still open at the end of the text."""
    tail = text[-_LONGEST_QUOTE:]
    for opener, closer in _OPENERS.items():
        if tail.rfind(opener) > tail.rfind(closer):
            return True
    return tail.count("**") % 2 == 1 and len(text) <= _LONGEST_QUOTE
