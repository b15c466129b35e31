"""How far around: the middle of an area, and the same place seen from nearer or farther. Pure."""

import re
from dataclasses import replace

from puls.geo.distance import Coordinates
from puls.geo.gazetteer import Gazetteer
from puls.understanding.wish import Near, Where, Wish
from puls.understanding.words import Message

_FIRST_KM = 20.0  # « élargis » around a town that was searched alone
_SMALLEST_KM, _LARGEST_KM = 1.0, 200.0
_RADIUS = re.compile(
    r"(?<!\S)(?:elargi\w*|jusqu a|dans|a|within|up to|sur|avec|plutot|moins de|un rayon de|"
    r"a radius of|la zone a|la recherche a| )* ?(?P<km>\d{1,3}(?:\.\d+)?) ?"
    r"(?:km|kms|kilometres?|kilometers?|bornes)(?: (?:max(?:imum)?|a la ronde|autour|around|plutot))?"
    r"(?!\S)(?! (?:de|d|du|des|from|of)(?!\S))"
)
_NEARER = re.compile(
    r"(?<!\S)(?:(?:un peu |bien |something |a bit )?(?:plus pres|plus proches?|moins loin|trop loin|too far|closer|"
    r"nearer))(?!\S)(?! (?:de|d|du|des|from|of|to)(?!\S))"
)
_WIDER = re.compile(
    r"(?<!\S)(?:(?:un peu |a bit )?(?:plus loin|plus large(?:ment)?|elargi\w*|agrandi\w*|further|"
    r"farther|wider|widen)(?: (?:la |le |the )?(?:zone|recherche|perimetre|rayon|secteur|area|"
    r"search|radius))?(?: autour)?)(?!\S)(?! (?:de|d|du|des|from|of|que|\d+)(?!\S))"
)


def center_of(where: Where, gazetteer: Gazetteer) -> Coordinates | None:
    """The point an area stands around; None for a département, a région or several places."""
    if where.near is not None:
        return where.near.center
    if where.department_codes or where.region_codes:
        return None
    match where.commune_codes, where.postcodes:
        case (code,), ():
            commune = gazetteer.commune(code)
            return None if commune is None else commune.coordinates
        case _, (postcode,):
            arrondissement = gazetteer.arrondissements.get(postcode)
            if arrondissement is not None:
                return arrondissement.coordinates
            communes = gazetteer.communes_of_postcode(postcode)
            return communes[0].coordinates if communes else None
        case _:
            return None


def around_visitor(position: Coordinates | None, radius_km: float) -> Where:
    """« près de vous »: without a centre while nobody knows where the visitor is."""
    return Where(
        label=f"près de vous ({radius_km:g} km)",
        near=None if position is None else Near(center=position, radius_km=radius_km),
        around_visitor_km=radius_km,
    )


def seen_from(wish: Wish, position: Coordinates | None) -> Wish:
    """The wish with the visitor at this position: distances from it, and a circle around the visitor there."""
    where = wish.where
    if where is not None and where.around_visitor_km is not None:
        where = around_visitor(position, where.around_visitor_km)
    return replace(wish, where=where, position=position)


def lacks_position(wish: Wish) -> bool:
    """Whether it asks for a circle around a visitor whose position is not known."""
    where = wish.where
    return where is not None and where.around_visitor_km is not None and where.near is None


def around(where: Where, center: Coordinates, radius_km: float) -> Where:
    """The circle of that radius, named after the area."""
    if where.around_visitor_km is not None:
        return around_visitor(center, radius_km)
    label = where.label.split(" (")[0]
    return Where(label=f"{label} ({radius_km:g} km)", near=Near(center=center, radius_km=radius_km))


def moved(circle: Where, place: Where | None, gazetteer: Gazetteer) -> Where:
    """The circle around the place named beside it, if one is."""
    center = None if place is None else center_of(place, gazetteer)
    if place is None or center is None or circle.near is None:
        return circle
    return around(place, center, circle.near.radius_km)


def changed_reach(message: Message, previous: Where, gazetteer: Gazetteer) -> Where | None:
    """What a follow-up without a place makes of the previous one; None when it does not speak of distance.

    « élargis à 30 km » is that circle. « plus près » halves a circle (around a town alone there is nothing to shrink:
    that is an order, nearest first); « élargis », « plus loin » double it, or look 20 km around the town.
    """
    center = center_of(previous, gazetteer)
    if center is None:
        return None
    for match in message.find(_RADIUS):
        message.claim(match, "where")
        return around(previous, center, float(match["km"]))
    if previous.near is not None:
        for match in message.find(_NEARER):
            message.claim(match, "where")
            return around(previous, center, max(_SMALLEST_KM, previous.near.radius_km / 2))
    for match in message.find(_WIDER):
        message.claim(match, "where")
        wider = _FIRST_KM if previous.near is None else 2 * previous.near.radius_km
        return around(previous, center, min(_LARGEST_KM, wider))
    return None
