"""Whether the theme of a wish is the one that was written down, whatever little words stand around it. Pure."""

import re

from puls.catalogue.event import Category
from puls.geo.names import fold
from puls.language.lexicon import kinds, singular
from puls.understanding.wish import Wish

_WORD = re.compile(r"[a-z0-9]+")
_STEM = 5  # letters that tell words apart: « dessin », « dessiner »
_SHORTEST = 3
_MOST_OTHERS = 3
# Words of asking and joining; they say of no theme anything.
_EMPTY = frozenset(
    "a au aux avec ce ces cet cette d dans de des du elle en et il je l la le les leur ma mes mon nos notre on ou par pas "
    "pour qu que qui sa ses son sur tu un une vos votre y the an and at for in of on or to with my our we is are any some "
    "sortie sorties evenement evenements truc chose quelque faire voir activite activites idee idees something anything "
    "things thing event events do what see go visit".split()
)


def is_same_theme(wish: Wish, expected: str | None) -> bool:
    """Half of the words asked for at least, and at most three that were not (or as many as were)."""
    got = _stems(" ".join((wish.topic, *map(category_in_words, wish.categories))))
    wanted = _stems(expected or "")
    if not wanted:
        return not got
    hit = sum(any(_alike(one, other) for other in got) for one in wanted)
    others = sum(not any(_alike(one, other) for other in wanted) for one in got)
    return 2 * hit >= len(wanted) and others <= max(_MOST_OTHERS, len(wanted))


def category_in_words(category: Category) -> str:
    """What a French visitor calls one event of the kind."""
    return kinds()[category].one.fr


def _stems(text: str) -> set[str]:
    words = (singular(word) for word in _WORD.findall(fold(text)))
    return {word for word in words if word not in _EMPTY and (len(word) > 1 or word.isdigit())}


def _alike(one: str, other: str) -> bool:
    told_by = min(_STEM, len(one), len(other))
    return one == other or (told_by >= _SHORTEST and one[:told_by] == other[:told_by])
