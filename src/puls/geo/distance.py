"""Positions on the Earth and how far apart they are. Pure."""

import math
from dataclasses import dataclass

EARTH_RADIUS_KM = 6371.0088  # IUGG mean radius
_POLE, _ANTIMERIDIAN = 90.0, 180.0
_COARSE_DECIMALS = (
    3  # 55 m off at most; with 2 decimals « à moins de 1 km » is wrong for one event in four
)
_KM_PER_LATITUDE_DEGREE = math.pi * EARTH_RADIUS_KM / 180


@dataclass(frozen=True, slots=True)
class Coordinates:
    """Degrees, WGS 84. Raises ValueError outside [-90, 90] and [-180, 180]."""

    lat: float
    lon: float

    def __post_init__(self) -> None:
        if not (abs(self.lat) <= _POLE and abs(self.lon) <= _ANTIMERIDIAN):
            raise ValueError(f"not a position on the Earth: {self.lat}, {self.lon}")


def coarse_position(lat: float | None, lon: float | None) -> Coordinates | None:
    """Where a person is, to about 100 m: as near as a search needs to know. None unless both are given."""
    if lat is None or lon is None:
        return None
    return Coordinates(round(lat, _COARSE_DECIMALS), round(lon, _COARSE_DECIMALS))


@dataclass(frozen=True, slots=True)
class BoundingBox:
    """Degrees; `west <= east` (France never crosses the antimeridian, so no box here does)."""

    south: float
    west: float
    north: float
    east: float


def great_circle_km(a: Coordinates, b: Coordinates) -> float:
    """Haversine distance in kilometres."""
    lat_a, lat_b = math.radians(a.lat), math.radians(b.lat)
    half_lat = (lat_b - lat_a) / 2
    half_lon = math.radians(b.lon - a.lon) / 2
    chord = math.sin(half_lat) ** 2 + math.cos(lat_a) * math.cos(lat_b) * math.sin(half_lon) ** 2
    return 2 * EARTH_RADIUS_KM * math.asin(min(1.0, math.sqrt(chord)))


def bounding_box(center: Coordinates, radius_km: float) -> BoundingBox:
    """The smallest box that holds every point within `radius_km` of `center`."""
    d_lat = radius_km / _KM_PER_LATITUDE_DEGREE
    cosine = math.cos(math.radians(min(89.9, abs(center.lat) + d_lat)))
    d_lon = min(180.0, d_lat / cosine)
    return BoundingBox(
        south=max(-90.0, center.lat - d_lat),
        west=max(-180.0, center.lon - d_lon),
        north=min(90.0, center.lat + d_lat),
        east=min(180.0, center.lon + d_lon),
    )
