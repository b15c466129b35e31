"""OpenAI's chat completions over the same conversation: for Open WebUI, LibreChat, the `openai` client and what speaks it.

The client keeps the conversation and sends all of it each time; nothing of it is stored here. What Puls found is told in
the answer's text; the model's name is `puls`. Errors are problems as everywhere here, with OpenAI's `error` in them,
whose message its clients show.
"""

import json
import time
from collections.abc import AsyncIterator, Iterable, Iterator
from typing import Annotated, Any
from uuid import uuid4

from fastapi import APIRouter, Depends, Path, Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from puls.api.housekeeping import housekeeping_in
from puls.api.openai.shapes import (
    LONGEST_READ,
    MODEL,
    CompletionRequest,
    ModelCard,
    ModelList,
    as_far_as_read,
    usage_of,
)
from puls.api.problems import documented
from puls.conversation.turn import (
    Failed,
    Finished,
    Said,
    TextWritten,
    TurnEvent,
    TurnRequest,
    WishRead,
)
from puls.errors import InvalidInputError, NotFoundError, PulsError
from puls.ui.requests import KnownVisitor, TheMoment, ThePuls, count, needs
from puls.understanding.notices import Notice

_STREAM_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
_SPEAKERS = ("user",)
_INSTRUCTIONS = ("system", "developer")
_CUT = Notice(
    code="message_cut",
    fr=f"Message trop long : seuls ses {LONGEST_READ} derniers caractères ont été lus.",
    en=f"The message is too long: only its last {LONGEST_READ} characters were read.",
)

router = APIRouter(prefix="/v1", tags=["openai"])


class AnswerFailedError(PulsError):
    """The turn could not be answered."""

    code, status = "answer_failed", 503


@router.get(
    "/models",
    operation_id="models",
    summary="The models one may ask for",
    responses=documented(),
)
async def models() -> ModelList:
    """One: `puls`."""
    return ModelList()


@router.get(
    "/models/{model}",
    operation_id="model",
    summary="One model",
    responses=documented(404, 422),
)
async def model(model: Annotated[str, Path(max_length=200, examples=[MODEL])]) -> ModelCard:
    """`puls` is the only one."""
    if model != MODEL:
        raise NotFoundError(f"There is no model of that name; the one here is {MODEL!r}.")
    return ModelCard()


@router.post(
    "/chat/completions",
    operation_id="chat_completions",
    summary="OpenAI's chat completions, streamed or not",
    responses=documented(401, 403, 408, 413, 422, 429, 503),
    dependencies=[Depends(needs("chat"))],
)
async def completions(
    asked: CompletionRequest, request: Request, visitor: KnownVisitor, puls: ThePuls, now: TheMoment
) -> Response:
    """The last message of the user is answered; earlier ones make it a follow-up.

    What a client asks for itself (a title of the conversation, tags, next questions) is answered shortly, from the words
    that are there.
    """
    said = asked.said_by(*_SPEAKERS)
    if not said:
        raise InvalidInputError("The messages hold no text of a user.")
    chore = housekeeping_in(asked.said_by(*_INSTRUCTIONS), said, last=said[-1])
    await count(request, visitor, "request" if chore else "chat", puls=puls, now=now)
    if chore is not None:
        return _answered(asked, [chore.answer()], None)
    text, is_cut = as_far_as_read(said[-1])
    async with puls.assistant.pacing.admitted() as place:
        events = puls.assistant.converse(
            visitor,
            TurnRequest(
                text=text,
                request_id=uuid4(),
                timezone=puls.settings.timezone,
                is_kept=False,
                earlier=tuple(as_far_as_read(one)[0] for one in said[:-1]),
            ),
            place=place,
        )
        first = await anext(events)
    telling = _Telling(is_cut=is_cut)
    if asked.stream:
        return _streamed(_chunks(asked, telling, _after(first, events)))
    return await _whole(asked, telling, _after(first, events))


async def _after(first: TurnEvent, events: AsyncIterator[TurnEvent]) -> AsyncIterator[TurnEvent]:
    yield first
    async for event in events:
        yield event


class _Telling:
    """What a turn sends, as the text of an answer. Notices are in the language of the message."""

    def __init__(self, *, is_cut: bool) -> None:
        self._is_cut = is_cut
        self._is_english = False

    def text_of(self, event: TurnEvent) -> Iterator[str]:
        match event:
            case WishRead(understood=understood):
                self._is_english = understood.language == "en"
                if self._is_cut:
                    yield self._notice(_CUT)
            case TextWritten(text=text):
                yield text
            case Said(notice=notice):
                yield self._notice(notice)
            case _:
                pass

    def _notice(self, notice: Notice) -> str:
        return f"({notice.en if self._is_english else notice.fr})\n\n"

    def failure(self, failed: Failed) -> str:
        return failed.notice.en if self._is_english else failed.notice.fr


async def _whole(
    asked: CompletionRequest, telling: _Telling, events: AsyncIterator[TurnEvent]
) -> Response:
    text: list[str] = []
    async for event in events:
        text += telling.text_of(event)
        match event:
            case Failed():
                raise AnswerFailedError(telling.failure(event))
            case Finished():
                return _answered(asked, text, event)
            case _:
                pass
    raise AnswerFailedError("The answer broke off.")


def _answered(
    asked: CompletionRequest, pieces: Iterable[str], finished: Finished | None
) -> Response:
    """An answer that is known whole, in the form that was asked for."""
    if asked.stream:
        return _streamed(_known_chunks(asked, pieces))
    choice = {
        "index": 0,
        "message": {"role": "assistant", "content": "".join(pieces)},
        "finish_reason": "stop",
    }
    body = {"object": "chat.completion", "choices": [choice], "usage": usage_of(finished)}
    return JSONResponse(_head() | body)


def _streamed(chunks: AsyncIterator[bytes]) -> Response:
    return StreamingResponse(chunks, media_type="text/event-stream", headers=_STREAM_HEADERS)


async def _known_chunks(asked: CompletionRequest, pieces: Iterable[str]) -> AsyncIterator[bytes]:
    chunks = _Chunks(has_usage=asked.stream_options.include_usage)
    yield chunks.opening()
    for piece in pieces:
        yield chunks.line({"content": piece})
    for line in chunks.closing(None):
        yield line


async def _chunks(
    asked: CompletionRequest, telling: _Telling, events: AsyncIterator[TurnEvent]
) -> AsyncIterator[bytes]:
    chunks = _Chunks(has_usage=asked.stream_options.include_usage)
    yield chunks.opening()
    finished: Finished | None = None
    async for event in events:
        for piece in telling.text_of(event):
            yield chunks.line({"content": piece})
        if isinstance(event, Failed):
            yield chunks.line({"content": telling.failure(event)})
        finished = event if isinstance(event, Finished) else finished
    for line in chunks.closing(finished):
        yield line


class _Chunks:
    """One streamed answer, line by line."""

    def __init__(self, *, has_usage: bool) -> None:
        self._head = _head() | {"object": "chat.completion.chunk"}
        self._has_usage = has_usage

    def opening(self) -> bytes:
        return self.line({"role": "assistant", "content": ""})

    def line(self, delta: dict[str, str], finish_reason: str | None = None) -> bytes:
        choice = {"index": 0, "delta": delta, "finish_reason": finish_reason}
        return _data(self._head | {"choices": [choice]})

    def closing(self, finished: Finished | None) -> Iterator[bytes]:
        yield self.line({}, finish_reason="stop")
        if self._has_usage:
            yield _data(self._head | {"choices": [], "usage": usage_of(finished)})
        yield b"data: [DONE]\n\n"


def _head() -> dict[str, Any]:
    return {"id": f"chatcmpl-{uuid4().hex}", "created": int(time.time()), "model": MODEL}  # noqa: TID251 # OpenAI's field is Unix time


def _data(body: dict[str, Any]) -> bytes:
    return f"data: {json.dumps(body, ensure_ascii=False)}\n\n".encode()
