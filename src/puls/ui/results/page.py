"""`/recherche`: a list of what is on that lasts at its address, whole without JavaScript.

Filters, order, chips and « Voir plus » are links to other addresses of the same search. Reads Puls from `app.state.puls`.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Request
from starlette.responses import HTMLResponse

from puls.bootstrap import Puls
from puls.catalogue.event import Accessibility
from puls.errors import InvalidInputError
from puls.phrasing import Language
from puls.retrieval.asking import Answer
from puls.retrieval.theme import Match
from puls.ui.cards import Card, card
from puls.ui.links import Asked, Links
from puls.ui.rendering import page
from puls.ui.requests import TheMoment, ThePuls, TheTongue, limited, search_place
from puls.ui.seeking.address import MOST_PAGES, ORDER_WORDS, PAGE, PATH, Search
from puls.ui.seeking.quick import Counts, counted, filters_of, question_of
from puls.ui.seeking.reading import Read, read_search
from puls.ui.seeking.summary import summary_of
from puls.ui.texts import texts
from puls.ui.tiles import tiles_of
from puls.ui.turns import ChipView, offers
from puls.understanding.instead import sentence_instead
from puls.understanding.question import Understood
from puls.understanding.saying.chips import chips_of
from puls.understanding.saying.sentence import sentence_of
from puls.understanding.wish import Wish

_FIELDS = ("q", "lieu", "du", "au", "rayon", "prix", "age")  # those with a word of their own
router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderView:
    """One way to sort, its link, and whether it is the one in use."""

    words: str
    address: str
    is_current: bool


@router.api_route(
    PATH,
    methods=["GET", "HEAD"],
    dependencies=[Depends(search_place), Depends(limited("request"))],
)
async def results_page(
    request: Request, puls: ThePuls, now: TheMoment, tongue: TheTongue
) -> HTMLResponse:
    """What an address asks for. A value that cannot be read stays in its field with a word about it, and filters nothing."""
    read = read_search(request.query_params)
    understood, read = await _understood_first(read, puls=puls, now=now)
    search, wish = read.search, understood.wish
    language = tongue.chosen or (
        ("en" if understood.language == "en" else "fr") if search.text else tongue.preferred
    )
    timezone = puls.settings.timezone
    filters = filters_of(search, wish, now=now, timezone=timezone, language=language)
    answer, counts = await asyncio.gather(
        puls.asking.ask(question_of(search, now=now, timezone=timezone)),
        counted(filters, wish, puls=puls, now=now),
    )
    return page(
        "results.html",
        language=language,
        links=_links(search, sentence_of(wish, language, timezone), language),
        search=search,
        wrong={name: read.wrong.get(name, "") for name in _FIELDS},
        is_refining=any(name != "lieu" for name in read.wrong),
        tiles=tiles_of(puls.settings.map_tiles, language),
        **_found(answer, search, counts, now=now, language=language),
        **_understood(search, wish, puls=puls, language=language),
        **_beside(answer, search, puls=puls, now=now, language=language),
    )


async def _understood_first(read: Read, *, puls: Puls, now: datetime) -> tuple[Understood, Read]:
    """What is asked for; a place that is not known is taken out, and said at its field."""
    question = question_of(read.search, now=now, timezone=puls.settings.timezone)
    try:
        return await puls.asking.understand(question), read
    except InvalidInputError:
        wrong = dict(read.wrong)
        search = read.search
        if search.place is not None:
            wrong["lieu"] = search.place
        if search.radius_km is not None:
            wrong["rayon"] = f"{search.radius_km:g}"
        if search.starts is None and search.ends is not None:
            wrong["au"] = search.ends.isoformat()
        cleared = replace(
            search, place=None, radius_km=None, ends=None if "au" in wrong else search.ends
        )
        again = question_of(cleared, now=now, timezone=puls.settings.timezone)
        return await puls.asking.understand(again), Read(cleared, wrong)


def _found(
    answer: Answer,
    search: Search,
    counts: Counts,
    *,
    now: datetime,
    language: Language,
) -> Mapping[str, Any]:
    events = answer.found.events
    cards: list[Card] = [card(one, now=now, language=language) for one in events]
    has_more = len(events) == search.shown < answer.found.fitting and search.page < MOST_PAGES
    more = replace(search, page=search.page + 1)
    return {
        "cards": cards,
        "is_sample": bool(cards) and all(one.is_example for one in cards),
        "has_places": any(one.lat is not None for one in cards),
        "summary": summary_of(answer.found, counts, language=language) if cards else "",
        "filters": counts.filters if any(one.is_on or one.count for one in counts.filters) else (),
        "more_address": f"{more.address}#sortie-{len(cards) + 1}" if has_more else None,
        "is_cut": len(events) == PAGE * MOST_PAGES < answer.found.fitting,
        "is_near": answer.found.match is Match.NOTHING and bool(events),
    }


def _understood(search: Search, wish: Wish, *, puls: Puls, language: Language) -> Mapping[str, Any]:
    timezone = puls.settings.timezone
    is_english = language == "en"
    words = texts(language)
    chips = [
        ChipView(
            field=chip.field,
            words=chip.en if is_english else chip.fr,
            address=search.taken_away(chip.field).address,
        )
        for chip in chips_of(wish, timezone=timezone)
        if chip.field != "order"
    ]
    has_distance = wish.position is not None or (wish.where is not None and wish.where.near)
    orders = [
        OrderView(
            words=words[f"order_{order}"],
            address=search.changed(order=order).address,
            is_current=order == wish.order,
        )
        for order in ORDER_WORDS.values()
        if order != "nearest" or has_distance
    ]
    said = " · ".join(chip.words for chip in chips)
    return {
        "chips": chips,
        "orders": orders,
        "title": said or words["results_all"],
        "restored": replace(search, without=(), page=1).address if search.without else None,
        "talk_address": Asked(
            question=sentence_of(wish, language, timezone), language=search.language
        ).address,
        "needs": [
            (code.value, words[key], code in wish.accessibility)
            for code, key in (
                (Accessibility.MOTOR, "wheelchair"),
                (Accessibility.HEARING, "hearing"),
            )
        ],
    }


def _beside(
    answer: Answer, search: Search, *, puls: Puls, now: datetime, language: Language
) -> Mapping[str, Any]:
    """Notices, a sentence where nothing is searched, what to try instead, and that the dates are over."""
    timezone = puls.settings.timezone
    today = now.astimezone(ZoneInfo(timezone)).date()
    last = search.ends or (search.starts if search.part else None)
    is_english = language == "en"
    return {
        "notices": [notice.en if is_english else notice.fr for notice in answer.notices],
        "is_over": last is not None and last < today,
        "from_today": search.changed(starts=None, ends=None, part=None).address,
        "offers": offers(
            Asked(language=search.language),
            answer.relaxations,
            language=language,
            timezone=timezone,
        ),
        "is_no_search": sentence_instead(answer.understood) is not None and not answer.found.events,
    }


def _links(search: Search, question: str, language: Language) -> Links:
    """`question`: the search in words, by which it is kept and subscribed to."""
    other: Language = "en" if language == "fr" else "fr"
    return Links(
        asked=Asked(question=question, language=search.language),
        other_language=replace(search, language=other).address,
    )
