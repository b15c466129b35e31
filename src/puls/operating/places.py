"""The codes of places that turns are counted by, as names. Pure.

A code is made by the database (migration 0058): `c69123` a commune, `p69003` a postcode, `d69` a département, `r84` a région,
`n45.8,4.9` a circle around a point rounded to a tenth of a degree, `visitor` « près de moi », empty for anywhere.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import Literal

from puls.geo.distance import Coordinates, great_circle_km
from puls.geo.gazetteer import Gazetteer
from puls.geo.places import Commune

Language = Literal["fr", "en"]
_TOWN = 5_000  # inhabitants: a circle is named after the nearest town of that size
_NAMES_KEPT = 4_096
_FARTHEST_KM = 60.0


class PlaceNames:
    """Names from the gazetteer; those of circles are remembered, since they look at every town."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        self._around = lru_cache(maxsize=_NAMES_KEPT)(self._nearest_town)

    def name(self, code: str, language: Language) -> str:
        """The place in words; the code itself when it names nothing we know."""
        kind, rest = code[:1], code[1:]
        if code == "":
            return "Partout" if language == "fr" else "Anywhere"
        if code == "visitor":
            return "Près du visiteur" if language == "fr" else "Near the visitor"
        if kind == "n":
            town = self._around(rest)
            if town is None:
                return code
            return f"Autour de {town}" if language == "fr" else f"Around {town}"
        return self._area(kind, rest) or code

    def _area(self, kind: str, code: str) -> str | None:
        match kind:
            case "c":
                commune = self._gazetteer.commune(code)
                return f"{commune.name} ({commune.department_code})" if commune else None
            case "p":
                communes = self._gazetteer.communes_of_postcode(code)
                return f"{communes[0].name} {code}" if communes else None
            case "d":
                department = self._gazetteer.department(code)
                return department.name if department else None
            case "r":
                region = self._gazetteer.region(code)
                return region.name if region else None
            case _:
                return None

    def _nearest_town(self, position: str) -> str | None:
        lat, _, lon = position.partition(",")
        try:
            center = Coordinates(float(lat), float(lon))
        except ValueError:
            return None
        near = [
            (great_circle_km(center, commune.coordinates), commune.name)
            for commune in self._towns()
        ]
        distance_km, name = min(near, default=(_FARTHEST_KM, ""))
        return name if distance_km < _FARTHEST_KM else None

    def _towns(self) -> Iterator[Commune]:
        for commune in self._gazetteer.communes():  # the most populated first
            if commune.population < _TOWN:
                return
            yield commune
