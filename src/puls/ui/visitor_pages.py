"""The pages that are one visitor's own: a conversation they had, and what Puls knows of them.

Read by the cookie that the conversation gave; another visitor's are as if they did not exist.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from starlette.responses import HTMLResponse

from puls.bootstrap import Puls
from puls.conversation.keeping.stored_turn import StoredConversation, StoredTurn
from puls.conversation.preferences.store import WORDING
from puls.conversation.turn import EventsFound
from puls.errors import NotFoundError
from puls.identity.visitor import Visitor
from puls.outings.outing import plan_slots
from puls.outings.plan import Plan
from puls.phrasing import Language
from puls.retrieval.asking import Answer, Question
from puls.retrieval.ranking import FoundEvent
from puls.retrieval.search import Found
from puls.ui.answer_html import paragraphs_html, uids_of
from puls.ui.links import Asked, Links, conversation_address
from puls.ui.me import followed_view, me_view
from puls.ui.pages import talk_page
from puls.ui.public_address import feed_url, public_base
from puls.ui.rendering import page
from puls.ui.requests import (
    KnownVisitor,
    TheMoment,
    ThePuls,
    TheTongue,
    Tongue,
    limited,
    search_place,
)
from puls.ui.returning.views import coming_back
from puls.ui.sharing.views import share_views
from puls.ui.texts import texts
from puls.ui.turns import (
    AfterView,
    ChipView,
    TurnView,
    UnderstoodView,
    found_view,
    refine_view,
)
from puls.understanding.question import Understood
from puls.understanding.saying.chips import chips_of
from puls.understanding.turns import Act, Turn
from puls.understanding.wish import Wish

router = APIRouter(
    include_in_schema=False,
    default_response_class=HTMLResponse,
    dependencies=[Depends(search_place), Depends(limited("request"))],
)
_TURNS_SHOWN = 50
_TURNS_WITH_CARDS = 12
_PRIVATE = {"Cache-Control": "no-store"}


@router.get("/c/{conversation_id}")
async def conversation_page(
    conversation_id: UUID, visitor: KnownVisitor, puls: ThePuls, now: TheMoment, tongue: TheTongue
) -> HTMLResponse:
    """A conversation as it was left; it goes on where it stopped."""
    try:
        stored, views, language = await conversation_so_far(
            conversation_id, visitor, puls=puls, now=now, tongue=tongue
        )
    except NotFoundError:
        return private_page(conversation_id, tongue)
    other: Language = "en" if language == "fr" else "fr"
    links = Links(
        asked=Asked(language=tongue.chosen),
        other_language=conversation_address(conversation_id, other),
    )
    return talk_page(
        views, puls=puls, language=language, links=links, conversation=stored, headers=_PRIVATE
    )


def private_page(conversation_id: UUID, tongue: Tongue) -> HTMLResponse:
    """Somebody else's conversation, or none: the same to whoever asks, with what its owner can do."""
    language = tongue.chosen or tongue.preferred
    other: Language = "en" if language == "fr" else "fr"
    return page(
        "private.html",
        language=language,
        status=404,
        headers=_PRIVATE,
        links=Links(
            asked=Asked(language=tongue.chosen),
            other_language=conversation_address(conversation_id, other),
        ),
    )


@router.get("/moi")
async def me_page(
    request: Request, visitor: KnownVisitor, puls: ThePuls, now: TheMoment, tongue: TheTongue
) -> HTMLResponse:
    """« Ce que je sais de vous »: conversations, preferences, consents; to see, correct, export and erase."""
    people = puls.people
    language = tongue.chosen or tongue.preferred
    other: Language = "en" if language == "fr" else "fr"
    kept = await people.followed.all(visitor.id)
    events = await puls.catalogue.events([one.uid for one in kept])
    since = await people.followed.known_since(visitor.id) if kept else None
    return page(
        "me.html",
        language=language,
        headers=_PRIVATE,
        links=Links(asked=Asked(language=tongue.chosen), other_language=f"/moi?lang={other}"),
        conversations=await people.conversations.all(visitor.id),
        me=me_view(
            await people.preferences.profile(visitor.id, now=now), now=now, language=language
        ),
        followed=[
            followed_view(one, events[one.uid], now=now, language=language)
            for one in kept
            if one.uid in events
        ],
        feed_url=since
        and feed_url(request, puls, token=people.feed_tokens.issue(visitor.id, known_since=since)),
        coming_back=await coming_back(visitor.id, puls=puls, now=now, language=language),
        shares=share_views(
            await people.shares.all(visitor.id), public_base(request, puls), language=language
        ),
        wording={purpose: words[language] for purpose, words in WORDING.items()},
        retention_days=puls.settings.retention_days,
    )


async def conversation_so_far(
    conversation_id: UUID, visitor: Visitor, *, puls: Puls, now: datetime, tongue: Tongue
) -> tuple[StoredConversation, list[TurnView], Language]:
    """A visitor's conversation, its last turns as they are shown, and the language they are shown in.

    Raises:
        NotFoundError: they have no such conversation.
    """
    stored, turns = await puls.people.conversations.conversation(
        visitor.id, conversation_id, limit=_TURNS_SHOWN
    )
    language = tongue.chosen or _language_of(turns, tongue.preferred)
    shown = await _shown(turns, puls=puls, now=now)
    thumbs = await puls.people.conversations.thumbs(visitor.id, conversation_id)
    current = next((turn for turn in reversed(turns) if shown[turn.id]), None)
    plans = await _plans(turns, puls=puls, now=now)
    views = [
        _turn_view(
            turn,
            shown[turn.id],
            is_last=turn is turns[-1],
            is_current=turn is current,
            language=language,
            chosen=tongue.chosen,
            now=now,
            timezone=puls.settings.timezone,
            directions=puls.settings.directions,
            plans=plans.get(turn.id, ()),
            thumbs={uid: thumb for (of, uid), thumb in thumbs.items() if of == turn.id},
        )
        for turn in turns
    ]
    return stored, views, language


async def _shown(
    turns: Sequence[StoredTurn], *, puls: Puls, now: datetime
) -> dict[UUID, tuple[FoundEvent, ...]]:
    """The events that each of the last turns showed, seen from now."""
    shown: dict[UUID, tuple[FoundEvent, ...]] = {turn.id: () for turn in turns}
    if not turns:
        return shown
    *earlier, last = turns[-_TURNS_WITH_CARDS:]
    shown[last.id] = await puls.search.events(last.shown, last.wish or Wish(), now=now)
    uids = list(dict.fromkeys(uid for turn in earlier for uid in turn.shown))
    by_uid = {one.event.uid: one for one in await puls.search.events(uids, Wish(), now=now)}
    for turn in earlier:
        shown[turn.id] = tuple(by_uid[uid] for uid in turn.shown if uid in by_uid)
    return shown


async def _plans(
    turns: Sequence[StoredTurn], *, puls: Puls, now: datetime
) -> dict[UUID, tuple[Plan, ...]]:
    """The plan of the last turn that has one, worked out again from its events: their hours may have changed."""
    turn = next((one for one in reversed(turns) if one.kept.plan is not None and one.shown), None)
    if turn is None or turn.kept.plan is None:
        return {}
    plan = turn.kept.plan
    slots = tuple(
        replace(slot, uid=uid)
        for slot, uid in zip(plan.slots, plan.uids, strict=True)
        if uid is not None
    )
    wish = turn.wish or Wish()
    question = Question(text=turn.text, now=now, timezone=puls.settings.timezone)
    understood = Understood(
        wish=wish, turn=Turn.SEARCH, language=turn.language or "fr", carried=wish
    )
    outing = await plan_slots(puls.asking, question, understood, slots, most_plans=1)
    return {turn.id: outing.plans}


def _turn_view(
    turn: StoredTurn,
    events: tuple[FoundEvent, ...],
    *,
    is_last: bool,
    is_current: bool,
    language: Language,
    chosen: Language | None,
    now: datetime,
    timezone: str,
    directions: str,
    plans: tuple[Plan, ...],
    thumbs: Mapping[str | None, str],
) -> TurnView:
    wish = turn.wish or Wish()
    is_english = language == "en"
    is_whole = turn.state == "finished"
    understood = Understood(
        wish=wish,
        turn=turn.kind or Turn.SEARCH,
        language=turn.language or "fr",
        carried=wish,
    )
    found = EventsFound(
        answer=Answer(
            understood=understood, found=Found(events=events, fitting=len(events)), notices=()
        ),
        events=events,
        plans=plans,
    )
    chips = chips_of(wish, timezone=timezone) if turn.wish and is_last else ()
    return TurnView(
        id=str(turn.id),
        thumbs=thumbs,
        text=turn.text,
        understood=UnderstoodView(
            chips=[
                ChipView(field=chip.field, words=chip.en if is_english else chip.fr)
                for chip in chips
            ],
            refine=refine_view(wish, timezone=timezone) if turn.wish and is_last else None,
        ),
        found=found_view(
            found,
            now=now,
            language=language,
            timezone=timezone,
            directions=directions,
            compares=turn.kept.act is Act.COMPARE,
        )
        if events
        else None,
        answer=paragraphs_html(
            turn.answer or "",
            uid_of=uids_of(one.event for one in events),
            language=language,
            chosen=chosen,
        ),
        after=AfterView(turn_id=str(turn.id), conversation_id=str(turn.conversation_id))
        if is_last and is_whole
        else None,
        failure=None if is_whole else texts(language)["turn_not_finished"],
        is_current=is_current,
    )


def _language_of(turns: Sequence[StoredTurn], preferred: Language) -> Language:
    """That of the last answer where the page speaks it."""
    said = [turn.language for turn in turns if turn.language in {"fr", "en"}]
    return "en" if said and said[-1] == "en" else "fr" if said else preferred
