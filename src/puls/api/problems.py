"""Every failure as a sentence: RFC 9457 problem+json for programs, a page for people.

The one place that turns errors into HTTP. A problem never shows internals; the log does.
"""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from puls.errors import (
    DatabaseUnavailableError,
    OverloadedError,
    PulsError,
    RateLimitedError,
    UnauthorizedError,
)
from puls.returning.letters import AskedTooOftenError
from puls.ui.pages import error_page, wants_a_page

PROBLEM_MEDIA_TYPE = "application/problem+json"
_OPENAI = ("/v1/chat/completions", "/v1/models")
_SERVER_ERROR = 500
_OPENAI_TYPES: Mapping[int, str] = {
    401: "authentication_error",
    403: "permission_error",
    429: "rate_limit_error",
}
_OPENAI_CODES: Mapping[int, str] = {
    401: "invalid_api_key",
    404: "model_not_found",
    429: "rate_limit_exceeded",
}
_MENDED = {  # what to do, where the status alone does not tell
    HTTPStatus.NOT_FOUND: "There is nothing at this address; see /openapi.json for what there is.",
    HTTPStatus.METHOD_NOT_ALLOWED: "This address does not take that method; see the Allow header.",
}


class FieldProblem(BaseModel):
    """One field that could not be read, and why."""

    field: str = Field(description="where it was given and its name", examples=["query.limit"])
    message: str = Field(examples=["Input should be less than or equal to 50"])


class OpenAIError(BaseModel):
    """A failure as OpenAI's clients read and show it."""

    message: str
    type: str = Field(examples=["invalid_request_error"])
    param: str | None = None
    code: str | None = None


class Problem(BaseModel):
    """A failure (RFC 9457): what is true now, for programs (`code`) and for people (`detail`)."""

    type: str = Field(
        description="a URI of the kind of problem", examples=["urn:puls:problem:not_found"]
    )
    title: str = Field(examples=["Not Found"])
    status: int = Field(examples=[404])
    detail: str = Field(examples=["No event has the uid '0'."])
    code: str = Field(description="stable machine name", examples=["not_found"])
    instance: str = Field(description="the path that was asked", examples=["/v1/events/0"])
    request_id: str = Field(description="quote it when asking for help; it is in the logs")
    errors: list[FieldProblem] | None = Field(
        default=None, description="the fields, when it is about them"
    )
    error: OpenAIError | None = Field(
        default=None,
        description="the same for OpenAI's clients, at the addresses that speak as it does",
    )


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The `responses=` of an operation that may fail so; any may fail with 500 and 503."""
    return {
        status: {
            "description": HTTPStatus(status).phrase,
            "content": {PROBLEM_MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
        for status in (*statuses, 500, 503)
    }


def problem_response(
    *,
    status: int,
    code: str,
    detail: str,
    path: str,
    request_id: str,
    errors: Sequence[FieldProblem] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    problem = Problem(
        type=f"urn:puls:problem:{code}",
        title=HTTPStatus(status).phrase,
        status=status,
        detail=detail,
        code=code,
        instance=path,
        request_id=request_id,
        errors=None if errors is None else list(errors),
        error=_for_openai(status, code, detail, errors) if path.startswith(_OPENAI) else None,
    )
    return JSONResponse(
        problem.model_dump(exclude_none=True),
        status_code=status,
        headers=headers,
        media_type=PROBLEM_MEDIA_TYPE,
    )


def _for_openai(
    status: int, code: str, detail: str, errors: Sequence[FieldProblem] | None
) -> OpenAIError:
    said = "; ".join(f"{one.field}: {one.message}" for one in errors or ())
    return OpenAIError(
        message=f"{detail} {said}.".rstrip(" .") + "." if said else detail,
        type=_OPENAI_TYPES.get(
            status, "server_error" if status >= _SERVER_ERROR else "invalid_request_error"
        ),
        param=errors[0].field.removeprefix("body.") if errors else None,
        code=_OPENAI_CODES.get(status, code),
    )


def add_error_handlers(app: FastAPI) -> None:
    """Translate what Puls knows by name, what cannot be read, and addresses that do not exist."""

    async def known(request: Request, error: Exception) -> Response:
        assert isinstance(error, PulsError)
        return answer(
            request,
            status=error.status,
            code=error.code,
            detail=str(error),
            headers=headers_of(error),
        )

    async def unreadable(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        errors = [
            FieldProblem(field=".".join(map(str, one["loc"])), message=one["msg"])
            for one in error.errors()
        ]
        names = ", ".join(dict.fromkeys(one.field.rsplit(".", 1)[-1] for one in errors))
        return answer(
            request,
            status=422,
            code="invalid_input",
            detail=f"This cannot be read: {names}. Nothing was done.",
            errors=errors,
        )

    async def http(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        status = HTTPStatus(error.status_code)
        if status is HTTPStatus.BAD_REQUEST:  # the framework's word for a body that is no JSON
            return answer(
                request,
                status=HTTPStatus.UNPROCESSABLE_ENTITY,
                code="invalid_input",
                detail="The body cannot be read as JSON. Nothing was done.",
            )
        headers = dict(error.headers or {})
        if status is HTTPStatus.METHOD_NOT_ALLOWED:
            headers["Allow"] = ", ".join(
                sorted(_methods_at(request, (error.headers or {}).get("Allow", "")))
            )
        return answer(
            request,
            status=status,
            code=status.name.lower(),
            detail=_MENDED.get(status, str(error.detail)),
            headers=headers,
        )

    app.add_exception_handler(PulsError, known)
    app.add_exception_handler(RequestValidationError, unreadable)
    app.add_exception_handler(HTTPException, http)


def headers_of(error: PulsError) -> Mapping[str, str] | None:
    """What HTTP wants beside some failures."""
    match error:
        case (
            RateLimitedError()
            | OverloadedError()
            | DatabaseUnavailableError()
            | AskedTooOftenError()
        ):
            return {"Retry-After": str(error.retry_after_seconds)}
        case UnauthorizedError():
            return {"WWW-Authenticate": 'Bearer realm="puls"'}
        case _:
            return None


def answer(
    request: Request,
    *,
    status: int,
    code: str,
    detail: str,
    errors: Sequence[FieldProblem] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """The failure in the form this request can read."""
    request_id = request.scope.get("puls.request_id", "")
    if wants_a_page(request):
        return error_page(request, status=status, request_id=request_id, headers=headers)
    return problem_response(
        status=status,
        code=code,
        detail=detail,
        path=request.scope["path"],
        request_id=request_id,
        errors=errors,
        headers=headers,
    )


def _methods_at(request: Request, said: str) -> set[str]:
    """What this address takes: what the refusing route says, and what is documented of others at the same path."""
    path = getattr(request.scope.get("route"), "path", "")
    documented_there = request.app.openapi()["paths"].get(path, {})
    methods = {method.strip() for method in said.split(",") if method.strip()} | {
        method.upper() for method in documented_there
    }
    return methods | {"HEAD"} if "GET" in methods else methods
