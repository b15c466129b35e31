"""The pages: the question, the answers, and what went wrong.

Rendered whole by the server; every setting of a visitor is in the address. Reads Puls from
`app.state.puls` and the moment from `app.state.clock`.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Literal
from urllib.parse import parse_qs

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import HTMLResponse, Response

from puls.bootstrap import Puls
from puls.conversation.keeping.stored_turn import StoredConversation
from puls.conversation.turn import EventsFound
from puls.geo.distance import coarse_position
from puls.phrasing import Language
from puls.retrieval.asking import Answer, Question
from puls.ui.home.page import home_page
from puls.ui.links import FIRST_LIMIT, MOST, Asked, Links, without
from puls.ui.rendering import page
from puls.ui.requests import TheMoment, ThePuls, TheTongue, count, visitor_of
from puls.ui.texts import texts
from puls.ui.tiles import tiles_of
from puls.ui.turns import ChipView, TurnView, UnderstoodView, found_view, offers
from puls.understanding.given import Given
from puls.understanding.instead import sentence_instead
from puls.understanding.question import Understood
from puls.understanding.wish import Order

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

_PAGE_METHODS = ["GET", "HEAD"]
_PAGES = (
    "/evenement/",
    "/lieu/",
    "/partage/",
    "/semaine",
    "/c/",
    "/ops/reponse/",
    "/recherches/",
    "/courrier/",
)
_ORDERS: tuple[Order, ...] = ("relevance", "soonest", "nearest", "cheapest")


class PageQuery(BaseModel):
    """The address of the page. Anything else in it (a campaign's tracker…) is ignored."""

    model_config = ConfigDict(extra="ignore", allow_inf_nan=False)

    q: str = Field(default="", max_length=2000)
    lang: Language | None = None
    lat: float | None = Field(default=None, ge=-90, le=90)
    lon: float | None = Field(default=None, ge=-180, le=180)
    without: list[Annotated[str, Field(max_length=40)]] = Field(default=[], max_length=30)
    order: Order | None = None
    limit: int | None = Field(default=None, ge=1, le=MOST)

    def asked(self) -> Asked:
        return Asked(
            question=self.q.strip(),
            language=self.lang,
            position=coarse_position(self.lat, self.lon),
            without=tuple(self.without),
            order=self.order,
            limit=self.limit,
        )


async def _like_a_search(request: Request, puls: ThePuls, now: TheMoment) -> AsyncIterator[None]:
    """A question on the page costs what it costs over the API: it is counted there, and waits its turn there."""
    if not request.query_params.get("q", "").strip():
        yield
        return
    async with puls.searches.admitted():
        visitor = await visitor_of(request, puls, now)
        visitor.check_may("search")
        await count(request, visitor, "request", puls=puls, now=now)
        yield


@router.api_route("/", methods=_PAGE_METHODS, dependencies=[Depends(_like_a_search)])
async def question_page(
    query: Annotated[PageQuery, Query()],
    request: Request,
    tongue: TheTongue,
    puls: ThePuls,
    now: TheMoment,
) -> Response:
    """What is on where the visitor is, or the question with its answers, whole without JavaScript."""
    asked = query.asked()
    if not asked.question:
        language = asked.language or tongue.preferred
        home = Asked(language=asked.language)
        return await home_page(request, home, puls=puls, language=language, now=now)
    answer = await puls.asking.ask(
        Question(
            text=asked.question,
            given=Given(position=asked.position, order=asked.order),
            now=now,
            timezone=puls.settings.timezone,
            limit=asked.limit,
            usual_limit=FIRST_LIMIT,
            without=frozenset(asked.without),
            near_position=True,
        )
    )
    language = asked.language or _language_of(answer.understood)
    turn = _single_turn(
        asked,
        answer,
        now=now,
        language=language,
        timezone=puls.settings.timezone,
        directions=puls.settings.directions,
    )
    return talk_page((turn,), puls=puls, language=language, links=_links(asked, language))


def talk_page(
    turns: Sequence[TurnView],
    *,
    puls: Puls,
    language: Language,
    links: Links,
    conversation: StoredConversation | None = None,
    headers: Mapping[str, str] | None = None,
) -> HTMLResponse:
    """The one screen: conversation, cards and map."""
    return page(
        "talk.html",
        language=language,
        headers=headers,
        links=links,
        turns=turns,
        conversation=conversation,
        tiles=tiles_of(puls.settings.map_tiles, language),
        web_usual=puls.web and puls.web.usual,
    )


def _single_turn(
    asked: Asked,
    answer: Answer,
    *,
    now: datetime,
    language: Language,
    timezone: str,
    directions: str,
) -> TurnView:
    """A question that stands alone, with links where a conversation has buttons."""
    understood, found = answer.understood, answer.found
    is_english = language == "en"
    most = asked.limit or understood.wish.number_wanted or FIRST_LIMIT
    shown = len(found.events)
    can_show_more = shown == most < min(MOST, found.fitting)
    chips = [
        ChipView(
            field=chip.field,
            words=chip.en if is_english else chip.fr,
            address=without(asked, chip.field).address,
        )
        for chip in understood.chips
        if chip.field != "order"  # the links above the results show it
    ]
    view = found_view(
        EventsFound(answer=answer, events=found.events),
        now=now,
        language=language,
        timezone=timezone,
        directions=directions,
    )
    return TurnView(
        text=asked.question,
        understood=UnderstoodView(
            chips=chips, restored=replace(asked, without=()).address if asked.without else None
        ),
        found=replace(
            view,
            offers=offers(asked, answer.relaxations, language=language, timezone=timezone),
            more=None,
            more_address=replace(asked, limit=min(MOST, most + FIRST_LIMIT)).address
            if can_show_more
            else None,
            orders=_orders(asked, understood, language) if found.events else (),
            is_empty=not found.events and sentence_instead(understood) is None,
        ),
        notices=[notice.en if is_english else notice.fr for notice in answer.notices],
        is_current=True,
    )


def wants_a_page(request: Request) -> bool:
    """Whether a person reads the failure: a page's address, or a browser that lost its way."""
    path = request.scope["path"]
    if path in {"/", "/recherche", "/moi", "/ops", "/docs"} or path.startswith(_PAGES):
        return True
    is_for_programs = path.startswith(("/v1", "/health", "/metrics", "/openapi.json", "/static"))
    return not is_for_programs and "text/html" in request.headers.get("accept", "")


def error_page(
    request: Request, *, status: int, request_id: str, headers: Mapping[str, str] | None = None
) -> HTMLResponse:
    """A failure in full sentences, with what to do."""
    language: Language = (
        "en"
        if parse_qs(request.scope["query_string"].decode("latin-1")).get("lang") == ["en"]
        else "fr"
    )
    words = texts(language)
    kind = _error_kind(status)
    return page(
        "error.html",
        language=language,
        status=status,
        headers=headers,
        links=_links(Asked(language="en" if language == "en" else None), language),
        shown_status=status,
        title=words[f"error_{kind}_title"],
        explanation=words[f"error_{kind}"],
        request_id=request_id,
    )


def _error_kind(status: int) -> Literal["404", "422", "429", "500", "503"]:
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return "429"
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return "503" if status == HTTPStatus.SERVICE_UNAVAILABLE else "500"
    return "422" if status == HTTPStatus.UNPROCESSABLE_ENTITY else "404"


def _links(asked: Asked, language: Language) -> Links:
    other: Language = "en" if language == "fr" else "fr"
    return Links(asked=asked, other_language=replace(asked, language=other).address)


def _language_of(understood: Understood) -> Language:
    """The words' own language where the page speaks it."""
    return "en" if understood.language == "en" else "fr"


def _orders(
    asked: Asked, understood: Understood, language: Language
) -> list[tuple[str, str, bool]]:
    """(words, address, whether it is the current one); distance only where one is known."""
    wish = understood.wish
    has_distance = wish.position is not None or (wish.where is not None and wish.where.near)
    words = texts(language)
    return [
        (words[f"order_{order}"], replace(asked, order=order).address, order == wish.order)
        for order in _ORDERS
        if order != "nearest" or has_distance
    ]
