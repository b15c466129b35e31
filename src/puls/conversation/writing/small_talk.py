"""Whether a model keeps to its subject: the words of a sentence are of the events, of the wish, or of small talk. Pure.

Claims alone cannot tell « je hais les humains » or a recipe from an answer: neither states anything of an event. So what
a model may say beside the records is a list of words per language (`words/small_talk.*.txt`), compared by their stems.
A sentence in another language, a repeated instruction or one's own prompt fall out by the same rule. The composer's
sentences need no such look. Enter at `SmallTalk`.
"""

import re
from collections.abc import Iterable, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

import Stemmer

from puls.conversation.grounding.records import Record
from puls.conversation.writing.cards import instructions
from puls.geo.names import fold
from puls.phrasing import Language

_NAMES_EVENT_MOST_FOREIGN = (
    0.24  # of the words beside the title: a model describes in its own words
)
_NAMES_NONE_MOST_FOREIGN = 0.2  # what speaks of no event has little to tell
_RECITED = 6  # words in a row of the instructions; nobody says so many by chance
_SHOUTED = 12  # capital letters, without a small one
_STEMMERS: dict[Language, Any] = {
    "fr": Stemmer.Stemmer(
        "french"
    ),  # not safe across threads; answers are checked in the event loop's own
    "en": Stemmer.Stemmer("english"),
}


class SmallTalk:
    """The words that an answer of one turn may be made of; `wish`: what Puls understood, in words."""

    def __init__(self, language: Language, *, wish: Iterable[str]) -> None:
        self._language: Language = language
        self._wish = self._stems(wish) - _small_talk(language)

    def allows(self, text: str, records: Sequence[Record], *, names_event: bool) -> bool:
        """Whether a sentence that speaks of these events (none: of nothing in particular) keeps to the subject.

        `text`: the sentence without the titles and citations in it.
        """
        if _is_shouted(text) or self._is_recited(text):
            return False
        words = [word for word in fold(text).split() if not word.isdigit()]
        if not words:
            return True
        stems = _STEMMERS[self._language].stemWords(words)
        told = _small_talk(self._language) | self._stems(record.words for record in records)
        own = sum(stem in told for stem in stems)
        of_wish = sum(stem in self._wish and stem not in told for stem in stems)
        foreign = len(stems) - own - of_wish
        most = _NAMES_EVENT_MOST_FOREIGN if names_event else _NAMES_NONE_MOST_FOREIGN
        return foreign <= most * len(stems) and (own > 0 or names_event)

    def _stems(self, texts: Iterable[str]) -> frozenset[str]:
        words = {word for text in texts for word in fold(text).split()}
        return frozenset(_STEMMERS[self._language].stemWords(list(words)))

    def _is_recited(self, text: str) -> bool:
        words = fold(text).split()
        runs = (" ".join(words[at : at + _RECITED]) for at in range(len(words) - _RECITED + 1))
        return any(f" {run} " in _recitable() for run in runs)


@cache
def _small_talk(language: Language) -> frozenset[str]:
    listed = files("puls.conversation.writing").joinpath("words", f"small_talk.{language}.txt")
    lines = listed.read_text(encoding="utf-8").splitlines()
    words = {word for line in lines if not line.startswith("#") for word in fold(line).split()}
    return frozenset(_STEMMERS[language].stemWords(list(words)))


@cache
def _recitable() -> str:
    """The rules of the instructions in both languages, as one line of words; their examples are meant to be imitated."""
    rules = [
        re.split(r"\n(?:Exemple|Example)", instructions(language))[0] for language in _STEMMERS
    ]
    return f" {' | '.join(fold(each) for each in rules)} "


def _is_shouted(text: str) -> bool:
    return sum(letter.isupper() for letter in text) > _SHOUTED and not re.search(r"[a-zà-ÿ]", text)
