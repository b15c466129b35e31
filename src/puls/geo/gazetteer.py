"""The communes, départements and régions of France.

Find them by name, code or the messy fields of a record. Pure.

Reads the committed `data/gazetteer.tsv.gz` (sources in `data/README.md`) once; never asks a
network. Enter at `Gazetteer.load`, then `locate` for the place fields of a record and
`communes_named` for a name in a question.
"""

import gzip
import math
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources

from rapidfuzz.distance import DamerauLevenshtein

from puls.geo.distance import Coordinates, great_circle_km
from puls.geo.names import fold, fold_place

_CITIES_WITH_ARRONDISSEMENTS = {"paris": "75056", "lyon": "69123", "marseille": "13055"}
_ARRONDISSEMENT = re.compile(
    r"^(paris|lyon|marseille) (?:(?:\d{5} )?)0?(\d{1,2}) ?(?:er|e|eme|ieme|nd|nde)?(?: arr\w*)?$"
)
_POSTCODE = re.compile(r"(?<!\d)\d{5}(?!\d)")
_SPACES_IN_POSTCODE = re.compile(r"\s+")
_ARTICLES = ("le ", "la ", "les ", "l ")
_LOCALITIES_REMEMBERED = 131_072
_OVERSEAS = ("97", "98")
_TOWN = 2_000
_FAR_MORE_POPULATED = 20  # Évry of Essonne (merged, 67,000) against Évry of Yonne (400)


@dataclass(frozen=True, slots=True)
class Region:
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Department:
    """A département, or an overseas collectivity, which is both département and région."""

    code: str
    name: str
    region_code: str


@dataclass(frozen=True, slots=True)
class Commune:
    """A commune as it is today.

    `is_approximate` when its coordinates are those of its neighbours.
    """

    code: str
    name: str
    postcodes: tuple[str, ...]
    department_code: str
    region_code: str
    population: int
    coordinates: Coordinates
    is_approximate: bool


@dataclass(frozen=True, slots=True)
class Arrondissement:
    """A municipal arrondissement of Paris, Lyon or Marseille."""

    code: str
    city_code: str
    number: int
    postcodes: tuple[str, ...]
    coordinates: Coordinates


@dataclass(frozen=True, slots=True)
class Locality:
    """Where a record takes place, as far as its fields tell.

    Without a commune only the département is known.
    """

    commune_code: str | None
    city: str | None
    postcode: str | None
    department_code: str
    region_code: str
    coordinates: Coordinates | None
    is_approximate: bool


class Gazetteer:
    """Places of France by code and by name. Communes are built when asked for.

    Loading stays fast and small.
    """

    def __init__(self, lines: Iterable[str]) -> None:
        self.regions: dict[str, Region] = {}
        self.departments: dict[str, Department] = {}
        self.arrondissements: dict[str, Arrondissement] = {}  # by postcode
        self._lines: dict[str, str] = {}
        self._communes: dict[str, Commune] = {}
        self._new_codes: dict[str, str] = {}
        names: dict[str, list[str]] = defaultdict(list)
        other_names: dict[str, list[str]] = defaultdict(list)
        postcodes: dict[str, list[str]] = defaultdict(list)
        for line in lines:
            match line[0]:
                case "C":
                    _, code, name, _, _, _, _, _, own_postcodes = line.rstrip("\n").split("\t")
                    self._lines[code] = line
                    names[fold_place.__wrapped__(name)].append(code)
                    for postcode in own_postcodes.split():
                        postcodes[postcode].append(code)
                case "N":
                    _, code, name, _, old_code = line.rstrip("\n").split("\t")
                    other_names[fold_place.__wrapped__(name)].append(code)
                    if old_code:
                        self._new_codes.setdefault(old_code, code)
                case "O":
                    _, old_code, code = line.rstrip("\n").split("\t")
                    self._new_codes.setdefault(old_code, code)
                case "A":
                    self._add_arrondissement(line)
                case "D":
                    _, code, name, region_code = line.rstrip("\n").split("\t")
                    self.departments[code] = Department(code, name, region_code)
                case _:
                    _, code, name = line.rstrip("\n").split("\t")
                    self.regions[code] = Region(code, name)
        self._by_name: Mapping[str, Sequence[str]] = names
        self._by_other_name: Mapping[str, Sequence[str]] = other_names
        self._by_postcode: Mapping[str, Sequence[str]] = postcodes
        self._department_codes = {fold(each.name): each.code for each in self.departments.values()}
        self._region_codes = {fold(each.name): each.code for each in self.regions.values()}
        self._spelling_buckets: dict[str, list[str]] | None = None
        self._resolve_remembered = lru_cache(maxsize=_LOCALITIES_REMEMBERED)(self._resolve)

    @staticmethod
    @cache
    def load() -> "Gazetteer":
        """The committed gazetteer; read once per process."""
        packed = resources.files("puls.geo").joinpath("data/gazetteer.tsv.gz").read_bytes()
        return Gazetteer(gzip.decompress(packed).decode().splitlines())

    def _add_arrondissement(self, line: str) -> None:
        _, code, city_code, number, lat, lon, postcodes = line.rstrip("\n").split("\t")
        at = Coordinates(float(lat), float(lon))
        arrondissement = Arrondissement(code, city_code, int(number), tuple(postcodes.split()), at)
        self._new_codes[code] = city_code
        for postcode in arrondissement.postcodes:
            self.arrondissements[postcode] = arrondissement

    # By code

    def commune(self, code: str) -> Commune | None:
        """The commune of an INSEE code.

        Also when the code is that of a merged commune or an arrondissement.
        """
        line = self._lines.get(code)
        if line is None:
            new_code = self._new_codes.get(code)
            return None if new_code is None or new_code == code else self.commune(new_code)
        known = self._communes.get(code)
        if known is None:
            known = self._communes[code] = self._commune_from(line)
        return known

    def _commune_from(self, line: str) -> Commune:
        _, code, name, department, population, lat, lon, basis, postcodes = line.rstrip("\n").split(
            "\t"
        )
        return Commune(
            code=code,
            name=name,
            postcodes=tuple(postcodes.split()),
            department_code=department,
            region_code=self.departments[department].region_code,
            population=int(population),
            coordinates=Coordinates(float(lat), float(lon)),
            is_approximate=bool(basis),
        )

    def communes(self) -> Iterator[Commune]:
        """Every commune of today."""
        return (self._commune_from(line) for line in self._lines.values())

    def department(self, code: str) -> Department | None:
        return self.departments.get(code)

    def region(self, code: str) -> Region | None:
        return self.regions.get(code)

    def communes_of_postcode(self, postcode: str) -> tuple[Commune, ...]:
        """The most populated first."""
        return self._communes_of(self._by_postcode.get(postcode, ()))

    def arrondissement(self, city_code: str, number: int) -> Arrondissement | None:
        for each in self.arrondissements.values():
            if each.city_code == city_code and each.number == number:
                return each
        return None

    # By name

    def communes_named(self, name: str) -> tuple[Commune, ...]:
        """Communes of exactly that name, accents, case and « St » aside; the most populated first.

        Names of merged communes, postal localities and foreign spellings count when no commune
        bears the name today, or when the commune they belong to is far more populated than the
        village that does.
        """
        return self._communes_of(self._codes_named(fold_place(name)))

    def _codes_named(self, folded: str) -> Sequence[str]:
        own, other = self._by_name.get(folded, ()), self._by_other_name.get(folded, ())
        if own and other:
            largest = max(self._population(code) for code in own)
            other = [
                code for code in other if self._population(code) > _FAR_MORE_POPULATED * largest
            ]
        return (*own, *other)

    def _population(self, code: str) -> int:
        return int(self._lines[code].split("\t")[4])

    def _communes_of(self, codes: Iterable[str]) -> tuple[Commune, ...]:
        found = (self.commune(code) for code in dict.fromkeys(codes))
        return tuple(sorted((each for each in found if each), key=lambda each: -each.population))

    def communes_spelt_like(self, name: str, *, population: int = 2_000) -> tuple[Commune, ...]:
        """Communes whose name is one slip of the keyboard away (two in a long name).

        The most populated first.

        Guarded: five letters at least, the same first letter, and towns only, since a village
        resembles any word.
        """
        folded = fold_place(name)
        if len(folded) < 5:  # noqa: PLR2004 - the number says itself
            return ()
        allowed = 1 if len(folded) < 9 else 2  # noqa: PLR2004 - the number says itself
        near = [
            (distance, known)
            for known in self._spellings().get(folded[0], ())
            if abs(len(known) - len(folded)) <= allowed
            and (distance := DamerauLevenshtein.distance(folded, known, score_cutoff=allowed))
            <= allowed
        ]
        if not near:
            return ()
        closest = min(distance for distance, _ in near)
        alike = self._communes_of(
            code for distance, known in near if distance == closest for code in self._by_name[known]
        )
        return tuple(each for each in alike if each.population >= population)

    def _spellings(self) -> dict[str, list[str]]:
        if self._spelling_buckets is None:
            buckets: dict[str, list[str]] = defaultdict(list)
            for known, codes in self._by_name.items():
                if len(known) > 4 and self._population(codes[0]) >= _TOWN:  # noqa: PLR2004 - the number says itself
                    buckets[known[0]].append(known)
            self._spelling_buckets = buckets
        return self._spelling_buckets

    @lru_cache(maxsize=1_024)  # noqa: B019 - one gazetteer per process
    def communes_called(self, short: str, population: int = 5_000) -> tuple[Commune, ...]:
        """Towns whose name begins with these words: « Chilly » is Chilly-Mazarin.

        The most populated first.
        """
        beginning = fold_place(short) + " "
        return self._communes_of(
            code
            for known, codes in self._by_name.items()
            if known.startswith(beginning)
            for code in codes
            if self._population(code) >= population
        )

    def is_a_name(self, folded: str) -> bool:
        """Whether a commune bears this folded name, now or before it merged."""
        return folded in self._by_name or folded in self._by_other_name

    def department_named(self, name: str) -> Department | None:
        return self.departments.get(self._department_codes.get(fold(name), ""))

    def region_named(self, name: str) -> Region | None:
        return self.regions.get(self._region_codes.get(fold(name), ""))

    def nearest(self, communes: Sequence[Commune], at: Coordinates | None) -> tuple[Commune, ...]:
        """The same communes, best first.

        Near the visitor when a position is known, else the most populated.

        A large town far away still beats a hamlet next door: distance counts against the logarithm
        of population.
        """
        if at is None:
            return tuple(sorted(communes, key=_obscurity))
        return tuple(sorted(communes, key=lambda each: _remoteness(each, at)))

    # From the fields of a record

    def locate(
        self,
        *,
        city: str | None,
        postcode: str | None,
        insee: str | None = None,
        department: str | None = None,
        region: str | None = None,
        address: str | None = None,
    ) -> Locality | None:
        """Where a record takes place; None when its fields name no place in France.

        Trusted in this order: INSEE code, city with postcode, city with département, postcode, then
        the most populated commune of that name. A city that contradicts the postcode gives way,
        unless the département is on its side.
        """
        from_address = _POSTCODE.findall(address) if address and not postcode else ()
        return self._resolve_remembered(
            city or "",
            postcode or "",
            insee or "",
            department or "",
            region or "",
            from_address[-1] if from_address else "",
        )

    def _resolve(  # noqa: PLR0917 - internal, always in this order
        self,
        city: str,
        postcode: str,
        insee: str,
        department: str,
        region: str,
        address_postcode: str,
    ) -> Locality | None:
        in_city = _POSTCODE.search(city)
        postcode = _clean_postcode(postcode) or (in_city[0] if in_city else "")
        name = fold_place(_POSTCODE.sub("", city))
        if in_arrondissement := _ARRONDISSEMENT.match(name):
            name = in_arrondissement[1]
            arrondissement = self.arrondissement(
                _CITIES_WITH_ARRONDISSEMENTS[name], int(in_arrondissement[2])
            )
            if arrondissement and postcode not in arrondissement.postcodes:
                postcode = arrondissement.postcodes[0]
        if commune := self.commune(insee):
            return self._locality(
                commune, postcode or address_postcode or self._postcode_of_arrondissement(insee)
            )
        department_code = self._department_codes.get(fold(department), "")
        commune = (
            self._commune_by_fields(name, postcode or address_postcode, department_code, region)
            if postcode or not self.is_a_name(name)
            else self._commune_by_name(name, address_postcode, department_code, region)
        )
        if commune is not None:
            return self._locality(commune, postcode or address_postcode)
        known = self.departments.get(
            department_code or department_of_postcode(postcode or address_postcode)
        )
        if known is None:
            return None
        return Locality(None, None, None, known.code, known.region_code, None, is_approximate=True)

    def _commune_by_fields(
        self, name: str, postcode: str, department_code: str, region: str
    ) -> Commune | None:
        """The postcode rules, unless the city and the département agree against it."""
        named = self._named(name)
        of_postcode = self.communes_of_postcode(postcode)
        return (
            _first(each for each in named if postcode in each.postcodes)
            or _first(
                each for each in named if each.department_code == department_of_postcode(postcode)
            )
            or _first(each for each in named if each.department_code == department_code)
            or _alike(name, of_postcode)
            or _first(of_postcode)
            or self._commune_by_name(name, postcode, department_code, region)
        )

    def _commune_by_name(
        self, name: str, postcode: str, department_code: str, region: str
    ) -> Commune | None:
        """The city rules; a postcode found in the address only tells namesakes apart."""
        named = self._named(name)
        region_code = self._region_codes.get(fold(region), "")
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
                *self._communes_of(self._without_article(name)),
                *self.communes_spelt_like(name),
            )
            return _first(each for each in like if each.department_code == department_code)
        if chosen is None and not region_code:
            return _first(named) or _first(self._communes_of(self._without_article(name)))
        return chosen

    def _named(self, name: str) -> tuple[Commune, ...]:
        return (
            self._communes_of((*self._by_name.get(name, ()), *self._by_other_name.get(name, ())))
            if name
            else ()
        )

    def _without_article(self, name: str) -> Sequence[str]:
        """« Mans », « Baule Escoublac »: records drop the article."""
        return [code for article in _ARTICLES for code in self._by_name.get(article + name, ())]

    def _locality(self, commune: Commune, postcode: str) -> Locality:
        arrondissement = self.arrondissements.get(postcode)
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

    def _postcode_of_arrondissement(self, insee: str) -> str:
        return next(
            (each.postcodes[0] for each in self.arrondissements.values() if each.code == insee), ""
        )


def department_of_postcode(postcode: str) -> str:
    """« 26000 » → 26, « 97400 » → 974, « 20200 » → 2B; empty when it is no postcode."""
    if len(postcode) != 5:  # noqa: PLR2004 - the number says itself
        return ""
    if postcode.startswith(_OVERSEAS):
        return postcode[:3]
    if postcode.startswith("20"):
        return "2A" if postcode[2] in "01" else "2B"
    return postcode[:2]


def _clean_postcode(postcode: str) -> str:
    digits = _SPACES_IN_POSTCODE.sub("", postcode)
    if len(digits) == 4 and digits.isdigit():  # noqa: PLR2004 - the number says itself
        digits = "0" + digits
    return digits if len(digits) == 5 and digits.isascii() and digits.isdigit() else ""  # noqa: PLR2004 - the number says itself


def _first(communes: Iterable[Commune]) -> Commune | None:
    return next(iter(communes), None)


def _alike(name: str, communes: Sequence[Commune]) -> Commune | None:
    """The commune of a postcode that the city's spelling means: « Montelimard ».

    « Aix » under 13100.
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
    return best if similarity >= 0.75 else None  # noqa: PLR2004 - the number says itself


def _obscurity(commune: Commune) -> float:
    """Less populated, and overseas when nothing says so.

    Saint-Denis is first the one near Paris.
    """
    return -commune.population * (0.25 if commune.department_code.startswith(_OVERSEAS) else 1.0)


def _remoteness(commune: Commune, at: Coordinates) -> float:
    """Kilometres, made shorter by population: ten times the people is worth twice the way."""
    return great_circle_km(commune.coordinates, at) / math.pow(commune.population + 100.0, 0.3)
