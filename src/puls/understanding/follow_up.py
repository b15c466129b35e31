"""A follow-up is the previous wish and a change: « et dimanche ? ».

« plutôt gratuit ». Pure. Enter at `changed`.
"""

import re
from dataclasses import replace
from typing import TypeVar

from puls.geo.names import fold
from puls.understanding.conditions import Conditions
from puls.understanding.when import When
from puls.understanding.where import WhereRead
from puls.understanding.wish import Wish

_Item = TypeVar("_Item")

# Words that say what kind of event, and so replace the earlier theme.
_KIND = re.compile(
    r"(?<!\S)(?:concerts?|expos?|expositions?|spectacles?|ateliers?|stages?|festivals?|"
    r"conferences?|visites?|visiter|balades?|"
    r"randonnees?|theatre|pieces?|cinema|films?|danse|cirque|opera|marches?|brocantes?|jeux|"
    r"lectures?|contes?|musees?|musique|"
    r"activites?|exhibitions?|shows?|workshops?|talks?|museums?|movies?|plays?|games?|soirees?|"
    r"humour|sport|projections?)(?!\S)"
)
_ONLY_KIND = re.compile(
    rf"(?:(?:de|d|des|du|un|une|le|la|les|pour|en) ?|{_KIND.pattern} ?){{1,12}}"
)
_AUDIENCE = re.compile(r"^(?:pour|avec|for|with) ")


def changed(
    previous: Wish, *, topic: str, when: When, where: WhereRead, conditions: Conditions
) -> Wish:
    """The previous wish with what the follow-up says in place of what it replaces."""
    wish = replace(previous, topic=_topic(previous.topic, topic))
    if when.is_free or when.intervals:
        wish = replace(wish, when=when.intervals)
    if where.is_free or where.where is not None:
        wish = replace(wish, where=where.where)
    if conditions.is_price_free:
        wish = replace(wish, free=None, max_price=None)
    if conditions.free is not None:
        wish = replace(wish, free=conditions.free, max_price=None)
    if conditions.max_price is not None:
        wish = replace(wish, max_price=conditions.max_price, free=None)
    return replace(
        wish,
        ages=conditions.ages or wish.ages,
        accessibility=wish.accessibility | conditions.accessibility,
        online=wish.online if conditions.online is None else conditions.online,
        order=wish.order if conditions.order == "relevance" else conditions.order,
        excluded_categories=_together(wish.excluded_categories, conditions.excluded_categories),
        excluded_words=_together(wish.excluded_words, conditions.excluded_words),
    )


def _topic(earlier: str, change: str) -> str:
    """A new kind replaces the theme; an audience or a style is added to it."""
    if not change or not earlier:
        return change or earlier
    if _AUDIENCE.match(fold(change)) or (
        _ONLY_KIND.fullmatch(fold(earlier)) and not _KIND.search(fold(change))
    ):
        return earlier if fold(change) in fold(earlier) else f"{earlier} {change}"
    return change


def _together(earlier: tuple[_Item, ...], added: tuple[_Item, ...]) -> tuple[_Item, ...]:
    return tuple(dict.fromkeys((*earlier, *added)))
