"""`POST /chat`: the turn of `POST /v1/chat` as pieces of a page, for the browser and the widget.

The same events in the same order; their data is HTML made by the page's own templates, so that a card looks the same
however it arrives, and nothing an organiser or a model wrote is ever markup. Enter at `page_chat`.
"""

import json
import re
from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import available_timezones

from fastapi import APIRouter, Depends
from pydantic import ConfigDict, Field, model_validator
from starlette.responses import Response, StreamingResponse

from puls.bootstrap import Puls
from puls.catalogue.event import Event
from puls.conversation.preferences.phrases import ASK_CONSENT, ASK_CONSENT_NEEDS
from puls.conversation.preferences.store import WORDING
from puls.conversation.survey import asks_survey
from puls.conversation.turn import (
    EventsFound,
    Failed,
    Finished,
    LookingOnWeb,
    Said,
    SeenOnWeb,
    TextWritten,
    TurnEvent,
    TurnRequest,
    WishRead,
)
from puls.errors import PulsError
from puls.geo.distance import Coordinates, coarse_position
from puls.identity.visitor import Visitor
from puls.monitoring import log
from puls.phrasing import Language
from puls.ui.absent import NullIsAbsent
from puls.ui.answer_html import PARAGRAPH, inline_html, uids_of
from puls.ui.edits import Edit, edited_request
from puls.ui.links import MOST, Asked, Links
from puls.ui.rendering import fragment
from puls.ui.requests import (
    TheMoment,
    ThePlace,
    ThePuls,
    TheVisitor,
    limited,
    needs,
    turn_place,
)
from puls.ui.seeking.follow_ups import FollowUp, follow_ups
from puls.ui.texts import texts
from puls.ui.turns import (
    AfterView,
    ChipView,
    TurnView,
    UnderstoodView,
    found_view,
    refine_view,
)
from puls.ui.web.view import WebPieces
from puls.understanding.given import Given
from puls.understanding.saying.chips import ChipField
from puls.understanding.saying.sentence_places import place_words
from puls.understanding.turns import Act
from puls.understanding.where.reach import seen_from
from puls.understanding.wish import MAP_AREA, Order, Where, Wish
from puls.web_search.values import Depth

router = APIRouter(include_in_schema=False)

_STREAM = "text/event-stream"
_NOT_KEPT = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
_DEPARTMENT = re.compile(r" \(\d[\dAB]\d?\)")  # « à Lyon (69) »
_ASKED_BY_A_CARD = {
    words for asked in (ASK_CONSENT, ASK_CONSENT_NEEDS) for words in (asked.fr, asked.en)
}
_ZONES = available_timezones()
_PATIENCE_SECONDS = 3.0  # for the turn that is edited to be finished


class PageMessage(NullIsAbsent):
    """What the page sends: a message, or an edit of what an earlier turn understood.

    `lang` is the language chosen on the page; None follows the message. `timezone` is the browser's: « ce soir » is an
    evening where the visitor is. `place`: where to look when the message names no place. `web`: how far to look on the web.
    """

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)

    request_id: UUID
    text: str = Field(default="", max_length=2000)
    edit: Edit | None = None
    conversation_id: UUID | None = None
    lang: Language | None = None
    lat: float | None = Field(default=None, ge=-90, le=90)
    lon: float | None = Field(default=None, ge=-180, le=180)
    without: list[ChipField] = Field(default=[], max_length=20)
    order: Order | None = None
    limit: int | None = Field(default=None, ge=1, le=MOST)
    timezone: str | None = Field(default=None, max_length=64)
    place: str | None = Field(default=None, max_length=100)
    web: Depth | None = None

    @model_validator(mode="after")
    def _says_something(self) -> "PageMessage":
        if (self.edit is None) != bool(self.text.strip()):
            raise ValueError("give a text or an edit")
        if self.edit is not None and self.conversation_id is None:
            raise ValueError("an edit belongs to a conversation")
        return self

    def zone(self, usual: str) -> str:
        """A browser may know zones that we do not; then the usual one."""
        return self.timezone if self.timezone in _ZONES else usual

    @property
    def position(self) -> Coordinates | None:
        return coarse_position(self.lat, self.lon)


@router.post(
    "/chat",
    response_class=StreamingResponse,
    dependencies=[Depends(turn_place), Depends(needs("chat")), Depends(limited("chat"))],
)
async def page_chat(
    *,
    message: PageMessage,
    visitor: TheVisitor,
    puls: ThePuls,
    place: ThePlace,
    now: TheMoment,
    cookies: Response,
) -> StreamingResponse:
    """Sending the same `request_id` again tells the same turn from its beginning: what a page does after a lost connection."""
    request = await _request(message, visitor, puls, now)
    events = puls.assistant.converse(visitor, request, place=place)
    first = await anext(events)  # a conversation that does not exist is a problem, not a stream
    pieces = Pieces(
        text=request.text,
        chosen=message.lang,
        now=now,
        timezone=request.timezone,
        survey_rate=puls.settings.survey_rate,
        directions=puls.settings.directions,
    )
    answer = StreamingResponse(
        _lines(first, events, pieces, puls), media_type=_STREAM, headers=_NOT_KEPT
    )
    for cookie in cookies.headers.getlist("set-cookie"):
        answer.headers.append("set-cookie", cookie)
    return answer


async def _request(
    message: PageMessage, visitor: Visitor, puls: Puls, now: datetime
) -> TurnRequest:
    timezone = message.zone(puls.settings.timezone)
    if message.edit is None or message.conversation_id is None:
        return TurnRequest(
            text=message.text.strip(),
            request_id=message.request_id,
            conversation_id=message.conversation_id,
            given=Given(position=message.position, order=message.order, usual_place=message.place),
            without=frozenset(message.without),
            position=message.position,
            timezone=timezone,
            limit=message.limit,
            web=message.web,
        )
    turn = await puls.people.conversations.ended(
        visitor.id, message.edit.of_turn, patience_seconds=_PATIENCE_SECONDS
    )
    return edited_request(
        seen_from(turn.wish or Wish(), message.position),
        message.edit,
        request_id=message.request_id,
        conversation_id=message.conversation_id,
        position=message.position,
        language=message.lang or ("en" if turn.language == "en" else "fr"),
        now=now,
        gazetteer=puls.gazetteer,
        timezone=timezone,
        web=message.web,
    )


async def _lines(
    first: TurnEvent, events: AsyncIterator[TurnEvent], pieces: "Pieces", puls: Puls
) -> AsyncIterator[bytes]:
    yield pieces.line_of(first)
    async for event in events:
        if isinstance(
            event, Finished
        ):  # the answer stands; what may be said next comes with its end
            await pieces.look_ahead(puls)
        yield pieces.line_of(event)


class Pieces:
    """The events of one turn as the page shows them. Remembers what was found, so that the answer can link to it."""

    def __init__(
        self,
        *,
        text: str,
        chosen: Language | None,
        now: datetime,
        timezone: str,
        survey_rate: float,
        directions: str,
    ) -> None:
        self._survey_rate = survey_rate
        self._directions = directions
        self._text = text
        self._chosen = chosen
        self._now = now
        self._timezone = timezone
        self._language: Language = chosen or "fr"
        self._events: dict[str, Event] = {}
        self._found: EventsFound | None = None
        self._next: Sequence[FollowUp] = ()
        self._web = WebPieces(now=now, timezone=timezone)

    async def look_ahead(self, puls: Puls) -> None:
        """Count what the next message may ask; an answer never waits for it in vain."""
        if self._found is None:
            return
        try:
            self._next = await follow_ups(
                self._found, puls=puls, now=self._now, language=self._language
            )
        except PulsError as failure:
            log.warning("follow_ups.not_counted", why=type(failure).__name__)

    def line_of(self, event: TurnEvent) -> bytes:
        """One event as the protocol writes it: https://html.spec.whatwg.org/multipage/server-sent-events.html."""
        name, data = self._piece(event)
        return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n".encode()

    def _piece(  # noqa: PLR0911 - one return an event
        self, event: TurnEvent
    ) -> tuple[str, dict[str, Any]]:
        match event:
            case WishRead():
                return "wish", self._wish(event)
            case EventsFound():
                self._events = {one.event.uid: one.event for one in event.events}
                self._found = event
                self._web.shows(event.events)
                found = found_view(
                    event,
                    now=self._now,
                    language=self._language,
                    timezone=self._timezone,
                    directions=self._directions,
                    compares=event.answer.understood.act is Act.COMPARE,
                )
                html = self._fragment("_found.html", TurnView(text=self._text, found=found))
                words = texts(self._language)
                said = found.count if found.cards else words["said_nothing"] if found.offers else ""
                return "events", {"html": html, "said": said}
            case LookingOnWeb(step=step):
                return "web_step", self._web.step(step, language=self._language, links=self._links)
            case SeenOnWeb():
                return "web", self._web.seen(event, language=self._language, links=self._links)
            case TextWritten():
                return "token", self._token(event)
            case Said(notice=notice):
                return "notice", {"text": notice.en if self._language == "en" else notice.fr}
            case Finished():
                return "done", {"html": self._after(event)}
            case Failed(notice=notice):
                return "error", {
                    "code": notice.code,
                    "text": notice.en if self._language == "en" else notice.fr,
                }

    def _wish(self, event: WishRead) -> dict[str, Any]:
        understood = event.understood
        if self._chosen is None:
            self._language = "en" if understood.language == "en" else "fr"
        is_english = self._language == "en"
        view = UnderstoodView(
            chips=[
                ChipView(field=chip.field, words=chip.en if is_english else chip.fr)
                for chip in understood.chips
            ],
            refine=refine_view(understood.wish, timezone=self._timezone),
        )
        return {
            "turn": str(event.turn_id),
            "conversation": str(event.conversation_id),
            "language": self._language,
            "text": self._text,
            "doing": _doing(understood.wish.where, self._language),
            "html": self._fragment(
                "_understood.html",
                TurnView(id=str(event.turn_id), text=self._text, understood=view),
            ),
        }

    def _token(self, event: TextWritten) -> dict[str, Any]:
        if event.text.strip() in _ASKED_BY_A_CARD:
            return {"opens": False, "html": ""}
        html = inline_html(
            event.text.removeprefix(PARAGRAPH),
            uid_of=uids_of(self._events[uid] for uid in event.uids if uid in self._events),
            language=self._language,
            chosen=self._chosen,
        )
        return {"opens": event.text.startswith(PARAGRAPH), "html": str(html)}

    def _after(self, event: Finished) -> str:
        after = AfterView(
            turn_id=str(event.turn_id),
            conversation_id=str(event.conversation_id),
            asks_consent=event.asks_consent,
            consent_words={
                purpose: WORDING[purpose][self._language] for purpose in event.asks_consent
            },
            asks_survey=asks_survey(event.turn_id, self._survey_rate),
            follow_ups=self._next,
        )
        return self._fragment("_after.html", TurnView(text=self._text, after=after))

    @property
    def _links(self) -> Links:
        return Links(asked=Asked(language=self._chosen), other_language="")

    def _fragment(self, template: str, turn: TurnView) -> str:
        return fragment(template, language=self._language, links=self._links, turn=turn)


def _doing(where: Where | None, language: Language) -> str:
    """« Je cherche à 10 km autour de Crest… », while the visitor waits."""
    words = texts(language)
    if where is None:
        return words["searching"]
    if where.around_visitor_km is not None:
        return words["searching_near_you"]
    if where.label.startswith(MAP_AREA):
        return words["searching_here"]
    said = _DEPARTMENT.sub("", place_words(where, in_french=language == "fr"))
    return f"{words['searching_at']} {said}…"
