"""Where: the words of a message that name places or say how far, and the area that those that are meant mean together. Pure.

Reading comes first (`places_of`, `distances_of`): numbers, venues and addresses, then names from the gazetteer. Which of them say where to look is for
`roles` to judge; `area_of` then makes one typed area of them: lists, circles, homonyms told apart by a wider place, places left out.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from puls.geo.distance import Coordinates, great_circle_km
from puls.geo.gazetteer import Commune, Gazetteer
from puls.geo.names import fold
from puls.understanding.message import Message
from puls.understanding.notices import Notice
from puls.understanding.where.beyond import places_abroad, unknown_places
from puls.understanding.where.distances import USUAL_RADIUS_KM, Distance, distances_of
from puls.understanding.where.names import named_places
from puls.understanding.where.numbered import numbered_places
from puls.understanding.where.place import LIKELY, Place, Surroundings, commune_where, retaken
from puls.understanding.where.reach import around, around_visitor, center_of, nearer, whole, wider
from puls.understanding.where.venues import VenueNames, addresses_named, venues_named
from puls.understanding.wish import Near, Where

_MARGIN_KM = 5.0  # around what lies between two towns
_NEAR_A_BUILDING_KM = 2.0  # « vers le Sucre »: walking distance
_LEAD_REACH = 48  # characters
_BETWEEN_REACH = 4  # words: « Valence, dans le Tarn-et-Garonne »
_MOST_NAMED = 3
_BETWEEN = frozenset("dans en a au aux la le les l de d du des sur departement region pres".split())

NO_POSITION = Notice(
    code="no_position",
    fr="Partagez votre position ou nommez une ville pour chercher près de vous.",
    en="Share your position or name a town to search near you.",
)

# « près de », « vers »: how wide a circle each word draws, in km.
_NEAR_WORDS: tuple[tuple[re.Pattern[str], float], ...] = (
    (
        re.compile(
            r"(?:^| )(?:tout pres|a 2 pas|a deux pas|juste a cote|right next to|walking distance) (?:de |d |du |of |from |to )?(?:chez |la |le |l )?$"
        ),
        5.0,
    ),
    (re.compile(r"(?:^| )(?:a cote|a proximite immediate) (?:de |d |du )(?:la |le |l )?$"), 10.0),
    (
        re.compile(
            r"(?:^| )(?:pas|not) (?:trop |tres |bien |too )?(?:loin|far) (?:de |d |du |des |from )(?:la |le |l |chez )?$"
        ),
        12.0,
    ),
    (
        re.compile(
            r"(?:^| )(?:(?:pres|proche|autour|aux alentours|alentours|aux environs|dans les environs|dans le coin|du coin|par|dans le secteur|secteur|non loin|aux abords|peripherie|"
            r"les environs|environs|a proximite|du cote|cote|dans la region|region|a la ronde|nord|sud|est|ouest|agglo|agglomeration|metropole) (?:de |d |du |des )|"
            r"vers |near |around |close to |outside |direction |cerca de |in der nahe von |rund um |cote |vicino a |bij )(?:la |le |les |l )?$"
        ),
        20.0,
    ),
)
_AND_AROUND = re.compile(
    r" (?:et |ou |and )?(?:(?:dans )?(?:ses|les|sa|leurs|its|the) )?(?:proches? )?(?:environs?|alentours|banlieue|peripherie|surrounding area|surroundings|agglo|agglomeration|et alentours|et environs|area)(?: proches?)?(?!\S)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherReading:
    """Words that name several places: the one taken and the others, likeliest first."""

    words: str
    taken: Where
    others: tuple[Where, ...]

    def notice(self) -> Notice:
        """Which was taken, and the others."""
        others = ", ".join(other.label for other in self.others[:_MOST_NAMED])
        return Notice(
            code="homonym",
            fr=f"« {self.words} » est compris comme {self.taken.label} ; il y a aussi {others}.",
            en=f"“{self.words}” is taken as {self.taken.label}; there is also {others}.",
        )


@dataclass(frozen=True, slots=True)
class Area:
    """The area meant, the notices it calls for, and the readings of names that were not taken."""

    where: Where | None = None
    notices: tuple[Notice, ...] = ()
    alternatives: tuple[OtherReading, ...] = ()


def surroundings_of(
    position: Coordinates | None, previous: Where | None, gazetteer: Gazetteer, language: str
) -> Surroundings:
    """What tells namesakes apart in this message."""
    if previous is None:
        return Surroundings(anchor=position, language=language)
    cities = (gazetteer.arrondissements.get(code) for code in previous.postcodes)
    return Surroundings(
        anchor=position or center_of(previous, gazetteer),
        department_codes=previous.department_codes,
        city_codes=(*previous.commune_codes, *(each.city_code for each in cities if each)),
        language=language,
    )


def sure_places(
    message: Message,
    gazetteer: Gazetteer,
    surroundings: Surroundings,
    taken: bytearray,
    *,
    position: Coordinates | None,
    venues: VenueNames | None = None,
    addresses: Mapping[str, Where] | None = None,
) -> list[Place]:
    """Places that no date may take words from; `addresses` by their words, as somebody located them."""
    located = addresses_named(message, addresses, taken) if addresses else []
    found = venues_named(message, venues, gazetteer, surroundings.anchor, taken) if venues else []
    numbers = numbered_places(
        message, gazetteer, position=position, city_codes=surroundings.city_codes, taken=taken
    )
    return [*located, *found, *numbers]


def other_places(
    message: Message,
    gazetteer: Gazetteer,
    surroundings: Surroundings,
    taken: bytearray,
    sure: Sequence[Place],
) -> list[Place]:
    """Names in what is still free, and the sure places, in reading order; namesakes told apart by the wider place beside them."""
    abroad = places_abroad(message, gazetteer, surroundings, taken)
    named = [*sure, *abroad, *named_places(message, gazetteer, surroundings, taken)]
    named += unknown_places(message, named, surroundings, taken)
    return _told_apart(message, gazetteer, sorted(named, key=lambda place: place.first))


def where_named(
    text: str,
    gazetteer: Gazetteer,
    *,
    previous: Where | None = None,
    position: Coordinates | None = None,
    language: str = "fr",
) -> Where | None:
    """The area that a phrase which is nothing but a place means: « Valence, Drôme », « à 20 km de Lyon »; None when it names none."""
    message = Message(text)
    surroundings = surroundings_of(position, previous, gazetteer, language)
    taken = bytearray(len(message))
    distances = distances_of(message, is_follow_up=previous is not None)
    for each in distances:
        if each.kind == "radius":
            taken[each.first : each.last + 1] = b"\1" * (each.last + 1 - each.first)
    sure = sure_places(message, gazetteer, surroundings, taken, position=position)
    places = other_places(message, gazetteer, surroundings, taken, sure)
    return area_of(
        message, places, (), distances, gazetteer=gazetteer, position=position, previous=previous
    ).where


def _told_apart(message: Message, gazetteer: Gazetteer, places: Sequence[Place]) -> list[Place]:
    """« Valence, Tarn-et-Garonne », « Vienne en Isère », « à la Croix-Rousse, Lyon »."""
    told: list[Place] = []
    for place in places:
        before = told[-1] if told else None
        joined = _joint(message, gazetteer, before, place) if before is not None else None
        if joined is not None:
            told[-1] = joined
        else:
            told.append(place)
    return told


def _joint(message: Message, gazetteer: Gazetteer, before: Place, place: Place) -> Place | None:
    """Two names side by side that mean one place; None when each stands for itself."""
    between = range(before.last + 1, place.first)
    if len(between) > _BETWEEN_REACH or not all(message.norm(at) in _BETWEEN for at in between):
        return None
    if place.is_wide and before.candidates:
        inside = _inside(before, place, gazetteer)
        if inside:
            return replace(
                retaken(before, inside, max(before.last, place.last)),
                strength=max(before.strength, place.strength),
            )
        if _is_same_name(before, place, gazetteer):
            return replace(place, first=before.first)
    if before.within and set(place.commune_codes) & set(before.within):
        return replace(before, last=place.last, strength=max(before.strength, place.strength))
    if (
        place.within
        and set(before.commune_codes) & set(place.within)
        and (place.area is not None or place.postcodes)
    ):
        return replace(place, first=before.first, strength=max(before.strength, place.strength))
    return None


def _inside(town: Place, wider_place: Place, gazetteer: Gazetteer) -> Sequence[Commune]:
    """The communes of the name that lie in the wider place; failing them, those it is short for."""
    named = [each for each in town.candidates if _lies_in(each, wider_place)]
    if named or not (wider_place.department_codes or wider_place.region_codes):
        return named
    name = town.candidates[0].name
    return [
        each
        for each in gazetteer.communes_called(name, population=0)
        if _lies_in(each, wider_place)
    ]


def _lies_in(commune: Commune, place: Place) -> bool:
    return (
        commune.department_code in place.department_codes
        or commune.region_code in place.region_codes
        or (
            place.near is not None
            and great_circle_km(commune.coordinates, place.near.center) <= place.near.radius_km
        )
    )


def _is_same_name(town: Place, place: Place, gazetteer: Gazetteer) -> bool:
    """« Vienne (86) »: the département itself."""
    departments = (gazetteer.department(code) for code in place.department_codes)
    names = {fold(each.name) for each in departments if each is not None}
    return fold(town.candidates[0].name) in names


# From what is meant to one area


def area_of(
    message: Message,
    places: Sequence[Place],
    left_out: Sequence[Place],
    distances: Sequence[Distance],
    *,
    gazetteer: Gazetteer,
    position: Coordinates | None,
    previous: Where | None,
) -> Area:
    """The area that the places and distances that are meant mean together.

    `previous`, the place spoken of before, is what « dans un rayon de 30 km », « plus près » and « sauf à Lyon » are said of.
    """
    chosen = _without_towns_of_quarters([place for place in places if place.beyond is None])
    chosen = _without_what_holds_others(message, chosen)
    reach = next((each for each in distances if each.kind == "radius"), None)
    near_me = next((each for each in distances if each.kind in ("near_me", "spoken_of")), None)
    if chosen:
        area = _named(message, chosen, reach, near_me)
    elif reach is not None or near_me is not None:
        area = _around(reach, near_me, position, previous, gazetteer)
    else:
        area = _changed(distances, previous, gazetteer)
    if chosen and previous is not None:
        area, left_out = _corrected(message, area, chosen, left_out, previous, gazetteer)
    return _with_left_out(area, left_out, previous)


def _corrected(
    message: Message,
    area: Area,
    chosen: Sequence[Place],
    left_out: Sequence[Place],
    previous: Where,
    gazetteer: Gazetteer,
) -> tuple[Area, Sequence[Place]]:
    """« pas Tours, Tulle » leaves nothing out of Tulle; « pas Saint-Denis en Île-de-France, c'est à La Réunion » means the namesake there."""
    town = (
        gazetteer.commune(previous.commune_codes[0]) if len(previous.commune_codes) == 1 else None
    )
    is_inside = town is None or any(
        each.candidates[:1] != (town,) and _lies_in(town, each) for each in chosen
    )
    is_around = area.where is not None and area.where.near is not None
    if town is None or is_inside or is_around:
        return area, left_out  # « en Bretagne mais pas à Rennes »
    kept = [each for each in left_out if each.commune_codes != (town.code,)]
    is_same_name = len(kept) < len(left_out) or _THE_ONE.search(message.line) is not None
    if not is_same_name or len(chosen) != 1 or not chosen[0].is_wide:
        return area, kept
    inside = [each for each in gazetteer.communes_named(town.name) if _lies_in(each, chosen[0])]
    return (Area(commune_where(inside[0])) if inside else area), kept


_THE_ONE = re.compile(r"(?<!\S)(?:celui|celle|the one)(?!\S)")


def _without_what_holds_others(message: Message, places: list[Place]) -> list[Place]:
    """« à La Réunion, à Saint-Pierre »: the town, unless it is « ou »."""
    if any(message.norm(at) in _OR for at in range(len(message))):
        return places
    return [
        place
        for place in places
        if not (place.department_codes or place.region_codes)
        or not any(each.candidates and _lies_in(each.candidates[0], place) for each in places)
    ]


_OR = frozenset("ou or et and oder y".split())


def _named(
    message: Message, chosen: Sequence[Place], reach: Distance | None, near_me: Distance | None
) -> Area:
    alternatives = tuple(
        reading for place in chosen if (reading := _reading(message, place)) is not None
    )
    where, is_as_named = _joint_area(message, chosen, reach, near_me)
    notices = tuple(each.notice() for each in alternatives)
    if is_as_named:
        notices += tuple(_approximation(place) for place in chosen if place.area is not None)
    return Area(where, notices, alternatives)


def _joint_area(
    message: Message, chosen: Sequence[Place], reach: Distance | None, near_me: Distance | None
) -> tuple[Where, bool]:
    """The area that the places and the distance mean, and whether it is the places as named."""
    between = _between(message, chosen)
    if between is not None:
        return between, False
    if len(chosen) > 1 and reach is None:
        return _union([_as_said(message, place) for place in chosen]), True
    place = chosen[0]
    radius = reach.km if reach is not None and not reach.is_from_me else None
    if radius is None and near_me is not None and near_me.kind == "spoken_of":
        radius = near_me.km
    if radius is None and not (place.area and not place.within):
        radius = _radius_from_words(message, place)
        if radius is not None and place.near is not None:
            radius = max(_NEAR_A_BUILDING_KM, place.near.radius_km)
    if radius is not None and place.center and len(chosen) == 1 and not place.is_wide:
        label = f"{place.label} ({radius:g} km)"
        return Where(label=label, near=Near(center=place.center, radius_km=radius)), False
    return _union(chosen), True


def _as_said(message: Message, place: Place) -> Place:
    """One of a list with its own reach: « (à Bordeaux ou) vers Mérignac »."""
    radius = None if place.area and not place.within else _radius_from_words(message, place)
    if radius is None or place.center is None or place.is_wide:
        return place
    near = Near(center=place.center, radius_km=radius)
    return replace(place, near=near, commune_codes=(), postcodes=(), department_codes=())


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


def _without_towns_of_quarters(places: Sequence[Place]) -> list[Place]:
    """A quarter stands for its town when both are named: « à Lyon, vers la Croix-Rousse »."""
    quarters = [
        place
        for place in places
        if place.within and (place.area is not None or place.postcodes or place.near)
    ]
    return [
        place
        for place in places
        if place in quarters
        or not any(set(place.commune_codes) & set(each.within) for each in quarters)
    ]


def _radius_from_words(message: Message, place: Place) -> float | None:
    before = message.line[: message.offset(place.first)][-_LEAD_REACH:]
    for pattern, radius in _NEAR_WORDS:
        if pattern.search(before):
            return radius
    return (
        USUAL_RADIUS_KM if _AND_AROUND.match(message.line, message.end_offset(place.last)) else None
    )


def _between(message: Message, places: Sequence[Place]) -> Where | None:
    """« entre Valence et Crest »: the circle that holds both and what lies between."""
    if len(places) != 2:
        return None
    first, second = places
    before = message.norm(first.first - 1)
    if before not in ("entre", "between") or first.center is None or second.center is None:
        return None
    a, b = first.center, second.center
    middle = Coordinates((a.lat + b.lat) / 2, (a.lon + b.lon) / 2)
    radius = round(great_circle_km(a, b) / 2 + _MARGIN_KM)
    return Where(
        label=f"entre {first.label} et {second.label}",
        near=Near(center=middle, radius_km=float(radius)),
    )


def _around(
    reach: Distance | None,
    near_me: Distance | None,
    position: Coordinates | None,
    previous: Where | None,
    gazetteer: Gazetteer,
) -> Area:
    """A distance without a place: around the place spoken of before, else around the visitor."""
    km = (
        reach.km
        if reach is not None and reach.km is not None
        else near_me.km
        if near_me and near_me.km
        else USUAL_RADIUS_KM
    )
    is_here = (reach is not None and reach.is_from_me) or (
        near_me is not None and near_me.kind == "near_me"
    )
    is_still_near = near_me is not None and near_me.kind == "near_me" and reach is None
    if is_still_near and previous is not None and previous.around_visitor_km is not None:
        km = min(km, previous.around_visitor_km)  # « oui, près d'ici » after « pas plus de 10 km »
    spoken_of = center_of(previous, gazetteer) if previous is not None else None
    if previous is not None and spoken_of is not None and not is_here:
        return Area(around(previous, spoken_of, km))
    return Area(
        around_visitor(position, km), notices=() if position is not None else (NO_POSITION,)
    )


def _changed(distances: Sequence[Distance], previous: Where | None, gazetteer: Gazetteer) -> Area:
    """« plus près », « élargis », « dans toute la région »: the place spoken of before, narrower or wider."""
    if previous is None:
        return Area()
    for each in distances:
        if each.kind in ("department", "region"):
            return Area(whole(previous, gazetteer, each.kind))
    center = center_of(previous, gazetteer)
    if center is None:
        return Area()
    for each in distances:
        if each.kind == "wider":
            return Area(wider(previous, center))
        if each.kind == "nearer":
            return Area(nearer(previous, center))
    return Area()


def _with_left_out(area: Area, left_out: Sequence[Place], previous: Where | None) -> Area:
    if not left_out:
        return area
    places = tuple(place.where() for place in left_out)
    base = area.where or previous
    if base is None:
        label = "France sauf " + ", ".join(place.label for place in places)
        return replace(area, where=Where(label=label, excluded=places))
    kept = tuple(each for each in base.excluded if each not in places)
    return replace(area, where=replace(base, excluded=(*kept, *places)))


def _reading(message: Message, place: Place) -> OtherReading | None:
    others = (*(commune_where(each) for each in place.others), *place.rivals)
    if not others or place.strength < LIKELY - 1:
        return None
    return OtherReading(
        words=message.written(place.first, place.last), taken=place.where(), others=others
    )


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
