"""Whether a place is the one that was written down: by codes, as an area or as a circle. Pure. Enter at `is_same_place`."""

from collections.abc import Mapping
from typing import Any

from puls.geo.distance import Coordinates, great_circle_km
from puls.geo.gazetteer import Gazetteer
from puls.geo.names import fold
from puls.understanding.wish import Where

_CIRCLE_KM = 10.0  # how far the middle of « autour de » may lie off
_AREA_KM = 25.0  # and that of an area that no administration bounds
_RADIUS_FACTOR = (0.7, 1.3)
# INSEE code and postcode of the arrondissements: what stands before their number.
_ARRONDISSEMENTS = (("751", "750"), ("6938", "6900"), ("132", "130"))


def is_same_place(
    got: Where | None,
    expected: Mapping[str, Any] | None,
    gazetteer: Gazetteer,
    position: Mapping[str, float] | None = None,
) -> bool:
    """Whether the place understood is the one written down, what it leaves out included."""
    if got is None or expected is None:
        return got is None and expected is None
    left_out = expected.get("exclude") or []
    rest = {name: value for name, value in expected.items() if name != "exclude"}
    if len(got.excluded) != len(left_out) and left_out:
        return False
    return (not rest or _is_same(got, rest, gazetteer, position)) and all(
        any(is_same_place(one, each, gazetteer) for one in got.excluded) for each in left_out
    )


def _is_same(
    got: Where,
    expected: Mapping[str, Any],
    gazetteer: Gazetteer,
    position: Mapping[str, float] | None,
) -> bool:
    match expected:
        case {"near": near}:
            return _is_near(got, near, gazetteer)
        case {"position": _}:
            here = got.near and position and Coordinates(position["lat"], position["lon"])
            return got.around_visitor_km is not None and (
                not here or got.near is None or great_circle_km(here, got.near.center) <= _CIRCLE_KM
            )
        case {"area": area}:
            return _is_area(got, str(area), expected, gazetteer)
        case _:
            return got.near is None and _has_codes(got, expected, gazetteer)


def _is_near(got: Where, near: Mapping[str, Any], gazetteer: Gazetteer) -> bool:
    middle = _middle(got, gazetteer)
    allowed = _AREA_KM if near.get("label") else _CIRCLE_KM
    if middle is None or great_circle_km(middle, Coordinates(near["lat"], near["lon"])) > allowed:
        return False
    radius = near.get("radius_km")
    if radius is None:
        return True
    low, high = _RADIUS_FACTOR
    return got.near is not None and low * radius <= got.near.radius_km <= high * radius


def _is_area(got: Where, area: str, expected: Mapping[str, Any], gazetteer: Gazetteer) -> bool:
    if fold(area) in fold(got.label):
        return True
    middle = _middle(got, gazetteer)
    there = Coordinates(expected["lat"], expected["lon"])
    return middle is not None and great_circle_km(middle, there) <= _AREA_KM


def _has_codes(got: Where, expected: Mapping[str, Any], gazetteer: Gazetteer) -> bool:
    """Exactly the codes written down, whichever of code and name the row gives."""
    match expected:
        case {"arrondissement": _, "insee": str(code)}:
            return {*got.commune_codes, *got.postcodes} <= _both_codes(code) and not _wider(got)
        case {"insee": str(code)}:
            return set(got.commune_codes) == {code} and not (got.postcodes or _wider(got))
        case {"postcode": str(code)}:
            return set(got.postcodes) == {code} and not (got.commune_codes or _wider(got))
        case _:
            return _has_names(got, expected, gazetteer)


def _has_names(got: Where, expected: Mapping[str, Any], gazetteer: Gazetteer) -> bool:
    match expected:
        case {"department": named}:
            codes = expected.get("code") or named
            wanted = {codes} if isinstance(codes, str) else set(codes)
            return set(got.department_codes) == wanted and not (
                got.commune_codes or got.postcodes or got.region_codes
            )
        case {"region": str(name)}:
            region = gazetteer.region_named(name)
            code = expected.get("code") or (region.code if region else "")
            return set(got.region_codes) == {code} or fold(name) == fold(got.label)
        case {"city": str(city)}:
            locality = gazetteer.locate(city=city, postcode=None)
            code = locality.commune_code if locality else None
            return fold(city) == fold(got.label) or set(got.commune_codes) == {code}
        case _:
            return False


def _wider(got: Where) -> bool:
    return bool(got.department_codes or got.region_codes)


def _both_codes(insee: str) -> set[str]:
    """An arrondissement by its INSEE code and by its postcode."""
    for code, postcode in _ARRONDISSEMENTS:
        if insee.startswith(code):
            return {insee, postcode + insee[len(code) :]}
    return {insee}


def _middle(where: Where, gazetteer: Gazetteer) -> Coordinates | None:
    if where.near is not None:
        return where.near.center
    points = [
        commune.coordinates
        for code in where.commune_codes
        if (commune := gazetteer.commune(code)) is not None
    ]
    points += [
        found.coordinates
        for code in where.postcodes
        if (found := gazetteer.arrondissements.get(code)) is not None
    ]
    if not points:
        return None
    return Coordinates(
        sum(one.lat for one in points) / len(points), sum(one.lon for one in points) / len(points)
    )


def place_in_words(where: Where | None) -> str:
    """The label and the codes, for a reader; of a circle the radius alone."""
    if where is None:
        return ""
    codes = [
        *where.commune_codes[:4],
        *where.postcodes[:4],
        *where.department_codes,
        *where.region_codes,
    ]
    circle = [f"{where.near.radius_km:g} km"] if where.near else []
    return " ".join((where.label, *codes, *circle))
