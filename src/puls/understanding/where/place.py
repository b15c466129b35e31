"""A place that a message names, before it is decided which of them is meant. Pure values."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from puls.geo.areas import Area
from puls.geo.distance import Coordinates
from puls.geo.gazetteer import Commune, Department, Gazetteer, Region
from puls.geo.names import fold
from puls.understanding.where.context import ORDINARY_WORDS
from puls.understanding.wish import Near, Where

FIRM, LIKELY, WEAK, BARE = 4, 3, 2, 1
"""How surely the words mean a place: « à Tours », a slip in a name, « visite de Tours », « tours » alone."""

_OTHERS_WORTH_NAMING = 200  # inhabitants; and a twentieth of the one taken
_SMALLER = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place that was named, between two words of the message, the last included.

    `candidates` are the communes that the name may mean, best first; `others` those worth offering;
    `rivals` what else the name may mean. `within` are the communes that a quarter lies in. `is_wide`: no centre for « à 10 km de ».
    `is_slip`: the name was mended. `beyond`: the name is no place of France, or of no place that is known.
    """

    first: int
    last: int
    strength: int
    label: str
    commune_codes: tuple[str, ...] = ()
    postcodes: tuple[str, ...] = ()
    department_codes: tuple[str, ...] = ()
    region_codes: tuple[str, ...] = ()
    near: Near | None = None
    center: Coordinates | None = None
    population: int = 0
    is_wide: bool = False
    is_slip: bool = False
    others: tuple[Commune, ...] = ()
    candidates: tuple[Commune, ...] = ()
    rivals: tuple[Where, ...] = ()
    within: tuple[str, ...] = ()
    area: Area | None = None
    beyond: Literal["abroad", "unknown"] | None = None

    def where(self) -> Where:
        """The place as an area to look in."""
        return Where(
            label=self.label,
            commune_codes=self.commune_codes,
            postcodes=self.postcodes,
            department_codes=self.department_codes,
            region_codes=self.region_codes,
            near=self.near,
        )


def place_of_commune(ranked: Sequence[Commune], first: int, last: int, strength: int) -> Place:
    """The first of communes that bear one name; the others are offered when they count."""
    best = ranked[0]
    floor = max(_OTHERS_WORTH_NAMING, best.population // _SMALLER)
    others = tuple(each for each in ranked[1:] if each.population >= floor)
    return Place(
        first=first,
        last=last,
        strength=strength,
        label=numbered(best) if others else best.name,
        commune_codes=(best.code,),
        center=best.coordinates,
        population=best.population,
        others=others,
        candidates=tuple(ranked),
    )


def place_of_area(area: Area, first: int, last: int, strength: int) -> Place:
    """An area of ours: a circle, whole départements, or the arrondissements a quarter lies in."""
    near = (
        Near(center=area.center, radius_km=area.radius_km)
        if area.is_circle and area.center
        else None
    )
    return Place(
        first=first,
        last=last,
        strength=strength,
        label=area.label,
        postcodes=area.postcodes,
        department_codes=area.department_codes,
        near=near,
        center=area.center,
        is_wide=not area.city_codes,
        within=area.city_codes,
        area=area if area.is_circle or area.postcodes else None,
    )


def place_of_department(department: Department, first: int, last: int, strength: int) -> Place:
    codes = (department.code,)
    return Place(
        first=first,
        last=last,
        strength=strength,
        label=department_label(department),
        department_codes=codes,
        is_wide=True,
    )


def place_of_region(region: Region, first: int, last: int, strength: int) -> Place:
    return Place(
        first=first,
        last=last,
        strength=strength,
        label=region.name,
        region_codes=(region.code,),
        is_wide=True,
    )


def numbered(commune: Commune) -> str:
    """« Valence (26) »: which of the namesakes."""
    return f"{commune.name} ({commune.department_code})"


def department_label(department: Department) -> str:
    """« Lot (46) » when the name alone is an ordinary word, else « Drôme »."""
    is_clear = fold(department.name) not in ORDINARY_WORDS
    return department.name if is_clear else f"{department.name} ({department.code})"


def commune_where(commune: Commune) -> Where:
    return Where(label=numbered(commune), commune_codes=(commune.code,))


def department_where(department: Department) -> Where:
    return Where(
        label=f"{department.name} ({department.code})", department_codes=(department.code,)
    )


def retaken(place: Place, candidates: Sequence[Commune], last: int) -> Place:
    """The same name meaning one of these communes, told by words that end at `last`."""
    best = place_of_commune(candidates, place.first, last, place.strength)
    return replace(best, others=(), label=best.candidates[0].name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What tells namesakes apart: the visitor's position, or the place spoken of before, by its départements and its cities."""

    anchor: Coordinates | None = None
    department_codes: tuple[str, ...] = ()
    city_codes: tuple[str, ...] = ()
    language: str = "fr"

    def ranked(self, communes: Sequence[Commune], gazetteer: Gazetteer) -> tuple[Commune, ...]:
        """Namesakes, best first: position, then conversation, then population."""
        nearest = gazetteer.nearest(communes, self.anchor)
        if self.anchor is None and self.department_codes:
            return tuple(
                sorted(nearest, key=lambda each: each.department_code not in self.department_codes)
            )
        return nearest
