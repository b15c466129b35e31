"""ODSQL conditions made of values: what a person types is quoted, never part of the language.

Pure.
"""

import re
from datetime import UTC, datetime, timedelta

from puls.errors import InvalidInputError
from puls.geo.distance import Coordinates
from puls.geo.gazetteer import Gazetteer

_POSTCODE = re.compile(r"\d{5}")


def quoted(text: str) -> str:
    """A string literal.

    Backslashes and double quotes are escaped; control characters are dropped.
    """
    printable = "".join(letter for letter in text if letter.isprintable())
    escaped = printable.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def moment(at: datetime) -> str:
    """A date literal in UTC, to the second."""
    return f"date'{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S}'"


def in_city(name: str) -> str:
    return f"location_city = {quoted(name)}"


def in_department(name: str) -> str:
    return f"location_department = {quoted(name)}"


def in_region(name: str) -> str:
    return f"location_region = {quoted(name)}"


def with_postcode(postcode: str) -> str:
    """The events of a postcode.

    Raises:
        InvalidInputError: it is not five digits.
    """
    if not _POSTCODE.fullmatch(postcode):
        raise InvalidInputError(f"{postcode!r} is not a postcode of five digits.")
    return f"location_postalcode = {quoted(postcode)}"


def within(center: Coordinates, radius_km: float) -> str:
    """The events at most `radius_km` away. ODSQL writes the longitude first."""
    point = f"geom'POINT({center.lon:.6f} {center.lat:.6f})'"
    return f"within_distance(location_coordinates, {point}, {radius_km:g}km)"


def updated_since(at: datetime) -> str:
    """Inclusive: what was updated in the very second of the last run is seen again."""
    return f"updatedat >= {moment(at)}"


def updated_in_second(at: datetime) -> str:
    """What was updated in this very second."""
    return f"updatedat >= {moment(at)} AND updatedat < {moment(at + timedelta(seconds=1))}"


def uid_after(uid: str) -> str:
    """What comes after a number in the order of texts."""
    return f"uid > {quoted(uid)}"


def in_place(name: str, gazetteer: Gazetteer) -> str:
    """The events of a postcode, a département (name or number), a région or a commune.

    Raises:
        InvalidInputError: there is no such place in France.
    """
    name = name.strip()
    if _POSTCODE.fullmatch(name):
        return with_postcode(name)
    department = gazetteer.department(name.upper()) or gazetteer.department_named(name)
    if department is not None:
        return in_department(department.name)
    region = gazetteer.region_named(name)
    if region is not None:
        return in_region(region.name)
    communes = gazetteer.communes_named(name)
    if not communes:
        raise InvalidInputError(
            f"No commune, département or région is called {name!r}; check the spelling."
        )
    return in_city(communes[0].name)


def every(*conditions: str | None) -> str | None:
    """All the conditions at once; each in brackets, since AND binds tighter than OR."""
    present = [condition for condition in conditions if condition]
    if not present:
        return None
    return present[0] if len(present) == 1 else " AND ".join(f"({one})" for one in present)
