"""What `GET /v1/search` takes, checked before anything is done with it."""

import re
from datetime import date, datetime
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, ConfigDict, Field, WithJsonSchema, model_validator

from puls.catalogue.event import Accessibility, Category
from puls.geo.distance import coarse_position
from puls.phrasing import Language
from puls.ui.absent import NullIsAbsent
from puls.understanding.given import EARLIEST_YEAR, LATEST_YEAR, Given
from puls.understanding.wish import Order

_RFC3339 = re.compile(
    r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:[Zz]|(?P<sign>[+\- ])\d\d:\d\d)"
)
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def _moment(text: Any) -> datetime:
    """An RFC 3339 moment; a `+` that nobody percent-encoded arrives as a space and is mended."""
    match = _RFC3339.fullmatch(str(text))
    if match is None:
        raise ValueError("give an ISO 8601 moment with its offset, like 2026-11-28T18:00:00+01:00")
    at = datetime.fromisoformat(str(text).replace(" ", "+").upper())
    _check_year(at)
    return at


def _day_or_moment(text: Any) -> date | datetime:
    if not _DAY.fullmatch(str(text)):
        return _moment(text)
    day = date.fromisoformat(str(text))
    _check_year(day)
    return day


def _check_year(at: date) -> None:
    if not EARLIEST_YEAR <= at.year < LATEST_YEAR:
        raise ValueError(f"give a year from {EARLIEST_YEAR} to {LATEST_YEAR - 1}")


Moment = Annotated[
    datetime,
    BeforeValidator(_moment),
    WithJsonSchema(
        {
            "type": "string",
            "format": "date-time",
            "examples": ["2026-11-28T18:00:00+01:00"],
        }
    ),
]
DayOrMoment = Annotated[
    date | datetime,
    BeforeValidator(_day_or_moment),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "format": "date"},
                {"type": "string", "format": "date-time"},
            ],
            "examples": ["2026-11-28"],
        }
    ),
]


class FilterParameters(NullIsAbsent):
    """Filters as values, which replace what the words say of the same."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)

    starts: DayOrMoment | None = Field(
        default=None,
        alias="from",
        description="events open from then on; a day alone is a day of the visitor's zone",
    )
    ends: DayOrMoment | None = Field(
        default=None,
        alias="to",
        description="events open before then; a day alone is included whole",
    )
    place: str | None = Field(
        default=None,
        min_length=1,
        max_length=100,
        description="a commune, postcode, arrondissement, département or région, by name or number",
        examples=["Lyon", "69003"],
    )
    radius_km: float | None = Field(
        default=None,
        gt=0,
        le=500,
        description="around `place`, else around `lat`,`lon`, else around the place named in `q`",
        examples=[20],
    )
    lat: float | None = Field(
        default=None,
        ge=-90,
        le=90,
        description="the visitor's position, with `lon`; it filters when `radius_km` is given",
    )
    lon: float | None = Field(default=None, ge=-180, le=180)
    free: bool | None = Field(default=None, description="true: only events stated to be free")
    max_price: float | None = Field(
        default=None, ge=0, le=10_000, description="euros per person; unknown prices stay, marked"
    )
    age: list[Annotated[int, Field(ge=0, le=120)]] = Field(
        default=[],
        max_length=10,
        description="years, repeatable; everyone must be welcome; events without ages stay, marked",
    )
    accessibility: list[Accessibility] = Field(
        default=[],
        max_length=5,
        description="repeatable; hi hearing, vi visual, pi psychic, mi motor, ii intellectual",
    )
    online: bool | None = Field(default=None, description="true: only online; false: only on site")
    category: list[Category] = Field(
        default=[], max_length=18, description="repeatable; any of them"
    )
    order: Order | None = None

    @model_validator(mode="after")
    def _position_is_whole(self) -> Self:
        if (self.lat is None) != (self.lon is None):
            raise ValueError("lat and lon go together")
        return self

    def given(self) -> Given:
        return Given(
            starts=self.starts,
            ends=self.ends,
            place=self.place,
            radius_km=self.radius_km,
            position=coarse_position(self.lat, self.lon),
            free=self.free,
            max_price=self.max_price,
            ages=tuple(dict.fromkeys(self.age)),
            accessibility=frozenset(self.accessibility),
            online=self.online,
            categories=tuple(dict.fromkeys(self.category)),
            order=self.order,
        )


class SearchParameters(FilterParameters):
    """A question in words, with filters as values."""

    q: str = Field(
        default="",
        max_length=2000,
        description="the question, in French or English; may be empty when filters are given",
        examples=["concert ce week-end à Lyon"],
    )
    limit: int | None = Field(
        default=None,
        ge=1,
        le=50,
        description="how many events at most; by default as many as the words ask for, else 10",
    )
    cursor: str | None = Field(
        default=None,
        min_length=1,
        max_length=600,
        description="`next_cursor` of the page before, with the same question: the events after it",
    )
    now: Moment | None = Field(
        default=None, description="the moment of asking, for tests and replays; default: the clock"
    )

    def question(self) -> dict[str, object]:
        """What is asked, without where a page begins, how long it is and when it is asked."""
        return self.model_dump(exclude={"cursor", "limit", "now"}, exclude_defaults=True)


class FeedParameters(SearchParameters):
    """A search as something to subscribe to, in a language."""

    lang: Language = Field(default="fr", description="of titles, dates and prices")
