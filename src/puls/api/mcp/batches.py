"""Several JSON-RPC messages in one body, as the protocol had them in 2025-03-26: each is answered as if it came alone.

Enter at `batch_in` and `answered_one_by_one`; `names_one_of` tells what kind of work a body asks for.
"""

import json
from collections.abc import Awaitable, Callable, Collection
from typing import Any

from starlette.responses import JSONResponse, Response
from starlette.types import Message, Receive, Scope, Send

MOST_MESSAGES = 20
_INVALID = -32_600  # JSON-RPC: not a request
_ACCEPTED = 202

Handle = Callable[[Scope, Receive, Send], Awaitable[None]]


def batch_in(body: bytes) -> list[Any] | None:
    """The messages of a batch; None when the body is something else, which is for the server to judge."""
    if not body.lstrip().startswith(b"["):
        return None
    try:
        messages = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return messages if isinstance(messages, list) else None


def names_one_of(tools: Collection[str], body: bytes) -> bool:
    """Whether a message of the body names one of these tools."""
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return False
    for message in said if isinstance(said, list) else [said]:
        parameters = message.get("params") if isinstance(message, dict) else None
        if isinstance(parameters, dict) and str(parameters.get("name")) in tools:
            return True
    return False


async def answered_one_by_one(scope: Scope, messages: list[Any], handle: Handle) -> Response:
    """The answers of those that want one, in their order; nothing when none does."""
    if not messages or len(messages) > MOST_MESSAGES:
        return JSONResponse(
            _refusal(f"A batch holds 1 to {MOST_MESSAGES} messages."), status_code=400
        )
    answers = [
        answer
        for message in messages
        if (answer := await _answer(scope, message, handle)) is not None
    ]
    return JSONResponse(answers) if answers else Response(status_code=_ACCEPTED)


async def _answer(scope: Scope, message: Any, handle: Handle) -> Any:
    if not isinstance(message, dict):
        return _refusal("Each message of a batch is an object.")
    body = json.dumps(message).encode()
    pieces: list[bytes] = []

    async def collect(sent: Message) -> None:
        if sent["type"] == "http.response.body":
            pieces.append(sent.get("body", b""))

    headers = [pair for pair in scope["headers"] if pair[0] != b"content-length"]
    alone = {**scope, "headers": [*headers, (b"content-length", str(len(body)).encode())]}
    await handle(alone, whole(body), collect)
    try:
        return json.loads(b"".join(pieces))
    except ValueError:  # a notification: there is nothing to say
        return None


def whole(body: bytes) -> Receive:
    """A body that has arrived; asked again, the client has left."""
    messages: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> Message:
        return messages.pop() if messages else {"type": "http.disconnect"}

    return receive


def _refusal(sentence: str) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "id": None, "error": {"code": _INVALID, "message": sentence}}
