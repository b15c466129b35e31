"""Names of places that no administration lists: areas, quarters, nicknames, adjectives. Read from `data/*.toml` once. Pure.

Gathered by hand from general knowledge, for whoever knows places to correct; each limit is an approximation that is stated.
"""

import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from puls.geo.distance import Coordinates


@dataclass(frozen=True, slots=True)
class Area:
    """A named area: whole départements, a circle, or the postcodes that a quarter lies in.

    `city_codes` are the communes of a quarter; its `center` is then known beside its postcodes.
    """

    label: str
    department_codes: tuple[str, ...] = ()
    center: Coordinates | None = None
    radius_km: float = 0.0
    postcodes: tuple[str, ...] = ()
    city_codes: tuple[str, ...] = ()

    @property
    def is_circle(self) -> bool:
        return self.radius_km > 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceNames:
    """Every such name, folded.

    `quarters_of_a_town` hold names that mean a quarter only where its town is spoken of or the visitor is there. `towns` gives INSEE codes of
    communes, `adjectives` those of towns and `department_adjectives` codes of départements by their masculine forms, `regions` codes of régions.
    """

    areas: Mapping[str, Area]
    quarters: Mapping[str, Area]
    quarters_of_a_town: Mapping[str, Sequence[Area]]
    towns: Mapping[str, str]
    adjectives: Mapping[str, str]
    department_adjectives: Mapping[str, tuple[str, ...]]
    regions: Mapping[str, str]


@cache
def place_names() -> PlaceNames:
    """The tables, read once per process."""
    areas = {
        name: _area(entry) for entry in _data("areas")["areas"] for name in _names(entry["names"])
    }
    quarters: dict[str, Area] = {}
    of_a_town: dict[str, list[Area]] = defaultdict(list)
    for entry in _data("quarters")["quarters"]:
        quarter = _area(entry)
        for name in _names(entry["names"]):
            if entry.get("everywhere"):
                quarters[name] = quarter
            else:
                of_a_town[name].append(quarter)
    told = _data("nicknames")
    return PlaceNames(
        areas=areas,
        quarters=quarters,
        quarters_of_a_town=of_a_town,
        towns=_by_name(told["towns"]),
        adjectives=_by_name(told["adjectives"]),
        department_adjectives={
            name: tuple(codes.split())
            for name, codes in _by_name(told["department_adjectives"]).items()
        },
        regions=_by_name(told["regions"]),
    )


@cache
def places_abroad_named() -> frozenset[str]:
    """Countries and towns of other countries, folded."""
    told = _data("abroad")
    names = " ".join(part for text in told.values() for part in text.replace("|", " ").split())
    return frozenset(name.replace("_", " ") for name in names.split())


def _data(name: str) -> dict[str, Any]:
    return tomllib.loads(
        files("puls.geo.data").joinpath(f"{name}.toml").read_text(encoding="utf-8")
    )


def _names(names: str) -> Iterator[str]:
    return iter(names.split(" | "))


def _by_name(table: Mapping[str, str]) -> dict[str, str]:
    return {name: code for code, names in table.items() for name in _names(names)}


def _area(entry: Mapping[str, Any]) -> Area:
    city_codes = (entry["town"],) if "town" in entry else ()
    if "departments" in entry:
        return Area(entry["label"], department_codes=tuple(entry["departments"].split()))
    if "postcodes" in entry:
        lat, lon = entry["at"]
        postcodes = tuple(entry["postcodes"].split())
        return Area(
            entry["label"], center=Coordinates(lat, lon), postcodes=postcodes, city_codes=city_codes
        )
    lat, lon, radius_km = entry["circle"]
    return Area(
        entry["label"],
        center=Coordinates(lat, lon),
        radius_km=float(radius_km),
        city_codes=city_codes,
    )
