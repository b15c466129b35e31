"""The communes, départements and régions of France by code and by exact name. Pure.

Communes are built when asked for, so that loading stays fast and small. Enter through
`puls.geo.gazetteer.Gazetteer`, which adds what is forgiving.
"""

from collections.abc import Iterable, Iterator, Sequence

from puls.geo.distance import Coordinates
from puls.geo.names import fold, fold_place
from puls.geo.packed import PackedGazetteer
from puls.geo.places import Arrondissement, Commune, Department, Region

_FAR_MORE_POPULATED = 20  # Évry of Essonne (merged, 67,000) against Évry of Yonne (400)
_ARTICLES = ("le ", "la ", "les ", "l ")


class PlaceIndex:
    """Places by code and by exact name."""

    def __init__(self, packed: PackedGazetteer) -> None:
        self._packed = packed
        self._communes: dict[str, Commune] = {}
        self.regions = {
            code: Region(code, name) for code, name in (line.split("\t") for line in packed.regions)
        }
        self.departments = {
            code: Department(code, name, region_code)
            for code, name, region_code in (line.split("\t") for line in packed.departments)
        }
        self.arrondissements: dict[str, Arrondissement] = {}  # by postcode
        for line in packed.arrondissements:
            arrondissement = _arrondissement_from(line)
            self.arrondissements |= dict.fromkeys(arrondissement.postcodes, arrondissement)
        self._department_codes = {fold(each.name): each.code for each in self.departments.values()}
        self._region_codes = {fold(each.name): each.code for each in self.regions.values()}

    # By code

    def commune(self, code: str) -> Commune | None:
        """The commune of an INSEE code.

        Also when the code is that of a merged commune or an arrondissement.
        """
        known = self._communes.get(code)
        if known is not None:
            return known
        line = self._packed.communes.get(code)
        if line is None:
            new_code = self._packed.new_codes.get(code)
            return None if new_code is None or new_code == code else self.commune(new_code)
        self._communes[code] = known = self._commune_from(line)
        return known

    def communes(self) -> Iterator[Commune]:
        """Every commune of today, the most populated first."""
        return (self._commune_from(line) for line in self._packed.communes.values())

    def department(self, code: str) -> Department | None:
        return self.departments.get(code)

    def region(self, code: str) -> Region | None:
        return self.regions.get(code)

    def communes_of_postcode(self, postcode: str) -> tuple[Commune, ...]:
        """The most populated first."""
        return self.communes_of(self._packed.postcodes.get(postcode, "").split())

    def arrondissement(self, city_code: str, number: int) -> Arrondissement | None:
        for each in self.arrondissements.values():
            if each.city_code == city_code and each.number == number:
                return each
        return None

    def communes_of(self, codes: Iterable[str]) -> tuple[Commune, ...]:
        """The communes of these codes, each once, the most populated first."""
        found = {each.code: each for code in codes if (each := self.commune(code)) is not None}
        return tuple(sorted(found.values(), key=lambda each: -each.population))

    # By name

    def communes_named(self, name: str) -> tuple[Commune, ...]:
        """Communes of exactly that name, accents, case and « St » aside; the most populated first.

        Names of merged communes, postal localities and foreign spellings count when no commune
        bears the name today, or when the commune they belong to is far more populated than the
        village that does.
        """
        return self.communes_folded(fold_place(name))

    def communes_folded(self, folded: str) -> tuple[Commune, ...]:
        """The same for a name that `fold_place` has already folded."""
        own, other = self._packed.names.get(folded), self._packed.other_names.get(folded)
        if own is None and other is None:
            return ()
        named, called = (
            self.communes_of((own or "").split()),
            self.communes_of((other or "").split()),
        )
        if named and called:
            floor = _FAR_MORE_POPULATED * named[0].population
            called = tuple(each for each in called if each.population > floor and each not in named)
        return (*named, *called)

    def communes_ever_named(self, folded: str) -> tuple[Commune, ...]:
        """Communes of a folded name, now or before they merged, whatever their size."""
        names = self._packed.names.get(folded, ""), self._packed.other_names.get(folded, "")
        return self.communes_of(" ".join(names).split()) if folded else ()

    def communes_without_article(self, folded: str) -> tuple[Commune, ...]:
        """« Mans », « Baule Escoublac »: records drop the article."""
        names = (self._packed.names.get(article + folded, "") for article in _ARTICLES)
        return self.communes_of(" ".join(names).split())

    def is_a_name(self, folded: str) -> bool:
        """Whether a commune bears this folded name, now or before it merged."""
        return folded in self._packed.names or folded in self._packed.other_names

    def department_named(self, name: str) -> Department | None:
        return self.departments.get(self._department_codes.get(fold(name), ""))

    def region_named(self, name: str) -> Region | None:
        return self.regions.get(self._region_codes.get(fold(name), ""))

    def is_an_area(self, folded: str) -> bool:
        """Whether a département or a région bears this folded name."""
        return folded in self._department_codes or folded in self._region_codes

    def names_of_towns(self, population: int) -> Iterator[tuple[str, Sequence[str]]]:
        """Folded names borne today by a commune this populated, with their codes; the largest first."""
        for name, codes in self._packed.names.items():
            line = self._packed.communes[codes[:5]]
            if int(line.split("\t", 4)[3]) < population:
                return
            yield name, codes.split()

    def _commune_from(self, line: str) -> Commune:
        code, name, department, population, lat, lon, basis, postcodes = line.split("\t")
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


def _arrondissement_from(line: str) -> Arrondissement:
    code, city_code, number, lat, lon, postcodes = line.split("\t")
    at = Coordinates(float(lat), float(lon))
    return Arrondissement(code, city_code, int(number), tuple(postcodes.split()), at)
