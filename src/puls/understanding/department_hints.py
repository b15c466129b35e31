"""« Lyon (69) »: a commune with the number of its département is that commune and no namesake. Pure.

Read before everything else, since the number looks like an age and the name may look like anything
(« Job (63) », « Avril (54) »). Enter at `claim_hinted_communes`.
"""

import re
from dataclasses import replace

from puls.geo.gazetteer import Gazetteer
from puls.understanding.named_place import FIRM, Place, numbered, place_of_commune
from puls.understanding.words import Message

_HINT = re.compile(r"\s*\(\s*(?P<code>\d{2,3}|2[abAB])\s*\)")
_LONGEST_NAME = 8  # words
_JOINING = frozenset({"ou", "et", "or", "and", "a", "au", "aux", "in"})
_MOST_JOINING = 2  # « ou à »


def claim_hinted_communes(message: Message, gazetteer: Gazetteer) -> list[Place]:
    """Each name that is followed by its département's number in brackets, claimed with it."""
    if "(" not in message.text:
        return []
    places: list[Place] = []
    for at in range(1, len(message.words)):
        hint = _HINT.match(message.text, message.words[at - 1].end)
        if hint is None:
            continue
        place = _place_before(message, at, hint["code"].upper(), gazetteer)
        if place is not None:
            places.append(_joined(place, places[-1] if places else None, message))
    return places


def _place_before(message: Message, at: int, code: str, gazetteer: Gazetteer) -> Place | None:
    """The longest name right before the number at `at` that a commune of the département bears."""
    for first in range(max(0, at - _LONGEST_NAME), at):
        name = " ".join(each.folded for each in message.words[first:at])
        namesakes = gazetteer.communes_named(name)
        for commune in namesakes:
            if commune.department_code == code:
                message.claim_words(first, at, "where")
                place = place_of_commune((commune,), first, at, FIRM)
                return replace(place, label=numbered(commune)) if len(namesakes) > 1 else place
    return None


def _joined(place: Place, previous: Place | None, message: Message) -> Place:
    """« à Crest (26) ou à Die (26) » means both."""
    if previous is None:
        return place
    between = range(previous.last + 1, place.first)
    if len(between) > _MOST_JOINING or any(
        message.words[at].folded not in _JOINING for at in between
    ):
        return place
    message.claim_words(previous.last + 1, place.first - 1, "where")
    return replace(place, is_joined=True)
