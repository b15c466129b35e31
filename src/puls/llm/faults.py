"""What the errors of provider libraries mean. Pure.

Errors are told by the names of their classes: langchain-mistralai speaks through httpx, openai through httpx2, a fork
whose classes have the same names and no common base; importing all of them would cost seconds at every start.
"""

from collections.abc import Iterator, Mapping
from email.utils import parsedate_to_datetime
from http import HTTPStatus

from puls.llm.chat import Fault, ModelFaultError

_LONG_SECONDS = 3600.0  # « later », when the provider says it in a way that cannot be read
_DENIED = {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND}


def fault_from(error: Exception) -> ModelFaultError:
    """The fault that an exception of a provider's library stands for."""
    causes = list(_causes(error))
    for cause in causes:
        if isinstance(cause, ModelFaultError):
            return cause
        response = getattr(cause, "response", None)
        status = getattr(response, "status_code", None)
        if isinstance(status, int) and status != HTTPStatus.OK:
            return _from_status(status, getattr(response, "headers", {}))
    kinds = {kind.__name__ for cause in causes for kind in type(cause).__mro__}
    if kinds & {"ConnectError", "ConnectTimeout", "UnsupportedProtocol"}:
        fault = Fault.UNREACHABLE
    elif "SSEError" in kinds:
        fault = Fault.ERROR_BODY
    elif kinds & {"TransportError", "APIConnectionError"}:
        fault = Fault.CLOSED_EARLY
    elif "APIError" in kinds:
        fault = Fault.ERROR_BODY
    else:
        fault = Fault.GARBAGE
    return ModelFaultError(fault, type(error).__name__)


def _causes(error: BaseException) -> Iterator[BaseException]:
    cause: BaseException | None = error
    while cause is not None:
        yield cause
        cause = cause.__cause__


def _from_status(status: int, headers: Mapping[str, str]) -> ModelFaultError:
    detail = f"HTTP {status}"
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return ModelFaultError(
            Fault.RATE_LIMITED, detail, retry_after_seconds=_retry_after(headers)
        )
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return ModelFaultError(
            Fault.SERVER_ERROR, detail, retry_after_seconds=_retry_after(headers)
        )
    return ModelFaultError(Fault.DENIED if status in _DENIED else Fault.REJECTED, detail)


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds; a date counts from the provider's own clock."""
    said = headers.get("retry-after")
    if said is None:
        return None
    try:
        return max(float(said), 0.0)
    except ValueError:
        pass
    try:
        wait = parsedate_to_datetime(said) - parsedate_to_datetime(headers["date"])
    except (ValueError, KeyError, TypeError):
        return _LONG_SECONDS
    return max(wait.total_seconds(), 0.0)
