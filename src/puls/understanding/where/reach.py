"""How far around: the middle of an area, and the same place seen from nearer or farther. Pure."""

from dataclasses import replace
from typing import Literal

from puls.geo.distance import Coordinates
from puls.geo.gazetteer import Gazetteer
from puls.understanding.wish import Near, Where, Wish

_FIRST_KM = 20.0  # « élargis » around a town that was searched alone
_SMALLEST_KM, _LARGEST_KM = 1.0, 200.0


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


def nearer(where: Where, center: Coordinates) -> Where | None:
    """A circle half as wide; None around a town alone, where there is nothing to shrink."""
    return (
        None
        if where.near is None
        else around(where, center, max(_SMALLEST_KM, where.near.radius_km / 2))
    )


def wider(where: Where, center: Coordinates) -> Where:
    """A circle twice as wide, or 20 km around a town that was searched alone."""
    radius_km = _FIRST_KM if where.near is None else 2 * where.near.radius_km
    return around(where, center, min(_LARGEST_KM, radius_km))


def whole(
    where: Where, gazetteer: Gazetteer, unit: Literal["department", "region"]
) -> Where | None:
    """The départements or régions that a place lies in, of its codes alone; None where it has none."""
    of_postcodes = (gazetteer.communes_of_postcode(each)[:1] for each in where.postcodes)
    communes = [
        *(gazetteer.commune(code) for code in where.commune_codes),
        *(each for found in of_postcodes for each in found),
    ]
    codes = [*where.department_codes, *(each.department_code for each in communes if each)]
    departments = [
        found for code in dict.fromkeys(codes) if (found := gazetteer.department(code)) is not None
    ]
    if unit == "department" and departments:
        label = ", ".join(f"{each.name} ({each.code})" for each in departments)
        return Where(label=label, department_codes=tuple(each.code for each in departments))
    own = [*where.region_codes, *(each.region_code for each in departments)]
    regions = [here for code in dict.fromkeys(own) if (here := gazetteer.region(code)) is not None]
    if unit == "region" and regions:
        label = ", ".join(each.name for each in regions)
        return Where(label=label, region_codes=tuple(each.code for each in regions))
    return None


def both(one: Where, other: Where) -> Where:
    """The one area or the other, as far as two circles can be one: the second of them wins."""
    if one.near is not None and other.near is not None:
        return other
    return Where(
        label=" ou ".join(dict.fromkeys((one.label, other.label))),
        commune_codes=tuple(dict.fromkeys((*one.commune_codes, *other.commune_codes))),
        postcodes=tuple(dict.fromkeys((*one.postcodes, *other.postcodes))),
        department_codes=tuple(dict.fromkeys((*one.department_codes, *other.department_codes))),
        region_codes=tuple(dict.fromkeys((*one.region_codes, *other.region_codes))),
        near=one.near or other.near,
        excluded=(*one.excluded, *other.excluded),
    )
