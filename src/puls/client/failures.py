"""How a request can fail, each with a sentence; what a server says in problem+json (RFC 9457) is kept whole."""

import math
from collections.abc import Mapping
from typing import Any


class PulsClientError(Exception):
    """A request that gave no answer; the message says what is true now."""


class UnreachableError(PulsClientError):
    """No server answered at that address in time; nothing is known to have been done."""


class UnreadableAnswerError(PulsClientError):
    """What answers there sends too much, too slowly, or packed otherwise than asked; it is no Puls, or not alone."""


class ConnectionLostError(PulsClientError):
    """A chat stopped before its end.

    The server finishes and keeps the turn: ask again with the same `request_id` and it is not done twice.
    `text` is what had arrived.
    """

    def __init__(
        self, message: str, *, request_id: str, conversation_id: str | None, text: str
    ) -> None:
        super().__init__(message)
        self.request_id = request_id
        self.conversation_id = conversation_id
        self.text = text


class TurnFailedError(PulsClientError):
    """The server ended a turn without an answer; `code` is the stable name, `fr` and `en` say it to a visitor."""

    def __init__(self, *, code: str, fr: str, en: str) -> None:
        super().__init__(en or fr or f"The turn failed: {code}.")
        self.code = code
        self.fr = fr
        self.en = en


class ProblemError(PulsClientError):
    """The server answered with a failure.

    `code` is its stable name, `request_id` finds it in the server's logs, `fields` are those that could not be read,
    `retry_after_seconds` is how long to wait when the server says so.
    """

    def __init__(
        self,
        detail: str,
        *,
        status: int,
        code: str,
        request_id: str | None = None,
        retry_after_seconds: float | None = None,
        fields: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.request_id = request_id
        self.retry_after_seconds = retry_after_seconds
        self.fields = dict(fields or {})


class InvalidRequestError(ProblemError):
    """The request cannot be read; nothing was done."""


class NotAllowedError(ProblemError):
    """The key is missing, unknown or may not do this."""


class NotFoundError(ProblemError):
    """Nothing has that name."""


class TooManyRequestsError(ProblemError):
    """Too many requests; wait for `retry_after_seconds`."""


class ServerFailedError(ProblemError):
    """The server, or something before it, failed; trying again later may help."""


_KINDS: Mapping[int, type[ProblemError]] = {
    401: NotAllowedError,
    403: NotAllowedError,
    404: NotFoundError,
    429: TooManyRequestsError,
}
_LOWEST_SERVER_FAILURE = 500


def problem_of(status: int, headers: Mapping[str, str], body: Any) -> ProblemError:
    """The failure in a response; `body` is its JSON when it has one (a proxy's page has none)."""
    said: Mapping[str, Any] = body if isinstance(body, dict) else {}
    if status >= _LOWEST_SERVER_FAILURE:
        kind: type[ProblemError] = ServerFailedError
    else:
        kind = _KINDS.get(status, InvalidRequestError)
    errors = said.get("errors")
    fields = {
        str(one.get("field")): str(one.get("message"))
        for one in (errors if isinstance(errors, list) else [])
        if isinstance(one, dict)
    }
    return kind(
        str(said.get("detail") or f"The server answered {status} without a reason."),
        status=status,
        code=str(said.get("code") or "unknown"),
        request_id=said.get("request_id") or headers.get("x-request-id"),
        retry_after_seconds=_seconds(headers.get("retry-after")),
        fields=fields,
    )


def _seconds(retry_after: str | None) -> float | None:
    try:
        seconds = float(retry_after) if retry_after else math.nan
    except ValueError:  # a date: rare, and a guess without the server's clock
        return None
    return seconds if math.isfinite(seconds) and seconds >= 0 else None
