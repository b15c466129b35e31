"""What was asked for, as a noun in a sentence: « cinq concerts gratuits », « une exposition », « du jazz manouche ». Pure.

A theme is repeated only when it reads like one: short, without an address, no order. Enter at `Noun.of`.
"""

import re
from dataclasses import dataclass

from puls.conversation.markdown import bare
from puls.conversation.repeating import is_repeatable
from puls.geo.names import fold
from puls.language.lexicon import category_of_word, kinds, singular
from puls.language.words import Words
from puls.phrasing import Language
from puls.understanding.wish import Wish

_LONGEST_TOPIC = 60
_MOST_WORDS = 5
_VOWEL = re.compile(r"[aeiouyh]")
_ASPIRATED = frozenset(
    "hip hard hall halle handball hockey heavy house hammam hautbois hors harpe halloween".split()
)
_AUDIENCE = re.compile(r" pour (?:enfants|adolescents|tout-petits)$")
FRENCH_COUNTS = (
    "aucune",
    "une",
    "deux",
    "trois",
    "quatre",
    "cinq",
    "six",
    "sept",
    "huit",
    "neuf",
    "dix",
)
ENGLISH_COUNTS = (
    "no",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
)


@dataclass(frozen=True, slots=True)
class Noun:
    """One and several of what was asked for, in both languages, and the theme when it is no kind of event.

    `is_unsaid`: there is a theme, and it is not fit to be repeated.
    """

    one: Words
    several: Words
    is_feminine: bool
    topic: str = ""
    is_unsaid: bool = False

    @classmethod
    def of(cls, wish: Wish) -> "Noun":
        """The kind that the theme or the categories name; else an outing, about the theme."""
        topic = told_topic(wish)
        base, audience = _AUDIENCE.sub("", topic), (_AUDIENCE.search(topic) or [""])[0]
        category = category_of_word().get(singular(fold(base)))
        if category is None and not topic and len(wish.categories) == 1:
            category = wish.categories[0]
        other = kinds()[next(each for each in kinds() if each == "other")]
        if category is None:
            is_unsaid = bool(wish.topic) and not topic
            return cls(other.one, other.several, is_feminine=True, topic=topic, is_unsaid=is_unsaid)
        kind = kinds()[category]
        english = " for children" if audience else ""
        return cls(
            Words(kind.one.fr + audience, kind.one.en + english),
            Words(kind.several.fr + audience, kind.several.en + english),
            is_feminine=kind.is_feminine,
        )

    def counted(
        self, number: int, language: Language, *, free: bool = False, most: int | None = None
    ) -> str:
        """« cinq concerts gratuits », « plus de 15 000 sorties »."""
        noun = (self.one if number == 1 else self.several).of(language)
        if free and language == "fr":
            noun += f" gratuit{'e' if self.is_feminine else ''}{'' if number == 1 else 's'}"
        elif free:
            noun = f"free {noun}"
        if most is not None and number > most:
            return (
                f"{'plus de' if language == 'fr' else 'more than'} {figure(most, language)} {noun}"
            )
        return f"{self.number(number, language)} {noun}"

    def number(self, number: int, language: Language) -> str:
        """« un », « une », « deux »… figures from eleven on."""
        if language == "en":
            return (
                ENGLISH_COUNTS[number] if number < len(ENGLISH_COUNTS) else figure(number, language)
            )
        if number == 1:
            return "une" if self.is_feminine else "un"
        return FRENCH_COUNTS[number] if number < len(FRENCH_COUNTS) else figure(number, language)

    def none(self, language: Language, *, free: bool = False) -> str:
        """« Pas de concert gratuit », « Pas d'opéra », « Rien sur « Miles Davis » », “No free concert”."""
        if self.is_unsaid:
            return "Rien de tel" if language == "fr" else "Nothing like that"
        if self.topic and not reads_as_noun(self.topic):
            return (
                f"Rien sur « {self.topic} »"
                if language == "fr"
                else f"Nothing about “{self.topic}”"
            )
        noun = self.topic or self.one.of(language)
        if language == "en":
            return f"No {'free ' if free else ''}{noun}"
        adjective = f" gratuit{'e' if self.is_feminine and not self.topic else ''}" if free else ""
        return f"Pas {of(noun)}{adjective}"

    def about(self, language: Language) -> str:
        """« pour « jazz manouche » »; empty when the noun says it."""
        if not self.topic:
            return ""
        return f"pour « {self.topic} »" if language == "fr" else f"for “{self.topic}”"


def told_topic(wish: Wish) -> str:
    """The theme, fit to be repeated; else empty."""
    topic = " ".join(bare(wish.topic).replace("«", "").replace("»", "").replace('"', "").split())
    is_fit = len(topic) <= _LONGEST_TOPIC and not any(one in topic for one in ("//", "@", "www."))
    return topic if is_fit and is_repeatable(wish.topic) else ""


def reads_as_noun(topic: str) -> bool:
    """Whether « pas de … » may be said of it: a few words in small letters."""
    words = topic.split()
    return (
        len(words) <= _MOST_WORDS
        and topic == topic.lower()
        and not any(mark in topic for mark in ",;:!?()")
    )


def of(noun: str) -> str:
    """« de concert », « d'opéra »."""
    first = fold(noun).split()[:1]
    is_elided = bool(first) and bool(_VOWEL.match(first[0])) and first[0] not in _ASPIRATED
    return f"d'{noun}" if is_elided else f"de {noun}"


def figure(number: int, language: Language) -> str:
    grouped = f"{number:,}"
    return grouped.replace(",", "\N{NO-BREAK SPACE}") if language == "fr" else grouped
