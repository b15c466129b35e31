"""The kinds of event that a theme names. Pure.

« Concert » asks for a kind and nothing else; « concert de harpe » for something of a kind. Enter at `KindsNamed.in_topic`.
"""

import itertools
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Self

from puls.catalogue.event import Category
from puls.geo.names import fold
from puls.language import lexicon
from puls.understanding.wish import Wish

_WORDS: Final = re.compile(r"[a-z0-9]+")
_SMALL: Final = frozenset(
    "a an and au aux avec d de des du en et for in l la le les of or ou pour some the un une with".split()
)
# Words that say how one takes part or for whom it is, not what it is about; they name no category of their own.
_MANNERS: Final = frozenset(
    """
    activite activites ado ados adultes adulte amateurs animation animations apprendre classe comprendre concours cours
    debutant debutants decouverte decouvrir demonstration demonstrations ecouter enfant enfants fabriquer famille familles
    histoire idee initiation jeune jeunes jouer lieu match musee musees observer petit petite petits projection projections
    public recital rencontre rencontres representation representations salon seance seances sortie sorties spectacle
    spectacles tournoi tournois voir show shows
    """.split()
)
# With these a kind is still all that is asked: « spectacle de danse » is « danse », « cours de danse » is not.
_ADDING_NOTHING: Final = frozenset(
    "representation representations seance seances show shows sortie sorties spectacle spectacles voir".split()
)
_EITHER: Final = re.compile(r"[,;/]|(?<!\S)(?:et|ou|puis|and|or|then)(?!\S)")
_OR: Final = re.compile(r"(?<!\S)(?:ou|or)(?!\S)")
# « Une soirée jeux » is no party; these name a kind only where they stand alone.
_VAGUE: Final = frozenset(("soiree", "soirees"))
# What a concert is made of, and no more: « concert musique ».
_MUSIC: Final = frozenset(("musique", "musiques", "music"))


def category_of_word(word: str) -> Category | None:
    """The category that a folded word names by itself, in the singular or the plural."""
    words = lexicon.category_of_word()
    return words.get(word) or words.get(word.rstrip("sx"))


def says_a_kind(word: str) -> bool:
    """Whether a folded word says the kind of event or the manner of taking part: « concert », « cours »."""
    return word in _MANNERS or category_of_word(word) is not None


@dataclass(frozen=True, slots=True)
class KindsNamed:
    """The categories that a topic names; `alone`: those of which any event will do, since nothing more is asked."""

    categories: frozenset[Category] = frozenset()
    alone: frozenset[Category] = frozenset()

    @classmethod
    def in_topic(cls, topic: str) -> Self:
        parts = [_kinds_of(part) for part in _EITHER.split(topic.casefold())]
        alternatives = [_kinds_of(part) for part in _OR.split(topic.casefold())]
        # « Jazz ou théâtre »: a concert is no other kind than what was asked for.
        are_kinds = all(kinds for kinds, _ in alternatives)
        categories = _together(kinds for kinds, _ in parts) if are_kinds else frozenset()
        if all(_is_one_kind(part) for part in parts):
            return cls(categories, alone=categories)
        if len(alternatives) == 1:
            return cls(categories)  # « atelier théâtre » asks for what is both
        return cls(
            categories, alone=_together(part[0] for part in alternatives if _is_one_kind(part))
        )


NO_KINDS: Final = KindsNamed()


def asked_kinds(wish: Wish) -> tuple[Category, ...]:
    """What a wish asks for as operators count it: the categories it was given, else those that its topic names, first named first."""
    if wish.categories or not wish.topic:
        return tuple(sorted(wish.categories))
    kinds = KindsNamed.in_topic(wish.topic).categories
    named = (category_of_word(word) for word in _WORDS.findall(fold(wish.topic)))
    in_order = dict.fromkeys(kind for kind in named if kind in kinds)
    return (*in_order, *sorted(kinds - in_order.keys()))


def _together(kinds: Iterable[frozenset[Category]]) -> frozenset[Category]:
    return frozenset(itertools.chain.from_iterable(kinds))


def _is_one_kind(named: tuple[frozenset[Category], bool]) -> bool:
    kinds, is_all = named
    return is_all and len(kinds) == 1


def _kinds_of(part: str) -> tuple[frozenset[Category], bool]:
    """The categories that the words name, and whether they say nothing else."""
    words = [word for word in _WORDS.findall(fold(part)) if word not in _SMALL | _ADDING_NOTHING]
    named = {word: category_of_word(word) for word in words}
    if len(named) > 1:
        named |= dict.fromkeys(_VAGUE & named.keys())
    if named.keys() <= _MUSIC or Category.CONCERT in named.values():
        named |= dict.fromkeys(_MUSIC & named.keys(), Category.CONCERT)
    kinds = frozenset(kind for kind in named.values() if kind is not None)
    return kinds, bool(named) and None not in named.values()
