"""What a visitor wants, as one typed value.

A `Wish` is filters (when, where, price, ages…) and a topic. Filters are applied in the query itself; the topic ranks.
An absent filter is None or empty, never a guess.
"""

from dataclasses import dataclass
from typing import Literal

from puls.catalogue.event import Accessibility, Category, Interval, Status
from puls.geo.distance import Coordinates

Order = Literal["relevance", "soonest", "nearest", "cheapest"]
Setting = Literal["indoor", "outdoor"]
MAP_AREA = "zone de la carte"
"""How the label of a circle begins that a visitor chose on the map."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """A circle on the map."""

    center: Coordinates
    radius_km: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """A place to look in. An event fits when it is in ANY of the named areas.

    `around_visitor_km`: `near` is the circle of that radius around the visitor, and None while their position is not known.
    `excluded` are places inside it that are left out; an area that names nothing and excludes something is all of France without it.
    `label` is what the visitor reads. Codes are INSEE's; `postcodes` name arrondissements of Paris, Lyon, Marseille and
    places given by postcode.
    `excluded`: places inside it that are left out; an area that names nothing and excludes something is all of France
    without it.
    """

    label: str
    commune_codes: tuple[str, ...] = ()
    postcodes: tuple[str, ...] = ()
    department_codes: tuple[str, ...] = ()
    region_codes: tuple[str, ...] = ()
    near: Near | None = None
    around_visitor_km: float | None = None
    excluded: tuple["Where", ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A request after understanding.

    `when`: the event must be open during at least one of the intervals; empty means from now on.
    `free`: True leaves out what is stated to be paid. `max_price`: euros per person; unknown prices stay, marked.
    `ages`: years, at least one must be welcome; events for some of them only and events without ages stay, marked.
    `accessibility`: no code may be denied by the event; what is not stated stays, marked. `online`: True only online,
    False only on site.
    `excluded_categories`, `excluded_words`: an event that has one of them is left out.
    `includes_non_cultural`: True when the visitor asks for job fairs and the like.
    `position`: the visitor's own position; it measures distances even when `where` does not filter by it.

    `setting`, `spoken_language` (ISO 639-1) and `max_minutes` (how long the event lasts at most) are preferences: they
    weigh a little in ranking and never filter, since few records state them.
    `party_size`: how many come, the visitor included; `max_price` is already per person.
    `number_wanted`: how many results the visitor asked for.
    """

    topic: str = ""
    when: tuple[Interval, ...] = ()
    where: Where | None = None
    free: bool | None = None
    max_price: float | None = None
    ages: tuple[int, ...] = ()
    accessibility: frozenset[Accessibility] = frozenset()
    online: bool | None = None
    setting: Setting | None = None
    spoken_language: str | None = None
    max_minutes: int | None = None
    party_size: int | None = None
    number_wanted: int | None = None
    categories: tuple[Category, ...] = ()
    excluded_categories: tuple[Category, ...] = ()
    excluded_words: tuple[str, ...] = ()
    statuses: tuple[Status, ...] = ()
    includes_non_cultural: bool = False
    position: Coordinates | None = None
    order: Order = "relevance"
