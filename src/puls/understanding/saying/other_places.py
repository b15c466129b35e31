"""Other places than the one asked for, nearest first: a wider circle, towns around, the département.

Pure. Enter at `other_places`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import takewhile
from typing import Literal

from puls.geo.distance import Coordinates, great_circle_km
from puls.geo.gazetteer import Commune, Gazetteer
from puls.understanding.saying.sentence_places import area_words
from puls.understanding.where.place import commune_where, department_where
from puls.understanding.wish import Near, Where

PlaceChange = Literal["circle", "town", "city", "department", "region", "place"]

_TOWN_POPULATION = 10_000
_FARTHEST_TOWN_KM = 60.0
_TOO_CLOSE_KM = 4.0  # the circle around already holds it
_FIRST_CIRCLE_KM, _WIDEST_KM = 20.0, 200.0
_MOST_TOWNS = 2


@dataclass(frozen=True, slots=True)
class OtherPlace:
    """An area to try instead; None means the whole of France."""

    change: PlaceChange
    where: Where | None
    fr: str
    en: str


def other_places(where: Where | None, gazetteer: Gazetteer) -> Iterator[OtherPlace]:
    """What to try instead of this area, the nearest to what was asked first."""
    if where is None:
        return
    center = center_of(where, gazetteer)
    if center is not None:
        yield from _around(where, center)
        yield from _city(where, gazetteer)
        yield from _towns(where, center, gazetteer)
    yield from _administrative(where, center, gazetteer)


def center_of(where: Where, gazetteer: Gazetteer) -> Coordinates | None:
    """The point an area stands around: of a circle, or of its first commune or postcode."""
    if where.near is not None:
        return where.near.center
    if where.commune_codes:
        commune = gazetteer.commune(where.commune_codes[0])
        return commune.coordinates if commune else None
    if where.postcodes:
        arrondissement = gazetteer.arrondissements.get(where.postcodes[0])
        communes = gazetteer.communes_of_postcode(where.postcodes[0])
        if arrondissement is not None:
            return arrondissement.coordinates
        return communes[0].coordinates if communes else None
    return None


def _around(where: Where, center: Coordinates) -> Iterator[OtherPlace]:
    """Twice as far, or 20 km around a town."""
    if where.near is not None:
        radius_km = min(_WIDEST_KM, 2 * where.near.radius_km)
        name = where.label.rsplit(" (", 1)[0]
        if radius_km <= where.near.radius_km or name.startswith("entre "):
            return
    else:
        radius_km, name = _FIRST_CIRCLE_KM, where.label
        if len((*where.commune_codes, *where.postcodes)) != 1 or not where.commune_codes:
            return
    yield OtherPlace(
        "circle",
        Where(
            label=f"{name} ({radius_km:g} km)",
            near=Near(center=center, radius_km=radius_km),
            around_visitor_km=None if where.around_visitor_km is None else radius_km,
        ),
        f"à moins de {radius_km:g} km",
        f"within {radius_km:g} km",
    )


def _city(where: Where, gazetteer: Gazetteer) -> Iterator[OtherPlace]:
    """« dans le 3e » → the whole of Lyon."""
    arrondissement = next(map(gazetteer.arrondissements.get, where.postcodes), None)
    city = gazetteer.commune(arrondissement.city_code) if arrondissement else None
    if city is not None:
        whole = commune_where(city)
        yield OtherPlace("city", whole, f"dans tout {city.name}", f"anywhere in {city.name}")


def _towns(where: Where, center: Coordinates, gazetteer: Gazetteer) -> Iterator[OtherPlace]:
    """The large towns around, the nearest first unless a far larger one is little farther."""
    beyond_km = where.near.radius_km if where.near else _TOO_CLOSE_KM
    farthest_km = max(_FARTHEST_TOWN_KM, 2 * beyond_km)
    around = [
        town
        for town in _large_towns(gazetteer)
        if beyond_km < great_circle_km(center, town.coordinates) <= farthest_km
        and town.code not in where.commune_codes
    ]
    for town in gazetteer.nearest(around, center)[:_MOST_TOWNS]:
        distance_km = great_circle_km(center, town.coordinates)
        yield OtherPlace(
            "town",
            commune_where(town),
            f"à {town.name}, {distance_km:.0f} km",
            f"in {town.name}, {distance_km:.0f} km away",
        )


@lru_cache(maxsize=2)  # one gazetteer per process
def _large_towns(gazetteer: Gazetteer) -> tuple[Commune, ...]:
    return tuple(takewhile(lambda each: each.population >= _TOWN_POPULATION, gazetteer.communes()))


def _administrative(
    where: Where, center: Coordinates | None, gazetteer: Gazetteer
) -> Iterator[OtherPlace]:
    """The département of a town, the région of a département, France of a région."""
    codes = [
        commune.department_code
        for code in where.commune_codes
        if (commune := gazetteer.commune(code))
    ]
    codes += [
        communes[0].department_code
        for postcode in where.postcodes
        if (communes := gazetteer.communes_of_postcode(postcode))
    ]
    if where.region_codes:
        yield OtherPlace("place", None, "partout en France", "anywhere in France")
    elif where.department_codes:
        department = gazetteer.department(where.department_codes[0])
        region = gazetteer.region(department.region_code) if department else None
        if region is not None:
            area = Where(label=region.name, region_codes=(region.code,))
            yield OtherPlace("region", area, area_words(region.name), f"in {region.name}")
    elif codes and (department := gazetteer.department(codes[0])):
        area = department_where(department)
        yield OtherPlace("department", area, area_words(department.name), f"in {department.name}")
    elif center is not None and where.near is None:
        yield OtherPlace("place", None, "partout en France", "anywhere in France")
