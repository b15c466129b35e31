"""OpenAI's chat completions over the same conversation: for Open WebUI, the `openai` client and whatever speaks it.

The client keeps the conversation and sends all of it each time; nothing of it is stored here. What Puls found is told in
the answer's text; the model's name is `puls`. Errors are problems as everywhere
here, whose text OpenAI's clients show.
"""

import json
import time
from collections.abc import AsyncIterator
from typing import Annotated, Any, Literal
from uuid import uuid4

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import JSONResponse, Response, StreamingResponse

from puls.api.problems import documented
from puls.conversation.turn import Failed, Finished, Said, TextWritten, TurnEvent, TurnRequest
from puls.errors import InvalidInputError, PulsError
from puls.ui.requests import KnownVisitor, ThePuls, limited, needs

MODEL = "puls"
_LONGEST_MESSAGE = 2_000  # characters that are read, as everywhere
_CREATED = 1_795_305_600  # 22 November 2026: when this model was first served

router = APIRouter(prefix="/v1", tags=["openai"])


class AnswerFailedError(PulsError):
    """The turn could not be answered."""

    code, status = "answer_failed", 503


class Part(BaseModel):
    """A piece of a message; only text is read."""

    model_config = ConfigDict(extra="allow")

    type: str
    text: str = ""


class ChatMessage(BaseModel):
    """One message. System messages and other roles are not read: Puls keeps its own instructions."""

    model_config = ConfigDict(extra="allow")

    role: str
    content: str | list[Part] | None = None

    @property
    def words(self) -> str:
        if isinstance(self.content, list):
            return " ".join(part.text for part in self.content if part.type == "text")
        return self.content or ""


class StreamOptions(BaseModel):
    """Whether the stream ends with a chunk of usage."""

    model_config = ConfigDict(extra="allow")

    include_usage: bool = False


class CompletionRequest(BaseModel):
    """What is read of OpenAI's request; settings of a model (temperature…) change nothing."""

    model_config = ConfigDict(extra="allow")

    messages: Annotated[list[ChatMessage], Field(min_length=1, max_length=1_000)]
    model: str = MODEL
    stream: bool = False
    stream_options: StreamOptions | None = None


class ModelCard(BaseModel):
    """The one model that Puls offers."""

    id: str = MODEL
    object: Literal["model"] = "model"
    created: int = _CREATED
    owned_by: str = "puls"


class ModelList(BaseModel):
    """What `GET /v1/models` answers."""

    object: Literal["list"] = "list"
    data: list[ModelCard] = [ModelCard()]


@router.get(
    "/models",
    operation_id="models",
    summary="The models one may ask for",
    responses=documented(),
)
async def models() -> ModelList:
    """One: `puls`."""
    return ModelList()


@router.post(
    "/chat/completions",
    operation_id="chat_completions",
    summary="OpenAI's chat completions, streamed or not",
    responses=documented(401, 403, 422, 429, 503),
    dependencies=[Depends(needs("chat")), Depends(limited("chat"))],
)
async def completions(request: CompletionRequest, visitor: KnownVisitor, puls: ThePuls) -> Response:
    """The last message of the user is answered; earlier ones make it a follow-up."""
    said = [message.words.strip() for message in request.messages if message.role == "user"]
    said = [words[:_LONGEST_MESSAGE] for words in said if words]
    if not said:
        raise InvalidInputError("The messages hold no text of a user.")
    events = puls.assistant.converse(
        visitor,
        TurnRequest(
            text=said[-1],
            request_id=uuid4(),
            timezone=puls.settings.timezone,
            is_kept=False,
            earlier=tuple(said[:-1]),
        ),
    )
    head = {"id": f"chatcmpl-{uuid4().hex}", "created": int(time.time()), "model": MODEL}  # noqa: TID251 # OpenAI's field is Unix time
    if request.stream:
        has_usage = request.stream_options is not None and request.stream_options.include_usage
        chunks = _chunks(events, head, has_usage=has_usage)
        return StreamingResponse(
            chunks, media_type="text/event-stream", headers={"Cache-Control": "no-store"}
        )
    return await _whole(events, head)


async def _whole(events: AsyncIterator[TurnEvent], head: dict[str, Any]) -> Response:
    text: list[str] = []
    async for event in events:
        match event:
            case TextWritten(text=piece):
                text.append(piece)
            case Said(notice=notice):
                text.append(f"({notice.fr})\n\n")
            case Failed(notice=notice):
                raise AnswerFailedError(notice.en)
            case Finished():
                choice = {
                    "index": 0,
                    "message": {"role": "assistant", "content": "".join(text)},
                    "finish_reason": "stop",
                }
                body = {"object": "chat.completion", "choices": [choice], "usage": _usage(event)}
                return JSONResponse(head | body)
            case _:
                pass
    raise AnswerFailedError("The answer broke off.")


async def _chunks(
    events: AsyncIterator[TurnEvent], head: dict[str, Any], *, has_usage: bool
) -> AsyncIterator[bytes]:
    head = head | {"object": "chat.completion.chunk"}
    yield _line(head, {"role": "assistant", "content": ""})
    async for event in events:
        match event:
            case TextWritten(text=piece):
                yield _line(head, {"content": piece})
            case Said(notice=notice):
                yield _line(head, {"content": f"({notice.fr})\n\n"})
            case Failed(notice=notice):
                yield _line(head, {"content": notice.fr})
                yield _line(head, {}, finish_reason="stop")
            case Finished():
                yield _line(head, {}, finish_reason="stop")
                if has_usage:
                    yield _data(head | {"choices": [], "usage": _usage(event)})
            case _:
                pass
    yield b"data: [DONE]\n\n"


def _line(head: dict[str, Any], delta: dict[str, str], finish_reason: str | None = None) -> bytes:
    choice = {"index": 0, "delta": delta, "finish_reason": finish_reason}
    return _data(head | {"choices": [choice]})


def _data(body: dict[str, Any]) -> bytes:
    return f"data: {json.dumps(body, ensure_ascii=False)}\n\n".encode()


def _usage(finished: Finished) -> dict[str, int]:
    """Tokens of the model behind; none when the composer wrote."""
    used = finished.usage
    tokens_in, tokens_out = (used.tokens_in, used.tokens_out) if used else (0, 0)
    return {
        "prompt_tokens": tokens_in,
        "completion_tokens": tokens_out,
        "total_tokens": tokens_in + tokens_out,
    }
