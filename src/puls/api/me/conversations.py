"""`/v1/conversations` and `/v1/turns`: what was said, for the visitor who said it."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, status

from puls.api.me.schemas import (
    ConversationShape,
    ConversationsShape,
    FeedbackGiven,
    Renaming,
    SurveyAnswered,
    TurnShape,
    WholeConversation,
)
from puls.api.problems import documented
from puls.bootstrap import Puls
from puls.errors import NotFoundError
from puls.monitoring import SURVEY_SCORES, THUMBS
from puls.ui.requests import KnownVisitor, TheMoment, ThePuls, limited

_REQUEST = Depends(limited("request"))
router = APIRouter(prefix="/v1", tags=["conversations"], dependencies=[_REQUEST])


@router.get(
    "/conversations",
    operation_id="conversations",
    summary="List my conversations",
    responses=documented(401, 422, 429),
)
async def conversations(
    visitor: KnownVisitor,
    puls: ThePuls,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> ConversationsShape:
    """The latest first; those past the retention time are gone."""
    stored = await puls.people.conversations.all(visitor.id, limit=limit)
    return ConversationsShape(conversations=[ConversationShape.of(each) for each in stored])


@router.get(
    "/conversations/{conversation_id}",
    operation_id="conversation",
    summary="Read one conversation",
    responses=documented(401, 404, 422, 429),
)
async def conversation(
    conversation_id: UUID, visitor: KnownVisitor, puls: ThePuls
) -> WholeConversation:
    """With its last 200 turns, oldest first."""
    stored, turns = await puls.people.conversations.conversation(visitor.id, conversation_id)
    return WholeConversation(
        conversation=ConversationShape.of(stored), turns=[TurnShape.of(turn) for turn in turns]
    )


@router.patch(
    "/conversations/{conversation_id}",
    operation_id="rename_conversation",
    summary="Give a conversation another title",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=documented(401, 404, 422, 429),
)
async def rename(
    conversation_id: UUID, renaming: Renaming, visitor: KnownVisitor, puls: ThePuls
) -> None:
    """The title begins as the first message."""
    await puls.people.conversations.rename(visitor.id, conversation_id, renaming.title)


@router.delete(
    "/conversations/{conversation_id}",
    operation_id="delete_conversation",
    summary="Delete a conversation",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=documented(401, 404, 422, 429),
)
async def delete(conversation_id: UUID, visitor: KnownVisitor, puls: ThePuls) -> None:
    """With its turns and thumbs, at once and for good."""
    await puls.people.conversations.delete(visitor.id, conversation_id)


@router.get(
    "/turns/{turn_id}",
    operation_id="turn",
    summary="Fetch a turn, for instance after a dropped connection",
    responses=documented(401, 404, 422, 429),
)
async def turn(
    turn_id: UUID,
    visitor: KnownVisitor,
    puls: ThePuls,
    wait_seconds: Annotated[
        float, Query(ge=0, le=10, description="how long to wait for a turn that is not finished")
    ] = 0.0,
) -> TurnShape:
    """As it is: `begun`, `finished` or `failed`."""
    stored = await puls.people.conversations.ended(
        visitor.id, turn_id, patience_seconds=wait_seconds
    )
    return TurnShape.of(stored)


@router.post(
    "/turns/{turn_id}/feedback",
    operation_id="feedback",
    summary="Say whether an answer, or an event in it, was good",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=documented(401, 404, 422, 429),
)
async def feedback(
    turn_id: UUID, given: FeedbackGiven, visitor: KnownVisitor, puls: ThePuls, now: TheMoment
) -> None:
    """The last thumb counts. Thumbs up for events of one kind become a preference, if that was agreed to."""
    await puls.people.conversations.rate(
        visitor.id,
        turn_id,
        thumb=given.thumb,
        reason=given.reason,
        reason_code=given.reason_code,
        uid=given.uid,
        category=await _category(given.uid, puls) if given.uid else None,
        now=now,
    )
    about = "event" if given.uid else "answer"
    THUMBS.labels(thumb=given.thumb, about=about, reason=given.reason_code or "").inc()
    if given.uid and given.thumb == "up":
        await puls.people.preferences.learn_from_likes(visitor.id, now=now)


@router.post(
    "/turns/{turn_id}/survey",
    operation_id="survey",
    summary="Say whether an outing was found",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=documented(401, 404, 422, 429),
)
async def survey(
    turn_id: UUID, given: SurveyAnswered, visitor: KnownVisitor, puls: ThePuls, now: TheMoment
) -> None:
    """The last answer counts; it is kept and erased with its turn."""
    await puls.people.conversations.answer_survey(
        visitor.id, turn_id, score=given.score, comment=given.comment, now=now
    )
    SURVEY_SCORES.observe(given.score)


async def _category(uid: str, puls: Puls) -> str | None:
    """What kind of event it is; None when the catalogue no longer knows it."""
    try:
        stored = await puls.catalogue.event(uid)
    except NotFoundError:
        return None
    return stored.event.category.value
