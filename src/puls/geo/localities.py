"""The messy place fields of a record as one locality. Pure. Enter at `locality_of`."""

import re
from collections.abc import Iterable, Sequence

from rapidfuzz.distance import DamerauLevenshtein

from puls.geo.names import fold_place
from puls.geo.place_index import PlaceIndex
from puls.geo.places import Commune, Locality
from puls.geo.spelling import Spellings

CITIES_WITH_ARRONDISSEMENTS = {"paris": "75056", "lyon": "69123", "marseille": "13055"}
POSTCODE = re.compile(r"(?<!\d)\d{5}(?!\d)")
OVERSEAS = ("97", "98")
_ARRONDISSEMENT = re.compile(
    r"^(paris|lyon|marseille) (?:(?:\d{5} )?)0?(\d{1,2}) ?(?:er|e|eme|ieme|nd|nde)?(?: arr\w*)?$"
)
_SPACES_IN_POSTCODE = re.compile(r"\s+")
_ALIKE = 0.75  # share of letters in common under one postcode
_POSTCODE_LENGTH = 5


def locality_of(  # noqa: PLR0917 - internal, always in this order
    index: PlaceIndex,
    spellings: Spellings,
    city: str,
    postcode: str,
    insee: str,
    department: str,
    region: str,
    address_postcode: str,
) -> Locality | None:
    """See `Gazetteer.locate`; an empty field says nothing."""
    finder = _Finder(index, spellings)
    in_city = POSTCODE.search(city)
    postcode = _clean_postcode(postcode) or (in_city[0] if in_city else "")
    name = fold_place(POSTCODE.sub("", city))
    if in_arrondissement := _ARRONDISSEMENT.match(name):
        name = in_arrondissement[1]
        arrondissement = index.arrondissement(
            CITIES_WITH_ARRONDISSEMENTS[name], int(in_arrondissement[2])
        )
        if arrondissement and postcode not in arrondissement.postcodes:
            postcode = arrondissement.postcodes[0]
    if commune := index.commune(insee):
        known_postcode = postcode or address_postcode or _postcode_of_arrondissement(index, insee)
        return _locality(index, commune, known_postcode)
    by_name = index.department_named(department)
    department_code = by_name.code if by_name else ""
    commune = (
        finder.by_fields(name, postcode or address_postcode, department_code, region)
        if postcode or not index.is_a_name(name)
        else finder.by_name(name, address_postcode, department_code, region)
    )
    if commune is not None:
        return _locality(index, commune, postcode or address_postcode)
    known = index.department(
        department_code or department_of_postcode(postcode or address_postcode)
    )
    if known is None:
        return None
    return Locality(None, None, None, known.code, known.region_code, None, is_approximate=True)


class _Finder:
    """The commune that a name, a postcode, a département and a région agree on."""

    def __init__(self, index: PlaceIndex, spellings: Spellings) -> None:
        self._index = index
        self._spellings = spellings

    def by_fields(
        self, name: str, postcode: str, department_code: str, region: str
    ) -> Commune | None:
        """The postcode rules, unless the city and the département agree against it."""
        named = self._index.communes_ever_named(name)
        of_postcode = self._index.communes_of_postcode(postcode)
        return (
            _first(each for each in named if postcode in each.postcodes)
            or _first(
                each for each in named if each.department_code == department_of_postcode(postcode)
            )
            or _first(each for each in named if each.department_code == department_code)
            or _alike(name, of_postcode)
            or _first(of_postcode)
            or self.by_name(name, postcode, department_code, region)
        )

    def by_name(
        self, name: str, postcode: str, department_code: str, region: str
    ) -> Commune | None:
        """The city rules; a postcode found in the address only tells namesakes apart."""
        named = self._index.communes_ever_named(name)
        known_region = self._index.region_named(region)
        region_code = known_region.code if known_region else ""
        chosen = (
            _first(each for each in named if postcode in each.postcodes)
            or _first(
                each for each in named if each.department_code == department_of_postcode(postcode)
            )
            or _first(each for each in named if each.department_code == department_code)
            or _first(each for each in named if each.region_code == region_code)
        )
        if chosen is None and department_code:
            like = (
                *self._index.communes_without_article(name),
                *self._index.communes_of(self._spellings.like(name)),
            )
            return _first(each for each in like if each.department_code == department_code)
        if chosen is None and not region_code:
            return _first(named) or _first(self._index.communes_without_article(name))
        return chosen


def _locality(index: PlaceIndex, commune: Commune, postcode: str) -> Locality:
    arrondissement = index.arrondissements.get(postcode)
    coordinates = commune.coordinates
    if arrondissement and arrondissement.city_code == commune.code:
        coordinates = arrondissement.coordinates
    elif postcode not in commune.postcodes:
        postcode = commune.postcodes[0] if len(commune.postcodes) == 1 else ""
    return Locality(
        commune_code=commune.code,
        city=commune.name,
        postcode=postcode or None,
        department_code=commune.department_code,
        region_code=commune.region_code,
        coordinates=coordinates,
        is_approximate=commune.is_approximate,
    )


def department_of_postcode(postcode: str) -> str:
    """« 26000 » → 26, « 97400 » → 974, « 20200 » → 2B; empty when it is no postcode."""
    if len(postcode) != _POSTCODE_LENGTH:
        return ""
    if postcode.startswith(OVERSEAS):
        return postcode[:3]
    if postcode.startswith("20"):
        return "2A" if postcode[2] in "01" else "2B"
    return postcode[:2]


def _postcode_of_arrondissement(index: PlaceIndex, insee: str) -> str:
    return next(
        (each.postcodes[0] for each in index.arrondissements.values() if each.code == insee), ""
    )


def _clean_postcode(postcode: str) -> str:
    digits = _SPACES_IN_POSTCODE.sub("", postcode)
    if len(digits) == _POSTCODE_LENGTH - 1 and digits.isdigit():
        digits = "0" + digits  # a spreadsheet dropped it
    is_clean = len(digits) == _POSTCODE_LENGTH and digits.isascii() and digits.isdigit()
    return digits if is_clean else ""


def _first(communes: Iterable[Commune]) -> Commune | None:
    return next(iter(communes), None)


def _alike(name: str, communes: Sequence[Commune]) -> Commune | None:
    """The commune of a postcode that the city's spelling means.

    « Montelimard »; « Aix » under 13100.
    """
    if not name:
        return None
    for each in communes:
        own = fold_place(each.name)
        if own.startswith(name + " ") or name.startswith(own + " "):
            return each
    close = [
        (DamerauLevenshtein.normalized_similarity(name, fold_place(each.name)), each)
        for each in communes
    ]
    similarity, best = max(close, key=lambda pair: pair[0], default=(0.0, None))
    return best if similarity >= _ALIKE else None
