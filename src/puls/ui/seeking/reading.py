"""An address or the form « Affiner » read into a `Search`: what cannot be read is left out and said at its field. Pure.

Enter at `read_search`.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Protocol, TypeVar

from puls.catalogue.event import Accessibility, Category
from puls.geo.distance import Coordinates, coarse_position
from puls.phrasing import Language
from puls.ui.seeking.address import MOST_PAGES, ORDER_WORDS, PartOfDay, Search
from puls.understanding.given import EARLIEST_YEAR, LATEST_YEAR
from puls.understanding.wish import Near

_LONGEST_TEXT, _LONGEST_PLACE = 2000, 100
_MOST_OF_ONE = 18  # values of one name
_WIDEST_KM, _MOST_EUROS, _OLDEST = 500.0, 10_000.0, 120
_TAKEN_AWAY = re.compile(r"[a-z_]{1,40}")
_LANGUAGES: dict[str, Language] = {"fr": "fr", "en": "en"}
_PARTS: dict[str, PartOfDay] = {"soir": "soir"}
Value = TypeVar("Value")


class Params(Protocol):
    """The names and values of an address, as Starlette has them."""

    def getlist(self, key: str) -> Sequence[str]: ...


@dataclass(slots=True)
class Read:
    """What was read. `wrong`: by the name of its field, what was typed there and could not be read."""

    search: Search
    wrong: dict[str, str] = field(default_factory=dict)


def read_search(params: Params) -> Read:
    """The search that an address asks for. Names that are not ours (a campaign's tracker…) are passed over."""
    wrong: dict[str, str] = {}
    values = _Values(params, wrong)
    starts, ends = values.one("du", _day), values.one("au", _day)
    if starts and ends and ends < starts:
        wrong["au"], ends = ends.isoformat(), starts
    place = values.text("lieu", _LONGEST_PLACE)
    position = _position(params)
    radius = values.one("rayon", lambda text: _between(text, 0.1, _WIDEST_KM))
    search = Search(
        text=values.text("q", _LONGEST_TEXT) or "",
        place=place,
        radius_km=radius,
        position=position,
        area=values.one("zone", _area),
        starts=starts,
        ends=ends,
        part=values.one("moment", _PARTS.__getitem__),
        kinds=values.several("genre", Category),
        is_free=values.text("gratuit", 5) is not None,
        is_for_families=values.text("famille", 5) is not None,
        max_price=values.one("prix", lambda text: _between(text, 0, _MOST_EUROS)),
        ages=values.several("age", lambda text: int(_between(text, 0, _OLDEST)), pieces=True),
        accessibility=values.several("acces", Accessibility),
        order=values.one("tri", ORDER_WORDS.__getitem__),
        page=values.one("page", lambda text: int(_between(text, 1, MOST_PAGES))) or 1,
        without=tuple(
            name for name in params.getlist("sans")[:_MOST_OF_ONE] if _TAKEN_AWAY.fullmatch(name)
        ),
        language=_LANGUAGES.get(next(iter(params.getlist("lang")), "")),
    )
    return Read(replace(search, without=_not_given(search)), wrong)


def _not_given(search: Search) -> tuple[str, ...]:
    """What stays taken away: a value that is given says more."""
    given = {
        "when": search.starts or search.ends or search.part,
        "where": search.place or search.radius_km or search.area,
        "free": search.is_free,
        "max_price": search.max_price is not None,
        "ages": search.ages,
        "accessibility": search.accessibility,
        "categories": search.kinds,
    }
    return tuple(dict.fromkeys(name for name in search.without if not given.get(name)))


class _Values:
    def __init__(self, params: Params, wrong: dict[str, str]) -> None:
        self._params = params
        self._wrong = wrong

    def text(self, name: str, longest: int) -> str | None:
        """The first value, or nothing; what is too long is said and cut."""
        typed = next((one.strip() for one in self._params.getlist(name) if one.strip()), None)
        if typed is not None and len(typed) > longest:
            self._wrong[name] = typed[:longest]
            return typed[:longest]
        return typed

    def one(self, name: str, read: Callable[[str], Value]) -> Value | None:
        typed = self.text(name, _LONGEST_PLACE)
        if typed is None:
            return None
        try:
            return read(typed)
        except (ValueError, KeyError):
            self._wrong[name] = typed
            return None

    def several(
        self, name: str, read: Callable[[str], Value], *, pieces: bool = False
    ) -> tuple[Value, ...]:
        typed = [one.strip() for one in self._params.getlist(name)[:_MOST_OF_ONE] if one.strip()]
        if pieces:  # « 4, 7 » in one field
            typed = [piece for one in typed for piece in re.split(r"[\s,;]+", one) if piece]
        found: list[Value] = []
        for one in typed[:_MOST_OF_ONE]:
            try:
                found.append(read(one))
            except ValueError:
                self._wrong[name] = one[:_LONGEST_PLACE]
        return tuple(dict.fromkeys(found))


def _day(text: str) -> date:
    day = date.fromisoformat(text)
    if not EARLIEST_YEAR <= day.year < LATEST_YEAR:
        raise ValueError(text)
    return day


def _between(text: str, least: float, most: float) -> float:
    value = float(text.replace(",", ".").removesuffix("€").strip())
    if not least <= value <= most:  # not a number is not in between, either
        raise ValueError(text)
    return value


def _area(text: str) -> Near:
    lat, lon, radius_km = (float(piece) for piece in text.split(","))
    return Near(center=Coordinates(lat, lon), radius_km=_between(str(radius_km), 0.1, _WIDEST_KM))


def _position(params: Params) -> Coordinates | None:
    try:
        lat, lon = (float(next(iter(params.getlist(name)), "")) for name in ("lat", "lon"))
        return coarse_position(lat, lon)
    except ValueError:
        return None
