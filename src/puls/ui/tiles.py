"""Where the browser fetches the background of the map, and whom it must name. Pure."""

from dataclasses import dataclass

from puls.phrasing import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Tiles:
    """`address` is a template of Leaflet's: {z}, {x}, {y}."""

    address: str
    attribution: str
    attribution_url: str | None
    max_zoom: int


# The IGN's « Plan IGN v2 » by WMTS, without a key: https://geoservices.ign.fr/documentation/services/services-geoplateforme
_IGN = Tiles(
    address=(
        "https://data.geopf.fr/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER=GEOGRAPHICALGRIDSYSTEMS.PLANIGNV2"
        "&STYLE=normal&FORMAT=image/png&TILEMATRIXSET=PM&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}"
    ),
    attribution="© IGN",
    attribution_url="https://geoservices.ign.fr/",
    max_zoom=18,
)


def tiles_of(setting: str, language: Language) -> Tiles | None:
    """What `PULS_MAP_TILES` asks for; None for a map of pins alone."""
    match setting.strip():
        case "none" | "":
            return None
        case "ign":
            return _IGN
        case "osm":  # https://operations.osmfoundation.org/policies/tiles/: for modest use
            words = "contributors" if language == "en" else "contributeurs"
            return Tiles(
                address="https://tile.openstreetmap.org/{z}/{x}/{y}.png",
                attribution=f"© OpenStreetMap {words}",
                attribution_url="https://www.openstreetmap.org/copyright",
                max_zoom=19,
            )
        case own:
            address, _, attribution = own.partition("|")
            return Tiles(
                address=address, attribution=attribution, attribution_url=None, max_zoom=18
            )
