"""`/v1`: search events, read one, verify one on the web. Parses, calls one use case, answers with a schema."""

from dataclasses import replace
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from pydantic import Field

from puls.api.calendars import MEDIA_TYPE, calendar_of, plan_calendar_of
from puls.api.paging import MOST_PAGED, Cursor, fingerprint_of, page_of
from puls.api.parameters import Moment, SearchParameters
from puls.api.problems import documented
from puls.api.schemas import EventDetails, SearchAnswer, event_details, search_answer
from puls.api.web_shapes import CheckShape
from puls.bootstrap import the_web
from puls.conversation.keeping.shares import MOST_STOPS
from puls.phrasing import Language
from puls.retrieval.asking import Question
from puls.ui.event.page import UID_PATTERN
from puls.ui.plans.reading import stored_stops
from puls.ui.public_address import public_base
from puls.ui.requests import TheMoment, ThePuls, limited, look_place, needs, search_place
from puls.web_search.asked import LEAST_SECONDS, MOST_SECONDS, verified
from puls.web_search.policy import QUICK

Uid = Annotated[
    str, Path(pattern=UID_PATTERN, description="as in a search's answer", examples=["10173778"])
]
_USUAL_LIMIT: Final = 10
_LIKE_A_SEARCH = [Depends(search_place), Depends(limited("request"))]
router = APIRouter(prefix="/v1", tags=["events"])


@router.get(
    "/search",
    operation_id="search",
    summary="Find events that fit a question",
    responses=documented(401, 403, 422, 429),
    dependencies=[Depends(search_place), Depends(needs("search")), Depends(limited("request"))],
)
async def search(
    parameters: Annotated[SearchParameters, Query()], puls: ThePuls, clock: TheMoment
) -> SearchAnswer:
    """What is understood of the words becomes filters; every event returned satisfies all of them.

    The answer shows what was understood (`wish`, `chips`), the events best first with their
    reasons, and how many events fit the filters in all. `next_cursor` goes on, up to 200 events.
    """
    timezone = puls.settings.timezone
    question = fingerprint_of(parameters.question())
    after = Cursor.read(parameters.cursor, question=question) if parameters.cursor else None
    now = after.now if after else parameters.now or clock
    answer = await puls.asking.ask(
        Question(
            text=parameters.q,
            given=parameters.given(),
            now=now,
            timezone=timezone,
            limit=MOST_PAGED,
        )
    )
    size = parameters.limit or answer.understood.wish.number_wanted or _USUAL_LIMIT
    shown, next_cursor = page_of(
        answer.found.events, size=size, after=after, now=now, question=question
    )
    page = replace(answer, found=replace(answer.found, events=shown))
    return search_answer(page, timezone=timezone, next_cursor=next_cursor)


@router.get(
    "/events/{uid}",
    operation_id="event",
    summary="Read one event with all its occurrences",
    responses=documented(401, 404, 422, 429),
    dependencies=_LIKE_A_SEARCH,
)
async def event(uid: Uid, puls: ThePuls) -> EventDetails:
    """Also an event that its source took away (`removed_at`): an old answer can be checked."""
    return event_details(await puls.catalogue.event(uid))


@router.get(
    "/events/{uid}/verification",
    operation_id="event_verification",
    summary="See on the web whether an event still takes place",
    responses=documented(401, 403, 404, 422, 429),
    dependencies=[Depends(look_place), Depends(needs("search")), Depends(limited("chat"))],
)
async def verification(
    uid: Uid,
    puls: ThePuls,
    within: Annotated[
        float,
        Query(
            ge=LEAST_SECONDS,
            le=MOST_SECONDS,
            allow_inf_nan=False,
            description="seconds to look in all; what is not seen by then is `not_checked`",
        ),
    ] = QUICK.seconds,
) -> CheckShape:
    """Its source's own record first, then the pages that it links to; what was seen lately is told again.

    A page that cannot be read is an answer (`unreadable`, with `why_not`), not a failure. It counts as a message of a
    conversation does. 503 `web_off` where the operator switched looking off.
    """
    web = the_web(puls)
    stored = await puls.catalogue.event(uid)
    (check,) = await verified(web.looking, [stored.event], within=within, invented=web.invented)
    return CheckShape.of(check, timezone=puls.settings.timezone)


@router.get(
    "/events/{uid}/calendar.ics",
    operation_id="event_calendar",
    summary="Take an event's dates into a calendar",
    response_class=Response,
    responses={
        200: {
            "description": "iCalendar, one entry per date to come, 60 at most",
            "content": {"text/calendar": {"schema": {"type": "string"}}},
        },
        **documented(401, 404, 422, 429),
    },
    dependencies=_LIKE_A_SEARCH,
)
async def calendar(
    *,
    uid: Uid,
    request: Request,
    puls: ThePuls,
    now: TheMoment,
    occurrence: Annotated[
        Moment | None,
        Query(description="the start of one date, as in `occurrences`; only that one"),
    ] = None,
    lang: Annotated[Language, Query()] = "fr",
) -> Response:
    """Cancelled dates say so; a range that its organiser gives without hours is « dates à vérifier »."""
    file = calendar_of(
        await puls.catalogue.event(uid),
        only=occurrence,
        now=now,
        base=public_base(request, puls),
        language=lang,
    )
    return Response(
        file.content,
        media_type=MEDIA_TYPE,
        headers={"Content-Disposition": file.disposition},
    )


@router.get(
    "/plan.ics",
    operation_id="plan_calendar",
    summary="Take an outing into a calendar",
    response_class=Response,
    responses={
        200: {
            "description": "iCalendar, one entry a stop",
            "content": {"text/calendar": {"schema": {"type": "string"}}},
        },
        **documented(401, 404, 422, 429),
    },
    dependencies=_LIKE_A_SEARCH,
)
async def plan_calendar(
    *,
    stop: Annotated[
        list[Annotated[str, Field(max_length=260)]],
        Query(
            min_length=1,
            max_length=MOST_STOPS,
            description="`uid,from,until`, moments with an offset",
            examples=["10173778,2026-12-05T14:00Z,2026-12-05T15:15Z"],
        ),
    ],
    request: Request,
    puls: ThePuls,
    now: TheMoment,
    lang: Annotated[Language, Query()] = "fr",
) -> Response:
    """Each stop in the order given, from when to when one is there, with the event's own facts."""
    stops = await stored_stops(stop, puls)
    file = plan_calendar_of(
        [(stored, one.arrives_at, one.leaves_at) for stored, one in stops],
        now=now,
        base=public_base(request, puls),
        language=lang,
    )
    return Response(
        file.content,
        media_type=MEDIA_TYPE,
        headers={"Content-Disposition": file.disposition},
    )
