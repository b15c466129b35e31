"""Where an event is: the record's location, completed and checked by the gazetteer.

Pure. Coordinates that cannot be (out of range, 0,0, far from the commune named) give way to the
commune's own.
"""

import hashlib
from collections.abc import Mapping
from typing import Any, Final, Protocol
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from puls.catalogue.event import Venue
from puls.geo.distance import Coordinates, great_circle_km
from puls.ingestion.records import coordinates_of, text_of
from puls.ingestion.text import folded, plain_line

# France's widest commune outside Guyana (Arles) spans 40 km and a venue may sit in the next one;
# beyond this the pin and the commune contradict each other. Guyana's communes are as large as
# départements.
FARTHEST_FROM_COMMUNE_KM: Final = 100.0
FARTHEST_IN_GUYANA_KM: Final = 300.0
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
_FRENCH_CODES: Final = frozenset(
    {"FR", "GP", "MQ", "GF", "RE", "YT", "NC", "PF", "PM", "BL", "MF", "WF"}
)
_POSTCODE_DIGITS: Final = 5
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


class Places(Protocol):
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
    postcode = _postcode(text_of(record, "location_postalcode"))
    pinned = coordinates_of(record.get("location_coordinates"))
    country = (text_of(record, "location_countrycode") or "FR").strip().upper()[:2]
    if not (name or address or city or postcode or pinned):
        return None
    locality = None
    if country in _FRENCH_CODES:
        locality = gazetteer.locate(
            city=city,
            postcode=postcode,
            insee=_insee(text_of(record, "location_insee")),
            department=plain_line(text_of(record, "location_department")),
            region=plain_line(text_of(record, "location_region")),
            address=address,
        )
    coordinates, is_approximate = _position(pinned, locality)
    return Venue(
        key=_key(text_of(record, "location_uid"), name, address, city),
        name=name,
        address=address,
        district=plain_line(text_of(record, "location_district")),
        postcode=postcode or (locality.postcode if locality else None),
        city=(locality.city if locality else None) or city,
        commune_code=locality.commune_code if locality else None,
        department_code=locality.department_code if locality else None,
        region_code=locality.region_code if locality else None,
        country_code=country,
        coordinates=coordinates,
        is_approximate=is_approximate,
    )


def _position(
    pinned: Coordinates | None, locality: Locality | None
) -> tuple[Coordinates | None, bool]:
    of_commune = locality.coordinates if locality else None
    if pinned is None:
        return of_commune, of_commune is not None
    if locality is None or of_commune is None:
        return pinned, False
    farthest = (
        FARTHEST_IN_GUYANA_KM if locality.department_code == "973" else FARTHEST_FROM_COMMUNE_KM
    )
    if great_circle_km(pinned, of_commune) > farthest:
        return of_commune, True
    return pinned, False


def _postcode(text: str | None) -> str | None:
    digits = "".join(letter for letter in text or "" if letter.isdigit())
    if len(digits) == _POSTCODE_DIGITS - 1 and digits == (text or "").strip():
        digits = f"0{digits}"  # spreadsheets drop the zero of 01000
    return digits if len(digits) == _POSTCODE_DIGITS else None


def _insee(text: str | None) -> str | None:
    code = (text or "").strip().upper()
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
