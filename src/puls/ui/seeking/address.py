"""The address of a search: everything that was asked for, so that it can be reloaded, shared, kept and printed. Pure.

`/recherche?q=concert&lieu=Lyon&du=2026-12-05&au=2026-12-06&gratuit=1&tri=date`. Dates are days, never « demain »: what is
shared today means the same tomorrow. Enter at `Search`; `read_search` reads an address.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Literal
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from puls.catalogue.event import Accessibility, Category
from puls.geo.distance import Coordinates
from puls.language.lexicon import PARTS_OF_DAY
from puls.phrasing import Language
from puls.understanding.given import Given
from puls.understanding.wish import MAP_AREA, Near, Order, Where

PATH = "/recherche"
PAGE = 12
"""Events a page."""
MOST_PAGES = 6
PartOfDay = Literal["soir"]
_PARTS: dict[PartOfDay, str] = {"soir": "evening"}
ORDER_WORDS: dict[str, Order] = {
    "pertinence": "relevance",
    "date": "soonest",
    "distance": "nearest",
    "prix": "cheapest",
}
_WORD_OF_ORDER = {order: word for word, order in ORDER_WORDS.items()}
FOR_FAMILIES = "pour les enfants"
"""What « en famille » adds to the words: events say it in words, in no field."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """A search as its address says it; None or empty leaves it to the words.

    `part` narrows the first day to its evening. `page`: how many pages of results are shown, one after the other. `without`:
    what the visitor took away of what the words mean. `area`: a piece of the map.
    """

    text: str = ""
    place: str | None = None
    radius_km: float | None = None
    position: Coordinates | None = None
    area: Near | None = None
    starts: date | None = None
    ends: date | None = None
    part: PartOfDay | None = None
    kinds: tuple[Category, ...] = ()
    is_free: bool = False
    is_for_families: bool = False
    max_price: float | None = None
    ages: tuple[int, ...] = ()
    accessibility: tuple[Accessibility, ...] = ()
    order: Order | None = None
    page: int = 1
    without: tuple[str, ...] = ()
    language: Language | None = field(default=None)

    @property
    def address(self) -> str:
        pairs = list(self.pairs())
        return f"{PATH}?{urlencode(pairs)}" if pairs else PATH

    def pairs(self) -> Iterator[tuple[str, str]]:
        """The names and values of the address, in an order that never changes."""
        yield from (
            (name, value)
            for name, value in (
                ("q", self.text),
                ("lieu", self.place),
                ("rayon", _number(self.radius_km)),
                ("lat", self.position and f"{self.position.lat:.3f}"),
                ("lon", self.position and f"{self.position.lon:.3f}"),
                ("zone", self.area and _area(self.area)),
                ("du", self.starts and self.starts.isoformat()),
                ("au", self.ends and self.ends.isoformat()),
                ("moment", self.part),
                *(("genre", kind.value) for kind in self.kinds),
                ("gratuit", "1" if self.is_free else None),
                ("famille", "1" if self.is_for_families else None),
                ("prix", _number(self.max_price)),
                *(("age", str(age)) for age in self.ages),
                *(("acces", code.value) for code in self.accessibility),
                ("tri", self.order and _WORD_OF_ORDER[self.order]),
                ("page", str(self.page) if self.page > 1 else None),
                *(("sans", name) for name in self.without),
                ("lang", self.language),
            )
            if value
        )

    @property
    def words(self) -> str:
        """What is read as if it had been said."""
        return f"{self.text} {FOR_FAMILIES}".strip() if self.is_for_families else self.text

    @property
    def shown(self) -> int:
        """How many events the page shows at most."""
        return self.page * PAGE

    @property
    def is_blank(self) -> bool:
        """Whether nothing was asked for."""
        return replace(self, language=None, page=1) == Search()

    def changed(self, **changes: object) -> "Search":
        """The same search with these values, from its first page."""
        return replace(self, page=1, **changes)  # type: ignore[arg-type]  # mypy knows no names of fields here

    def taken_away(self, name: str) -> "Search":
        """The same search less one thing understood, whether a value or the words asked for it. `name`: a field of the wish."""
        blank: dict[str, dict[str, object]] = {
            "topic": {"text": "", "is_for_families": False},
            "when": {"starts": None, "ends": None, "part": None},
            "where": {"place": None, "radius_km": None, "position": None, "area": None},
            "free": {"is_free": False},
            "max_price": {"max_price": None},
            "ages": {"ages": ()},
            "accessibility": {"accessibility": ()},
            "categories": {"kinds": ()},
            "order": {"order": None},
        }
        taken = self.changed(**blank.get(name, {}))
        return replace(taken, without=tuple(dict.fromkeys((*self.without, name))))

    def given(self, *, now: datetime, timezone: str) -> Given:
        """The values beside the words."""
        starts, ends = self._span(now=now, timezone=timezone)
        return Given(
            starts=starts,
            ends=ends,
            place=self.place,
            radius_km=self.radius_km,
            position=self.position,
            where=_where(self.area) if self.area else None,
            free=self.is_free or None,
            max_price=self.max_price,
            ages=self.ages,
            accessibility=frozenset(self.accessibility),
            categories=self.kinds,
            order=self.order,
        )

    def _span(
        self, *, now: datetime, timezone: str
    ) -> tuple[date | datetime | None, date | datetime | None]:
        if self.part is None:
            return self.starts, self.ends
        zone = ZoneInfo(timezone)
        day = self.starts or now.astimezone(zone).date()
        first, last = PARTS_OF_DAY[_PARTS[self.part]]
        midnight = datetime.combine(day, time(), tzinfo=zone)
        return midnight + timedelta(hours=first), midnight + timedelta(hours=last)


def _number(value: float | None) -> str | None:
    return None if value is None else f"{value:g}"


def _area(area: Near) -> str:
    return f"{area.center.lat:.4f},{area.center.lon:.4f},{area.radius_km:g}"


def _where(area: Near) -> Where:
    return Where(label=f"{MAP_AREA} ({area.radius_km:.3g} km)", near=area)
