"""The facts about communes as typed lines, which `gazetteer_tables` turns into tables."""

from collections.abc import Iterator
from typing import Any

from gazetteer_positions import Place
from gazetteer_sources import Point

from puls.geo.names import fold_place

_ALTERNATE_NAMES_FROM_POPULATION = 10_000

# Names that a merger took from large towns, and that a village elsewhere bears too.
_NAMES_BY_HAND = {
    "91228": ("Évry", "Courcouronnes"),
    "74010": ("Annecy-le-Vieux", "Cran-Gevrier"),
    "85194": ("Olonne-sur-Mer", "Château-d’Olonne"),
}


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
