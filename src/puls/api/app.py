"""The HTTP application: the page, the API and what operators ask, around one open Puls.

Enter at `create_app`; `puls serve` runs it. Nothing here decides anything about events.
"""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime
from importlib import resources
from typing import Any

from fastapi import FastAPI
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import Route

from puls.api import chat, conversations, events, followed, me, openai_compat, operations
from puls.api.cross_origin import WidgetDoor
from puls.api.mcp import McpEndpoint
from puls.api.middleware import RequestEdge
from puls.api.operations import FactsReader
from puls.api.problems import Problem, add_error_handlers
from puls.bootstrap import Puls
from puls.monitoring import log
from puls.ui import event_page, pages, stream, visitor_pages, widget
from puls.ui.static_files import VersionedFiles, own_folder, package_folders

_TIME_LIMIT_SECONDS = 15.0
_WORTH_COMPRESSING = 1024  # bytes
_DESCRIPTION = """\
Cultural events in France, found by what people ask for. Times are ISO 8601 with an offset,
intervals half-open. Every failure is `application/problem+json` (RFC 9457) with a stable `code`.
Events come from their organisers: show the `attribution` wherever you show an event."""

Background = Callable[[Puls], Awaitable[None]]


def create_app(
    open_puls: Callable[[], AbstractAsyncContextManager[Puls]],
    *,
    background: Sequence[Background] = (),
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    time_limit_seconds: float = _TIME_LIMIT_SECONDS,
    widget_origins: Sequence[str] = (),
) -> FastAPI:
    """An application that opens Puls, works through `background` meanwhile, and closes both.

    `widget_origins`: the sites that may embed the assistant.
    """
    mcp = McpEndpoint()

    @contextlib.asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with open_puls() as puls, mcp.running(puls, clock=clock):
            app.state.puls = puls
            app.state.facts = FactsReader(puls)
            working = asyncio.create_task(_in_turn(background, puls))
            try:
                yield
            finally:
                working.cancel()
                await asyncio.gather(working, return_exceptions=True)

    app = FastAPI(
        title="Puls",
        version="1",
        summary="An event assistant for France",
        description=_DESCRIPTION,
        lifespan=lifespan,
        docs_url=None,  # they load scripts from a CDN
        redoc_url=None,
        redirect_slashes=False,
    )
    app.state.clock = clock
    app.include_router(events.router)
    app.include_router(chat.router)
    app.include_router(openai_compat.router)
    app.include_router(me.router)
    app.include_router(followed.router)
    app.include_router(conversations.router)
    app.include_router(operations.router)
    app.include_router(pages.router)
    app.include_router(visitor_pages.router)
    app.include_router(stream.router)
    app.include_router(event_page.router)
    app.include_router(widget.router)
    app.router.routes.append(Route("/mcp", endpoint=mcp, methods=["POST"], name="mcp"))
    for name, folder in package_folders().items():
        app.mount(f"/static/packages/{name}", VersionedFiles(directory=folder), name=name)
    app.mount("/static", VersionedFiles(directory=own_folder()), name="static")
    add_error_handlers(app)
    app.add_middleware(GZipMiddleware, minimum_size=_WORTH_COMPRESSING)
    app.add_middleware(WidgetDoor, origins=widget_origins)
    app.add_middleware(RequestEdge, time_limit_seconds=time_limit_seconds)
    app.openapi = lambda: _openapi(app)  # type: ignore[method-assign] # FastAPI's documented way to extend it
    return app


async def _in_turn(background: Sequence[Background], puls: Puls) -> None:
    """One after the other; work that fails is told and stops neither the next nor the page."""
    for work in background:
        try:
            await work(puls)
        except Exception:  # noqa: BLE001 # the edge of the task: nobody awaits it
            log.exception("background.failed", work=getattr(work, "__name__", str(work)))


def _openapi(app: FastAPI) -> dict[str, Any]:
    """FastAPI's document with the one shape of failures and with examples, nulls included."""
    if app.openapi_schema is not None:
        return app.openapi_schema
    document = FastAPI.openapi(app)
    schemas = document["components"]["schemas"]
    problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas |= problem.pop("$defs")
    schemas["Problem"] = problem
    examples = json.loads(resources.files("puls.api").joinpath("examples.json").read_bytes())
    for path, example in examples.items():
        success = document["paths"][path]["get"]["responses"]["200"]
        success["content"]["application/json"]["example"] = example
    return document
