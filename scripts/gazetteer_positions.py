"""Where each commune stands: its GeoNames place, else the centre of its neighbours, marked approximate."""

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from gazetteer_sources import Point

from puls.geo.distance import Coordinates, great_circle_km
from puls.geo.names import fold_place

_SAME_POPULATION_GAP = math.log(1.25)  # GeoNames and INSEE count in different years

_SINGLE_PAIR_GAP = math.log(3)  # one commune, one place of that name: only absurd gaps are refused

_FARTHEST_FROM_NEIGHBOURS_KM = (
    45.0  # no EPCI spreads farther; a namesake elsewhere in the région does
)

_DEPARTMENT_REACH_KM = 100.0

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
