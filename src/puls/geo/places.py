"""What the gazetteer gives back: régions, départements, communes, arrondissements. Pure values."""

from dataclasses import dataclass

from puls.geo.distance import Coordinates


@dataclass(frozen=True, slots=True)
class Region:
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Department:
    """A département, or an overseas collectivity, which is both département and région."""

    code: str
    name: str
    region_code: str


@dataclass(frozen=True, slots=True)
class Commune:
    """A commune as it is today.

    `is_approximate` when its coordinates are those of its neighbours.
    """

    code: str
    name: str
    postcodes: tuple[str, ...]
    department_code: str
    region_code: str
    population: int
    coordinates: Coordinates
    is_approximate: bool


@dataclass(frozen=True, slots=True)
class Arrondissement:
    """A municipal arrondissement of Paris, Lyon or Marseille."""

    code: str
    city_code: str
    number: int
    postcodes: tuple[str, ...]
    coordinates: Coordinates


@dataclass(frozen=True, slots=True)
class Locality:
    """Where a record takes place, as far as its fields tell.

    Without a commune only the département is known.
    """

    commune_code: str | None
    city: str | None
    postcode: str | None
    department_code: str
    region_code: str
    coordinates: Coordinates | None
    is_approximate: bool


@dataclass(frozen=True, slots=True)
class Address:
    """A street address as a geocoder writes and locates it."""

    label: str
    commune_code: str | None
    coordinates: Coordinates
