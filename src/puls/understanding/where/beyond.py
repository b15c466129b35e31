"""Places that are named and are not in the gazetteer: those abroad, and those that nobody knows. Pure.

A name abroad counts only where a place is announced (« à Berlin », « en Italie »), for « cuisine d'Italie » is a theme. A name that nobody knows counts only
right after a kind of event or a time and « à », for « hommage à Barbara » is a theme too. Enter at `places_abroad` and `unknown_places`.
"""

import re
from collections.abc import Sequence

from puls.geo.areas import places_abroad_named
from puls.geo.distance import great_circle_km
from puls.geo.gazetteer import Gazetteer
from puls.language.lexicon import names_a_kind
from puls.understanding.known_words import is_known_word
from puls.understanding.message import Message
from puls.understanding.where.context import context_at, stands_alone
from puls.understanding.where.place import FIRM, LIKELY, Place, Surroundings

_NAMESAKE = 5_000  # inhabitants: a French town of that name is meant
_LOCAL_KM = 40.0
_LONGEST = 4  # words
_SHORT_MESSAGE = 3
_ABOUT = re.compile(r"(?:^| )(?:sur|about)(?: la| le| les| l)?$")
_SHORTEST_UNKNOWN = 4  # letters
_COUNTRY_LEADS = frozenset("en au aux a in to dans pour vers jusqu".split())
_GENERIC_BEFORE = frozenset(
    "faire sortie sorties sortir evenement evenements activite activites animation animations truc quelquechose soiree weekend habite suis serai vais vis arrive".split()
)
_LEADS = frozenset({"a", "in"})


def places_abroad(
    message: Message, gazetteer: Gazetteer, surroundings: Surroundings, taken: bytearray
) -> list[Place]:
    """Countries and towns of other countries where a place is announced; takes their words."""
    names = places_abroad_named()
    found: list[Place] = []
    at = 0
    while at < len(message):
        length = next(
            (
                length
                for length in range(min(_LONGEST, len(message) - at), 0, -1)
                if not any(taken[at : at + length])
                and " ".join(word.said for word in message.words[at : at + length]) in names
            ),
            0,
        )
        name = " ".join(word.said for word in message.words[at : at + length])
        if (
            length
            and _is_announced(message, at, length, surroundings)
            and not _has_namesake(name, gazetteer, surroundings)
        ):
            last = at + length - 1
            found.append(
                Place(
                    first=at,
                    last=last,
                    strength=FIRM,
                    label=message.written(at, last),
                    beyond="abroad",
                )
            )
            taken[at : last + 1] = b"\1" * length
        at += max(1, length)
    return found


def _is_announced(message: Message, at: int, length: int, surroundings: Surroundings) -> bool:
    context = context_at(message, at, surroundings.language)
    if context.is_street or context.is_drink:
        return False
    if _ABOUT.search(context.before):
        return False  # « quelque chose sur le Japon »
    is_led = (
        context.lead in _COUNTRY_LEADS
        or context.is_firm_town
        or (context.is_firm_area and not context.is_of)
    )
    is_alone = context.is_capitalised and stands_alone(message, at, at + length - 1) and at > 0
    return (
        is_led
        or is_alone
        or (
            context.is_capitalised
            and not context.is_of
            and len(message) <= _SHORT_MESSAGE + length - 1
        )
    )


def _has_namesake(name: str, gazetteer: Gazetteer, surroundings: Surroundings) -> bool:
    """A French place of that name that is large, or near the visitor."""
    anchor = surroundings.anchor
    return gazetteer.is_an_area(name) or any(
        each.population >= _NAMESAKE
        or (anchor is not None and great_circle_km(each.coordinates, anchor) <= _LOCAL_KM)
        for each in gazetteer.communes_folded(name)
    )


def unknown_places(
    message: Message, places: Sequence[Place], surroundings: Surroundings, taken: bytearray
) -> list[Place]:
    """« concert à Zorgville »: a name that no table holds; only in a message that names no place for sure."""
    if any(place.strength >= LIKELY for place in places):
        return []
    for lead in range(1, len(message) - 1):
        if (
            message.norm(lead) not in _LEADS
            or taken[lead]
            or not _may_ask_where(message, lead, taken)
        ):
            continue
        if message.norm(lead) == "in" and surroundings.language != "en":
            continue
        last = _end_of_name(message, lead + 1, taken)
        is_verb = (
            last == lead + 1
            and not message.is_capitalised(last)
            and message.norm(last).endswith(("er", "ir", "re"))
        )  # « à suivre »
        if last > lead and not is_verb:
            return [
                Place(
                    first=lead + 1,
                    last=last,
                    strength=LIKELY,
                    label=message.written(lead + 1, last),
                    beyond="unknown",
                )
            ]
    return []


def _may_ask_where(message: Message, lead: int, taken: bytearray) -> bool:
    before = message.norm(lead - 1)
    if message.has_pause_before(lead):
        return False
    return bool(taken[lead - 1]) or before in _GENERIC_BEFORE or names_a_kind(before)


def _end_of_name(message: Message, first: int, taken: bytearray) -> int:
    """The last word of an unknown name that stands at the end of its clause; before `first` when there is none."""
    last = first - 1
    while (
        last + 1 < len(message)
        and not taken[last + 1]
        and (last < first or not message.has_pause_before(last + 1))
    ):
        word = message.norm(last + 1)
        is_name = (
            message.is_capitalised(last + 1)
            or (last < first and len(word) > _SHORTEST_UNKNOWN)
            or message.is_tied(last + 1)
        )
        if (
            not is_name
            or not word.isalpha()
            or (is_known_word(word) and not message.is_tied(last + 1))
            or len(word) < _SHORTEST_UNKNOWN - message.is_tied(last + 1)
        ):
            break
        last += 1
    ends = last + 1 >= len(message) or bool(taken[last + 1]) or message.has_pause_before(last + 1)
    return last if ends else first - 1
