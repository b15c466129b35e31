"""What a visitor changes by hand in what was understood: a chip taken away, another date, a piece of the map.

An edit of a turn's wish is a new message in words that mean the changed wish, so that the conversation stays readable
and each later message builds on it. Pure. Enter at `edited_request`.
"""

from dataclasses import replace
from datetime import date, datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from puls.catalogue.event import Accessibility
from puls.conversation.turn import TurnRequest
from puls.geo.distance import Coordinates
from puls.geo.gazetteer import Gazetteer
from puls.phrasing import Language
from puls.ui.absent import NullIsAbsent
from puls.ui.links import MOST
from puls.understanding.given import EARLIEST_YEAR, LATEST_YEAR, Given, blank_fields, with_given
from puls.understanding.saying.chips import ChipField
from puls.understanding.saying.sentence import sentence_of
from puls.understanding.wish import MAP_AREA, Near, Order, Where, Wish
from puls.web_search.values import Depth

_Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


class Area(BaseModel):
    """A piece of the map, as a circle around its middle."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)

    lat: float = Field(ge=-90, le=90)
    lon: float = Field(ge=-180, le=180)
    radius_km: float = Field(gt=0, le=500)


class Edit(NullIsAbsent):
    """The changes; what is absent stays as it was. `limit` asks for more of the same."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)

    of_turn: UUID
    without: list[ChipField] = Field(default=[], max_length=20)
    topic: _Text | None = None
    starts: date | None = Field(default=None, alias="from")
    ends: date | None = Field(default=None, alias="to")
    place: _Text | None = None
    radius_km: float | None = Field(default=None, gt=0, le=500)
    area: Area | None = None
    free: bool | None = None
    max_price: float | None = Field(default=None, ge=0, le=10_000)
    age: list[Annotated[int, Field(ge=0, le=120)]] = Field(default=[], max_length=10)
    accessibility: list[Accessibility] = Field(default=[], max_length=5)
    order: Order | None = None
    limit: int | None = Field(default=None, ge=1, le=MOST)

    @model_validator(mode="after")
    def _years_are_near(self) -> Self:
        for day in (self.starts, self.ends):
            if day is not None and not EARLIEST_YEAR <= day.year < LATEST_YEAR:
                raise ValueError(f"give a year from {EARLIEST_YEAR} to {LATEST_YEAR - 1}")
        return self

    def given(self, *, position: Coordinates | None) -> Given:
        return Given(
            starts=self.starts,
            ends=self.ends,
            place=self.place,
            radius_km=self.radius_km,
            where=_where(self.area) if self.area else None,
            position=position,
            free=self.free,
            max_price=self.max_price,
            ages=tuple(dict.fromkeys(self.age)),
            accessibility=frozenset(self.accessibility),
            order=self.order,
        )


def edited_request(
    wish: Wish,
    edit: Edit,
    *,
    request_id: UUID,
    conversation_id: UUID,
    position: Coordinates | None,
    language: Language,
    now: datetime,
    gazetteer: Gazetteer,
    timezone: str,
    web: Depth | None = None,
) -> TurnRequest:
    """The message that asks for the changed wish.

    What the words leave out stays out: nothing of the wish before comes back by itself.

    Raises:
        InvalidInputError: a value names no place, or the end lies before the start.
    """
    given = edit.given(position=position)
    changed = with_given(
        wish, given, now=now, gazetteer=gazetteer, timezone=timezone, without=edit.without
    )
    if edit.topic is not None:
        changed = replace(changed, topic=edit.topic)
    said = changed if edit.area is None else replace(changed, where=None)
    return TurnRequest(
        text=sentence_of(said, language, timezone),
        request_id=request_id,
        conversation_id=conversation_id,
        given=Given(where=changed.where, position=position, order=changed.order),
        without=blank_fields(changed),
        language=language,
        position=position,
        timezone=timezone,
        limit=edit.limit,
        web=web,
    )


def _where(area: Area) -> Where:
    label = f"{MAP_AREA} ({area.radius_km:.3g} km)"
    return Where(
        label=label, near=Near(center=Coordinates(area.lat, area.lon), radius_km=area.radius_km)
    )
