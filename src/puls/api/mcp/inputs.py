"""What the MCP tools take: typed, and described for the model that fills it in. Pure."""

from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import ConfigDict, Field, model_validator

from puls.api.parameters import DayOrMoment
from puls.catalogue.event import Accessibility, Category
from puls.geo.distance import coarse_position
from puls.ui.absent import NullIsAbsent
from puls.ui.event.page import UID_PATTERN
from puls.understanding.given import Given

Language = Literal["fr", "en"]

MOST_EVENTS = 20


class _Input(NullIsAbsent):
    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


class _Request(_Input):
    query: str = Field(
        default="",
        max_length=2000,
        description="what to look for in the user's own words, French or English, with place and date as they say "
        "them (« concert de jazz ce week-end à Lyon, moins de 15 € »); they are understood, do not translate dates",
    )
    place: str | None = Field(
        default=None,
        min_length=1,
        max_length=100,
        description="commune, postcode, département or région of France; replaces a place in the words",
    )
    date_from: DayOrMoment | None = Field(
        default=None, description="first day (included) or moment with offset; replaces the words"
    )
    date_to: DayOrMoment | None = Field(
        default=None, description="last day (included whole) or moment with offset"
    )
    lat: float | None = Field(default=None, ge=-90, le=90, description="the user's position")
    lon: float | None = Field(default=None, ge=-180, le=180)
    max_price: float | None = Field(
        default=None, ge=0, le=10_000, description="euros per person; unknown prices stay, marked"
    )
    ages: list[Annotated[int, Field(ge=0, le=120)]] = Field(
        default=[], max_length=10, description="in years; everyone must be welcome"
    )
    accessibility: list[Accessibility] = Field(
        default=[],
        max_length=5,
        description="hi hearing, vi visual, pi psychic, mi motor (wheelchair), ii intellectual",
    )
    language: Language | None = Field(
        default=None, description="of notices and reasons; default: the language of the query"
    )

    @model_validator(mode="after")
    def _position_is_whole(self) -> Self:
        if (self.lat is None) != (self.lon is None):
            raise ValueError("lat and lon go together")
        return self

    def given(self, **more: Any) -> Given:
        return Given(
            starts=self.date_from,
            ends=self.date_to,
            place=self.place,
            position=coarse_position(self.lat, self.lon),
            max_price=self.max_price,
            ages=tuple(dict.fromkeys(self.ages)),
            accessibility=frozenset(self.accessibility),
            **more,
        )


class SearchEventsInput(_Request):
    """A question in words, and filters as values, which replace what the words say of the same."""

    free: bool | None = Field(default=None, description="true: only events stated to be free")
    online: bool | None = Field(default=None, description="true: only online; false: only on site")
    categories: list[Category] = Field(default=[], max_length=18, description="any of them")
    radius_km: float | None = Field(
        default=None, gt=0, le=500, description="around the place, else around the position"
    )
    order: Literal["relevance", "soonest", "nearest", "cheapest"] | None = None
    limit: int = Field(default=8, ge=1, le=MOST_EVENTS)

    def given_values(self) -> Given:
        return self.given(
            free=self.free,
            online=self.online,
            categories=tuple(dict.fromkeys(self.categories)),
            radius_km=self.radius_km,
            order=self.order,
        )


class GetEventInput(_Input):
    """Which event."""

    uid: str = Field(pattern=UID_PATTERN, description="as in a search's answer")


class PlanOutingInput(_Request):
    """An outing in words; values replace what the words say of the same."""

    query: str = Field(
        min_length=1,
        max_length=2000,
        description="the parts of the outing in order, in the user's own words: "
        "« samedi : une expo l'après-midi puis un concert, à Lyon, moins de 30 € à deux »",
    )
    most_plans: int = Field(default=3, ge=1, le=3)


class VerifyEventInput(_Input):
    """Which event, and in what language to say what was seen."""

    uid: str = Field(pattern=UID_PATTERN, description="as in a search's answer")
    language: Language | None = Field(default=None, description="of the sentence; default: French")


class SearchWebEventsInput(_Input):
    """A question for the web, where the catalogue is not enough."""

    question: str = Field(
        min_length=1,
        max_length=500,
        description="what to look for in the user's own words, French or English (« concert de klezmer à Lyon ce week-end »)",
    )
    place: str | None = Field(
        default=None,
        min_length=1,
        max_length=100,
        description="commune, postcode, département or région of France; replaces a place in the words",
    )
    when: str | None = Field(
        default=None,
        min_length=1,
        max_length=100,
        description="a day or days in words (« samedi », « next weekend ») or as an ISO 8601 date; beside the question",
    )
    language: Language | None = Field(
        default=None, description="of notices; default: the language of the question"
    )

    @property
    def words(self) -> str:
        """The question with its days."""
        return f"{self.question} {self.when}" if self.when and self.day is None else self.question

    @property
    def day(self) -> date | None:
        """`when`, where it is a date."""
        try:
            return date.fromisoformat(self.when or "")
        except ValueError:
            return None

    def given(self) -> Given:
        return Given(place=self.place, starts=self.day, ends=self.day)
