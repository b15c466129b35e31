"""One of several children who were spoken of: « il n'y aura que le grand », « sans la petite », “the younger one isn't coming”. Pure.

Which age that is, only the conversation knows: `change` takes the oldest or the youngest of those known. Enter at `siblings_of`.
"""

import re
from collections.abc import Iterator
from typing import Literal

from puls.understanding.message import Message
from puls.understanding.what.people import Ages

_MY = r"(?:le |la |mon |ma |notre |the |my |our )"
_SIBLINGS: tuple[tuple[Literal["oldest", "youngest"], str], ...] = (
    (
        "oldest",
        rf"(?:{_MY}(?:(?:plus )?(?:grande?|agee?|vieux|vieille)|(?:older|oldest|eldest|bigger|big)(?: one| kid| child)?)|(?:l |mon )ainee?)",
    ),
    (
        "youngest",
        rf"{_MY}(?:(?:plus )?(?:petite?|jeune)|cadet(?:te)?|benjamine?|derniere?|(?:younger|youngest|smaller|little)(?: one| kid| child)?)",
    ),
)
_ALONE = r"(?:que|juste|seulement|uniquement|only|just)(?: pour| avec| with| for)?"
_STAYS = (
    r"(?:(?:ne |n )?(?:vient|viendra|sera|est|veut|peut) (?:pas|plus)|reste|restera|est malade|"
    r"(?:is |s |will )?(?:not|isn t|won t)(?: be)? (?:coming|come|there)|(?:is |s )?staying|stays|can t (?:come|make it))"
)
_RULES = tuple(
    (which, is_without, re.compile(rf"(?<!\S)(?:{pattern})(?!\S)"))
    for which, named in _SIBLINGS
    for is_without, pattern in (
        (False, rf"{_ALONE} {named}"),
        (True, rf"(?:sans|without|minus|pas) {named}|{named} {_STAYS}"),
    )
)
_GOES_ON = frozenset(
    "en la ce cette there finalement du qui et mais sera is s vient viendra with avec pour chez a will now at".split()
)


def siblings_of(message: Message) -> Iterator[Ages]:
    """Each expression that names one of the children; « juste le grand théâtre » is none."""
    for which, is_without, pattern in _RULES:
        for match in pattern.finditer(message.line):
            first, last = message.word_range(match.start(), match.end())
            if message.has_pause_after(last) or message.norm(last + 1) in _GOES_ON:
                yield Ages(first=first, last=last, years=(), which=which, is_without=is_without)
