"""`/semaine?q=…&du=…`: any search as a week. Takes the address of a question and shows seven days of what it finds."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Query
from starlette.responses import HTMLResponse

from puls import phrasing
from puls.bootstrap import Puls
from puls.catalogue.event import Event
from puls.phrasing import Language
from puls.retrieval.asking import Question
from puls.retrieval.ranking import FoundEvent
from puls.retrieval.search import Found
from puls.ui.links import Asked, Links, week_address
from puls.ui.pages import PageQuery
from puls.ui.rendering import page
from puls.ui.requests import TheMoment, ThePuls, TheTongue, limited, needs, search_place
from puls.ui.week.days import Week, interval_of, sorted_into, week_of
from puls.understanding.given import Given

MOST_SHOWN = 50
_FARTHEST = timedelta(days=366)

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)


class WeekQuery(PageQuery):
    """The address of a question, and a day of the week to show."""

    du: date | None = None


@router.api_route(
    "/semaine",
    methods=["GET", "HEAD"],
    dependencies=[Depends(search_place), Depends(needs("search")), Depends(limited("request"))],
)
async def week_page(
    query: Annotated[WeekQuery, Query()], tongue: TheTongue, puls: ThePuls, now: TheMoment
) -> HTMLResponse:
    """The days of the question decide which week comes first; the week then takes their place."""
    asked = query.asked()
    language = asked.language or tongue.preferred
    monday, values = await _found(asked, query.du, puls=puls, now=now, language=language)
    other: Language = "en" if language == "fr" else "fr"
    return page(
        "week.html",
        language=language,
        asked=asked,
        links=Links(
            asked=asked, other_language=week_address(replace(asked, language=other), monday)
        ),
        before=_neighbour(asked, monday, -1, now=now),
        after=_neighbour(asked, monday, 1, now=now),
        first=_day(monday, language),
        last=_day(monday + timedelta(days=6), language),
        list_address=asked.address,
        **values,
    )


async def _found(
    asked: Asked, day: date | None, *, puls: Puls, now: datetime, language: Language
) -> tuple[date, dict[str, Any]]:
    timezone = puls.settings.timezone
    zone = ZoneInfo(timezone)
    today = now.astimezone(zone).date()
    question = Question(
        text=asked.question,
        given=Given(position=asked.position, order="soonest"),
        now=now,
        timezone=timezone,
        without=frozenset(asked.without),
        near_position=True,
    )
    wish = (await puls.asking.understand(question)).wish
    first = wish.when[0].start.astimezone(zone).date() if wish.when else today
    monday = week_of(_within(day or max(first, today), today))
    interval = interval_of(monday, zone, now=now)
    week, fitting, shown = Week(days=(), all_week=()), 0, 0
    if interval is not None:
        found = await puls.search.find(
            replace(wish, when=(interval,), order="relevance"), now=now, limit=MOST_SHOWN
        )
        uids = [one.event.uid for one in _on_theme(found)]
        events = await puls.catalogue.events(uids)
        once: dict[str, Event] = {}
        for uid in uids:
            if uid in events:
                once.setdefault(events[uid].event.duplicate_key, events[uid].event)
        shown = len(once)
        fitting = max(found.fitting, shown)
        week = sorted_into(
            monday,
            once.values(),
            now=now,
            timezone=timezone,
            language=language,
        )
    return monday, {"week": week, "fitting": fitting, "shown": shown}


def _on_theme(found: Found) -> list[FoundEvent]:
    """What the week is asked for; when nothing surely is, what perhaps is."""
    best = found.match
    return [one for one in found.events if one.match is best]


def _within(day: date, today: date) -> date:
    """A week that can be looked at: from this one to a year ahead."""
    return min(max(day, today), today + _FARTHEST)


def _neighbour(asked: Asked, monday: date, weeks: int, *, now: datetime) -> str | None:
    other = monday + timedelta(weeks=weeks)
    today = now.date()
    if other + timedelta(days=6) < today or other > today + _FARTHEST:
        return None
    return week_address(asked, other)


def _day(day: date, language: Language) -> str:
    return phrasing.day_and_month(day, today=day, language=language)
