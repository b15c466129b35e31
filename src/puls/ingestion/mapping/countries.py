"""Which country a record means, from a code, a name, or the way a postcode is written. Pure. Enter at `country_of`."""

import re
from collections.abc import Mapping
from typing import Any, Final

from puls.ingestion.mapping.records import text_of
from puls.ingestion.mapping.text import folded

FRENCH: Final = frozenset({"FR", "GP", "MQ", "GF", "RE", "YT", "NC", "PF", "PM", "BL", "MF", "WF"})
_NAMES: Final = {
    "france": "FR", "fra": "FR", "metropole": "FR", "suisse": "CH", "switzerland": "CH", "schweiz": "CH",
    "svizzera": "CH", "che": "CH", "belgique": "BE", "belgium": "BE", "belgie": "BE", "belgien": "BE", "bel": "BE",
    "luxembourg": "LU", "luxemburg": "LU", "lux": "LU", "allemagne": "DE", "germany": "DE", "deutschland": "DE",
    "deu": "DE", "italie": "IT", "italy": "IT", "italia": "IT", "ita": "IT", "espagne": "ES", "spain": "ES",
    "espana": "ES", "esp": "ES", "royaume uni": "GB", "united kingdom": "GB", "angleterre": "GB", "ecosse": "GB",
    "pays de galles": "GB", "gbr": "GB", "uk": "GB", "irlande": "IE", "ireland": "IE", "irl": "IE",
    "portugal": "PT", "prt": "PT", "pays bas": "NL", "netherlands": "NL", "nederland": "NL", "nld": "NL",
    "monaco": "MC", "mco": "MC", "andorre": "AD", "andorra": "AD", "maroc": "MA", "morocco": "MA", "tunisie": "TN",
    "algerie": "DZ", "senegal": "SN", "canada": "CA", "quebec": "CA", "can": "CA", "liban": "LB", "vietnam": "VN",
    "guadeloupe": "GP", "martinique": "MQ", "guyane": "GF", "guyane francaise": "GF", "la reunion": "RE",
    "reunion": "RE", "mayotte": "YT", "nouvelle caledonie": "NC", "polynesie francaise": "PF",
    "saint pierre et miquelon": "PM", "saint barthelemy": "BL", "saint martin": "MF", "wallis et futuna": "WF",
    "etats unis": "US", "united states": "US", "usa": "US", "autriche": "AT", "pologne": "PL", "japon": "JP",
}  # fmt: skip
_WORD: Final = re.compile(r"[a-z]+")
_CODE: Final = re.compile(r"[A-Za-z]{2}")
_LETTERS_BEFORE: Final = re.compile(
    r"\s*(CH|BE?|LU?|DE?|IT?|ES?|NL|AT?|FR?|PT?|MC|AD)[ -]*\d{4,5}\b", re.IGNORECASE
)
_BEFORE_CITY: Final = re.compile(r"\s*(CH|BE|LU|DE|IT|ES|NL|AT|PT|MC|AD)-\d{4,5}\b")
_SHORT: Final = {
    "B": "BE",
    "L": "LU",
    "D": "DE",
    "I": "IT",
    "E": "ES",
    "A": "AT",
    "F": "FR",
    "P": "PT",
}


def country_of(record: Mapping[str, Any]) -> str:
    """Its code of two letters; France when nothing says otherwise."""
    if record.get("location_countrycode") == "FR":
        return "FR"
    for key in ("location_countrycode", "country_fr", "location_country"):
        said = (text_of(record, key) or "").strip()
        if not said:
            continue
        words = " ".join(_WORD.findall(folded(said)))
        found = _NAMES.get(words) or _NAMES.get(words.partition(" ")[0])
        if found is None and _CODE.fullmatch(said):
            found = said.upper()
        if found is not None and (found != "FR" or key == "location_countrycode"):
            return found
    letters = _LETTERS_BEFORE.match(text_of(record, "location_postalcode") or "")
    letters = letters or _BEFORE_CITY.match(text_of(record, "location_city") or "")
    if letters is not None:
        code = letters[1].upper()
        return _SHORT.get(code, code)
    return "FR"
