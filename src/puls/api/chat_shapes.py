"""The JSON shapes of a conversation: what `POST /v1/chat` takes, and the server-sent events that it gives.

Pure: values in, models out. Enter at `ChatRequest` and `shape_of`.
"""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID, uuid4
from zoneinfo import available_timezones

from pydantic import AfterValidator, BaseModel, Field

from puls.api.parameters import FilterParameters
from puls.api.schemas import (
    ChipShape,
    FoundEventShape,
    NoticeShape,
    RelaxationShape,
    WishShape,
    found_event,
    search_answer,
)
from puls.api.web_shapes import WebShape, WebStepEvent
from puls.conversation.preferences.preference import Purpose
from puls.conversation.turn import (
    Checking,
    EventsFound,
    Failed,
    Finished,
    LookingOnWeb,
    Said,
    SeenOnWeb,
    TextWritten,
    TurnEvent,
    TurnRequest,
    Usage,
    WishRead,
)
from puls.outings.plan import Plan
from puls.retrieval.asking import Answer
from puls.retrieval.search import Found
from puls.understanding.saying.chips import ChipField
from puls.web_search.values import Depth

_LONGEST_MESSAGE = 2_000  # characters; as a question of `GET /v1/search`
_ZONES = available_timezones()


def _known_zone(name: str) -> str:
    if name not in _ZONES:
        raise ValueError("give an IANA time zone, like Europe/Paris")
    return name


class ChatRequest(FilterParameters):
    """A message, with values chosen beside it."""

    text: str = Field(
        min_length=1,
        max_length=_LONGEST_MESSAGE,
        description="the message, in French or English",
        examples=["concert ce week-end à Lyon"],
    )
    conversation_id: UUID | None = Field(
        default=None, description="of an earlier answer; without one a conversation opens"
    )
    request_id: UUID = Field(
        default_factory=uuid4,
        description="chosen by the client; the same one twice is one turn, told twice",
    )
    without: list[ChipField] = Field(
        default=[], max_length=20, description="fields of the wish that the visitor took away"
    )
    language: Literal["fr", "en"] | None = Field(
        default=None, description="of the answer; by default that of the message"
    )
    timezone: Annotated[str, AfterValidator(_known_zone)] = "Europe/Paris"
    limit: int | None = Field(default=None, ge=1, le=20)
    web: Depth | None = Field(
        default=None,
        description="how far to look on the web: off, quick, thorough; by default as the operator chose",
    )

    def request(self) -> TurnRequest:
        given = self.given()
        return TurnRequest(
            text=self.text,
            request_id=self.request_id,
            conversation_id=self.conversation_id,
            given=given,
            without=frozenset(self.without),
            language=self.language,
            position=given.position,
            timezone=self.timezone,
            limit=self.limit,
            web=self.web,
        )


class WishEvent(BaseModel):
    """`event: wish`: what was understood, before anything is searched."""

    turn_id: UUID
    conversation_id: UUID
    kind: str
    language: str
    wish: WishShape
    chips: list[ChipShape]


class StepShape(BaseModel):
    """One stop of an outing."""

    event: FoundEventShape
    arrives_at: datetime
    leaves_at: datetime
    km_from_previous: float | None
    minutes_from_previous: int | None


class PlanShape(BaseModel):
    """An outing; `price_per_person` in euros, null when a price is not known."""

    steps: list[StepShape]
    price_per_person: float | None


class EventsEvent(BaseModel):
    """`event: events`: what was found, before a word is written."""

    events: list[FoundEventShape]
    fitting: int
    relaxations: list[RelaxationShape]
    plans: list[PlanShape]


class WebSeenEvent(WebShape):
    """`event: web`: what was seen on the web, and the events of `events` as that corrects them."""

    corrected: list[FoundEventShape]


class TokenEvent(BaseModel):
    """`event: token`: a checked piece of the answer, and the events it speaks of."""

    text: str
    uids: list[str]


class DoneEvent(BaseModel):
    """`event: done`: the end. `milliseconds` since the message arrived, by step."""

    turn_id: UUID
    conversation_id: UUID
    writer: str
    milliseconds: dict[str, int]
    checking: Checking
    usage: Usage | None
    asks_consent: list[Purpose] = Field(
        description="see PUT /v1/me/consent: without it, what was said of oneself is not remembered"
    )


class ErrorEvent(BaseModel):
    """`event: error`: the end of a turn that could not be answered."""

    turn_id: UUID
    conversation_id: UUID
    code: str
    fr: str
    en: str


ChatEvent = (
    WishEvent
    | EventsEvent
    | WebStepEvent
    | WebSeenEvent
    | TokenEvent
    | NoticeShape
    | DoneEvent
    | ErrorEvent
)


def shape_of(  # noqa: PLR0911 - one return an event
    event: TurnEvent, *, timezone: str
) -> tuple[str, ChatEvent]:
    """The name and the data of a server-sent event. `timezone` is the visitor's."""
    match event:
        case WishRead():
            return "wish", _wish(event, timezone)
        case EventsFound(answer=answer, events=events, plans=plans):
            whole = search_answer(answer, timezone=timezone)
            return "events", EventsEvent(
                events=[found_event(one) for one in events],
                fitting=whole.fitting,
                relaxations=whole.relaxations,
                plans=[_plan(plan) for plan in plans],
            )
        case LookingOnWeb(step=step):
            return "web_step", WebStepEvent.of(step, timezone=timezone)
        case SeenOnWeb(looked=looked, events=events):
            web = WebShape.of(looked, timezone=timezone)
            return "web", WebSeenEvent(**dict(web), corrected=[found_event(one) for one in events])
        case TextWritten(text=text, uids=uids):
            return "token", TokenEvent(text=text, uids=list(uids))
        case Said(notice=notice):
            return "notice", NoticeShape(code=notice.code, fr=notice.fr, en=notice.en)
        case Finished():
            return "done", DoneEvent(
                turn_id=event.turn_id,
                conversation_id=event.conversation_id,
                writer=event.writer,
                milliseconds=dict(event.milliseconds),
                checking=event.checking,
                usage=event.usage,
                asks_consent=list(event.asks_consent),
            )
        case Failed(notice=notice):
            return "error", ErrorEvent(
                turn_id=event.turn_id,
                conversation_id=event.conversation_id,
                code=notice.code,
                fr=notice.fr,
                en=notice.en,
            )


def _wish(event: WishRead, timezone: str) -> WishEvent:
    nothing = Answer(understood=event.understood, found=Found(events=(), fitting=0), notices=())
    whole = search_answer(nothing, timezone=timezone)
    return WishEvent(
        turn_id=event.turn_id,
        conversation_id=event.conversation_id,
        kind=event.understood.turn.value,
        language=event.understood.language,
        wish=whole.wish,
        chips=whole.chips,
    )


def _plan(plan: Plan) -> PlanShape:
    steps = [
        StepShape(
            event=found_event(step.found),
            arrives_at=step.arrives_at,
            leaves_at=step.leaves_at,
            km_from_previous=step.km_from_previous,
            minutes_from_previous=step.minutes_from_previous,
        )
        for step in plan.steps
    ]
    return PlanShape(steps=steps, price_per_person=plan.price_per_person)
