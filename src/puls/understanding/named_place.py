"""A place that a message names, before it is decided which of them is meant. Pure values."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from puls.geo.areas import Area
from puls.geo.distance import Coordinates
from puls.geo.gazetteer import Commune, Department, Region
from puls.geo.names import fold
from puls.understanding.place_words import ORDINARY_WORDS
from puls.understanding.wish import Near, Where

FIRM, LIKELY, WEAK, BARE = 4, 3, 2, 1
"""How surely the words mean a place: « à Tours », a slip in a name, « visite de Tours », « tours » alone."""

_OTHERS_WORTH_NAMING = 200  # inhabitants; and a twentieth of the one taken
_SMALLER = 20


@dataclass(frozen=True, slots=True)
class Place:
    """A place that was named, between two words of the message, the last included.

    `candidates` are the communes that the name may mean, best first; `others` those worth offering;
    `rivals` what else the name may mean. `within` are the communes that a quarter lies in.
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
    is_wide: bool = False  # an area is not a centre for « à 10 km de »
    is_joined: bool = False
    others: tuple[Commune, ...] = ()
    department_of_commune: str = ""
    candidates: tuple[Commune, ...] = ()
    rivals: tuple[Where, ...] = ()
    within: tuple[str, ...] = ()
    area: Area | None = None

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
        first,
        last,
        strength,
        numbered(best) if others else best.name,
        commune_codes=(best.code,),
        center=best.coordinates,
        population=best.population,
        others=others,
        department_of_commune=best.department_code,
        candidates=tuple(ranked),
    )


def place_of_area(area: Area, first: int, last: int, strength: int) -> Place:
    """An area of ours: a circle, whole départements, or the arrondissements a quarter lies in."""
    center = area.center if area.is_circle else None
    near = None if center is None else Near(center=center, radius_km=area.radius_km)
    return Place(
        first,
        last,
        strength,
        area.label,
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
    label = department_label(department)
    return Place(first, last, strength, label, department_codes=codes, is_wide=True)


def place_of_region(region: Region, first: int, last: int, strength: int) -> Place:
    return Place(first, last, strength, region.name, region_codes=(region.code,), is_wide=True)


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
    label = f"{department.name} ({department.code})"
    return Where(label=label, department_codes=(department.code,))


def retaken(place: Place, candidates: Sequence[Commune], last: int) -> Place:
    """The same name meaning one of these communes, told by words that end at `last`."""
    best = place_of_commune(candidates, place.first, last, place.strength)
    return replace(best, is_joined=place.is_joined, others=(), label=best.candidates[0].name)
