"""`POST /v1/chat`: a message in, server-sent events out. A dropped connection loses nothing: the turn goes on.

`wish`, then `events`, then `web_step`s and `web` where it looks on the web, then `token` as often as needed, and `done` or
`error` at the end; `notice` in between.
"""

from collections.abc import AsyncIterator
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path
from starlette.responses import Response, StreamingResponse

from puls.api.chat_shapes import ChatRequest, shape_of
from puls.api.problems import documented
from puls.conversation.turn import TurnEvent
from puls.ui.requests import (
    KnownVisitor,
    ThePlace,
    ThePuls,
    TheVisitor,
    limited,
    needs,
    turn_place,
)

router = APIRouter(prefix="/v1", tags=["conversations"])

_STREAM = "text/event-stream"
_EVENT = {
    "type": "object",
    "properties": {"event": {"type": "string"}, "data": {"type": "string"}},
    "required": ["event", "data"],
    "description": "one server-sent event; `data` is JSON",
}
_NOT_KEPT = {
    "Cache-Control": "no-store",
    "X-Accel-Buffering": "no",
}  # proxies must not hold it back


@router.post(
    "/chat",
    operation_id="chat",
    summary="Say something; the answer streams",
    response_class=StreamingResponse,
    responses={
        200: {
            "description": "server-sent events: wish, events, web_step… and web where it looks, token…, done or error; notice in between",
            "content": {_STREAM: {"schema": _EVENT}},
        },
        **documented(401, 403, 404, 422, 429),
    },
    dependencies=[Depends(turn_place), Depends(needs("chat")), Depends(limited("chat"))],
)
async def chat(
    request: ChatRequest, visitor: TheVisitor, puls: ThePuls, place: ThePlace, cookies: Response
) -> StreamingResponse:
    """Events come before words; every sentence was checked against the events' records.

    Sending the same `request_id` again gives the same turn from its beginning.
    """
    events = puls.assistant.converse(visitor, request.request(), place=place)
    first = await anext(events)  # a conversation that does not exist is a problem, not a stream
    lines = _lines(first, events, timezone=request.timezone)
    answer = StreamingResponse(lines, media_type=_STREAM, headers=_NOT_KEPT)
    for cookie in cookies.headers.getlist("set-cookie"):
        answer.headers.append("set-cookie", cookie)
    return answer


@router.post(
    "/turns/{turn_id}/stop",
    operation_id="stop_turn",
    summary="Stop an answer that is being written",
    status_code=204,
    responses=documented(401, 422, 429),
    dependencies=[Depends(limited("request"))],
)
async def stop(turn_id: Annotated[UUID, Path()], visitor: KnownVisitor, puls: ThePuls) -> Response:
    """Whichever replica answers it, within a second. What was written so far is kept; a turn that has ended stays as it is."""
    await puls.assistant.stop(visitor.id, turn_id)
    return Response(status_code=204)


async def _lines(
    first: TurnEvent, events: AsyncIterator[TurnEvent], *, timezone: str
) -> AsyncIterator[bytes]:
    yield line_of(first, timezone=timezone)
    async for event in events:
        yield line_of(event, timezone=timezone)


def line_of(event: TurnEvent, *, timezone: str) -> bytes:
    """One event as the protocol writes it: https://html.spec.whatwg.org/multipage/server-sent-events.html."""
    name, shape = shape_of(event, timezone=timezone)
    return f"event: {name}\ndata: {shape.model_dump_json()}\n\n".encode()
