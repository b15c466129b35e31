"""`/v1/search.rss`, `/v1/search.json-feed`, `/v1/search.ics`: what `/v1/search` takes, as something to subscribe to.

The question is asked anew each time: « concerts ce week-end à Lyon » is each week's own. Readers that send back the
`ETag` get 304 until something changes.
"""

import asyncio
import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query, Request, Response

from puls.api.calendars import MEDIA_TYPE, search_feed_of
from puls.api.feeds.documents import JSON_TYPE, RSS_TYPE, Feed, json_feed_of, rss_of
from puls.api.paging import MOST_PAGED
from puls.api.parameters import FeedParameters
from puls.api.problems import documented
from puls.bootstrap import Puls
from puls.retrieval.asking import Answer, Question
from puls.retrieval.theme import Match
from puls.ui.links import Asked
from puls.ui.public_address import public_base
from puls.ui.requests import TheMoment, ThePuls, limited, needs, search_place
from puls.ui.texts import texts

_USUAL_LIMIT: Final = 50
_KEPT: Final = "public, max-age=900"

router = APIRouter(
    prefix="/v1",
    tags=["feeds"],
    dependencies=[Depends(search_place), Depends(needs("search")), Depends(limited("request"))],
)


def _documented(kind: str) -> dict[int | str, dict[str, object]]:
    return {
        200: {
            "description": "the events on the theme, best first, 50 unless `limit` says otherwise",
            "content": {
                kind: {"schema": {"type": "object" if kind.endswith("json") else "string"}}
            },
        },
        304: {"description": "nothing changed since the `ETag` that was sent as `If-None-Match`"},
        **documented(401, 403, 422, 429),
    }


@router.get(
    "/search.rss",
    operation_id="search_rss",
    summary="Subscribe to a search in a feed reader",
    response_class=Response,
    responses=_documented("application/rss+xml"),
)
async def rss(
    parameters: Annotated[FeedParameters, Query()], request: Request, puls: ThePuls, now: TheMoment
) -> Response:
    """RSS 2.0. An event is one item, by its page's address."""
    feed = await _feed(parameters, request, puls, now)
    return _answer(request, await asyncio.to_thread(rss_of, feed), RSS_TYPE, feed)


@router.get(
    "/search.json-feed",
    operation_id="search_json_feed",
    summary="Subscribe to a search as JSON Feed",
    response_class=Response,
    responses=_documented("application/feed+json"),
)
async def json_feed(
    parameters: Annotated[FeedParameters, Query()], request: Request, puls: ThePuls, now: TheMoment
) -> Response:
    """JSON Feed 1.1, with the date of each event under `_puls`."""
    feed = await _feed(parameters, request, puls, now)
    return _answer(request, json_feed_of(feed), JSON_TYPE, feed)


@router.get(
    "/search.ics",
    operation_id="search_calendar",
    summary="Subscribe to a search in a calendar",
    response_class=Response,
    responses=_documented("text/calendar"),
)
async def calendar(
    parameters: Annotated[FeedParameters, Query()], request: Request, puls: ThePuls, now: TheMoment
) -> Response:
    """iCalendar, each event at the date that fits the search."""
    feed = await _feed(parameters, request, puls, now)
    content = await asyncio.to_thread(
        search_feed_of,
        feed.found,
        name=feed.title,
        now=_steady(now),
        base=feed.base,
        language=feed.language,
    )
    return _answer(request, content, MEDIA_TYPE, feed)


async def _feed(parameters: FeedParameters, request: Request, puls: Puls, clock: datetime) -> Feed:
    now = parameters.now or clock
    answer = await puls.asking.ask(
        Question(
            text=parameters.q,
            given=parameters.given(),
            now=now,
            timezone=puls.settings.timezone,
            limit=min(parameters.limit or _USUAL_LIMIT, MOST_PAGED),
        )
    )
    base = public_base(request, puls)
    return Feed(
        title=_title(answer, parameters),
        page=base + Asked(question=parameters.q).address,
        address=f"{base}{request.url.path}?{request.url.query}".rstrip("?"),
        base=base,
        language=parameters.lang,
        now=_steady(now),
        found=() if answer.found.match is Match.NOTHING else answer.found.events,
    )


def _steady(now: datetime) -> datetime:
    """The hour: a document that changes by the second alone would be sent anew each time."""
    return now.replace(minute=0, second=0, microsecond=0)


def _title(answer: Answer, parameters: FeedParameters) -> str:
    """The words, else what the values mean."""
    is_english = parameters.lang == "en"
    chips = ", ".join(chip.en if is_english else chip.fr for chip in answer.understood.chips)
    said = " ".join(parameters.q.split()) or chips or texts(parameters.lang)["feed_everything"]
    return f"Puls : {said}" if not is_english else f"Puls: {said}"


@dataclass(frozen=True, slots=True)
class _Tag:
    """A document's `ETag`."""

    text: str

    def is_in(self, header: str) -> bool:
        """Weak or strong: the document is the same."""
        sent = {each.strip().removeprefix("W/") for each in header.split(",")}
        return self.text in sent or "*" in sent


def _answer(request: Request, content: bytes, media_type: str, feed: Feed) -> Response:
    tag = _Tag(f'"{hashlib.blake2b(content, digest_size=12).hexdigest()}"')
    headers = {"ETag": tag.text, "Cache-Control": _KEPT, "Content-Language": feed.language}
    if tag.is_in(request.headers.get("if-none-match", "")):
        return Response(status_code=304, headers=headers)
    return Response(content, media_type=media_type, headers=headers)
