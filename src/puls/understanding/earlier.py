"""An earlier wish that a message goes back to: « comme ma première demande », « comme tout à l'heure », « reviens aux concerts ». Pure. Enter at `wish_spoken_of`."""

import re
from collections.abc import Sequence

import Stemmer

from puls.geo.names import fold
from puls.understanding.message import Message
from puls.understanding.wish import Wish

_FIRST = re.compile(
    r"(?<!\S)(?:(?:ma|la|de la|de ma|my|the) (?:toute |very )?(?:1er|1ere|premiere?|first|initial|original)(?: |$)(?:demande|recherche|question|idee|request|search|question|one)?|au (?:tout )?debut|demande (?:initiale|de depart)|recherche (?:initiale|de depart)|point de depart)(?!\S)"
)
_BACK = re.compile(
    r"(?<!\S)(?:revien[st]|revenons|revenir|retourne[rz]?|retournons|back to|go back|return to|repren[ds]s?|reprenons|on reprend)(?!\S)"
)
_LIKE = re.compile(
    r"(?<!\S)(?:comme|pareil que|same as|like|la meme chose que|the same thing as) (?:a la |ma |la |my |the )?(?:tout a l heure|avant|precedemment|before|earlier|demande|recherche|fois|request|search)(?!\S)"
)
_STEMMER = Stemmer.Stemmer("french")


def goes_on_as_before(message: Message) -> bool:
    """« comme tout à l'heure, mais samedi »."""
    return _LIKE.search(message.line) is not None


def wish_spoken_of(message: Message, topic: str, trail: Sequence[Wish]) -> Wish | None:
    """The earlier wish that is spoken of; None when the message goes on from the last one.

    `topic` is the theme of the message, `trail` the wishes of the conversation in their order, the last being the present one.
    """
    if not trail:
        return None
    line = message.line
    goes_back = _BACK.search(line) is not None
    if _FIRST.search(line) and (
        goes_back
        or "comme" in line
        or "like" in line
        or "same" in line
        or "demande" in line
        or "recherche" in line
    ):
        return trail[0]
    if not (goes_back or _LIKE.search(line)):
        return None
    if goes_back and not topic and _stems(line) & _stems(trail[-1].topic):
        return None  # “ok back to the snow stuff”, of which one speaks still
    wanted = _stems(topic)
    of_theme = next((wish for wish in reversed(trail[:-1]) if wanted & _stems(wish.topic)), None)
    return of_theme or (trail[-2] if goes_back and not topic and len(trail) > 1 else None)


def _stems(text: str) -> frozenset[str]:
    return frozenset(_STEMMER.stemWord(word) for word in fold(text).split() if len(word) > 2)
