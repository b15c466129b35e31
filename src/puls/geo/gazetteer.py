"""The communes, départements and régions of France.

Find them by name, code or the messy fields of a record. Pure.

Reads the committed `data/gazetteer.tsv.gz` (sources in `data/README.md`) once; never asks a
network. Enter at `Gazetteer.load`, then `locate` for the place fields of a record and
`communes_named` for a name in a question.
"""

import math
from collections.abc import Sequence
from functools import cache, lru_cache

from puls.geo.distance import Coordinates, great_circle_km
from puls.geo.localities import (
    CITIES_WITH_ARRONDISSEMENTS,
    OVERSEAS,
    POSTCODE,
    department_of_postcode,
    locality_of,
)
from puls.geo.names import fold_place
from puls.geo.packed import PackedGazetteer, read_packed
from puls.geo.place_index import PlaceIndex
from puls.geo.places import Arrondissement, Commune, Department, Locality, Region
from puls.geo.spelling import Spellings

__all__ = [
    "CITIES_WITH_ARRONDISSEMENTS",
    "Arrondissement",
    "Commune",
    "Department",
    "Gazetteer",
    "Locality",
    "Region",
    "department_of_postcode",
]

_LOCALITIES_REMEMBERED = 131_072
_SLIPS_PER_TENFOLD = 0.62  # one slip is worth forty times the people


class Gazetteer(PlaceIndex):
    """Places of France by code and by name, slips of the keyboard and messy records forgiven."""

    def __init__(self, packed: PackedGazetteer) -> None:
        super().__init__(packed)
        self._spellings = Spellings(self)
        self._locality_remembered = lru_cache(maxsize=_LOCALITIES_REMEMBERED)(self._locality_of)

    @staticmethod
    @cache
    def load() -> "Gazetteer":
        """The committed gazetteer; read once per process."""
        return Gazetteer(read_packed())

    def communes_spelt_like(self, name: str, *, population: int = 2_000) -> tuple[Commune, ...]:
        """Towns whose name is one slip of the keyboard away (two in a long name).

        The likeliest name only: a slip more is forgiven for a town forty times as populated
        (« monpelier »). Guarded: five letters at least, the same first letter.
        """
        likeliest: tuple[Commune, ...] = ()
        least = math.inf
        for slips, codes in self._spellings.slips(fold_place(name)):
            named = tuple(each for each in self.communes_of(codes) if each.population >= population)
            doubt = slips - _SLIPS_PER_TENFOLD * math.log10(named[0].population) if named else least
            if doubt < least:
                likeliest, least = named, doubt
        return likeliest

    def communes_run_together(self, letters: str) -> tuple[Commune, ...]:
        """Towns whose name is written without its spaces: « saintetienne »; the most populated first."""
        return self.communes_of(self._spellings.run_together(letters))

    @lru_cache(maxsize=4_096)  # noqa: B019 - the one gazetteer of a process
    def communes_called(self, short: str, *, population: int = 5_000) -> tuple[Commune, ...]:
        """Towns whose name begins with these words, or whose second name is this: « Chilly » is Chilly-Mazarin, « Hossegor » Soorts-Hossegor.

        The most populated first.
        """
        folded = fold_place(short)
        found = self.communes_of(self._spellings.beginning(folded)) or self.communes_of(
            self._spellings.double(folded)
        )
        return tuple(each for each in found if each.population >= population)

    def nearest(self, communes: Sequence[Commune], at: Coordinates | None) -> tuple[Commune, ...]:
        """The same communes, best first.

        Near the visitor when a position is known, else the most populated.

        A large town far away still beats a hamlet next door: distance counts against the logarithm
        of population.
        """
        if at is None:
            return tuple(sorted(communes, key=_obscurity))
        return tuple(sorted(communes, key=lambda each: _remoteness(each, at)))

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
        from_address = POSTCODE.findall(address) if address and not postcode else ()
        return self._locality_remembered(
            city or "",
            postcode or "",
            insee or "",
            department or "",
            region or "",
            from_address[-1] if from_address else "",
        )

    def _locality_of(self, *fields: str) -> Locality | None:
        city, postcode, insee, department, region, address_postcode = fields
        return locality_of(
            self, self._spellings, city, postcode, insee, department, region, address_postcode
        )


def _obscurity(commune: Commune) -> float:
    """Less populated, and overseas when nothing says so.

    Saint-Denis is first the one near Paris.
    """
    return -commune.population * (0.25 if commune.department_code.startswith(OVERSEAS) else 1.0)


def _remoteness(commune: Commune, at: Coordinates) -> float:
    """Kilometres, made shorter by population: ten times the people is worth twice the way."""
    return great_circle_km(commune.coordinates, at) / math.pow(commune.population + 100.0, 0.3)
