"""What surrounds every request: its id, log line and metrics, time limit and security headers.

Pure ASGI and outside the framework's own error handling, so that even a failure nobody foresaw
leaves as a problem with an id. No text of a visitor is logged.
"""

import asyncio
import re
import time
import uuid

import structlog
from opentelemetry.trace import Span, Status, StatusCode
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from puls.api.problems import answer
from puls.monitoring import HTTP_ANSWERS, HTTP_REQUESTS, HTTP_SECONDS, Attribute, log, server_span

_SANE_REQUEST_ID = re.compile(r"[A-Za-z0-9._:-]{1,128}")
_KNOWN_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
_SERVER_ERROR = 500
_ROUTINE = {
    "/health/live",
    "/health/ready",
    "/metrics",
    "/static",
}  # asked every few seconds by machines
_SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; "
        "img-src 'self' https: data:; connect-src 'self'; form-action 'self'; "
        "manifest-src 'self'; worker-src 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "Permissions-Policy": "geolocation=(self), camera=(), microphone=(self), interest-cohort=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


class RequestEdge:
    """The outermost layer of the application."""

    def __init__(self, app: ASGIApp, *, time_limit_seconds: float) -> None:
        self._app = app
        self._time_limit_seconds = time_limit_seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = _request_id(Headers(scope=scope).get("x-request-id"))
        scope["puls.request_id"] = request_id
        began = time.perf_counter()
        limit = asyncio.timeout(self._time_limit_seconds)
        status = 0

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                if headers.get("content-type", "").startswith("text/event-stream"):
                    limit.reschedule(None)  # a stream has limits of its own
                headers["X-Request-ID"] = request_id
                for name, value in _SECURITY_HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        with (
            structlog.contextvars.bound_contextvars(request_id=request_id),
            server_span(_method(scope), Headers(scope=scope)) as current,
        ):
            try:
                failure = await self._within_limit(limit, scope, receive, send_with_headers)
                if failure is not None and status == 0:
                    await failure(scope, receive, send_with_headers)
            finally:
                _describe(current, scope, status)
                _report(scope, status=status, seconds=time.perf_counter() - began)

    async def _within_limit(
        self, limit: asyncio.Timeout, scope: Scope, receive: Receive, send: Send
    ) -> Response | None:
        """Run the application; the response to give instead when it fails or takes too long."""
        try:
            async with limit:
                await self._app(scope, receive, send)
        except TimeoutError:
            if not limit.expired():
                return _unexpected(scope)
            log.warning(
                "http.too_slow", route=_route(scope), limit_seconds=self._time_limit_seconds
            )
            return answer(
                Request(scope),
                status=503,
                code="too_slow",
                detail=f"No answer within {self._time_limit_seconds:g} s; try again in a moment.",
                headers={"Retry-After": "5"},
            )
        except Exception:  # noqa: BLE001 # the edge: logged, and told without internals
            return _unexpected(scope)
        return None


def _unexpected(scope: Scope) -> Response:
    log.exception("http.failed", route=_route(scope))
    return answer(
        Request(scope),
        status=500,
        code="internal_error",
        detail="Something went wrong on our side; it is recorded under this request id.",
    )


def _method(scope: Scope) -> str:
    return scope["method"] if scope["method"] in _KNOWN_METHODS else "OTHER"


def _describe(current: Span, scope: Scope, status: int) -> None:
    """The route is known only at the end, and names the span then."""
    route = _route(scope)
    current.update_name(f"{_method(scope)} {route}")
    current.set_attribute(Attribute.HTTP_ROUTE, route)
    current.set_attribute(Attribute.HTTP_STATUS, status)
    if status == 0 or status >= _SERVER_ERROR:
        current.set_status(Status(StatusCode.ERROR))


def _report(scope: Scope, *, status: int, seconds: float) -> None:
    method = _method(scope)
    route = _route(scope)
    HTTP_REQUESTS.labels(method=method, route=route, status=str(status)).inc()
    HTTP_SECONDS.labels(method=method, route=route).observe(seconds)
    is_routine = route in _ROUTINE or scope.get("puls.is_routine")
    if not is_routine and status:  # without a status whoever asked had left
        HTTP_ANSWERS.labels(f"{status // 100}xx").inc()
    tell = log.debug if is_routine else log.info
    tell(
        "http.request",
        method=method,
        route=route,
        status=status,
        milliseconds=round(seconds * 1000, 1),
    )


def _route(scope: Scope) -> str:
    """The template of the path, so that neither logs nor metrics grow with what visitors type."""
    path: str | None = getattr(scope.get("route"), "path", None)
    return path or scope.get("root_path") or "unmatched"  # a mount leaves its own path only


def _request_id(given: str | None) -> str:
    if given is not None and _SANE_REQUEST_ID.fullmatch(given):
        return given
    return str(uuid.uuid4())
