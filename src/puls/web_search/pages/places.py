"""Where an event is, from nested places, plain strings and keys with an « @ » before them. Pure. Enter at `place_of`.

A bare city is no venue; a room of a house is told by its house where the page names it. An address in one string is cut
at its postcode.
"""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from puls.geo.distance import Coordinates
from puls.geo.names import fold, fold_place
from puls.web_search.pages.plain import line_of

_POSTCODE: Final = re.compile(r"(?<!\d)(?:F-?\s?)?(\d{2}\s?\d{3})(?!\d)(?:\s|,|$)")
_CEDEX: Final = re.compile(r"\s+cedex\b.*$", re.IGNORECASE)
_COUNTRIES: Final = {
    "france": "FR", "fra": "FR", "fr": "FR", "french republic": "FR", "france metropolitaine": "FR",
    "belgique": "BE", "belgium": "BE", "bel": "BE", "suisse": "CH", "switzerland": "CH", "che": "CH", "luxembourg": "LU",
    "lux": "LU", "allemagne": "DE", "germany": "DE", "deu": "DE", "deutschland": "DE", "espagne": "ES", "spain": "ES",
    "esp": "ES", "italie": "IT", "italy": "IT", "ita": "IT", "monaco": "MC", "mco": "MC", "royaume uni": "GB",
    "united kingdom": "GB", "gbr": "GB", "uk": "GB", "etats unis": "US", "united states": "US", "usa": "US",
}  # fmt: skip
_ROOM: Final = re.compile(
    r"(?:la |le |l )?(?:grande?|petite?|nouvelle|moyenne)? ?(?:salle|studio|scene|foyer|auditorium|hall|amphi(?:theatre)?|room"
    r"|niveau|etage|plateau)(?: (?:\d+|[a-z]|principale?|haute?|basse?|polyvalente))?"
)
_VIRTUAL: Final = re.compile(
    r"en ligne|online|virtuel|virtual|visio(?:conference)?|zoom|webinaire|evenement en ligne|online event"
)
_TOWN: Final = re.compile(
    r"[A-ZÀ-ÖØ-Þ][\w'’]*(?:[- ](?:[a-zéèà']{1,5}[- ])*[A-ZÀ-ÖØ-Þ]?[\w'’]+){0,5}"
)
_STREET: Final = re.compile(
    r"\d|\b(?:rue|avenue|av|boulevard|bd|place|quai|chemin|route|allee|allees|impasse|cours|square|esplanade|parvis|passage|lieu dit|zone|parc"
    r"|salle|etage|batiment|hall|niveau|street|road|faubourg|ruelle|sentier|montee|rond point|port|ile|pont|jardin|centre|espace|theatre)\b"
)
_COUNTRY_LAST: Final = re.compile(r"[,\s]+(France|FR)\s*$", re.IGNORECASE)
_NOWHERE: Final = (0.0, 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What is known of a place, and whether it is one on the web."""

    venue: str | None = None
    address: str | None = None
    postcode: str | None = None
    city: str | None = None
    country_code: str | None = None
    coordinates: Coordinates | None = None
    is_virtual: bool = False
    is_real: bool = False


def place_of(location: Any) -> Place:
    """The first real place of a field's values; `is_virtual` where any is on the web."""
    is_virtual = False
    best: Place | None = None
    for one in _flat(location):
        place = _place_from(one)
        is_virtual = is_virtual or place.is_virtual
        if place.is_real and best is None:
            best = place
    if best is None:
        return Place(is_virtual=is_virtual)
    return _with_virtual(best, is_virtual=is_virtual)


def coordinates_of(lat: Any, lon: Any) -> Coordinates | None:
    """A position in degrees; None outside the Earth, at 0, 0, or where the two are no numbers."""
    lat, lon = next(_flat(lat), None), next(_flat(lon), None)
    try:
        position = float(str(lat).replace(",", ".")), float(str(lon).replace(",", "."))
        if position == _NOWHERE or not all(math.isfinite(number) for number in position):
            return None
        return Coordinates(*position)
    except ValueError:
        return None


def country_of(value: Any) -> str | None:
    """ISO 3166 alpha-2, of a code or of a French or English name."""
    for one in _flat(value):
        name = one.get("name") or one.get("identifier") if isinstance(one, dict) else one
        line = line_of(name, limit=60)
        if line is None:
            continue
        known = _COUNTRIES.get(fold(line))
        if known or (len(line) == 2 and line.isascii() and line.isalpha()):
            return known or line.upper()
    return None


def split_address(text: str) -> Place:
    """« 8 rue des Glacis, 35000 Rennes, France » in its parts; all of it as address where it has no postcode."""
    country = None
    if found := _COUNTRY_LAST.search(text):
        country, text = "FR", text[: found.start()].rstrip(" ,")
    matches = list(_POSTCODE.finditer(text))
    if not matches:
        return Place(address=text or None, country_code=country, is_real=True)
    found = matches[-1]
    street = text[: found.start()].strip(" ,-–\n") or None
    city = re.split(r"[,(\n]", text[found.end() :].strip(" ,-–"))[0].strip()
    return Place(
        address=street,
        postcode=found[1].replace(" ", ""),
        city=_city(city),
        country_code=country,
        is_real=True,
    )


def _place_from(value: Any) -> Place:
    if isinstance(value, str):
        return _from_string(value)
    if not isinstance(value, dict):
        return Place()
    types = {
        str(one).rsplit("/", 1)[-1].rsplit(":", 1)[-1].lower() for one in _flat(value.get("@type"))
    }
    if "virtuallocation" in types:
        return Place(is_virtual=True)
    name = _venue_name(value)
    if name is not None and _VIRTUAL.fullmatch(fold(name)) and not value.get("address"):
        return Place(is_virtual=True)
    address = _address_of(value)
    geo = next((one for one in _flat(value.get("geo")) if isinstance(one, dict)), {})
    lat, lon = (
        geo.get("latitude", value.get("latitude")),
        geo.get("longitude", value.get("longitude")),
    )
    if (
        name is not None
        and address.city is None
        and address.address is None
        and _POSTCODE.search(name)
    ):
        name, address = _named_address(name, address)
    if name is not None and address.city is not None and _is_city(name, address.city):
        name = None
    return Place(
        venue=name,
        address=address.address if address.address != name else None,
        postcode=address.postcode,
        city=address.city,
        country_code=address.country_code,
        coordinates=coordinates_of(lat, lon),
        is_real=True,
    )


def _named_address(name: str, address: Place) -> tuple[str | None, Place]:
    """« Les Granges, 1 chemin du Four, 74000 Annecy » written as a name."""
    parts = _from_string(name)
    return parts.venue, _merged(address, parts)


def _from_string(text: str) -> Place:
    line = line_of(text)
    if line is None:
        return Place()
    if re.match(r"https?://", line) or _VIRTUAL.fullmatch(fold(line)):
        return Place(is_virtual=True)
    parts = split_address(line)
    if parts.postcode is None:
        head, comma, tail = line.partition(",")
        if comma and not head[:1].isdigit():
            tail = tail.strip()
            if _TOWN.fullmatch(tail) and not _STREET.search(fold(tail)):
                return Place(venue=head.strip() or None, city=tail, is_real=True)
            return Place(venue=head.strip() or None, address=tail or None, is_real=True)
        return Place(venue=line, is_real=True)
    head, comma, tail = (parts.address or "").partition(",")
    venue = head.strip() if comma and not re.match(r"\d", head) else None
    if not comma and head and not re.search(r"\d", head):
        venue, tail = head.strip(), ""
    street = tail.strip(" ,") if venue else parts.address
    return Place(
        venue=venue,
        address=street or None,
        postcode=parts.postcode,
        city=parts.city,
        country_code=parts.country_code,
        is_real=True,
    )


def _venue_name(value: dict[str, Any]) -> str | None:
    name = next((line for one in _flat(value.get("name")) if (line := line_of(one))), None)
    house = next(
        (one for key in ("containedInPlace", "containedIn") for one in _flat(value.get(key))), None
    )
    house_name = line_of(house.get("name") if isinstance(house, dict) else house)
    if house_name and (name is None or _ROOM.fullmatch(fold(name))):
        return house_name
    return name


def _address_of(value: dict[str, Any]) -> Place:
    found = Place()
    for one in _flat(_get(value, "address")):
        if isinstance(one, str):
            line = line_of(one)
            found = _merged(found, split_address(line)) if line else found
        elif isinstance(one, dict):
            found = _merged(found, _of_postal(one))
    return found if found != Place() else _of_postal(value)


def _of_postal(value: dict[str, Any]) -> Place:
    street = ", ".join(
        line for one in _flat(_get(value, "streetAddress")) if (line := line_of(one))
    )
    city = next(
        (line for one in _flat(_get(value, "addressLocality")) if (line := line_of(one))), None
    )
    code = next(
        (line for one in _flat(_get(value, "postalCode")) if (line := line_of(one, limit=20))), None
    )
    country = country_of(_get(value, "addressCountry"))
    if code and code.isdigit() and len(code) == 4 and country in {None, "FR"}:
        code = "0" + code  # a department below 10 written as a number
    place = Place(
        address=street or None,
        postcode=(code or "").replace(" ", "") or None,
        city=_city(city),
        country_code=country,
    )
    if city and (inside := _POSTCODE.search(city + " ")):
        rest = _POSTCODE.sub(" ", city + " ").strip(" ,-")
        place = _merged(
            Place(address=place.address, postcode=place.postcode, country_code=country),
            Place(postcode=inside[1].replace(" ", ""), city=_city(rest)),
        )
    if street and _POSTCODE.search(street + " "):
        whole = split_address(street)
        place = _merged(
            Place(
                address=whole.address,
                postcode=place.postcode,
                city=place.city,
                country_code=country,
            ),
            whole,
        )
    return place


def _get(value: dict[str, Any], key: str) -> Any:
    return value.get(key, value.get(f"@{key}"))


def _city(text: str | None) -> str | None:
    if not text:
        return None
    return _CEDEX.sub("", text).strip(" ,-") or None


def _is_city(name: str, city: str) -> bool:
    return fold_place(name) == fold_place(city) or fold_place(name) == re.sub(
        r" \d+ ?(?:e|er|eme)?$", "", fold_place(city)
    )


def _merged(first: Place, second: Place) -> Place:
    return Place(
        venue=first.venue or second.venue,
        address=first.address or second.address,
        postcode=first.postcode or second.postcode,
        city=first.city or second.city,
        country_code=first.country_code or second.country_code,
        coordinates=first.coordinates or second.coordinates,
        is_virtual=first.is_virtual or second.is_virtual,
        is_real=first.is_real or second.is_real,
    )


def _with_virtual(place: Place, *, is_virtual: bool) -> Place:
    return _merged(place, Place(is_virtual=is_virtual))


def _flat(value: Any, depth: int = 0) -> Iterator[Any]:
    if isinstance(value, list):
        if depth < 4:
            for one in value[:50]:
                yield from _flat(one, depth + 1)
    elif value is not None and value != "":
        yield value
