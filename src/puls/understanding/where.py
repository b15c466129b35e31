"""Where: the words of a message that name places, as one typed area. Pure.

Numbers, addresses and venues first (`claim_sure_places`, before dates take their words), then names
from the gazetteer, the firmest context winning; then the circle around them (« à 15 km de », « vers »).
Enter at `read_where`. Which homonym was taken is said in a notice, with the others as `alternatives`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from puls.geo.distance import Coordinates, great_circle_km
from puls.geo.gazetteer import Gazetteer
from puls.understanding.distances_said import (
    USUAL_RADIUS_KM,
    NearMe,
    claim_distance,
    claim_from_me,
    claim_near_me,
    claim_travel,
)
from puls.understanding.named_place import Place, commune_where
from puls.understanding.notices import Notice
from puls.understanding.numbered_places import numbered_places
from puls.understanding.place_choice import chosen_places
from puls.understanding.place_names import named_places
from puls.understanding.place_words import AND_AROUND, NEAR_WORDS, NO_MATTER
from puls.understanding.reach import around, around_visitor, center_of
from puls.understanding.readings import Reading
from puls.understanding.surroundings import Surroundings
from puls.understanding.venue_names import VenueNames, claim_addresses, claim_venues
from puls.understanding.wish import Near, Where
from puls.understanding.words import Message

_MARGIN_KM = 5.0  # around what lies between two towns
_NEAR_A_BUILDING_KM = 2.0  # « vers le Sucre »: walking distance
_LEAD_REACH = 48  # characters

NO_POSITION = Notice(
    code="no_position",
    fr="Partagez votre position ou nommez une ville pour chercher près de vous.",
    en="Share your position or name a town to search near you.",
)


@dataclass(frozen=True, slots=True)
class WhereRead:
    """The area asked for; `is_free` when the visitor says that the place does not matter.

    `alternatives` are the readings of names that were not taken.
    """

    where: Where | None = None
    notices: tuple[Notice, ...] = ()
    is_free: bool = False
    alternatives: tuple[Reading, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SurePlaces:
    """What is claimed before dates: places by number, address or venue, and a time of travel in km."""

    places: Sequence[Place] = field(default_factory=tuple)
    radius_km: float | None = None


def claim_sure_places(
    message: Message,
    gazetteer: Gazetteer,
    *,
    previous: Where | None = None,
    hinted: Sequence[Place] = (),
    venues: VenueNames | None = None,
    addresses: Mapping[str, Where] | None = None,
    position: Coordinates | None = None,
) -> SurePlaces:
    """Places that no date may take words from; `addresses` by their words, as somebody located them."""
    located = claim_addresses(message, addresses) if addresses else []
    radius = claim_travel(message)
    anchor = position or (center_of(previous, gazetteer) if previous else None)
    found = claim_venues(message, venues, gazetteer, anchor) if venues else []
    numbered = numbered_places(message, gazetteer, previous)
    return SurePlaces(places=(*hinted, *located, *found, *numbered), radius_km=radius)


def read_where(
    message: Message,
    *,
    gazetteer: Gazetteer,
    sure: SurePlaces | None = None,
    position: Coordinates | None = None,
    previous: Where | None = None,
    language: str = "fr",
) -> WhereRead:
    """Read and claim the words about places.

    `previous`, the place spoken of before, says which city « dans le 9e » belongs to, which namesake is
    meant and what « dans un rayon de 30 km » is around.
    """
    if free := message.find(NO_MATTER):
        message.claim(free[0], "where")
        return WhereRead(is_free=True)
    sure = sure or claim_sure_places(message, gazetteer, previous=previous, position=position)
    from_me = claim_from_me(message)
    radius = claim_distance(message) if sure.radius_km is None else sure.radius_km
    near_me = claim_near_me(message) or from_me
    surroundings = _surroundings(position, previous, gazetteer, language)
    named = [*sure.places, *named_places(message, gazetteer, surroundings)]
    chosen = chosen_places(message, gazetteer, named)
    if not chosen:
        spoken_of = center_of(previous, gazetteer) if previous else None
        return _around(near_me, radius, position, previous, spoken_of)
    alternatives = tuple(
        reading for place in chosen if (reading := _reading(message, place)) is not None
    )
    where, is_as_named = _area(message, chosen, radius, near_me)
    notices = tuple(each.notice() for each in alternatives)
    if is_as_named:
        notices += tuple(_approximation(place) for place in chosen if place.area is not None)
    return WhereRead(where, notices, alternatives=alternatives)


def _surroundings(
    position: Coordinates | None, previous: Where | None, gazetteer: Gazetteer, language: str
) -> Surroundings:
    if previous is None:
        return Surroundings(anchor=position, language=language)
    cities = (gazetteer.arrondissements.get(code) for code in previous.postcodes)
    return Surroundings(
        anchor=position or center_of(previous, gazetteer),
        department_codes=previous.department_codes,
        city_codes=(*previous.commune_codes, *(each.city_code for each in cities if each)),
        language=language,
    )


def _area(
    message: Message, chosen: Sequence[Place], radius: float | None, near_me: NearMe | None
) -> tuple[Where, bool]:
    """The area that the places and the distance mean, and whether it is the places as named."""
    between = _between(message, chosen)
    if between is not None:
        return between, False
    if radius is None and near_me is not None:
        radius = near_me.radius_km
    place = chosen[0]
    if radius is None and not place.area:
        radius = _radius_from_words(message, place)
        if radius is not None and place.near is not None:
            radius = _NEAR_A_BUILDING_KM
    if radius is not None and place.center and len(chosen) == 1 and not place.is_wide:
        label = f"{place.label} ({radius:g} km)"
        return Where(label=label, near=Near(center=place.center, radius_km=radius)), False
    return _union(chosen), True


def _around(
    near_me: NearMe | None,
    radius: float | None,
    position: Coordinates | None,
    previous: Where | None,
    spoken_of: Coordinates | None,
) -> WhereRead:
    """A distance without a place: around the place spoken of before, else around the visitor."""
    if near_me is None and radius is None:
        return WhereRead()
    reach = radius if radius is not None else near_me.radius_km if near_me else USUAL_RADIUS_KM
    is_here = near_me is not None and near_me.around == "here"
    if previous is not None and spoken_of is not None and not is_here:
        return WhereRead(around(previous, spoken_of, reach))
    if position is None:
        is_kept = previous is not None and previous.around_visitor_km is not None
        where = around_visitor(None, reach) if is_kept else None
        return WhereRead(where, notices=(NO_POSITION,))
    return WhereRead(around_visitor(position, reach))


def _union(places: Sequence[Place]) -> Where:
    def codes(name: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(code for place in places for code in getattr(place, name)))

    return Where(
        label=" ou ".join(dict.fromkeys(place.label for place in places)),
        commune_codes=codes("commune_codes"),
        postcodes=codes("postcodes"),
        department_codes=codes("department_codes"),
        region_codes=codes("region_codes"),
        near=next((place.near for place in places if place.near), None),
    )


def _radius_from_words(message: Message, place: Place) -> float | None:
    before = message.folded[: message.offset(place.first)]
    tail = before[-_LEAD_REACH:]
    for pattern, radius in NEAR_WORDS:
        if match := pattern.search(tail):
            first, last = message.word_range(len(before) - len(tail) + match.start(), len(before))
            message.claim_words(first, min(last, place.first - 1), "where")
            return radius
    end = message.offset(place.last) + len(message.words[place.last].folded)
    if after := AND_AROUND.match(message.open, end):
        first, last = message.word_range(after.start() + 1, after.end())
        message.claim_words(first, last, "where")
        return USUAL_RADIUS_KM
    return None


def _between(message: Message, places: Sequence[Place]) -> Where | None:
    """« entre Valence et Crest »: the circle that holds both and what lies between."""
    if len(places) != 2 or not all(place.center for place in places):  # noqa: PLR2004 - the number says itself
        return None
    first, second = places
    before = message.folded[: message.offset(first.first)].rstrip()
    if not before.endswith(("entre", "between")) or first.center is None or second.center is None:
        return None
    a, b = first.center, second.center
    middle = Coordinates((a.lat + b.lat) / 2, (a.lon + b.lon) / 2)
    reach = round(great_circle_km(a, b) / 2 + _MARGIN_KM)
    message.claim_words(first.first - 1, second.last, "where")
    return Where(
        label=f"entre {first.label} et {second.label}",
        near=Near(center=middle, radius_km=float(reach)),
    )


def _reading(message: Message, place: Place) -> Reading | None:
    others = (*(commune_where(each) for each in place.others), *place.rivals)
    if not others:
        return None
    start, end = message.words[place.first].start, message.words[place.last].end
    return Reading(words=message.text[start:end], taken=place.where(), others=others)


def _approximation(place: Place) -> Notice:
    """That an area has no published limits, and what is searched in its stead."""
    if place.near is not None:
        reach = f"{place.near.radius_km:g}"
        fr = f"un cercle de {reach} km autour de son centre"
        en = f"a circle of {reach} km around its centre"
    else:
        fr, en = ", ".join(place.postcodes), ", ".join(place.postcodes)
    return Notice(
        code="approximate_area",
        fr=f"{place.label} n’a pas de limites publiées : recherche dans {fr}.",
        en=f"{place.label} has no published limits: searched in {en}.",
    )
