"""Where an event is: the record's location, completed and checked by the gazetteer.

Pure. Coordinates that cannot be (out of range, 0,0, far from the commune named) give way to the
commune's own; fields that contradict each other are weighed in `placing`.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from puls.catalogue.event import Venue
from puls.geo.distance import Coordinates, great_circle_km
from puls.geo.localities import department_of_postcode
from puls.ingestion.mapping.countries import FRENCH, country_of
from puls.ingestion.mapping.placing import (
    Communes,
    Said,
    agree,
    bare_name,
    farthest_km,
    is_within,
    weighed,
)
from puls.ingestion.mapping.records import code_text, coordinates_of, number_of, position, text_of
from puls.ingestion.mapping.text import folded, plain_line

DEFAULT_TIMEZONE: Final = "Europe/Paris"

_OVERSEAS: Final = {
    "971": "America/Guadeloupe",
    "972": "America/Martinique",
    "973": "America/Cayenne",
    "974": "Indian/Reunion",
    "975": "America/Miquelon",
    "976": "Indian/Mayotte",
    "977": "America/St_Barthelemy",
    "978": "America/Marigot",
    "986": "Pacific/Wallis",
    "987": "Pacific/Tahiti",
    "988": "Pacific/Noumea",
}
_ABROAD: Final = {
    "BE": "Europe/Brussels",
    "CH": "Europe/Zurich",
    "LU": "Europe/Luxembourg",
    "DE": "Europe/Berlin",
    "IT": "Europe/Rome",
    "ES": "Europe/Madrid",
    "GB": "Europe/London",
    "IE": "Europe/Dublin",
    "PT": "Europe/Lisbon",
    "NL": "Europe/Amsterdam",
    "MC": "Europe/Monaco",
    "MA": "Africa/Casablanca",
    "TN": "Africa/Tunis",
    "DZ": "Africa/Algiers",
    "SN": "Africa/Dakar",
    "CA": "America/Toronto",
    "LB": "Asia/Beirut",
    "VN": "Asia/Ho_Chi_Minh",
    "GP": "America/Guadeloupe",
    "MQ": "America/Martinique",
    "GF": "America/Cayenne",
    "RE": "Indian/Reunion",
    "YT": "Indian/Mayotte",
    "NC": "Pacific/Noumea",
    "PF": "Pacific/Tahiti",
    "PM": "America/Miquelon",
}
_NUMBER_POINT: Final = re.compile(r"[.,]0*$")
_FIVE_DIGITS: Final = re.compile(r"(?<!\d)\d{5}(?!\d)|(?<!\d)\d{5}(?=CEDEX)", re.IGNORECASE)
_FIVE_DIGITS_ALONE: Final = re.compile(r"[0-9]{5}")
_FOUR_DIGITS: Final = re.compile(r"\d{4}")
_COUNTRY_LETTERS: Final = re.compile(r"^[A-Z]{1,3}[ -]+(?=\d)", re.IGNORECASE)
_INSEE_CHARACTERS: Final = 5


class Locality(Protocol):
    """What the gazetteer knows of a commune."""

    @property
    def commune_code(self) -> str | None: ...
    @property
    def city(self) -> str | None: ...
    @property
    def postcode(self) -> str | None: ...
    @property
    def department_code(self) -> str | None: ...
    @property
    def region_code(self) -> str | None: ...
    @property
    def coordinates(self) -> Coordinates | None: ...


class Places(Communes, Protocol):
    """The gazetteer, as far as ingestion needs it."""

    def locate(
        self,
        *,
        city: str | None,
        postcode: str | None,
        insee: str | None = None,
        department: str | None = None,
        region: str | None = None,
        address: str | None = None,
    ) -> Locality | None: ...


def venue_of(record: Mapping[str, Any], gazetteer: Places) -> Venue | None:
    """The venue, None when the record says nothing of a place."""
    name = plain_line(text_of(record, "location_name"))
    address = plain_line(text_of(record, "location_address"))
    city = plain_line(text_of(record, "location_city"))
    said_postcode = text_of(record, "location_postalcode")
    pin = _pin(record)
    country = country_of(record)
    if not (name or address or city or said_postcode or pin):
        return None
    if country in FRENCH:
        postcode = _french_postcode(said_postcode, city, pin, gazetteer)
        place = _placed(record, city, postcode, address, pin, gazetteer)
    else:
        postcode = None
        place = _Place(None, pin, is_approximate=False)
    locality = place.locality
    return Venue(
        key=_key(code_text(record, "location_uid"), name, address, city),
        name=name,
        address=address,
        district=plain_line(text_of(record, "location_district")),
        postcode=_kept_postcode(postcode, place) or _foreign_postcode(said_postcode, place),
        city=(locality.city if locality else None) or city,
        commune_code=locality.commune_code if locality else None,
        department_code=locality.department_code if locality else None,
        region_code=locality.region_code if locality else None,
        country_code=country,
        coordinates=place.coordinates,
        is_approximate=place.is_approximate,
    )


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a record's fields, weighed, put the event. `contradicts_postcode`: the postcode given was outvoted."""

    locality: Locality | None
    coordinates: Coordinates | None
    is_approximate: bool
    contradicts_postcode: bool = False


def _placed(  # noqa: PLR0917 - the fields of one place
    record: Mapping[str, Any],
    city: str | None,
    postcode: str | None,
    address: str | None,
    pin: Coordinates | None,
    gazetteer: Places,
) -> _Place:
    """By the gazetteer's order of trust while everything agrees; by weight when something does not."""
    said = Said(
        city=city,
        postcode=postcode,
        insee=_insee(code_text(record, "location_insee")),
        department=plain_line(text_of(record, "location_department")),
        address=address,
    )
    locality = gazetteer.locate(
        city=city,
        postcode=postcode,
        insee=said.insee,
        department=said.department,
        region=plain_line(text_of(record, "location_region")),
        address=address,
    )
    code = locality.commune_code if locality else None
    if locality is None or code is None:
        at = locality.coordinates if locality else None
        return _Place(locality, pin or at, is_approximate=pin is None and at is not None)
    if pin is None or _is_near(pin, locality):
        if agree(city, postcode, said.insee, code, gazetteer):
            at = pin or locality.coordinates
            return _Place(locality, at, is_approximate=pin is None and at is not None)
    elif (turned := position(pin.lon, pin.lat)) is not None and _is_near(turned, locality):
        # latitude and longitude in each other's place
        return _Place(locality, turned, is_approximate=True)
    return _outvoted(said, pin, locality, gazetteer)


def _outvoted(said: Said, pin: Coordinates | None, locality: Locality, gazetteer: Places) -> _Place:
    """Some field is wrong: two beat one, and the place stays approximate."""
    found = weighed(said, pin, first=locality.commune_code, communes=gazetteer)
    if found is None:
        return _Place(None, pin, is_approximate=True, contradicts_postcode=True)
    commune = gazetteer.commune(found.code)
    assert commune is not None
    fits_postcode = said.postcode in commune.postcodes
    chosen = gazetteer.locate(
        city=None,
        postcode=said.postcode if fits_postcode else None,
        insee=found.code,
        address=None,
    )
    at = pin if found.fits_pin else chosen.coordinates if chosen else None
    is_outside = department_of_postcode(said.postcode or "") != commune.department_code
    return _Place(
        chosen,
        at,
        is_approximate=found.is_doubtful or not found.fits_pin,
        contradicts_postcode=not fits_postcode and is_outside,
    )


def _is_near(pin: Coordinates, locality: Locality) -> bool:
    of_commune = locality.coordinates
    return of_commune is None or (
        great_circle_km(pin, of_commune) <= farthest_km(locality.department_code)
    )


def _pin(record: Mapping[str, Any]) -> Coordinates | None:
    """Of the field for it, or of two columns."""
    return coordinates_of(record.get("location_coordinates")) or position(
        number_of(record.get("location_latitude")), number_of(record.get("location_longitude"))
    )


def _french_postcode(
    said: str | None, city: str | None, pin: Coordinates | None, gazetteer: Places
) -> str | None:
    """Five digits, also of `6000.0`, « F-69001 » and « 69001 CEDEX »; of 1220 when that zero was really lost."""
    if said is None or _FIVE_DIGITS_ALONE.fullmatch(said):
        return said
    text = _NUMBER_POINT.sub("", " ".join(said.split()))
    if five := _FIVE_DIGITS.search(text.replace(" ", "")):
        return five[0]
    if not _FOUR_DIGITS.fullmatch(text):
        return None
    padded = f"0{text}"
    communes = gazetteer.communes_of_postcode(padded)
    if not communes or not city:
        return padded if communes else None
    department = department_of_postcode(padded)
    is_of_city = any(
        each.department_code == department
        for each in gazetteer.communes_ever_named(bare_name(city))
    )
    return padded if is_of_city or (pin is not None and is_within(pin, communes[0])) else None


def _kept_postcode(postcode: str | None, place: _Place) -> str | None:
    if postcode is not None and not place.contradicts_postcode:
        return postcode
    return place.locality.postcode if place.locality else None


def _foreign_postcode(said: str | None, place: _Place) -> str | None:
    """As it was written, without the country's letters: 1201 stays 1201."""
    if place.locality is not None or place.contradicts_postcode:
        return None
    text = _COUNTRY_LETTERS.sub("", _NUMBER_POINT.sub("", " ".join((said or "").split())))
    return text[:12] or None


def _insee(text: str | None) -> str | None:
    code = (text or "").strip().upper()
    if len(code) == _INSEE_CHARACTERS - 1 and code.isdigit():
        code = f"0{code}"  # as spreadsheets do to 01000
    return code if len(code) == _INSEE_CHARACTERS else None


def _key(uid: str | None, name: str | None, address: str | None, city: str | None) -> str:
    if uid:
        return uid.strip()[:64]
    facts = "\x1f".join(folded(part or "") for part in (name, address, city))
    return f"~{hashlib.blake2b(facts.encode(), digest_size=10).hexdigest()}"


def timezone_of(record: Mapping[str, Any], venue: Venue | None) -> ZoneInfo:
    """The zone in which the venue's clocks run.

    Stated, else of its département or country, else Paris.
    """
    stated = text_of(record, "timezone")
    if stated:
        try:
            return ZoneInfo(stated)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            pass
    if venue is not None:
        code = venue.department_code or (venue.postcode or "")[:3]
        name = _OVERSEAS.get(code) or _ABROAD.get(venue.country_code)
        if name:
            return ZoneInfo(name)
    return ZoneInfo(DEFAULT_TIMEZONE)
