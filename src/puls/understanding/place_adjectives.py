"""« une petite salle parisienne », « les festivals drômois », « la région lyonnaise ». Pure.

Enter at `adjectives`.
"""

import re

from puls.geo.gazetteer import Gazetteer
from puls.geo.nicknames import ADJECTIVES, DEPARTMENT_ADJECTIVES
from puls.understanding.named_place import LIKELY, Place, place_of_commune
from puls.understanding.place_words import EVENT_NOUN, SURROUNDING_NOUN, VENUE_NOUN
from puls.understanding.wish import Near
from puls.understanding.words import Message

_LEAD_REACH = 40  # characters
_AROUND_KM = 20.0
_ENDINGS = ("", "e", "s", "es", "ne", "nes", "te", "tes")
_STEMS = ADJECTIVES.keys() | DEPARTMENT_ADJECTIVES.keys()
# Their music, cooking and dances travel: « danse bretonne » says what, not where.
_CULTURES = frozenset(
    "savoyard alsacien corse landais breton normand lorrain auvergnat bourguignon provencal "  # noqa: SIM905 - a list of words reads better as prose
    "vendeen".split()
)
_BEFORE_PLACE = re.compile(rf"(?<!\S){VENUE_NOUN}(?: \S+)?$")
_BEFORE_EVENT = re.compile(rf"(?<!\S){EVENT_NOUN}(?: \S+)?$")
_BEFORE_SURROUNDINGS = re.compile(
    rf"(?<!\S)(?:(?:dans |en |autour de |sur )?(?:la |le |l |les )?)?{SURROUNDING_NOUN}$"
)


def adjectives(message: Message, gazetteer: Gazetteer) -> list[Place]:
    """The places that adjectives beside a word for a place or an event mean."""
    found = []
    for at, word in enumerate(message.words):
        stem = _stem(word.folded)
        if stem is None or not message.is_free(at):
            continue
        before = message.folded[: message.offset(at)].rstrip()[-_LEAD_REACH:]
        is_place = _BEFORE_PLACE.search(before) is not None
        is_event = stem not in _CULTURES and _BEFORE_EVENT.search(before) is not None
        surroundings = _BEFORE_SURROUNDINGS.search(before)
        if not (is_place or is_event or surroundings):
            continue
        first = at - len(surroundings[0].split()) if surroundings else at
        if not all(message.is_free(each) for each in range(first, at)):
            first = at
        found.append(_place(stem, first, at, gazetteer, is_around=surroundings is not None))
    return found


def _stem(word: str) -> str | None:
    stems = (word.removesuffix(ending) for ending in _ENDINGS)
    return next((stem for stem in stems if stem in _STEMS), None)


def _place(stem: str, first: int, last: int, gazetteer: Gazetteer, *, is_around: bool) -> Place:
    commune = gazetteer.commune(ADJECTIVES.get(stem, ""))
    if commune is None:
        codes = tuple(DEPARTMENT_ADJECTIVES[stem].split())
        names = [each.name for code in codes if (each := gazetteer.department(code))]
        label = names[0] if len(names) == 1 else stem.capitalize()
        return Place(first, last, LIKELY, label, department_codes=codes, is_wide=True)
    if not is_around:
        return place_of_commune((commune,), first, last, LIKELY)
    return Place(
        first,
        last,
        LIKELY,
        f"{commune.name} ({_AROUND_KM:g} km)",
        near=Near(center=commune.coordinates, radius_km=_AROUND_KM),
        center=commune.coordinates,
        population=commune.population,
        is_wide=True,
    )
