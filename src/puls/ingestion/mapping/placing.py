"""Postcode, city name, INSEE code and pin that contradict each other: weighed, not obeyed in order.

Pure. Nothing here runs for a record whose fields agree. Each commune that one of them names gets a vote from each that
fits it, two beat one, and the doubt is kept with the answer. Enter at `weighed`.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Protocol

from puls.geo.distance import Coordinates, great_circle_km
from puls.geo.localities import CITIES_WITH_ARRONDISSEMENTS, department_of_postcode
from puls.geo.names import fold, fold_place

# France's widest commune outside Guyana (Arles) spans 40 km; a venue may sit in the next one.
NEAR_KM: Final = 15.0
FARTHEST_FROM_COMMUNE_KM: Final = 50.0
FARTHEST_IN_GUYANA_KM: Final = 300.0
_GUYANA: Final = "973"
_NEXT_DOOR_KM: Final = 25.0
_MOST_NAMESAKES: Final = 60


class Commune(Protocol):
    """What the gazetteer knows of a commune."""

    @property
    def code(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def postcodes(self) -> tuple[str, ...]: ...
    @property
    def department_code(self) -> str: ...
    @property
    def region_code(self) -> str: ...
    @property
    def coordinates(self) -> Coordinates: ...


class Department(Protocol):
    """A département."""

    @property
    def code(self) -> str: ...


class Communes(Hashable, Protocol):
    """The gazetteer, as far as weighing needs it."""

    def commune(self, code: str) -> Commune | None: ...
    def communes(self) -> Iterator[Commune]: ...
    def communes_ever_named(self, folded: str) -> Sequence[Commune]: ...
    def communes_of_postcode(self, postcode: str) -> Sequence[Commune]: ...
    def department_named(self, name: str) -> Department | None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a record says of its commune; an absent field is None."""

    city: str | None
    postcode: str | None
    insee: str | None
    department: str | None
    address: str | None


@dataclass(frozen=True, slots=True)
class Weighed:
    """The commune that most of what was said fits, whether the pin does, and whether anything said against it."""

    code: str
    fits_pin: bool
    is_doubtful: bool


def farthest_km(department_code: str | None) -> float:
    """How far from the middle of its commune a pin may be before they contradict each other."""
    return FARTHEST_IN_GUYANA_KM if department_code == _GUYANA else FARTHEST_FROM_COMMUNE_KM


def weighed(
    said: Said, pin: Coordinates | None, *, first: str | None, communes: Communes
) -> Weighed | None:
    """The likeliest commune; between equals, `first` (what the usual order of trust gives), then the named one.

    None when nothing said names a commune, or when a lone postcode stands against an unknown name and a pin elsewhere.
    """
    name = bare_name(said.city)
    named = communes.communes_ever_named(name)[:_MOST_NAMESAKES]
    of_postcode = communes.communes_of_postcode(said.postcode or "")
    coded = communes.commune(said.insee) if said.insee else None
    usual = communes.commune(first) if first else None
    around = _around(pin, communes) if pin is not None else []
    candidates = {
        each.code: each
        for each in (*filter(None, (usual, coded)), *named, *of_postcode, *around[:1])
    }
    if not candidates:
        return None
    scale = _Scale(said, name, pin, coded, communes)
    best = max(candidates.values(), key=scale.votes)  # the first of equals
    fits_pin = pin is not None and is_within(pin, best)
    is_called_otherwise = bool(name) and not _is_called(best, name)
    if is_called_otherwise and not named and pin is not None and not fits_pin and coded is None:
        return None
    contradicted = (
        (bool(named) and best.code not in {each.code for each in named})
        or (bool(of_postcode) and best.code not in {each.code for each in of_postcode})
        or (coded is not None and coded.code != best.code)
        or (pin is not None and not fits_pin)
    )
    return Weighed(best.code, fits_pin, contradicted)


@lru_cache(maxsize=65_536)
def agree(
    city: str | None, postcode: str | None, insee: str | None, commune_code: str, communes: Communes
) -> bool:
    """Whether city, postcode and code all fit the commune, as they do in nearly every record."""
    commune = communes.commune(commune_code)
    if commune is None:
        return False
    if postcode and postcode not in commune.postcodes:
        is_known = bool(communes.communes_of_postcode(postcode))
        if is_known and department_of_postcode(postcode) != commune.department_code:
            return False
    if insee and (coded := communes.commune(insee)) and coded.code != commune.code:
        return False
    named = communes.communes_ever_named(bare_name(city))
    return not named or any(each.department_code == commune.department_code for each in named)


class _Scale:
    """Weighs one commune after the other by what one record says."""

    def __init__(
        self,
        said: Said,
        name: str,
        pin: Coordinates | None,
        coded: Commune | None,
        communes: Communes,
    ) -> None:
        self._name = name
        self._pin = pin
        self._code = coded.code if coded else None
        self._postcode = said.postcode or ""
        self._postal_department = department_of_postcode(self._postcode)
        department = communes.department_named(said.department or "")
        self._department = department.code if department else None
        self._address = f" {fold(said.address or '')} "

    def votes(self, commune: Commune) -> float:
        """About one for each of name, postcode, pin and code; less for what only points there."""
        return (
            (bool(self._name) and _is_called(commune, self._name))
            + self._by_postcode(commune)
            + self._by_pin(commune)
            + 0.9 * (commune.code == self._code)
            + 0.5 * (commune.department_code == self._department)
            + 0.3 * any(f" {postcode} " in self._address for postcode in commune.postcodes)
            + 0.2 * (f" {fold(commune.name)} " in self._address)
        )

    def _by_postcode(self, commune: Commune) -> float:
        if self._postcode in commune.postcodes:
            return 1.0
        return 0.4 * (commune.department_code == self._postal_department)

    def _by_pin(self, commune: Commune) -> float:
        if self._pin is None:
            return 0.0
        apart = great_circle_km(self._pin, commune.coordinates)
        reach = farthest_km(commune.department_code)
        return 1.0 if apart <= min(NEAR_KM, reach) else 0.8 * (apart <= reach)


def _is_called(commune: Commune, name: str) -> bool:
    own = fold_place(commune.name)
    return own == name or own.startswith(f"{name} ") or name.startswith(f"{own} ")


def bare_name(city: str | None) -> str:
    """« PARIS 5e », « 75005 Paris » and « Paris Cedex 05 » are Paris."""
    words = [word for word in fold_place(city or "").split() if not word[:1].isdigit()]
    name = " ".join(words).partition(" cedex")[0]
    first = words[0] if words else ""
    return first if first in CITIES_WITH_ARRONDISSEMENTS and "arrondissement" in name else name


def is_within(pin: Coordinates, commune: Commune) -> bool:
    """Whether a pin can be in the commune or next to it."""
    return great_circle_km(pin, commune.coordinates) <= farthest_km(commune.department_code)


def _around(pin: Coordinates, communes: Communes) -> list[Commune]:
    """Communes next door to a pin, nearest first; empty abroad and at sea."""
    squares = _squares(communes)
    lat, lon = round(pin.lat * 2), round(pin.lon * 2)
    near = [
        (great_circle_km(pin, each.coordinates), each.code, each)
        for row in (lat - 1, lat, lat + 1)
        for column in (lon - 1, lon, lon + 1)
        for each in squares.get((row, column), ())
    ]
    return [each for apart, _, each in sorted(near)[:5] if apart <= _NEXT_DOOR_KM]


@lru_cache(maxsize=2)
def _squares(communes: Communes) -> dict[tuple[int, int], list[Commune]]:
    """All communes by half degrees; made at the first contradiction."""
    squares: dict[tuple[int, int], list[Commune]] = defaultdict(list)
    for each in communes.communes():
        at = each.coordinates
        squares[round(at.lat * 2), round(at.lon * 2)].append(each)
    return squares
