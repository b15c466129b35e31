"""« une petite salle parisienne », « les festivals drômois », « la région lyonnaise », “Alsatian Christmas market”. Pure.

Enter at `adjectives`.
"""

import re

from puls.geo.areas import place_names
from puls.geo.gazetteer import Gazetteer
from puls.understanding.message import Message
from puls.understanding.where.place import LIKELY, Place, place_of_commune
from puls.understanding.wish import Near

_LEAD_REACH = 40  # characters
_AROUND_KM = 20.0
_ENDINGS = ("", "e", "s", "es", "ne", "nes", "te", "tes")
# Their music, cooking and dances travel: « danse bretonne » says what, not where.
_CULTURES = frozenset(
    "savoyard alsacien corse landais breton normand lorrain auvergnat bourguignon provencal vendeen basque catalan".split()
)
_VENUE_NOUN = (
    r"(?:salles?|theatres?|musees?|scenes?|cafes?|quartiers?|bars?|clubs?|galeries?|jardins?|parcs?|eglises?|nuits?|region|pays|agglo|"
    r"agglomeration|metropole|banlieue|campagne|bibliotheques?|mediatheques?|lieux?|capitale|centre|periph\w*|rues?|territoire|terres?|"
    r"environs|communes?|villages?|massif|montagnes?|vignobles?|cote|littoral|vie|soirees?|agenda|sorties?|bassin)"
)
# Beside a town's adjective they mean the town and what lies around it.
_SURROUNDING_NOUN = (
    r"(?:region|agglomeration|agglo|metropole|banlieue|campagne|environs|peripherie|bassin|pays)"
)
_EVENT_NOUN = r"(?:concerts?|expos?|expositions?|festivals?|spectacles?|sorties|soirees?|agenda|evenements?|ateliers?|brocantes?|theatres?|musees?)"
_BEFORE_PLACE = re.compile(rf"(?<!\S){_VENUE_NOUN}(?: \S+)?$")
_BEFORE_EVENT = re.compile(rf"(?<!\S){_EVENT_NOUN}(?: \S+)?$")
_BEFORE_SURROUNDINGS = re.compile(
    rf"(?<!\S)(?:(?:dans |en |autour de |sur )?(?:la |le |l |les )?)?{_SURROUNDING_NOUN}$"
)


def adjectives(message: Message, gazetteer: Gazetteer, taken: bytearray) -> list[Place]:
    """The places that adjectives beside a word for a place or an event mean."""
    found = []
    for at in range(1, len(message)):
        stem = None if taken[at] else _stem(message.words[at].said)
        if stem is None:
            continue
        before = message.line[: message.offset(at)].rstrip()[-_LEAD_REACH:]
        is_place = _BEFORE_PLACE.search(before) is not None
        is_event = stem not in _CULTURES and _BEFORE_EVENT.search(before) is not None
        if not (is_place or is_event):
            continue
        around = _BEFORE_SURROUNDINGS.search(before)
        first = (
            message.word_range(message.offset(at) - 1 - len(around[0]), message.offset(at))[0]
            if around
            else at
        )
        place = _place(stem, gazetteer, first, at, is_around=around is not None)
        if place is not None:
            found.append(place)
    return found


def _stem(word: str) -> str | None:
    names = place_names()
    for ending in _ENDINGS:
        if word.endswith(ending):
            stem = word[: len(word) - len(ending)] if ending else word
            if stem in names.adjectives or stem in names.department_adjectives:
                return stem
    return None


def _place(
    stem: str, gazetteer: Gazetteer, first: int, last: int, *, is_around: bool
) -> Place | None:
    names = place_names()
    commune = gazetteer.commune(names.adjectives.get(stem, ""))
    if commune is None:
        codes = names.department_adjectives[stem]
        departments = [each.name for code in codes if (each := gazetteer.department(code))]
        label = departments[0] if len(departments) == 1 else stem.capitalize()
        return Place(
            first=first,
            last=last,
            strength=LIKELY,
            label=label,
            department_codes=codes,
            is_wide=True,
        )
    if not is_around:
        return place_of_commune((commune,), first, last, LIKELY)
    return Place(
        first=first,
        last=last,
        strength=LIKELY,
        label=f"{commune.name} ({_AROUND_KM:g} km)",
        near=Near(center=commune.coordinates, radius_km=_AROUND_KM),
        center=commune.coordinates,
        population=commune.population,
        is_wide=True,
    )
