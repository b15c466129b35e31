"""The page that a link opens: a plan as its timeline, a conversation as it stood when it was shared. Enter at `shared_page`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup
from starlette.responses import HTMLResponse

from puls import phrasing
from puls.bootstrap import Puls
from puls.conversation.keeping.shares import Share
from puls.conversation.keeping.stored_turn import StoredTurn
from puls.errors import NotFoundError
from puls.phrasing import Language
from puls.ui.answer_html import paragraphs_html, uids_of
from puls.ui.event.around import MiniView, minis
from puls.ui.links import Asked, Links
from puls.ui.plans.reading import still_known
from puls.ui.plans.timeline import PlanView, known_price, view_of
from puls.ui.rendering import page
from puls.understanding.wish import Wish

_MOST_TURNS = 50
_MOST_EVENTS = 6  # of one turn
# A link is a key: no search engine lists it, no page that is opened from here learns it, no cache keeps it.
_HEADERS = {
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex, nofollow",
    "Referrer-Policy": "no-referrer",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedTurn:
    """A question, its answer, and what it showed."""

    text: str
    answer: Sequence[Markup]
    minis: Sequence[MiniView]


async def shared_page(
    share: Share, *, puls: Puls, now: datetime, language: Language, chosen: Language | None
) -> HTMLResponse:
    """With today's hours and prices; what is gone is left out."""
    other: Language = "en" if language == "fr" else "fr"
    plan = await _plan(share, puls, language) if share.kind == "plan" else None
    turns = (
        await _turns(share, puls=puls, now=now, language=language, chosen=chosen)
        if share.kind == "conversation"
        else ()
    )
    day = share.created_at.date()
    return page(
        "sharing/shared.html",
        language=language,
        headers=_HEADERS,
        links=Links(
            asked=Asked(language=chosen), other_language=f"/partage/{share.token}?lang={other}"
        ),
        share=share,
        shared_on=phrasing.day_and_month(day, today=day, language=language),
        plan=plan,
        turns=turns,
    )


async def _plan(share: Share, puls: Puls, language: Language) -> PlanView | None:
    stops = await still_known(share.stops, puls)
    if not stops:
        return None
    return view_of(
        stops,
        price=known_price([stop.event for stop in stops], language),
        directions=puls.settings.directions,
        language=language,
    )


async def _turns(
    share: Share, *, puls: Puls, now: datetime, language: Language, chosen: Language | None
) -> list[SharedTurn]:
    assert share.conversation_id is not None
    assert share.last_ordinal is not None
    try:
        _, turns = await puls.people.conversations.conversation(
            share.visitor_id, share.conversation_id, limit=_MOST_TURNS
        )
    except NotFoundError:
        return []
    said = [
        turn for turn in turns if turn.state == "finished" and turn.ordinal <= share.last_ordinal
    ]
    uids = list(dict.fromkeys(uid for turn in said for uid in turn.shown))
    found = {one.event.uid: one for one in await puls.search.events(uids, Wish(), now=now)}

    def view(turn: StoredTurn) -> SharedTurn:
        shown = [found[uid] for uid in turn.shown if uid in found]
        return SharedTurn(
            text=turn.text,
            answer=paragraphs_html(
                turn.answer or "",
                uid_of=uids_of(one.event for one in shown),
                language=language,
                chosen=chosen,
            ),
            minis=minis(shown[:_MOST_EVENTS], now=now, language=language),
        )

    return [view(turn) for turn in said]
