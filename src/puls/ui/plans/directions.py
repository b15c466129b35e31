"""The way to a venue, on the visitor's own choice of map: plain links that ask nobody before they are tapped. Pure.

Addresses as their owners document them: developers.google.com/maps/documentation/urls, developer.apple.com (Map Links),
wiki.openstreetmap.org (website, directions), docs.external.citymapper.com. Enter at `ways_to`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal
from urllib.parse import quote

from puls.geo.distance import Coordinates
from puls.phrasing import Language
from puls.ui.texts import texts

Means = Literal["transit", "foot", "bike", "car"]
MEANS: Final[tuple[Means, ...]] = ("transit", "foot", "bike", "car")

_GOOGLE = {"transit": "transit", "foot": "walking", "bike": "bicycling", "car": "driving"}
_APPLE = {"transit": "r", "foot": "w", "bike": "c", "car": "d"}
_OSM = {"foot": "fossgis_osrm_foot", "bike": "fossgis_osrm_bike", "car": "fossgis_osrm_car"}
_NAMES: Mapping[str, str] = {
    "google": "Google Maps",
    "apple": "Apple Plans",
    "osm": "OpenStreetMap",
    "citymapper": "Citymapper",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One link. `from_here` has {from_lat} and {from_lon} where the visitor's position goes, None: the service asks itself."""

    means: Means
    words: str
    service: str
    address: str
    from_here: str | None


def ways_to(
    there: Coordinates, setting: str, *, start: Coordinates | None, language: Language
) -> list[Way]:
    """A link for each means of the setting `PULS_DIRECTIONS`, in our order; `start` where the visitor is known to be."""
    services = services_of(setting)
    ways = []
    for means in MEANS:
        service = services.get(means)
        template = service and _template(service, means)
        if not service or not template:
            continue
        with_start = _filled(template, there)
        address = without_start(with_start) if start is None else placed(with_start, start)
        ways.append(
            Way(
                means=means,
                words=texts(language)[f"way_{means}"],
                service=_NAMES.get(service, ""),
                address=address,
                from_here=with_start if "{from_lat}" in with_start else None,
            )
        )
    return ways


def services_of(setting: str) -> dict[str, str]:
    """Means → service."""
    return dict(part.split("=", 1) for part in setting.split())


def way_through(stops: Sequence[Coordinates], setting: str) -> str | None:
    """One way through all stops, on foot; None where no chosen service shows more than two places."""
    if len(stops) < 2:  # noqa: PLR2004 # a way has two ends
        return None
    points = [quote(f"{at.lat},{at.lon}", safe="") for at in stops]
    chosen = set(services_of(setting).values())
    if "google" in chosen:
        between = f"&waypoints={'%7C'.join(points[1:-1])}" if points[1:-1] else ""
        return (
            f"https://www.google.com/maps/dir/?api=1&origin={points[0]}&destination={points[-1]}"
            f"{between}&travelmode=walking"
        )
    if "apple" in chosen:
        return f"https://maps.apple.com/?saddr={points[0]}&daddr={'+to:'.join(points[1:])}&dirflg=w"
    return None


def leg(start: Coordinates, there: Coordinates, setting: str, *, is_walk: bool) -> str | None:
    """The way from one stop to the next: on foot when it is short, else by public transport or what there is."""
    services = services_of(setting)
    order: tuple[Means, ...] = ("foot", "transit", "car") if is_walk else ("transit", "car", "foot")
    for means in order:
        template = means in services and _template(services[means], means)
        if template:
            return placed(_filled(template, there), start)
    return None


def placed(address: str, start: Coordinates) -> str:
    """The address with where one starts."""
    return address.replace("{from_lat}", str(start.lat)).replace("{from_lon}", str(start.lon))


def without_start(address: str) -> str:
    """The address without its parts that name a start: the service then asks where one is, or offers to be told."""
    head, _, query = address.partition("?")
    kept = [part for part in query.split("&") if "{from_" not in part]
    return f"{head}?{'&'.join(kept)}" if kept else head


def _template(service: str, means: Means) -> str | None:
    match service:
        case "google":
            return (
                "https://www.google.com/maps/dir/?api=1&origin={from_lat}%2C{from_lon}"
                "&destination={lat}%2C{lon}&travelmode=" + _GOOGLE[means]
            )
        case "apple":
            return (
                "https://maps.apple.com/?saddr={from_lat}%2C{from_lon}&daddr={lat}%2C{lon}&dirflg="
                + _APPLE[means]
            )
        case "osm":
            engine = _OSM.get(means)
            return engine and (
                f"https://www.openstreetmap.org/directions?engine={engine}"
                "&from={from_lat}%2C{from_lon}&to={lat}%2C{lon}"
            )
        case "citymapper":
            return (
                "https://citymapper.com/directions?startcoord={from_lat}%2C{from_lon}"
                "&endcoord={lat}%2C{lon}"
                if means == "transit"
                else None
            )
        case own:
            return own


def _filled(template: str, there: Coordinates) -> str:
    return template.replace("{lat}", str(there.lat)).replace("{lon}", str(there.lon))
