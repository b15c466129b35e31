"""Everything that a message says, read once: each reader's findings with the words they stand on. Pure.

Readers go from what is surest to what is least: amounts and ages, distances, places by number, times, names of places. A word belongs to one
reading. Whether a reading is meant – as it stands, left out, taken back, or told as part of a story – is not decided here but in `judging`.
Enter at `readings_of`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from puls.geo.distance import Coordinates
from puls.geo.gazetteer import Gazetteer
from puls.understanding.message import Message
from puls.understanding.what.labelled import labelled_in
from puls.understanding.what.needs import Need, needs_of
from puls.understanding.what.people import Ages, Party, ages_of, parties_of
from puls.understanding.what.price import Price, prices_of
from puls.understanding.what.siblings import siblings_of
from puls.understanding.when.days import Clock
from puls.understanding.when.expressions import times_of
from puls.understanding.when.times import Time
from puls.understanding.where.distances import Distance, distances_of
from puls.understanding.where.place import Place
from puls.understanding.where.reading import other_places, sure_places, surroundings_of
from puls.understanding.where.venues import VenueNames
from puls.understanding.wish import Where

Field = Literal["when", "where", "distance", "price", "ages", "party", "need"]


@dataclass(frozen=True, slots=True)
class Reading:
    """What words from `first` to `last`, the last included, say about one thing; `is_certain`: under a label."""

    field: Field
    first: int
    last: int
    value: Time | Place | Distance | Price | Ages | Party | Need
    is_certain: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What surrounds a message and tells how its words are read: where the visitor is, what was spoken of, what the catalogue knows."""

    gazetteer: Gazetteer
    clock: Clock
    language: str = "fr"
    position: Coordinates | None = None
    previous: Where | None = None
    is_follow_up: bool = False
    venues: VenueNames | None = None
    addresses: Mapping[str, Where] | None = None


def readings_of(message: Message, around: Around) -> list[Reading]:
    """Every reading, in the order of the words."""
    taken = bytearray(len(message))
    found: list[Reading] = []

    def add(
        field: Field,
        values: Sequence[Time | Place | Distance | Price | Ages | Party | Need],
        *,
        is_certain: bool = False,
    ) -> None:
        for value in values:
            if value.last < len(message) and not any(taken[value.first : value.last + 1]):
                found.append(Reading(field, value.first, value.last, value, is_certain))
                taken[value.first : value.last + 1] = b"\1" * (value.last + 1 - value.first)

    surroundings = surroundings_of(
        around.position, around.previous, around.gazetteer, around.language
    )
    for labelled in labelled_in(message):
        add("ages" if isinstance(labelled, Ages) else "need", [labelled], is_certain=True)
    add("price", prices_of(message))
    add("ages", [*siblings_of(message), *ages_of(message)])
    add(
        "distance",
        [
            each
            for each in distances_of(message, is_follow_up=around.is_follow_up)
            if each.kind == "radius"
        ],
    )
    held = bytearray(taken)
    sure = sure_places(
        message,
        around.gazetteer,
        surroundings,
        held,
        position=around.position,
        venues=around.venues,
        addresses=around.addresses,
    )
    add("where", sure)
    add("need", needs_of(message))
    add("when", times_of(message, around.clock, language=around.language))
    add("distance", distances_of(message, is_follow_up=around.is_follow_up))
    add("party", parties_of(message))
    free = bytearray(one or other for one, other in zip(taken, held, strict=True))
    places = other_places(message, around.gazetteer, surroundings, free, sure)
    found = [each for each in found if each.field != "where"]
    for place in places:
        found.append(Reading("where", place.first, place.last, place))
    return sorted(found, key=lambda each: (each.first, each.last))
