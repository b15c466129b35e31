"""`/v1/me/followed`: the events that a visitor follows, what is new about them, and their dates as a calendar."""

import asyncio
from datetime import datetime
from typing import Annotated, Self

from fastapi import APIRouter, Depends, Query, Request, Response, status
from pydantic import BaseModel, ConfigDict, Field

from puls.api.calendars import MEDIA_TYPE, feed_of
from puls.api.events import Uid
from puls.api.problems import documented
from puls.api.schemas import EventShape, NoticeShape, OccurrenceShape, event_facts
from puls.bootstrap import Puls
from puls.catalogue.store import StoredEvent
from puls.conversation.keeping.followed import MOST_FOLLOWED, Followed, news_of
from puls.errors import NotFoundError
from puls.identity.api_keys import is_program
from puls.phrasing import Language
from puls.ui.public_address import feed_url, public_base
from puls.ui.requests import KnownVisitor, TheMoment, ThePuls, TheVisitor, limited

_NO_CALENDAR = "This calendar does not exist, or what it showed was erased."

router = APIRouter(prefix="/v1/me", tags=["me"], dependencies=[Depends(limited("request"))])


class _Shape(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class FollowedShape(_Shape):
    """A followed event as it is now, and what is new since the visitor last followed it or saw its news."""

    event: EventShape
    next: OccurrenceShape | None = Field(description="null: it is over")
    removed_at: datetime | None = Field(description="when its source took it away; null: it is on")
    followed_at: datetime
    seen_at: datetime
    news: list[NoticeShape] = Field(description="codes: `removed`, `status`, `over`, `moved`")

    @classmethod
    def of(cls, followed: Followed, stored: StoredEvent, *, now: datetime) -> Self:
        event = stored.event
        coming = event.coming(now)
        return cls(
            event=event_facts(event),
            next=OccurrenceShape.of(coming[0], event.timezone) if coming else None,
            removed_at=stored.removed_at,
            followed_at=followed.followed_at,
            seen_at=followed.seen_at,
            news=[
                NoticeShape(code=notice.code, fr=notice.fr, en=notice.en)
                for notice in news_of(followed, stored, now=now)
            ],
        )


class FollowedEventsShape(_Shape):
    """What the visitor follows, the latest first."""

    followed: list[FollowedShape]
    calendar_url: str | None = Field(
        description="secret: whoever has it reads these dates; ends when everything is erased"
    )


@router.get(
    "/followed",
    operation_id="followed",
    summary="See what I follow, and what is new about it",
    responses=documented(401, 429),
)
async def followed(
    request: Request, visitor: KnownVisitor, puls: ThePuls, now: TheMoment
) -> FollowedEventsShape:
    """Following one again says that its news was seen."""
    people = puls.people
    kept = await people.followed.all(visitor.id)
    events = await puls.catalogue.events([one.uid for one in kept])
    since = await people.followed.known_since(visitor.id) if kept else None
    return FollowedEventsShape(
        followed=[
            FollowedShape.of(one, events[one.uid], now=now) for one in kept if one.uid in events
        ],
        calendar_url=None
        if since is None
        else feed_url(request, puls, token=people.feed_tokens.issue(visitor.id, known_since=since)),
    )


@router.put(
    "/followed/{uid}",
    operation_id="follow",
    summary="Follow an event, or have seen its news",
    description=f"At most {MOST_FOLLOWED}. Kept until 30 days after the event's last date.",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=documented(401, 404, 409, 422, 429),
)
async def follow(uid: Uid, visitor: TheVisitor, puls: ThePuls, now: TheMoment) -> None:
    await puls.people.followed.follow(visitor, await puls.catalogue.event(uid), now=now)


@router.delete(
    "/followed/{uid}",
    operation_id="unfollow",
    summary="Follow an event no longer",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=documented(401, 422, 429),
)
async def unfollow(uid: Uid, visitor: KnownVisitor, puls: ThePuls) -> None:
    """Also one that was not followed."""
    await puls.people.followed.unfollow(visitor.id, uid)


@router.get(
    "/followed.ics",
    operation_id="followed_calendar",
    summary="Subscribe to the dates of what I follow",
    response_class=Response,
    responses={
        200: {
            "description": "iCalendar, the 300 soonest dates; cancelled ones say so",
            "content": {"text/calendar": {"schema": {"type": "string"}}},
        },
        **documented(401, 404, 422, 429),
    },
)
async def followed_calendar(
    *,
    token: Annotated[str, Query(max_length=200, description="as in `calendar_url`")],
    request: Request,
    puls: ThePuls,
    now: TheMoment,
    lang: Annotated[Language, Query()] = "fr",
) -> Response:
    """For a calendar's server, which sends no cookie: the address itself is the key, and opens nothing else."""
    events = await _followed_by_holder_of(token, puls)
    base = public_base(request, puls)
    content = await asyncio.to_thread(feed_of, events, now=now, base=base, language=lang)
    return Response(content, media_type=MEDIA_TYPE, headers={"Cache-Control": "no-store"})


async def _followed_by_holder_of(token: str, puls: Puls) -> list[StoredEvent]:
    people = puls.people
    visitor_id = people.feed_tokens.visitor_named(token)
    since = await people.followed.known_since(visitor_id) if visitor_id else None
    if (
        visitor_id is None
        or since is None
        or not people.feed_tokens.is_good(token, visitor_id=visitor_id, known_since=since)
    ):
        raise NotFoundError(_NO_CALENDAR)
    if is_program(visitor_id) and not await people.api_keys.is_alive(visitor_id):
        raise NotFoundError(_NO_CALENDAR)
    kept = await people.followed.all(visitor_id)
    return list((await puls.catalogue.events([one.uid for one in kept])).values())
